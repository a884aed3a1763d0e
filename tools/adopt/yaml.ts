import { printable } from "../../modules/private/printable";

type Value = boolean | number | string | readonly string[] | Readonly<Record<string, string>>;

/** A key of a YAML map, with the comments that precede it. Without a key, the line is comments only. */
export interface Line {
  readonly comments?: readonly string[] | undefined;
  readonly key?: string;
  readonly value?: Value | readonly Line[] | undefined;
}

/** Matches strings that need no quotes in YAML, because YAML 1.1 and 1.2 read them as strings. */
const PLAIN = /^(?!(?:true|false|yes|no|on|off|null|y|n)$)[a-z][\w./:+=,@-]*$/i;

/** Returns the YAML of a key whose value is a list of one map. The first line of the map must have no comments. */
export function listText(key: string, lines: readonly Line[]): string {
  return `${key}:\n${linesText(lines, "    ").replace("    ", "  - ")}`;
}

function linesText(lines: readonly Line[], indent: string): string {
  return lines.map((line) => lineText(line, indent)).join("");
}

function lineText({ comments = [], key, value }: Line, indent: string): string {
  const above = comments.map((comment) => `${indent}# ${printable(comment)}\n`).join("");
  if (key === undefined) {
    return above;
  }
  const start = `${above}${indent}${key}:`;
  if (isLines(value)) {
    return value.some((line) => line.key !== undefined)
      ? `${start}\n${linesText(value, `${indent}  `)}`
      : `${start} {}\n${linesText(value, `${indent}  `)}`;
  }
  if (Array.isArray(value)) {
    const items = value as readonly string[];
    return items.length === 0
      ? `${start} []\n`
      : `${start}\n${items.map((item) => `${indent}  - ${scalar(item)}\n`).join("")}`;
  }
  if (typeof value === "object") {
    const members = Object.entries(value as Readonly<Record<string, string>>);
    return `${start}\n${members.map(([name, text]) => `${indent}  ${scalar(name)}: ${JSON.stringify(text)}\n`).join("")}`;
  }
  return `${start} ${scalar(value!)}\n`;
}

function isLines(value: Line["value"]): value is readonly Line[] {
  return Array.isArray(value) && value.length > 0 && typeof value[0] === "object";
}

function scalar(value: boolean | number | string): string {
  return typeof value === "string" && PLAIN.test(value) ? value : JSON.stringify(value);
}
