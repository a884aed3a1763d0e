import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { type App, TerraformStack, Testing } from "cdktf";
import {
  AlarmTopic,
  DataApiAccess,
  DataApiKey,
  DataApiProof,
  DataApiRole,
  EncryptedServerless,
  EventSubscription,
  Identity,
  KeyUsageAlarms,
  ScheduledQueryGroup,
  WarehouseAlarms,
} from "../../modules";
import { ACCOUNT, REGION } from "../support/arns";
import { admin, analyticsCluster, analyticsServerless, type Synthesized } from "../support/support";

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
      .flatMap((ofType) => Object.values(ofType))
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
  test("under a key of another stack refers to no address of the key's stack, and its own stack depends on the key's", () => {
    const stacks = new Stacks(kind);
    const ofOtherStacks = stacks.references(stacks.warehouses).filter((address) => !OWN.test(address));
    expect(ofOtherStacks).toStrictEqual([]);
    expect(stacks.warehouses.dependencies.map(({ node }) => node.id)).toContain("keys");
  });

  test("can be used and proved in another stack, which depends on its stack and has no address of it", () => {
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
    /^\[first\/Key\] 'identity' must be of the stack of the key, or of one that is deployed before it/,
  );
});

describe("in two stacks, of which the second is deployed after the first,", () => {
  let first: TerraformStack;
  let second: TerraformStack;
  let key: DataApiKey;

  beforeEach(() => {
    const app = Testing.app();
    [first, second] = [new TerraformStack(app, "first"), new TerraformStack(app, "second")];
    [first, second].forEach((stack) => new AwsProvider(stack, "Aws", { region: REGION }));
    const environment = { accountId: ACCOUNT, partition: "aws", region: REGION };
    key = new DataApiKey(first, "Key", { administrators: [admin()], alias: "alias/analytics", ...environment });
  });

  const rule = (prop: string) =>
    `'${prop}' must be of the stack first, or of one that is deployed before it: create both in one stack, got: a value of ` +
    "the stack second, which is deployed after first";

  test("KeyUsageAlarms refuses a topic of the other stack", () => {
    const topic = new AlarmTopic(first, "Topic", { key, topicName: "events" });
    expect(() => new KeyUsageAlarms(second, "Alarms", { key, ruleNamePrefix: "analytics", topic })).toThrow(
      new Error(
        "[second/Alarms] 'topic' must be of the stack of the rules, because its policy names them: create them in the stack first, " +
          "got: first/Topic",
      ),
    );
  });

  test("AlarmTopic refuses a rule of the second stack, and a key of a stack that is deployed after its own", () => {
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
    const later = analyticsCluster(second, { key });
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
      /^\[first\/Key\] 'identity' must be of the stack of the key, .* the stack second is deployed after first\. Make the role, .*role\/analytics-queries$/,
    );
  });

  test("EventSubscription takes a topic and a cluster of the first stack", () => {
    const { topicArn } = new AlarmTopic(first, "Topic", { key, topicName: "events" });
    new EventSubscription(second, "Events", { topicArn, topicKey: key, warehouse: analyticsCluster(first, { key }) });
    expect(second.dependencies).toContain(first);
  });
});
