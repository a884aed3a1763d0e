import { isNarrower } from "../../../review/policy/narrower";
import type { Statement } from "../../../review/policy/statement";

const STATEMENT: Statement = {
  Action: ["kms:Decrypt", "kms:Encrypt"],
  Condition: { StringEquals: { "kms:CallerAccount": "111122223333" } },
  Effect: "Allow",
  Principal: { AWS: ["a", "b"], Service: "s" },
  Resource: ["x", "y"],
  Sid: "One",
};

test.each<[boolean, string, Partial<Statement>]>([
  [true, "the same elements", {}],
  [true, "one action", { Action: "kms:Decrypt" }],
  [true, "one resource", { Resource: ["y"] }],
  [true, "one principal", { Principal: { AWS: "a" } }],
  [true, "one kind of principals", { Principal: { Service: "s" } }],
  [true, "one more test", { Condition: { ...STATEMENT.Condition, Bool: { "aws:SecureTransport": "true" } } }],
  [
    true,
    "one more key of an operator",
    { Condition: { StringEquals: { "aws:SourceVpc": "v", "kms:CallerAccount": "111122223333" } } },
  ],
  [false, "another action", { Action: ["kms:Decrypt", "kms:*"] }],
  [false, "NotAction", { NotAction: "kms:Decrypt" }],
  [false, "another resource", { Resource: "z" }],
  [false, "another principal", { Principal: { AWS: ["a", "c"] } }],
  [false, "another kind of principals", { Principal: { Federated: "s" } }],
  [false, "everybody", { Principal: "*" }],
  [false, "no condition", { Condition: {} }],
  [false, "another value of a test", { Condition: { StringEquals: { "kms:CallerAccount": "444455556666" } } }],
  [false, "another operator", { Condition: { StringLike: { "kms:CallerAccount": "111122223333" } } }],
  [true, "another Sid", { Sid: "Two" }],
  [false, "a denial", { Effect: "Deny" }],
])("isNarrower returns %j for a statement with %s", (isLess, _, more) => {
  expect(isNarrower({ ...STATEMENT, ...more }, STATEMENT)).toBe(isLess);
});

test("isNarrower returns false for two equal denials, and true for a condition in place of none", () => {
  const unlimited: Statement = { Action: "kms:*", Effect: "Allow" };
  const limited: Statement = { ...unlimited, Condition: { Bool: { "aws:SecureTransport": "true" } } };
  const denial: Statement = { ...unlimited, Effect: "Deny" };
  expect([isNarrower(denial, denial), isNarrower(limited, unlimited)]).toStrictEqual([false, true]);
});

test("isNarrower returns false for a condition that has only one of the two tests of an operator", () => {
  const under = (tests: Record<string, string>): Statement => ({ ...STATEMENT, Condition: { StringEquals: tests } });
  expect(isNarrower(under({ a: "1" }), under({ a: "1", b: "2" }))).toBe(false);
});

test("isNarrower returns false for NotPrincipal in place of Principal", () => {
  const other: Statement = { Action: "kms:*", Effect: "Allow", Principal: { AWS: "a" } };
  expect(isNarrower({ Action: "kms:*", Effect: "Allow", NotPrincipal: { AWS: "a" } }, other)).toBe(false);
});
