import type { Construct } from "constructs";
import { checkKey, checkKeyPlace, literalRegion } from "../kms/key";
import { checkConsistency, literalPartition } from "../private/aws-environment";
import {
  checkAtMost,
  checkGivenOnlyWith,
  checkNotBoth,
  checkNotEmpty,
  checkObject,
  checkPlace,
  fail,
  known,
  type Place,
  type Where,
} from "../private/checks";
import { checkSubnetGroupName } from "../private/creators";
import {
  checkProps,
  code,
  decision,
  flag,
  list,
  map,
  number,
  type PropRules,
  propRules,
  required,
  text,
  type WithPresets,
  unique,
} from "../private/prop-rules";
import { ENVIRONMENT_PROPS, type EnvironmentProps } from "../private/resource-props";
import { follows, type OrNewer } from "../private/rule";
import { checkDeployedBefore } from "../private/stack-boundary";
import * as rules from "../private/rules";
import { checkLogGroups } from "./audit-log-groups";
import { checkParameters, type IClusterParameterGroup } from "./cluster-parameter-group";
import { checkIamRoles, checkSecret, WAREHOUSE_PROPS, type WarehouseProps } from "./warehouse-props";

/** A provisioned cluster. */
export interface EncryptedClusterProps extends EnvironmentProps, WarehouseProps {
  /** The cluster's identifier: 1 to 63 lowercase letters, digits or hyphens. It is part of the encryption context. */
  readonly clusterIdentifier: string;
  /** The node type, RA3 or RG. */
  readonly nodeType: OrNewer<
    | "ra3.large"
    | "ra3.xlplus"
    | "ra3.4xlarge"
    | "ra3.16xlarge"
    | "rg.large"
    | "rg.xlarge"
    | "rg.4xlarge"
    | "rg.12xlarge"
  >;
  /**
   * How long automated snapshots are kept, in days: 1 to 35.
   *
   * @default 7
   */
  readonly automatedSnapshotRetentionPeriod?: number | undefined;
  /**
   * Whether Redshift may move the cluster to another Availability Zone. AWS turns it on for a new cluster with subnets in
   * several zones, and the provider shows a diff if it is not set.
   *
   * @default - true, unless the cluster is multi-AZ, which has its own failover, or has one subnet only
   * @see https://docs.aws.amazon.com/redshift/latest/mgmt/managing-cluster-recovery.html
   */
  readonly availabilityZoneRelocationEnabled?: boolean | undefined;
  /**
   * An existing parameter group. Its owner decides whether TLS is required.
   *
   * @default - a group is created, with `require_ssl` and `enable_user_activity_logging` on
   */
  readonly clusterParameterGroupName?: string | undefined;
  /**
   * An existing subnet group.
   *
   * @default - a group is created of `subnetIds`
   */
  readonly clusterSubnetGroupName?: string | undefined;
  /**
   * The time at which the creation of the cluster was requested, for the encryption context: a Date, or an RFC 3339 date and time.
   *
   * @default - left out of the encryption context
   */
  readonly createTime?: Date | string | undefined;
  /**
   * The name of the snapshot that is taken when the cluster is destroyed: 1 to 255 characters.
   *
   * @default - the cluster's identifier and `-final`
   */
  readonly finalSnapshotIdentifier?: string | undefined;
  /**
   * The bucket that the audit log goes to. Its owner must let Redshift write to it.
   *
   * @default - the audit log goes to CloudWatch
   */
  readonly logBucketName?: string | undefined;
  /**
   * The prefix of the names of the audit log's objects in the bucket: 1 to 256 letters, digits, spaces or any of `_.:/=+-@`.
   *
   * @default - nothing
   */
  readonly logS3KeyPrefix?: string | undefined;
  /**
   * The maintenance track, which decides the releases that the cluster gets: current, trailing, or a preview track.
   *
   * @default - current, as AWS decides
   * @see https://docs.aws.amazon.com/redshift/latest/APIReference/API_MaintenanceTrack.html
   */
  readonly maintenanceTrackName?: OrNewer<"current" | "trailing"> | undefined;
  /**
   * How long manual snapshots are kept, in days: 1 to 3,653, or -1 without end.
   *
   * @default - -1, as AWS decides
   */
  readonly manualSnapshotRetentionPeriod?: number | undefined;
  /**
   * The admin's password, write-only: it is in no plan and no state. It comes from an ephemeral resource or a variable, never as a
   * literal. Terraform 1.11 or newer. A restored cluster has the snapshot's password until the version changes.
   *
   * @default - Redshift creates a password, keeps it in Secrets Manager and rotates it
   */
  readonly masterPasswordWo?: string | undefined;
  /**
   * The version of `masterPasswordWo`: a change of it sends the password again. 1 or more.
   *
   * @default - none
   */
  readonly masterPasswordWoVersion?: number | undefined;
  /**
   * The admin's name: 1 to 128 lowercase letters, digits or any of `_+.@-`, and no reserved word. A restored cluster has the
   * snapshot's name; another name replaces the cluster.
   *
   * @default "warehouse_admin"
   */
  readonly masterUsername?: string | undefined;
  /**
   * Whether the cluster runs in two Availability Zones at once: two nodes or more in each, and subnets in three zones.
   *
   * @default false
   */
  readonly multiAz?: boolean | undefined;
  /**
   * How many compute nodes the cluster has. The range depends on the node type, and is not checked for a node type that is newer
   * than this version.
   *
   * @default - the fewest that the node type allows, and 2 at least if the cluster is multi-AZ; AWS's default, 1, for a newer node
   *   type; required for a restored cluster
   */
  readonly numberOfNodes?: number | undefined;
  /**
   * The account that owns the snapshot, if it is another account than the cluster's.
   *
   * @default - the cluster's account
   */
  readonly ownerAccount?: string | undefined;
  /**
   * The parameter group that the cluster shares with other clusters of its account and Region, in which AWS allows 20 groups. A
   * different group takes effect when the cluster reboots.
   *
   * @default - a group is created for this cluster
   * @see https://docs.aws.amazon.com/redshift/latest/mgmt/working-with-parameter-groups.html
   */
  readonly parameterGroup?: IClusterParameterGroup | undefined;
  /**
   * Parameters of the created parameter group, besides the two that are always on.
   *
   * @default - none
   */
  readonly parameters?: Readonly<Record<string, string>> | undefined;
  /**
   * When Redshift may maintain the cluster, in UTC: `sun:03:00-sun:04:00`.
   *
   * @default - AWS chooses
   */
  readonly preferredMaintenanceWindow?: string | undefined;
  /**
   * Whether a restored cluster is encrypted with `key` in place of the snapshot's key. A restore with another key is the way to
   * give a cluster another key. AWS documents it for snapshots of the same account, and for snapshots that another account shares.
   *
   * @default false
   * @see https://docs.aws.amazon.com/redshift/latest/APIReference/API_RestoreFromClusterSnapshot.html
   */
  readonly reencrypt?: boolean | undefined;
  /**
   * Whether no snapshot is taken when the cluster is destroyed.
   *
   * @default false
   */
  readonly skipFinalSnapshot?: boolean | undefined;
  /**
   * The ARN of the snapshot to restore from: a snapshot of a cluster, or of a serverless namespace. The cluster keeps the
   * snapshot's key, which must be `key`, unless `reencrypt` is true.
   *
   * @default - a new, empty cluster
   */
  readonly snapshotArn?: string | undefined;
  /**
   * The cluster from which the snapshot was taken.
   *
   * @default - the snapshot's identifier alone is enough
   */
  readonly snapshotClusterIdentifier?: string | undefined;
  /**
   * The identifier of the snapshot to restore from. The cluster keeps the snapshot's key, which must be `key`, unless `reencrypt`
   * is true.
   *
   * @default - a new, empty cluster
   */
  readonly snapshotIdentifier?: string | undefined;
  /**
   * The security groups of the cluster.
   *
   * @default - the VPC's default security group
   */
  readonly vpcSecurityGroupIds?: readonly string[] | undefined;
}

