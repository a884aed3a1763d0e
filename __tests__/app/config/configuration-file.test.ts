import { ConfigurationError, ConfigurationFile } from "../../../app/config/configuration-file";

test("ConfigurationError has its name, and a line for each problem", () => {
  expect(String(new ConfigurationError(["a", "b\u0007"]))).toBe("ConfigurationError: a\nb\\u0007");
});

const TEXT = `# A comment
a: 1
b:
  - x
  -
  - y: {z: 1,
      w: 2}
"c d": &anchor
  e: 3
f: *anchor
`;

test.each<[readonly (string | number)[], number]>([
  [[], 2],
  [["a"], 2],
  [["b"], 3],
  [["b", 0], 4],
  [["b", 1], 5],
  [["b", 2], 6],
  [["b", 2, "y", "z"], 6],
  [["b", 2, "y", "w"], 7],
  [["b", 3], 3],
  [["c d", "e"], 9],
  [["f"], 10],
  [["f", "e"], 9],
  [["absent", "deep"], 2],
])("the line of %j is %i", (path, line) => {
  expect(new ConfigurationFile("w.yaml", TEXT).lineOf(path)).toBe(line);
});

test("a text without a value is an empty map, on line 1", () => {
  const file = new ConfigurationFile("w.yaml", "# only a comment\n");
  expect(file.value).toStrictEqual({});
  expect(file.lineOf(["a"])).toBe(1);
});

test("a file may have the value of an anchor several times", () => {
  const file = new ConfigurationFile("w.yaml", "a: &a {b: [1]}\nc: [*a, *a]\n");
  expect(file.value).toStrictEqual({ a: { b: [1] }, c: [{ b: [1] }, { b: [1] }] });
});
