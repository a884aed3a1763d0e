import {
  arnOfIdentity,
  arnOfProvider,
  groupOfMember,
  hasPlaceholderName,
  isMemberOfGroup,
  memberOfGroup,
  permissionSetOf,
  principalOfIdentity,
  roleOfPermissionSet,
  withoutPlaceholderName,
} from "../../../../review/model/identity/identity-arn";
import { ACCOUNT, USER_ARN } from "../../../support/arns";
import { created, modelOf, type Values } from "../../support/small-plan";

const planned = (type: string, values: Values) => modelOf(created(`${type}.a`, values)).withType(type)[0]!;

test.each<[string | undefined, string, Values, string | undefined, string | undefined]>([
  [USER_ARN, "aws_iam_role", { arn: USER_ARN, name: "a" }, "aws", "444455556666"],
  [`arn:aws-cn:iam::${ACCOUNT}:role/team/a`, "aws_iam_role", { name: "a", path: "/team/" }, "aws-cn", ACCOUNT],
  [`arn:aws:iam::${ACCOUNT}:user/a`, "aws_iam_user", { name: "a" }, "aws", ACCOUNT],
  [undefined, "aws_iam_role", { path: "/" }, "aws", ACCOUNT],
  [undefined, "aws_iam_role", { name: "a" }, undefined, ACCOUNT],
  [undefined, "aws_iam_role", { name: "a" }, "aws", undefined],
])("the ARN is %s for a resource of the type %s with %j", (arn, type, values, partition, account) => {
  expect(arnOfIdentity(planned(type, values), partition, account)).toBe(arn);
});

describe("the principal of a role or user", () => {
  const principalBy = (values: Values, partition?: string, account?: string) =>
    principalOfIdentity(planned("aws_iam_role", values), partition, account);

  test("is its ARN, with the name's prefix and a placeholder end if the name is unknown", () => {
    expect(principalBy({ name: "a", path: "/team/" }, "aws", ACCOUNT)).toBe(`arn:aws:iam::${ACCOUNT}:role/team/a`);
    const unnamed = principalBy({ name_prefix: "app-", path: "/team/" }, "aws", ACCOUNT)!;
    expect(unnamed).toMatch(/^arn:aws:iam::\d{12}:role\/team\/app- [0-9a-f]{12}$/);
    expect([unnamed, USER_ARN].map(hasPlaceholderName)).toStrictEqual([true, false]);
    expect([unnamed, USER_ARN].map(withoutPlaceholderName)).toStrictEqual([
      `arn:aws:iam::${ACCOUNT}:role/team/app-*`,
      USER_ARN,
    ]);
    expect(principalBy({}, "aws", ACCOUNT)).toMatch(/:role\/ [0-9a-f]{12}$/);
    expect(principalBy({ name_prefix: "a:/b*" }, "aws", ACCOUNT)).toMatch(/:role\/ab [0-9a-f]{12}$/);
  });

  test("is unknown if the account or the partition is unknown", () => {
    expect(principalBy({ name_prefix: "app-" }, "aws")).toBeUndefined();
    expect(principalBy({ name_prefix: "app-" }, undefined, ACCOUNT)).toBeUndefined();
  });

  test("differs for another resource", () => {
    const [one, other] = modelOf(created("aws_iam_role.a", {}), created("aws_iam_role.b", {})).withType("aws_iam_role");
    expect(principalOfIdentity(one!, "aws", ACCOUNT)).not.toBe(principalOfIdentity(other!, "aws", ACCOUNT));
  });
});

test.each<[string | undefined, Values, string | undefined, string | undefined]>([
  ["aws-reserved/sso.amazonaws.com/AWSReservedSSO_a_0000000000000000", { name: "a" }, ACCOUNT, "us-east-1"],
  ["aws-reserved/sso.amazonaws.com/AWSReservedSSO_a_0000000000000000", { name: "a" }, ACCOUNT, undefined],
  ["aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_a_0000000000000000", { name: "a" }, ACCOUNT, "eu-west-1"],
  [undefined, {}, ACCOUNT, "us-east-1"],
  [undefined, { name: "a" }, undefined, "us-east-1"],
])("the role of a permission set is %s by %j, the account %s and the Region %s", (role, values, account, region) => {
  const set = planned("aws_ssoadmin_permission_set", values);
  expect(roleOfPermissionSet(set, "aws", account, region)).toBe(role && `arn:aws:iam::${ACCOUNT}:role/${role}`);
});

test.each<[string | undefined, string, Values, string | undefined, string | undefined]>([
  [
    "oidc-provider/ci.example.com",
    "aws_iam_openid_connect_provider",
    { url: "https://ci.example.com" },
    "aws",
    ACCOUNT,
  ],
  ["saml-provider/Office", "aws_iam_saml_provider", { name: "Office" }, "aws", ACCOUNT],
  [undefined, "aws_iam_saml_provider", { name: "Office" }, undefined, ACCOUNT],
  [undefined, "aws_iam_saml_provider", { name: "Office" }, "aws", undefined],
  [undefined, "aws_iam_saml_provider", {}, "aws", ACCOUNT],
  [undefined, "aws_iam_role", { name: "Office" }, "aws", ACCOUNT],
])(
  "the ARN of an identity provider is %s for %s with %j, the partition %s and the account %s",
  (name, type, ...rest) => {
    const [values, partition, account] = rest;
    expect(arnOfProvider(planned(type, values), partition, account)).toBe(name && `arn:aws:iam::${ACCOUNT}:${name}`);
  },
);

test("the placeholder for a member of a group has the name of the group", () => {
  const member = memberOfGroup("team", "aws", ACCOUNT);
  expect([member, USER_ARN].map(isMemberOfGroup)).toStrictEqual([true, false]);
  expect([member.split("/")[1]!, "team"].map(groupOfMember)).toStrictEqual(["team", undefined]);
});

test.each([
  ["AWSReservedSSO_a_b_0123456789abcdef", "a_b"],
  ["AWSReservedSSO_a_0123456789abcde", undefined],
  ["xAWSReservedSSO_a_0123456789abcdef", undefined],
  ["AWSReservedSSO_a_0123456789abcdef0", undefined],
])("the role name %s belongs to the permission set %j", (name, set) => {
  expect(permissionSetOf(name)).toBe(set);
});
