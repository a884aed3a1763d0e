import { ACCOUNT } from "../../support/support";
import { created, findingsOf, policyOf, ruleIds } from "../support/small-plan";

describe("a role", () => {
  const rolePolicy = (statement: object) =>
    created("aws_iam_role_policy.this", { policy: policyOf({ Effect: "Allow", Resource: "*", ...statement }) });

  test.each([
    ["aws:ResourceAccount", ACCOUNT],
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
});
