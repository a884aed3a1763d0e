import type { ConfigurationFile, Path } from "./configuration-file";
import { isMap, memberOf } from "./unchecked-values";

/** The lists of the configuration. Each file adds to them. */
export const LISTS = ["dataApiEndpoints", "keys", "parameterGroups", "warehouses"] as const;
export type List = (typeof LISTS)[number];

/** The keys of an entry that take defaults. Each key of a warehouse takes them. */
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

/** A value of a file, and its place. */
export interface PlacedValue extends Place {
  readonly value: unknown;
}

/** An entry of a list, and the defaults that it takes. The first that has a value decides. */
export type Layers = readonly [entry: PlacedValue, ...defaults: PlacedValue[]];

/** An entry with its defaults. Maps merge; any other value replaces the default. */
export function withDefaults([entry, ...defaults]: Layers): unknown {
  return defaults.reduce((over: unknown, { value: under }) => merge(over, under), entry.value);
}

function merge(over: unknown, under: unknown): unknown {
  if (!isMap(over) || !isMap(under)) {
    return over === undefined ? under : over;
  }
  const both = Object.entries(over).map(([key, value]) => [key, merge(value, memberOf(under, key))] as const);
  return Object.fromEntries([...Object.entries(under), ...both]);
}

/** The place of the value at a path of an entry with defaults. If there is none: the place of the nearest value around it. */
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
    candidates = isMap(next[0]!.value) ? next.filter(({ value }) => isMap(value)) : next.slice(0, 1);
  }
  const { file, path: above } = layers[candidates[0]!.index]!;
  return { file, path: [...above, ...path] };
}

/** The defaults that apply to an entry: defaults of a cluster only to a cluster, and of a key only to a key of the same sort. */
export function applicableDefaults(
  list: List,
  entry: unknown,
  defaults: readonly PlacedValue[],
): readonly PlacedValue[] {
  if (!isMap(entry)) {
    return [];
  }
  const keysWithDefaults = KEYS_WITH_DEFAULTS[list];
  const keys = [entry, ...defaults.map(({ value }) => value)].map((value) => memberOf(value, "key"));
  // An entry of `keys` does not name a shared key.
  const sort = sortOf(keys.find((key) => key !== undefined && !(keysWithDefaults && typeof key === "string")));
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
