import { groupBy } from "../../../modules/private/group-by";
import { attributeOf } from "../../plan/attributes";
import type { PlannedResource } from "../../plan/plan";
import type { Model } from "../../model/model";
import { GROUP_TYPES } from "../../model/network-parts";
import { hiddenFault } from "../not-shown";
import { type Rule, rule, type Subject } from "../rule";
import { unreadChanges } from "../unread";
import { parameterGroupOf } from "./exposure";
import { GROUP_ATTRIBUTES, sensitiveIngress } from "./network";

/** The attributes that rules test, by resource type. */
const TESTED: Readonly<Record<string, readonly string[]>> = {
  aws_redshift_cluster: ["encrypted", "port", "publicly_accessible", "skip_final_snapshot", "snapshot_copy"],
  aws_redshift_parameter_group: ["family", "parameter"],
  aws_redshiftserverless_workgroup: ["config_parameter", "port", "publicly_accessible"],
};

/** The names by which other resources, policies and the encryption context refer to a resource. A new name may be unknown. */
const NAMES = [
  ["aws_redshift_cluster", "cluster_identifier"],
  ["aws_redshift_parameter_group", "name"],
  ["aws_redshiftserverless_namespace", "namespace_name"],
  ["aws_redshiftserverless_workgroup", "workgroup_name"],
] as const;

/** Whether the plan shows the resource to which an attribute refers. */
type IsFound = (resource: PlannedResource, model: Model) => boolean;

const isKeyFound: IsFound = (resource, model) => model.keyUses(resource, "kms_key_id").after.kind !== "hidden";
const refersTo =
  (attribute: string, types: readonly string[]): IsFound =>
  (resource, { references }) =>
    references.linksOf(resource, attribute, types).length > 0;

/**
 * The attributes that refer to other resources, by type. An unknown attribute is reported only if it was known before the change,
 * and its references lead to no resource.
 */
const LINKS: readonly (readonly [type: string, attribute: string, isFound: IsFound])[] = [
  [
    "aws_redshift_cluster",
    "cluster_parameter_group_name",
    (cluster, model) => parameterGroupOf(cluster, model) !== undefined,
  ],
  ["aws_redshift_cluster", "kms_key_id", isKeyFound],
  [
    "aws_redshift_snapshot_copy",
    "snapshot_copy_grant_name",
    refersTo("snapshot_copy_grant_name", ["aws_redshift_snapshot_copy_grant"]),
  ],
  ["aws_redshiftserverless_namespace", "kms_key_id", isKeyFound],
  [
    "aws_redshiftserverless_workgroup",
    "namespace_name",
    refersTo("namespace_name", ["aws_redshiftserverless_namespace"]),
  ],
  ...NAMES.map(([type, attribute]) => [type, attribute, () => true] as const),
  ...Object.entries(GROUP_ATTRIBUTES).map(
    ([type, attribute]) => [type, attribute, refersTo(attribute, GROUP_TYPES)] as const,
  ),
];

/** A resource with an attribute that a plan does not show. */
interface Hidden extends Subject {
  readonly attribute: string;
  readonly resource: PlannedResource;
  readonly why: string;
}

/** The rule about values that a plan does not show. */
export const NOT_SHOWN_RULES: readonly Rule[] = [
  rule({
    id: "warehouse-not-shown",
    title: "The plan does not show an attribute that the review tests",
    see: "https://docs.aws.amazon.com/redshift/latest/mgmt/security-data-protection.html",
    notShown: (model) => unreadChanges(model, "Redshift"),
    subjects: hiddenResources,
    faultOf: ({ attribute, resource, why }, model) =>
      hiddenFault(
        model,
        resource,
        attribute,
        `The value after the change is not shown (${why}), so this plan does not show whether it is safe.`,
      ),
  }),
];

/** Returns the resources with a hidden attribute, each once. */
function hiddenResources(model: Model): readonly Hidden[] {
  const warehouseTypes = new Set([...Object.keys(TESTED), ...LINKS.map(([type]) => type)]);
  const hidden = [
    ...model.withType(...warehouseTypes).flatMap((resource) => hiddenAttributes(resource, model)),
    ...sensitiveIngress(model).map(({ attribute, resource }) =>
      hiddenBy(resource, attribute, `${attribute} is sensitive`),
    ),
  ];
  return [...groupBy(hidden, ({ resource }) => resource).values()].map(([first]) => first!);
}

function hiddenAttributes(resource: PlannedResource, model: Model): readonly Hidden[] {
  const links = LINKS.filter(([type, attribute, isFound]) => {
    const { kind } = attributeOf(resource, "after", attribute);
    const isLost = attributeOf(resource, "before", attribute).kind === "known" && kind === "unknown until apply";
    return type === resource.type && (kind === "sensitive" || (isLost && !isFound(resource, model)));
  });
  return [...(TESTED[resource.type] ?? []), ...links.map(([, attribute]) => attribute)].flatMap((attribute) => {
    const why = model.whyHidden(resource, attribute);
    return why === undefined ? [] : [hiddenBy(resource, attribute, why)];
  });
}

function hiddenBy(resource: PlannedResource, attribute: string, why: string): Hidden {
  return { address: resource.address, attribute, resource, why };
}
