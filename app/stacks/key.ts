import { TerraformOutput, type TerraformStack } from "cdktf";
import { DataApiKey, DataApiKeyReplica, type IDataApiKey, type Identity } from "../../modules";
import { partitionOf } from "../../modules/private/aws-environment";
import { checkPartition, fail } from "../../modules/private/checks";
import type { KeyConfiguration } from "../config/schema";
import type { Regions } from "./regions";

/** A key of a stack: one that it makes, or one that exists. */
export type Key = DataApiKey | IDataApiKey;

/** The principals that a key has from its entry, before warehouses add their users. */
export interface Principals {
  readonly administrators: readonly Identity[];
  readonly deployers: readonly Identity[] | undefined;
  readonly users?: readonly Identity[] | undefined;
}

/** The key of an entry. */
export function makeKey(
  stack: TerraformStack,
  entry: KeyConfiguration,
  { administrators, deployers, users }: Principals,
): Key {
  const { account, key = {}, name, region } = entry;
  if ("keyArn" in key) {
    if (entry.administrators !== undefined) {
      fail(stack, "administrators", "be left out for an existing key, whose owner names them", "a list");
    }
    if (key.keyArn.split(":")[3] !== region) {
      fail(stack, "keyArn", `be the ARN of a key in ${region}`, key.keyArn);
    }
    checkPartition(stack, "keyArn", key.keyArn, partitionOf(region));
    return DataApiKey.fromKeyAttributes(stack, "Key", { ...key, accountId: account, deployers, users });
  }
  const { replicaRegions, ...settings } = key;
  if (replicaRegions && settings.multiRegion === false) {
    fail(stack, "multiRegion", "be true if there are 'replicaRegions'", false);
  }
  return new DataApiKey(stack, "Key", {
    description: `Amazon Redshift and its Data API: ${name}`,
    ...settings,
    accountId: account,
    administrators,
    alias: settings.alias ?? `alias/${name}`,
    deployers,
    multiRegion: replicaRegions ? true : settings.multiRegion,
    region,
    users,
  });
}

/** The replicas of a key that an entry makes, by Region. */
export function makeReplicas(
  stack: TerraformStack,
  entry: KeyConfiguration,
  primaryKey: Key,
  regions: Regions,
): ReadonlyMap<string, IDataApiKey> {
  const { account, key, name, region: ownRegion } = entry;
  const replicaRegions = replicaRegionsOf(entry);
  if (!(primaryKey instanceof DataApiKey) || !key || "keyArn" in key) {
    return new Map();
  }
  const { bypassPolicyLockoutSafetyCheck, deletionProtection, deletionWindowInDays, lockoutPrecondition } = key;
  return new Map(
    replicaRegions.map((region, index) => {
      if (region === ownRegion || partitionOf(region) !== partitionOf(ownRegion)) {
        fail(stack, `replicaRegions[${index}]`, `be another Region of the partition of ${ownRegion}`, region);
      }
      const replica = new DataApiKeyReplica(stack, `Replica-${region}`, {
        accountId: account,
        bypassPolicyLockoutSafetyCheck,
        deletionProtection,
        deletionWindowInDays,
        description: key.description ?? `Amazon Redshift and its Data API: ${name}`,
        lockoutPrecondition,
        primaryKey,
        provider: regions.provider(region),
        region,
        viaServices: key.viaServices?.map((service) => service.replace(`.${ownRegion}.`, `.${region}.`)),
      });
      return [region, replica];
    }),
  );
}

/** The Regions that an entry's key has replicas in. */
export function replicaRegionsOf({ key = {} }: KeyConfiguration): readonly string[] {
  return "keyArn" in key ? [] : (key.replicaRegions ?? []);
}

/** The output of a key's replicas, if it has any. */
export function outputReplicas(stack: TerraformStack, replicas: ReadonlyMap<string, IDataApiKey>): void {
  const arns = Object.fromEntries([...replicas].map(([region, { keyArn }]) => [region, keyArn]));
  output(stack, "replica_key_arns", "The ARNs of the key's replicas, by Region", replicas.size > 0 ? arns : undefined);
}

/** Adds an output, if there is a value for it. */
export function output(stack: TerraformStack, id: string, description: string, value: unknown): void {
  if (value !== undefined) {
    new TerraformOutput(stack, id, { description, value });
  }
}

/** The outputs of a key that an entry has for itself, or that others share. */
export function outputKey(stack: TerraformStack, key: Key, administrators: readonly Identity[]): void {
  output(stack, "key_arn", "The key's ARN", key.keyArn);
  output(stack, "key_id", "The key's ID", key.keyId);
  if (key instanceof DataApiKey) {
    output(stack, "key_alias", "The key's alias", key.aliasName);
    output(stack, "administrator_arns", "Who administers the key", arnsOf(administrators));
  } else {
    output(stack, "required_key_policy_statements", "What the key's policy must have", key.requiredStatements);
  }
}

export function arnsOf(identities: readonly Identity[]): readonly string[] {
  return identities.map(({ arn }) => arn);
}
