import {
  allowsToAssume,
  hasActionOf,
  hasOnlyServices,
  identityOf,
  inSentence,
  isForEverybody,
  matchesAction,
  matchesArnPattern,
  matchesPattern,
  matchesResource,
  sharesService,
  type Statement,
  statementsOf,
  titleOf,
} from "../../../review/policy/statement";
import { KEY_ARN } from "../../support/arns";

test("refuses a policy with a statement that has the same element twice", () => {
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
test("compares a pattern of 400 wildcards with 2,000 letters in a short time", () => {
  expect(matchesPattern(`kms:${"*?".repeat(200)}!`, `kms:${"a".repeat(2000)}`)).toBe(false);
  expect(matchesPattern("a*b?c*", "aXXbYcZ")).toBe(true);
});

const STATEMENT = { Action: "kms:*", Effect: "Allow", Principal: "*", Resource: "*" };

test("reads a Statement that is an object as an array of one statement, and a missing Statement as an empty array", () => {
  expect(statementsOf(JSON.stringify({ Id: "key", Statement: STATEMENT, Version: "2012-10-17" }))).toStrictEqual([
    STATEMENT,
  ]);
  expect(statementsOf("{}")).toStrictEqual([]);
});

test.each([[{}], [{ Version: "2008-10-17" }]])("reads a policy variable as text in a policy with %j", (version) => {
  const statement = { ...STATEMENT, Resource: "arn:aws:kms:*:${aws:PrincipalAccount}:key/*" };
  const policy = (Statement: object, more: object) => statementsOf(JSON.stringify({ Statement, ...more }));
  expect(policy(statement, version)).toStrictEqual([
    { ...statement, Resource: "arn:aws:kms:*:${$}{aws:PrincipalAccount}:key/*" },
  ]);
  expect(policy(statement, { Version: "2012-10-17" })).toStrictEqual([statement]);
  expect(policy(STATEMENT, version)).toStrictEqual([STATEMENT]);
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
  ["an array in place of a condition", { Statement: [{ ...STATEMENT, Condition: [] }] }],
  ["a number in place of an action", { Statement: [{ ...STATEMENT, Action: 1 }] }],
  ["a number in place of a Sid", { Statement: [{ ...STATEMENT, Sid: 1 }] }],
  ["null in place of a Resource", { Statement: [{ ...STATEMENT, Resource: null }] }],
  ["a string in place of a statement", { Statement: ["kms:*"] }],
  ["null in place of a principal", { Statement: [{ ...STATEMENT, Principal: { AWS: [null] } }] }],
])("refuses a policy with %s", (_, policy) => {
  expect(statementsOf(JSON.stringify(policy))).toBeUndefined();
});

test("sorts the elements of a statement and the values of each element", () => {
  const statement = {
    Resource: ["b", "a", "b"],
    Effect: "Allow",
    Condition: { StringLike: { b: ["2", "1"], a: ["1"] }, Bool: {} },
    Action: ["kms:Decrypt"],
    Sid: "One",
  };
  expect(JSON.stringify(statementsOf(JSON.stringify({ Statement: statement })))).toBe(
    '[{"Sid":"One","Effect":"Allow","Action":"kms:Decrypt","Resource":["a","b"],' +
      '"Condition":{"Bool":{},"StringLike":{"a":"1","b":["1","2"]}}}]',
  );
});

test.each<[string, string | string[]]>([
  ["arn:aws:kms", "arn:aws:kms:*:*:*"],
  ["arn:aws:kms:us-east-1", "arn:aws:kms:us-east-1:*:*"],
  ["arn:aws:kms:us-east-1:111122223333", "arn:aws:kms:us-east-1:111122223333:*"],
  ["arn:aws", "arn:aws:*:*:*:*"],
  ["arn:*:kms", ["arn:*:kms", "arn:*:kms:*:*:*"].sort()],
  ["arn:aws:s3:::bucket", "arn:aws:s3:::bucket"],
  ["*", "*"],
  [KEY_ARN, KEY_ARN],
])("completes the resource %s", (Resource, expected) => {
  const resources = (element: string) =>
    statementsOf(JSON.stringify({ Statement: { Action: "*", Effect: "Allow", [element]: Resource } }));
  expect(resources("Resource")).toMatchObject([{ Resource: expected }]);
  expect(resources("NotResource")).toMatchObject([{ NotResource: expected }]);
});

test.each<[boolean, string, string]>([
  [true, "*", ""],
  [true, "**", "a"],
  [true, "a?c", "abc"],
  [true, "a*", "a"],
  [true, "*c", "abcc"],
  [true, "*b*", "abc"],
  [true, "a*bc", "abbc"],
  [true, "*aab", "aaaab"],
  [false, "a?", "a"],
  [false, "?", ""],
  [false, "a*c", "abcd"],
  [false, "a*?c", "ac"],
  [false, "ab", "abc"],
  [false, "abc", "ab"],
  [false, "A*", "abc"],
])("matchesPattern returns %j for the pattern %s and the text %j", (isMatch, pattern, text) => {
  expect(matchesPattern(pattern, text)).toBe(isMatch);
});

test.each<[boolean, string, string]>([
  [true, "arn:aws:iam::*:role/*", "arn:aws:iam::111122223333:role/a"],
  [true, "arn:aws:logs:*:*:log-group:a", "arn:aws:logs:us-east-1:111122223333:log-group:a"],
  [false, "arn:aws:iam:*:role/*", "arn:aws:iam::111122223333:role/a"],
  [false, "arn:aws:iam::*", "arn:aws:iam::111122223333:role/a"],
  [false, "arn:aws:s3::", "arn:aws:s3:::"],
  [false, "*", "arn:aws:iam::111122223333:role/a"],
  [false, "arn:aws:iam::*:role/*", "arn:aws:iam::111122223333:user/a"],
])("matchesArnPattern returns %j for %s and %s", (isMatch, pattern, arn) => {
  expect(matchesArnPattern(pattern, arn)).toBe(isMatch);
});

test.each<[boolean, string]>([
  [true, "*"],
  [true, KEY_ARN],
  [true, "arn:aws:kms:*"],
  [true, "arn:*:kms:*:*:key/*"],
  [false, "arn:aws:kms:us-east-1"],
  [false, "arn:aws:s3:*"],
  [false, "arn:aws:kms:*:key/*"],
])("matchesResource returns %j for %s and a key", (isMatch, pattern) => {
  expect(matchesResource(pattern, KEY_ARN)).toBe(isMatch);
});

const allowing = (statement: Partial<Statement>): Statement => ({ Effect: "Allow", ...statement });

test.each<[boolean, Partial<Statement>]>([
  [true, { Action: "KMS:de*" }],
  [true, { Action: ["s3:*", "*"] }],
  [true, { NotAction: ["s3:*", "kms:Encrypt"] }],
  [false, { Action: "kms:Encrypt" }],
  [false, { NotAction: ["s3:*", "kms:*"] }],
  [false, {}],
])("matchesAction returns %j for %j and kms:Decrypt", (isMatch, statement) => {
  expect(matchesAction(allowing(statement), "kms:Decrypt")).toBe(isMatch);
});

test.each<[boolean, Partial<Statement>]>([
  [true, { Action: "KMS:Decrypt" }],
  [true, { Action: ["s3:*", "k*:Decrypt"] }],
  [true, { NotAction: "kms:Decrypt" }],
  [false, { Action: "kms-other:Decrypt" }],
])("hasActionOf returns %j for %j and the services kms and redshift", (isMatch, statement) => {
  expect(hasActionOf(allowing(statement), ["kms", "redshift"])).toBe(isMatch);
});

test.each<[boolean, Partial<Statement>, readonly string[]]>([
  [true, { Action: ["s3:*", "KMS:Decrypt"] }, ["kms"]],
  [true, { Action: "*" }, ["kms"]],
  [true, { Action: "kms:Encrypt" }, ["s?"]],
  [true, { NotAction: "kms:*" }, ["kms"]],
  [false, { Action: "s3:*" }, ["kms", "redshift"]],
  [false, { Action: "*" }, []],
])("sharesService returns %j for %j and the services %j", (isShared, one, services) => {
  expect(sharesService(allowing(one), services)).toBe(isShared);
});

test.each<[boolean, Partial<Statement>]>([
  [true, { Action: "sts:AssumeRole" }],
  [true, { Action: "sts:AssumeRoleWithSAML" }],
  [true, { Action: "sts:AssumeRoleWithWebIdentity" }],
  [true, { Action: "sts:*" }],
  [false, { Action: ["sts:TagSession", "sts:SetSourceIdentity"] }],
  [false, { Action: "sts:AssumeRole", Effect: "Deny" }],
])("allowsToAssume returns %j for %j", (allows, statement) => {
  expect(allowsToAssume(allowing(statement))).toBe(allows);
});

test.each<[boolean, Partial<Statement>]>([
  [true, { Principal: "*" }],
  [true, { Principal: { AWS: ["111122223333", "*"] } }],
  [true, { NotPrincipal: { AWS: "111122223333" } }],
  [false, { Principal: { AWS: "111122223333" } }],
  [false, { Principal: { Service: "kms.amazonaws.com" } }],
  [false, {}],
])("isForEverybody returns %j for %j", (isForAll, statement) => {
  expect(isForEverybody(allowing(statement))).toBe(isForAll);
});

test.each<[boolean, Partial<Statement>]>([
  [true, { Principal: { Service: ["kms.amazonaws.com"] } }],
  [false, { Principal: { AWS: "*", Service: "kms.amazonaws.com" } }],
  [false, { Principal: "*" }],
  [false, {}],
])("hasOnlyServices returns %j for %j", (isForServices, statement) => {
  expect(hasOnlyServices(allowing(statement))).toBe(isForServices);
});

test("names a statement by its Sid, and identifies the statement by its Sid and its content", () => {
  const statements = [allowing({ Sid: "One" }), allowing({ Sid: "" }), allowing({})];
  expect(statements.map(titleOf)).toStrictEqual(["Statement 'One'", "A statement", "A statement"]);
  expect(inSentence("Statement 'One'")).toBe("statement 'One'");
  expect([allowing({ Sid: "One" }), allowing({}), allowing({ Sid: "" })].map(identityOf)).toStrictEqual([
    expect.stringMatching(/^One:[0-9a-f]{12}$/),
    expect.stringMatching(/^[0-9a-f]{12}$/),
    expect.stringMatching(/^[0-9a-f]{12}$/),
  ]);
  expect(identityOf(allowing({ Sid: "One" }))).not.toBe(identityOf(allowing({ Action: "*", Sid: "One" })));
});
