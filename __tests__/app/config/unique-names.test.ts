import { ConfigurationFile, type Path } from "../../../app/config/configuration-file";
import { repeatedNames } from "../../../app/config/unique-names";

const FILE = new ConfigurationFile("w.yaml", "");
const placeAt = (path: Path) => ({ file: FILE, path });
type Entry = Readonly<Record<string, unknown>>;

/** The problems of entries, each with its path: `warehouses.1.name must not be …`. The entries are in one account and Region. */
function problemsOf(lists: Readonly<Record<string, readonly Entry[]>>): string[] {
  const place = { account: "111122223333", region: "us-east-1" };
  const input = Object.entries(lists).map(([list, entries]) => [
    list,
    entries.map((entry, index) => ({ name: `entry-${index}`, ...place, ...entry })),
  ]);
  return repeatedNames(Object.fromEntries(input) as Entry, placeAt).map(
    ({ message, path }) => `${path.join(".")} ${message}`,
  );
}

/** The problems of warehouses whose keys are created by other entries. */
const warehouses = (...entries: readonly Entry[]): string[] =>
  problemsOf({ warehouses: entries.map((entry) => ({ key: "shared", ...entry })) }).map((problem) =>
    problem.replace("warehouses.", ""),
  );

/** The numbers of problems of two warehouses in one place, in two Regions of an account, and in two accounts. */
const problemCounts = (first: Entry, second: Entry): readonly number[] =>
  [{}, { region: "eu-west-1" }, { account: "444455556666" }].map(
    (place) => warehouses(first, { ...second, ...place }).length,
  );
const [IN_REGION, IN_ACCOUNT] = [
  [1, 0, 0],
  [1, 1, 0],
];

describe.each([
  ["cluster", "endpoints", "endpointName", "endpoint"],
  ["cluster", "eventSubscriptions", "subscriptionName", "event subscription"],
  ["cluster", "manualSnapshots", "snapshotIdentifier", "cluster snapshot"],
  ["cluster", "scheduledActions", "actionName", "scheduled action"],
  ["cluster", "zeroEtlIntegrations", "integrationName", "integration"],
  ["serverless", "endpoints", "endpointName", "serverless endpoint"],
  ["serverless", "manualSnapshots", "snapshotIdentifier", "serverless snapshot"],
  ["serverless", "snapshotPolicies", "snapshotArn", "snapshot"],
  ["serverless", "zeroEtlIntegrations", "integrationName", "integration"],
])("in the section %s, an item of %s", (section, list, key, kind) => {
  const identifier = section === "cluster" ? "clusterIdentifier" : "workgroupName";
  // The ARN of a role, because a scheduled action without one creates a role.
  const settings = (...names: readonly string[]) => ({
    [list]: names.map((name) => ({ [key]: name, roleArn: "arn" })),
  });
  const created = (...names: readonly string[]) => ({ [section]: settings(...names) });
  const existing = (warehouse: string, ...names: readonly string[]) => ({
    existing: { [identifier]: warehouse, ...settings(...names) },
  });

  test(`has a '${key}' that no other ${kind} of its Region has`, () => {
    expect(warehouses(created("one", "two"), created("three", "two"))).toStrictEqual([
      `1.${section}.${list}.1.${key} must not be the ${kind} of warehouses[0].${section}.${list}[1].${key} as well, got: two`,
    ]);
    expect(problemCounts(created("two"), created("two"))).toStrictEqual(IN_REGION);
  });

  test(`has a '${key}' that no ${kind} of an existing warehouse has`, () => {
    expect(warehouses(created("two"), existing("a", "one", "two"), existing("b", "one"))).toStrictEqual([
      `1.existing.${list}.1.${key} must not be the ${kind} of warehouses[0].${section}.${list}[0].${key} as well, got: two`,
      `2.existing.${list}.0.${key} must not be the ${kind} of warehouses[1].existing.${list}[0].${key} as well, got: one`,
    ]);
  });
});

