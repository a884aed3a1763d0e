import { RedshiftCluster, type RedshiftClusterConfig } from "@cdktf/provider-aws/lib/redshift-cluster";
import { RedshiftLogging } from "@cdktf/provider-aws/lib/redshift-logging";
import { RedshiftParameterGroup } from "@cdktf/provider-aws/lib/redshift-parameter-group";
import { RedshiftSubnetGroup } from "@cdktf/provider-aws/lib/redshift-subnet-group";
import { Annotations } from "cdktf";
import { Construct } from "constructs";
import { callerMayDeploy } from "../kms/caller-conditions";
import { type IDataApiKey, replacedWith, warnOfServices } from "../kms/key";
import { EncryptionContext } from "../kms/encryption-context";
import { defined } from "../private/defined";
import { withPresets } from "../private/prop-rules";
import { referable } from "../private/stack-boundary";
import { type AuditLogGroups, logGroupsOf } from "./audit-log-groups";
import { clusterArns } from "./cluster-arns";
import { immutabilityPreconditions, keepsSnapshotKey } from "./cluster-conditions";
import { parameterGroupNameFor, parameterGroupSettings } from "./cluster-parameter-group";
import {
  checkClusterProps,
  type ClusterSettings,
  ENCRYPTED_CLUSTER_PROPS,
  type EncryptedClusterProps,
  fewestNodes,
  isPasswordManaged,
  isRestored,
  mayRelocate,
  defaultFinalSnapshotIdentifier,
} from "./cluster-props";
import { type ClusterAttributes, type ClusterLookupProps, ExistingCluster, lookUpCluster } from "./existing-cluster";
import type { CredentialScope, ICluster, WithAdminSecret } from "./warehouse";

/**
 * A provisioned Redshift cluster under a customer managed key, with its subnet group, parameter group and audit log.
 *
 * @example
 * const key = DataApiKey.fromAliasName(stack, "Key", "alias/analytics");
 * const subnetIds = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"];
 * new EncryptedCluster(stack, "Warehouse", { clusterIdentifier: "analytics", key, nodeType: "ra3.large", subnetIds });
 *
 * @see https://docs.aws.amazon.com/redshift/latest/mgmt/working-with-clusters.html
 */
export class EncryptedCluster extends Construct implements ICluster {
  /**
   * Returns a cluster that exists, by its attributes. A plan does not look it up. No resource is created for it. Terraform forgets
   * the cluster, the groups and the logs that an EncryptedCluster of the same scope and id has created. They stay in AWS.
   *
   * @example
   * const warehouse = EncryptedCluster.fromClusterAttributes(stack, "Warehouse", {
   *   clusterIdentifier: "analytics",
   *   endpointAddress: "analytics.abc123xyz789.us-east-1.redshift.amazonaws.com",
   *   key,
   *   namespaceArn: "arn:aws:redshift:us-east-1:111122223333:namespace:1234abcd-12ab-34cd-56ef-1234567890ab",
   * });
   * new DataApiAccess(stack, "Access", { role, warehouse });
   *
   * @throws if an attribute breaks its rule
   */
  public static fromClusterAttributes(
    scope: Construct,
    id: string,
    attributes: WithAdminSecret<ClusterAttributes>,
  ): WithAdminSecret<ICluster>;
  public static fromClusterAttributes(scope: Construct, id: string, attributes: ClusterAttributes): ICluster;
  public static fromClusterAttributes(scope: Construct, id: string, attributes: ClusterAttributes): ICluster {
    return new ExistingCluster(scope, id, attributes);
  }

