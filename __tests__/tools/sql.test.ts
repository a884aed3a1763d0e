import { type Field, RedshiftDataClient } from "@aws-sdk/client-redshift-data";
import { sqlHelp } from "../../app/cli/help";
import { sqlOf, type Grant } from "../../modules/data-api/database-grants";
import { grantsOf } from "../../modules/data-api/database-roles";
import { readArguments } from "../../tools/sql/arguments";
import { configuredRoles } from "../../tools/sql/configured";
import { batchesOf, Database } from "../../tools/sql/database";
import { differenceOf, type DatabaseState } from "../../tools/sql/difference";
import { readDatabaseState } from "../../tools/sql/system-views";
import { ACCOUNT, ADMIN_ARN, KEY_ARN, REGION, USER_ARN } from "../support/arns";
import { fleetOf } from "../support/support";
import { parseStatement } from "../support/postgres";

describe("the arguments of sql", () => {
  test("are a stack name with --plan, or with --apply and --revoke", () => {
    const options = { isApplied: false, profile: undefined, revokes: false, stackName: "sales" };
    expect(readArguments(["sales", "--plan"])).toStrictEqual(options);
    expect(readArguments(["--apply", "--revoke", "--profile", "p", "sales"])).toStrictEqual({
      isApplied: true,
      profile: "p",
      revokes: true,
      stackName: "sales",
    });
    expect(readArguments(["--help"])).toBeUndefined();
  });

  test.each([
    [["--plan"], "arguments must name exactly one stack, got: nothing"],
    [["a", "b", "--plan"], "arguments must name exactly one stack, got: a b"],
    [["a"], "arguments must have either --plan or --apply, got: neither"],
    [["a", "--plan", "--apply"], "arguments must have either --plan or --apply, got: both"],
    [["a", "--drop"], "Unknown option '--drop'; npm --silent run sql -- --help lists the options"],
  ])("refuse %j", (args, message) => {
    expect(() => readArguments(args)).toThrow(new Error(message));
  });

  test("are listed by --help, each in a line", () => {
    expect(sqlHelp().match(/^ {2}--\w+/gm)).toStrictEqual(
      ["--plan", "--apply", "--revoke", "--profile", "--help"].map((option) => `  ${option}`),
    );
  });
});

describe("configuredRoles", () => {
  const databaseRoles = { database: "sales", roles: [{ name: "reporting" }] };
  const ENTRY = { account: ACCOUNT, databaseRoles, name: "sales", region: REGION, users: [USER_ARN] };
  const OWN = { ...ENTRY, administrators: [ADMIN_ARN] };
  const adminSecretArn = `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:redshift!sales-admin-AbCdEf`;
  const configured = (entry: object, more: object = {}) =>
    configuredRoles(fleetOf({ "w.yaml": JSON.stringify({ ...more, warehouses: [entry] }) }), "sales");

  test.each<[object, object]>([
    [{ ...OWN, serverless: {} }, { WorkgroupName: "sales" }],
    [{ ...OWN, serverless: { namespaceName: "orders" } }, { WorkgroupName: "orders" }],
    [{ ...OWN, serverless: { namespaceName: "orders", workgroupName: "sellers" } }, { WorkgroupName: "sellers" }],
    [{ ...OWN, cluster: { nodeType: "ra3.large" } }, { ClusterIdentifier: "sales" }],
    [{ ...OWN, cluster: { clusterIdentifier: "orders", nodeType: "ra3.large" } }, { ClusterIdentifier: "orders" }],
    [
      { ...ENTRY, existing: { clusterIdentifier: "orders" }, key: { keyArn: KEY_ARN } },
      { ClusterIdentifier: "orders" },
    ],
    [{ ...ENTRY, existing: { workgroupName: "orders" }, key: { keyArn: KEY_ARN } }, { WorkgroupName: "orders" }],
  ])("of the entry %j has the target %j", (entry, target) => {
    expect(configured(entry).target).toStrictEqual(target);
  });

  test("has account, Region and admin secret of the warehouse", () => {
    const existing = { adminSecretArn, workgroupName: "orders" };
    const { databaseRoles: roles, ...others } = configured({ ...ENTRY, existing, key: { keyArn: KEY_ARN } });
    expect(others).toStrictEqual({
      account: ACCOUNT,
      adminSecretArn,
      region: REGION,
      target: { WorkgroupName: "orders" },
    });
    expect(roles.statements).toStrictEqual(['CREATE ROLE "reporting"']);
  });

  test("throws for a stack without databaseRoles, and names a similar stack", () => {
    expect(() => configured({ ...OWN, databaseRoles: undefined, serverless: {} })).toThrow(
      new Error("the stack must be a warehouse with 'databaseRoles', got: sales"),
    );
    const keys = [{ account: ACCOUNT, administrators: [ADMIN_ARN], name: "sales", region: REGION }];
    expect(() => configured({ ...ENTRY, key: "sales", name: "other", serverless: {} }, { keys })).toThrow(
      new Error("the stack must be a warehouse with 'databaseRoles', got: sales"),
    );
    expect(() => configured({ ...OWN, name: "orders", serverless: {} })).toThrow("did you mean orders?");
  });
});

