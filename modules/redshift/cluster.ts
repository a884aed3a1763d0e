import { RedshiftCluster } from "@cdktf/provider-aws/lib/redshift-cluster";
import { RedshiftLogging } from "@cdktf/provider-aws/lib/redshift-logging";
import { RedshiftParameterGroup } from "@cdktf/provider-aws/lib/redshift-parameter-group";
import { RedshiftSubnetGroup } from "@cdktf/provider-aws/lib/redshift-subnet-group";
import {
  Annotations,
  Op,
  type Postcondition,
  type Precondition,
  TerraformResource,
  TerraformSelf,
  type TerraformProvider,
} from "cdktf";
import { Construct } from "constructs";
import { callerMayDeploy, checkKey, type IDataApiKey, madeResource, replacedWith } from "../kms/key";
import { EncryptionContext } from "../kms/encryption-context";
import { accountIdOf, checkEnvironment, literalPartition, partitionFor, regionOf } from "../private/aws-environment";
import {
  arnPart,
  check,
  checkAdminSecretKey,
  checkAll,
  checkDecisions,
  checkEach,
  checkFlags,
  checkIamRoles,
  checkNotBoth,
  checkNotEmpty,
  checkObject,
  checkPartition,
  checkRequired,
  checkSecret,
  fail,
  known,
} from "../private/checks";
import { defined } from "../private/defined";
import * as rules from "../private/rules";
import { AuditLogGroups, checkLogGroups } from "./audit-log-groups";
import { checkParameters, type IClusterParameterGroup, nameFor, settingsOf } from "./cluster-parameter-group";
import type { CredentialScope, ICluster } from "./warehouse";

