import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { type App, Lazy, TerraformStack, Testing } from "cdktf";
import {
  AlarmTopic,
  ClusterParameterGroup,
  DataApiAccess,
  DataApiEndpoint,
  DataApiGrant,
  DataApiKey,
  DataApiKeyReplica,
  DataApiProof,
  DataApiRole,
  DatashareAuthorization,
  EncryptedCluster,
  EncryptedServerless,
  EndpointAccess,
  EventSubscription,
  type ICluster,
  Identity,
  IntegrationPolicy,
  KeyUsageAlarms,
  ManualSnapshot,
  ScheduledAction,
  ScheduledQuery,
  ScheduledQueryGroup,
  SecretRotation,
  ServerlessCustomDomain,
  ServerlessSnapshotPolicy,
  SnapshotCopy,
  SnapshotSchedule,
  UsageLimit,
  WarehouseAlarms,
  ZeroEtlIntegration,
} from "../../modules";
import { ACCOUNT, REGION } from "../support/arns";
import {
  admin,
  analyticsCluster,
  analyticsServerless,
  only,
  synthesize,
  type Synthesized,
  testStack,
  user,
} from "../support/support";

const NAMESPACE = `arn:aws:redshift:${REGION}:${ACCOUNT}:namespace:12345678-1234-1234-1234-123456789012`;
/** The addresses that a stack of a warehouse has. */
const OWN = /^aws_redshift/;

/** Roles, keys and warehouses, each in a stack of its own; the last stack has the access and the proof. */
class Stacks {
  private readonly app: App = Testing.app();
  private readonly roles = this.stack("roles");
  private readonly keys = this.stack("keys");
  public readonly warehouses = this.stack("warehouses");
  public readonly access = this.stack("access");
  private readonly role = new DataApiRole(this.roles, "Reader", {
    roleName: "Reader",
    trustedPrincipals: [Identity.forAccountRoot("111122223333")],
  });
  private readonly key = new DataApiKey(this.keys, "Key", {
    administrators: [admin()],
    alias: "alias/analytics",
    users: [this.role.identity],
  });

  public constructor(kind: "cluster" | "serverless") {
    const props = { deletionProtection: true, key: this.key };
    const warehouse =
      kind === "cluster" ? analyticsCluster(this.warehouses, props) : analyticsServerless(this.warehouses, props);
    new DataApiAccess(this.access, "Access", { role: this.role, warehouse });
    new DataApiProof(this.access, "Proof", { warehouse });
    for (const stack of [this.roles, this.keys, this.warehouses, this.access]) {
      stack.prepareStack();
    }
  }

  /** The arguments by which Terraform refers to resources by their address: it takes none of another stack. */
  public references(stack: TerraformStack): string[] {
    const { resource } = JSON.parse(Testing.synth(stack)) as Synthesized;
    return Object.values(resource)
      .flatMap((resources) => Object.values(resources))
      .map((arguments_) => arguments_ as { depends_on?: string[]; lifecycle?: { replace_triggered_by?: string[] } })
      .flatMap(({ depends_on = [], lifecycle }) => [...depends_on, ...(lifecycle?.replace_triggered_by ?? [])]);
  }

  private stack(name: string): TerraformStack {
    const stack = new TerraformStack(this.app, name);
    new AwsProvider(stack, "Aws", { region: REGION });
    return stack;
  }
}

