import { main } from "../../../review/cli/main";
import { render } from "../../../review/render/render";
import { failsReview } from "../../../review/report/findings";
import { isIgnored, readIgnore } from "../../../review/report/ignore";
import type { Report } from "../../../review/report/report";
import { ACCOUNT, KEY_ARN } from "../../support/arns";
import {
  ADMINISTRATOR,
  allow,
  created,
  destroyed,
  kept,
  policyOf,
  replaced,
  type Resource,
  reviewed,
  updated,
  type Values,
} from "../support/small-plan";

const publicly = (action: string, more: object = {}): object => allow("*", action, more);
const findingsOf = ({ findings }: Report) =>
  findings
    .filter(({ rule }) => rule === "key-policy-public")
    .map(({ consequence, isNew, statement }) => ({ action: / do (.*)\.$/.exec(consequence)![1], isNew, statement }));

describe("a finding of a statement", () => {
  const report = reviewed([
    created("aws_kms_key.k", {
      policy: policyOf(
        ADMINISTRATOR,
        publicly("kms:DescribeKey", { Sid: "Public" }),
        publicly("kms:Decrypt", { Sid: "AlsoPublic" }),
        publicly("kms:Encrypt"),
        publicly("kms:Encrypt", { Condition: { Bool: { "aws:SecureTransport": "true" } } }),
      ),
    }),
  ]);

  test("has the Sid and a hash of the statement, or the hash alone if there is no Sid", () => {
    const [first, second, third, fourth] = findingsOf(report).map(({ statement }) => statement);
    expect(first).toMatch(/^Public:[0-9a-f]{12}$/);
    expect(second).toMatch(/^AlsoPublic:[0-9a-f]{12}$/);
    expect(third).toMatch(/^[0-9a-f]{12}$/);
    expect(fourth).toMatch(/^[0-9a-f]{12}$/);
    expect(third).not.toBe(fourth);
  });

  test("is one finding if the policy has the statement twice, and exists before if the old policy has the statement once", () => {
    const once = { policy: policyOf(ADMINISTRATOR, publicly("kms:Encrypt")) };
    const twice = { policy: policyOf(ADMINISTRATOR, publicly("kms:Encrypt"), publicly("kms:Encrypt")) };
    expect(findingsOf(reviewed([updated("aws_kms_key.k", once, twice)]))).toMatchObject([{ isNew: false }]);
  });

  test("is not ignored any more if the statement with the ignored Sid allows more", () => {
    const findingOf = (action: string) => {
      const policy = policyOf(ADMINISTRATOR, publicly(action, { Sid: "Public" }));
      return reviewed([created("aws_kms_key.k", { policy })]).findings.find(
        ({ rule }) => rule === "key-policy-public",
      )!;
    };
    const [finding, wider] = [findingOf("kms:DescribeKey"), findingOf("kms:*")];
    const ignoredBy = (statement: string) => {
      const ignore = readIgnore(`key-policy-public:aws_kms_key.k:${statement}`, "why", "--ignore");
      return [finding, wider].map((one) => isIgnored(ignore, one));
    };
    expect(ignoredBy(finding.statement!)).toStrictEqual([true, false]);
    expect(ignoredBy("Public:*")).toStrictEqual([true, true]);
  });

  test("has fingerprints in SARIF that differ from those of every other statement", () => {
    const { runs } = JSON.parse(render([report], "sarif")) as {
      runs: [{ results: { partialFingerprints: Record<string, string>; ruleId: string }[] }];
    };
    const fingerprints = runs[0].results
      .filter(({ ruleId }) => ruleId === "key-policy-public")
      .map(({ partialFingerprints }) => partialFingerprints);
    expect(new Set(fingerprints.map((prints) => prints["ruleAddressAndStatement/v1"])).size).toBe(4);
    expect(new Set(fingerprints.map((prints) => prints.primaryLocationLineHash)).size).toBe(4);
  });
});

