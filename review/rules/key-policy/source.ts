import { exists } from "../../plan/attributes";
import { hiddenFault } from "../not-shown";
import { type Rule, rule } from "../rule";
import { unreadChanges } from "../unread";

const DEFAULT = "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html";
const OVERVIEW = "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html";

/** The rules about the resources that set a key policy. */
export const SOURCE_RULES: readonly Rule[] = [
  rule({
    id: "key-policy-not-shown",
    title: "The plan does not show the key policy",
    see: OVERVIEW,
    notShown: (model) => unreadChanges(model, "KMS"),
    subjects: ({ keys }) => keys,
    faultOf: ({ policies, policy, resource }, model) => {
      if (policy.after.kind === "hidden" && policy.after.possible) {
        return {
          consequence: `The plan does not show which policy the key gets: ${policy.after.why}.`,
          remedy: `Let key_id of ${policy.after.possible.join(", ")} refer to one key: by its address, or with each.key or count.index as its index.`,
        };
      }
      // The attribute that hides the policy is in aws_kms_key_policy, if there is one, or else in the key.
      const source = (policies.after[0] ?? resource)!;
      return (
        policy.after.kind === "hidden" &&
        policy.after.owners === undefined &&
        hiddenFault(
          model,
          source,
          "policy",
          `The policy after the change is not shown (${policy.after.why}), so this plan does not show who will be able to use the key.`,
        )
      );
    },
  }),
  rule({
    id: "key-policy-two-owners",
    title: "Two resources own the key policy",
    see: OVERVIEW,
    subjects: ({ keys }) => keys,
    faultOf: ({ policies, resource }, { references }) => {
      const isInline = resource !== undefined && references.configuration.isConfigured(resource, "policy") === true;
      const owners = [...(isInline ? [resource] : []), ...policies.after].map((owner) => owner.address);
      return (
        owners.length > 1 &&
        (!resource || exists(resource, "after")) && {
          consequence: `${owners.join(" and ")} each set the one policy of the key, and undo each other at every apply.`,
          remedy: "Keep one of these resources.",
        }
      );
    },
  }),
  rule({
    id: "key-policy-reset",
    title: "The key falls back to the default policy",
    see: DEFAULT,
    subjects: ({ keys }) => keys,
    faultOf: ({ policies, policy }) => {
      const removed = policies.before.find((resource) => !exists(resource, "after"));
      const created = policies.after.find((resource) => !exists(resource, "before"));
      if (removed && policy.after.kind === "default") {
        return {
          consequence:
            "If the policy is destroyed, the key gets the default policy. The IAM policies of the account then decide who can use the key.",
          remedy: "Keep the policy, or set bypass_policy_lockout_safety_check so that the policy stays unchanged.",
        };
      }
      return (
        removed &&
        created && {
          consequence: `If ${removed.address} is destroyed, the key gets the default policy. Terraform has no order between this destruction and the creation of ${created.address}, so the default policy can come last.`,
          remedy: `Add a moved block from ${removed.address} to ${created.address}.`,
        }
      );
    },
  }),
];
