import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Lazy, type TerraformStack, TerraformVariable } from "cdktf";
import {
  AlarmTopic,
  DataApiEndpoint,
  DataApiGrant,
  DataApiKey,
  DataApiProof,
  DataApiRole,
  DatabaseRoles,
  DataApiWarehouse,
  EncryptedCluster,
  EncryptedServerless,
  EventSubscription,
  type ICluster,
  ZeroEtlIntegration,
} from "../../modules";
import { KEY_ARN } from "../support/arns";
import { admin, analyticsCluster, existingKey, testStack } from "../support/support";

/** A value that the types refuse, as JavaScript gives it. */
const untyped = (value: unknown): never => value as never;

test.each<[string, (stack: TerraformStack) => unknown, string]>([
  [
    "DataApiKey.fromKeyArn without a key",
    (stack) => DataApiKey.fromKeyArn(stack, "Id", untyped(undefined)),
    "'key' must be the ARN of a key, or its attributes, got: nothing",
  ],
  [
    "DataApiKey.fromKeyArn with a number",
    (stack) => DataApiKey.fromKeyArn(stack, "Id", untyped(5)),
    "'key' must be the ARN of a key, or its attributes, got: 5",
  ],
  [
    "DataApiKey.fromKeyAttributes with an ARN",
    (stack) => DataApiKey.fromKeyAttributes(stack, "Id", untyped(KEY_ARN)),
    `'attributes' must be given, got: ${KEY_ARN}`,
  ],
  [
    "DataApiKey.fromAliasName with null",
    (stack) => DataApiKey.fromAliasName(stack, "Id", "alias/analytics", untyped(null)),
    "'attributes' must be given, got: null",
  ],
  [
    "DataApiRole.fromPermissionSetName with null",
    (stack) => DataApiRole.fromPermissionSetName(stack, "Id", "Analyst", untyped(null)),
    "'props' must be given, got: null",
  ],
  [
    "EncryptedCluster.fromClusterAttributes without attributes",
    (stack) => EncryptedCluster.fromClusterAttributes(stack, "Id", untyped(undefined)),
    "'attributes' must be given, got: nothing",
  ],
  [
    "EncryptedServerless.fromWorkgroupAttributes without attributes",
    (stack) => EncryptedServerless.fromWorkgroupAttributes(stack, "Id", untyped(undefined)),
    "'attributes' must be given, got: nothing",
  ],
])("%s throws an error that names the argument", (_, adopt, message) => {
  expect(() => adopt(testStack())).toThrow(new Error(`[test/Id] ${message}`));
});

// The type of `value` is any, so that the compiler accepts it in place of a string.
test.each<[string, string, (stack: TerraformStack, token: never) => unknown]>([
  ["the ARN of a key", "keyArn", (stack, token) => DataApiKey.fromKeyArn(stack, "Id", token)],
  ["the ARN of a role", "roleArn", (stack, token) => DataApiRole.fromRoleArn(stack, "Id", token)],
  ["the time of a cluster", "createTime", (stack, token) => analyticsCluster(stack, { createTime: token })],
  [
    "a password",
    "masterPasswordWo",
    (stack, token) => analyticsCluster(stack, { masterPasswordWo: token, masterPasswordWoVersion: 1 }),
  ],
  [
    "an external ID",
    "externalId",
    (stack, token) =>
      new DataApiRole(stack, "Id", { externalId: token, roleName: "Reader", trustedPrincipals: [admin()] }),
  ],
])("%s refuses the value of a variable, which is no string", (_, prop, create) => {
  const stack = testStack();
  const value = untyped(new TerraformVariable(stack, "variable", {}).value);
  const message = `'${prop}' must be a string; for a token, use Token.asString(token), got: a token`;
  expect(() => create(stack, value)).toThrow(message);
});

const ENDPOINT = { subnetIds: ["subnet-0123456789abcdef0"], vpcId: "vpc-0123456789abcdef0" };
const KEY = "be a DataApiKey, or a key that DataApiKey.fromKeyArn returns";
const SOURCE = "arn:aws:dynamodb:us-east-1:111122223333:table/orders";
const TOPIC = "arn:aws:sns:us-east-1:111122223333:events";

