import { escapedCharacter, printable, shortened, unambiguous } from "../../../modules/private/printable";

test.each([
  ["does not change letters of any language", "Zürich, 東京, عربي", "Zürich, 東京, عربي"],
  ["escapes control characters", "\u001b[2J\n\u0007\u007f\u009b", "\\u001b[2J\\u000a\\u0007\\u007f\\u009b"],
  ["escapes characters that turn the direction of text", "\u202e\u2066\u200f\u061c", "\\u202e\\u2066\\u200f\\u061c"],
  [
    "escapes characters of no width",
    "\u200b\u200d\u2060\ufeff\u00ad\u3164",
    "\\u200b\\u200d\\u2060\\ufeff\\u00ad\\u3164",
  ],
  ["escapes Unicode tag characters", "\u{e0041}", "\\u{e0041}"],
  ["escapes half of a surrogate pair", "\ud83d", "\\ud83d"],
  ["escapes line and paragraph separators", "\u2028\u2029", "\\u2028\\u2029"],
  ["escapes a command of GitHub Actions, such as ::add-mask::", "  ::add-mask::a", "  \\u003a:add-mask::a"],
  ["escapes a command of GitHub Actions in the form ##[add-mask]", "a ##[add-mask]b", "a \\u0023#[add-mask]b"],
  ["escapes a command of Azure Pipelines", "###vso[task.x]", "#\\u0023#vso[task.x]"],
  ["escapes a command after a space, at which a line may break", "a ::error::b", "a \\u003a:error::b"],
  ["escapes a command whose name begins with a slash", "::/add-mask::a ::/0::a", "\\u003a:/add-mask::a ::/0::a"],
  [
    "escapes a section marker of GitLab CI",
    "section_start:1:a section_end:1:a",
    "section_start\\u003a1:a section_end\\u003a1:a",
  ],
  ["does not change an ARN and a heading", "arn:aws:iam::1 ## a [b]", "arn:aws:iam::1 ## a [b]"],
  ["does not change IPv6 ranges", "::/0 and ::/1", "::/0 and ::/1"],
])("printable %s", (_, text, expected) => {
  expect(printable(text)).toBe(expected);
});

test("shortened cuts a text of more than 200 characters, and adds its length", () => {
  expect(shortened("a".repeat(200))).toBe("a".repeat(200));
  expect(shortened("a".repeat(201))).toBe(`${"a".repeat(200)}… (201 characters)`);
});

test.each(["", " ", "8", "-1.5", "true", "false", "null", "a\nb", "a\rb"])("unambiguous quotes %j", (value) => {
  expect(unambiguous(value)).toBe(JSON.stringify(value));
});

test.each(["ra3.large", "1 day", "1a", "a1", "truely", "a b"])("unambiguous does not quote %j", (value) => {
  expect(unambiguous(value)).toBe(value);
});

test.each([
  ["\u001b", "\\u001b"],
  ["\u{e0041}", "\\u{e0041}"],
])("escapedCharacter returns the code of %j", (character, escaped) => {
  expect(escapedCharacter(character)).toBe(escaped);
});
