import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const WHOLE = readFileSync(join(dirname(__dirname), "README.md"), "utf8");
/** The runbook, whose commands the deploy lane runs. */
export const RUNBOOK = /## Runbook[^]*?(?=\n## )/.exec(WHOLE)![0];
/** All but the runbook. */
export const README = WHOLE.replace(RUNBOOK, "");

/** The code blocks of a language, in order. */
export function blocks(language: string, text = README): string[] {
  return [...text.matchAll(/^```(\w+)\n([^]*?)^```$/gm)]
    .filter(([, of]) => of === language)
    .map(([, , block]) => block!);
}
