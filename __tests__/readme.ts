import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const WHOLE = readFileSync(join(dirname(__dirname), "README.md"), "utf8");
/** A section, by its heading. */
export function section(heading: string): string {
  const from = WHOLE.indexOf(`\n## ${heading}\n`);
  return WHOLE.slice(from, WHOLE.indexOf("\n## ", from + 1));
}

/** The runbook, whose commands the deploy lane runs. */
export const RUNBOOK = section("Runbook");
/** All but the runbook. */
export const README = WHOLE.replace(RUNBOOK, "");

/** The code blocks of a language, in order. */
export function blocks(language: string, text = README): string[] {
  return [...text.matchAll(/^```(\w+)\n([^]*?)^```$/gm)]
    .filter(([, of]) => of === language)
    .map(([, , block]) => block!);
}