export const ENCRYPTED_CLUSTER_PROPS = propRules("EncryptedClusterProps", {
  ...WAREHOUSE_PROPS,
  clusterIdentifier: unique(required(text(rules.CLUSTER_IDENTIFIER))),
  nodeType: required(text(rules.NODE_TYPE)),
  ...ENVIRONMENT_PROPS,
  automatedSnapshotRetentionPeriod: number(rules.AUTOMATED_SNAPSHOT_RETENTION, 7),
  availabilityZoneRelocationEnabled: flag(),
  clusterParameterGroupName: text(rules.GROUP_NAME),
  clusterSubnetGroupName: text(rules.GROUP_NAME),
  createTime: code(),
  finalSnapshotIdentifier: unique(text(rules.FINAL_SNAPSHOT_IDENTIFIER)),
  logBucketName: text(rules.BUCKET_NAME),
  logS3KeyPrefix: text(rules.S3_KEY_PREFIX),
  maintenanceTrackName: text(rules.TRACK_NAME),
  manualSnapshotRetentionPeriod: number(rules.MANUAL_SNAPSHOT_RETENTION),
  masterPasswordWo: code(),
  masterPasswordWoVersion: code(),
  masterUsername: text(rules.ADMIN_USERNAME, "warehouse_admin"),
  multiAz: flag(false),
  numberOfNodes: number(rules.POSITIVE_INTEGER),
  ownerAccount: text(rules.ACCOUNT_ID),
  parameterGroup: code(),
  parameters: decision(map()),
  preferredMaintenanceWindow: text(rules.MAINTENANCE_WINDOW),
  reencrypt: decision(flag(false)),
  skipFinalSnapshot: decision(flag(false)),
  snapshotArn: text(rules.SNAPSHOT_ARN),
  snapshotClusterIdentifier: text(rules.CLUSTER_IDENTIFIER),
  snapshotIdentifier: text(rules.SNAPSHOT_IDENTIFIER),
  vpcSecurityGroupIds: list(rules.SECURITY_GROUP_ID),
} satisfies PropRules<EncryptedClusterProps>);

