import { groupBy } from "../../modules/private/group-by";
import { attributeOf, memberOf, valueOf, waitingDays } from "./attributes";
import type { PlannedResource, Side } from "./plan";
import { asText } from "./predicates";

/** The types that a report lists, each with its name for the reader. */
export const KINDS: Readonly<Record<string, string>> = {
  aws_iam_access_key: "access key",
  aws_iam_group_membership: "group membership",
  aws_iam_group_policy: "group policy",
  aws_iam_group_policy_attachment: "group policy attachment",
  aws_iam_group_policy_attachments_exclusive: "group policy attachments",
  aws_iam_policy: "IAM policy",
  aws_iam_policy_attachment: "policy attachment",
  aws_iam_role: "role",
  aws_iam_role_policy: "role policy",
  aws_iam_role_policy_attachment: "role policy attachment",
  aws_iam_role_policy_attachments_exclusive: "role policy attachments",
  aws_iam_user: "user",
  aws_iam_user_group_membership: "group membership",
  aws_iam_user_login_profile: "password of a user",
  aws_iam_user_policy: "user policy",
  aws_iam_user_policy_attachment: "user policy attachment",
  aws_iam_user_policy_attachments_exclusive: "user policy attachments",
  aws_identitystore_group_membership: "group membership",
  aws_kms_alias: "alias",
  aws_kms_external_key: "key",
  aws_kms_grant: "grant",
  aws_kms_key: "key",
  aws_kms_key_policy: "key policy",
  aws_kms_replica_external_key: "replica key",
  aws_kms_replica_key: "replica key",
  aws_redshift_cluster: "cluster",
  aws_redshift_cluster_snapshot: "snapshot",
  aws_redshift_data_share_authorization: "datashare authorization",
  aws_redshift_data_share_consumer_association: "datashare association",
  aws_redshift_endpoint_authorization: "endpoint authorization",
  aws_redshift_parameter_group: "parameter group",
  aws_redshift_resource_policy: "resource policy",
  aws_redshift_snapshot_copy: "snapshot copy",
  aws_redshift_snapshot_copy_grant: "snapshot copy grant",
  aws_redshiftdata_statement: "SQL statement",
  aws_redshiftserverless_namespace: "namespace",
  aws_redshiftserverless_resource_policy: "resource policy",
  aws_redshiftserverless_snapshot: "snapshot",
  aws_redshiftserverless_workgroup: "workgroup",
  aws_secretsmanager_secret_policy: "secret policy",
  aws_ssoadmin_account_assignment: "assignment of a permission set",
  aws_ssoadmin_customer_managed_policy_attachment: "permission set policy",
  aws_ssoadmin_customer_managed_policy_attachments_exclusive: "permission set policies",
  aws_ssoadmin_managed_policy_attachment: "permission set policy",
  aws_ssoadmin_managed_policy_attachments_exclusive: "permission set policies",
  aws_ssoadmin_permission_set: "permission set",
  aws_ssoadmin_permission_set_inline_policy: "permission set policy",
  aws_ssoadmin_permissions_boundary_attachment: "permission set boundary",
  awscc_kms_key: "key",
  awscc_kms_replica_key: "replica key",
};

/** The types whose changes outside Terraform a report lists. */
const DRIFT_KINDS: Readonly<Record<string, string>> = {
  ...KINDS,
  aws_cloudwatch_log_group: "log group",
  aws_default_security_group: "security group",
  aws_ec2_managed_prefix_list: "prefix list",
  aws_ec2_managed_prefix_list_entry: "prefix list entry",
  aws_iam_group: "group",
  aws_iam_openid_connect_provider: "identity provider",
  aws_redshift_endpoint_access: "endpoint",
  aws_redshift_scheduled_action: "scheduled action",
  aws_redshiftserverless_endpoint_access: "endpoint",
  aws_secretsmanager_secret: "secret",
  aws_security_group: "security group",
  aws_security_group_rule: "security group rule",
  aws_vpc_security_group_ingress_rule: "security group rule",
};

/** Attributes that a report leaves out: `tags_all` follows from `tags`. */
const UNREPORTED = ["tags_all"];
/** The most characters of a value that are shown. */
const LONGEST = 120;

/** The change of one resource, as a report prints it. */
export interface Change {
  readonly action: PlannedResource["action"];
  readonly address: string;
  /** The changes one by one: attributes with their values, and the effect in AWS. */
  readonly details: readonly string[];
  readonly kind: string;
  readonly type: string;
}

/** The changes that a report lists, and the number of changes of other types. */
export interface Changes {
  readonly listed: readonly Change[];
  /** The number of changes of each other type. */
  readonly others: Readonly<Record<string, number>>;
}

