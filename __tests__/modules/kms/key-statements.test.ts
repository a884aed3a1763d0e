import { DataApiKeyPolicy, KeyStatements } from "../../../modules";
import golden from "../../golden/key-policy.json";
import { ACCOUNT, ADMIN_ARN, REGION, USER_ARN } from "../../support/arns";
import { admin, user } from "../../support/support";

test("forLogGroups lets CloudWatch Logs use the key only for log groups under /aws/redshift/", () => {
  expect(KeyStatements.forLogGroups({ accountId: ACCOUNT, region: REGION })).toStrictEqual({
    Sid: "AllowAuditLogGroups",
    Effect: "Allow",
    Principal: { Service: "logs.us-east-1.amazonaws.com" },
    Action: ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
    Resource: "*",
    Condition: {
      ArnLike: {
        "kms:EncryptionContext:aws:logs:arn": `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:/aws/redshift/*`,
      },
    },
  });
});

test("forLogGroups names the service principal of China in aws-cn", () => {
  const { Condition, Principal } = KeyStatements.forLogGroups({
    accountId: ACCOUNT,
    partition: "aws-cn",
    region: "cn-north-1",
  });
  expect(Principal).toStrictEqual({ Service: "logs.cn-north-1.amazonaws.com.cn" });
  expect(JSON.stringify(Condition)).toContain(`arn:aws-cn:logs:cn-north-1:${ACCOUNT}:`);
});

test("forLogGroups accepts a given service principal", () => {
  const servicePrincipal = "logs.amazonaws.com";
  expect(KeyStatements.forLogGroups({ accountId: ACCOUNT, region: REGION, servicePrincipal }).Principal).toStrictEqual({
    Service: servicePrincipal,
  });
});

test("forAlarms lets CloudWatch decrypt and generate data keys for the account", () => {
  expect(KeyStatements.forAlarms({ accountId: ACCOUNT })).toStrictEqual({
    Sid: "AllowAlarms",
    Effect: "Allow",
    Principal: { Service: "cloudwatch.amazonaws.com" },
    Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
    Resource: "*",
    Condition: { StringEqualsIfExists: { "aws:SourceAccount": ACCOUNT } },
  });
});

test("forEvents lets Redshift decrypt and generate data keys for the account", () => {
  expect(KeyStatements.forEvents({ accountId: ACCOUNT })).toStrictEqual({
    Sid: "AllowEvents",
    Effect: "Allow",
    Principal: { Service: "redshift.amazonaws.com" },
    Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
    Resource: "*",
    Condition: { StringEqualsIfExists: { "aws:SourceAccount": ACCOUNT } },
  });
});

test("forIntegrations lets Redshift create grants for the integrations of the account", () => {
  expect(
    KeyStatements.forIntegrations({ accountId: ACCOUNT, partition: "aws-cn", region: "cn-north-1" }),
  ).toStrictEqual({
    Sid: "AllowIntegrations",
    Effect: "Allow",
    Principal: { Service: "redshift.amazonaws.com" },
    Action: "kms:CreateGrant",
    Resource: "*",
    Condition: {
      ArnLikeIfExists: { "aws:SourceArn": `arn:aws-cn:*:cn-north-1:${ACCOUNT}:integration:*` },
      StringEqualsIfExists: { "aws:SourceAccount": ACCOUNT },
      "ForAllValues:StringEquals": { "kms:GrantOperations": ["CreateGrant", "Decrypt", "GenerateDataKey"] },
    },
  });
});

test("forDatabaseIntegrations lets the account create grants through RDS only", () => {
  expect(KeyStatements.forDatabaseIntegrations({ accountId: ACCOUNT, region: REGION })).toStrictEqual({
    Sid: "AllowDatabaseIntegrations",
    Effect: "Allow",
    Principal: { AWS: "*" },
    Action: ["kms:CreateGrant", "kms:DescribeKey"],
    Resource: "*",
    Condition: {
      StringEquals: { "kms:CallerAccount": ACCOUNT, "kms:ViaService": "rds.us-east-1.amazonaws.com" },
    },
  });
});

