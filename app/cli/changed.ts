import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { isAbsolute, join, relative, resolve, sep } from "node:path";
import { printable } from "../../modules/private/printable";
import { ConfigurationError, ConfigurationFile } from "../config/configuration-file";
import { existingFileNamesOf, fileNamesOf } from "../config/file-names";
import { Fleet } from "../config/fleet";
import { isWithin } from "../config/is-within";
import { changedFiles, commitOf, repositoryHere, withFilesOf } from "./git";
import { SYNTHESIZED } from "./output";
import { configurationFiles, DEFAULT_FILE } from "./program";
import { Progress } from "./progress";
import { sharedOf } from "./selection";
import { PROJECT_DIRECTORY, type Step } from "./synthesis";
import { withStacks } from "./synthesis-threads";

/** A stack that differs from the configuration of a git ref. */
export interface ChangedStack {
  readonly stack: string;
  readonly change: "added" | "changed" | "dropped";
  /** The stacks of the shared key and parameter group that the stack's entry names. */
  readonly dependsOn: readonly string[];
  /** 0 if the stack depends on no other stack, 1 if it does. Wave 0 is applied before wave 1. A dropped stack has no wave. */
  readonly wave?: 0 | 1;
}

/**
 * If one of these files differs, all stacks are selected: the files decide the versions of the library and the providers, and the
 * CDKTF context.
 */
const VERSION_FILES = [
  ".terraform.lock.hcl",
  "bun.lock",
  "cdktf.json",
  "npm-shrinkwrap.json",
  "package-lock.json",
  "package.json",
  "pnpm-lock.yaml",
  "yarn.lock",
];
const PROGRAM = resolve(__dirname, "..", "..");
/**
 * The sources of the program. The program of the ref is not run, so that a difference in these sources selects all stacks. This
 * applies only if the working directory is the checkout of the program.
 */
const PROGRAM_FILES = ["app", "main.ts", "modules", "register.cjs"];

/**
 * Returns the stacks whose synthesized Terraform differs between a git ref and the working directory. Added and changed stacks
 * come first, each after the stacks that it depends on. Dropped stacks follow, each before the stacks that it depends on.
 *
 * @throws ConfigurationError if the ref cannot be read, or a configuration has a problem
 */
export async function changedSince(ref: string): Promise<readonly ChangedStack[]> {
  const names = configurationFiles();
  const { prefix, top } = repositoryHere();
  const commit = commitOf(ref);
  checkPlaces(names, top);
  const now = Fleet.load(names);
  const versions = changedFiles(commit, versionPaths(top));
  const progress = new Progress();
  let changes: readonly ChangedStack[] = [];
  const outdir = mkdtempSync(join(tmpdir(), "changed-stacks-"));
  const [to, from] = [join(outdir, "now"), join(outdir, "ref")];
  try {
    await writeStacks(now, to, "Now", progress);
    await withFilesOf(commit, top, async (files) => {
      const earlier = await inFolder(join(files, prefix), async () => {
        const fleet = earlierFleet(ref, names);
        if (fleet !== undefined && versions.length === 0) {
          await withRefInErrors(ref, () => writeStacks(fleet, from, "At the ref", progress));
        }
        return fleet;
      });
      const isEqual = (stack: string) => versions.length === 0 && bytesOf(from, stack).equals(bytesOf(to, stack));
      changes = changesBetween(earlier, now, isEqual);
    });
  } finally {
    progress.end();
    rmSync(outdir, { recursive: true });
  }
  if (versions.length > 0) {
    const [first, ...others] = versions;
    const differ = others.length > 0 ? ` and ${others.length} more differ` : " differs";
    console.warn(printable(`${first!}${differ} from ${ref}: all stacks are selected`));
  }
  return changes;
}

/**
 * Returns the added, changed and dropped stacks between the fleet of a ref and the fleet of the working directory. Without an
 * earlier fleet, all stacks are added.
 */
