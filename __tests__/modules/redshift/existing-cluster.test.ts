import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { RedshiftUsageLimit } from "@cdktf/provider-aws/lib/redshift-usage-limit";
import { SecretsmanagerSecretRotation } from "@cdktf/provider-aws/lib/secretsmanager-secret-rotation";
import { TerraformOutput, type TerraformStack, Token } from "cdktf";
import {
  type ClusterAttributes,
  type ClusterLookupProps,
  DataApiAccess,
  DataApiKey,
  DataApiRole,
  DataApiWarehouse,
  EncryptedCluster,
  ScheduledAction,
  SecretRotation,
  UsageLimit,
} from "../../../modules";
import golden from "../../golden/key-policy.json";
import { ACCOUNT, CLUSTER_ARN, KEY_ARN, REGION, USER_ARN } from "../../support/arns";
import {
  existingKey,
  only,
  regionExpression,
  resolved,
  synthesize,
  testStack,
  warningsOf,
} from "../../support/support";

const NAMESPACE_ARN = `arn:aws:redshift:${REGION}:${ACCOUNT}:namespace:12345678-1234-1234-1234-123456789012`;
const SECRET_ARN = `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:redshift!analytics-admin-AbCdEf`;
const ENDPOINT = "analytics.abc123xyz789.us-east-1.redshift.amazonaws.com";
const DATABASE_PREFIX = `arn:aws:redshift:${REGION}:${ACCOUNT}:dbname:analytics/`;

const attributesIn = (stack: TerraformStack): ClusterAttributes => ({
  accountId: ACCOUNT,
  clusterIdentifier: "analytics",
  endpointAddress: ENDPOINT,
  key: existingKey(stack),
  namespaceArn: NAMESPACE_ARN,
  region: REGION,
});

const lookUp = (stack: TerraformStack, props: Partial<ClusterLookupProps> = {}) =>
  EncryptedCluster.fromClusterIdentifier(stack, "Warehouse", "analytics", {
    accountId: ACCOUNT,
    key: existingKey(stack),
    region: REGION,
    ...props,
  });

