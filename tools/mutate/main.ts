// Changes sources, one change at a time, and prints the changes that no test notices.
//
//     npm run mutate -- modules/sharing/datashare.ts --sample 20
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join, posix, relative, resolve, sep } from "node:path";
import { readArguments, USAGE } from "./arguments";
import { isEquivalent, readEquivalents } from "./equivalents";
import { interruptible, UserError } from "../command";
import { mutantsOf } from "./operators";
import { reportOf, scoreOf } from "./report";
import { resultsOf } from "./run";
import { sampleOf } from "./sample";

const ROOT = join(__dirname, "..", "..");

async function main(args: readonly string[]): Promise<void> {
  const options = readArguments(args);
  if (options === undefined) {
    console.log(USAGE);
    return;
  }
  const files = filesOfCheckout();
  const texts = new Map(
    sourcesOf(options.paths, files).map((file) => [file, readFileSync(join(ROOT, file), "utf8")] as const),
  );
  const allMutants = [...texts].flatMap(([file, text]) => mutantsOf(file, text));
  const equivalents = readEquivalents(readFileSync(join(__dirname, "equivalents.tsv"), "utf8"));
  const mutants = allMutants.filter((mutant) => {
    const text = texts.get(mutant.file)!;
    return !equivalents.some((equivalent) => isEquivalent(equivalent, mutant, text));
  });
  if (mutants.length === 0) {
    throw new UserError(`PATH must have code that an operator changes, got: ${options.paths.join(" ")}`);
  }
  const sample = options.sample === undefined ? mutants : sampleOf(mutants, options.sample, options.seed);
  const results = await resultsOf(sample, { files, root: ROOT, texts }, options.workers, interruptible());
  console.log(reportOf(results, allMutants.length - mutants.length));
  if (options.threshold !== undefined && scoreOf(results) < options.threshold) {
    process.exitCode = 1;
  }
}

/** Returns the files of the checkout that git does not ignore, relative to its root. */
function filesOfCheckout(): readonly string[] {
  const args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  return (
    execFileSync("git", args, { cwd: ROOT, encoding: "utf8" })
      .split("\0")
      // Removes deleted files, which the index still has, and a link `node_modules`, which `node_modules/` of .gitignore does not
      // match.
      .filter((file) => file !== "" && file !== "node_modules" && existsSync(join(ROOT, file)))
      .sort()
  );
}

/**
 * Returns the TypeScript sources that the paths name or contain.
 *
 * @throws UserError if a path has none
 */
function sourcesOf(paths: readonly string[], files: readonly string[]): readonly string[] {
  const sources = files.filter((file) => /(?<!\.d)\.ts$/.test(file) && !file.startsWith("__tests__/"));
  const namedSources = paths.flatMap((path) => {
    const name = relative(ROOT, resolve(path)).replaceAll(sep, posix.sep);
    const matching = sources.filter((file) => name === "" || file === name || file.startsWith(`${name}/`));
    if (matching.length === 0) {
      throw new UserError(`PATH must be a TypeScript source of the checkout, or a folder with one, got: ${path}`);
    }
    return matching;
  });
  return [...new Set(namedSources)];
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof UserError ? `mutate: ${error.message}` : error);
  process.exitCode = 1;
});