test("findings of one statement for several warehouses have the same hash in SARIF, and different numbers", () => {
  const login = {
    Action: "redshift:GetClusterCredentials",
    Effect: "Allow",
    Resource: `arn:aws:redshift:us-east-1:${ACCOUNT}:dbuser:*/admin`,
  };
  const clusters = ["a", "b"].map((name) =>
    kept(`aws_redshift_cluster.${name}`, { cluster_identifier: name, encrypted: true, master_username: "admin" }),
  );
  const report = reviewed([...clusters, created("aws_iam_role_policy.p", { policy: policyOf(login) })]);
  const { runs } = JSON.parse(render([report], "sarif")) as {
    runs: [{ results: { partialFingerprints: { primaryLocationLineHash: string }; ruleId: string }[] }];
  };
  const hashes = runs[0].results
    .filter(({ ruleId }) => ruleId === "role-admin-of-database")
    .map(({ partialFingerprints }) => partialFingerprints.primaryLocationLineHash.split(":"));
  expect(hashes.map(([, count]) => count)).toStrictEqual(["1", "2"]);
  expect(new Set(hashes.map(([hash]) => hash)).size).toBe(1);
});

test("a strict review fails if it could not judge one rule", () => {
  const report = reviewed([]);
  const [missing] = reviewed([created("aws_kms_key.k", { policy: policyOf(ADMINISTRATOR) })]).notJudged;
  const fails = (notJudged: Report["notJudged"]) =>
    failsReview({ ...report, notJudged }, { failOn: "error", onlyNew: false, strict: true });
  expect([fails([]), fails([missing!])]).toStrictEqual([false, true]);
});

