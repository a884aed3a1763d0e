/** The most characters that a message shows of a value. */
const MOST = 200;
/** Characters that a reader does not see, or that move or reorder what a terminal shows. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;
/**
 * The first character of each command that a CI runner reads from a log. GitHub reads `::name::` at the start of a line and,
 * undocumented, `##[name]` anywhere; Azure Pipelines reads `##[name]` and `##vso[name]`.
 *
 * @see https://docs.github.com/en/actions/writing-workflows/choosing-what-your-workflow-does/workflow-commands-for-github-actions
 * @see https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands
 */
const COMMAND = /(?<=^\s*):(?=:)|#(?=#\w*\[)/g;

/** One line of text that is safe to print: hidden characters and commands of CI runners are escaped. */
export function printable(line: string): string {
  return line.replace(HIDDEN, escaped).replace(COMMAND, escaped);
}

/** The beginning of a value that is too long to show. */
export function shortened(value: string): string {
  return value.length <= MOST ? value : `${value.slice(0, MOST)}… (${value.length} characters)`;
}

function escaped(character: string): string {
  const code = character.codePointAt(0)!.toString(16);
  return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, "0")}`;
}
