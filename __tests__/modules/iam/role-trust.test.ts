import { IamOpenidConnectProvider } from "@cdktf/provider-aws/lib/iam-openid-connect-provider";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { runSimulation } from "@cloud-copilot/iam-simulate";
import { Token } from "cdktf";
import { DataApiRole, type DataApiRoleProps, Identity, type OidcTrust } from "../../../modules";
import { ACCOUNT, ADMIN_ARN, USER_ARN } from "../../support/arns";
import {
  admin,
  type Arguments,
  only,
  reference,
  shownError,
  statementsOf,
  synthesize,
  testStack,
  user,
  warningsOf,
} from "../../support/support";

const ISSUER = "oidc.eks.us-east-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE";
const EKS = `arn:aws:iam::${ACCOUNT}:oidc-provider/${ISSUER}`;
const GITHUB_HOST = "token.actions.githubusercontent.com";
const GITHUB = `arn:aws:iam::${ACCOUNT}:oidc-provider/${GITHUB_HOST}`;
const ENTRA_ISSUER = "sts.windows.net/1234abcd-12ab-34cd-56ef-1234567890ab/";
const ENTRA = `arn:aws:iam::${ACCOUNT}:oidc-provider/${ENTRA_ISSUER}`;
const SAML = `arn:aws:iam::${ACCOUNT}:saml-provider/Corporate`;
const SERVICE_ACCOUNT = "system:serviceaccount:analytics:loader";
const ENVIRONMENT = "repo:octo-org/warehouse:environment:production";

const eks: OidcTrust = { audiences: ["sts.amazonaws.com"], providerArn: EKS, subjects: [SERVICE_ACCOUNT] };
const github: OidcTrust = { audiences: ["sts.amazonaws.com"], providerArn: GITHUB, subjects: [ENVIRONMENT] };
const token = (): string => Token.asString({ resolve: () => "later" });

type Trusts = Partial<DataApiRoleProps>;

function statements(props: Trusts): Arguments[] {
  const stack = testStack();
  new DataApiRole(stack, "Role", { accountId: ACCOUNT, roleName: "Loader", ...props });
  return statementsOf(only(synthesize(stack), IamRole).assume_role_policy as string);
}