/** A provisioned cluster. */
export interface EncryptedClusterProps {
  /** The cluster's identifier: 1 to 63 lowercase letters, digits or hyphens. It is part of the encryption context. */
  readonly clusterIdentifier: string;
  /** The key that encrypts the cluster, its admin secret, and the Data API's statements and results. */
  readonly key: IDataApiKey;
  /** The node type, RA3 or RG: ra3.large or rg.xlarge, for instance. */
  readonly nodeType: string;
  /**
   * The cluster's account: 12 digits.
   *
   * @default - the account of the provider's credentials, by a data source
   */
  readonly accountId?: string | undefined;
  /**
   * The customer managed key of the admin's secret, by ARN. Users of `key` may decrypt with it: a user that may also read
   * the secret, by `secretsmanager:GetSecretValue`, gets the admin's password. Another key for the secret prevents it.
   *
   * @default - `key`
   * @see https://docs.aws.amazon.com/redshift/latest/mgmt/redshift-secrets-manager-integration.html
   */
  readonly adminSecretKeyArn?: string | undefined;
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
   * An existing parameter group. Whether TLS is required is then its owner's decision.
   *
   * @default - one is made, with `require_ssl` and `enable_user_activity_logging` on
   */
  readonly clusterParameterGroupName?: string | undefined;
  /**
   * An existing subnet group.
   *
   * @default - one is made of `subnetIds`
   */
  readonly clusterSubnetGroupName?: string | undefined;
  /**
   * When creation of the cluster was requested, for the encryption context: a Date or RFC 3339 date and time.
   *
   * @default - left out of the encryption context
   */
  readonly createTime?: Date | string | undefined;
  /**
   * The first database: 1 to 64 lowercase letters, digits, underscores or dollar signs. A restored cluster has the
   * snapshot's.
   *
   * @default "dev"
   */
  readonly databaseName?: string | undefined;
  /**
   * The default one of `iamRoles`.
   *
   * @default - none
   */
  readonly defaultIamRoleArn?: string | undefined;
  /**
   * Whether Terraform refuses to destroy the cluster (`prevent_destroy`), replacement included.
   *
   * @default true
   */
  readonly deletionProtection?: boolean | undefined;
  /**
   * Whether the log groups that are made for `logRetentionInDays` are encrypted with `key`, whose policy must then let
   * CloudWatch Logs use it: `KeyStatements.forLogGroups`.
   *
   * @default true
   */
  readonly encryptLogGroups?: boolean | undefined;
  /**
   * Whether COPY and UNLOAD go through the VPC.
   *
   * @default true
   */
  readonly enhancedVpcRouting?: boolean | undefined;
  /**
   * The name of the snapshot that is taken when the cluster is destroyed: 1 to 255 characters.
   *
   * @default - the cluster's identifier and `-final`
   */
  readonly finalSnapshotIdentifier?: string | undefined;
  /**
   * The IAM roles that COPY, UNLOAD and external schemas use, by ARN.
   *
   * @default - none
   */
  readonly iamRoles?: readonly string[] | undefined;
  /**
   * The bucket that the audit log goes to. Its owner must let Redshift write to it.
   *
   * @default - the audit log goes to CloudWatch
   */
  readonly logBucketName?: string | undefined;
  /**
   * The logs that go to CloudWatch: connectionlog, useractivitylog, userlog. An empty list turns the audit log off.
   *
   * @default - all three, or a bucket's
   */
  readonly logExports?: readonly string[] | undefined;
  /**
   * How long CloudWatch keeps the audit log, in days: 1, 3, 5, 7, 14, 30, and so on up to 3,653; 0 is for ever. Its log
   * groups are then made here and not by Redshift; those that are there already must be imported. While the warehouse
   * is protected, log groups that are taken out stay.
   *
   * @default - Redshift makes the log groups, which keep everything and have CloudWatch's own key
   */
  readonly logRetentionInDays?: number | undefined;
  /**
   * The prefix of the names of the audit log's objects in the bucket.
   *
   * @default - nothing
   */
  readonly logS3KeyPrefix?: string | undefined;
  /**
   * How long manual snapshots are kept, in days: 1 to 3,653, or -1 for ever.
   *
   * @default -1
   */
  readonly manualSnapshotRetentionPeriod?: number | undefined;
  /**
   * The admin's password, write-only: it is in no plan and no state. It comes from an ephemeral resource or a variable,
   * never as a literal. Terraform 1.11 or newer. A restored cluster has the snapshot's until the version changes.
   *
   * @default - Redshift makes one, keeps it in Secrets Manager and rotates it
   */
  readonly masterPasswordWo?: string | undefined;
  /**
   * The version of `masterPasswordWo`: a change of it sends the password again. 1 or more.
   *
   * @default - none
   */
  readonly masterPasswordWoVersion?: number | undefined;
  /**
   * The admin's name: 1 to 128 lowercase letters, digits or underscores. A restored cluster has the snapshot's; another
   * name replaces the cluster.
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
   * How many compute nodes the cluster has; the range depends on the node type.
   *
   * @default - the fewest that the node type allows, and 2 at least if the cluster is multi-AZ; required for a restored
   *   cluster
   */
  readonly numberOfNodes?: number | undefined;
  /**
   * The account that owns the snapshot, if it is another one.
   *
   * @default - the cluster's account
   */
  readonly ownerAccount?: string | undefined;
  /**
   * The parameter group that the cluster shares with others, of its account and Region. AWS allows 20 groups there. Another
   * group takes effect when the cluster reboots.
   *
   * @default - one is made for this cluster
   * @see https://docs.aws.amazon.com/redshift/latest/mgmt/working-with-parameter-groups.html
   */
  readonly parameterGroup?: IClusterParameterGroup | undefined;
  /**
   * Parameters of the parameter group that is made, beside the two that are always on.
   *
   * @default - none
   */
  readonly parameters?: Readonly<Record<string, string>> | undefined;
  /**
   * The partition: aws, aws-cn or aws-us-gov, for instance.
   *
   * @default - the one of the Region, or the provider's, by a data source
   */
  readonly partition?: string | undefined;
  /**
   * The port: 5431 to 5455 or 8191 to 8215. The provider changes it in place from version 6.29. Older versions set it at
   * creation only.
   *
   * @default 5439
   */
  readonly port?: number | undefined;
  /**
   * When Redshift may maintain the cluster, in UTC: `sun:03:00-sun:04:00`.
   *
   * @default - AWS chooses
   */
  readonly preferredMaintenanceWindow?: string | undefined;
  /**
   * The provider that makes the cluster and what belongs to it.
   *
   * @default - the stack's default provider
   */
  readonly provider?: TerraformProvider | undefined;
  /**
   * Whether a restored cluster is encrypted with `key` in place of the snapshot's key. A restore with another key is the way to
   * give a cluster another key. AWS documents it for snapshots of the same account and for those that another account shares.
   *
   * @default false
   * @see https://docs.aws.amazon.com/redshift/latest/APIReference/API_RestoreFromClusterSnapshot.html
   */
  readonly reencrypt?: boolean | undefined;
  /**
   * The cluster's Region.
   *
   * @default - the provider's, by a data source
   */
  readonly region?: string | undefined;
  /**
   * Whether no snapshot is taken when the cluster is destroyed.
   *
   * @default false
   */
  readonly skipFinalSnapshot?: boolean | undefined;
  /**
   * The snapshot to restore from, by ARN: one of a cluster, or of a serverless namespace. The cluster keeps the snapshot's
   * key, which must be `key`, unless `reencrypt` is true.
   *
   * @default - a new, empty cluster
   */
  readonly snapshotArn?: string | undefined;
  /**
   * The cluster that the snapshot is of.
   *
   * @default - the snapshot's identifier alone is enough
   */
  readonly snapshotClusterIdentifier?: string | undefined;
  /**
   * The snapshot to restore from, by identifier. The cluster keeps the snapshot's key, which must be `key`, unless
   * `reencrypt` is true.
   *
   * @default - a new, empty cluster
   */
  readonly snapshotIdentifier?: string | undefined;
  /**
   * The subnets of the cluster.
   *
   * @default - the default VPC's, unless a subnet group is given
   */
  readonly subnetIds?: readonly string[] | undefined;
  /**
   * The tags of the cluster and of what belongs to it.
   *
   * @default - the provider's default tags only
   */
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /**
   * The security groups of the cluster.
   *
   * @default - the VPC's default security group
   */
  readonly vpcSecurityGroupIds?: readonly string[] | undefined;
}

