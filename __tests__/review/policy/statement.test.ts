import { matchesPattern, statementsOf } from "../../../review/policy/statement";

test("refuses a policy with one element twice in a statement", () => {
  const statement = { Action: "kms:*", Effect: "Allow", Principal: '{"AWS": "*"}', Resource: "*" };
  const policy = JSON.stringify({ Statement: [statement], Version: "2012-10-17" });
  expect(statementsOf(policy)).toStrictEqual([statement]);
  expect(statementsOf(policy.replace('"Effect"', '"Effect":"Deny","Effect"'))).toBeUndefined();
});

test("refuses a policy with a condition key twice, in upper and lower case", () => {
  const statement = (keys: object) => ({ ...STATEMENT, Condition: { StringEquals: keys } });
  const policy = (keys: object) => JSON.stringify({ Statement: statement(keys) });
  expect(statementsOf(policy({ "kms:CallerAccount": "1" }))).toHaveLength(1);
  expect(statementsOf(policy({ "KMS:callerAccount": "2", "kms:CallerAccount": "1" }))).toBeUndefined();
});

// A search that goes back for each wildcard does not end.
test("compares a pattern of 400 wildcards with 2,000 letters, and ends", () => {
  expect(matchesPattern(`kms:${"*?".repeat(200)}!`, `kms:${"a".repeat(2000)}`)).toBe(false);
  expect(matchesPattern("a*b?c*", "aXXbYcZ")).toBe(true);
});

const STATEMENT = { Action: "kms:*", Effect: "Allow", Principal: "*", Resource: "*" };

test("reads a Statement that is an object as an array of one, and a missing one as empty", () => {
  expect(statementsOf(JSON.stringify({ Id: "key", Statement: STATEMENT, Version: "2012-10-17" }))).toStrictEqual([
    STATEMENT,
  ]);
  expect(statementsOf("{}")).toStrictEqual([]);
});

// A reader that ignores them and one that ignores their case do not see the same policy.
test.each([
  ["an element of a policy in lower case", { Statement: [], statement: [STATEMENT] }],
  ["an element of a statement in lower case", { Statement: [{ ...STATEMENT, condition: {} }] }],
  ["an element that IAM does not have", { Statement: [{ ...STATEMENT, Priority: 1 }] }],
  ["an effect in lower case", { Statement: [{ ...STATEMENT, Effect: "allow" }] }],
  ["both Action and NotAction", { Statement: [{ ...STATEMENT, NotAction: "kms:Decrypt" }] }],
  ["both Principal and NotPrincipal", { Statement: [{ ...STATEMENT, NotPrincipal: "*" }] }],
  ["both Resource and NotResource", { Statement: [{ ...STATEMENT, NotResource: "*" }] }],
  ["a kind of principals that IAM does not have", { Statement: [{ ...STATEMENT, Principal: { "*": "*" } }] }],
  ["an array in place of an object", []],
  ["null in place of a principal", { Statement: [{ ...STATEMENT, Principal: { AWS: [null] } }] }],
])("refuses a policy with %s", (_, policy) => {
  expect(statementsOf(JSON.stringify(policy))).toBeUndefined();
});
