import { closest, distance } from "../../../modules/private/nearest";

test.each([
  ["", "", 0],
  ["", "abc", 3],
  ["abc", "", 3],
  ["abc", "abc", 0],
  ["kitten", "sitting", 3],
  ["ra3.larg", "ra3.large", 1],
  ["nodetype", "nodeType", 1],
  ["flaw", "lawn", 2],
])("the edit distance of '%s' and '%s' is %d", (one, other, expected) => {
  expect(distance(one, other)).toBe(expected);
  expect(distance(other, one)).toBe(expected);
});

test("closest returns the value with the smallest edit distance, and the first of several", () => {
  expect(closest("ab", ["xyz", "abc", "abd"])).toBe("abc");
  expect(closest("abd", ["xyz", "abc", "abd"])).toBe("abd");
});