export function changesOf(resources: readonly PlannedResource[]): Changes {
  const changed = resources.filter(
    ({ action, change, previous_address: previous }) => action !== "none" || change.importing || previous,
  );
  const isListed = ({ type }: PlannedResource): boolean => Object.hasOwn(KINDS, type);
  const others = groupBy(
    changed.filter((resource) => !isListed(resource)),
    ({ type }) => type,
  );
  return {
    listed: changed.filter(isListed).map(changeOf),
    others: Object.fromEntries([...others].map(([type, { length }]) => [type, length])),
  };
}

/** Returns the changes outside Terraform of the types that a report lists. */
export function driftOf(resources: readonly PlannedResource[]): readonly Change[] {
  return resources
    .filter((resource) => Object.hasOwn(DRIFT_KINDS, resource.type))
    .filter(({ action }) => action !== "none")
    .filter((resource) => resource.action !== "update" || changedAttributes(resource).length > 0)
    .map(changeOf);
}

function changeOf(resource: PlannedResource): Change {
  const { action, address, change, previous_address: previous, type } = resource;
  return {
    action,
    address,
    details: [
      ...(previous === undefined ? [] : [`moved from ${previous}`]),
      ...(change.importing ? ["imported"] : []),
      ...(action === "update" || action === "replace" ? differences(resource) : []),
      ...outcome(resource),
    ],
    kind: DRIFT_KINDS[type]!,
    type,
  };
}

/** Returns the effect of a change in AWS that its action does not show, such as a final snapshot. */
function outcome(resource: PlannedResource): readonly string[] {
  const { action, type } = resource;
  const isDeleted = action === "destroy" || action === "replace";
  if (action === "forget") {
    return ["stays in AWS; Terraform no longer manages it"];
  }
  if (isDeleted && /^aws_kms_.*key$/.test(type)) {
    return [`KMS deletes it after ${waitingDays(resource)} days`];
  }
  if (isDeleted && type === "aws_redshift_cluster") {
    const isSkipped = valueOf(resource, "before", "skip_final_snapshot") === true;
    const snapshot = valueOf(resource, "before", "final_snapshot_identifier");
    if (isSkipped) {
      return ["without a final snapshot"];
    }
    // The provider refuses to delete a cluster with neither of these.
    return [
      snapshot === undefined
        ? "the provider refuses: there is no final_snapshot_identifier"
        : `final snapshot ${valueText(snapshot)}`,
    ];
  }
  return [];
}

/** Returns the attributes that change, each with its values, and a mark if it forces the replacement. */
function differences(resource: PlannedResource): readonly string[] {
  const forcing = forcingAttributes(resource);
  return changedAttributes(resource).map(
    (name) => `${difference(resource, name)}${forcing.has(name) ? " (forces the replacement)" : ""}`,
  );
}

function forcingAttributes({ change }: PlannedResource): ReadonlySet<string> {
  return new Set((change.replace_paths ?? []).map(([name]) => asText(name)));
}

/** Returns the names of the attributes that change, first those that force a replacement. */
export function changedAttributes(resource: PlannedResource): readonly string[] {
  const { change } = resource;
  const forcing = forcingAttributes(resource);
  const names = new Set([...Object.keys(change.before ?? {}), ...Object.keys(change.after ?? {})]);
  // In a replacement, computed values are unknown again. That is no change of the configuration.
  const isReported = (name: string): boolean =>
    !UNREPORTED.includes(name) &&
    (resource.action === "update" || attributeOf(resource, "after", name).kind !== "unknown until apply") &&
    !isEqual(memberOf(change.before, name), memberOf(change.after, name));
  return [...names]
    .filter((name) => forcing.has(name) || isReported(name))
    .sort((one, other) => Number(forcing.has(other)) - Number(forcing.has(one)) || (one < other ? -1 : 1));
}

/** Whether two values are equal. Null, "", [] and {} are equal, because the provider uses each of them for an empty value. */
export function isEqual(one: unknown, other: unknown): boolean {
  return withoutEmpty(one) === withoutEmpty(other);
}

function withoutEmpty(value: unknown): string | undefined {
  return JSON.stringify(value, (_, part: unknown) => (isEmpty(part) ? undefined : part));
}

function isEmpty(value: unknown): boolean {
  return value === null || value === "" || (typeof value === "object" && Object.values(value).every(isEmpty));
}

function difference(resource: PlannedResource, name: string): string {
  const [before, after] = [wordsFor(resource, "before", name), wordsFor(resource, "after", name)];
  // A value that is long or a policy is not shown: only the attribute is named. Policies are shown as tables.
  return before === after || [before, after].includes("…") ? name : `${name}: ${before} → ${after}`;
}

function wordsFor(resource: PlannedResource, side: Side, name: string): string {
  const attribute = attributeOf(resource, side, name);
  if (attribute.kind === "known") {
    return attribute.value === "" ? "none" : valueText(attribute.value);
  }
  return attribute.kind === "absent" ? "none" : attribute.kind;
}

function valueText(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > LONGEST || /[{}]/.test(text) ? "…" : text;
}
