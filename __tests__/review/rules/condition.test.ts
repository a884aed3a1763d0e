import { ACCOUNT, KEY_ARN, USER_ARN } from "../../support/arns";
import {
  ADMINISTRATOR,
  allow,
  created,
  destroyed,
  findingsOf,
  keyWith,
  kept,
  policyOf,
  replaced,
  type Resource,
  reviewed,
  reviewedUnder,
  updated,
  type Values,
} from "../support/small-plan";

const factChanges = (...resources: Resource[]) =>
  findingsOf("condition-fact-changes", ...resources).map(({ address, consequence }) => `${address}: ${consequence}`);
const tested = (operator: string, key: string, value = "data") => ({ Condition: { [operator]: { [key]: value } } });
const ROLE = { arn: USER_ARN, name: "ExampleUserRole", path: "/" };
const roleTags = (before: Values, after: Values, marks: Values = {}) =>
  updated(
    "aws_iam_role.r",
    { ...ROLE, tags: before },
    { ...ROLE, tags: after },
    { expressions: { tags: {} }, ...marks },
  );
const keyTags = (before: Values, after: Values, ...statements: object[]) => {
  const values = { arn: KEY_ARN, policy: policyOf(ADMINISTRATOR, ...statements) };
  return updated("aws_kms_key.this", { ...values, tags_all: before }, { ...values, tags_all: after });
};
const byPrincipalTag = keyWith(
  ADMINISTRATOR,
  allow("*", "kms:Decrypt", tested("StringEquals", "aws:PrincipalTag/Team")),
);
const policyOfRole = (statement: Values) =>
  kept("aws_iam_role_policy.p", {
    policy: policyOf({ Action: "kms:Decrypt", Effect: "Allow", Resource: "*", ...statement }),
    role: "ExampleUserRole",
  });
const alias = (name: string) => ({ name, target_key_id: KEY_ARN });