/**
 * A provisioned Redshift cluster under a customer managed key, with its subnet group, parameter group and audit log.
 *
 * @see https://docs.aws.amazon.com/redshift/latest/mgmt/working-with-clusters.html
 */
export class EncryptedCluster extends Construct implements ICluster {
  public readonly kind = "cluster";
  public readonly clusterIdentifier: string;
  public readonly credentialScope: CredentialScope;
  public readonly databaseName: string;
  public readonly encryptionContext: EncryptionContext;
  public readonly key: IDataApiKey;
  public readonly namespaceArn: string;
  public readonly warehouseArn: string;
  /** The ARN of the secret with the admin's password, or undefined if the password was given. */
  public readonly adminSecretArn: string | undefined;
  public readonly adminUsername: string;
  /** The host name and port to connect to, with a colon between them. */
  public readonly endpoint: string;
  public readonly endpointAddress: string;
  public readonly endpointPort: number;
  /** The wrapped cluster. */
  public readonly resource: RedshiftCluster;
  /** The log groups of the audit log, or undefined if Redshift makes them. */
  public readonly logGroups: AuditLogGroups | undefined;
  /** The audit log, or undefined if it is off. */
  public readonly logging: RedshiftLogging | undefined;
  /** The parameter group of this cluster alone, or undefined if the cluster takes another one. */
  public readonly parameterGroup: RedshiftParameterGroup | undefined;
  /** The subnet group, or undefined if none was made. */
  public readonly subnetGroup: RedshiftSubnetGroup | undefined;

