import { printable } from "../../modules/private/printable";
import { plain } from "./escape";

/** The most characters of one value in a comment. */
const LONGEST_VALUE = 2000;

/** Markdown source, which is not escaped again. Text of a plan may become Markdown only by `markup`, `code` and `diagramLabel`. */
export class Markdown {
  public constructor(public readonly source: string) {}
}

/** Tags a template of Markdown. Its strings are escaped as prose, and its Markdown values are unchanged. */
export function markup(strings: TemplateStringsArray, ...values: readonly (Markdown | number | string)[]): Markdown {
  const sources = values.map((value) =>
    value instanceof Markdown ? value.source : typeof value === "number" ? String(value) : prose(value),
  );
  return new Markdown(strings.map((string, index) => `${string}${sources[index] ?? ""}`).join(""));
}

export function joined(parts: readonly Markdown[], separator: string): Markdown {
  return new Markdown(parts.map(({ source }) => source).join(separator));
}

/** Matches a word, with punctuation, that no viewer reads as markup or a reference. */
const PLAIN_WORD = /^["'(]*(?:\p{L}+(?:['’-]\p{L}+)*|\d{1,6}|[→=|…])?["')]*[,.:;!?]?$/u;
/** The hash of a commit may have no digit. */
const HASH = /[a-f]{7}/i;

/**
 * Escapes text for Markdown: each word that is not plain becomes code. GitHub links references after it has rendered the text, so
 * only code prevents a link, and an escape does not.
 *
 * @see https://docs.github.com/en/get-started/writing-on-github/working-with-advanced-formatting/autolinked-references-and-urls
 */
function prose(text: string): string {
  return shortened(text)
    .split(" ")
    .map((word, index) => {
      const [, start, core, end] = /^(["'(]*)(.*?)(["')]*[,.:;]?)$/s.exec(word)!;
      // A number with a full stop begins a list.
      const isPlain =
        PLAIN_WORD.test(word) && printable(word) === word && !HASH.test(word) && !(index === 0 && /\d/.test(word));
      return isPlain ? word : `${start}${codeOf(core!)}${end}`;
    })
    .join(" ");
}

/** Returns text as code: in backticks or, if it has a backtick, $ or <, in a code element of HTML. */
export function code(text: string): Markdown {
  return new Markdown(codeOf(shortened(text)));
}

function codeOf(text: string): string {
  const plainText = plain(text);
  return /^[^\s`<$](?:[^`<$]*[^\s`<$])?$/.test(plainText) ? `\`${plainText}\`` : htmlCode(plainText);
}

/** Returns text as a code element of HTML. A zero-width space after an @ prevents that a mail address becomes a link. */
function htmlCode(text: string): string {
  const escape = (character: string): string => `&#${character.codePointAt(0)};${character === "@" ? "&#8203;" : ""}`;
  return `<code>${text.replace(/[^\p{L}\p{N} =,-]/gu, escape)}</code>`;
}

/**
 * Escapes text for the label of a Mermaid diagram, between quotes.
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
