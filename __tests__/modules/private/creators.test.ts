import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { type App, Lazy, TerraformStack, Testing } from "cdktf";
import { Construct } from "constructs";
import {
  AlarmTopic,
  DataApiKey,
  DataApiRole,
  EncryptedCluster,
  EndpointAccess,
  EndpointAuthorization,
  type ICluster,
  IntegrationPolicy,
  ManualSnapshot,
  ScheduledAction,
  ScheduledQuery,
  ScheduledQueryGroup,
  SecretRotation,
  ServerlessSnapshotPolicy,
  SnapshotCopy,
  SnapshotSchedule,
} from "../../../modules";
import { checkSubnetGroupName } from "../../../modules/private/creators";
import { ACCOUNT, REGION } from "../../support/arns";
import { admin, analyticsCluster, analyticsServerless, existingKey, testStack } from "../../support/support";

const TABLES = ["orders", "sales"].map((name) => `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${name}`);
const SNAPSHOT = `arn:aws:redshift-serverless:${REGION}:${ACCOUNT}:snapshot/12345678-1234-1234-1234-123456789012`;

const MUST = "be given to only one construct of the class: test/First has it already";

const KEY_IN_EUROPE = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/12345678-1234-1234-1234-123456789012`;

type Create = (stack: TerraformStack, id: string, warehouse: ICluster) => unknown;

test.each<[string, string, string, Create]>([
  [
    "an alias",
    "alias",
    "alias/sales",
    (stack, id) => new DataApiKey(stack, id, { administrators: [admin()], alias: "alias/sales" }),
  ],
  [
    "the name of a role",
    "roleName",
    "Reader",
    (stack, id) => new DataApiRole(stack, id, { roleName: "Reader", trustedPrincipals: [admin()] }),
  ],
  [
    "the identifier of a cluster",
    "clusterIdentifier",
    "sales",
    (stack, id, { key }) => new EncryptedCluster(stack, id, { clusterIdentifier: "sales", key, nodeType: "ra3.large" }),
  ],
  [
    "the name of a topic",
    "topicName",
    "events",
    (stack, id, { key }) => new AlarmTopic(stack, id, { key, topicName: "events" }),
  ],
  [
    "a snapshot",
    "snapshotArn",
    SNAPSHOT,
    (stack, id) => new ServerlessSnapshotPolicy(stack, id, { restorers: [admin()], snapshotArn: SNAPSHOT }),
  ],
  [
    "the policy of a namespace",
    "warehouse",
    "test/Cluster",
    (stack, id, warehouse) =>
      new IntegrationPolicy(stack, id, { authorizedSources: [TABLES[id.length % 2]!], warehouse }),
  ],
  [
    "the schedule of the snapshots of a cluster",
    "warehouse",
    "test/Cluster",
    (stack, id, warehouse) =>
      new SnapshotSchedule(stack, id, { definitions: ["rate(4 hours)"], identifier: id, warehouse }),
  ],
  [
    "the rotation of a secret",
    "warehouse",
    "test/Cluster",
    (stack, id, warehouse) =>
      new SecretRotation(stack, id, { automaticallyAfterDays: 7, warehouse: warehouse as EncryptedCluster }),
  ],
  [
    "the copy of the snapshots of a cluster",
    "cluster",
    "test/Cluster",
    (stack, id, cluster) => {
      return new SnapshotCopy(stack, id, {
        cluster,
        destinationKey: DataApiKey.fromKeyArn(stack, `${id}Key`, KEY_IN_EUROPE),
        destinationProvider: new AwsProvider(stack, `${id}Provider`, { alias: id, region: "eu-west-1" }),
        destinationRegion: "eu-west-1",
      });
    },
  ],
  [
    "the name of a snapshot",
    "snapshotIdentifier",
    "before",
    (stack, id, warehouse) => new ManualSnapshot(stack, id, { snapshotIdentifier: "before", warehouse }),
  ],
  [
    "the name of an endpoint",
    "endpointName",
    "clients",
    (stack, id, warehouse) =>
      new EndpointAccess(stack, id, { endpointName: "clients", subnetGroupName: "clients", warehouse }),
  ],
  [
    "the authorization of an account",
    "account",
    '"444455556666"',
    (stack, id, warehouse) => new EndpointAuthorization(stack, id, { account: "444455556666", warehouse }),
  ],
  [
    "the name of the role of an action",
    "roleName",
    "Scheduler",
    (stack, id, warehouse) =>
      new ScheduledAction(stack, id, {
        action: "pause",
        actionName: id.toLowerCase(),
        roleName: "Scheduler",
        schedule: "cron(0 20 ? * * *)",
        warehouse,
      }),
  ],
  [
    "the name of a dead-letter queue",
    "deadLetterQueueName",
    "failed",
    (stack, id, warehouse) =>
      new ScheduledQueryGroup(stack, id, { deadLetterQueueName: "failed", groupName: id, warehouse }),
  ],
  [
    "the name of the final snapshot of a cluster",
    "finalSnapshotIdentifier",
    "last",
    (stack, id, { key }) =>
      new EncryptedCluster(stack, id, {
        clusterIdentifier: id.toLowerCase(),
        finalSnapshotIdentifier: "last",
        key,
        nodeType: "ra3.large",
      }),
  ],
])("%s is refused for a second construct of a stack", (_, prop, got, create) => {
  const stack = testStack();
  const warehouse = analyticsCluster(stack, { key: existingKey(stack) });
  create(stack, "First", warehouse);
  expect(() => create(stack, "Second", warehouse)).toThrow(
    new Error(`[test/Second] '${prop}' must ${MUST}, got: ${got}`),
  );
});

test("a name that is a token is refused for a second construct, and shown as a token", () => {
  const stack = testStack();
  const key = existingKey(stack);
  const name = Lazy.stringValue({ produce: () => "events" });
  new AlarmTopic(stack, "First", { key, topicName: name });
  expect(() => new AlarmTopic(stack, "Second", { key, topicName: name })).toThrow(
    new Error(`[test/Second] 'topicName' must ${MUST}, got: a token`),
  );
  checkSubnetGroupName(stack, "endpointName", name, undefined);
  const endpoint = new Construct(stack, "Endpoint");
  expect(() => checkSubnetGroupName(endpoint, "endpointName", name, undefined)).toThrow(
    new Error(
      "[test/Endpoint] 'endpointName' must be another name, because test creates a subnet group of this name, got: a token",
    ),
  );
});

test("a cluster and a serverless warehouse may have a snapshot and an endpoint of the same name", () => {
  const stack = testStack();
  const key = existingKey(stack);
  const [cluster, serverless] = [analyticsCluster(stack, { key }), analyticsServerless(stack, { key })];
  new ManualSnapshot(stack, "One", { snapshotIdentifier: "before", warehouse: cluster });
  new EndpointAccess(stack, "Clients", { endpointName: "clients", subnetGroupName: "clients", warehouse: cluster });
  expect(() => new ManualSnapshot(stack, "Two", { snapshotIdentifier: "before", warehouse: serverless })).not.toThrow();
  const subnetIds = ["subnet-0123456789abcdef0"];
  expect(
    () => new EndpointAccess(stack, "Others", { endpointName: "clients", subnetIds, warehouse: serverless }),
  ).not.toThrow();
});

test("the name of a query is refused for a second query of the same group, and accepted in another group", () => {
  const stack = testStack();
  const warehouse = analyticsCluster(stack, { key: existingKey(stack) });
  const [one, other] = ["one", "other"].map(
    (groupName) => new ScheduledQueryGroup(stack, groupName, { groupName, warehouse }),
  );
  const query = (id: string, group: ScheduledQueryGroup) =>
    new ScheduledQuery(stack, id, { group, queryName: "q", scheduleExpression: "rate(1 hours)", sql: "select 1" });
  query("First", one!);
  query("Other", other!);
  expect(() => query("Second", one!)).toThrow(new Error(`[test/Second] 'queryName' must ${MUST}, got: q`));
});

test("a name is accepted for another provider and in another stack", () => {
  const app: App = Testing.app();
  const [one, other] = ["one", "other"].map((id) => {
    const stack = new TerraformStack(app, id);
    new AwsProvider(stack, "Aws", { region: REGION });
    return stack;
  });
  const role = { roleName: "Reader", trustedPrincipals: [admin()] };
  const provider = new AwsProvider(one!, "Partner", { alias: "partner", region: REGION });
  new DataApiRole(one!, "Role", role);
  new DataApiRole(other!, "Role", role);
  expect(() => new DataApiRole(one!, "PartnerRole", { ...role, provider })).not.toThrow();
});

describe("for two stacks of an app", () => {
  const must = (first: string) => `must be given to only one construct of the class: one/${first} has it already`;
  const place = { accountId: ACCOUNT, region: REGION };

  function stacks(): readonly [one: TerraformStack, two: TerraformStack] {
    const app: App = Testing.app();
    return [new TerraformStack(app, "one"), new TerraformStack(app, "two")];
  }

  test("an alias is refused in one account and Region, and accepted in others and in an unknown one", () => {
    const [one, two] = stacks();
    const key = { administrators: [admin()], alias: "alias/sales" };
    new DataApiKey(one, "Key", { ...key, ...place });
    expect(() => new DataApiKey(two, "Key", { ...key, ...place })).toThrow(
      new Error(`[two/Key] 'alias' ${must("Key")}, got: alias/sales`),
    );
    const others = [
      { accountId: "444455556666", region: REGION },
      { accountId: ACCOUNT, region: "eu-west-1" },
      { accountId: ACCOUNT, region: Lazy.stringValue({ produce: () => REGION }) },
      { accountId: ACCOUNT },
      { region: REGION },
    ];
    for (const [index, other] of others.entries()) {
      const stack = new TerraformStack(two.node.root, `stack${index}`);
      expect(() => new DataApiKey(stack, "Key", { ...key, ...other })).not.toThrow();
    }
  });

  test("the identifier of a cluster is refused in one account and Region", () => {
    const [one, two] = stacks();
    const cluster = { clusterIdentifier: "sales", nodeType: "ra3.large", ...place };
    new EncryptedCluster(one, "Cluster", { ...cluster, key: existingKey(one) });
    expect(() => new EncryptedCluster(two, "Cluster", { ...cluster, key: existingKey(two) })).toThrow(
      new Error(`[two/Cluster] 'clusterIdentifier' ${must("Cluster")}, got: sales`),
    );
  });

  test("the name of a role is refused in one account, and accepted in another", () => {
    const [one, two] = stacks();
    const role = { accountId: ACCOUNT, roleName: "Reader", trustedPrincipals: [admin()] };
    new DataApiRole(one, "Role", role);
    expect(() => new DataApiRole(two, "Role", role)).toThrow(
      new Error(`[two/Role] 'roleName' ${must("Role")}, got: Reader`),
    );
    expect(
      () => new DataApiRole(new TerraformStack(two.node.root, "three"), "Role", { ...role, accountId: "444455556666" }),
    ).not.toThrow();
  });
});
