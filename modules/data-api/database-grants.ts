/** The kinds of grants, in the order of their SQL statements: users and roles are created before other statements name them. */
const KINDS = [
  "user",
  "role",
  "database",
  "schema",
  "allTables",
  "table",
  "defaultPrivilege",
  "memberRole",
  "memberUser",
] as const;

/** One fact of a database: a user exists, a role exists, or a grantee has a privilege on an object or is a member of a role. */
export interface Grant {
  /** The kind of fact, which decides the SQL statement. */
  readonly kind: (typeof KINDS)[number];
  /**
   * The names of the object, from the outer to the inner. By kind: the database; the schema; the schema and the table; the owner
   * and the schema of default privileges; the role that gets a member; the user or the role that exists.
   */
  readonly object: readonly string[];
  /**
   * The role that has the privilege, or the member of a role.
   *
   * @default - none: the user or the role exists
   */
  readonly grantee?: string | undefined;
  /**
   * The privilege on the object.
   *
   * @default - none: the user or the role exists, or the grantee is a member
   */
  readonly privilege?: string | undefined;
}

/** The verbs of SQL statements, each with its preposition: GRANT … TO, REVOKE … FROM. */
const WORDS = {
  GRANT: "TO",
  REVOKE: "FROM",
} as const;
type Verb = keyof typeof WORDS;

/** The parts of a SQL statement. The names are quoted identifiers. */
interface Parts {
  readonly grantee: string;
  readonly object: readonly string[];
  readonly preposition: (typeof WORDS)[Verb];
  readonly privileges: string;
  readonly verb: Verb;
}

const STATEMENTS: Readonly<Record<Grant["kind"], (parts: Parts) => string>> = {
  allTables: ({ grantee, object, preposition, privileges, verb }) =>
    `${verb} ${privileges} ON ALL TABLES IN SCHEMA ${object[0]} ${preposition} ROLE ${grantee}`,
  database: ({ grantee, object, preposition, privileges, verb }) =>
    `${verb} ${privileges} ON DATABASE ${object[0]} ${preposition} ROLE ${grantee}`,
  defaultPrivilege: ({ grantee, object, preposition, privileges, verb }) =>
    `ALTER DEFAULT PRIVILEGES FOR USER ${object[0]} IN SCHEMA ${object[1]} ` +
    `${verb} ${privileges} ON TABLES ${preposition} ROLE ${grantee}`,
  memberRole: ({ grantee, object, preposition, verb }) => `${verb} ROLE ${object[0]} ${preposition} ROLE ${grantee}`,
  memberUser: ({ grantee, object, preposition, verb }) => `${verb} ROLE ${object[0]} ${preposition} ${grantee}`,
  role: ({ object }) => `CREATE ROLE ${object[0]}`,
  schema: ({ grantee, object, preposition, privileges, verb }) =>
    `${verb} ${privileges} ON SCHEMA ${object[0]} ${preposition} ROLE ${grantee}`,
  table: ({ grantee, object, preposition, privileges, verb }) =>
    `${verb} ${privileges} ON TABLE ${object.join(".")} ${preposition} ROLE ${grantee}`,
  // PASSWORD DISABLE: the user can log in with temporary credentials only.
  user: ({ object }) => `CREATE USER ${object[0]} PASSWORD DISABLE`,
};

/**
 * Returns the SQL statements of grants, in the order of `KINDS`. The privileges of one grantee on one object are one statement.
 * The order of the input has no effect.
 *
 * @see https://docs.aws.amazon.com/redshift/latest/dg/r_GRANT.html
 * @see https://docs.aws.amazon.com/redshift/latest/dg/r_REVOKE.html
 * @see https://docs.aws.amazon.com/redshift/latest/dg/r_ALTER_DEFAULT_PRIVILEGES.html
 */
export function sqlOf(grants: readonly Grant[], verb: Verb = "GRANT"): readonly string[] {
  const groups = new Map<string, Set<string | undefined>>();
  for (const { grantee = "", kind, object, privilege } of grants) {
    // The index of the kind has one digit, so that sorted keys have the order of the kinds.
    const key = JSON.stringify([KINDS.indexOf(kind), ...object, grantee]);
    groups.set(key, (groups.get(key) ?? new Set()).add(privilege));
  }
  return [...groups.keys()].sort().map((key) => {
    const [index, ...names] = JSON.parse(key) as [number, ...string[]];
    const quoted = names.map(identifier);
    return STATEMENTS[KINDS[index]!]({
      grantee: quoted.at(-1)!,
      object: quoted.slice(0, -1),
      preposition: WORDS[verb],
      privileges: [...groups.get(key)!].sort().join(", "),
      verb,
    });
  });
}

/**
 * Returns a name as a delimited identifier of SQL: in double quotes.
 *
 * @see https://docs.aws.amazon.com/redshift/latest/dg/r_names.html
 */
function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/**
 * Returns a string by which grants are compared: equal grants have equal strings. Names of users are compared without case, because
 * IAM has no two roles whose names differ only in case.
 */
export function keyOf({ grantee = "", kind, object, privilege = "" }: Grant): string {
  const [first, ...rest] = object;
  const names = kind === "user" || kind === "defaultPrivilege" ? [first!.toLowerCase(), ...rest] : object;
  return JSON.stringify([kind, ...names, kind === "memberUser" ? grantee.toLowerCase() : grantee, privilege]);
}
