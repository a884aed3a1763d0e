import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { SecretsmanagerSecretRotation } from "@cdktf/provider-aws/lib/secretsmanager-secret-rotation";
import type { TerraformStack } from "cdktf";
import {
  DataApiAccess,
  DataApiKey,
  DataApiRole,
  EncryptedServerless,
  SecretRotation,
  WarehouseAlarms,
  type WorkgroupAttributes,
  type ExistingWarehouseProps,
} from "../../../modules";
import golden from "../../golden/key-policy.json";
import { ACCOUNT, KEY_ARN, NAMESPACE_ARN, REGION, USER_ARN } from "../../support/arns";
import { existingKey, only, resolved, synthesize, testStack, warningsOf } from "../../support/support";

const WORKGROUP_ARN = `arn:aws:redshift-serverless:${REGION}:${ACCOUNT}:workgroup/12345678-1234-1234-1234-123456789012`;
const SECRET_ARN = `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:redshift!analytics-admin-AbCdEf`;
const ENDPOINT = "analytics.111122223333.us-east-1.redshift-serverless.amazonaws.com";

const attributesIn = (stack: TerraformStack): WorkgroupAttributes => ({
  endpointAddress: ENDPOINT,
  key: existingKey(stack),
  namespaceArn: NAMESPACE_ARN,
  workgroupArn: WORKGROUP_ARN,
  workgroupName: "analytics",
});

const lookUp = (stack: TerraformStack, props: Partial<ExistingWarehouseProps> = {}) =>
  EncryptedServerless.fromWorkgroupName(stack, "Warehouse", "analytics", { key: existingKey(stack), ...props });