  /** @throws if a prop breaks its rule, or two props contradict each other */
  public constructor(scope: Construct, id: string, props: EncryptedClusterProps) {
    super(scope, id);
    checkObject(this, "props", props, "be given");
    checkAll(
      () => checkEnvironment(this, props),
      () => this.checkNames(props),
      () => this.checkKey(props),
      () => checkIamRoles(this, props, literalPartition(props)),
      () => this.checkNodes(props),
      () => this.checkSubnets(props),
      () => this.checkParameters(props),
      () => checkSecret(this, props, "masterPasswordWo", "masterPasswordWoVersion"),
      () => this.checkLogging(props),
      () => this.checkFinalSnapshot(props),
      () => this.checkRestore(props),
    );
    const { clusterIdentifier, deletionProtection = true, key, multiAz = false, nodeType, provider, tags } = props;

    const partition = partitionFor(this, props);
    const arnOf = (resource: string): string => `arn:${partition}:redshift:${region}:${accountId}:${resource}`;
    const region = regionOf(this, props);
    const accountId = accountIdOf(this, props);
    this.key = key;
    this.adminUsername = props.masterUsername ?? "warehouse_admin";
    this.databaseName = props.databaseName ?? "dev";
    this.warehouseArn = arnOf(`cluster:${clusterIdentifier}`);
    this.encryptionContext = EncryptionContext.forCluster(
      { clusterArn: this.warehouseArn, createTime: props.createTime },
      this,
    );
    this.credentialScope = {
      databaseArnPrefix: arnOf(`dbname:${clusterIdentifier}/`),
      databaseGroupArnPrefix: arnOf(`dbgroup:${clusterIdentifier}/`),
      databaseUserArnPrefix: arnOf(`dbuser:${clusterIdentifier}/`),
    };
    this.subnetGroup = this.makeSubnetGroup(props);
    this.parameterGroup = this.makeParameterGroup(props);
    const preconditions = [
      ...(callerMayDeploy(this, key, provider) ?? []),
      ...this.immutables(clusterIdentifier, key, deletionProtection),
    ];
    const restored = isRestored(props);
    const managed = props.masterPasswordWo === undefined;
    this.resource = new RedshiftCluster(
      this,
      "Resource",
      defined({
        automatedSnapshotRetentionPeriod: props.automatedSnapshotRetentionPeriod ?? 7,
        availabilityZoneRelocationEnabled: props.availabilityZoneRelocationEnabled ?? mayRelocate(props),
        clusterIdentifier,
        clusterParameterGroupName:
          this.parameterGroup?.name ?? nameFor(this, props.parameterGroup) ?? props.clusterParameterGroupName,
        clusterSubnetGroupName: this.subnetGroup?.name ?? props.clusterSubnetGroupName,
        // A restored cluster has the snapshot's database; Terraform cannot change it and would show a diff for ever.
        databaseName: restored ? undefined : this.databaseName,
        defaultIamRoleArn: props.defaultIamRoleArn,
        encrypted: "true",
        enhancedVpcRouting: props.enhancedVpcRouting ?? true,
        finalSnapshotIdentifier: props.skipFinalSnapshot
          ? undefined
          : (props.finalSnapshotIdentifier ?? `${clusterIdentifier}-final`),
        iamRoles: props.iamRoles && [...props.iamRoles],
        // Not sent, so that a restored cluster keeps the snapshot's key.
        kmsKeyId: restored && props.reencrypt !== true ? undefined : key.keyArn,
        lifecycle: defined({
          precondition: preconditions.length > 0 ? preconditions : undefined,
          preventDestroy: deletionProtection,
          replaceTriggeredBy: replacedWith(this, key),
          postcondition: restored ? [this.keepsKey(key)] : undefined,
        }),
        manageMasterPassword: managed ? true : undefined,
        manualSnapshotRetentionPeriod: props.manualSnapshotRetentionPeriod,
        masterPasswordSecretKmsKeyId: managed ? (props.adminSecretKeyArn ?? key.keyArn) : undefined,
        masterPasswordWo: props.masterPasswordWo,
        masterPasswordWoVersion: props.masterPasswordWoVersion,
        masterUsername: this.adminUsername,
        multiAz,
        nodeType,
        numberOfNodes: props.numberOfNodes ?? fewestNodes(props),
        ownerAccount: props.ownerAccount,
        port: props.port ?? 5439,
        preferredMaintenanceWindow: props.preferredMaintenanceWindow,
        provider,
        publiclyAccessible: false,
        skipFinalSnapshot: props.skipFinalSnapshot ?? false,
        snapshotArn: props.snapshotArn,
        snapshotClusterIdentifier: props.snapshotClusterIdentifier,
        snapshotIdentifier: props.snapshotIdentifier,
        tags,
        vpcSecurityGroupIds: props.vpcSecurityGroupIds && [...props.vpcSecurityGroupIds],
      }),
    );
    this.clusterIdentifier = this.resource.clusterIdentifier;
    this.namespaceArn = this.resource.clusterNamespaceArn;
    this.adminSecretArn = managed ? this.resource.masterPasswordSecretArn : undefined;
    this.endpoint = this.resource.endpoint;
    this.endpointAddress = this.resource.dnsName;
    this.endpointPort = this.resource.port;
    this.logGroups = this.makeLogGroups(props);
    this.logging = this.makeLogging(props);
    this.warn(props);
  }

