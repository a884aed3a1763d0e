import { ACCOUNT, CLUSTER_ARN, KEY_ARN } from "../../support/arns";
import {
  ADMINISTRATOR,
  created,
  findingsOf,
  kept,
  newKey,
  policyOf,
  ruleIds,
  type Values,
} from "../support/small-plan";

const OTHER_ACCOUNT = "999988887777";

/** The rules of a role policy with one statement. */
const roleRules = (statement: Values) =>
  ruleIds(created("aws_iam_role_policy.p", { policy: policyOf({ Effect: "Allow", Resource: "*", ...statement }) }));
/** The rules of a trust policy with one statement, of a role of ACCOUNT. */
const trustRules = (statement: Values) =>
  ruleIds(
    kept("aws_iam_role.r", {
      arn: `arn:aws:iam::${ACCOUNT}:role/r`,
      assume_role_policy: policyOf({ Action: "sts:AssumeRole", Effect: "Allow", ...statement }),
    }),
  );
const keyRules = (statement: Values) =>
  ruleIds(
    kept("aws_kms_key.k", {
      arn: KEY_ARN,
      policy: policyOf(ADMINISTRATOR, { Action: "kms:Decrypt", Effect: "Allow", Resource: "*", ...statement }),
    }),
  );

const LETTERS = [..."abcdefghijklmnopqrstuvwxyz"];
const EXECUTE = "redshift-data:ExecuteStatement";
const LOGIN = "redshift:GetClusterCredentials";
const SECRET = "secretsmanager:GetSecretValue";
const EVERYWHERE: Readonly<Record<string, string>> = {
  [EXECUTE]: "role-data-api-everywhere",
  [LOGIN]: "role-any-database-user",
  [SECRET]: "role-reads-every-secret",
  "kms:Decrypt": "role-decrypts-with-every-key",
  "kms:ScheduleKeyDeletion": "role-disables-every-key",
  "redshift-serverless:GetCredentials": "role-logs-in-everywhere",
  "redshift-serverless:UpdateNamespace": "role-controls-every-warehouse",
  "redshift:AuthorizeDataShare": "role-shares-data",
  "redshift:GetClusterCredentialsWithIAM": "role-logs-in-everywhere",
  "redshift:ModifyCluster": "role-controls-every-warehouse",
  "secretsmanager:PutResourcePolicy": "role-reads-every-secret",
};

test.each<[string, string | readonly string[]]>([
  [EXECUTE, "arn:aws:redshift:*:*:cluster:?*"],
  [EXECUTE, "arn:aws:redshift:us-east-1:111122223333:c*"],
  [EXECUTE, "arn:aws:redshift:${aws:RequestedRegion}:${aws:PrincipalAccount}:cluster:*"],
  [EXECUTE, "arn:aws:redshift-serverless:*:*:w*"],
  [EXECUTE, "arn:*"],
  [EXECUTE, "a*"],
  [EXECUTE, "arn:aws:redshift"],
  [EXECUTE, "arn:*:redshift"],
  [EXECUTE, "arn:aws:redshift:*:*:cluster:??????*"],
  [EXECUTE, "arn:aws:redshift:*:*:cluster:*-*"],
  [SECRET, "arn:aws:secretsmanager:us-east-1"],
  ["secretsmanager:PutResourcePolicy", "arn:aws:secretsmanager:*:*:secret:*"],
  [SECRET, "arn:aws:secretsmanager:*:*:secret:????????????*"],
  [SECRET, "arn:aws:secretsmanager:*:*:secret:redshift!*-awsadmin-*"],
  [SECRET, "arn:aws:secretsmanager:*:*:secret:redshift!*-awsadmin*"],
  [LOGIN, "arn:aws:redshift:us-east-1:111122223333:dbuser:analytics/???????*"],
  [LOGIN, "arn:aws:redshift:us-east-1:111122223333:dbuser:${aws:PrincipalTag/team}/*"],
  ["kms:Decrypt", "arn:aws:kms"],
  ["kms:Decrypt", "arn:aws:kms:*:*:key/*${aws:PrincipalTag/none, 'a'}*"],
  ["kms:Decrypt", "arn:aws:kms:*:*:key/*f"],
  ["kms:Decrypt", "arn:aws:kms:*:*:key/????????-????-4???-????-????????????"],
  ["redshift-serverless:GetCredentials", "arn:aws:redshift-serverless:*:*:workgroup/????????-????-4???-*"],
  ["redshift:GetClusterCredentialsWithIAM", "arn:aws:redshift:*:*:dbname:??????*/*"],
  [LOGIN, "arn:aws:redshift:*:*:dbuser*"],
  [LOGIN, "arn:aws:redshift:us-east-1:111122223333:dbuser:analytics/?*"],
  [LOGIN, "arn:aws:redshift:us-east-1:111122223333:dbuser:analytics/${redshift:DbUser}"],
  [LOGIN, "arn:aws:redshift:us-east-1:111122223333:dbuser:analytics/${*}"],
  ["kms:Decrypt", "arn:aws:kms:*:*:key/*"],
  ["kms:Decrypt", "arn:aws:kms:*:*:k*"],
  ["kms:Decrypt", "arn:aws:kms:${aws:RequestedRegion}:111122223333:key/????????-*"],
  ["kms:Decrypt", "arn:aws:kms:*:*:key/a*"],
  ["kms:Decrypt", "arn:aws:kms:*:111122223333:key/mrk-*"],
  ["kms:ScheduleKeyDeletion", "arn:aws:kms:*:*:key/mrk-a*"],
  ["redshift-serverless:GetCredentials", "arn:aws:redshift-serverless:*:*:workgroup/*"],
  ["redshift-serverless:UpdateNamespace", "arn:aws:redshift-serverless:us-east-1:111122223333:namespace/a*"],
  ["redshift:GetClusterCredentialsWithIAM", "arn:aws:redshift:*:*:dbname:*/*"],
  ["redshift:GetClusterCredentialsWithIAM", "arn:aws:redshift:*:*:dbname:*/dev"],
  ["redshift:ModifyCluster", "arn:aws:redshift:*:*:c*"],
  [EXECUTE, "arn:aws:redshift-serverless:*:*:workgroup/9*"],
  [SECRET, "arn:aws:secretsmanager:*:*:secret:*"],
  [SECRET, "arn:aws:secretsmanager:*:*:secret:redshift!*"],
  ["redshift:AuthorizeDataShare", "arn:aws:redshift:*:*:datashare:*/*"],
  ["redshift:AuthorizeDataShare", "arn:aws:redshift:*:*:namespace:*"],
  ["redshift:AuthorizeDataShare", "arn:aws:redshift:*:*:snapshot:*/*"],
  ["redshift:AuthorizeDataShare", "arn:aws:redshift:*:*:cluster:*"],
  ["redshift:AuthorizeDataShare", "arn:aws:redshift-serverless:*:*:snapshot/*"],
  ["kms:Decrypt", "?rn:aws:kms:*"],
  [SECRET, "arn:aws:secretsmanager:*:*:secret:redshift!*-admin-*"],
  [EXECUTE, LETTERS.slice(0, 14).map((letter) => `arn:aws:redshift:*:*:cluster:${letter}*`)],
  [EXECUTE, Array.from({ length: 50 }, (_, length) => `arn:aws:redshift:*:*:cluster:${"?".repeat(length + 1)}`)],
])("a role that may do %s on %s has the finding of the resource *", (Action, Resource) => {
  expect(roleRules({ Action, Resource })).toContain(EVERYWHERE[Action]);
});

