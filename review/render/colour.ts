import { styleText } from "node:util";

type Style = Parameters<typeof styleText>[0];

/** The first words of lines that are coloured. */
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

/** Adds the escape codes of colours to the text report: for titles, changes, severities, and gained and lost abilities. */
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
  // Node.js has styleText since 20.12. The caller checks that the output is a terminal.
  return styleText ? styleText(style, text, { validateStream: false }) : text;
}