describe.each(["cluster", "serverless"] as const)("a %s warehouse", (kind) => {
  test("under a key of another stack refers to no address of that stack, on which the warehouse's stack depends", () => {
    const stacks = new Stacks(kind);
    const otherReferences = stacks.references(stacks.warehouses).filter((address) => !OWN.test(address));
    expect(otherReferences).toStrictEqual([]);
    expect(stacks.warehouses.dependencies.map(({ node }) => node.id)).toContain("keys");
  });

  test("can be used and proved in another stack, which depends on the warehouse's stack without its addresses", () => {
    const stacks = new Stacks(kind);
    expect(stacks.references(stacks.access)).toStrictEqual([]);
    const after = stacks.access.dependencies.map(({ node }) => node.id);
    expect(after).toStrictEqual(expect.arrayContaining(["roles", "warehouses"]));
  });

  test("is replaced together with a key of the same stack", () => {
    const stack = new TerraformStack(Testing.app(), "one");
    new AwsProvider(stack, "Aws", { region: REGION });
    const key = new DataApiKey(stack, "Key", { administrators: [admin()], alias: "alias/analytics" });
    const warehouse = kind === "cluster" ? analyticsCluster(stack, { key }) : analyticsServerless(stack, { key });
    const resource = warehouse instanceof EncryptedServerless ? warehouse.namespace : warehouse.resource;
    expect(resource.lifecycle!.replaceTriggeredBy).toStrictEqual([`aws_kms_key.${key.resource.friendlyUniqueId}.arn`]);
  });
});

test("a serverless warehouse and its key refuse the access of a role that is created in a later stack", () => {
  const app = Testing.app();
  const [first, second] = [new TerraformStack(app, "first"), new TerraformStack(app, "second")];
  new AwsProvider(first, "Aws", { region: REGION });
  const key = new DataApiKey(first, "Key", { administrators: [admin()], alias: "alias/analytics" });
  const warehouse = analyticsServerless(first, { key });
  const trustedPrincipals = [Identity.forAccountRoot(ACCOUNT)];
  const role = new DataApiRole(second, "Reader", {
    accountId: ACCOUNT,
    partition: "aws",
    roleName: "Reader",
    trustedPrincipals,
  });
  expect(() => new DataApiAccess(second, "Access", { role, warehouse })).toThrow(
    /^\[second\/Access\] 'role' must be in the stack first, or in a stack that is deployed before first/,
  );
});

