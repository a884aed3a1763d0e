import { ACCOUNT, ADMIN_ARN, CLUSTER_ARN, KEY_ARN, USER_ARN } from "../../support/arns";
import { ADMINISTRATOR, allow, created, kept, keyWith, policyOf, type Resource, reviewed } from "../support/small-plan";

const ROOT = allow(`arn:aws:iam::${ACCOUNT}:root`, "kms:*");
const SERVICE = "redshift.us-east-1.amazonaws.com";
const USER = allow(USER_ARN, "kms:Decrypt");
const CLUSTER = kept("aws_redshift_cluster.this", { arn: CLUSTER_ARN, encrypted: true, kms_key_id: KEY_ARN });
const VIA = { StringEquals: { "kms:CallerAccount": ACCOUNT, "kms:ViaService": SERVICE } };
const IDS = ["key-policy-no-data-api-grant", "key-policy-data-api-left-to-iam", "key-policy-no-data-api-describe-key"];

/** The findings of the Data API's rules for a cluster under a key with these statements. */
function findings(statements: readonly object[], ...resources: readonly Resource[]) {
  const report = reviewed([keyWith(...statements), CLUSTER, ...resources]);
  return report.findings.filter(({ rule }) => IDS.includes(rule));
}
const idsOf = (...given: Parameters<typeof findings>) => findings(...given).map(({ rule }) => rule);

/** A role of the plan with an inline policy of these statements. */
function roleWith(name: string, ...statements: readonly object[]): readonly Resource[] {
  const arn = `arn:aws:iam::${ACCOUNT}:role/${name}`;
  return [
    kept(`aws_iam_role.${name}`, { arn, name, path: "/" }),
    kept(`aws_iam_role_policy.${name}`, { policy: policyOf(...statements), role: name }),
  ];
}
const onResource = (Action: string | readonly string[], Resource: string, more: object = {}) => ({
  Action,
  Effect: "Allow",
  Resource,
  ...more,
});
const RUNS_SQL = onResource("redshift-data:ExecuteStatement", CLUSTER_ARN);
const CREATES_GRANTS = onResource(["kms:CreateGrant", "kms:DescribeKey"], KEY_ARN);

