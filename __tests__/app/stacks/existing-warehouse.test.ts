import { Testing } from "cdktf";
import { deployPolicy } from "../../../app/cli/deploy-policy";
import { fleetStacks } from "../../../app/stacks/fleet-stacks";
import golden from "../../golden/key-policy.json";
import { ACCOUNT, ADMIN_ARN, CLUSTER_ARN, KEY_ARN, REGION, USER_ARN } from "../../support/arns";
import { type Arguments, fleetOf, only, statementsOf, type Synthesized, synthesize } from "../../support/support";

const type = (tfResourceType: string) => ({ tfResourceType });
const OTHER_ACCOUNT = "444455556666";
const TOPIC_ARN = `arn:aws:sns:${REGION}:${ACCOUNT}:events`;
const SECRET_ARN = `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:redshift!analytics-admin-AbCdEf`;
const SNAPSHOT_ARN = `arn:aws:redshift-serverless:${REGION}:${ACCOUNT}:snapshot/12345678-1234-1234-1234-123456789012`;
const CERTIFICATE_ARN = `arn:aws:acm:${REGION}:${ACCOUNT}:certificate/12345678-1234-1234-1234-123456789012`;
const CLUSTER_SOURCE = "data.aws_redshift_cluster.ClusterLookup";
const [WORKGROUP_SOURCE, NAMESPACE_SOURCE] = ["workgroup.ServerlessWorkgroup", "namespace.ServerlessNamespace"].map(
  (name) => `data.aws_redshiftserverless_${name}`,
) as [string, string];

const ENTRY = { account: ACCOUNT, key: { keyArn: KEY_ARN }, name: "access", region: REGION, users: [USER_ARN] };
/** The add-ons of a warehouse of either kind. */
const BOTH_KINDS = {
  adminSecretArn: SECRET_ARN,
  datashareAssociations: [
    {
      dataShareArn: `arn:aws:redshift:${REGION}:${OTHER_ACCOUNT}:datashare:12345678-1234-1234-1234-123456789012/orders`,
    },
  ],
  datashareAuthorizations: [{ consumerIdentifier: OTHER_ACCOUNT, datashareName: "orders" }],
  endpoints: [{ endpointName: "clients", subnetIds: ["subnet-0123456789abcdef0"] }],
  integrations: { authorizedPrincipals: [USER_ARN] },
  secretRotation: { automaticallyAfterDays: 7 },
};
const CLUSTER = {
  ...BOTH_KINDS,
  alarms: { emails: ["keeper@example.com"] },
  clusterIdentifier: "analytics",
  createTime: "2025-08-15T12:34:00Z",
  eventSubscriptions: [{ topicArn: TOPIC_ARN }],
  scheduledActions: [{ action: "pause", actionName: "night", schedule: "cron(0 20 ? * MON-FRI *)" }],
  snapshotCopy: { destinationKeyArn: KEY_ARN.replace(REGION, "eu-west-1"), destinationRegion: "eu-west-1" },
  snapshotSchedule: { definitions: ["rate(12 hours)"] },
  usageLimits: [{ amount: 60, feature: "concurrency-scaling" }],
};
const SERVERLESS = {
  ...BOTH_KINDS,
  alarms: { computeCapacity: 64, topicArns: [TOPIC_ARN] },
  customDomain: { certificateArn: CERTIFICATE_ARN, domainName: "warehouse.example.com" },
  snapshotPolicies: [{ restorers: [`arn:aws:iam::${OTHER_ACCOUNT}:root`], snapshotArn: SNAPSHOT_ARN }],
  usageLimits: [{ amount: 60, feature: "serverless-compute" }],
  workgroupName: "analytics",
};

/** A configuration of entries. JSON is YAML, too. */
function stacksOf(entries: readonly object[], top: object = {}) {
  return fleetStacks(Testing.app(), fleetOf({ "w.yaml": JSON.stringify({ warehouses: entries, ...top }) }), "../../..");
}