test.each<[string, (stack: TerraformStack, warehouse: ICluster) => unknown, string]>([
  [
    "null as the key of an integration",
    (stack, warehouse) =>
      new ZeroEtlIntegration(stack, "Id", {
        integrationName: "orders",
        key: untyped(null),
        sourceArn: SOURCE,
        warehouse,
      }),
    `'key' must ${KEY}, got: null`,
  ],
  [
    "null as the policy of an integration",
    (stack, warehouse) =>
      new ZeroEtlIntegration(stack, "Id", {
        integrationName: "orders",
        integrationPolicy: untyped(null),
        sourceArn: SOURCE,
        warehouse,
      }),
    "'integrationPolicy' must be an IntegrationPolicy, got: null",
  ],
  [
    "an ARN as the assumed roles of a proof",
    (stack, warehouse) => new DataApiProof(stack, "Id", { assumedRoles: untyped("arn"), warehouse }),
    "'assumedRoles' must be a list, got: arn",
  ],
  [
    "null as the assumed roles of a proof",
    (stack, warehouse) => new DataApiProof(stack, "Id", { assumedRoles: untyped(null), warehouse }),
    "'assumedRoles' must be a list, got: null",
  ],
  [
    "a role as the access of a proof",
    (stack, warehouse) =>
      new DataApiProof(stack, "Id", {
        access: untyped(DataApiRole.fromRoleArn(stack, "Role", "arn:aws:iam::111122223333:role/Reader")),
        warehouse,
      }),
    "'access' must be a DataApiAccess, got: \"ExistingRole\"",
  ],
  [
    "null as the principal that retires a grant",
    (stack, warehouse) =>
      new DataApiGrant(stack, "Id", { grantee: admin(), retiringPrincipal: untyped(null), warehouse }),
    "'retiringPrincipal' must be an Identity: for an ARN, use Identity.fromArn(arn); for a role, use role.identity, got: null",
  ],
  [
    "null as the key of a topic",
    (stack, warehouse) => new EventSubscription(stack, "Id", { topicArn: TOPIC, topicKey: untyped(null), warehouse }),
    `'topicKey' must ${KEY}, got: null`,
  ],
  [
    "the attributes of a key as a key",
    (stack) => new AlarmTopic(stack, "Id", { key: untyped({ keyArn: KEY_ARN }), topicName: "events" }),
    `'key' must ${KEY}, got: {"keyArn":"${KEY_ARN}"}`,
  ],
  [
    "a warehouse without the member 'key'",
    (stack) => new DataApiProof(stack, "Id", { warehouse: untyped({ kind: "cluster" }) }),
    '\'warehouse\' must be a warehouse, such as an EncryptedCluster or an EncryptedServerless, got: {"kind":"cluster"}',
  ],
])("%s is an error that names the prop", (_, create, message) => {
  const stack = testStack();
  const warehouse = analyticsCluster(stack, { parameters: { enable_case_sensitive_identifier: "true" } });
  expect(() => create(stack, warehouse)).toThrow(new Error(`[test/Id] ${message}`));
});

test.each<[string, (stack: TerraformStack, provider: AwsProvider) => unknown]>([
  [
    "a key",
    (stack, provider) =>
      new DataApiKey(stack, "Id", { administrators: [admin()], alias: "alias/a", provider, region: "us-east-1" }),
  ],
  [
    "a cluster",
    (stack, provider) =>
      new EncryptedCluster(stack, "Id", {
        clusterIdentifier: "analytics",
        key: DataApiKey.fromKeyArn(stack, "Key", KEY_ARN),
        nodeType: "ra3.large",
        provider,
        region: "us-east-1",
      }),
  ],
  [
    "an endpoint of the Data API",
    (stack, provider) => new DataApiEndpoint(stack, "Id", { ...ENDPOINT, provider, region: "us-east-1" }),
  ],
])("%s refuses a Region that is not the Region of its provider", (_, create) => {
  const stack = testStack();
  const provider = new AwsProvider(stack, "Europe", { alias: "europe", region: "eu-west-1" });
  expect(() => create(stack, provider)).toThrow(
    new Error("[test/Id] 'region' must be the Region of its provider, eu-west-1, got: us-east-1"),
  );
});

/** Creates a role with a provider that allows the given accounts. */
function roleOf(accountId: string, allowedAccountIds: string[]): DataApiRole {
  const stack = testStack();
  const provider = new AwsProvider(stack, "Other", { alias: "other", allowedAccountIds });
  return new DataApiRole(stack, "Id", { accountId, provider, roleName: "Reader", trustedPrincipals: [admin()] });
}

