import { defaultQueryRoleName } from "../../modules/data-api/scheduled-query-group";
import { defaultSubscriptionName } from "../../modules/operations/event-subscription";
import { defaultScheduleIdentifier } from "../../modules/operations/snapshot-schedule";
import { defaultFinalSnapshotIdentifier } from "../../modules/redshift/cluster-props";
import type { Path } from "./configuration-file";
import { defaultAlias } from "./default-alias";
import { type List, LISTS, type Place } from "./defaults";
import type { Problem } from "./problems";
import { WAREHOUSE_SECTIONS } from "./schema";
import { pathText, valueText } from "./texts";
import { itemsOf, memberOf, membersOf } from "./unchecked-values";

/** A name, whose type is not checked, and its place in the configuration. */
interface Named {
  readonly name: unknown;
  readonly path: Path;
}

/** A name that must be unique among the claims of the same kind and scope, such as the clusters of an account and Region. */
interface Claim extends Named {
  /** The kind of the named thing, as an error prints it. */
  readonly kind: string;
  /** How to share the thing instead, as the error for the second use prints it. */
  readonly remedy?: string;
  readonly scope: readonly unknown[];
  /** The value that an error shows, if the name derives from that value, such as an ARN. */
  readonly value?: unknown;
}

/**
 * Refuses the second use of a name that must be unique in AWS. If two stacks used the same name, one would fail at apply, or adopt
 * a resource of the other. Values that the schema refuses are also checked, so that both kinds of problems are reported together.
 *
 * @param placeAt - maps the path of a value in the configuration to its place in a file
 */
export function repeatedNames(
  input: Readonly<Record<string, unknown>>,
  placeAt: (path: Path) => Place,
): readonly Problem[] {
  const owners = new Map<string, Path>();
  const problems = new Map<string, Problem>();
  for (const { kind, name, path, remedy, scope, value = name } of claimsIn(input)) {
    // One value may give several names: the names of a cluster and of its parameter group. Only the first problem of a value is
    // reported.
    if (typeof name !== "string" || problems.has(path.join("\n"))) {
      continue;
    }
    // IAM compares role names without case. Schedule groups and queues are compared so, too; other names have no capital
    // letters.
    const claimed = [kind, name.toLowerCase(), ...scope].join("\n");
    const owner = owners.get(claimed);
    if (owner === undefined) {
      owners.set(claimed, path);
    } else {
      const use = useText(kind, placeAt(owner), placeAt(path));
      const hint = remedy === undefined ? "" : `; ${remedy}`;
      problems.set(path.join("\n"), { path, message: `must not be ${use}, got: ${valueText(value)}${hint}` });
    }
  }
  return [...problems.values()];
}

/** Yields the names of one entry after another. A list of all names of a large fleet would need much memory. */
function* claimsIn(input: Readonly<Record<string, unknown>>): Generator<Claim> {
  for (const list of LISTS) {
    for (const [index, entry] of itemsOf(input[list]).entries()) {
      yield* claimsOf(list, entry, [list, index]);
    }
  }
}

/** Returns the text that describes the first use of a name, for the error of the second use. */
function useText(kind: string, first: Place, second: Place): string {
  const place = pathText(first.path);
  if (second.file !== first.file) {
    return `the ${kind} of ${place} in ${first.file.name} as well`;
  }
  return pathText(second.path) === place ? `the ${kind} of several entries` : `the ${kind} of ${place} as well`;
}

const SHARE_KEY = "one entry of 'keys' imports the key, and the 'key' of each warehouse names that entry";
const SHARE_ROLE = "one entry creates the role, and the others name its ARN and are deployed after it";

/** The paths of a warehouse's name, by its section. The first path that has a value gives the name. */
const WAREHOUSE_NAMES = {
  cluster: ["cluster.clusterIdentifier", "name"],
  serverless: ["serverless.workgroupName", "serverless.namespaceName", "name"],
} as const;

/**
 * The names that a warehouse uses in its account and Region: the kind of each name, and its paths in the entry. The first path that
 * has a value gives the name.
 */
