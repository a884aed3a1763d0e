import { escapedCharacter, printable, shortened } from "../../../modules/private/printable";

test.each([
  ["letters of any language", "Zürich, 東京, عربي", "Zürich, 東京, عربي"],
  ["control characters", "\u001b[2J\n\u0007\u007f\u009b", "\\u001b[2J\\u000a\\u0007\\u007f\\u009b"],
  ["characters that turn the direction", "\u202e\u2066\u200f\u061c", "\\u202e\\u2066\\u200f\\u061c"],
  ["characters of no width", "\u200b\u200d\u2060\ufeff\u00ad\u3164", "\\u200b\\u200d\\u2060\\ufeff\\u00ad\\u3164"],
  ["tags", "\u{e0041}", "\\u{e0041}"],
  ["half a character", "\ud83d", "\\ud83d"],
  ["separators of lines", "\u2028\u2029", "\\u2028\\u2029"],
  ["a GitHub command", "  ::add-mask::a", "  \\u003a:add-mask::a"],
  ["an older GitHub command", "a ##[add-mask]b", "a \\u0023#[add-mask]b"],
  ["a command of Azure Pipelines", "###vso[task.x]", "#\\u0023#vso[task.x]"],
  ["a command after a space, at which a line may break", "a ::error::b", "a \\u003a:error::b"],
  ["a command after a slash", "::/add-mask::a ::/0::a", "\\u003a:/add-mask::a ::/0::a"],
  ["a section of GitLab", "section_start:1:a section_end:1:a", "section_start\\u003a1:a section_end\\u003a1:a"],
  ["an ARN and a heading", "arn:aws:iam::1 ## a [b]", "arn:aws:iam::1 ## a [b]"],
  ["a range of IPv6", "::/0 and ::/1", "::/0 and ::/1"],
])("escapes hidden characters and commands: %s", (_, text, expected) => {
  expect(printable(text)).toBe(expected);
});

test("shortens a long value", () => {
  expect(shortened("a".repeat(200))).toBe("a".repeat(200));
  expect(shortened("a".repeat(201))).toBe(`${"a".repeat(200)}… (201 characters)`);
});

test.each([
  ["\u001b", "\\u001b"],
  ["\u{e0041}", "\\u{e0041}"],
])("escapes %j by its code", (character, escaped) => {
  expect(escapedCharacter(character)).toBe(escaped);
});
