import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { TerraformOutput, TerraformVariable, Token } from "cdktf";
import { DataApiRole, type DataApiRoleProps, Identity } from "../../../modules";
import { ACCOUNT, ADMIN_ARN, REGION, USER_ARN } from "../../support/arns";
import {
  admin,
  type Arguments,
  only,
  reference,
  shownError,
  synthesize,
  testStack,
  user,
  warningsOf,
} from "../../support/support";

const LIST_RULE = "be a list whose length is known when the configuration is synthesized, got: a list token";
const NAME_RULE = "be 1 to 64 letters, digits or any of _+=,.@-";
const PATH_RULE = "begin and end with /, have at most 512 characters, and none of *?{}";
const SESSION_RULE = "be an integer from 3600 to 43200";
const SESSION_NAME_RULE = "be 2 to 64 letters, digits or any of _+=,.@-, or ${aws:username}";
const SERVICE_RULE = "be an AWS service principal such as lambda.amazonaws.com";
const EXTERNAL_ID_RULE = "be 2 to 1224 letters, digits or any of _+=,.@:/-";
const ROLE_RULE = "be the ARN of an IAM role";
const PERMISSION_SET_RULE = "be the name of a permission set: 1 to 32 letters, digits or any of _+=,.@-";
const POLICY_RULE = "be the ARN of an IAM policy";
const DATABASE_ROLE_RULE = "be 1 to 127 letters, digits or any of _+=.@/-, beginning with a letter or an underscore";
const TAGS_RULE =
  "be at most 50 tags: keys of 1 to 128 characters that do not start with aws: and differ in more than case, values of at most 256, and in both only letters, digits, spaces and any of _.:/=+-@";
const TRUST_RULE =
  "name a principal that may assume the role, unless 'trustedServices' names a service, or one of 'oidcTrusts', 'principalTrusts' and 'samlTrusts' has a trust";

const minimal: DataApiRoleProps = { roleName: "Analyst", trustedPrincipals: [user()] };
const literal: DataApiRoleProps = { ...minimal, accountId: ACCOUNT, partition: "aws" };
const FROM_ACCOUNT = { StringEqualsIfExists: { "aws:SourceAccount": ACCOUNT } };
const IN_GOV_CLOUD = { trustedPrincipals: [Identity.forAccountRoot(ACCOUNT, "aws-us-gov")] };
const token = (): string => Token.asString({ resolve: () => "later" });
const listToken = Token.asList({ resolve: () => ["later"] });

/** The trust policy that the properties give, and the other arguments of the role. */
function synthesizedRole(props: DataApiRoleProps): { trust: unknown; others: unknown } {
  const stack = testStack();
  new DataApiRole(stack, "Role", props);
  const { assume_role_policy: trust, ...others } = only(synthesize(stack), IamRole);
  return { trust: JSON.parse(trust as string), others };
}

const trustOf = (...statements: Arguments[]): unknown => ({
  Version: "2012-10-17",
  Statement: statements.map((statement) => ({ Effect: "Allow", Action: "sts:AssumeRole", ...statement })),
});