test("forLogReaders lets the readers decrypt audit logs through CloudWatch Logs only", () => {
  const props = { accountId: ACCOUNT, readers: [user(), admin()], region: REGION };
  expect(KeyStatements.forLogReaders(props)).toStrictEqual({
    Sid: "AllowAuditLogReaders",
    Effect: "Allow",
    Principal: { AWS: [ADMIN_ARN, USER_ARN] },
    Action: "kms:Decrypt",
    Resource: "*",
    Condition: {
      ArnLike: { "kms:EncryptionContext:aws:logs:arn": `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:/aws/redshift/*` },
      StringEquals: { "kms:ViaService": "logs.us-east-1.amazonaws.com" },
    },
  });
  const inChina = KeyStatements.forLogReaders({ ...props, partition: "aws-cn", region: "cn-north-1" });
  expect(inChina.Condition).toStrictEqual({
    ArnLike: {
      "kms:EncryptionContext:aws:logs:arn": `arn:aws-cn:logs:cn-north-1:${ACCOUNT}:log-group:/aws/redshift/*`,
    },
    StringEquals: { "kms:ViaService": ["logs.cn-north-1.amazonaws.com", "logs.cn-north-1.amazonaws.com.cn"] },
  });
});

test("DataApiKeyPolicy has the statements of KeyStatements after its own statements, without a warning", () => {
  const additionalStatements = [
    KeyStatements.forLogGroups({ accountId: ACCOUNT, region: REGION }),
    KeyStatements.forAlarms({ accountId: ACCOUNT }),
    KeyStatements.forEvents({ accountId: ACCOUNT }),
    KeyStatements.forLogReaders({ accountId: ACCOUNT, readers: [user()], region: REGION }),
  ];
  const viaServices = ["redshift.amazonaws.com"];
  const props = { accountId: ACCOUNT, administrators: [admin()], viaServices };
  const { statements, warnings } = new DataApiKeyPolicy({ ...props, additionalStatements });
  expect(statements).toStrictEqual([...new DataApiKeyPolicy(props).statements, ...additionalStatements]);
  expect(statements[0]!.Sid).toBe(golden.statements[0]!.Sid);
  expect(warnings).toStrictEqual([]);
});

describe("KeyStatements refuses", () => {
  test.each<[string, () => unknown, string]>([
    [
      "forLogReaders with an empty list of readers",
      () => KeyStatements.forLogReaders({ accountId: ACCOUNT, readers: [], region: REGION }),
      "'readers' must name at least one reader, got: []",
    ],
    [
      "forEvents without props",
      () => KeyStatements.forEvents(undefined as never),
      "'props' must be given, got: nothing",
    ],
    [
      "forAlarms without props",
      () => KeyStatements.forAlarms(undefined as never),
      "'props' must be given, got: nothing",
    ],
    [
      "forLogGroups without props",
      () => KeyStatements.forLogGroups(undefined as never),
      "'props' must be given, got: nothing",
    ],
    [
      "forAlarms with an account of 11 digits",
      () => KeyStatements.forAlarms({ accountId: "11112222333" }),
      `'accountId' must be a 12-digit AWS account ID, got: "11112222333"`,
    ],
    [
      "forLogGroups without an account",
      () => KeyStatements.forLogGroups({ accountId: undefined as never, region: REGION }),
      "'accountId' must be a 12-digit AWS account ID, got: nothing",
    ],
    [
      "forLogGroups with an Availability Zone as Region",
      () => KeyStatements.forLogGroups({ accountId: ACCOUNT, region: "us-east-1a" }),
      "'region' must be an AWS region, got: us-east-1a",
    ],
    [
      "forLogGroups with the partition azure",
      () => KeyStatements.forLogGroups({ accountId: ACCOUNT, partition: "azure", region: REGION }),
      "'partition' must be an AWS partition, got: azure",
    ],
    [
      "forLogGroups with a service principal without a domain",
      () => KeyStatements.forLogGroups({ accountId: ACCOUNT, region: REGION, servicePrincipal: "logs" }),
      "'servicePrincipal' must be an AWS service principal such as lambda.amazonaws.com, got: logs",
    ],
  ])("%s", (_, make, message) => {
    expect(make).toThrow(new Error(`[KeyStatements] ${message}`));
  });
});
