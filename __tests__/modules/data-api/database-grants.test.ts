import { type Grant, keyOf } from "../../../modules/data-api/database-grants";

const user = (name: string): Grant => ({ kind: "user", object: [name] });
const member = (grantee: string): Grant => ({ grantee, kind: "memberUser", object: ["sales"] });
const privileges = (owner: string, privilege = "SELECT"): Grant => ({
  grantee: "readers",
  kind: "defaultPrivilege",
  object: [owner, "public"],
  privilege,
});

test.each([
  ["users whose names differ in case", user("IAMR:Analyst"), user("iamr:analyst")],
  ["members whose user names differ in case", member("IAMR:Analyst"), member("iamr:analyst")],
  ["owners of default privileges whose names differ in case", privileges("IAMR:Etl"), privileges("iamr:etl")],
])("keyOf returns one key for %s", (_, one, other) => {
  expect(keyOf(one)).toBe(keyOf(other));
});

test.each<[string, Grant, Grant]>([
  ["users of different names", user("a"), user("b")],
  ["a user and a role of one name", user("a"), { kind: "role", object: ["a"] }],
  ["roles whose names differ in case", { kind: "role", object: ["A"] }, { kind: "role", object: ["a"] }],
  ["different privileges on one object", privileges("a"), privileges("a", "INSERT")],
])("keyOf returns different keys for %s", (_, one, other) => {
  expect(keyOf(one)).not.toBe(keyOf(other));
});
