import { attributeOf, memberOf } from "./attributes";
import { isEqual } from "./changes";
import type { Attribute, PlannedResource, Side } from "./plan";
import { isMap, isString } from "./predicates";

/** The attributes that have the tags of a resource: with the default tags of the provider, and without them. */
const TAGS = ["tags_all", "tags"];

/**
 * Returns the names of the tags that a plan sets, changes or removes on a resource; undefined if the plan does not show its tags.
 */
export function changedTags(resource: PlannedResource): readonly string[] | undefined {
  const { after, before } = resource.change;
  const names = TAGS.flatMap((attribute) => {
    const [old, current] = [tagsIn(memberOf(before, attribute)), tagsIn(memberOf(after, attribute))];
    return [...new Set([...old.keys(), ...current.keys()])].filter(
      (name) => !isEqual(old.get(name), current.get(name)),
    );
  });
  const isOf = (side: Side, ...kinds: readonly Attribute["kind"][]): boolean =>
    TAGS.some((name) => kinds.includes(attributeOf(resource, side, name).kind));
  const isSensitive = names.length > 0 && (isOf("before", "sensitive") || isOf("after", "sensitive"));
  return isSensitive || isOf("after", "unknown until apply") ? undefined : [...new Set(names)].sort();
}

/** Whether a plan may set, change or remove a tag of a resource. */
export function hasOtherTags(resource: PlannedResource): boolean {
  return changedTags(resource)?.length !== 0;
}

/** Converts tags to a map. Resources of the provider awscc have an array of them. */
function tagsIn(tags: unknown): ReadonlyMap<string, unknown> {
  const entries = Array.isArray(tags)
    ? tags.filter(isMap).flatMap(({ key, value }) => (isString(key) ? [[key, value] as const] : []))
    : Object.entries(isMap(tags) ? tags : {});
  return new Map(entries);
}
