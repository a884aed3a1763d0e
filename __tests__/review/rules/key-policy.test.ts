import { ACCOUNT, ADMIN_ARN, CLUSTER_ARN, KEY_ARN, USER_ARN } from "../../support/arns";
import {
  ADMINISTRATOR,
  allow,
  created,
  destroyed,
  findingsOf,
  IN_ACCOUNT,
  kept,
  keyWith,
  newKey,
  policyOf,
  type Resource,
  reviewed,
  ruleIds,
  USER,
  type Values,
  updated,
} from "../support/small-plan";

describe("a key policy", () => {
  const callerOf = (arn: string) => ({
    prior_state: {
      values: {
        root_module: {
          resources: [
            { address: "data.aws_caller_identity.this", mode: "data", type: "aws_caller_identity", values: { arn } },
          ],
        },
      },
    },
  });

  test.each<[string, Values]>([
    ["aws:PrincipalAccount", { StringEquals: { "aws:PrincipalAccount": ACCOUNT } }],
    ["aws:PrincipalArn", { ArnLike: { "aws:PrincipalArn": `arn:aws:iam::${ACCOUNT}:role/*` } }],
    ["aws:PrincipalOrgID", { StringEquals: { "aws:PrincipalOrgID": "o-example" } }],
    ["aws:PrincipalOrgPaths", { "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "o-example/r-root/*" } }],
    ["aws:SourceAccount", { StringEquals: { "aws:SourceAccount": ACCOUNT } }],
    ["aws:SourceVpc", { StringEquals: { "aws:SourceVpc": "vpc-1" } }],
    ["aws:SourceVpce", { StringEquals: { "aws:SourceVpce": "vpce-1" } }],
    ["aws:userid", { StringLike: { "aws:userid": "AROAEXAMPLE:*" } }],
    ["kms:CallerAccount", { StringEquals: { "kms:CallerAccount": ACCOUNT } }],
  ])("is not public if %s limits everybody", (_, Condition) => {
    expect(ruleIds(newKey(ADMINISTRATOR, allow("*", "kms:Decrypt")))).toContain("key-policy-public");
    expect(ruleIds(newKey(ADMINISTRATOR, allow("*", "kms:Decrypt", { Condition })))).not.toContain("key-policy-public");
  });

  test.each<[string, Values]>([
    ["aws:CalledVia", { "ForAnyValue:StringEquals": { "aws:CalledVia": "redshift.amazonaws.com" } }],
    ["aws:PrincipalTag/", { StringEquals: { "aws:PrincipalTag/team": "data" } }],
    ["aws:SourceVpce", { StringEquals: { "aws:SourceVpce": "vpce-1" } }],
    ["aws:userid", { StringEquals: { "aws:userid": "AROAEXAMPLE:me" } }],
    ["kms:ViaService", { StringEquals: { "kms:ViaService": "redshift.us-east-1.amazonaws.com" } }],
  ])("is not for everybody directly if %s limits everybody of its account", (_, more) => {
    const ofAccount = { StringLike: { "kms:CallerAccount": ACCOUNT } };
    const ids = (Condition: Values) => ruleIds(newKey(ADMINISTRATOR, allow("*", "kms:Decrypt", { Condition })));
    expect(ids(ofAccount)).toContain("key-policy-everybody-directly");
    expect(ids({ ...ofAccount, ...more })).not.toContain("key-policy-everybody-directly");
  });

  test.each<[string, object]>([
    ["denies", { Action: "kms:*", Effect: "Deny", NotPrincipal: { AWS: ADMIN_ARN }, Resource: "*" }],
    ["has no resource", allow(ADMIN_ARN, "kms:*", { Resource: undefined })],
    ["is for a service", allow("", "kms:*", { Principal: { Service: "redshift.amazonaws.com" } })],
    ["is for the ID of a deleted role", allow("AROA1234567890EXAMPLE", "kms:*")],
  ])("locks out everyone if the only statement that could allow changing it %s", (_, statement) => {
    expect(ruleIds(newKey(USER, statement))).toContain("key-policy-locks-out-everyone");
  });

  test.each<[string, object]>([
    ["an encryption context", { Null: { "kms:EncryptionContext:aws:redshift:arn": "true" } }],
    ["the context of a warehouse", { StringNotEquals: { "kms:EncryptionContext:aws:redshift:arn": CLUSTER_ARN } }],
    ["an operation of a grant", { StringNotEquals: { "kms:GranteePrincipal": ADMIN_ARN } }],
    ["a service as its caller", { Bool: { "aws:PrincipalIsAWSService": "false" } }],
  ])("locks out everyone if it denies all requests without %s", (_, Condition) => {
    const denies = (Action: string) => allow("*", Action, { Condition, Effect: "Deny" });
    expect(ruleIds(newKey(ADMINISTRATOR, denies("kms:*")))).toContain("key-policy-locks-out-everyone");
    expect(ruleIds(newKey(ADMINISTRATOR, denies("kms:Decrypt")))).not.toContain("key-policy-locks-out-everyone");
  });

  test("does not lock out its caller if it allows everybody of the account", () => {
    const caller = callerOf(`arn:aws:sts::${ACCOUNT}:assumed-role/Deployer/me`);
    const locksOut = (...statements: readonly object[]) =>
      reviewed([newKey(...statements)], {}, caller).findings.some(({ rule }) => rule === "key-policy-locks-out-caller");
    expect(locksOut(ADMINISTRATOR)).toBe(true);
    expect(locksOut(allow("*", "kms:*", IN_ACCOUNT))).toBe(false);
  });

  describe("locks out its caller", () => {
    const sessionOf = (role: string, account = ACCOUNT) => `arn:aws:sts::${account}:assumed-role/${role}/me`;
    const ADMIN = sessionOf("ExampleAdminRole");
    const DEPLOYER = sessionOf("Deployer");

    test.each<[string, string, object, string, string]>([
      [
        "who is not the role of aws:PrincipalArn",
        "*",
        { ArnEquals: { "aws:PrincipalArn": ADMIN_ARN } },
        DEPLOYER,
        ADMIN,
      ],
      [
        "who is not the role that the root's statement names",
        `arn:aws:iam::${ACCOUNT}:root`,
        { ArnEquals: { "aws:PrincipalArn": ADMIN_ARN } },
        DEPLOYER,
        ADMIN,
      ],
      [
        "who does not match the pattern of aws:PrincipalArn",
        "*",
        { ArnLike: { "aws:PrincipalArn": `arn:aws:iam::${ACCOUNT}:role/*/AWSReservedSSO_KeyAdmin_*` } },
        DEPLOYER,
        sessionOf("AWSReservedSSO_KeyAdmin_0123456789abcdef"),
      ],
      [
        "who is of another account",
        "*",
        { StringEquals: { "aws:PrincipalAccount": ACCOUNT } },
        sessionOf("ExampleAdminRole", "444455556666"),
        ADMIN,
      ],
    ])("%s", (_, principal, Condition, denied, allowed) => {
      const locksOut = (arn: string) =>
        reviewed([newKey(allow(principal, "kms:*", { Condition }))], {}, callerOf(arn)).findings.some(
          ({ rule }) => rule === "key-policy-locks-out-caller",
        );
      expect([denied, allowed].map(locksOut)).toStrictEqual([true, false]);
    });
  });

  test("lets the Data API create its grant if it allows everybody of the account", () => {
    const cluster = kept("aws_redshift_cluster.this", { arn: CLUSTER_ARN, kms_key_id: KEY_ARN });
    expect(ruleIds(keyWith(ADMINISTRATOR), cluster)).toContain("key-policy-no-data-api-grant");
    expect(ruleIds(keyWith(allow("*", "kms:*", IN_ACCOUNT)), cluster)).not.toContain("key-policy-no-data-api-grant");
  });

  test("has a remedy with the service name of the Region of a new namespace", () => {
    const namespace = created("aws_redshiftserverless_namespace.this", { kms_key_id: KEY_ARN, region: "eu-west-1" });
    const [finding] = findingsOf("key-policy-no-data-api-grant", keyWith(ADMINISTRATOR), namespace);
    expect(finding?.remedy).toContain(" kms:ViaService is one of redshift-serverless.eu-west-1.amazonaws.com,");
  });

  test("has the finding of a bypassed lockout check if only aws_kms_key_policy bypasses it", () => {
    const policy = { bypass_policy_lockout_safety_check: true, key_id: KEY_ARN, policy: policyOf(ADMINISTRATOR) };
    const key = kept("aws_kms_key.this", { arn: KEY_ARN, bypass_policy_lockout_safety_check: false });
    expect(ruleIds(key, created("aws_kms_key_policy.this", policy))).toContain("key-policy-lockout-check-bypassed");
  });

  test("is reset if its aws_kms_key_policy is destroyed, unless the plan changes the policy of the key itself", () => {
    const values = (...statements: readonly object[]) => ({
      arn: KEY_ARN,
      key_id: "1",
      policy: policyOf(...statements),
    });
    const gone = destroyed("aws_kms_key_policy.this", { key_id: KEY_ARN, policy: policyOf(ADMINISTRATOR, USER) });
    const configured = { expressions: { policy: {} } };
    const both = values(ADMINISTRATOR, USER);
    expect(ruleIds(kept("aws_kms_key.this", both, configured), gone)).toContain("key-policy-reset");
    expect(ruleIds(updated("aws_kms_key.this", both, values(ADMINISTRATOR), configured), gone)).not.toContain(
      "key-policy-reset",
    );
  });

  test("that a new key does not set has no finding key-policy-reset", () => {
    expect(ruleIds(created("aws_kms_key.this", {}, { expressions: {} }))).not.toContain("key-policy-reset");
  });

  test("has one finding with every administrator who is also a user", () => {
    const both = [ADMIN_ARN, USER_ARN].flatMap((arn) => [allow(arn, "kms:*"), allow(arn, "kms:Decrypt")]);
    const [finding] = findingsOf("key-policy-administrator-is-user", newKey(...both));
    expect(finding?.consequence).toContain(`${ADMIN_ARN}, ${USER_ARN} may manage the key`);
  });

  test.each([`arn:aws:iam::${ACCOUNT}:root`, ACCOUNT])(
    "has no finding if the root %s is both administrator and user",
    (root) => {
      const policy = newKey(allow(root, "kms:Put*"), allow(root, "kms:Decrypt"));
      expect(ruleIds(policy)).not.toContain("key-policy-administrator-is-user");
    },
  );

  test("is public if it allows everybody but one principal", () => {
    const statement = { Action: "kms:*", Effect: "Allow", NotPrincipal: { AWS: USER_ARN }, Resource: "*" };
    expect(ruleIds(newKey(ADMINISTRATOR, statement))).toContain("key-policy-public");
    expect(ruleIds(newKey(ADMINISTRATOR, { ...statement, Effect: "Deny" }))).not.toContain("key-policy-public");
  });

  describe("that names an IAM user", () => {
    const userArn = (path: string) => `arn:aws:iam::${ACCOUNT}:user${path}`;
    const changed = (before: Values, after: Values) =>
      updated("aws_iam_user.u", { arn: userArn("/Ann"), name: "Ann", path: "/", ...before }, { name: "Ann", ...after });
    const roleOfUser = (user: Resource, principal = userArn("/Ann")) =>
      findingsOf("key-policy-role-path", keyWith(ADMINISTRATOR, allow(principal, "kms:Decrypt")), user).map(
        ({ consequence }) => consequence,
      );

    test.each<[string, Values, string]>([
      ["name", { name: "Anna", path: "/" }, "/Anna"],
      ["path", { path: "/team/" }, "/team/Ann"],
    ])("has a finding if the plan gives the user another %s", (_, after, renamed) => {
      expect(roleOfUser(changed({}, after))).toStrictEqual([
        expect.stringMatching(`^The policy names ${userArn("/Ann")}, which this plan renames to ${userArn(renamed)} `),
      ]);
      expect(roleOfUser(changed({}, after), userArn(renamed))).toStrictEqual([]);
    });

    test("has no finding if another attribute of the user changes", () => {
      expect(roleOfUser(changed({ tags: {} }, { path: "/", tags: { a: "b" } }))).toStrictEqual([]);
    });
  });

  describe("of a warehouse", () => {
    const via = (principal: string, action: string, service = "redshift.us-east-1.amazonaws.com") =>
      allow(principal, action, {
        Condition: { StringEquals: { "kms:CallerAccount": ACCOUNT, "kms:ViaService": service } },
      });
    const describeKey = (...statements: readonly object[]) =>
      findingsOf(
        "key-policy-no-data-api-describe-key",
        keyWith(ADMINISTRATOR, ...statements),
        kept("aws_redshift_cluster.this", { arn: CLUSTER_ARN, encrypted: true, kms_key_id: KEY_ARN }),
      ).map(({ consequence }) => consequence);

    test.each<[string, readonly object[]]>([
      ["everybody may do both through Redshift", [via("*", "kms:CreateGrant"), via("*", "kms:DescribeKey")]],
      ["a user may do both", [via("*", "kms:CreateGrant"), allow(USER_ARN, "kms:DescribeKey")]],
      ["nobody may create a grant", [via("*", "kms:DescribeKey")]],
    ])("has no finding for DescribeKey if %s", (_, statements) => {
      expect(describeKey(...statements)).toStrictEqual([]);
    });

    test.each<[string, readonly object[]]>([
      ["nobody may describe the key", [via("*", "kms:CreateGrant")]],
      [
        "the statement names another service",
        [via("*", "kms:CreateGrant"), via("*", "kms:DescribeKey", "rds.us-east-1.amazonaws.com")],
      ],
      [
        "a statement denies it without an encryption context, which it never has",
        [
          allow(USER_ARN, "kms:CreateGrant"),
          allow(USER_ARN, "kms:DescribeKey"),
          allow("*", "kms:DescribeKey", {
            Condition: { StringNotEquals: { "kms:EncryptionContext:aws:redshift:arn": CLUSTER_ARN } },
            Effect: "Deny",
          }),
        ],
      ],
    ])("has a finding for DescribeKey if %s", (_, statements) => {
      expect(describeKey(...statements)).toStrictEqual([
        "Only administrators may do both kms:CreateGrant and kms:DescribeKey through redshift.us-east-1.amazonaws.com. " +
          "AWS lists both for the users of the Data API on aws_redshift_cluster.this.",
      ]);
    });
  });
});
