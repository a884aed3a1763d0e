import type { ConditionTest } from "../../../review/policy/condition";
import {
  accountOf,
  foreignCallers,
  foreignCallersText,
  isAccount,
  isClass,
  isIdentity,
  isOtherThing,
  isPattern,
  isRoot,
  isTestOfRow,
  isUniqueId,
  organizationOf,
  principalsIn,
  refusedPrincipals,
} from "../../../review/policy/principals";
import type { Condition, Statement } from "../../../review/policy/statement";
import { ACCOUNT } from "../../support/arns";

const OTHER_ACCOUNT = "999988887777";
const ROLE = `arn:aws:iam::${ACCOUNT}:role/app/reader`;
const FOREIGN_ROLE = `arn:aws:iam::${OTHER_ACCOUNT}:role/reader`;
const ROOT = `arn:aws:iam::${ACCOUNT}:root`;
const ORGANIZATION = "o-a1b2c3d4e5";
const PREDICATES = { isAccount, isClass, isIdentity, isOtherThing, isPattern, isRoot, isUniqueId };

const allow = (more: Partial<Statement>): Statement => ({ Action: "kms:*", Effect: "Allow", Resource: "*", ...more });
const everybody = (Condition: Condition): Statement => allow({ Condition, Principal: "*" });

test.each<[string, readonly (keyof typeof PREDICATES)[]]>([
  ["*", ["isClass"]],
  [ACCOUNT, ["isAccount"]],
  [ROOT, ["isRoot"]],
  ["the root of the key's account", ["isRoot"]],
  [ROLE, ["isIdentity"]],
  [`arn:aws-cn:iam::${ACCOUNT}:user/a`, ["isIdentity"]],
  [`arn:aws:sts::${ACCOUNT}:assumed-role/a/b`, ["isIdentity"]],
  [`arn:aws:sts::${ACCOUNT}:federated-user/a`, []],
  [`arn:aws:iam::${ACCOUNT}:role/*`, ["isClass", "isIdentity", "isPattern"]],
  [`arn:aws:iam::${ACCOUNT}:role/a?`, ["isClass", "isIdentity", "isPattern"]],
  [`organization ${ORGANIZATION}`, ["isClass", "isOtherThing"]],
  ["AROA1234567890EXAMPLE", ["isUniqueId"]],
  ["AIDA1234567890EXAMPLE", ["isUniqueId"]],
  ["AKIA1234567890EXAMPLE", ["isOtherThing"]],
  ["arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1", []],
  [`arn:aws:iam::${ACCOUNT}:group/a`, ["isOtherThing"]],
  [`arn:aws:iam::${ACCOUNT}:root/a`, ["isOtherThing"]],
  [`arn:aws:iam::${ACCOUNT}:role/team/a+=,.@-_1`, ["isIdentity"]],
  ...["role/", "role/team/", "user/a b", "role/a:b", "role/a\n"].map(
    (name): [string, ["isIdentity", "isOtherThing"]] => [
      `arn:aws:iam::${ACCOUNT}:${name}`,
      ["isIdentity", "isOtherThing"],
    ],
  ),
  [`arn:aws:sts::${ACCOUNT}:assumed-role/a`, ["isIdentity", "isOtherThing"]],
  [`arn:aws:sts::${ACCOUNT}:assumed-role/a/`, ["isIdentity", "isOtherThing"]],
  [`arn:aws:sts::${ACCOUNT}:assumed-role/team/a/b`, ["isIdentity", "isOtherThing"]],
  [`arn:aws:sts::${ACCOUNT}:federated-user/`, ["isOtherThing"]],
  [`arn:AWS:iam::${ACCOUNT}:role/a`, ["isIdentity", "isOtherThing"]],
  [`x${ROLE}`, ["isOtherThing"]],
  [`1${ACCOUNT}`, ["isOtherThing"]],
  ["sensitive", []],
  ["unknown until apply", []],
])("the principal %s has the kinds %j", (principal, kinds) => {
  const names = Object.keys(PREDICATES) as (keyof typeof PREDICATES)[];
  expect(names.filter((name) => PREDICATES[name](principal))).toStrictEqual(kinds);
});

test.each([
  [ACCOUNT, ACCOUNT],
  [ROLE, ACCOUNT],
  [`arn:aws:sts::${ACCOUNT}:assumed-role/a/b`, ACCOUNT],
  [`arn:aws:kms:us-east-1:${ACCOUNT}:key/a`, undefined],
  ["*", undefined],
])("the principal %s has the account %j", (principal, account) => {
  expect(accountOf(principal)).toBe(account);
});

