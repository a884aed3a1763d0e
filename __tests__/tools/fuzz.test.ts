import { FORMATS } from "../../review/render/render";
import * as cli from "../../review/cli/main";
import { faultOf } from "../../tools/fuzz/fault";
import { resultOf } from "../../tools/fuzz/fuzz";
import { mutationOf } from "../../tools/fuzz/mutation";

jest.mock("../../review/cli/main", () => {
  const actual = jest.requireActual<typeof cli>("../../review/cli/main");
  return { main: jest.fn(actual.main) };
});

test("the review of 40 plans with random changes has no fault", () => {
  const results = Array.from({ length: 40 }, (_, seed) => resultOf(seed));
  expect(results.filter(({ fault }) => fault !== undefined)).toStrictEqual([]);
  expect(new Set(results.map(({ format }) => format))).toStrictEqual(new Set(FORMATS));
});

test("mutationOf makes the same changes for the same seed, also within policies", () => {
  const plan = JSON.stringify({ a: { b: "c", policy: JSON.stringify({ Statement: [{ Sid: "d" }] }) } });
  const texts = Array.from({ length: 50 }, (_, seed) => mutationOf(plan, seed).text);
  expect(texts).toStrictEqual(Array.from({ length: 50 }, (_, seed) => mutationOf(plan, seed).text));
  expect(new Set(texts).size).toBeGreaterThan(30);
  // Some changes are in the policy, which stays a text.
  expect(texts.some((text) => text.includes('\\"Statement\\"') && !text.includes('\\"d\\"'))).toBe(true);
});

test("mutationOf also changes the text of a plan: it cuts, repeats and breaks JSON", () => {
  const texts = Array.from({ length: 300 }, (_, seed) => mutationOf('{"a":{"b":[1,2,3]}}', seed));
  const changed = texts.filter(({ changes }) => changes.at(-1)!.endsWith(" the text"));
  expect(new Set(changed.map(({ changes }) => changes.at(-1)))).toStrictEqual(
    new Set(["cut the text", "insertIn the text", "repeat the text", "repeatAMemberOf the text"]),
  );
  expect(texts.length / changed.length).toBeGreaterThan(5);
});

test("faultOf reviews a plan with more options", () => {
  expect(faultOf("{}", "text", ["--forbid", "*"])).toBeUndefined();
  expect(jest.mocked(cli.main).mock.lastCall![0]).toStrictEqual(["--format", "text", "--forbid", "*", "plan.json"]);
});

test.each<[string, number, string, string, RegExp]>([
  ["the exit status 3", 3, "report", "", /status is 3/],
  ["a TypeError in the error output", 2, "", "the review failed: TypeError", /TypeError/],
  ["status 1 with an empty report", 1, "", "", /output has 0 characters/],
  ["a terminal escape sequence", 0, "a\u001b[2J", "", /\\u001b/],
  ["a character that turns the direction of text", 0, "a\u202e", "", /\u202e/],
  ["a CI command at the start of a line", 1, "a\n  ::error::b", "", /::/],
  ["a CI command in the error output", 2, "", "a ##[error]b", /##\[/],
])("faultOf finds %s in a review", (_, status, output, error, fault) => {
  jest.mocked(cli.main).mockImplementationOnce(() => {
    process.stdout.write(output);
    console.error(error);
    return status;
  });
  expect(faultOf("{}", "text")).toMatch(fault);
});
