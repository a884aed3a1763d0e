import { listOf } from "../../../review/rules/list-of";

test.each([
  [["a", "b"], "a, b"],
  [["a", "b", "c"], "a, b and 1 more"],
])("a list of at most two names has %j as %s", (names, text) => {
  expect(listOf(names, 2)).toBe(text);
});
