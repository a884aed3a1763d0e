import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { ConfigurationError } from "../config/configuration-file";

/** The file of a stack. */
export const SYNTHESIZED = "cdk.tf.json";
const STACKS = "stacks";
const MANIFEST = "manifest.json";

/** The result for the files of stacks. */
export interface Published {
  /** Stacks that had no file before. */
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly unchanged: readonly string[];
}

interface Manifest {
  readonly stacks: Readonly<Record<string, unknown>>;
  readonly version: string;
}

/**
 * Moves the files of complete stacks to their place. The files that Terraform keeps beside them stay, and so do the files of
 * stacks that this run did not make; those of stacks that are gone are removed.
 *
 * @param configured - the names of all stacks of the configuration
 * @throws ConfigurationError if a stack's directory is a link or a file
 */
export function publish(staging: string, outdir: string, configured: ReadonlySet<string>): Published {
  const [from, to] = [join(staging, STACKS), join(outdir, STACKS)];
  const made = readdirSync(from);
  checkPlaces(to, new Set(made));
  for (const entry of readdirSync(to, { withFileTypes: true })) {
    if (entry.isDirectory() && !configured.has(entry.name)) {
      rmSync(join(to, entry.name, SYNTHESIZED), { force: true });
    }
  }
  const published = { added: [] as string[], changed: [] as string[], unchanged: [] as string[] };
  for (const stack of made) {
    const [file, before] = [join(from, stack, SYNTHESIZED), join(to, stack, SYNTHESIZED)];
    // Another run may have made the directory.
    mkdirSync(join(to, stack), { recursive: true });
    const is = !existsSync(before)
      ? published.added
      : readFileSync(before).equals(readFileSync(file))
        ? published.unchanged
        : published.changed;
    is.push(stack);
    if (is !== published.unchanged) {
      renameSync(file, before);
    }
  }
  const [manifest, earlier] = [join(staging, MANIFEST), join(outdir, MANIFEST)];
  const written = new Set(made);
  const left = Object.entries(readManifest(earlier)?.stacks ?? {}).filter(
    ([stack]) => configured.has(stack) && !written.has(stack),
  );
  if (left.length > 0) {
    const { stacks, version } = readManifest(manifest)!;
    const all = [...left, ...Object.entries(stacks)].sort(([a], [b]) => (a < b ? -1 : 1));
    writeFileSync(manifest, JSON.stringify({ stacks: Object.fromEntries(all), version }, undefined, 2));
  }
  renameSync(manifest, earlier);
  return published;
}

/** Makes the directory of all stacks. Refuses what would be written or deleted through a link, or in place of a file. */
function checkPlaces(stacks: string, made: ReadonlySet<string>): void {
  mkdirSync(stacks, { recursive: true });
  const entries = readdirSync(stacks, { withFileTypes: true });
  const wrong = [
    ...(lstatSync(stacks).isSymbolicLink() ? [stacks] : []),
    ...entries
      .filter((entry) => entry.isSymbolicLink() || (made.has(entry.name) && !entry.isDirectory()))
      .map(({ name }) => join(stacks, name)),
  ];
  if (wrong.length > 0) {
    throw new ConfigurationError(wrong.map((path) => `${path} must be a directory, and no link: remove it`));
  }
}

function readManifest(file: string): Manifest | undefined {
  return readJson(file) as Manifest | undefined;
}

/** The value of a JSON file; undefined if there is no file, or no JSON in it. */
export function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}
