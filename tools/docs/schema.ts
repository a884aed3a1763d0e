// Writes warehouses.schema.json, and the tables of the pages.
//
//     npm run schema
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { jsonSchema } from "./json-schema";
import { TABLE_PAGES, withTables } from "./tables";

const ROOT = join(__dirname, "..", "..");

async function main(): Promise<void> {
  writeFileSync(join(ROOT, "warehouses.schema.json"), jsonSchema());
  for (const [page, text] of TABLE_PAGES) {
    const filepath = join(ROOT, page);
    writeFileSync(filepath, await format(withTables(text), { ...(await resolveConfig(filepath)), filepath }));
  }
}

void main();