const DESIRED = grantsOf({
  database: "sales",
  roles: [
    {
      databaseUsers: ["loader"],
      defaultPrivileges: [{ owner: "loader", privileges: ["SELECT"], schema: "orders" }],
      iamRoles: ["Analyst"],
      memberRoles: ["auditing"],
      name: "reporting",
      schemaGrants: [{ privileges: ["USAGE"], schema: "orders" }],
      tableGrants: [
        { privileges: ["SELECT"], schema: "orders" },
        { privileges: ["INSERT"], schema: "logs", tables: ["access"] },
      ],
    },
  ],
});
const TABLES = [
  { schema: "orders", table: "lines" },
  { schema: "orders", table: "notes" },
  { schema: "elsewhere", table: "lines" },
];
const onTable = (schema: string, table: string, privilege: string, grantee = "reporting"): Grant => ({
  grantee,
  kind: "table",
  object: [schema, table],
  privilege,
});
/** A database that has everything. */
const FULL: DatabaseState = {
  grants: [
    ...DESIRED.filter(({ kind }) => kind !== "allTables"),
    { kind: "user", object: ["loader"] },
    onTable("orders", "lines", "SELECT"),
    onTable("orders", "notes", "SELECT"),
  ],
  tables: TABLES,
};

describe("differenceOf", () => {
  const without = (isLeftOut: (grant: Grant) => boolean): DatabaseState => ({
    ...FULL,
    grants: FULL.grants.filter((grant) => !isLeftOut(grant)),
  });
  const withMore = (...grants: readonly Grant[]): DatabaseState => ({ ...FULL, grants: [...FULL.grants, ...grants] });

  test("is empty for a database that has all configured grants", () => {
    expect(differenceOf(DESIRED, FULL)).toStrictEqual({ extra: [], missing: [], unknownUsers: [] });
  });

  test("is empty if Redshift returns user names in lowercase", () => {
    const grants = FULL.grants.map((grant): Grant => {
      const object = grant.kind === "user" ? grant.object.map((name) => name.toLowerCase()) : grant.object;
      return { ...grant, grantee: grant.kind === "memberUser" ? grant.grantee!.toLowerCase() : grant.grantee, object };
    });
    expect(differenceOf(DESIRED, { ...FULL, grants })).toStrictEqual({ extra: [], missing: [], unknownUsers: [] });
  });

  test.each<[string, (grant: Grant) => boolean, readonly string[]]>([
    ["a role", ({ kind }) => kind === "role", ['CREATE ROLE "reporting"']],
    [
      "the user of an IAM role",
      ({ kind, object }) => kind === "user" && object[0] !== "loader",
      ['CREATE USER "IAMR:Analyst" PASSWORD DISABLE'],
    ],
    [
      "a privilege on one table of a schema",
      ({ kind, object }) => kind === "table" && object[1] === "notes",
      ['GRANT SELECT ON ALL TABLES IN SCHEMA "orders" TO ROLE "reporting"'],
    ],
    [
      "a privilege on a table",
      ({ object }) => object[0] === "logs",
      ['GRANT INSERT ON TABLE "logs"."access" TO ROLE "reporting"'],
    ],
    [
      "a default privilege",
      ({ kind }) => kind === "defaultPrivilege",
      ['ALTER DEFAULT PRIVILEGES FOR USER "loader" IN SCHEMA "orders" GRANT SELECT ON TABLES TO ROLE "reporting"'],
    ],
    ["a member", ({ kind }) => kind === "memberRole", ['GRANT ROLE "reporting" TO ROLE "auditing"']],
  ])("has the statement that adds %s that the database lacks", (_, isLeftOut, statements) => {
    const { extra, missing } = differenceOf(DESIRED, without(isLeftOut));
    expect(sqlOf(missing)).toStrictEqual(statements);
    expect(extra).toStrictEqual([]);
  });

  test("has no grant on all tables of a schema that has no tables", () => {
    const { missing } = differenceOf(DESIRED, { ...without(({ object }) => object[0] === "orders"), tables: [] });
    expect(sqlOf(missing).filter((statement) => statement.includes("TABLES IN"))).toStrictEqual([]);
  });

  test.each<[string, Grant, readonly string[]]>([
    [
      "revokes an additional privilege on a table of the configuration",
      onTable("orders", "notes", "DELETE"),
      ['REVOKE DELETE ON TABLE "orders"."notes" FROM ROLE "reporting"'],
    ],
    [
      "revokes an additional privilege on a schema of the configuration",
      { grantee: "reporting", kind: "schema", object: ["orders"], privilege: "CREATE" },
      ['REVOKE CREATE ON SCHEMA "orders" FROM ROLE "reporting"'],
    ],
    [
      "revokes an additional member",
      { grantee: "intruder", kind: "memberUser", object: ["reporting"] },
      ['REVOKE ROLE "reporting" FROM "intruder"'],
    ],
    ["does not revoke a privilege on a table outside the configuration", onTable("elsewhere", "lines", "SELECT"), []],
    [
      "does not revoke a privilege on a schema outside the configuration",
      { grantee: "reporting", kind: "schema", object: ["elsewhere"], privilege: "USAGE" },
      [],
    ],
    ["does not drop another user", { kind: "user", object: ["stranger"] }, []],
  ])("%s", (_, grant, statements) => {
    const { extra, missing } = differenceOf(DESIRED, withMore(grant));
    expect(sqlOf(extra, "REVOKE")).toStrictEqual(statements);
    expect(missing).toStrictEqual([]);
  });

  test("returns missing database users that the configuration does not create", () => {
    const { unknownUsers } = differenceOf(
      DESIRED,
      without(({ kind }) => kind === "user"),
    );
    expect(unknownUsers).toStrictEqual(["loader"]);
  });
});

