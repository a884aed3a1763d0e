import { readFileSync } from "node:fs";
import { join } from "node:path";
import { SCHEMA } from "../../app/config/schema";
import { ROOT } from "../support/paths";
import { CONFIGURATION } from "../support/readme";

const COST = readFileSync(join(ROOT, "docs", "cost.md"), "utf8");
const [, BY_DEFAULT, ADD_ON_PART] = COST.split(/^## /m) as [string, string, string];
const [, OTHER_ENTRIES] = ADD_ON_PART.split("<!-- /table -->") as [string, string];

/** The keys in the first cells of a part's tables. */
const keysOf = (part: string): string[] => [...part.matchAll(/^\| `(\w+)`/gm)].map(([, key]) => key!);

/** The keys in the last cells of a part's tables that the configuration lacks. */
function unknownKeys(part: string): readonly string[] {
  const cells = part.match(/^\| .*$/gm)!.map((row) => row.split("|").at(-2)!);
  const keys = cells.flatMap((cell) => [...cell.matchAll(/`(\w+)/g)].map(([, key]) => key!));
  return keys.filter((key) => !CONFIGURATION.includes(`\`${key}`));
}

/** The rows of the tables, without headings, that link no price list of AWS. */
function rowsWithoutPrices(page: string): readonly string[] {
  const rows = page.match(/^\| (?!-)(?!part|key |entry).*$/gm)!;
  return rows.filter((row) => !/\]\(https:\/\/aws\.amazon\.com\/[\w-]+\/pricing\/\)/.test(row));
}

test("docs/cost.md has a row for each list of entries beside warehouses", () => {
  const lists = Object.entries(SCHEMA.entries).flatMap(([name, entry]) =>
    name !== "warehouses" && "wrapped" in entry && (entry.wrapped as { type: string }).type === "array" ? [name] : [],
  );
  expect(keysOf(OTHER_ENTRIES).sort()).toStrictEqual([...lists, "replicaRegions"].sort());
});

test("docs/cost.md names only keys that the configuration has", () => {
  expect(unknownKeys(BY_DEFAULT)).toStrictEqual([]);
  expect(unknownKeys(BY_DEFAULT.replace("`maxCapacity`", "`noKey`"))).toStrictEqual(["noKey"]);
});

test("docs/cost.md links a price list of AWS in each row, and has the date of its figures", () => {
  expect(rowsWithoutPrices(COST)).toStrictEqual([]);
  expect(rowsWithoutPrices(COST.replace(/\[KMS\]\(\S+\)/, "KMS"))).toHaveLength(1);
  expect(COST).toMatch(/order of magnitude as of \w+ 20\d\d/);
});