function stackOf(existing: object, more: object = {}): Synthesized {
  return synthesize(stacksOf([{ ...ENTRY, ...more, existing }])[0]!);
}

function outputsOf({ output }: Synthesized): Arguments {
  return Object.fromEntries(Object.entries(output).map(([name, { value }]) => [name, value as unknown]));
}

const typesOf = ({ resource }: Synthesized) => Object.keys(resource).sort();

describe("the entry of an existing cluster", () => {
  const minimal = stackOf({ clusterIdentifier: "analytics" });
  const maximal = stackOf(CLUSTER);

  test("looks the cluster up, and creates only the policy of its user", () => {
    expect(typesOf(minimal)).toStrictEqual(["aws_iam_role_policy"]);
    expect(minimal.data).toMatchObject({
      aws_redshift_cluster: { ClusterLookup: { cluster_identifier: "analytics" } },
    });
    const policy = statementsOf(only(minimal, type("aws_iam_role_policy")).policy as string);
    expect(policy.at(-1)).toMatchObject({
      Resource: `arn:aws:redshift:${REGION}:${ACCOUNT}:dbname:analytics/\${${CLUSTER_SOURCE}.database_name}`,
    });
  });

  test("outputs the cluster and required_key_policy_statements", () => {
    const { required_key_policy_statements: statements, ...outputs } = outputsOf(minimal);
    expect(outputs).toStrictEqual({
      cluster_identifier: "analytics",
      database_name: `\${${CLUSTER_SOURCE}.database_name}`,
      encryption_context: { "aws:redshift:arn": CLUSTER_ARN, serviceName: "RedshiftDataAPI" },
      endpoint: `\${${CLUSTER_SOURCE}.endpoint}:\${${CLUSTER_SOURCE}.port}`,
      key_arn: KEY_ARN,
      key_id: KEY_ARN.split("/")[1],
      user_role_arns: [USER_ARN],
      warehouse_arn: CLUSTER_ARN,
    });
    expect((statements as Arguments[]).at(-1)).toStrictEqual(golden.statements[2]);
  });

  test("may have each add-on of a cluster", () => {
    expect(typesOf(maximal)).toStrictEqual([
      "aws_cloudwatch_metric_alarm",
      "aws_iam_role",
      "aws_iam_role_policy",
      "aws_redshift_data_share_authorization",
      "aws_redshift_data_share_consumer_association",
      "aws_redshift_endpoint_access",
      "aws_redshift_event_subscription",
      "aws_redshift_resource_policy",
      "aws_redshift_scheduled_action",
      "aws_redshift_snapshot_copy",
      "aws_redshift_snapshot_copy_grant",
      "aws_redshift_snapshot_schedule",
      "aws_redshift_snapshot_schedule_association",
      "aws_redshift_subnet_group",
      "aws_redshift_usage_limit",
      "aws_secretsmanager_secret_rotation",
      "aws_sns_topic",
      "aws_sns_topic_subscription",
    ]);
    for (const addOn of ["usage_limit", "snapshot_copy", "snapshot_schedule_association", "endpoint_access"]) {
      expect(only(maximal, type(`aws_redshift_${addOn}`))).toHaveProperty("cluster_identifier", "analytics");
    }
    expect(only(maximal, type("aws_redshift_event_subscription")).source_ids).toStrictEqual(["analytics"]);
    expect(only(maximal, type("aws_secretsmanager_secret_rotation")).secret_id).toBe(SECRET_ARN);
    expect(only(maximal, type("aws_redshift_resource_policy")).resource_arn).toBe(
      `\${${CLUSTER_SOURCE}.cluster_namespace_arn}`,
    );
    expect(outputsOf(maximal)).toMatchObject({
      admin_secret_arn: SECRET_ARN,
      encryption_context: { "aws:redshift:createtime": "20250815T1234Z" },
    });
    const sids = (outputsOf(maximal).required_key_policy_statements as Arguments[]).map(({ Sid }) => Sid as string);
    expect(sids).toContain("AllowAlarms");
  });

  test("needs the calls of the provider's data source in a read-only policy", () => {
    const [stack] = stacksOf([{ ...ENTRY, existing: { clusterIdentifier: "analytics" } }]);
    expect(statementsOf(deployPolicy(stack!, { readOnly: true }))).toContainEqual({
      Action: ["redshift:DescribeClusters", "redshift:DescribeLoggingStatus"],
      Effect: "Allow",
      Resource: CLUSTER_ARN,
    });
  });
});