  private warn(props: EncryptedClusterProps): void {
    const { availabilityZoneRelocationEnabled, key } = props;
    const warnings = Annotations.of(this);
    if (isRestored(props) && props.reencrypt !== true && madeResource(this, key)) {
      warnings.addWarning(
        "a restored cluster keeps the snapshot's key: if 'key' is a new one, the apply fails after the restore, unless " +
          "'reencrypt' is true",
      );
    }
    if (availabilityZoneRelocationEnabled === false && mayRelocate(props)) {
      warnings.addWarning(
        "AWS turns relocation on for a new cluster, and the provider before version 6.3 turns it off with the second apply only",
      );
    }
  }

  private checkNames(props: EncryptedClusterProps): void {
    checkRequired(this, "clusterIdentifier", props.clusterIdentifier, rules.CLUSTER_IDENTIFIER);
    check(this, "databaseName", props.databaseName, rules.DATABASE_NAME);
    check(this, "port", props.port, rules.PORT);
    check(this, "preferredMaintenanceWindow", props.preferredMaintenanceWindow, rules.MAINTENANCE_WINDOW);
    check(this, "masterUsername", props.masterUsername, rules.ADMIN_USERNAME);
    checkAdminSecretKey(this, props, "masterPasswordWo", literalPartition(props));
    check(this, "tags", props.tags, rules.TAGS);
  }

  private checkKey(props: EncryptedClusterProps): void {
    const { key, region } = props;
    checkKey(this, key);
    checkPartition(this, "key.keyArn", key.keyArn, literalPartition(props));
    const keyRegion = arnPart(key.keyArn, 3);
    if (keyRegion !== undefined && rules.REGION.holds(region) && keyRegion !== region) {
      fail(this, "key.keyArn", `be the ARN of a key in ${region}`, key.keyArn);
    }
  }

  private checkNodes(props: EncryptedClusterProps): void {
    const { availabilityZoneRelocationEnabled, multiAz, nodeType, numberOfNodes } = props;
    checkFlags(this, props, "availabilityZoneRelocationEnabled", "enhancedVpcRouting", "multiAz");
    checkDecisions(this, props, "deletionProtection");
    checkRequired(this, "nodeType", nodeType, rules.NODE_TYPE);
    if (known(nodeType) && numberOfNodes !== undefined && known(numberOfNodes)) {
      const [min, max] = rules.NODE_COUNTS[nodeType]!;
      if (!Number.isInteger(numberOfNodes) || numberOfNodes < min || numberOfNodes > max) {
        fail(this, "numberOfNodes", `be an integer from ${min} to ${max} for ${nodeType}`, numberOfNodes);
      }
    }
    if (multiAz === true) {
      if (numberOfNodes !== undefined && known(numberOfNodes) && numberOfNodes < 2) {
        fail(this, "numberOfNodes", "be 2 or more if 'multiAz' is true", numberOfNodes);
      }
      if (availabilityZoneRelocationEnabled === true) {
        fail(this, "availabilityZoneRelocationEnabled", "be false if 'multiAz' is true", true);
      }
    }
  }

