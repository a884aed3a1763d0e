import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import {
  constructFromEvents,
  CORE_SCHEMA,
  type Event,
  EVENT_ID,
  parseEvents,
  realMapTag,
  YAMLException,
} from "js-yaml";

/** More than any fleet has, and fewer than would fill the memory. */
const MAX_VALUES = 1_000_000;

/** Where in a file something stands: keys of maps and indexes of lists. */
export type Path = readonly (string | number)[];

/** Everything that is wrong with the configuration; the message has a line for each problem. */
export class ConfigurationError extends Error {
  public constructor(lines: readonly string[]) {
    super(lines.join("\n"));
    this.name = "ConfigurationError";
  }
}

/** One YAML file: what it says, and on which line. */
export class ConfigurationFile {
  /** @throws ConfigurationError if the file cannot be read, or is no YAML */
  public static load(name: string): ConfigurationFile {
    return new ConfigurationFile(name, read(name));
  }

  /** What the file says, whatever that is. */
  public readonly value: unknown;
  private readonly events: Event[];
  private outline: Outline | undefined;

  /** @throws ConfigurationError if the text is no YAML */
  public constructor(
    /** The file's name, as errors show it. */
    public readonly name: string,
    private readonly text: string,
  ) {
    try {
      const events = parseEvents(text, {});
      const [value, ...others] = constructFromEvents(events, { source: text });
      this.events = events;
      this.value = value ?? {};
      if (others.length > 0) {
        throw new ConfigurationError([`${name} must be one YAML document, got: ${others.length + 1}`]);
      }
    } catch (error) {
      throw error instanceof YAMLException ? new ConfigurationError([inWords(name, error)]) : error;
    }
    if (text.includes("*") && sizeOf(this.value) > MAX_VALUES) {
      throw new ConfigurationError([`${name} must have at most ${MAX_VALUES} values, with what its aliases stand for`]);
    }
  }

  /** The line of what stands at a path, or of the nearest thing around it where there is nothing. */
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
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "it may not be read",
  EISDIR: "it is a directory",
  ENOENT: "there is no such file",
};

function read(name: string): string {
  try {
    return readFileSync(name, "utf8");
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    throw new ConfigurationError([`${name} cannot be read: ${REASONS[code] ?? code} (${resolve(name)})`]);
  }
}

function inWords(name: string, { mark, reason }: YAMLException): string {
  return `${name}:${(mark?.line ?? 0) + 1} cannot be read as YAML: ${reason}`;
}

/** The number of values within one, itself included; endless where an alias stands within what it stands for. */
function sizeOf(value: unknown, known = new Map<unknown, number>()): number {
  if (typeof value !== "object" || value === null) {
    return 1;
  }
  if (!known.has(value)) {
    known.set(value, Infinity);
    known.set(
      value,
      Object.values(value).reduce((sum: number, part) => sum + sizeOf(part, known), 1),
    );
  }
  return known.get(value)!;
}

/** The line on which a value stands, and what is within it. */
interface Outline {
  readonly line: number;
  readonly children: ReadonlyMap<string, Outline>;
}

/** Keeps the order of keys, so that they can be told together with the events. */
const IN_ORDER = CORE_SCHEMA.withTags(realMapTag);

/** The lines of a file's values, which only errors need to know. */
function outlineOf(events: Event[], source: string): Outline {
  const lineAt = lineCounter(source);
  const anchors = new Map<string, Outline["children"]>();
  // The first event is the document's.
  let position = 1;

  const outline = (value: unknown): Outline => {
    const event = events[position++];
    if (!event || !("anchorStart" in event)) {
      return { children: new Map(), line: 1 };
    }
    const anchor = source.slice(event.anchorStart, event.anchorEnd);
    if (event.type === EVENT_ID.ALIAS) {
      return { children: anchors.get(anchor)!, line: lineAt(event.anchorStart) };
    }
    const line = lineAt(event.type === EVENT_ID.SCALAR ? event.valueStart : event.start);
    const children = new Map<string, Outline>();
    anchors.set(anchor, children);
    if (value instanceof Map) {
      for (const [key, item] of value) {
        // What a map has stands where its key does.
        const { line } = outline(key);
        children.set(String(key), { ...outline(item), line });
      }
    } else if (Array.isArray(value)) {
      value.forEach((item, index) => children.set(String(index), outline(item)));
    }
    if (event.type !== EVENT_ID.SCALAR) {
      position += 1;
    }
    return { children, line };
  };

  return outline(constructFromEvents(events, { schema: IN_ORDER, source })[0]);
}

/** Tells the line of an offset that is not before the one that was asked for last; of the last, if there is none. */
function lineCounter(text: string): (offset: number) => number {
  let line = 1;
  let end = text.indexOf("\n");
  return (offset) => {
    while (end !== -1 && end < offset) {
      line += 1;
      end = text.indexOf("\n", end + 1);
    }
    return line;
  };
}