describe("a tag that the plan changes", () => {
  test.each<[string, Values, Values]>([
    ["sets", {}, { team: "data" }],
    ["changes", { team: "web" }, { team: "data" }],
    ["removes", { team: "data" }, {}],
  ])("has a finding if a condition tests it and the plan %s it", (_, before, after) => {
    expect(factChanges(byPrincipalTag, roleTags(before, after))).toStrictEqual([
      expect.stringMatching(
        /^aws_iam_role\.r: The plan changes the tag team\. .*: a statement of aws_kms_key\.this \(aws:PrincipalTag\/Team\)\.$/,
      ),
    ]);
  });

  test.each([
    ["aws_secretsmanager_secret", "secretsmanager:GetSecretValue"],
    ["aws_secretsmanager_secret_policy", "secretsmanager:GetSecretValue"],
    ["aws_redshift_resource_policy", "redshift:CreateInboundIntegration"],
    ["aws_redshiftserverless_resource_policy", "redshift-serverless:RestoreFromSnapshot"],
  ])("has a finding by a condition in %s, and is not judged if that policy is sensitive", (type, action) => {
    const policy = policyOf(allow("*", action, tested("StringEquals", "aws:PrincipalTag/team")));
    const tags = roleTags({}, { team: "data" });
    expect(factChanges(kept(`${type}.p`, { policy }), tags)).toHaveLength(1);
    expect(factChanges(kept(`${type}.p`, { policy: "" }), tags)).toStrictEqual([]);
    const hidden = kept(`${type}.p`, { policy }, { after_sensitive: { policy: true } });
    expect(reviewed([hidden, tags]).notJudged).toContainEqual({
      address: `${type}.p`,
      reason: "the policy is not shown (sensitive)",
      rule: "condition-fact-changes",
    });
  });

  test("has a finding by a condition in a trust policy, and by a condition in a denial", () => {
    const trust = kept("aws_iam_role.other", {
      assume_role_policy: policyOf(allow("*", "sts:AssumeRole", tested("StringEquals", "aws:PrincipalTag/team"))),
      name: "Other",
    });
    expect(factChanges(trust, roleTags({}, { team: "data" }))).toHaveLength(1);
    const denies = { Effect: "Deny", ...tested("StringNotEquals", "aws:PrincipalTag/team") };
    expect(factChanges(policyOfRole(denies), roleTags({}, { team: "data" }))).toHaveLength(1);
  });

  test("has a finding at a key by a statement for kms:Decrypt, and at a cluster by a statement for redshift-data:*", () => {
    const keyPolicyOfRole = policyOfRole(tested("StringEquals", "aws:ResourceTag/team"));
    const warehousePolicyOfRole = policyOfRole({
      Action: "redshift-data:*",
      ...tested("StringEquals", "aws:ResourceTag/team"),
    });
    const cluster = updated("aws_redshift_cluster.c", { tags: {} }, { tags: { team: "data" } });
    const key = keyTags({}, { team: "data" });
    expect(
      [factChanges(keyPolicyOfRole, key), factChanges(keyPolicyOfRole, cluster)].map(({ length }) => length),
    ).toStrictEqual([1, 0]);
    expect(
      [factChanges(warehousePolicyOfRole, key), factChanges(warehousePolicyOfRole, cluster)].map(
        ({ length }) => length,
      ),
    ).toStrictEqual([0, 1]);
  });

  test.each<[string, string]>([
    ["sts:AssumeRole", "aws:ResourceTag/team"],
    ["iam:AttachRolePolicy", "iam:ResourceTag/team"],
  ])("has a finding at a role by a statement for %s with %s", (Action, key) => {
    const rolePolicyOfRole = policyOfRole({ Action, ...tested("StringEquals", key) });
    expect(factChanges(rolePolicyOfRole, roleTags({}, { team: "data" }))).toHaveLength(1);
    expect(factChanges(rolePolicyOfRole, keyTags({}, { team: "data" }))).toStrictEqual([]);
  });

  test.each(["aws:ResourceTag/team", "secretsmanager:ResourceTag/team"])("has a finding at a secret by %s", (key) => {
    const secretPolicyOfRole = policyOfRole({
      Action: "secretsmanager:GetSecretValue",
      ...tested("StringEquals", key),
    });
    const secret = updated("aws_secretsmanager_secret.s", { tags: {} }, { tags: { team: "data" } });
    expect(factChanges(secretPolicyOfRole, secret)).toHaveLength(1);
    expect(factChanges(secretPolicyOfRole, roleTags({}, { team: "data" }))).toStrictEqual([]);
  });

  test("has a finding at a key of awscc, whose tags are an array", () => {
    const values = (team: string) => ({
      arn: KEY_ARN,
      key_policy: policyOf(ADMINISTRATOR),
      tags: [{ key: "team", value: team }],
    });
    const key = updated("awscc_kms_key.this", values("web"), values("data"));
    expect(factChanges(policyOfRole(tested("StringEquals", "aws:ResourceTag/team")), key)).toStrictEqual([
      expect.stringContaining("awscc_kms_key.this: The plan changes the tag team."),
    ]);
  });

  test.each<[string, Resource]>([
    ["another tag changes", roleTags({ stage: "a", team: "data" }, { stage: "b", team: "data" })],
    ["the role is new", created("aws_iam_role.r", { ...ROLE, tags: { team: "data" } })],
  ])("has no finding if %s", (_, role) => {
    expect(factChanges(byPrincipalTag, role)).toStrictEqual([]);
  });

  test("is not judged if the default tags of its provider are unknown until apply", () => {
    const role = roleTags({ team: "data" }, { team: "data" }, { after_unknown: { tags_all: true }, expressions: {} });
    expect(reviewed([byPrincipalTag, role]).notJudged).toContainEqual({
      address: "aws_iam_role.r",
      reason: "tags_all is unknown until apply",
      rule: "condition-fact-changes",
    });
  });

  test.each<[string, Resource]>([
    ["unknown until apply", roleTags({}, {}, { after_unknown: { tags: { team: true } } })],
    ["sensitive", roleTags({}, { team: "data" }, { after_sensitive: { tags: true } })],
  ])("is not judged if it is %s", (kind, role) => {
    const { findings, notJudged } = reviewed([byPrincipalTag, role]);
    expect(findings.map(({ rule }) => rule)).not.toContain("condition-fact-changes");
    expect(notJudged.filter(({ rule }) => rule === "condition-fact-changes")).toMatchObject([
      { address: "aws_iam_role.r", reason: `tags is ${kind}` },
    ]);
  });

  test("is not judged by a policy that is not shown", () => {
    const hidden = kept("aws_iam_role_policy.p", { policy: "{}", role: "r" }, { after_sensitive: { policy: true } });
    expect(reviewed([hidden, roleTags({}, { team: "data" })]).notJudged).toContainEqual(
      expect.objectContaining({ address: "aws_iam_role_policy.p", rule: "condition-fact-changes" }),
    );
  });

  test("is a reason for which --forbid is not judged if it is a tag of the role", () => {
    const forbidden = [{ action: "kms:Decrypt", principal: "*", text: "kms:Decrypt" }];
    const notJudged = (role: Resource) =>
      reviewedUnder({ forbidden }, byPrincipalTag, role).notJudged.filter(
        ({ rule }) => rule === "promise-forbidden-action",
      );
    expect(notJudged(roleTags({}, { team: "data" }))).toMatchObject([
      { reason: expect.stringContaining("a condition tests the tags of the caller, which the plan changes") as string },
    ]);
    expect(notJudged(kept("aws_iam_role.r", { ...ROLE, tags: { team: "data" } }))).toStrictEqual([]);
  });
});

