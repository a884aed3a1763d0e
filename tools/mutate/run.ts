import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Clone } from "./clone";
import { MutateError } from "./error";
import { type Mutant, mutated } from "./operators";
import { stagesOf } from "./related-tests";
import { type Result, titleOf, type Verdict } from "./report";
import { TypeCheck } from "./type-check";

/** The checkout that is copied. */
export interface Checkout {
  readonly root: string;
  /** The paths of all files, from the root. */
  readonly files: readonly string[];
  /** The texts of the sources that have the mutants. */
  readonly texts: ReadonlyMap<string, string>;
}

/**
 * Runs the tests of each mutant, in clones beside each other. The results have the order of the mutants.
 *
 * @param stop - ends the run; a failure of the run aborts it, too
 * @throws MutateError if the intact sources fail a test or the type checker
 */
export async function resultsOf(
  mutants: readonly Mutant[],
  { files, root, texts }: Checkout,
  workers: number,
  stop: AbortController,
): Promise<readonly Result[]> {
  // The real path, because jest prints real paths.
  const scratch = realpathSync(mkdtempSync(join(tmpdir(), "mutate-")));
  try {
    const clones = Array.from(
      { length: Math.min(workers, mutants.length) },
      (_, index) => new Clone(root, files, join(scratch, `${index}`), stop.signal),
    );
    const stages = new Map<string, readonly (readonly string[])[]>();
    await each([...new Set(mutants.map(({ file }) => file))], clones, stop, async (file, _, clone) => {
      stages.set(file, stagesOf(file, await clone.testsImporting(file)));
    });
    const results: Result[] = [];
    const passing = new Set<string>();
    let typeCheck: TypeCheck | undefined;
    let count = 0;
    await each(mutants, clones, stop, async (mutant, index, clone) => {
      const text = texts.get(mutant.file)!;
      let verdict = await verdictOf(mutant, text, stages.get(mutant.file)!, clone, passing);
      if (verdict === "survived") {
        typeCheck ??= new TypeCheck(root);
        verdict = typeCheck.refuses(mutant.file, mutated(text, mutant)) ? "killed by the type checker" : verdict;
      }
      results[index] = { mutant, verdict };
      count += 1;
      console.error(`${count}/${mutants.length} ${verdict}: ${titleOf(mutant)}`);
    });
    return results;
  } finally {
    rmSync(scratch, { force: true, maxRetries: 5, recursive: true });
  }
}

/** Runs `work` for each value in the next free clone. The first error stops all clones, and is thrown. */
async function each<T>(
  values: readonly T[],
  clones: readonly Clone[],
  stop: AbortController,
  work: (value: T, index: number, clone: Clone) => Promise<void>,
): Promise<void> {
  const rest = values.entries();
  await Promise.all(
    clones.map(async (clone) => {
      try {
        for (const [index, value] of rest) {
          await work(value, index, clone);
        }
      } catch (error) {
        stop.abort(error);
      }
    }),
  );
  stop.signal.throwIfAborted();
}

/**
 * The verdict of the tests.
 *
 * @param passing - the tests that were run on the intact sources and passed
 */
async function verdictOf(
  mutant: Mutant,
  text: string,
  stages: readonly (readonly string[])[],
  clone: Clone,
  passing: Set<string>,
): Promise<Verdict> {
  for (const tests of stages) {
    clone.write(mutant.file, mutated(text, mutant));
    const { failed, status } = await clone.run(tests);
    clone.write(mutant.file, text);
    if (status !== "passed") {
      // A test that always fails would kill every mutant. A crash or the time limit names no test.
      await requirePassing(status === "failed" && failed.length > 0 ? failed : tests, clone, passing);
      return status === "failed" ? "killed" : "killed by the time limit";
    }
  }
  return "survived";
}

/** @throws MutateError if one of the tests fails on the intact sources */
async function requirePassing(tests: readonly string[], clone: Clone, passing: Set<string>): Promise<void> {
  const untried = tests.filter((test) => !passing.has(test));
  if (untried.length === 0) {
    return;
  }
  const { failed, status } = await clone.run(untried);
  if (status !== "passed") {
    throw new MutateError(`tests must pass on the intact sources, got: ${[...failed, ...untried][0]} ${status}`);
  }
  untried.forEach((test) => passing.add(test));
}