describe("the trust policy of DataApiRole", () => {
  const webIdentity = { Action: "sts:AssumeRoleWithWebIdentity", Effect: "Allow" };
  const samlOf = (partition: string): string => SAML.replace("arn:aws:", `arn:${partition}:`);
  const signIn = (Federated: string, url: string) => ({
    Action: "sts:AssumeRoleWithSAML",
    Condition: { StringEquals: { "SAML:aud": url } },
    Effect: "Allow",
    Principal: { Federated },
    Sid: "AllowSamlUsers1",
  });

  test.each<[string, Trusts, Arguments[]]>([
    [
      "a service account of EKS",
      { oidcTrusts: [eks] },
      [
        {
          ...webIdentity,
          Condition: { StringEquals: { [`${ISSUER}:aud`]: "sts.amazonaws.com", [`${ISSUER}:sub`]: SERVICE_ACCOUNT } },
          Principal: { Federated: EKS },
          Sid: "AllowOidcUsers1",
        },
      ],
    ],
    [
      "a provider whose URL ends with a slash",
      { oidcTrusts: [{ ...eks, providerArn: ENTRA }] },
      [
        {
          ...webIdentity,
          Condition: {
            StringEquals: { [`${ENTRA_ISSUER}:aud`]: "sts.amazonaws.com", [`${ENTRA_ISSUER}:sub`]: SERVICE_ACCOUNT },
          },
          Principal: { Federated: ENTRA },
          Sid: "AllowOidcUsers1",
        },
      ],
    ],
    [
      "each branch of a repository of GitHub",
      { oidcTrusts: [{ ...github, subjects: ["repo:octo-org/warehouse:ref:refs/heads/*", ENVIRONMENT] }] },
      [
        {
          ...webIdentity,
          Condition: {
            StringEquals: { [`${GITHUB_HOST}:aud`]: "sts.amazonaws.com" },
            StringLike: { [`${GITHUB_HOST}:sub`]: [ENVIRONMENT, "repo:octo-org/warehouse:ref:refs/heads/*"] },
          },
          Principal: { Federated: GITHUB },
          Sid: "AllowOidcUsers1",
        },
      ],
    ],
    [
      "several providers, each with its conditions",
      { oidcTrusts: [eks, { ...github, audiences: ["warehouse", "sts.amazonaws.com"], sessionNames: ["deploy"] }] },
      [
        {
          ...webIdentity,
          Condition: { StringEquals: { [`${ISSUER}:aud`]: "sts.amazonaws.com", [`${ISSUER}:sub`]: SERVICE_ACCOUNT } },
          Principal: { Federated: EKS },
          Sid: "AllowOidcUsers1",
        },
        {
          ...webIdentity,
          Condition: {
            StringEquals: {
              [`${GITHUB_HOST}:aud`]: ["sts.amazonaws.com", "warehouse"],
              [`${GITHUB_HOST}:sub`]: ENVIRONMENT,
              "sts:RoleSessionName": "deploy",
            },
          },
          Principal: { Federated: GITHUB },
          Sid: "AllowOidcUsers2",
        },
      ],
    ],
    ["users of SAML", { samlTrusts: [{ providerArn: SAML }] }, [signIn(SAML, "https://signin.aws.amazon.com/saml")]],
    [
      "users of SAML in China",
      { samlTrusts: [{ providerArn: samlOf("aws-cn") }] },
      [signIn(samlOf("aws-cn"), "https://signin.amazonaws.cn/saml")],
    ],
    [
      "users of SAML in GovCloud",
      { samlTrusts: [{ providerArn: samlOf("aws-us-gov") }] },
      [signIn(samlOf("aws-us-gov"), "https://signin.amazonaws-us-gov.com/saml")],
    ],
    [
      "users of SAML in China, whose provider is a token",
      { partition: "aws-cn", samlTrusts: [{ providerArn: token() }] },
      [signIn("later", "https://signin.amazonaws.cn/saml")],
    ],
    [
      "users of SAML by their names and regional sign-in URLs",
      {
        samlTrusts: [
          {
            audiences: [
              "https://eu-west-1.signin.aws.amazon.com/saml",
              "https://eu-central-1.signin.aws.amazon.com/saml",
            ],
            providerArn: SAML,
            subjects: ["*@example.com"],
          },
        ],
      },
      [
        {
          ...signIn(SAML, ""),
          Condition: {
            StringEquals: {
              "SAML:aud": [
                "https://eu-central-1.signin.aws.amazon.com/saml",
                "https://eu-west-1.signin.aws.amazon.com/saml",
              ],
            },
            StringLike: { "SAML:sub": "*@example.com" },
          },
        },
      ],
    ],
    [
      "principals with conditions of their own",
      {
        principalTrusts: [
          { externalId: "ticket", principals: [user()] },
          { principals: [admin()], sessionNames: ["${aws:username}"] },
        ],
      },
      [
        {
          Action: "sts:AssumeRole",
          Condition: { StringEquals: { "sts:ExternalId": "ticket" } },
          Effect: "Allow",
          Principal: { AWS: USER_ARN },
          Sid: "AllowPrincipals1",
        },
        {
          Action: "sts:AssumeRole",
          Condition: { StringEquals: { "sts:RoleSessionName": "$${aws:username}" } },
          Effect: "Allow",
          Principal: { AWS: ADMIN_ARN },
          Sid: "AllowPrincipals2",
        },
      ],
    ],
  ])("trusts %s", (_, props, expected) => {
    expect(statements(props)).toStrictEqual(expected);
  });

  test("has one statement for each list of session tags or source identities that trusts share", () => {
    const sessions = { sessionTags: ["Team", "CostCenter"], sourceIdentities: ["*"] };
    const withSessions = statements({
      oidcTrusts: [github, { ...eks, sessionTags: ["Team"] }],
      principalTrusts: [{ principals: [user()], ...sessions }],
      samlTrusts: [{ providerArn: SAML, ...sessions }],
    });
    expect(withSessions.map(({ Action, Sid }) => [Sid as string, Action as string])).toStrictEqual([
      ["AllowPrincipals1", "sts:AssumeRole"],
      ["AllowOidcUsers1", "sts:AssumeRoleWithWebIdentity"],
      ["AllowOidcUsers2", "sts:AssumeRoleWithWebIdentity"],
      ["AllowSamlUsers1", "sts:AssumeRoleWithSAML"],
      ["AllowSessionTags1", "sts:TagSession"],
      ["AllowSessionTags2", "sts:TagSession"],
      ["AllowSourceIdentity1", "sts:SetSourceIdentity"],
    ]);
    expect(withSessions[0]!.Condition).toStrictEqual({ StringLike: { "sts:SourceIdentity": "*" } });
    const tagKeys = (keys: unknown) => ({ "ForAllValues:StringEquals": { "aws:TagKeys": keys } });
    expect(
      withSessions.slice(4).map(({ Condition, Principal }) => [Principal as unknown, Condition as unknown]),
    ).toStrictEqual([
      [{ AWS: USER_ARN, Federated: SAML }, tagKeys(["CostCenter", "Team"])],
      [{ Federated: EKS }, tagKeys("Team")],
      [{ AWS: USER_ARN, Federated: SAML }, { StringLike: { "sts:SourceIdentity": "*" } }],
    ]);
  });

  test("names an OIDC provider of the same stack by reference", () => {
    const stack = testStack();
    const provider = new IamOpenidConnectProvider(stack, "Provider", {
      clientIdList: ["sts.amazonaws.com"],
      url: "https://oidc.example.com",
    });
    new DataApiRole(stack, "Role", { oidcTrusts: [{ ...eks, providerArn: provider.arn }], roleName: "Loader" });
    const url = `\${element(split(":oidc-provider/", aws_iam_openid_connect_provider.${provider.friendlyUniqueId}.arn), 1)}`;
    const [statement] = statementsOf(
      (only(synthesize(stack), IamRole).assume_role_policy as string).replaceAll(url, "URL"),
    );
    expect(statement!.Principal).toStrictEqual({ Federated: reference(provider, "arn") });
    expect(statement!.Condition).toStrictEqual({
      StringEquals: { "URL:aud": "sts.amazonaws.com", "URL:sub": SERVICE_ACCOUNT },
    });
  });

  test("depends on the roles of 'principalTrusts' that the stack creates", () => {
    const stack = testStack();
    const trusted = new DataApiRole(stack, "Trusted", { roleName: "Trusted", trustedPrincipals: [user()] });
    const { resource } = new DataApiRole(stack, "Role", {
      principalTrusts: [{ principals: [trusted.identity] }],
      roleName: "Loader",
    });
    expect(synthesize(stack).resource[IamRole.tfResourceType]![resource.friendlyUniqueId]!.depends_on).toStrictEqual([
      `aws_iam_role.${trusted.resource.friendlyUniqueId}`,
    ]);
  });

  test("causes a warning if 60 subjects make it longer than 2,048 characters", () => {
    const stack = testStack();
    const subjects = Array.from({ length: 60 }, (_, index) => `system:serviceaccount:analytics:loader-${index}`);
    new DataApiRole(stack, "Role", { oidcTrusts: [{ ...eks, subjects }], roleName: "Loader" });
    expect(warningsOf(stack)).toStrictEqual([
      expect.stringMatching(/^the trust policy has \d+ characters: IAM allows 2048/),
    ]);
  });
});

