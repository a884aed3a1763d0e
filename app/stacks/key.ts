import type { TerraformStack } from "cdktf";
import { DataApiKey, DataApiKeyReplica, type IDataApiKey, type Identity } from "../../modules";
import { partitionOf } from "../../modules/private/partition";
import { checkPartition, fail } from "../../modules/private/checks";
import { defaultAlias } from "../config/default-alias";
import type { Problems } from "../config/problems";
import type { KeyConfiguration } from "../config/schema";
import { output, outputMap } from "./outputs";
import type { Regions } from "./regions";

type Settings = NonNullable<KeyConfiguration["key"]>;
type ExistingKey = Extract<Settings, { keyArn: string }>;

/**
 * The key that a stack uses, and the key's replicas by Region. The key is created by this stack, exists outside the configuration,
 * or is shared. The stack of an entry of `keys` creates a shared key.
 */
export type StackKey = { readonly replicas: ReadonlyMap<string, IDataApiKey> } & (
  | { readonly key: DataApiKey; readonly kind: "created" }
  | { readonly key: IDataApiKey; readonly kind: "existing" | "shared" }
);

/** The principals that the entry of a key names. Warehouses add their users later. */
export interface Principals {
  readonly administrators: readonly Identity[];
  readonly deployers: readonly Identity[] | undefined;
  readonly users?: readonly Identity[] | undefined;
}

/** Creates the key of an entry and its replicas, or adopts an existing key. */
export function keyOf(
  stack: TerraformStack,
  entry: KeyConfiguration,
  principals: Principals,
  regions: Regions,
): StackKey {
  const { key: settings = {} } = entry;
  return "keyArn" in settings
    ? adoptKey(stack, entry, settings, principals)
    : createKey(stack, entry, settings, principals, regions);
}

function adoptKey(
  stack: TerraformStack,
  { account: accountId, administrators, region }: KeyConfiguration,
  settings: ExistingKey,
  { deployers, users }: Principals,
): StackKey {
  const { keyArn } = settings;
  if (administrators !== undefined) {
    fail(stack, "administrators", "be left out for an existing key: the owner of the key names them", "a list");
  }
  if (keyArn.split(":")[3] !== region) {
    fail(stack, "keyArn", `be the ARN of a key in ${region}`, keyArn);
  }
  checkPartition(stack, "keyArn", keyArn, partitionOf(region));
  const key = DataApiKey.fromKeyAttributes(stack, "Key", { ...settings, accountId, deployers, users });
  return { key, kind: "existing", replicas: new Map() };
}

function createKey(
  stack: TerraformStack,
  { account: accountId, name, region }: KeyConfiguration,
  { replicaRegions = [], ...settings }: Exclude<Settings, ExistingKey>,
  principals: Principals,
  regions: Regions,
): StackKey {
  if (replicaRegions.length > 0 && settings.multiRegion === false) {
    fail(stack, "multiRegion", "be true if there are 'replicaRegions'", false);
  }
  const { description = `Amazon Redshift and its Data API: ${name}` } = settings;
  const key = new DataApiKey(stack, "Key", {
    ...settings,
    ...principals,
    accountId,
    alias: settings.alias ?? defaultAlias(name),
    description,
    multiRegion: replicaRegions.length > 0 ? true : settings.multiRegion,
    region,
  });
  const { bypassPolicyLockoutSafetyCheck, deletionProtection, deletionWindowInDays, lockoutPrecondition } = settings;
  const replicas = replicaRegions.map((replicaRegion, index) => {
    if (replicaRegion === region || partitionOf(replicaRegion) !== partitionOf(region)) {
      fail(stack, `replicaRegions[${index}]`, `be another Region of the partition of ${region}`, replicaRegion);
    }
    const replica = new DataApiKeyReplica(stack, `Replica-${replicaRegion}`, {
      accountId,
      bypassPolicyLockoutSafetyCheck,
      deletionProtection,
      deletionWindowInDays,
      description,
      lockoutPrecondition,
      primaryKey: key,
      provider: regions.provider(replicaRegion),
      region: replicaRegion,
      viaServices: settings.viaServices?.map((service) => service.replace(`.${region}.`, `.${replicaRegion}.`)),
    });
    return [replicaRegion, replica] as const;
  });
  return { key, kind: "created", replicas: new Map(replicas) };
}

/**
 * Reports a key policy that has become too large by added users and statements. Synthesis would report it only after it has written
 * other stacks.
 */
export function checkKeyPolicies({ key, replicas }: StackKey, problems: Problems): void {
  for (const one of [key, ...replicas.values()]) {
    problems.at(["key"], () => one.requiredStatements);
  }
}

/** Adds the outputs of a key. */
export function outputKey(stack: TerraformStack, stackKey: StackKey, administrators: readonly Identity[]): void {
  output(stack, "key_arn", "The key's ARN", stackKey.key.keyArn);
  output(stack, "key_id", "The key's ID", stackKey.key.keyId);
  if (stackKey.kind === "created") {
    output(stack, "key_alias", "The key's alias", stackKey.key.aliasName);
    output(stack, "administrator_arns", "Who administers the key", arnsOf(administrators));
  }
  if (stackKey.kind === "existing") {
    const { requiredStatements } = stackKey.key;
    output(stack, "required_key_policy_statements", "What the key's policy must have", requiredStatements);
  }
}

/** Adds the output with the ARNs of a key's replicas, if this stack creates replicas. */
export function outputReplicas(stack: TerraformStack, { kind, replicas }: StackKey): void {
  const arns = kind === "created" ? [...replicas].map(([region, { keyArn }]) => [region, keyArn] as const) : [];
  outputMap(stack, "replica_key_arns", "The ARNs of the key's replicas, by Region", arns);
}

export function arnsOf(identities: readonly Identity[]): readonly string[] {
  return identities.map(({ arn }) => arn);
}
