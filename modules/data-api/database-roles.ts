import { check, checkKnownList, checkRequired, fail } from "../private/checks";
import {
  checkEach,
  checkProps,
  code,
  decision,
  list,
  type PropRules,
  propRules,
  required,
  text,
} from "../private/prop-rules";
import {
  CUSTOM_DATABASE_ROLE,
  DATABASE_IDENTIFIER,
  DATABASE_NAME,
  DATABASE_PRIVILEGE,
  EXISTING_DATABASE_USER,
  ROLE_NAME,
  SCHEMA_PRIVILEGE,
  TABLE_PRIVILEGE,
} from "../private/rules";
import { ACCESS, type DataApiAccess, iamRoleUser } from "./data-api-access";
import { type Grant, sqlOf } from "./database-grants";

/**
 * A privilege on a database.
 *
 * @see https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_DATABASE_PRIVILEGES.html
 */
export type DatabasePrivilege = "ALTER" | "CREATE" | "TEMP" | "USAGE";
/**
 * A privilege on a schema.
 *
 * @see https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_SCHEMA_PRIVILEGES.html
 */
export type SchemaPrivilege = "ALTER" | "CREATE" | "USAGE";
/**
 * A privilege on a table or a view: one that a system view of Redshift shows.
 *
 * @see https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_RELATION_PRIVILEGES.html
 */
export type TablePrivilege = "DELETE" | "DROP" | "INSERT" | "REFERENCES" | "SELECT" | "UPDATE";

/** Privileges of a database role on a database. */
export interface DatabaseGrant {
  /** The privileges: ALTER, CREATE (schemas), TEMP (temporary tables), USAGE (of a database that was created from a datashare). */
  readonly privileges: readonly DatabasePrivilege[];
  /**
   * The name of the database.
   *
   * @default - the database of the schemas and tables
   */
  readonly database?: string | undefined;
}

/** Privileges of a database role on a schema. */
export interface SchemaGrant {
  /** The privileges: ALTER, CREATE, USAGE. A privilege on a table requires USAGE of its schema. */
  readonly privileges: readonly SchemaPrivilege[];
  /** The name of the schema: 1 to 127 characters. */
  readonly schema: string;
}

/** Privileges of a database role on tables and views of a schema. */
export interface TableGrant {
  /** The privileges: DELETE, DROP, INSERT, REFERENCES, SELECT, UPDATE. */
  readonly privileges: readonly TablePrivilege[];
  /** The name of the schema: 1 to 127 characters. */
  readonly schema: string;
  /**
   * The names of tables and views: 1 to 127 characters.
   *
   * @default - all tables and views that the schema has when the statement runs
   */
  readonly tables?: readonly string[] | undefined;
}

/** Privileges of a database role on the tables and views that a user creates later. */
export interface DefaultPrivilege {
  /** The database user that creates the tables: 1 to 127 characters. Tables of other users get no such privileges. */
  readonly owner: string;
  /** The privileges: DELETE, DROP, INSERT, REFERENCES, SELECT, UPDATE. */
  readonly privileges: readonly TablePrivilege[];
  /** The name of the schema: 1 to 127 characters. */
  readonly schema: string;
}

/** A database role, its privileges and its members. */
export interface DatabaseRole {
  /** The name of the role: 1 to 127 characters, none of them a capital letter. */
  readonly name: string;
  /**
   * The accesses whose database users are members. An access by a secret is refused: name the user of the secret in
   * `databaseUsers`.
   *
   * @default - none
   */
  readonly accesses?: readonly DataApiAccess[] | undefined;
  /**
   * The privileges on databases.
   *
   * @default - none
   */
  readonly databaseGrants?: readonly DatabaseGrant[] | undefined;
  /**
   * The members that are database users, which must exist: 1 to 127 characters.
   *
   * @default - none
   */
  readonly databaseUsers?: readonly string[] | undefined;
  /**
   * The privileges on tables and views that are created later.
   *
   * @default - none
   */
  readonly defaultPrivileges?: readonly DefaultPrivilege[] | undefined;
  /**
   * The members that are IAM roles, by their names. Their database user is `IAMR:` and the name of the role.
   *
   * @default - none
   */
  readonly iamRoles?: readonly string[] | undefined;
  /**
   * The members that are IAM users, by their names. Their database user is `IAM:` and the name of the user.
   *
   * @default - none
   */
  readonly iamUsers?: readonly string[] | undefined;
  /**
   * The members that are database roles: they have the privileges of this role.
   *
   * @default - none
   */
  readonly memberRoles?: readonly string[] | undefined;
  /**
   * The privileges on schemas.
   *
   * @default - none
   */
  readonly schemaGrants?: readonly SchemaGrant[] | undefined;
  /**
   * The privileges on tables and views.
   *
   * @default - none
   */
  readonly tableGrants?: readonly TableGrant[] | undefined;
}

