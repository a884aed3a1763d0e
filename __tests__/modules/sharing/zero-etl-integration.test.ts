import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { RdsIntegration } from "@cdktf/provider-aws/lib/rds-integration";
import { RedshiftIntegration } from "@cdktf/provider-aws/lib/redshift-integration";
import { TerraformStack, TerraformVariable, Testing } from "cdktf";
import {
  DataApiKey,
  EncryptedCluster,
  type EncryptedClusterProps,
  EventSubscription,
  type ICluster,
  type IDataApiKey,
  type IWarehouse,
  IntegrationPolicy,
  ZeroEtlIntegration,
  type ZeroEtlIntegrationProps,
} from "../../../modules";
import { ACCOUNT, KEY_ARN, REGION } from "../../support/arns";
import {
  admin,
  analyticsCluster,
  analyticsServerless,
  only,
  reference,
  resolved,
  statementsOf,
  synthesize,
  testStack,
} from "../../support/support";

const TABLE = `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/orders`;
const AURORA = `arn:aws:rds:${REGION}:${ACCOUNT}:cluster:orders`;
const OTHER_REGION_KEY = KEY_ARN.replace(REGION, "eu-west-1");
const integrationName = "orders";
const SERVICE_STATEMENT = {
  Action: "kms:CreateGrant",
  Condition: {
    ArnLikeIfExists: { "aws:SourceArn": `arn:aws:*:${REGION}:${ACCOUNT}:integration:*` },
    "ForAllValues:StringEquals": { "kms:GrantOperations": ["CreateGrant", "Decrypt", "GenerateDataKey"] },
    StringEqualsIfExists: { "aws:SourceAccount": ACCOUNT },
  },
  Effect: "Allow",
  Principal: { Service: "redshift.amazonaws.com" },
  Resource: "*",
  Sid: "AllowIntegrations",
};
const DATABASE_STATEMENT = {
  Action: ["kms:CreateGrant", "kms:DescribeKey"],
  Condition: {
    StringEquals: { "kms:CallerAccount": ACCOUNT, "kms:ViaService": `rds.${REGION}.amazonaws.com` },
  },
  Effect: "Allow",
  Principal: { AWS: "*" },
  Resource: "*",
  Sid: "AllowDatabaseIntegrations",
};

const CASE_SENSITIVE = { enable_case_sensitive_identifier: "true" };
const cluster = (stack: TerraformStack, props: Partial<EncryptedClusterProps> = {}) =>
  analyticsCluster(stack, { parameters: CASE_SENSITIVE, ...props });
const serverless = (stack: TerraformStack) => analyticsServerless(stack, { configParameters: CASE_SENSITIVE });

/** A stack with a key that is created in it. */
function stackWithKey() {
  const stack = testStack();
  const key = new DataApiKey(stack, "Key", {
    accountId: ACCOUNT,
    administrators: [admin()],
    alias: "alias/analytics",
    partition: "aws",
    region: REGION,
    users: [],
  });
  const added = () => statementsOf(only(synthesize(stack), KmsKey).policy as string).slice(2);
  return { added, key, stack };
}

test("ZeroEtlIntegration integrates a DynamoDB table under the cluster's key, after the integration policy", () => {
  const stack = testStack();
  const warehouse = cluster(stack);
  const integrationPolicy = new IntegrationPolicy(stack, "Policy", { authorizedSources: [TABLE], warehouse });
  const integration = new ZeroEtlIntegration(stack, "Orders", {
    integrationName,
    integrationPolicy,
    sourceArn: TABLE,
    warehouse,
  });
  expect(integration.resource.node.path).toBe("test/Orders/Resource");
  expect(resolved(stack, integration.integrationArn)).toBe(reference(integration.resource, "arn"));
  expect(only(synthesize(stack), RedshiftIntegration)).toStrictEqual({
    depends_on: ["aws_redshift_resource_policy.Policy_23B91518"],
    integration_name: integrationName,
    kms_key_id: KEY_ARN,
    source_arn: TABLE,
    target_arn: reference(warehouse.resource, "cluster_namespace_arn"),
  });
});