describe("a finding", () => {
  const key = (...statements: object[]) => ({ arn: KEY_ARN, policy: policyOf(ADMINISTRATOR, ...statements) });
  const old = publicly("kms:DescribeKey", { Sid: "Public" });

  test("is new if the plan adds its statement, not if the statement exists before the plan", () => {
    const report = reviewed([updated("aws_kms_key.k", key(old), key(old, publicly("kms:Decrypt", { Sid: "More" })))]);
    expect(findingsOf(report)).toStrictEqual([
      { action: "kms:DescribeKey", isNew: false, statement: "Public:dafa7a3a7c43" },
      { action: "kms:Decrypt", isNew: true, statement: "More:33ad531c7212" },
    ]);
  });

  test.each<[string, string, string, boolean]>([
    ["is not new if a statement allows an action that its former pattern matches", "kms:*", "kms:Decrypt", false],
    ["is not new if a statement gets a narrower pattern", "kms:*", "KMS:De*", false],
    ["is not new if a statement gets a character in place of ?", "kms:Decryp?", "kms:Decrypt", false],
    ["is new if a statement gets * in place of ?", "kms:Decryp?", "kms:Decryp*", true],
    ["is new if a statement gets another pattern", "kms:Enc*", "kms:*crypt", true],
  ])("%s", (_, before, after, isNew) => {
    const [one, other] = [before, after].map((action) => key(publicly(action, { Sid: "Public" })));
    expect(reviewed([updated("aws_kms_key.k", one!, other!)]).findings[0]).toMatchObject({
      isNew,
      rule: "key-policy-public",
    });
  });

  test.each<[string, string, boolean]>([
    ["is not new if a statement of a role names fewer resources", "arn:aws:kms:*:111122223333:key/*", false],
    ["is new if a statement of a role names other resources", "arn:aws:kms:us-east-1:*:key/*", true],
  ])("%s", (_, resource, isNew) => {
    const [before, after] = ["arn:aws:kms:*:111122223333:*", resource].map((Resource) => ({
      policy: policyOf({ Action: "kms:Decrypt", Effect: "Allow", Resource }),
      role: "a",
    }));
    expect(reviewed([updated("aws_iam_role_policy.p", before!, after!)]).findings[0]).toMatchObject({
      isNew,
      rule: "role-decrypts-with-every-key",
    });
  });

  test.each([
    [20, false],
    [601, true],
  ])("is new if its statements get narrower in a policy of %d statements: %j", (count, isNew) => {
    const statements = (more: object) =>
      Array.from({ length: count }, (_, index) => ({
        ...publicly("kms:Decrypt"),
        Condition: { ...more, StringEquals: { "aws:PrincipalTag/team": `${index}` } },
      }));
    const [before, after] = [{}, { Bool: { "aws:SecureTransport": "true" } }].map((more) => ({
      arn: KEY_ARN,
      policy: policyOf(ADMINISTRATOR, ...statements(more)),
    }));
    const findings = findingsOf(reviewed([updated("aws_kms_key.k", before!, after!)]));
    expect(findings).toHaveLength(count);
    expect(new Set(findings.map((finding) => finding.isNew))).toStrictEqual(new Set([isNew]));
  });

  test("is new if a statement keeps its Sid and allows more", () => {
    const report = reviewed([updated("aws_kms_key.k", key(old), key(publicly("kms:*", { Sid: "Public" })))]);
    expect(findingsOf(report)).toStrictEqual([{ action: "kms:*", isNew: true, statement: "Public:00d51ecde373" }]);
  });

  test.each<[string, object]>([
    ["gets another Sid", { Sid: "Other" }],
    ["loses its Sid", {}],
  ])("is not new if its statement %s", (_, sid) => {
    const report = reviewed([updated("aws_kms_key.k", key(old), key(publicly("kms:DescribeKey", sid)))]);
    expect(findingsOf(report).map(({ isNew }) => isNew)).toStrictEqual([false]);
  });

  test("is not new if values, elements and statements have another order", () => {
    const statement = (Action: readonly string[], services: readonly string[]) => ({
      Action,
      Condition: { Bool: { "aws:SecureTransport": "true" }, StringLike: { "kms:ViaService": services } },
      Effect: "Allow",
      Principal: "*",
      Resource: ["*"],
    });
    const { Effect, Principal, ...rest } = statement(["kms:Encrypt", "kms:Decrypt"], ["b*", "*a"]);
    const after = { ...rest, Resource: "*", Principal, Effect };
    const before = statement(["kms:Decrypt", "kms:Encrypt"], ["*a", "b*"]);
    const service = (...names: string[]) => ({ ...publicly("kms:Decrypt"), Principal: { Service: names } });
    const report = reviewed([
      updated(
        "aws_kms_key.k",
        key(before, service("a.amazonaws.com", "b.amazonaws.com")),
        key(service("b.amazonaws.com", "a.amazonaws.com"), after),
      ),
    ]);
    expect(report.findings.length).toBeGreaterThan(1);
    expect(report.findings.filter(({ isNew }) => isNew)).toStrictEqual([]);
    expect(report.keys.map(({ policyChange }) => policyChange)).toStrictEqual(["same"]);
  });

  test.each([
    ["role/a", false],
    ["role/b", false],
    ["role/c", true],
  ])("is new if the plan leaves in its trust policy only the principal %s: %s", (name, isNew) => {
    const [before, after] = [["role/a", "role/b"], [name]].map((names) => ({
      arn: `arn:aws:iam::${ACCOUNT}:role/r`,
      assume_role_policy: policyOf({
        Action: "sts:AssumeRole",
        Effect: "Allow",
        Principal: { AWS: names.map((one) => `arn:aws:iam::444455556666:${one}`) },
      }),
    }));
    const { findings } = reviewed([updated("aws_iam_role.r", before!, after!)]);
    const finding = findings.find(({ rule }) => rule === "role-trusts-other-account");
    expect(finding!.isNew).toBe(isNew);
  });

  test("is not new if its resource only moves", () => {
    const report = reviewed([kept("aws_kms_key.k", key(old), { previous_address: "aws_kms_key.before" })]);
    expect(findingsOf(report).map(({ isNew }) => isNew)).toStrictEqual([false]);
  });

  test("is new if its resource is new", () => {
    expect(findingsOf(reviewed([created("aws_kms_key.k", key(old))])).map(({ isNew }) => isNew)).toStrictEqual([true]);
  });
});