test.each<[string, string | readonly string[]]>([
  [EXECUTE, "arn:aws:redshift:*:*:cluster:analytics*"],
  [EXECUTE, "arn:aws:redshift:us-east-1:111122223333:cluster:${aws:PrincipalTag/team}"],
  [LOGIN, "arn:aws:redshift:*:*:dbuser:*/${aws:username}"],
  [LOGIN, "arn:aws:redshift:*:*:dbuser:*/report_*"],
  [LOGIN, "arn:aws:redshift:*:*:dbuser:*/${aws:PrincipalTag/user, 'reader'}"],
  [EXECUTE, "arn:aws:redshift:*:*:cluster:????"],
  [EXECUTE, "arn:aws:redshift:*:*:cluster:z*"],
  [EXECUTE, [...LETTERS.slice(0, 13), "team-"].map((start) => `arn:aws:redshift:*:*:cluster:${start}*`)],
  [LOGIN, "arn:aws:redshift:*:*:dbuser:analytics/z*"],
  ["kms:Decrypt", "arn:aws:s3"],
  [SECRET, "arn:aws:secretsmanager:*:*:secret:redshift!analytics-*"],
  ["kms:Decrypt", KEY_ARN],
  ["kms:Decrypt", "arn:aws:kms:*:*:alias/*"],
  ["kms:ScheduleKeyDeletion", "arn:aws:kms:*:*:key/mrk-1234abcd12ab34cd56ef1234567890ab"],
  ["redshift-serverless:GetCredentials", "arn:aws:redshift-serverless:*:*:namespace/*"],
  ["redshift:GetClusterCredentialsWithIAM", "arn:aws:redshift:*:*:dbname:analytics/*"],
  ["redshift:ModifyCluster", "arn:aws:redshift-serverless:*:*:namespace/*"],
  [SECRET, "arn:aws:secretsmanager:*:*:secret:team/*"],
])("a role that may do %s on %s does not have the finding of the resource *", (Action, Resource) => {
  expect(roleRules({ Action, Resource })).not.toContain(EVERYWHERE[Action]);
});

