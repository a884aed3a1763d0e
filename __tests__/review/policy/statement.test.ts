import { matchesPattern } from "../../../review/policy/statement";

// A search that goes back for each wildcard does not end.
test("matches a pattern of many wildcards", () => {
  expect(matchesPattern(`kms:${"*?".repeat(200)}!`, `kms:${"a".repeat(2000)}`)).toBe(false);
  expect(matchesPattern("a*b?c*", "aXXbYcZ")).toBe(true);
});
