import { DataAwsRedshiftCluster } from "@cdktf/provider-aws/lib/data-aws-redshift-cluster";
import { RedshiftCluster } from "@cdktf/provider-aws/lib/redshift-cluster";
import { RedshiftLogging } from "@cdktf/provider-aws/lib/redshift-logging";
import { RedshiftParameterGroup } from "@cdktf/provider-aws/lib/redshift-parameter-group";
import { RedshiftSubnetGroup } from "@cdktf/provider-aws/lib/redshift-subnet-group";
import { Construct } from "constructs";
import { checkKey, type IDataApiKey, warnOfServices } from "../kms/key";
import { EncryptionContext } from "../kms/encryption-context";
import { checkConsistency, literalPartition } from "../private/aws-environment";
import { checkObject, checkRequired } from "../private/checks";
import { defined } from "../private/defined";
import { checkProps, code, propRules, type PropRules, required, text, withPresets } from "../private/prop-rules";
import { Released } from "../private/released";
import { ENVIRONMENT_PROPS, type EnvironmentProps } from "../private/resource-props";
import * as rules from "../private/rules";
import { releaseLogGroups } from "./audit-log-groups";
import { clusterArns } from "./cluster-arns";
import { checkClusterKey } from "./cluster-props";
import {
  checkAttributePlaces,
  EXISTING_WAREHOUSE_ATTRIBUTES,
  EXISTING_WAREHOUSE_PROPS,
  type ExistingWarehouseAttributes,
  type ExistingWarehouseProps,
} from "./existing-warehouse";
import { clusterHasKey } from "./key-conditions";
import type { CredentialScope, ICluster } from "./warehouse";

/** The attributes of an existing cluster that a plan does not look up. */
export interface ClusterLookupProps extends EnvironmentProps, ExistingWarehouseProps {
  /**
   * The time at which the creation of the cluster was requested: a Date, or an RFC 3339 date and time. With this time, the
   * encryption context has `aws:redshift:createtime`.
   *
   * @default - not known; a grant does not require it
   */
  readonly createTime?: Date | string | undefined;
}

/** The attributes of an existing cluster. */
export interface ClusterAttributes extends ClusterLookupProps, ExistingWarehouseAttributes {
  /** The cluster's identifier: 1 to 63 lowercase letters, digits or hyphens. It is part of the encryption context. */
  readonly clusterIdentifier: string;
  /** The ARN of the cluster's namespace: `arn:PARTITION:redshift:REGION:ACCOUNT:namespace:ID`. */
  readonly namespaceArn: string;
}

/** @internal */
export const CLUSTER_LOOKUP_PROPS = propRules("ClusterLookupProps", {
  ...ENVIRONMENT_PROPS,
  ...EXISTING_WAREHOUSE_PROPS.rules,
  createTime: code(),
} satisfies PropRules<ClusterLookupProps>);

/** @internal */
export const CLUSTER_ATTRIBUTES = propRules("ClusterAttributes", {
  ...CLUSTER_LOOKUP_PROPS.rules,
  ...EXISTING_WAREHOUSE_ATTRIBUTES.rules,
  clusterIdentifier: required(text(rules.CLUSTER_IDENTIFIER)),
  namespaceArn: required(text(rules.CLUSTER_NAMESPACE_ARN)),
} satisfies PropRules<ClusterAttributes>);

/** A cluster that exists. */
export class ExistingCluster extends Construct implements ICluster {
  public readonly kind = "cluster";
  public readonly adminSecretArn: string | undefined;
  public readonly adminUsername: string | undefined;
  public readonly clusterIdentifier: string;
  public readonly credentialScope: CredentialScope;
  public readonly databaseName: string;
  public readonly encryptionContext: EncryptionContext;
  public readonly endpointAddress: string;
  public readonly endpointPort: number;
  public readonly key: IDataApiKey;
  public readonly namespaceArn: string;
  public readonly warehouseArn: string;

  /** @throws if an attribute breaks its rule */
  public constructor(scope: Construct, id: string, attributes: ClusterAttributes) {
    super(scope, id);
    checkObject(this, "attributes", attributes, "be given");
    checkProps(
      this,
      attributes,
      CLUSTER_ATTRIBUTES,
      (attributes) => checkConsistency(this, attributes),
      (attributes) => checkClusterKey(this, attributes),
      (attributes) => {
        const { accountId, region } = attributes;
        checkAttributePlaces(this, attributes, { accountId, partition: literalPartition(attributes), region });
      },
    );
    const settings = withPresets(attributes, CLUSTER_ATTRIBUTES);
    const { credentialScope, warehouseArn } = clusterArns(this, settings);
    this.adminSecretArn = settings.adminSecretArn;
    this.adminUsername = settings.adminUsername;
    this.clusterIdentifier = settings.clusterIdentifier;
    this.credentialScope = credentialScope;
    this.databaseName = settings.databaseName;
    this.encryptionContext = EncryptionContext.forCluster(
      { clusterArn: warehouseArn, createTime: settings.createTime },
      this,
    );
    this.endpointAddress = settings.endpointAddress;
    this.endpointPort = settings.endpointPort;
    this.key = settings.key;
    this.namespaceArn = settings.namespaceArn;
    this.warehouseArn = warehouseArn;
    warnOfServices(this, this.key, "redshift");
    this.release();
  }

  /** Makes Terraform forget, and not destroy, the resources that an EncryptedCluster under the same construct ID has created. */
  private release(): void {
    new Released(this, "Resource", RedshiftCluster);
    new Released(this, "SubnetGroup", RedshiftSubnetGroup);
    new Released(this, "ParameterGroup", RedshiftParameterGroup);
    new Released(this, "Logging", RedshiftLogging);
    releaseLogGroups(this);
  }
}

/**
 * Creates a data source that looks a cluster up by its identifier, and returns the ExistingCluster with the attributes of the data
 * source.
 */
export function lookUpCluster(
  scope: Construct,
  id: string,
  clusterIdentifier: string,
  props: ClusterLookupProps,
): ExistingCluster {
  const where = `${scope.node.path}/${id}`;
  checkRequired(where, "clusterIdentifier", clusterIdentifier, rules.CLUSTER_IDENTIFIER);
  checkProps(where, props, CLUSTER_LOOKUP_PROPS, ({ key }) => checkKey(where, key));
  const cluster = new DataAwsRedshiftCluster(
    scope,
    `${id}Lookup`,
    defined({
      clusterIdentifier,
      lifecycle: { postcondition: clusterHasKey(clusterIdentifier, props.key.keyArn) },
      provider: props.provider,
    }),
  );
  return new ExistingCluster(scope, id, {
    ...props,
    adminUsername: cluster.masterUsername,
    clusterIdentifier,
    databaseName: cluster.databaseName,
    endpointAddress: cluster.endpoint,
    endpointPort: cluster.port,
    namespaceArn: cluster.clusterNamespaceArn,
  });
}