test.each<[boolean, string, string | string[]]>([
  [true, EXECUTE, "arn:aws:redshift:us-east-1:111122223333:cluster:secret"],
  [true, EXECUTE, ["arn:aws:redshift:*:*:*"]],
  [false, EXECUTE, "*"],
  [false, EXECUTE, ["arn:aws:redshift:*:*:*", "arn:aws:redshift-serverless:*:*:*"]],
  [true, EXECUTE, ["arn:aws:redshift:*:*:cluster:* *", "arn:aws:redshift-serverless:*:*:*"]],
  [true, LOGIN, "arn:aws:redshift:*:*:dbuser:*/* *"],
  [true, LOGIN, "arn:aws:redshift:*:*:dbuser:*/z*"],
  [false, LOGIN, "arn:aws:redshift:*:*:dbuser:*"],
  [true, SECRET, "arn:aws:secretsmanager:*:*:secret:* *"],
])(
  "the finding of the resource * is %j for a role that may do %s with NotResource %j",
  (isEverywhere, Action, NotResource) => {
    expect(roleRules({ Action, NotResource, Resource: undefined }).includes(EVERYWHERE[Action]!)).toBe(isEverywhere);
  },
);

// An expression that divides the spaces in each way does not end in time.
test.each(["${", "${a", "${a,", "${a".repeat(20_000)])(
  "a resource with 50,000 spaces after a policy variable is read",
  (start) => {
    const Resource = `arn:aws:redshift:*:*:cluster:${start}${" ".repeat(50_000)}`;
    expect(roleRules({ Action: EXECUTE, Resource })).not.toContain(EVERYWHERE[EXECUTE]);
  },
);

const ROLES = `arn:aws:iam::${ACCOUNT}:role/*`;

test.each<[string, Values]>([
  ["iam:AddUserToGroup", { Resource: `arn:aws:iam::${ACCOUNT}:group/*` }],
  ["iam:PassRole", { Resource: `arn:aws:iam::${ACCOUNT}:role/??????*` }],
  ["iam:AttachRolePolicy", { Condition: { ArnLike: { "iam:PolicyARN": "arn:aws:iam::*:policy/*" } }, Resource: ROLES }],
  ...["AdministratorAccess", "IAMFullAccess", "PowerUserAccess"].map((name): [string, Values] => [
    "iam:AttachRolePolicy",
    { Condition: { ArnEquals: { "iam:PolicyARN": `arn:aws:iam::aws:policy/${name}` } }, Resource: ROLES },
  ]),
  ["iam:AttachUserPolicy", { Condition: { StringLike: { "iam:PolicyARN": "arn:aws:iam::aws:policy/A*Access" } } }],
  [
    "iam:AttachGroupPolicy",
    {
      Condition: {
        ArnEquals: {
          "iam:PolicyARN": ["ReadOnlyAccess", "PowerUserAccess"].map(
            (name) => `arn:aws-us-gov:iam::aws:policy/${name}`,
          ),
        },
      },
    },
  ],
  [
    "iam:PutRolePolicy",
    { Condition: { StringEquals: { "iam:PermissionsBoundary": "arn:aws:iam::aws:policy/AdministratorAccess" } } },
  ],
  ["iam:CreatePolicyVersion", { Resource: `arn:aws:iam::${ACCOUNT}:policy/*` }],
  ["iam:PassRole", { Condition: { StringLike: { "iam:PassedToService": "*.amazonaws.com" } } }],
  ["iam:Put*", { Resource: `arn:aws:iam::${ACCOUNT}:user/*` }],
  ["sts:AssumeRole", { Resource: "arn:aws:iam::*:role/*" }],
  ["sts:AssumeRoot", { Resource: "arn:aws:iam::*:root" }],
  ["sts:AssumeRoot", { Condition: { ArnLike: { "sts:TaskPolicyArn": "arn:aws:iam::aws:policy/root-task/IAM*" } } }],
  [
    "sts:AssumeRoot",
    {
      Condition: {
        ArnEquals: {
          "sts:TaskPolicyArn": ["S3UnlockBucketPolicy", "IAMCreateRootUserPassword"].map(
            (task) => `arn:aws:iam::aws:policy/root-task/${task}`,
          ),
        },
      },
    },
  ],
  ["sts:AssumeRoot", { Condition: { Null: { "sts:TaskPolicyArn": "false" } } }],
  ["sts:AssumeRoot", { Condition: { StringLike: { "sts:TaskPolicyArn": "${sts:TaskPolicyArn}" } } }],
  ["sts:AssumeRoot", { Condition: { stringNotEquals: { "sts:TaskPolicyArn": "a" } } }],
  ["iam:UpdateSAMLProvider", { Resource: `arn:aws:iam::${ACCOUNT}:saml-provider/*` }],
  ["sso:CreateAccountAssignment", {}],
  ["sso:AttachManagedPolicyToPermissionSet", {}],
  ["sso:PutInlinePolicyToPermissionSet", { Resource: "arn:aws:sso:::permissionSet/*" }],
  ["identitystore:*", {}],
  ["sso-directory:AddMemberToGroup", {}],
  ["iam:DetachRolePolicy", { Resource: `arn:aws:iam::${ACCOUNT}:role/*` }],
  ["iam:DeleteRolePermissionsBoundary", {}],
])("a role that may do %s on identities that it does not name gives itself permissions", (Action, statement) => {
  expect(roleRules({ Action, ...statement })).toContain("role-gives-itself-permissions");
});

