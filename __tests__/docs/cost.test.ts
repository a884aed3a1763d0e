import { readFileSync } from "node:fs";
import { join } from "node:path";
import { SCHEMA } from "../../app/config/schema";
import { ADD_ONS } from "../../app/stacks/add-ons";
import { ROOT } from "../support/paths";
import { CONFIGURATION } from "../support/readme";

const COST = readFileSync(join(ROOT, "docs", "cost.md"), "utf8");
const [, BY_DEFAULT, ADD_ON_PART] = COST.split(/^## /m) as [string, string, string];
const ROWS = COST.match(/^\| (?!-)(?!part|key |entry).*$/gm)!;

/** The keys in the first cells of a part's tables. */
const keysOf = (part: string): readonly string[] => [...part.matchAll(/^\| `(\w+)`/gm)].map(([, key]) => key!);

test("docs/cost.md has a row for each add-on", () => {
  const keys = keysOf(ADD_ON_PART);
  expect(ADD_ONS.map(({ section }) => section).filter((section) => !keys.includes(section))).toStrictEqual([]);
});

test("docs/cost.md has a row for each list of entries beside warehouses", () => {
  const lists = Object.entries(SCHEMA.entries).filter(
    ([name, entry]) =>
      name !== "warehouses" && "wrapped" in entry && (entry.wrapped as { type: string }).type === "array",
  );
  const keys = keysOf(ADD_ON_PART);
  expect(lists.map(([name]) => name)).toContain("parameterGroups");
  expect(lists.filter(([name]) => !keys.includes(name))).toStrictEqual([]);
});

test("docs/cost.md names only keys that the configuration has", () => {
  const cells = BY_DEFAULT.match(/^\| .*$/gm)!.map((row) => row.split("|").at(-2)!);
  const keys = cells.flatMap((cell) => [...cell.matchAll(/`(\w+)/g)].map(([, key]) => key!));
  expect(keys.length).toBeGreaterThan(8);
  expect([...keys, ...keysOf(ADD_ON_PART)].filter((key) => !CONFIGURATION.includes(`\`${key}`))).toStrictEqual([]);
});

test("docs/cost.md links a price list of AWS in each row, and has the date of its figures", () => {
  expect(ROWS.length).toBeGreaterThan(20);
  const withoutPrices = ROWS.filter((row) => !/\]\(https:\/\/aws\.amazon\.com\/[\w-]+\/pricing\/\)/.test(row));
  expect(withoutPrices).toStrictEqual([]);
  expect(COST).toMatch(/order of magnitude as of \w+ 20\d\d/);
});