/**
 * The simulator takes condition keys of free name only if a slash precedes the name. It also has no claims of OIDC providers.
 * `aws:RequestTag/NAME` holds one string, too.
 */
function readable<T>(value: T): T {
  return JSON.parse(JSON.stringify(value).replaceAll(/"([^"]+):(aud|sub)":/g, '"aws:RequestTag/$1:$2":')) as T;
}

describe("in the IAM simulator, a request to assume the role", () => {
  /** Whether the trust policy allows each action of a request. */
  async function isAllowed(
    props: Trusts,
    principal: string,
    actions: readonly string[],
    contextVariables: Record<string, string[] | string>,
  ): Promise<boolean> {
    const results = await Promise.all(
      actions.map(async (action) =>
        runSimulation(
          readable({
            identityPolicies: [],
            request: {
              action,
              contextVariables,
              principal,
              resource: { accountId: ACCOUNT, resource: `arn:aws:iam::${ACCOUNT}:role/Loader` },
            },
            resourceControlPolicies: [],
            resourcePolicy: { Statement: statements(props), Version: "2012-10-17" },
            serviceControlPolicies: [],
          }),
          {},
        ),
      ),
    );
    return results.every((result) => {
      if (result.resultType !== "single") {
        throw new Error(JSON.stringify(result));
      }
      return result.overallResult === "Allowed";
    });
  }

  const claims = (aud: string, sub: string, host = ISSUER) => ({ [`${host}:aud`]: aud, [`${host}:sub`]: sub });
  const WEB_IDENTITY = ["sts:AssumeRoleWithWebIdentity"];

  test.each<[string, string, Record<string, string>, boolean]>([
    ["of the service account", EKS, claims("sts.amazonaws.com", SERVICE_ACCOUNT), true],
    ["of another service account", EKS, claims("sts.amazonaws.com", `${SERVICE_ACCOUNT}2`), false],
    ["of the service account with another audience", EKS, claims("sts.example.com", SERVICE_ACCOUNT), false],
    ["without claims", EKS, {}, false],
    [
      "of the service account, with the provider of another cluster,",
      EKS.replace("EXAMPLED", "OTHER"),
      claims("sts.amazonaws.com", SERVICE_ACCOUNT),
      false,
    ],
    ["with the claim names of another provider", EKS, claims("sts.amazonaws.com", SERVICE_ACCOUNT, GITHUB_HOST), false],
    [
      "of a branch",
      GITHUB,
      claims("sts.amazonaws.com", "repo:octo-org/warehouse:ref:refs/heads/main", GITHUB_HOST),
      true,
    ],
    [
      "of another repository",
      GITHUB,
      claims("sts.amazonaws.com", "repo:octo-org/warehouse2:ref:main", GITHUB_HOST),
      false,
    ],
    [
      "of another owner",
      GITHUB,
      claims("sts.amazonaws.com", "repo:evil/octo-org/warehouse:ref:main", GITHUB_HOST),
      false,
    ],
  ])("%s, with a token of %s and the claims %j, is allowed: %j", async (_, provider, context, allowed) => {
    const props = { oidcTrusts: [eks, { ...github, subjects: ["repo:octo-org/warehouse:*"] }] };
    await expect(isAllowed(props, provider, WEB_IDENTITY, context)).resolves.toBe(allowed);
  });

  const signedIn = (url: string) => ({ "saml:aud": url });
  test.each<[string, Record<string, string>, boolean]>([
    ["with the sign-in URL", signedIn("https://signin.aws.amazon.com/saml"), true],
    ["with the sign-in URL of another partition", signedIn("https://signin.amazonaws.cn/saml"), false],
  ])("by a SAML user %s, with the context %j, is allowed: %j", async (_, context, allowed) => {
    const props = { samlTrusts: [{ providerArn: SAML }] };
    await expect(isAllowed(props, SAML, ["sts:AssumeRoleWithSAML"], context)).resolves.toBe(allowed);
  });

  const TAGGED = ["sts:AssumeRole", "sts:TagSession"];
  const NAMED = ["sts:AssumeRole", "sts:SetSourceIdentity"];
  test.each<[string, readonly string[], Record<string, string[] | string>, boolean]>([
    ["with a session tag of the trust", TAGGED, { "aws:TagKeys": ["Team"], "sts:SourceIdentity": "alice" }, true],
    [
      "with a session tag that the trust lacks",
      TAGGED,
      { "aws:TagKeys": ["Team", "RedshiftDbRoles"], "sts:SourceIdentity": "alice" },
      false,
    ],
    ["with the source identity of the trust", NAMED, { "sts:SourceIdentity": "alice" }, true],
    ["with another source identity", NAMED, { "sts:SourceIdentity": "bob" }, false],
    ["without a source identity", ["sts:AssumeRole"], {}, false],
  ])(
    "by a principal %s, with the actions %j and the context %j, is allowed: %j",
    async (_, actions, context, allowed) => {
      const props = { principalTrusts: [{ principals: [user()], sessionTags: ["Team"], sourceIdentities: ["alice"] }] };
      await expect(isAllowed(props, USER_ARN, actions, context)).resolves.toBe(allowed);
    },
  );

  test("is refused with session tags of a principal whose trust has no session tags", async () => {
    const props = { principalTrusts: [{ principals: [admin()], sessionTags: ["Team"] }, { principals: [user()] }] };
    await expect(isAllowed(props, USER_ARN, ["sts:AssumeRole"], {})).resolves.toBe(true);
    await expect(isAllowed(props, USER_ARN, TAGGED, { "aws:TagKeys": ["Team"] })).resolves.toBe(false);
  });
});