test.each<[string, Values]>([
  ["iam:AttachRolePolicy", { Resource: `arn:aws:iam::${ACCOUNT}:role/app/*` }],
  ["iam:AttachRolePolicy", { Condition: { ArnEquals: { "iam:PolicyARN": "arn:aws:iam::aws:policy/ReadOnlyAccess" } } }],
  [
    "iam:PutRolePolicy",
    { Condition: { StringEquals: { "iam:PermissionsBoundary": `arn:aws:iam::${ACCOUNT}:policy/B` } } },
  ],
  ["iam:PassRole", { Condition: { StringEquals: { "iam:PassedToService": "redshift.amazonaws.com" } } }],
  ["iam:PassRole", { Resource: `arn:aws:iam::${ACCOUNT}:policy/*` }],
  ["iam:Get*", {}],
  ["iam:DetachRolePolicy", { Condition: { ArnEquals: { "iam:PolicyARN": "arn:aws:iam::aws:policy/ReadOnlyAccess" } } }],
  [
    "iam:DetachRolePolicy",
    { Condition: { ArnEquals: { "iam:PolicyARN": "arn:aws:iam::aws:policy/PowerUserAccess" } } },
  ],
  ["iam:DeleteRolePolicy", { Resource: `arn:aws:iam::${ACCOUNT}:role/app/*` }],
  ["sts:AssumeRoot", { Resource: `arn:aws:iam::${ACCOUNT}:root` }],
  [
    "sts:AssumeRoot",
    { Condition: { ArnEquals: { "sts:TaskPolicyArn": "arn:aws:iam::aws:policy/root-task/S3UnlockBucketPolicy" } } },
  ],
  [
    "sts:AssumeRoot",
    {
      Condition: {
        ArnEquals: { "sts:TaskPolicyArn": "arn:aws:iam::aws:policy/root-task/S3UnlockBucketPolicy" },
        Bool: { "aws:SecureTransport": "true" },
      },
    },
  ],
  ["identitystore:Describe*", {}],
  ["sso:List*", {}],
])("a role that may do %s within %j does not give itself permissions", (Action, statement) => {
  expect(roleRules({ Action, ...statement })).not.toContain("role-gives-itself-permissions");
});

test.each<[string, Values]>([
  ["all but iam:*", { NotAction: "iam:*" }],
  ["*", { Action: "*" }],
  ["redshift*:*", { Action: "redshift*:*" }],
  ["*:GetSecretValue", { Action: "*:GetSecretValue" }],
  ["*:ScheduleKeyDeletion", { Action: "*:ScheduleKeyDeletion" }],
  ["all but kms:*, redshift* and secretsmanager:*", { NotAction: ["kms:*", "redshift*", "secretsmanager:*"] }],
  ["* in its account", { Action: "*", Condition: { StringEquals: { "aws:ResourceAccount": ACCOUNT } } }],
])("a role that is allowed %s does everything", (_, statement) => {
  expect(roleRules(statement)).toContain("role-does-everything");
});

/** Conditions that every request meets, or that a caller can meet if it wants to. */
const VOID: readonly Values[] = [
  { StringLike: { "aws:ResourceTag/team": "?*" } },
  { StringEquals: { "aws:ResourceTag/team": "${aws:ResourceTag/team}" } },
  { StringEquals: { "aws:ResourceTag/team": "${ aws:resourcetag/TEAM , 'a'}" } },
  { "ForAllValues:StringEquals": { "aws:ResourceTag/team": "a" } },
  { StringEqualsIfExists: { "aws:ResourceTag/team": "a" } },
  { StringNotEquals: { "aws:ResourceTag/team": "a" } },
  { Null: { "aws:ResourceTag/team": "false" } },
  { Bool: { "aws:SecureTransport": "true" } },
  { StringLike: { "kms:RequestAlias": "alias/*" } },
  { "ForAnyValue:StringLike": { "kms:ResourceAliases": "alias/?*" } },
  { StringLike: { "kms:ViaService": "*.amazonaws.com" } },
  { StringLike: { "kms:EncryptionContext:aws:redshift:arn": "*" } },
  { StringLike: { "secretsmanager:SecretId": "arn:aws:secretsmanager:*:*:secret:*" } },
  { StringLike: { "secretsmanager:SecretId": "redshift!*" } },
  { StringLike: { "secretsmanager:SecretId": "redshift!*-awsadmin" } },
  { StringLike: { "secretsmanager:SecretId": "arn:aws:secretsmanager:*:*:secret:redshift!*" } },
  { StringEquals: { "secretsmanager:ResourceTag/aws:secretsmanager:owningService": "redshift" } },
  { StringLike: { "aws:ResourceTag/aws:secretsmanager:owningService": "red*" } },
  { StringEquals: { "redshift:DbUser": "${redshift:DbUser}" } },
  { StringLike: { "redshift:ConsumerIdentifier": "9*" } },
  { "forallvalues:StringEquals": { "aws:ResourceTag/team": "a" } },
  { StringEquals: { "aws:ResourceTag/team": "${aws:RequestTag/team}" } },
  { StringEquals: { "redshift:DbUser": "${redshift:DbName}" } },
];

