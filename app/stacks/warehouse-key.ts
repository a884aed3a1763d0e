import { DataAwsKmsKey } from "@cdktf/provider-aws/lib/data-aws-kms-key";
import type { TerraformStack } from "cdktf";
import { DataApiKey, type IDataApiKey, type Identity } from "../../modules";
import { callerMayDeploy } from "../../modules/kms/caller-conditions";
import { partitionOf } from "../../modules/private/partition";
import { fail } from "../../modules/private/checks";
import { defined } from "../../modules/private/defined";
import type { WarehouseConfiguration } from "../config/schema";
import { clusterSettings } from "../config/warehouse-sections";
import { keyOf, type Principals, type StackKey } from "./key";
import type { KeyStack } from "./key-stack";
import type { Regions } from "./regions";
import type { Roles } from "./roles";

/** The stack of a warehouse, and the helpers that find or create its key there. */
export interface WarehouseKeyProps {
  /** @default - the warehouse shares no key */
  readonly keyStack?: KeyStack | undefined;
  readonly regions: Regions;
  readonly roles: Roles;
  readonly stack: TerraformStack;
}

/** Creates the key of a warehouse in its stack, adopts an existing key, or looks a shared key up. */
export function warehouseKey(
  entry: WarehouseConfiguration,
  principals: Principals,
  props: WarehouseKeyProps,
): StackKey {
  const { key, ...others } = entry;
  return typeof key === "string"
    ? sharedKey(entry, key, props.keyStack!, props)
    : keyOf(props.stack, { ...others, key }, principals, props.regions);
}

/**
 * Adopts the shared key, which another stack creates. A plan looks it up by its alias, and does not read the other stack's state.
 * The plan shows the key's ARN, and fails if the key is not deployed yet.
 */
function sharedKey(
  entry: WarehouseConfiguration,
  name: string,
  keyStack: KeyStack,
  { regions, roles, stack }: WarehouseKeyProps,
): StackKey {
  const { account, region } = entry;
  for (const prop of ["administrators", "deployers"] as const) {
    if (entry[prop] !== undefined) {
      fail(stack, prop, "be left out for a shared key: the entry of the key names them", "a list");
    }
  }
  if (keyStack.entry.account !== account || keyStack.entry.region !== region) {
    fail(stack, "", `be the name of a key of ${account} in ${region}`, name);
  }
  stack.addDependency(keyStack);
  const { key, kind } = keyStack.stackKey;
  const deployers = key.warehouseDeployers?.map((identity) => roles.inAnotherStack(identity));
  const keyArn = kind === "created" ? lookUpKey(stack, entry, key.aliasName, deployers) : key.keyArn;
  const { viaServices } = keyStack.entry.key ?? {};
  return {
    key: DataApiKey.fromKeyArn(stack, "Key", { accountId: account, deployers, keyArn, viaServices }),
    kind: "shared",
    replicas: sharedReplicas(stack, entry, keyStack.stackKey, regions),
  };
}

/**
 * Looks the shared key up, and returns its ARN. The lookup has the precondition that the caller may deploy the warehouse, because
 * KMS refuses the lookup of another caller.
 */
function lookUpKey(
  stack: TerraformStack,
  { account, region }: WarehouseConfiguration,
  keyId: string,
  warehouseDeployers: readonly Identity[] | undefined,
): string {
  const keyArn = `arn:${partitionOf(region)}:kms:${region}:${account}:${keyId}`;
  const precondition = callerMayDeploy(stack, { keyArn, warehouseDeployers }, undefined);
  return new DataAwsKmsKey(stack, "SharedKey", { keyId, lifecycle: defined({ precondition }) }).arn;
}

/**
 * Maps the destination Region of the warehouse's snapshot copies to the replica of the shared key in that Region. Empty if there is
 * no such replica.
 */
function sharedReplicas(
  stack: TerraformStack,
  entry: WarehouseConfiguration,
  shared: StackKey,
  regions: Regions,
): ReadonlyMap<string, IDataApiKey> {
  const region = clusterSettings(entry)?.snapshotCopy?.destinationRegion;
  if (region === undefined || shared.kind !== "created" || !shared.replicas.has(region)) {
    return new Map();
  }
  const provider = regions.provider(region);
  const { arn } = new DataAwsKmsKey(stack, `SharedKey-${region}`, { keyId: shared.key.aliasName, provider });
  return new Map([[region, DataApiKey.fromKeyArn(stack, `Replica-${region}`, { keyArn: arn })]]);
}
