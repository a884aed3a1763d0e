import { ESLint, Linter } from "eslint";
import { plainLanguage } from "../../tools/eslint/language";
import { ROOT } from "../support/paths";

/** The refused words of a program, each with its line and column. */
function refused(code: string): string[] {
  const plugins = { language: { rules: { plain: plainLanguage } } };
  return new Linter()
    .verify(code, { plugins, rules: { "language/plain": "error" } })
    .map(({ column, line, message }) => `${line}:${column} ${/'(.+)'/.exec(message)?.[1] ?? message}`);
}

describe("the lint rule plainLanguage reports", () => {
  test.each([
    ["a word in a line comment", "// The plan tells it.", ["1:13 tells"]],
    ["a word in a block comment", "/*\n * The deployer,\n * or whoever plans.\n */", ["3:7 whoever"]],
    ["a term of two words", "// The file is left alone.", ["1:16 left alone"]],
    [
      "each idiom of a comment",
      "// AWS makes up an ID, and such a one is mended in the end.",
      ["1:8 makes up", "1:28 such a one", "1:42 mended", "1:49 in the end"],
    ],
    ["each word of a comment", "// It says it, and it is made anew.", ["1:7 says", "1:31 anew"]],
    ["a clause with What as a subject", "/** What a role needs. */", ["1:5 What"]],
    ["a clause with Who in a later sentence", "/**\n * A role.\n * Who uses it may read.\n */", ["3:4 Who"]],
    ["a clause with what in @returns", "/** @returns what a role needs */", ["1:14 what"]],
    ["a clause with what in @default", "/** @default - what the snapshot has */", ["1:16 what"]],
    ["a clause with what in @param", "/** @param key - what encrypts */", ["1:18 what"]],
    ["a condition with where", "// Undefined where there is none.", ["1:14 where"]],
    ["a word in the title of a test", 'test("what a role needs", () => {});', ["1:7 What"]],
    ["a word in the title of describe", 'describe("a value that Terraform knows", () => {});', ["1:34 knows"]],
    ["a word in the title of test.only.each", 'test.only.each([1])("says %s", () => {});', ["1:22 says"]],
    [
      "a word in the title of a conditional test.skip",
      '(isHere ? test : test.skip)("says it", () => {});',
      ["1:30 says"],
    ],
    ["a word in the title of deployLane", 'deployLane("what a role needs", () => {});', ["1:13 What"]],
    ["a word in the title of a tagged it.each", "it.each`a`(`says $a`, () => {});", ["1:13 says"]],
    [
      "a word in a message of an Error class",
      'throw new ConfigurationError("left out where " + prop);',
      ["1:40 where"],
    ],
    [
      "two words in an argument of fail",
      "fail(scope, prop, isMade ? `be ${made}, where made` : 'told');",
      ["1:41 where", "1:56 told"],
    ],
    ["a word in an argument of addWarning", 'Annotations.of(this).addWarning("it says no");', ["1:37 says"]],
    ["a word in a property 'must'", 'const rule = { must: "be known by AWS" };', ["1:26 known by"]],
  ])("%s", (_, code, expected) => {
    expect(refused(code)).toStrictEqual(expected);
  });
});

describe("the lint rule plainLanguage does not report", () => {
  test.each([
    ["words in quoted code of a comment", "// The argument `where` is a `Where`."],
    ["words in a URL of a comment", "// See https://example.com/what?where=told"],
    ["the name of a parameter in @param", "/** @param where - the place that an error names */"],
    ["words in @example", "/**\n * Keys.\n *\n * @example\n * const where = told();\n */"],
    ["a question", "// What does a role need?"],
    ['"what" as an object', "// Returns what the plan has."],
    ["a value that is known at plan", "// The ARN is known at plan, and the ID is unknown."],
    ["words in a string that is no error", 'const where = "tells";'],
    ["words in a placeholder of an error", "fail(where, prop, `be ${where}`);"],
    ["a title that is a variable", "test(where, () => {});"],
    ["a call of a call", "make()(where);"],
  ])("%s", (_, code) => {
    expect(refused(code)).toStrictEqual([]);
  });
});

test("ESLint reports the words in paragraphs and tables of Markdown, and not in headings and code", async () => {
  const text = [
    "# What it does",
    "",
    "The `where` of a plan. **What fails.** The plan",
    "says [so](where.md).",
    "",
    "| prop | meaning |",
    "| ---- | ------- |",
    "| `a`  | told    |",
    "",
  ].join("\n");
  const [result] = await new ESLint({ cwd: ROOT }).lintText(text, { filePath: "docs/new.md" });
  expect(result?.messages.map(({ column, line, ruleId }) => [ruleId, line, column])).toStrictEqual([
    ["language/plain", 3, 26],
    ["language/plain", 4, 1],
    ["language/plain", 8, 10],
  ]);
});
