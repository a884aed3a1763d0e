import { UserError } from "../command";
import { type Mutant, mutated } from "./operators";

/** A mutant that changes no behaviour, so that no test can notice it. */
export interface Equivalent {
  readonly file: string;
  readonly operator: string;
  /** The lines of the mutant and the line before them, with single spaces. */
  readonly before: string;
  /** The same lines with the mutant in them. */
  readonly after: string;
  readonly reason: string;
}

/**
 * Reads a list of equivalent mutants: tab-separated columns, and comments that begin with `#`.
 *
 * @throws UserError if an entry lacks a column
 */
export function readEquivalents(text: string): readonly Equivalent[] {
  return text.split("\n").flatMap((line, index) => {
    if (line === "" || line.startsWith("#")) {
      return [];
    }
    const columns = line.split("\t");
    if (columns.length !== 5 || columns.includes("")) {
      throw new UserError(
        `line ${index + 1} must have five columns with tabs between them (file, operator, before, after, reason), got: ${line}`,
      );
    }
    const [file, operator, before, after, reason] = columns as [string, string, string, string, string];
    return [{ file, operator, before, after, reason }];
  });
}

/** Returns whether an entry of the list describes this mutant of a source. Compares texts, because line numbers change. */
export function isEquivalent(equivalent: Equivalent, mutant: Mutant, text: string): boolean {
  if (equivalent.file !== mutant.file || equivalent.operator !== mutant.operator) {
    return false;
  }
  const { after, before } = linesOf(mutant, text);
  return equivalent.before === before && equivalent.after === after;
}

/** Returns the lines of a mutant and the line before them, without and with the mutant. The line before them distinguishes short lines. */
export function linesOf(mutant: Mutant, text: string): Pick<Equivalent, "after" | "before"> {
  const lineStart = text.lastIndexOf("\n", mutant.start - 1) + 1;
  const from = lineStart === 0 ? 0 : text.lastIndexOf("\n", lineStart - 2) + 1;
  const next = text.indexOf("\n", mutant.end);
  const to = next === -1 ? text.length : next;
  const change = mutated(text, mutant);
  return {
    after: oneLine(change.slice(from, to + change.length - text.length)),
    before: oneLine(text.slice(from, to)),
  };
}

/** Returns a string with each sequence of white space replaced by one space. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
