import { type TerraformStack, Testing } from "cdktf";
import { fleetStacks } from "../../../app/stacks/fleet-stacks";
import type { WarehouseStack } from "../../../app/stacks/warehouse-stack";
import { ACCOUNT, ADMIN_ARN, KEY_ARN, REGION, USER_ARN } from "../../support/arns";
import { fleetOf, synthesize } from "../../support/support";

const SECRET_ARN = `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:reader-AbCdEf`;
const ENTRY = { account: ACCOUNT, administrators: [ADMIN_ARN], name: "sales", region: REGION, users: [USER_ARN] };
const EXISTING = { account: ACCOUNT, key: { keyArn: KEY_ARN }, name: "sales", region: REGION, users: [USER_ARN] };
const READERS = { name: "readers", users: ["ExampleUserRole"] };

function stackOf(entry: object): TerraformStack {
  const fleet = fleetOf({ "w.yaml": JSON.stringify({ warehouses: [entry] }) });
  return fleetStacks(Testing.app(), fleet, "../../..")[0]!;
}

/** The statements in the output of a stack. */
function sqlOf(entry: object): unknown {
  const { output } = synthesize(stackOf(entry)) as unknown as {
    readonly output: Readonly<Record<string, { readonly value: unknown }>>;
  };
  return output.database_roles_sql?.value;
}

const NAMED_BY_ROLE = [
  'CREATE USER "IAMR:ExampleUserRole" PASSWORD DISABLE',
  'CREATE ROLE "readers"',
  'GRANT ROLE "readers" TO "IAMR:ExampleUserRole"',
];

test.each<[string, object]>([
  ["a serverless warehouse", { ...ENTRY, serverless: {} }],
  ["a cluster", { ...ENTRY, cluster: { nodeType: "ra3.large" } }],
  ["an existing workgroup", { ...EXISTING, existing: { workgroupName: "sales" } }],
  ["an existing cluster", { ...EXISTING, existing: { clusterIdentifier: "sales" } }],
])("databaseRoles of %s are SQL in an output, with the database user of the IAM role", (_, entry) => {
  expect(sqlOf({ ...entry, databaseRoles: { database: "sales", roles: [READERS] } })).toStrictEqual(NAMED_BY_ROLE);
  expect(sqlOf(entry)).toBeUndefined();
});

test("databaseRoles apply to the warehouse's first database, or to the given database", () => {
  const roles = [{ databaseGrants: [{ privileges: ["TEMP"] }], name: "readers" }];
  const databaseOf = (entry: object) => (sqlOf({ ...ENTRY, ...entry }) as string[])[1];
  expect(databaseOf({ databaseRoles: { roles }, serverless: {} })).toBe(
    'GRANT TEMP ON DATABASE "dev" TO ROLE "readers"',
  );
  expect(databaseOf({ databaseRoles: { roles }, serverless: { databaseName: "sales" } })).toContain('"sales"');
  expect(databaseOf({ databaseRoles: { database: "orders", roles }, serverless: {} })).toContain('"orders"');
});

test("databaseRoles grant a role to the databaseUser of a user, and refuse the user's IAM role in iamRoles", () => {
  const users = [{ databaseUser: "reader", roleArn: USER_ARN }];
  const entry = { ...ENTRY, cluster: { nodeType: "ra3.large" }, users };
  expect(sqlOf({ ...entry, databaseRoles: { roles: [READERS] } })).toStrictEqual([
    'CREATE USER "reader" PASSWORD DISABLE',
    'CREATE ROLE "readers"',
    'GRANT ROLE "readers" TO "reader"',
  ]);
  const byRole = { iamRoles: ["ExampleUserRole", "Other"], name: "readers" };
  expect(() => sqlOf({ ...entry, databaseRoles: { roles: [byRole] } })).toThrow(
    "w.yaml:1 warehouses[0].databaseRoles.roles[0].iamRoles[0] must not be a role with a 'databaseUser' or a " +
      "secret: name it in 'users' of the database role, got: ExampleUserRole",
  );
});

test("databaseRoles of an existing warehouse require 'database'", () => {
  const entry = { ...EXISTING, databaseRoles: { roles: [READERS] }, existing: { workgroupName: "sales" } };
  expect(() => stackOf(entry)).toThrow(
    "w.yaml:1 warehouses[0].databaseRoles.database must be given for a warehouse that exists, got: nothing",
  );
});

test("databaseRoles are a property of the stack", () => {
  const stack = stackOf({ ...ENTRY, databaseRoles: { roles: [READERS] }, serverless: {} }) as WarehouseStack;
  expect(stack.databaseRoles?.statements).toStrictEqual(NAMED_BY_ROLE);
  expect((stackOf({ ...ENTRY, serverless: {} }) as WarehouseStack).databaseRoles).toBeUndefined();
});

test.each<[object, string]>([
  [
    { name: "readers", users: ["Other"] },
    "users[0] must be the name of a role of the warehouse's 'users'; name other roles in 'iamRoles', got: Other",
  ],
  [
    { name: "readers", tableGrants: [{ privileges: ["USAGE"], schema: "orders" }] },
    "tableGrants[0].privileges[0] must be one of DELETE, DROP, INSERT, REFERENCES, SELECT, UPDATE, got: USAGE",
  ],
  [{ name: "readers", schemaGrants: [{ privileges: ["USAGE"] }] }, "schemaGrants[0].schema must be given"],
  [
    { memberRoles: ["readers"], name: "readers" },
    "memberRoles must not have the role as a member, directly or through roles, got: readers",
  ],
  [{ name: "readers", schemaGrant: [] }, "schemaGrant is not a known key, did you mean schemaGrants?"],
])("databaseRoles refuse the role %j at its path", (role, message) => {
  const entry = { ...ENTRY, databaseRoles: { roles: [role] }, serverless: {} };
  expect(() => stackOf(entry)).toThrow(`w.yaml:1 warehouses[0].databaseRoles.roles[0].${message}`);
});

test("databaseRoles refuse a user with 'secretArn'", () => {
  const users = [{ roleArn: USER_ARN, secretArn: SECRET_ARN }];
  const entry = { ...ENTRY, databaseRoles: { roles: [READERS] }, serverless: {}, users };
  expect(() => stackOf(entry)).toThrow(
    "w.yaml:1 warehouses[0].databaseRoles.roles[0].users[0] must be a role without 'secretArn': name the user of the secret in " +
      "'databaseUsers', got: ExampleUserRole",
  );
});
