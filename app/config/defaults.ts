import type { ConfigurationFile, Path } from "./configuration-file";
import { isMap, memberOf } from "./unchecked-values";

/** The keys at the top of a file that are lists of entries. The entries of all files are joined. */
export const LISTS = ["dataApiEndpoints", "keys", "parameterGroups", "warehouses"] as const;
export type List = (typeof LISTS)[number];

/** By list: the keys of an entry that get defaults. `warehouses` is absent, because every key of a warehouse gets defaults. */
const KEYS_WITH_DEFAULTS: Readonly<Partial<Record<List, readonly string[]>>> = {
  dataApiEndpoints: ["account", "region", "tags"],
  keys: ["account", "administrators", "deployers", "key", "region", "tags"],
  parameterGroups: ["account", "region", "tags"],
};

/** A place in a file. */
export interface Place {
  readonly file: ConfigurationFile;
  readonly path: Path;
}

/** A value, and its place in a file. */
export interface PlacedValue extends Place {
  readonly value: unknown;
}

/** The layers of an entry: the entry itself, then the defaults that apply to the entry. An earlier layer has precedence. */
export type Layers = readonly [entry: PlacedValue, ...defaults: PlacedValue[]];

/** Returns an entry with its defaults. Maps are merged by key; any other value of the entry replaces the default. */
export function withDefaults([entry, ...defaults]: Layers): unknown {
  return defaults.reduce(
    (entryValue: unknown, { value: defaultValue }) => merge(entryValue, defaultValue),
    entry.value,
  );
}

function merge(entryValue: unknown, defaultValue: unknown): unknown {
  if (!isMap(entryValue) || !isMap(defaultValue)) {
    return entryValue === undefined ? defaultValue : entryValue;
  }
  const mergedMembers = Object.entries(entryValue).map(
    ([key, value]) => [key, merge(value, memberOf(defaultValue, key))] as const,
  );
  return Object.fromEntries([...Object.entries(defaultValue), ...mergedMembers]);
}

/**
 * Returns the place in a file at which a value is written. The entry and its defaults are layers, and each can have the value. If
 * no layer has the value, the place is in the layer with the nearest parent of the value.
 */
export function placeOf(layers: Layers, path: Path): Place {
  let candidates = layers.map(({ value }, index) => ({ index, value }));
  for (const step of path) {
    const next = candidates
      .filter(({ value }) => hasMember(value, step))
      .map(({ index, value }) => ({ index, value: (value as Record<string | number, unknown>)[step] }));
    if (next.length === 0) {
      break;
    }
    // Only maps merge with their defaults.
    candidates = isMap(next[0]!.value) ? next : next.slice(0, 1);
  }
  const { file, path: layerPath } = layers[candidates[0]!.index]!;
  return { file, path: [...layerPath, ...path] };
}

/**
 * Returns the defaults that apply to an entry. Defaults of `cluster` and `serverless` apply only to an entry with that section.
 * Defaults of a key apply only to a key of the same kind: created, existing or shared.
 */
export function applicableDefaults(
  list: List,
  entry: unknown,
  defaults: readonly PlacedValue[],
): readonly PlacedValue[] {
  if (!isMap(entry)) {
    return [];
  }
  const keysWithDefaults = KEYS_WITH_DEFAULTS[list];
  const candidates = [entry, ...defaults.map(({ value }) => value)].map((value) => memberOf(value, "key"));
  // An entry of the list `keys` is a shared key, and cannot name another shared key. So a default that is a name does not decide
  // the kind of the key.
  const sort = sortOf(candidates.find((key) => key !== undefined && !(keysWithDefaults && typeof key === "string")));
  const applies = (key: string, value: unknown): boolean => {
    switch (key) {
      case "administrators":
        return sort === "created";
      case "deployers":
        return sort !== "shared";
      case "cluster":
      case "serverless":
        return Object.hasOwn(entry, key);
      case "key":
        return sortOf(value) === sort;
      default:
        return true;
    }
  };
  return defaults.map((layer) => ({
    ...layer,
    value: isMap(layer.value)
      ? Object.fromEntries(
          Object.entries(layer.value).filter(
            ([key, value]) => keysWithDefaults?.includes(key) !== false && applies(key, value),
          ),
        )
      : {},
  }));
}

function sortOf(key: unknown): "created" | "existing" | "shared" {
  return typeof key === "string" ? "shared" : memberOf(key, "keyArn") === undefined ? "created" : "existing";
}

function hasMember(value: unknown, step: string | number): boolean {
  return typeof value === "object" && value !== null && Object.hasOwn(value, step);
}