  /**
   * Returns a cluster that exists, by its identifier. Terraform looks it up when it plans. The plan fails if there is no such
   * cluster, or if the cluster is not encrypted with `key`. The rest is as in `fromClusterAttributes`.
   *
   * @example
   * const warehouse = EncryptedCluster.fromClusterIdentifier(stack, "Warehouse", "analytics", { key });
   * new DataApiAccess(stack, "Access", { role, warehouse });
   *
   * @throws if the identifier or a prop breaks its rule
   */
  public static fromClusterIdentifier(
    scope: Construct,
    id: string,
    clusterIdentifier: string,
    props: WithAdminSecret<ClusterLookupProps>,
  ): WithAdminSecret<ICluster>;
  public static fromClusterIdentifier(
    scope: Construct,
    id: string,
    clusterIdentifier: string,
    props: ClusterLookupProps,
  ): ICluster;
  public static fromClusterIdentifier(
    scope: Construct,
    id: string,
    clusterIdentifier: string,
    props: ClusterLookupProps,
  ): ICluster {
    return lookUpCluster(scope, id, clusterIdentifier, props);
  }

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
  /** The props' `parameters`, or undefined if the construct creates no `parameterGroup`. */
  public readonly parameters: Readonly<Record<string, string>> | undefined;
  /** The host name and port to connect to, with a colon between them. */
  public readonly endpoint: string;
  public readonly endpointAddress: string;
  public readonly endpointPort: number;
  /** The wrapped cluster. */
  public readonly resource: RedshiftCluster;
  /** The log groups of the audit log, or undefined if Redshift creates them. */
  public readonly logGroups: AuditLogGroups | undefined;
  /** The audit log, or undefined if it is off. */
  public readonly logging: RedshiftLogging | undefined;
  /** The parameter group of this cluster only, or undefined if it uses an existing or a shared group. */
  public readonly parameterGroup: RedshiftParameterGroup | undefined;
  /** The created subnet group, or undefined if there are no `subnetIds`. */
  public readonly subnetGroup: RedshiftSubnetGroup | undefined;

  /** @throws if a prop breaks its rule, or two props contradict each other */
  public constructor(scope: Construct, id: string, props: EncryptedClusterProps) {
    super(scope, id);
    checkClusterProps(this, props);
    const settings = withPresets(props, ENCRYPTED_CLUSTER_PROPS);
    const { credentialScope, warehouseArn } = clusterArns(this, settings);
    this.key = settings.key;
    warnOfServices(this, this.key, "redshift");
    this.adminUsername = settings.masterUsername;
    this.databaseName = settings.databaseName;
    this.warehouseArn = warehouseArn;
    this.credentialScope = credentialScope;
    this.encryptionContext = EncryptionContext.forCluster(
      { clusterArn: warehouseArn, createTime: props.createTime },
      this,
    );
    this.subnetGroup = this.createSubnetGroup(settings);
    this.parameterGroup = this.createParameterGroup(settings);
    this.parameters = this.parameterGroup && (settings.parameters ?? {});
    this.resource = new RedshiftCluster(this, "Resource", this.clusterConfig(settings));
    this.clusterIdentifier = this.resource.clusterIdentifier;
    this.namespaceArn = this.resource.clusterNamespaceArn;
    this.adminSecretArn = isPasswordManaged(props) ? this.resource.masterPasswordSecretArn : undefined;
    this.endpoint = this.resource.endpoint;
    this.endpointAddress = this.resource.dnsName;
    this.endpointPort = this.resource.port;
    this.logGroups = logGroupsOf(this, settings, `/aws/redshift/cluster/${settings.clusterIdentifier}`);
    this.logging = this.createLogging(settings);
    this.warn(settings);
  }

