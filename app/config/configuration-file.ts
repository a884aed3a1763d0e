import { isUtf8 } from "node:buffer";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { constructFromEvents, type Event, parseEvents, YAMLException } from "js-yaml";
import { printable, shortened } from "../../modules/private/printable";
import { lineOfComplexKey, type Outline, outlineOf } from "./outline";

/** More than any fleet has, and fewer than would fill the memory. */
const MAX_VALUES = 1_000_000;
const MAX_DEPTH = 100;

/** A place in a file: keys of maps and indexes of lists. */
export type Path = readonly (string | number)[];

/** Everything that is wrong with the configuration; the message has a line for each problem. */
export class ConfigurationError extends Error {
  public constructor(lines: readonly string[]) {
    super(lines.map(printable).join("\n"));
    this.name = "ConfigurationError";
  }
}

/** One YAML file: its values, and their lines. */
export class ConfigurationFile {
  /** @throws ConfigurationError if the file cannot be read, or is no YAML */
  public static load(name: string): ConfigurationFile {
    return new ConfigurationFile(name, read(name));
  }

  /** The value of the file, which may be anything. */
  public readonly value: unknown;
  private readonly events: Event[];
  private outline: Outline | undefined;

  /** @throws ConfigurationError if the text is no YAML */
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
        throw new ConfigurationError([`${name} must have ${limits}, with what its aliases stand for`]);
      }
    }
  }

  /** The line of what stands at a path, or of the nearest thing around it if there is nothing. */
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
      throw error instanceof YAMLException ? new ConfigurationError([this.inWords(error)]) : error;
    }
  }

  private inWords({ mark, reason }: YAMLException): string {
    const line = (mark?.line ?? 0) + 1;
    // That error has no place.
    const isOfKey = reason.includes("complex keys");
    const place = (isOfKey && lineOfComplexKey(this.events, this.text)) || line;
    const [, hint] = HINTS.find(([part]) => reason.includes(part)) ?? [];
    return `${this.name}:${place} cannot be read as YAML: ${shortened(reason)}${hint ? ` (${hint})` : ""}`;
  }
}

/** The most frequent cause of each of the parser's errors. */
const HINTS: readonly (readonly [reason: string, hint: string])[] = [
  ["bad indentation of a mapping entry", "a text that has a colon and a space, or begins with a sign, needs quotes"],
  ["complex keys", "a key must be a text; what begins with {{ needs quotes"],
  ["deficient indentation", "brackets and quotes must be closed, and all of them be indented more than their key"],
  ["end of the stream", "a key needs a colon after it, and nothing but spaces before it"],
];

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "it may not be read",
  EISDIR: "it is a directory",
  ENOENT: "there is no such file",
};

function read(name: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(name);
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    throw new ConfigurationError([`${name} cannot be read: ${REASONS[code] ?? code} (${resolve(name)})`]);
  }
  const text = bytes.toString("utf8");
  if (!isUtf8(bytes)) {
    const line = text.slice(0, text.indexOf("\uFFFD")).split("\n").length;
    throw new ConfigurationError([`${name}:${line} cannot be read: it must be UTF-8`]);
  }
  return text;
}

/** How many values there are within one, itself included, and how deep. */
interface Extent {
  readonly depth: number;
  readonly size: number;
}

/** That of what has itself within it, or more than this stack can hold. */
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
