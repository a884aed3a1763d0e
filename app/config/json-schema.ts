import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { toJsonSchema } from "@valibot/to-json-schema";
import { FILE_SCHEMA } from "./schema";

/** The schema with which editors check and complete a configuration file; the app checks what it cannot express. */
export function jsonSchema(): string {
  const schema = toJsonSchema(FILE_SCHEMA, {
    // Checks have no words in JSON Schema, but for what is given along with them.
    errorMode: "ignore",
    overrideSchema: ({ jsonSchema: converted, valibotSchema }) => {
      // A value that must be left out.
      if (valibotSchema.type === "custom") {
        return { not: {} };
      }
      return valibotSchema.type === "object_with_rest" ? { ...converted, additionalProperties: false } : undefined;
    },
  });
  return `${JSON.stringify({ ...schema, title: "Warehouses" }, undefined, 2)}\n`;
}

if (require.main === module) {
  writeFileSync(join(__dirname, "..", "..", "warehouses.schema.json"), jsonSchema());
}