/** The database roles of a warehouse. */
export interface DatabaseRolesProps {
  /** The database of the schemas and tables. */
  readonly database: string;
  /** The roles. */
  readonly roles: readonly DatabaseRole[];
}

/** @internal */
export const DATABASE_GRANT_PROPS = propRules("DatabaseGrant", {
  privileges: required(decision(list(DATABASE_PRIVILEGE, "privilege"))),
  database: decision(text(DATABASE_NAME)),
} satisfies PropRules<DatabaseGrant>);

/** @internal */
export const SCHEMA_GRANT_PROPS = propRules("SchemaGrant", {
  privileges: required(decision(list(SCHEMA_PRIVILEGE, "privilege"))),
  schema: required(decision(text(DATABASE_IDENTIFIER))),
} satisfies PropRules<SchemaGrant>);

/** @internal */
export const TABLE_GRANT_PROPS = propRules("TableGrant", {
  privileges: required(decision(list(TABLE_PRIVILEGE, "privilege"))),
  schema: required(decision(text(DATABASE_IDENTIFIER))),
  tables: decision(list(DATABASE_IDENTIFIER, "table")),
} satisfies PropRules<TableGrant>);

/** @internal */
export const DEFAULT_PRIVILEGE_PROPS = propRules("DefaultPrivilege", {
  owner: required(decision(text(EXISTING_DATABASE_USER))),
  privileges: required(decision(list(TABLE_PRIVILEGE, "privilege"))),
  schema: required(decision(text(DATABASE_IDENTIFIER))),
} satisfies PropRules<DefaultPrivilege>);

/** @internal */
export const DATABASE_ROLE_PROPS = propRules("DatabaseRole", {
  name: required(decision(text(CUSTOM_DATABASE_ROLE))),
  accesses: code(),
  databaseGrants: code(),
  databaseUsers: decision(list(EXISTING_DATABASE_USER)),
  defaultPrivileges: code(),
  iamRoles: decision(list(ROLE_NAME)),
  iamUsers: decision(list(ROLE_NAME)),
  memberRoles: decision(list(CUSTOM_DATABASE_ROLE)),
  schemaGrants: code(),
  tableGrants: code(),
} satisfies PropRules<DatabaseRole>);

/** @internal */
export const DATABASE_ROLES_PROPS = propRules("DatabaseRolesProps", {
  database: required(decision(text(DATABASE_NAME))),
  roles: required(code({ must: "be a list of roles", test: Array.isArray })),
} satisfies PropRules<DatabaseRolesProps>);

/** The text that errors show in place of a path, because this class is no construct. */
const WHERE = "DatabaseRoles";

/**
 * The database roles of a warehouse, their privileges and their members, as SQL. Terraform runs no SQL: the app outputs the
 * statements, and `npm run sql` runs the statements that a database lacks.
 *
 * @example
 * const roles = new DatabaseRoles({
 *   database: "sales",
 *   roles: [
 *     {
 *       name: "reporting",
 *       iamRoles: ["Analyst"],
 *       schemaGrants: [{ privileges: ["USAGE"], schema: "orders" }],
 *       tableGrants: [{ privileges: ["SELECT"], schema: "orders" }],
 *     },
 *   ],
 * });
 * new TerraformOutput(stack, "database_roles_sql", { value: roles.statements });
 * @see https://docs.aws.amazon.com/redshift/latest/dg/t_Roles.html
 */
export class DatabaseRoles implements DatabaseRolesProps {
  public readonly database: string;
  public readonly roles: readonly DatabaseRole[];
  /**
   * The statements that create the roles and their members in a database that has none of them, in their order. They have no
   * semicolon at the end.
   */
  public readonly statements: readonly string[];

  /** @throws if a prop breaks its rule, two roles have one name, or roles are members of each other */
  public constructor(props: DatabaseRolesProps) {
    checkProps(WHERE, props, DATABASE_ROLES_PROPS, ({ roles }) =>
      checkEach(WHERE, "roles", roles, DATABASE_ROLE_PROPS, checkRole),
    );
    checkNames(props.roles);
    checkCycles(props.roles);
    this.database = props.database;
    this.roles = props.roles;
    this.statements = sqlOf(grantsOf(props));
  }
}

