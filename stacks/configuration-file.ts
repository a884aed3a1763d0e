import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
  type YAMLError,
} from "yaml";

/** More uses of anchors than any fleet has, and fewer than would fill the memory. */
const MAX_ALIASES = 1_000_000;

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
  private readonly document: Document;
  private counter: LineCounter | undefined;

  /** @throws ConfigurationError if the text is no YAML */
  public constructor(
    /** The file's name, as errors show it. */
    public readonly name: string,
    private readonly text: string,
  ) {
    this.document = parseDocument(text, { logLevel: "error", prettyErrors: false });
    const aliases = text.includes("*") ? unresolvedAliases(this.document) : [];
    const errors = [...this.document.errors.map(inWords), ...aliases];
    if (errors.length > 0) {
      const lines = errors.map(({ message, offset }) => `${name}:${this.lines.linePos(offset).line} ${message}`);
      throw new ConfigurationError([...new Set(lines)]);
    }
    this.value = this.read();
  }

  /** The line of what stands at a path, or of the nearest thing around it where there is nothing. */
  public lineOf(path: Path): number {
    let node: unknown = this.document.contents;
    let start = 0;
    for (const step of path) {
      node = isAlias(node) ? node.resolve(this.document) : node;
      if (isMap(node)) {
        const pair = node.items.find(({ key }) => String(isScalar(key) ? key.value : key) === String(step));
        start = (pair?.key as Node | undefined)?.range?.[0] ?? start;
        node = pair?.value;
      } else if (isSeq(node)) {
        node = node.items[Number(step)];
        start = (node as Node | undefined)?.range?.[0] ?? start;
      } else {
        break;
      }
    }
    return this.lines.linePos(start).line;
  }

  /** Where lines begin, which only errors need to know. */
  private get lines(): LineCounter {
    if (!this.counter) {
      this.counter = new LineCounter();
      for (let start = 0; start !== -1; start = this.text.indexOf("\n", start) + 1 || -1) {
        this.counter.addNewLine(start);
      }
    }
    return this.counter;
  }

  private read(): unknown {
    try {
      return this.document.toJS({ maxAliasCount: MAX_ALIASES }) ?? {};
    } catch (error) {
      throw new ConfigurationError([`${this.name} cannot be read: ${(error as Error).message}`]);
    }
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

interface SyntaxProblem {
  readonly message: string;
  readonly offset: number;
}

function inWords({ code, message, pos }: YAMLError): SyntaxProblem {
  const several = code === "MULTIPLE_DOCS" ? "must be one YAML document, but another begins here" : undefined;
  return { message: several ?? message, offset: pos[0] };
}

function unresolvedAliases(document: Document): readonly SyntaxProblem[] {
  const problems: SyntaxProblem[] = [];
  visit(document, {
    Alias: (_, node) => {
      if (!node.resolve(document)) {
        problems.push({
          message: `*${node.source} must come after its anchor, &${node.source}`,
          offset: node.range![0],
        });
      }
    },
  });
  return problems;
}