test.each<[string, readonly number[], Entry, Entry, string]>([
  [
    "cluster",
    IN_REGION,
    { cluster: { clusterIdentifier: "entry-1" } },
    { cluster: {} },
    "1.name must not be the cluster of warehouses[0].cluster.clusterIdentifier as well, got: entry-1",
  ],
  [
    "cluster that exists",
    IN_REGION,
    { existing: { clusterIdentifier: "sales" } },
    { existing: { clusterIdentifier: "sales" } },
    "1.existing.clusterIdentifier must not be the cluster of warehouses[0].existing.clusterIdentifier as well, got: sales",
  ],
  [
    "workgroup",
    IN_REGION,
    { serverless: { workgroupName: "entry-1" } },
    { serverless: { namespaceName: "sales", workgroupName: "entry-1" } },
    "1.serverless.workgroupName must not be the workgroup of warehouses[0].serverless.workgroupName as well, got: entry-1",
  ],
  [
    "workgroup that has the name of its namespace",
    IN_REGION,
    { serverless: { namespaceName: "a", workgroupName: "sales" } },
    { serverless: { namespaceName: "sales" } },
    "1.serverless.namespaceName must not be the workgroup of warehouses[0].serverless.workgroupName as well, got: sales",
  ],
  [
    "namespace",
    IN_REGION,
    { serverless: { namespaceName: "entry-1", workgroupName: "a" } },
    { serverless: { workgroupName: "b" } },
    "1.name must not be the namespace of warehouses[0].serverless.namespaceName as well, got: entry-1",
  ],
  [
    "final snapshot",
    IN_REGION,
    { cluster: { finalSnapshotIdentifier: "last" } },
    { cluster: { finalSnapshotIdentifier: "last" } },
    "1.cluster.finalSnapshotIdentifier must not be the cluster snapshot of warehouses[0].cluster.finalSnapshotIdentifier as well, got: last",
  ],
  [
    "default final snapshot",
    IN_REGION,
    { cluster: { finalSnapshotIdentifier: "sales-final" } },
    { cluster: { clusterIdentifier: "sales" } },
    "1.cluster.clusterIdentifier must not be the cluster snapshot of warehouses[0].cluster.finalSnapshotIdentifier as well, got: sales",
  ],
  [
    "default event subscription",
    IN_REGION,
    { cluster: { eventSubscriptions: [{ subscriptionName: "sales-events" }] } },
    { cluster: { clusterIdentifier: "sales", eventSubscriptions: [{ subscriptionName: "a" }, {}] } },
    "1.cluster.eventSubscriptions.1 must not be the event subscription of warehouses[0].cluster.eventSubscriptions[0].subscriptionName as well, got: sales",
  ],
  [
    "default event subscription of a cluster that exists",
    IN_REGION,
    { cluster: { eventSubscriptions: [{ subscriptionName: "sales-events" }] } },
    { existing: { clusterIdentifier: "sales", eventSubscriptions: [{}] } },
    "1.existing.eventSubscriptions.0 must not be the event subscription of warehouses[0].cluster.eventSubscriptions[0].subscriptionName as well, got: sales",
  ],
  [
    "snapshot schedule",
    IN_REGION,
    { cluster: { snapshotSchedule: { identifier: "hourly" } } },
    { existing: { clusterIdentifier: "sales", snapshotSchedule: { identifier: "hourly" } } },
    "1.existing.snapshotSchedule.identifier must not be the snapshot schedule of warehouses[0].cluster.snapshotSchedule.identifier as well, got: hourly",
  ],
  [
    "default snapshot schedule",
    IN_REGION,
    { cluster: { snapshotSchedule: { identifier: "sales-snapshots" } } },
    { existing: { clusterIdentifier: "sales", snapshotSchedule: {} } },
    "1.existing.snapshotSchedule must not be the snapshot schedule of warehouses[0].cluster.snapshotSchedule.identifier as well, got: sales",
  ],
  [
    "subnet group of an endpoint",
    IN_REGION,
    { cluster: { clusterIdentifier: "sales", subnetIds: [] } },
    { cluster: { endpoints: [{ endpointName: "clients" }, { endpointName: "sales", subnetIds: [] }] } },
    "1.cluster.endpoints.1.endpointName must not be the subnet group of warehouses[0].cluster.clusterIdentifier as well, got: sales",
  ],
  [
    "subnet group of an endpoint of a cluster that exists",
    IN_REGION,
    { cluster: { clusterIdentifier: "sales", subnetIds: [] } },
    { existing: { clusterIdentifier: "a", endpoints: [{ endpointName: "sales", subnetIds: [] }] } },
    "1.existing.endpoints.0.endpointName must not be the subnet group of warehouses[0].cluster.clusterIdentifier as well, got: sales",
  ],
  [
    "role of a scheduled action",
    IN_ACCOUNT,
    { cluster: { scheduledActions: [{ actionName: "a", roleName: "Night" }] } },
    {
      cluster: {
        scheduledActions: [
          { actionName: "b", roleArn: "arn" },
          { actionName: "c", roleName: "night" },
        ],
      },
    },
    "1.cluster.scheduledActions.1.roleName must not be the role of warehouses[0].cluster.scheduledActions[0].roleName as well, got: night",
  ],
  [
    "default role of a scheduled action",
    IN_ACCOUNT,
    { cluster: { scheduledActions: [{ actionName: "a", roleName: "night" }] } },
    { existing: { clusterIdentifier: "sales", scheduledActions: [{ actionName: "night" }] } },
    "1.existing.scheduledActions.0.actionName must not be the role of warehouses[0].cluster.scheduledActions[0].roleName as well, got: night",
  ],
  [
    "role of a user",
    IN_ACCOUNT,
    { administrators: [{ roleName: "Reader" }] },
    { users: ["a/b", { roleName: "Reader" }] },
    "1.users.1.roleName must not be the role of warehouses[0].administrators[0].roleName as well, got: Reader; one entry creates the role, and the others name its ARN and are deployed after it",
  ],
  [
    "alarm name prefix",
    IN_REGION,
    { serverless: { alarms: { alarmNamePrefix: "night" } } },
    { existing: { alarms: { alarmNamePrefix: "night" }, workgroupName: "sales" } },
    "1.existing.alarms.alarmNamePrefix must not be the alarm name prefix of warehouses[0].serverless.alarms.alarmNamePrefix as well, got: night",
  ],
  [
    "default alarm name prefix of a cluster",
    IN_REGION,
    { cluster: { alarms: { alarmNamePrefix: "sales" } } },
    { cluster: { alarms: {}, clusterIdentifier: "sales" } },
    "1.cluster.clusterIdentifier must not be the alarm name prefix of warehouses[0].cluster.alarms.alarmNamePrefix as well, got: sales",
  ],
  [
    "default alarm name prefix of a cluster that exists",
    IN_REGION,
    { cluster: { alarms: { alarmNamePrefix: "sales" } } },
    { existing: { alarms: {}, clusterIdentifier: "sales" } },
    "1.existing.clusterIdentifier must not be the alarm name prefix of warehouses[0].cluster.alarms.alarmNamePrefix as well, got: sales",
  ],
  [
    "default alarm name prefix of a workgroup",
    IN_REGION,
    { serverless: { alarms: { alarmNamePrefix: "entry-1" } } },
    { serverless: { alarms: {} } },
    "1.name must not be the alarm name prefix of warehouses[0].serverless.alarms.alarmNamePrefix as well, got: entry-1",
  ],
  [
    "snapshot copy grant in one destination Region",
    IN_ACCOUNT,
    { cluster: { snapshotCopy: { destinationRegion: "eu-west-1", snapshotCopyGrantName: "sales" } } },
    { cluster: { clusterIdentifier: "sales", snapshotCopy: { destinationRegion: "eu-west-1" } } },
    "1.cluster.clusterIdentifier must not be the snapshot copy grant of warehouses[0].cluster.snapshotCopy.snapshotCopyGrantName as well, got: sales",
  ],
  [
    "snapshot copy grant of a cluster that exists",
    IN_ACCOUNT,
    { cluster: { snapshotCopy: { destinationRegion: "eu-west-1", snapshotCopyGrantName: "copies" } } },
    {
      existing: {
        clusterIdentifier: "sales",
        snapshotCopy: { destinationRegion: "eu-west-1", snapshotCopyGrantName: "copies" },
      },
    },
    "1.existing.snapshotCopy.snapshotCopyGrantName must not be the snapshot copy grant of warehouses[0].cluster.snapshotCopy.snapshotCopyGrantName as well, got: copies",
  ],
  [
    "imported key",
    IN_REGION,
    { import: { keyId: "id" } },
    { import: { keyId: "id" } },
    "1.import.keyId must not be the imported key of warehouses[0].import.keyId as well, got: id; one entry of 'keys' imports the key, and the 'key' of each warehouse names that entry",
  ],
  [
    "alias of a key",
    IN_REGION,
    { key: { alias: "alias/a" } },
    { key: { alias: "alias/a" } },
    "1.key.alias must not be the key alias of warehouses[0].key.alias as well, got: alias/a",
  ],
  [
    "default alias of a key",
    IN_REGION,
    { key: { alias: "alias/entry-1" } },
    { key: undefined },
    "1.name must not be the key alias of warehouses[0].key.alias as well, got: alias/entry-1",
  ],
  [
    "schedule group",
    IN_REGION,
    { cluster: { scheduledQueries: { groupName: "Night", roleName: "a" } } },
    { existing: { scheduledQueries: { groupName: "night", roleName: "b" }, workgroupName: "sales" } },
    "1.existing.scheduledQueries.groupName must not be the schedule group of warehouses[0].cluster.scheduledQueries.groupName as well, got: night",
  ],
  [
    "default schedule group",
    IN_REGION,
    { cluster: { scheduledQueries: { groupName: "entry-1", roleName: "a" } } },
    { serverless: { scheduledQueries: { roleName: "b" } } },
    "1.name must not be the schedule group of warehouses[0].cluster.scheduledQueries.groupName as well, got: entry-1",
  ],
  [
    "role of scheduled queries",
    IN_ACCOUNT,
    { users: [{ roleName: "Runner" }] },
    { cluster: { scheduledQueries: { roleName: "Runner" } } },
    "1.cluster.scheduledQueries.roleName must not be the role of warehouses[0].users[0].roleName as well, got: Runner",
  ],
  [
    "default role of scheduled queries",
    IN_ACCOUNT,
    { users: [{ roleName: "entry-1-queries" }] },
    { serverless: { scheduledQueries: {} } },
    "1.name must not be the role of warehouses[0].users[0].roleName as well, got: entry-1",
  ],
  [
    "default role of scheduled queries of a group",
    IN_ACCOUNT,
    { users: [{ roleName: "night-queries" }] },
    { existing: { scheduledQueries: { groupName: "night" }, workgroupName: "sales" } },
    "1.existing.scheduledQueries.groupName must not be the role of warehouses[0].users[0].roleName as well, got: night",
  ],
  [
    "dead-letter queue",
    IN_REGION,
    { cluster: { scheduledQueries: { deadLetterQueueName: "Failed" } } },
    { serverless: { scheduledQueries: { deadLetterQueueName: "failed" } } },
    "1.serverless.scheduledQueries.deadLetterQueueName must not be the queue of warehouses[0].cluster.scheduledQueries.deadLetterQueueName as well, got: failed",
  ],
])("two warehouses may not have the same %s", (_, counts, first, second, problem) => {
  expect(warehouses(first, second)).toStrictEqual([problem]);
  expect(problemCounts(first, second)).toStrictEqual(counts);
});

