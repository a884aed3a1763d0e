import { Testing } from "cdktf";
import { fleetStacks } from "../../../app/stacks/fleet-stacks";
import golden from "../../golden/key-policy.json";
import { ACCOUNT, ADMIN_ARN, KEY_ARN, REGION, USER_ARN } from "../../support/arns";
import { type Arguments, fleetOf, only, statementsOf, type Synthesized, synthesize } from "../../support/support";

const type = (tfResourceType: string) => ({ tfResourceType });
const OTHER_ACCOUNT = "444455556666";
const TOPIC_ARN = `arn:aws:sns:${REGION}:${ACCOUNT}:events`;
const CERTIFICATE_ARN = `arn:aws:acm:${REGION}:${ACCOUNT}:certificate/12345678-1234-1234-1234-123456789012`;
const SNAPSHOT_ARN = `arn:aws:redshift-serverless:${REGION}:${ACCOUNT}:snapshot/12345678-1234-1234-1234-123456789012`;
const DATASHARE_ARN = `arn:aws:redshift:${REGION}:${OTHER_ACCOUNT}:datashare:12345678-1234-1234-1234-123456789012/orders`;

const TABLE = `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/orders`;
const CASE_SENSITIVE = { enable_case_sensitive_identifier: "true" };

const BOTH_KINDS = {
  datashareAssociations: [{ dataShareArn: DATASHARE_ARN }],
  datashareAuthorizations: [{ consumerIdentifier: OTHER_ACCOUNT, datashareName: "orders" }],
  endpoints: [{ endpointName: "clients", subnetIds: ["subnet-0123456789abcdef0"] }],
  integrations: {
    authorizedPrincipals: [USER_ARN],
    authorizedSources: [TABLE],
  },
  logRetentionInDays: 30,
  manualSnapshots: [{ snapshotIdentifier: "before-migration" }],
  secretRotation: { automaticallyAfterDays: 7 },
  zeroEtlIntegrations: [{ integrationName: "orders", sourceArn: TABLE }],
};
const CLUSTER = {
  ...BOTH_KINDS,
  alarms: { diskSpaceUsed: 70, emails: ["keeper@example.com"] },
  endpointAuthorizations: [{ account: OTHER_ACCOUNT }],
  eventSubscriptions: [{ topicArn: TOPIC_ARN }],
  nodeType: "ra3.large",
  parameters: CASE_SENSITIVE,
  scheduledActions: [
    { action: "pause", actionName: "night", schedule: "cron(0 20 ? * MON-FRI *)" },
    { action: "resume", actionName: "morning", schedule: "cron(0 6 ? * MON-FRI *)" },
  ],
  snapshotSchedule: { definitions: ["rate(12 hours)"] },
  usageLimits: [
    { amount: 60, feature: "concurrency-scaling" },
    { amount: 1, feature: "concurrency-scaling", period: "daily" },
  ],
};
const SERVERLESS = {
  ...BOTH_KINDS,
  alarms: { computeCapacity: 64, topicArns: [TOPIC_ARN] },
  configParameters: CASE_SENSITIVE,
  customDomain: { certificateArn: CERTIFICATE_ARN, domainName: "warehouse.example.com" },
  snapshotPolicies: [{ restorers: [`arn:aws:iam::${OTHER_ACCOUNT}:root`], snapshotArn: SNAPSHOT_ARN }],
  usageLimits: [{ amount: 60, breachAction: "deactivate", feature: "serverless-compute" }],
};

/** One warehouse. JSON is YAML, too. */
function textOf(settings: object, top: object = {}): string {
  const entry = { account: ACCOUNT, administrators: [ADMIN_ARN], name: "sales", region: REGION, users: [USER_ARN] };
  return JSON.stringify({ ...top, warehouses: [{ ...entry, ...settings }] }, undefined, 1);
}

function stacksOf(text: string): Synthesized[] {
  return fleetStacks(Testing.app(), fleetOf({ "w.yaml": text }), "../../..").map(synthesize);
}

const stackOf = (settings: object): Synthesized => stacksOf(textOf(settings))[0]!;
const countsOf = ({ resource }: Synthesized): Record<string, number> =>
  Object.fromEntries(Object.entries(resource).map(([name, elements]) => [name, Object.keys(elements).length]));
const policyOf = (synthesized: Synthesized): Arguments[] =>
  statementsOf(only(synthesized, type("aws_kms_key")).policy as string);
const sidsOf = (synthesized: Synthesized): string[] => policyOf(synthesized).map(({ Sid }) => Sid as string);