describe("a finding of an unchanged statement", () => {
  const arn = `arn:aws:iam::${ACCOUNT}:policy/Broad`;
  const policy = kept("aws_iam_policy.broad", {
    arn,
    name: "Broad",
    policy: policyOf({ Action: "kms:Decrypt", Effect: "Allow", Resource: "*" }),
  });
  const roles = ["reader", "writer"].map((name) =>
    kept(`aws_iam_role.${name}`, { arn: `arn:aws:iam::${ACCOUNT}:role/${name}`, name }),
  );
  const toRole = (role: string) => ({ policy_arn: arn, role });
  const lister = { managed_policy_arns: [arn], name: "lister" };
  const denial = (Action: string) => ({ policy: policyOf({ Action, Effect: "Deny", Resource: "*" }), role: "reader" });
  const SET = "arn:aws:sso:::permissionSet/ssoins-a/ps-a";
  const toReader = kept("aws_iam_role_policy_attachment.reader", toRole("reader"));
  const toGroup = [
    kept("aws_ssoadmin_managed_policy_attachment.s", { managed_policy_arn: arn, permission_set_arn: SET }),
    kept("aws_ssoadmin_account_assignment.s", {
      permission_set_arn: SET,
      principal_id: "g",
      principal_type: "GROUP",
      target_id: ACCOUNT,
    }),
  ];
  const newnessWith = (...attachments: Parameters<typeof reviewed>[0]) =>
    reviewed([policy, ...roles, ...attachments])
      .findings.filter(({ rule }) => rule === "role-decrypts-with-every-key")
      .map(({ address, isNew }) => [address, isNew]);

  test.each([
    ["is not new if the plan gives its policy to nobody else", [toReader], false],
    [
      "is new if the plan gives its policy to another role",
      [toReader, created("aws_iam_role_policy_attachment.w", toRole("writer"))],
      true,
    ],
    [
      "is new if the plan adds its policy to the list of a role",
      [toReader, updated("aws_iam_role.lister", { ...lister, managed_policy_arns: [] }, lister)],
      true,
    ],
    ["is not new if a role lists its policy before the plan", [toReader, kept("aws_iam_role.lister", lister)], false],
    [
      "is not new if an attachment takes the place of the list of a role",
      [
        updated("aws_iam_role.lister", lister, { ...lister, managed_policy_arns: [] }),
        created("aws_iam_role_policy_attachment.lister", toRole("lister")),
      ],
      false,
    ],
    [
      "is not new if the plan makes its policy the boundary of a permission set",
      [
        toReader,
        created("aws_ssoadmin_permissions_boundary_attachment.s", {
          permission_set_arn: SET,
          permissions_boundary: [{ managed_policy_arn: arn }],
        }),
      ],
      false,
    ],
    [
      "is not new if the plan takes its policy from a role",
      [toReader, destroyed("aws_iam_role_policy_attachment.w", toRole("writer"))],
      false,
    ],
    [
      "is new if the plan adds a user to a group that has its policy",
      [
        kept("aws_iam_user.analyst", { arn: `arn:aws:iam::${ACCOUNT}:user/analyst`, name: "analyst" }),
        kept("aws_iam_group_policy_attachment.analysts", { group: "analysts", policy_arn: arn }),
        created("aws_iam_user_group_membership.analyst", { groups: ["analysts"], user: "analyst" }),
      ],
      true,
    ],
    [
      "is not new if the plan takes a user from a group that has its policy",
      [
        kept("aws_iam_user.analyst", { arn: `arn:aws:iam::${ACCOUNT}:user/analyst`, name: "analyst" }),
        kept("aws_iam_group_policy_attachment.analysts", { group: "analysts", policy_arn: arn }),
        destroyed("aws_iam_user_group_membership.analyst", { groups: ["analysts"], user: "analyst" }),
      ],
      false,
    ],
    [
      "is new if the plan takes a user from a group that denies the action",
      [
        kept("aws_iam_user.analyst", { arn: `arn:aws:iam::${ACCOUNT}:user/analyst`, name: "analyst" }),
        kept("aws_iam_user_policy_attachment.analyst", { policy_arn: arn, user: "analyst" }),
        kept("aws_iam_group_policy.denied", { group: "denied", policy: denial("kms:*").policy }),
        destroyed("aws_iam_user_group_membership.analyst", { groups: ["denied"], user: "analyst" }),
      ],
      true,
    ],
    [
      "is new if the plan removes a policy of the role that denies the action",
      [toReader, destroyed("aws_iam_role_policy.deny", denial("kms:*"))],
      true,
    ],
    [
      "is new if the plan removes a policy that denies the action from one of two roles",
      [
        toReader,
        kept("aws_iam_role_policy_attachment.w", toRole("writer")),
        destroyed("aws_iam_role_policy.deny", denial("kms:*")),
        kept("aws_iam_role_policy.deny_writer", { ...denial("kms:*"), role: "writer" }),
      ],
      true,
    ],
    [
      "is not new if the plan removes a policy of the role that denies another service",
      [toReader, destroyed("aws_iam_role_policy.deny", denial("s3:*"))],
      false,
    ],
    [
      "is not new if the role keeps a policy that denies the action",
      [toReader, kept("aws_iam_role_policy.deny", denial("kms:*"))],
      false,
    ],
    [
      "is new if the plan removes the permissions boundary of a role",
      [
        kept("aws_iam_role_policy_attachment.admin", toRole("admin")),
        updated(
          "aws_iam_role.admin",
          { name: "admin", permissions_boundary: "arn:aws:iam::aws:policy/ReadOnlyAccess" },
          { name: "admin" },
        ),
      ],
      true,
    ],
    [
      "is new if the plan removes the permissions boundary of a role that lists its policy",
      [
        updated(
          "aws_iam_role.lister",
          { ...lister, permissions_boundary: "arn:aws:iam::aws:policy/ReadOnlyAccess" },
          lister,
        ),
      ],
      true,
    ],
    [
      "is new if the plan assigns its permission set to somebody else",
      [
        kept("aws_ssoadmin_managed_policy_attachment.s", { managed_policy_arn: arn, permission_set_arn: SET }),
        created("aws_ssoadmin_account_assignment.s", {
          permission_set_arn: SET,
          principal_id: "a",
          principal_type: "USER",
          target_id: ACCOUNT,
        }),
      ],
      true,
    ],
    [
      "is new if the plan adds a member to a group that has its permission set",
      [...toGroup, created("aws_identitystore_group_membership.m", { group_id: "g", member_id: "ana" })],
      true,
    ],
    [
      "is not new if a group that has its permission set keeps its member",
      [...toGroup, kept("aws_identitystore_group_membership.m", { group_id: "g", member_id: "ana" })],
      false,
    ],
  ])("%s", (_, attachments, isNew) => {
    expect(newnessWith(...attachments)).toStrictEqual([["aws_iam_policy.broad", isNew]]);
  });

  test("is new if the plan removes a denial from the same key policy or trust policy", () => {
    const key = (...statements: object[]) => ({
      arn: KEY_ARN,
      policy: policyOf(ADMINISTRATOR, publicly("kms:Decrypt"), ...statements),
    });
    const denied = {
      ...publicly("kms:*"),
      Effect: "Deny",
      Condition: { StringNotEquals: { "aws:PrincipalAccount": ACCOUNT } },
    };
    const newness = (before: Values, after: Values) =>
      findingsOf(reviewed([updated("aws_kms_key.k", before, after)])).map(({ isNew }) => isNew);
    expect(newness(key(denied), key())).toStrictEqual([true]);
    const trust = (...statements: object[]) => ({ assume_role_policy: policyOf(...statements), name: "a" });
    const [everybody, others] = [
      { Action: "sts:AssumeRole", Effect: "Allow", Principal: "*" },
      { ...denied, Action: "*" },
    ];
    const { findings } = reviewed([updated("aws_iam_role.a", trust(everybody, others), trust(everybody))]);
    expect(findings.map(({ isNew, rule }) => [rule, isNew])).toStrictEqual([["role-trusts-everybody", true]]);
    expect(newness(key(), key(denied))).toStrictEqual([false]);
    const rotation = { ...key(), enable_key_rotation: false };
    const report = reviewed([updated("aws_kms_key.k", { ...rotation, ...key(denied) }, rotation)]);
    expect(report.findings.filter(({ isNew }) => isNew).map(({ rule }) => rule)).toStrictEqual(["key-policy-public"]);
  });
});

