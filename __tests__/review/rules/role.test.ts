import { ACCOUNT } from "../../support/arns";
import { created, findingsOf, policyOf, ruleIds } from "../support/small-plan";

describe("a role", () => {
  const rolePolicy = (statement: object) =>
    created("aws_iam_role_policy.this", { policy: policyOf({ Effect: "Allow", Resource: "*", ...statement }) });

  test.each([
    ["aws:ResourceTag/team", "data"],
    ["kms:EncryptionContext:serviceName", "RedshiftDataAPI"],
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

  test("decrypts with every key of the account to which a condition limits it", () => {
    const Condition = { StringEquals: { "aws:ResourceAccount": ACCOUNT } };
    const [finding] = findingsOf("role-decrypts-with-every-key", rolePolicy({ Action: "kms:Decrypt", Condition }));
    expect(finding?.consequence).toBe(
      `A statement lets the role decrypt with every key of the account ${ACCOUNT} whose policy leaves it to IAM.`,
    );
  });

  test("decrypts with every key of its account if a condition compares the accounts", () => {
    const Condition = { StringEquals: { "aws:ResourceAccount": "${aws:PrincipalAccount}" } };
    const [finding] = findingsOf("role-decrypts-with-every-key", rolePolicy({ Action: "kms:Decrypt", Condition }));
    expect(finding?.consequence).toBe(
      "A statement lets the role decrypt with every key of the role's account whose policy leaves it to IAM.",
    );
  });

  test("decrypts with every key if it may encrypt the data of every key again", () => {
    const [finding] = findingsOf("role-decrypts-with-every-key", rolePolicy({ Action: "kms:ReEncrypt*" }));
    expect(finding?.consequence).toBe(
      "A statement lets the role decrypt with every key whose policy leaves it to IAM, those of other accounts included, by kms:ReEncryptFrom and another key.",
    );
  });

  test.each([
    ["*:*", true],
    ["AROA*", true],
    ["${aws:username}", true],
    ["${aws:userid}", false],
    ["${ AWS:UserId }", false],
    ["AROA1234567890EXAMPLE:loader", false],
  ])("reads the statements of others if their owner may be like %s", (owner, isFound) => {
    const Condition = { StringLike: { "redshift-data:statement-owner-iam-userid": owner } };
    expect(
      ruleIds(rolePolicy({ Action: "redshift-data:GetStatementResult", Condition })).includes(
        "role-statements-of-others",
      ),
    ).toBe(isFound);
  });

  test.each([
    ["*", "whose policy leaves it to IAM, those of other accounts included"],
    ["arn:aws:kms:*:*:key/*", "whose policy leaves it to IAM, those of other accounts included"],
    [
      "arn:aws:kms:*:*:key/mrk-*",
      "that arn:aws:kms:*:*:key/mrk-* matches and whose policy leaves it to IAM, those of other accounts included",
    ],
    [
      "arn:aws:kms:eu-west-1:*:key/*",
      "that arn:aws:kms:eu-west-1:*:key/* matches and whose policy leaves it to IAM, those of other accounts included",
    ],
    [
      `arn:aws:kms:eu-west-1:${ACCOUNT}:key/*`,
      `that arn:aws:kms:eu-west-1:${ACCOUNT}:key/* matches and whose policy leaves it to IAM`,
    ],
  ])("decrypts with the keys that %s matches", (Resource, keys) => {
    const [finding] = findingsOf("role-decrypts-with-every-key", rolePolicy({ Action: "kms:Decrypt", Resource }));
    expect(finding?.consequence).toBe(`A statement lets the role decrypt with every key ${keys}.`);
  });

  test.each<[string, object, boolean]>([
    ["may create grants", { Action: "kms:CreateGrant" }, true],
    ["may change key policies", { Action: ["kms:Put*", "kms:Describe*"] }, true],
    ["may decrypt anyway", { Action: "kms:*" }, false],
    [
      "may create grants on one key",
      { Action: "kms:CreateGrant", Resource: `arn:aws:kms:us-east-1:${ACCOUNT}:key/a` },
      false,
    ],
    [
      "may create grants for services",
      { Action: "kms:CreateGrant", Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } } },
      false,
    ],
    [
      "may create grants through a service",
      { Action: "kms:CreateGrant", Condition: { StringLike: { "kms:ViaService": "redshift*.amazonaws.com" } } },
      false,
    ],
    ["may do everything", { Action: "*" }, false],
    [
      "may create grants that are not for services",
      { Action: "kms:CreateGrant", Condition: { Bool: { "kms:GrantIsForAWSResource": "false" } } },
      true,
    ],
    [
      "may create grants for grantees of every account",
      { Action: "kms:CreateGrant", Condition: { StringLike: { "kms:GranteePrincipal": "arn:*" } } },
      true,
    ],
    [
      "may create grants for one role",
      {
        Action: "kms:CreateGrant",
        Condition: { StringEquals: { "kms:GranteePrincipal": `arn:aws:iam::${ACCOUNT}:role/Loader` } },
      },
      false,
    ],
    [
      "may create grants that encrypt, at least",
      { Action: "kms:CreateGrant", Condition: { "ForAnyValue:StringEquals": { "kms:GrantOperations": "Encrypt" } } },
      true,
    ],
    [
      "may create grants that encrypt alone",
      { Action: "kms:CreateGrant", Condition: { "ForAllValues:StringEquals": { "kms:GrantOperations": "Encrypt" } } },
      false,
    ],
    [
      "may create grants that decrypt",
      { Action: "kms:CreateGrant", Condition: { "ForAllValues:StringEquals": { "kms:GrantOperations": ["Decrypt"] } } },
      true,
    ],
    [
      "may change key policies under a condition on grants",
      { Action: "kms:PutKeyPolicy", Condition: { "ForAllValues:StringEquals": { "kms:GrantOperations": "Encrypt" } } },
      true,
    ],
    ["may replicate every key", { Action: "kms:ReplicateKey" }, true],
    [
      "may replicate one key",
      {
        Action: "kms:ReplicateKey",
        Resource: `arn:aws:kms:us-east-1:${ACCOUNT}:key/mrk-1234abcd12ab34cd56ef1234567890ab`,
      },
      false,
    ],
  ])("gives itself keys if it %s", (_, statement, isFound) => {
    expect(ruleIds(rolePolicy(statement)).includes("role-gives-itself-keys")).toBe(isFound);
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

  test("logs in as any database user if only one of its resources is all users", () => {
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
    ["role-decrypts-with-every-key", "kms:Decrypt", arnOf("kms", "k*")],
    ["role-decrypts-with-every-key", "kms:Decrypt", "arn:aws:kms:*:*:key/????????-*"],
  ])("has %s for %s on %s", (id, Action, Resource) => {
    expect(ruleIds(rolePolicy({ Action, Resource }))).toContain(id);
  });

  test.each([
    ["role-data-api-everywhere", "redshift-data:ExecuteStatement", arnOf("redshift", "cluster:analytics-*")],
    ["role-any-database-user", "redshift:GetClusterCredentials", arnOf("redshift", "dbuser:*/reader")],
    ["role-decrypts-with-every-key", "kms:Decrypt", arnOf("kms", "key/mrk-1234abcd12ab34cd56ef1234567890ab")],
  ])("has no %s for %s on %s", (id, Action, Resource) => {
    expect(ruleIds(rolePolicy({ Action, Resource }))).not.toContain(id);
  });

  test("is assumed by everybody if its trust policy allows everybody but one", () => {
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
