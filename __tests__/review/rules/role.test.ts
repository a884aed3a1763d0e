import { ACCOUNT } from "../../support/arns";
import {
  created,
  findingsOf,
  policyOf,
  type Resource,
  type ResourceDetails,
  reviewed,
  ruleIds,
} from "../support/small-plan";

const OWNER = "redshift-data:statement-owner-iam-userid";
const TAGGED = { Condition: { StringEquals: { "aws:ResourceTag/team": "data" } } };
const unknownRole = (...references: readonly string[]): ResourceDetails => ({
  after_unknown: { role: true },
  expressions: { role: { references } },
});

describe("a role", () => {
  const rolePolicy = (statement: object) =>
    created("aws_iam_role_policy.this", { policy: policyOf({ Effect: "Allow", Resource: "*", ...statement }) });

  test.each([
    ["aws:ResourceTag/team", "data"],
    ["kms:EncryptionContext:serviceName", "RedshiftDataAPI"],
    ["kms:EncryptionContextKeys", "serviceName"],
    ["kms:RequestAlias", "alias/analytics"],
    ["kms:ResourceAliases", "alias/analytics"],
    ["kms:ViaService", "redshift.us-east-1.amazonaws.com"],
  ])("does not decrypt with every key if %s limits it", (key, value) => {
    const decrypt = { Action: "kms:Decrypt" };
    expect(ruleIds(rolePolicy(decrypt))).toContain("role-decrypts-with-every-key");
    expect(ruleIds(rolePolicy({ ...decrypt, Condition: { StringEquals: { [key]: value } } }))).not.toContain(
      "role-decrypts-with-every-key",
    );
  });

  test.each([
    "aws:ResourceTag/team",
    "iam:PassedToService",
    "iam:PermissionsBoundary",
    "iam:PolicyARN",
    "iam:ResourceTag/team",
  ])("does not give itself permissions if %s limits it", (key) => {
    const Condition = { StringEquals: { [key]: "arn:aws:iam::aws:policy/ReadOnlyAccess" } };
    expect(ruleIds(rolePolicy({ Action: "iam:PassRole", Condition }))).not.toContain("role-gives-itself-permissions");
  });

  test.each([
    ...[
      "iam:AddUserToGroup",
      "iam:AttachGroupPolicy",
      "iam:AttachRolePolicy",
      "iam:AttachUserPolicy",
      "iam:CreateAccessKey",
      "iam:CreateLoginProfile",
      "iam:CreatePolicyVersion",
      "iam:DeleteGroupPolicy",
      "iam:DeleteRolePermissionsBoundary",
      "iam:DeleteRolePolicy",
      "iam:DeleteUserPermissionsBoundary",
      "iam:DeleteUserPolicy",
      "iam:DetachGroupPolicy",
      "iam:DetachRolePolicy",
      "iam:DetachUserPolicy",
      "iam:PassRole",
      "iam:PutGroupPolicy",
      "iam:PutRolePermissionsBoundary",
      "iam:PutRolePolicy",
      "iam:PutUserPermissionsBoundary",
      "iam:PutUserPolicy",
      "iam:RemoveUserFromGroup",
      "iam:SetDefaultPolicyVersion",
      "iam:UpdateAssumeRolePolicy",
      "iam:UpdateLoginProfile",
      "iam:UpdateSAMLProvider",
      "identitystore:CreateGroupMembership",
      "sso-directory:AddMemberToGroup",
      "sso-directory:UpdatePassword",
      "sso:AttachCustomerManagedPolicyReferenceToPermissionSet",
      "sso:AttachManagedPolicyToPermissionSet",
      "sso:CreateAccountAssignment",
      "sso:DeleteInlinePolicyFromPermissionSet",
      "sso:DeletePermissionsBoundaryFromPermissionSet",
      "sso:DetachCustomerManagedPolicyReferenceFromPermissionSet",
      "sso:PutInlinePolicyToPermissionSet",
      "sso:PutPermissionsBoundaryToPermissionSet",
      "sts:AssumeRole",
    ].map((action) => ["role-gives-itself-permissions", action]),
    ...[
      "redshift:AuthorizeDataShare",
      "redshift:AuthorizeEndpointAccess",
      "redshift:AuthorizeSnapshotAccess",
      "redshift:PutResourcePolicy",
      "redshift-serverless:PutResourcePolicy",
    ].map((action) => ["role-shares-data", action]),
    ...[
      "redshift:RestoreFromClusterSnapshot",
      "redshift-serverless:RestoreFromRecoveryPoint",
      "redshift-serverless:RestoreFromSnapshot",
    ].map((action) => ["role-copies-data", action]),
    ...["redshift:GetClusterCredentialsWithIAM", "redshift-serverless:GetCredentials"].map((action) => [
      "role-logs-in-everywhere",
      action,
    ]),
    ...[
      "redshift:DeleteCluster",
      "redshift:ModifyCluster",
      "redshift-serverless:DeleteNamespace",
      "redshift-serverless:UpdateNamespace",
    ].map((action) => ["role-controls-every-warehouse", action]),
  ])("has the finding %s with the action %s", (id, action) => {
    const [finding] = findingsOf(id, rolePolicy({ Action: action }));
    expect(finding?.consequence).toContain(action);
  });

  test("decrypts with every key of the account in aws:ResourceAccount", () => {
    const Condition = { StringEquals: { "aws:ResourceAccount": ACCOUNT } };
    const [finding] = findingsOf("role-decrypts-with-every-key", rolePolicy({ Action: "kms:Decrypt", Condition }));
    expect(finding?.consequence).toBe(
      `A statement lets the role decrypt with every key of the account ${ACCOUNT} whose policy leaves the decision to IAM.`,
    );
  });

  test("decrypts with every key of its account if aws:ResourceAccount is aws:PrincipalAccount", () => {
    const Condition = { StringEquals: { "aws:ResourceAccount": "${aws:PrincipalAccount}" } };
    const [finding] = findingsOf("role-decrypts-with-every-key", rolePolicy({ Action: "kms:Decrypt", Condition }));
    expect(finding?.consequence).toBe(
      "A statement lets the role decrypt with every key of the role's account whose policy leaves the decision to IAM.",
    );
  });

  test.each([
    ["kms:ReplicateKey", "kms:Decrypt, with kms:ReplicateKey by a replica of a multi-Region key"],
    ["kms:PutKeyPolicy", "kms:Decrypt."],
  ])("gives itself keys by %s", (Action, text) => {
    expect(findingsOf("role-gives-itself-keys", rolePolicy({ Action }))[0]?.consequence).toContain(
      `So it can give itself ${text}`,
    );
  });

  test("decrypts with every key by kms:ReEncrypt*", () => {
    const [finding] = findingsOf("role-decrypts-with-every-key", rolePolicy({ Action: "kms:ReEncrypt*" }));
    expect(finding?.consequence).toBe(
      "A statement lets the role decrypt with every key whose policy leaves the decision to IAM, those of other accounts included, by kms:ReEncryptFrom and another key.",
    );
  });

  test.each([
    ["*:*", true],
    ["AROA*", true],
    ["${aws:username}", true],
    ["${aws:userid}", false],
    ["${ AWS:UserId }", false],
    ["AROA1234567890EXAMPLE:loader", false],
  ])(
    "reads the SQL statements of other sessions if the owner of the statements must be like %s: %j",
    (owner, isFound) => {
      const Condition = { StringLike: { "redshift-data:statement-owner-iam-userid": owner } };
      expect(
        ruleIds(rolePolicy({ Action: "redshift-data:GetStatementResult", Condition })).includes(
          "role-statements-of-others",
        ),
      ).toBe(isFound);
    },
  );

  test.each([
    ["*", "whose policy leaves the decision to IAM, those of other accounts included"],
    [
      "arn:aws:kms:*:${aws:PrincipalAccount}:key/*",
      "that arn:aws:kms:*:${aws:PrincipalAccount}:key/* matches and whose policy leaves the decision to IAM",
    ],
    ["arn:aws:kms:*:*:key/*", "whose policy leaves the decision to IAM, those of other accounts included"],
    [
      "arn:aws:kms:*:*:key/mrk-*",
      "that arn:aws:kms:*:*:key/mrk-* matches and whose policy leaves the decision to IAM, those of other accounts included",
    ],
    [
      "arn:aws:kms:eu-west-1:*:key/*",
      "that arn:aws:kms:eu-west-1:*:key/* matches and whose policy leaves the decision to IAM, those of other accounts included",
    ],
    [
      `arn:aws:kms:eu-west-1:${ACCOUNT}:key/*`,
      `that arn:aws:kms:eu-west-1:${ACCOUNT}:key/* matches and whose policy leaves the decision to IAM`,
    ],
    [
      `arn:aws:kms:*:${ACCOUNT}:key/*`,
      `that arn:aws:kms:*:${ACCOUNT}:key/* matches and whose policy leaves the decision to IAM`,
    ],
    [
      [`arn:aws:kms:eu-west-1:${ACCOUNT}:key/*`, "arn:aws:kms:*:*:key/*"],
      "whose policy leaves the decision to IAM, those of other accounts included",
    ],
  ])("decrypts with the keys that the resource %s matches", (Resource, keys) => {
    const [finding] = findingsOf("role-decrypts-with-every-key", rolePolicy({ Action: "kms:Decrypt", Resource }));
    expect(finding?.consequence).toBe(`A statement lets the role decrypt with every key ${keys}.`);
  });

  test.each<[string, string, object, boolean]>([
    [
      "role-decrypts-with-every-key",
      "NotResource",
      { Action: "kms:Decrypt", NotResource: "k", Resource: undefined },
      true,
    ],
    [
      "role-disables-every-key",
      "an action that other accounts never have",
      { Action: "kms:ScheduleKeyDeletion" },
      false,
    ],
    [
      "role-gives-itself-keys",
      "an action that they may have",
      { Action: ["kms:CreateGrant", "kms:PutKeyPolicy"] },
      true,
    ],
    ...[
      { StringNotEquals: { "aws:ResourceAccount": "${aws:PrincipalAccount}" } },
      { "ForAllValues:StringEquals": { "aws:ResourceAccount": "${aws:PrincipalAccount}" } },
      { StringEquals: { "aws:PrincipalTag/account": "${aws:PrincipalAccount}" } },
      { StringLike: { "aws:ResourceAccount": ["${aws:PrincipalAccount}", "1*"] } },
    ].map((Condition): [string, string, object, boolean] => [
      "role-decrypts-with-every-key",
      JSON.stringify(Condition),
      { Action: "kms:Decrypt", Condition },
      true,
    ]),
  ])("has the keys of other accounts in the finding %s, by %s", (id, _, statement, hasOthers) => {
    expect(findingsOf(id, rolePolicy(statement))[0]?.consequence).toContain(
      ` every key whose policy leaves the decision to IAM${hasOthers ? ", those of other accounts included" : "."}`,
    );
  });

  test.each<[string, object, boolean]>([
    ["has the finding role-gives-itself-keys if it may create grants", { Action: "kms:CreateGrant" }, true],
    [
      "has the finding role-gives-itself-keys if it may change key policies",
      { Action: ["kms:Put*", "kms:Describe*"] },
      true,
    ],
    ["has no finding role-gives-itself-keys if it may do kms:*", { Action: "kms:*" }, false],
    [
      "has no finding role-gives-itself-keys if it may create grants on one key",
      { Action: "kms:CreateGrant", Resource: `arn:aws:kms:us-east-1:${ACCOUNT}:key/a` },
      false,
    ],
    [
      "has no finding role-gives-itself-keys if it may create grants for AWS resources only",
      { Action: "kms:CreateGrant", Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } } },
      false,
    ],
    [
      "has no finding role-gives-itself-keys if it may create grants through a service only",
      { Action: "kms:CreateGrant", Condition: { StringLike: { "kms:ViaService": "redshift*.amazonaws.com" } } },
      false,
    ],
    ["has no finding role-gives-itself-keys if it may do *", { Action: "*" }, false],
    [
      "has the finding role-gives-itself-keys if it may create grants that are not for AWS resources",
      { Action: "kms:CreateGrant", Condition: { Bool: { "kms:GrantIsForAWSResource": "false" } } },
      true,
    ],
    [
      "has the finding role-gives-itself-keys if it may create grants for grantees like arn:*",
      { Action: "kms:CreateGrant", Condition: { StringLike: { "kms:GranteePrincipal": "arn:*" } } },
      true,
    ],
    [
      "has no finding role-gives-itself-keys if it may create grants for one role only",
      {
        Action: "kms:CreateGrant",
        Condition: { StringEquals: { "kms:GranteePrincipal": `arn:aws:iam::${ACCOUNT}:role/Loader` } },
      },
      false,
    ],
    [
      "has the finding role-gives-itself-keys if it may create grants of which one operation is Encrypt",
      { Action: "kms:CreateGrant", Condition: { "ForAnyValue:StringEquals": { "kms:GrantOperations": "Encrypt" } } },
      true,
    ],
    [
      "has no finding role-gives-itself-keys if it may create grants of which all operations are Encrypt",
      { Action: "kms:CreateGrant", Condition: { "ForAllValues:StringEquals": { "kms:GrantOperations": "Encrypt" } } },
      false,
    ],
    [
      "has the finding role-gives-itself-keys if it may create grants of which all operations are Decrypt",
      { Action: "kms:CreateGrant", Condition: { "ForAllValues:StringEquals": { "kms:GrantOperations": ["Decrypt"] } } },
      true,
    ],
    [
      "has the finding role-gives-itself-keys if it may change key policies under a condition on grants",
      { Action: "kms:PutKeyPolicy", Condition: { "ForAllValues:StringEquals": { "kms:GrantOperations": "Encrypt" } } },
      true,
    ],
    ...[
      { "ForAllValues:StringEquals": { "kms:GrantOperations": ["Encrypt", "Decrypt"] } },
      { "ForAllValues:StringEquals": { "kms:GrantOperations": "${aws:PrincipalTag/operation}" } },
      { "ForAllValues:StringEquals": { "aws:TagKeys": "Encrypt" } },
      { "ForAllValues:StringLike": { "kms:GrantOperations": "*" } },
      { "ForAllValues:StringNotEquals": { "kms:GrantOperations": "Encrypt" } },
      { Bool: { "kms:GrantIsForAWSResource": ["true", "false"] } },
    ].map((Condition): [string, object, boolean] => [
      `has the finding role-gives-itself-keys if it may create grants under ${JSON.stringify(Condition)}`,
      { Action: "kms:CreateGrant", Condition },
      true,
    ]),
    ["has no finding role-gives-itself-keys if it may decrypt", { Action: ["kms:CreateGrant", "kms:Decrypt"] }, false],
    ["has the finding role-gives-itself-keys if it may replicate every key", { Action: "kms:ReplicateKey" }, true],
    [
      "has no finding role-gives-itself-keys if it may replicate one key",
      {
        Action: "kms:ReplicateKey",
        Resource: `arn:aws:kms:us-east-1:${ACCOUNT}:key/mrk-1234abcd12ab34cd56ef1234567890ab`,
      },
      false,
    ],
  ])("%s", (_, statement, isFound) => {
    expect(ruleIds(rolePolicy(statement)).includes("role-gives-itself-keys")).toBe(isFound);
  });

  test.each<[string, string, object, string | undefined]>([
    ["role-logs-in-everywhere", "a tag", { Action: "redshift-serverless:GetCredentials", ...TAGGED }, undefined],
    ["role-copies-data", "a tag", { Action: "redshift-serverless:RestoreFromSnapshot", ...TAGGED }, undefined],
    ["role-shares-data", "a tag", { Action: "redshift:AuthorizeSnapshotAccess", ...TAGGED }, undefined],
    ["role-controls-every-warehouse", "a tag", { Action: "redshift:ModifyCluster", ...TAGGED }, undefined],
    [
      "role-controls-every-warehouse",
      "an action that deletes",
      { Action: "redshift:DeleteCluster" },
      "lets the role do redshift:DeleteCluster on warehouses that it does not name.",
    ],
    [
      "role-controls-every-warehouse",
      "actions that delete and change",
      { Action: ["redshift:DeleteCluster", "redshift:ModifyCluster"] },
      "lets the role do redshift:DeleteCluster, redshift:ModifyCluster on warehouses that it does not name. A change can set another password of the admin, who may read and change everything.",
    ],
    [
      "role-reads-every-secret",
      "an action that sets policies",
      { Action: "secretsmanager:PutResourcePolicy" },
      "lets the role allow itself, by secretsmanager:PutResourcePolicy, to read secrets that it does not name. They can include the admin passwords of warehouses.",
    ],
    ...[["redshift", "*"], ["*-??????"]].map((ids): [string, string, object, string] => [
      "role-reads-every-secret",
      `secrets like ${ids.join(" or ")}`,
      { Action: "secretsmanager:GetSecretValue", Condition: { StringLike: { "secretsmanager:SecretId": ids } } },
      "lets the role read secrets that it does not name. They can include the admin passwords of warehouses.",
    ]),
    [
      "role-statements-of-others",
      "its own session, and others",
      { Action: "redshift-data:CancelStatement", Condition: { StringLike: { [OWNER]: ["${aws:userid}", "*"] } } },
      "lets every session of the role read or cancel the statements of the other sessions (redshift-data:CancelStatement).",
    ],
  ])("has the finding %s with the expected consequence, for %s", (id, _, statement, consequence) => {
    expect(findingsOf(id, rolePolicy(statement)).map((finding) => finding.consequence)).toStrictEqual(
      consequence === undefined ? [] : [`A statement ${consequence}`],
    );
  });

  const LARGE = policyOf({ Action: "s3:GetObject", Effect: "Allow", Resource: "r".repeat(6000) });

  test.each<[string, readonly ResourceDetails[], number]>([
    ["one role by name", [{ role: "Reader" }, { role: "Reader" }], 1],
    ["one role by reference", [unknownRole("aws_iam_role.r"), unknownRole("aws_iam_role.r")], 1],
    ["one role by name and by reference", [{ role: "Loader" }, unknownRole("aws_iam_role.r")], 1],
    ["two roles", [{ role: "Loader" }, { role: "Reader" }], 0],
    [
      "one role or another",
      [unknownRole("aws_iam_role.r", "aws_iam_role.s"), unknownRole("aws_iam_role.r", "aws_iam_role.s")],
      0,
    ],
    ["roles that are not shown", [unknownRole("local.a"), unknownRole("local.a")], 0],
    ["roles of one name in two accounts", [{ role: "Reader" }, { provider: "aws.b", role: "Reader" }], 0],
    ["a role of another provider", [{ role: "Loader" }, { provider: "aws.b", role: "Loader" }], 1],
  ])("has the expected number of findings for too many characters in the policies of %s", (_, details, count) => {
    const policies = details.map(({ expressions = {}, provider = "aws", role, ...marks }, index) => {
      const address = `aws_iam_role_policy.p${index}`;
      const policy = created(address, { policy: LARGE, ...(role !== undefined && { role }) }, marks);
      return { ...policy, configured: [{ address, expressions, mode: "managed", provider_config_key: provider }] };
    });
    const roles = [created("aws_iam_role.r", { name: "Loader" }), created("aws_iam_role.s", { name: "Writer" })];
    const { findings, notJudged } = reviewed([...roles, ...policies]);
    const isOfSize = ({ rule }: { readonly rule: string }): boolean => rule === "role-policy-too-large";
    expect(findings.filter(isOfSize)).toHaveLength(count);
    const hidden = details.filter(({ role }) => role === undefined);
    expect(notJudged.filter(isOfSize)).toHaveLength(count === 0 ? hidden.length : 0);
  });

  test("with too many characters in inline_policy and in the inline policies of other resources has a finding", () => {
    const inline = { name: "a", policy: LARGE };
    const role = (...inline_policy: object[]) =>
      created("aws_iam_role.r", { inline_policy, name: "Loader" }, { expressions: { inline_policy: [{ name: {} }] } });
    const policy = created("aws_iam_role_policy.p", { name: "b", policy: LARGE }, unknownRole("aws_iam_role.r"));
    const addressesOf = (...resources: readonly Resource[]) =>
      findingsOf("role-policy-too-large", ...resources).map(({ address }) => address);
    expect(addressesOf(role(inline))).toStrictEqual([]);
    expect(addressesOf(role(inline, { ...inline, name: "b" }))).toStrictEqual(["aws_iam_role.r"]);
    expect(addressesOf(role(inline), policy)).toStrictEqual(["aws_iam_role_policy.p"]);
  });

  test.each([
    ["role", 10_240],
    ["group", 5120],
    ["user", 2048],
  ])("with an inline policy of a %s of more than %i characters has a finding", (type, limit) => {
    const sized = (size: number) => {
      const text = (Resource: string) => policyOf({ Action: "s3:GetObject", Effect: "Allow", Resource });
      const policy = text("r".repeat(size - text("").length));
      return created(`aws_iam_${type}_policy.p`, { policy, [type]: "a" });
    };
    expect(findingsOf("role-policy-too-large", sized(limit))).toStrictEqual([]);
    expect(findingsOf("role-policy-too-large", sized(limit + 1))).toHaveLength(1);
  });

  test("with a managed policy of too many characters has a finding", () => {
    const policy = policyOf({ Action: "s3:GetObject", Effect: "Allow", Resource: "r".repeat(6144) });
    expect(findingsOf("role-policy-too-large", created("aws_iam_policy.p", { policy }))).toMatchObject([
      { consequence: `It has ${policy.length} characters without white space, and IAM refuses more than 6144.` },
    ]);
  });

  test("decrypts with every key if its inline policy allows it", () => {
    const policy = policyOf({ Action: "kms:Decrypt", Effect: "Allow", Resource: "*" });
    const role = created(
      "aws_iam_role.this",
      { inline_policy: [{ name: "inline", policy }] },
      { expressions: { inline_policy: [{ name: { constant_value: "inline" }, policy: {} }] } },
    );
    expect(findingsOf("role-decrypts-with-every-key", role).map(({ address }) => address)).toStrictEqual([
      "aws_iam_role.this",
    ]);
  });

  test("may log in as any database user if a resource of its policy matches all users", () => {
    const arn = (rest: string) => `arn:aws:redshift:us-east-1:${ACCOUNT}:${rest}`;
    const Resource = [arn("dbname:analytics/dev"), arn("dbuser:analytics/*")];
    expect(ruleIds(rolePolicy({ Action: "redshift:GetClusterCredentials", Resource }))).toContain(
      "role-any-database-user",
    );
  });

  const arnOf = (service: string, rest: string): string => `arn:aws:${service}:us-east-1:${ACCOUNT}:${rest}`;

  test.each([
    ["role-data-api-everywhere", "redshift-data:ExecuteStatement", "*"],
    ["role-data-api-everywhere", "redshift-data:ExecuteStatement", "arn:*"],
    ["role-data-api-everywhere", "redshift-data:ExecuteStatement", "arn:aws:redshift:eu-*"],
    ["role-data-api-everywhere", "redshift-data:ExecuteStatement", arnOf("redshift", "c*")],
    ["role-data-api-everywhere", "redshift-data:ExecuteStatement", arnOf("redshift", "cluster:?*")],
    ["role-data-api-everywhere", "redshift-data:ExecuteStatement", "arn:aws:redshift-serverless:*:*:workgroup/?*"],
    ["role-any-database-user", "redshift:GetClusterCredentials", arnOf("redshift", "dbuser*")],
    ["role-any-database-user", "redshift:GetClusterCredentials", arnOf("redshift", "dbuser:analytics/?*")],
    ["role-any-database-user", "redshift:GetClusterCredentials", arnOf("redshift", "dbuser:*/*")],
    ["role-copies-data", "redshift:RestoreFromClusterSnapshot", arnOf("redshift", "snapshot:*")],
    [
      "role-copies-data",
      "redshift-serverless:RestoreFromRecoveryPoint",
      arnOf("redshift-serverless", "recoverypoint/*"),
    ],
    ["role-copies-data", "redshift-serverless:RestoreFromSnapshot", arnOf("redshift-serverless", "snapshot/*")],
    ["role-decrypts-with-every-key", "kms:Decrypt", arnOf("kms", "k*")],
    ["role-decrypts-with-every-key", "kms:Decrypt", "arn:aws:kms:*:*:key/????????-*"],
  ])("has the finding %s for %s on %s", (id, Action, Resource) => {
    expect(ruleIds(rolePolicy({ Action, Resource }))).toContain(id);
  });

  test.each([
    ["role-data-api-everywhere", "redshift-data:ExecuteStatement", arnOf("redshift", "cluster:analytics-*")],
    ["role-any-database-user", "redshift:GetClusterCredentials", arnOf("redshift", "dbuser:*/reader")],
    ["role-decrypts-with-every-key", "kms:Decrypt", arnOf("kms", "key/mrk-1234abcd12ab34cd56ef1234567890ab")],
    ["role-copies-data", "redshift:RestoreFromClusterSnapshot", arnOf("redshift", "snapshot:analytics/*")],
    ["role-copies-data", "redshift:RestoreFromClusterSnapshot", arnOf("redshift", "cluster:*")],
    ["role-copies-data", "redshift-serverless:ConvertRecoveryPointToSnapshot", "*"],
    ["role-copies-data", "redshift-serverless:RestoreTableFromSnapshot", "*"],
  ])("has no finding %s for %s on %s", (id, Action, Resource) => {
    expect(ruleIds(rolePolicy({ Action, Resource }))).not.toContain(id);
  });

  test("may be assumed by everybody if its trust policy allows everybody except one principal", () => {
    const trust = {
      Action: "sts:AssumeRole",
      Effect: "Allow",
      NotPrincipal: { AWS: `arn:aws:iam::${ACCOUNT}:role/X` },
    };
    expect(ruleIds(created("aws_iam_role.this", { assume_role_policy: policyOf(trust) }))).toContain(
      "role-trusts-everybody",
    );
  });
});
