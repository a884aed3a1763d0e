import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { closest, distance } from "fastest-levenshtein";
import * as v from "valibot";
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
import { type Configuration, SCHEMA, type WarehouseConfiguration } from "./schema";

/** More uses of anchors than any fleet has, and fewer than would fill the memory. */
const MAX_ALIASES = 1_000_000;

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

/** A configuration file: what it says, where it says it, and what is wrong with it. */
export class ConfigurationFile {
  /** @throws ConfigurationError if the file cannot be read, or is no YAML */
  public static load(file: string): ConfigurationFile {
    return new ConfigurationFile(file, read(file));
  }

  /** What the file says; what is wrong in it is not what its type says. */
  public readonly configuration: Configuration;
  /** What is wrong with single values and with names, before any stack is made of them. */
  public readonly problems: readonly Problem[];
  private readonly document: Document;
  private readonly lines = new LineCounter();

  /** @throws ConfigurationError if the text is no YAML */
  public constructor(
    private readonly file: string,
    text: string,
  ) {
    this.document = parseDocument(text, { lineCounter: this.lines, logLevel: "error", prettyErrors: false });
    const errors = [...this.document.errors.map(inWords), ...unresolvedAliases(this.document)];
    if (errors.length > 0) {
      const lines = errors.map(({ message, offset }) => `${file}:${this.lines.linePos(offset).line} ${message}`);
      throw new ConfigurationError([...new Set(lines)]);
    }
    const input = this.read();
    const result = v.safeParse(SCHEMA, input);
    this.problems = [...(result.issues ?? []).map(problemOf), ...clashes(input)];
    this.configuration = result.output as Configuration;
  }

  /** The warehouses of which no problem is known, with their index in the file. */
  public get rightWarehouses(): readonly (readonly [index: number, warehouse: WarehouseConfiguration])[] {
    const wrong = new Set(
      this.problems.map(({ path: [first, index] }) => (first === "warehouses" ? index : undefined)),
    );
    const all = items(this.configuration.warehouses) as readonly WarehouseConfiguration[];
    return [...all.entries()].filter(([index]) => !wrong.has(index));
  }

  /** The error for problems of this file, in the order of their lines. */
  public error(problems: readonly Problem[]): ConfigurationError {
    const placed = problems.map((problem) => ({ ...problem, line: this.lineOf(problem.path) }));
    placed.sort((a, b) => a.line - b.line);
    return new ConfigurationError(
      placed.map(({ line, message, path }) => `${this.file}:${line} ${[written(path), message].join(" ").trim()}`),
    );
  }

  private read(): unknown {
    try {
      return this.document.toJS({ maxAliasCount: MAX_ALIASES }) ?? {};
    } catch (error) {
      throw new ConfigurationError([`${this.file} cannot be read: ${(error as Error).message}`]);
    }
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

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "it may not be read",
  EISDIR: "it is a directory",
  ENOENT: "there is no such file",
};

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    throw new ConfigurationError([`${file} cannot be read: ${REASONS[code] ?? code} (${resolve(file)})`]);
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
    const key = String(path.at(-1));
    const nearest = closest(key, issue.message.split(" "));
    const hint =
      distance(key.toLowerCase(), nearest.toLowerCase()) <= Math.max(2, key.length / 2)
        ? `did you mean ${nearest}?`
        : `known are ${issue.message.replaceAll(" ", ", ")}`;
    return { path, message: `is not a known key, ${hint}` };
  }
  const missing = issue.path?.at(-1)?.origin === "key";
  return missing
    ? { path, message: "must be given" }
    : { path, message: `must ${issue.message}, got: ${shown(issue.input)}` };
}

function shown(value: unknown): string {
  // A text that reads like a number, a yes/no or nothing is shown in its quotes.
  const plain = typeof value === "string" && !/^(|true|false|null|[\d.]+)$/.test(value);
  return plain ? value : JSON.stringify(value);
}

/** A name, and where in the file it comes from. */
interface Named {
  readonly name: unknown;
  readonly path: Path;
}

/**
 * What AWS has only one of: stacks that name the same one would fail at apply, or take it from each other. The input may
 * be anything, so that these are reported together with what else is wrong.
 */
function clashes(input: unknown): readonly Problem[] {
  const owners = new Map<string, Path>();
  const problems: Problem[] = [];
  const claim = (what: string, name: unknown, where: readonly unknown[], path: Path, got = name): boolean => {
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
    problems.push({ path, message: `must not be the ${what} of ${written(owner)} as well, got: ${got as string}` });
    return false;
  };
  items(map(input).warehouses).forEach((item, index) => {
    const { account, administrators, cluster, key, name, region, serverless, users } = map(item);
    const at = (...path: Path): Path => ["warehouses", index, ...path];
    // What is named after a warehouse whose name is taken would only repeat that.
    const own: Named = { name: claim("name", name, [], at("name")) ? name : undefined, path: at("name") };
    const named = (section: string, settings: unknown, prop: string, otherwise: Named): Named => {
      const { [prop]: given } = map(settings);
      return given === undefined ? otherwise : { name: given, path: at(section, prop) };
    };
    const claimHere = (what: string, { name, path }: Named) => claim(what, name, [account, region], path);
    if (!("keyArn" in map(key))) {
      const alias = typeof own.name === "string" ? `alias/${own.name}` : undefined;
      claimHere("key alias", named("key", key, "alias", { ...own, name: alias }));
    }
    for (const [list, roles] of Object.entries({ administrators, users })) {
      items(roles).forEach((role, position) => {
        const { roleArn, roleName } = map(role);
        const arn = roleArn ?? (list === "users" ? role : undefined);
        if (typeof roleName === "string") {
          const path = at(list, position, "roleName");
          if (claim("role", roleName, [account], path)) {
            claim("role", roleName, [account, index], path);
          }
        } else if (typeof arn === "string") {
          // A role that exists may use several warehouses, but each of them once.
          const path = at(list, position, ...(typeof role === "string" ? [] : ["roleArn"]));
          claim("role", arn.split("/").at(-1), [account, index], path, arn);
        }
      });
    }
    if (cluster !== undefined) {
      claimHere("cluster", named("cluster", cluster, "clusterIdentifier", own));
    }
    if (serverless !== undefined) {
      const namespace = named("serverless", serverless, "namespaceName", own);
      claimHere("namespace", namespace);
      claimHere("workgroup", named("serverless", serverless, "workgroupName", namespace));
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
