/** The most characters of a value that a message shows. */
const MOST = 200;
/** Matches characters that are invisible in a terminal, or that move or reorder its text. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;
/**
 * Matches one character of each command that a CI runner reads from a log. GitHub reads `::name::` at the start of a line and,
 * undocumented, `##[name]` anywhere; Azure Pipelines reads `##[name]` and `##vso[name]`; GitLab reads `section_start:` and
 * `section_end:`. A line may break at a space. The name of a command begins with a letter, and `::/0` is a range of IPv6.
 *
 * @see https://docs.github.com/en/actions/writing-workflows/choosing-what-your-workflow-does/workflow-commands-for-github-actions
 * @see https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands
 * @see https://docs.gitlab.com/ci/jobs/job_logs/#create-custom-collapsible-sections
 */
const COMMAND = /(?<=^|\s):(?=:(?!\/\d))|#(?=#\w*\[)|(?<=section_(?:start|end)):/g;

/** Matches every line that HIDDEN or COMMAND matches. Most lines do not match, so that the slower patterns are skipped. */
const SUSPECT = /[^ -~]|(?:^|\s)::|#|section_/;

/** Returns one line of text with hidden characters and commands of CI runners escaped, so that it is safe to print. */
export function printable(line: string, escape = escapedCharacter): string {
  return SUSPECT.test(line) ? line.replace(HIDDEN, escape).replace(COMMAND, escape) : line;
}

/** Returns a value, cut after 200 characters, with its length if it was cut. */
export function shortened(value: string): string {
  return value.length <= MOST ? value : `${value.slice(0, MOST)}… (${value.length} characters)`;
}

/** Returns a string, in quotes if it looks like a value of another type, is blank or has several lines. */
export function unambiguous(value: string): string {
  return /^(\s*|true|false|null|-?[\d.]+)$|[\r\n]/.test(value) ? JSON.stringify(value) : value;
}

/** Returns the Unicode escape of a character in JavaScript: `\u001b`. */
export function escapedCharacter(character: string): string {
  const code = character.codePointAt(0)!.toString(16);
  return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, "0")}`;
}
