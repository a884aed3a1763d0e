import type { Attribute, PlannedResource, Side, Values } from "./plan";
import { isMap } from "./predicates";

/** Returns the known part of a resource's attribute before or after the change. */
export function attributeOf({ action, change }: PlannedResource, side: Side, name: string): Attribute {
  // A resource that Terraform forgets stays as it is.
  const from = action === "forget" ? "before" : side;
  const isMarked = (marks: unknown): boolean => marks === true || (isMap(marks) && hasMark(memberOf(marks, name)));
  if (from === "after" && change.after !== null && isMarked(change.after_unknown)) {
    return { kind: "unknown until apply" };
  }
  const value = memberOf(change[from], name);
  if (value === undefined || value === null) {
    return { kind: "absent" };
  }
  return isMarked(from === "after" ? change.after_sensitive : change.before_sensitive)
    ? { kind: "sensitive" }
    : { kind: "known", value };
}

/** Whether a part of an attribute after the change is unknown until apply, and the rest of it is known. */
export function isPartlyUnknown({ change }: PlannedResource, name: string): boolean {
  const marks = isMap(change.after_unknown) ? memberOf(change.after_unknown, name) : undefined;
  return marks !== true && hasMark(marks);
}

/**
 * Returns the value of a name. A plan can have a name that every JavaScript object inherits, such as constructor, so only own
 * properties count.
 */
export function memberOf(values: Values | null | undefined, name: string): unknown {
  return values && Object.hasOwn(values, name) ? values[name] : undefined;
}

/** Returns the value of an attribute, if it is known. */
export function valueOf(resource: PlannedResource, side: Side, name: string): unknown {
  const attribute = attributeOf(resource, side, name);
  return attribute.kind === "known" ? attribute.value : undefined;
}

/** Returns the value of an attribute, if it is known and a string. */
export function stringOf(resource: PlannedResource, side: Side, name: string): string | undefined {
  const value = valueOf(resource, side, name);
  return typeof value === "string" ? value : undefined;
}

/** Returns the ARN of a resource before the change, or else after it; undefined if both are unknown. */
export function arnOf(resource: PlannedResource): string | undefined {
  return stringOf(resource, "before", "arn") ?? stringOf(resource, "after", "arn");
}

/** Returns the days for which KMS waits before it deletes a key; 30 if the plan has no number. */
export function waitingDays(key: PlannedResource): number {
  const days = valueOf(key, "before", "deletion_window_in_days");
  return typeof days === "number" ? days : 30;
}

/** Returns the blocks of an attribute: none if it is absent, undefined if it is not known or is no array of blocks. */
export function blocksOf(resource: PlannedResource, side: Side, name: string): readonly Values[] | undefined {
  const { kind } = attributeOf(resource, side, name);
  const value = valueOf(resource, side, name);
  return kind === "absent" ? [] : Array.isArray(value) && value.every(isMap) ? value : undefined;
}

/** Returns the elements of a list after the change that the plan shows: none if a part of the list is sensitive. */
export function shownElements({ change }: PlannedResource, name: string): readonly unknown[] {
  const marks = change.after_sensitive;
  const isSensitive = marks === true || (isMap(marks) && hasMark(memberOf(marks, name)));
  const value = memberOf(change.after, name);
  return isSensitive || !Array.isArray(value) ? [] : value.filter((element) => element !== null);
}

/** Whether a resource exists before or after the change. */
export function exists({ action, change }: PlannedResource, side: Side): boolean {
  return (action === "forget" ? change.before : change[side]) !== null;
}

/** Whether anything is marked in a tree of `after_unknown` or of sensitive values, which has true at each mark. */
function hasMark(marks: unknown): boolean {
  return marks === true || (typeof marks === "object" && marks !== null && Object.values(marks).some(hasMark));
}