describe("EncryptedServerless.fromWorkgroupAttributes", () => {
  test("has AWS's default database and port, without a resource and without a lookup", () => {
    const stack = testStack();
    const warehouse = EncryptedServerless.fromWorkgroupAttributes(stack, "Warehouse", attributesIn(stack));
    expect(warehouse).toMatchObject({
      adminSecretArn: undefined,
      adminUsername: undefined,
      databaseName: "dev",
      endpointAddress: ENDPOINT,
      endpointPort: 5439,
      kind: "serverless",
      namespaceArn: NAMESPACE_ARN,
      warehouseArn: WORKGROUP_ARN,
      workgroupName: "analytics",
    });
    expect(warehouse.namespace).toBeUndefined();
    expect(warehouse.encryptionContext.pairs).toStrictEqual({
      "aws:redshift-serverless:arn": NAMESPACE_ARN,
      serviceName: "RedshiftDataAPI",
    });
    const { data, resource } = synthesize(stack);
    expect({ data, resource }).toStrictEqual({ data: {}, resource: {} });
  });

  test("has every given attribute, and can be used by SecretRotation", () => {
    const stack = testStack();
    const given = { adminUsername: "admin", databaseName: "sales", endpointPort: 5440 };
    const attributes = { ...attributesIn(stack), ...given, adminSecretArn: SECRET_ARN };
    const warehouse = EncryptedServerless.fromWorkgroupAttributes(stack, "Warehouse", attributes);
    expect(warehouse).toMatchObject({ ...given, adminSecretArn: SECRET_ARN });
    new SecretRotation(stack, "Rotation", { automaticallyAfterDays: 7, warehouse });
    expect(only(synthesize(stack), SecretsmanagerSecretRotation)).toHaveProperty("secret_id", SECRET_ARN);
  });

  test("can be used by DataApiAccess, which adds the user to the key, and by WarehouseAlarms", () => {
    const stack = testStack();
    const warehouse = EncryptedServerless.fromWorkgroupAttributes(stack, "Warehouse", attributesIn(stack));
    const role = DataApiRole.fromRoleArn(stack, "Role", USER_ARN);
    const { statements } = new DataApiAccess(stack, "Access", { role, warehouse });
    expect(statements[0]).toMatchObject({ Resource: WORKGROUP_ARN, Sid: "RunStatements" });
    expect(warehouse.key.requiredStatements.at(-1)).toStrictEqual(golden.statements[2]);
    const topicArns = [`arn:aws:sns:${REGION}:${ACCOUNT}:alarms`];
    new WarehouseAlarms(stack, "Alarms", { computeCapacity: 64, topicArns, warehouse });
    expect(only(synthesize(stack), CloudwatchMetricAlarm)).toHaveProperty("dimensions", { Workgroup: "analytics" });
  });

  test("removes a warehouse that the stack created from the state without destroying it", () => {
    const earlier = testStack();
    const { logGroups, namespace, workgroup } = new EncryptedServerless(earlier, "Warehouse", {
      key: existingKey(earlier),
      logRetentionInDays: 30,
      namespaceName: "analytics",
    });
    const stack = testStack();
    EncryptedServerless.fromWorkgroupAttributes(stack, "Warehouse", attributesIn(stack));
    expect(synthesize(stack).removed.slice(2)).toStrictEqual(
      [namespace, workgroup, ...logGroups!.resources].map(({ friendlyUniqueId, terraformResourceType }) => ({
        from: `${terraformResourceType}.${friendlyUniqueId}`,
        lifecycle: [{ destroy: false }],
      })),
    );
  });

  test("warns of a key whose 'viaServices' lack Redshift Serverless", () => {
    const stack = testStack();
    const key = DataApiKey.fromKeyAttributes(stack, "Key", {
      keyArn: KEY_ARN,
      viaServices: [`redshift.${REGION}.amazonaws.com`],
    });
    lookUp(stack, { key });
    expect(warningsOf(stack)).toStrictEqual([expect.stringContaining("the 'viaServices' of the key have neither")]);
  });

  test.each<[string, Partial<Record<keyof WorkgroupAttributes, unknown>>, string]>([
    [
      "a name of one character",
      { workgroupName: "A" },
      "'workgroupName' must be 3 to 63 lowercase letters, digits or hyphens, got: A",
    ],
    [
      "the ARN of a namespace as workgroup",
      { workgroupArn: NAMESPACE_ARN },
      "'workgroupArn' must be the ARN of a workgroup, arn:PARTITION:redshift-serverless:REGION:ACCOUNT:workgroup/ID, got: arn:",
    ],
    [
      "the ARN of a workgroup as namespace",
      { namespaceArn: WORKGROUP_ARN },
      "'namespaceArn' must be the ARN of a Redshift Serverless namespace",
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
    ["a missing endpoint address", { endpointAddress: undefined }, "'endpointAddress' must be a host name"],
    ["port 22", { endpointPort: 22 }, "'endpointPort' must be an integer from 1150 to 65535, got: 22"],
    [
      "a missing key",
      { key: undefined },
      "'key' must be a DataApiKey, or a key that DataApiKey.fromKeyArn returns, got: nothing",
    ],
    [
      "a key of another partition",
      { workgroupArn: WORKGROUP_ARN.replace("arn:aws:", "arn:aws-cn:") },
      `'key.keyArn' must be of the partition aws-cn, got: ${KEY_ARN}`,
    ],
  ])("refuses %s", (_, wrong, message) => {
    const stack = testStack();
    const attributes = { ...attributesIn(stack), ...wrong } as WorkgroupAttributes;
    expect(() => EncryptedServerless.fromWorkgroupAttributes(stack, "Warehouse", attributes)).toThrow(
      `[test/Warehouse] ${message}`,
    );
  });
});

describe("EncryptedServerless.fromWorkgroupName", () => {
  test("looks up workgroup and namespace, with postconditions that the namespace has the given key", () => {
    const stack = testStack();
    const provider = new AwsProvider(stack, "Other", { alias: "other", region: REGION });
    lookUp(stack, { provider });
    const { data, resource } = synthesize(stack);
    expect(resource).toStrictEqual({});
    const name = "${self.namespace_name}";
    expect(data).toStrictEqual({
      aws_redshiftserverless_namespace: {
        WarehouseNamespace: {
          lifecycle: {
            postcondition: [
              {
                condition: '${coalesce(self.kms_key_id, "AWS_OWNED_KMS_KEY") != "AWS_OWNED_KMS_KEY"}',
                error_message:
                  `The namespace ${name} is encrypted with a key that AWS owns. The Data API then encrypts statements and results with a ` +
                  `key that AWS owns, and the policy of ${KEY_ARN} protects neither. AWS changes the key of a namespace only from one ` +
                  `customer managed key to another: create a namespace with the key ${KEY_ARN}, and move the data, for example by a snapshot.`,
              },
              {
                condition: `\${contains(["AWS_OWNED_KMS_KEY", "${KEY_ARN}"], coalesce(self.kms_key_id, "AWS_OWNED_KMS_KEY"))}`,
                error_message:
                  `The namespace ${name} is encrypted with \${self.kms_key_id}, not with ${KEY_ARN}. The Data API uses the key of the ` +
                  "warehouse: give ${self.kms_key_id} as the key, if it is a customer managed key. Or change the key of the namespace: " +
                  `aws redshift-serverless update-namespace --namespace-name ${name} --kms-key-id ${KEY_ARN}.`,
              },
            ],
          },
          namespace_name: "${data.aws_redshiftserverless_workgroup.WarehouseWorkgroup.namespace_name}",
          provider: "aws.other",
        },
      },
      aws_redshiftserverless_workgroup: {
        WarehouseWorkgroup: { provider: "aws.other", workgroup_name: "analytics" },
      },
    });
  });

  test("has the attributes of the data sources", () => {
    const stack = testStack();
    const { adminUsername, databaseName, endpointAddress, endpointPort, namespaceArn, warehouseArn, workgroupName } =
      lookUp(stack);
    const [namespace, workgroup] = ["namespace.WarehouseNamespace", "workgroup.WarehouseWorkgroup"].map(
      (name) => `data.aws_redshiftserverless_${name}`,
    ) as [string, string];
    expect(
      resolved(stack, { adminUsername, databaseName, endpointAddress, endpointPort, namespaceArn, warehouseArn }),
    ).toStrictEqual({
      adminUsername: `\${${namespace}.admin_username}`,
      databaseName: `\${${namespace}.db_name}`,
      endpointAddress: `\${${workgroup}.endpoint[0].address}`,
      endpointPort: `\${${workgroup}.endpoint[0].port}`,
      namespaceArn: `\${${namespace}.arn}`,
      warehouseArn: `\${${workgroup}.arn}`,
    });
    expect(workgroupName).toBe("analytics");
  });

  test.each<[string, unknown, Partial<ExistingWarehouseProps>, string]>([
    [
      "a name of one character",
      "A",
      {},
      "'workgroupName' must be 3 to 63 lowercase letters, digits or hyphens, got: A",
    ],
    [
      "a missing name",
      undefined,
      {},
      "'workgroupName' must be 3 to 63 lowercase letters, digits or hyphens, got: nothing",
    ],
    ["a missing key", "analytics", { key: undefined as never }, "'key' must be a DataApiKey"],
    ["a secret by name", "analytics", { adminSecretArn: "secret" }, "'adminSecretArn' must be "],
  ])("refuses %s", (_, name, wrong, message) => {
    const stack = testStack();
    const props = { key: existingKey(stack), ...wrong };
    expect(() => EncryptedServerless.fromWorkgroupName(stack, "Warehouse", name as string, props)).toThrow(
      `[test/Warehouse] ${message}`,
    );
  });
});

test("the types and SecretRotation refuse a workgroup by name without 'adminSecretArn'", () => {
  const stack = testStack();
  const warehouse = lookUp(stack);
  // @ts-expect-error -- without adminSecretArn
  expect(() => new SecretRotation(stack, "Rotation", { automaticallyAfterDays: 7, warehouse })).toThrow(
    "[test/Rotation] 'warehouse' must have an 'adminSecretArn', the secret of a password that Redshift manages",
  );
});

test.each<[string, string, string, string]>([
  ["Region", REGION, "eu-west-1", "be the ARN of a key in eu-west-1"],
  ["partition", "arn:aws:", "arn:aws-cn:", "be of the partition aws-cn"],
])("EncryptedServerless.fromWorkgroupAttributes refuses a key of another %s", (_, from, to, must) => {
  const stack = testStack();
  const [namespaceArn, workgroupArn] = [NAMESPACE_ARN.replace(from, to), WORKGROUP_ARN.replace(from, to)];
  const attributes = { ...attributesIn(stack), namespaceArn, workgroupArn };
  expect(() => EncryptedServerless.fromWorkgroupAttributes(stack, "Warehouse", attributes)).toThrow(
    new Error(`[test/Warehouse] 'key.keyArn' must ${must}, got: ${KEY_ARN}`),
  );
});
