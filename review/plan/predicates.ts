/** Checks the type or the layout of a JSON value. */
export type Predicate = (value: unknown) => boolean;

export function isString(value: unknown): value is string {
  return typeof value === "string";
}

export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Returns a value as text. String() throws for an object with a name such as toString. */
export function asText(value: unknown): string {
  return isString(value) ? value : JSON.stringify(value ?? null);
}

/** Whether a value is an array of blocks, each of which the plan shows. */
export function isBlocks(value: unknown): value is readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) && value.every(isMap);
}

/** Also accepts an absent value, and null. */
export function optional(predicate: Predicate): Predicate {
  return (value) => value === undefined || value === null || predicate(value);
}

export function anyOf(...predicates: readonly Predicate[]): Predicate {
  return (value) => predicates.some((predicate) => predicate(value));
}

export function arrayOf(predicate: Predicate): Predicate {
  return (value) => Array.isArray(value) && value.every((item) => predicate(item));
}

export function mapOf(predicate: Predicate): Predicate {
  return (value) => isMap(value) && Object.values(value).every((item) => predicate(item));
}

/** Accepts a map in which each key has a predicate, and passes it. */
export function mapOnly(predicates: Readonly<Record<string, Predicate>>): Predicate {
  return (value) =>
    isMap(value) &&
    Object.entries(value).every(([key, one]) => Object.hasOwn(predicates, key) && predicates[key]!(one));
}

/** Accepts a map in which each of these keys passes its predicate. Other keys are ignored. */
export function mapWith(predicates: Readonly<Record<string, Predicate>>): Predicate {
  const entries = Object.entries(predicates);
  return (value) => isMap(value) && entries.every(([key, predicate]) => predicate(value[key]));
}
