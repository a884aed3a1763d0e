import fc from "fast-check";
import { commonInstance } from "../../../review/policy/common-instance";
import { matchesPattern } from "../../../review/policy/statement";
import { propertyRuns } from "../../support/property-runs";

test.each([
  ["role/ci-*", "role/*-deploy", "role/ci-deploy"],
  ["role/ci-*", "role/ci-red", "role/ci-red"],
  ["a?c", "ab*", "abc"],
  ["??", "*", "00"],
  ["*a*", "*b*", "ab"],
  ["*", "*", ""],
])("commonInstance(%j, %j) returns %j, which both match", (one, other, expected) => {
  expect(commonInstance(one, other)).toBe(expected);
  const reversed = commonInstance(other, one)!;
  expect([one, other].map((pattern) => matchesPattern(pattern, reversed))).toStrictEqual([true, true]);
});

test.each([
  ["role/*", "user/*"],
  ["a", "ab"],
  ["a*b", "?"],
])("commonInstance(%j, %j) returns undefined", (one, other) => {
  expect(commonInstance(one, other)).toBeUndefined();
});

test("commonInstance returns a string that two random patterns match, if both match a string of three letters", () => {
  const pattern = fc.string({ maxLength: 6, unit: fc.constantFrom("a", "b", "*", "?") });
  const text = fc.string({ maxLength: 3, unit: fc.constantFrom("a", "b") });
  fc.assert(
    fc.property(pattern, pattern, text, (one, other, example) => {
      const common = commonInstance(one, other);
      const isCommon = (it: string) => matchesPattern(one, it) && matchesPattern(other, it);
      return common === undefined ? !isCommon(example) : isCommon(common);
    }),
    { numRuns: propertyRuns(300) },
  );
});

test("commonInstance needs few steps for hostile patterns", () => {
  const [one, other] = ["*a".repeat(300), "*b".repeat(300)];
  expect(commonInstance(one, `${other}c`.slice(-600))).toBeUndefined();
  expect(commonInstance(`${one}x`, other)).toBeUndefined();
});