describe("readDatabaseState", () => {
  const read = async (
    rows: Readonly<Record<string, readonly Readonly<Record<string, string>>[]>>,
    desired = DESIRED,
  ) => {
    const queries: (readonly [sql: string, values: object])[] = [];
    const existing = await readDatabaseState(
      async (sql, values) => {
        queries.push([sql, values]);
        return Promise.resolve(rows[/ FROM (\w+)/.exec(sql)![1]!] ?? []);
      },
      desired,
      "sales",
    );
    return { existing, queries };
  };

  test("passes role and schema names to the queries as parameters", async () => {
    const { queries } = await read({});
    expect(queries).toHaveLength(9);
    expect(queries[0]).toStrictEqual([
      "SELECT schema_name, table_name FROM svv_redshift_tables WHERE database_name = :database AND schema_name IN (:schema1)",
      { database: "sales", schema1: "orders" },
    ]);
    expect(queries[1]).toStrictEqual(["SELECT user_name FROM svv_user_info", {}]);
    expect(queries.slice(2).map(([, values]) => values)).toStrictEqual(Array(7).fill({ role1: "reporting" }));
    expect(queries.at(-2)![0]).toBe(
      "SELECT namespace_name, relation_name, identity_name, privilege_type FROM svv_relation_privileges " +
        "WHERE identity_type = 'role' AND identity_name IN (:role1)",
    );
  });

  test("has queries that PostgreSQL's parser reads, and whose text has no hostile name", async () => {
    const hostile = "a'; drop table b; --";
    const desired: readonly Grant[] = [
      { kind: "role", object: [hostile] },
      { grantee: hostile, kind: "allTables", object: [hostile], privilege: "SELECT" },
    ];
    const { queries } = await read({}, desired);
    for (const [sql] of queries) {
      expect(sql).not.toContain(hostile);
      expect((await parseStatement(sql.replace(/:\w+/g, "'x'"))).type).toBe("SelectStmt");
    }
  });

  test("returns tables and grants, except privileges that a configuration cannot have", async () => {
    const toReporting = { identity_name: "reporting" };
    const { existing } = await read({
      svv_database_privileges: [{ ...toReporting, database_name: "sales", privilege_type: "TEMPORARY" }],
      svv_default_privileges: [
        { grantee_name: "reporting", owner_name: "loader", privilege_type: "RULE", schema_name: "orders" },
        { grantee_name: "reporting", owner_name: "loader", privilege_type: "SELECT", schema_name: "orders" },
      ],
      svv_redshift_tables: [{ schema_name: "orders", table_name: "notes" }],
      svv_role_grants: [{ granted_role_name: "reporting", role_name: "auditing" }],
      svv_user_info: [{ user_name: "loader" }],
    });
    expect(existing.tables).toStrictEqual([{ schema: "orders", table: "notes" }]);
    expect(existing.grants.map((grant) => JSON.parse(JSON.stringify(grant)) as unknown)).toStrictEqual([
      { kind: "user", object: ["loader"] },
      { grantee: "auditing", kind: "memberRole", object: ["reporting"] },
      { grantee: "reporting", kind: "database", object: ["sales"], privilege: "TEMP" },
      { grantee: "reporting", kind: "defaultPrivilege", object: ["loader", "orders"], privilege: "SELECT" },
    ]);
  });
});

