import type { ConfigurationFile, Path } from "./configuration-file";

/** A value of a file, and its place there. */
export interface Written {
  readonly file: ConfigurationFile;
  readonly path: Path;
  readonly value: unknown;
}

/** A place of a file. */
export type Place = Omit<Written, "value">;

/** An entry that makes a warehouse or a key, and the defaults that it takes; the first that has a value decides. */
export type Layers = readonly [entry: Written, ...defaults: Written[]];

/** An entry with its defaults: maps merge, everything else replaces. */
export function merged([entry, ...defaults]: Layers): unknown {
  return defaults.reduce((over: unknown, { value: under }) => merge(over, under), entry.value);
}

function merge(over: unknown, under: unknown): unknown {
  if (!isMap(over) || !isMap(under)) {
    return over === undefined ? under : over;
  }
  const both = Object.entries(over).map(([key, value]) => [key, merge(value, own(under, key))] as const);
  return Object.fromEntries([...Object.entries(under), ...both]);
}

/** The place of the value at a path of a merged entry, or of the nearest thing around it in the entry. */
export function placeOf(layers: Layers, path: Path): Place {
  let candidates = layers.map(({ value }, index) => ({ index, value }));
  for (const step of path) {
    const next = candidates
      .filter(({ value }) => has(value, step))
      .map(({ index, value }) => ({ index, value: (value as Record<string | number, unknown>)[step] }));
    if (next.length === 0) {
      break;
    }
    // Only maps merge with what is below them.
    candidates = isMap(next[0]!.value) ? next.filter(({ value }) => isMap(value)) : next.slice(0, 1);
  }
  const { file, path: above } = layers[candidates[0]!.index]!;
  return { file, path: [...above, ...path] };
}

/**
 * The defaults that an entry takes: none of a cluster if it is no cluster, and none of a key that is made if it has
 * another one.
 *
 * @param takes - the keys that there are defaults for; undefined for all
 */
export function fitting(entry: unknown, defaults: readonly Written[], takes?: readonly string[]): readonly Written[] {
  if (!isMap(entry)) {
    return [];
  }
  const keys = [entry, ...defaults.map(({ value }) => value)].map((value) => own(value, "key"));
  // A shared key shares no other one.
  const sort = sortOf(keys.find((key) => key !== undefined && !(takes && typeof key === "string")));
  const fits = (key: string, value: unknown): boolean => {
    switch (key) {
      case "administrators":
        return sort === "made";
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
  return defaults.map((written) => ({
    ...written,
    value: isMap(written.value)
      ? Object.fromEntries(
          Object.entries(written.value).filter(([key, value]) => takes?.includes(key) !== false && fits(key, value)),
        )
      : {},
  }));
}

function sortOf(key: unknown): "existing" | "made" | "shared" {
  return typeof key === "string" ? "shared" : own(key, "keyArn") === undefined ? "made" : "existing";
}

/** Whether a value is a map, and no list. */
export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value of a key of a map; undefined if there is none. */
export function own(value: unknown, key: string): unknown {
  return isMap(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

function has(value: unknown, step: string | number): boolean {
  return typeof value === "object" && value !== null && Object.hasOwn(value, step);
}