const REGIONAL_NAMES: readonly (readonly [kind: string, ...paths: readonly string[]])[] = [
  ["cluster", ...WAREHOUSE_NAMES.cluster],
  ["endpoint", "cluster.endpoints.endpointName"],
  ["event subscription", "cluster.eventSubscriptions.subscriptionName"],
  ["cluster snapshot", "cluster.finalSnapshotIdentifier"],
  ["cluster snapshot", "cluster.manualSnapshots.snapshotIdentifier"],
  ["integration", "cluster.zeroEtlIntegrations.integrationName"],
  ["scheduled action", "cluster.scheduledActions.actionName"],
  ["serverless snapshot", "serverless.manualSnapshots.snapshotIdentifier"],
  ["namespace", "serverless.namespaceName", "name"],
  ["integration", "serverless.zeroEtlIntegrations.integrationName"],
  ["serverless endpoint", "serverless.endpoints.endpointName"],
  ["snapshot", "serverless.snapshotPolicies.snapshotArn"],
  ["workgroup", ...WAREHOUSE_NAMES.serverless],
];

/** Returns the unique names that an entry uses. */
function claimsOf(list: List, entry: unknown, place: Path): readonly Claim[] {
  const { account, cluster, existing, key, name, privateDnsEnabled, region, serviceName, vpcId } = membersOf(entry);
  const entryName: Claim = { kind: "name", name, path: [...place, "name"], scope: [] };
  const regional = { name, path: entryName.path, scope: [account, region] };
  if (list === "dataApiEndpoints") {
    // A VPC can have one endpoint with private DNS for a service. The FIPS service is another service.
    const isFips = typeof serviceName === "string" && serviceName.endsWith("-fips");
    const dns = { kind: "VPC with private DNS", name: vpcId, path: [...place, "vpcId"] };
    return [entryName, ...(privateDnsEnabled === false ? [] : [{ ...dns, scope: [isFips] }])];
  }
  if (list === "parameterGroups") {
    return [entryName, { ...regional, kind: "parameter group" }];
  }
  const firstOf = (...paths: readonly string[]): readonly Named[] =>
    paths.map((path) => valuesAt(entry, path.split("."), place)).find(({ length }) => length > 0) ?? [];
  const namedClaims = (kind: string, names: readonly Named[], scope = regional.scope): readonly Claim[] =>
    names.map((one) => ({ ...one, kind, scope }));
  const { clusterParameterGroupName, parameterGroup } = membersOf(cluster);
  const { snapshotCopy } = membersOf(existing ?? cluster);
  const createsKey = typeof key !== "string" && memberOf(key, "keyArn") === undefined;
  const createsGroup = cluster !== undefined && (clusterParameterGroupName ?? parameterGroup) === undefined;
  const alias = memberOf(key, "alias") ?? (typeof name === "string" ? defaultAlias(name) : undefined);
  const grantNames = ["cluster.snapshotCopy.snapshotCopyGrantName", ...WAREHOUSE_NAMES.cluster];
  const grantScope = [account, memberOf(snapshotCopy, "destinationRegion")];
  const alarmed = (["cluster", "serverless"] as const).filter(
    (kind) => memberOf(existing ?? memberOf(entry, kind), "alarms") !== undefined,
  );
  return [
    entryName,
    ...namedClaims("key alias", createsKey ? firstOf("key.alias", "name").map((one) => ({ ...one, name: alias })) : []),
    // A replica has the alias of its key, in another Region.
    ...itemsOf(memberOf(key, "replicaRegions")).flatMap((replicaRegion, index, all) => {
      const path = [...place, "key", "replicaRegions", index];
      // Other rules refuse the Region of the key, and a Region twice.
      return replicaRegion === region || all.indexOf(replicaRegion) < index
        ? []
        : { kind: "key alias", name: alias, path, scope: [account, replicaRegion] };
    }),
    ...namedClaims("imported key", firstOf("import.keyId")).map((claim) => ({ ...claim, remedy: SHARE_KEY })),
    ...roleClaims(entry, place),
    ...queryClaims(entry, place),
    ...REGIONAL_NAMES.filter(([, path]) => hasSection(entry, path!)).flatMap(([kind, ...paths]) =>
      namedClaims(kind, firstOf(...pathsIn(entry, paths))),
    ),
    // The alarms of clusters and of workgroups have different suffixes, so that a cluster and a workgroup may have the same prefix.
    ...alarmed.flatMap((kind) =>
      namedClaims(
        "alarm name prefix",
        firstOf(...pathsIn(entry, [`${kind}.alarms.alarmNamePrefix`, ...WAREHOUSE_NAMES[kind]])),
        [...regional.scope, kind],
      ),
    ),
    ...namedClaims("parameter group", createsGroup ? firstOf(...WAREHOUSE_NAMES.cluster) : []),
    ...namedClaims(
      "snapshot copy grant",
      snapshotCopy === undefined ? [] : firstOf(...pathsIn(entry, grantNames)),
      grantScope,
    ),
    ...derivedClaims(entry, firstOf(...pathsIn(entry, WAREHOUSE_NAMES.cluster)), place),
  ];
}

