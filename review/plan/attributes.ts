import type { Attribute, PlannedResource, Side, Values } from "./plan";
import { isBlocks } from "./predicates";

// A review reads hundreds of thousands of attributes, so the results without a value are shared.
const ABSENT = { kind: "absent" } as const;
const SENSITIVE = { kind: "sensitive" } as const;
const UNKNOWN = { kind: "unknown until apply" } as const;

/** Returns the known part of a resource's attribute before or after the change. */
export function attributeOf({ action, change }: PlannedResource, side: Side, name: string): Attribute {
  // A resource that Terraform forgets stays as it is.
  const from = action === "forget" ? "before" : side;
  if (from === "after" && change.after !== null && isMarked(change.after_unknown, name)) {
    return UNKNOWN;
  }
  const value = memberOf(change[from], name);
  if (value === undefined || value === null) {
    return ABSENT;
  }
  return isMarked(from === "after" ? change.after_sensitive : change.before_sensitive, name)
    ? SENSITIVE
    : { kind: "known", value };
}

/** Whether a part of an attribute after the change is unknown until apply, and the rest of it is known. */
export function isPartlyUnknown({ change }: PlannedResource, name: string): boolean {
  const marks = memberOf(change.after_unknown, name);
  return marks !== true && hasMark(marks);
}

/** Whether a part of a resource is unknown until apply. */
export function hasUnknown({ change }: PlannedResource): boolean {
  return hasMark(change.after_unknown);
}

/**
 * Whether an attribute after the change is unknown until apply as a whole. In the provider aws, one unknown element makes a set unknown
 * as a whole: its other elements are not in the plan.
 */
export function isWhollyUnknown({ change }: PlannedResource, name: string): boolean {
  const marks = change.after_unknown;
  return marks === true || memberOf(marks, name) === true;
}

/**
 * Returns the value of a name in a map, or at an index of an array. A plan can have a name that every JavaScript object inherits,
 * such as constructor, so only own properties count.
 */
export function memberOf(values: unknown, name: string): unknown {
  const isMember = typeof values === "object" && values !== null && Object.hasOwn(values, name);
  return isMember ? (values as Values)[name] : undefined;
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
  return kind === "absent" ? [] : isBlocks(value) ? value : undefined;
}

/** Returns the elements of a list after the change that the plan shows: none if a part of the list is sensitive. */
export function shownElements({ change }: PlannedResource, name: string): readonly unknown[] {
  const value = memberOf(change.after, name);
  return isMarked(change.after_sensitive, name) || !Array.isArray(value)
    ? []
    : value.filter((element) => element !== null);
}

/** Whether a part of an attribute after the change is sensitive. */
export function isSensitive({ action, change }: PlannedResource, name: string): boolean {
  return isMarked(action === "forget" ? change.before_sensitive : change.after_sensitive, name);
}

/** Whether a resource exists before or after the change. */
export function exists({ action, change }: PlannedResource, side: Side): boolean {
  return (action === "forget" ? change.before : change[side]) !== null;
}

/** Whether the plan creates a resource, also in place of another one. */
export function isCreated({ action }: PlannedResource): boolean {
  return action === "create" || action === "replace";
}

/** Whether a part of an attribute is marked in the marks of a resource. */
function isMarked(marks: unknown, name: string): boolean {
  return marks === true || hasMark(memberOf(marks, name));
}

/** Whether anything is marked in a tree of `after_unknown` or of sensitive values, which has true at each mark. */
function hasMark(marks: unknown): boolean {
  return marks === true || (typeof marks === "object" && marks !== null && Object.values(marks).some(hasMark));
}