function changesBetween(
  earlier: Fleet | undefined,
  now: Fleet,
  isEqual: (stack: string) => boolean,
): readonly ChangedStack[] {
  const [before, after] = [new Set(earlier?.names), new Set(now.names)];
  const dependencies = sharedOf(now);
  const addedOrChanged = now.names
    .filter((stack) => !before.has(stack) || !isEqual(stack))
    .map((stack): ChangedStack => {
      const dependsOn = dependencies.get(stack) ?? [];
      const wave = dependsOn.length > 0 ? 1 : 0;
      return { stack, change: before.has(stack) ? "changed" : "added", dependsOn, wave };
    });
  const earlierDependencies = earlier === undefined ? undefined : sharedOf(earlier);
  const dropped = [...before]
    .filter((stack) => !after.has(stack))
    .map((stack): ChangedStack => ({
      stack,
      change: "dropped",
      dependsOn: earlierDependencies?.get(stack) ?? [],
    }));
  return [...addedOrChanged, ...dropped.reverse()];
}

/**
 * Refuses a name of WAREHOUSES that is absolute or outside the repository: the ref does not have that file, so that the file would
 * be compared with itself.
 */
function checkPlaces(names: string, top: string): void {
  const outside = fileNamesOf(names).filter((name) => isAbsolute(name) || (existsSync(name) && !isWithin(top, name)));
  if (outside.length > 0) {
    throw new ConfigurationError(
      outside.map((name) => `WAREHOUSES must have relative names in the repository for --changed-since, got: ${name}`),
    );
  }
}

/**
 * Returns the paths of `VERSION_FILES` in the working directory and in each folder above it up to the top of the repository, and
 * `PROGRAM_FILES` in a checkout of the program.
 */
function versionPaths(top: string): readonly string[] {
  const workingDirectory = realpathSync(".");
  const depth = relative(top, workingDirectory).split(sep).filter(Boolean).length;
  const folders = Array.from({ length: depth + 1 }, (_, steps) => join(".", ...Array<string>(steps).fill("..")));
  const isCheckout = workingDirectory === PROGRAM;
  return [
    ...folders.flatMap((place) => VERSION_FILES.map((name) => join(place, name))),
    ...(isCheckout ? PROGRAM_FILES : []),
  ];
}

/**
 * Returns the fleet of the ref. The working directory must be the checked-out copy of the ref. Returns undefined if the ref has no
 * configuration file.
 */
function earlierFleet(ref: string, names: string): Fleet | undefined {
  const files = process.env.WAREHOUSES || existsSync(DEFAULT_FILE) ? existingFileNamesOf(names) : [];
  return withRefInErrors(ref, () =>
    files.length > 0 ? new Fleet(files.map((name) => ConfigurationFile.load(name))) : undefined,
  );
}

/**
 * Runs a function in another working directory, and returns its result. Returns undefined if the directory does not exist, as in an
 * older ref.
 */
async function inFolder<T>(folder: string, work: () => Promise<T>): Promise<T | undefined> {
  if (!existsSync(folder)) {
    return undefined;
  }
  const before = process.cwd();
  process.chdir(folder);
  try {
    return await work();
  } finally {
    process.chdir(before);
  }
}

/** Runs a function, and adds the name of the ref to a ConfigurationError that it throws. */
function withRefInErrors<T>(ref: string, work: () => T): T {
  const fail = (error: unknown): never => {
    if (!(error instanceof ConfigurationError)) {
      throw error;
    }
    throw new ConfigurationError([
      `The configuration at ${ref} must be valid: name another ref, or leave out --changed-since to list all stacks`,
      ...error.message.split("\n"),
    ]);
  };
  try {
    const result = work();
    return result instanceof Promise ? (result.catch(fail) as T) : result;
  } catch (error) {
    return fail(error);
  }
}

async function writeStacks(fleet: Fleet, outdir: string, time: string, progress: Progress): Promise<void> {
  mkdirSync(outdir);
  const options = {
    onStep: (step: Step, stack: number, stacks: number) => {
      progress.step(`${time}: ${step.toLowerCase()}`, stack, stacks);
    },
    projectDirectory: PROJECT_DIRECTORY,
  };
  await withStacks(fleet, options, async (stacks) => {
    await stacks.write(outdir);
  });
}

function bytesOf(outdir: string, stack: string): Buffer {
  return readFileSync(join(outdir, "stacks", stack, SYNTHESIZED));
}