const DOCUMENTED = golden.statements.map(({ Sid }) => Sid);
const PLAIN = {
  aws_iam_role_policy: 1,
  aws_kms_alias: 1,
  aws_kms_key: 1,
  aws_redshift_cluster: 1,
  aws_redshift_logging: 1,
  aws_redshift_parameter_group: 1,
  terraform_data: 1,
};

test("the entry of a cluster has no resources of add-ons by default", () => {
  const synthesized = stackOf({ cluster: { nodeType: "ra3.large" } });
  expect(countsOf(synthesized)).toStrictEqual(PLAIN);
  expect(sidsOf(synthesized)).toStrictEqual(DOCUMENTED);
});

describe("the entry of a cluster with every add-on", () => {
  const synthesized = stackOf({ cluster: CLUSTER });

  test("has the resources of each add-on", () => {
    expect(countsOf(synthesized)).toStrictEqual({
      ...PLAIN,
      aws_cloudwatch_log_group: 3,
      aws_cloudwatch_metric_alarm: 3,
      aws_iam_role: 2,
      aws_iam_role_policy: 3,
      aws_redshift_cluster_snapshot: 1,
      aws_redshift_data_share_authorization: 1,
      aws_redshift_data_share_consumer_association: 1,
      aws_redshift_endpoint_access: 1,
      aws_redshift_endpoint_authorization: 1,
      aws_redshift_event_subscription: 1,
      aws_redshift_integration: 1,
      aws_redshift_resource_policy: 1,
      aws_redshift_scheduled_action: 2,
      aws_redshift_snapshot_schedule: 1,
      aws_redshift_snapshot_schedule_association: 1,
      aws_redshift_subnet_group: 1,
      aws_redshift_usage_limit: 2,
      aws_secretsmanager_secret_rotation: 1,
      aws_sns_topic: 1,
      aws_sns_topic_subscription: 1,
    });
  });

  test("has addresses that are named after the items", () => {
    const addresses = (name: string) => Object.keys(synthesized.resource[name]!);
    expect(addresses("aws_redshift_scheduled_action")).toStrictEqual([
      expect.stringMatching(/^ScheduledAction-morning_/),
      expect.stringMatching(/^ScheduledAction-night_/),
    ]);
    expect(addresses("aws_redshift_usage_limit")).toStrictEqual([
      expect.stringMatching(/^UsageLimit-concurrency-scaling-daily_/),
      expect.stringMatching(/^UsageLimit-concurrency-scaling-monthly_/),
    ]);
    expect(addresses("aws_redshift_event_subscription")).toStrictEqual([
      expect.stringMatching(/^EventSubscription-events_/),
    ]);
  });

  test("adds statements for logs, alarms and integrations after the documented statements", () => {
    expect(sidsOf(synthesized)).toStrictEqual([
      ...DOCUMENTED,
      "AllowAuditLogGroups",
      "AllowAlarms",
      "AllowIntegrations",
    ]);
    expect(policyOf(synthesized)[3]!.Principal).toStrictEqual({ Service: "logs.us-east-1.amazonaws.com" });
  });

  test("sends its alarms to a topic that is named after the entry, and outputs its ARN", () => {
    const [address] = Object.keys(synthesized.resource.aws_sns_topic!);
    expect(only(synthesized, type("aws_sns_topic")).name).toBe("sales-alarms");
    for (const alarm of Object.values(synthesized.resource.aws_cloudwatch_metric_alarm!)) {
      expect(alarm.alarm_actions).toStrictEqual([`\${aws_sns_topic.${address}.arn}`]);
    }
    expect(synthesized.output.alarm_topic_arn!.value).toBe(`\${aws_sns_topic.${address}.arn}`);
  });

  test("has a resource policy with the authorized principals and sources", () => {
    expect(statementsOf(only(synthesized, type("aws_redshift_resource_policy")).policy as string)).toMatchObject([
      { Action: "redshift:CreateInboundIntegration", Principal: { AWS: USER_ARN } },
      {
        Action: "redshift:AuthorizeInboundIntegration",
        Condition: { StringEquals: { "aws:SourceArn": BOTH_KINDS.integrations.authorizedSources[0] } },
      },
    ]);
  });

  test("outputs endpoint addresses, datashare ARNs and snapshot ARNs", () => {
    expect(synthesized.output.endpoint_addresses!.value).toStrictEqual({
      clients: expect.stringMatching(/^\$\{aws_redshift_endpoint_access\..*\.address\}$/) as string,
    });
    expect(synthesized.output.datashare_arns!.value).toStrictEqual({
      orders: expect.stringContaining(":datashare:") as string,
    });
    expect(synthesized.output.snapshot_arns!.value).toStrictEqual({
      "before-migration": expect.stringMatching(/^\$\{aws_redshift_cluster_snapshot\..*\.arn\}$/) as string,
    });
  });

  test("creates the integration after the resource policy", () => {
    const [policy] = Object.keys(synthesized.resource.aws_redshift_resource_policy!);
    expect(only(synthesized, type("aws_redshift_integration"))).toMatchObject({
      depends_on: [`aws_redshift_resource_policy.${policy}`],
      source_arn: TABLE,
    });
  });
});