  private clusterConfig(settings: ClusterSettings): RedshiftClusterConfig {
    const { clusterIdentifier, deletionProtection, key, provider } = settings;
    const preconditions = [
      ...(callerMayDeploy(this, key, provider) ?? []),
      ...immutabilityPreconditions(this, clusterIdentifier, key, deletionProtection),
    ];
    const isManaged = isPasswordManaged(settings);
    return defined({
      automatedSnapshotRetentionPeriod: settings.automatedSnapshotRetentionPeriod,
      availabilityZoneRelocationEnabled: settings.availabilityZoneRelocationEnabled ?? mayRelocate(settings),
      clusterIdentifier,
      clusterParameterGroupName:
        this.parameterGroup?.name ??
        parameterGroupNameFor(this, settings.parameterGroup) ??
        settings.clusterParameterGroupName,
      clusterSubnetGroupName: this.subnetGroup?.name ?? settings.clusterSubnetGroupName,
      // Undefined for a restored cluster, which has the snapshot's database: a name here would be a diff in every plan.
      databaseName: isRestored(settings) ? undefined : settings.databaseName,
      defaultIamRoleArn: settings.defaultIamRoleArn,
      encrypted: "true",
      enhancedVpcRouting: settings.enhancedVpcRouting,
      finalSnapshotIdentifier: settings.skipFinalSnapshot
        ? undefined
        : (settings.finalSnapshotIdentifier ?? defaultFinalSnapshotIdentifier(clusterIdentifier)),
      iamRoles: settings.iamRoles && [...settings.iamRoles],
      // Undefined for a restored cluster without `reencrypt`, so that it keeps the snapshot's key.
      kmsKeyId: isRestored(settings) && !settings.reencrypt ? undefined : key.keyArn,
      lifecycle: defined({
        precondition: preconditions.length > 0 ? preconditions : undefined,
        preventDestroy: deletionProtection,
        replaceTriggeredBy: replacedWith(this, key),
        postcondition: isRestored(settings) ? [keepsSnapshotKey(key)] : undefined,
      }),
      maintenanceTrackName: settings.maintenanceTrackName,
      manageMasterPassword: isManaged ? true : undefined,
      manualSnapshotRetentionPeriod: settings.manualSnapshotRetentionPeriod,
      masterPasswordSecretKmsKeyId: isManaged ? (settings.adminSecretKeyArn ?? key.keyArn) : undefined,
      masterPasswordWo: settings.masterPasswordWo,
      masterPasswordWoVersion: settings.masterPasswordWoVersion,
      masterUsername: settings.masterUsername,
      multiAz: settings.multiAz,
      nodeType: settings.nodeType,
      numberOfNodes: settings.numberOfNodes ?? fewestNodes(settings),
      ownerAccount: settings.ownerAccount,
      port: settings.port,
      preferredMaintenanceWindow: settings.preferredMaintenanceWindow,
      provider,
      publiclyAccessible: false,
      skipFinalSnapshot: settings.skipFinalSnapshot,
      snapshotArn: settings.snapshotArn,
      snapshotClusterIdentifier: settings.snapshotClusterIdentifier,
      snapshotIdentifier: settings.snapshotIdentifier,
      tags: settings.tags,
      vpcSecurityGroupIds: settings.vpcSecurityGroupIds && [...settings.vpcSecurityGroupIds],
    });
  }

  private warn(settings: ClusterSettings): void {
    const { availabilityZoneRelocationEnabled, key } = settings;
    const warnings = Annotations.of(this);
    if (isRestored(settings) && !settings.reencrypt && referable(this, key.resource)) {
      warnings.addWarning(
        "a restored cluster keeps the snapshot's key: if 'key' is another key, the apply fails after the restore, unless " +
          "'reencrypt' is true",
      );
    }
    if (availabilityZoneRelocationEnabled === false && mayRelocate(settings)) {
      warnings.addWarning(
        "AWS creates a cluster with relocation on. Before version 6.3, the provider turns relocation off only with the second apply: apply " +
          "a new cluster twice",
      );
    }
  }

  private createSubnetGroup(settings: ClusterSettings): RedshiftSubnetGroup | undefined {
    if (settings.subnetIds === undefined) {
      return undefined;
    }
    return new RedshiftSubnetGroup(
      this,
      "SubnetGroup",
      defined({
        description: `Subnets of the cluster ${settings.clusterIdentifier}`,
        name: settings.clusterIdentifier,
        provider: settings.provider,
        subnetIds: [...settings.subnetIds],
        tags: settings.tags,
      }),
    );
  }

  private createParameterGroup(settings: ClusterSettings): RedshiftParameterGroup | undefined {
    if (settings.clusterParameterGroupName !== undefined || settings.parameterGroup !== undefined) {
      return undefined;
    }
    return new RedshiftParameterGroup(
      this,
      "ParameterGroup",
      defined({
        description: `Parameters of the cluster ${settings.clusterIdentifier}`,
        name: settings.clusterIdentifier,
        provider: settings.provider,
        tags: settings.tags,
        ...parameterGroupSettings(this, settings.parameters),
      }),
    );
  }

  private createLogging(settings: ClusterSettings): RedshiftLogging | undefined {
    const { logBucketName, logExports, logS3KeyPrefix, provider } = settings;
    if (logBucketName === undefined && logExports.length === 0) {
      return undefined;
    }
    const destination =
      logBucketName === undefined
        ? {
            dependsOn: this.logGroups && [...this.logGroups.resources],
            logDestinationType: "cloudwatch",
            logExports: [...logExports],
          }
        : { bucketName: logBucketName, logDestinationType: "s3", s3KeyPrefix: logS3KeyPrefix };
    const clusterIdentifier = this.resource.id;
    return new RedshiftLogging(this, "Logging", defined({ clusterIdentifier, provider, ...destination }));
  }
}