test.each(VOID)("the condition %j does not limit a statement", (Condition) => {
  for (const [Action, rule] of Object.entries(EVERYWHERE)) {
    expect(roleRules({ Action, Condition })).toContain(rule);
  }
});

test.each<[string, Values]>([
  [EXECUTE, { StringEquals: { "aws:ResourceTag/team": "${aws:PrincipalTag/team}" } }],
  ["kms:Decrypt", { StringEquals: { "kms:EncryptionContext:aws:redshift:arn": CLUSTER_ARN } }],
  ["kms:Decrypt", { "ForAnyValue:StringLike": { "kms:ResourceAliases": "alias/team-*" } }],
  [SECRET, { StringLike: { "secretsmanager:SecretId": "arn:aws:secretsmanager:*:*:secret:team/*" } }],
  [SECRET, { StringLike: { "secretsmanager:SecretId": "redshift!analytics-*" } }],
  [SECRET, { StringEquals: { "secretsmanager:ResourceTag/aws:secretsmanager:owningService": "rds" } }],
  [LOGIN, { StringEquals: { "redshift:DbUser": "reader" } }],
  ["redshift:AuthorizeDataShare", { StringEquals: { "redshift:ConsumerIdentifier": ACCOUNT } }],
])("%s is limited by the condition %j", (Action, Condition) => {
  expect(roleRules({ Action, Condition })).not.toContain(EVERYWHERE[Action]);
});

