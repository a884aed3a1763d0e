import { readPlan } from "../../../review/plan/read-plan";
import { review } from "../../../review/report/report";
import { planOf } from "../../plans/goldens";
import { KEY_ARN } from "../../support/arns";
import { created, destroyed, findingsOf, kept, replaced, ruleIds, updated } from "../support/small-plan";

describe("a key or its alias", () => {
  test("has one finding with every warehouse under it if it is disabled", () => {
    const cluster = (name: string) => kept(`aws_redshift_cluster.${name}`, { kms_key_id: KEY_ARN });
    const key = kept("aws_kms_key.this", { arn: KEY_ARN, is_enabled: false });
    const [finding] = findingsOf("key-disabled", key, cluster("one"), cluster("two"));
    expect(finding?.consequence).toMatch(/^aws_redshift_cluster\.one, aws_redshift_cluster\.two cannot be queried /);
  });

  test.each([
    ["is new", created("aws_kms_alias.this", { target_key_id: KEY_ARN })],
    [
      "changes its name only",
      updated(
        "aws_kms_alias.this",
        { name: "alias/one", target_key_id: KEY_ARN },
        { name: "alias/two", target_key_id: KEY_ARN },
      ),
    ],
  ])("has no finding key-alias-moved if the alias %s", (_, alias) => {
    expect(ruleIds(alias)).not.toContain("key-alias-moved");
  });

  test.each([
    ["has no finding key-alias-moved if another resource creates the alias again with the same key", "one", []],
    [
      "has the finding key-alias-moved if another resource creates the alias again with another key",
      "other",
      ["key-alias-moved"],
    ],
  ])("%s", (_, key, expected) => {
    const gone = destroyed("aws_kms_alias.a", { name: "alias/one", target_key_id: "one" });
    const other = destroyed("aws_kms_alias.b", { name: "alias/two", target_key_id: "two" });
    const again = created("aws_kms_alias.c", { name: "alias/one", target_key_id: key });
    expect(findingsOf("key-alias-moved", gone, other, again).map(({ rule }) => rule)).toStrictEqual(expected);
  });

  test("has the finding key-alias-moved if the alias is replaced and gets another key", () => {
    const alias = replaced(
      "aws_kms_alias.a",
      { name: "alias/one", target_key_id: "one" },
      { name: "alias/one", target_key_id: "two" },
    );
    expect(findingsOf("key-alias-moved", alias)).toHaveLength(1);
  });
});

test("the finding of a destroyed multi-Region key names the wait for its replicas", () => {
  const [finding] = findingsOf("key-destroyed", destroyed("aws_kms_key.k", { multi_region: true }));
  expect(finding?.consequence).toBe(
    "KMS deletes the key after its waiting period (30 days). Everything that it has encrypted is then lost. If it has a replica, KMS waits until the last one is deleted, and nothing in its Region can use it meanwhile.",
  );
});

test("the finding of a destroyed key names the warehouse and the snapshots under it", () => {
  const [finding] = findingsOf(
    "key-destroyed",
    destroyed("aws_kms_key.k", { arn: KEY_ARN }),
    kept("aws_redshift_cluster.c", { kms_key_id: KEY_ARN }),
    kept("aws_redshift_cluster_snapshot.s", { kms_key_id: KEY_ARN }),
    kept("aws_redshift_cluster_snapshot.other", { kms_key_id: `${KEY_ARN}0` }),
    kept("aws_redshiftserverless_snapshot.s", { kms_key_arn: KEY_ARN }),
  );
  expect(finding?.consequence).toContain(
    "lost: aws_redshift_cluster.c, with snapshots and stored results; aws_redshift_cluster_snapshot.s; aws_redshiftserverless_snapshot.s.",
  );
});

test("the finding of a destroyed replica names no lost data, and the warehouses of its Region", () => {
  const plan = planOf("key-destroyed/triggers").replaceAll("aws_kms_key", "aws_kms_replica_key");
  expect(review(readPlan(plan, "plan")).findings.map(({ consequence, rule }) => [rule, consequence])).toStrictEqual([
    [
      "key-destroyed",
      "KMS deletes the key after its waiting period (30 days). Nothing in its Region can use it after that: aws_redshift_cluster.this.",
    ],
  ]);
});
