import { plain } from "../../escape";
import { LABEL_CHARACTERS, NODE_CHARACTERS } from "./sizes";

/** Wraps the name of a node. */
export function nameLines(name: string): readonly string[] {
  return wrapped(name, NODE_CHARACTERS, 3);
}

/** Wraps the text beside an arrow. */
export function labelLines(text: string): readonly string[] {
  return wrapped(text, LABEL_CHARACTERS, 2);
}

/** Wraps a text to at most `most` lines. If it is longer, the last line is "…" and the end of the text. */
function wrapped(text: string, width: number, most: number): readonly string[] {
  const lines: string[] = [];
  // Characters of scripts such as Chinese are twice as wide.
  const characters = [...plain(text)].flatMap((character) => (character < "\u1100" ? [character] : [character, ""]));
  let rest = characters;
  while (rest.length > width && lines.length < most - 1) {
    const line = rest.slice(0, width);
    const end = Math.max(width / 2, line.findLastIndex((character) => /[\s./:_\]-]/.test(character)) + 1);
    lines.push(rest.slice(0, end).join(""));
    rest = rest.slice(end);
  }
  const last = rest.length <= width ? rest : ["…", ...rest.slice(1 - width)];
  return [...lines, last.join("")];
}