describe.each([
  ["kms:RequestAlias", "StringLike"],
  ["kms:ResourceAliases", "ForAnyValue:StringLike"],
])("an alias in a condition on %s", (key, operator) => {
  const byAlias = (value: string) => policyOfRole(tested(operator, key, value));

  test.each<[string, Resource, string, boolean]>([
    [
      "has a finding if it is new and a condition tests its name",
      created("aws_kms_alias.a", alias("alias/data")),
      "alias/data",
      true,
    ],
    [
      "has a finding if it is new and a condition tests a pattern of its name",
      created("aws_kms_alias.a", alias("alias/data")),
      "alias/d*",
      true,
    ],
    [
      "has no finding if a condition tests another name",
      created("aws_kms_alias.a", alias("alias/data")),
      "alias/web",
      false,
    ],
    ["has a finding if the plan destroys it", destroyed("aws_kms_alias.a", alias("alias/data")), "alias/data", true],
    ["has no finding if it stays", kept("aws_kms_alias.a", alias("alias/data")), "alias/data", false],
    [
      "has a finding if it moves to another key",
      updated("aws_kms_alias.a", alias("alias/data"), { ...alias("alias/data"), target_key_id: `${KEY_ARN}0` }),
      "alias/data",
      true,
    ],
  ])("%s", (_, resource, value, isFound) => {
    expect(factChanges(resource, byAlias(value)).length === 1).toBe(isFound);
  });
});

test("a finding names at most five statements", () => {
  const statements = [..."abcdefg"].map((Sid) =>
    allow("*", "kms:Decrypt", { Sid, ...tested("StringEquals", "aws:ResourceTag/team") }),
  );
  expect(factChanges(keyTags({}, { team: `${ACCOUNT}` }, ...statements))).toStrictEqual([
    expect.stringContaining("statement 'e' of aws_kms_key.this (aws:ResourceTag/team) and 2 more."),
  ]);
});