describe("the resource of DataApiRole", () => {
  test("has only a name and a trust policy by default", () => {
    expect(synthesizedRole(minimal)).toStrictEqual({
      trust: trustOf({ Sid: "AllowTrustedPrincipals", Principal: { AWS: USER_ARN } }),
      others: { name: "Analyst" },
    });
  });

  test("has the values of all props", () => {
    const props: Required<Omit<DataApiRoleProps, "provider">> = {
      accountId: ACCOUNT,
      databaseGroups: ["readers"],
      databaseRoles: ["analyst", "loader"],
      description: "Runs statements",
      externalId: "example-external-id",
      maxSessionDuration: 43200,
      oidcTrusts: [
        {
          audiences: ["sts.amazonaws.com"],
          providerArn: `arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com`,
          subjects: ["repo:octo-org/warehouse:environment:production"],
        },
      ],
      partition: "aws",
      path: "/team/data/",
      permissionsBoundary: `arn:aws:iam::${ACCOUNT}:policy/Boundary`,
      principalTrusts: [{ principals: [admin()] }],
      roleName: "Analyst",
      samlTrusts: [{ providerArn: `arn:aws:iam::${ACCOUNT}:saml-provider/Corporate` }],
      sessionNames: ["nightly", "alice"],
      tags: { Team: "data" },
      trustedPrincipals: [user()],
      trustedServices: ["lambda.amazonaws.com"],
    };
    expect(synthesizedRole(props)).toStrictEqual({
      trust: trustOf(
        {
          Sid: "AllowTrustedPrincipals",
          Principal: { AWS: USER_ARN },
          Condition: {
            StringEquals: { "sts:ExternalId": "example-external-id", "sts:RoleSessionName": ["alice", "nightly"] },
          },
        },
        { Sid: "AllowTrustedServices", Principal: { Service: "lambda.amazonaws.com" }, Condition: FROM_ACCOUNT },
        { Sid: "AllowPrincipals1", Principal: { AWS: ADMIN_ARN } },
        {
          Sid: "AllowOidcUsers1",
          Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com` },
          Action: "sts:AssumeRoleWithWebIdentity",
          Condition: {
            StringEquals: {
              "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
              "token.actions.githubusercontent.com:sub": "repo:octo-org/warehouse:environment:production",
            },
          },
        },
        {
          Sid: "AllowSamlUsers1",
          Principal: { Federated: `arn:aws:iam::${ACCOUNT}:saml-provider/Corporate` },
          Action: "sts:AssumeRoleWithSAML",
          Condition: { StringEquals: { "SAML:aud": "https://signin.aws.amazon.com/saml" } },
        },
      ),
      others: {
        description: "Runs statements",
        max_session_duration: 43200,
        name: "Analyst",
        path: "/team/data/",
        permissions_boundary: `arn:aws:iam::${ACCOUNT}:policy/Boundary`,
        tags: { RedshiftDbGroups: "readers", RedshiftDbRoles: "analyst:loader", Team: "data" },
      },
    });
  });

  test("accepts an AWS managed policy as permissions boundary", () => {
    const permissionsBoundary = "arn:aws:iam::aws:policy/PowerUserAccess";
    expect(synthesizedRole({ ...minimal, permissionsBoundary }).others).toStrictEqual({
      name: "Analyst",
      permissions_boundary: permissionsBoundary,
    });
  });

  test("depends on the roles of the same stack that it trusts", () => {
    const stack = testStack();
    const { identity, resource } = new DataApiRole(stack, "Trusted", { ...literal, roleName: "Trusted" });
    const trusting = new DataApiRole(stack, "Role", { ...literal, trustedPrincipals: [identity, user()] });
    const role = synthesize(stack).resource[IamRole.tfResourceType]![trusting.resource.friendlyUniqueId]!;
    expect(role.depends_on).toStrictEqual([`aws_iam_role.${resource.friendlyUniqueId}`]);
  });
});

describe("the trust policy of DataApiRole", () => {
  test.each([
    [
      "an account root",
      { trustedPrincipals: [Identity.forAccountRoot(ACCOUNT)] },
      [{ Sid: "AllowTrustedPrincipals", Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` } }],
    ],
    [
      "principals in sorted order, and each principal once",
      { trustedPrincipals: [user(), Identity.fromArn(ADMIN_ARN), user()] },
      [{ Sid: "AllowTrustedPrincipals", Principal: { AWS: [ADMIN_ARN, USER_ARN] } }],
    ],
    [
      "a service",
      { trustedPrincipals: undefined, trustedServices: ["scheduler.amazonaws.com"] },
      [{ Sid: "AllowTrustedServices", Principal: { Service: "scheduler.amazonaws.com" }, Condition: FROM_ACCOUNT }],
    ],
    [
      "services of different domains in sorted order",
      { trustedPrincipals: [], trustedServices: ["states.cn-north-1.amazonaws.com.cn", "lambda.amazonaws.com"] },
      [
        {
          Sid: "AllowTrustedServices",
          Principal: { Service: ["lambda.amazonaws.com", "states.cn-north-1.amazonaws.com.cn"] },
          Condition: FROM_ACCOUNT,
        },
      ],
    ],
    [
      "principals and services",
      { trustedServices: ["lambda.amazonaws.com"] },
      [
        { Sid: "AllowTrustedPrincipals", Principal: { AWS: USER_ARN } },
        { Sid: "AllowTrustedServices", Principal: { Service: "lambda.amazonaws.com" }, Condition: FROM_ACCOUNT },
      ],
    ],
    [
      "principals with an external ID",
      { externalId: "12" },
      [
        {
          Sid: "AllowTrustedPrincipals",
          Principal: { AWS: USER_ARN },
          Condition: { StringEquals: { "sts:ExternalId": "12" } },
        },
      ],
    ],
    [
      "an IAM user only in a session with the user's name",
      { sessionNames: ["${aws:username}"] },
      [
        {
          Sid: "AllowTrustedPrincipals",
          Principal: { AWS: USER_ARN },
          Condition: { StringEquals: { "sts:RoleSessionName": "$${aws:username}" } },
        },
      ],
    ],
  ])("trusts %s", (_, props, statements) => {
    expect(synthesizedRole({ ...literal, ...props }).trust).toStrictEqual(trustOf(...statements));
  });

  test("trusts a service for the provider's account if no 'accountId' is given", () => {
    const stack = testStack();
    const props = { roleName: "Analyst", trustedServices: ["lambda.amazonaws.com"] };
    new DataApiRole(stack, "Role", props);
    const { data, resource } = synthesize(stack);
    const [caller] = Object.keys(data.aws_caller_identity!);
    const [role] = Object.values(resource.aws_iam_role!);
    expect((JSON.parse(role!.assume_role_policy as string) as { Statement: unknown[] }).Statement).toMatchObject([
      {
        Condition: {
          StringEqualsIfExists: { "aws:SourceAccount": `\${data.aws_caller_identity.${caller}.account_id}` },
        },
      },
    ]);
  });
});