test.each<[string, Entry, Entry]>([
  [
    "a workgroup and a cluster",
    { serverless: { alarms: {}, namespaceName: "sales" } },
    { cluster: { alarms: {}, clusterIdentifier: "sales" } },
  ],
  [
    "a workgroup and a cluster that exist",
    { existing: { alarms: { alarmNamePrefix: "a" }, workgroupName: "sales" } },
    { existing: { alarms: { alarmNamePrefix: "a" }, clusterIdentifier: "sales" } },
  ],
  [
    "a final snapshot and a cluster without one",
    { cluster: { finalSnapshotIdentifier: "sales-final" } },
    { cluster: { clusterIdentifier: "sales", skipFinalSnapshot: true } },
  ],
  [
    "a final snapshot and a cluster with another one",
    { cluster: { finalSnapshotIdentifier: "sales-final" } },
    { cluster: { clusterIdentifier: "sales", finalSnapshotIdentifier: "last", skipFinalSnapshot: false } },
  ],
  [
    "a final snapshot and a cluster that exists",
    { cluster: { finalSnapshotIdentifier: "sales-final" } },
    { existing: { clusterIdentifier: "sales" } },
  ],
  [
    "a snapshot schedule and a cluster without one",
    { cluster: { snapshotSchedule: { identifier: "sales-snapshots" } } },
    { cluster: { clusterIdentifier: "sales" } },
  ],
  [
    "an event subscription and a cluster without one",
    { cluster: { eventSubscriptions: [{ subscriptionName: "sales-events" }] } },
    { cluster: { clusterIdentifier: "sales", eventSubscriptions: [] } },
  ],
  [
    "a subnet group and a cluster without subnets",
    { cluster: { endpoints: [{ endpointName: "sales", subnetIds: [] }] } },
    { cluster: { clusterIdentifier: "sales" } },
  ],
  [
    "a subnet group and an endpoint without subnets",
    { cluster: { clusterIdentifier: "sales", subnetIds: [] } },
    { cluster: { endpoints: [{ endpointName: "sales" }] } },
  ],
  [
    "a subnet group and an endpoint of a workgroup",
    { cluster: { clusterIdentifier: "sales", subnetIds: [] } },
    { existing: { endpoints: [{ endpointName: "sales", subnetIds: [] }], workgroupName: "a" } },
  ],
  [
    "a role and a scheduled action with the ARN of a role",
    { users: [{ roleName: "night" }] },
    { cluster: { scheduledActions: [{ actionName: "night", roleArn: "arn" }] } },
  ],
  [
    "an alarm name prefix and a cluster without alarms",
    { cluster: { alarms: { alarmNamePrefix: "sales" } } },
    { cluster: { clusterIdentifier: "sales" } },
  ],
  [
    "a snapshot copy grant and a cluster without snapshot copies",
    { cluster: { snapshotCopy: { destinationRegion: "eu-west-1", snapshotCopyGrantName: "sales" } } },
    { cluster: { clusterIdentifier: "sales" } },
  ],
  [
    "snapshot copy grants in two destination Regions",
    { cluster: { snapshotCopy: { destinationRegion: "eu-west-1", snapshotCopyGrantName: "copies" } } },
    { cluster: { snapshotCopy: { destinationRegion: "eu-west-2", snapshotCopyGrantName: "copies" } } },
  ],
  ["an alias and a shared key", { key: { alias: "alias/entry-1" } }, { key: "shared" }],
  ["an alias and an existing key", { key: { alias: "alias/entry-1" } }, { key: { keyArn: "arn" } }],
  ["a permission set in two warehouses", { users: [{ permissionSet: "A" }] }, { users: [{ permissionSet: "A" }] }],
  [
    "the ARN of a role in two warehouses",
    { users: ["role/A", { roleArn: "role/B" }] },
    { users: ["role/A", "role/B"] },
  ],
  ["a role to create and the ARN of a role", { users: [{ roleName: "A" }] }, { users: ["role/A"] }],
  ["values that are no texts", { name: 7, users: [7] }, { name: 7, users: [7] }],
])("two warehouses may have the same name for %s", (_, first, second) => {
  expect(warehouses(first, second)).toStrictEqual([]);
});

