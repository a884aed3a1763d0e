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

test("forIntegrations has the ARNs of aws without 'partition'", () => {
  const { Condition } = KeyStatements.forIntegrations({ accountId: ACCOUNT, region: REGION });
  expect(Condition!.ArnLikeIfExists).toStrictEqual({
    "aws:SourceArn": `arn:aws:*:us-east-1:${ACCOUNT}:integration:*`,
  });
});

test("forEventRules lets EventBridge decrypt and generate data keys for the account", () => {
  expect(KeyStatements.forEventRules({ accountId: ACCOUNT })).toStrictEqual({
    Sid: "AllowEventRules",
    Effect: "Allow",
    Principal: { Service: "events.amazonaws.com" },
    Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
    Resource: "*",
    Condition: { StringEqualsIfExists: { "aws:SourceAccount": ACCOUNT } },
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

const PLACE = { accountId: ACCOUNT, region: REGION };
type Create = (props: never, where?: string) => unknown;
const CREATE: Readonly<Record<string, Create>> = {
  forAlarms: (props, where) => KeyStatements.forAlarms(props, where),
  forDatabaseIntegrations: (props, where) => KeyStatements.forDatabaseIntegrations(props, where),
  forEventRules: (props, where) => KeyStatements.forEventRules(props, where),
  forEvents: (props, where) => KeyStatements.forEvents(props, where),
  forIntegrations: (props, where) => KeyStatements.forIntegrations(props, where),
  forLogGroups: (props, where) => KeyStatements.forLogGroups(props, where),
  forLogReaders: (props, where) =>
    KeyStatements.forLogReaders({ readers: [user()], ...(props as typeof PLACE) }, where),
};

test.each(Object.entries(CREATE))(
  "KeyStatements.%s refuses a malformed place, with the given name or its own",
  (name, create) => {
    const regional = name !== "forAlarms" && !name.startsWith("forEvent");
    const wrong: readonly (readonly [string, unknown, string])[] = [
      ["accountId", "1", 'be a 12-digit AWS account ID, got: "1"'],
      ["accountId", undefined, "be a 12-digit AWS account ID, got: nothing"],
      ...(regional
        ? ([
            ["region", "us", "be an AWS region, got: us"],
            ["region", undefined, "be an AWS region, got: nothing"],
            ["partition", "AWS", "be an AWS partition, got: AWS"],
          ] as const)
        : []),
    ];
    for (const [prop, value, must] of wrong) {
      const props = { ...PLACE, [prop]: value } as never;
      expect(() => create(props)).toThrow(new Error(`[KeyStatements] '${prop}' must ${must}`));
      expect(() => create(props, "Sales")).toThrow(new Error(`[Sales] '${prop}' must ${must}`));
    }
  },
);

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
      "forIntegrations without props",
      () => KeyStatements.forIntegrations(undefined as never),
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
      "forLogGroups with a service principal without a domain",
      () => KeyStatements.forLogGroups({ accountId: ACCOUNT, region: REGION, servicePrincipal: "logs" }),
      "'servicePrincipal' must be an AWS service principal such as lambda.amazonaws.com, got: logs",
    ],
  ])("%s", (_, make, message) => {
    expect(make).toThrow(new Error(`[KeyStatements] ${message}`));
  });
});
