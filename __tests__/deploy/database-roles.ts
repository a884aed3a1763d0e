import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { ListStatementsCommand } from "@aws-sdk/client-redshift-data";
import { ConfigurationFile } from "../../app/config/configuration-file";
import { Fleet } from "../../app/config/fleet";
import type { DatabaseRolesProps } from "../../modules";
import { grantsOf } from "../../modules/data-api/database-roles";
import type { Options } from "../../tools/sql/arguments";
import { runSql } from "../../tools/sql/run";
import { readDatabaseState } from "../../tools/sql/system-views";
import { REGION } from "../support/arns";
import { ROOT } from "../support/paths";
import { blocks, DATABASE_ROLES as PAGE } from "../support/readme";
import { answerStatements, type Caller, makeRole } from "./endpoint";
import type { Warehouse } from "./project";

/** The database roles of the stack. */
export const DATABASE_ROLES = {
  roles: [
    {
      databaseGrants: [{ privileges: ["TEMP"] }],
      databaseUsers: ["loader"],
      defaultPrivileges: [{ owner: "loader", privileges: ["SELECT"], schema: "orders" }],
      memberRoles: ["auditing"],
      name: "reporting",
      schemaGrants: [{ privileges: ["USAGE"], schema: "orders" }],
      tableGrants: [{ privileges: ["SELECT"], schema: "orders" }],
      users: ["AnalyticsUserRole"],
    },
    { name: "auditing", tableGrants: [{ privileges: ["SELECT"], schema: "logs", tables: ["access"] }] },
  ],
};
/** The statements of a database without them. */
export const STATEMENTS = [
  'CREATE USER "IAMR:AnalyticsUserRole" PASSWORD DISABLE',
  'CREATE ROLE "auditing"',
  'CREATE ROLE "reporting"',
  'GRANT TEMP ON DATABASE "dev" TO ROLE "reporting"',
  'GRANT USAGE ON SCHEMA "orders" TO ROLE "reporting"',
  'GRANT SELECT ON ALL TABLES IN SCHEMA "orders" TO ROLE "reporting"',
  'GRANT SELECT ON TABLE "logs"."access" TO ROLE "auditing"',
  'ALTER DEFAULT PRIVILEGES FOR USER "loader" IN SCHEMA "orders" GRANT SELECT ON TABLES TO ROLE "reporting"',
  'GRANT ROLE "reporting" TO ROLE "auditing"',
  'GRANT ROLE "reporting" TO "IAMR:AnalyticsUserRole"',
  'GRANT ROLE "reporting" TO "loader"',
];
const TABLES = [
  { schema_name: "orders", table_name: "lines" },
  { schema_name: "orders", table_name: "notes" },
];
const privilege = (identity_name: string, privilege_type: string) => ({ identity_name, privilege_type });

/** The rows of system views, by the name of the view. */
type Views = Readonly<Record<string, readonly Readonly<Record<string, string>>[]>>;

/** The views of a database without the roles. */
const EMPTY: Views = {
  svv_database_privileges: [],
  svv_default_privileges: [],
  svv_redshift_tables: TABLES,
  svv_relation_privileges: [],
  svv_role_grants: [],
  svv_roles: [],
  svv_schema_privileges: [],
  svv_user_grants: [],
  svv_user_info: [{ user_name: "loader" }, { user_name: "admin" }],
};
/** The views of a database that has everything, one privilege on a table too many, and one member. */
const FULL: Views = {
  svv_database_privileges: [{ database_name: "dev", ...privilege("reporting", "TEMP") }],
  svv_default_privileges: [
    { grantee_name: "reporting", owner_name: "loader", privilege_type: "SELECT", schema_name: "orders" },
  ],
  svv_redshift_tables: TABLES,
  svv_relation_privileges: [
    { namespace_name: "orders", relation_name: "lines", ...privilege("reporting", "SELECT") },
    { namespace_name: "orders", relation_name: "notes", ...privilege("reporting", "SELECT") },
    { namespace_name: "orders", relation_name: "notes", ...privilege("reporting", "DELETE") },
    { namespace_name: "logs", relation_name: "access", ...privilege("auditing", "SELECT") },
    { namespace_name: "elsewhere", relation_name: "access", ...privilege("auditing", "SELECT") },
  ],
  svv_role_grants: [{ granted_role_name: "reporting", role_name: "auditing" }],
  svv_roles: [{ role_name: "auditing" }, { role_name: "reporting" }],
  svv_schema_privileges: [{ namespace_name: "orders", ...privilege("reporting", "USAGE") }],
  svv_user_grants: [
    { role_name: "reporting", user_name: "IAMR:AnalyticsUserRole" },
    { role_name: "reporting", user_name: "loader" },
    { role_name: "auditing", user_name: "intruder" },
  ],
  svv_user_info: [{ user_name: "loader" }, { user_name: "IAMR:AnalyticsUserRole" }],
};
const REVOKING = [
  'REVOKE DELETE ON TABLE "orders"."notes" FROM ROLE "reporting"',
  'REVOKE ROLE "auditing" FROM "intruder"',
];

