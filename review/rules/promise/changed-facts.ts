import { PERMISSION_SET_TYPE } from "../../model/identity/identity-arn";
import type { Key, KeyUse } from "../../model/key";
import type { Model } from "../../model/model";
import { isString } from "../../plan/predicates";
import { hasOtherTags } from "../../plan/tags";
import { ALIAS_KEYS, conditionTests, PRINCIPAL_TAG, RESOURCE_TAG } from "../../policy/condition";
import type { ConditionalWay } from "../../policy/gain";

/**
 * Returns a clause if the plan changes tags of a key or a caller, or aliases of a key, and a condition tests such facts; undefined
 * otherwise.
 */
export function changedFactOf(
  { address, resource }: Key,
  model: Model,
  ways: readonly ConditionalWay[],
  principal: string,
): string | undefined {
  const tests = ways.flatMap(({ denials, statements }) => [...statements, ...denials]).flatMap(conditionTests);
  const areTested = (...names: readonly string[]): boolean =>
    tests.some((test) => names.some((name) => test.key.startsWith(name)));
  if (resource !== undefined && areTested(RESOURCE_TAG) && hasOtherTags(resource)) {
    return "a condition tests the tags of the key, which the plan changes";
  }
  if (areTested(PRINCIPAL_TAG) && hasOtherTagsOf(principal, model)) {
    return "a condition tests the tags of the caller, which the plan changes";
  }
  return areTested(...ALIAS_KEYS) && hasOtherAliases(address, model)
    ? "a condition tests the aliases of the key, which the plan changes"
    : undefined;
}

/** Whether a plan may change the tags of a principal. */
export function hasOtherTagsOf(principal: string, { identities }: Model): boolean {
  const holder = identities.holders.holderOf(principal);
  return !isString(holder) && hasOtherTags(holder);
}

/** Returns a clause if the plan assigns the permission set of a principal to another user or group; undefined if it does not. */
export function newAssignmentOf(principal: string, former: Model, model: Model): string | undefined {
  const holder = model.identities.holders.holderOf(principal);
  if (isString(holder) || holder.type !== PERMISSION_SET_TYPE) {
    return undefined;
  }
  const names = model.identities.identityOf(holder)?.policies.map(({ name }) => name) ?? [];
  const { possessions } = model.identities;
  const isAssigned = names.some((name) => possessions.hasNewRecipient(name, former.identities.possessions));
  return isAssigned ? `the plan assigns ${holder.address} to another user or group` : undefined;
}

function hasOtherAliases(address: string, model: Model): boolean {
  const isOfKey = (use: KeyUse): boolean =>
    use.kind === "hidden" || (use.kind === "planned" && use.key.address === address);
  return model
    .withType("aws_kms_alias")
    .filter(({ action }) => action !== "none")
    .some((alias) => Object.values(model.keyUses(alias, "target_key_id")).some(isOfKey));
}
