import { onItsKey, setsPolicy } from "../../../review/model/key-policy";
import type { Statement } from "../../../review/policy/statement";
import { ACCOUNT, KEY_ARN } from "../../support/arns";
import {
  ADMINISTRATOR,
  created,
  destroyed,
  kept,
  modelOf,
  policyOf,
  policyUnknownFrom,
  replaced,
  type Resource,
  updated,
  USER,
  type Values,
} from "../support/small-plan";

const OLD = policyOf(ADMINISTRATOR);
const NEW = policyOf(ADMINISTRATOR, USER);
const BYPASS = { bypass_policy_lockout_safety_check: true };
const policiesOf = (...resources: readonly Resource[]) => modelOf(...resources).keys[0]!.policy;
const key = (policy?: string) => kept("aws_kms_key.this", { arn: KEY_ARN, policy });
const configured = { expressions: { policy: {} } };
const DEFAULT = {
  kind: "default",
  statements: [{ Action: "kms:*", Effect: "Allow", Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Resource: "*" }],
};
const shown = (...statements: readonly object[]) => ({ kind: "shown", statements });
const unknownKeyId = {
  after_unknown: { key_id: true },
  expressions: { key_id: { references: ["aws_kms_key.this.key_id", "aws_kms_key.this"] }, policy: {} },
};
const policyValues = (policy: string, more: Values = {}) => ({ key_id: KEY_ARN, policy, ...more });

test.each<[string, readonly Resource[], object, object]>([
  ["no policy", [key()], DEFAULT, DEFAULT],
  ["an empty policy", [key("")], DEFAULT, DEFAULT],
  [
    "a new key",
    [created("aws_kms_key.this", { arn: KEY_ARN, policy: OLD })],
    { kind: "none", statements: [] },
    shown(ADMINISTRATOR),
  ],
  [
    "a destroyed key",
    [destroyed("aws_kms_key.this", { arn: KEY_ARN, policy: OLD })],
    shown(ADMINISTRATOR),
    { kind: "none", statements: [] },
  ],
  [
    "a new key whose policy AWS chooses",
    [created("aws_kms_key.this", { arn: KEY_ARN }, { after_unknown: { policy: true }, expressions: {} })],
    { kind: "none", statements: [] },
    DEFAULT,
  ],
  [
    "a new aws_kms_key_policy",
    [key(OLD), created("aws_kms_key_policy.p", policyValues(NEW))],
    shown(ADMINISTRATOR),
    shown(ADMINISTRATOR, USER),
  ],
  [
    "a destroyed aws_kms_key_policy",
    [key(OLD), destroyed("aws_kms_key_policy.p", policyValues(NEW))],
    shown(ADMINISTRATOR, USER),
    DEFAULT,
  ],
  [
    "a destroyed aws_kms_key_policy without the lockout check",
    [key(OLD), destroyed("aws_kms_key_policy.p", policyValues(NEW, BYPASS))],
    shown(ADMINISTRATOR, USER),
    shown(ADMINISTRATOR, USER),
  ],
  [
    "an updated aws_kms_key_policy with the key_id of another key",
    [key(OLD), updated("aws_kms_key_policy.p", policyValues(NEW), policyValues(OLD, { key_id: `${KEY_ARN}0` }))],
    shown(ADMINISTRATOR, USER),
    shown(ADMINISTRATOR),
  ],
  [
    "an updated aws_kms_key_policy of a replaced key",
    [
      replaced("aws_kms_key.this", { arn: KEY_ARN }, {}),
      updated("aws_kms_key_policy.p", policyValues(NEW), { policy: OLD }, unknownKeyId),
    ],
    shown(ADMINISTRATOR, USER),
    DEFAULT,
  ],
  [
    "a replaced aws_kms_key_policy of a replaced key",
    [
      replaced("aws_kms_key.this", { arn: KEY_ARN }, {}),
      replaced("aws_kms_key_policy.p", policyValues(NEW), { policy: OLD }, unknownKeyId),
    ],
    shown(ADMINISTRATOR, USER),
    shown(ADMINISTRATOR),
  ],
  [
    "a destroyed aws_kms_key_policy, beside an inline policy that the plan sets",
    [
      updated("aws_kms_key.this", { arn: KEY_ARN, policy: OLD }, { arn: KEY_ARN, policy: NEW }, configured),
      destroyed("aws_kms_key_policy.p", policyValues(OLD)),
    ],
    shown(ADMINISTRATOR),
    shown(ADMINISTRATOR, USER),
  ],
  [
    "an inline policy that stays, and a new aws_kms_key_policy",
    [
      kept("aws_kms_key.this", { arn: KEY_ARN, policy: OLD }, configured),
      created("aws_kms_key_policy.p", policyValues(NEW)),
    ],
    shown(ADMINISTRATOR),
    shown(ADMINISTRATOR, USER),
  ],
  [
    "a key that is not in the plan",
    [created("aws_kms_key_policy.p", policyValues(NEW))],
    { kind: "hidden", known: [], statements: [], why: "the key is not in the plan" },
    shown(ADMINISTRATOR, USER),
  ],
  [
    "a text that is no policy",
    [key("{")],
    { kind: "hidden", known: [], statements: [], why: "it does not follow IAM's policy grammar" },
    { kind: "hidden", known: [], statements: [], why: "it does not follow IAM's policy grammar" },
  ],
])("the policy before and after the change is known for %s", (_, resources, before, after) => {
  const policies = policiesOf(...resources);
  expect([policies.before, policies.after]).toStrictEqual([before, after]);
});