/** Conditions on callers that callers of every account can meet. */
const ANY_CALLER: readonly Values[] = [
  { StringLike: { "aws:PrincipalOrgID": "o-*" } },
  { StringLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/Admin" } },
  { StringEquals: { "aws:PrincipalAccount": "${aws:PrincipalAccount}" } },
  { "ForAllValues:StringEquals": { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } },
  { StringEqualsIfExists: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } },
  { "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "o-*/*" } },
  { Null: { "aws:PrincipalOrgID": "false" } },
  { StringLike: { "aws:userid": "*:*" } },
  { StringNotEquals: { "aws:PrincipalAccount": OTHER_ACCOUNT } },
  { "forAllValues:StringEquals": { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } },
  // arn:aws:iam::999988887777:role/a:iam::111122223333:role/Admin is a role of another account.
  { StringLike: { "aws:PrincipalArn": `arn:*:iam::${ACCOUNT}:role/Admin` } },
  { StringLike: { "aws:PrincipalArn": `arn:aws:iam:*:${ACCOUNT}:role/Admin` } },
];

test.each(ANY_CALLER)("the condition %j limits no callers", (Condition) => {
  expect(keyRules({ Condition, Principal: "*" })).toContain("key-policy-public");
  expect(trustRules({ Condition, Principal: { AWS: "*" } })).toContain("role-trusts-everybody");
});

test.each<[Values]>([
  [{ StringEquals: { "aws:PrincipalAccount": OTHER_ACCOUNT } }],
  [{ ArnLike: { "aws:PrincipalArn": `arn:aws:iam::${OTHER_ACCOUNT}:role/*` } }],
  [{ StringEquals: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } }],
  [{ "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "o-a1b2c3d4e5/r-ab12/*" } }],
])("a statement for everybody with the condition %j is for another account", (Condition) => {
  expect(keyRules({ Condition, Principal: "*" })).toContain("key-policy-other-account");
  expect(trustRules({ Condition, Principal: "*" })).toContain("role-trusts-other-account");
  const policy = policyOf({ Action: "redshift:*", Condition, Effect: "Allow", Principal: "*" });
  const resource_arn = `arn:aws:redshift:us-east-1:${ACCOUNT}:namespace:a`;
  expect(ruleIds(created("aws_redshift_resource_policy.p", { policy, resource_arn }))).toStrictEqual([
    "sharing-resource-policy",
  ]);
});

test("a statement for everybody is for no other account if one of its conditions excludes all other accounts", () => {
  const Condition = {
    ArnLike: { "aws:PrincipalArn": `arn:aws:iam::${OTHER_ACCOUNT}:role/*` },
    StringEquals: { "aws:PrincipalAccount": ACCOUNT },
  };
  expect(keyRules({ Condition, Principal: "*" })).not.toContain("key-policy-other-account");
});

test.each<[Values]>([
  [{ StringEquals: { "aws:SourceVpce": "vpce-0a1b2c3d" } }],
  [{ StringEquals: { "aws:SourceVpc": "vpc-0a1b2c3d" } }],
  [{ StringEquals: { "aws:SourceVpcArn": `arn:aws:ec2:us-east-1:${ACCOUNT}:vpc/vpc-0a1b2c3d` } }],
  [{ StringEquals: { "aws:VpceAccount": ACCOUNT } }],
  [{ StringEquals: { "aws:VpceOrgID": "o-a1b2c3d4e5" } }],
  [{ "ForAnyValue:StringLike": { "aws:VpceOrgPaths": "o-a1b2c3d4e5/*" } }],
  [{ StringLike: { "aws:userid": "AROA1234567890EXAMPLE:*" } }],
])("a policy for everybody with the condition %j may be for another account", (Condition) => {
  const [keyPolicyRules, trustPolicyRules] = [
    keyRules({ Condition, Principal: "*" }),
    trustRules({ Condition, Principal: "*" }),
  ];
  expect(keyPolicyRules).toContain("key-policy-other-account");
  expect(keyPolicyRules).not.toContain("key-policy-public");
  expect(trustPolicyRules).toContain("role-trusts-other-account");
  expect(trustPolicyRules).not.toContain("role-trusts-everybody");
  const policy = policyOf({ Action: "redshift:*", Condition, Effect: "Allow", Principal: "*" });
  const resource_arn = `arn:aws:redshift:us-east-1:${ACCOUNT}:namespace:a`;
  expect(ruleIds(created("aws_redshift_resource_policy.p", { policy, resource_arn }))).toStrictEqual([
    "sharing-resource-policy",
  ]);
  const withAccount = { ...Condition, ArnLike: { "aws:PrincipalArn": `arn:aws:iam::${ACCOUNT}:role/App` } };
  expect(keyRules({ Condition: withAccount, Principal: "*" })).not.toContain("key-policy-other-account");
});

test("a trust policy with the condition kms:CallerAccount is for everybody, because no request to STS has this key", () => {
  const Condition = { StringEqualsIfExists: { "kms:CallerAccount": ACCOUNT } };
  expect(trustRules({ Condition, Principal: "*" })).toContain("role-trusts-everybody");
});

test.each<[Values]>([
  [{ StringEquals: { "aws:SourceAccount": ACCOUNT } }],
  [{ ArnLike: { "aws:SourceArn": `arn:aws:redshift:*:${ACCOUNT}:*` } }],
])("a key policy for everybody with the condition %j is for services of its account", (Condition) => {
  expect(keyRules({ Condition, Principal: "*" }).filter((id) => id.startsWith("key-policy-"))).toStrictEqual([]);
});

test("a key policy for everybody of an account is not public if a wildcard follows the account", () => {
  const Condition = { StringLike: { "aws:PrincipalArn": `arn:aws:iam::${ACCOUNT}*` } };
  expect(keyRules({ Condition, Principal: "*" })).not.toContain("key-policy-public");
});

test.each<[string, (account: string) => Values]>([
  ["aws:SourceAccount", (account) => ({ StringEquals: { "aws:SourceAccount": account } })],
  ["kms:CallerAccount", (account) => ({ StringEquals: { "kms:CallerAccount": account } })],
  ["aws:SourceArn", (account) => ({ ArnLike: { "aws:SourceArn": `arn:aws:cloudtrail:us-east-1:${account}:trail/*` } })],
  [
    "an encryption context",
    (account) => ({ ArnLike: { "kms:EncryptionContext:aws:logs:arn": `arn:aws:logs:us-east-1:${account}:*` } }),
  ],
])("a service has the finding key-policy-other-account if %s is of another account", (_, conditionOn) => {
  const rulesFor = (account: string) =>
    keyRules({ Condition: conditionOn(account), Principal: { Service: "cloudtrail.amazonaws.com" } });
  expect(rulesFor(OTHER_ACCOUNT)).toContain("key-policy-other-account");
  expect(rulesFor(ACCOUNT)).not.toContain("key-policy-other-account");
});

test("a service has the finding key-policy-other-account for an organization in aws:SourceOrgID", () => {
  const Condition = { StringEquals: { "aws:SourceOrgID": "o-a1b2c3d4e5" } };
  expect(keyRules({ Condition, Principal: { Service: "cloudtrail.amazonaws.com" } })).toContain(
    "key-policy-other-account",
  );
});

test("a canonical user may be of another account", () => {
  const Principal = { CanonicalUser: "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be" };
  expect(keyRules({ Principal })).toContain("key-policy-other-account");
  expect(trustRules({ Principal })).toContain("role-trusts-other-account");
});

test("a service in a trust policy has the finding role-trusts-other-account by aws:SourceAccount", () => {
  const Condition = { StringEquals: { "aws:SourceAccount": OTHER_ACCOUNT } };
  expect(trustRules({ Condition, Principal: { Service: "scheduler.amazonaws.com" } })).toContain(
    "role-trusts-other-account",
  );
});

describe("a service in a trust policy has the finding role-trusts-service-without-source", () => {
  const hasFinding = (Service: unknown, more: Values = {}): boolean =>
    trustRules({ Principal: { Service }, ...more }).includes("role-trusts-service-without-source");

  test.each<[unknown, boolean]>([
    ["bedrock.amazonaws.com", true],
    ["events.amazonaws.com", true],
    ["pipes.amazonaws.com", true],
    ["scheduler.amazonaws.com", true],
    ["states.amazonaws.com", true],
    [["lambda.amazonaws.com", "states.amazonaws.com"], true],
    ["lambda.amazonaws.com", false],
    ["ec2.amazonaws.com", false],
  ])("if it sends its source: %j is %s", (service, isExpected) => {
    expect(hasFinding(service)).toBe(isExpected);
  });

  test.each<[string, Values, boolean]>([
    ["aws:SourceAccount", { StringEquals: { "aws:SourceAccount": ACCOUNT } }, false],
    ["aws:SourceAccount with IfExists", { StringEqualsIfExists: { "AWS:SourceAccount": ACCOUNT } }, false],
    ["aws:SourceArn", { ArnLike: { "aws:SourceArn": `arn:aws:scheduler:*:${ACCOUNT}:schedule-group/*` } }, false],
    ["aws:SourceOrgID", { StringEquals: { "aws:SourceOrgID": "o-a1b2c3d4e5" } }, false],
    ["aws:SourceAccount of any account", { StringLike: { "aws:SourceAccount": "*" } }, true],
    ["aws:SourceArn of any account", { ArnLike: { "aws:SourceArn": "arn:aws:scheduler:*:*:schedule-group/*" } }, true],
    ["another account", { StringNotEquals: { "aws:SourceAccount": OTHER_ACCOUNT } }, true],
    ["another key", { StringEquals: { "aws:RequestedRegion": "us-east-1" } }, true],
  ])("unless a condition names an account: %s", (_, Condition, isExpected) => {
    expect(hasFinding("scheduler.amazonaws.com", { Condition })).toBe(isExpected);
  });

  test("unless a denial requires the source", () => {
    const statement = { Action: "sts:AssumeRole", Effect: "Allow", Principal: { Service: "scheduler.amazonaws.com" } };
    const Condition = { ArnNotLikeIfExists: { "aws:SourceArn": `arn:aws:scheduler:*:${ACCOUNT}:schedule-group/*` } };
    const denial = { ...statement, Condition, Effect: "Deny" };
    const role = created("aws_iam_role.r", { assume_role_policy: policyOf(statement, denial) });
    expect(findingsOf("role-trusts-service-without-source", role)).toStrictEqual([]);
  });

  test("and names the services", () => {
    const Principal = { Service: ["states.amazonaws.com", "lambda.amazonaws.com", "scheduler.amazonaws.com"] };
    const [finding] = findingsOf(
      "role-trusts-service-without-source",
      created("aws_iam_role.r", {
        assume_role_policy: policyOf({ Action: "sts:AssumeRole", Effect: "Allow", Principal }),
      }),
    );
    expect(finding!.consequence).toMatch(/^A statement lets scheduler\.amazonaws\.com, states\.amazonaws\.com assume /);
  });

  test("only if a statement allows the role to be assumed", () => {
    expect(hasFinding("states.amazonaws.com", { Effect: "Deny" })).toBe(false);
    expect(hasFinding("states.amazonaws.com", { Action: "sts:TagSession" })).toBe(false);
  });
});

test.each([`arn:aws:iam::${ACCOUNT}:role/?*`, `arn:aws:iam::${ACCOUNT}:*`, `arn:aws:iam::${ACCOUNT}:r*`])(
  "the pattern %s of aws:PrincipalArn has the finding key-policy-everybody-directly",
  (arn) => {
    const Condition = { ArnLike: { "aws:PrincipalArn": arn } };
    expect(keyRules({ Condition, Principal: "*" })).toContain("key-policy-everybody-directly");
  },
);

test.each<[Values]>([
  [{ StringLike: { "kms:ViaService": "*.us-east-1.amazonaws.com" } }],
  [{ Null: { "kms:ViaService": "false" } }],
  [{ Bool: { "aws:ViaAWSService": "true" } }],
])("a key policy for an account with the condition %j does not allow a use without an AWS service", (condition) => {
  const rulesFor = (Condition: Values) =>
    keyRules({ Condition: { ...Condition, StringEquals: { "kms:CallerAccount": ACCOUNT } }, Principal: "*" });
  expect(rulesFor({})).toContain("key-policy-everybody-directly");
  expect(rulesFor(condition)).not.toContain("key-policy-everybody-directly");
});

const GITHUB = `arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com`;
const COGNITO = "cognito-identity.amazonaws.com";
const SAML = `arn:aws:iam::${ACCOUNT}:saml-provider/Corp`;
const BITBUCKET_HOST = "api.bitbucket.org/2.0/workspaces/acme/pipelines-config/identity/oidc";
const BITBUCKET = `arn:aws:iam::${ACCOUNT}:oidc-provider/${BITBUCKET_HOST}`;
const claim = (name: string, value: string, operator = "StringEquals") => ({
  [operator]: { [`token.actions.githubusercontent.com:${name}`]: value },
});

test.each<[string, Values | undefined]>([
  [GITHUB, undefined],
  [GITHUB, claim("aud", "sts.amazonaws.com")],
  [GITHUB, claim("sub", "repo:*", "StringLike")],
  [GITHUB, claim("sub", "*/app:*", "StringLike")],
  [GITHUB, claim("repository_owner", "a*", "StringLike")],
  [GITHUB, claim("repository", "acme*", "StringLike")],
  [GITHUB, claim("repository_id", "1?", "StringLike")],
  [GITHUB, claim("job_workflow_ref", "*/deploy.yml@*", "StringLike")],
  [GITHUB, claim("environment", "production")],
  [GITHUB, claim("ref", "refs/heads/main")],
  [GITHUB, { Bool: { "aws:SecureTransport": "true" } }],
  [GITHUB, { StringEquals: { "aws:RequestedRegion": "us-east-1" } }],
  [COGNITO, { "ForAnyValue:StringLike": { [`${COGNITO}:amr`]: "authenticated" } }],
  [COGNITO, { StringEquals: { [`${COGNITO}:aud`]: "us-east-1:12345678-1234-1234-1234-123456790ab" } }],
  [BITBUCKET, { StringLike: { [`${BITBUCKET_HOST}:sub`]: "{*}:*" } }],
  [SAML, undefined],
])("every user of %s is trusted with the condition %j", (Federated, Condition) => {
  expect(trustRules({ Condition, Principal: { Federated } })).toContain("role-trusts-federated-users");
});