/** Compares and applies the database roles of an applied stack, as its admin, and as a role with the documented permissions. */
export async function expectDatabaseRoles(
  admin: Caller,
  warehouse: Warehouse,
  configurationFile: string,
): Promise<void> {
  const runner = "DatabaseRolesRunner";
  const { Statement: permissions } = JSON.parse(blocks("json", PAGE)[0]!) as { readonly Statement: readonly object[] };
  await makeRole(runner, permissions);
  const fleet = new Fleet([new ConfigurationFile("w.yaml", JSON.stringify({ warehouses: [warehouse] }))]);
  const progress: string[] = [];
  const run = async (options: Partial<Options> = {}, accessKeyId = admin.name) => {
    progress.length = 0;
    const given = { isApplied: false, profile: undefined, revokes: false, stackName: warehouse.name as string };
    const output = { onProgress: (text: string) => progress.push(text), onStatement: () => undefined };
    const clients = {
      credentials: { accessKeyId, secretAccessKey: "any" },
      endpoint: process.env.AWS_ENDPOINT_URL!,
    };
    return runSql(fleet, { ...given, ...options }, output, clients);
  };
  /** The transactions that the admin has sent to the warehouse since the last call. All else is SELECT statements. */
  let known = 0;
  const transactions = async () => {
    const listed = { Database: "dev", Status: "ALL", WorkgroupName: warehouse.name as string } as const;
    const { Statements = [] } = await admin.data.send(new ListStatementsCommand(listed));
    const batches = Statements.filter(({ IsBatchStatement }) => IsBatchStatement);
    const sent = batches.slice(known).map(({ QueryStrings }) => QueryStrings);
    known = batches.length;
    return sent;
  };
  const desired = grantsOf({ database: "dev", ...(DATABASE_ROLES as Pick<DatabaseRolesProps, "roles">) });
  const queries: string[] = [];
  await readDatabaseState(
    async (sql) => {
      queries.push(sql);
      return Promise.resolve([]);
    },
    desired,
    "dev",
  );
  /** Gives the rows of the views, two on a page. */
  const answerViews = async (views: Views) =>
    answerStatements(
      ...queries.map((sql) => {
        const [, columns, view] = /^SELECT (.+) FROM (\w+)/.exec(sql)!;
        const names = columns!.split(", ");
        const rows = views[view!]!.map((row) => names.map((name) => ({ stringValue: row[name]! })));
        const pages = Array.from({ length: Math.max(1, Math.ceil(rows.length / 2)) }, (_, page) =>
          rows.slice(2 * page, 2 * page + 2),
        );
        return { columns: names.map((name) => ({ name })), pages, sql };
      }),
    );

  await answerViews(EMPTY);
  expect(await run()).toStrictEqual({ exitStatus: 2, statements: STATEMENTS });
  expect(await transactions()).toStrictEqual([]);
  expect(await run({ isApplied: true })).toStrictEqual({ exitStatus: 0, statements: STATEMENTS });
  expect(progress.at(-1)).toBe("transaction 1 of 1 has run 11 statements");
  expect(await transactions()).toStrictEqual([STATEMENTS]);
  expect(await run({ isApplied: true }, runner)).toStrictEqual({ exitStatus: 0, statements: STATEMENTS });

  await answerViews(FULL);
  expect(await run({ isApplied: true })).toStrictEqual({ exitStatus: 0, statements: [] });
  expect(progress).toStrictEqual([
    "reads the database dev",
    ...REVOKING.map((statement) => `kept, because --revoke is not given: ${statement}`),
    "the database has everything",
  ]);
  expect(await transactions()).toStrictEqual([]);
  expect(await run({ isApplied: true, revokes: true })).toStrictEqual({ exitStatus: 0, statements: REVOKING });
  expect(await transactions()).toStrictEqual([REVOKING]);

  const [, , , , onSchema] = STATEMENTS as [string, string, string, string, string];
  await answerViews(EMPTY);
  await answerStatements({ error: 'ERROR: schema "orders" does not exist', sql: onSchema });
  await expect(run({ isApplied: true })).rejects.toThrow(
    `the database must run ${onSchema}, got: ERROR: schema "orders" does not exist`,
  );
  await answerViews({ ...EMPTY, svv_user_info: [] });
  await expect(run({ isApplied: true })).rejects.toThrow(
    "each of 'databaseUsers' and each 'owner' must be a user of the database: create it, or remove it, got: loader",
  );
  expect(await transactions()).toStrictEqual([STATEMENTS]);

  await answerViews(EMPTY);
  const env = {
    ...process.env,
    AWS_ACCESS_KEY_ID: runner,
    AWS_REGION: REGION,
    AWS_SECRET_ACCESS_KEY: "any",
    WAREHOUSES: configurationFile,
  };
  const args = ["--require", "./register.cjs", "tools/sql/main.ts", warehouse.name as string, "--plan"];
  const ended = promisify(execFile)(process.execPath, args, { cwd: ROOT, env });
  await expect(ended).rejects.toMatchObject({
    code: 2,
    stderr: "sql: reads the database dev\n",
    stdout: STATEMENTS.map((statement) => `${statement};\n`).join(""),
  });
}