describe("a finding of another account", () => {
  const foreign = "arn:aws:iam::444455556666:role/partner";
  const newness = (rule: string, resource: Resource) =>
    reviewed([resource])
      .findings.filter((finding) => finding.rule === rule)
      .map(({ isNew }) => isNew);
  const describeKey = allow(foreign, "kms:DescribeKey", { Sid: "Partner" });
  const keyOf = (...statements: object[]) => ({ arn: KEY_ARN, policy: policyOf(ADMINISTRATOR, ...statements) });

  test.each<[string, object, boolean]>([
    ["is new if its statement allows more actions", allow(foreign, "kms:*", { Sid: "Partner" }), true],
    ["is new unless only the Sid of its statement changes", { ...describeKey, Sid: "Other" }, false],
  ])("%s", (_, after, isNew) => {
    const change = updated("aws_kms_key.k", keyOf(describeKey), keyOf(after));
    expect(newness("key-policy-other-account", change)).toStrictEqual([isNew]);
  });

  test("is new if its statement loses a condition", () => {
    const limited = { ...describeKey, Condition: { StringEquals: { "kms:ViaService": "s3.us-east-1.amazonaws.com" } } };
    const change = updated("aws_kms_key.k", keyOf(limited), keyOf(describeKey));
    expect(newness("key-policy-other-account", change)).toStrictEqual([true]);
  });

  const partner = (more: object = {}) => allow(foreign, "kms:DescribeKey", { Sid: "Partner", ...more });
  const orgId = { StringEquals: { "aws:PrincipalOrgID": "o-a" } };
  test.each<[string, object, object, boolean]>([
    ["is not new if its statement gets a condition", partner(), partner({ Condition: orgId }), false],
    [
      "is not new if its statement gets another condition",
      partner({ Condition: orgId }),
      partner({ Condition: { ...orgId, Bool: { "aws:SecureTransport": "true" } } }),
      false,
    ],
    [
      "is not new if its statement loses an action",
      partner({ Action: ["kms:DescribeKey", "kms:Decrypt"] }),
      partner(),
      false,
    ],
    [
      "is not new if its statement loses a principal",
      partner({ Principal: { AWS: [foreign, `${foreign}2`] } }),
      partner(),
      false,
    ],
    [
      "is new if its statement gets another condition in place of its condition",
      partner({ Condition: orgId }),
      partner({ Condition: { Bool: { "aws:SecureTransport": "true" } } }),
      true,
    ],
    [
      "is new if a condition of its statement gets one more value",
      partner({ Condition: orgId }),
      partner({ Condition: { StringEquals: { "aws:PrincipalOrgID": ["o-a", "o-b"] } } }),
      true,
    ],
    [
      "is not new if a condition of its statement loses a value",
      partner({ Condition: { StringEquals: { "aws:PrincipalOrgID": ["o-a", "o-b"] } } }),
      partner({ Condition: orgId }),
      false,
    ],
    [
      "is not new if a negated condition of its statement gets a value",
      partner({ Condition: { StringNotEquals: { "aws:PrincipalOrgID": "o-a" } } }),
      partner({ Condition: { StringNotEquals: { "aws:PrincipalOrgID": ["o-a", "o-b"] } } }),
      false,
    ],
    [
      "is new if a negated condition of its statement loses a value",
      partner({ Condition: { StringNotEquals: { "aws:PrincipalOrgID": ["o-a", "o-b"] } } }),
      partner({ Condition: { StringNotEquals: { "aws:PrincipalOrgID": "o-a" } } }),
      true,
    ],
    [
      "is new if its statement loses an action and gets another action",
      partner({ Action: ["kms:DescribeKey", "kms:Decrypt"] }),
      partner({ Action: ["kms:Encrypt"] }),
      true,
    ],
    [
      "is new if its statement loses a principal and gets another principal",
      partner({ Principal: { AWS: [foreign, `${foreign}2`] } }),
      partner({ Principal: { AWS: `${foreign}3` } }),
      true,
    ],
    [
      "is new if its statement gets a condition and an action",
      partner(),
      partner({ Action: ["kms:DescribeKey", "kms:Decrypt"], Condition: orgId }),
      true,
    ],
    [
      "is new if its statement gets everybody as a principal",
      partner(),
      partner({ Condition: orgId, Principal: "*" }),
      true,
    ],
    [
      "is new if its statement then allows all actions but some",
      partner(),
      partner({ Action: undefined, NotAction: "kms:Decrypt" }),
      true,
    ],
    [
      "is new if its statement then allows all actions but one, in place of all but two",
      partner({ Action: undefined, NotAction: ["kms:Decrypt", "kms:Encrypt"] }),
      partner({ Action: undefined, NotAction: ["kms:Decrypt"] }),
      true,
    ],
  ])("%s", (_, before, after, isNew) => {
    const change = updated("aws_kms_key.k", keyOf(before), keyOf(after));
    const newnessOfAll = reviewed([change])
      .findings.filter(({ rule }) => ["key-policy-other-account", "key-policy-public"].includes(rule))
      .map((finding) => finding.isNew);
    expect(newnessOfAll).toContain(isNew);
    expect(new Set(newnessOfAll).size).toBe(1);
  });

  test.each<[string, readonly object[], object, boolean]>([
    [
      "is not new if one statement gets the actions of two statements",
      [partner({ Action: "kms:Encrypt" }), partner()],
      partner({ Action: ["kms:DescribeKey", "kms:Encrypt"] }),
      false,
    ],
    [
      "is not new if one statement gets the principals of two statements",
      [partner({ Condition: orgId }), partner({ Condition: orgId, Principal: { AWS: `${foreign}2` } })],
      partner({ Condition: orgId, Principal: { AWS: [foreign, `${foreign}2`] } }),
      false,
    ],
    [
      "is new if one statement gets the actions of two statements, and the principals of one of them",
      [partner({ Action: "kms:Encrypt", Principal: { AWS: `${foreign}2` } }), partner()],
      partner({ Action: ["kms:DescribeKey", "kms:Encrypt"] }),
      true,
    ],
    [
      "is new if one statement gets the actions of two statements, and the condition of neither",
      [partner({ Action: "kms:Encrypt", Condition: orgId }), partner()],
      partner({ Action: ["kms:DescribeKey", "kms:Encrypt"] }),
      true,
    ],
  ])("%s", (_, before, after, isNew) => {
    const change = updated("aws_kms_key.k", keyOf(...before), keyOf(after));
    expect(newness("key-policy-other-account", change)).toStrictEqual([isNew]);
  });

  test.each<[string, object, object, boolean]>([
    ["is not new if a denial of the key policy denies more", { Action: "kms:Describe*" }, { Action: "kms:*" }, false],
    [
      "is not new if a denial of the key policy loses a condition",
      { Condition: { Bool: { "aws:SecureTransport": "false" } } },
      {},
      false,
    ],
    ["is new if a denial of the key policy denies less", { Action: "kms:*" }, { Action: "kms:Describe*" }, true],
    [
      "is new if a denial of the key policy gets a condition",
      {},
      { Condition: { Bool: { "aws:SecureTransport": "false" } } },
      true,
    ],
  ])("%s", (_, before, after, isNew) => {
    const [former, remaining] = [before, after].map((more) =>
      keyOf(partner(), { Action: "kms:*", Effect: "Deny", Principal: { AWS: `${foreign}2` }, Resource: "*", ...more }),
    );
    const change = updated("aws_kms_key.k", former!, remaining!);
    expect(newness("key-policy-other-account", change)).toStrictEqual([isNew]);
  });

  test("is not new if a denial of the key policy gets a Sid", () => {
    const denial = { Action: "kms:*", Condition: { Bool: { "aws:SecureTransport": "false" } }, Effect: "Deny" };
    const [before, after] = [{}, { Sid: "Tls" }].map((sid) =>
      keyOf(partner(), { ...denial, ...sid, Principal: "*", Resource: "*" }),
    );
    const change = updated("aws_kms_key.k", before!, after!);
    expect(newness("key-policy-other-account", change)).toStrictEqual([false]);
  });

  test("is new if the key policy loses a denial", () => {
    const denial = { ...partner(), Condition: { Bool: { "aws:SecureTransport": "false" } }, Effect: "Deny" };
    const change = updated("aws_kms_key.k", keyOf(partner(), denial), keyOf(partner()));
    expect(newness("key-policy-other-account", change)).toStrictEqual([true]);
  });

  test("is new if it is for another warehouse, although its statement is narrower", () => {
    const login = (...Action: string[]) =>
      policyOf({ Action, Effect: "Allow", Resource: `arn:aws:redshift:us-east-1:${ACCOUNT}:dbuser:*/admin` });
    const cluster = (name: string) => ({ cluster_identifier: name, encrypted: true, master_username: "admin" });
    const { findings } = reviewed([
      kept("aws_redshift_cluster.a", cluster("a")),
      created("aws_redshift_cluster.b", cluster("b")),
      updated(
        "aws_iam_role_policy.p",
        { policy: login("redshift:GetClusterCredentials", "s3:GetObject") },
        { policy: login("redshift:GetClusterCredentials") },
      ),
    ]);
    expect(findings.filter(({ rule }) => rule === "role-admin-of-database").map(({ isNew }) => isNew)).toStrictEqual([
      false,
      true,
    ]);
  });

  test("is new if the plan replaces its grant", () => {
    const grant = { grantee_principal: foreign, key_id: KEY_ARN, operations: ["Decrypt"] };
    const limited = { ...grant, constraints: [{ encryption_context_equals: { tenant: "partner" } }] };
    expect(newness("grant-other-account", replaced("aws_kms_grant.g", limited, grant))).toStrictEqual([true]);
    expect(newness("grant-other-account", kept("aws_kms_grant.g", grant))).toStrictEqual([false]);
  });
});