  private checkSubnets(props: EncryptedClusterProps): void {
    check(this, "clusterSubnetGroupName", props.clusterSubnetGroupName, rules.GROUP_NAME);
    checkEach(this, "subnetIds", props.subnetIds, rules.SUBNET_ID);
    checkEach(this, "vpcSecurityGroupIds", props.vpcSecurityGroupIds, rules.SECURITY_GROUP_ID);
    checkNotBoth(this, props, "clusterSubnetGroupName", "subnetIds", "the group has its own subnets");
    checkNotEmpty(this, "subnetIds", props.subnetIds, "subnet");
    if (props.subnetIds !== undefined && props.clusterIdentifier === "default") {
      fail(this, "clusterIdentifier", "not be default, because a subnet group of that name is AWS's", "default");
    }
    if (known(props.subnetIds) && props.subnetIds !== undefined) {
      const { availabilityZoneRelocationEnabled, multiAz, subnetIds } = props;
      if (multiAz === true && subnetIds.length < 3) {
        fail(this, "subnetIds", "name subnets in three Availability Zones if 'multiAz' is true", subnetIds);
      }
      if (availabilityZoneRelocationEnabled === true && subnetIds.length < 2) {
        fail(this, "subnetIds", "name subnets in two Availability Zones if the cluster may relocate", subnetIds);
      }
    }
  }

  private checkParameters(props: EncryptedClusterProps): void {
    check(this, "clusterParameterGroupName", props.clusterParameterGroupName, rules.GROUP_NAME);
    checkNotBoth(this, props, "clusterParameterGroupName", "parameters", "the group has its own parameters");
    checkNotBoth(this, props, "clusterParameterGroupName", "parameterGroup", "either one names the group");
    checkNotBoth(this, props, "parameters", "parameterGroup", "the group has its own parameters");
    if (props.parameterGroup !== undefined) {
      const must = "be a parameter group, such as a ClusterParameterGroup";
      checkObject(this, "parameterGroup", props.parameterGroup, must, "clusterParameterGroupName");
    }
    checkParameters(this, props.parameters);
  }

  private checkLogging(props: EncryptedClusterProps): void {
    checkEach(this, "logExports", props.logExports, rules.LOG_EXPORT);
    check(this, "logBucketName", props.logBucketName, rules.BUCKET_NAME);
    check(this, "logS3KeyPrefix", props.logS3KeyPrefix, rules.S3_KEY_PREFIX);
    checkNotBoth(this, props, "logExports", "logBucketName", "a bucket gets every log");
    checkNotBoth(this, props, "logRetentionInDays", "logBucketName", "the bucket's own rules decide how long");
    checkLogGroups(this, props);
    if (props.logS3KeyPrefix !== undefined && props.logBucketName === undefined) {
      fail(this, "logS3KeyPrefix", "come with 'logBucketName'", props.logS3KeyPrefix);
    }
  }

  private checkFinalSnapshot(props: EncryptedClusterProps): void {
    const { automatedSnapshotRetentionPeriod, finalSnapshotIdentifier, manualSnapshotRetentionPeriod } = props;
    check(
      this,
      "automatedSnapshotRetentionPeriod",
      automatedSnapshotRetentionPeriod,
      rules.AUTOMATED_SNAPSHOT_RETENTION,
    );
    checkDecisions(this, props, "skipFinalSnapshot");
    check(this, "manualSnapshotRetentionPeriod", manualSnapshotRetentionPeriod, rules.MANUAL_SNAPSHOT_RETENTION);
    check(this, "finalSnapshotIdentifier", finalSnapshotIdentifier, rules.FINAL_SNAPSHOT_IDENTIFIER);
    if (props.skipFinalSnapshot === true && finalSnapshotIdentifier !== undefined) {
      fail(this, "finalSnapshotIdentifier", "be left out if 'skipFinalSnapshot' is true", finalSnapshotIdentifier);
    }
  }

