import { attributeOf } from "../../plan/attributes";
import type { PlannedResource } from "../../plan/plan";
import type { Model } from "../../model/model";
import { hiddenFault } from "../not-shown";
import { type Rule, rule } from "../rule";
import { unreadChanges } from "../unread";

/** The attributes that rules test, by resource type. */
const TESTED: Readonly<Record<string, readonly string[]>> = {
  aws_redshift_cluster: ["encrypted", "publicly_accessible", "skip_final_snapshot", "snapshot_copy"],
  aws_redshift_parameter_group: ["family", "parameter"],
  aws_redshiftserverless_workgroup: ["config_parameter", "publicly_accessible"],
};
/**
 * The attributes that refer to another resource, by type. An unknown one is not reported, because the plan may show the reference.
 */
const LINKS: Readonly<Record<string, readonly string[]>> = {
  aws_redshift_cluster: ["cluster_parameter_group_name", "kms_key_id"],
  aws_redshiftserverless_namespace: ["kms_key_id"],
};

/** The rule about values that a plan does not show. */
export const NOT_SHOWN_RULES: readonly Rule[] = [
  rule({
    id: "warehouse-not-shown",
    title: "The plan does not show an attribute that the review tests",
    see: "https://docs.aws.amazon.com/redshift/latest/mgmt/security-data-protection.html",
    notShown: (model) => unreadChanges(model, "Redshift"),
    subjects: (model) => model.ofType(...new Set([...Object.keys(TESTED), ...Object.keys(LINKS)])),
    faultOf: (resource, model) => {
      const hidden = hiddenAttribute(resource, model);
      return (
        hidden !== undefined &&
        hiddenFault(
          model,
          resource,
          hidden.attribute,
          `The value after the change is not shown (${hidden.why}), so this plan does not show whether it is safe.`,
        )
      );
    },
  }),
];

function hiddenAttribute(resource: PlannedResource, model: Model) {
  const isHiddenLink = (name: string): boolean => attributeOf(resource, "after", name).kind === "sensitive";
  return [...(TESTED[resource.type] ?? []), ...(LINKS[resource.type] ?? []).filter(isHiddenLink)]
    .map((attribute) => ({ attribute, why: model.whyHidden(resource, attribute) }))
    .find(({ why }) => why !== undefined);
}
