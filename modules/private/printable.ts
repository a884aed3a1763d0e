/** The most characters that a message shows of a value. */
const MOST = 200;
/** Characters that a reader does not see, or that move or reorder what a terminal shows. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;
/**
 * A character of each command that a CI runner reads from a log. GitHub reads `::name::` at the start of a line and,
 * undocumented, `##[name]` anywhere; Azure Pipelines reads `##[name]` and `##vso[name]`; GitLab reads `section_start:` and
 * `section_end:`. A line may break at a space. The name of a command begins with a letter, and `::/0` is a range of IPv6.
 *
 * @see https://docs.github.com/en/actions/writing-workflows/choosing-what-your-workflow-does/workflow-commands-for-github-actions
 * @see https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands
 * @see https://docs.gitlab.com/ci/jobs/job_logs/#create-custom-collapsible-sections
 */
const COMMAND = /(?<=^|\s):(?=:(?!\/\d))|#(?=#\w*\[)|(?<=section_(?:start|end)):/g;

/** A part of each line that has a hidden character or a command. Most lines have none, and need no other search. */
const SUSPECT = /[^ -~]|(?:^|\s)::|#|section_/;

/** One line of text that is safe to print: hidden characters and commands of CI runners are escaped. */
export function printable(line: string, escape = escapedCharacter): string {
  return SUSPECT.test(line) ? line.replace(HIDDEN, escape).replace(COMMAND, escape) : line;
}

/** The beginning of a value that is too long to show. */
export function shortened(value: string): string {
  return value.length <= MOST ? value : `${value.slice(0, MOST)}… (${value.length} characters)`;
}

/** A character by its code, as in a string of JavaScript. */
export function escapedCharacter(character: string): string {
  const code = character.codePointAt(0)!.toString(16);
  return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, "0")}`;
}
