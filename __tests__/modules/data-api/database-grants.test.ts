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
  ["users in any case", user("IAMR:Analyst"), user("iamr:analyst")],
  ["members that are users in any case", member("IAMR:Analyst"), member("iamr:analyst")],
  ["owners of default privileges in any case", privileges("IAMR:Etl"), privileges("iamr:etl")],
])("keys are equal for %s", (_, one, other) => {
  expect(keyOf(one)).toBe(keyOf(other));
});

test.each<[string, Grant, Grant]>([
  ["two users", user("a"), user("b")],
  ["a user and a role", user("a"), { kind: "role", object: ["a"] }],
  ["roles in another case", { kind: "role", object: ["A"] }, { kind: "role", object: ["a"] }],
  ["two privileges", privileges("a"), privileges("a", "INSERT")],
])("keys differ for %s", (_, one, other) => {
  expect(keyOf(one)).not.toBe(keyOf(other));
});
