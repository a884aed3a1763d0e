import fc from "fast-check";
import {
  DataApiAccess,
  DataApiRole,
  type DatabaseRole,
  DatabaseRoles,
  type DatabaseRolesProps,
  type IWarehouse,
} from "../../../modules";
import { grantsOf } from "../../../modules/data-api/database-roles";
import { sqlOf } from "../../../modules/data-api/database-grants";
import { parseStatement } from "../../support/postgres";
import { propertyRuns } from "../../support/property-runs";
import { ACCOUNT, REGION } from "../../support/arns";
import { analyticsCluster, analyticsServerless, existingKey, shownError, testStack } from "../../support/support";

const IDENTIFIER =
  "be a name of 1 to 127 characters, without capital letters, which Redshift changes to lowercase, and without control characters";

function statementsFor(...roles: readonly DatabaseRole[]): readonly string[] {
  return new DatabaseRoles({ database: "sales", roles }).statements;
}

/** The error of a role. */
function refusal(role: object): string {
  try {
    statementsFor(role as DatabaseRole);
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}

/** Every kind of privilege and of member. */
const EVERYTHING = {
  databaseGrants: [{ privileges: ["TEMP", "CREATE"] }, { database: "shared", privileges: ["USAGE"] }],
  databaseUsers: ["loader"],
  defaultPrivileges: [{ owner: "loader", privileges: ["SELECT"], schema: "orders" }],
  iamRoles: ["AnalyticsUserRole"],
  iamUsers: ["alice"],
  memberRoles: ["auditing"],
  name: "reporting",
  schemaGrants: [{ privileges: ["USAGE"], schema: "orders" }],
  tableGrants: [
    { privileges: ["SELECT"], schema: "orders" },
    { privileges: ["UPDATE", "INSERT"], schema: "orders", tables: ["notes", "drafts"] },
  ],
} satisfies Required<Omit<DatabaseRole, "accesses">>;
const CREATED = [
  'CREATE USER "IAM:alice" PASSWORD DISABLE',
  'CREATE USER "IAMR:AnalyticsUserRole" PASSWORD DISABLE',
  'CREATE ROLE "auditing"',
  'CREATE ROLE "reporting"',
];
const GRANTED = [
  'GRANT CREATE, TEMP ON DATABASE "sales" TO ROLE "reporting"',
  'GRANT USAGE ON DATABASE "shared" TO ROLE "reporting"',
  'GRANT USAGE ON SCHEMA "orders" TO ROLE "reporting"',
  'GRANT SELECT ON ALL TABLES IN SCHEMA "orders" TO ROLE "reporting"',
  'GRANT INSERT, UPDATE ON TABLE "orders"."drafts" TO ROLE "reporting"',
  'GRANT INSERT, UPDATE ON TABLE "orders"."notes" TO ROLE "reporting"',
  'ALTER DEFAULT PRIVILEGES FOR USER "loader" IN SCHEMA "orders" GRANT SELECT ON TABLES TO ROLE "reporting"',
  'GRANT ROLE "reporting" TO ROLE "auditing"',
  'GRANT ROLE "reporting" TO "IAM:alice"',
  'GRANT ROLE "reporting" TO "IAMR:AnalyticsUserRole"',
  'GRANT ROLE "reporting" TO "loader"',
];

describe("the SQL statements of DatabaseRoles", () => {
  test("only create a role that has neither privileges nor members", () => {
    expect(statementsFor({ name: "reporting" })).toStrictEqual(['CREATE ROLE "reporting"']);
  });

  test("create users and roles before the grants that name them", () => {
    expect(statementsFor(EVERYTHING, { name: "auditing" })).toStrictEqual([...CREATED, ...GRANTED]);
  });

  test("do not depend on the order of the props, and grant a repeated privilege once", () => {
    const turned = { ...EVERYTHING, tableGrants: [...EVERYTHING.tableGrants].reverse() };
    const again = { ...turned, schemaGrants: [...EVERYTHING.schemaGrants, ...EVERYTHING.schemaGrants] };
    expect(statementsFor({ name: "auditing" }, again)).toStrictEqual([...CREATED, ...GRANTED]);
  });

  test("have a REVOKE for each GRANT", () => {
    const privileges = grantsOf({ database: "sales", roles: [EVERYTHING] }).filter(
      ({ grantee }) => grantee !== undefined,
    );
    expect(sqlOf(privileges, "REVOKE")).toStrictEqual(
      GRANTED.map((statement) => statement.replace(/GRANT (?!OPTION)/, "REVOKE ").replace(/ TO (?=ROLE|")/, " FROM ")),
    );
  });

  test("create the database user of each access, and grant the role to the user", () => {
    const stack = testStack();
    const key = existingKey(stack);
    const cluster = analyticsCluster(stack, { key });
    const roleNamed = (roleName: string) =>
      new DataApiRole(stack, roleName, {
        accountId: ACCOUNT,
        partition: "aws",
        roleName,
        trustedServices: ["lambda.amazonaws.com"],
      });
    const accessOf = (warehouse: IWarehouse, roleName: string, more: object = {}) =>
      new DataApiAccess(stack, `Access${roleName}`, { role: roleNamed(roleName), warehouse, ...more });
    const accesses = [
      accessOf(analyticsServerless(stack, { key }), "OfWorkgroup"),
      accessOf(cluster, "OfCluster"),
      accessOf(cluster, "AsUser", { databaseUser: "reader" }),
    ];
    expect(accesses.map(({ databaseUserName }) => databaseUserName)).toStrictEqual([
      "IAMR:OfWorkgroup",
      "IAMR:OfCluster",
      "reader",
    ]);
    expect(statementsFor({ accesses, name: "reporting" })).toStrictEqual([
      'CREATE USER "IAMR:OfCluster" PASSWORD DISABLE',
      'CREATE USER "IAMR:OfWorkgroup" PASSWORD DISABLE',
      'CREATE USER "reader" PASSWORD DISABLE',
      'CREATE ROLE "reporting"',
      'GRANT ROLE "reporting" TO "IAMR:OfCluster"',
      'GRANT ROLE "reporting" TO "IAMR:OfWorkgroup"',
      'GRANT ROLE "reporting" TO "reader"',
    ]);
  });
});

describe("PostgreSQL's parser", () => {
  test("reads each statement as a statement of its type", async () => {
    const parsed = await Promise.all([...CREATED, ...GRANTED].map(parseStatement));
    expect(parsed.map(({ type }) => type)).toStrictEqual([
      ...CREATED.map(() => "CreateRoleStmt"),
      ...GRANTED.slice(0, 6).map(() => "GrantStmt"),
      "AlterDefaultPrivilegesStmt",
      ...GRANTED.slice(7).map(() => "GrantRoleStmt"),
    ]);
    expect(parsed[8]).toStrictEqual({
      names: ["orders", "drafts", "insert", "update", "reporting"],
      type: "GrantStmt",
    });
  });

  test.each([
    ['a"; drop table b; --'],
    ['"'],
    ['""; grant role "sys:superuser" to public; --'],
    ["a' or 1 = 1 --"],
    ["a\\"],
    ["/* a"],
    ["$$a$$"],
    ["to role b"],
    ["ユーザー"],
  ])("reads the hostile name %j as one name", async (hostile) => {
    const role: DatabaseRole = {
      defaultPrivileges: [{ owner: hostile, privileges: ["SELECT"], schema: hostile }],
      databaseUsers: [hostile],
      memberRoles: [`${hostile}b`],
      name: `${hostile}a`,
      schemaGrants: [{ privileges: ["USAGE"], schema: hostile }],
      tableGrants: [{ privileges: ["SELECT"], schema: hostile, tables: [hostile] }],
    };
    const parsed = await Promise.all(statementsFor(role).map(parseStatement));
    expect(parsed.map(({ names }) => names)).toStrictEqual([
      [`${hostile}a`],
      [hostile, "usage", `${hostile}a`],
      [hostile, hostile, "select", `${hostile}a`],
      [hostile, hostile, "select", `${hostile}a`],
      [`${hostile}a`, `${hostile}b`],
      [`${hostile}a`, hostile],
    ]);
  });

  test("reads any random name with quotes and signs as one name", async () => {
    const name = fc.string({ maxLength: 15, minLength: 1, unit: fc.constantFrom(..."ab\"'\\;-/*$ .%:é") });
    await fc.assert(
      fc.asyncProperty(name, name, async (schema, table) => {
        const statements = statementsFor({
          name: "reporting",
          tableGrants: [{ privileges: ["SELECT"], schema, tables: [table] }],
        });
        expect((await parseStatement(statements[1]!)).names).toStrictEqual([schema, table, "select", "reporting"]);
      }),
      { numRuns: propertyRuns(20) },
    );
  });

  test("as a control, refuses a name with an unescaped quote, and a text of two statements", async () => {
    await expect(parseStatement('GRANT USAGE ON SCHEMA "a"; drop table b; --" TO ROLE "c"')).rejects.toThrow();
    await expect(parseStatement('CREATE ROLE "a"; CREATE ROLE "b"')).rejects.toThrow("must be one statement");
  });
});

describe("DatabaseRoles", () => {
  test.each<[object, string]>([
    [
      { name: "Reporting" },
      `'roles[0].name' must ${IDENTIFIER}, and not begin with sys:, as the roles of Redshift do, got: Reporting`,
    ],
    [
      { name: "sys:operator" },
      `'roles[0].name' must ${IDENTIFIER}, and not begin with sys:, as the roles of Redshift do, got: sys:operator`,
    ],
    [
      { name: "a", databaseUsers: ["Public"] },
      "'roles[0].databaseUsers[0]' must be a name of 1 to 127 characters, without control characters, and not be public, got: Public",
    ],
    [
      { name: "a", iamRoles: ["a/b"] },
      "'roles[0].iamRoles[0]' must be 1 to 64 letters, digits or any of _+=,.@-, got: a/b",
    ],
    [
      { name: "a", schemaGrants: [{ privileges: ["SELECT"], schema: "orders" }] },
      "'roles[0].schemaGrants[0].privileges[0]' must be one of ALTER, CREATE, USAGE, got: SELECT",
    ],
    [
      { name: "a", databaseGrants: [{ privileges: ["SELECT"] }] },
      "'roles[0].databaseGrants[0].privileges[0]' must be one of ALTER, CREATE, TEMP, USAGE, got: SELECT",
    ],
    [
      { name: "a", tableGrants: [{ privileges: ["USAGE"], schema: "orders" }] },
      "'roles[0].tableGrants[0].privileges[0]' must be one of DELETE, DROP, INSERT, REFERENCES, SELECT, UPDATE, got: USAGE",
    ],
    ...["databaseGrants", "defaultPrivileges", "schemaGrants", "tableGrants"].map((prop): [object, string] => [
      { name: "a", [prop]: [{ owner: "etl", privileges: [], schema: "orders" }] },
      `'roles[0].${prop}[0].privileges' must name at least one privilege, got: []`,
    ]),
    [
      { name: "a", tableGrants: [{ privileges: ["SELECT"], schema: "orders", tables: ["Notes"] }] },
      `'roles[0].tableGrants[0].tables[0]' must ${IDENTIFIER}, got: Notes`,
    ],
    [
      { name: "a", defaultPrivileges: [{ privileges: ["SELECT"], schema: "orders" }] },
      "'roles[0].defaultPrivileges[0].owner' must be a name of 1 to 127 characters, without control characters, and not be public, got: nothing",
    ],
    [{ name: "a", tableGrants: "orders" }, "'roles[0].tableGrants' must be a list, got: orders"],
    [{ name: "a", accesses: {} }, "'roles[0].accesses' must be a list, got: {}"],
    [{ name: "a", accesses: [{}] }, "'roles[0].accesses[0]' must be a DataApiAccess, got: {}"],
    [
      { name: "a", accesses: [{ databaseUserName: "Public", statements: [] }] },
      "'roles[0].accesses[0]' must be a name of 1 to 127 characters, without control characters, and not be public, got: Public",
    ],
    [
      { name: "a", memberRoles: ["a"] },
      "'roles[0].memberRoles' must not have the role as a member, directly or through roles, got: a",
    ],
    [{ name: "a", databaseUsers: ["a"] }, "'roles[0].name' must not be the name of a database user, got: a"],
  ])("refuses the role %j", (role, message) => {
    expect(refusal(role)).toBe(`[DatabaseRoles] ${message}`);
  });

  test("reports two wrong members of one item in one error", () => {
    expect(refusal({ name: "a", schemaGrants: [{ privileges: ["X"], schema: "Y" }] }).split("\n")).toHaveLength(2);
  });

  test("refuses two roles of one name", () => {
    expect(() => statementsFor({ name: "a" }, { name: "a" })).toThrow(
      shownError("[DatabaseRoles] 'roles[1].name' must not repeat an earlier item, got: a"),
    );
  });

  test("refuses a cycle of three roles, and accepts the chain without the last link", () => {
    const roles = [
      { memberRoles: ["b"], name: "a" },
      { memberRoles: ["c"], name: "b" },
      { memberRoles: ["a"], name: "c" },
    ];
    expect(() => statementsFor(...roles)).toThrow("'roles[0].memberRoles' must not have the role as a member");
    expect(statementsFor(...roles.slice(0, 2), { name: "c" })).toHaveLength(5);
  });

  test("refuses an access with a secret, and an access of a permission set", () => {
    const stack = testStack();
    const warehouse = analyticsServerless(stack);
    const secretArn = `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:reporting-Ab12Cd`;
    const named = DataApiRole.fromRoleArn(stack, "Named", `arn:aws:iam::${ACCOUNT}:role/Named`);
    const setRole = DataApiRole.fromPermissionSetName(stack, "OfSet", "Analyst", {
      accountId: ACCOUNT,
      partition: "aws",
    });
    const accesses = [
      new DataApiAccess(stack, "BySecret", { role: named, secretArn, warehouse }),
      new DataApiAccess(stack, "BySet", { role: setRole, warehouse }),
    ];
    const must =
      "be an access without a secret, for a role whose name is known: name the user of a secret in 'databaseUsers', and other " +
      "roles in 'iamRoles'";
    expect(refusal({ accesses: accesses.slice(0, 1), name: "a" })).toBe(
      `[DatabaseRoles] 'roles[0].accesses[0]' must ${must}, got: test/BySecret`,
    );
    expect(refusal({ accesses: accesses.slice(1), name: "a" })).toBe(
      `[DatabaseRoles] 'roles[0].accesses[0]' must ${must}, got: test/BySet`,
    );
  });

  test("refuses missing roles, and a token as database", () => {
    expect(() => new DatabaseRoles({ database: "sales" } as unknown as DatabaseRolesProps)).toThrow(
      "'roles' must be a list of roles, got: nothing",
    );
    expect(() => new DatabaseRoles({ database: analyticsServerless(testStack()).endpointAddress, roles: [] })).toThrow(
      "'database' must be 1 to 64 lowercase letters, digits or any of _$, beginning with a letter, known when the configuration is synthesized",
    );
  });
});
