import { oneLine } from "./equivalents";
import type { Mutant } from "./operators";

/** The result for a mutant. Each verdict except "survived" counts as killed. */
export type Verdict = "killed" | "killed by the time limit" | "killed by the type checker" | "survived";

export interface Result {
  readonly mutant: Mutant;
  readonly verdict: Verdict;
}

/** The limit for the characters of a source in one line. */
const MAX_CHARACTERS = 120;

/** Returns the share of mutants that were killed, in percent. */
export function scoreOf(results: readonly Result[]): number {
  return (100 * results.filter(({ verdict }) => verdict !== "survived").length) / results.length;
}

/** Returns the report of a run: the survivors, and the score. */
export function reportOf(results: readonly Result[], equivalents: number): string {
  const survivors = results.filter(({ verdict }) => verdict === "survived");
  const count = (wanted: Verdict): number => results.filter(({ verdict }) => verdict === wanted).length;
  const killed =
    `${results.length - survivors.length} killed (${count("killed by the time limit")} by the time limit, ` +
    `${count("killed by the type checker")} by the type checker)`;
  return [
    ...survivors.map(({ mutant }) => titleOf(mutant)),
    // Rounded down, so that 100.0 means no survivor.
    `score ${(Math.floor(scoreOf(results) * 10) / 10).toFixed(1)} %: ${killed}, ${survivors.length} survived; ` +
      `${equivalents} equivalent left out`,
  ].join("\n");
}

/** Returns one line that describes a mutant: `file:line operator before → after`. */
export function titleOf({ after, before, file, line, operator }: Mutant): string {
  return `${file}:${line} ${operator} ${shown(before)} → ${after === "" ? "(removed)" : shown(after)}`;
}

function shown(text: string): string {
  const line = oneLine(text);
  return line.length > MAX_CHARACTERS ? `${line.slice(0, MAX_CHARACTERS - 1)}…` : line;
}