test.each([
  ["aws_iam_user", "iam:GetUser", "aws:ResourceTag/team"],
  ["aws_iam_role", "kms:Decrypt", "aws:PrincipalTag/team"],
  ["aws_iam_user", "kms:Decrypt", "aws:PrincipalTag/team"],
  ["aws_redshift_cluster", "redshift:DescribeClusters", "aws:ResourceTag/team"],
  ["aws_redshiftserverless_namespace", "redshift-serverless:GetNamespace", "aws:ResourceTag/team"],
  ["aws_redshiftserverless_workgroup", "redshift-data:ExecuteStatement", "aws:ResourceTag/team"],
  ["aws_kms_replica_key", "kms:Decrypt", "aws:ResourceTag/team"],
])("a tag of %s has a finding if a statement of %s tests it by %s", (type, Action, key) => {
  const tagged = updated(`${type}.r`, { tags: {} }, { tags: { team: "data" } });
  expect(factChanges(policyOfRole({ Action, ...tested("StringEquals", key) }), tagged)).toHaveLength(1);
});

describe("the rule condition-fact-changes", () => {
  const aliasStatement = (...values: readonly string[]) =>
    keyWith(
      ADMINISTRATOR,
      allow("*", "kms:Decrypt", { Condition: { "ForAnyValue:StringEquals": { "kms:ResourceAliases": values } } }),
    );

  test.each<[string, readonly Resource[], readonly string[]]>([
    [
      "an alias that is created again",
      [aliasStatement("alias/a"), replaced("aws_kms_alias.a", alias("alias/a"), alias("alias/a"))],
      ["alias/a"],
    ],
    [
      "an alias of several names",
      [aliasStatement("alias/b", "alias/a"), created("aws_kms_alias.a", alias("alias/a"))],
      ["alias/a"],
    ],
    [
      "an alias that a policy variable may name",
      [aliasStatement("alias/${aws:PrincipalTag/team}"), created("aws_kms_alias.a", alias("alias/a"))],
      ["alias/a"],
    ],
    [
      "an alias of an unknown name",
      [
        aliasStatement("alias/a"),
        created("aws_kms_alias.a", { target_key_id: KEY_ARN }, { after_unknown: { name: true } }),
      ],
      ["an alias"],
    ],
    [
      "an alias that gets another name",
      [aliasStatement("alias/a"), updated("aws_kms_alias.a", alias("alias/a"), alias("alias/b"))],
      [],
    ],
    ["one of two tags", [byPrincipalTag, roleTags({}, { other: "a", team: "data" })], ["the tag team"]],
  ])("has a finding for %s", (_, resources, facts) => {
    expect(factChanges(...resources).map((text) => /The plan changes (.*?)\. /.exec(text)?.[1])).toStrictEqual(facts);
  });

  test("names the statements in order", () => {
    const named = (Sid: string) =>
      allow("*", "kms:Decrypt", { ...tested("StringEquals", "aws:PrincipalTag/team"), Sid });
    const key = keyWith(ADMINISTRATOR, named("Second"), named("First"));
    expect(factChanges(key, roleTags({}, { team: "data" }))[0]).toMatch(/statement 'First'.*statement 'Second'/);
  });

  test("is reported as not judged for unknown tags only if a condition tests them or a trust policy is not shown", () => {
    const unjudged = (...resources: readonly Resource[]) =>
      reviewed(resources).notJudged.flatMap(({ address, rule }) =>
        rule === "condition-fact-changes" ? [address] : [],
      );
    const unknown = roleTags({ team: "data" }, {}, { after_unknown: { tags: true } });
    expect(unjudged(byPrincipalTag, unknown)).toStrictEqual(["aws_iam_role.r"]);
    expect(unjudged(keyWith(ADMINISTRATOR), unknown)).toStrictEqual([]);
    const hidden = kept(
      "aws_iam_role.o",
      { assume_role_policy: "" },
      { after_sensitive: { assume_role_policy: true } },
    );
    expect(unjudged(keyWith(ADMINISTRATOR), roleTags({}, { team: "data" }), hidden)).toStrictEqual(["aws_iam_role.o"]);
  });
});