test.each<[string, Entry, string]>([
  [
    "a user twice, by ARNs with two paths",
    { users: ["role/Reader", { roleArn: "role/b/Reader" }] },
    "0.users.1.roleArn must not be the role of warehouses[0].users[0] as well, got: role/b/Reader",
  ],
  [
    "a user that it creates, by its ARN",
    { users: [{ roleName: "Reader" }, "role/reader"] },
    "0.users.1 must not be the role of warehouses[0].users[0].roleName as well, got: role/reader",
  ],
  [
    "a role to create that is an administrator by its ARN",
    { administrators: [{ roleArn: "role/Reader" }], users: [{ roleName: "Reader" }] },
    "0.users.0.roleName must not be the role of warehouses[0].administrators[0].roleArn as well, got: Reader",
  ],
  [
    "a permission set twice in its users",
    { users: [{ permissionSet: "A" }, { permissionSet: "B" }, { permissionSet: "A" }] },
    "0.users.2.permissionSet must not be the permission set of warehouses[0].users[0].permissionSet as well, got: A",
  ],
  [
    "a permission set twice in its administrators",
    { administrators: [{ permissionSet: "A" }, { permissionSet: "A" }], users: [{ permissionSet: "A" }] },
    "0.administrators.1.permissionSet must not be the permission set of warehouses[0].administrators[0].permissionSet as well, got: A",
  ],
])("a warehouse may not have %s", (_, entry, problem) => {
  expect(warehouses(entry)).toStrictEqual([problem]);
});