test("the stack of ZeroEtlIntegration depends on the stack of its integration policy, without an address of that stack", () => {
  const app = Testing.app();
  const policies = new TerraformStack(app, "policies");
  const stack = new TerraformStack(app, "integrations");
  const warehouse = cluster(policies);
  const integrationPolicy = new IntegrationPolicy(policies, "Policy", { authorizedSources: [TABLE], warehouse });
  const { resource } = new ZeroEtlIntegration(stack, "Orders", {
    integrationName,
    integrationPolicy,
    sourceArn: TABLE,
    warehouse,
  });
  expect(resource.dependsOn).toBeUndefined();
  expect(stack.dependencies).toStrictEqual([policies]);
});

test("ZeroEtlIntegration integrates an Aurora cluster into a serverless warehouse by an aws_rds_integration", () => {
  const stack = testStack();
  const warehouse = serverless(stack);
  new ZeroEtlIntegration(stack, "Orders", { integrationName, sourceArn: AURORA, warehouse });
  expect(only(synthesize(stack), RdsIntegration)).toStrictEqual({
    integration_name: integrationName,
    kms_key_id: KEY_ARN,
    source_arn: AURORA,
    target_arn: reference(warehouse.namespace, "arn"),
  });
});

test("two integrations add one statement to the key policy, which lets Redshift create grants", () => {
  const { added, key, stack } = stackWithKey();
  const warehouse = cluster(stack, { key });
  new ZeroEtlIntegration(stack, "Orders", { integrationName, sourceArn: TABLE, warehouse });
  new ZeroEtlIntegration(stack, "Stock", { integrationName: "stock", sourceArn: TABLE, warehouse });
  expect(added()).toStrictEqual([SERVICE_STATEMENT]);
});

test("an integration of an Aurora cluster adds a statement that lets the account create grants through RDS", () => {
  const { added, key, stack } = stackWithKey();
  const warehouse = cluster(stack, { key });
  new ZeroEtlIntegration(stack, "Orders", { integrationName, sourceArn: AURORA, warehouse });
  expect(added()).toStrictEqual([SERVICE_STATEMENT, DATABASE_STATEMENT]);
});

test("an integration and an event subscription each add their own statement to the key policy", () => {
  const { added, key, stack } = stackWithKey();
  const warehouse = cluster(stack, { key });
  new ZeroEtlIntegration(stack, "Orders", { integrationName, sourceArn: TABLE, warehouse });
  const topicArn = `arn:aws:sns:${REGION}:${ACCOUNT}:events`;
  new EventSubscription(stack, "Events", { topicArn, topicKey: key, warehouse });
  expect(added().map(({ Sid }) => Sid as string)).toStrictEqual(["AllowIntegrations", "AllowEvents"]);
});

test("ZeroEtlIntegration passes every prop and another key, to both types of integration", () => {
  const { added, key, stack } = stackWithKey();
  const options = {
    additionalEncryptionContext: { department: "sales" },
    integrationName,
    key,
    provider: new AwsProvider(stack, "Other", { alias: "other", region: REGION }),
    tags: { team: "data" },
    warehouse: cluster(stack),
  };
  new ZeroEtlIntegration(stack, "Table", { ...options, description: "Orders", sourceArn: TABLE });
  new ZeroEtlIntegration(stack, "Database", { ...options, dataFilter: "include: sales.orders", sourceArn: AURORA });
  const synthesized = synthesize(stack);
  const passed = {
    additional_encryption_context: { department: "sales" },
    kms_key_id: reference(key.resource, "arn"),
    provider: "aws.other",
    tags: { team: "data" },
  };
  expect(only(synthesized, RedshiftIntegration)).toMatchObject({ ...passed, description: "Orders" });
  expect(only(synthesized, RdsIntegration)).toMatchObject({ ...passed, data_filter: "include: sales.orders" });
  expect(added()).toHaveLength(2);
});

test.each<[string, (stack: TerraformStack) => IWarehouse]>([
  ["an existing parameter group", (stack) => analyticsCluster(stack, { clusterParameterGroupName: "case-sensitive" })],
  [
    "a token as value of the parameter",
    (stack) => {
      const value = new TerraformVariable(stack, "value", {}).stringValue;
      return analyticsCluster(stack, { parameters: { enable_case_sensitive_identifier: value } });
    },
  ],
])("ZeroEtlIntegration accepts a cluster with %s", (_, warehouseIn) => {
  const stack = testStack();
  const integration = { integrationName, sourceArn: TABLE, warehouse: warehouseIn(stack) };
  expect(() => new ZeroEtlIntegration(stack, "Orders", integration)).not.toThrow();
});

const NAME_RULE =
  "be 1 to 63 letters, digits or hyphens, beginning with a letter, with no hyphen at the end and no two in a row";
