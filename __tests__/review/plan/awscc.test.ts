import { CLUSTER_ARN, KEY_ARN, USER_ARN } from "../../support/arns";
import { ADMINISTRATOR, allow, created, kept, policyOf, reviewed, updated, type Values } from "../support/small-plan";

const policy = (...statements: readonly object[]) => ({ key_policy: policyOf(ADMINISTRATOR, ...statements) });

describe("a key of the provider awscc", () => {
  test("has in the table a user who gains an ability by key_policy", () => {
    const key = updated(
      "awscc_kms_key.this",
      { arn: KEY_ARN, ...policy() },
      { arn: KEY_ARN, ...policy(allow(USER_ARN, "kms:Decrypt")) },
      { expressions: { key_policy: {} } },
    );
    const row = reviewed([key]).keys[0]!.principals.find(({ principal }) => principal === USER_ARN);
    expect(row?.abilities["encrypt and decrypt"].change).toBe("gained");
  });

  test("has findings of the rules for aws_kms_key", () => {
    const values = { enabled: false, key_spec: "RSA_2048", pending_window_in_days: 7, ...policy(allow("*", "kms:*")) };
    const key = kept("awscc_kms_key.this", { arn: KEY_ARN, enable_key_rotation: false, ...values });
    const cluster = kept("aws_redshift_cluster.this", { arn: CLUSTER_ARN, kms_key_id: KEY_ARN });
    const ids = ["key-asymmetric", "key-deletion-window", "key-disabled", "key-policy-public"];
    expect(reviewed([key, cluster]).findings.map(({ rule }) => rule)).toStrictEqual(expect.arrayContaining(ids));
  });

  test('has the policy "hidden" if key_policy is unknown, and "default" if it is not configured', () => {
    const kindOf = (expressions: Values) =>
      reviewed([created("awscc_kms_key.this", {}, { after_unknown: { key_policy: true }, expressions })]).keys[0]!
        .policy;
    expect(kindOf({}).after).toBe("default");
    expect(kindOf({ key_policy: { references: ["aws_iam_role.this.arn"] } }).after).toBe("hidden");
  });
});