test.each([
  [`organization ${ORGANIZATION}`, ORGANIZATION],
  [`the organization ${ORGANIZATION}`, undefined],
  [`organization ${ORGANIZATION}*`, undefined],
])("the principal %s has the organization %j", (principal, organization) => {
  expect(organizationOf(principal)).toBe(organization);
});

test.each<[string, Partial<Statement>, string | undefined, readonly string[]]>([
  ["a role of another partition", { Principal: { AWS: ROLE } }, "aws-cn", [ROLE]],
  ["no role of an unknown partition", { Principal: { AWS: ROLE } }, undefined, []],
  ["no account", { Principal: { AWS: ACCOUNT } }, "aws-cn", []],
  ["a pattern of services that NotPrincipal excepts", { NotPrincipal: { Service: "s?" } }, "aws", ["the service s?"]],
  [
    "services without the form of a name",
    { Principal: { Service: ["", "redshift", ROLE, "a.amazonaws.com ", "a_b.amazonaws.com"] } },
    "aws",
    [
      'the service ""',
      "the service redshift",
      `the service ${ROLE}`,
      "the service a.amazonaws.com ",
      "the service a_b.amazonaws.com",
    ],
  ],
  [
    "no service that the plan does not show, and no service by its name",
    { Principal: { Service: ["sensitive", "redshift-serverless.us-east-1.amazonaws.com", "a.amazonaws.com.cn"] } },
    "aws",
    [],
  ],
  ["no part that the plan does not show", { Principal: { AWS: "sensitive" } }, "aws", []],
  ["not everybody", { Principal: "*" }, "aws", []],
])("AWS refuses %s", (_, statement, partition, refused) => {
  expect(refusedPrincipals(allow(statement), partition)).toStrictEqual(refused);
});

const onArn = { ArnLike: { "aws:PrincipalArn": ROLE } };
const inOrganization = { StringEquals: { "aws:PrincipalOrgID": ORGANIZATION } };

test.each<[string, Partial<Statement>, readonly string[]]>([
  ["a role", { Condition: onArn, Principal: { AWS: FOREIGN_ROLE } }, [FOREIGN_ROLE]],
  ["everybody", { Principal: "*" }, ["*"]],
  ["everybody with the ARN of a role", { Condition: onArn, Principal: "*" }, [ROLE]],
  ["an account with the ARN of a role", { Condition: onArn, Principal: { AWS: ACCOUNT } }, [ACCOUNT, ROLE]],
  ["a root with the ARN of a role", { Condition: onArn, Principal: { AWS: ROOT } }, [ROOT, ROLE]],
  ["an organization", { Condition: inOrganization, Principal: "*" }, [`organization ${ORGANIZATION}`]],
  ["one role of an organization", { Condition: { ...onArn, ...inOrganization }, Principal: "*" }, [ROLE]],
  ["a denial of everybody with the ARN of a role", { Condition: onArn, Effect: "Deny", Principal: "*" }, ["*"]],
  ["all but a role", { NotPrincipal: { AWS: ROLE } }, ["*", ROLE]],
])("a statement for %s is in the table rows of the callers whom it allows or denies", (_, statement, rows) => {
  expect([...principalsIn(allow(statement))]).toStrictEqual(rows);
});

