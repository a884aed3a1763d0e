import { KEY_ARN } from "../../support/arns";
import {
  ADMINISTRATOR,
  created,
  findingsOf,
  keyUnknownFrom,
  keyWith,
  newKey,
  readDuringApply,
  replaced,
  ruleIds,
  updated,
} from "../support/small-plan";

const OTHER_KEY_ARN = KEY_ARN.replace("12345678", "87654321");

describe("a cluster or namespace", () => {
  const under = (arn: string) => ({ encrypted: true, kms_key_id: arn });

  test("has the finding warehouse-key-changed if it takes the ARN of a key that is not in the plan", () => {
    const cluster = updated("aws_redshift_cluster.this", under(KEY_ARN), under(OTHER_KEY_ARN));
    expect(ruleIds(cluster)).toContain("warehouse-key-changed");
    expect(ruleIds(keyWith(ADMINISTRATOR), cluster)).toContain("warehouse-key-changed");
  });

  test.each([
    ["is encrypted in place", updated("aws_redshift_cluster.this", { encrypted: false }, under(KEY_ARN))],
    ["is replaced", replaced("aws_redshift_cluster.this", under(KEY_ARN), under(OTHER_KEY_ARN))],
    ["takes an ARN in place of an alias", updated("aws_redshift_cluster.this", under("alias/a"), under(KEY_ARN))],
    ["takes another port", updated("aws_redshift_cluster.this", under(KEY_ARN), { ...under(KEY_ARN), port: 5440 })],
    [
      "takes another port and keeps the key that AWS owns",
      updated("aws_redshift_cluster.this", { encrypted: true, port: 5439 }, { encrypted: true, port: 5440 }),
    ],
    [
      "takes a key that is unknown",
      updated(
        "aws_redshift_cluster.this",
        under(KEY_ARN),
        { encrypted: true },
        keyUnknownFrom("data.aws_kms_key.other.arn"),
      ),
    ],
  ])("has no finding warehouse-key-changed if it %s", (_, cluster) => {
    expect(ruleIds(cluster)).not.toContain("warehouse-key-changed");
  });

  test("has no finding warehouse-namespace-key-changed if a namespace keeps the key that AWS owns", () => {
    const namespace = updated("aws_redshiftserverless_namespace.n", { log_exports: [] }, { log_exports: ["userlog"] });
    expect(ruleIds(namespace)).not.toContain("warehouse-namespace-key-changed");
  });

  test("has its admin's password in the code if a write-only attribute has a constant", () => {
    const ofPassword = (expression: object) =>
      findingsOf(
        "warehouse-password-in-code",
        created("aws_redshift_cluster.this", under(KEY_ARN), { expressions: { master_password_wo: expression } }),
      ).map(({ consequence }) => consequence);
    expect(ofPassword({ constant_value: "hunter2" })).toStrictEqual([
      "master_password_wo is in the configuration. Everybody who can read the code can read it.",
    ]);
    expect(ofPassword({ references: ["ephemeral.random_password.admin.result"] })).toStrictEqual([]);
  });

  test("has no finding warehouse-key-not-arn with the target_key_arn of a data source", () => {
    const alias = readDuringApply(
      "data.aws_kms_alias.this",
      { name: "alias/analytics" },
      { after_unknown: { arn: true } },
    );
    const cluster = created(
      "aws_redshift_cluster.this",
      {},
      keyUnknownFrom("data.aws_kms_alias.this.target_key_arn", "data.aws_kms_alias.this"),
    );
    expect(ruleIds(alias, cluster)).not.toContain("warehouse-key-not-arn");
  });

  test.each([
    ["a cluster", "aws_redshift_cluster.this", "key_id"],
    ["a namespace", "aws_redshiftserverless_namespace.this", "id"],
  ])("has the finding warehouse-key-not-arn with the ID of a key of the plan: %s", (_, address, attribute) => {
    const [finding] = findingsOf(
      "warehouse-key-not-arn",
      newKey(),
      created(address, {}, keyUnknownFrom(`aws_kms_key.this.${attribute}`, "aws_kms_key.this")),
    );
    expect(finding?.consequence).toContain(`refuses aws_kms_key.this.${attribute} during the apply`);
  });

  test("needs no TLS if a parameter group that it names as a string does not require it", () => {
    const parameter = [{ name: "require_ssl", value: "false" }];
    const [finding] = findingsOf(
      "warehouse-tls-not-required",
      created("aws_redshift_parameter_group.this", { family: "redshift-2.0", name: "open", parameter }),
      created("aws_redshift_cluster.this", { cluster_parameter_group_name: "open" }),
    );
    expect(finding?.consequence).toContain("(aws_redshift_parameter_group.this)");
  });

  test.each([
    ["require_ssl is given twice", [{ value: "true" }, { value: "false" }]],
    ["require_ssl is in capitals", [{ name: "REQUIRE_SSL", value: "false" }]],
    ["require_ssl is neither true nor false", [{ value: "0" }]],
  ])("needs no TLS if %s", (_, parameters) => {
    const parameter = parameters.map((one) => ({ name: "require_ssl", ...one }));
    const group = created("aws_redshift_parameter_group.this", { family: "redshift-2.0", name: "open", parameter });
    const cluster = created("aws_redshift_cluster.this", { cluster_parameter_group_name: "open" });
    expect(findingsOf("warehouse-tls-not-required", group, cluster)).toHaveLength(1);
  });

  test("needs no TLS if a parameter group of an unknown name, to which it refers, does not require it", () => {
    const group = (name: string, family: string) =>
      created(`aws_redshift_parameter_group.${name}`, { family }, { after_unknown: { name: true } });
    const references = ["aws_redshift_parameter_group.open.name", "aws_redshift_parameter_group.open"];
    const [finding] = findingsOf(
      "warehouse-tls-not-required",
      group("closed", "redshift-2.0"),
      group("open", "redshift-1.0"),
      created(
        "aws_redshift_cluster.this",
        {},
        {
          after_unknown: { cluster_parameter_group_name: true },
          expressions: { cluster_parameter_group_name: { references } },
        },
      ),
    );
    expect(finding?.consequence).toContain("(aws_redshift_parameter_group.open)");
  });
});
