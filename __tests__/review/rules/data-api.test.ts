import { ACCOUNT, ADMIN_ARN, CLUSTER_ARN, KEY_ARN, NAMESPACE_ARN, USER_ARN } from "../../support/arns";
import {
  ADMINISTRATOR,
  allow,
  created,
  kept,
  keyUnknownFrom,
  keyWith,
  policyOf,
  type Resource,
  reviewed,
} from "../support/small-plan";

const ROOT = allow(`arn:aws:iam::${ACCOUNT}:root`, "kms:*");
const SERVICE = "redshift.us-east-1.amazonaws.com";
const USER = allow(USER_ARN, "kms:Decrypt");
const CLUSTER = kept("aws_redshift_cluster.this", { arn: CLUSTER_ARN, encrypted: true, kms_key_id: KEY_ARN });
const VIA = { StringEquals: { "kms:CallerAccount": ACCOUNT, "kms:ViaService": SERVICE } };
const NO_GRANT = "key-policy-no-data-api-grant";
const LEFT_TO_IAM = "key-policy-data-api-left-to-iam";
const IDS = [NO_GRANT, LEFT_TO_IAM, "key-policy-no-data-api-describe-key"];
const dataApiFindings = (...resources: readonly Resource[]) =>
  reviewed(resources).findings.filter(({ rule }) => IDS.includes(rule));

/** The findings of the Data API's rules for a cluster under a key with these statements. */
const findings = (statements: readonly object[], ...resources: readonly Resource[]) =>
  dataApiFindings(keyWith(...statements), CLUSTER, ...resources);
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

/** A statement of the key policy that lets a principal use the key for the Data API. */
const usedBy = (principal: string) => allow(principal, "kms:*", { Action: CREATES_GRANTS.Action });