test("a warehouse may have the same permission set, or the same ARN, as user and as administrator", () => {
  const principals = [{ permissionSet: "A" }, "role/Reader"];
  expect(warehouses({ administrators: principals, users: principals })).toStrictEqual([]);
});

test("a replica may not have the alias of a key in its Region", () => {
  const replicas = { alias: "alias/a", replicaRegions: ["us-east-1", "eu-west-1", "eu-west-1", "eu-west-2"] };
  const other = { key: { alias: "alias/a" }, region: "eu-west-1" };
  const problem = "1.key.alias must not be the key alias of warehouses[0].key.replicaRegions[1] as well, got: alias/a";
  expect(warehouses({ key: replicas }, other)).toStrictEqual([problem]);
  expect(warehouses({ key: replicas }, { ...other, account: "444455556666" })).toStrictEqual([]);
  expect(warehouses({ key: replicas }, { ...other, region: "eu-west-3" })).toStrictEqual([]);
  const unnamed = { key: { replicaRegions: ["eu-west-1"] }, name: "sales" };
  expect(warehouses(unnamed, { ...other, key: { alias: "alias/sales" } })).toStrictEqual([
    "1.key.alias must not be the key alias of warehouses[0].key.replicaRegions[0] as well, got: alias/sales",
  ]);
});