describe("the identity of DataApiRole", () => {
  test.each([
    ["without a path", {}, `arn:aws:iam::${ACCOUNT}:role/Analyst`],
    ["with a path", { path: "/team/data/" }, `arn:aws:iam::${ACCOUNT}:role/team/data/Analyst`],
    [
      "in another partition",
      { ...IN_GOV_CLOUD, partition: "aws-us-gov" },
      `arn:aws-us-gov:iam::${ACCOUNT}:role/Analyst`,
    ],
  ])("has a literal ARN %s, and needs no data source", (_, props, arn) => {
    const stack = testStack();
    const role = new DataApiRole(stack, "Role", { ...literal, ...props });
    expect(role.identity.arn).toBe(arn);
    expect(role.identity.dependable).toBe(role.resource);
    expect(role.roleName).toBe("Analyst");
    expect(synthesize(stack).data).toStrictEqual({});
  });

  test("has the account and the partition of data sources if no prop gives them", () => {
    const stack = testStack();
    const { identity } = new DataApiRole(stack, "Role", minimal);
    new TerraformOutput(stack, "Arn", { value: identity.arn });
    const { data, output } = synthesize(stack);
    const [caller, partition] = [DataAwsCallerIdentity, DataAwsPartition].map(({ tfResourceType }) => {
      const names = Object.keys(data[tfResourceType]!);
      expect(names).toHaveLength(1);
      return `data.${tfResourceType}.${names[0]}`;
    });
    expect(output.Arn!.value).toBe(`arn:\${${partition}.partition}:iam::\${${caller}.account_id}:role/Analyst`);
  });

  test("has an ARN with the tokens of its props", () => {
    const [accountId, partition, path, roleName] = [token(), token(), token(), token()];
    const { identity } = new DataApiRole(testStack(), "Role", { ...minimal, accountId, partition, path, roleName });
    expect(identity.arn).toBe(`arn:${partition}:iam::${accountId}:role${path}${roleName}`);
  });
});

test("DataApiRole passes its provider to the role and to its data sources", () => {
  const stack = testStack();
  const provider = new AwsProvider(stack, "Other", { alias: "other", region: REGION });
  new DataApiRole(stack, "Role", { ...minimal, provider });
  const { data, resource } = synthesize(stack);
  const providers = Object.entries({ ...data, ...resource }).flatMap(([type, elements]) =>
    Object.values(elements).map((element) => [type, element.provider as unknown]),
  );
  expect(providers).toStrictEqual([
    ["aws_caller_identity", "aws.other"],
    ["aws_partition", "aws.other"],
    ["aws_iam_role", "aws.other"],
  ]);
});

