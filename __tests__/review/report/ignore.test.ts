import { isIgnored, readIgnore, readIgnoreFile } from "../../../review/report/ignore";

const RULE = "key-policy-public";

/** Whether an ignore is for the finding of an address, and of a statement if there is one. */
const matches = (pattern: string, address: string, statement?: string): boolean =>
  isIgnored(readIgnore(`${RULE}:${pattern}`, "", "--ignore"), { address, rule: RULE, statement });

test.each([
  ["*", "aws_kms_key.k", true],
  ["aws_kms_key.*", "aws_kms_key.k", true],
  ["*.k", "aws_kms_key.k", true],
  ["*kms*key*", "aws_kms_key.k", true],
  ["*key*kms*", "aws_kms_key.k", false],
  ["aws_kms_key.k*k", "aws_kms_key.k", false],
  ["aws_kms_key.?", "aws_kms_key.k", true],
  ["aws_kms_key.??", "aws_kms_key.k", false],
  ['aws_kms_key.k["\\*"]', 'aws_kms_key.k["*"]', true],
  ['aws_kms_key.k["\\*"]', 'aws_kms_key.k["a"]', false],
  ['aws_kms_key.k["\\?"]', 'aws_kms_key.k["?"]', true],
  ['aws_kms_key.k["\\?"]', 'aws_kms_key.k["a"]', false],
  ['aws_kms_key.k["a\\\\b\\"c"]', 'aws_kms_key.k["a\\\\b\\"c"]', true],
  ['module.x["a:b"].aws_kms_key.k', 'module.x["a:b"].aws_kms_key.k', true],
  ['module.x["a:b"].aws_kms_key.k', 'module.x["a:c"].aws_kms_key.k', false],
  ['module.x["a until 2020-01-01"].aws_kms_key.k', 'module.x["a until 2020-01-01"].aws_kms_key.k', true],
  ["aws_kms_key.k", "aws_kms_keyXk", false],
])("the ignore %s matches the address %s: %s", (pattern, address, expected) => {
  expect(matches(pattern, address)).toBe(expected);
});

test("an ignore can name a statement behind an address with colons", () => {
  const address = 'module.x["a:b"].aws_kms_key.k';
  expect(matches(`${address}:Allow use of the key`, address, "Allow use of the key")).toBe(true);
  expect(matches(`${address}:Allow use of the key`, address, "Other")).toBe(false);
  expect(matches(`${address}:\\*`, address, "*")).toBe(true);
  expect(matches(`${address}:\\*`, address, "Other")).toBe(false);
});

test("the word until in a Sid begins no last day", () => {
  const pattern = "aws_kms_key.k:Allow until May:0f1e2d3c4b5a";
  expect(matches(pattern, "aws_kms_key.k", "Allow until May:0f1e2d3c4b5a")).toBe(true);
  expect(readIgnore(`${RULE}:${pattern} until 2030-12-31`, "", "--ignore").lastDay).toBe("2030-12-31");
});

// An expression that goes back for each wildcard does not end.
test("an ignore with 30 wildcards is compared with 50,000 letters in a short time", () => {
  expect(matches(`${"*a".repeat(30)}b`, "a".repeat(50_000))).toBe(false);
});

test.each(["*", "?", "a*", "*?"])("an ignore has as many wildcards as its line has room for: %s", (part) => {
  const pattern = `${part.repeat(100_000)}*`;
  expect(matches(pattern, "a".repeat(100_000))).toBe(true);
  expect(matches(`${pattern}b`, "a".repeat(100_000))).toBe(false);
});

// An expression that begins at each space does not end in time.
test("an ignore has as many spaces as its line has room for", () => {
  const pattern = `k${" ".repeat(200_000)}k`;
  expect(matches(pattern, pattern)).toBe(true);
  expect(readIgnore(`${RULE}:${pattern}   until   2030-12-31`, "", "--ignore").lastDay).toBe("2030-12-31");
});

test("the ? of an ignore is one character, also one of two code units", () => {
  expect(matches("k?", "k\u{1f511}")).toBe(true);
  expect(matches("k??", "k\u{1f511}")).toBe(false);
});

test("a # in an index or behind a backslash does not begin the reason of an ignore file's line", () => {
  const [first, second] = readIgnoreFile(
    `${RULE}:aws_kms_key.k["a #1"] # one # two\n${RULE}:aws_kms_key.k:Ticket \\#2 # three`,
    "ignored.txt",
  );
  expect([first!.reason, second!.reason]).toStrictEqual(["one # two", "three"]);
  expect(isIgnored(first!, { address: 'aws_kms_key.k["a #1"]', rule: RULE, statement: undefined })).toBe(true);
  expect(isIgnored(second!, { address: "aws_kms_key.k", rule: RULE, statement: "Ticket #2" })).toBe(true);
});