test("the entry of an existing warehouse may have an integration without a resource policy", () => {
  const { zeroEtlIntegrations } = BOTH_KINDS;
  const synthesized = stackOf({
    administrators: undefined,
    existing: { clusterIdentifier: "sales", zeroEtlIntegrations },
    key: { keyArn: KEY_ARN },
  });
  expect(only(synthesized, type("aws_redshift_integration"))).not.toHaveProperty("depends_on");
});

test("the policy of a shared key has the statements for an RDS integration of its warehouse", () => {
  const entry = { account: ACCOUNT, region: REGION };
  const key = { ...entry, administrators: [ADMIN_ARN], name: "shared" };
  const sourceArn = `arn:aws:rds:${REGION}:${ACCOUNT}:cluster:orders`;
  const serverless = {
    configParameters: CASE_SENSITIVE,
    integrations: { authorizedSources: [sourceArn] },
    zeroEtlIntegrations: [{ integrationName: "orders", sourceArn }],
  };
  const [shared] = stacksOf(textOf({ administrators: undefined, key: "shared", serverless }, { keys: [key] }));
  expect(sidsOf(shared!)).toStrictEqual([...DOCUMENTED, "AllowIntegrations", "AllowDatabaseIntegrations"]);
});

test("the entry of a serverless warehouse with every add-on has their resources, and an existing topic", () => {
  const synthesized = stackOf({ serverless: SERVERLESS });
  expect(countsOf(synthesized)).toStrictEqual({
    aws_cloudwatch_log_group: 3,
    aws_cloudwatch_metric_alarm: 1,
    aws_iam_role_policy: 1,
    aws_kms_alias: 1,
    aws_kms_key: 1,
    aws_redshift_data_share_authorization: 1,
    aws_redshift_data_share_consumer_association: 1,
    aws_redshift_integration: 1,
    aws_redshift_resource_policy: 1,
    aws_redshiftserverless_custom_domain_association: 1,
    aws_redshiftserverless_endpoint_access: 1,
    aws_redshiftserverless_namespace: 1,
    aws_redshiftserverless_resource_policy: 1,
    aws_redshiftserverless_snapshot: 1,
    aws_redshiftserverless_usage_limit: 1,
    aws_redshiftserverless_workgroup: 1,
    aws_secretsmanager_secret_rotation: 1,
  });
  expect(sidsOf(synthesized)).toStrictEqual([...DOCUMENTED, "AllowAuditLogGroups", "AllowIntegrations"]);
  expect(only(synthesized, type("aws_cloudwatch_metric_alarm")).alarm_actions).toStrictEqual([TOPIC_ARN]);
  expect(only(synthesized, type("aws_redshiftserverless_resource_policy")).resource_arn).toBe(SNAPSHOT_ARN);
  expect(synthesized.output).not.toHaveProperty("alarm_topic_arn");
});

test("log groups with encryptLogGroups: false add no statement to the key policy", () => {
  const synthesized = stackOf({ serverless: { encryptLogGroups: false, logRetentionInDays: 7 } });
  expect(sidsOf(synthesized)).toStrictEqual(DOCUMENTED);
});

test("events to the topic of the alarms add a statement to the key policy", () => {
  const topicArn = `arn:aws:sns:${REGION}:${ACCOUNT}:sales-alarms`;
  const synthesized = stackOf({ cluster: { ...CLUSTER, eventSubscriptions: [{ topicArn }] } });
  expect(sidsOf(synthesized)).toStrictEqual([
    ...DOCUMENTED,
    "AllowAuditLogGroups",
    "AllowAlarms",
    "AllowEvents",
    "AllowIntegrations",
  ]);
});