export type ClusterSettings = WithPresets<EncryptedClusterProps, typeof ENCRYPTED_CLUSTER_PROPS>;

/** Returns the default identifier of the final snapshot of a cluster. */
export function defaultFinalSnapshotIdentifier(clusterIdentifier: string): string {
  return `${clusterIdentifier}-final`;
}

/** Returns whether the cluster is restored from a snapshot. */
export function isRestored({ snapshotArn, snapshotIdentifier }: EncryptedClusterProps): boolean {
  return snapshotArn !== undefined || snapshotIdentifier !== undefined;
}

/** Returns whether Redshift creates the admin's password and keeps it in Secrets Manager. */
export function isPasswordManaged({ masterPasswordWo }: EncryptedClusterProps): boolean {
  return masterPasswordWo === undefined;
}

/**
 * Returns the default of `availabilityZoneRelocationEnabled`. AWS turns relocation on for a new cluster with several subnets; a
 * multi-AZ cluster must not have it.
 */
export function mayRelocate({ multiAz = false, subnetIds }: EncryptedClusterProps): boolean {
  const hasOneSubnet = subnetIds !== undefined && known(subnetIds) && subnetIds.length === 1;
  return multiAz === false && !hasOneSubnet;
}

/**
 * Returns the fewest nodes that the node type allows, and at least 2 for a multi-AZ cluster, in each zone. Undefined if the node
 * type is unknown, and the cluster is not multi-AZ.
 */
export function fewestNodes({ multiAz, nodeType }: EncryptedClusterProps): number | undefined {
  const [fewest] = rules.NODE_COUNTS[nodeType] ?? [undefined];
  return multiAz ? Math.max(fewest ?? 2, 2) : fewest;
}

export function checkClusterProps(where: Construct, props: EncryptedClusterProps): void {
  checkProps(
    where,
    props,
    ENCRYPTED_CLUSTER_PROPS,
    (props) => checkConsistency(where, props),
    (props) => checkClusterKey(where, props),
    (props) => checkAdminSecretKey(where, props),
    (props) => checkIamRoles(where, props, { accountId: props.accountId, partition: literalPartition(props) }),
    (props) => checkAtMost(where, "iamRoles", props.iamRoles, rules.MAX_IAM_ROLES, "roles"),
    (props) => checkNodes(where, props),
    (props) => checkSubnets(where, props),
    ({ clusterIdentifier, provider, subnetIds }) =>
      subnetIds && checkSubnetGroupName(where, "clusterIdentifier", clusterIdentifier, provider),
    (props) => checkParameterGroup(where, props),
    (props) => checkSecret(where, props, "masterPasswordWo", "masterPasswordWoVersion"),
    (props) => checkLogging(where, props),
    (props) => checkRestore(where, props),
  );
}

/** Refuses a key of another partition or Region than the cluster's. */
export function checkClusterKey(
  where: Where,
  props: Pick<EncryptedClusterProps, "accountId" | "key" | "partition" | "region">,
): void {
  const { accountId, key, region } = props;
  checkKey(where, key);
  checkKeyPlace(where, key, { accountId, partition: literalPartition(props), region });
}

/** Returns the partition and the Region of the cluster, which are the key's. */
function placeOf(props: EncryptedClusterProps): Place {
  // Untyped code may give null as key.
  const region = props.region ?? (props.key ? literalRegion(props.key) : undefined);
  return { partition: literalPartition(props) ?? literalPartition({ region }), region };
}

function checkAdminSecretKey(where: Where, props: EncryptedClusterProps): void {
  checkPlace(where, "adminSecretKeyArn", props.adminSecretKeyArn, placeOf(props));
  checkNotBoth(where, props, "adminSecretKeyArn", "masterPasswordWo", "a given password has no secret");
}

