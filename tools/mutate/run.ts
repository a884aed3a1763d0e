import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Clone, type Outcome } from "./clone";
import { UserError } from "../command";
import { type Mutant, mutated } from "./operators";
import { relatedTests, type TestRecord, testsOf } from "./related-tests";
import { type Result, titleOf, type Verdict } from "./report";
import { TypeCheck } from "./type-check";

const OUTCOMES: Readonly<Record<Outcome, Verdict>> = {
  failed: "killed",
  passed: "survived",
  "too slow": "killed by the time limit",
};

/** The checkout that is copied. */
export interface Checkout {
  readonly root: string;
  /** The paths of all files, from the root. */
  readonly files: readonly string[];
  /** The texts of the sources that have the mutants. */
  readonly texts: ReadonlyMap<string, string>;
}

/**
 * Runs the related tests of each mutant, in several clones in parallel. Returns the results in the order of the mutants.
 *
 * @param stop - ends the run; a failure of the run also aborts this controller
 * @throws UserError if the intact sources fail a test or the type checker
 */
export async function resultsOf(
  mutants: readonly Mutant[],
  { files, root, texts }: Checkout,
  workers: number,
  stop: AbortController,
): Promise<readonly Result[]> {
  // The real path, because jest prints paths without symbolic links.
  const scratch = realpathSync(mkdtempSync(join(tmpdir(), "mutate-")));
  try {
    const clones = Array.from(
      { length: Math.min(workers, mutants.length) },
      (_, index) => new Clone(root, files, join(scratch, `${index}`), stop.signal),
    );
    const related = new Map<string, readonly string[]>();
    const sources = [...new Set(mutants.map(({ file }) => file))];
    await each(sources, clones, stop, async (file, _, clone) => {
      related.set(file, relatedTests(file, await clone.testsImporting(file)));
    });
    const records = await recordsOf([...new Set([...related.values()].flat())], sources, clones, stop);
    const results: Result[] = [];
    let typeCheck: TypeCheck | undefined;
    let count = 0;
    await each(mutants, clones, stop, async (mutant, index, clone) => {
      const text = texts.get(mutant.file)!;
      const tests = testsOf(mutant.file, mutant.line, related.get(mutant.file)!, records);
      let verdict = await verdictOf(mutant, text, tests, clone);
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

/** Calls `work` for each value, in the next clone that is free. The first error stops all clones, and is thrown. */
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
 * Runs tests on the intact sources, in several clones in parallel, and returns their records.
 *
 * @throws UserError if a test fails, which would kill every mutant
 */
async function recordsOf(
  tests: readonly string[],
  sources: readonly string[],
  clones: readonly Clone[],
  stop: AbortController,
): Promise<readonly TestRecord[]> {
  const records: TestRecord[] = [];
  await each([...clones.keys()], clones, stop, async (share, _, clone) => {
    const some = tests.filter((_test, index) => index % clones.length === share);
    if (some.length > 0) {
      records.push(...(await clone.record(some, sources)));
    }
  });
  const failing = records.find(({ isPassed }) => !isPassed);
  if (failing !== undefined) {
    throw new UserError(`tests must pass on the intact sources, got: ${failing.test} failed`);
  }
  return records;
}

/** Returns the verdict of the tests that can notice a mutant; "survived" if there is no such test. */
async function verdictOf(mutant: Mutant, text: string, tests: readonly string[], clone: Clone): Promise<Verdict> {
  if (tests.length === 0) {
    return "survived";
  }
  clone.write(mutant.file, mutated(text, mutant));
  const outcome = await clone.run(tests);
  clone.write(mutant.file, text);
  return OUTCOMES[outcome];
}