test("required_key_policy_statements of an existing key has the statements of add-ons", () => {
  const { output } = stackOf({ administrators: undefined, cluster: CLUSTER, key: { keyArn: KEY_ARN } });
  const statements = output.required_key_policy_statements!.value as Arguments[];
  expect(statements.map(({ Sid }) => Sid as string)).toStrictEqual([
    DOCUMENTED[0],
    DOCUMENTED[2],
    "AllowAuditLogGroups",
    "AllowAlarms",
    "AllowIntegrations",
  ]);
});

test("the policy of a shared key has the statements for alarms, log groups and integrations of its warehouse", () => {
  const entry = { account: ACCOUNT, region: REGION };
  const key = { ...entry, administrators: [ADMIN_ARN], name: "shared" };
  const warehouse = { administrators: undefined, cluster: CLUSTER, key: "shared" };
  const [shared, sales] = stacksOf(textOf(warehouse, { keys: [key] }));
  expect(sidsOf(shared!)).toStrictEqual([...DOCUMENTED, "AllowAuditLogGroups", "AllowAlarms", "AllowIntegrations"]);
  expect(only(sales!, type("aws_sns_topic")).kms_master_key_id).toMatch(/^\$\{data\.aws_kms_key\.SharedKey\.arn\}$/);
});

describe("keyUsageAlarms of an entry", () => {
  const keyUsageAlarms = { emails: ["security@example.com"] };
  const STATEMENTS = ["AllowAlarms", "AllowEventRules"];
  const settings = { cluster: { keyUsageAlarms, nodeType: "ra3.large" } };
  const patternsOf = ({ resource }: Synthesized) =>
    Object.values(resource.aws_cloudwatch_event_rule!).map((rule) => rule.event_pattern as string);

  test.each<[string, object]>([
    ["a cluster", settings],
    ["a serverless warehouse", { serverless: { keyUsageAlarms } }],
  ])("create three rules, a topic and a subscription, for %s", (_, section) => {
    const synthesized = stackOf(section);
    const rules = Object.values(synthesized.resource.aws_cloudwatch_event_rule!).map(({ name }) => name as string);
    expect(rules.sort()).toStrictEqual(["sales-failed-statement", "sales-key-change", "sales-key-denied"]);
    expect(only(synthesized, type("aws_sns_topic")).name).toBe("sales-key-usage");
    expect(only(synthesized, type("aws_sns_topic_subscription")).endpoint).toBe("security@example.com");
    expect(sidsOf(synthesized)).toStrictEqual([...DOCUMENTED, ...STATEMENTS]);
    expect(synthesized.output).toHaveProperty("key_usage_topic_arn");
  });

  test("match events by the alias of a key that the stack creates", () => {
    expect(patternsOf(stackOf(settings)).filter((pattern) => pattern.includes('"alias/sales"'))).toHaveLength(2);
    const named = stackOf({ ...settings, key: { alias: "alias/warehouses" } });
    expect(patternsOf(named).filter((pattern) => pattern.includes('"alias/warehouses"'))).toHaveLength(2);
  });

  test("match no event by alias for an existing key, and add their statements to its required statements", () => {
    const existing = stackOf({ ...settings, administrators: undefined, key: { keyArn: KEY_ARN } });
    expect(patternsOf(existing).filter((pattern) => pattern.includes('"alias/'))).toStrictEqual([]);
    const statements = existing.output.required_key_policy_statements!.value as Arguments[];
    expect(statements.map(({ Sid }) => Sid as string)).toStrictEqual([DOCUMENTED[0], DOCUMENTED[2], ...STATEMENTS]);
  });

  test("add their statements to a shared key", () => {
    const key = { account: ACCOUNT, administrators: [ADMIN_ARN], name: "shared", region: REGION };
    const [shared] = stacksOf(textOf({ ...settings, administrators: undefined, key: "shared" }, { keys: [key] }));
    expect(sidsOf(shared!)).toStrictEqual([...DOCUMENTED, ...STATEMENTS]);
  });
});

test("a user role to create is tagged with its databaseRoles", () => {
  const users = [{ databaseRoles: ["analyst"], roleName: "Analyst", trustedServices: ["lambda.amazonaws.com"] }];
  const synthesized = stackOf({ cluster: { nodeType: "ra3.large" }, users });
  expect(only(synthesized, type("aws_iam_role")).tags).toStrictEqual({ RedshiftDbRoles: "analyst" });
});