describe("in the first of two stacks, which is deployed before the second,", () => {
  let first: TerraformStack;
  let second: TerraformStack;
  let key: DataApiKey;

  beforeEach(() => {
    const app = Testing.app();
    [first, second] = [new TerraformStack(app, "first"), new TerraformStack(app, "second")];
    [first, second].forEach((stack) => new AwsProvider(stack, "Aws", { region: REGION }));
    key = new DataApiKey(first, "Key", { administrators: [admin()], alias: "alias/analytics", ...environment });
  });

  const environment = { accountId: ACCOUNT, partition: "aws", region: REGION };
  const lambdaRole = { roleName: "It", trustedServices: ["lambda.amazonaws.com"] };
  const rule = (prop: string) =>
    `'${prop}' must be in the stack first, or in a stack that is deployed before first: create both in one stack, got: a value of ` +
    "the stack second, which is deployed after first";

  test.each<readonly [string, (stack: TerraformStack, provider: AwsProvider) => object]>([
    ["a role", (stack, provider) => new DataApiRole(stack, "It", { provider, ...lambdaRole })],
    [
      "a replica",
      (stack, provider) => {
        const primaryKey = new DataApiKey(first, "Primary", {
          administrators: [admin()],
          alias: "alias/primary",
          multiRegion: true,
          ...environment,
        });
        return new DataApiKeyReplica(stack, "It", { primaryKey, provider, region: "eu-west-1" });
      },
    ],
    ["the key of an alias", (stack, provider) => DataApiKey.fromAliasName(stack, "It", "alias/a", { provider })],
    [
      "the role of a permission set",
      (stack, provider) => DataApiRole.fromPermissionSetName(stack, "It", "Reader", { provider }),
    ],
  ])("%s refuses a provider of the other stack", (_, create) => {
    const provider = new AwsProvider(first, "Europe", { alias: "europe", region: "eu-west-1" });
    expect(() => create(second, provider)).toThrow(
      new Error(
        "[second/It] 'provider' must be a provider of the stack second, in which the resources are, got: first/Europe",
      ),
    );
  });

  test("SnapshotCopy refuses a destination provider of the other stack", () => {
    const keyArn = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/12345678-1234-1234-1234-123456789012`;
    const props = {
      cluster: analyticsCluster(second, { key }),
      destinationKey: DataApiKey.fromKeyArn(second, "CopyKey", keyArn),
      destinationProvider: new AwsProvider(first, "Europe", { alias: "europe", region: "eu-west-1" }),
      destinationRegion: "eu-west-1",
    };
    expect(() => new SnapshotCopy(second, "It", props)).toThrow(
      /^\[second\/It\] 'destinationProvider' must be a provider of the stack second, .* got: first\/Europe$/,
    );
  });

  test("KeyUsageAlarms refuses a topic of the other stack", () => {
    const topic = new AlarmTopic(first, "Topic", { key, topicName: "events" });
    expect(() => new KeyUsageAlarms(second, "Alarms", { key, ruleNamePrefix: "analytics", topic })).toThrow(
      new Error(
        "[second/Alarms] 'topic' must be in the stack of the event rules, which its policy names: create both in the stack first, " +
          "got: first/Topic",
      ),
    );
  });

  test("AlarmTopic refuses a rule of the second stack, and a key of a stack that is deployed after the topic's stack", () => {
    const topic = new AlarmTopic(first, "Topic", { key, topicName: "events" });
    const ruleArn = new AlarmTopic(second, "Other", { key, topicName: "other" }).topicArn;
    expect(() => topic.allowEventRules(["arn:aws:events:us-east-1:111122223333:rule/a", ruleArn])).toThrow(
      new Error(`[first/Topic] ${rule("ruleArns[1]")}`),
    );
    const later = new DataApiKey(second, "Later", { administrators: [admin()], alias: "alias/later" });
    expect(() => new AlarmTopic(first, "Late", { key: later, topicName: "late" })).toThrow(
      new Error(`[first/Late] ${rule("key")}`),
    );
  });

  test("EventSubscription and WarehouseAlarms refuse a topic and a warehouse of the second stack", () => {
    const topicArn = new AlarmTopic(second, "Topic", { key, topicName: "events" }).topicArn;
    const warehouse = analyticsCluster(first, { key });
    expect(() => new EventSubscription(first, "Events", { topicArn, warehouse })).toThrow(
      new Error(`[first/Events] ${rule("topicArn")}`),
    );
    expect(() => new WarehouseAlarms(first, "Alarms", { topicArns: [topicArn], warehouse })).toThrow(
      new Error(`[first/Alarms] ${rule("topicArns[0]")}`),
    );
    const later = analyticsCluster(second, { clusterIdentifier: "later", key });
    const firstTopicArn = new AlarmTopic(first, "Topic", { key, topicName: "events" }).topicArn;
    expect(() => new EventSubscription(first, "E", { topicArn: firstTopicArn, warehouse: later })).toThrow(
      new Error(`[first/E] ${rule("warehouse")}`),
    );
    expect(() => new WarehouseAlarms(first, "A", { topicArns: [firstTopicArn], warehouse: later })).toThrow(
      new Error(`[first/A] ${rule("warehouse")}`),
    );
  });

  test("DataApiAccess refuses a warehouse of the second stack", () => {
    const role = DataApiRole.fromRoleArn(first, "Reader", `arn:aws:iam::${ACCOUNT}:role/Reader`);
    const warehouse = analyticsServerless(second, { key });
    expect(() => new DataApiAccess(first, "Access", { role, warehouse })).toThrow(
      new Error(`[first/Access] ${rule("warehouse")}`),
    );
  });

  test("the key refuses the role that ScheduledQueryGroup creates, although the ARN of the cluster is a literal", () => {
    const warehouse = analyticsCluster(first, { key });
    expect(() => new ScheduledQueryGroup(second, "Queries", { groupName: "analytics", warehouse })).toThrow(
      /^\[second\/Queries\/Access\] 'role' must be in the stack first, .* the stack second is deployed after first\. Create the role, .*role\/analytics-queries$/,
    );
  });

  test("EventSubscription accepts a topic and a cluster of the first stack", () => {
    const { topicArn } = new AlarmTopic(first, "Topic", { key, topicName: "events" });
    new EventSubscription(second, "Events", { topicArn, topicKey: key, warehouse: analyticsCluster(first, { key }) });
    expect(second.dependencies).toContain(first);
  });

  const cluster = () => analyticsCluster(second, { key });
  const serverless = () => analyticsServerless(second, { key });
  const laterRole = () =>
    new DataApiRole(second, "Later", {
      accountId: ACCOUNT,
      partition: "aws",
      roleName: "Later",
      trustedServices: ["lambda.amazonaws.com"],
    });
  const root = () => Identity.forAccountRoot("444455556666");
  const table = `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/orders`;

  test.each<readonly [string, string, () => object]>([
    [
      "ScheduledAction",
      "warehouse",
      () =>
        new ScheduledAction(first, "It", {
          action: "pause",
          actionName: "night",
          schedule: "cron(0 20 ? * MON-FRI *)",
          warehouse: cluster(),
        }),
    ],
    [
      "UsageLimit",
      "warehouse",
      () => new UsageLimit(first, "It", { amount: 1, feature: "spectrum", warehouse: cluster() }),
    ],
    [
      "UsageLimit",
      "warehouse",
      () => new UsageLimit(first, "It", { amount: 1, feature: "serverless-compute", warehouse: serverless() }),
    ],
    [
      "SnapshotCopy",
      "cluster",
      () => {
        const keyArn = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/12345678-1234-1234-1234-123456789012`;
        return new SnapshotCopy(first, "It", {
          cluster: cluster(),
          destinationKey: DataApiKey.fromKeyArn(first, "CopyKey", keyArn),
          destinationProvider: new AwsProvider(first, "Europe", { alias: "europe", region: "eu-west-1" }),
          destinationRegion: "eu-west-1",
        });
      },
    ],
    [
      "SnapshotSchedule",
      "warehouse",
      () => new SnapshotSchedule(first, "It", { definitions: ["rate(4 hours)"], warehouse: cluster() }),
    ],
    [
      "ManualSnapshot",
      "warehouse",
      () => new ManualSnapshot(first, "It", { snapshotIdentifier: "s", warehouse: serverless() }),
    ],
    [
      "SecretRotation",
      "warehouse",
      () => new SecretRotation(first, "It", { automaticallyAfterDays: 7, warehouse: serverless() }),
    ],
    [
      "KeyUsageAlarms",
      "warehouse",
      () => {
        const topic = new AlarmTopic(first, "Topic", { key, topicName: "events" });
        return new KeyUsageAlarms(first, "It", { key, ruleNamePrefix: "a", topic, warehouse: serverless() });
      },
    ],
    [
      "DatashareAuthorization",
      "warehouse",
      () =>
        new DatashareAuthorization(first, "It", {
          consumerIdentifier: "444455556666",
          datashareName: "orders",
          warehouse: serverless(),
        }),
    ],
    [
      "EndpointAccess",
      "warehouse",
      () =>
        new EndpointAccess(first, "It", {
          endpointName: "clients",
          subnetIds: ["subnet-0123456789abcdef0"],
          warehouse: serverless(),
        }),
    ],
    [
      "ServerlessCustomDomain",
      "warehouse",
      () =>
        new ServerlessCustomDomain(first, "It", {
          certificateArn: `arn:aws:acm:${REGION}:${ACCOUNT}:certificate/a`,
          domainName: "warehouse.example.com",
          warehouse: serverless(),
        }),
    ],
    [
      "IntegrationPolicy",
      "warehouse",
      () => new IntegrationPolicy(first, "It", { authorizedSources: [table], warehouse: serverless() }),
    ],
    [
      "ZeroEtlIntegration",
      "integrationPolicy",
      () => {
        const attributes = { clusterIdentifier: "a", endpointAddress: "a.example.com", key, namespaceArn: NAMESPACE };
        const warehouse = EncryptedCluster.fromClusterAttributes(first, "Warehouse", {
          ...attributes,
          accountId: ACCOUNT,
          region: REGION,
        });
        const integrationPolicy = new IntegrationPolicy(second, "Policy", { authorizedSources: [table], warehouse });
        second.addDependency(first);
        const props = { integrationName: "orders", integrationPolicy, sourceArn: table, warehouse };
        return new ZeroEtlIntegration(first, "It", props);
      },
    ],
    ["DataApiProof", "warehouse", () => new DataApiProof(first, "It", { warehouse: serverless() })],
    [
      "DataApiProof",
      "access",
      () => {
        const warehouse = analyticsServerless(first, { key });
        const role = DataApiRole.fromRoleArn(second, "Reader", `arn:aws:iam::${ACCOUNT}:role/Reader`);
        const access = new DataApiAccess(second, "Access", { role, warehouse });
        return new DataApiProof(first, "It", { access, warehouse });
      },
    ],
    ["DataApiGrant", "warehouse", () => new DataApiGrant(first, "It", { grantee: user(), warehouse: serverless() })],
    [
      "DataApiEndpoint",
      "warehouses[0]",
      () =>
        new DataApiEndpoint(first, "It", {
          region: REGION,
          subnetIds: ["subnet-0123456789abcdef0"],
          vpcId: "vpc-0123456789abcdef0",
          warehouses: [serverless()],
        }),
    ],
    [
      "EncryptedCluster",
      "parameterGroup",
      () => {
        second.addDependency(first);
        const parameterGroup = new ClusterParameterGroup(second, "Group", { clusterParameterGroupName: "standard" });
        return analyticsCluster(first, { key, parameterGroup });
      },
    ],
    [
      "EncryptedCluster",
      "iamRoles[1]",
      () => {
        second.addDependency(first);
        const iamRoles = [`arn:aws:iam::${ACCOUNT}:role/Loader`, laterRole().resource.arn];
        return analyticsCluster(first, { iamRoles, key });
      },
    ],
    [
      "EncryptedServerless",
      "tags.role",
      () => {
        second.addDependency(first);
        return analyticsServerless(first, { key, tags: { role: laterRole().resource.arn } });
      },
    ],
    [
      "EncryptedServerless",
      "tags",
      () => {
        second.addDependency(first);
        return analyticsServerless(first, { key, tags: laterRole().resource.tagsAll });
      },
    ],
    [
      "EncryptedServerless",
      "subnetIds",
      () => {
        second.addDependency(first);
        return analyticsServerless(first, { key, subnetIds: laterRole().resource.managedPolicyArns });
      },
    ],
    [
      "DataApiKeyReplica",
      "primaryKey",
      () => {
        second.addDependency(first);
        const primaryKey = new DataApiKey(second, "Primary", {
          administrators: [admin()],
          alias: "alias/primary",
          multiRegion: true,
        });
        const provider = new AwsProvider(first, "Europe", { alias: "europe", region: "eu-west-1" });
        return new DataApiKeyReplica(first, "It", { primaryKey, provider });
      },
    ],
    [
      "ScheduledQuery",
      "group",
      () => {
        const role = DataApiRole.fromRoleArn(second, "Reader", `arn:aws:iam::${ACCOUNT}:role/Reader`);
        const warehouse = analyticsServerless(first, { key });
        const group = new ScheduledQueryGroup(second, "Group", { groupName: "analytics", role, warehouse });
        return new ScheduledQuery(first, "It", {
          group,
          queryName: "refresh",
          scheduleExpression: "rate(1 day)",
          sql: "select 1",
        });
      },
    ],
  ])("%s refuses '%s' of the second stack", (_, prop, construct) => {
    expect(construct).toThrow(rule(prop));
  });

  test.each<readonly [string, (warehouse: ICluster) => object]>([
    ["DataApiGrant", (warehouse) => new DataApiGrant(first, "It", { grantee: user(), warehouse })],
    ["DataApiProof", (warehouse) => new DataApiProof(first, "It", { warehouse })],
    [
      "ScheduledQueryGroup",
      (warehouse) => {
        const role = DataApiRole.fromRoleArn(first, "Reader", `arn:aws:iam::${ACCOUNT}:role/Reader`);
        return new ScheduledQueryGroup(first, "It", { groupName: "analytics", role, warehouse });
      },
    ],
    [
      "ZeroEtlIntegration",
      (warehouse) => new ZeroEtlIntegration(first, "It", { integrationName: "orders", sourceArn: table, warehouse }),
    ],
  ])("%s refuses a cluster that exists, if its key is of the second stack", (_, construct) => {
    second.addDependency(first);
    const warehouse = EncryptedCluster.fromClusterAttributes(second, "Warehouse", {
      accountId: ACCOUNT,
      clusterIdentifier: "a",
      endpointAddress: "a.example.com",
      key: new DataApiKey(second, "Later", { administrators: [admin()], alias: "alias/later" }),
      namespaceArn: NAMESPACE,
      region: REGION,
    });
    expect(() => construct(warehouse)).toThrow(new Error(`[first/It] ${rule("warehouse")}`));
  });

  test.each<readonly [string, string, () => object]>([
    [
      "DataApiAccess",
      "role",
      () => new DataApiAccess(first, "It", { role: laterRole(), warehouse: analyticsServerless(first, { key }) }),
    ],
    [
      "ScheduledQueryGroup",
      "role",
      () =>
        new ScheduledQueryGroup(first, "It", {
          groupName: "analytics",
          role: laterRole(),
          warehouse: analyticsServerless(first, { key }),
        }),
    ],
    ...(["administrators", "deployers", "users"] as const).map(
      (list) =>
        [
          "DataApiKey",
          `${list}[1]`,
          () => {
            const principals = { administrators: [admin()], [list]: [admin(), laterRole().identity] };
            return new DataApiKey(first, "It", { alias: "alias/it", ...principals, ...environment });
          },
        ] as const,
    ),
    [
      "DataApiGrant",
      "grantee",
      () =>
        new DataApiGrant(first, "It", {
          grantee: laterRole().identity,
          warehouse: analyticsServerless(first, { key }),
        }),
    ],
    [
      "DataApiRole",
      "trustedPrincipals[1]",
      () => new DataApiRole(first, "It", { roleName: "It", trustedPrincipals: [root(), laterRole().identity] }),
    ],
    [
      "DataApiRole",
      "principalTrusts[0].principals[1]",
      () =>
        new DataApiRole(first, "It", {
          principalTrusts: [{ principals: [root(), laterRole().identity] }],
          roleName: "It",
        }),
    ],
    [
      "ServerlessSnapshotPolicy",
      "restorers[0]",
      () =>
        new ServerlessSnapshotPolicy(first, "It", {
          restorers: [laterRole().identity],
          snapshotArn: `arn:aws:redshift-serverless:${REGION}:${ACCOUNT}:snapshot/12345678-1234-1234-1234-123456789012`,
        }),
    ],
    [
      "IntegrationPolicy",
      "authorizedPrincipals[0]",
      () =>
        new IntegrationPolicy(first, "It", {
          authorizedPrincipals: [laterRole().identity],
          warehouse: analyticsServerless(first, { key }),
        }),
    ],
  ])("%s refuses the principal '%s' that the second stack creates", (_, prop, construct) => {
    second.addDependency(first);
    expect(construct).toThrow(
      new Error(
        `[first/It] '${prop}' must be in the stack first, or in a stack that is deployed before first: AWS refuses a policy that ` +
          "names a missing role, and the stack second is deployed after first. Create the role, or look it up, in the stack " +
          `first, got: arn:aws:iam::${ACCOUNT}:role/Later`,
      ),
    );
  });
});

test("a Lazy may have its value only at synthesis", () => {
  const stack = testStack();
  const descriptions: string[] = [];
  const produce = () => {
    if (descriptions.length === 0) {
      throw new Error("no value yet");
    }
    return descriptions.join();
  };
  new DataApiKey(stack, "Key", {
    administrators: [admin()],
    alias: "alias/analytics",
    description: Lazy.stringValue({ produce }),
  });
  descriptions.push("The key of analytics");
  expect(only(synthesize(stack), KmsKey)).toMatchObject({ description: "The key of analytics" });
});