describe("the length of a role's trust policy", () => {
  const principals = (count: number, more: number): Identity[] =>
    Array.from({ length: count }, (_, index) =>
      Identity.fromArn(`arn:aws:iam::${ACCOUNT}:role/Analyst-${index + 1000}${index === 0 ? "x".repeat(more) : ""}`),
    );
  const roleOf = (count: number, more = 0) => {
    const stack = testStack();
    new DataApiRole(stack, "Role", { ...literal, trustedPrincipals: principals(count, more) });
    return warningsOf(stack);
  };

  test("causes no warning up to the default quota of 2,048 characters", () => {
    expect(roleOf(41)).toStrictEqual([]);
    expect(roleOf(41, 26)).toStrictEqual([]);
  });

  test("causes a warning between 2,049 and 4,096 characters", () => {
    const warning = (characters: number): string =>
      `the trust policy has ${characters} characters: IAM allows 2048, or up to 4096 if the account's quota for the ` +
      "length of trust policies is raised";
    expect(roleOf(41, 27)).toStrictEqual([warning(2049)]);
    expect(roleOf(42)).toStrictEqual([warning(2068)]);
    expect(roleOf(86, 4)).toStrictEqual([warning(4096)]);
  });

  test("is refused above 4,096 characters", () => {
    expect(() => roleOf(86, 5)).toThrow("4097 characters");
    expect(() => roleOf(87)).toThrow(
      new Error(
        "[test/Role] 'trustedPrincipals' must lead to a trust policy of at most 4096 characters, which is IAM's limit: name " +
          "fewer principals, or name the root of their account, whose IAM policies then decide, got: 4138 characters",
      ),
    );
  });
});

describe("DataApiRole.fromRoleArn", () => {
  test("removes a role that the stack created from the state without destroying it", () => {
    const { resource } = new DataApiRole(testStack(), "Role", literal);
    const stack = testStack();
    DataApiRole.fromRoleArn(stack, "Role", USER_ARN);
    expect(synthesize(stack).removed).toStrictEqual([
      { from: `aws_iam_role.${resource.friendlyUniqueId}`, lifecycle: [{ destroy: false }] },
    ]);
  });

  test.each([
    ["without a path", `arn:aws:iam::${ACCOUNT}:role/Analyst`],
    ["with a path", `arn:aws:iam::${ACCOUNT}:role/team/data/Analyst`],
  ])("reads the name from an ARN %s", (_, arn) => {
    const stack = testStack();
    const role = DataApiRole.fromRoleArn(stack, "Role", arn);
    expect(role.roleName).toBe("Analyst");
    expect({ ...role.identity }).toStrictEqual({
      accountId: ACCOUNT,
      arn,
      dependable: undefined,
      partition: "aws",
      permissionSetName: undefined,
      roleName: "Analyst",
    });
    const { data, resource } = synthesize(stack);
    expect({ data, resource }).toStrictEqual({ data: {}, resource: {} });
  });

  test("reads the name in Terraform from an ARN that is a token", () => {
    const stack = testStack();
    const { resource } = new DataApiRole(stack, "Role", literal);
    const role = DataApiRole.fromRoleArn(stack, "Existing", resource.arn);
    new TerraformOutput(stack, "Name", { value: role.roleName });
    new TerraformOutput(stack, "Arn", { value: role.identity.arn });
    expect(synthesize(stack).output).toStrictEqual({
      Arn: { value: reference(resource, "arn") },
      Name: { value: `\${element(reverse(split("/", aws_iam_role.${resource.friendlyUniqueId}.arn)), 0)}` },
    });
  });

  test.each([
    ["a missing ARN", undefined, "nothing"],
    ["an empty string", "", '""'],
    ["a name", "Analyst", "Analyst"],
    ["the ARN of a user", `arn:aws:iam::${ACCOUNT}:user/alice`, `arn:aws:iam::${ACCOUNT}:user/alice`],
    ["the ARN of an account root", `arn:aws:iam::${ACCOUNT}:root`, `arn:aws:iam::${ACCOUNT}:root`],
  ])("refuses %s", (_, arn, got) => {
    expect(() => DataApiRole.fromRoleArn(testStack(), "Role", arn!)).toThrow(
      new Error(`[test/Role] 'roleArn' must ${ROLE_RULE}, got: ${got}`),
    );
  });

  test("refuses the ARN of a session, with the ARN of its role in the error", () => {
    const session = `arn:aws:sts::${ACCOUNT}:assumed-role/Analyst/alice`;
    const role = `arn:aws:iam::${ACCOUNT}:role/Analyst (with the role's path before its name, if it has one)`;
    expect(() => DataApiRole.fromRoleArn(testStack(), "Role", session)).toThrow(
      new Error(`[test/Role] 'roleArn' must ${ROLE_RULE}; for this session give its role, ${role}, got: ${session}`),
    );
  });
});