function checkRole(role: DatabaseRole, place: string): void {
  checkEach(WHERE, `${place}.databaseGrants`, role.databaseGrants, DATABASE_GRANT_PROPS);
  checkEach(WHERE, `${place}.defaultPrivileges`, role.defaultPrivileges, DEFAULT_PRIVILEGE_PROPS);
  checkEach(WHERE, `${place}.schemaGrants`, role.schemaGrants, SCHEMA_GRANT_PROPS);
  checkEach(WHERE, `${place}.tableGrants`, role.tableGrants, TABLE_GRANT_PROPS);
  checkKnownList(WHERE, `${place}.accesses`, role.accesses);
  role.accesses?.forEach((access, index) => {
    checkRequired(WHERE, `${place}.accesses[${index}]`, access, ACCESS);
    if (access.databaseUserName === undefined) {
      const must =
        "be an access without a secret, for a role whose name is known: name the user of a secret in 'databaseUsers', and " +
        "other roles in 'iamRoles'";
      fail(WHERE, `${place}.accesses[${index}]`, must, access.node.path);
    }
    check(WHERE, `${place}.accesses[${index}]`, access.databaseUserName, EXISTING_DATABASE_USER);
  });
}

/** Refuses two roles of one name, and a role with the name of a user. Redshift refuses both, too. */
function checkNames(roles: readonly DatabaseRole[]): void {
  const users = new Set(roles.flatMap((role) => [...loginsOf(role), ...(role.databaseUsers ?? [])]));
  roles.forEach(({ name }, index) => {
    if (roles.findIndex((role) => role.name === name) !== index) {
      fail(WHERE, `roles[${index}].name`, "not repeat an earlier item", name);
    }
    if (users.has(name)) {
      fail(WHERE, `roles[${index}].name`, "not be the name of a database user", name);
    }
  });
}

/** Refuses a role that is a member of itself, directly or through other roles. Redshift refuses it, too. */
function checkCycles(roles: readonly DatabaseRole[]): void {
  const members = new Map(roles.map(({ memberRoles = [], name }) => [name, memberRoles]));
  roles.forEach(({ name }, index) => {
    const reached = new Set(members.get(name));
    reached.forEach((member) => (members.get(member) ?? []).forEach((next) => reached.add(next)));
    if (reached.has(name)) {
      fail(WHERE, `roles[${index}].memberRoles`, "not have the role as a member, directly or through roles", name);
    }
  });
}

/** Returns the database users of a role that log in with IAM credentials. The statements create them. */
function loginsOf({ accesses = [], iamRoles = [], iamUsers = [] }: DatabaseRole): readonly string[] {
  return [
    ...accesses.map(({ databaseUserName }) => databaseUserName!),
    ...iamRoles.map(iamRoleUser),
    ...iamUsers.map((name) => `IAM:${name}`),
  ];
}

/** Returns the users, roles, privileges and memberships that a database has after the statements have run. */
export function grantsOf({ database, roles }: DatabaseRolesProps): readonly Grant[] {
  return roles.flatMap((role) => [
    ...loginsOf(role).map((user) => ({ kind: "user", object: [user] }) as const),
    { kind: "role", object: [role.name] },
    ...privilegesOf(role, database),
    ...membersOf(role),
  ]);
}

function privilegesOf({ name, ...role }: DatabaseRole, roleDatabase: string): readonly Grant[] {
  const each = (
    kind: Grant["kind"],
    object: readonly string[],
    { privileges }: { readonly privileges: readonly string[] },
  ): readonly Grant[] => privileges.map((privilege) => ({ grantee: name, kind, object, privilege }));
  const { databaseGrants = [], defaultPrivileges = [], schemaGrants = [], tableGrants = [] } = role;
  return [
    ...databaseGrants.flatMap((grant) => each("database", [grant.database ?? roleDatabase], grant)),
    ...schemaGrants.flatMap((grant) => each("schema", [grant.schema], grant)),
    ...tableGrants.flatMap((grant) =>
      grant.tables === undefined
        ? each("allTables", [grant.schema], grant)
        : grant.tables.flatMap((table) => each("table", [grant.schema, table], grant)),
    ),
    ...defaultPrivileges.flatMap((grant) => each("defaultPrivilege", [grant.owner, grant.schema], grant)),
  ];
}

function membersOf(role: DatabaseRole): readonly Grant[] {
  const { databaseUsers = [], memberRoles = [], name } = role;
  return [
    ...memberRoles.map((grantee) => ({ grantee, kind: "memberRole", object: [name] }) as const),
    ...[...loginsOf(role), ...databaseUsers].map(
      (grantee) => ({ grantee, kind: "memberUser", object: [name] }) as const,
    ),
  ];
}