/** Returns the claims of names that derive from the identifier of the cluster, or from the name of an action or an endpoint. */
function derivedClaims(entry: unknown, identifiers: readonly Named[], place: Path): readonly Claim[] {
  const { account, cluster, existing, region } = membersOf(entry);
  const section = existing === undefined ? "cluster" : "existing";
  const settings = membersOf(existing ?? cluster);
  const { endpoints, eventSubscriptions, finalSnapshotIdentifier, scheduledActions, skipFinalSnapshot } = settings;
  const { snapshotSchedule, subnetIds, workgroupName } = settings;
  const regional = { scope: [account, region], value: identifiers[0]?.name };
  const identifier = String(regional.value);
  const hasFinalSnapshot = cluster !== undefined && skipFinalSnapshot !== true && finalSnapshotIdentifier === undefined;
  const snapshots = identifiers.map((one) => ({ ...one, name: defaultFinalSnapshotIdentifier(identifier) }));
  // Only one subscription can have the default name: the rules of the entry refuse a second subscription without a name.
  const unnamed = itemsOf(eventSubscriptions).findIndex((one) => memberOf(one, "subscriptionName") === undefined);
  const subscription = {
    name: defaultSubscriptionName(identifier),
    path: [...place, section, "eventSubscriptions", unnamed],
  };
  const { identifier: scheduleIdentifier } = membersOf(snapshotSchedule);
  const schedulePath = [...place, section, "snapshotSchedule"];
  const schedule =
    scheduleIdentifier === undefined
      ? { ...regional, name: defaultScheduleIdentifier(identifier), path: schedulePath }
      : { name: scheduleIdentifier, path: [...schedulePath, "identifier"], scope: regional.scope };
  // The name of a cluster's subnet group is the cluster's identifier. The name of an endpoint's subnet group is the endpoint's
  // name.
  const subnetGroups = [
    ...(subnetIds === undefined ? [] : identifiers),
    ...itemsOf(endpoints).flatMap((endpoint, index) =>
      memberOf(endpoint, "subnetIds") === undefined || workgroupName !== undefined
        ? []
        : [{ name: memberOf(endpoint, "endpointName"), path: [...place, section, "endpoints", index, "endpointName"] }],
    ),
  ];
  const roles = itemsOf(scheduledActions).flatMap((action, index) => {
    const { actionName, roleArn, roleName } = membersOf(action);
    const key = roleName === undefined ? "actionName" : "roleName";
    const path = [...place, section, "scheduledActions", index, key];
    return roleArn === undefined ? [{ name: roleName ?? actionName, path }] : [];
  });
  return [
    ...(hasFinalSnapshot ? snapshots : []).map((one) => ({ ...regional, ...one, kind: "cluster snapshot" })),
    ...(unnamed === -1 ? [] : [{ ...regional, ...subscription, kind: "event subscription" }]),
    ...(snapshotSchedule === undefined ? [] : [{ ...schedule, kind: "snapshot schedule" }]),
    ...subnetGroups.map((one) => ({ ...one, kind: "subnet group", scope: regional.scope })),
    ...roles.map((one) => ({ ...one, kind: "role", scope: [account] })),
  ];
}

