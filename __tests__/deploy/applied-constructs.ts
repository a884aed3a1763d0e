import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { minimatch } from "minimatch";

/** The file in the directory of a project that `recordConstructs` writes: the library's constructs of each stack. */
export const CONSTRUCTS_FILE = "constructs.json";

/** Makes the directory that has a file for each construct that a test applies. */
export function startRecording(): void {
  process.env.APPLIED_CONSTRUCTS = mkdtempSync(join(tmpdir(), "applied-"));
}

/**
 * Records the constructs of stacks that are applied. The names of the stacks may be patterns.
 *
 * @throws if the program has recorded no such stack
 */
export function recordApplied(projectDirectory: string, stacks: readonly string[]): void {
  const file = readFileSync(join(projectDirectory, CONSTRUCTS_FILE), "utf8");
  const applied = Object.entries(JSON.parse(file) as Record<string, string[]>).filter(([stack]) =>
    stacks.some((pattern) => minimatch(stack, pattern)),
  );
  if (applied.length === 0) {
    throw new Error(`${CONSTRUCTS_FILE} must have the constructs of ${stacks.join(", ")}, got: ${file}`);
  }
  for (const name of applied.flatMap(([, constructs]) => constructs)) {
    writeFileSync(join(process.env.APPLIED_CONSTRUCTS!, name), "");
  }
}

/** The names of the constructs that the tests have applied. Removes the directory. */
export function stopRecording(): ReadonlySet<string> {
  const directory = process.env.APPLIED_CONSTRUCTS!;
  const names = new Set(readdirSync(directory));
  rmSync(directory, { recursive: true });
  return names;
}