describe("DataApiRole.fromPermissionSetName", () => {
  test("looks up the role by path and escaped name, and requires exactly one result", () => {
    const stack = testStack();
    DataApiRole.fromPermissionSetName(stack, "Role", "Data.Analyst+1");
    const { data, resource } = synthesize(stack);
    expect(resource).toStrictEqual({});
    expect(Object.values(data.aws_iam_roles!)).toStrictEqual([
      {
        lifecycle: {
          postcondition: [
            {
              condition: "${length(self.arns) == 1}",
              error_message:
                "The permission set Data.Analyst+1 must have exactly one role in this account, got: ${length(self.arns)}. " +
                "Assign the permission set to the account, or correct its name.",
            },
          ],
        },
        name_regex: "^AWSReservedSSO_Data[.]Analyst[+]1_[0-9a-f]{16}$",
        path_prefix: "/aws-reserved/sso.amazonaws.com/",
      },
    ]);
  });

  test("has the ARN and the name of the looked-up role", () => {
    const stack = testStack();
    const role = DataApiRole.fromPermissionSetName(stack, "Role", "Analyst", { accountId: ACCOUNT, partition: "aws" });
    new TerraformOutput(stack, "Name", { value: role.roleName });
    new TerraformOutput(stack, "Arn", { value: role.identity.arn });
    const { data, output } = synthesize(stack);
    const [id] = Object.keys(data.aws_iam_roles!);
    expect(output).toStrictEqual({
      Arn: { value: `\${one(tolist(data.aws_iam_roles.${id}.arns))}` },
      Name: { value: `\${one(tolist(data.aws_iam_roles.${id}.names))}` },
    });
    expect(role.identity).toMatchObject({ accountId: ACCOUNT, isUnmodifiable: true, partition: "aws" });
  });

  test("escapes a name that is a token in Terraform", () => {
    const stack = testStack();
    const { stringValue } = new TerraformVariable(stack, "name", { type: "string" });
    DataApiRole.fromPermissionSetName(stack, "Role", stringValue);
    const [lookup] = Object.values(synthesize(stack).data.aws_iam_roles!);
    expect(lookup!.name_regex).toBe('^AWSReservedSSO_${replace(var.name, "/[+.]/", "[$0]")}_[0-9a-f]{16}$');
  });

  test("looks up the role by the given provider", () => {
    const stack = testStack();
    const provider = new AwsProvider(stack, "Other", { alias: "other", region: REGION });
    DataApiRole.fromPermissionSetName(stack, "Role", "Analyst", { provider });
    const [lookup] = Object.values(synthesize(stack).data.aws_iam_roles!);
    expect(lookup!.provider).toBe("aws.other");
  });

  test.each([
    ["a missing name", undefined, {}, `'permissionSetName' must ${PERMISSION_SET_RULE}, got: nothing`],
    [
      "a name of 33 characters",
      "n".repeat(33),
      {},
      `'permissionSetName' must ${PERMISSION_SET_RULE}, got: ${"n".repeat(33)}`,
    ],
    ["a name with a wildcard", "Analyst*", {}, `'permissionSetName' must ${PERMISSION_SET_RULE}, got: Analyst*`],
    [
      "an account of one digit",
      "Analyst",
      { accountId: "1" },
      `'accountId' must be a 12-digit AWS account ID, got: "1"`,
    ],
    ["a malformed partition", "Analyst", { partition: "AWS" }, "'partition' must be an AWS partition, got: AWS"],
  ])("refuses %s", (_, name, props, message) => {
    expect(() => DataApiRole.fromPermissionSetName(testStack(), "Role", name!, props)).toThrow(
      shownError(`[test/Role] ${message}`),
    );
  });
});