describe("EncryptedCluster.fromClusterAttributes", () => {
  test("has AWS's default database and port, without a resource and without a lookup", () => {
    const stack = testStack();
    const warehouse = EncryptedCluster.fromClusterAttributes(stack, "Warehouse", attributesIn(stack));
    expect(warehouse).toMatchObject({
      adminSecretArn: undefined,
      adminUsername: undefined,
      clusterIdentifier: "analytics",
      credentialScope: {
        databaseArnPrefix: DATABASE_PREFIX,
        databaseGroupArnPrefix: DATABASE_PREFIX.replace("dbname", "dbgroup"),
        databaseUserArnPrefix: DATABASE_PREFIX.replace("dbname", "dbuser"),
      },
      databaseName: "dev",
      endpointAddress: ENDPOINT,
      endpointPort: 5439,
      kind: "cluster",
      namespaceArn: NAMESPACE_ARN,
      warehouseArn: CLUSTER_ARN,
    });
    expect(warehouse.resource).toBeUndefined();
    expect(warehouse.encryptionContext.pairs).toStrictEqual({
      "aws:redshift:arn": CLUSTER_ARN,
      serviceName: "RedshiftDataAPI",
    });
    const { data, resource } = synthesize(stack);
    expect({ data, resource }).toStrictEqual({ data: {}, resource: {} });
  });

  test("has every attribute that is given", () => {
    const stack = testStack();
    const warehouse = EncryptedCluster.fromClusterAttributes(stack, "Warehouse", {
      ...attributesIn(stack),
      adminSecretArn: SECRET_ARN,
      adminUsername: "admin",
      createTime: "2025-08-15T12:34:00Z",
      databaseName: "sales",
      endpointPort: 1150,
      partition: "aws",
    });
    expect(warehouse).toMatchObject({
      adminSecretArn: SECRET_ARN,
      adminUsername: "admin",
      databaseName: "sales",
      endpointPort: 1150,
    });
    expect(warehouse.encryptionContext.pairs).toHaveProperty("aws:redshift:createtime", "20250815T1234Z");
  });

  test("reads account, Region and partition from data sources of its provider", () => {
    const stack = testStack();
    const provider = new AwsProvider(stack, "Other", { alias: "other", region: REGION });
    const props = { ...attributesIn(stack), accountId: undefined, provider, region: undefined };
    const warehouse = EncryptedCluster.fromClusterAttributes(stack, "Warehouse", props);
    new TerraformOutput(stack, "Arn", { value: warehouse.warehouseArn });
    const { data, output } = synthesize(stack);
    const ids = ["aws_partition", "aws_region", "aws_caller_identity"].map((type) => {
      const [[id, source]] = Object.entries(data[type]!) as [[string, object]];
      expect(source).toStrictEqual({ provider: "aws.other" });
      return id;
    });
    const [partition, region, caller] = ids as [string, string, string];
    expect(output.Arn!.value).toBe(
      `arn:\${data.aws_partition.${partition}.partition}:redshift:${regionExpression(region)}:` +
        `\${data.aws_caller_identity.${caller}.account_id}:cluster:analytics`,
    );
  });

  test("can be used by DataApiAccess, which adds the user to the key", () => {
    const stack = testStack();
    const warehouse = EncryptedCluster.fromClusterAttributes(stack, "Warehouse", attributesIn(stack));
    const role = DataApiRole.fromRoleArn(stack, "Role", USER_ARN);
    const { statements } = new DataApiAccess(stack, "Access", { role, warehouse });
    expect(statements.find(({ Sid }) => Sid === "RunStatements")).toMatchObject({ Resource: CLUSTER_ARN });
    expect(statements.at(-1)).toStrictEqual({
      Action: "redshift:GetClusterCredentialsWithIAM",
      Effect: "Allow",
      Resource: `${DATABASE_PREFIX}dev`,
      Sid: "GetCredentials",
    });
    expect(warehouse.key.requiredStatements.at(-1)).toStrictEqual(golden.statements[2]);
  });

  test("can be used by UsageLimit, and by SecretRotation if it has 'adminSecretArn'", () => {
    const stack = testStack();
    const attributes = { ...attributesIn(stack), adminSecretArn: SECRET_ARN };
    const warehouse = EncryptedCluster.fromClusterAttributes(stack, "Warehouse", attributes);
    new UsageLimit(stack, "Limit", { amount: 60, feature: "concurrency-scaling", warehouse });
    new SecretRotation(stack, "Rotation", { automaticallyAfterDays: 7, warehouse });
    const synthesized = synthesize(stack);
    expect(only(synthesized, RedshiftUsageLimit)).toHaveProperty("cluster_identifier", "analytics");
    expect(only(synthesized, SecretsmanagerSecretRotation)).toHaveProperty("secret_id", SECRET_ARN);
  });

  test("causes no warning that a deployment undoes a scheduled resize", () => {
    const stack = testStack();
    const warehouse = EncryptedCluster.fromClusterAttributes(stack, "Warehouse", attributesIn(stack));
    new ScheduledAction(stack, "Resize", {
      action: "resize",
      actionName: "grow",
      numberOfNodes: 4,
      schedule: "cron(0 20 ? * * *)",
      warehouse,
    });
    expect(warningsOf(stack)).toStrictEqual([]);
  });

  test("removes a cluster that the stack created from the state without destroying it", () => {
    const earlier = testStack();
    const cluster = new EncryptedCluster(earlier, "Warehouse", {
      clusterIdentifier: "analytics",
      key: existingKey(earlier),
      logRetentionInDays: 30,
      nodeType: "ra3.large",
      subnetIds: ["subnet-0123456789abcdef0"],
    });
    const created = [
      cluster.resource,
      cluster.subnetGroup!,
      cluster.parameterGroup!,
      cluster.logging!,
      ...cluster.logGroups!.resources,
    ];
    const stack = testStack();
    EncryptedCluster.fromClusterAttributes(stack, "Warehouse", attributesIn(stack));
    expect(synthesize(stack).removed.slice(2)).toStrictEqual(
      created.map(({ friendlyUniqueId, terraformResourceType }) => ({
        from: `${terraformResourceType}.${friendlyUniqueId}`,
        lifecycle: [{ destroy: false }],
      })),
    );
  });

  test("warns of a key whose 'viaServices' lack Redshift", () => {
    const stack = testStack();
    const viaServices = [`redshift-serverless.${REGION}.amazonaws.com`];
    const key = DataApiKey.fromKeyAttributes(stack, "Key", { keyArn: KEY_ARN, viaServices });
    EncryptedCluster.fromClusterAttributes(stack, "Warehouse", { ...attributesIn(stack), key });
    expect(warningsOf(stack)).toStrictEqual([expect.stringContaining("the 'viaServices' of the key have neither")]);
  });

  test.each<[string, Partial<Record<keyof ClusterAttributes, unknown>>, string]>([
    [
      "an identifier with a capital",
      { clusterIdentifier: "Analytics" },
      "'clusterIdentifier' must be 1 to 63 lowercase letters",
    ],
    ["a URL as endpoint address", { endpointAddress: "https://x" }, "'endpointAddress' must be a host name"],
    [
      "an endpoint address with a port",
      { endpointAddress: "analytics.abc123xyz789.us-east-1.redshift.amazonaws.com:5439" },
      "'endpointAddress' must be a host name without a port",
    ],
    ["a string as endpoint port", { endpointPort: "5439" }, "'endpointPort' must be an integer from 1150 to 65535"],
    ["a missing namespace ARN", { namespaceArn: undefined }, "'namespaceArn' must be the ARN of a cluster's namespace"],
    [
      "the ARN of a serverless namespace",
      { namespaceArn: NAMESPACE_ARN.replace("redshift", "redshift-serverless").replace("namespace:", "namespace/") },
      "'namespaceArn' must be the ARN of a cluster's namespace, arn:PARTITION:redshift:REGION:ACCOUNT:namespace:ID, got: arn:",
    ],
    [
      "a namespace of another Region",
      { namespaceArn: NAMESPACE_ARN.replace(REGION, "eu-west-1") },
      `'namespaceArn' must be of the Region ${REGION}, got: `,
    ],
    [
      "a secret of another account",
      { adminSecretArn: SECRET_ARN.replace(ACCOUNT, "444455556666") },
      `'adminSecretArn' must be of the account ${ACCOUNT}, got: `,
    ],
    ["a secret by name", { adminSecretArn: "secret" }, "'adminSecretArn' must be "],
    ["a database name with a capital", { databaseName: "Dev" }, "'databaseName' must be 1 to 64 lowercase letters"],
    ["an empty admin name", { adminUsername: "" }, "'adminUsername' must be "],
    [
      "a missing key",
      { key: undefined },
      "'key' must be a DataApiKey, or a key that DataApiKey.fromKeyArn returns, got: nothing",
    ],
    [
      "a partition that is not the Region's",
      { partition: "aws-cn" },
      "'partition' must be the partition of us-east-1, aws, got: aws-cn",
    ],
    [
      "a Region of another partition than the key's",
      { region: "cn-north-1" },
      `'key.keyArn' must be of the partition aws-cn, got: ${KEY_ARN}`,
    ],
    ["a word as creation time", { createTime: "yesterday" }, "'createTime' must be a valid Date"],
    ["an account of one digit", { accountId: "1" }, `'accountId' must be a 12-digit AWS account ID, got: "1"`],
  ])("refuses %s", (_, wrong, message) => {
    const stack = testStack();
    const attributes = { ...attributesIn(stack), ...wrong } as ClusterAttributes;
    expect(() => EncryptedCluster.fromClusterAttributes(stack, "Warehouse", attributes)).toThrow(
      `[test/Warehouse] ${message}`,
    );
  });
});

