import {
  follows,
  integer,
  isTextRule,
  matching,
  mustOf,
  oneOf,
  oneOfOrNewer,
  type Rule,
  text,
} from "../../../modules/private/rule";

const STEPS: Rule = { must: "be", ranges: [{ max: 4, min: 4 }, { max: 20, min: 8, step: 4 }, { min: 100 }] };
const REFUSED = matching("be", "[a-z*/]+", "zz", { pattern: "[*]", unless: "^a/" });

test.each<[string, Rule, readonly unknown[], readonly unknown[]]>([
  ["a text", text(2, 4), ["ab", "abcd"], ["a", "abcde", 12, undefined, ["ab"]]],
  ["a text with a maximum only", { maxLength: 2, must: "be" }, ["", "ab"], ["abc", 1]],
  ["a text with a minimum only", { minLength: 1, must: "be" }, ["a"], ["", 1]],
  ["a pattern, as a whole", matching("be", "a|bc"), ["a", "bc"], ["", "ac", "abc", "a\n", 1]],
  ["no refused pattern in any part", REFUSED, ["az", "a/*"], ["azz", "zza", "b*", "b/a/*", "a/*zz"]],
  ["an integer", integer(2, 4), [2, 3, 4], [1, 5, 2.5, "3", Number.NaN, undefined]],
  ["ranges with steps", STEPS, [4, 8, 12, 20, 100, 1e9], [5, 6, 7, 10, 24, 99, 100.5]],
  ["a closed set", oneOf(["a", 1]), ["a", 1], ["b", "1", "", undefined]],
  ["a set that AWS may extend", oneOfOrNewer(["a"], "[a-z]+", "^old$"), ["a", "b"], ["A", "", "old", 1]],
  ["a test", { must: "be", test: (value) => value === 7 }, [7], [8, "7"]],
  ["a pattern and a test", { must: "be", pattern: "[a-z]+", test: (value) => value !== "b" }, ["a"], ["b", "A"]],
  ["no list token", text(0, 99), ["#{", "${TfToken[TOKEN.0]}"], ["#{TfToken[TOKEN.0]}", "a#{TfToken[TOKEN.0]}"]],
])("the rule of %s accepts and refuses values", (_, rule, accepted, refused) => {
  expect(accepted.filter((value) => !follows(value, rule))).toStrictEqual([]);
  expect(refused.filter((value) => follows(value, rule))).toStrictEqual([]);
});

test.each([
  [text(0, 1), true],
  [{ minLength: 1, must: "be" }, true],
  [{ maxLength: 1, must: "be" }, true],
  [matching("be", "a"), true],
  [oneOf(["a"]), false],
  [integer(1, 2), false],
])("the rule %j is for strings: %s", (rule, isText) => {
  expect(isTextRule(rule)).toBe(isText);
});

test("the rules name their values", () => {
  expect(integer(1, 35).must).toBe("be an integer from 1 to 35");
  expect(text(1, 9).must).toBe("be a string of 1 to 9 characters");
  expect(oneOf(["a", 1]).must).toBe("be one of a, 1");
  expect(oneOfOrNewer(["a", "b"], "[a-z]+").must).toBe("be one of a, b, or a newer value of the same form");
});

test("mustOf adds the hint for a text, with the partition", () => {
  const rule: Rule = { hint: (value, partition) => (value === "a" ? `give ${partition}` : undefined), must: "be b" };
  expect(mustOf(rule, "a")).toBe("be b; give aws");
  expect(mustOf(rule, "a", "aws-cn")).toBe("be b; give aws-cn");
  expect(mustOf(rule, "c")).toBe("be b");
  expect(mustOf(rule, 7)).toBe("be b");
  expect(mustOf(integer(1, 2), "a")).toBe("be an integer from 1 to 2");
  expect(mustOf(rule, "#{TfToken[TOKEN.0]}")).toBe(
    "be b; for an item of a list token, use Token.asString(Fn.element(list, 0)) in place of list[0]",
  );
});