describe("the entry of an existing workgroup", () => {
  const minimal = stackOf({ workgroupName: "analytics" });
  const maximal = stackOf(SERVERLESS);

  test("creates only the policy of its user", () => {
    expect(typesOf(minimal)).toStrictEqual(["aws_iam_role_policy"]);
    expect(statementsOf(only(minimal, type("aws_iam_role_policy")).policy as string)[0]).toMatchObject({
      Resource: `\${${WORKGROUP_SOURCE}.arn}`,
    });
  });

  test("outputs the workgroup and its namespace", () => {
    expect(outputsOf(minimal)).toMatchObject({
      database_name: `\${${NAMESPACE_SOURCE}.db_name}`,
      encryption_context: {
        "aws:redshift-serverless:arn": `\${${NAMESPACE_SOURCE}.arn}`,
        serviceName: "RedshiftDataAPI",
      },
      endpoint: `\${${WORKGROUP_SOURCE}.endpoint[0].address}:\${${WORKGROUP_SOURCE}.endpoint[0].port}`,
      namespace_arn: `\${${NAMESPACE_SOURCE}.arn}`,
      workgroup_arn: `\${${WORKGROUP_SOURCE}.arn}`,
      workgroup_name: "analytics",
    });
  });

  test("may have each add-on of a serverless warehouse", () => {
    expect(typesOf(maximal)).toStrictEqual([
      "aws_cloudwatch_metric_alarm",
      "aws_iam_role_policy",
      "aws_redshift_data_share_authorization",
      "aws_redshift_data_share_consumer_association",
      "aws_redshift_resource_policy",
      "aws_redshiftserverless_custom_domain_association",
      "aws_redshiftserverless_endpoint_access",
      "aws_redshiftserverless_resource_policy",
      "aws_redshiftserverless_usage_limit",
      "aws_secretsmanager_secret_rotation",
    ]);
    for (const addOn of ["custom_domain_association", "endpoint_access"]) {
      expect(only(maximal, type(`aws_redshiftserverless_${addOn}`))).toHaveProperty("workgroup_name", "analytics");
    }
  });

  test("needs the calls of the provider's data sources in a read-only policy", () => {
    const [stack] = stacksOf([{ ...ENTRY, existing: { workgroupName: "analytics" } }]);
    const statements = statementsOf(deployPolicy(stack!, { readOnly: true }));
    const arn = `arn:aws:redshift-serverless:${REGION}:${ACCOUNT}`;
    for (const [Action, Resource] of [
      ["redshift-serverless:GetNamespace", `${arn}:namespace/*`],
      ["redshift-serverless:GetWorkgroup", `${arn}:workgroup/*`],
    ] as const) {
      expect(statements).toContainEqual({ Action, Effect: "Allow", Resource });
    }
  });
});

