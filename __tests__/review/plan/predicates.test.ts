import { kept, policyOf, reviewed } from "../support/small-plan";

describe("a value that is an object in place of a text", () => {
  const object = { toString: 1 };

  test("does not stop the review if it has a member that String() calls", () => {
    const report = reviewed([
      kept("aws_kms_key.k", {
        arn: object,
        policy: policyOf({
          Action: "kms:Decrypt",
          Condition: { StringEquals: { "aws:PrincipalOrgID": object } },
          Effect: "Allow",
          Principal: "*",
          Resource: "*",
          Sid: "Odd",
        }),
      }),
      kept("aws_kms_grant.g", {
        constraints: [{ encryption_context_equals: { a: object } }],
        key_id: object,
        operations: ["Decrypt"],
      }),
      kept("aws_redshift_cluster.c", {
        encrypted: object,
        kms_key_id: object,
        port: object,
        vpc_security_group_ids: ["sg-1"],
      }),
      kept("aws_security_group.g", { id: "sg-1", ingress: [{ from_port: object, protocol: object, to_port: object }] }),
      kept("aws_redshiftserverless_workgroup.w", { config_parameter: [{ parameter_key: object }] }),
      kept("aws_iam_role_policy.p", { policy: policyOf(), role: object }),
      kept("aws_iam_role.r", { managed_policy_arns: [object], name: "r" }),
      kept("aws_ssoadmin_permission_set.s", { arn: "s", name: "s" }),
      kept("aws_ssoadmin_customer_managed_policy_attachment.s", {
        customer_managed_policy_reference: [{ name: object, path: object }],
        permission_set_arn: "s",
      }),
    ]);
    expect(report.keys[0]!.address).toBe("aws_kms_key.k");
    expect(report.findings.map(({ rule }) => rule)).toContain("key-policy-everybody-directly");
  });

  test.each(["constructor", "toString"])("an attribute with the name %s has changed outside Terraform", (name) => {
    const drift = {
      address: "aws_kms_key.k",
      change: { actions: ["update"], after: { [name]: 1 }, before: {} },
      mode: "managed",
      name: "k",
      type: "aws_kms_key",
    };
    const { findings } = reviewed([], {}, { resource_drift: [drift] });
    expect(findings.map(({ consequence }) => consequence)).toStrictEqual([
      `The resource was changed outside Terraform, and this plan does not undo the change: ${name}: none → 1.`,
    ]);
  });
});