test("a cluster without a parameter group gets a group of its name, which no entry of parameterGroups may have", () => {
  const problems = (warehouse: Entry, group: Entry = {}) =>
    problemsOf({ parameterGroups: [{ name: "sales", ...group }], warehouses: [{ key: "shared", ...warehouse }] });
  expect(problems({ cluster: { clusterIdentifier: "sales" } })).toStrictEqual([
    "warehouses.0.cluster.clusterIdentifier must not be the parameter group of parameterGroups[0].name as well, got: sales",
  ]);
  expect(problems({ cluster: { clusterIdentifier: "sales" } }, { region: "eu-west-1" })).toStrictEqual([]);
  expect(problems({ cluster: { clusterIdentifier: "sales", parameterGroup: "a" } })).toStrictEqual([]);
  expect(problems({ cluster: { clusterIdentifier: "sales", clusterParameterGroupName: "a" } })).toStrictEqual([]);
  expect(problems({ existing: { clusterIdentifier: "sales" } })).toStrictEqual([]);
});

test("a VPC may have one endpoint with private DNS for each service of the Data API", () => {
  const problems = (first: Entry, second: Entry) =>
    problemsOf({ dataApiEndpoints: [first, second].map((endpoint) => ({ vpcId: "vpc-1", ...endpoint })) });
  const fips = { serviceName: "com.amazonaws.us-east-1.redshift-data-fips" };
  const problem =
    "dataApiEndpoints.1.vpcId must not be the VPC with private DNS of dataApiEndpoints[0].vpcId as well, got: vpc-1";
  expect(problems({}, {})).toStrictEqual([problem]);
  expect(problems({}, { serviceName: "com.amazonaws.us-east-1.redshift-data" })).toStrictEqual([problem]);
  expect(problems(fips, fips)).toStrictEqual([problem]);
  expect(problems(fips, {})).toStrictEqual([]);
  expect(problems({}, { vpcId: "vpc-2" })).toStrictEqual([]);
  expect(problems({}, { privateDnsEnabled: false })).toStrictEqual([]);
});

test("entries of all lists have different names, also in two accounts", () => {
  const entry = { name: "sales" };
  const lists = {
    dataApiEndpoints: [{ ...entry, account: "444455556666" }],
    keys: [{ ...entry, key: { keyArn: "arn" } }],
    parameterGroups: [{ ...entry, region: "eu-west-1" }],
    warehouses: [{ ...entry, key: "sales" }],
  };
  expect(problemsOf(lists)).toStrictEqual(
    ["keys", "parameterGroups", "warehouses"].map(
      (list) => `${list}.0.name must not be the name of dataApiEndpoints[0].name as well, got: sales`,
    ),
  );
});

test("the problem of a name that is in several files names the other file", () => {
  const files = [FILE, new ConfigurationFile("x.yaml", "")];
  const entries = [{ name: "sales" }, { name: "sales" }].map((entry) => ({ ...entry, key: "shared" }));
  const problems = repeatedNames({ warehouses: entries }, (path) => ({ file: files[path[1] as number]!, path }));
  expect(problems).toStrictEqual([
    {
      message: "must not be the name of warehouses[0].name in w.yaml as well, got: sales",
      path: ["warehouses", 1, "name"],
    },
  ]);
});
