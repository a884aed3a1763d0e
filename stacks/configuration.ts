import { readFileSync } from "node:fs";
import { closest } from "fastest-levenshtein";
import * as v from "valibot";
import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import { type Configuration, SCHEMA } from "./schema";

/** Where in the file something stands: keys of maps and indexes of lists. */
export type Path = readonly (string | number)[];

/** One thing that is wrong with the file. */
export interface Problem {
  readonly path: Path;
  /** What is wrong, read after the path: `must be an AWS region, got: us-est-1`. */
  readonly message: string;
}

/** Everything that is wrong with the file; the message has a line for each problem. */
export class ConfigurationError extends Error {
  public constructor(lines: readonly string[]) {
    super(lines.join("\n"));
    this.name = "ConfigurationError";
  }
}

/** A configuration file: what it says, and where it says it. */
export class ConfigurationFile {
  /** @throws ConfigurationError with every problem of the file */
  public static load(file: string): ConfigurationFile {
    return new ConfigurationFile(file, read(file));
  }

  /** What the file says. */
  public readonly configuration: Configuration;
  private readonly document: Document;
  private readonly lines = new LineCounter();

  public constructor(
    private readonly file: string,
    text: string,
  ) {
    this.document = parseDocument(text, { lineCounter: this.lines, prettyErrors: false });
    if (this.document.errors.length > 0) {
      throw new ConfigurationError(
        this.document.errors.map(({ message, pos }) => `${file}:${this.lines.linePos(pos[0]).line} ${message}`),
      );
    }
    const input: unknown = this.document.toJS();
    const result = v.safeParse(SCHEMA, input);
    const problems = [...(result.issues ?? []).map(problemOf), ...clashes(input)];
    if (!result.success || problems.length > 0) {
      throw this.error(problems);
    }
    this.configuration = result.output;
  }

  /** The error for problems of this file, in the order of their lines. */
  public error(problems: readonly Problem[]): ConfigurationError {
    const placed = problems.map((problem) => ({ ...problem, line: this.lineOf(problem.path) }));
    placed.sort((a, b) => a.line - b.line);
    return new ConfigurationError(
      placed.map(({ line, message, path }) => `${this.file}:${line} ${[written(path), message].join(" ").trim()}`),
    );
  }

  /** The line of what stands at a path, or of the nearest thing around it where there is nothing. */
  private lineOf(path: Path): number {
    let node: unknown = this.document.contents;
    let start = 0;
    for (const step of path) {
      node = isAlias(node) ? node.resolve(this.document) : node;
      if (isMap(node)) {
        const pair = node.items.find(({ key }) => (isScalar(key) ? key.value === step : key === step));
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
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ConfigurationError([`${file} must be a file that can be read, got: ${code}`]);
  }
}

function written(path: Path): string {
  return path
    .map((step) => (typeof step === "number" ? `[${step}]` : /^[\w-]+$/.test(step) ? `.${step}` : `["${step}"]`))
    .join("")
    .replace(/^\./, "");
}

function problemOf(issue: v.BaseIssue<unknown>): Problem {
  const path = (issue.path ?? []).map(({ key }) => key as string | number);
  if (issue.type === "never") {
    // The schema's message is the list of the keys that it knows here.
    return {
      path,
      message: `is not a known key, did you mean ${closest(String(path.at(-1)), issue.message.split(" "))}?`,
    };
  }
  const missing = issue.path?.at(-1)?.origin === "key";
  return missing
    ? { path, message: "must be given" }
    : { path, message: `must ${issue.message}, got: ${shown(issue.input)}` };
}

function shown(value: unknown): string {
  return typeof value === "string" ? value || '""' : JSON.stringify(value);
}

/**
 * What AWS has only one of: stacks that name the same one would fail at apply, or take it from each other. The input may
 * be anything, so that these are reported together with what else is wrong.
 */
function clashes(input: unknown): readonly Problem[] {
  const owners = new Map<string, Path>();
  const problems: Problem[] = [];
  const claim = (what: string, name: unknown, where: readonly unknown[], path: Path): boolean => {
    if (typeof name !== "string") {
      return false;
    }
    // Role names are unique whatever their case; the other names have no upper case.
    const claimed = JSON.stringify([what, name.toLowerCase(), ...where]);
    const owner = owners.get(claimed);
    if (owner === undefined) {
      owners.set(claimed, path);
      return true;
    }
    problems.push({ path, message: `must not be the ${what} of ${written(owner)} as well, got: ${name}` });
    return false;
  };
  items(map(input).warehouses).forEach((item, index) => {
    const { account, administrators, cluster, key, name, region, serverless, users } = map(item);
    const at = (...path: Path): Path => ["warehouses", index, ...path];
    // What is named after a warehouse whose name is taken would only repeat that.
    const ownName = claim("name", name, [], at("name")) ? (name as string) : undefined;
    if (!("keyArn" in map(key))) {
      const { alias = ownName && `alias/${ownName}` } = map(key);
      claim("key alias", alias, [account, region], at("key", "alias"));
    }
    for (const [list, roles] of Object.entries({ administrators, users })) {
      items(roles).forEach((role, position) => {
        claim("role", map(role).roleName, [account], at(list, position, "roleName"));
      });
    }
    if (cluster !== undefined) {
      const { clusterIdentifier = ownName } = map(cluster);
      claim("cluster", clusterIdentifier, [account, region], at("cluster", "clusterIdentifier"));
    }
    if (serverless !== undefined) {
      const { namespaceName = ownName } = map(serverless);
      const { workgroupName = namespaceName } = map(serverless);
      claim("namespace", namespaceName, [account, region], at("serverless", "namespaceName"));
      claim("workgroup", workgroupName, [account, region], at("serverless", "workgroupName"));
    }
  });
  return problems;
}

function map(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function items(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
