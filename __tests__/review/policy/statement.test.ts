import { matches } from "../../../review/policy/statement";

// A search that goes back for each wildcard does not end.
test("matches a pattern of many wildcards", () => {
  expect(matches(`kms:${"*?".repeat(200)}!`, `kms:${"a".repeat(2000)}`)).toBe(false);
  expect(matches("a*b?c*", "aXXbYcZ")).toBe(true);
});
