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

test("each add-on has a row", () => {
  const keys = keysOf(ADD_ON_PART);
  expect(ADD_ONS.map(({ section }) => section).filter((section) => !keys.includes(section))).toStrictEqual([]);
});

test("each list of entries beside warehouses has a row", () => {
  const lists = Object.entries(SCHEMA.entries).filter(
    ([name, entry]) =>
      name !== "warehouses" && "wrapped" in entry && (entry.wrapped as { type: string }).type === "array",
  );
  const keys = keysOf(ADD_ON_PART);
  expect(lists.map(([name]) => name)).toContain("parameterGroups");
  expect(lists.filter(([name]) => !keys.includes(name))).toStrictEqual([]);
});

test("each add-on, and each key that turns a part of a warehouse off, is one of the configuration", () => {
  const cells = BY_DEFAULT.match(/^\| .*$/gm)!.map((row) => row.split("|").at(-2)!);
  const keys = cells.flatMap((cell) => [...cell.matchAll(/`(\w+)/g)].map(([, key]) => key!));
  expect(keys.length).toBeGreaterThan(8);
  expect([...keys, ...keysOf(ADD_ON_PART)].filter((key) => !CONFIGURATION.includes(`\`${key}`))).toStrictEqual([]);
});

test("each row links to a price list of AWS, and the page has the date of its orders of magnitude", () => {
  expect(ROWS.length).toBeGreaterThan(20);
  const withoutPrices = ROWS.filter((row) => !/\]\(https:\/\/aws\.amazon\.com\/[\w-]+\/pricing\/\)/.test(row));
  expect(withoutPrices).toStrictEqual([]);
  expect(COST).toMatch(/order of magnitude as of \w+ 20\d\d/);
});
