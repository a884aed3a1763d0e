import { created, destroyed, type Resource, reviewed, updated, type Values } from "../support/small-plan";

describe("the changes of a plan", () => {
  const details = (...resources: readonly Resource[]) => reviewed(resources).changes.listed[0]!.details;

  test("list an IAM user policy that the plan creates", () => {
    expect(reviewed([created("aws_iam_user_policy.this", {})]).changes).toStrictEqual({
      listed: [
        {
          action: "create",
          address: "aws_iam_user_policy.this",
          details: [],
          kind: "user policy",
          type: "aws_iam_user_policy",
        },
      ],
      others: {},
    });
  });

  test("show whether a cluster that is destroyed leaves a final snapshot", () => {
    const destroyedWith = (before: Values) => details(destroyed("aws_redshift_cluster.this", before));
    expect(destroyedWith({ skip_final_snapshot: true })).toContain("without a final snapshot");
    expect(destroyedWith({ final_snapshot_identifier: "last" })).toContain("final snapshot last");
    expect(destroyedWith({})).toContain("the provider refuses: there is no final_snapshot_identifier");
  });

  test("list an attribute that an update leaves unknown until apply", () => {
    const cluster = updated(
      "aws_redshift_cluster.this",
      { endpoint: "old" },
      {},
      { after_unknown: { endpoint: true } },
    );
    expect(details(cluster)).toStrictEqual(["endpoint: old → unknown until apply"]);
  });

  test("list an attribute by its name alone if a value is long", () => {
    const key = updated("aws_kms_key.this", { description: "long ".repeat(25) }, { description: "short" });
    expect(details(key)).toStrictEqual(["description"]);
  });
});
