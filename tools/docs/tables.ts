import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { globSync } from "tinyglobby";
import { addOnTables } from "./add-on-tables";
import { classTables } from "./class-tables";
import { configurationTables } from "./configuration-tables";

const ROOT = dirname(dirname(__dirname));
const TABLE = /(<!-- table:([\w/-]+) -->\n)[^]*?(<!-- \/table -->)/g;
/** The tables that pages may have, by name. */
export const TABLES: Readonly<Record<string, string>> = {
  ...configurationTables(),
  ...addOnTables(),
  ...classTables(),
};
/** The pages that have tables, each with its text. */
export const TABLE_PAGES: readonly (readonly [path: string, text: string])[] = globSync(
  ["docs/*.md", "modules/*/README.md"],
  { cwd: ROOT },
)
  .sort()
  .map((path) => [path, readFileSync(join(ROOT, path), "utf8")] as const)
  .filter(([, text]) => tableNames(text).length > 0);

/** Returns the names of the tables of a page. */
export function tableNames(page: string): readonly string[] {
  return [...page.matchAll(TABLE)].map(([, , name]) => name!);
}

/** Returns a page with its tables written again, each between its two comments. */
export function withTables(page: string): string {
  return page.replace(TABLE, (_, start: string, name: string, end: string) => `${start}\n${TABLES[name]}\n\n${end}`);
}