describe("the Database of sql", () => {
  /** A database whose client gives answers, by the name of the command, and keeps the requests. */
  function databaseWith(answers: Readonly<Record<string, readonly object[]>>) {
    const requests: object[] = [];
    const left = Object.fromEntries(Object.entries(answers).map(([name, list]) => [name, [...list]]));
    const send = (command: object) => {
      const { input } = command as { readonly input: object };
      requests.push(input);
      return left[command.constructor.name.replace("Command", "")]!.shift();
    };
    // The pages of a result take only a client of this class.
    const client = Object.assign(Object.create(RedshiftDataClient.prototype) as RedshiftDataClient, { send });
    return {
      database: new Database(client, { Database: "sales", SecretArn: "secret", WorkgroupName: "sales" }),
      requests,
    };
  }
  const page = (names: readonly Field[], NextToken?: string) => ({
    ColumnMetadata: [{ name: "role_name" }],
    NextToken,
    Records: names.map((field) => [field]),
  });

  test("waits until a statement has finished, and reads all pages", async () => {
    const { database, requests } = databaseWith({
      DescribeStatement: [{ Status: "STARTED" }, { Status: "FINISHED" }],
      ExecuteStatement: [{ Id: "1" }],
      GetStatementResult: [page([{ stringValue: "a" }], "next"), page([{ isNull: true }])],
    });
    expect(
      await database.select("SELECT role_name FROM svv_roles WHERE role_name = :role1", { role1: "a" }),
    ).toStrictEqual([{ role_name: "a" }, { role_name: "" }]);
    expect(requests[0]).toStrictEqual({
      Database: "sales",
      Parameters: [{ name: "role1", value: "a" }],
      SecretArn: "secret",
      Sql: "SELECT role_name FROM svv_roles WHERE role_name = :role1",
      WorkgroupName: "sales",
    });
    expect(requests).toHaveLength(5);
  });

  test("throws with the query that fails", async () => {
    const { database } = databaseWith({
      DescribeStatement: [{ Error: "ERROR: permission denied", Status: "FAILED" }],
      ExecuteStatement: [{ Id: "1" }],
    });
    await expect(database.select("SELECT a FROM b", {})).rejects.toThrow(
      new Error("the database must answer SELECT a FROM b, got: ERROR: permission denied"),
    );
  });

  test("throws with the failed statement of a transaction, or with the ID of the transaction", async () => {
    const SubStatements = [
      { QueryString: "CREATE ROLE a", Status: "FINISHED" },
      { Error: "ERROR: no schema", QueryString: "GRANT b", Status: "FAILED" },
    ];
    const { database, requests } = databaseWith({
      BatchExecuteStatement: [{ Id: "1" }, { Id: "2" }],
      DescribeStatement: [{ Status: "FAILED", SubStatements }, { Status: "ABORTED" }],
    });
    await expect(database.run(["CREATE ROLE a", "GRANT b"])).rejects.toThrow(
      new Error("the database must run GRANT b, got: ERROR: no schema"),
    );
    expect(requests[0]).toMatchObject({ SecretArn: "secret", Sqls: ["CREATE ROLE a", "GRANT b"] });
    await expect(database.run(["GRANT b"])).rejects.toThrow(
      new Error("the database must run the transaction 2, got: ABORTED"),
    );
  });
});

describe("batchesOf", () => {
  test("returns batches of at most 40 statements, in their order", () => {
    const statements = Array.from({ length: 81 }, (_, index) => `${index}`);
    const batches = batchesOf(statements);
    expect(batches.map(({ length }) => length)).toStrictEqual([40, 40, 1]);
    expect(batches.flat()).toStrictEqual(statements);
    expect(batchesOf([])).toStrictEqual([]);
  });

  test("returns batches of at most 100,000 bytes", () => {
    const long = "é".repeat(25_000);
    expect(batchesOf([long, long, "a", long]).map(({ length }) => length)).toStrictEqual([2, 2]);
  });
});
