import { selectedStacks } from "../../app/cli/selection";
import type { Fleet } from "../../app/config/fleet";
import type { WarehouseConfiguration } from "../../app/config/schema";
import { clusterSettings, serverlessSettings } from "../../app/config/warehouse-sections";
import { WarehouseStack } from "../../app/stacks/warehouse-stack";
import type { DatabaseRoles } from "../../modules";
import { UserError } from "../command";

/** The member of a Data API request that names the warehouse. */
export type Target = { readonly ClusterIdentifier: string } | { readonly WorkgroupName: string };

/** The database roles of a stack, and the warehouse that they belong to. */
export interface Configured {
  readonly account: string;
  /** The ARN of the admin's secret, if the configuration has it. */
  readonly adminSecretArn: string | undefined;
  readonly databaseRoles: DatabaseRoles;
  readonly region: string;
  readonly target: Target;
}

/**
 * Reads the database roles of a stack from the configuration.
 *
 * @throws ConfigurationError if the configuration has a problem
 * @throws UserError if no warehouse has the name, or the warehouse has no database roles
 */
export function configuredRoles(fleet: Fleet, stackName: string): Configured {
  const stack = selectedStacks(fleet, [stackName]).find(({ node }) => node.id === stackName);
  const entry = fleet.configuration.warehouses.find(({ name }) => name === stackName);
  if (entry === undefined || !(stack instanceof WarehouseStack) || stack.databaseRoles === undefined) {
    throw new UserError(`the stack must be a warehouse with 'databaseRoles', got: ${stackName}`);
  }
  return {
    account: entry.account,
    adminSecretArn: entry.existing?.adminSecretArn,
    databaseRoles: stack.databaseRoles,
    region: entry.region,
    target: targetOf(entry),
  };
}

function targetOf(entry: WarehouseConfiguration): Target {
  const cluster = clusterSettings(entry);
  if (cluster !== undefined) {
    return { ClusterIdentifier: cluster.clusterIdentifier ?? entry.name };
  }
  const settings = serverlessSettings(entry)!;
  const namespaceName = "namespaceName" in settings ? settings.namespaceName : undefined;
  return { WorkgroupName: settings.workgroupName ?? namespaceName ?? entry.name };
}
