/** Whether a value of JSON has a shape. */
export type Shape = (value: unknown) => boolean;

export const isText: Shape = (value) => typeof value === "string";

export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Null counts as absent. */
export function optional(shape: Shape): Shape {
  return (value) => value === undefined || value === null || shape(value);
}

export function leftOutOr(shape: Shape): Shape {
  return (value) => value === undefined || shape(value);
}

export function either(...shapes: readonly Shape[]): Shape {
  return (value) => shapes.some((shape) => shape(value));
}

export function listOf(shape: Shape): Shape {
  return (value) => Array.isArray(value) && value.every((one) => shape(one));
}

export function mapOf(shape: Shape): Shape {
  return (value) => isMap(value) && Object.values(value).every((one) => shape(one));
}

/** A map with these keys; others may be beside them. */
export function mapWith(shapes: Readonly<Record<string, Shape>>): Shape {
  const entries = Object.entries(shapes);
  return (value) => isMap(value) && entries.every(([key, shape]) => shape(value[key]));
}
