import { readPlan } from "../../../review/plan/read-plan";
import { readForbiddenGain, readReference } from "../../../review/cli/promises";
import { review } from "../../../review/report/report";
import golden from "../../golden/key-policy.json";
import { planOf, reportOf } from "../../plans/goldens";
import { ACCOUNT, ADMIN_ARN, KEY_ARN, USER_ARN } from "../../support/arns";
import {
  ADMINISTRATOR,
  allow,
  created,
  destroyed,
  IN_ACCOUNT,
  kept,
  keyWith,
  newKey,
  policyOf,
  type Resource,
  type ResourceDetails,
  reviewedUnder,
  updated,
  USER,
  type Values,
} from "../support/small-plan";

const FORBIDDEN = "promise-forbidden-action";
const BEYOND = "promise-beyond-reference";
const ROOT_ARN = `arn:aws:iam::${ACCOUNT}:root`;
const ROOT = allow(ROOT_ARN, "kms:*", { Sid: "Root" });
const STRANGER_ARN = `arn:aws:iam::${ACCOUNT}:role/Stranger`;
const POLICY_ARN = `arn:aws:iam::${ACCOUNT}:policy/decrypt`;
const OTHER_ACCOUNT = "444455556666";

type Report = ReturnType<typeof reviewedUnder>;
/** The consequences of a rule, by the subjects without the hashes of statements. */
const breachesIn = ({ findings }: Report, rule: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    findings
      .filter((finding) => finding.rule === rule)
      .map(({ address, consequence, statement }) => [
        [address, statement?.replace(/:\w{12}$/, "") ?? []].flat().join(":"),
        consequence,
      ]),
  );
const unjudgedIn = ({ notJudged }: Report, rule: string): string[] =>
  notJudged.filter((entry) => entry.rule === rule).map(({ address, reason }) => `${address}: ${reason}`);

const forbid = (text: string, ...resources: readonly Resource[]) => {
  const report = reviewedUnder({ forbidden: [readForbiddenGain(text)] }, ...resources);
  return { breaches: breachesIn(report, FORBIDDEN), notJudged: unjudgedIn(report, FORBIDDEN) };
};
const keyChange = (before: readonly object[], after: readonly object[]): Resource =>
  updated(
    "aws_kms_key.this",
    { arn: KEY_ARN, policy: policyOf(...before) },
    { arn: KEY_ARN, policy: policyOf(...after) },
    { expressions: { policy: {} } },
  );
const NO_BREACHES = { breaches: {}, notJudged: [] };
const gives = (title: string, actions: string, callers: string, option: string): string =>
  `${title} gives ${actions} to ${callers}, beyond the access before the plan, and --forbid ${option} forbids it.`;

const role = (arn: string): Resource => kept("aws_iam_role.this", { arn, name: arn.split("/").at(-1), path: "/" });
const inline = (name: string, ...statements: readonly object[]) => ({ policy: policyOf(...statements), role: name });
/** Statements of a policy of more than 32,768 bytes. */
const MANY_STATEMENTS = Array.from({ length: 400 }, (_, index) =>
  allow(`arn:aws:iam::${ACCOUNT}:role/n${index}`, "kms:Decrypt"),
);
const ON_KEY = { Action: "kms:Decrypt", Effect: "Allow", Resource: KEY_ARN, Sid: "Read" };

test("a denial whose policy variable becomes text by another Version is not judged", () => {
  const Condition = { StringEquals: { "aws:PrincipalTag/team": "${aws:ResourceTag/team}" } };
  const denial = { Action: "kms:Decrypt", Condition, Effect: "Deny", Principal: "*", Resource: "*" };
  const policy = policyOf(ADMINISTRATOR, USER, denial);
  const changeTo = (after: string) =>
    updated("aws_kms_key.this", { arn: KEY_ARN, policy }, { arn: KEY_ARN, policy: after });
  expect(forbid("kms:Decrypt", changeTo(policy.replace("{", "{ ")))).toStrictEqual(NO_BREACHES);
  expect(forbid("kms:Decrypt", changeTo(policy.replace("2012", "2008"))).notJudged).toStrictEqual(
    [ADMIN_ARN, USER_ARN].map(
      (arn) => `aws_kms_key.this: kms:Decrypt by ${arn}: the conditions of a statement cannot be compared`,
    ),
  );
});

describe("a recorded plan", () => {
  const reviewed = (name: string, forbidden: readonly string[], references: readonly string[] = []) =>
    review(readPlan(planOf(name), name), [], {
      forbidden: forbidden.map(readForbiddenGain),
      references: references.map((text) => readReference(text, () => policyOf(...golden.statements))),
    });

  test("breaks --forbid by the statement that names a new principal", () => {
    const report = reviewed("pull-request/after", ["kms:Decrypt"]);
    expect(breachesIn(report, FORBIDDEN)).toStrictEqual({
      "aws_kms_key.warehouse:User": gives(
        "Statement 'User'",
        "kms:Decrypt",
        `arn:aws:iam::${ACCOUNT}:role/ReportRole`,
        "kms:Decrypt",
      ),
    });
    expect(report.findings.find(({ rule }) => rule === FORBIDDEN)).toMatchObject({ isNew: true, severity: "error" });
    expect(reviewed("pull-request/after", ["kms:Decrypt:arn:aws:iam::*:role/Example*", "kms:PutKeyPolicy"])).toEqual(
      reportOf("pull-request/after"),
    );
  });

  test("breaks --forbid by a new grant, and has the finding at the grant", () => {
    const report = reviewed("grant-other-account/triggers", ["kms:GenerateDataKey:999988887777"]);
    expect(breachesIn(report, FORBIDDEN)).toStrictEqual({
      "aws_kms_grant.this": gives(
        "The grant",
        "kms:GenerateDataKey",
        "arn:aws:iam::999988887777:role/Partner",
        "kms:GenerateDataKey:999988887777",
      ),
    });
  });

  test("exceeds a reference by the statements beyond the reference, and is not judged if its policy is not shown", () => {
    expect(breachesIn(reviewed("second-user/after", [], ["golden.json"]), BEYOND)).toMatchObject({
      "aws_kms_key.Key_961B73FD:AllowKeyUseForExampleRole": expect.stringContaining("role/SecondUserRole") as string,
    });
    const shipped = reviewed("policy-document/after", [], ["golden.json"]);
    expect(Object.keys(breachesIn(shipped, BEYOND))).toStrictEqual(["aws_kms_key.this:Reader"]);
    expect(unjudgedIn(reviewed("unknown-policy/after", [], ["golden.json"]), BEYOND)).toStrictEqual([
      "aws_kms_key.this: the key policy is not shown (unknown until apply)",
    ]);
    expect(unjudgedIn(reviewed("unknown-policy/after", ["kms:Decrypt"]), FORBIDDEN)).toContain(
      "aws_kms_key.this: the key policy is not shown (unknown until apply)",
    );
  });
});

