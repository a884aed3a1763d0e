import { render } from "../../../review/render/render";
import type { Report } from "../../../review/report/report";
import { ADMIN_ARN, KEY_ARN, USER_ARN } from "../../support/support";
import {
  ADMINISTRATOR,
  allow,
  created,
  destroyed,
  kept,
  keyWith,
  type More,
  newKey,
  policyOf,
  policyUnknownFrom,
  readDuringApply,
  type Resource,
  reviewed,
  updated,
  USER,
} from "../support/small-plan";

const A = { StringEquals: { "kms:ViaService": "a" } };
const B = { StringEquals: { "aws:PrincipalTag/team": "b" } };
const A_AND_B = { StringEquals: { "kms:ViaService": "a", "aws:PrincipalTag/team": "b" } };

describe("the table of a key", () => {
  const abilities = (report: Report, principal: string) =>
    report.keys[0]!.principals.find((one) => one.principal === principal)!.abilities;

  test.each([
    "kms:Decrypt",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:GenerateDataKeyPair",
    "kms:GenerateDataKeyPairWithoutPlaintext",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
  ])("shows a principal that may only do %s", (action) => {
    const report = reviewed([newKey(ADMINISTRATOR, allow(USER_ARN, action))]);
    expect(abilities(report, USER_ARN)["encrypt and decrypt"].after).toStrictEqual({
      actions: [action],
      extent: "part",
      limits: [`only ${action}`],
    });
  });

  test("shows no change for a new key", () => {
    const { administer } = abilities(reviewed([newKey(ADMINISTRATOR)]), ADMIN_ARN);
    expect([administer.after.extent, administer.change]).toStrictEqual(["all", "same"]);
  });

  test("names the root of an account that the plan does not show", () => {
    const report = reviewed([created("aws_kms_key.this", {})]);
    expect(report.keys[0]!.principals.map(({ principal }) => principal)).toStrictEqual([
      "the root of the key's account",
    ]);
    expect(abilities(report, "the root of the key's account").administer.after.limits).toStrictEqual([
      "and every role and user of it whom its IAM policies allow",
    ]);
  });

  test("has no row for everybody that a statement only denies", () => {
    const denial = {
      ...allow("*", "kms:Decrypt", { Condition: { Bool: { "aws:SecureTransport": "false" } } }),
      Effect: "Deny",
    };
    const { principals } = reviewed([newKey(ADMINISTRATOR, denial)]).keys[0]!;
    expect(principals.map(({ principal }) => principal)).toStrictEqual([ADMIN_ARN]);
  });

  test.each<[string, readonly object[], readonly string[]]>([
    ["a condition and the same with another", [A, A_AND_B], ["if kms:ViaService StringEquals a"]],
    ["a condition with another and the same alone", [A_AND_B, A], ["if kms:ViaService StringEquals a"]],
    ["a condition twice", [A, A], ["if kms:ViaService StringEquals a"]],
    ["two conditions", [A, B], ["if kms:ViaService StringEquals a, or if aws:PrincipalTag/team StringEquals b"]],
  ])("limits an ability by %s in the fewest words", (_, conditions, limits) => {
    const statements = conditions.map((Condition) => allow(USER_ARN, "kms:CreateGrant", { Condition }));
    const report = reviewed([newKey(ADMINISTRATOR, ...statements)]);
    expect(abilities(report, USER_ARN)["make grants"].after.limits).toStrictEqual(limits);
  });

  test.each<[string, Resource, string]>([
    ["no policy resource", created("aws_kms_alias.this", {}), "no change"],
    [
      "a new policy",
      created("aws_kms_key_policy.this", { key_id: KEY_ARN, policy: policyOf(USER) }),
      "its policy changes",
    ],
    [
      "a policy that is unknown",
      created("aws_kms_key_policy.this", { key_id: KEY_ARN }, { after_unknown: { policy: true } }),
      "its policy may change",
    ],
  ])("has a title for %s of a key that does not change", (_, resource, change) => {
    const key = kept("aws_kms_key.this", { arn: KEY_ARN, policy: policyOf(ADMINISTRATOR) }, { expressions: {} });
    expect(render([reviewed([key, resource])], "text")).toContain(`Who can use aws_kms_key.this (${change})`);
  });

  test("has the default policy for a key without one that leaves the configuration", () => {
    const [key] = reviewed([destroyed("aws_kms_key.this", { arn: KEY_ARN })]).keys;
    expect(key!.policy).toStrictEqual({ after: "none", before: "default" });
  });

  test("has the default policy for an empty one", () => {
    const [key] = reviewed([
      created("aws_kms_key.this", { policy: "" }, { expressions: { policy: { constant_value: "" } } }),
    ]).keys;
    expect(key!.policy).toStrictEqual({ after: "default", before: "none" });
  });

  test("has the principal of a statement that names the key by its ARN", () => {
    const [key] = reviewed([keyWith(allow(USER_ARN, "kms:Decrypt", { Resource: KEY_ARN }))]).keys;
    expect(key!.principals.map(({ principal }) => principal)).toStrictEqual([USER_ARN]);
    expect(key!.unplaced).toStrictEqual([]);
  });
});