test("the policies before and after are the same object if only the order of statements differs", () => {
  const same = policiesOf(
    updated("aws_kms_key.this", { arn: KEY_ARN, policy: NEW }, { arn: KEY_ARN, policy: policyOf(USER, ADMINISTRATOR) }),
  );
  expect(same.before).toBe(same.after);
  const hidden = updated(
    "aws_kms_key.this",
    { arn: KEY_ARN, policy: OLD },
    { arn: KEY_ARN },
    {
      ...policyUnknownFrom(),
      before_sensitive: { policy: true },
    },
  );
  expect(policiesOf(hidden)).toMatchObject({ after: { why: "unknown until apply" }, before: { why: "sensitive" } });
});

test("two policies that differ are hidden, with the Allow statements of both and the addresses of both", () => {
  const denial = { ...USER, Effect: "Deny" };
  const policies = ["p", "q"].map((name, index) =>
    updated(
      `aws_kms_key_policy.${name}`,
      policyValues(OLD),
      policyValues(policyOf(ADMINISTRATOR, [USER, denial][index]!)),
    ),
  );
  expect(policiesOf(key(OLD), ...policies).after).toStrictEqual({
    kind: "hidden",
    known: [ADMINISTRATOR, USER, denial],
    owners: ["aws_kms_key_policy.p", "aws_kms_key_policy.q"],
    statements: [ADMINISTRATOR, USER],
    why: "aws_kms_key_policy.p and aws_kms_key_policy.q each set a policy, and KMS keeps the last one",
  });
});

test.each<[boolean, string, Resource]>([
  [true, "creates the resource", created("aws_kms_key.k", { policy: OLD })],
  [true, "replaces the resource", replaced("aws_kms_key.k", { policy: OLD }, { policy: OLD })],
  [true, "changes the policy", updated("aws_kms_key.k", { policy: OLD }, { policy: NEW })],
  [false, "changes another attribute", updated("aws_kms_key.k", { a: 1, policy: OLD }, { a: 2, policy: OLD })],
  [false, "keeps the resource", kept("aws_kms_key.k", { policy: OLD })],
  [false, "destroys the resource", destroyed("aws_kms_key.k", { policy: OLD })],
])("setsPolicy returns %j for a plan that %s", (sets, _, resource) => {
  expect(setsPolicy(modelOf(resource).withType("aws_kms_key")[0]!)).toBe(sets);
});

const KEY_ID = KEY_ARN.split("/")[1]!;

test.each<[boolean, string | undefined, Partial<Statement>]>([
  [true, KEY_ARN, { Resource: ["*", "other"] }],
  [true, KEY_ARN, { Resource: KEY_ARN }],
  [true, KEY_ARN, { Resource: "arn:aws:kms:*:*:key/*" }],
  [true, KEY_ARN, { NotResource: `${KEY_ARN}0` }],
  [true, KEY_ID, { Resource: KEY_ARN }],
  [true, undefined, { Resource: "arn:aws:kms:*:*:key/*" }],
  [false, KEY_ARN, { Resource: `${KEY_ARN}0` }],
  [false, KEY_ARN, { NotResource: KEY_ARN }],
  [false, KEY_ID, { Resource: `${KEY_ARN}0` }],
  [false, undefined, { Resource: KEY_ARN }],
  [false, undefined, { Resource: "arn:aws:kms:*:*:alias/*" }],
  [false, KEY_ARN, {}],
])("a statement applies %j to the key %s with %j", (applies, name, resource) => {
  const statement: Statement = { Action: "kms:*", Effect: "Allow", ...resource };
  const result = onItsKey(statement, name);
  expect([result.Resource].flat().includes("*")).toBe(applies);
  expect(result.NotResource).toBe(applies ? undefined : resource.NotResource);
  // Results are cached by the statement.
  expect(result === statement).toBe(!applies || [resource.Resource].flat().includes("*"));
});

test.each([
  [true, "its place", { account: "111122223333", partition: "aws", region: "us-east-1" }],
  [true, "an unknown place", {}],
  [false, "another account", { account: "444455556666" }],
  [false, "another partition", { partition: "aws-cn" }],
  [false, "another Region", { region: "us-west-2" }],
])("a statement on a pattern of keys applies %j to a new key in %s", (applies, _, place) => {
  const statement: Statement = { Action: "kms:*", Effect: "Allow", Resource: KEY_ARN.replace(/[^/]*$/, "*") };
  expect(onItsKey(statement, undefined, place).Resource === "*").toBe(applies);
});
