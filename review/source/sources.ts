import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { isIndex, partsOf } from "../plan/addresses";
import { PlanError } from "../plan/plan";
import { isMap } from "../plan/predicates";
import { blocksOfHcl } from "./hcl";
import { blocksOfJson } from "./json";

/** The file and line of a block. */
export interface Location {
  /** The path from the root of the repository, with forward slashes. */
  readonly file: string;
  readonly line: number;
}

/** The names of the files that Terraform or OpenTofu reads. Neither reads a hidden file. */
const CONFIGURATION = /^[^.].*\.(?:tf|tofu)(?:\.json)?$/;
const TF_ENDING = /\.tf(\.json)?$/;

/** Finds the file and line of resources and data sources in the configuration of a plan. */
export class Sources {
  /** The repository, outside of which no file is read. A root module often calls modules beside its own directory. */
  private readonly base: string;
  private readonly directory: string;
  /** The directories of the modules, by their keys in modules.json, such as `network.vpc`; the root module is "". */
  public readonly modules: ReadonlyMap<string, string>;
  private readonly blocks = new Map<string, ReadonlyMap<string, Location>>();
  private readonly broken = new Set<string>();

  /**
   * @param directory - the root module
   * @throws PlanError if it is no directory
   */
  public constructor(directory: string) {
    this.directory = realDirectory(directory);
    this.base = repositoryOf(this.directory);
    this.modules = this.readModules();
  }

  /** Returns the file and line of a resource or data source; undefined if no file of its module has it. */
  public locationOf(address: string): Location | undefined {
    const parts = partsOf(address).filter((part) => !isIndex(part));
    const calls: string[] = [];
    while (parts[0] === "module" && parts.length > 2) {
      calls.push(...parts.splice(0, 2).slice(1));
    }
    const directory = this.modules.get(calls.join("."));
    if (directory === undefined) {
      return undefined;
    }
    const blocks = this.blocks.get(directory) ?? this.blocksIn(directory);
    this.blocks.set(directory, blocks);
    return blocks.get(parts.join("."));
  }

  /** Returns the files with a syntax error, of those that have been read. Terraform refuses them. */
  public brokenFiles(): readonly string[] {
    return [...this.broken];
  }

  private readModules(): ReadonlyMap<string, string> {
    const manifest = this.textOf(join(this.directory, ".terraform", "modules", "modules.json"));
    const installed = entriesOf(manifest).flatMap(({ Dir: directory, Key: key }) => {
      const path = typeof directory === "string" ? this.inside(resolve(this.directory, directory)) : undefined;
      return typeof key === "string" && key !== "" && path !== undefined && statSync(path).isDirectory()
        ? [[key, path] as const]
        : [];
    });
    return new Map([["", this.directory], ...installed]);
  }

  /**
   * Reads the files and lines of all blocks of a directory, by address. Override files are read last, so the original block counts.
   * OpenTofu reads main.tofu in place of main.tf.
   *
   * @see https://opentofu.org/docs/language/files/
   */
  private blocksIn(directory: string): ReadonlyMap<string, Location> {
    const blocks = new Map<string, Location>();
    const isOverride = (name: string): boolean => /(?:^|_)override\.(?:tf|tofu)(?:\.json)?$/.test(name);
    const present = new Set(readable(directory, () => readdirSync(directory)));
    const names = [...present].filter(
      (name) => CONFIGURATION.test(name) && !(TF_ENDING.test(name) && present.has(name.replace(TF_ENDING, ".tofu$1"))),
    );
    for (const name of names.sort(
      (one, other) => Number(isOverride(one)) - Number(isOverride(other)) || (one < other ? -1 : 1),
    )) {
      const text = this.textOf(join(directory, name));
      if (text === undefined) {
        continue;
      }
      const file = relative(this.base, join(directory, name)).split(sep).join("/");
      const source = name.endsWith(".json") ? blocksOfJson(text) : blocksOfHcl(text);
      if (source.isBroken) {
        this.broken.add(file);
      }
      for (const { address, line } of source.blocks) {
        if (!blocks.has(address)) {
          blocks.set(address, { file, line });
        }
      }
    }
    return blocks;
  }

  /** Reads a file, if it is in the repository; undefined if it does not exist or is outside. */
  private textOf(path: string): string | undefined {
    const file = this.inside(path);
    return file !== undefined && statSync(file).isFile() ? readable(file, () => readFileSync(file, "utf8")) : undefined;
  }

  /** Resolves the symbolic links of a path; undefined if it does not exist or leads out of the repository. */
  private inside(path: string): string | undefined {
    try {
      const real = realpathSync(path);
      return isInside(this.base, real) ? real : undefined;
    } catch {
      return undefined;
    }
  }
}

function realDirectory(directory: string): string {
  return readable(directory, () => {
    readdirSync(directory);
    return realpathSync(directory);
  });
}

/** @throws PlanError if a file or directory cannot be read */
function readable<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new PlanError(`--source ${path} cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
}

/**
 * Returns the root of the Git repository of a directory. Without a repository, returns the working directory if the directory is in
 * it, and otherwise the directory itself.
 */
function repositoryOf(directory: string): string {
  for (let path = directory; path !== dirname(path); path = dirname(path)) {
    if (existsSync(join(path, ".git"))) {
      return path;
    }
  }
  const working = realpathSync(process.cwd());
  return isInside(working, directory) ? working : directory;
}

function isInside(directory: string, path: string): boolean {
  const way = relative(directory, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function entriesOf(manifest: string | undefined): readonly Readonly<Record<string, unknown>>[] {
  try {
    const { Modules: modules } = JSON.parse(manifest ?? "") as { Modules?: readonly unknown[] };
    return (modules ?? []).filter(isMap);
  } catch {
    return [];
  }
}
