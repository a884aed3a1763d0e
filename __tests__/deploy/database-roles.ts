import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { ConfigurationFile } from "../../app/config/configuration-file";
import { Fleet } from "../../app/config/fleet";
import type { Options } from "../../tools/sql/arguments";
import { runSql } from "../../tools/sql/run";
import { REGION } from "../support/arns";
import { ROOT } from "../support/paths";
import { blocks, DATABASE_ROLES as PAGE } from "../support/readme";
import { answerSql, makeRole, type SqlAnswers, sqlStatements } from "./endpoint";
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
const ofRole = (identity_name: string, privilege_type: string) => ({ identity_name, privilege_type });

/** The views of a database without the roles. */
const EMPTY: NonNullable<SqlAnswers["views"]> = {
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
const FULL: NonNullable<SqlAnswers["views"]> = {
  svv_database_privileges: [{ database_name: "dev", ...ofRole("reporting", "TEMP") }],
  svv_default_privileges: [
    { grantee_name: "reporting", owner_name: "loader", privilege_type: "SELECT", schema_name: "orders" },
  ],
  svv_redshift_tables: TABLES,
  svv_relation_privileges: [
    { namespace_name: "orders", relation_name: "lines", ...ofRole("reporting", "SELECT") },
    { namespace_name: "orders", relation_name: "notes", ...ofRole("reporting", "SELECT") },
    { namespace_name: "orders", relation_name: "notes", ...ofRole("reporting", "DELETE") },
    { namespace_name: "logs", relation_name: "access", ...ofRole("auditing", "SELECT") },
    { namespace_name: "elsewhere", relation_name: "access", ...ofRole("auditing", "SELECT") },
  ],
  svv_role_grants: [{ granted_role_name: "reporting", role_name: "auditing" }],
  svv_roles: [{ role_name: "auditing" }, { role_name: "reporting" }],
  svv_schema_privileges: [{ namespace_name: "orders", ...ofRole("reporting", "USAGE") }],
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

/** Compares and applies the database roles of an applied stack, by a role with the documented permissions: in this process, then by the command. */
export async function expectDatabaseRoles(
  warehouse: Warehouse,
  warehouseArn: string,
  configurationFile: string,
): Promise<void> {
  const caller = "DatabaseRolesRunner";
  const { Statement: permissions } = JSON.parse(blocks("json", PAGE)[0]!) as { readonly Statement: readonly object[] };
  await makeRole(caller, permissions);
  const fleet = new Fleet([new ConfigurationFile("w.yaml", JSON.stringify({ warehouses: [warehouse] }))]);
  const client = {
    credentials: { accessKeyId: caller, secretAccessKey: "any" },
    endpoint: process.env.AWS_ENDPOINT_URL!,
  };
  const progress: string[] = [];
  const run = async (options: Partial<Options> = {}) => {
    progress.length = 0;
    const given = { isApplied: false, profile: undefined, revokes: false, stackName: warehouse.name as string };
    const output = { onProgress: (text: string) => progress.push(text), onStatement: () => undefined };
    return runSql(fleet, { ...given, ...options }, output, client);
  };
  const written = async () => (await sqlStatements(warehouseArn)).filter((sql) => !sql.startsWith("SELECT "));

  await answerSql(warehouseArn, { views: EMPTY });
  expect(await run()).toStrictEqual({ exitStatus: 2, statements: STATEMENTS });
  expect(await written()).toStrictEqual([]);
  expect((await run({ isApplied: true })).exitStatus).toBe(0);
  expect(await written()).toStrictEqual(STATEMENTS);

  // With pages of two rows, which the comparison reads to the end.
  await answerSql(warehouseArn, { pageSize: 2, views: FULL });
  expect(await run({ isApplied: true })).toStrictEqual({ exitStatus: 0, statements: [] });
  expect(progress).toStrictEqual([
    "reads the database dev",
    ...REVOKING.map((statement) => `kept, because --revoke is not given: ${statement}`),
    "the database has everything",
  ]);
  expect(await written()).toStrictEqual([]);
  expect(await run({ isApplied: true, revokes: true })).toStrictEqual({ exitStatus: 0, statements: REVOKING });
  expect(await written()).toStrictEqual(REVOKING);

  const [, , , , onSchema] = STATEMENTS as [string, string, string, string, string];
  await answerSql(warehouseArn, { errors: { [onSchema]: 'ERROR: schema "orders" does not exist' }, views: EMPTY });
  await expect(run({ isApplied: true })).rejects.toThrow(
    `the database must run ${onSchema}, got: ERROR: schema "orders" does not exist`,
  );
  await answerSql(warehouseArn, { views: { ...EMPTY, svv_user_info: [] } });
  await expect(run({ isApplied: true })).rejects.toThrow(
    "each of 'databaseUsers' and each 'owner' must be a user of the database: create it, or remove it, got: loader",
  );
  expect(await written()).toStrictEqual([]);

  await answerSql(warehouseArn, { views: EMPTY });
  const env = {
    ...process.env,
    AWS_ACCESS_KEY_ID: caller,
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
