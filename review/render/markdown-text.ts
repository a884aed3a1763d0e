import { plain } from "./escape";

/** The most characters of one value in a comment. */
const LONGEST_VALUE = 2000;

/** Markdown that this project writes. Other text becomes Markdown by `markup`, `code` and `diagramLabel` alone. */
export class Markdown {
  public constructor(public readonly source: string) {}
}

/** Markdown with values in it, which are prose unless they are Markdown. */
export function markup(strings: TemplateStringsArray, ...values: readonly (Markdown | number | string)[]): Markdown {
  const sources = values.map((value) =>
    value instanceof Markdown ? value.source : typeof value === "number" ? String(value) : prose(value),
  );
  return new Markdown(strings.map((string, index) => `${string}${sources[index] ?? ""}`).join(""));
}

export function joined(parts: readonly Markdown[], separator: string): Markdown {
  return new Markdown(parts.map(({ source }) => source).join(separator));
}

/** A word that nothing reads as markup or as a reference. It may have punctuation around it. */
const PLAIN_WORD = /^["'(]*(?:\p{L}+(?:['’-]\p{L}+)*|\d{1,6}|[→=|…])?["')]*[,.:;!?]?$/u;
/** The hash of a commit may have no digit. */
const HASH = /[a-f]{7}/i;

/**
 * Text in Markdown. GitHub links references in the text that it has rendered, so an escape does not prevent them, and code does:
 * each run of words that are not plain is code.
 *
 * @see https://docs.github.com/en/get-started/writing-on-github/working-with-advanced-formatting/autolinked-references-and-urls
 */
function prose(text: string): string {
  return shortened(text)
    .split(" ")
    .map((word, index) => {
      const [, start, core, end] = /^(["'(]*)(.*?)(["')]*[,.:;]?)$/s.exec(word)!;
      // A number with a full stop begins a list.
      const isPlain = PLAIN_WORD.test(word) && !HASH.test(word) && !(index === 0 && /\d/.test(word));
      return isPlain ? word : `${start}${codeOf(core === "" ? word : core!)}${core === "" ? "" : end}`;
    })
    .join(" ");
}

/** Text as code. Text with a backtick, a formula or the start of an HTML comment is code of HTML. */
export function code(text: string): Markdown {
  return new Markdown(codeOf(shortened(text)));
}

function codeOf(text: string): string {
  const plainText = plain(text);
  return /^[^\s`<$](?:[^`<$]*[^\s`<$])?$/.test(plainText) ? `\`${plainText}\`` : htmlCode(plainText);
}

/** A space of no width after an @ prevents that an address of mail is a link. */
function htmlCode(text: string): string {
  const escape = (character: string): string => `&#${character.codePointAt(0)};${character === "@" ? "&#8203;" : ""}`;
  return `<code>${text.replace(/[^\p{L}\p{N} =,-]/gu, escape)}</code>`;
}

/**
 * Text as the label of a diagram, between quotes.
 *
 * @see https://mermaid.js.org/syntax/flowchart.html#special-characters-that-break-syntax
 */
export function diagramLabel(text: string): string {
  return plain(shortened(text)).replace(
    /[^\p{L}\p{N} .:/=+,_-]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/gu,
    (character) => `#${character.codePointAt(0)};`,
  );
}

function shortened(text: string): string {
  return text.length <= LONGEST_VALUE ? text : `${text.slice(0, LONGEST_VALUE)}… (${text.length} characters)`;
}
