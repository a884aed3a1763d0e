import type { Key, KeyUse } from "../../model/key";
import type { Model } from "../../model/model";
import { attributeOf, memberOf } from "../../plan/attributes";
import { isEqual } from "../../plan/changes";
import type { PlannedResource } from "../../plan/plan";
import { conditionTests } from "../../policy/condition";
import type { ConditionalWay } from "../../policy/gain";

/** The beginnings of condition keys on the aliases and the tags of a key. */
const ALIASES = ["kms:requestalias", "kms:resourcealiases"];
const TAGS = ["aws:resourcetag/"];

/** The tags or aliases of a key that the plan changes and that conditions test, as a clause; undefined if there are none. */
export function changedFactOf(
  { address, resource }: Key,
  model: Model,
  ways: readonly ConditionalWay[],
): string | undefined {
  const tests = ways.flatMap(({ denials, statements }) => [...statements, ...denials]).flatMap(conditionTests);
  const areTested = (names: readonly string[]): boolean =>
    tests.some((test) => names.some((name) => test.key.startsWith(name)));
  if (resource !== undefined && areTested(TAGS) && hasOtherTags(resource)) {
    return "a condition tests the tags of the key, which the plan changes";
  }
  return areTested(ALIASES) && hasOtherAliases(address, model)
    ? "a condition tests the aliases of the key, which the plan changes"
    : undefined;
}

function hasOtherTags(resource: PlannedResource): boolean {
  return ["tags", "tags_all"].some(
    (name) =>
      attributeOf(resource, "after", name).kind === "unknown until apply" ||
      !isEqual(memberOf(resource.change.before, name), memberOf(resource.change.after, name)),
  );
}

function hasOtherAliases(address: string, model: Model): boolean {
  const isOfKey = (use: KeyUse): boolean =>
    use.kind === "hidden" || (use.kind === "planned" && use.key.address === address);
  return model
    .ofType("aws_kms_alias")
    .filter(({ action }) => action !== "none")
    .some((alias) => Object.values(model.keyUses(alias, "target_key_id")).some(isOfKey));
}
