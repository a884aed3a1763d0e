import type { TerraformStack } from "cdktf";
import { configurationFiles } from "../../app/cli/program";
import { selectedStacks } from "../../app/cli/selection";
import { Fleet } from "../../app/config/fleet";
import type { KeyConfiguration, WarehouseConfiguration } from "../../app/config/schema";
import { clusterSettings, serverlessSettings } from "../../app/config/warehouse-sections";
import { UserError } from "../command";
import type { ConfiguredWarehouse, KeyTarget } from "./facts";

/** The members of a synthesized stack's file that describe its keys. */
interface StackFile {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, KeyResource>>>>;
}

interface KeyResource {
  readonly name?: string;
  readonly policy?: string;
  readonly provider?: string;
  readonly target_key_id?: string;
}

/**
 * Returns the keys of stacks, each with the warehouses under it. A shared key has the warehouses of all stacks that use it.
 *
 * @throws ConfigurationError if the configuration has a problem
 * @throws UserError if no stack has a key
 */
export function configuredKeys(stackNames: readonly string[]): readonly KeyTarget[] {
  const fleet = Fleet.load(configurationFiles());
  const stacks = selectedStacks(fleet, stackNames);
  const { keys = [], warehouses } = fleet.configuration;
  const targets = [...keys, ...warehouses].flatMap((entry) => {
    const stack = stacks.find(({ node }) => node.id === entry.name);
    if (stack === undefined) {
      return [];
    }
    const isWarehouse = warehouses.some(({ name }) => name === entry.name);
    const sharers = warehouses.filter(({ key, name }) => (isWarehouse ? name === entry.name : key === entry.name));
    return keysOf(stack, entry, sharers.map(warehouseOf));
  });
  if (targets.length === 0) {
    throw new UserError(`arguments must name the stack of a warehouse or of a key, got: ${stackNames.join(" ")}`);
  }
  return targets;
}

function keysOf(
  stack: TerraformStack,
  entry: KeyConfiguration | WarehouseConfiguration,
  warehouses: readonly ConfiguredWarehouse[],
): readonly KeyTarget[] {
  const { account, key, name, region } = entry;
  if (typeof key === "string") {
    // The selection includes the stack of the shared key, which has the key.
    return [];
  }
  if (key !== undefined && "keyArn" in key) {
    return [{ account, configuredPolicy: undefined, keyId: key.keyArn, region, stack: name, warehouses }];
  }
  stack.prepareStack();
  const { resource = {} } = JSON.parse(JSON.stringify(stack.toTerraform())) as StackFile;
  const aliases = Object.values(resource.aws_kms_alias ?? {});
  return ["aws_kms_key", "aws_kms_replica_key"].flatMap((type) =>
    Object.entries(resource[type] ?? {}).map(([id, { policy, provider }]) => ({
      account,
      configuredPolicy: policy,
      keyId: aliases.find(({ target_key_id }) => target_key_id?.includes(`${type}.${id}.`))!.name!,
      region: provider?.replace(/^aws\./, "") ?? region,
      stack: name,
      // No warehouse is under a replica, which encrypts only copies of snapshots.
      warehouses: type === "aws_kms_key" ? warehouses : [],
    })),
  );
}

function warehouseOf(entry: WarehouseConfiguration): ConfiguredWarehouse {
  const { name: stack } = entry;
  const cluster = clusterSettings(entry);
  if (cluster !== undefined) {
    return { kind: "cluster", name: cluster.clusterIdentifier ?? stack, nameOf: "cluster", stack };
  }
  const settings = serverlessSettings(entry)!;
  return entry.existing === undefined
    ? { kind: "namespace", name: entry.serverless?.namespaceName ?? stack, nameOf: "namespace", stack }
    : { kind: "namespace", name: settings.workgroupName!, nameOf: "workgroup", stack };
}