test.each<[string, Values]>([
  [GITHUB, claim("sub", "repo:acme/app:*", "StringLike")],
  [GITHUB, claim("repository_owner", "acme")],
  [GITHUB, claim("repository", "acme/*", "StringLike")],
  [GITHUB, claim("repository_id", "74")],
  [GITHUB, claim("actor", "octocat")],
  [GITHUB, claim("actor_id", "74")],
  [GITHUB, claim("enterprise_id", "74")],
  [GITHUB, claim("job_workflow_ref", "acme/*", "StringLike")],
  [COGNITO, { StringEquals: { [`${COGNITO}:sub`]: "us-east-1:12345678-1234-1234-1234-123456790ab" } }],
  [BITBUCKET, { StringLike: { [`${BITBUCKET_HOST}:sub`]: "{c7a6b0b0-0000-4000-8000-1234567890ab}:*" } }],
  [SAML, { StringEquals: { "SAML:aud": "https://signin.aws.amazon.com/saml" } }],
  ["accounts.google.com", { StringEquals: { "accounts.google.com:aud": "66677788899900pro0" } }],
  ["accounts.google.com", { StringEquals: { "accounts.google.com:sub": "11122233344455566677" } }],
  ["graph.facebook.com", { StringEquals: { "graph.facebook.com:app_id": "123456789012345" } }],
  ["graph.facebook.com", { StringEquals: { "graph.facebook.com:id": "5000000000" } }],
  ["www.amazon.com", { StringEquals: { "www.amazon.com:app_id": "amzn1.application.a1b2" } }],
  ["www.amazon.com", { StringEquals: { "www.amazon.com:user_id": "amzn1.account.A1B2" } }],
])("the users of %s are limited by the condition %j", (Federated, Condition) => {
  expect(trustRules({ Condition, Principal: { Federated } })).not.toContain("role-trusts-federated-users");
});

