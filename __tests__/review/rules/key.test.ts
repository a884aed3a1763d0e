import { readPlan } from "../../../review/plan/read-plan";
import { review } from "../../../review/report/report";
import { planOf } from "../../plans/goldens";
import { KEY_ARN } from "../../support/arns";
import {
  created,
  destroyed,
  findingsOf,
  forgotten,
  kept,
  replaced,
  type Resource,
  reviewed,
  ruleIds,
  updated,
  type Values,
} from "../support/small-plan";

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

test("the finding of a destroyed multi-Region key warns that KMS waits for the replicas", () => {
  const [finding] = findingsOf("key-destroyed", destroyed("aws_kms_key.k", { multi_region: true }));
  expect(finding?.consequence).toBe(
    "KMS deletes the key after its waiting period (30 days). Everything that it has encrypted is then lost. If the key has a replica, KMS waits until the last replica is deleted. Meanwhile, nothing in the key's Region can use the key.",
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

test("the finding of a destroyed replica names the warehouses in its Region, and no lost data", () => {
  const plan = planOf("key-destroyed/triggers").replaceAll("aws_kms_key", "aws_kms_replica_key");
  expect(review(readPlan(plan, "plan")).findings.map(({ consequence, rule }) => [rule, consequence])).toStrictEqual([
    [
      "key-destroyed",
      "KMS deletes the key after its waiting period (30 days). Nothing in the Region of the key can use the key after that: aws_redshift_cluster.this.",
    ],
  ]);
});

describe("a key", () => {
  const newOfAwscc = (expressions: Values) =>
    created("awscc_kms_key.k", {}, { after_unknown: { enable_key_rotation: true }, expressions });

  test("that is created again has a finding with its warehouse", () => {
    const key = replaced("aws_kms_key.k", { arn: KEY_ARN }, {});
    const [finding] = findingsOf("key-destroyed", key, kept("aws_redshift_cluster.c", { kms_key_id: KEY_ARN }));
    expect(finding?.consequence).toContain("then lost: aws_redshift_cluster.c, with snapshots");
  });

  test("has in its finding no snapshots that another key encrypts", () => {
    const other = `${KEY_ARN}0`;
    const [finding] = findingsOf(
      "key-destroyed",
      destroyed("aws_kms_key.k", { arn: KEY_ARN }),
      kept("aws_kms_key.other", { arn: other }),
      kept("aws_redshift_cluster_snapshot.s", { kms_key_id: other }),
      kept("aws_redshiftserverless_snapshot.s", {}),
    );
    expect(finding?.consequence).toContain("is then lost.");
  });

  test.each<[string, string, Resource, boolean]>([
    ["key-disabled", "of awscc", kept("awscc_kms_key.k", { arn: KEY_ARN, enabled: false }), true],
    ["key-rotation-off", "without rotation", kept("aws_kms_key.k", { enable_key_rotation: false }), true],
    ["key-rotation-off", "that Terraform forgets", forgotten("aws_kms_key.k", { enable_key_rotation: false }), false],
    [
      "key-rotation-off",
      "of a key store",
      kept("aws_kms_key.k", { custom_key_store_id: "cks-1", enable_key_rotation: false }),
      false,
    ],
    [
      "key-rotation-off",
      "of awscc with other key material",
      kept("awscc_kms_key.k", { enable_key_rotation: false, origin: "EXTERNAL" }),
      false,
    ],
    ["key-rotation-off", "of awscc that leaves it to AWS", newOfAwscc({}), true],
    [
      "key-rotation-off",
      "of awscc with an unknown rotation",
      newOfAwscc({ enable_key_rotation: { references: ["local.a"] } }),
      false,
    ],
    ["key-rotation-off", "to sign", kept("aws_kms_key.k", { enable_key_rotation: false, key_usage: "SIGN" }), false],
    ["key-asymmetric", "to sign", kept("aws_kms_key.k", { arn: KEY_ARN, key_usage: "GENERATE_VERIFY_MAC" }), true],
  ])("has the expected result of the rule %s if it is a key %s", (id, _, key, isFound) => {
    expect(ruleIds(key, kept("aws_redshift_cluster.c", { kms_key_id: KEY_ARN })).includes(id)).toBe(isFound);
  });
});

describe("an alias with the name of another alias", () => {
  const alias = (target: string, more: Values = {}) => ({ name: "alias/one", target_key_id: target, ...more });
  const gone = destroyed("aws_kms_alias.a", alias("one", { region: "us-east-1" }));

  test.each<[string, readonly Resource[], boolean]>([
    ["in its Region is moved", [gone, created("aws_kms_alias.b", alias("two", { region: "us-east-1" }))], true],
    [
      "in another Region is not moved",
      [gone, created("aws_kms_alias.b", alias("two", { region: "eu-west-1" }))],
      false,
    ],
    ["in an unknown Region is moved", [gone, created("aws_kms_alias.b", alias("two"))], true],
    ["that does not change is not moved", [gone, kept("aws_kms_alias.b", alias("two"))], false],
    [
      "is not moved if the other alias stays",
      [kept("aws_kms_alias.a", alias("one")), created("aws_kms_alias.b", alias("two"))],
      false,
    ],
    [
      "is not moved if both names are unknown",
      [
        destroyed("aws_kms_alias.a", { target_key_id: "one" }),
        created("aws_kms_alias.b", { target_key_id: "two" }, { after_unknown: { name: true } }),
      ],
      false,
    ],
  ])("%s", (_, resources, isMoved) => {
    expect(ruleIds(...resources).includes("key-alias-moved")).toBe(isMoved);
  });

  test("is not judged if its key is sensitive before and after", () => {
    const marks = { after_sensitive: { target_key_id: true }, before_sensitive: { target_key_id: true } };
    const { notJudged } = reviewed([updated("aws_kms_alias.a", alias("one"), alias("two"), marks)]);
    expect(notJudged).toContainEqual(expect.objectContaining({ rule: "key-alias-moved" }));
  });

  test("has a finding without a name if its new name is unknown", () => {
    const renamed = updated(
      "aws_kms_alias.a",
      alias("one"),
      { target_key_id: "two" },
      { after_unknown: { name: true } },
    );
    expect(findingsOf("key-alias-moved", renamed)[0]?.consequence).toMatch(/^Requests by the alias then use/);
  });
});
