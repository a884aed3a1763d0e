import { created, type Resource, reviewed, updated } from "../support/small-plan";

describe("the changes of a plan", () => {
  const details = (...resources: readonly Resource[]) => reviewed(resources).changes.listed[0]!.details;

  test("list a user policy", () => {
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