describe("a gain that --forbid forbids", () => {
  test("is the access of each principal of a new key", () => {
    const named = [ADMINISTRATOR, USER].map((statement, index) => ({ ...statement, Sid: `S${index}` }));
    expect(forbid("kms:Decrypt", newKey(...named)).breaches).toStrictEqual({
      "aws_kms_key.this:S0": gives("Statement 'S0'", "kms:Decrypt", ADMIN_ARN, "kms:Decrypt"),
      "aws_kms_key.this:S1": gives("Statement 'S1'", "kms:Decrypt", USER_ARN, "kms:Decrypt"),
    });
  });

  test("names only everybody if a statement names everybody and a role", () => {
    const statement = { ...allow("*", "kms:Decrypt"), Principal: { AWS: ["*", STRANGER_ARN] }, Sid: "All" };
    expect(forbid("kms:Decrypt", newKey(ADMINISTRATOR, statement)).breaches["aws_kms_key.this:All"]).toBe(
      gives("Statement 'All'", "kms:Decrypt", "everybody", "kms:Decrypt"),
    );
  });

  test("does not exist if the access is unchanged, narrowed or removed", () => {
    expect(forbid("kms:*", keyWith(ADMINISTRATOR, USER))).toStrictEqual(NO_BREACHES);
    expect(forbid("kms:*", keyChange([ADMINISTRATOR, USER], [ADMINISTRATOR]))).toStrictEqual(NO_BREACHES);
    const limited = allow(USER_ARN, "kms:Decrypt", {
      Condition: { StringEquals: { "kms:ViaService": "s3.amazonaws.com" } },
    });
    expect(forbid("kms:*", keyChange([USER], [limited]))).toStrictEqual(NO_BREACHES);
    expect(forbid("kms:*", destroyed("aws_kms_key.this", { arn: KEY_ARN, policy: policyOf(USER) }))).toStrictEqual(
      NO_BREACHES,
    );
  });

  test("is an access that loses its condition, or the denial that limited it", () => {
    const wide = allow(USER_ARN, "kms:Decrypt", { Sid: "User" });
    const limited = { ...wide, Condition: { StringEquals: { "kms:ViaService": "s3.amazonaws.com" } } };
    const expected = { "aws_kms_key.this:User": gives("Statement 'User'", "kms:Decrypt", USER_ARN, "kms:De*") };
    expect(forbid("kms:De*", keyChange([limited], [wide])).breaches).toStrictEqual(expected);
    const denial = { ...allow("*", "kms:Decrypt"), Effect: "Deny" };
    expect(forbid("kms:De*", keyChange([wide, denial], [wide])).breaches).toStrictEqual(expected);
  });

  test("is the access that a role gets if a denial on a policy variable is removed or replaced", () => {
    const denialOn = (Resource: string) => ({ Action: "kms:Decrypt", Effect: "Deny", Resource });
    const onTag = denialOn(KEY_ARN.replace(/key\/.*/, "key/${aws:PrincipalTag/key}"));
    const breachesOf = (before: readonly object[], after: readonly object[]) =>
      forbid(
        "kms:Decrypt",
        keyWith(ROOT),
        role(STRANGER_ARN),
        updated("aws_iam_role_policy.p", inline("Stranger", ON_KEY, ...before), inline("Stranger", ON_KEY, ...after)),
      );
    const key = "aws_kms_key.this:Read";
    expect(Object.keys(breachesOf([onTag], []).breaches)).toStrictEqual([key]);
    expect(breachesOf([onTag], [onTag])).toStrictEqual(NO_BREACHES);
    expect(breachesOf([denialOn("*")], [onTag]).notJudged).toHaveLength(1);
  });

  test("is not judged if a policy variable decides whether the key is the resource of a new statement", () => {
    const onTag = allow(USER_ARN, "kms:Decrypt", { Resource: KEY_ARN.replace(/key\/.*/, "key/${aws:PrincipalTag/k}") });
    const expected = ["aws_kms_key.this: a policy variable in a statement decides if the key is its resource"];
    expect(forbid("kms:Decrypt", keyChange([], [onTag]))).toStrictEqual({ breaches: {}, notJudged: expected });
    expect(forbid("kms:Decrypt", keyChange([onTag], [onTag]))).toStrictEqual(NO_BREACHES);
    expect(forbid("kms:Decrypt", keyChange([], [{ ...onTag, Effect: "Deny" }]))).toStrictEqual(NO_BREACHES);
    expect(forbid("kms:Encrypt", keyChange([], [onTag]))).toStrictEqual(NO_BREACHES);
    const references = [readReference("policy.json", () => policyOf(ADMINISTRATOR))];
    expect(unjudgedIn(reviewedUnder({ references }, keyWith(onTag)), BEYOND)).toStrictEqual(expected);
    const denial = { ...onTag, Effect: "Deny" };
    expect(unjudgedIn(reviewedUnder({ references }, keyWith(denial)), BEYOND)).toStrictEqual([]);
  });

  test("is not judged if conditions cannot be compared", () => {
    const until = (day: string) =>
      allow(USER_ARN, "kms:Decrypt", { Condition: { DateLessThan: { "aws:CurrentTime": day } }, Sid: "User" });
    expect(forbid("kms:Decrypt", keyChange([until("2030-01-01")], [until("2031-01-01")]))).toStrictEqual({
      breaches: {},
      notJudged: [
        `aws_kms_key.this: kms:Decrypt by ${USER_ARN}: the conditions of statement 'User' cannot be compared`,
      ],
    });
  });

  test("names everybody, an account or a pattern as the callers, and no role that one of these covers", () => {
    const everybody = allow("*", "kms:Decrypt", { Sid: "All" });
    const inAccount = { ...everybody, ...IN_ACCOUNT };
    const byPattern = allow("*", "kms:Decrypt", {
      Condition: { ArnLike: { "aws:PrincipalArn": `arn:aws:iam::${ACCOUNT}:role/team-*` } },
      Sid: "All",
    });
    const callersOf = (statement: object, option = "kms:Decrypt"): string | undefined =>
      forbid(option, keyChange([ADMINISTRATOR, USER], [ADMINISTRATOR, USER, statement])).breaches[
        "aws_kms_key.this:All"
      ];
    expect(callersOf(everybody)).toBe(gives("Statement 'All'", "kms:Decrypt", "everybody", "kms:Decrypt"));
    expect(callersOf(inAccount)).toBe(
      gives("Statement 'All'", "kms:Decrypt", `roles and users of account ${ACCOUNT}`, "kms:Decrypt"),
    );
    expect(callersOf(byPattern)).toBe(
      gives("Statement 'All'", "kms:Decrypt", `arn:aws:iam::${ACCOUNT}:role/team-*`, "kms:Decrypt"),
    );
    expect(callersOf(inAccount, `kms:Decrypt:${OTHER_ACCOUNT}`)).toBeUndefined();
    expect(callersOf(inAccount, `kms:Decrypt:${ROOT_ARN}`)).toBe(
      gives("Statement 'All'", "kms:Decrypt", `roles and users of account ${ACCOUNT}`, `kms:Decrypt:${ROOT_ARN}`),
    );
    expect(callersOf(everybody, `kms:Decrypt:${OTHER_ACCOUNT}`)).toBe(
      gives(
        "Statement 'All'",
        "kms:Decrypt",
        `roles and users of account ${OTHER_ACCOUNT}`,
        `kms:Decrypt:${OTHER_ACCOUNT}`,
      ),
    );
  });

  test("is not judged if the plan changes a tag or an alias that a condition tests", () => {
    const tagged = (tags: object) => ({
      arn: KEY_ARN,
      policy: policyOf(
        allow(USER_ARN, "kms:Decrypt", { Condition: { StringEquals: { "aws:ResourceTag/open": "yes" } } }),
      ),
      tags,
    });
    const tagChange = (before: object, after: object): Resource =>
      updated("aws_kms_key.this", tagged(before), tagged(after), { expressions: { policy: {} } });
    const by = `aws_kms_key.this: kms:Decrypt by ${USER_ARN}: a condition tests`;
    expect(forbid("kms:Decrypt", tagChange({}, { open: "yes" }))).toStrictEqual({
      breaches: {},
      notJudged: [`${by} the tags of the key, which the plan changes`],
    });
    expect(forbid("kms:Decrypt", tagChange({ open: "yes" }, { open: "yes" }))).toStrictEqual(NO_BREACHES);

    const withTags = (before: readonly object[], after: readonly object[] = before): Resource =>
      updated(
        "aws_kms_key.this",
        { arn: KEY_ARN, policy: policyOf(...before), tags: {} },
        { arn: KEY_ARN, policy: policyOf(...after), tags: { open: "yes" } },
        { expressions: { policy: {} } },
      );
    const onTag = {
      Condition: { StringEquals: { "aws:ResourceTag/open": "yes", "kms:ViaService": "x.amazonaws.com" } },
    };
    expect(forbid("kms:Decrypt", withTags([allow(USER_ARN, "kms:Decrypt", onTag)])).notJudged).toHaveLength(1);
    expect(
      forbid("kms:Decrypt", withTags([USER, allow("*", "kms:Decrypt", { ...onTag, Effect: "Deny" })])).notJudged,
    ).toHaveLength(1);
    expect(forbid("kms:Decrypt", withTags([USER]))).toStrictEqual(NO_BREACHES);
    const gain = withTags([ADMINISTRATOR], [ADMINISTRATOR, allow(USER_ARN, "kms:Decrypt", onTag)]);
    expect(Object.keys(forbid("kms:Decrypt", gain).breaches)).toHaveLength(1);
    const user = { arn: USER_ARN, name: "ExampleUserRole", path: "/" };
    const taggedUser = updated("aws_iam_role.u", { ...user, tags: {} }, { ...user, tags: { open: "yes" } });
    expect(forbid("kms:Decrypt", keyWith(USER), taggedUser)).toStrictEqual(NO_BREACHES);

    const named = keyWith(
      allow(USER_ARN, "kms:Decrypt", {
        Condition: { "ForAnyValue:StringEquals": { "kms:ResourceAliases": "alias/a" } },
      }),
    );
    const alias = (target: string) => ({ name: "alias/a", target_key_id: target });
    expect(
      forbid("kms:Decrypt", named, updated("aws_kms_alias.a", alias("other"), alias(KEY_ARN))).notJudged,
    ).toStrictEqual([`${by} the aliases of the key, which the plan changes`]);
    expect(forbid("kms:Decrypt", named, kept("aws_kms_alias.a", alias(KEY_ARN)))).toStrictEqual(NO_BREACHES);
    const other = `arn:aws:kms:us-east-1:${ACCOUNT}:key/other`;
    const otherKey = kept("aws_kms_key.other", { arn: other, policy: policyOf(ADMINISTRATOR) });
    expect(forbid("kms:Decrypt", named, otherKey, created("aws_kms_alias.a", alias(other)))).toStrictEqual(NO_BREACHES);
    const hidden = created(
      "aws_kms_alias.a",
      { name: "alias/a" },
      { after_unknown: { target_key_id: true }, expressions: { target_key_id: { references: ["local.key"] } } },
    );
    expect(forbid("kms:Decrypt", named, hidden).notJudged).toHaveLength(1);
    expect(forbid("kms:Decrypt", keyWith(USER), created("aws_kms_alias.a", alias(KEY_ARN)))).toStrictEqual(NO_BREACHES);
  });

  test("is not judged if the plan assigns a permission set with the access to another group", () => {
    const set = "arn:aws:sso:::permissionSet/ssoins-1/ps-1";
    const narrow = policyOf({ Action: "kms:Decrypt", Effect: "Allow", Resource: KEY_ARN });
    const assignment = { permission_set_arn: set, principal_id: "g-1", principal_type: "GROUP", target_id: ACCOUNT };
    const withAssignment = (...others: readonly Resource[]) =>
      forbid(
        "kms:Decrypt",
        keyWith(ROOT),
        kept("aws_ssoadmin_permission_set.s", { arn: set, name: "Narrow" }),
        kept("aws_ssoadmin_permission_set_inline_policy.i", { inline_policy: narrow, permission_set_arn: set }),
        ...others,
      );
    const address = "aws_ssoadmin_account_assignment.a";
    const notJudged = [
      `aws_kms_key.this: kms:Decrypt by arn:aws:iam::${ACCOUNT}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Narrow_*: the plan assigns aws_ssoadmin_permission_set.s to another user or group`,
    ];
    expect(withAssignment(kept(address, assignment))).toStrictEqual(NO_BREACHES);
    expect(withAssignment(destroyed(address, assignment))).toStrictEqual(NO_BREACHES);
    expect(withAssignment(created(address, assignment))).toStrictEqual({ breaches: {}, notJudged });
    const member = created("aws_identitystore_group_membership.m", { group_id: "g-1", member_id: "u-1" });
    expect(withAssignment(kept(address, assignment), member)).toStrictEqual({ breaches: {}, notJudged });
  });

  test("does not exist for a role whose policy the plan attaches to another user", () => {
    const managed = kept("aws_iam_policy.m", { arn: POLICY_ARN, name: "decrypt", policy: policyOf(ON_KEY) });
    const resources = [
      keyWith(ROOT),
      role(STRANGER_ARN),
      managed,
      kept("aws_iam_role_policy_attachment.r", { policy_arn: POLICY_ARN, role: "Stranger" }),
      created("aws_iam_user_policy_attachment.u", { policy_arn: POLICY_ARN, user: "ana" }),
    ];
    expect(forbid(`kms:Decrypt:${STRANGER_ARN}`, ...resources)).toStrictEqual(NO_BREACHES);
  });

  test("is a breach if a denial excepts the principal, the principal's account and a service", () => {
    const excepted = { AWS: [USER_ARN, `arn:aws:iam::${ACCOUNT}:root`], Service: "redshift.amazonaws.com" };
    const denial = { Action: "kms:*", Effect: "Deny", NotPrincipal: excepted, Resource: "*", Sid: "Others" };
    const gain = keyChange([ADMINISTRATOR, denial], [ADMINISTRATOR, denial, { ...USER, Sid: "User" }]);
    expect(Object.keys(forbid("kms:Decrypt", gain).breaches)).toStrictEqual(["aws_kms_key.this:User"]);
  });

  test("is not judged if the plan removes a NotPrincipal denial that may apply", () => {
    const denial = { Action: "kms:*", Effect: "Deny", NotPrincipal: { AWS: [USER_ARN] }, Resource: "*", Sid: "Others" };
    expect(forbid("kms:Decrypt", keyChange([USER, denial], [USER]))).toStrictEqual({
      breaches: {},
      notJudged: [`aws_kms_key.this: kms:Decrypt by ${USER_ARN}: before the plan, statement 'Others' may deny it`],
    });
    expect(forbid("kms:Decrypt", keyChange([USER, denial], [USER, denial]))).toStrictEqual(NO_BREACHES);
    const limited = allow(USER_ARN, "kms:Decrypt", { Sid: "User", ...IN_ACCOUNT });
    const everywhere = allow("*", "kms:Decrypt", { Sid: "All" });
    expect(Object.keys(forbid("kms:Decrypt", keyChange([limited, denial], [everywhere])).breaches)).toStrictEqual([
      "aws_kms_key.this:All",
    ]);
  });

  describe("on a key that is not in the plan", () => {
    const OTHER_KEY = KEY_ARN.replace(/.$/, "0");
    const on = (Resource: string, Action = "kms:*") => ({ Action, Effect: "Allow", Resource });
    const policy = (...statements: readonly object[]) => inline("Stranger", ...statements);
    const isNotInPlan = (address: string, key: string) => ({
      breaches: {},
      notJudged: [`${address}: its key ${key} is not in the plan`],
    });

    test.each<[string, Resource, string | undefined]>([
      ["a new policy names the key", created("aws_iam_role_policy.p", policy(on(OTHER_KEY))), OTHER_KEY],
      [
        "a policy names one more key",
        updated("aws_iam_role_policy.p", policy(on(KEY_ARN)), policy(on(KEY_ARN), on(OTHER_KEY))),
        OTHER_KEY,
      ],
      [
        "a policy allows more than the action before",
        updated("aws_iam_role_policy.p", policy(on(OTHER_KEY, "kms:Encrypt")), policy(on(OTHER_KEY))),
        OTHER_KEY,
      ],
      [
        "a pattern matches keys of another account",
        created("aws_iam_role_policy.p", policy(on(`arn:aws:kms:*:${OTHER_ACCOUNT}:key/*`))),
        `arn:aws:kms:*:${OTHER_ACCOUNT}:key/*`,
      ],
      [
        "a policy allows less than before",
        updated("aws_iam_role_policy.p", policy(on(OTHER_KEY)), policy(on(OTHER_KEY, "kms:Decrypt"))),
        undefined,
      ],
      ["a policy allows it on each key", created("aws_iam_role_policy.p", policy(on("*"))), undefined],
      ["no policy changes", kept("aws_iam_role_policy.p", policy(on(OTHER_KEY))), undefined],
      [
        "no policy changes, and it has thousands of statements",
        kept("aws_iam_role_policy.p", policy(...Array.from({ length: 5000 }, () => on(OTHER_KEY)))),
        undefined,
      ],
      [
        "a policy allows another action",
        created("aws_iam_role_policy.p", policy(on(OTHER_KEY, "kms:Sign"))),
        undefined,
      ],
      [
        "a policy denies the action",
        created("aws_iam_role_policy.p", policy({ ...on(OTHER_KEY), Effect: "Deny" })),
        undefined,
      ],
      ["a policy names a bucket", created("aws_iam_role_policy.p", policy(on("arn:aws:s3:::b/key/*", "*"))), undefined],
    ])("is not judged if a role or user gets it: %s", (_, change, key) => {
      const expected = key === undefined ? NO_BREACHES : isNotInPlan("aws_iam_role_policy.p", key);
      const resources = [keyWith(ADMINISTRATOR), role(STRANGER_ARN), change];
      expect(forbid("kms:Decrypt", ...resources)).toStrictEqual(expected);
      expect(forbid("kms:Decrypt:arn:aws:iam::*:role/Stranger", ...resources)).toStrictEqual(expected);
      expect(forbid("kms:Decrypt:arn:aws:iam::*:user/*", ...resources)).toStrictEqual(NO_BREACHES);
    });

    test("is not judged if the plan has no key and a policy allows it on each key, also for a role outside the plan", () => {
      const change = created("aws_iam_role_policy.p", policy(on("*")));
      expect(forbid("kms:Decrypt:arn:aws:iam::*:role/Stranger", change)).toStrictEqual(
        isNotInPlan("aws_iam_role_policy.p", "*"),
      );
    });

    test("is not judged if the plan attaches a policy that stays the same, and is no gain by a boundary", () => {
      const decrypt = kept("aws_iam_policy.d", { arn: POLICY_ARN, name: "decrypt", policy: policyOf(on(OTHER_KEY)) });
      const attachment = created("aws_iam_role_policy_attachment.a", { policy_arn: POLICY_ARN, role: "Stranger" });
      const bounded = (permissions_boundary?: string) => ({
        arn: STRANGER_ARN,
        name: "Stranger",
        permissions_boundary,
      });
      expect(forbid("kms:Decrypt", role(STRANGER_ARN), decrypt, attachment)).toStrictEqual(
        isNotInPlan("aws_iam_policy.d", OTHER_KEY),
      );
      const boundary = updated("aws_iam_role.this", bounded(), bounded(POLICY_ARN));
      expect(forbid("kms:Decrypt", boundary, decrypt)).toStrictEqual(NO_BREACHES);
    });
  });

  test("is not judged if a grant of the plan is on a key that is not in the plan", () => {
    const key = `arn:aws:kms:us-east-1:${ACCOUNT}:key/8765dcba-21ba-43dc-65fe-ba0987654321`;
    const values = { grantee_principal: STRANGER_ARN, key_id: key, operations: ["Decrypt"] };
    expect(forbid("kms:Decrypt", created("aws_kms_grant.g", values))).toStrictEqual({
      breaches: {},
      notJudged: [`aws_kms_grant.g: its key ${key} is not in the plan`],
    });
    expect(forbid("kms:Decrypt", kept("aws_kms_grant.g", values))).toStrictEqual(NO_BREACHES);
    expect(forbid("kms:Decrypt", destroyed("aws_kms_grant.g", values))).toStrictEqual(NO_BREACHES);
  });

  test("is kms:CreateGrant if it loses its condition on kms:GrantIsForAWSResource", () => {
    const forServices = { Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } } };
    const grant = (more: object) => [ADMINISTRATOR, allow(USER_ARN, "kms:CreateGrant", { Sid: "Grant", ...more })];
    expect(forbid("kms:CreateGrant", keyChange(grant(forServices), grant({}))).breaches).toStrictEqual({
      "aws_kms_key.this:Grant": gives("Statement 'Grant'", "kms:CreateGrant", USER_ARN, "kms:CreateGrant"),
    });
    expect(forbid("kms:CreateGrant", keyChange(grant({}), grant(forServices)))).toStrictEqual(NO_BREACHES);
    // No request for kms:Decrypt has the key.
    const everything = allow(USER_ARN, "kms:*", forServices);
    expect(forbid("kms:Decrypt", keyChange([ADMINISTRATOR], [ADMINISTRATOR, everything]))).toStrictEqual(NO_BREACHES);
  });

  test("does not exist if values, elements and statements have another order", () => {
    const services = ["redshift.us-east-1.amazonaws.com", "redshift.eu-west-1.amazonaws.com"];
    const user = (values: readonly string[], principals: readonly string[], actions: readonly string[]) => ({
      ...allow("", "", { Condition: { StringEquals: { "kms:ViaService": values } } }),
      Action: actions,
      Principal: { AWS: principals },
    });
    const before = user(services, [USER_ARN, STRANGER_ARN], ["kms:Decrypt", "kms:Encrypt"]);
    const after = user(services.toReversed(), [STRANGER_ARN, USER_ARN], ["kms:Encrypt", "kms:Decrypt"]);
    const change = keyChange([ADMINISTRATOR, before], [after, ADMINISTRATOR]);
    expect(forbid("kms:*", change)).toStrictEqual(NO_BREACHES);
  });

  test("is a new access of a service", () => {
    const logs = { ...allow("", "kms:Decrypt"), Principal: { Service: "logs.us-east-1.amazonaws.com" }, Sid: "Logs" };
    expect(forbid("kms:Decrypt", keyChange([ADMINISTRATOR], [ADMINISTRATOR, logs])).breaches).toStrictEqual({
      "aws_kms_key.this:Logs": gives("Statement 'Logs'", "kms:Decrypt", "logs.us-east-1.amazonaws.com", "kms:Decrypt"),
    });
  });

  test.each<[string, object]>([
    ["the account of its source", { StringEquals: { "aws:SourceAccount": ACCOUNT } }],
    ["the ARN of its source", { ArnLike: { "aws:SourceArn": `arn:aws:logs:us-east-1:${ACCOUNT}:*` } }],
    ["a service", { Bool: { "aws:PrincipalIsAWSService": "true" } }],
    ["the name of a service", { StringEquals: { "aws:PrincipalServiceName": "logs.amazonaws.com" } }],
  ])("is a new access of a service, by a condition on %s", (_, Condition) => {
    const principals = [{ Service: "logs.us-east-1.amazonaws.com" }, "*"];
    const callers = principals.map((Principal) => {
      const statement = { ...allow("", "kms:Decrypt"), Condition, Principal, Sid: "Logs" };
      const before = { ...statement, Principal: { Service: "s3.amazonaws.com" } };
      expect(forbid("kms:Decrypt", keyChange([ADMINISTRATOR, statement], [ADMINISTRATOR, statement]))).toStrictEqual(
        NO_BREACHES,
      );
      return forbid("kms:Decrypt", keyChange([ADMINISTRATOR, before], [ADMINISTRATOR, statement])).breaches;
    });
    expect(callers).toStrictEqual(
      ["logs.us-east-1.amazonaws.com", "AWS services"].map((caller) => ({
        "aws_kms_key.this:Logs": gives("Statement 'Logs'", "kms:Decrypt", caller, "kms:Decrypt"),
      })),
    );
  });

  test("is a new access of the accounts that a pattern matches", () => {
    const [before, after] = ["StringEquals", "StringLike"].map((operator) => ({
      ...allow("*", "kms:Decrypt", { Sid: "Accounts" }),
      Condition: { [operator]: { "kms:CallerAccount": operator === "StringLike" ? "4444*" : ACCOUNT } },
    }));
    const { breaches } = forbid("kms:Decrypt", keyChange([ADMINISTRATOR, before!], [ADMINISTRATOR, after!]));
    expect(Object.keys(breaches)).toStrictEqual(["aws_kms_key.this:Accounts"]);
    expect(breaches["aws_kms_key.this:Accounts"]).toContain("account 444400000000");
  });

  test("is an access by a new IAM policy together with the key's statement for the account", () => {
    const gained = forbid(
      `kms:Decrypt:${STRANGER_ARN}`,
      keyWith(ROOT),
      role(STRANGER_ARN),
      created("aws_iam_role_policy.this", inline("Stranger", ON_KEY)),
    );
    const title = "Statement 'Read' of aws_iam_role_policy.this, with statement 'Root' of the key,";
    expect(gained).toStrictEqual({
      breaches: { "aws_kms_key.this:Read": gives(title, "kms:Decrypt", STRANGER_ARN, `kms:Decrypt:${STRANGER_ARN}`) },
      notJudged: [],
    });
    const denied = created("aws_iam_role_policy.this", inline("Stranger", { ...ON_KEY, Effect: "Deny" }));
    const direct = keyChange([ADMINISTRATOR], [ADMINISTRATOR, allow(STRANGER_ARN, "kms:Decrypt")]);
    expect(forbid("kms:Decrypt", direct, role(STRANGER_ARN), denied)).toStrictEqual(NO_BREACHES);
  });

  test("names each policy with an equal statement, and each statement of the key policy", () => {
    const other = "arn:aws:iam::111122223333:role/Other";
    const roots = [ROOT, allow(ROOT_ARN, "kms:Decrypt", { Sid: "Second" })];
    const { breaches } = forbid(
      "kms:Decrypt",
      keyWith(...roots),
      role(STRANGER_ARN),
      kept("aws_iam_role.other", { arn: other, name: "Other", path: "/" }),
      created("aws_iam_role_policy.first", inline("Stranger", ON_KEY)),
      created("aws_iam_role_policy.second", inline("Stranger", ON_KEY)),
      created("aws_iam_role_policy.third", inline("Other", { ...ON_KEY, Action: ["kms:Decrypt", "kms:Decrypt"] })),
    );
    const policies = ["first", "second", "third"].map((name) => `aws_iam_role_policy.${name}`).join(", ");
    const title = `Statement 'Read' of ${policies}, with statement 'Root', statement 'Second' of the key,`;
    expect(breaches).toStrictEqual({
      "aws_kms_key.this:Read": gives(title, "kms:Decrypt", `${STRANGER_ARN}, ${other}`, "kms:Decrypt"),
    });
  });

  describe("is an access that the plan gives to", () => {
    const inlineOf = (type: string, holder: Values) =>
      created(`aws_iam_${type}_policy.this`, { policy: policyOf(ON_KEY), ...holder });
    const membership = (users: readonly string[]) => ({ group: "team", users });
    const teamPolicy = kept("aws_iam_group_policy.this", { group: "team", policy: policyOf(ON_KEY) });
    const managed = kept("aws_iam_policy.this", { arn: POLICY_ARN, name: "decrypt", policy: policyOf(ON_KEY) });

    test.each<[string, string, readonly Resource[]]>([
      ["a role that is not in the plan", "role/Stranger", [inlineOf("role", { role: "Stranger" })]],
      ["a user that is not in the plan", "user/ana", [inlineOf("user", { user: "ana" })]],
      [
        "a role that is not in the plan, by a managed policy",
        "role/Stranger",
        [managed, created("aws_iam_role_policy_attachment.this", { policy_arn: POLICY_ARN, role: "Stranger" })],
      ],
      [
        "the members of a group that the plan does not list",
        "user/any member of team",
        [inlineOf("group", { group: "team" })],
      ],
      [
        "a new member of a group",
        "user/bob",
        [teamPolicy, updated("aws_iam_group_membership.this", membership(["ana"]), membership(["ana", "bob"]))],
      ],
    ])("%s", (_, principal, resources) => {
      const { breaches, notJudged } = forbid("kms:Decrypt", keyWith(ROOT), ...resources);
      expect(Object.values(breaches)).toStrictEqual([
        expect.stringContaining(` gives kms:Decrypt to arn:aws:iam::${ACCOUNT}:${principal}, beyond`),
      ]);
      expect(notJudged).toStrictEqual([]);
    });

    test.each<[string, string, readonly Resource[]]>([
      [
        "a managed policy that the plan changes and does not attach",
        "aws_iam_policy.this",
        [
          updated(
            "aws_iam_policy.this",
            { arn: POLICY_ARN, name: "decrypt", policy: policyOf({ ...ON_KEY, Action: "kms:Encrypt" }) },
            { arn: POLICY_ARN, name: "decrypt", policy: policyOf(ON_KEY) },
          ),
        ],
      ],
      [
        "a policy of a permission set that is not in the plan",
        "aws_ssoadmin_permission_set_inline_policy.this",
        [
          created("aws_ssoadmin_permission_set_inline_policy.this", {
            inline_policy: policyOf(ON_KEY),
            permission_set_arn: "arn:aws:sso:::permissionSet/ssoins-1/ps-1",
          }),
        ],
      ],
      [
        "a policy of a role that the plan does not show",
        "aws_iam_role_policy.this",
        [
          created(
            "aws_iam_role_policy.this",
            { policy: policyOf(ON_KEY) },
            { after_unknown: { role: true }, expressions: { role: { references: ["local.role"] } } },
          ),
        ],
      ],
    ])("nobody in the plan, and is not judged: %s", (_, address, resources) => {
      expect(forbid("kms:Decrypt", keyWith(ROOT), ...resources)).toStrictEqual({
        breaches: {},
        notJudged: [`${address}: the plan does not show who has the policy`],
      });
      expect(forbid("kms:ScheduleKeyDeletion", keyWith(ROOT), ...resources)).toStrictEqual(NO_BREACHES);
    });

    test.each<[string, readonly object[], ResourceDetails, boolean]>([
      ["allows the action by one of its statements", [{ ...ON_KEY, Action: "s3:*" }, ON_KEY], {}, false],
      ["denies the action", [{ ...ON_KEY, Effect: "Deny" }], {}, true],
      ["is not shown", [], { after_sensitive: { policy: true } }, false],
    ])("nobody in the plan by a policy that %s", (_, statements, details, isJudged) => {
      const [before, after] = [[], statements].map((all) => ({
        arn: POLICY_ARN,
        name: "decrypt",
        policy: policyOf(...all),
      }));
      const policy = updated("aws_iam_policy.this", before!, after!, details);
      expect(forbid("kms:*", keyWith(ROOT), policy).notJudged).toHaveLength(isJudged ? 0 : 1);
    });
  });

  describe("with a pattern in --forbid is the access of", () => {
    const CI = `arn:aws:iam::${ACCOUNT}:role/ci-*`;
    const arnTest = (operator: string, ...values: readonly string[]) => ({
      Condition: { [operator]: { "aws:PrincipalArn": values }, StringEquals: { "aws:PrincipalOrgID": "o-1" } },
    });
    const gains = (forbidden: string, statement: object) =>
      Object.values(
        forbid(`kms:Decrypt:${forbidden}`, keyChange([ADMINISTRATOR], [ADMINISTRATOR, statement])).breaches,
      ).map((text) => / gives kms:Decrypt to (.*?), beyond/.exec(text)![1]);

    test("a role that a pattern of the statement matches, too", () => {
      const deploy = arnTest("ArnLike", `arn:aws:iam::${ACCOUNT}:role/*-deploy`);
      expect(gains(CI, allow("*", "kms:Decrypt", deploy))).toStrictEqual([
        `callers such as arn:aws:iam::${ACCOUNT}:role/ci-deploy`,
      ]);
      const user = arnTest("ArnLike", `arn:aws:iam::${ACCOUNT}:user/*`);
      expect(gains(CI, allow("*", "kms:Decrypt", user))).toStrictEqual([]);
    });

    test.each([
      "arn:aws:sts::*",
      "arn:aws:sts::*:assumed-role/ci-deploy/*",
      `arn:aws:sts::${ACCOUNT}:assumed-role/c*/bob`,
    ])("a role with a session that matches %s", (sessions) => {
      const role = `arn:aws:iam::${ACCOUNT}:role/path/ci-deploy`;
      expect(gains(sessions, allow(role, "kms:Decrypt"))).toStrictEqual([role]);
      expect(gains(sessions, allow(`arn:aws:iam::${ACCOUNT}:user/ci-deploy`, "kms:Decrypt"))).toStrictEqual([]);
    });

    test.each([
      ["arn:aws:iam::*:user/*", "arn:aws:iam::444455556666:user/"],
      ["arn:aws:iam::4444*:user/bob", "arn:aws:iam::444455556666:user/bob"],
      ["arn:aws:sts::*:assumed-role/ci-*", "arn:aws:sts::444455556666:assumed-role/ci-"],
    ])("the callers of a new account that match %s", (pattern, caller) => {
      for (const account of ["444455556666", "arn:aws:iam::444455556666:root"]) {
        expect(gains(pattern, allow(account, "kms:Decrypt"))).toStrictEqual([`callers such as ${caller}`]);
      }
    });

    test.each([["role/ci- zq7x "], ["role/ci- z*"], ["role/*q7*"], ["role/ zq7x ", "000000000000"]])(
      "everybody but %s",
      (excepted, account = ACCOUNT) => {
        const condition = arnTest("ArnNotLike", `arn:aws:iam::${account}:${excepted}`, ADMIN_ARN);
        expect(gains("*", allow("*", "kms:Decrypt", condition))).toStrictEqual(["everybody"]);
        expect(gains(CI, allow("*", "kms:Decrypt", condition))).toStrictEqual([CI]);
      },
    );

    test("everybody, beside an account of zeros", () => {
      const account = "000000000000";
      expect(gains("*", allow(account, "kms:Decrypt"))).toStrictEqual([`roles and users of account ${account}`]);
      expect(gains("*", { ...allow("*", "kms:Decrypt"), Principal: { AWS: ["*", account] } })).toStrictEqual([
        "everybody",
      ]);
    });

    test("everybody, although a new role has the sample name and a denial", () => {
      const resources = [
        created("aws_iam_role.this", { name: "zq-7x", path: "/" }, { after_unknown: { arn: true } }),
        created("aws_iam_role_policy.this", inline("zq-7x", { ...ON_KEY, Effect: "Deny", Resource: "*" })),
      ];
      const change = keyChange([ADMINISTRATOR], [ADMINISTRATOR, allow("*", "kms:Decrypt")]);
      expect(Object.values(forbid("kms:Decrypt", change, ...resources).breaches)).toStrictEqual([
        expect.stringContaining("gives kms:Decrypt to everybody"),
      ]);
    });

    test.each([
      ["a session of a role", `arn:aws:iam::${ACCOUNT}:role/*`],
      ["a session of a role under a path", `arn:aws:iam::${ACCOUNT}:role/team/Stranger`],
    ])("%s", (_, forbidden) => {
      const session = `arn:aws:sts::${ACCOUNT}:assumed-role/Stranger/job`;
      expect(gains(forbidden, allow(session, "kms:Decrypt"))).toStrictEqual([session]);
      const other = session.replace("Stranger", "Loader");
      expect(gains(forbidden.replace("*", "Stranger"), allow(other, "kms:Decrypt"))).toStrictEqual([]);
    });
  });

  describe("within a permissions boundary", () => {
    const boundary = (before: object, after: object) =>
      updated(
        "aws_iam_policy.this",
        { arn: POLICY_ARN, name: "decrypt", policy: policyOf(before) },
        { arn: POLICY_ARN, name: "decrypt", policy: policyOf(after) },
      );
    const bounded = (type: string, name: string) =>
      kept(`aws_iam_${type}.this`, {
        arn: `arn:aws:iam::${ACCOUNT}:${type}/${name}`,
        name,
        path: "/",
        permissions_boundary: POLICY_ARN,
      });
    const S3 = { Action: "s3:*", Effect: "Allow", Resource: "*" };
    const session = `arn:aws:sts::${ACCOUNT}:assumed-role/Stranger/job`;
    const user = `arn:aws:iam::${ACCOUNT}:user/ana`;

    test("is a breach if the boundary loses its condition", () => {
      const policy = kept("aws_iam_role_policy.this", inline("Stranger", ON_KEY));
      const viaS3 = {
        ...ON_KEY,
        Condition: { StringEquals: { "kms:ViaService": "s3.us-east-1.amazonaws.com" } },
        Sid: "Bound",
      };
      const gains = (before: object, after: object) =>
        Object.keys(
          forbid("kms:Decrypt", keyWith(ROOT), bounded("role", "Stranger"), policy, boundary(before, after)).breaches,
        );
      expect(gains(viaS3, ON_KEY)).toStrictEqual(["aws_kms_key.this:Read"]);
      expect(gains(ON_KEY, viaS3)).toStrictEqual([]);
      expect(gains(viaS3, viaS3)).toStrictEqual([]);
    });

    test.each<[string, Resource, object, boolean]>([
      ["the role", bounded("role", "Stranger"), allow(STRANGER_ARN, "kms:Decrypt"), false],
      ["a user", bounded("user", "ana"), allow(user, "kms:Decrypt"), true],
      ["a session of the role", bounded("role", "Stranger"), allow(session, "kms:Decrypt"), true],
      [
        "everybody with the ARN of the role",
        bounded("role", "Stranger"),
        allow("*", "kms:Decrypt", { Condition: { ArnEquals: { "aws:PrincipalArn": STRANGER_ARN } } }),
        true,
      ],
    ])("that does not allow the action, is a breach unless the key policy names the role: %s", (...row) => {
      const [, holder, statement, isBreach] = row;
      const change = keyChange([ADMINISTRATOR], [ADMINISTRATOR, statement]);
      const { breaches } = forbid("kms:Decrypt", change, holder, boundary(S3, S3));
      expect(Object.keys(breaches)).toHaveLength(isBreach ? 1 : 0);
      const denial = { ...ON_KEY, Effect: "Deny" };
      const denied = { arn: POLICY_ARN, name: "decrypt", policy: policyOf(S3, denial) };
      expect(forbid("kms:Decrypt", change, holder, kept("aws_iam_policy.this", denied)).breaches).toStrictEqual({});
    });
  });

  test.each<[string, Values, boolean]>([
    ["changes, and is not shown", { after_sensitive: { policy: true }, before_sensitive: { policy: true } }, false],
    ["changes in its description", {}, true],
  ])("is judged for a role only if the change of its permissions boundary is shown: %s", (_, details, isJudged) => {
    const boundary = { arn: POLICY_ARN, name: "decrypt", policy: policyOf(ON_KEY) };
    const holder = kept("aws_iam_role.this", {
      arn: STRANGER_ARN,
      name: "Stranger",
      path: "/",
      permissions_boundary: POLICY_ARN,
    });
    const { notJudged } = forbid(
      `kms:Decrypt:${STRANGER_ARN}`,
      keyWith(ROOT),
      holder,
      kept("aws_iam_role_policy.this", inline("Stranger", ON_KEY)),
      updated("aws_iam_policy.this", boundary, { ...boundary, description: "a" }, details),
    );
    expect(notJudged).toHaveLength(isJudged ? 0 : 1);
  });

  test("has a finding for each key and a sentence for each --forbid", () => {
    const [one, other] = ["a", "b"].map((name) =>
      created(`aws_kms_key.${name}`, { policy: policyOf(USER) }, { expressions: { policy: {} } }),
    );
    const forbidden = ["kms:Decrypt", "kms:De*"].map(readForbiddenGain);
    const { findings } = reviewedUnder({ forbidden }, one!, other!);
    const breaches = findings.filter(({ rule }) => rule === FORBIDDEN);
    expect(breaches.map(({ address }) => address)).toStrictEqual(["aws_kms_key.a", "aws_kms_key.b"]);
    expect(breaches.map(({ consequence }) => consequence.split("--forbid ").length - 1)).toStrictEqual([2, 2]);
  });

  test("names both a role and a pattern of roles if the pattern does not match the role", () => {
    const arns = [`arn:aws:iam::${ACCOUNT}:role/team-*`, STRANGER_ARN];
    const statement = allow("*", "kms:Decrypt", { Condition: { ArnLike: { "aws:PrincipalArn": arns } }, Sid: "All" });
    expect(forbid("kms:Decrypt", newKey(ADMINISTRATOR, statement)).breaches["aws_kms_key.this:All"]).toContain(
      ` to ${STRANGER_ARN}, arn:aws:iam::${ACCOUNT}:role/team-*, beyond`,
    );
  });

  test("is a new statement for the account, but is not judged for a role without policies in the plan", () => {
    const toAccount = keyChange([ADMINISTRATOR], [ADMINISTRATOR, ROOT]);
    expect(forbid(`kms:Decrypt:${ACCOUNT}`, toAccount).breaches).toStrictEqual({
      "aws_kms_key.this:Root": gives("Statement 'Root'", "kms:Decrypt", ROOT_ARN, `kms:Decrypt:${ACCOUNT}`),
    });
    expect(forbid(`kms:Decrypt:${STRANGER_ARN}`, toAccount)).toStrictEqual({
      breaches: {},
      notJudged: [`aws_kms_key.this: kms:Decrypt by ${STRANGER_ARN}: the plan has no IAM policies of ${STRANGER_ARN}`],
    });
    // The IAM policies decided before the plan, too.
    expect(forbid(`kms:Decrypt:${STRANGER_ARN}`, keyChange([ROOT], [ROOT, ADMINISTRATOR]))).toStrictEqual(NO_BREACHES);
  });

  test("is not judged if a role's IAM policy changes and is not shown, and does not exist if the policy stays", () => {
    const hidden = { after_sensitive: { policy: true }, before_sensitive: { policy: true } };
    const values = inline("Stranger", ON_KEY);
    const stays = kept("aws_iam_role_policy.this", values, hidden);
    const changes = updated("aws_iam_role_policy.this", values, values, hidden);
    expect(forbid(`kms:Decrypt:${STRANGER_ARN}`, keyWith(ROOT), role(STRANGER_ARN), stays)).toStrictEqual(NO_BREACHES);
    expect(forbid(`kms:Decrypt:${STRANGER_ARN}`, keyWith(ROOT), role(STRANGER_ARN), changes).notJudged).toStrictEqual([
      `aws_kms_key.this: kms:Decrypt by ${STRANGER_ARN}: aws_iam_role_policy.this is not shown: sensitive`,
    ]);
  });

  test("is none for a role whose policy is not in the plan", () => {
    const attached = kept("aws_iam_role_policy_attachment.this", { policy_arn: POLICY_ARN, role: "Stranger" });
    const report = forbid(`kms:Decrypt:${STRANGER_ARN}`, keyWith(ROOT), role(STRANGER_ARN), attached);
    expect(report).toStrictEqual(NO_BREACHES);
  });

  test("names one of many roles with the same access, and each role with another access", () => {
    const names = Array.from({ length: 15 }, (_, index) => `r${String(index).padStart(2, "0")}`);
    const [named, allowed, ...others] = names as [string, string, ...string[]];
    const arnOf = (name: string): string => STRANGER_ARN.replace("Stranger", name);
    const roles = names.flatMap((name) => [
      created(`aws_iam_role.${name}`, { name, path: "/" }),
      created(
        `aws_iam_role_policy.${name}`,
        inline(name, { ...ON_KEY, Resource: "*" }),
        name === allowed ? {} : { after_unknown: { policy: true }, expressions: { policy: { references: [] } } },
      ),
    ]);
    const { breaches, notJudged } = forbid(
      "kms:Decrypt:arn:aws:iam::*:role/r*",
      keyChange([ADMINISTRATOR], [ADMINISTRATOR, ROOT, allow(arnOf(named), "kms:Decrypt", { Sid: "Named" })]),
      ...roles,
    );
    expect(Object.keys(breaches)).toStrictEqual(["aws_kms_key.this:Named", "aws_kms_key.this:Read"]);
    const other = arnOf("r");
    expect(notJudged.filter((reason) => reason.startsWith("aws_kms_key.this: kms:Decrypt by "))).toStrictEqual([
      `aws_kms_key.this: kms:Decrypt by callers such as ${other}: the plan has no IAM policies of callers such as ${other}`,
      `aws_kms_key.this: kms:Decrypt by ${arnOf(named)}: aws_iam_role_policy.${named} is not shown: unknown until apply`,
      `aws_kms_key.this: kms:Decrypt by ${arnOf(others[0]!)} and 12 other roles and users like it: ` +
        `aws_iam_role_policy.${others[0]} is not shown: unknown until apply`,
    ]);
  });

  test("names each of many roles whose policies name the key", () => {
    const names = Array.from({ length: 13 }, (_, index) => `r${index + 10}`);
    const roles = names.flatMap((name) => [
      created(`aws_iam_role.${name}`, { name, path: "/" }),
      created(`aws_iam_role_policy.${name}`, inline(name, ON_KEY)),
    ]);
    const { breaches } = forbid("kms:Decrypt", keyWith(ADMINISTRATOR, ROOT), ...roles);
    expect(Object.values(breaches)).toStrictEqual([expect.stringContaining(":role/r19 and 3 more, beyond")]);
  });

  describe("of many roles with the same access is reported once, without the role that differs:", () => {
    const HIDDEN = { after_sensitive: { policy: true }, before_sensitive: { policy: true } };
    const names = Array.from({ length: 13 }, (_, index) => `r${index + 10}`);
    const arnOf = (name: string, account = ACCOUNT): string => `arn:aws:iam::${account}:role/${name}`;
    const valuesOf = (name: string, more: Values = {}): Values => ({ arn: arnOf(name), name, path: "/", ...more });
    const policyOfRole = (name: string) => kept(`aws_iam_role_policy.${name}`, inline(name, ON_KEY), HIDDEN);
    const roles = names.flatMap((name) => [kept(`aws_iam_role.${name}`, valuesOf(name)), policyOfRole(name)]);
    const boundary = kept("aws_iam_policy.b", { arn: POLICY_ARN, name: "decrypt", policy: policyOf(ON_KEY) });
    const bounded = { permissions_boundary: POLICY_ARN };
    const special = (before: Values, after: Values) =>
      updated("aws_iam_role.r5", valuesOf("r5", before), valuesOf("r5", after));

    test.each<[string, readonly Resource[]]>([
      ["its tags change", [special({ tags: {} }, { tags: { a: "b" } }), policyOfRole("r5")]],
      ["its boundary is removed", [special(bounded, {}), policyOfRole("r5"), boundary]],
      ["it gets a boundary", [special({}, bounded), policyOfRole("r5"), boundary]],
      [
        "its policy changes",
        [special({}, {}), updated("aws_iam_role_policy.r5", inline("r5", ON_KEY), inline("r5", ON_KEY), HIDDEN)],
      ],
      [
        "its only policy is shown",
        [special({}, {}), kept("aws_iam_role_policy.s", inline("r5", { ...ON_KEY, Action: "s3:*" }))],
      ],
    ])("%s", (_, resources) => {
      const change = keyChange([ADMINISTRATOR], [ADMINISTRATOR, ROOT]);
      const { notJudged } = forbid("kms:Decrypt:arn:aws:iam::*:role/r*", change, ...roles, ...resources);
      expect(notJudged.map((reason) => /(r\d+(?: and \d+ other)?)[ :]/.exec(reason)?.[1])).toContain(
        "r10 and 12 other",
      );
    });
  });

  test("names the only one of many roles that an aws:PrincipalArn pattern matches", () => {
    const roles = Array.from({ length: 13 }, (_, index) =>
      created(`aws_iam_role.r${index + 10}`, { name: `r${index + 10}`, path: "/" }),
    );
    const matching = allow("*", "kms:Decrypt", {
      Condition: {
        ArnLike: { "aws:PrincipalArn": STRANGER_ARN.replace("Stranger", "*15") },
        StringEquals: { "kms:CallerAccount": ACCOUNT },
      },
      Sid: "Match",
    });
    const change = keyChange([ADMINISTRATOR], [ADMINISTRATOR, matching]);
    const { breaches } = forbid("kms:Decrypt:arn:aws:iam::*:role/r*", change, ...roles);
    expect(breaches["aws_kms_key.this:Match"]).toContain(`${STRANGER_ARN.replace("Stranger", "r15")}, beyond`);
  });

  test("is the access of each role of the plan that an aws:PrincipalArn pattern matches", () => {
    const roles = ["ci-blue", "ci-red", "app"].map((name) =>
      created(`aws_iam_role.${name.replace("-", "_")}`, { name, path: "/" }),
    );
    const matching = allow("*", "kms:Decrypt", {
      Condition: {
        ArnLike: { "aws:PrincipalArn": STRANGER_ARN.replace("Stranger", "*-red") },
        StringEquals: { "kms:CallerAccount": ACCOUNT },
      },
      Sid: "Red",
    });
    const option = "kms:Decrypt:arn:aws:iam::*:role/ci-*";
    const { breaches } = forbid(option, keyChange([ADMINISTRATOR], [ADMINISTRATOR, matching]), ...roles);
    const callers = `arn:aws:iam::*:role/ci-*, ${STRANGER_ARN.replace("Stranger", "ci-red")}`;
    expect(breaches).toStrictEqual({
      "aws_kms_key.this:Red": gives("Statement 'Red'", "kms:Decrypt", callers, option),
    });
  });

  test("is not judged if the policy before the plan is not shown, or if the name of a role is unknown", () => {
    const shownNow = updated(
      "aws_kms_key.this",
      { arn: KEY_ARN, policy: policyOf(USER) },
      { arn: KEY_ARN, policy: policyOf(USER) },
      { before_sensitive: { policy: true } },
    );
    expect(forbid(`kms:Decrypt:${USER_ARN}`, shownNow)).toStrictEqual({
      breaches: {},
      notJudged: [
        `aws_kms_key.this: kms:Decrypt by ${USER_ARN}: before the plan, the key policy is not shown (sensitive)`,
      ],
    });
    const unnamed = created("aws_iam_role.new", { path: "/" }, { after_unknown: { name: true } });
    expect(forbid("kms:Decrypt", keyWith(ADMINISTRATOR), unnamed)).toStrictEqual({
      breaches: {},
      notJudged: ["aws_iam_role.new: its ARN is unknown"],
    });
  });

  test("is not judged for a policy that KMS refuses for its size", () => {
    const large = keyWith(...MANY_STATEMENTS);
    expect(forbid("kms:*", large)).toStrictEqual({
      breaches: {},
      notJudged: ["aws_kms_key.this: the key policy is larger than KMS allows"],
    });
    // Another policy of the key may be the last one.
    const other = created("aws_kms_key_policy.this", { key_id: KEY_ARN, policy: policyOf(USER) });
    expect(Object.values(forbid(`kms:Decrypt:${USER_ARN}`, large, other).breaches)).toStrictEqual([
      gives("A statement", "kms:Decrypt", USER_ARN, `kms:Decrypt:${USER_ARN}`),
    ]);
  });

  test("does not exist for a policy that is not shown and that the plan does not change", () => {
    const hidden = kept(
      "aws_kms_key.this",
      { arn: KEY_ARN, policy: policyOf(USER) },
      {
        after_sensitive: { policy: true },
        before_sensitive: { policy: true },
      },
    );
    expect(forbid("kms:*", hidden)).toStrictEqual(NO_BREACHES);
  });

  test("is a new grant, a grant with wider constraints, or the right to retire a grant", () => {
    const grant = (constraints: object[]) => ({
      constraints,
      grantee_principal: STRANGER_ARN,
      key_id: KEY_ARN,
      operations: ["Decrypt", "DescribeKey"],
      retiring_principal: USER_ARN,
    });
    const equal = grant([{ encryption_context_equals: { a: "b" } }]);
    const subset = grant([{ encryption_context_subset: { a: "b" } }]);
    const key = keyWith(ADMINISTRATOR);
    const decrypt = `kms:Decrypt:${STRANGER_ARN}`;
    expect(forbid(decrypt, key, created("aws_kms_grant.this", equal)).breaches).toStrictEqual({
      "aws_kms_grant.this": gives("The grant", "kms:Decrypt", STRANGER_ARN, decrypt),
    });
    expect(forbid("kms:*", key, updated("aws_kms_grant.this", subset, equal))).toStrictEqual(NO_BREACHES);
    expect(forbid("kms:*", key, updated("aws_kms_grant.this", equal, subset)).notJudged).toStrictEqual([]);
    expect(forbid("kms:*", key, updated("aws_kms_grant.this", equal, subset)).breaches).toStrictEqual({
      "aws_kms_grant.this": gives("The grant", "kms:Decrypt", STRANGER_ARN, "kms:*"),
    });
    expect(forbid(`kms:RetireGrant:${USER_ARN}`, key, created("aws_kms_grant.this", equal)).breaches).toStrictEqual({
      "aws_kms_grant.this": gives("The grant", "kms:RetireGrant", USER_ARN, `kms:RetireGrant:${USER_ARN}`),
    });
  });

  test("is not judged for a grant whose key, grantee or operations are unknown", () => {
    const values = { grantee_principal: STRANGER_ARN, key_id: KEY_ARN, operations: ["Decrypt"] };
    const hidden = (name: string) =>
      created("aws_kms_grant.this", values, {
        after_unknown: { [name]: true },
        expressions: { [name]: { references: [] } },
      });
    const key = keyWith(ADMINISTRATOR);
    expect(
      ["key_id", "grantee_principal", "operations"].map((name) => forbid("kms:*", key, hidden(name))),
    ).toStrictEqual([
      { breaches: {}, notJudged: ["aws_kms_grant.this: key_id is unknown until apply"] },
      { breaches: {}, notJudged: ["aws_kms_grant.this: grantee_principal is unknown until apply"] },
      { breaches: {}, notJudged: ["aws_kms_grant.this: operations is unknown until apply"] },
    ]);
  });
});

