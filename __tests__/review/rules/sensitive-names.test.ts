import { ADMINISTRATOR, created, findingsOf, policyOf, reviewed } from "../support/small-plan";

const sensitive = (name: string) => ({ after_sensitive: { [name]: true }, expressions: { [name]: {} } });

describe("a sensitive value", () => {
  test.each([
    ["aws_iam_group", "name"],
    ["aws_iam_group", "path"],
    ["aws_iam_group_membership", "group"],
    ["aws_iam_group_membership", "users"],
    ["aws_iam_group_policy", "group"],
    ["aws_iam_policy_attachment", "groups"],
    ["aws_iam_policy_attachment", "roles"],
    ["aws_iam_policy_attachment", "users"],
    ["aws_iam_role", "name"],
    ["aws_iam_role", "path"],
    ["aws_iam_role", "permissions_boundary"],
    ["aws_iam_role_policy", "role"],
    ["aws_iam_role_policy_attachment", "role"],
    ["aws_iam_role_policy_attachments_exclusive", "role_name"],
    ["aws_iam_user", "name"],
    ["aws_iam_user", "path"],
    ["aws_iam_user", "permissions_boundary"],
    ["aws_iam_user_group_membership", "groups"],
    ["aws_iam_user_group_membership", "user"],
    ["aws_ssoadmin_account_assignment", "permission_set_arn"],
    ["aws_ssoadmin_account_assignment", "principal_id"],
    ["aws_ssoadmin_account_assignment", "target_id"],
    ["aws_ssoadmin_permission_set", "name"],
    ["aws_ssoadmin_permission_set_inline_policy", "permission_set_arn"],
  ])("of %s.%s hides who has which permissions", (type, name) => {
    const value = /s$/.test(name) ? ["x"] : "x";
    const [finding] = findingsOf("role-not-shown", created(`${type}.this`, { [name]: value }, sensitive(name)));
    expect(finding).toMatchObject({
      address: `${type}.this`,
      consequence: `The value after the change is not shown (${name} is sensitive), so this plan does not show who has which permissions.`,
      severity: "error",
    });
    expect(findingsOf("role-not-shown", created(`${type}.this`, { [name]: value }))).toStrictEqual([]);
  });

  test.each([
    ["aws_redshift_cluster", "cluster_identifier"],
    ["aws_redshift_parameter_group", "name"],
    ["aws_redshiftserverless_namespace", "namespace_name"],
    ["aws_redshiftserverless_workgroup", "namespace_name"],
    ["aws_redshiftserverless_workgroup", "workgroup_name"],
  ])("of %s.%s hides the warehouse that it names", (type, name) => {
    expect(findingsOf("warehouse-not-shown", created(`${type}.this`, { [name]: "x" }, sensitive(name)))).toMatchObject([
      { address: `${type}.this`, severity: "error" },
    ]);
  });

  test.each(["is_enabled", "enabled", "customer_master_key_spec", "key_usage", "valid_to"])(
    "of %s of a warehouse's key hides whether the warehouse can use the key",
    (name) => {
      const key = (details = {}) => created("aws_kms_key.k", { [name]: "x", policy: policyOf(ADMINISTRATOR) }, details);
      const cluster = created(
        "aws_redshift_cluster.c",
        {},
        { after_unknown: { kms_key_id: true }, expressions: { kms_key_id: { references: ["aws_kms_key.k.arn"] } } },
      );
      expect(findingsOf("key-not-shown", key(sensitive(name)), cluster)).toMatchObject([
        {
          address: "aws_kms_key.k",
          consequence: `The value after the change is not shown (${name} is sensitive), so this plan does not show whether aws_redshift_cluster.c can use the key.`,
          remedy: `Write ${name} so that the plan shows it: without sensitive values, and with values that are known at plan.`,
        },
      ]);
      expect(findingsOf("key-not-shown", key(), cluster)).toStrictEqual([]);
      expect(findingsOf("key-not-shown", key(sensitive(name)))).toStrictEqual([]);
    },
  );

  test("is named as the cause of another sensitive value", () => {
    const secret = created("aws_ssm_parameter.name", { value: "x" }, sensitive("value"));
    const role = created(
      "aws_iam_role_policy.this",
      { role: "x" },
      {
        after_sensitive: { role: true },
        expressions: { role: { references: ["aws_ssm_parameter.name.value", "aws_ssm_parameter.name"] } },
      },
    );
    expect(findingsOf("role-not-shown", secret, role)).toMatchObject([
      { remedy: "Write values that are not sensitive in place of aws_ssm_parameter.name.value." },
    ]);
  });
});

test.each([
  ["aws_iam_group_membership", "group"],
  ["aws_iam_user_group_membership", "user"],
])("an unknown name in %s.%s is not judged", (type, name) => {
  const details = { after_unknown: { [name]: true }, expressions: { [name]: {} } };
  expect(reviewed([created(`${type}.this`, {}, details)]).notJudged).toContainEqual({
    address: `${type}.this`,
    reason: "the plan does not show who becomes a member of which group",
    rule: "role-policy-not-shown",
  });
});