test("only the second of two usage limits for one feature and period has the action in the address", () => {
  const usageLimits = [
    { amount: 2, breachAction: "disable", feature: "spectrum", period: "daily" },
    { amount: 1, breachAction: "log", feature: "spectrum", period: "daily" },
  ];
  const { resource } = stackOf({ cluster: { nodeType: "ra3.large", usageLimits } });
  const limits = resource.aws_redshift_usage_limit!;
  const [added, first] = Object.keys(limits).sort();
  expect([first, added]).toStrictEqual([
    expect.stringMatching(/^UsageLimit-spectrum-daily_/),
    expect.stringMatching(/^UsageLimit-spectrum-daily-log_/),
  ]);
  expect(limits[first!]).toMatchObject({ amount: 2, breach_action: "disable" });
  expect(limits[added!]).toMatchObject({ amount: 1, breach_action: "log" });
});

describe("the add-ons of an entry refuse, with the path of the entry,", () => {
  const [pause] = CLUSTER.scheduledActions;
  const SAME = "must differ from each earlier item, in its name or in the thing that it is for, got: the same again";

  test.each<[string, object, string]>([
    [
      "two scheduled actions of one name",
      { cluster: { nodeType: "ra3.large", scheduledActions: [pause, { ...pause, action: "resume" }] } },
      "warehouses[0].cluster.scheduledActions[1].actionName must not be the scheduled action of " +
        "warehouses[0].cluster.scheduledActions[0].actionName as well, got: night",
    ],
    [
      "two monthly usage limits of one feature",
      {
        serverless: {
          usageLimits: [
            { amount: 2, feature: "serverless-compute", period: "monthly" },
            { amount: 1, feature: "serverless-compute" },
          ],
        },
      },
      "warehouses[0].serverless.usageLimits[1].breachAction must differ from the action of the earlier monthly limit of " +
        "serverless-compute, got: log",
    ],
    [
      "five usage limits of one feature",
      {
        cluster: {
          nodeType: "ra3.large",
          usageLimits: [
            ...["daily", "weekly", "monthly"].map((period) => ({ amount: 1, feature: "spectrum", period })),
            { amount: 2, breachAction: "emit-metric", feature: "spectrum" },
            { amount: 3, breachAction: "disable", feature: "spectrum" },
          ],
        },
      },
      "warehouses[0].cluster.usageLimits[4].feature must have at most 4 limits for one warehouse, got: spectrum",
    ],
    [
      "a scheduled resize without nodes and a node type",
      { cluster: { nodeType: "ra3.large", scheduledActions: [{ ...pause, action: "resize" }] } },
      "warehouses[0].cluster.scheduledActions[0].numberOfNodes must be given for a resize unless 'nodeType' is given, " +
        "got: nothing",
    ],
    [
      "a usage limit of spectrum for a serverless warehouse",
      { serverless: { usageLimits: [{ amount: 1, feature: "spectrum" }] } },
      "warehouses[0].serverless.usageLimits[0].feature must be one of serverless-compute, cross-region-datasharing, " +
        "or a newer value of the same form, got: spectrum",
    ],
    [
      "a snapshot policy for a snapshot of another Region",
      {
        serverless: {
          snapshotPolicies: [{ restorers: [USER_ARN], snapshotArn: SNAPSHOT_ARN.replace(REGION, "eu-west-1") }],
        },
      },
      `warehouses[0].serverless.snapshotPolicies[0].snapshotArn must be the ARN of a snapshot of ${ACCOUNT} in ${REGION}, ` +
        `got: ${SNAPSHOT_ARN.replace(REGION, "eu-west-1")}`,
    ],
    [
      "e-mail addresses beside topicArns",
      { cluster: { alarms: { emails: ["a@example.com"], topicArns: [TOPIC_ARN] }, nodeType: "ra3.large" } },
      "warehouses[0].cluster.alarms.emails must not be combined with 'topicArns': an existing topic has its own e-mail addresses, " +
        'got: ["a@example.com"]',
    ],
    [
      "a secret rotation with both days and a schedule",
      {
        serverless: { secretRotation: { automaticallyAfterDays: 7, scheduleExpression: "rate(4 days)" } },
      },
      "warehouses[0].serverless.secretRotation.automaticallyAfterDays must not be combined with 'scheduleExpression': " +
        "each of the two sets the times, got: 7",
    ],
    [
      "an endpoint with neither subnets nor a subnet group",
      { cluster: { endpoints: [{ endpointName: "clients" }], nodeType: "ra3.large" } },
      "warehouses[0].cluster.endpoints[0].subnetIds must be given unless 'subnetGroupName' is given, got: nothing",
    ],
    [
      "an endpoint of a cluster without relocation, at a path that exists in the file",
      {
        cluster: {
          availabilityZoneRelocationEnabled: false,
          endpoints: [{ endpointName: "clients", subnetGroupName: "clients" }],
          nodeType: "ra3.large",
        },
      },
      "warehouses[0].cluster must be a cluster with 'availabilityZoneRelocationEnabled' or 'multiAz': AWS creates no endpoint for " +
        "other clusters",
    ],
    [
      "two associations with a datashare",
      { serverless: { datashareAssociations: [{ dataShareArn: DATASHARE_ARN }, { dataShareArn: DATASHARE_ARN }] } },
      `warehouses[0].serverless.datashareAssociations[1] ${SAME}`,
    ],
    [
      "two event subscriptions without a name",
      { cluster: { eventSubscriptions: [{ topicArn: TOPIC_ARN }, { topicArn: TOPIC_ARN }], nodeType: "ra3.large" } },
      `warehouses[0].cluster.eventSubscriptions[1] ${SAME}`,
    ],
    [
      "logRetentionInDays with an empty list of log exports",
      { serverless: { logExports: [], logRetentionInDays: 7 } },
      "warehouses[0].serverless.logExports must name at least one log if 'logRetentionInDays' is given, got: []",
    ],
    [
      "an integration without 'integrations' that authorize its source",
      { serverless: { configParameters: CASE_SENSITIVE, zeroEtlIntegrations: BOTH_KINDS.zeroEtlIntegrations } },
      "warehouses[0].serverless.zeroEtlIntegrations[0].sourceArn must be one of 'integrations.authorizedSources': only " +
        `this list authorizes sources of a new warehouse, got: ${TABLE}`,
    ],
    [
      "an integration of a source that 'integrations' does not authorize",
      {
        serverless: {
          configParameters: CASE_SENSITIVE,
          integrations: { authorizedPrincipals: [USER_ARN] },
          zeroEtlIntegrations: BOTH_KINDS.zeroEtlIntegrations,
        },
      },
      "warehouses[0].serverless.zeroEtlIntegrations[0].sourceArn must be one of the 'authorizedSources' of " +
        `'integrationPolicy', got: ${TABLE}`,
    ],
    [
      "an integration into a cluster without enable_case_sensitive_identifier",
      { cluster: { nodeType: "ra3.large", zeroEtlIntegrations: BOTH_KINDS.zeroEtlIntegrations } },
      "warehouses[0].cluster.zeroEtlIntegrations must be used only if 'parameters.enable_case_sensitive_identifier' is " +
        '"true", as AWS requires, got: nothing',
    ],
    [
      "an integration into a workgroup without enable_case_sensitive_identifier",
      { serverless: { zeroEtlIntegrations: BOTH_KINDS.zeroEtlIntegrations } },
      "warehouses[0].serverless.zeroEtlIntegrations must be used only if 'configParameters.enable_case_sensitive_identifier' " +
        'is "true", as AWS requires, got: nothing',
    ],
    [
      "a manual snapshot with the identifier of the final snapshot",
      {
        cluster: {
          finalSnapshotIdentifier: "last",
          manualSnapshots: [{ snapshotIdentifier: "last" }],
          nodeType: "ra3.large",
        },
      },
      "warehouses[0].cluster.manualSnapshots[0].snapshotIdentifier must not be the cluster snapshot of " +
        "warehouses[0].cluster.finalSnapshotIdentifier as well, got: last",
    ],
    [
      "two endpoint authorizations for one account",
      {
        cluster: {
          endpointAuthorizations: [{ account: OTHER_ACCOUNT }, { account: OTHER_ACCOUNT }],
          nodeType: "ra3.large",
        },
      },
      `warehouses[0].cluster.endpointAuthorizations[1] ${SAME}`,
    ],
    [
      "a snapshot schedule with rate(30 minutes)",
      { cluster: { nodeType: "ra3.large", snapshotSchedule: { definitions: ["rate(30 minutes)"] } } },
      "warehouses[0].cluster.snapshotSchedule.definitions[0] must be rate(1 hour), rate(N hours) of 2 to 24, or " +
        "cron(MINUTE HOURS DAYS-OF-WEEK), got: rate(30 minutes)",
    ],
  ])("%s", (_, settings, message) => {
    expect(() => stackOf(settings)).toThrow(new RegExp(`^w\\.yaml:\\d+ ${message.replace(/[[\]().*+?]/g, "\\$&")}$`));
  });
});