describe("under a statement for the root of the account, the Data API", () => {
  test("fails for the users of the key policy, if no IAM policy of the plan lets them create a grant", () => {
    const [finding, ...others] = findings([ROOT, USER]);
    expect(others).toStrictEqual([]);
    expect(finding).toMatchObject({
      consequence:
        `Nothing in this plan lets these principals create a grant on the key through ${SERVICE}: ${USER_ARN} ` +
        `(the plan has no IAM policies of ${USER_ARN}). The Data API requires this grant to use the key for ` +
        "aws_redshift_cluster.this.",
      rule: "key-policy-no-data-api-grant",
    });
  });

  test("fails for a role of the plan that may run SQL and not use the key", () => {
    const [finding] = findings([ROOT], ...roleWith("Loader", RUNS_SQL));
    expect(finding?.consequence).toContain(
      "role/Loader (no IAM policy of aws_iam_role.Loader in this plan allows it). The Data API requires",
    );
  });

  test("fails for a new role, whose ARN is unknown", () => {
    const role = created("aws_iam_role.Loader", { name: "Loader", path: "/team/" }, { after_unknown: { arn: true } });
    const [, policy] = roleWith("Loader", RUNS_SQL);
    const [finding] = findings([ROOT], role, policy!);
    expect(finding?.consequence).toContain(`arn:aws:iam::${ACCOUNT}:role/team/Loader (no IAM policy`);
  });

  test.each<[string, readonly object[], readonly object[]]>([
    ["the IAM policies of the role allow it", [ROOT], [RUNS_SQL, CREATES_GRANTS]],
    ["they allow it through Redshift alone", [ROOT], [RUNS_SQL, { ...CREATES_GRANTS, Condition: VIA }]],
    ["the role is an administrator", [ROOT], [onResource("*", "*")]],
    [
      "the key policy allows everybody of the account",
      [
        ROOT,
        USER,
        allow("*", "kms:CreateGrant", { Condition: VIA }),
        allow("*", "kms:DescribeKey", { Condition: VIA }),
      ],
      [RUNS_SQL],
    ],
  ])("has no finding if %s", (_, statements, ofRole) => {
    expect(idsOf(statements, ...roleWith("Loader", ...ofRole))).toStrictEqual([]);
  });

  test.each<[string, object]>([
    [
      "is for another service",
      { ...CREATES_GRANTS, Condition: { StringEquals: { "kms:ViaService": "s3.us-east-1.amazonaws.com" } } },
    ],
    ["is for another key", { ...CREATES_GRANTS, Resource: KEY_ARN.replace(/key.*/, "key/other") }],
    ["denies", { ...CREATES_GRANTS, Effect: "Deny" }],
  ])("fails if the IAM policy of the role %s", (_, statement) => {
    expect(idsOf([ROOT], ...roleWith("Loader", RUNS_SQL, statement))).toStrictEqual(["key-policy-no-data-api-grant"]);
  });

  test("fails for the role that may not create a grant, and not for the one that may", () => {
    const resources = [...roleWith("Able", RUNS_SQL, CREATES_GRANTS), ...roleWith("Unable", RUNS_SQL)];
    const [finding, ...others] = findings([ROOT], ...resources);
    expect(others).toStrictEqual([]);
    expect(finding?.consequence).toContain(`arn:aws:iam::${ACCOUNT}:role/Unable (`);
    expect(finding?.consequence).not.toContain("role/Able");
  });

  test("does not fail for a role that uses another cluster", () => {
    const other = roleWith("Other", onResource("redshift-data:ExecuteStatement", `${CLUSTER_ARN}-other`));
    expect(idsOf([ROOT], ...other)).toStrictEqual(["key-policy-data-api-left-to-iam"]);
  });

  test("has the finding key-policy-data-api-left-to-iam if the plan shows no principal that uses it", () => {
    expect(idsOf([ROOT])).toStrictEqual(["key-policy-data-api-left-to-iam"]);
    expect(idsOf([ROOT, ADMINISTRATOR])).toStrictEqual(["key-policy-data-api-left-to-iam"]);
    expect(idsOf([ADMINISTRATOR])).toStrictEqual(["key-policy-no-data-api-grant"]);
  });

  test("has the finding key-policy-data-api-left-to-iam for a key with the default policy", () => {
    const key = kept("aws_kms_key.this", { arn: KEY_ARN }, { expressions: {} });
    const rules = reviewed([key, CLUSTER]).findings.map(({ rule }) => rule);
    expect(rules).toContain("key-policy-data-api-left-to-iam");
  });

  test("needs kms:DescribeKey from the key policy or from an IAM policy", () => {
    const statements = [ROOT, USER, allow("*", "kms:CreateGrant", { Condition: VIA })];
    expect(idsOf(statements)).toStrictEqual(["key-policy-no-data-api-describe-key"]);
    const describes = roleWith("Loader", RUNS_SQL, onResource("kms:DescribeKey", KEY_ARN));
    expect(idsOf(statements, ...describes)).toStrictEqual([]);
  });

  test("does not count administrators of the key policy or another account's root as users", () => {
    const foreign = allow("arn:aws:iam::444455556666:root", "kms:*");
    expect(idsOf([ADMINISTRATOR, foreign])).toStrictEqual(["key-policy-no-data-api-grant"]);
    expect(findings([ROOT, ADMINISTRATOR, USER])[0]?.consequence).not.toContain(ADMIN_ARN);
  });
});

test("a Region with characters of a regular expression is in the remedy as it is", () => {
  const cluster = kept("aws_redshift_cluster.this", {
    arn: CLUSTER_ARN.replace("us-east-1", "**("),
    encrypted: true,
    kms_key_id: KEY_ARN,
  });
  const report = reviewed([keyWith(ADMINISTRATOR, allow(USER_ARN, "kms:CreateGrant", { Condition: VIA })), cluster]);
  const [finding] = report.findings.filter(({ rule }) => rule === "key-policy-no-data-api-grant");
  expect(finding?.remedy).toContain("redshift.**(.amazonaws.com");
});

test("redshift of any Region may create the grant for a cluster of unknown Region, and no other service", () => {
  const cluster = created("aws_redshift_cluster.this", { encrypted: true, kms_key_id: KEY_ARN });
  const idsWith = (service: string) => {
    const condition = { StringEquals: { "kms:CallerAccount": ACCOUNT, "kms:ViaService": service } };
    const user = allow(USER_ARN, "kms:*Grant", { Condition: condition });
    const { findings: all } = reviewed([keyWith(ADMINISTRATOR, user), cluster]);
    return all.filter(({ rule }) => rule === "key-policy-no-data-api-grant").length;
  };
  expect(idsWith("redshift.eu-west-1.amazonaws.com")).toBe(0);
  expect(idsWith("redshift.us-gov-west-1.amazonaws.com")).toBe(0);
  expect(idsWith("redshift-serverless.eu-west-1.amazonaws.com")).toBe(1);
  expect(idsWith("redshiftXeu-west-1.amazonaws.com")).toBe(1);
});