describe("EncryptedCluster.fromClusterIdentifier", () => {
  const NOT_PROTECTED =
    "The Data API then encrypts statements and results with a key that AWS owns, and the policy of " +
    `${KEY_ARN} protects neither.`;
  const WAY_OUT =
    "AWS refuses another key for an encrypted cluster. Restore a snapshot with the key " +
    `${KEY_ARN} as another cluster, or turn encryption off, and on again with that key: the cluster is read-only while AWS moves ` +
    "the data.";

  test("looks the cluster up, with postconditions that it is encrypted with the given key", () => {
    const stack = testStack();
    lookUp(stack);
    const { data, resource } = synthesize(stack);
    expect(resource).toStrictEqual({});
    expect(Object.keys(data)).toStrictEqual(["aws_redshift_cluster"]);
    expect(data.aws_redshift_cluster).toStrictEqual({
      WarehouseLookup: {
        cluster_identifier: "analytics",
        lifecycle: {
          postcondition: [
            {
              condition: "${self.encrypted}",
              error_message:
                `The cluster analytics is not encrypted. ${NOT_PROTECTED} Encrypt it: aws redshift modify-cluster --cluster-identifier ` +
                `analytics --encrypted --kms-key-id ${KEY_ARN}. The cluster is read-only while AWS moves the data.`,
            },
            {
              condition: '${!self.encrypted || coalesce(self.kms_key_id, "AWS_OWNED_KMS_KEY") != "AWS_OWNED_KMS_KEY"}',
              error_message: `The cluster analytics is encrypted with a key that AWS owns. ${NOT_PROTECTED} ${WAY_OUT}`,
            },
            {
              condition: `\${!self.encrypted || contains(["AWS_OWNED_KMS_KEY", "${KEY_ARN}"], coalesce(self.kms_key_id, "AWS_OWNED_KMS_KEY"))}`,
              error_message:
                `The cluster analytics is encrypted with \${self.kms_key_id}, not with ${KEY_ARN}. The Data API uses the key of the ` +
                `warehouse: give \${self.kms_key_id} as the key, if it is a customer managed key. ${WAY_OUT}`,
            },
          ],
        },
      },
    });
  });

  test("has the attributes of the data source, and a literal ARN", () => {
    const stack = testStack();
    const warehouse = lookUp(stack);
    const { adminUsername, databaseName, endpointAddress, endpointPort, namespaceArn } = warehouse;
    const source = "data.aws_redshift_cluster.WarehouseLookup";
    expect(resolved(stack, { adminUsername, databaseName, endpointAddress, endpointPort, namespaceArn })).toStrictEqual(
      {
        adminUsername: `\${${source}.master_username}`,
        databaseName: `\${${source}.database_name}`,
        endpointAddress: `\${${source}.endpoint}`,
        endpointPort: `\${${source}.port}`,
        namespaceArn: `\${${source}.cluster_namespace_arn}`,
      },
    );
    expect(warehouse.warehouseArn).toBe(CLUSTER_ARN);
    expect(warehouse.adminSecretArn).toBeUndefined();
  });

  test("passes its provider to the lookup, and has the given secret", () => {
    const stack = testStack();
    const provider = new AwsProvider(stack, "Other", { alias: "other", region: REGION });
    expect(lookUp(stack, { adminSecretArn: SECRET_ARN, provider })).toHaveProperty("adminSecretArn", SECRET_ARN);
    expect(synthesize(stack).data.aws_redshift_cluster!.WarehouseLookup).toHaveProperty("provider", "aws.other");
  });

  test("compares the key of the cluster with a key that is looked up by alias", () => {
    const stack = testStack();
    lookUp(stack, { key: DataApiKey.fromAliasName(stack, "Key", "alias/analytics") });
    const { lifecycle } = synthesize(stack).data.aws_redshift_cluster!.WarehouseLookup as {
      lifecycle: { postcondition: readonly { condition: string }[] };
    };
    expect(lifecycle.postcondition[2]!.condition).toBe(
      '${!self.encrypted || contains(["AWS_OWNED_KMS_KEY", data.aws_kms_key.KeyAlias.arn], coalesce(self.kms_key_id, "AWS_OWNED_KMS_KEY"))}',
    );
  });

  test.each<[string, unknown, Partial<ClusterLookupProps> | undefined, string]>([
    ["an identifier with a capital", "Analytics", {}, "'clusterIdentifier' must be 1 to 63 lowercase letters"],
    ["a missing identifier", undefined, {}, "'clusterIdentifier' must be 1 to 63 lowercase letters"],
    ["a missing key", "analytics", { key: undefined as never }, "'key' must be a DataApiKey"],
    ["a secret by name", "analytics", { adminSecretArn: "secret" }, "'adminSecretArn' must be "],
  ])("refuses %s", (_, identifier, wrong, message) => {
    const stack = testStack();
    const props = { key: existingKey(stack), ...wrong };
    expect(() => EncryptedCluster.fromClusterIdentifier(stack, "Warehouse", identifier as string, props)).toThrow(
      `[test/Warehouse] ${message}`,
    );
  });

  test("accepts a token as identifier", () => {
    const stack = testStack();
    const identifier = Token.asString({ resolve: () => "later" });
    expect(() =>
      EncryptedCluster.fromClusterIdentifier(stack, "Warehouse", identifier, { key: existingKey(stack) }),
    ).not.toThrow();
  });
});

test("the types and SecretRotation refuse a cluster by identifier without 'adminSecretArn'", () => {
  const stack = testStack();
  const warehouse = lookUp(stack);
  // @ts-expect-error -- without adminSecretArn
  expect(() => new SecretRotation(stack, "Rotation", { automaticallyAfterDays: 7, warehouse })).toThrow(
    "[test/Rotation] 'warehouse' must have an 'adminSecretArn', the secret of a password that Redshift manages",
  );
});

test("the types refuse an existing cluster as the 'cluster' of DataApiWarehouse", () => {
  const stack = testStack();
  const cluster = lookUp(stack);
  // @ts-expect-error -- without nodeType
  expect(() => new DataApiWarehouse(stack, "Analytics", { cluster, key: existingKey(stack) })).toThrow();
});