describe("the statements beside the table of a key", () => {
  const denial = { Action: "kms:*", Effect: "Deny", NotPrincipal: { AWS: ADMIN_ARN }, Resource: "*" };
  const unplaced = (...resources: readonly Resource[]) => reviewed(resources).keys[0]!.unplaced;
  const document = (statement: readonly object[], more: More = {}) =>
    readDuringApply("data.aws_iam_policy_document.key", { statement }, more);
  const DOCUMENT = "data.aws_iam_policy_document.key";
  const JSON_OF_DOCUMENT = [`${DOCUMENT}.json`, DOCUMENT];
  const statement = { actions: ["kms:Decrypt"], effect: "Allow", resources: ["*"] };
  const shown = { Action: ["kms:Decrypt"], Effect: "Allow", Resource: ["*"] };

  test("keep those of a key that is destroyed", () => {
    expect(unplaced(destroyed("aws_kms_key.this", { arn: KEY_ARN, policy: policyOf(denial) }))).toStrictEqual([
      { change: "same", statement: denial },
    ]);
  });

  test("include one that the plan removes", () => {
    const [before, after] = [policyOf(ADMINISTRATOR, denial), policyOf(ADMINISTRATOR)];
    expect(
      unplaced(updated("aws_kms_key.this", { arn: KEY_ARN, policy: before }, { arn: KEY_ARN, policy: after })),
    ).toStrictEqual([{ change: "removed", statement: denial }]);
  });

  test("report which part of a policy document is unknown", () => {
    const key = created("aws_kms_key.this", {}, policyUnknownFrom(...JSON_OF_DOCUMENT));
    const unknown = { after_unknown: { json: true, statement: [{ condition: true }] } };
    expect(unplaced(key, document([statement], unknown))).toStrictEqual([
      { change: "same", statement: { ...shown, Condition: "unknown until apply" } },
    ]);
  });

  test("include those of a policy document whose marks are null", () => {
    const key = created("aws_kms_key.this", {}, policyUnknownFrom(...JSON_OF_DOCUMENT));
    expect(unplaced(key, document([statement], { after_sensitive: null, after_unknown: null }))).toStrictEqual([
      { change: "same", statement: shown },
    ]);
  });

  test("leave out those of a sensitive policy", () => {
    const key = created(
      "aws_kms_key.this",
      { policy: policyOf(USER) },
      { after_sensitive: { policy: true }, expressions: { policy: { references: JSON_OF_DOCUMENT } } },
    );
    const report = reviewed([key, document([statement])]);
    expect(report.keys[0]).toMatchObject({ notShown: { after: "sensitive" }, unplaced: [] });
  });

  test("include those of every policy document that a policy is made from", () => {
    const key = (index: string) => created(`aws_kms_key.this["${index}"]`, {}, policyUnknownFrom(DOCUMENT));
    const one = (index: string) =>
      readDuringApply(`${DOCUMENT}["${index}"]`, { statement: [{ ...statement, sid: index }] });
    expect(unplaced(key("a"), key("b"), one("a"), one("b"))).toStrictEqual([
      { change: "same", statement: { ...shown, Sid: "a" } },
      { change: "same", statement: { ...shown, Sid: "b" } },
    ]);
  });
});
