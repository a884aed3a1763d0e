import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./paths";

export const README = readFileSync(join(ROOT, "README.md"), "utf8");
/** The page that describes the configuration. */
export const CONFIGURATION = readFileSync(join(ROOT, "docs", "configuration.md"), "utf8");
/** The page for developers of the project. */
export const DEVELOP = readFileSync(join(ROOT, "docs", "develop.md"), "utf8");
/** The runbook, whose commands the deploy lane runs. */
export const RUNBOOK = readFileSync(join(ROOT, "docs", "runbook.md"), "utf8");
/** Its part about serverless warehouses. */
export const SERVERLESS_RUNBOOK = RUNBOOK.slice(RUNBOOK.indexOf("\n## A serverless warehouse\n"));

/** A section of the README, by its heading. */
export function section(heading: string): string {
  const from = README.indexOf(`\n## ${heading}\n`);
  return README.slice(from, README.indexOf("\n## ", from + 1));
}

/** The code blocks of a language, in order. */
export function blocks(language: string, text = README): string[] {
  return [...text.matchAll(/^```(\w+)\n([^]*?)^```$/gm)]
    .filter(([, of]) => of === language)
    .map(([, , block]) => block!);
}
