import { created, findingsOf, policyOf, type Resource } from "../support/small-plan";

const TAG = "aws:ResourceTag/team";
const decryptIf = (Condition: object, Resource = "*") => ({
  Action: "kms:Decrypt",
  Condition,
  Effect: "Allow",
  Resource,
});
const BY_TAG = decryptIf({ StringEquals: { [TAG]: "data" } });
const BY_ALIAS = decryptIf({ "ForAnyValue:StringLike": { "kms:ResourceAliases": "alias/app-*" } });
const change = (Action: string, Condition?: object, Resource: string | readonly string[] = "*", Effect = "Allow") => ({
  Action,
  Effect,
  Resource,
  ...(Condition && { Condition }),
});
const aliasesOf = (name: string) => ["arn:aws:kms:*:111122223333:key/*", `arn:aws:kms:eu-west-1:111122223333:${name}`];
const findings = (...resources: readonly Resource[]) =>
  findingsOf("role-gives-itself-keys", ...resources).map(({ address, consequence }) => ({ address, consequence }));
const rolePolicy = (name: string, ...statements: readonly object[]): Resource =>
  created(`aws_iam_role_policy.${name}`, { name, policy: policyOf(...statements), role: "Loader" });

const TAG_FAULT =
  "A statement lets the role do kms:TagResource on every key whose policy leaves the decision to IAM. So it can give itself kms:Decrypt, which aws:ResourceTag/team limits.";

test.each<[string, readonly object[]]>([
  ["any tag", [BY_TAG, change("kms:TagResource")]],
  ["its tag with other tags", [BY_TAG, change("kms:Tag*", { StringEquals: { "aws:RequestTag/cost": "1" } })]],
  ["its tag", [BY_TAG, change("kms:TagResource", { "ForAllValues:StringEquals": { "aws:TagKeys": ["team"] } })]],
  [
    "its tag beside another tag",
    [BY_TAG, change("kms:TagResource", { "ForAnyValue:StringEquals": { "aws:TagKeys": "x" } })],
  ],
  [
    "a value that a pattern matches",
    [
      decryptIf({ StringLike: { [TAG]: "data-*" } }),
      change("kms:TagResource", { StringEquals: { "aws:RequestTag/team": "data-a" } }),
    ],
  ],
  [
    "its team",
    [
      decryptIf({ StringEquals: { [TAG]: "${aws:PrincipalTag/team}" } }),
      change("kms:TagResource", { StringEquals: { "aws:RequestTag/team": "${aws:PrincipalTag/team}" } }),
    ],
  ],
  [
    "any tag except a denied tag",
    [
      BY_TAG,
      change("kms:TagResource"),
      change("kms:TagResource", { "ForAnyValue:StringEquals": { "aws:TagKeys": "cost" } }, "*", "Deny"),
    ],
  ],
])("a role gives itself keys by %s", (_, statements) => {
  expect(findings(rolePolicy("p", ...statements))).toStrictEqual([
    { address: "aws_iam_role_policy.p", consequence: TAG_FAULT },
  ]);
});

test.each<[string, readonly object[]]>([
  ["no change of tags", [BY_TAG]],
  ["tags without a condition on them", [change("kms:TagResource")]],
  [
    "other tags only",
    [BY_TAG, change("kms:TagResource", { "ForAllValues:StringEquals": { "aws:TagKeys": ["cost"] } })],
  ],
  ["other values only", [BY_TAG, change("kms:TagResource", { StringNotEquals: { "aws:RequestTag/team": "data" } })]],
  ["the tags of keys with the tag", [BY_TAG, change("kms:TagResource", { StringEquals: { [TAG]: "data" } })]],
  ["the tags of one key", [BY_TAG, change("kms:TagResource", undefined, "arn:aws:kms:eu-west-1:111122223333:key/a-1")]],
  [
    "a denied tag",
    [
      BY_TAG,
      change("kms:TagResource"),
      change("kms:TagResource", { "ForAnyValue:StringEquals": { "aws:TagKeys": "team" } }, "*", "Deny"),
    ],
  ],
  [
    "one of two tags",
    [
      decryptIf({ StringEquals: { "aws:ResourceTag/env": "prod", [TAG]: "data" } }),
      change("kms:TagResource", { "ForAllValues:StringEquals": { "aws:TagKeys": ["team"] } }),
    ],
  ],
  [
    "the tags of keys, for a service only",
    [
      decryptIf({ StringEquals: { "kms:ViaService": "s3.eu-west-1.amazonaws.com", [TAG]: "data" } }),
      change("kms:TagResource"),
    ],
  ],
  ["tags in place of aliases", [BY_ALIAS, change("kms:TagResource")]],
  ["other aliases", [BY_ALIAS, change("kms:CreateAlias", undefined, aliasesOf("alias/other"))]],
  ["aliases, but not keys", [BY_ALIAS, change("kms:CreateAlias", undefined, "arn:aws:kms:*:*:alias/*")]],
  [
    "denied aliases",
    [BY_ALIAS, change("kms:CreateAlias"), change("kms:CreateAlias", undefined, "arn:aws:kms:*:*:alias/app-*", "Deny")],
  ],
])("a role does not give itself keys by %s", (_, statements) => {
  expect(findings(rolePolicy("p", ...statements))).toStrictEqual([]);
});

test.each([
  ["kms:CreateAlias", BY_ALIAS, "*"],
  ["kms:CreateAlias", BY_ALIAS, ["arn:aws:kms:*"]],
  ["kms:UpdateAlias", BY_ALIAS, aliasesOf("alias/*")],
  ["kms:UpdateAlias", decryptIf({ StringEquals: { "kms:RequestAlias": "alias/app" } }), aliasesOf("alias/app")],
])("a role gives itself keys by %s", (action, decrypt, resources) => {
  const [finding] = findings(rolePolicy("p", decrypt, change(action, undefined, resources)));
  expect(finding?.consequence).toContain(`lets the role do ${action} on every key`);
});

test("a role gives itself keys by a policy beside the policy that lets it decrypt", () => {
  const policies = [rolePolicy("tags", change("kms:TagResource")), rolePolicy("decrypt", BY_TAG)];
  expect(findings(...policies).map(({ address }) => address)).toStrictEqual(["aws_iam_role_policy.tags"]);
  const otherRole = created("aws_iam_role_policy.x", { policy: policyOf(BY_TAG), role: "Reader" });
  expect(findings(policies[0]!, otherRole)).toStrictEqual([]);
});
