// Writes warehouses.schema.json and the tables of docs/configuration.md.
//
//     npm run schema
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { withTables } from "./configuration-tables";
import { jsonSchema } from "./json-schema";

const ROOT = join(__dirname, "..", "..");
const PAGE = join(ROOT, "docs", "configuration.md");

async function main(): Promise<void> {
  writeFileSync(join(ROOT, "warehouses.schema.json"), jsonSchema());
  const page = withTables(readFileSync(PAGE, "utf8"));
  writeFileSync(PAGE, await format(page, { ...(await resolveConfig(PAGE)), filepath: PAGE }));
}

void main();