describe("DataApiRole accepts", () => {
  test.each([
    ["a name of 64 characters", { roleName: "r".repeat(64) }],
    ["a maximum session duration of 3,600 seconds", { maxSessionDuration: 3600 }],
    ["a description of 1,000 characters", { description: "d".repeat(1000) }],
    ["an external ID of 1,224 characters", { externalId: "i".repeat(1224) }],
    ["50 tags", { tags: Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`Tag${index}`, ""])) }],
    ["a tag key of 128 characters and a value of 256", { tags: { ["k".repeat(128)]: "v".repeat(256) } }],
    ["database roles of 255 characters together", { databaseRoles: ["r".repeat(127), "s".repeat(127)] }],
    ["database roles of 256 characters together", { databaseRoles: ["r".repeat(127), "s".repeat(126), "t"] }],
    ["the tag of database roles beside database groups", { databaseGroups: ["a"], tags: { RedshiftDbRoles: "b" } }],
    ["the tag of database groups", { tags: { RedshiftDbGroups: "a" } }],
    ["a database role that is a token", { databaseRoles: ["analyst", token()] }],
    [
      "tokens as description, session duration and path",
      { description: token(), maxSessionDuration: Token.asNumber({ resolve: () => 1 }), path: token() },
    ],
  ])("%s", (_, props) => {
    expect(() => new DataApiRole(testStack(), "Role", { ...literal, ...props })).not.toThrow();
  });
});