/** Refuses a number of nodes that the node type does not have, unless the type is unknown. */
export function checkNodeCount(where: Where, nodeType: string | undefined, numberOfNodes: number | undefined): void {
  const range = nodeType !== undefined && known(nodeType) ? rules.NODE_COUNTS[nodeType] : undefined;
  if (range !== undefined && follows(numberOfNodes, rules.POSITIVE_INTEGER)) {
    const [min, max] = range;
    if (numberOfNodes! < min || numberOfNodes! > max) {
      fail(where, "numberOfNodes", `be an integer from ${min} to ${max} for ${nodeType}`, numberOfNodes);
    }
  }
}

function checkNodes(where: Where, props: EncryptedClusterProps): void {
  const { availabilityZoneRelocationEnabled, multiAz, nodeType, numberOfNodes } = props;
  checkNodeCount(where, nodeType, numberOfNodes);
  if (multiAz === true) {
    if (numberOfNodes !== undefined && known(numberOfNodes) && numberOfNodes < 2) {
      fail(where, "numberOfNodes", "be 2 or more if 'multiAz' is true", numberOfNodes);
    }
    if (availabilityZoneRelocationEnabled === true) {
      fail(where, "availabilityZoneRelocationEnabled", "be false if 'multiAz' is true", true);
    }
  }
}

function checkSubnets(where: Where, props: EncryptedClusterProps): void {
  const { availabilityZoneRelocationEnabled, multiAz, subnetIds } = props;
  checkNotBoth(where, props, "clusterSubnetGroupName", "subnetIds", "the group has its own subnets");
  checkNotEmpty(where, "subnetIds", subnetIds, "subnet");
  checkAtMost(where, "subnetIds", subnetIds, rules.MAX_SUBNETS, "subnets");
  if (subnetIds !== undefined && known(subnetIds)) {
    if (multiAz === true && subnetIds.length < 3) {
      fail(where, "subnetIds", "name subnets in three Availability Zones if 'multiAz' is true", subnetIds);
    }
    if (availabilityZoneRelocationEnabled === true && subnetIds.length < 2) {
      fail(where, "subnetIds", "name subnets in two Availability Zones if the cluster may relocate", subnetIds);
    }
  }
}

function checkParameterGroup(where: Where, props: EncryptedClusterProps): void {
  checkNotBoth(where, props, "clusterParameterGroupName", "parameters", "the group has its own parameters");
  checkNotBoth(where, props, "clusterParameterGroupName", "parameterGroup", "each of the two names a group");
  checkNotBoth(where, props, "parameters", "parameterGroup", "the group has its own parameters");
  if (props.parameterGroup !== undefined) {
    const must = "be a parameter group, such as a ClusterParameterGroup";
    checkObject(where, "parameterGroup", props.parameterGroup, must, "clusterParameterGroupName");
    const { clusterParameterGroupName, resource } = props.parameterGroup;
    checkDeployedBefore(where, "parameterGroup", clusterParameterGroupName, resource);
  }
  checkParameters(where, props.parameters);
}

function checkLogging(where: Where, props: EncryptedClusterProps): void {
  checkNotBoth(where, props, "logExports", "logBucketName", "a bucket gets every log");
  checkNotBoth(where, props, "logRetentionInDays", "logBucketName", "the bucket decides how long logs stay");
  checkLogGroups(where, props);
  checkGivenOnlyWith(where, props, "logS3KeyPrefix", "logBucketName");
}

function checkRestore(where: Where, props: EncryptedClusterProps): void {
  const { finalSnapshotIdentifier, masterUsername, numberOfNodes } = props;
  if (props.skipFinalSnapshot === true && finalSnapshotIdentifier !== undefined) {
    fail(where, "finalSnapshotIdentifier", "be left out if 'skipFinalSnapshot' is true", finalSnapshotIdentifier);
  }
  checkPlace(where, "snapshotArn", props.snapshotArn, placeOf(props));
  checkNotBoth(where, props, "snapshotArn", "snapshotIdentifier", "each of the two names a snapshot");
  if (props.reencrypt === true && !isRestored(props)) {
    fail(where, "reencrypt", "be given only with 'snapshotArn' or 'snapshotIdentifier'", true);
  }
  checkGivenOnlyWith(where, props, "snapshotClusterIdentifier", "snapshotIdentifier");
  checkGivenOnlyWith(where, props, "ownerAccount", "snapshotIdentifier");
  if (isRestored(props) && masterUsername === undefined) {
    fail(where, "masterUsername", "be the name in the snapshot, because another name replaces the cluster", undefined);
  }
  if (isRestored(props) && numberOfNodes === undefined) {
    fail(
      where,
      "numberOfNodes",
      "be given for a restored cluster, because AWS would keep the snapshot's number of nodes",
      undefined,
    );
  }
}
