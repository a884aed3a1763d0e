import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { RedshiftLogging } from "@cdktf/provider-aws/lib/redshift-logging";
import { RedshiftserverlessNamespace } from "@cdktf/provider-aws/lib/redshiftserverless-namespace";
import { Fn, type TerraformStack } from "cdktf";
import {
  AuditLogGroups,
  type AuditLogGroupsProps,
  DataApiKey,
  EncryptedServerless,
  KeyStatements,
  type PolicyStatement,
} from "../../../modules";
import { ACCOUNT, KEY_ARN, REGION } from "../../support/arns";
import {
  admin,
  analyticsCluster,
  analyticsServerless,
  existingKey,
  only,
  reference,
  statementsOf,
  synthesize,
  testStack,
} from "../../support/support";

function keyIn(stack: TerraformStack, ...additionalStatements: PolicyStatement[]): DataApiKey {
  return new DataApiKey(stack, "Key", {
    accountId: ACCOUNT,
    additionalStatements,
    administrators: [admin()],
    alias: "alias/analytics",
    lockoutPrecondition: false,
    region: REGION,
  });
}

const LOGS_STATEMENT = KeyStatements.forLogGroups({ accountId: ACCOUNT, region: REGION });
const groupsOf = (stack: TerraformStack) =>
  Object.values(synthesize(stack).resource[CloudwatchLogGroup.tfResourceType] ?? {});

test("AuditLogGroups creates a log group for each log export, with skip_destroy", () => {
  const stack = testStack();
  const { resources } = new AuditLogGroups(stack, "LogGroups", {
    logExports: ["userlog", "connectionlog"],
    logGroupPrefix: "/aws/redshift/cluster/analytics",
    retentionInDays: 30,
  });
  expect(resources.map(({ node }) => node.path)).toStrictEqual([
    "test/LogGroups/userlog",
    "test/LogGroups/connectionlog",
  ]);
  expect(groupsOf(stack)).toStrictEqual([
    { name: "/aws/redshift/cluster/analytics/connectionlog", retention_in_days: 30, skip_destroy: true },
    { name: "/aws/redshift/cluster/analytics/userlog", retention_in_days: 30, skip_destroy: true },
  ]);
});

test("AuditLogGroups passes every prop to its log groups", () => {
  const stack = testStack();
  new AuditLogGroups(stack, "LogGroups", {
    key: existingKey(stack),
    logExports: ["userlog"],
    logGroupPrefix: "/aws/redshift/analytics",
    provider: new AwsProvider(stack, "Other", { alias: "other", region: REGION }),
    retentionInDays: 0,
    skipDestroy: false,
    tags: { team: "data" },
  });
  expect(groupsOf(stack)).toStrictEqual([
    {
      kms_key_id: KEY_ARN,
      name: "/aws/redshift/analytics/userlog",
      provider: "aws.other",
      retention_in_days: 0,
      skip_destroy: false,
      tags: { team: "data" },
    },
  ]);
});

describe("the log groups of a warehouse", () => {
  test("are absent without 'logRetentionInDays'", () => {
    const stack = testStack();
    expect(analyticsCluster(stack).logGroups).toBeUndefined();
    expect(groupsOf(stack)).toStrictEqual([]);
  });

  test("of a cluster are encrypted with its key, and created before its logging", () => {
    const stack = testStack();
    const key = keyIn(stack, LOGS_STATEMENT);
    const { logGroups } = analyticsCluster(stack, { key, logRetentionInDays: 365, tags: { team: "data" } });
    const addresses = logGroups!.resources.map(
      ({ friendlyUniqueId }) => `aws_cloudwatch_log_group.${friendlyUniqueId}`,
    );
    expect(addresses).toHaveLength(3);
    expect(only(synthesize(stack), RedshiftLogging).depends_on).toStrictEqual(addresses);
    expect(groupsOf(stack)).toStrictEqual(
      ["connectionlog", "useractivitylog", "userlog"].map((log) => ({
        kms_key_id: reference(key.resource, "arn"),
        name: `/aws/redshift/cluster/analytics/${log}`,
        retention_in_days: 365,
        skip_destroy: true,
        tags: { team: "data" },
      })),
    );
  });

  test("of a serverless warehouse are created before the namespace, and destroyed without protection", () => {
    const stack = testStack();
    const provider = new AwsProvider(stack, "Other", { alias: "other", region: REGION });
    const { logGroups } = new EncryptedServerless(stack, "Serverless", {
      deletionProtection: false,
      encryptLogGroups: false,
      key: keyIn(stack),
      logExports: ["userlog"],
      logRetentionInDays: 7,
      namespaceName: "analytics",
      provider,
    });
    expect(only(synthesize(stack), RedshiftserverlessNamespace).depends_on).toStrictEqual([
      `aws_cloudwatch_log_group.${logGroups!.resources[0]!.friendlyUniqueId}`,
    ]);
    expect(groupsOf(stack)).toStrictEqual([
      {
        name: "/aws/redshift/analytics/userlog",
        provider: "aws.other",
        retention_in_days: 7,
        skip_destroy: false,
      },
    ]);
  });

  test("add the statement for CloudWatch Logs once to the key of two warehouses", () => {
    const stack = testStack();
    const key = keyIn(stack);
    analyticsCluster(stack, { key, logRetentionInDays: 7 });
    analyticsServerless(stack, { key, logRetentionInDays: 7 });
    const [, , ...others] = statementsOf(only(synthesize(stack), KmsKey).policy as string);
    expect(others).toStrictEqual([LOGS_STATEMENT]);
  });

  test("add no statement to a key that has a statement for CloudWatch Logs with another Sid", () => {
    const stack = testStack();
    const statement = { ...LOGS_STATEMENT, Action: "kms:Decrypt", Sid: "Logs" };
    analyticsServerless(stack, { key: keyIn(stack, statement), logRetentionInDays: 7 });
    const [, , ...others] = statementsOf(only(synthesize(stack), KmsKey).policy as string);
    expect(others).toStrictEqual([statement]);
  });

  test("add the statement for CloudWatch Logs to the required statements of an existing key", () => {
    const stack = testStack();
    const { key } = analyticsServerless(stack, { logRetentionInDays: 7 });
    expect(key.requiredStatements.slice(1)).toStrictEqual([LOGS_STATEMENT]);
    expect(groupsOf(stack).map(({ kms_key_id: key }) => key as string)).toStrictEqual([KEY_ARN, KEY_ARN, KEY_ARN]);
  });
});