  private checkRestore(props: EncryptedClusterProps): void {
    check(this, "snapshotArn", props.snapshotArn, rules.SNAPSHOT_ARN);
    check(this, "snapshotIdentifier", props.snapshotIdentifier, rules.SNAPSHOT_IDENTIFIER);
    check(this, "snapshotClusterIdentifier", props.snapshotClusterIdentifier, rules.CLUSTER_IDENTIFIER);
    check(this, "ownerAccount", props.ownerAccount, rules.ACCOUNT_ID);
    checkNotBoth(this, props, "snapshotArn", "snapshotIdentifier", "either one names the snapshot");
    checkDecisions(this, props, "reencrypt");
    if (props.reencrypt === true && !isRestored(props)) {
      fail(this, "reencrypt", "come with 'snapshotArn' or 'snapshotIdentifier'", true);
    }
    for (const prop of ["snapshotClusterIdentifier", "ownerAccount"] as const) {
      if (props[prop] !== undefined && props.snapshotIdentifier === undefined) {
        fail(this, prop, "come with 'snapshotIdentifier'", props[prop]);
      }
    }
    if (isRestored(props) && props.masterUsername === undefined) {
      fail(this, "masterUsername", "be the snapshot's, because another name replaces the cluster", undefined);
    }
    if (isRestored(props) && props.numberOfNodes === undefined) {
      fail(this, "numberOfNodes", "be given with a snapshot, whose own count AWS would keep", undefined);
    }
  }

  private makeSubnetGroup(props: EncryptedClusterProps): RedshiftSubnetGroup | undefined {
    if (props.subnetIds === undefined) {
      return undefined;
    }
    return new RedshiftSubnetGroup(
      this,
      "SubnetGroup",
      defined({
        description: `Subnets of the cluster ${props.clusterIdentifier}`,
        name: props.clusterIdentifier,
        provider: props.provider,
        subnetIds: [...props.subnetIds],
        tags: props.tags,
      }),
    );
  }

  private makeParameterGroup(props: EncryptedClusterProps): RedshiftParameterGroup | undefined {
    if (props.clusterParameterGroupName !== undefined || props.parameterGroup !== undefined) {
      return undefined;
    }
    return new RedshiftParameterGroup(
      this,
      "ParameterGroup",
      defined({
        description: `Parameters of the cluster ${props.clusterIdentifier}`,
        name: props.clusterIdentifier,
        provider: props.provider,
        tags: props.tags,
        ...settingsOf(props.parameters),
      }),
    );
  }

  private makeLogGroups(props: EncryptedClusterProps): AuditLogGroups | undefined {
    const { clusterIdentifier, deletionProtection = true, encryptLogGroups = true, logRetentionInDays } = props;
    if (logRetentionInDays === undefined) {
      return undefined;
    }
    return new AuditLogGroups(this, "LogGroups", {
      key: encryptLogGroups ? props.key : undefined,
      logExports: props.logExports ?? rules.LOG_EXPORTS,
      logGroupPrefix: `/aws/redshift/cluster/${clusterIdentifier}`,
      provider: props.provider,
      retentionInDays: logRetentionInDays,
      skipDestroy: deletionProtection,
      tags: props.tags,
    });
  }

