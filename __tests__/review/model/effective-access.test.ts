import { EffectiveAccess, grantsByKey } from "../../../review/model/effective-access";
import { ACCOUNT, KEY_ARN, USER_ARN } from "../../support/arns";
import {
  ADMINISTRATOR,
  allow,
  created,
  destroyed,
  kept,
  keyWith,
  modelOf,
  newKey,
  policyOf,
  type Resource,
  updated,
  type Values,
} from "../support/small-plan";

const DECRYPT = "kms:Decrypt";
const ROOT_ARN = `arn:aws:iam::${ACCOUNT}:root`;
const ROOT = allow(ROOT_ARN, "kms:*", { Sid: "Root" });
const USER = allow(USER_ARN, DECRYPT, { Sid: "User" });
const TAGGED = { Condition: { StringEquals: { "aws:PrincipalTag/a": "b" } } };
const TLS = { Condition: { Bool: { "aws:SecureTransport": "false" } } };
const iam = (more: Values = {}) => ({ Action: DECRYPT, Effect: "Allow", Resource: "*", ...more });

function accessOf(...resources: readonly Resource[]): EffectiveAccess {
  const model = modelOf(...resources);
  return new EffectiveAccess(model.keys[0]!, model, grantsByKey(model).get(model.keys[0]!) ?? []);
}
const caller = (principal: string) => ({ name: "the caller", principal, standsForOthers: false });
const waysOf = (access: EffectiveAccess, principal = USER_ARN) => access.waysOf(caller(principal), DECRYPT);
/** A role with the ARN USER_ARN and an inline policy. */
const roleWith = (...statements: readonly object[]) => [
  kept("aws_iam_role.r", { arn: USER_ARN, inline_policy: [], name: "ExampleUserRole" }),
  kept("aws_iam_role_policy.p", { policy: policyOf(...statements), role: "ExampleUserRole" }),
];
const grant = (values: Values = {}) => ({
  grantee_principal: USER_ARN,
  key_id: KEY_ARN,
  operations: ["Decrypt"],
  ...values,
});

const BY_KEY = {
  denials: [],
  leftToIam: undefined,
  maybeDenials: [],
  source: { address: "aws_kms_key.this", inIam: undefined, statement: USER, title: "Statement 'User'" },
  statements: [USER],
};

describe("a caller", () => {
  test("that the key policy names may do the action by its statement", () => {
    expect(waysOf(accessOf(keyWith(USER)))).toStrictEqual([BY_KEY]);
    expect(waysOf(accessOf(keyWith(USER)), `${USER_ARN}2`)).toStrictEqual([]);
  });

  test("that a grant on the key names may do the action by the grant", () => {
    const [way, ...others] = waysOf(accessOf(keyWith(ADMINISTRATOR), kept("aws_kms_grant.g", grant())));
    expect(others).toStrictEqual([]);
    expect(way!.source).toStrictEqual({
      address: "aws_kms_grant.g",
      inIam: undefined,
      statement: undefined,
      title: "The grant",
    });
    for (const other of [
      kept("aws_kms_grant.g", grant({ key_id: `${KEY_ARN}0` })),
      destroyed("aws_kms_grant.g", grant()),
    ]) {
      expect(waysOf(accessOf(keyWith(ADMINISTRATOR), other))).toStrictEqual([]);
    }
  });

  test("whose account the key policy names may do the action by each of its IAM policies", () => {
    const second = kept("aws_iam_role_policy.q", { policy: policyOf(iam()), role: "ExampleUserRole" });
    const source = (policy: string) => ({
      address: "aws_kms_key.this",
      inIam: { keyTitle: "Statement 'Root'", policy },
      statement: iam(),
      title: "A statement",
    });
    expect(waysOf(accessOf(keyWith(ROOT), ...roleWith(iam()), second))).toStrictEqual(
      ["aws_iam_role_policy.p", "aws_iam_role_policy.q"].map((policy) => ({
        ...BY_KEY,
        source: source(policy),
        statements: [ROOT, iam()],
      })),
    );
    expect(waysOf(accessOf(keyWith(ROOT), ...roleWith(iam({ Action: "s3:*" }))))).toStrictEqual([]);
  });

  test("that the plan does not have is left to IAM if the key policy names its account", () => {
    const [way] = waysOf(accessOf(keyWith(ROOT)));
    expect(way).toMatchObject({ leftToIam: "the plan has no IAM policies of the caller", statements: [ROOT] });
  });

  test("of another account may do the action by the key policy", () => {
    const foreign = USER_ARN.replace(ACCOUNT, "999988887777");
    const [way] = waysOf(accessOf(keyWith(allow(foreign, DECRYPT))), foreign);
    expect(way).toMatchObject({ leftToIam: undefined, statements: [allow(foreign, DECRYPT)] });
  });

  test("that is the root of the account needs no IAM policy", () => {
    expect(waysOf(accessOf(keyWith(ROOT)), ROOT_ARN)).toMatchObject([{ leftToIam: undefined, statements: [ROOT] }]);
  });

  test("is limited by the denials of the key policy and of the caller's IAM policies", () => {
    const denial = allow("*", "kms:*", { Effect: "Deny", ...TLS });
    const iamDenial = iam({ Effect: "Deny", ...TAGGED });
    for (const statement of [USER, ROOT]) {
      const [way] = waysOf(accessOf(keyWith(statement, denial), ...roleWith(iam(), iamDenial)));
      expect(way!.denials).toStrictEqual([denial, iamDenial]);
    }
    expect(waysOf(accessOf(keyWith(USER), ...roleWith(iam({ Effect: "Deny" }))))).toStrictEqual([]);
  });

  test.each([
    ["USER", USER, [USER]],
    ["ROOT", ROOT, [ROOT, iam()]],
  ])(
    "is limited by each statement of its permissions boundary, beside the statement %s of the key policy",
    (_, statement, statements) => {
      const boundaries = [iam(TAGGED), iam(TLS)];
      const arn = `arn:aws:iam::${ACCOUNT}:policy/b`;
      const bounded = [
        kept("aws_iam_policy.b", { arn, name: "b", path: "/", policy: policyOf(...boundaries) }),
        kept("aws_iam_role.r", {
          arn: USER_ARN,
          inline_policy: [],
          name: "ExampleUserRole",
          permissions_boundary: arn,
        }),
        kept("aws_iam_role_policy.p", { policy: policyOf(iam()), role: "ExampleUserRole" }),
      ];
      expect(waysOf(accessOf(keyWith(statement), ...bounded)).map((way) => way.statements)).toStrictEqual(
        boundaries.map((boundary) => [...statements, boundary]),
      );
    },
  );

  test("may be denied by a denial of the action whose NotPrincipal names only the caller", () => {
    const except = (more: object) => ({
      Action: "kms:*",
      Effect: "Deny",
      NotPrincipal: { AWS: USER_ARN },
      Resource: "*",
      ...more,
    });
    const others = [except({ Action: "kms:Encrypt" }), allow("*", "kms:*", { Effect: "Deny", ...TLS })];
    const [way] = waysOf(accessOf(keyWith(USER, except({}), ...others)));
    expect(way!.maybeDenials).toStrictEqual([except({})]);
    const whole = except({ NotPrincipal: { AWS: [USER_ARN, ROOT_ARN].sort() } });
    expect(waysOf(accessOf(keyWith(USER, whole)))[0]!.maybeDenials).toStrictEqual([]);
  });
});

