import { toJsonSchema } from "@valibot/to-json-schema";
import type { GenericSchema } from "valibot";
import type { IntegerRange, RefusedPattern, Rule } from "../../modules/private/rule";
import { FILE_SCHEMA } from "../../app/config/schema";
import { isMap } from "../../app/config/unchecked-values";
import { readDescriptions } from "./descriptions";

const DESCRIPTIONS = readDescriptions();

export type Json = Readonly<Record<string, unknown>>;

/**
 * Returns the JSON Schema of a configuration file, for completion and checks in editors. The app has further checks, which JSON
 * Schema cannot express.
 */
export function jsonSchema(): string {
  const { $schema, ...body } = converted(FILE_SCHEMA);
  const shared = withSharedObjects(editorSchema(body) as Json);
  return `${JSON.stringify({ $schema, title: "Warehouses", ...shared }, undefined, 2)}\n`;
}

const NO_KEYWORDS = ["meaning", "preset", "prop", "rule"];

/**
 * Converts a valibot schema to JSON Schema without references. The members that `NO_KEYWORDS` names are metadata, and no keywords
 * of JSON Schema.
 */
export function converted(schema: GenericSchema): Json {
  const { $defs, ...body } = toJsonSchema(schema, {
    // Ignores checks in code, which have no keyword in JSON Schema, except for their metadata.
    errorMode: "ignore",
    overrideSchema: ({ jsonSchema, valibotSchema }) => {
      // `custom` marks a value that must be left out.
      if (valibotSchema.type === "custom") {
        return { not: {} };
      }
      return valibotSchema.type === "object_with_rest" ? { ...jsonSchema, additionalProperties: false } : undefined;
    },
  }) as Json;
  return withoutReferences(body, $defs as Json) as Json;
}

function withoutReferences(node: unknown, definitions: Json): unknown {
  if (Array.isArray(node)) {
    return node.map((item) => withoutReferences(item, definitions));
  }
  // A node with `must` is the rule of a value, and no schema.
  if (!isMap(node) || "must" in node) {
    return node;
  }
  const { $ref, ...rest } = node;
  const referred = typeof $ref === "string" ? (definitions[$ref.split("/").at(-1)!] as Json) : {};
  return Object.fromEntries(
    Object.entries({ ...referred, ...rest }).map(([key, value]) => [key, withoutReferences(value, definitions)]),
  );
}

/** The meaning, the default and the rule of a key, in words. */
export interface Documentation {
  readonly meaning: string | undefined;
  readonly preset: string | undefined;
  readonly must: string | undefined;
}

/** Returns the documentation of a converted schema. */
export function documentationOf({ meaning, preset, prop, rule }: Json): Documentation {
  const documented = typeof prop === "string" ? DESCRIPTIONS.get(prop)! : { meaning: meaning as string | undefined };
  const words = "preset" in documented ? documented.preset : undefined;
  return {
    meaning: documented.meaning,
    must: (rule as Rule | undefined)?.must,
    preset: typeof preset === "string" ? preset : words,
  };
}

/** Returns a converted schema with descriptions for editors, and with the keywords that express rules. */
function editorSchema(node: unknown): unknown {
  if (Array.isArray(node)) {
    return node.map(editorSchema);
  }
  if (!isMap(node)) {
    return node;
  }
  const { preset, rule } = node;
  const keywords = Object.entries(node).filter(([key]) => !NO_KEYWORDS.includes(key));
  const { meaning, must, preset: words } = documentationOf(node);
  const description = [
    meaning,
    words === undefined ? undefined : `Default: ${words}.`,
    must === undefined ? undefined : `Must ${must}.`,
  ].filter((text) => text !== undefined);
  return {
    ...(description.length === 0 ? {} : { description: description.join(" ") }),
    ...Object.fromEntries(keywords.map(([key, value]) => [key, editorSchema(value)])),
    ...(rule === undefined ? {} : keywordsOf(rule as Rule)),
    ...(preset === undefined || typeof preset === "string" ? {} : { default: preset }),
  };
}

/** Returns the JSON Schema keywords that express a rule. A check in code has none. */
function keywordsOf({ knownValues, ...rule }: Rule): Json {
  // The enum lets an editor suggest the known values; the other alternative accepts newer ones.
  return knownValues === undefined ? keywordsOfForm(rule) : { anyOf: [{ enum: knownValues }, keywordsOfForm(rule)] };
}

function keywordsOfForm({ maxLength, minLength, pattern, ranges, refused, values }: Rule): Json {
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

/** Moves each object schema that occurs more than once into `$defs`, named after the first key that has it. */
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

/** Applies a function to each member of a schema, and to each schema in `properties`, with its key. */
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