  private makeLogging(props: EncryptedClusterProps): RedshiftLogging | undefined {
    const { logBucketName, logExports = rules.LOG_EXPORTS, provider } = props;
    const clusterIdentifier = this.resource.id;
    if (logBucketName !== undefined) {
      return new RedshiftLogging(
        this,
        "Logging",
        defined({
          bucketName: logBucketName,
          clusterIdentifier,
          logDestinationType: "s3",
          provider,
          s3KeyPrefix: props.logS3KeyPrefix,
        }),
      );
    }
    if (logExports.length === 0) {
      return undefined;
    }
    return new RedshiftLogging(
      this,
      "Logging",
      defined({
        clusterIdentifier,
        dependsOn: this.logGroups && [...this.logGroups.resources],
        logDestinationType: "cloudwatch",
        logExports: [...logExports],
        provider,
      }),
    );
  }

  /**
   * Fails the plan of a change that AWS refuses, or that would cost what is bound to the cluster, while the cluster is
   * protected. Terraform shows no condition what was there before, so a resource remembers what the cluster was made with.
   */
  private immutables(clusterIdentifier: string, key: IDataApiKey, deletionProtection: boolean): Precondition[] {
    // The framework's own class for it runs terraform to learn its version, and synthesis must not need terraform.
    const made = new TerraformResource(
      this,
      "Immutable",
      defined({
        lifecycle: deletionProtection ? { ignoreChanges: ["input"] } : undefined,
        terraformResourceType: "terraform_data",
      }),
    );
    const isKeyMade = madeResource(this, key) !== undefined;
    made.addOverride("input", { cluster_identifier: clusterIdentifier, key_arn: key.keyArn, key_made: isKeyMade });
    if (!deletionProtection) {
      return [];
    }
    const wayOut =
      "Make another warehouse, move the data, and destroy this one. Where there is nothing to lose, or no such cluster was " +
      "ever made, set 'deletionProtection' to false.";
    const identifier = made.getStringAttribute("output.cluster_identifier");
    const keyArn = made.getStringAttribute("output.key_arn");
    const another = (which: string): string =>
      `The key of this cluster cannot become ${which}: AWS refuses another key for an encrypted cluster, which stays under ` +
      `${keyArn}. ${wayOut}`;
    return [
      { condition: Op.eq(keyArn, key.keyArn), errorMessage: another(key.keyArn) },
      // The ARN of a key that is still to be made is not known when this is planned.
      ...(isKeyMade
        ? [{ condition: made.getBooleanAttribute("output.key_made"), errorMessage: another("one that is made here") }]
        : []),
      {
        condition: Op.eq(identifier, clusterIdentifier),
        errorMessage:
          `This cluster cannot become ${clusterIdentifier}: its ARN would change, and every grant and statement that is ` +
          `bound to the ARN of ${identifier} would be lost. ${wayOut}`,
      },
    ];
  }

  /** A restore keeps the snapshot's key; the apply fails if that is not the key that this construct stands for. */
  private keepsKey(key: IDataApiKey): Postcondition {
    return {
      condition: Op.eq(TerraformSelf.getString("kms_key_id"), key.keyArn),
      errorMessage:
        `The restored cluster is encrypted with ${TerraformSelf.getString("kms_key_id")}, the snapshot's key, ` +
        `not with ${key.keyArn}. Give the snapshot's key as 'key'.`,
    };
  }
}

/** The fewest nodes of a node type, in each zone of a multi-AZ cluster; undefined if neither is known. */
function fewestNodes({ multiAz = false, nodeType }: EncryptedClusterProps): number | undefined {
  const [fewest] = known(nodeType) ? rules.NODE_COUNTS[nodeType]! : [undefined];
  return multiAz ? Math.max(fewest ?? 0, 2) : fewest;
}

/** Whether AWS turns relocation on for the cluster; it must be false for one that is multi-AZ. */
function mayRelocate({ multiAz = false, subnetIds }: EncryptedClusterProps): boolean {
  const oneSubnet = subnetIds !== undefined && known(subnetIds) && subnetIds.length === 1;
  return multiAz === false && !oneSubnet;
}

function isRestored(props: EncryptedClusterProps): boolean {
  return props.snapshotArn !== undefined || props.snapshotIdentifier !== undefined;
}
