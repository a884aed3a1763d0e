import { denialsBeyond, isNarrower } from "../../../review/policy/narrower";
import type { Condition, Statement } from "../../../review/policy/statement";

const STATEMENT: Statement = {
  Action: ["kms:Decrypt", "kms:Encrypt"],
  Condition: { StringEquals: { "kms:CallerAccount": "111122223333" } },
  Effect: "Allow",
  Principal: { AWS: ["a", "b"], Service: "s" },
  Resource: ["x", "y"],
  Sid: "One",
};
const under = (Condition: Condition): Statement => ({ ...STATEMENT, Condition });

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
  expect(isNarrower({ ...STATEMENT, ...more }, [STATEMENT])).toBe(isLess);
});

test("isNarrower returns false for two equal denials, and true for a condition in place of none", () => {
  const unlimited: Statement = { Action: "kms:*", Effect: "Allow" };
  const limited: Statement = { ...unlimited, Condition: { Bool: { "aws:SecureTransport": "true" } } };
  const denial: Statement = { ...unlimited, Effect: "Deny" };
  expect([isNarrower(denial, [denial]), isNarrower(limited, [unlimited])]).toStrictEqual([false, true]);
});

test("isNarrower returns false for a condition that has only one of the two tests of an operator", () => {
  expect(isNarrower(under({ StringEquals: { a: "1" } }), [under({ StringEquals: { a: "1", b: "2" } })])).toBe(false);
});

test("isNarrower returns true for everybody in another form, and false for everybody in place of a principal", () => {
  const statementFor = (Principal: Statement["Principal"] & {}): Statement => ({ ...STATEMENT, Principal });
  const [text, map] = [statementFor("*"), statementFor({ AWS: "*" })];
  expect([
    isNarrower(text, [map]),
    isNarrower(map, [text]),
    isNarrower(text, [statementFor({ AWS: "a" })]),
  ]).toStrictEqual([true, true, false]);
});

test.each<["Action" | "Resource", string, string]>([
  ["Action", "kms:PutKeyPolicy", "kms:Put*"],
  ["Resource", "arn:aws:kms:us-east-1:111122223333:key/a", "arn:aws:kms:*:111122223333:key/*"],
])("isNarrower compares the exceptions of Not%s", (name, value, pattern) => {
  const except = (...values: readonly string[]): Statement => ({
    ...STATEMENT,
    [name]: undefined,
    [`Not${name}`]: values,
  });
  expect(isNarrower(except(pattern, "other"), [except(value)])).toBe(true);
  expect(isNarrower(except(value), [except(pattern)])).toBe(false);
  expect(isNarrower(except(pattern), [STATEMENT])).toBe(false);
  expect(isNarrower(STATEMENT, [except(pattern)])).toBe(false);
});

test("isNarrower returns false for NotPrincipal in place of Principal", () => {
  const other: Statement = { Action: "kms:*", Effect: "Allow", Principal: { AWS: "a" } };
  expect(isNarrower({ Action: "kms:*", Effect: "Allow", NotPrincipal: { AWS: "a" } }, [other])).toBe(false);
});

test.each<[boolean, string, unknown, unknown]>([
  [true, "StringEquals", "a", ["a", "b"]],
  [true, "Bool", "true", true],
  [true, "NumericEquals", 1, ["1", "2"]],
  [false, "Bool", true, "false"],
  [false, "Bool", null, "null"],
  [false, "StringEquals", ["a", "b"], "a"],
  [false, "StringEquals", [], "a"],
  [true, "StringEquals", [], []],
  [true, "StringNotEquals", ["a", "b"], "a"],
  [false, "StringNotEquals", "a", ["a", "b"]],
  [false, "StringNotEquals", "a", []],
  [true, "ForAllValues:StringLike", "a", ["a", "b"]],
  [false, "ForAnyValue:stringnotlike", "a", ["a", "b"]],
  [true, "NotIpAddress", ["192.0.2.1", "192.0.2.2"], "192.0.2.2"],
  [true, "Null", "true", ["false", "true"]],
  [true, "Bool", true, ["false", "true"]],
])("isNarrower returns %j for the test %s of %j in place of %j", (isLess, operator, values, others) => {
  expect(isNarrower(under({ [operator]: { a: values } }), [under({ [operator]: { a: others } })])).toBe(isLess);
});

test.each<[boolean, string, Partial<Statement>, readonly Partial<Statement>[]]>([
  [true, "actions", { Action: ["kms:Decrypt", "kms:Encrypt"] }, [{ Action: "kms:D*" }, { Action: "kms:Encrypt" }]],
  [false, "actions", { Action: ["kms:Decrypt", "kms:Encrypt"] }, [{ Action: "kms:D*" }]],
  [true, "resources", { Resource: ["x", "y"] }, [{ Resource: "x" }, { Resource: "y" }]],
  [
    true,
    "principals",
    { Principal: { AWS: ["a", "b"], Service: "s" } },
    [{ Principal: { AWS: "a" } }, { Principal: { AWS: ["b"], Service: "s" } }],
  ],
  [false, "principals", { Principal: { AWS: ["a", "b"] } }, [{ Principal: { AWS: "a" } }, { Principal: "b" }]],
  [
    false,
    "pairs",
    { Action: ["kms:Decrypt", "kms:Encrypt"], Resource: ["x", "y"] },
    [
      { Action: "kms:Decrypt", Resource: "x" },
      { Action: "kms:Encrypt", Resource: "y" },
    ],
  ],
  [false, "no actions", { Action: [] }, [{ Action: "kms:Decrypt", Resource: "z" }]],
])("isNarrower returns %j for a statement that has the %s of several other statements", (isLess, _, one, others) => {
  const statements = others.map((other) => ({ ...STATEMENT, ...other }));
  expect(isNarrower({ ...STATEMENT, ...one }, statements)).toBe(isLess);
});

test("isNarrower and denialsBeyond compare no more statements than AWS accepts in a policy", () => {
  const others = Array.from({ length: 600 }, (_, index) => ({ ...STATEMENT, Resource: `z${index}` }));
  const more = [...others, { ...STATEMENT, Resource: "arn:aws:s3:::x*" }];
  const part = { ...STATEMENT, Resource: "arn:aws:s3:::x1" };
  expect([more.slice(1), more].map((all) => isNarrower(part, all))).toStrictEqual([true, false]);
  const denials = more.map((one) => ({ ...one, Effect: "Deny" as const }));
  const denial = { ...part, Effect: "Deny" as const };
  expect(denialsBeyond([denial, denials[0]!], denials)).toStrictEqual([denial]);
  expect(denialsBeyond([denial, denials[1]!], denials.slice(1))).toStrictEqual([]);
});