const RETENTION_RULE =
  "be one of 0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653";
const DENIED: PolicyStatement = { ...LOGS_STATEMENT, Effect: "Deny" };

describe("AuditLogGroups refuses", () => {
  test("a log that another construct of the stack has a log group for", () => {
    const stack = testStack();
    const props = { logGroupPrefix: "/aws/redshift/cluster/analytics", retentionInDays: 30 };
    new AuditLogGroups(stack, "One", { ...props, logExports: ["userlog"] });
    new AuditLogGroups(stack, "Other", { ...props, logExports: ["connectionlog"] });
    expect(() => new AuditLogGroups(stack, "Third", { ...props, logExports: ["userlog"] })).toThrow(
      /^\[test\/Third\] 'logExports' must be given to only one construct .* test\/One has it already, got: userlog$/,
    );
  });

  test("missing props", () => {
    expect(() => new AuditLogGroups(testStack(), "LogGroups", undefined as never)).toThrow(
      new Error("[test/LogGroups] 'props' must be given, got: nothing"),
    );
  });

  test.each<[string, (stack: TerraformStack) => Partial<AuditLogGroupsProps>, string]>([
    [
      "a list token as log exports",
      () => ({ logExports: Fn.split(",", "a,b") }),
      "'logExports' must be a list whose length is known when the configuration is synthesized, got: a list token",
    ],
    ["an empty list of log exports", () => ({ logExports: [] }), "'logExports' must name at least one log, got: []"],
    [
      "a log export with a space",
      () => ({ logExports: ["audit log"] }),
      "'logExports[0]' must be one of connectionlog, useractivitylog, userlog, or a newer value of the same form, got: audit log",
    ],
    [
      "a log group prefix outside /aws/redshift/",
      () => ({ logGroupPrefix: "/aws/lambda/x" }),
      "'logGroupPrefix' must be /aws/redshift/cluster/IDENTIFIER or /aws/redshift/NAMESPACE, got: /aws/lambda/x",
    ],
    ["a retention of 2 days", () => ({ retentionInDays: 2 }), `'retentionInDays' must ${RETENTION_RULE}, got: 2`],
    [
      "missing retention in days",
      () => ({ retentionInDays: undefined! }),
      `'retentionInDays' must ${RETENTION_RULE}, got: nothing`,
    ],
    [
      "a string as 'skipDestroy'",
      () => ({ skipDestroy: "no" as never }),
      "'skipDestroy' must be true or false, known when the configuration is synthesized, got: no",
    ],
  ])("%s", (_, props, message) => {
    const stack = testStack();
    const groups = { logExports: ["userlog"], logGroupPrefix: "/aws/redshift/analytics", retentionInDays: 7 };
    expect(() => new AuditLogGroups(stack, "LogGroups", { ...groups, ...props(stack) })).toThrow(
      new Error(`[test/LogGroups] ${message}`),
    );
  });

  test.each<[string, (stack: TerraformStack) => object, string]>([
    ["a retention of 2 days", () => ({ logRetentionInDays: 2 }), `'logRetentionInDays' must ${RETENTION_RULE}, got: 2`],
    [
      "a retention with an empty list of log exports",
      () => ({ logExports: [], logRetentionInDays: 7 }),
      "'logExports' must name at least one log if 'logRetentionInDays' is given, got: []",
    ],
    [
      "a list token as log exports",
      () => ({ logExports: Fn.split(",", "a,b"), logRetentionInDays: 7 }),
      "'logExports' must be a list of known length, because a log group is created for each, got: a list token",
    ],
    [
      "'encryptLogGroups' without a retention",
      () => ({ encryptLogGroups: true }),
      "'encryptLogGroups' must be given only with 'logRetentionInDays', got: true",
    ],
  ])("for a cluster and a serverless warehouse: %s", (_, props, message) => {
    for (const [id, make] of [
      ["Cluster", analyticsCluster],
      ["Serverless", analyticsServerless],
    ] as const) {
      const stack = testStack();
      expect(() => make(stack, props(stack))).toThrow(new Error(`[test/${id}] ${message}`));
    }
  });

  test("for a serverless warehouse: a key with a Deny under the Sid of the statement for log groups", () => {
    const stack = testStack();
    expect(() => analyticsServerless(stack, { key: keyIn(stack, DENIED), logRetentionInDays: 7 })).toThrow(
      new Error("[test/Key] 'statement.Sid' must not reuse the Sid of another statement, got: AllowAuditLogGroups"),
    );
  });

  test("for a cluster: a retention beside a log bucket", () => {
    expect(() => analyticsCluster(testStack(), { logBucketName: "logs", logRetentionInDays: 7 })).toThrow(
      new Error(
        "[test/Cluster] 'logRetentionInDays' must not be combined with 'logBucketName': the bucket decides how long logs stay, got: 7",
      ),
    );
  });
});
