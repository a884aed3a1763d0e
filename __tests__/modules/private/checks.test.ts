import { inspect } from "node:util";
import { Lazy, Token } from "cdktf";
import {
  checkAfter,
  checkAll,
  checkAtMost,
  checkGivenOnlyWith,
  checkNotBoth,
  checkNotEmpty,
  checkObject,
  checkPlace,
  fail,
  PropError,
  PropErrors,
} from "../../../modules/private/checks";

const token = (text: string): string => Lazy.stringValue({ produce: () => text });

interface Pair {
  readonly one?: string;
  readonly other?: string;
}
interface Times {
  readonly end?: string;
  readonly start?: string;
}

const ODD = new PropError("Stack/Key", "rotationPeriodInDays", "be at least 90", "7");
const EMPTY = new PropError("Stack/Key", "alias", "not be empty", '""');

/** A check that throws an error. */
function failing(error: Error): () => void {
  return () => {
    throw error;
  };
}

function errorOf(run: () => void): unknown {
  try {
    run();
    return undefined;
  } catch (error) {
    return error;
  }
}

describe("PropError", () => {
  test("has a message with place, prop, rule and value, and a property for each of these", () => {
    const { got, message, must, prop } = ODD;
    expect(message).toBe("[Stack/Key] 'rotationPeriodInDays' must be at least 90, got: 7");
    expect({ got, must, prop }).toStrictEqual({ got: "7", must: "be at least 90", prop: "rotationPeriodInDays" });
  });
});

describe("checkAll", () => {
  test("throws nothing if all checks pass", () => {
    expect(errorOf(() => checkAll(() => undefined))).toBeUndefined();
  });

  test("throws the error itself if only one check throws", () => {
    expect(errorOf(() => checkAll(() => undefined, failing(ODD)))).toBe(ODD);
  });

  test("throws one error for several errors, with a line for each", () => {
    const error = errorOf(() => checkAll(failing(ODD), failing(EMPTY)));
    expect(error).toBeInstanceOf(PropErrors);
    const { message, propErrors } = error as PropErrors;
    expect(propErrors).toStrictEqual([ODD, EMPTY]);
    expect(message).toBe(`${ODD.message}\n${EMPTY.message}`);
  });

  test("throws an error that Node.js prints without a copy of the message", () => {
    const error = errorOf(() => checkAll(failing(ODD), failing(EMPTY)));
    expect(inspect(error).split("rotationPeriodInDays")).toHaveLength(2);
    expect(inspect(ODD).split("rotationPeriodInDays")).toHaveLength(2);
  });
});