const SOURCE_RULE = "be the ARN of a DynamoDB table, an Aurora cluster or an RDS database";
const CONTEXT_RULE = "have 1 to 6 pairs, each a key and a value that are not empty";

describe("ZeroEtlIntegration refuses", () => {
  test("missing props", () => {
    expect(() => new ZeroEtlIntegration(testStack(), "Orders", undefined as never)).toThrow(
      new Error("[test/Orders] 'props' must be given, got: nothing"),
    );
  });

  test("a source that 'integrationPolicy' does not authorize", () => {
    const stack = testStack();
    const warehouse = cluster(stack);
    const integrationPolicy = new IntegrationPolicy(stack, "Policy", { authorizedPrincipals: [admin()], warehouse });
    const props = { integrationName, integrationPolicy, sourceArn: TABLE, warehouse };
    expect(() => new ZeroEtlIntegration(stack, "Orders", props)).toThrow(
      new Error(
        `[test/Orders] 'sourceArn' must be one of the 'authorizedSources' of 'integrationPolicy', got: ${TABLE}`,
      ),
    );
  });

  test("refuses the policy of another namespace", () => {
    const stack = testStack();
    const key = DataApiKey.fromKeyArn(stack, "Existing", KEY_ARN);
    const attributes = (id: string) => ({
      accountId: ACCOUNT,
      clusterIdentifier: id,
      endpointAddress: `${id}.abc123xyz789.${REGION}.redshift.amazonaws.com`,
      key,
      namespaceArn: `arn:aws:redshift:${REGION}:${ACCOUNT}:namespace:12345678-1234-1234-1234-12345678901${id.length}`,
      region: REGION,
    });
    const [sales, orders] = ["sales", "orders"].map((id) =>
      EncryptedCluster.fromClusterAttributes(stack, id, attributes(id)),
    ) as [ICluster, ICluster];
    const integrationPolicy = new IntegrationPolicy(stack, "Policy", { authorizedSources: [TABLE], warehouse: sales });
    const props = { integrationName, integrationPolicy, sourceArn: TABLE, warehouse: orders };
    expect(() => new ZeroEtlIntegration(stack, "Orders", props)).toThrow(
      new Error(
        `[test/Orders] 'integrationPolicy' must be the policy of the warehouse's namespace, got: ${sales.namespaceArn}`,
      ),
    );
  });

  const MUST = 'is "true", as AWS requires';
  test.each<[string, (stack: TerraformStack) => IWarehouse, string]>([
    [
      "a cluster without enable_case_sensitive_identifier",
      (stack) => analyticsCluster(stack),
      `'parameters.enable_case_sensitive_identifier' ${MUST}, got: nothing`,
    ],
    [
      "a cluster whose enable_case_sensitive_identifier is false",
      (stack) => analyticsCluster(stack, { parameters: { enable_case_sensitive_identifier: "false" } }),
      `'parameters.enable_case_sensitive_identifier' ${MUST}, got: "false"`,
    ],
    [
      "a workgroup without enable_case_sensitive_identifier",
      (stack) => analyticsServerless(stack),
      `'configParameters.enable_case_sensitive_identifier' ${MUST}, got: nothing`,
    ],
  ])("%s", (_, warehouseIn, message) => {
    const stack = testStack();
    const integration = { integrationName, sourceArn: TABLE, warehouse: warehouseIn(stack) };
    expect(() => new ZeroEtlIntegration(stack, "Orders", integration)).toThrow(
      new Error(`[test/Orders] 'warehouse' must be used only if ${message}`),
    );
  });

  test.each<[string, Partial<ZeroEtlIntegrationProps>, string]>([
    [
      "a missing integration name",
      { integrationName: undefined! },
      `'integrationName' must ${NAME_RULE}, got: nothing`,
    ],
    [
      "an integration name that ends with a hyphen",
      { integrationName: "a-" },
      `'integrationName' must ${NAME_RULE}, got: a-`,
    ],
    [
      "an integration name of 64 letters",
      { integrationName: "a".repeat(64) },
      `'integrationName' must ${NAME_RULE}, got: ${"a".repeat(64)}`,
    ],
    [
      "an S3 bucket as source",
      { sourceArn: "arn:aws:s3:::orders" },
      `'sourceArn' must ${SOURCE_RULE}, got: arn:aws:s3:::orders`,
    ],
    [
      "a token as source",
      { sourceArn: "${TfToken[TOKEN.0]}" },
      `'sourceArn' must ${SOURCE_RULE}, known when the configuration is synthesized, got: \${TfToken[TOKEN.0]}`,
    ],
    [
      "a source of another Region",
      { sourceArn: TABLE.replace(REGION, "eu-west-1") },
      `'sourceArn' must be in the Region of the warehouse, ${REGION}, got: ${TABLE.replace(REGION, "eu-west-1")}`,
    ],
    [
      "a source of another partition",
      { sourceArn: TABLE.replace("arn:aws:", "arn:aws-cn:") },
      `'sourceArn' must be of the partition aws, got: ${TABLE.replace("arn:aws:", "arn:aws-cn:")}`,
    ],
    [
      "an empty encryption context",
      { additionalEncryptionContext: {} },
      `'additionalEncryptionContext' must ${CONTEXT_RULE}, got: {}`,
    ],
    [
      "an encryption context with an empty value",
      { additionalEncryptionContext: { a: "" } },
      `'additionalEncryptionContext' must ${CONTEXT_RULE}, got: {"a":""}`,
    ],
    [
      "an encryption context of seven pairs",
      { additionalEncryptionContext: Object.fromEntries([..."abcdefg"].map((key) => [key, "1"])) },
      `'additionalEncryptionContext' must ${CONTEXT_RULE}, got: {"a":"1","b":"1","c":"1","d":"1","e":"1","f":"1","g":"1"}`,
    ],
    [
      "a data filter for a DynamoDB table",
      { dataFilter: "include: *.*" },
      "'dataFilter' must be left out for a DynamoDB table: the whole table is replicated, got: include: *.*",
    ],
    [
      "a data filter with a semicolon",
      { dataFilter: "include: a;b", sourceArn: AURORA },
      "'dataFilter' must be 1 to 25,600 letters, digits, spaces or any of _\"\\-$,*.:?+/, got: include: a;b",
    ],
    [
      "a description for an Aurora cluster",
      { description: "Orders", sourceArn: AURORA },
      "'description' must be left out for Aurora and RDS: the provider does not pass it, got: Orders",
    ],
    ["an empty description", { description: "" }, `'description' must be a string of 1 to 1000 characters, got: ""`],
    [
      "a key by ARN",
      { key: KEY_ARN as never },
      `'key' must be a DataApiKey, or a key that DataApiKey.fromKeyArn returns, got: ${KEY_ARN}`,
    ],
  ])("%s", (_, props, message) => {
    const stack = testStack();
    const integration = { integrationName, sourceArn: TABLE, warehouse: cluster(stack) };
    expect(() => new ZeroEtlIntegration(stack, "Orders", { ...integration, ...props })).toThrow(
      new Error(`[test/Orders] ${message}`),
    );
  });
});

