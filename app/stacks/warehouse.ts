import type { TerraformStack } from "cdktf";
import {
  EncryptedCluster,
  EncryptedServerless,
  type IClusterParameterGroup,
  type IDataApiKey,
  type IWarehouse,
} from "../../modules";
import { partitionOf } from "../../modules/private/partition";
import { fail } from "../../modules/private/checks";
import { checkIamRoles } from "../../modules/redshift/warehouse-props";
import type { WarehouseConfiguration } from "../config/schema";
import { securityGroupIdsOf, subnetIdsOf } from "./network";
import type { ParameterGroupStack } from "./parameter-group-stack";

type Cluster = NonNullable<WarehouseConfiguration["cluster"]>;
type Serverless = NonNullable<WarehouseConfiguration["serverless"]>;
type Existing = NonNullable<WarehouseConfiguration["existing"]>;

/**
 * The cluster or the serverless warehouse of an entry: one to create, or one that exists.
 *
 * @param parameterGroupStack - the stack of the parameter group that the cluster shares, if it shares one
 */
export function warehouseOf(
  stack: TerraformStack,
  entry: WarehouseConfiguration,
  key: IDataApiKey,
  parameterGroupStack: ParameterGroupStack | undefined,
): IWarehouse {
  const { cluster, existing, serverless } = entry;
  if (existing) {
    return lookUpWarehouse(stack, entry, existing, key);
  }
  return cluster
    ? createCluster(stack, entry, cluster, key, parameterGroupStack)
    : createServerless(stack, entry, serverless!, key);
}

function lookUpWarehouse(
  stack: TerraformStack,
  { account: accountId, region }: WarehouseConfiguration,
  settings: Existing,
  key: IDataApiKey,
): IWarehouse {
  const { adminSecretArn } = settings;
  if ("clusterIdentifier" in settings) {
    const { clusterIdentifier, createTime } = settings;
    const props = { accountId, adminSecretArn, createTime, key, region };
    return EncryptedCluster.fromClusterIdentifier(stack, "Cluster", clusterIdentifier, props);
  }
  return EncryptedServerless.fromWorkgroupName(stack, "Serverless", settings.workgroupName, { adminSecretArn, key });
}

function createCluster(
  stack: TerraformStack,
  entry: WarehouseConfiguration,
  settings: Cluster,
  key: IDataApiKey,
  parameterGroupStack: ParameterGroupStack | undefined,
): EncryptedCluster {
  const props = {
    ...settings,
    accountId: entry.account,
    clusterIdentifier: settings.clusterIdentifier ?? entry.name,
    key,
    region: entry.region,
    subnetIds: subnetIdsOf(stack, settings.subnetIds, settings.multiAz ? 3 : 1),
    vpcSecurityGroupIds: securityGroupIdsOf(stack, settings.vpcSecurityGroupIds),
  };
  const parameterGroup = parameterGroupStack && sharedParameterGroup(stack, entry, parameterGroupStack);
  return new EncryptedCluster(stack, "Cluster", { ...props, parameterGroup });
}

/** The parameter group of another stack. The cluster references it by name. */
function sharedParameterGroup(
  stack: TerraformStack,
  { account, region }: WarehouseConfiguration,
  { entry, parameterGroup }: ParameterGroupStack,
): IClusterParameterGroup {
  if (entry.account !== account || entry.region !== region) {
    fail(stack, "parameterGroup", `be the name of a parameter group of ${account} in ${region}`, entry.name);
  }
  return parameterGroup;
}

function createServerless(
  stack: TerraformStack,
  { name, region }: WarehouseConfiguration,
  settings: Serverless,
  key: IDataApiKey,
): EncryptedServerless {
  const props = {
    ...settings,
    key,
    namespaceName: settings.namespaceName ?? name,
    securityGroupIds: securityGroupIdsOf(stack, settings.securityGroupIds),
    subnetIds: subnetIdsOf(stack, settings.subnetIds, 2),
  };
  // The construct has no Region, and a key that the stack creates has no literal ARN.
  checkIamRoles(stack, settings, partitionOf(region));
  return new EncryptedServerless(stack, "Serverless", props);
}
