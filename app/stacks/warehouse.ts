import type { TerraformStack } from "cdktf";
import {
  DataApiWarehouse,
  type DataApiWarehouseProps,
  EncryptedCluster,
  EncryptedServerless,
  type IClusterParameterGroup,
  type IDataApiKey,
  type IWarehouse,
} from "../../modules";
import { partitionOf } from "../../modules/private/partition";
import { fail } from "../../modules/private/checks";
import { checkPlaces } from "../../modules/redshift/serverless-props";
import type { WarehouseConfiguration } from "../config/schema";
import { securityGroupIdsOf, subnetIdsOf } from "./network";
import type { ParameterGroupStack } from "./parameter-group-stack";

type Cluster = NonNullable<WarehouseConfiguration["cluster"]>;
type Serverless = NonNullable<WarehouseConfiguration["serverless"]>;
type Existing = NonNullable<WarehouseConfiguration["existing"]>;

/**
 * Creates the DataApiWarehouse of an entry, for a warehouse to create or an existing one.
 *
 * @param parameterGroupStack - the stack of the parameter group that the cluster shares, if it shares one
 */
export function warehouseOf(
  stack: TerraformStack,
  entry: WarehouseConfiguration,
  key: IDataApiKey,
  parameterGroupStack: ParameterGroupStack | undefined,
): DataApiWarehouse {
  // The framework leaves the ID `Default` out of logical IDs, so the logical IDs do not depend on this construct.
  return new DataApiWarehouse(stack, "Default", propsOf(stack, entry, key, parameterGroupStack));
}

function propsOf(
  stack: TerraformStack,
  entry: WarehouseConfiguration,
  key: IDataApiKey,
  parameterGroupStack: ParameterGroupStack | undefined,
): DataApiWarehouseProps {
  const { account: accountId, cluster, existing, region, serverless } = entry;
  if (existing) {
    return { warehouse: lookUpWarehouse(stack, entry, existing, key) };
  }
  const props = { accountId, key, region };
  return cluster
    ? { ...props, cluster: clusterProps(stack, entry, cluster, parameterGroupStack) }
    : { ...props, serverless: serverlessProps(stack, entry, serverless!) };
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

function clusterProps(
  stack: TerraformStack,
  entry: WarehouseConfiguration,
  settings: Cluster,
  parameterGroupStack: ParameterGroupStack | undefined,
): NonNullable<DataApiWarehouseProps["cluster"]> {
  return {
    ...settings,
    clusterIdentifier: settings.clusterIdentifier ?? entry.name,
    subnetIds: subnetIdsOf(stack, settings.subnetIds, settings.multiAz ? 3 : 1),
    vpcSecurityGroupIds: securityGroupIdsOf(stack, settings.vpcSecurityGroupIds),
    parameterGroup: parameterGroupStack && sharedParameterGroup(stack, entry, parameterGroupStack),
  };
}

/** Adopts the parameter group of another stack by its name. */
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

function serverlessProps(
  stack: TerraformStack,
  { account: accountId, name, region }: WarehouseConfiguration,
  settings: Serverless,
): NonNullable<DataApiWarehouseProps["serverless"]> {
  const props = {
    ...settings,
    namespaceName: settings.namespaceName ?? name,
    securityGroupIds: securityGroupIdsOf(stack, settings.securityGroupIds),
    subnetIds: subnetIdsOf(stack, settings.subnetIds, 2),
  };
  // Checked here, because the construct has no Region to compare with, and the ARN of a key to create is unknown.
  checkPlaces(stack, settings, { accountId, partition: partitionOf(region), region });
  return props;
}