test.each([
  ["a statement that exists before the plan", true, 0],
  ["a statement that the plan adds", false, 1],
])("--only-new with a finding of %s (%j) ends with status %i", (_, isBefore, status) => {
  const before = policyOf(ADMINISTRATOR, ...(isBefore ? [publicly("kms:Decrypt")] : []));
  const plan = {
    format_version: "1.2",
    resource_changes: [
      updated("aws_kms_key.k", { policy: before }, { policy: policyOf(ADMINISTRATOR, publicly("kms:Decrypt")) }).change,
    ],
  };
  const write = jest.spyOn(process.stdout, "write").mockImplementation(() => true);
  const read = () => JSON.stringify(plan);
  const [all, onlyNew] = [main([], read), main(["--only-new"], read)];
  const [report] = write.mock.calls[0]!;
  write.mockRestore();
  expect([all, onlyNew]).toStrictEqual([1, status]);
  expect(String(report).includes("    It exists before this plan.\n")).toBe(isBefore);
});

describe("a finding of a value that is sensitive before and after the plan", () => {
  const POLICIES = [policyOf(ADMINISTRATOR), policyOf(ADMINISTRATOR, publicly("kms:Decrypt"))] as const;
  const TRUST = policyOf({ Action: "sts:AssumeRole", Effect: "Allow", Principal: "*" });
  const hidden = (name: string) => ({ after_sensitive: { [name]: true }, before_sensitive: { [name]: true } });

  test.each<[string, string, string, readonly [unknown, unknown]]>([
    ["key-policy-not-shown", "aws_kms_key.x", "policy", POLICIES],
    ["role-policy-not-shown", "aws_iam_role_policy.x", "policy", POLICIES],
    ["role-trust-not-shown", "aws_iam_role.x", "assume_role_policy", [policyOf(), TRUST]],
    ["sharing-policy-not-shown", "aws_redshift_resource_policy.x", "policy", POLICIES],
    ["grant-not-shown", "aws_kms_grant.x", "grantee_principal", ["a", "b"]],
    ["warehouse-not-shown", "aws_redshift_cluster.x", "publicly_accessible", [false, true]],
  ])("is new if the plan changes the value: %s", (rule, address, name, [before, after]) => {
    const newnessOf = (value: unknown) =>
      reviewed([updated(address, { [name]: before, tags: {} }, { [name]: value, tags: { a: "b" } }, hidden(name))])
        .findings.filter((finding) => finding.rule === rule)
        .map(({ isNew }) => isNew);
    expect([newnessOf(after), newnessOf(before)]).toStrictEqual([[true], [false]]);
  });

  test("is new if the plan changes a policy that cannot be read", () => {
    const report = reviewed([updated("aws_kms_key.x", { policy: "{" }, { policy: "{{" })]);
    expect(report.findings.map(({ isNew, rule }) => [rule, isNew])).toContainEqual(["key-policy-not-shown", true]);
  });
});