describe("the key of an existing warehouse", () => {
  const shared = { account: ACCOUNT, administrators: [ADMIN_ARN], name: "shared", region: REGION };

  test("may be an entry of keys, which gets the statements of the warehouse's add-ons", () => {
    const topicArn = `arn:aws:sns:${REGION}:${ACCOUNT}:access-alarms`;
    const existing = {
      alarms: { emails: ["keeper@example.com"] },
      clusterIdentifier: "analytics",
      eventSubscriptions: [{ topicArn }],
    };
    const [key, warehouse] = stacksOf([{ ...ENTRY, existing, key: "shared" }], { keys: [shared] }).map(synthesize);
    const policy = statementsOf(only(key!, type("aws_kms_key")).policy as string);
    expect(policy.map(({ Sid }) => Sid as string)).toEqual(expect.arrayContaining(["AllowAlarms", "AllowEvents"]));
    const { lifecycle } = warehouse!.data.aws_redshift_cluster!.ClusterLookup as {
      lifecycle: { postcondition: readonly { condition: string }[] };
    };
    expect(lifecycle.postcondition[2]!.condition).toContain("data.aws_kms_key.SharedKey.arn");
  });

  test("may be imported by the entry, whose stack then has the key and the alias", () => {
    const more = { administrators: [ADMIN_ARN], import: { keyId: KEY_ARN.split("/")[1] }, key: undefined };
    const stack = stackOf({ clusterIdentifier: "analytics" }, more);
    expect(typesOf(stack)).toStrictEqual(["aws_iam_role_policy", "aws_kms_alias", "aws_kms_key"]);
  });

  test.each([
    ["no key", {}],
    ["a key without keyArn", { key: { alias: "alias/analytics" } }],
  ])("is refused with %s", (_, more) => {
    const entry = { ...ENTRY, existing: { clusterIdentifier: "analytics" }, key: undefined };
    expect(() => stacksOf([{ ...entry, ...more }])).toThrow(
      new Error(
        "w.yaml:1 warehouses[0].key must have 'keyArn', or be the name of one of 'keys', because an existing " +
          "warehouse has a key already; 'import.keyId' imports that key into the stack",
      ),
    );
  });
});

test.each<[string, object, string]>([
  ["a missing identifier", { existing: {} }, "warehouses[0].existing.clusterIdentifier must be given"],
  [
    "an identifier with a capital",
    { existing: { clusterIdentifier: "Analytics" } },
    "warehouses[0].existing.clusterIdentifier must be 1 to 63 lowercase letters",
  ],
  [
    "a setting of a cluster to create",
    { existing: { clusterIdentifier: "analytics", port: 5439 } },
    "warehouses[0].existing.port is not a known key",
  ],
  [
    "customDomain of a cluster",
    { existing: { customDomain: SERVERLESS.customDomain, clusterIdentifier: "analytics" } },
    "warehouses[0].existing.customDomain must be left out, because only a serverless warehouse has this key: 'clusterIdentifier' names a " +
      "cluster, and 'workgroupName' a serverless warehouse",
  ],
  [
    "snapshotSchedule of a workgroup",
    { existing: { snapshotSchedule: CLUSTER.snapshotSchedule, workgroupName: "analytics" } },
    "warehouses[0].existing.snapshotSchedule must be left out, because only a cluster has this key: 'clusterIdentifier' names a cluster, " +
      "and 'workgroupName' a serverless warehouse",
  ],
  [
    "a usage limit of concurrency-scaling for a workgroup",
    { existing: { usageLimits: CLUSTER.usageLimits, workgroupName: "analytics" } },
    "warehouses[0].existing.usageLimits[0].feature must be one of serverless-compute, cross-region-datasharing",
  ],
  [
    "secretRotation without adminSecretArn",
    { existing: { clusterIdentifier: "analytics", secretRotation: BOTH_KINDS.secretRotation } },
    "warehouses[0].existing must have an 'adminSecretArn', the secret of a password that Redshift manages: a " +
      "warehouse with a given password has no secret, and a lookup finds none",
  ],
  [
    "a word as createTime",
    { existing: { clusterIdentifier: "analytics", createTime: "yesterday" } },
    "warehouses[0].existing.createTime must be a valid Date or an RFC 3339 date and time",
  ],
  [
    "serverless beside existing",
    { existing: { clusterIdentifier: "analytics" }, serverless: {} },
    "warehouses[0] must have one of 'cluster', 'serverless' and 'existing', got: serverless and existing",
  ],
  [
    "the import of the cluster",
    { existing: { clusterIdentifier: "analytics" }, import: { clusterIdentifier: "analytics" } },
    "warehouses[0].import.clusterIdentifier must be left out, because the stack has no aws_redshift_cluster, got: analytics",
  ],
  [
    "a key in another Region",
    { existing: { clusterIdentifier: "analytics" }, key: { keyArn: KEY_ARN.replace(REGION, "eu-west-1") } },
    "warehouses[0].key.keyArn must be the ARN of a key in us-east-1",
  ],
])("the entry of an existing warehouse refuses %s", (_, more, message) => {
  expect(() => stacksOf([{ ...ENTRY, ...more }])).toThrow(message);
});