test("the ways by the key policy alone are left to IAM, except for the root of the account", () => {
  const access = accessOf(keyWith(ROOT, USER), ...roleWith(iam()));
  const left = (principal: string) =>
    access.waysByKeyPolicy(caller(principal), DECRYPT).map(({ leftToIam, statements }) => [leftToIam, ...statements]);
  expect(left(USER_ARN)).toStrictEqual([
    [undefined, USER],
    ["IAM policies decide about it", ROOT],
  ]);
  expect(left(ROOT_ARN)).toStrictEqual([[undefined, ROOT]]);
  expect(access.waysByKeyPolicy(caller(USER_ARN), DECRYPT)[0]).toStrictEqual(BY_KEY);
});

describe("the parts that are not shown", () => {
  const hiddenGrant = { after_unknown: { operations: true } };
  const grantNotShown = { address: "aws_kms_grant.g", reason: "operations is unknown until apply" };
  const keyNotShown = { address: "aws_kms_key.this", reason: "the key policy is not shown (sensitive)" };
  const hiddenKey = (resource: Resource): Resource => ({
    ...resource,
    change: {
      ...resource.change,
      change: { ...(resource.change.change as Values), after_sensitive: { policy: true } },
    },
  });

  test("are those of the key policy and of grants, and are hidden changes if the plan changes the policy or a grant", () => {
    const unchanged = accessOf(
      hiddenKey(keyWith(USER)),
      kept("aws_kms_grant.g", grant({ operations: null }), hiddenGrant),
    );
    expect(unchanged.notShown).toStrictEqual([keyNotShown, grantNotShown]);
    expect(unchanged.hiddenChanges).toStrictEqual([]);
    const changed = accessOf(keyWith(USER), created("aws_kms_grant.g", grant({ operations: null }), hiddenGrant));
    expect(changed.hiddenChanges).toStrictEqual([grantNotShown]);
    expect(accessOf(hiddenKey(newKey(USER))).hiddenChanges).toStrictEqual([keyNotShown]);
    const policy = (text: string) => ({ key_id: KEY_ARN, policy: text });
    const replacedPolicy = updated("aws_kms_key_policy.p", policy(policyOf(USER)), policy("{}"), {
      after_sensitive: { policy: true },
    });
    expect(accessOf(keyWith(USER), replacedPolicy).hiddenChanges).toStrictEqual([keyNotShown]);
  });

  test("are none for a shown policy, whose statements are those of the key", () => {
    const model = modelOf(keyWith(USER, ROOT));
    const access = new EffectiveAccess(model.keys[0]!, model, []);
    expect(access.notShown).toStrictEqual([]);
    // Results are cached by the array of statements.
    expect(access.statements).toBe(model.keys[0]!.policy.after.statements);
  });
});
