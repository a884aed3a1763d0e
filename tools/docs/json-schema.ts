import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { toJsonSchema } from "@valibot/to-json-schema";
import type { IntegerRange, RefusedPattern, Rule } from "../../modules/private/rule";
import { isMap } from "../../app/config/unchecked-values";
import { FILE_SCHEMA } from "../../app/config/schema";
import { readDescriptions } from "./descriptions";

const DESCRIPTIONS = readDescriptions();

type Json = Readonly<Record<string, unknown>>;

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
  }) as Json;
  const { $defs, $schema, ...body } = schema;
  const shared = withSharedObjects(editorSchema(body, $defs as Json) as Json);
  return `${JSON.stringify({ $schema, title: "Warehouses", ...shared }, undefined, 2)}\n`;
}

/** A converted schema with descriptions and rules, without references. */
function editorSchema(node: unknown, definitions: Json): unknown {
  if (Array.isArray(node)) {
    return node.map((item) => editorSchema(item, definitions));
  }
  if (!isMap(node)) {
    return node;
  }
  const { $ref, meaning, preset, prop, rule, ...rest } = node;
  const referred = typeof $ref === "string" ? (definitions[$ref.split("/").at(-1)!] as Json) : {};
  const converted = Object.entries({ ...referred, ...rest }).map(
    ([key, value]) => [key, editorSchema(value, definitions)] as const,
  );
  const documented = typeof prop === "string" ? DESCRIPTIONS.get(prop)! : { meaning: meaning as string | undefined };
  const words = typeof preset === "string" ? preset : "preset" in documented ? documented.preset : undefined;
  const description = [
    documented.meaning,
    words === undefined ? undefined : `Default: ${words}.`,
    rule === undefined ? undefined : `Must ${(rule as Rule).must}.`,
  ].filter((text) => text !== undefined);
  return {
    ...(description.length === 0 ? {} : { description: description.join(" ") }),
    ...Object.fromEntries(converted),
    ...(rule === undefined ? {} : keywordsOf(rule as Rule)),
    ...(preset === undefined || typeof preset === "string" ? {} : { default: preset }),
  };
}

/** The keywords of JSON Schema that express a rule, as far as they can. */
function keywordsOf({ maxLength, minLength, pattern, ranges, refused, values }: Rule): Json {
  return {
    ...(pattern === undefined ? {} : { pattern: `^(?:${pattern})$` }),
    ...(refused === undefined ? {} : { not: { anyOf: refused.map(keywordsOfRefused) } }),
    ...(minLength === undefined ? {} : { minLength }),
    ...(maxLength === undefined ? {} : { maxLength }),
    ...(values === undefined ? {} : { enum: values }),
    ...(ranges === undefined
      ? {}
      : {
          type: "integer",
          ...(ranges.length === 1 ? keywordsOfRange(ranges[0]!) : { anyOf: ranges.map(keywordsOfRange) }),
        }),
  };
}

function keywordsOfRefused({ pattern, unless }: RefusedPattern): Json {
  return unless === undefined ? { pattern } : { allOf: [{ pattern }, { not: { pattern: unless } }] };
}

function keywordsOfRange({ max, min, step }: IntegerRange): Json {
  return {
    minimum: min,
    ...(max === undefined ? {} : { maximum: max }),
    ...(step !== undefined && min % step === 0 ? { multipleOf: step } : {}),
  };
}

/** Returns the schema with each object that repeats in `$defs`, under the first key that has it. */
function withSharedObjects(schema: Json): Json {
  const counts = new Map<string, number>();
  const count = (node: unknown): void => {
    if (isObject(node)) {
      counts.set(textOf(node), (counts.get(textOf(node)) ?? 0) + 1);
    }
    if (typeof node === "object" && node !== null) {
      Object.values(node).forEach(count);
    }
  };
  count(schema);
  const names = new Map<string, string>();
  const definitions: Record<string, unknown> = {};
  const replaced = (node: unknown, key: string): unknown => {
    if (Array.isArray(node)) {
      return node.map((item) => replaced(item, key));
    }
    if (!isMap(node)) {
      return node;
    }
    const isShared = isObject(node) && counts.get(textOf(node))! > 1;
    const { description, ...body } = node;
    const name = isShared ? names.get(textOf(node)) : undefined;
    const result = name === undefined ? replacedMembers(isShared ? body : node, key, replaced) : undefined;
    if (!isShared) {
      return result;
    }
    const shared = name ?? unusedName(key, definitions);
    if (name === undefined) {
      names.set(textOf(node), shared);
      definitions[shared] = result;
    }
    return { ...(description === undefined ? {} : { description }), $ref: `#/$defs/${shared}` };
  };
  const body = replaced(schema, "file") as Json;
  return { ...body, $defs: definitions };
}

/** Replaces the members of a schema; the members of `properties` are schemas by their keys. */
function replacedMembers(node: Json, key: string, replaced: (node: unknown, key: string) => unknown): Json {
  return Object.fromEntries(
    Object.entries(node).map(([member, value]) => [
      member,
      member === "properties"
        ? Object.fromEntries(Object.entries(value as Json).map(([prop, schema]) => [prop, replaced(schema, prop)]))
        : replaced(value, key),
    ]),
  );
}

function isObject(node: unknown): node is Json {
  return isMap(node) && isMap(node.properties);
}

function textOf(node: Json): string {
  return JSON.stringify({ ...node, description: undefined });
}

function unusedName(key: string, definitions: Json): string {
  const names = [key, ...Object.keys(definitions).map((_, index) => `${key}${index + 2}`)];
  return names.find((name) => !(name in definitions))!;
}

if (require.main === module) {
  writeFileSync(join(__dirname, "..", "..", "warehouses.schema.json"), jsonSchema());
}