describe("DataApiRole refuses", () => {
  const BOTH = "only 'audiences' (aud) and 'subjects' (sub) together limit the users of a provider";
  const AUDIENCE = `name at least one audience, such as sts.amazonaws.com: ${BOTH}`;
  const SUBJECT =
    "name at least one subject, such as system:serviceaccount:NAMESPACE:NAME (EKS) or " +
    `repo:OWNER/REPOSITORY:environment:NAME (GitHub Actions): ${BOTH}`;
  const WILDCARD =
    "be 1 to 255 characters without spaces and $, and with two whole parts before a wildcard, such as repo:OWNER/* or system:serviceaccount:*";
  const OTHER = `arn:aws:iam::444455556666:oidc-provider/${ISSUER}`;
  const URL = "name a sign-in URL, because no URL is known for the partition of the provider";
  const SOURCE_IDENTITY = "be 2 to 64 letters, digits or any of _+=,.@-, with * and ? as wildcards, or * alone";

  test.each<[string, object, string]>([
    [
      "an OIDC trust without audiences",
      { oidcTrusts: [{ ...eks, audiences: undefined }] },
      `'oidcTrusts[0].audiences' must ${AUDIENCE}, got: nothing`,
    ],
    [
      "an OIDC trust with an empty list of audiences",
      { oidcTrusts: [{ ...eks, audiences: [] }] },
      `'oidcTrusts[0].audiences' must ${AUDIENCE}, got: []`,
    ],
    [
      "an OIDC trust without subjects",
      { oidcTrusts: [github, { ...eks, subjects: undefined }] },
      `'oidcTrusts[1].subjects' must ${SUBJECT}, got: nothing`,
    ],
    ...[
      "*",
      "?*",
      "repo:*",
      "repo:octo-*",
      "repo:octo-org*",
      "*:octo-org/warehouse:*",
      "system:*:analytics:loader",
    ].map((subject): [string, object, string] => [
      `an OIDC trust with the subject ${subject}`,
      { oidcTrusts: [{ ...github, subjects: [subject] }] },
      `'oidcTrusts[0].subjects[0]' must ${WILDCARD}, got: ${subject}`,
    ]),
    [
      "an OIDC subject with a policy variable",
      { oidcTrusts: [{ ...github, subjects: ["repo:${aws:username}"] }] },
      `'oidcTrusts[0].subjects[0]' must ${WILDCARD}, got: repo:\${aws:username}`,
    ],
    [
      "an OIDC audience with a wildcard",
      { oidcTrusts: [{ ...eks, audiences: ["sts.*"] }] },
      "'oidcTrusts[0].audiences[0]' must be 1 to 255 characters without spaces and without any of $*?, got: sts.*",
    ],
    [
      "an OIDC provider by URL",
      { oidcTrusts: [{ ...eks, providerArn: `https://${ISSUER}` }] },
      `'oidcTrusts[0].providerArn' must be the ARN of an OIDC identity provider, arn:PARTITION:iam::ACCOUNT:oidc-provider/URL-WITHOUT-SCHEME, got: https://${ISSUER}`,
    ],
    [
      "an OIDC provider of another account",
      { oidcTrusts: [{ ...eks, providerArn: OTHER }] },
      `'oidcTrusts[0].providerArn' must be in the role's account, ${ACCOUNT}: create the identity provider there, got: ${OTHER}`,
    ],
    [
      "an OIDC provider of another partition",
      { oidcTrusts: [{ ...eks, providerArn: EKS.replace("aws", "aws-cn") }], partition: "aws" },
      `'oidcTrusts[0].providerArn' must be of the partition aws, got: ${EKS.replace("aws", "aws-cn")}`,
    ],
    [
      "a SAML provider of another account",
      { samlTrusts: [{ providerArn: SAML.replace(ACCOUNT, "444455556666") }] },
      `'samlTrusts[0].providerArn' must be in the role's account, ${ACCOUNT}: create the identity provider there, got: ${SAML.replace(ACCOUNT, "444455556666")}`,
    ],
    [
      "the ARN of an OIDC provider as SAML provider",
      { samlTrusts: [{ providerArn: GITHUB }] },
      `'samlTrusts[0].providerArn' must be the ARN of a SAML identity provider, arn:PARTITION:iam::ACCOUNT:saml-provider/NAME, got: ${GITHUB}`,
    ],
    [
      "a SAML trust without 'audiences' in a partition without a known sign-in URL",
      { samlTrusts: [{ providerArn: SAML.replace("arn:aws:", "arn:aws-eusc:") }] },
      `'samlTrusts[0].audiences' must ${URL}, got: nothing`,
    ],
    [
      "a SAML trust without 'audiences' whose provider is a token",
      { samlTrusts: [{ providerArn: token() }] },
      `'samlTrusts[0].audiences' must ${URL}, got: nothing`,
    ],
    [
      "a SAML audience that is no sign-in URL",
      { samlTrusts: [{ audiences: ["urn:amazon:webservices"], providerArn: SAML }] },
      "'samlTrusts[0].audiences[0]' must be a sign-in URL such as https://signin.aws.amazon.com/saml, got: urn:amazon:webservices",
    ],
    [
      "the SAML subject *",
      { samlTrusts: [{ providerArn: SAML, subjects: ["*"] }] },
      "'samlTrusts[0].subjects[0]' must be 1 to 255 characters without spaces and $, and not only wildcards, got: *",
    ],
    [
      "an empty list of trusts, and no trusted principal",
      { oidcTrusts: [], trustedPrincipals: [] },
      "'trustedPrincipals' must name a principal that may assume the role, unless 'trustedServices' names a service, or one of 'oidcTrusts', 'principalTrusts' and 'samlTrusts' has a trust, got: []",
    ],
    ["a string as an OIDC trust", { oidcTrusts: ["*"] }, "'oidcTrusts[0]' must be given, got: *"],
    ["an object as 'oidcTrusts'", { oidcTrusts: eks }, `'oidcTrusts' must be a list, got: ${JSON.stringify(eks)}`],
    [
      "a principal trust without principals",
      { principalTrusts: [{ principals: [] }] },
      "'principalTrusts[0].principals' must name at least one principal, got: []",
    ],
    [
      "a principal trust with a principal of another partition",
      { partition: "aws-cn", principalTrusts: [{ principals: [user()] }] },
      `'principalTrusts[0].principals[0]' must be of the partition aws-cn, got: ${USER_ARN}`,
    ],
    [
      "a principal both in 'principalTrusts' and in 'trustedPrincipals'",
      { principalTrusts: [{ externalId: "ticket", principals: [admin(), user()] }], trustedPrincipals: [user()] },
      `'principalTrusts[0].principals[1]' must not be in 'trustedPrincipals' too: they may assume the role without these conditions, got: ${USER_ARN}`,
    ],
    [
      "empty lists of sessions",
      { principalTrusts: [{ principals: [user()], sessionNames: [], sessionTags: [], sourceIdentities: [] }] },
      [
        "'principalTrusts[0].sessionNames' must name at least one session name, got: []",
        "[test/Role] 'principalTrusts[0].sessionTags' must name at least one tag key, got: []",
        "[test/Role] 'principalTrusts[0].sourceIdentities' must name at least one source identity, got: []",
      ].join("\n"),
    ],
    [
      "a session tag that begins with aws:",
      { samlTrusts: [{ providerArn: SAML, sessionTags: ["aws:team"] }] },
      "'samlTrusts[0].sessionTags[0]' must be the key of a tag: 1 to 128 letters, digits, spaces or any of _.:/=+-@, and not begin with aws:, got: aws:team",
    ],
    [
      "an IAM user's name as source identity of a federated user",
      { samlTrusts: [{ providerArn: SAML, sourceIdentities: ["${aws:username}"] }] },
      `'samlTrusts[0].sourceIdentities[0]' must ${SOURCE_IDENTITY}, got: \${aws:username}`,
    ],
    [
      "a source identity of one character",
      { principalTrusts: [{ principals: [user()], sourceIdentities: ["a"] }] },
      `'principalTrusts[0].sourceIdentities[0]' must ${SOURCE_IDENTITY}, or \${aws:username}, got: a`,
    ],
    [
      "trusts in the same provider with different session tags",
      {
        oidcTrusts: [
          { ...github, sessionTags: ["Team"] },
          { ...github, audiences: ["warehouse"], sessionTags: ["Cost"] },
        ],
      },
      `'oidcTrusts[1]' must have the same 'sessionTags' and 'sourceIdentities' as the earlier trust in ${GITHUB}, got: {"sessionTags":["Cost"]}`,
    ],
    [
      "trusts in the same SAML provider with different source identities",
      {
        samlTrusts: [
          { providerArn: SAML, sourceIdentities: ["alice"] },
          { providerArn: SAML, sourceIdentities: ["bob"] },
        ],
      },
      `'samlTrusts[1]' must have the same 'sessionTags' and 'sourceIdentities' as the earlier trust in ${SAML}, got: {"sourceIdentities":["bob"]}`,
    ],
    [
      "trusts in the same principal with different source identities",
      {
        principalTrusts: [
          { principals: [user(), admin()], sourceIdentities: ["alice"] },
          { principals: [Identity.fromArn(ADMIN_ARN)], sourceIdentities: ["bob"] },
        ],
      },
      `'principalTrusts[1]' must have the same 'sessionTags' and 'sourceIdentities' as the earlier trust in ${ADMIN_ARN}, got: {"sourceIdentities":["bob"]}`,
    ],
  ])("%s", (_, props, message) => {
    const given = { accountId: ACCOUNT, roleName: "Loader", ...props } as DataApiRoleProps;
    expect(() => new DataApiRole(testStack(), "Role", given)).toThrow(shownError(`[test/Role] ${message}`));
  });

  test("several errors of a trust, with a line for each", () => {
    const oidcTrusts = [{ providerArn: GITHUB }] as unknown as readonly OidcTrust[];
    expect(() => new DataApiRole(testStack(), "Role", { oidcTrusts, roleName: "Loader" })).toThrow(
      new Error(
        [
          `[test/Role] 'oidcTrusts[0].audiences' must ${AUDIENCE}, got: nothing`,
          `[test/Role] 'oidcTrusts[0].subjects' must ${SUBJECT}, got: nothing`,
        ].join("\n"),
      ),
    );
  });
});
