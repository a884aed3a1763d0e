import { existsSync, lstatSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigurationError } from "../config/configuration-file";
import { makeFolder } from "./folder";

/** The file name of a synthesized stack, in the directory of the stack. */
export const SYNTHESIZED = "cdk.tf.json";
const STACKS = "stacks";
const MANIFEST = "manifest.json";

/** The names of the published stacks, by the change of their files. */
export interface Published {
  /** The stacks that had no file before. */
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly unchanged: readonly string[];
}

interface Manifest {
  readonly stacks: Readonly<Record<string, unknown>>;
  readonly version: string;
}

/**
 * Moves the files of this run's stacks from the staging directory to the output directory. Removes the files of stacks that the
 * configuration no longer has. Keeps the files of all other stacks, and the files that Terraform has beside them.
 *
 * @param configured - the names of all stacks of the configuration
 * @throws ConfigurationError if a stack's directory is a link or a file
 */
export function publish(staging: string, outdir: string, configured: ReadonlySet<string>): Published {
  const [from, to] = [join(staging, STACKS), join(outdir, STACKS)];
  const stacks = readdirSync(from);
  checkDirectories(to, new Set(stacks));
  for (const entry of readdirSync(to, { withFileTypes: true })) {
    if (entry.isDirectory() && !configured.has(entry.name)) {
      rmSync(join(to, entry.name, SYNTHESIZED), { force: true });
    }
  }
  const published = { added: [] as string[], changed: [] as string[], unchanged: [] as string[] };
  for (const stack of stacks) {
    if (moveDirectory(join(from, stack), join(to, stack))) {
      published.added.push(stack);
      continue;
    }
    const [file, before] = [join(from, stack, SYNTHESIZED), join(to, stack, SYNTHESIZED)];
    makeFolder(join(to, stack));
    const names = !existsSync(before)
      ? published.added
      : readFileSync(before).equals(readFileSync(file))
        ? published.unchanged
        : published.changed;
    names.push(stack);
    if (names !== published.unchanged) {
      renameSync(file, before);
    }
  }
  const [manifest, earlier] = [join(staging, MANIFEST), join(outdir, MANIFEST)];
  const { stacks: added, version } = readJson<Manifest>(manifest)!;
  const keptStacks = Object.entries(readJson<Manifest>(earlier)?.stacks ?? {}).filter(([stack]) =>
    configured.has(stack),
  );
  const listedStacks = Object.entries({ ...Object.fromEntries(keptStacks), ...added }).sort(([a], [b]) =>
    a < b ? -1 : 1,
  );
  writeFileSync(manifest, JSON.stringify({ stacks: Object.fromEntries(listedStacks), version }, undefined, 2));
  renameSync(manifest, earlier);
  return published;
}

/**
 * Moves a directory, and returns true. Returns false if that fails, as when the target exists and has files. A rename takes less
 * time than a new directory and the removal of the old one.
 */
function moveDirectory(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch {
    return false;
  }
}

/** Creates the directory of all stacks. Refuses a symbolic link in it, and a file in place of a stack's directory. */
function checkDirectories(directory: string, stacks: ReadonlySet<string>): void {
  makeFolder(directory);
  const entries = readdirSync(directory, { withFileTypes: true });
  const notDirectories = [
    ...(lstatSync(directory).isSymbolicLink() ? [directory] : []),
    ...entries
      .filter((entry) => entry.isSymbolicLink() || (stacks.has(entry.name) && !entry.isDirectory()))
      .map(({ name }) => join(directory, name)),
  ];
  if (notDirectories.length > 0) {
    throw new ConfigurationError(notDirectories.map((path) => `${path} must be a directory, and no link: remove it`));
  }
}

/** Returns the content of a JSON file; undefined if the file is missing or has no valid JSON. The type is not checked. */
export function readJson<T>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as T;
  } catch {
    return undefined;
  }
}
