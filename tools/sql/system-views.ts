import type { Grant } from "../../modules/data-api/database-grants";
import { DATABASE_PRIVILEGE, SCHEMA_PRIVILEGE, TABLE_PRIVILEGE } from "../../modules/private/rules";
import type { Rule } from "../../modules/private/rule";
import type { Row } from "./database";
import type { DatabaseState, Table } from "./difference";

/** Runs a SELECT statement and returns its rows. Names are passed as parameters, and are no part of the SQL text. */
export type Select = (sql: string, values: Readonly<Record<string, string>>) => Promise<readonly Row[]>;

/** A system view that shows grants. */
interface View {
  /** The columns that name the object, from the outer to the inner. */
  readonly object: readonly string[];
  /** The column that names the grantee. */
  readonly grantee?: string;
  readonly kind: Grant["kind"];
  readonly name: string;
  /** The rule of the privileges that a configuration can have. Rows with another privilege are ignored. */
  readonly privileges?: Rule;
  /** The column by which rows are limited to the configured roles. Without it, every row is read. */
  readonly role?: string;
  /** A further condition on the rows, in SQL. */
  readonly where?: string;
}

const ROLE_GRANTS = "identity_type = 'role'";
/** The system views that show the kinds of grants that a configuration can have. */
const VIEWS: readonly View[] = [
  // https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_USER_INFO.html
  { kind: "user", name: "svv_user_info", object: ["user_name"] },
  // https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_ROLES.html
  { kind: "role", name: "svv_roles", object: ["role_name"], role: "role_name" },
  {
    // https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_ROLE_GRANTS.html: the role `role_name` has the role `granted_role_name`.
    grantee: "role_name",
    kind: "memberRole",
    name: "svv_role_grants",
    object: ["granted_role_name"],
    role: "granted_role_name",
  },
  {
    // https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_USER_GRANTS.html
    grantee: "user_name",
    kind: "memberUser",
    name: "svv_user_grants",
    object: ["role_name"],
    role: "role_name",
  },
  {
    // https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_DATABASE_PRIVILEGES.html
    grantee: "identity_name",
    kind: "database",
    name: "svv_database_privileges",
    object: ["database_name"],
    privileges: DATABASE_PRIVILEGE,
    role: "identity_name",
    where: `${ROLE_GRANTS} AND privilege_scope = 'DATABASE'`,
  },
  {
    // https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_SCHEMA_PRIVILEGES.html
    grantee: "identity_name",
    kind: "schema",
    name: "svv_schema_privileges",
    object: ["namespace_name"],
    privileges: SCHEMA_PRIVILEGE,
    role: "identity_name",
    where: `${ROLE_GRANTS} AND privilege_scope = 'SCHEMA'`,
  },
  {
    // https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_RELATION_PRIVILEGES.html
    grantee: "identity_name",
    kind: "table",
    name: "svv_relation_privileges",
    object: ["namespace_name", "relation_name"],
    privileges: TABLE_PRIVILEGE,
    role: "identity_name",
    where: ROLE_GRANTS,
  },
  {
    // https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_DEFAULT_PRIVILEGES.html
    grantee: "grantee_name",
    kind: "defaultPrivilege",
    name: "svv_default_privileges",
    object: ["owner_name", "schema_name"],
    privileges: TABLE_PRIVILEGE,
    role: "grantee_name",
    where: "grantee_type = 'role' AND object_type = 'RELATION'",
  },
];

/** Reads the grants of the configured roles from a database. It sends SELECT statements only. */
export async function readDatabaseState(
  select: Select,
  desired: readonly Grant[],
  database: string,
): Promise<DatabaseState> {
  const roles = namesOf(desired, "role");
  const [tables, ...grants] = await Promise.all([
    readTables(select, namesOf(desired, "allTables"), database),
    ...VIEWS.map(async (view) => readGrants(select, view, roles)),
  ]);
  return { grants: grants.flat(), tables };
}

/** Returns the names of the objects in the grants of one kind, each once. */
function namesOf(grants: readonly Grant[], kind: Grant["kind"]): readonly string[] {
  return [...new Set(grants.filter((grant) => grant.kind === kind).map(({ object: [name] }) => name!))].sort();
}

async function readGrants(select: Select, view: View, roles: readonly string[]): Promise<readonly Grant[]> {
  const { grantee, kind, object, privileges, role, where } = view;
  const columns = [...object, ...(grantee === undefined ? [] : [grantee]), ...(privileges ? ["privilege_type"] : [])];
  const names = role === undefined ? undefined : parameters("role", roles);
  const conditions = [...(where === undefined ? [] : [where]), ...(names ? [`${role!} IN (${names.list})`] : [])];
  const filter = conditions.length === 0 ? "" : ` WHERE ${conditions.join(" AND ")}`;
  const rows = await select(`SELECT ${columns.join(", ")} FROM ${view.name}${filter}`, names?.values ?? {});
  return rows
    .map((row): Grant => ({
      grantee: grantee === undefined ? undefined : row[grantee],
      kind,
      object: object.map((column) => row[column]!),
      privilege: privileges && privilegeOf(row),
    }))
    .filter(({ privilege }) => privileges === undefined || privileges.values!.includes(privilege!));
}

/** Returns the privilege of a row. Redshift has two words for the privilege on temporary tables. Both become `TEMP`. */
function privilegeOf({ privilege_type: privilege }: Row): string {
  return privilege === "TEMPORARY" ? "TEMP" : privilege!;
}

async function readTables(select: Select, schemas: readonly string[], database: string): Promise<readonly Table[]> {
  if (schemas.length === 0) {
    return [];
  }
  // https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_REDSHIFT_TABLES.html
  const { list, values } = parameters("schema", schemas);
  const rows = await select(
    `SELECT schema_name, table_name FROM svv_redshift_tables WHERE database_name = :database AND schema_name IN (${list})`,
    { ...values, database },
  );
  return rows.map((row) => ({ schema: row.schema_name!, table: row.table_name! }));
}

/** Returns a list of named parameters for SQL, one for each value, and the values by name. */
function parameters(
  prefix: string,
  names: readonly string[],
): { readonly list: string; readonly values: Readonly<Record<string, string>> } {
  const values = Object.fromEntries(names.map((name, index) => [`${prefix}${index + 1}`, name]));
  return {
    list: Object.keys(values)
      .map((name) => `:${name}`)
      .join(", "),
    values,
  };
}
