import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Testing } from "cdktf";
import { deploymentStatements, type StackFile } from "../../../app/deployment/deployment-policy";
import { fleetStacks } from "../../../app/stacks/fleet-stacks";
import { ACCOUNT, ADMIN_ARN, KEY_ARN, REGION, USER_ARN } from "../../support/arns";
import { type Arguments, fleetOf, only, statementsOf, type Synthesized, synthesize } from "../../support/support";

const type = (tfResourceType: string) => ({ tfResourceType });
const NIGHTLY = { queryName: "nightly", scheduleExpression: "cron(0 3 * * ? *)", sql: "select 1" };
const HOURLY = { ...NIGHTLY, queryName: "hourly", scheduleExpression: "rate(1 hour)" };
const ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/sales-queries`;
const ENTRY = { account: ACCOUNT, region: REGION };

/** Warehouses under their own keys. JSON is YAML, too. */
function stacksOf(warehouses: readonly object[], top: object = {}): readonly Synthesized[] {
  const entries = warehouses.map((settings) => ({
    ...ENTRY,
    administrators: [ADMIN_ARN],
    users: [USER_ARN],
    ...settings,
  }));
  const fleet = fleetOf({ "w.yaml": JSON.stringify({ ...top, warehouses: entries }, undefined, 1) });
  return fleetStacks(Testing.app(), fleet, "../../..").map(synthesize);
}

const stackOf = (settings: object): Synthesized => stacksOf([{ name: "sales", ...settings }])[0]!;
const serverless = (scheduledQueries: object): object => ({ serverless: { scheduledQueries } });
const inputOf = (schedule: Arguments): Arguments =>
  JSON.parse((schedule.target as { input: string }).input) as Arguments;

test.each<[string, object, object]>([
  [
    "a cluster",
    { cluster: { nodeType: "ra3.large", scheduledQueries: { databaseUser: "loader", queries: [NIGHTLY] } } },
    { Database: "dev", DbUser: "loader" },
  ],
  ["a serverless warehouse", serverless({ queries: [NIGHTLY] }), { Database: "dev" }],
  [
    "an existing cluster",
    {
      administrators: undefined,
      existing: { clusterIdentifier: "sales", scheduledQueries: { queries: [NIGHTLY] } },
      key: { keyArn: KEY_ARN },
    },
    { ClusterIdentifier: "sales" },
  ],
  [
    "an existing workgroup",
    {
      administrators: undefined,
      existing: { scheduledQueries: { queries: [NIGHTLY] }, workgroupName: "sales" },
      key: { keyArn: KEY_ARN },
    },
    { WorkgroupName: "sales" },
  ],
])("scheduledQueries of %s are in a group that is named after the entry", (_, settings, input) => {
  const synthesized = stackOf(settings);
  expect(only(synthesized, type("aws_scheduler_schedule_group")).name).toBe("sales");
  const schedule = only(synthesized, type("aws_scheduler_schedule"));
  expect(schedule).toMatchObject({ name: "nightly", target: { role_arn: ROLE_ARN } });
  expect(inputOf(schedule)).toMatchObject({ ...input, Sql: "select 1" });
  expect(synthesized.output.scheduled_query_role_arn!.value).toBe(ROLE_ARN);
  expect(synthesized.output).not.toHaveProperty("dead_letter_queue_arn");
});

test("the addresses of scheduled queries do not depend on their order", () => {
  const addresses = (...queries: object[]) =>
    Object.keys(stackOf(serverless({ queries })).resource.aws_scheduler_schedule!).sort();
  expect(addresses(NIGHTLY, HOURLY)).toStrictEqual(addresses(HOURLY, NIGHTLY));
});

test("scheduledQueries with deadLetterQueueName output the ARN of the queue", () => {
  const { output } = stackOf(serverless({ deadLetterQueueName: "failed", queries: [NIGHTLY] }));
  expect(output.dead_letter_queue_arn!.value).toMatch(/^\$\{aws_sqs_queue\..*\.arn\}$/);
});

describe("scheduledQueries under a shared key", () => {
  const keys = [{ ...ENTRY, administrators: [ADMIN_ARN], name: "shared" }];
  const warehouse = { administrators: undefined, key: "shared", name: "sales" };

  test("have their role in the stack of the key, whose policy names the role", () => {
    const settings = { permissionsBoundary: `arn:aws:iam::${ACCOUNT}:policy/Boundary`, rolePath: "/team/" };
    const queries = serverless({ ...settings, queries: [NIGHTLY], roleName: "SalesQueries" });
    const [shared, sales] = stacksOf(
      [
        { ...warehouse, ...queries },
        { ...warehouse, ...serverless({ queries: [NIGHTLY] }), name: "costs" },
      ],
      { keys },
    );
    const arn = `arn:aws:iam::${ACCOUNT}:role/team/SalesQueries`;
    const roles = Object.values(shared!.resource.aws_iam_role!);
    expect(roles).toMatchObject([{ name: "costs-queries" }, { name: "SalesQueries", path: "/team/" }]);
    const { policy } = only(shared!, type("aws_kms_key"));
    expect(statementsOf(policy as string)[2]!.Principal).toStrictEqual({
      AWS: [`arn:aws:iam::${ACCOUNT}:role/costs-queries`, USER_ARN, arn].sort(),
    });
    expect(shared!.output.user_role_arns!.value).toContain(arn);
    expect(sales!.resource).not.toHaveProperty("aws_iam_role");
    expect(only(sales!, type("aws_scheduler_schedule"))).toMatchObject({ target: { role_arn: arn } });
  });

  test("report a role name that is too long at the path of the warehouse", () => {
    const queries = serverless({ groupName: "g".repeat(60), queries: [NIGHTLY] });
    expect(() => stacksOf([{ ...warehouse, ...queries }], { keys })).toThrow(
      /^w\.yaml:\d+ warehouses\[0\]\.serverless\.scheduledQueries\.roleName must be 1 to 64 letters/,
    );
  });
});

describe("sqlFile of a scheduled query", () => {
  const home = process.cwd();
  const directory = mkdtempSync(join(tmpdir(), "sql-"));
  const project = join(directory, "project");

  beforeAll(() => {
    mkdirSync(join(project, "sql"), { recursive: true });
    writeFileSync(join(project, "sql", "nightly.sql"), "select 'é';\n");
    writeFileSync(join(project, "sql", "empty.sql"), "\n");
    writeFileSync(join(project, "sql", "latin.sql"), Buffer.from([0xe9]));
    writeFileSync(join(directory, "secret.sql"), "the secret");
    symlinkSync(join(directory, "secret.sql"), join(project, "sql", "link.sql"));
    process.chdir(project);
  });
  afterAll(() => {
    process.chdir(home);
    rmSync(directory, { recursive: true });
  });
  const queryOf = (query: object) => serverless({ queries: [{ ...NIGHTLY, sql: undefined, ...query }] });

  test("gives the SQL statement of the file", () => {
    const synthesized = stackOf(queryOf({ sqlFile: "sql/nightly.sql" }));
    expect(inputOf(only(synthesized, type("aws_scheduler_schedule"))).Sql).toBe("select 'é';");
  });

  const NAME_RULE =
    "must be the name of a file in or below the working directory that ends with .sql, such as sql/nightly.sql, got: ";

  test.each<[string, object, RegExp | string]>([
    ["in a folder above", { sqlFile: "../secret.sql" }, `sqlFile ${NAME_RULE}../secret.sql`],
    ["in a folder above a folder", { sqlFile: "sql/../../secret.sql" }, `sqlFile ${NAME_RULE}sql/../../secret.sql`],
    ["at an absolute path", { sqlFile: "/etc/secret.sql" }, `sqlFile ${NAME_RULE}/etc/secret.sql`],
    ["with another extension than .sql", { sqlFile: "terraform.tfstate" }, `sqlFile ${NAME_RULE}terraform.tfstate`],
    [
      "that is a symbolic link out of the working directory",
      { sqlFile: "sql/link.sql" },
      "sqlFile must not be a link to a file outside the working directory, got: sql/link.sql",
    ],
    [
      "that does not exist",
      { sqlFile: "sql/none.sql" },
      "sqlFile must be a file of SQL, got: sql/none.sql cannot be read: there is no such file",
    ],
    [
      "that is no UTF-8",
      { sqlFile: "sql/latin.sql" },
      "sqlFile must be a file of SQL, got: sql/latin.sql:1 cannot be read: it must be UTF-8",
    ],
    ["that is empty", { sqlFile: "sql/empty.sql" }, 'sql must be an SQL statement of 1 to 102400 bytes, got: ""'],
    [
      "beside 'sql'",
      { sql: "select 1", sqlFile: "sql/nightly.sql" },
      "sqlFile must not be combined with 'sql': the file has the statement, got: sql/nightly.sql",
    ],
    [
      "beside 'sqls'",
      { sqlFile: "sql/nightly.sql", sqls: ["select 1"] },
      "sql must not be combined with 'sqls': give one statement in 'sql', or several in 'sqls', got: select 'é';",
    ],
  ])("is refused %s", (_, query, message) => {
    expect(() => stackOf(queryOf(query))).toThrow(
      `warehouses[0].serverless.scheduledQueries.queries[0].${String(message)}`,
    );
  });
});

describe("scheduledQueries refuse, with the path of the entry,", () => {
  const place = "warehouses[0].serverless.scheduledQueries";
  const cluster = (scheduledQueries: object) => ({
    cluster: { nodeType: "ra3.large", scheduledQueries },
    name: "costs",
  });

  test.each<[string, readonly object[], string]>([
    [
      "two queries of the same name",
      [{ name: "sales", ...serverless({ queries: [NIGHTLY, { ...HOURLY, queryName: "nightly" }] }) }],
      `${place}.queries[1] must differ from each earlier item, in its name or in the thing that it is for, got: the same again`,
    ],
    [
      "a database that the role may not use",
      [{ ...cluster({ queries: [{ ...NIGHTLY, database: "other" }] }) }],
      "warehouses[0].cluster.scheduledQueries.queries[0].database must be one of the 'databases' of the group, dev, got: other",
    ],
    [
      "a database user for a serverless warehouse",
      [{ name: "sales", ...serverless({ databaseUser: "loader", queries: [NIGHTLY] }) }],
      `${place}.databaseUser must be left out, because only a cluster has this key`,
    ],
    [
      "an empty list of queries",
      [{ name: "sales", ...serverless({ queries: [] }) }],
      `${place}.queries must be a list of at least 1, got: []`,
    ],
    [
      "the schedule group of another warehouse",
      [
        { name: "sales", ...serverless({ queries: [NIGHTLY] }) },
        cluster({ groupName: "sales", queries: [NIGHTLY], roleName: "Costs" }),
      ],
      "warehouses[1].cluster.scheduledQueries.groupName must not be the schedule group of warehouses[0].name as well, got: sales",
    ],
    [
      "the role name of another warehouse",
      [
        { name: "sales", ...serverless({ queries: [NIGHTLY] }) },
        cluster({ queries: [NIGHTLY], roleName: "sales-queries" }),
      ],
      "warehouses[1].cluster.scheduledQueries.roleName must not be the role of warehouses[0].name as well, got: sales-queries",
    ],
    [
      "the queue name of another warehouse",
      [
        { name: "sales", ...serverless({ deadLetterQueueName: "failed", queries: [NIGHTLY] }) },
        cluster({ deadLetterQueueName: "failed", queries: [NIGHTLY] }),
      ],
      "warehouses[1].cluster.scheduledQueries.deadLetterQueueName must not be the queue of " +
        "warehouses[0].serverless.scheduledQueries.deadLetterQueueName as well, got: failed",
    ],
  ])("%s", (_, warehouses, message) => {
    expect(() => stacksOf(warehouses)).toThrow(message);
  });

  test("a role whose default name is the name of another role, with the name of the warehouse in the error", () => {
    const warehouses = [
      { name: "sales", ...serverless({ queries: [NIGHTLY], roleName: "costs-queries" }) },
      { ...cluster({ queries: [NIGHTLY] }), name: "costs" },
    ];
    expect(() => stacksOf(warehouses)).toThrow(
      / warehouses\[1\]\.name must not be the role of warehouses\[0\]\.serverless\.scheduledQueries\.roleName as well, got: costs$/,
    );
  });
});

test("the deployment policy of scheduled queries has actions on role, key, schedule, group and queue", () => {
  const queries = serverless({ deadLetterQueueName: "failed", queries: [NIGHTLY] });
  const synthesized = stackOf({ administrators: undefined, key: { keyArn: KEY_ARN }, ...queries });
  const statements = deploymentStatements(synthesized as unknown as StackFile, { seldom: false });
  const actionsOn = (resource: string) =>
    statements.filter(({ Resource }) => [Resource].flat().includes(resource)).flatMap(({ Action }) => Action);
  expect(actionsOn(ROLE_ARN)).toContain("iam:PassRole");
  expect(actionsOn(KEY_ARN)).toContain("kms:GenerateDataKey");
  expect(actionsOn(`arn:aws:scheduler:${REGION}:${ACCOUNT}:schedule/sales/nightly`)).toContain(
    "scheduler:UpdateSchedule",
  );
  expect(actionsOn(`arn:aws:scheduler:${REGION}:${ACCOUNT}:schedule-group/sales`)).toContain("scheduler:TagResource");
  expect(actionsOn(`arn:aws:sqs:${REGION}:${ACCOUNT}:failed`)).toContain("sqs:SetQueueAttributes");
});
