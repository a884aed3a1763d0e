import { keyName, type KeyUse } from "../../model/key";
import type { Model } from "../../model/model";
import { attributeOf } from "../../plan/attributes";
import type { PlannedResource } from "../../plan/plan";
import { type Rule, rule } from "../rule";

/** The rule about key policies that get another key. */
export const MOVED_RULES: readonly Rule[] = [
  rule({
    id: "key-policy-not-moved",
    title: "An update does not move a key policy to another key",
    see: "https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html",
    subjects: updatedPolicies,
    unjudged: ({ after, before }) =>
      [before, after].flatMap((use) => (use.kind === "hidden" ? [`key_id is ${use.why}`] : []))[0],
    faultOf: ({ after, before, policy }) => {
      const [former, target] = [nameOf(before), nameOf(after)];
      if (former === undefined || target === undefined) {
        return false;
      }
      const isReplaced =
        former === target && after.kind === "planned" && after.key.resource?.action === "replace" && isUnknown(policy);
      if (!isReplaced && isSameKey(former, target)) {
        return false;
      }
      const result = isReplaced
        ? "The new key does not get the policy, and the apply may fail, because the former key is gone"
        : `${target} does not get the policy, and the next plan has the same change`;
      return {
        consequence: `The provider changes the policy of the former key only (${former}). ${result}.`,
        remedy: isReplaced
          ? "Name the key in replace_triggered_by of the aws_kms_key_policy, so that Terraform replaces both."
          : `Let Terraform replace the aws_kms_key_policy: plan with -replace=${policy.address}.`,
      };
    },
  }),
];

/** Returns the updated policies, each with the keys that its key_id names before and after the change. */
function updatedPolicies(model: Model) {
  return model
    .withType("aws_kms_key_policy")
    .filter(({ action }) => action === "update")
    .map((policy) => ({ address: policy.address, policy, ...model.keyUses(policy, "key_id") }));
}

function nameOf(use: KeyUse): string | undefined {
  return use.kind === "planned" ? keyName(use.key) : use.kind === "elsewhere" ? use.name : undefined;
}

/** Whether two names may be of one key: the provider reads an ID in place of an ARN. An alias may be of any key. */
function isSameKey(one: string, other: string): boolean {
  return one === other || other.endsWith(`:key/${one}`) || /(?:^|:)alias\//.test(other);
}

function isUnknown(policy: PlannedResource): boolean {
  return attributeOf(policy, "after", "key_id").kind === "unknown until apply";
}