test.each([
  ["role-trusts-everybody", "*"],
  ["role-trusts-other-account", { AWS: `arn:aws:iam::${OTHER_ACCOUNT}:root` }],
])("%s has a finding only if an action assumes the role", (rule, Principal) => {
  expect(trustRules({ Principal })).toContain(rule);
  expect(trustRules({ Action: ["sts:TagSession", "sts:SetSourceIdentity"], Principal })).not.toContain(rule);
});

test("an identity provider of another account has the finding role-trusts-other-account", () => {
  const Condition = { StringEquals: { "SAML:aud": "https://signin.aws.amazon.com/saml" } };
  const trustOf = (Federated: string) =>
    trustRules({ Action: "sts:AssumeRoleWithSAML", Condition, Principal: { Federated } });
  expect(trustOf(SAML)).not.toContain("role-trusts-other-account");
  expect(trustOf(SAML.replace(ACCOUNT, OTHER_ACCOUNT))).toContain("role-trusts-other-account");
});

test("a trust policy for two identity providers has a finding if the users of only one provider are limited", () => {
  const Principal = { Federated: [GITHUB, COGNITO] };
  expect(trustRules({ Condition: claim("sub", "repo:acme/app:*", "StringLike"), Principal })).toContain(
    "role-trusts-federated-users",
  );
});

test("a key policy for everybody but a service is public", () => {
  expect(
    ruleIds(
      newKey(ADMINISTRATOR, {
        Action: "kms:*",
        Effect: "Allow",
        NotPrincipal: { Service: "s3.amazonaws.com" },
        Resource: "*",
      }),
    ),
  ).toContain("key-policy-public");
});