describe("under a statement for the root of the account, the Data API", () => {
  test("fails for the users in the key policy if no IAM policy of the plan lets these users create a grant", () => {
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

  test("is left to IAM if the key policy names users of other accounts only", () => {
    const foreign = allow("arn:aws:iam::444455556666:role/Reader", "kms:Decrypt");
    expect(idsOf([ROOT, foreign])).toStrictEqual([LEFT_TO_IAM]);
  });

  test("is not judged if the plan does not show which of several policies is attached to a user", () => {
    const policies = ["a", "b"].map((index) =>
      created(`aws_iam_policy.use["${index}"]`, { name: index, policy: policyOf(CREATES_GRANTS) }),
    );
    const attachment = created(
      "aws_iam_role_policy_attachment.a",
      { role: "Loader" },
      {
        after_unknown: { policy_arn: true },
        expressions: { policy_arn: { references: ["aws_iam_policy.use", "each.value"] } },
      },
    );
    const { findings: all, notJudged } = reviewed([
      keyWith(ROOT),
      CLUSTER,
      ...roleWith("Loader", RUNS_SQL),
      ...policies,
      attachment,
    ]);
    expect(all.map(({ rule }) => rule)).not.toContain(NO_GRANT);
    expect(notJudged.filter(({ rule }) => rule === NO_GRANT).map(({ reason }) => reason)).toStrictEqual([
      "aws_iam_role_policy_attachment.a is not shown: unknown until apply",
    ]);
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

  test("fails for a permission set that may run SQL and not use the key", () => {
    const arn = "arn:aws:sso:::permissionSet/ssoins-1/ps-1";
    const withPolicy = (...statements: readonly object[]) => [
      created("aws_ssoadmin_permission_set.s", { arn, name: "Analyst" }),
      kept("aws_ssoadmin_permission_set_inline_policy.s", {
        inline_policy: policyOf(...statements),
        permission_set_arn: arn,
      }),
    ];
    const [finding] = findings([ROOT], ...withPolicy(RUNS_SQL));
    expect(finding).toMatchObject({
      consequence: expect.stringContaining(
        `arn:aws:iam::${ACCOUNT}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Analyst_* (no IAM policy of ` +
          "aws_ssoadmin_permission_set.s in this plan allows it)",
      ) as string,
      rule: NO_GRANT,
    });
    expect(idsOf([ROOT], ...withPolicy(RUNS_SQL, CREATES_GRANTS))).toStrictEqual([]);
    expect(idsOf([ROOT], ...withPolicy(CREATES_GRANTS))).toStrictEqual([LEFT_TO_IAM]);
  });

  test("fails for a new role, whose name is unknown", () => {
    const role = created(
      "aws_iam_role.Loader",
      { name_prefix: "load-", path: "/" },
      { after_unknown: { arn: true, name: true } },
    );
    const policy = created(
      "aws_iam_role_policy.Loader",
      { policy: policyOf(RUNS_SQL) },
      {
        after_unknown: { role: true },
        expressions: { policy: {}, role: { references: ["aws_iam_role.Loader.name"] } },
      },
    );
    const [finding] = findings([ROOT], role, policy);
    expect(finding?.consequence).toContain(`arn:aws:iam::${ACCOUNT}:role/load-* (no IAM policy of aws_iam_role.Loader`);
  });

  test.each<[string, readonly object[], readonly object[]]>([
    ["the IAM policies of the role allow it directly", [ROOT], [RUNS_SQL, CREATES_GRANTS]],
    [
      "the IAM policies of the role allow it through Redshift only",
      [ROOT],
      [RUNS_SQL, { ...CREATES_GRANTS, Condition: VIA }],
    ],
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
    [
      "the key policy allows everybody of the account, and no role uses it",
      [ROOT, allow("*", "kms:CreateGrant", { Condition: VIA }), allow("*", "kms:DescribeKey", { Condition: VIA })],
      [],
    ],
    [
      "the statement that allows the grant names a resource, so that the review does not read it",
      [ADMINISTRATOR, allow(USER_ARN, "kms:CreateGrant", { Resource: `${KEY_ARN}-other` })],
      [RUNS_SQL],
    ],
  ])("has no finding if %s", (_, statements, ofRole) => {
    expect(idsOf(statements, ...roleWith("Loader", ...ofRole))).toStrictEqual([]);
  });

  test("fails if only a statement on another action names redshift.amazonaws.com", () => {
    const via = { Condition: { StringEquals: { "kms:ViaService": "redshift.amazonaws.com" } } };
    expect(idsOf([ADMINISTRATOR, allow(USER_ARN, "kms:Decrypt", via)])).toStrictEqual([NO_GRANT]);
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

  test("fails for the role that may not create a grant, not for the role that may create one", () => {
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

  test.each([`arn:aws:iam::${ACCOUNT}:role/Loader`, "a:b", "path/Loader"])(
    "is judged beside a policy of a role that has the name %s, which IAM refuses",
    (role) => {
      const policy = kept("aws_iam_role_policy.other", { policy: policyOf(RUNS_SQL), role });
      expect(idsOf([ROOT], policy)).toStrictEqual([LEFT_TO_IAM]);
    },
  );

  test("does not fail for a role that does not use the new cluster, whose ARN is unknown", () => {
    const identifier = CLUSTER_ARN.split(":").at(-1);
    const values = { cluster_identifier: identifier, kms_key_id: KEY_ARN };
    const cluster = created("aws_redshift_cluster.this", values, { after_unknown: { arn: true } });
    const expressions = {
      allowed_account_ids: { constant_value: [ACCOUNT] },
      region: { constant_value: "us-east-1" },
    };
    const resources = [{ address: "aws_redshift_cluster.this", mode: "managed", provider_config_key: "aws" }];
    const configuration = { provider_config: { aws: { expressions } }, root_module: { resources } };
    const rulesFor = (arn: string) =>
      reviewed(
        [keyWith(ROOT), cluster, ...roleWith("Loader", onResource("redshift-data:ExecuteStatement", arn))],
        {},
        { configuration },
      ).findings.flatMap(({ rule }) => (IDS.includes(rule) ? [rule] : []));
    expect(rulesFor(CLUSTER_ARN)).toStrictEqual([NO_GRANT]);
    expect(rulesFor(`${CLUSTER_ARN}-other`)).toStrictEqual([LEFT_TO_IAM]);
  });

  test("fails for a role that the key policy denies the grant, although an IAM policy allows it", () => {
    const denial = { ...allow(`arn:aws:iam::${ACCOUNT}:role/Loader`, "kms:CreateGrant"), Effect: "Deny" };
    const [finding] = findings([ROOT, denial], ...roleWith("Loader", RUNS_SQL, CREATES_GRANTS));
    expect(finding?.consequence).toContain("role/Loader (the key policy does not allow it). The Data API requires");
  });

  test.each<[string, string, Resource]>([
    ["a user", "user/Ana", created("aws_iam_user.Ana", { name: "Ana" })],
    ["a role without a path", "role/Ana", created("aws_iam_role.Ana", { name: "Ana" })],
  ])("fails for %s, whose ARN is unknown, in the partition of the key policy", (_, name, holder) => {
    const [type] = name.split("/");
    const policy = created(`aws_iam_${type}_policy.p`, { policy: policyOf(RUNS_SQL), [type!]: "Ana" });
    const root = allow(`arn:aws-us-gov:iam::${ACCOUNT}:root`, "kms:*");
    const [finding] = findings([allow(ACCOUNT, "kms:List*"), root], holder, policy);
    expect(finding?.consequence).toContain(`: arn:aws-us-gov:iam::${ACCOUNT}:${name} (`);
    expect(findings([allow(ACCOUNT, "kms:*")], holder, policy)[0]?.consequence).toContain(`: arn:aws:iam::${ACCOUNT}:`);
  });

  test("is judged for a new role and a new key of an unknown account by the IAM policies of the role", () => {
    const values = { cluster_identifier: CLUSTER_ARN.split(":").at(-1) };
    const cluster = created("aws_redshift_cluster.this", values, keyUnknownFrom("aws_kms_key.this.arn"));
    const findingsWith = (...statements: readonly object[]) =>
      dataApiFindings(
        created("aws_kms_key.this", {}, { expressions: {} }),
        cluster,
        created("aws_iam_role.Loader", { name: "Loader", path: "/" }),
        created("aws_iam_role_policy.Loader", { policy: policyOf(RUNS_SQL, ...statements), role: "Loader" }),
      );
    expect(findingsWith({ ...CREATES_GRANTS, Resource: "*" })).toStrictEqual([]);
    expect(findingsWith()[0]?.consequence).toContain(
      ": arn:aws:iam:::role/Loader (no IAM policy of aws_iam_role.Loader",
    );
  });

  test.each<[string, string, readonly object[]]>([
    ["may run SQL on a list of clusters", NO_GRANT, [{ ...RUNS_SQL, Resource: [`${CLUSTER_ARN}-other`, CLUSTER_ARN] }]],
    [
      "may run SQL on all but another cluster",
      NO_GRANT,
      [{ ...RUNS_SQL, NotResource: `${CLUSTER_ARN}-other`, Resource: undefined }],
    ],
    ["may use another service", LEFT_TO_IAM, [onResource("s3:*", "*")]],
    ["may not run SQL", LEFT_TO_IAM, [{ ...RUNS_SQL, Effect: "Deny" }]],
  ])("has a role that %s: %s", (_, id, statements) => {
    expect(idsOf([ROOT], ...roleWith("Loader", ...statements))).toStrictEqual([id]);
  });

  describe("for a namespace", () => {
    const workgroupArn = (id: string) => `arn:aws:redshift-serverless:us-east-1:${ACCOUNT}:workgroup/${id}`;
    const namespace = kept("aws_redshiftserverless_namespace.this", {
      arn: NAMESPACE_ARN,
      kms_key_id: KEY_ARN,
      namespace_name: "n",
    });
    const workgroup = (name: string, namespaceName: string) =>
      kept(`aws_redshiftserverless_workgroup.${name}`, { arn: workgroupArn(name), namespace_name: namespaceName });
    const warehouse = [keyWith(ROOT), namespace, workgroup("w", "n"), workgroup("other", "m")];
    const onWorkgroup = (name: string, Resource: string, ...more: readonly object[]) =>
      roleWith(name, { ...RUNS_SQL, Resource }, ...more);

    test.each<[string, string, string]>([
      ["its workgroup", workgroupArn("w"), NO_GRANT],
      ["everything", "*", NO_GRANT],
      ["the workgroup of another namespace", workgroupArn("other"), LEFT_TO_IAM],
      ["a cluster", CLUSTER_ARN, LEFT_TO_IAM],
    ])("has a role that may run SQL on %s", (_, resource, id) => {
      const all = dataApiFindings(...warehouse, ...onWorkgroup("Loader", resource));
      expect(all.map(({ rule }) => rule)).toStrictEqual([id]);
    });

    test("does not fail for a user of another namespace, beside a user that may use the key", () => {
      const able = onWorkgroup("Able", workgroupArn("w"), CREATES_GRANTS);
      expect(dataApiFindings(...warehouse, ...able, ...onWorkgroup("Other", workgroupArn("other")))).toStrictEqual([]);
      const [finding] = dataApiFindings(...warehouse, ...able, ...onWorkgroup("Unable", workgroupArn("w")));
      expect(finding?.consequence).toContain("role/Unable (no IAM policy of aws_iam_role.Unable");
    });

    test("is left to IAM if the plan does not show the namespace of the workgroup that a role uses", () => {
      const [finding] = dataApiFindings(keyWith(ROOT), namespace, ...onWorkgroup("Loader", workgroupArn("w")));
      expect(finding).toMatchObject({
        consequence:
          "The key policy leaves kms:CreateGrant to IAM policies, and this plan shows no principal that uses the Data API on " +
          "aws_redshiftserverless_namespace.this. So the plan does not show whether the Data API can use the key.",
        rule: LEFT_TO_IAM,
      });
    });
  });

  test.each<[string, object]>([
    ["everybody", allow("*", "kms:Decrypt", { Condition: VIA })],
    ["the ID of a deleted role", allow("AROA1234567890EXAMPLE", "kms:Decrypt")],
  ])("has the finding key-policy-data-api-left-to-iam if the key policy names no user but %s", (_, statement) => {
    expect(idsOf([ROOT, statement])).toStrictEqual([LEFT_TO_IAM]);
  });

  test("fails for everybody except administrators if everybody of an organization administers the key", () => {
    const inOrganization = { Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1" } } };
    expect(idsOf([ADMINISTRATOR, allow("*", "kms:*", inOrganization)])).toStrictEqual([NO_GRANT]);
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

  test("requires that the key policy or an IAM policy allows kms:DescribeKey", () => {
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

describe("beside a role that may use the key under a statement for the root, the rules of the Data API", () => {
  const DESCRIBES = "key-policy-no-data-api-describe-key";
  const ABLE = roleWith("Able", RUNS_SQL, CREATES_GRANTS);
  const arnOf = (name: string) => `arn:aws:iam::${ACCOUNT}:${name}`;
  const hidden = (name: string) =>
    kept(`aws_iam_role_policy_attachment.${name}`, { policy_arn: arnOf("policy/Hidden"), role: name });
  const unlisted = (text: string) =>
    `the plan does not show whether these principals can use the key for aws_redshift_cluster.this: ${text}`;
  /** The findings and the reasons of rules that are not judged, by their rules. */
  function resultsOf(statements: readonly object[], ...resources: readonly Resource[]) {
    const report = reviewed([keyWith(...statements), CLUSTER, ...resources]);
    const isOfDataApi = ({ rule }: { readonly rule: string }): boolean => IDS.includes(rule);
    return {
      faults: report.findings.filter(isOfDataApi).map(({ consequence, rule }) => [rule, consequence]),
      notJudged: report.notJudged.filter(isOfDataApi).map(({ reason, rule }) => [rule, reason]),
    };
  }
  const besideAble = (...resources: readonly Resource[]) => resultsOf([ROOT], ...ABLE, ...resources);
  const notJudgedAs = (text: string) => ({
    faults: [],
    notJudged: [
      [NO_GRANT, unlisted(text)],
      [DESCRIBES, unlisted(text)],
    ],
  });
  const NOTHING = { faults: [], notJudged: [] };

  test("name a role that may create grants but may not describe the key", () => {
    const role = roleWith("Half", RUNS_SQL, onResource("kms:CreateGrant", KEY_ARN));
    const named =
      `Nothing in this plan lets these principals do kms:DescribeKey through ${SERVICE}: ${arnOf("role/Half")} ` +
      "(no IAM policy of aws_iam_role.Half in this plan allows it).";
    const users = "for the users of the Data API on aws_redshift_cluster.this.";
    expect(besideAble(...role)).toStrictEqual({
      faults: [[DESCRIBES, `${named} AWS lists it and kms:CreateGrant ${users}`]],
      notJudged: [],
    });
    expect(resultsOf([ROOT], ...role).faults).toStrictEqual([
      [
        DESCRIBES,
        `Only administrators may do both kms:CreateGrant and kms:DescribeKey through ${SERVICE}. ${named} AWS lists both ${users}`,
      ],
    ]);
  });

  const COMPANY = arnOf("policy/Company");
  const boundedRole = (...statements: readonly object[]) => [
    kept("aws_iam_role.Bounded", { arn: arnOf("role/Bounded"), name: "Bounded", permissions_boundary: COMPANY }),
    roleWith("Bounded", RUNS_SQL, ...statements)[1]!,
  ];
  const BOUNDARY_NOT_SHOWN = `the permissions boundary ${COMPANY} is not shown: its content is not in the plan`;

  test("do not judge a role with a policy or a boundary that the plan does not show", () => {
    expect(besideAble(...roleWith("Unsure", RUNS_SQL), hidden("Unsure"))).toStrictEqual(
      notJudgedAs(`${arnOf("role/Unsure")} (${arnOf("policy/Hidden")} is not shown: its content is not in the plan)`),
    );
    expect(besideAble(...boundedRole(CREATES_GRANTS))).toStrictEqual(
      notJudgedAs(`${arnOf("role/Bounded")} (${BOUNDARY_NOT_SHOWN})`),
    );
  });

  const describes = onResource("kms:DescribeKey", KEY_ARN);

  test.each([
    [
      "do not judge the only role if the plan does not show its boundary",
      [CREATES_GRANTS],
      [],
      [],
      [
        [NO_GRANT, BOUNDARY_NOT_SHOWN],
        [DESCRIBES, BOUNDARY_NOT_SHOWN],
      ],
    ],
    [
      "do not judge the grant if the key policy names the only role, with such a boundary, for DescribeKey",
      [CREATES_GRANTS],
      [allow(arnOf("role/Bounded"), "kms:DescribeKey")],
      [],
      [[NO_GRANT, BOUNDARY_NOT_SHOWN]],
    ],
    [
      "do not judge the only role if it cannot describe the key, because such a boundary may refuse the grant",
      [onResource("kms:CreateGrant", KEY_ARN)],
      [],
      [],
      [
        [NO_GRANT, BOUNDARY_NOT_SHOWN],
        [DESCRIBES, BOUNDARY_NOT_SHOWN],
      ],
    ],
    ["name the only role if no policy within such a boundary lets it create a grant", [describes], [], [NO_GRANT], []],
    [
      "name the only role with such a boundary if the key policy denies it the grant",
      [CREATES_GRANTS],
      [{ ...allow(arnOf("role/Bounded"), "kms:CreateGrant"), Effect: "Deny" }],
      [NO_GRANT],
      [],
    ],
  ])("%s", (_, statements, inKeyPolicy, rules, reasons) => {
    const { faults, notJudged } = resultsOf([ROOT, ...inKeyPolicy], ...boundedRole(...statements));
    expect(faults.map(([rule]) => rule)).toStrictEqual(rules);
    expect(notJudged).toStrictEqual(reasons);
  });

  test("name a role that certainly may not create a grant, beside a role whose boundary the plan does not show", () => {
    const { faults } = resultsOf([ROOT], ...boundedRole(CREATES_GRANTS), ...roleWith("Unable", RUNS_SQL));
    expect(faults).toStrictEqual([[NO_GRANT, expect.stringMatching(/role\/Bounded \(.*role\/Unable \(/)]]);
  });

  test("name a role that is not judged in the finding of a role that certainly may not create a grant", () => {
    const { faults, notJudged } = besideAble(
      ...roleWith("Unable", RUNS_SQL),
      ...roleWith("Unsure", RUNS_SQL),
      hidden("Unsure"),
    );
    expect(faults).toStrictEqual([[NO_GRANT, expect.stringMatching(/role\/Unable \(.*role\/Unsure \(/)]]);
    expect(notJudged.map(([rule]) => rule)).toStrictEqual([DESCRIBES]);
  });

  const SET = { arn: "arn:aws:sso:::permissionSet/ssoins-1/ps-1", name: "Analyst" };
  const setPolicy = kept("aws_ssoadmin_permission_set_inline_policy.s", {
    inline_policy: policyOf(RUNS_SQL),
    permission_set_arn: SET.arn,
  });
  const [newSet, set] = [created, kept].map((resource) => resource("aws_ssoadmin_permission_set.s", SET));
  const newUser = created("aws_iam_user.Ana", { name: "Ana", path: "/" });
  const userPolicy = kept("aws_iam_user_policy.Ana", { policy: policyOf(RUNS_SQL), user: "Ana" });
  const groupPolicy = kept("aws_iam_group_policy.g", { group: "staff", policy: policyOf(RUNS_SQL) });
  const group = kept("aws_iam_group.g", { name: "staff" });

  test.each<[string, string, readonly Resource[]]>([
    ["a new user", "user/Ana (no IAM policy of aws_iam_user.Ana", [newUser, userPolicy]],
    [
      "a member of a group",
      "user/Ana (no IAM policy of aws_iam_user.Ana",
      [newUser, group, groupPolicy, kept("aws_iam_group_membership.m", { group: "staff", users: ["Ana"] })],
    ],
    [
      "a new permission set",
      "AWSReservedSSO_Analyst_* (no IAM policy of aws_ssoadmin_permission_set.s",
      [newSet!, setPolicy],
    ],
    [
      "a role outside the plan that a policy denies the key",
      "role/Outside (aws_iam_role_policy.p denies it",
      [
        kept("aws_iam_role_policy.p", {
          policy: policyOf(RUNS_SQL, { Action: "kms:*", Effect: "Deny", Resource: "*" }),
          role: "Outside",
        }),
      ],
    ],
  ])("name %s that may run SQL but may not use the key", (_, text, resources) => {
    expect(besideAble(...resources)).toStrictEqual({
      faults: [[NO_GRANT, expect.stringContaining(text)]],
      notJudged: [],
    });
  });

  const user = kept("aws_iam_user.Ana", { arn: arnOf("user/Ana"), name: "Ana", path: "/" });
  test.each<[string, string, readonly Resource[]]>([
    [
      "a user whose policies the plan does not list",
      "user/Ana (the plan does not list all policies of aws_iam_user.Ana)",
      [user, userPolicy],
    ],
    [
      "a permission set whose policies the plan does not list",
      "role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Analyst_* (the plan does not list all policies of aws_ssoadmin_permission_set.s)",
      [set!, setPolicy],
    ],
    [
      "a role outside the plan",
      "role/Outside (Outside is not in this plan)",
      [kept("aws_iam_role_policy.p", { policy: policyOf(RUNS_SQL), role: "Outside" })],
    ],
    [
      "the members of a group without a membership in the plan",
      "user/any member of staff (the plan does not list all policies of aws_iam_group.g)",
      [group, groupPolicy],
    ],
  ])("do not judge %s", (_, text, resources) => {
    expect(besideAble(...resources)).toStrictEqual(notJudgedAs(arnOf(text)));
  });

  test("name a role that the key policy denies the grant", () => {
    const denial = { ...allow(arnOf("role/Denied"), "kms:CreateGrant"), Effect: "Deny" };
    const denied = roleWith("Denied", RUNS_SQL, CREATES_GRANTS);
    expect(resultsOf([ROOT, denial], ...ABLE, ...denied).faults).toStrictEqual([
      [NO_GRANT, expect.stringContaining("role/Denied (the key policy does not allow it). The Data API")],
    ]);
  });

  const SET_ROLE = arnOf("role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Analyst_0123456789abcdef");
  const SESSION = `arn:aws:sts::${ACCOUNT}:assumed-role/Loader/job`;
  const outside = kept("aws_iam_role_policy.p", { policy: policyOf(RUNS_SQL), role: "Outside" });
  test.each<[string, string, readonly Resource[]]>([
    ["a permission set by the ID of its role", SET_ROLE, [newSet!, setPolicy]],
    ["a session of a role", SESSION, roleWith("Loader", RUNS_SQL)],
    ["a role outside the plan by its path", arnOf("role/team/Outside"), [outside]],
  ])("count the statement of the key policy that names %s", (_, name, resources) => {
    const statement = usedBy(name);
    expect(resultsOf([ROOT, statement], ...ABLE, ...resources)).toStrictEqual(NOTHING);
    const foreign = usedBy(name.replace(ACCOUNT, "444455556666"));
    expect(resultsOf([ROOT, foreign], ...ABLE, ...resources)).not.toStrictEqual(NOTHING);
  });

  test("name each of two roles with the same policies, apart from one whose session the key policy names", () => {
    const roles = [...roleWith("Loader", RUNS_SQL), ...roleWith("Other", RUNS_SQL)];
    const reasonOf = (name: string) => `role/${name} (no IAM policy of aws_iam_role.${name} in this plan allows it)`;
    const [[, both = ""] = []] = resultsOf([ROOT], ...ABLE, ...roles).faults;
    expect(["Loader", "Other"].map((name) => both.includes(reasonOf(name)))).toStrictEqual([true, true]);
    const [[, one = ""] = []] = resultsOf([ROOT, usedBy(SESSION)], ...ABLE, ...roles).faults;
    expect(["Loader", "Other"].map((name) => one.includes(reasonOf(name)))).toStrictEqual([false, true]);
  });
});

describe("without a statement for the root of the account, the rules of the Data API", () => {
  const named = usedBy(`arn:aws:iam::${ACCOUNT}:role/Able`);
  const able = roleWith("Able", RUNS_SQL);

  test("leave out a role that may do everything, because a key policy may leave out an administrator on purpose", () => {
    expect(idsOf([ADMINISTRATOR, named], ...able, ...roleWith("Admin", onResource("*", "*")))).toStrictEqual([]);
  });

  test("name a role that may run SQL but may not use the key", () => {
    const [finding] = findings([ADMINISTRATOR, named], ...able, ...roleWith("Loader", RUNS_SQL));
    expect(finding?.consequence).toContain("role/Loader (no IAM policy of aws_iam_role.Loader in this plan allows it)");
  });

  test("name a role to which the key policy gives only the grant", () => {
    const half = allow(`arn:aws:iam::${ACCOUNT}:role/Half`, "kms:CreateGrant");
    const [finding, ...others] = findings(
      [ADMINISTRATOR, named, half],
      ...able,
      ...roleWith("Half", onResource("*", "*")),
    );
    expect(others).toStrictEqual([]);
    expect(finding?.consequence).toContain(
      `${SERVICE}: arn:aws:iam::${ACCOUNT}:role/Half (the key policy does not allow`,
    );
  });
});

test("the keys of two accounts are judged each by its account", () => {
  const keyAndCluster = (account: string, conditionAccount = account): readonly Resource[] => {
    const condition = { StringEquals: { "kms:CallerAccount": conditionAccount, "kms:ViaService": SERVICE } };
    const use = allow("*", "kms:*", { Action: CREATES_GRANTS.Action, Condition: condition });
    const [keyArn, clusterArn] = [KEY_ARN, CLUSTER_ARN].map((arn) => arn.replace(ACCOUNT, account));
    return [
      kept(`aws_kms_key.k${account}`, { arn: keyArn, policy: policyOf(use) }),
      kept(`aws_redshift_cluster.c${account}`, { arn: clusterArn, encrypted: true, kms_key_id: keyArn }),
    ];
  };
  const other = "444455556666";
  expect(dataApiFindings(...keyAndCluster(ACCOUNT), ...keyAndCluster(other))).toStrictEqual([]);
  expect(dataApiFindings(...keyAndCluster(ACCOUNT), ...keyAndCluster(other, ACCOUNT))).toMatchObject([
    { address: `aws_kms_key.k${other}`, rule: NO_GRANT },
  ]);
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

test("only redshift, of any Region, may create the grant for a cluster of unknown Region", () => {
  const cluster = created("aws_redshift_cluster.this", { encrypted: true, kms_key_id: KEY_ARN });
  const via = (service: string) => ({
    Condition: { StringEquals: { "kms:CallerAccount": ACCOUNT, "kms:ViaService": service } },
  });
  const idsWith = (service: string) => {
    const all = dataApiFindings(keyWith(ADMINISTRATOR, allow(USER_ARN, "kms:*Grant", via(service))), cluster);
    return all.filter(({ rule }) => rule === NO_GRANT).length;
  };
  const [finding] = dataApiFindings(keyWith(ADMINISTRATOR), cluster);
  expect(finding?.remedy).toContain("kms:ViaService is one of redshift.REGION.amazonaws.com, redshift.amazonaws.com");
  const { notJudged } = reviewed([keyWith(allow("*", "kms:*", via("redshift.eu-west-1.amazonaws.com"))), cluster]);
  expect(notJudged.filter(({ reason }) => reason.startsWith("the Region of")).map(({ rule }) => rule)).toEqual(
    expect.arrayContaining([...IDS, "key-policy-documented-service-name"]),
  );
  const root = { ...ROOT, ...via("redshift.eu-west-1.amazonaws.com") };
  expect(dataApiFindings(keyWith(ADMINISTRATOR, root), cluster)).toMatchObject([{ rule: LEFT_TO_IAM }]);
  expect(idsWith("redshift.eu-west-1.amazonaws.com")).toBe(0);
  expect(idsWith("redshift.us-gov-west-1.amazonaws.com")).toBe(0);
  expect(idsWith("redshift-serverless.eu-west-1.amazonaws.com")).toBe(1);
  expect(idsWith("redshiftXeu-west-1.amazonaws.com")).toBe(1);
});
