import { ACCOUNT } from "../../support/arns";
import {
  created,
  destroyed,
  findingsOf,
  kept,
  policyOf,
  type Resource,
  reviewed,
  type Values,
} from "../support/small-plan";

const RULE = "role-admin-of-database";
const login = (Resource: unknown, more: object = {}) =>
  created("aws_iam_role_policy.p", {
    policy: policyOf({ Action: "redshift:GetClusterCredentials", Effect: "Allow", Resource, ...more }),
  });
const clusterOf = (values: Values = {}) =>
  kept("aws_redshift_cluster.c", {
    arn: `arn:aws:redshift:us-east-1:${ACCOUNT}:cluster:analytics`,
    cluster_identifier: "analytics",
    master_username: "boss",
    ...values,
  });
const userOf = (cluster: string, user: string, account = ACCOUNT) =>
  `arn:aws:redshift:us-east-1:${account}:dbuser:${cluster}/${user}`;

describe("a statement for GetClusterCredentials", () => {
  test.each<[string, unknown]>([
    ["the admin of the cluster", userOf("analytics", "boss")],
    ["the admin among others", [userOf("analytics", "reader"), userOf("analytics", "boss")]],
    ["the admin of any cluster", userOf("*", "boss")],
    ["a pattern that the admin matches", userOf("analytics", "bos?")],
    ["a pattern without a cluster", "arn:aws:redshift:*/boss"],
    ["a pattern without a service", "*/boss"],
    ["a service with a wildcard", userOf("analytics", "boss").replace("redshift", "red*")],
  ])("for %s has the finding", (_, resource) => {
    expect(findingsOf(RULE, clusterOf(), login(resource))).toHaveLength(1);
  });

  test.each<[string, unknown]>([
    ["another user", userOf("analytics", "reader")],
    ["the admin of another cluster", userOf("other", "boss")],
    ["the admin of a cluster of another account", userOf("analytics", "boss", "999988887777")],
    ["another service", userOf("analytics", "boss").replace("redshift", "rds")],
  ])("for %s has no finding", (_, resource) => {
    expect(findingsOf(RULE, clusterOf(), login(resource))).toStrictEqual([]);
  });

  test.each<[string, object, number]>([
    ["the admin", { StringEquals: { "redshift:DbUser": "boss" } }, 1],
    ["a pattern that the admin matches", { StringLike: { "redshift:DbUser": "b*" } }, 1],
    ["the admin in capitals, in any case", { StringEqualsIgnoreCase: { "redshift:DbUser": "BOSS" } }, 1],
    ["another user", { StringEquals: { "redshift:DbUser": "reader" } }, 0],
  ])("for every user, with a condition on %s (%j), has %i findings", (_, Condition, count) => {
    expect(findingsOf(RULE, clusterOf(), login("*", { Condition }))).toHaveLength(count);
    const others = { Condition, NotResource: userOf("other", "*"), Resource: undefined };
    expect(findingsOf(RULE, clusterOf(), login(undefined, others))).toHaveLength(count);
    expect(findingsOf("role-any-database-user", clusterOf(), login("*", { Condition }))).toStrictEqual([]);
  });

  const [ANY, SESSION] = ["as any user of the database", "as the database user with the name of its session"];
  test.each<[string, object]>([
    [SESSION, { StringEquals: { "aws:userid": "AROAEXAMPLE:${redshift:DbUser}@example.com" } }],
    [SESSION, { StringLike: { "aws:userId": "*:${redshift:dbuser}" } }],
    [ANY, { StringLike: { "aws:userid": "*${redshift:DbUser}" } }],
    [ANY, { StringLike: { "aws:userid": "*:${redshift:DbUser}*" } }],
    [ANY, { StringLike: { "aws:userid": ["*:${redshift:DbUser}", "AROAEXAMPLE:*"] } }],
    [ANY, { StringNotEquals: { "aws:userid": "AROAEXAMPLE:${redshift:DbUser}" } }],
    [ANY, { StringEqualsIfExists: { "aws:userid": "AROAEXAMPLE:${redshift:DbUser}" } }],
    [ANY, { "ForAllValues:StringEquals": { "aws:userid": "AROAEXAMPLE:${redshift:DbUser}" } }],
    [ANY, { StringEquals: { "aws:username": "a:${redshift:DbUser}" } }],
  ])("for every user has the consequence %j with the condition %j", (text, Condition) => {
    const [finding] = findingsOf(
      "role-any-database-user",
      login(userOf("analytics", "${redshift:DbUser}"), { Condition }),
    );
    expect(finding?.consequence).toContain(text);
  });

  const USER = "${redshift:DbUser}";
  const userId = (operator: string, ...values: readonly string[]) => ({ [operator]: { "aws:userid": values } });
  const trusting = (action: string, more: object = {}) =>
    kept("aws_iam_role.r", {
      assume_role_policy: policyOf({ Action: action, Effect: "Allow", Principal: { AWS: ACCOUNT }, ...more }),
      name: "r",
    });
  const SAML = trusting("sts:AssumeRoleWithSAML");
  /** The numbers of findings if the policy of a role has the condition, and each user or the admin as its resource. */
  const countsWith = (Condition: object, ...holders: readonly Resource[]) =>
    [userOf("analytics", USER), "*", userOf("analytics", "boss")].map((resource, index) => {
      const { change, configured } = login(resource, { Condition });
      const { after, ...rest } = change.change as { after: Values };
      const policy = { change: { ...change, change: { ...rest, after: { ...after, role: "r" } } }, configured };
      return findingsOf(index < 2 ? "role-any-database-user" : RULE, clusterOf(), policy, ...holders).length;
    });

  test.each([
    ["of AWS's page", userId("StringEquals", `AIDIODR4TAW7CSEXAMPLE:${USER}@example.com`), 0],
    ["of any role", userId("StringLike", `*:${USER}`), 0],
    ["that another user meets", userId("StringLike", `*:${USER}`, "AROAEXAMPLE:*"), 1],
    ["that a part of a session's name meets", userId("StringLike", `*:*${USER}`), 1],
    ["that refuses the session", userId("StringNotEquals", `AROAEXAMPLE:${USER}`), 1],
    ["with a quantifier", userId("ForAllValues:StringEquals", `AROAEXAMPLE:${USER}`), 1],
    ["of the ID", userId("StringEquals", USER), 1],
  ])(
    "for the database user that a SAML provider names, with a condition %s, has %i findings",
    (_, condition, count) => {
      expect(countsWith(condition, SAML)).toStrictEqual([count, count, count]);
    },
  );

  test.each<[string, readonly Resource[]]>([
    ["a role outside the plan", []],
    ["a role for its account", [trusting("sts:AssumeRole")]],
    ["a role for SAML and others", [trusting("sts:*")]],
    ["a role for all but one action", [trusting("", { Action: undefined, NotAction: "sts:AssumeRole" })]],
    ["a role whose trust policy is not shown", [kept("aws_iam_role.r", { assume_role_policy: "p", name: "r" })]],
  ])("for the database user in the name of the session has the finding if the policy is of %s", (_, holders) => {
    expect(countsWith(userId("StringLike", `*:${USER}`), ...holders)).toStrictEqual([1, 1, 1]);
  });

  test("for the database user in the name of the session has the finding if nothing attaches the policy, and not in a permission set", () => {
    const statement = {
      Action: "redshift:GetClusterCredentials",
      Condition: userId("StringLike", `*:${USER}`),
      Effect: "Allow",
      Resource: "*",
    };
    const policy = policyOf(statement);
    const set = kept("aws_ssoadmin_permission_set.s", { arn: "arn:aws:sso:::permissionSet/s", name: "s" });
    const inSet = { inline_policy: policy, permission_set_arn: "arn:aws:sso:::permissionSet/s" };
    const countOf = (...resources: readonly Resource[]) => findingsOf("role-any-database-user", ...resources);
    expect(countOf(created("aws_iam_policy.p", { name: "p", policy }))).toHaveLength(1);
    expect(countOf(set, created("aws_ssoadmin_permission_set_inline_policy.p", inSet))).toStrictEqual([]);
  });

  test("for a database user in a policy variable, which the caller chooses, has the finding", () => {
    const resource = userOf("analytics", "b${redshift:DbUser}");
    expect(findingsOf(RULE, clusterOf(), login(resource))).toHaveLength(1);
  });

  test("that denies has no finding, and a cluster that the plan destroys has none", () => {
    const resource = userOf("analytics", "boss");
    expect(findingsOf(RULE, clusterOf(), login(resource, { Effect: "Deny" }))).toStrictEqual([]);
    const gone = destroyed("aws_redshift_cluster.c", { cluster_identifier: "analytics", master_username: "boss" });
    expect(findingsOf(RULE, gone, login(resource))).toStrictEqual([]);
  });

  test("for the admin of a cluster whose ARN is unknown has the finding by its identifier", () => {
    const cluster = clusterOf({ arn: undefined });
    expect(findingsOf(RULE, cluster, login(userOf("analytics", "boss")))).toHaveLength(1);
    expect(findingsOf(RULE, cluster, login(userOf("other", "boss")))).toStrictEqual([]);
    const elsewhere = clusterOf({ arn: undefined, region: "eu-west-1" });
    expect(findingsOf(RULE, elsewhere, login(userOf("analytics", "boss")))).toStrictEqual([]);
  });

  test("for every user has another finding", () => {
    expect(findingsOf(RULE, clusterOf(), login("*"))).toStrictEqual([]);
  });

  test("for the admin, with a condition on another user, has no finding", () => {
    const Condition = { StringEquals: { "redshift:DbUser": "reader" } };
    expect(findingsOf(RULE, clusterOf(), login(userOf("analytics", "boss"), { Condition }))).toStrictEqual([]);
  });

  test("for the admin of clusters with a prefix has no finding for a cluster whose identifier is unknown", () => {
    const cluster = created("aws_redshift_cluster.c", { master_username: "boss" });
    expect(findingsOf(RULE, cluster, login(userOf("u*", "boss")))).toStrictEqual([]);
    expect(findingsOf(RULE, cluster, login(userOf("*", "boss")))).toHaveLength(1);
  });

  test.each<[string, string, unknown, object, Values, boolean]>([
    ["the cluster", "admin", userOf("analytics", "boss"), {}, { master_username: true }, false],
    ["any cluster", "admin", userOf("*", "boss"), {}, { master_username: true }, false],
    ["another cluster", "admin", userOf("other", "boss"), {}, { master_username: true }, true],
    ["another service", "admin", userOf("*", "boss").replace("redshift", "rds"), {}, { master_username: true }, true],
    [
      "another user of any cluster",
      "identifier",
      userOf("*", "*"),
      { Condition: { StringEquals: { "redshift:DbUser": "reader" } } },
      { cluster_identifier: true },
      true,
    ],
  ])("for %s is judged if the %s of the cluster is sensitive", (_, __, resource, more, marks, isJudged) => {
    const values = { cluster_identifier: "analytics", master_username: "boss" };
    const cluster = kept("aws_redshift_cluster.c", values, { after_sensitive: marks });
    const { notJudged } = reviewed([cluster, login(resource, more)]);
    expect(notJudged.some(({ rule }) => rule === RULE)).toBe(!isJudged);
  });
});
