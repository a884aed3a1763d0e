import { styleText } from "node:util";

type Style = Parameters<typeof styleText>[0];

/** The beginnings of lines that stand out. */
const WORDS: ReadonlyMap<string, Style> = new Map<string, Style>([
  ["changed", "yellow"],
  ["create", "green"],
  ["destroy", "red"],
  ["error", "red"],
  ["forget", "yellow"],
  ["gained", "green"],
  ["lost", "red"],
  ["note", "cyan"],
  ["replace", "red"],
  ["update", "yellow"],
  ["warning", "yellow"],
]);

/** A report for a terminal in colour: titles, changes, severities, and what is gained and lost. */
export function coloured(text: string): string {
  return text
    .replace(/^(?! ).+$/gm, (line) => styled("bold", line))
    .replace(/^ {2}(\w+)(?= )/gm, (start, word: string) => {
      const style = WORDS.get(word);
      return style === undefined ? start : styled(style, start);
    })
    .replace(/^ {4}https:\S+$/gm, (line) => styled("dim", line));
}

function styled(style: Style, text: string): string {
  // Node.js has it since 20.12. The caller decides whether there is a terminal.
  return styleText ? styleText(style, text, { validateStream: false }) : text;
}
