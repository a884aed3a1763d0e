import { groupBy } from "./group-by";
import type { Problem } from "./fleet";
import type { WarehouseConfiguration } from "./schema";

/**
 * AWS's quotas of an account and Region. The one of parameter groups is not adjustable.
 *
 * @see https://docs.aws.amazon.com/redshift/latest/mgmt/amazon-redshift-limits.html
 */
const MAX_PARAMETER_GROUPS = 20;
const NAMESPACES = 25;

/** A warehouse, and its index in the configuration. */
type Indexed = readonly [index: number, warehouse: WarehouseConfiguration];

/** The clusters whose parameter group AWS would refuse, because their account has as many as it may have in the Region. */
export function parameterGroupProblems(warehouses: readonly Indexed[]): readonly Problem[] {
  const makers = warehouses.filter(([, { cluster }]) => cluster && cluster.clusterParameterGroupName === undefined);
  return [...byRegion(makers).values()].flatMap((region) =>
    region.slice(MAX_PARAMETER_GROUPS, MAX_PARAMETER_GROUPS + 1).map(([index, { account, region: name }]) => ({
      message:
        `must name an existing parameter group in 'clusterParameterGroupName': ${account} may have ${MAX_PARAMETER_GROUPS} in ` +
        `${name}, and each cluster without that name makes one, got: ${region.length} clusters`,
      path: ["warehouses", index, "cluster"],
    })),
  );
}

/** The warehouses whose namespace is the first that an account's quota refuses, unless AWS has raised it, with the warning. */
export function namespaceWarnings(warehouses: readonly Indexed[]): ReadonlyMap<number, string> {
  const serverless = warehouses.filter(([, warehouse]) => warehouse.serverless);
  return new Map(
    [...byRegion(serverless).values()].flatMap((region) =>
      region
        .slice(NAMESPACES, NAMESPACES + 1)
        .map(
          ([index, { account, region: name }]) =>
            [
              index,
              `${account} may have ${NAMESPACES} namespaces in ${name}, unless AWS has raised the quota, and the configuration has ` +
                `${region.length}`,
            ] as const,
        ),
    ),
  );
}

function byRegion(warehouses: readonly Indexed[]): ReadonlyMap<string, readonly Indexed[]> {
  return groupBy(warehouses, ([, { account, region }]) => `${account} ${region}`);
}
