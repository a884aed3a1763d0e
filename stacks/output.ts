import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The file of a stack. */
export const SYNTHESIZED = "cdk.tf.json";
const MANIFEST = "manifest.json";

/** What became of the files of stacks. */
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
 * Moves the files of complete stacks to where they belong. What Terraform keeps beside them stays, and so do the files of
 * stacks that this run left alone; those of stacks that are gone are removed.
 *
 * @param configured - the names of all stacks of the configuration
 */
export function publish(staging: string, outdir: string, configured: ReadonlySet<string>): Published {
  const [from, to] = [join(staging, "stacks"), join(outdir, "stacks")];
  mkdirSync(to, { recursive: true });
  const gone = readdirSync(to).filter((name) => !configured.has(name));
  for (const file of gone.map((stack) => join(to, stack, SYNTHESIZED)).filter((path) => existsSync(path))) {
    rmSync(file);
  }
  const published = { added: [] as string[], changed: [] as string[], unchanged: [] as string[] };
  const made = readdirSync(from);
  for (const stack of made) {
    const [file, before] = [join(from, stack, SYNTHESIZED), join(to, stack, SYNTHESIZED)];
    if (!existsSync(join(to, stack))) {
      renameSync(join(from, stack), join(to, stack));
      published.added.push(stack);
      continue;
    }
    if (!existsSync(before)) {
      published.added.push(stack);
    } else if (readFileSync(before).equals(readFileSync(file))) {
      published.unchanged.push(stack);
      continue;
    } else {
      published.changed.push(stack);
    }
    renameSync(file, before);
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

function readManifest(file: string): Manifest | undefined {
  return readJson(file) as Manifest | undefined;
}

/** What a file holds; undefined where there is none, or no JSON in it. */
export function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}