describe("DataApiRole refuses", () => {
  const longRoles = ["r".repeat(127), "s".repeat(127), "t"];
  const fifty = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`Tag${index}`, ""]));
  const tooMany = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`Tag${index}`, ""]));

  test.each([
    ["a missing name", { roleName: undefined }, `'roleName' must ${NAME_RULE}, got: nothing`],
    ["a name of 65 characters", { roleName: "r".repeat(65) }, `'roleName' must ${NAME_RULE}, got: ${"r".repeat(65)}`],
    ["a name with a slash", { roleName: "team/Analyst" }, `'roleName' must ${NAME_RULE}, got: team/Analyst`],
    ["a path that does not begin with a slash", { path: "team/" }, `'path' must ${PATH_RULE}, got: team/`],
    ["a path that does not end with a slash", { path: "/team" }, `'path' must ${PATH_RULE}, got: /team`],
    [
      "a description of 1,001 characters",
      { description: "d".repeat(1001) },
      `'description' must be a string of at most 1000 characters of Latin-1, got: ${"d".repeat(1001)}`,
    ],
    [
      "a description with a character beyond Latin-1",
      { description: "Daten – Ā" },
      "'description' must be a string of at most 1000 characters of Latin-1, got: Daten – Ā",
    ],
    [
      "a trusted principal by ARN",
      { trustedPrincipals: [ADMIN_ARN] },
      `'trustedPrincipals[0]' must be an Identity: for an ARN, use Identity.fromArn(arn); for a role, use role.identity, got: ${ADMIN_ARN}`,
    ],
    [
      "a trusted principal of another partition",
      { partition: "aws-cn" },
      `'trustedPrincipals[0]' must be of the partition aws-cn, got: ${USER_ARN}`,
    ],
    [
      "a permissions boundary of another account",
      { accountId: ACCOUNT, permissionsBoundary: "arn:aws:iam::444455556666:policy/Boundary" },
      `'permissionsBoundary' must be of the account ${ACCOUNT}, got: arn:aws:iam::444455556666:policy/Boundary`,
    ],
    [
      "a permissions boundary of another partition",
      { partition: "aws", permissionsBoundary: "arn:aws-cn:iam::aws:policy/ReadOnlyAccess" },
      "'permissionsBoundary' must be of the partition aws, got: arn:aws-cn:iam::aws:policy/ReadOnlyAccess",
    ],
    [
      "a maximum session duration of 3,599 seconds",
      { maxSessionDuration: 3599 },
      `'maxSessionDuration' must ${SESSION_RULE}, got: 3599`,
    ],
    [
      "a maximum session duration of 43,201 seconds",
      { maxSessionDuration: 43201 },
      `'maxSessionDuration' must ${SESSION_RULE}, got: 43201`,
    ],
    [
      "a maximum session duration with a fraction",
      { maxSessionDuration: 3600.5 },
      `'maxSessionDuration' must ${SESSION_RULE}, got: 3600.5`,
    ],
    [
      "a name as permissions boundary",
      { permissionsBoundary: "Boundary" },
      `'permissionsBoundary' must ${POLICY_RULE}, got: Boundary`,
    ],
    [
      "the ARN of a role as permissions boundary",
      { permissionsBoundary: ADMIN_ARN },
      `'permissionsBoundary' must ${POLICY_RULE}, got: ${ADMIN_ARN}`,
    ],
    ["a tag whose key begins with aws:", { tags: { "aws:x": "y" } }, `'tags' must ${TAGS_RULE}, got: {"aws:x":"y"}`],
    ["51 tags", { tags: tooMany }, `'tags' must ${TAGS_RULE}, got: ${JSON.stringify(tooMany)}`],
    ["a number as the value of a tag", { tags: { Cost: 5 } }, `'tags' must ${TAGS_RULE}, got: {"Cost":5}`],
    [
      "a database group with a capital",
      { databaseGroups: ["Readers"] },
      "'databaseGroups[0]' must be 1 to 127 lowercase letters, digits or any of _+.@-, beginning with a letter, got: Readers",
    ],
    [
      "a map token as tags beside 'databaseGroups'",
      { databaseGroups: ["readers"], tags: Token.asStringMap({ resolve: () => ({}) }) },
      "'tags' must be a map of known keys, because 'databaseGroups' is given, got: a map token",
    ],
    [
      "the tag RedshiftDbGroups beside 'databaseGroups'",
      { databaseGroups: ["readers"], tags: { RedshiftDbGroups: "writers" } },
      "'tags.RedshiftDbGroups' must be left out, because 'databaseGroups' is given, got: writers",
    ],
    ["an empty list of database roles", { databaseRoles: [] }, "'databaseRoles' must name at least one role, got: []"],
    [
      "a database role that begins with sys:",
      { databaseRoles: ["sys:dba"] },
      `'databaseRoles[0]' must ${DATABASE_ROLE_RULE}, got: sys:dba`,
    ],
    [
      "database roles of 257 characters together",
      { databaseRoles: longRoles },
      `'databaseRoles' must have at most 256 characters in all, with a colon between two names, got: ${JSON.stringify(longRoles)}`,
    ],
    [
      "a list token as database roles",
      { databaseRoles: listToken },
      "'databaseRoles' must be a list whose length is known when the configuration is synthesized, got: a list token",
    ],
    [
      "the tag RedshiftDbRoles in another case beside 'databaseRoles'",
      { databaseRoles: ["analyst"], tags: { redshiftDBRoles: "loader" } },
      "'tags.redshiftDBRoles' must be left out, because 'databaseRoles' is given, got: loader",
    ],
    [
      "50 tags beside database roles, whose tag is the 51st",
      { databaseRoles: ["analyst"], tags: fifty },
      `'tags' must ${TAGS_RULE}, got: ${JSON.stringify({ ...fifty, RedshiftDbRoles: "analyst" })}`,
    ],
    [
      "a number as tags, beside database roles",
      { databaseRoles: ["analyst"], tags: 5 },
      "'tags' must be a map, got: 5",
    ],
    [
      "a number as trusted principals, beside an external ID",
      { externalId: "12", trustedPrincipals: 5 },
      "'trustedPrincipals' must be a list, got: 5",
    ],
    [
      "neither trusted principals nor trusted services",
      { trustedPrincipals: undefined },
      `'trustedPrincipals' must ${TRUST_RULE}, got: []`,
    ],
    [
      "empty lists of trusted principals and services",
      { trustedPrincipals: [], trustedServices: [] },
      `'trustedPrincipals' must ${TRUST_RULE}, got: []`,
    ],
    ["a list token as trusted principals", { trustedPrincipals: listToken }, `'trustedPrincipals' must ${LIST_RULE}`],
    ["a list token as trusted services", { trustedServices: listToken }, `'trustedServices' must ${LIST_RULE}`],
    [
      "a trusted service without a domain",
      { trustedServices: ["lambda"] },
      `'trustedServices[0]' must ${SERVICE_RULE}, got: lambda`,
    ],
    [
      "a trusted service of another domain than AWS's",
      { trustedServices: ["lambda.amazonaws.com", "lambda.example.com"] },
      `'trustedServices[1]' must ${SERVICE_RULE}, got: lambda.example.com`,
    ],
    [
      "the same trusted service twice",
      { trustedServices: ["lambda.amazonaws.com", "lambda.amazonaws.com"] },
      "'trustedServices[1]' must not repeat an earlier item, got: lambda.amazonaws.com",
    ],
    ["an external ID of one character", { externalId: "1" }, `'externalId' must ${EXTERNAL_ID_RULE}, got: "1"`],
    ["an external ID with a space", { externalId: "a b" }, `'externalId' must ${EXTERNAL_ID_RULE}, got: a b`],
    [
      "an external ID with trusted services only",
      { externalId: "12", trustedPrincipals: [], trustedServices: ["lambda.amazonaws.com"] },
      `'externalId' must be given only with 'trustedPrincipals': only these principals must send it, got: "12"`,
    ],
    [
      "an empty list of session names",
      { sessionNames: [] },
      "'sessionNames' must name at least one session name, got: []",
    ],
    ["the session name *", { sessionNames: ["*"] }, `'sessionNames[0]' must ${SESSION_NAME_RULE}, got: *`],
    [
      "a session name with another variable than ${aws:username}",
      { sessionNames: ["alice", "${aws:userid}"] },
      `'sessionNames[1]' must ${SESSION_NAME_RULE}, got: \${aws:userid}`,
    ],
    [
      "the same session name twice",
      { sessionNames: ["aa", "aa"] },
      "'sessionNames[1]' must not repeat an earlier item, got: aa",
    ],
    ["a list token as session names", { sessionNames: listToken }, `'sessionNames' must ${LIST_RULE}`],
    [
      "session names with trusted services only",
      { sessionNames: ["alice"], trustedPrincipals: [], trustedServices: ["lambda.amazonaws.com"] },
      `'sessionNames' must be given only with 'trustedPrincipals': it limits only their sessions, got: ["alice"]`,
    ],
    ["an account of 4 digits", { accountId: "1234" }, `'accountId' must be a 12-digit AWS account ID, got: "1234"`],
    ["a malformed partition", { partition: "AWS" }, "'partition' must be an AWS partition, got: AWS"],
  ])("%s", (_, props, message) => {
    expect(() => new DataApiRole(testStack(), "Role", { ...literal, ...props } as DataApiRoleProps)).toThrow(
      shownError(`[test/Role] ${message}`),
    );
  });

  test("five wrong props in one error with a line for each", () => {
    const props: DataApiRoleProps = { maxSessionDuration: 1, path: "team", roleName: "", tags: { "aws:x": "y" } };
    expect(() => new DataApiRole(testStack(), "Role", props)).toThrow(
      new Error(
        [
          `[test/Role] 'roleName' must ${NAME_RULE}, got: ""`,
          `[test/Role] 'maxSessionDuration' must ${SESSION_RULE}, got: 1`,
          `[test/Role] 'path' must ${PATH_RULE}, got: team`,
          `[test/Role] 'tags' must ${TAGS_RULE}, got: {"aws:x":"y"}`,
          `[test/Role] 'trustedPrincipals' must ${TRUST_RULE}, got: []`,
        ].join("\n"),
      ),
    );
  });
});
