import { isUtf8 } from "node:buffer";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { constructFromEvents, type Event, parseEvents, YAMLException } from "js-yaml";
import { printable, shortened } from "../../modules/private/printable";
import { type Outline, outlineOf } from "./outline";

/**
 * The most values that a file may have. No fleet has so many values, and so many values fit into memory. Without the limit, aliases
 * of YAML could repeat a value millions of times.
 */
const MAX_VALUES = 1_000_000;
const MAX_DEPTH = 100;

/** The place of a value in a file: keys of maps and indexes of lists. */
export type Path = readonly (string | number)[];

/** All problems of the configuration, as one error. The message has a line for each problem. */
export class ConfigurationError extends Error {
  public constructor(lines: readonly string[]) {
    super(lines.map((line) => printable(line)).join("\n"));
    this.name = "ConfigurationError";
  }
}

/** One YAML file: its value, and the line of each value in it. */
export class ConfigurationFile {
  /** @throws ConfigurationError if the file cannot be read, or is no YAML document */
  public static load(name: string): ConfigurationFile {
    return new ConfigurationFile(name, readText(name));
  }

  /** The parsed content of the file. It may have any type. */
  public readonly value: unknown;
  private readonly events: Event[];
  private outline: Outline | undefined;

  /** @throws ConfigurationError if the text is no YAML document */
  public constructor(
    /** The file's name, as errors show it. */
    public readonly name: string,
    private readonly text: string,
  ) {
    this.events = this.attempt(() => parseEvents(text, {}));
    const [value, ...others] = this.attempt(() => constructFromEvents(this.events, { source: text }));
    if (others.length > 0) {
      throw new ConfigurationError([`${name} must be one YAML document, got: ${others.length + 1}`]);
    }
    this.value = value ?? {};
    if (text.includes("*")) {
      const { depth, size } = extentOf(this.value);
      if (depth > MAX_DEPTH || size > MAX_VALUES) {
        const limits = `at most ${MAX_VALUES} values, at most ${MAX_DEPTH} deep`;
        throw new ConfigurationError([`${name} must have ${limits}: each use of an alias counts again`]);
      }
    }
  }

  /**
   * Returns the line of the value at a path; if there is no such value, the line of the innermost value that contains the path.
   */
  public lineOf(path: Path): number {
    this.outline ??= outlineOf(this.events, this.text);
    let nearest = this.outline;
    for (const step of path) {
      const next = nearest.children.get(String(step));
      if (!next) {
        break;
      }
      nearest = next;
    }
    return nearest.line;
  }

  private attempt<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      throw error instanceof YAMLException ? new ConfigurationError([this.yamlErrorText(error)]) : error;
    }
  }

  private yamlErrorText({ mark, reason }: YAMLException): string {
    let line = (mark?.line ?? 0) + 1;
    if (reason.includes("complex keys")) {
      // The parser's error for a key that is a list or a map has no line, so the outline finds the line.
      const lines: number[] = [];
      this.attempt(() => outlineOf(this.events, this.text, (lineOfKey) => lines.push(lineOfKey)));
      line = lines[0]!;
    }
    const [, hint] = HINTS.find(([part]) => reason.includes(part)) ?? [];
    return `${this.name}:${line} cannot be read as YAML: ${shortened(reason)}${hint ? ` (${hint})` : ""}`;
  }
}

/** Hints for errors of the YAML parser: a part of the parser's message, and the fix of its most frequent cause. */
const HINTS: readonly (readonly [reason: string, hint: string])[] = [
  ["bad indentation of a mapping entry", "put a string that has a colon and a space, or begins with a sign, in quotes"],
  ["complex keys", "a key must be a string; put a string that begins with {{ in quotes"],
  ["deficient indentation", "close brackets and quotes, and indent them more than their key"],
  ["end of the stream", "a key needs a colon after it, and nothing but spaces before it"],
];

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "this user may not read it",
  EISDIR: "it is a directory",
  ENOENT: "there is no such file",
};

/** @throws ConfigurationError if the file cannot be read, or is no UTF-8 */
export function readText(name: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(name);
  } catch (error) {
    const { code } = error as { readonly code: string };
    throw new ConfigurationError([`${name} cannot be read: ${REASONS[code] ?? code} (${resolve(name)})`]);
  }
  const text = bytes.toString("utf8");
  if (!isUtf8(bytes)) {
    const line = text.slice(0, text.indexOf("\uFFFD")).split("\n").length;
    throw new ConfigurationError([`${name}:${line} cannot be read: it must be UTF-8`]);
  }
  return text;
}

/** The size of a value: its nesting depth, and the number of values in it, itself included. */
interface Extent {
  readonly depth: number;
  readonly size: number;
}

/** The extent of a value that contains itself, or is nested too deep. */
const ENDLESS: Extent = { depth: Infinity, size: Infinity };

function extentOf(value: unknown, known = new Map<unknown, Extent>(), above = 0): Extent {
  if (typeof value !== "object" || value === null) {
    return { depth: 0, size: 1 };
  }
  if (above > MAX_DEPTH) {
    return ENDLESS;
  }
  const before = known.get(value);
  if (before) {
    return before;
  }
  known.set(value, ENDLESS);
  let [depth, size] = [1, 1];
  for (const part of Object.values(value)) {
    const within = extentOf(part, known, above + 1);
    depth = Math.max(depth, within.depth + 1);
    size += within.size;
  }
  known.set(value, { depth, size });
  return { depth, size };
}