test.each<[string, (stack: TerraformStack) => IDataApiKey, string]>([
  [
    "a key that exists",
    (stack) => DataApiKey.fromKeyArn(stack, "Other", OTHER_REGION_KEY),
    `'key.keyArn' must be the ARN of a key in ${REGION}, got: ${OTHER_REGION_KEY}`,
  ],
  [
    "a key that is created here",
    (stack) => new DataApiKey(stack, "Other", { administrators: [admin()], alias: "alias/other", region: "eu-west-1" }),
    `'key.region' must be ${REGION}, got: eu-west-1`,
  ],
])("ZeroEtlIntegration refuses %s in another Region than the warehouse", (_, keyIn, message) => {
  const stack = testStack();
  const props = { integrationName, key: keyIn(stack), sourceArn: TABLE, warehouse: cluster(stack) };
  expect(() => new ZeroEtlIntegration(stack, "Orders", props)).toThrow(new Error(`[test/Orders] ${message}`));
});

test("ZeroEtlIntegration with its own 'key' does not read the Region of the warehouse's key", () => {
  const stack = testStack();
  const warehouseKey = new DataApiKey(stack, "WarehouseKey", {
    administrators: [admin()],
    alias: "alias/analytics",
    viaServices: ["redshift.amazonaws.com"],
  });
  const warehouse = analyticsServerless(stack, { configParameters: CASE_SENSITIVE, key: warehouseKey });
  const key = DataApiKey.fromKeyArn(stack, "Key", KEY_ARN);
  new ZeroEtlIntegration(stack, "Orders", { integrationName, key, sourceArn: TABLE, warehouse });
  expect(synthesize(stack).data.aws_region).toBeUndefined();
});