describe("the callers of other accounts of a statement", () => {
  const service = "cloudtrail.amazonaws.com";
  const provider = `arn:aws:iam::${OTHER_ACCOUNT}:saml-provider/a`;
  const trail = (account: string) => `arn:aws:cloudtrail:us-east-1:${account}:trail/a`;
  const equal = (key: string, ...values: string[]): Condition => ({ StringEquals: { [key]: values } });

  test.each<[string, Statement, readonly string[]]>([
    ["roles", allow({ Principal: { AWS: [ROLE, FOREIGN_ROLE, FOREIGN_ROLE] } }), [FOREIGN_ROLE]],
    ["a provider", allow({ Principal: { Federated: [provider, "cognito-identity.amazonaws.com"] } }), [provider]],
    [
      "a canonical user",
      allow({ Principal: { CanonicalUser: "a" } }),
      ["the canonical user a, which may be of another account"],
    ],
    ["one account of two", everybody(equal("aws:PrincipalAccount", ACCOUNT, OTHER_ACCOUNT)), [OTHER_ACCOUNT]],
    ["aws:PrincipalArn", everybody(equal("aws:PrincipalArn", FOREIGN_ROLE)), [FOREIGN_ROLE]],
    [
      "aws:PrincipalOrgID",
      everybody(equal("aws:PrincipalOrgID", ORGANIZATION)),
      [`the accounts of the organization ${ORGANIZATION}`],
    ],
    [
      "aws:PrincipalOrgPaths",
      everybody(equal("aws:PrincipalOrgPaths", `${ORGANIZATION}/r-a/`)),
      [`the accounts of the organization ${ORGANIZATION}/r-a/`],
    ],
    ["aws:SourceAccount", everybody(equal("aws:SourceAccount", OTHER_ACCOUNT)), [OTHER_ACCOUNT]],
    ["aws:SourceArn", everybody(equal("aws:SourceArn", trail(OTHER_ACCOUNT))), [trail(OTHER_ACCOUNT)]],
    ["aws:SourceVpc", everybody(equal("aws:SourceVpc", "vpc-1")), ["every account through vpc-1"]],
    ["aws:SourceVpce", everybody(equal("aws:SourceVpce", "vpce-1")), ["every account through vpce-1"]],
    [
      "aws:VpceAccount",
      everybody(equal("aws:VpceAccount", ACCOUNT)),
      [`every account through a VPC endpoint of ${ACCOUNT}`],
    ],
    ["aws:userid", everybody(equal("aws:userid", "AROA1")), ["the ID AROA1, which may be of another account"]],
    ["kms:CallerAccount", everybody(equal("kms:CallerAccount", OTHER_ACCOUNT)), [OTHER_ACCOUNT]],
    [
      "two keys, of which the second allows only the account of the key",
      everybody({ ...equal("aws:SourceVpc", "vpc-1"), StringLike: { "kms:CallerAccount": ACCOUNT } }),
      [],
    ],
    [
      "two keys, of which the second names no account",
      everybody({ ...equal("aws:SourceVpc", "vpc-1"), StringLike: { "aws:PrincipalArn": "the root of the account" } }),
      ["every account through vpc-1"],
    ],
    [
      "a condition for callers that it names",
      allow({ ...everybody(equal("aws:SourceVpc", "v")), Principal: { AWS: ROLE } }),
      [],
    ],
    [
      "a service with an account",
      allow({ Condition: equal("aws:SourceAccount", OTHER_ACCOUNT), Principal: { Service: service } }),
      [`${service} for ${OTHER_ACCOUNT}`],
    ],
    [
      "a service with an ARN and another text in an encryption context",
      allow({
        Condition: equal("kms:EncryptionContext:source", "none", trail(OTHER_ACCOUNT)),
        Principal: { Service: service },
      }),
      [`${service} for ${trail(OTHER_ACCOUNT)}`],
    ],
    [
      "two services with an ARN",
      allow({ Condition: equal("aws:SourceArn", trail(OTHER_ACCOUNT)), Principal: { Service: [service, "a"] } }),
      [`${service}, a for ${trail(OTHER_ACCOUNT)}`],
    ],
    [
      "a service in an organization",
      allow({ Condition: equal("aws:SourceOrgPaths", `${ORGANIZATION}/r-a/`), Principal: { Service: service } }),
      [`${service} for the accounts of the organization ${ORGANIZATION}/r-a/`],
    ],
    [
      "a service with an encryption context",
      allow({ Condition: equal("kms:EncryptionContext:a", trail(OTHER_ACCOUNT)), Principal: { Service: service } }),
      [`${service} for ${trail(OTHER_ACCOUNT)}`],
    ],
    ["a service alone", allow({ Principal: { Service: service } }), []],
  ])("are named for %s", (_, statement, callers) => {
    expect(foreignCallers(statement, ACCOUNT)).toStrictEqual(callers);
  });

  test("are all callers that have an account if the key's account is unknown, except for providers", () => {
    expect(foreignCallers(allow({ Principal: { AWS: ROLE, Federated: provider } }), undefined)).toStrictEqual([ROLE]);
    expect([undefined, ACCOUNT].map((account) => foreignCallersText(account, [ROLE, "*"]))).toStrictEqual([
      `callers whose account may be another one (${ROLE}, *)`,
      `callers of another account (${ROLE}, *)`,
    ]);
  });
});

test.each<[boolean, Partial<ConditionTest>, string]>([
  [true, { key: "aws:principalarn", values: [FOREIGN_ROLE, ROLE] }, ROLE],
  [true, { key: "aws:principalorgid", values: [ORGANIZATION] }, `organization ${ORGANIZATION}`],
  [false, { key: "aws:principalorgid", values: [ORGANIZATION] }, ORGANIZATION],
  [false, { key: "aws:principalarn", values: [FOREIGN_ROLE] }, ROLE],
  [false, { isNegated: true, key: "aws:principalarn", values: [ROLE] }, ROLE],
  [false, { key: "aws:sourcearn", values: [ROLE] }, ROLE],
])("isTestOfRow returns %j for the test %j and the row %s", (isOfRow, more, principal) => {
  expect(isTestOfRow({ isNegated: false, ...more } as ConditionTest, principal)).toBe(isOfRow);
});