test("the defaults refuse 'existing'", () => {
  const defaults = { existing: { clusterIdentifier: "analytics" } };
  expect(() => stacksOf([ENTRY], { defaults })).toThrow(
    "defaults.existing must be left out, because every entry has another warehouse",
  );
});

describe("two entries with existing warehouses are refused", () => {
  const existing = { clusterIdentifier: "analytics" };

  test("if they have the same cluster, the same alarm name prefix and the same snapshot copy grant", () => {
    const both = {
      ...existing,
      alarms: { alarmNamePrefix: "a", topicArns: [TOPIC_ARN] },
      snapshotCopy: { ...CLUSTER.snapshotCopy, snapshotCopyGrantName: "copies" },
    };
    const entries = ["one", "two"].map((name) => ({ ...ENTRY, existing: both, name }));
    const refused = () => stacksOf(entries);
    for (const kind of ["cluster", "alarm name prefix", "snapshot copy grant"]) {
      expect(refused).toThrow(`must not be the ${kind} of warehouses[0].existing.`);
    }
  });

  test("if one entry creates the cluster that the other entry names", () => {
    const created = { ...ENTRY, cluster: { clusterIdentifier: "analytics", nodeType: "ra3.large" }, name: "created" };
    expect(() => stacksOf([created, { ...ENTRY, existing }])).toThrow(
      "warehouses[1].existing.clusterIdentifier must not be the cluster of warehouses[0].cluster.clusterIdentifier as well, got: analytics",
    );
  });

  test("if they have the same workgroup, not if an entry is named like the other's namespace", () => {
    const workgroup = { ...ENTRY, existing: { workgroupName: "analytics" } };
    expect(() => stacksOf([workgroup, { ...workgroup, name: "two" }])).toThrow(
      "warehouses[1].existing.workgroupName must not be the workgroup of warehouses[0].existing.workgroupName as well, got: analytics",
    );
    const created = { ...ENTRY, name: "three", serverless: { namespaceName: "access", workgroupName: "created" } };
    expect(stacksOf([workgroup, created])).toHaveLength(2);
  });

  test("if they create the same subnet group, which only endpoints of clusters have", () => {
    const endpoints = [{ endpointName: "clients", subnetIds: ["subnet-12345678", "subnet-87654321"] }];
    const cluster = { ...ENTRY, existing: { ...existing, endpoints } };
    const workgroup = { ...ENTRY, existing: { endpoints, workgroupName: "analytics" }, name: "two" };
    const created = {
      ...ENTRY,
      cluster: { clusterIdentifier: "clients", nodeType: "ra3.large", subnetIds: endpoints[0]!.subnetIds },
      name: "created",
    };
    expect(stacksOf([cluster, workgroup])).toHaveLength(2);
    expect(stacksOf([workgroup, created])).toHaveLength(2);
    expect(() => stacksOf([cluster, created])).toThrow(
      "warehouses[1].cluster.clusterIdentifier must not be the subnet group of " +
        "warehouses[0].existing.endpoints[0].endpointName as well, got: clients",
    );
  });

  test("if they create the same role for scheduled actions", () => {
    const scheduledActions = [{ ...CLUSTER.scheduledActions[0], roleName: "Pauser" }];
    const entries = ["one", "two"].map((name) => ({
      ...ENTRY,
      existing: { clusterIdentifier: name, scheduledActions },
      name,
    }));
    expect(() => stacksOf(entries)).toThrow(
      "must not be the role of warehouses[0].existing.scheduledActions[0].roleName",
    );
  });
});