test("a role refuses an account that its provider does not allow", () => {
  expect(() => roleOf("111122223333", ["444455556666", "777788889999"])).toThrow(
    new Error(
      `[test/Id] 'accountId' must be one of the 'allowedAccountIds' of its provider, 444455556666, 777788889999, got: "111122223333"`,
    ),
  );
});

test("a key and a cluster refuse an account that their provider does not allow", () => {
  const stack = testStack();
  const provider = new AwsProvider(stack, "Other", { alias: "other", allowedAccountIds: ["444455556666"] });
  const props = { accountId: "111122223333", provider };
  const must = `'accountId' must be one of the 'allowedAccountIds' of its provider, 444455556666, got: "111122223333"`;
  expect(() => new DataApiKey(stack, "A", { ...props, administrators: [admin()], alias: "alias/a" })).toThrow(must);
  expect(() =>
    EncryptedCluster.fromClusterAttributes(stack, "B", {
      ...props,
      clusterIdentifier: "analytics",
      key: existingKey(stack),
    } as never),
  ).toThrow(must);
});

test.each<[string, string, string[]]>([
  ["that the provider allows", "111122223333", ["444455556666", "111122223333"]],
  ["if the provider allows every account", "111122223333", []],
  ["that is a token", Lazy.stringValue({ produce: () => "1" }), ["444455556666"]],
  ["if an allowed account is a token", "111122223333", [Lazy.stringValue({ produce: () => "1" })]],
  ["if the allowed accounts are a token", "111122223333", Lazy.listValue({ produce: () => ["1"] })],
])("a role accepts an account %s", (_, accountId, accounts) => {
  expect(roleOf(accountId, accounts).resource.nameInput).toBe("Reader");
});

const SERVERLESS = { serverless: { namespaceName: "analytics" } };
const IDENTITY = "be an Identity: for an ARN, use Identity.fromArn(arn); for a role, use role.identity";

test.each<[string, (stack: TerraformStack) => unknown, string]>([
  [
    "an e-mail address",
    (stack) => new AlarmTopic(stack, "Id", { emails: untyped([undefined]), key: existingKey(stack), topicName: "a" }),
    "[test/Id] 'emails[0]' must be an e-mail address",
  ],
  [
    "an EventBridge rule",
    (stack) =>
      new AlarmTopic(stack, "Id", { key: existingKey(stack), topicName: "a" }).allowEventRules(untyped([undefined])),
    "[test/Id] 'ruleArns[0]' must be the ARN of an EventBridge rule",
  ],
  [
    "a security group of an endpoint",
    (stack) => new DataApiEndpoint(stack, "Id", { ...ENDPOINT, securityGroupIds: untyped([undefined]) }),
    "[test/Id] 'securityGroupIds[0]' must be a security group ID such as sg-0123456789abcdef0",
  ],
  [
    "a role of a proof",
    (stack) =>
      new DataApiProof(stack, "Id", { assumedRoles: untyped([undefined]), warehouse: analyticsCluster(stack) }),
    "[test/Id] 'assumedRoles[0]' must be an object with a 'roleArn'",
  ],
  [
    "the ARN of a role of a proof",
    (stack) => new DataApiProof(stack, "Id", { assumedRoles: untyped([{}]), warehouse: analyticsCluster(stack) }),
    "[test/Id] 'assumedRoles[0].roleArn' must be the ARN of an IAM role",
  ],
  [
    "a user of a warehouse",
    (stack) =>
      new DataApiWarehouse(stack, "Id", { ...SERVERLESS, administrators: [admin()], users: untyped([undefined]) }),
    "[test/Id] 'users[0]' must be an object with a 'role'",
  ],
  [
    "an administrator of the key of a warehouse",
    (stack) => new DataApiWarehouse(stack, "Id", { ...SERVERLESS, administrators: untyped([undefined]) }),
    `[test/Id] 'administrators[0]' must ${IDENTITY}`,
  ],
  [
    "a database role",
    () => new DatabaseRoles({ database: "dev", roles: untyped([undefined]) }),
    "[DatabaseRoles] 'roles[0]' must be given",
  ],
])("a list without %s at an index is an error that names the index", (_, create, message) => {
  expect(() => create(testStack())).toThrow(new Error(`${message}, got: nothing`));
});
