import { groupBy } from "../../modules/private/group-by";
import type { Indexed } from "./fleet";
import type { Problem } from "./problems";
import type { ParameterGroupConfiguration, WarehouseConfiguration } from "./schema";
import { serverlessSettings } from "./warehouse-sections";

/**
 * The AWS quotas for each account and Region. AWS raises the quota of namespaces on request, but not the quota of parameter groups.
 *
 * @see https://docs.aws.amazon.com/redshift/latest/mgmt/amazon-redshift-limits.html
 */
const MAX_PARAMETER_GROUPS = 20;
const NAMESPACES = 25;

/**
 * Returns a problem for the first parameter group over the quota, in each account and Region. Shared groups count first, then the
 * groups that clusters create.
 */
export function parameterGroupProblems(
  shared: readonly Indexed<ParameterGroupConfiguration>[],
  warehouses: readonly Indexed<WarehouseConfiguration>[],
): readonly Problem[] {
  const clustersWithGroup = warehouses.filter(
    ([, { cluster }]) => cluster && (cluster.clusterParameterGroupName ?? cluster.parameterGroup) === undefined,
  );
  const groups: readonly Indexed<ParameterGroupConfiguration | WarehouseConfiguration>[] = [
    ...shared,
    ...clustersWithGroup,
  ];
  return [...byRegion(groups).values()].flatMap((region) =>
    region.slice(MAX_PARAMETER_GROUPS, MAX_PARAMETER_GROUPS + 1).map(([index, entry]) => {
      const quota = `${entry.account} may have ${MAX_PARAMETER_GROUPS} parameter groups in ${entry.region}`;
      const got = `got: ${region.length} parameter groups`;
      return "users" in entry
        ? {
            message: `must name one of 'parameterGroups' in 'parameterGroup': ${quota}, and each cluster without 'parameterGroup' creates a group, ${got}`,
            path: ["warehouses", index, "cluster"],
          }
        : { message: `must be left out: ${quota}, ${got}`, path: ["parameterGroups", index] };
    }),
  );
}

/**
 * Refuses `clusterParameterGroupName` if it names a shared parameter group of the configuration: without a dependency, the
 * cluster could be deployed before the group.
 */
export function unorderedParameterGroupProblems(
  shared: readonly Indexed<ParameterGroupConfiguration>[],
  warehouses: readonly Indexed<WarehouseConfiguration>[],
): readonly Problem[] {
  return warehouses.flatMap(([index, { account, cluster, region }]) => {
    const name = cluster?.clusterParameterGroupName;
    const isShared = shared.some(
      ([, group]) => group.name === name && group.account === account && group.region === region,
    );
    return isShared
      ? {
          message: `must be left out: give the name of this shared group in 'parameterGroup', got: ${name}`,
          path: ["warehouses", index, "cluster", "clusterParameterGroupName"],
        }
      : [];
  });
}

/**
 * Returns a warning for the first serverless namespace over the quota, in each account and Region, by the index of its warehouse.
 */
export function namespaceWarnings(warehouses: readonly Indexed<WarehouseConfiguration>[]): ReadonlyMap<number, string> {
  const serverless = warehouses.filter(([, warehouse]) => serverlessSettings(warehouse));
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

/**
 * Returns a warning for each further workgroup of an account and Region with one custom domain name, by the index of its warehouse.
 * AWS does not document whether it accepts the second.
 */
export function domainWarnings(warehouses: readonly Indexed<WarehouseConfiguration>[]): ReadonlyMap<number, string> {
  const owners = new Map<string, string>();
  const warnings = new Map<number, string>();
  for (const [index, entry] of warehouses) {
    const domain = serverlessSettings(entry)?.customDomain?.domainName.toLowerCase();
    const place = [entry.account, entry.region, domain].join(" ");
    const owner = owners.get(place);
    if (domain !== undefined && owner !== undefined) {
      warnings.set(index, `the DNS name ${domain} leads to one workgroup only, and ${owner} has it as well`);
    }
    owners.set(place, owner ?? entry.name);
  }
  return warnings;
}

function byRegion<T extends { readonly account: string; readonly region: string }>(
  entries: readonly Indexed<T>[],
): ReadonlyMap<string, readonly Indexed<T>[]> {
  return groupBy(entries, ([, { account, region }]) => `${account} ${region}`);
}
