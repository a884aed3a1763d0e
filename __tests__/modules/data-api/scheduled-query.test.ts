import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { SchedulerSchedule } from "@cdktf/provider-aws/lib/scheduler-schedule";
import { SchedulerScheduleGroup } from "@cdktf/provider-aws/lib/scheduler-schedule-group";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { type TerraformStack, TerraformVariable, Token } from "cdktf";
import {
  DataApiKey,
  DataApiRole,
  EncryptedCluster,
  EncryptedServerless,
  type IWarehouse,
  ScheduledQuery,
  ScheduledQueryGroup,
  type ScheduledQueryGroupOptions,
  type ScheduledQueryGroupProps,
  type ScheduledQueryProps,
  ScheduledQueryRole,
} from "../../../modules";
import { ACCOUNT, CLUSTER_ARN, KEY_ARN, REGION, USER_ARN } from "../../support/arns";
import {
  analyticsCluster,
  analyticsServerless,
  existingKey,
  only,
  reference,
  shownError,
  statementsOf,
  type Synthesized,
  synthesize,
  testStack,
  warningsOf,
} from "../../support/support";

const GROUP_ARN = `arn:aws:scheduler:${REGION}:${ACCOUNT}:schedule-group/analytics`;
const ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/analytics-queries`;
const QUEUE_ARN = `arn:aws:sqs:${REGION}:${ACCOUNT}:failed`;
const SECRET_ARN = `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:loader-AbCdEf`;
const NIGHTLY = "cron(0 3 * * ? *)";

type GroupOptions = Partial<Omit<ScheduledQueryGroupOptions, "warehouse">>;

function groupOf(stack: TerraformStack, options: GroupOptions = {}, warehouse: IWarehouse = analyticsCluster(stack)) {
  return new ScheduledQueryGroup(stack, "Queries", {
    groupName: "analytics",
    ...options,
    warehouse,
  } as ScheduledQueryGroupProps);
}

function queryOf(
  group: ScheduledQueryGroup,
  { sql = "select 1", ...props }: Partial<Omit<ScheduledQueryProps, "group">> = {},
): ScheduledQuery {
  const query = { group, queryName: "nightly", scheduleExpression: NIGHTLY };
  return new ScheduledQuery(group.node.scope!, "Nightly", {
    ...query,
    ...(props.sqls ? {} : { sql }),
    ...props,
  });
}

const inputOf = (synthesized: Synthesized): unknown =>
  JSON.parse((only(synthesized, SchedulerSchedule).target as { input: string }).input);

describe("a scheduled query of a cluster", () => {
  test("runs as a role that Scheduler may assume for the group of the cluster only", () => {
    const stack = testStack();
    const key = existingKey(stack);
    const warehouse = analyticsCluster(stack, { key });
    const group = groupOf(stack, {}, warehouse);
    queryOf(group);
    const synthesized = synthesize(stack);
    expect(only(synthesized, SchedulerScheduleGroup)).toStrictEqual({ name: "analytics" });
    const { assume_role_policy: trust, ...role } = only(synthesized, IamRole);
    expect(role).toStrictEqual({ name: "analytics-queries" });
    expect(statementsOf(trust as string)).toStrictEqual([
      {
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "aws:SourceAccount": ACCOUNT, "aws:SourceArn": GROUP_ARN } },
        Effect: "Allow",
        Principal: { Service: "scheduler.amazonaws.com" },
        Sid: "AllowScheduler",
      },
    ]);
    expect(group.access.statements.map(({ Resource }) => Resource)).toStrictEqual([
      CLUSTER_ARN,
      "*",
      "*",
      CLUSTER_ARN.replace("cluster:analytics", "dbname:analytics/dev"),
    ]);
    expect(key.requiredStatements[1]!.Principal).toStrictEqual({ AWS: ROLE_ARN });
  });

  test("has a schedule whose input is an ExecuteStatement request", () => {
    const stack = testStack();
    const group = groupOf(stack);
    queryOf(group, { sql: "select '${x} %{y}'" });
    const synthesized = synthesize(stack);
    const { target, ...schedule } = only(synthesized, SchedulerSchedule);
    expect(schedule).toStrictEqual({
      depends_on: [expect.stringMatching(/^aws_iam_role_policy\.Queries_Access_/)],
      flexible_time_window: { mode: "OFF" },
      group_name: reference(group.resource, "name"),
      kms_key_arn: KEY_ARN,
      name: "nightly",
      schedule_expression: NIGHTLY,
    });
    const { input, ...others } = target as { input: string };
    expect(others).toStrictEqual({
      arn: "arn:aws:scheduler:::aws-sdk:redshiftdata:executeStatement",
      role_arn: ROLE_ARN,
    });
    expect(JSON.parse(input)).toStrictEqual({
      ClusterIdentifier: expect.stringMatching(/^\$\{aws_redshift_cluster\./) as string,
      Database: "dev",
      Sql: "select '$${x} %%{y}'",
      StatementName: "nightly",
    });
  });

  test("passes every prop, and runs several statements as one BatchExecuteStatement", () => {
    const stack = testStack();
    const provider = new AwsProvider(stack, "Other", { alias: "other", region: REGION });
    const group = groupOf(stack, {
      databases: ["sales", "dev"],
      databaseUser: "loader",
      deadLetterQueueName: "failed",
      permissionsBoundary: `arn:aws:iam::${ACCOUNT}:policy/Boundary`,
      provider,
      roleName: "Loader",
      rolePath: "/team/",
      tags: { team: "data" },
    });
    queryOf(group, {
      database: "dev",
      description: "Every night",
      enabled: false,
      endDate: "2027-01-01T00:00:00Z",
      maximumEventAgeInSeconds: 3600,
      maximumRetryAttempts: 3,
      maximumWindowInMinutes: 15,
      provider,
      scheduleExpressionTimezone: "Europe/Berlin",
      sqls: ["select 1", "select 2"],
      startDate: "2026-12-01T00:00:00Z",
      statementName: "QS2-nightly",
      withEvent: true,
    });
    const synthesized = synthesize(stack);
    const tagged = { provider: "aws.other", tags: { team: "data" } };
    expect(only(synthesized, SchedulerScheduleGroup)).toStrictEqual({ ...tagged, name: "analytics" });
    expect(only(synthesized, SqsQueue)).toStrictEqual({
      ...tagged,
      kms_master_key_id: KEY_ARN,
      message_retention_seconds: 1_209_600,
      name: "failed",
    });
    expect(only(synthesized, IamRole)).toMatchObject({
      ...tagged,
      name: "Loader",
      path: "/team/",
      permissions_boundary: `arn:aws:iam::${ACCOUNT}:policy/Boundary`,
    });
    const policies = Object.values(synthesized.resource[IamRolePolicy.tfResourceType]!);
    expect(policies.map((policy) => [policy.name, policy.provider] as unknown)).toStrictEqual([
      ["scheduled-queries", "aws.other"],
      ["dead-letter-queue", "aws.other"],
    ]);
    expect(only(synthesized, SchedulerSchedule)).toStrictEqual({
      depends_on: [
        expect.stringMatching(/^aws_iam_role_policy\.Queries_Access_/),
        `aws_iam_role_policy.${group.deadLetterPolicy!.friendlyUniqueId}`,
      ],
      description: "Every night",
      end_date: "2027-01-01T00:00:00Z",
      flexible_time_window: { maximum_window_in_minutes: 15, mode: "FLEXIBLE" },
      group_name: reference(group.resource, "name"),
      kms_key_arn: KEY_ARN,
      name: "nightly",
      provider: "aws.other",
      schedule_expression: NIGHTLY,
      schedule_expression_timezone: "Europe/Berlin",
      start_date: "2026-12-01T00:00:00Z",
      state: "DISABLED",
      target: {
        arn: "arn:aws:scheduler:::aws-sdk:redshiftdata:batchExecuteStatement",
        dead_letter_config: { arn: reference(group.deadLetterQueue!, "arn") },
        input: expect.any(String) as string,
        retry_policy: { maximum_event_age_in_seconds: 3600, maximum_retry_attempts: 3 },
        role_arn: `arn:aws:iam::${ACCOUNT}:role/team/Loader`,
      },
    });
    expect(inputOf(synthesized)).toMatchObject({
      Database: "dev",
      DbUser: "loader",
      Sqls: ["select 1", "select 2"],
      StatementName: "QS2-nightly",
      WithEvent: true,
    });
  });

  test.each([
    [{ maximumRetryAttempts: 0 }, { maximum_retry_attempts: 0 }],
    [{ maximumEventAgeInSeconds: 60 }, { maximum_event_age_in_seconds: 60 }],
    [{}, undefined],
  ])("with %j has the retry policy %j", (props, policy) => {
    const stack = testStack();
    queryOf(groupOf(stack), props);
    const { target } = only(synthesize(stack), SchedulerSchedule) as { target: { retry_policy?: object } };
    expect(target.retry_policy).toStrictEqual(policy);
  });

  test("runs in the first database of its group by default", () => {
    const stack = testStack();
    queryOf(groupOf(stack, { databases: ["sales", "dev"] }));
    expect(inputOf(synthesize(stack))).toMatchObject({ Database: "sales" });
  });

  test("runs in any given database if the group has a secret", () => {
    const stack = testStack();
    const group = groupOf(stack, { secretArn: SECRET_ARN, secretKeyArn: KEY_ARN });
    queryOf(group, { database: "archive" });
    expect(inputOf(synthesize(stack))).toMatchObject({ Database: "archive", SecretArn: SECRET_ARN });
    expect(group.access.statements.map(({ Sid }) => Sid)).toContain("DecryptSecret");
  });
});

describe("a scheduled query of a serverless warehouse", () => {
  test.each<[string, (stack: TerraformStack) => IWarehouse]>([
    ["that is created", (stack) => analyticsServerless(stack)],
    [
      "that exists",
      (stack) => EncryptedServerless.fromWorkgroupName(stack, "Serverless", "analytics", { key: existingKey(stack) }),
    ],
  ])("names a workgroup %s, and composes ARNs from account and Region of the key", (_, warehouseIn) => {
    const stack = testStack();
    const warehouse = warehouseIn(stack);
    queryOf(groupOf(stack, {}, warehouse), { database: "archive" });
    const synthesized = synthesize(stack);
    expect(inputOf(synthesized)).toMatchObject({ Database: "archive", WorkgroupName: expect.anything() as string });
    expect(only(synthesized, IamRole).assume_role_policy).toContain(GROUP_ARN);
    expect(only(synthesized, SchedulerSchedule)).toMatchObject({
      kms_key_arn: KEY_ARN,
      target: { role_arn: ROLE_ARN },
    });
  });
});

test("a scheduled query of an existing cluster names it by its identifier", () => {
  const stack = testStack();
  const key = existingKey(stack);
  const props = { accountId: ACCOUNT, key, region: REGION };
  queryOf(groupOf(stack, {}, EncryptedCluster.fromClusterIdentifier(stack, "Cluster", "analytics", props)));
  expect(inputOf(synthesize(stack))).toMatchObject({ ClusterIdentifier: "analytics" });
});

describe("the dead-letter queue of a query group", () => {
  const policies = (keyArn: string) => {
    const stack = testStack();
    const key = DataApiKey.fromKeyAttributes(stack, "ExistingKey", { accountId: ACCOUNT, keyArn });
    queryOf(groupOf(stack, { deadLetterQueueName: "failed" }, analyticsCluster(stack, { key })));
    const synthesized = synthesize(stack);
    const policy = Object.values(synthesized.resource[IamRolePolicy.tfResourceType]!).find(
      ({ name }) => name === "dead-letter-queue",
    )!;
    return { policy, schedule: only(synthesized, SchedulerSchedule) };
  };
  const SEND = { Action: "sqs:SendMessage", Effect: "Allow", Resource: QUEUE_ARN, Sid: "SendFailedRuns" };

  test("lets the role send messages, without a statement for a key of the same account", () => {
    const { policy } = policies(KEY_ARN);
    expect(policy.depends_on).toStrictEqual([expect.stringMatching(/^aws_iam_role\.Queries_Role_/)]);
    expect(statementsOf(policy.policy as string)).toStrictEqual([SEND]);
  });

  test("under a key of another account adds IAM permissions on this key, and leaves the schedule without a key", () => {
    const keyArn = KEY_ARN.replace(ACCOUNT, "444455556666");
    const { policy, schedule } = policies(keyArn);
    expect(statementsOf(policy.policy as string)).toStrictEqual([
      SEND,
      {
        Action: ["kms:Decrypt", "kms:GenerateDataKey"],
        Condition: { StringEquals: { "kms:ViaService": `sqs.${REGION}.amazonaws.com` } },
        Effect: "Allow",
        Resource: keyArn,
        Sid: "EncryptFailedRuns",
      },
    ]);
    expect(schedule).not.toHaveProperty("kms_key_arn");
  });
});

describe("a role that is given to a query group", () => {
  test("is refused for a second group with a dead-letter queue, and accepted for a group without a queue", () => {
    const stack = testStack();
    const warehouse = analyticsCluster(stack);
    const role = DataApiRole.fromRoleArn(stack, "Role", USER_ARN);
    const group = (name: string, deadLetterQueueName?: string) =>
      new ScheduledQueryGroup(stack, name, { deadLetterQueueName, groupName: name, role, warehouse });
    group("first", "first-failed");
    group("second");
    expect(() => group("third", "third-failed")).toThrow(
      new Error(
        "[test/third] 'deadLetterQueueName' must be left out, because this group would replace the role's policy " +
          "for the queue of test/first: use another role, got: third-failed",
      ),
    );
  });

  test("is refused for a second group if another construct is for the same role, because one policy would replace the other", () => {
    const stack = testStack();
    const warehouse = analyticsCluster(stack);
    const group = (name: string) => {
      const role = DataApiRole.fromRoleArn(stack, `Role-${name}`, USER_ARN);
      return new ScheduledQueryGroup(stack, name, { groupName: name, role, warehouse });
    };
    group("first");
    expect(() => group("second")).toThrow(
      new Error(
        "[test/second/Access] 'policyName' must differ from the name of the policy that test/first/Access writes for " +
          "the same role, because each policy would replace the other: give another name or role, or use one role " +
          "construct for both in one stack, got: scheduled-queries",
      ),
    );
  });

  test("is the role of the target, in place of a role that the group creates", () => {
    const stack = testStack();
    const role = new ScheduledQueryRole(stack, "Role", { groupArn: GROUP_ARN, roleName: "analytics-queries" });
    const group = groupOf(stack, { role });
    queryOf(group);
    const synthesized = synthesize(stack);
    expect(only(synthesized, IamRole)).toMatchObject({ name: "analytics-queries" });
    expect(only(synthesized, SchedulerSchedule).target).toMatchObject({ role_arn: ROLE_ARN });
    expect(group.role).toBe(role);
  });

  test.each<[string, (stack: TerraformStack) => GroupOptions, string]>([
    [
      "a role that trusts Scheduler for another group",
      (stack) => ({
        role: new ScheduledQueryRole(stack, "Role", {
          groupArn: GROUP_ARN.replace(/[^/]+$/, "sales"),
          roleName: "sales-queries",
        }),
      }),
      `'role' must be a role for the schedule group analytics, got: ${GROUP_ARN.replace(/[^/]+$/, "sales")}`,
    ],
    [
      "a role that trusts Scheduler for a group of another Region",
      (stack) => ({
        role: new ScheduledQueryRole(stack, "Role", {
          groupArn: GROUP_ARN.replace(REGION, "eu-west-1"),
          roleName: "analytics-queries",
        }),
      }),
      `'role' must be of the Region us-east-1, got: ${GROUP_ARN.replace(REGION, "eu-west-1")}`,
    ],
    [
      "a role with a 'roleName' beside it",
      (stack) => ({ role: DataApiRole.fromRoleArn(stack, "Role", USER_ARN), roleName: "Other" }),
      "'roleName' must not be combined with 'role': that role exists already, got: Other",
    ],
    [
      "a role with a 'rolePath' beside it",
      (stack) => ({ role: DataApiRole.fromRoleArn(stack, "Role", USER_ARN), rolePath: "/a/" }),
      "'rolePath' must not be combined with 'role': that role exists already, got: /a/",
    ],
    [
      "a role with a 'permissionsBoundary' beside it",
      (stack) => ({
        permissionsBoundary: `arn:aws:iam::${ACCOUNT}:policy/Boundary`,
        role: DataApiRole.fromRoleArn(stack, "Role", USER_ARN),
      }),
      `'permissionsBoundary' must not be combined with 'role': that role exists already, got: arn:aws:iam::${ACCOUNT}:policy/Boundary`,
    ],
    [
      "a role whose trust policy only AWS changes",
      (stack) => ({
        role: DataApiRole.fromRoleArn(
          stack,
          "Role",
          `arn:aws:iam::${ACCOUNT}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Analyst_0123456789abcdef`,
        ),
      }),
      `'role' must be a role whose trust policy can be changed, got: arn:aws:iam::${ACCOUNT}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Analyst_0123456789abcdef`,
    ],
    [
      "a role by ARN",
      () => ({ role: USER_ARN as never }),
      `'role' must be a DataApiRole, or a role that DataApiRole.fromRoleArn returns, got: ${USER_ARN}`,
    ],
  ])("is refused: %s", (_, options, message) => {
    const stack = testStack();
    expect(() => groupOf(stack, options(stack))).toThrow(new Error(`[test/Queries] ${message}`));
  });
});

describe("a token in a scheduled query", () => {
  test.each<[string, (stack: TerraformStack, sql: string) => void, string]>([
    ["as 'sql' is encoded by Terraform", (stack, sql) => queryOf(groupOf(stack), { sql }), '"Sql" = var.sql'],
    [
      "as one of 'sqls' is encoded by Terraform",
      (stack, sql) => queryOf(groupOf(stack), { sqls: ["select 1", sql] }),
      '"Sqls" = ["select 1", var.sql]',
    ],
    [
      "as 'statementName' is encoded by Terraform",
      (stack, statementName) => queryOf(groupOf(stack), { statementName }),
      '"StatementName" = var.sql',
    ],
  ])("%s", (_, create, text) => {
    const stack = testStack();
    create(stack, new TerraformVariable(stack, "sql", { type: "string" }).stringValue);
    const { input } = only(synthesize(stack), SchedulerSchedule).target as { input: string };
    expect(input).toMatch(/^\$\{jsonencode\(\{.*\}\)\}$/);
    expect(input).toContain(text);
  });

  test("as 'database' is accepted, whatever the databases of the group", () => {
    const stack = testStack();
    const database = new TerraformVariable(stack, "database", { type: "string" }).stringValue;
    expect(() => queryOf(groupOf(stack), { database })).not.toThrow();
  });
});

describe("a semicolon in a SQL statement", () => {
  const WARNING = (prop: string) =>
    `'${prop}' seems to have several statements, but the Data API runs only one: put each statement in 'sqls'`;

  test.each<[string, Partial<ScheduledQueryProps>, readonly string[]]>([
    ["between two statements of 'sql' causes a warning", { sql: "delete from a; vacuum a" }, [WARNING("sql")]],
    [
      "between two statements of an item of 'sqls' causes a warning",
      { sqls: ["select 1", "select 2; select 3;"] },
      [WARNING("sqls[1]")],
    ],
    ["at the end causes no warning", { sql: "select 1;\n-- the end\n" }, []],
    ["in a string, a quoted name or a comment causes no warning", { sql: `select 'a;b', "c;d" /* e; f */` }, []],
    [
      "in the body of a procedure causes no warning",
      { sql: "create procedure p() as $$ begin a; b; end $$ language plpgsql" },
      [],
    ],
  ])("%s", (_, props, warnings) => {
    const stack = testStack();
    queryOf(groupOf(stack), props);
    expect(warningsOf(stack)).toStrictEqual(warnings);
  });
});

const GROUP_RULE = "be 1 to 64 letters, digits or any of _.-, and not be default, the group of AWS";
const NAME_RULE = "be 1 to 64 letters, digits or any of _.-";
const SCHEDULE_RULE =
  "be rate(N minutes), rate(N hours), rate(N days), at(YYYY-MM-DDThh:mm:ss) with a time that exists, or " +
  "cron(MINUTES HOURS DAYS-OF-MONTH MONTHS DAYS-OF-WEEK YEARS) with ? as the days of the month or as the days of the week";
const SQL_RULE = "be an SQL statement of 1 to 102400 bytes";

test.each([
  "rate(1 day)",
  "rate(15 minutes)",
  "at(2027-01-31T03:00:00)",
  "cron(0/15 8-18 ? JAN-JUN MON-FRI *)",
  "cron(0 3 LW * ? 2027)",
  "cron(0 3 ? * 6L *)",
])("a scheduled query accepts the schedule %s", (scheduleExpression) => {
  const stack = testStack();
  expect(() => queryOf(groupOf(stack), { scheduleExpression })).not.toThrow();
});

describe("ScheduledQuery refuses a query", () => {
  test.each<[string, Partial<ScheduledQueryProps>, string]>([
    ["without a group", { group: undefined! }, "'group' must be a ScheduledQueryGroup, got: nothing"],
    [
      "with the ARN of a group",
      { group: GROUP_ARN as never },
      `'group' must be a ScheduledQueryGroup, got: ${GROUP_ARN}`,
    ],
    ["with a space in its name", { queryName: "a b" }, `'queryName' must ${NAME_RULE}, got: a b`],
    ...[
      "rate(0 days)",
      "rate(5)",
      "at(tomorrow)",
      "at(2026-02-30T00:00:00)",
      "cron(0 3 * * * *)",
      "cron(0 3 ? * ? *)",
      "cron(0 3 * * ?)",
    ].map((text): [string, Partial<ScheduledQueryProps>, string] => [
      `with the schedule ${text}`,
      { scheduleExpression: text },
      `'scheduleExpression' must ${SCHEDULE_RULE}, got: ${text}`,
    ]),
    [
      "with an offset from UTC as time zone",
      { scheduleExpressionTimezone: "+01:00" },
      "'scheduleExpressionTimezone' must be a time zone of the IANA database, such as Europe/Berlin, got: +01:00",
    ],
    [
      "with an empty description",
      { description: "" },
      `'description' must be a string of 1 to 512 characters, got: ""`,
    ],
    [
      "with a time window of 0 minutes",
      { maximumWindowInMinutes: 0 },
      "'maximumWindowInMinutes' must be an integer from 1 to 1440, got: 0",
    ],
    [
      "with an event age of 59 seconds",
      { maximumEventAgeInSeconds: 59 },
      "'maximumEventAgeInSeconds' must be an integer from 60 to 86400, got: 59",
    ],
    [
      "with 186 retries",
      { maximumRetryAttempts: 186 },
      "'maximumRetryAttempts' must be an integer from 0 to 185, got: 186",
    ],
    [
      "with a day without a time as end",
      { endDate: "2027-01-01" },
      "'endDate' must be a time in UTC that exists, such as 2026-12-01T00:00:00Z, got: 2027-01-01",
    ],
    [
      "with an end on 30 February",
      { endDate: "2027-02-30T00:00:00Z" },
      "'endDate' must be a time in UTC that exists, such as 2026-12-01T00:00:00Z, got: 2027-02-30T00:00:00Z",
    ],
    [
      "with a start after its end",
      { endDate: "2026-12-01T00:00:00Z", startDate: "2027-01-01T00:00:00Z" },
      "'endDate' must be after 'startDate', 2027-01-01T00:00:00Z, got: 2026-12-01T00:00:00Z",
    ],
    ["with white space as SQL", { sql: " \n" }, String.raw`'sql' must ${SQL_RULE}, got: " \n"`],
    ["with SQL of more than 100 KB", { sql: "é".repeat(51_201) }, `'sql' must ${SQL_RULE}, got: ${"é".repeat(51_201)}`],
    ["with an empty list of SQL", { sqls: [] }, "'sqls' must name at least one statement, got: []"],
    [
      "with both 'sql' and 'sqls'",
      { sql: "select 1", sqls: ["select 2"] },
      "'sql' must not be combined with 'sqls': give one statement in 'sql', or several in 'sqls', got: select 1",
    ],
    ["with neither 'sql' nor 'sqls'", { sql: undefined }, "'sql' must be given unless 'sqls' is given, got: nothing"],
    [
      "with 41 statements",
      { sqls: Array.from({ length: 41 }, (_, index) => `select ${index}`) },
      "'sqls' must have at most 40 statements, got: 41 statements",
    ],
    [
      "with an input of more than 256 KB",
      { sqls: ["a", "b", "c"].map((letter) => letter.repeat(90_000)) },
      "'sqls' must lead to an input of at most 262144 bytes, which is Scheduler's limit: move some statements to another query, got: 270085 bytes",
    ],
    [
      "in a database that its role may not use",
      { database: "sales" },
      "'database' must be one of the 'databases' of the group, dev, got: sales",
    ],
    [
      "with a string as 'withEvent'",
      { withEvent: "no" as never },
      "'withEvent' must be true or false, known when the configuration is synthesized, got: no",
    ],
  ])("%s", (_, props, message) => {
    const stack = testStack();
    const group = groupOf(stack, { databases: ["dev"] });
    const query = {
      group,
      queryName: "nightly",
      scheduleExpression: NIGHTLY,
      ...("sqls" in props ? {} : { sql: "select 1" }),
    };
    expect(() => new ScheduledQuery(stack, "Nightly", { ...query, ...props })).toThrow(
      shownError(`[test/Nightly] ${message}`),
    );
  });
});

describe("ScheduledQueryGroup refuses a group", () => {
  test.each<[string, GroupOptions, string]>([
    [
      "with the name of the group of AWS",
      { groupName: "default" },
      `[test/Queries] 'groupName' must ${GROUP_RULE}, got: default`,
    ],
    ["with a slash in its name", { groupName: "a/b" }, `[test/Queries] 'groupName' must ${GROUP_RULE}, got: a/b`],
    [
      "with a FIFO queue",
      { deadLetterQueueName: "failed.fifo" },
      "[test/Queries] 'deadLetterQueueName' must be 1 to 80 letters, digits, hyphens or underscores, got: failed.fifo",
    ],
    [
      "whose name makes the default role name too long",
      { groupName: "g".repeat(60) },
      `[test/Queries/Role] 'roleName' must be 1 to 64 letters, digits or any of _+=,.@-, got: ${"g".repeat(60)}-queries`,
    ],
    [
      "with both a database user and a secret",
      { databaseUser: "loader", secretArn: SECRET_ARN },
      "[test/Queries/Access] 'databaseUser' must not be combined with 'secretArn': the secret names the user, got: loader",
    ],
    [
      "with a permissions boundary of another account",
      { permissionsBoundary: "arn:aws:iam::444455556666:policy/Boundary" },
      `[test/Queries/Role] 'permissionsBoundary' must be of the account ${ACCOUNT}, got: arn:aws:iam::444455556666:policy/Boundary`,
    ],
    [
      "with a permissions boundary of another partition",
      { permissionsBoundary: `arn:aws-cn:iam::${ACCOUNT}:policy/Boundary` },
      `[test/Queries/Role] 'permissionsBoundary' must be of the partition aws, got: arn:aws-cn:iam::${ACCOUNT}:policy/Boundary`,
    ],
  ])("%s", (_, options, message) => {
    expect(() => groupOf(testStack(), options)).toThrow(shownError(message));
  });

  test("with a token as name", () => {
    const groupName = Token.asString({ resolve: () => "later" });
    expect(() => groupOf(testStack(), { groupName })).toThrow(
      `[test/Queries] 'groupName' must ${GROUP_RULE}, known when the configuration is synthesized, got: ${groupName}`,
    );
  });

  test("without a warehouse", () => {
    expect(() => new ScheduledQueryGroup(testStack(), "Queries", { groupName: "analytics" } as never)).toThrow(
      new Error(
        "[test/Queries] 'warehouse' must be a warehouse, such as an EncryptedCluster or an EncryptedServerless, got: nothing",
      ),
    );
  });

  test("with a database user for a serverless warehouse", () => {
    const stack = testStack();
    expect(() => groupOf(stack, { databaseUser: "loader" }, analyticsServerless(stack))).toThrow(
      new Error(
        "[test/Queries/Access] 'databaseUser' must be left out for a serverless warehouse: its credentials are for the workgroup, got: loader",
      ),
    );
  });
});

test("ScheduledQueryRole refuses the ARN of a schedule as 'groupArn'", () => {
  const groupArn = `arn:aws:scheduler:${REGION}:${ACCOUNT}:schedule/analytics/nightly`;
  expect(() => new ScheduledQueryRole(testStack(), "Role", { groupArn, roleName: "Queries" })).toThrow(
    new Error(
      `[test/Role] 'groupArn' must be the ARN of a schedule group, arn:PARTITION:scheduler:REGION:ACCOUNT:schedule-group/NAME, got: ${groupArn}`,
    ),
  );
});