describe("a key policy of --reference", () => {
  const reference = (text: string, policy: readonly object[], ...resources: readonly Resource[]) => {
    const report = reviewedUnder({ references: [readReference(text, () => policyOf(...policy))] }, ...resources);
    return {
      breaches: breachesIn(report, BEYOND),
      isNew: report.findings.filter(({ rule }) => rule === BEYOND).map(({ isNew }) => isNew),
      notJudged: unjudgedIn(report, BEYOND),
    };
  };
  const WITHIN = { breaches: {}, isNew: [], notJudged: [] };

  test("is not exceeded by the same access, by less access or by another order of statements", () => {
    expect(reference("a.json", [ADMINISTRATOR, USER], keyWith(USER, ADMINISTRATOR))).toStrictEqual(WITHIN);
    expect(reference("a.json", [ADMINISTRATOR, USER], keyWith(USER))).toStrictEqual(WITHIN);
    expect(reference("a.json", [ROOT], keyWith({ ...ROOT, Action: "kms:Decrypt" }))).toStrictEqual(WITHIN);
  });

  test("that names only the account root is exceeded by a statement for a role", () => {
    expect(reference("a.json", [ROOT], keyWith(ROOT, allow(ADMIN_ARN, "kms:Decrypt"))).breaches).not.toStrictEqual({});
  });

  test("is compared without the resources of its statements", () => {
    expect(reference("a.json", [{ ...USER, Resource: KEY_ARN }], keyWith(USER))).toStrictEqual(WITHIN);
  });

  test("is not judged if its statement with NotPrincipal may deny the access", () => {
    const denial = { Action: "kms:*", Effect: "Deny", NotPrincipal: { AWS: [USER_ARN] }, Resource: "*", Sid: "Others" };
    expect(reference("a.json", [USER, denial], keyWith(USER))).toStrictEqual({
      ...WITHIN,
      notJudged: [`aws_kms_key.this: kms:Decrypt by ${USER_ARN}: in the reference, statement 'Others' may deny it`],
    });
    expect(reference("a.json", [USER, denial], keyWith(USER, denial))).toStrictEqual(WITHIN);
  });

  const via = { Condition: { StringEquals: { "kms:ViaService": "s3.amazonaws.com" } } };

  test.each<[string, readonly object[], readonly object[]]>([
    ["lacks its denial", [USER, allow("*", "kms:Decrypt", { ...via, Effect: "Deny" })], [USER]],
    ["lacks its condition", [{ ...USER, ...via }], [USER]],
    [
      "lacks its condition, beside a denial with NotPrincipal",
      [
        { ...USER, ...via },
        { Action: "kms:*", Effect: "Deny", NotPrincipal: { AWS: [USER_ARN] }, Resource: "*" },
      ],
      [USER],
    ],
  ])("is exceeded by a policy that %s", (_, policy, statements) => {
    expect(Object.keys(reference("a.json", policy, keyWith(...statements)).breaches)).toHaveLength(1);
  });

  test("allows a principal that it names beside a pattern of principals", () => {
    const statement = { ...USER, Principal: { AWS: [`arn:aws:iam::${ACCOUNT}:role/Example*`, STRANGER_ARN] } };
    expect(reference("a.json", [statement], keyWith(USER, allow(STRANGER_ARN, "kms:Decrypt")))).toStrictEqual(WITHIN);
  });

  test("is not judged for a new grant on a key that is not in the plan", () => {
    const grant = created("aws_kms_grant.g", { grantee_principal: STRANGER_ARN, key_id: "k", operations: ["Decrypt"] });
    expect(reference("a.json", [USER], keyWith(USER), grant).notJudged).toStrictEqual([
      "aws_kms_grant.g: its key k is not in the plan",
    ]);
  });

  test("is not judged for a policy that KMS refuses for its size", () => {
    expect(reference("a.json", [USER], keyWith(...MANY_STATEMENTS))).toStrictEqual({
      ...WITHIN,
      notJudged: ["aws_kms_key.this: the key policy is larger than KMS allows"],
    });
  });

  test("allows the principals that its pattern matches", () => {
    const pattern = allow(`arn:aws:iam::${ACCOUNT}:role/Example*`, "kms:*");
    expect(reference("a.json", [pattern], keyWith(ADMINISTRATOR, USER))).toStrictEqual(WITHIN);
    expect(
      Object.values(reference("a.json", [pattern], keyWith(ADMINISTRATOR, allow(STRANGER_ARN, "kms:*"))).breaches),
    ).toStrictEqual([`A statement gives all actions on the key to ${STRANGER_ARN}, beyond the reference a.json.`]);
  });

  test("is exceeded by an access that exists before the plan, whose finding is not new", () => {
    const user = allow(USER_ARN, "kms:Decrypt", { Sid: "User" });
    expect(reference("a.json", [ADMINISTRATOR], keyWith(ADMINISTRATOR, user))).toStrictEqual({
      breaches: {
        "aws_kms_key.this:User": `Statement 'User' gives kms:Decrypt to ${USER_ARN}, beyond the reference a.json.`,
      },
      isNew: [false],
      notJudged: [],
    });
    expect(reference("a.json", [ADMINISTRATOR], keyChange([ADMINISTRATOR], [ADMINISTRATOR, user])).isNew).toStrictEqual(
      [true],
    );
  });

  test("is exceeded by a statement for the account and by a grant", () => {
    const grant = { grantee_principal: STRANGER_ARN, key_id: KEY_ARN, operations: ["Decrypt"] };
    expect(
      reference(
        "a.json",
        [ADMINISTRATOR],
        keyWith(ADMINISTRATOR, { ...ROOT, Action: "kms:Decrypt" }),
        kept("aws_kms_grant.this", grant),
      ).breaches,
    ).toStrictEqual({
      "aws_kms_grant.this": `The grant gives kms:Decrypt to ${STRANGER_ARN}, beyond the reference a.json.`,
      "aws_kms_key.this:Root": `Statement 'Root' lets IAM policies give kms:Decrypt to roles and users of account ${ACCOUNT}, beyond the reference a.json.`,
    });
  });

  test("with an address applies to the keys of that address, in place of references without an address", () => {
    const policies: Readonly<Record<string, string>> = {
      "a.json": policyOf(ADMINISTRATOR),
      "b.json": policyOf(ADMINISTRATOR, USER),
    };
    const beyond = (...texts: readonly string[]) =>
      Object.keys(
        breachesIn(
          reviewedUnder(
            { references: texts.map((text) => readReference(text, (file) => policies[file]!)) },
            keyWith(ADMINISTRATOR, USER),
          ),
          BEYOND,
        ),
      ).length;
    expect(beyond("a.json")).toBe(1);
    expect(beyond("a.json", "aws_kms_key.*=b.json")).toBe(0);
    expect(beyond("b.json", "aws_kms_key.this=a.json")).toBe(1);
    expect(beyond("a.json", "b.json")).toBe(0);
    expect(beyond("aws_kms_key.that=a.json")).toBe(0);
    expect(beyond("=a.json")).toBe(0);
  });
});