/**
 * Returns whether an entry has the section that a path begins with. Always true for an existing warehouse, for which `pathsIn`
 * selects the paths of its kind.
 */
function hasSection(entry: unknown, path: string): boolean {
  const [section] = path.split(".");
  return memberOf(entry, "existing") !== undefined || memberOf(entry, section!) !== undefined;
}

/**
 * Returns the paths for an entry. An existing warehouse has its settings in `existing` instead of `cluster` or `serverless`, and
 * no names that default to the entry's name.
 */
function pathsIn(entry: unknown, paths: readonly string[]): readonly string[] {
  const existing = memberOf(entry, "existing");
  if (existing === undefined) {
    return paths;
  }
  const kind = memberOf(existing, "clusterIdentifier") === undefined ? "serverless." : "cluster.";
  return paths.filter((path) => path.startsWith(kind)).map((path) => path.replace(kind, "existing."));
}

/**
 * Returns the claims for roles: a role to create is unique in its account; each role and permission set is unique in its
 * warehouse.
 */
function roleClaims(entry: unknown, place: Path): readonly Claim[] {
  const inAccount = { kind: "role", scope: [memberOf(entry, "account")] };
  const inWarehouse = { kind: "role", scope: [...inAccount.scope, ...place] };
  return ["administrators", "users"].flatMap((list) =>
    itemsOf(memberOf(entry, list)).flatMap((principal, index): readonly Claim[] => {
      const { permissionSet, roleArn, roleName } = membersOf(principal);
      const at = (...keys: readonly string[]): Path => [...place, list, index, ...keys];
      if (roleName !== undefined) {
        const role = { name: roleName, path: at("roleName") };
        return [
          { ...inWarehouse, ...role },
          { ...inAccount, ...role, remedy: SHARE_ROLE },
        ];
      }
      if (permissionSet !== undefined) {
        const scope = [...place, list];
        return [{ kind: "permission set", name: permissionSet, path: at("permissionSet"), scope }];
      }
      const arn = roleArn ?? (list === "users" ? principal : undefined);
      const name = typeof arn === "string" ? arn.split("/").at(-1) : undefined;
      return [{ ...inWarehouse, name, path: roleArn === undefined ? at() : at("roleArn"), value: arn }];
    }),
  );
}

/** Returns the claims of scheduled queries: the schedule group, its role and its dead-letter queue. */
function queryClaims(entry: unknown, place: Path): readonly Claim[] {
  const { account, name, region } = membersOf(entry);
  return WAREHOUSE_SECTIONS.flatMap((section): readonly Claim[] => {
    const queries = memberOf(memberOf(entry, section), "scheduledQueries");
    if (queries === undefined) {
      return [];
    }
    const { deadLetterQueueName, groupName, roleName } = membersOf(queries);
    const at = (key: string): Path => [...place, section, "scheduledQueries", key];
    const group =
      groupName === undefined ? { name, path: [...place, "name"] } : { name: groupName, path: at("groupName") };
    const role =
      roleName === undefined
        ? { ...group, name: defaultQueryRoleName(String(group.name)), value: group.name }
        : { name: roleName, path: at("roleName") };
    const scope = [account, region];
    return [
      { ...group, kind: "schedule group", scope },
      { ...role, kind: "role", scope: [account] },
      { kind: "queue", name: deadLetterQueueName, path: at("deadLetterQueueName"), scope },
    ];
  });
}

/** Returns the values at a path, with their places. The path continues in each item of a list. An absent value is left out. */
function valuesAt(value: unknown, [step, ...rest]: readonly string[], place: Path): readonly Named[] {
  if (value === undefined) {
    return [];
  }
  if (step === undefined) {
    return [{ name: value, path: place }];
  }
  return Array.isArray(value)
    ? value.flatMap((item, index) => valuesAt(item, [step, ...rest], [...place, index]))
    : valuesAt(memberOf(value, step), rest, [...place, step]);
}
