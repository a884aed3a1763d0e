import { ACCOUNT, USER_ARN } from "../../support/arns";
import { ADMINISTRATOR, created, findingsOf, kept, newKey, policyOf } from "../support/small-plan";

const SECRET = `arn:aws:secretsmanager:us-east-1:${ACCOUNT}:secret:redshift!a-admin-0f1e2d`;
const POLICIES = {
  "role-trust-not-a-principal": (policy: string) =>
    created("aws_iam_role.this", { assume_role_policy: policy, name: "a" }),
  "sharing-not-a-principal": (policy: string) =>
    created("aws_redshift_resource_policy.this", { policy, resource_arn: "arn:aws:redshift:us-east-1:1:namespace:a" }),
  "sharing-secret-not-a-principal": (policy: string) =>
    kept("aws_secretsmanager_secret_policy.this", { policy, secret_arn: SECRET }),
};
const GROUP = `arn:aws:iam::${ACCOUNT}:group/Analysts`;

describe.each(Object.keys(POLICIES) as (keyof typeof POLICIES)[])("%s", (rule) => {
  const refused = (statement: object) => {
    const policy = policyOf({ Action: "*", Effect: "Allow", Resource: "*", ...statement });
    return findingsOf(rule, POLICIES[rule](policy)).map(({ consequence }) => / names (.*?), so/.exec(consequence)?.[1]);
  };

  test.each([
    ["a group", GROUP],
    ["an instance profile", `arn:aws-cn:iam::${ACCOUNT}:instance-profile/a`],
    ["a pattern of roles", `arn:aws:iam::${ACCOUNT}:role/*`],
    ["the ID of a deleted role", "AROA1234567890EXAMPLE"],
    ["the ID of a deleted user", "AIDA1234567890EXAMPLE"],
    ["an access key", "AKIA1234567890EXAMPLE"],
    ["a name", "Analyst"],
    ["an account with 11 digits", "arn:aws:iam::11112222333:role/a"],
  ])("refuses %s, also in a denial", (_, principal) => {
    expect(refused({ Principal: { AWS: [USER_ARN, principal] } })).toStrictEqual([principal]);
    expect(refused({ Effect: "Deny", Principal: { AWS: principal } })).toStrictEqual([principal]);
    expect(refused({ Effect: "Deny", NotPrincipal: { AWS: principal } })).toStrictEqual([principal]);
  });

  test("refuses a wildcard in the name of a service", () => {
    expect(refused({ Principal: { Service: ["redshift.amazonaws.com", "*"] } })).toStrictEqual(["the service *"]);
    expect(refused({ Effect: "Deny", NotPrincipal: { Service: "*.amazonaws.com" } })).toStrictEqual([
      "the service *.amazonaws.com",
    ]);
  });

  test.each([
    ["a user", { AWS: USER_ARN }],
    ["a session", { AWS: `arn:aws:sts::${ACCOUNT}:assumed-role/a/b` }],
    ["a federated user", { AWS: `arn:aws-us-gov:sts::${ACCOUNT}:federated-user/a` }],
    ["an account", { AWS: [ACCOUNT, `arn:aws:iam::${ACCOUNT}:root`] }],
    ["everybody", "*"],
    ["a service", { Service: "redshift.amazonaws.com" }],
    ["a provider", { Federated: `arn:aws:iam::${ACCOUNT}:saml-provider/a` }],
  ])("accepts %s", (_, Principal) => {
    expect(refused({ Principal })).toStrictEqual([]);
  });
});

test("a key policy has a finding for a group and a pattern of roles in a denial, and for the service *", () => {
  const denial = (AWS: string) => ({ Action: "kms:*", Effect: "Deny", Principal: { AWS }, Resource: "*" });
  expect(findingsOf("key-policy-not-a-principal", newKey(ADMINISTRATOR, denial(GROUP)))).toHaveLength(1);
  const services = { ...denial(""), Effect: "Allow", Principal: { Service: "*" } };
  expect(findingsOf("key-policy-principal-pattern", newKey(ADMINISTRATOR, services))).toHaveLength(1);
  const pattern = denial(`arn:aws:iam::${ACCOUNT}:role/*`);
  expect(findingsOf("key-policy-principal-pattern", newKey(ADMINISTRATOR, pattern))).toHaveLength(1);
});

describe("a principal of another partition", () => {
  const GOV_ROLE = `arn:aws-us-gov:iam::${ACCOUNT}:role/a`;
  const statement = { Action: "*", Effect: "Allow", Principal: { AWS: GOV_ROLE }, Resource: "*" };
  const inRegion = (region: string) => ({ policy: policyOf(statement), region });

  test.each([
    ["us-east-1", true],
    ["us-gov-west-1", false],
  ])("in the Region %s is refused: %s", (region, isRefused) => {
    const key = created("aws_kms_key.this", inRegion(region), { expressions: { policy: {} } });
    const secretPolicy = kept("aws_secretsmanager_secret_policy.this", { ...inRegion(region), secret_arn: SECRET });
    expect(findingsOf("key-policy-not-a-principal", key).length === 1).toBe(isRefused);
    expect(findingsOf("sharing-secret-not-a-principal", secretPolicy).length === 1).toBe(isRefused);
  });
});