describe("a check accepts a value at its limit, and refuses the next value:", () => {
  const PLACE = { accountId: "111122223333", partition: "aws", region: "us-east-1" };
  const arn = (changes: object): string => {
    const { accountId, partition, region } = { ...PLACE, ...changes };
    return `arn:${partition}:sns:${region}:${accountId}:topic`;
  };
  test.each<[string, () => void, () => void, string]>([
    [
      "checkAtMost",
      () => checkAtMost("Test", "ids", ["a", "b"], 2, "items"),
      () => checkAtMost("Test", "ids", ["a", "b", "c"], 2, "items"),
      "'ids' must name at most 2 items, got: 3 items",
    ],
    [
      "checkNotEmpty",
      () => checkNotEmpty("Test", "ids", ["a"], "item"),
      () => checkNotEmpty("Test", "ids", [], "item"),
      "'ids' must name at least one item, got: []",
    ],
    [
      "checkAfter",
      () => checkAfter("Test", { end: "2026-12-01T00:00:01Z", start: "2026-12-01T00:00:00Z" }, "end", "start"),
      () => checkAfter("Test", { end: "2026-12-01T00:00:00Z", start: "2026-12-01T00:00:00Z" }, "end", "start"),
      "'end' must be after 'start', 2026-12-01T00:00:00Z, got: 2026-12-01T00:00:00Z",
    ],
    [
      "checkNotBoth",
      () => checkNotBoth<Pair>("Test", { one: "a" }, "one", "other", "reason"),
      () => checkNotBoth<Pair>("Test", { one: "a", other: "" }, "one", "other", "reason"),
      "'one' must not be combined with 'other': reason, got: a",
    ],
    [
      "checkGivenOnlyWith",
      () => checkGivenOnlyWith<Pair>("Test", { one: "a", other: "" }, "one", "other"),
      () => checkGivenOnlyWith<Pair>("Test", { one: "" }, "one", "other"),
      "'one' must be given only with 'other', got: \"\"",
    ],
    [
      "checkPlace, of the account,",
      () => checkPlace("Test", "arn", arn({ accountId: "aws" }), PLACE),
      () => checkPlace("Test", "arn", arn({ accountId: "444455556666" }), PLACE),
      "'arn' must be of the account 111122223333, got: arn:aws:sns:us-east-1:444455556666:topic",
    ],
    [
      "checkPlace, of the partition,",
      () => checkPlace("Test", "arn", arn({}), PLACE),
      () => checkPlace("Test", "arn", arn({ partition: "aws-cn" }), PLACE),
      "'arn' must be of the partition aws, got: arn:aws-cn:sns:us-east-1:111122223333:topic",
    ],
    [
      "checkPlace, of the Region,",
      () => checkPlace("Test", "arn", arn({ region: "eu-west-1" }), { ...PLACE, region: undefined }),
      () => checkPlace("Test", "arn", arn({ region: "eu-west-1" }), PLACE),
      "'arn' must be of the Region us-east-1, got: arn:aws:sns:eu-west-1:111122223333:topic",
    ],
    [
      "checkObject",
      () => checkObject("Test", "it", { a: 1, b: 2 }, "have both", "a", "b"),
      () => checkObject("Test", "it", { a: 1 }, "have both", "a", "b"),
      `'it' must have both, got: {"a":1}`,
    ],
  ])("%s", (_, accepted, refused, message) => {
    expect(accepted).not.toThrow();
    expect(refused).toThrow(new Error(`[Test] ${message}`));
  });

  test.each<[string, () => void]>([
    ["checkAtMost", () => checkAtMost("Test", "ids", Token.asList("ids"), 0, "items")],
    ["checkAtMost without a list", () => checkAtMost("Test", "ids", undefined, 0, "items")],
    ["checkNotEmpty without a list", () => checkNotEmpty("Test", "ids", undefined, "item")],
    ["checkAfter of the end", () => checkAfter("Test", { end: token("end"), start: "b" }, "end", "start")],
    ["checkAfter of the start", () => checkAfter("Test", { end: "a", start: token("start") }, "end", "start")],
    ["checkAfter without a start", () => checkAfter<Times>("Test", { end: "a" }, "end", "start")],
    ["checkAfter without an end", () => checkAfter<Times>("Test", { start: "a" }, "end", "start")],
    ["checkPlace of an unknown place", () => checkPlace("Test", "arn", arn({}), {})],
    ["checkPlace without an ARN", () => checkPlace("Test", "arn", undefined, PLACE)],
    [
      "checkPlace of tokens",
      () => {
        const [accountId, partition, region] = [1, 2, 3].map((part) => token(`part ${part}`));
        checkPlace("Test", "arn", arn({}), { accountId, partition, region });
      },
    ],
  ])("a token or an absent value has no limit: %s", (_, check) => {
    expect(check).not.toThrow();
  });
});

test.each<[string, unknown, string]>([
  ["undefined", undefined, "nothing"],
  ["a token", Token.asAny("value"), "a token"],
  ["NaN", Number.NaN, "NaN"],
  ["a number", 7, "7"],
  ["text of digits", "7", '"7"'],
  ["a date", new Date("invalid"), "Invalid Date"],
  ["null", null, "null"],
  ["a list with a function", [() => 1], '["a function"]'],
  ["a map with a symbol and a big integer", { a: Symbol("s"), b: 1n }, '{"a":"a symbol","b":"a bigint"}'],
  ["an instance of a class", new Map(), '"Map"'],
  ["an object without a prototype", Object.assign(Object.create(null) as object, { a: 1 }), '{"a":1}'],
  ["a list of null", [null], "[null]"],
])("fail shows %s after 'got'", (_, value, got) => {
  expect(() => fail("Test", "it", "be right", value)).toThrow(new Error(`[Test] 'it' must be right, got: ${got}`));
});
