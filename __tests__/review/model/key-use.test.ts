import { ACCOUNT, KEY_ARN } from "../../support/arns";
import {
  ADMINISTRATOR,
  created,
  destroyed,
  kept,
  keyUnknownFrom,
  keyWith,
  modelOf,
  policyOf,
  type Resource,
  reviewed,
  type Values,
} from "../support/small-plan";

const ALIAS_ARN = KEY_ARN.replace(/key\/.*/, "alias/a");

describe("the key of a warehouse or a grant", () => {
  const keyOf = (resources: readonly Resource[], modules: Values = {}) =>
    reviewed(resources, modules).warehouses[0]!.key.after;

  test("is the target of an alias ARN", () => {
    const arn = `arn:aws:kms:us-east-1:${ACCOUNT}:alias/analytics`;
    const alias = kept("aws_kms_alias.this", { arn, target_key_id: KEY_ARN });
    expect(keyOf([keyWith(ADMINISTRATOR), alias, kept("aws_redshift_cluster.this", { kms_key_id: arn })])).toBe(
      "aws_kms_key.this",
    );
  });

  test("is the target of an alias name in the Region of the warehouse", () => {
    const name = "alias/analytics";
    const aliasIn = (region: string, values: Values = {}) =>
      created("aws_kms_alias.this", { name, region, target_key_id: KEY_ARN, ...values });
    const cluster = created("aws_redshift_cluster.this", { kms_key_id: name, region: "us-east-1" });
    expect(keyOf([keyWith(ADMINISTRATOR), aliasIn("us-east-1"), cluster])).toBe("aws_kms_key.this");
    expect(keyOf([keyWith(ADMINISTRATOR), aliasIn("eu-west-1"), cluster])).toBe(name);
    expect(keyOf([keyWith(ADMINISTRATOR), aliasIn("us-east-1", { name: "alias/other" }), cluster])).toBe(name);
  });

  test.each<[string, Values, string, boolean]>([
    ["the name of an alias whose ARN alone has the Region", { arn: ALIAS_ARN }, "alias/a", true],
    ["the ARN of a new alias", {}, ALIAS_ARN, true],
    ["the ARN of an alias of another Region", {}, ALIAS_ARN.replace("us-east-1", "eu-west-1"), false],
    ["the ARN of an alias of another account", {}, ALIAS_ARN.replace(ACCOUNT, "444455556666"), false],
  ])("is found, or is not in the plan, if a grant gives %s", (_, values, name, isFound) => {
    const alias = created("aws_kms_alias.a", { name: "alias/a", target_key_id: KEY_ARN, ...values });
    const grant = created("aws_kms_grant.g", { key_id: name });
    const model = modelOf(keyWith(ADMINISTRATOR), alias, grant);
    const { after } = model.keyUses(model.withType("aws_kms_grant")[0]!, "key_id");
    expect(after.kind).toBe(isFound ? "planned" : "elsewhere");
  });

  test("is not found if two keys of different accounts have an alias of that name", () => {
    const otherArn = KEY_ARN.replace(ACCOUNT, "444455556666").replace(/.$/, "0");
    const other = kept("aws_kms_key.other", { arn: otherArn });
    const aliasOf = (type: string, target: string) =>
      created(`aws_kms_alias.${type}`, { name: "alias/analytics", target_key_id: target });
    const cluster = created("aws_redshift_cluster.this", { kms_key_id: "alias/analytics" });
    const aliases = [aliasOf("one", KEY_ARN), aliasOf("two", otherArn)];
    expect(keyOf([keyWith(ADMINISTRATOR), other, ...aliases, cluster])).toBe("alias/analytics");
  });

  test("is the multi-Region key in the warehouse's Region if several keys have the ID", () => {
    const id = "mrk-1234abcd12ab34cd56ef1234567890ab";
    const keyIn = (type: string, region: string) =>
      kept(`${type}.this`, {
        arn: `arn:aws:kms:${region}:${ACCOUNT}:key/${id}`,
        key_id: id,
        policy: policyOf(ADMINISTRATOR),
      });
    const clusterIn = (region: string) => kept("aws_redshift_cluster.this", { kms_key_id: id, region });
    const [primary, replica] = [keyIn("aws_kms_key", "us-east-1"), keyIn("aws_kms_replica_key", "eu-west-1")];
    expect(keyOf([primary, replica, clusterIn("us-east-1")])).toBe("aws_kms_key.this");
    expect(keyOf([primary, replica, clusterIn("eu-west-1")])).toBe("aws_kms_replica_key.this");
    expect(keyOf([primary, clusterIn("eu-west-1")])).toBe(id);
    const policy = kept("aws_kms_key_policy.this", {
      key_id: id,
      policy: policyOf(ADMINISTRATOR),
      region: "eu-west-1",
    });
    expect(keyOf([primary, policy, clusterIn("us-east-1")])).toBe("aws_kms_key.this");
    expect(keyOf([primary, policy, clusterIn("eu-west-1")])).toBe("the key of aws_kms_key_policy.this");
  });

  test("is found through an alias whose key is unknown until apply", () => {
    const cluster = created(
      "aws_redshift_cluster.this",
      {},
      keyUnknownFrom("aws_kms_alias.this.target_key_arn", "aws_kms_alias.this"),
    );
    const alias = created(
      "aws_kms_alias.this",
      { name: "alias/a" },
      {
        after_unknown: { target_key_id: true },
        expressions: { target_key_id: { references: ["aws_kms_key.this.id", "aws_kms_key.this"] } },
      },
    );
    expect(keyOf([created("aws_kms_key.this", {}), alias, cluster])).toBe("aws_kms_key.this");
  });

  test.each(["", "AWS_OWNED_KMS_KEY"])("is one that AWS owns for %j", (name) => {
    expect(keyOf([kept("aws_redshift_cluster.this", { kms_key_id: name })])).toBe("one that AWS owns");
  });

  test.each(["created", "destroyed"] as const)(
    "is the key of a policy that is %s and whose key is not in the plan",
    (action) => {
      const policy = { created, destroyed }[action]("aws_kms_key_policy.this", {
        key_id: KEY_ARN,
        policy: policyOf(ADMINISTRATOR),
      });
      expect(keyOf([policy, kept("aws_redshift_cluster.this", { kms_key_id: KEY_ARN })])).toBe(
        "the key of aws_kms_key_policy.this",
      );
    },
  );

  test("is the key of its own policy, beside a policy for another key that is not in the plan", () => {
    const policies = ["", "0"].map((end, index) =>
      kept(`aws_kms_key_policy.p${index}`, { key_id: `${KEY_ARN}${end}`, policy: policyOf(ADMINISTRATOR) }),
    );
    const addresses = modelOf(...policies).keys.map(({ policies: { after, before } }) =>
      [before, after].map((side) => side.map(({ address }) => address)),
    );
    expect(addresses).toStrictEqual(
      [0, 1].map((index) => [[`aws_kms_key_policy.p${index}`], [`aws_kms_key_policy.p${index}`]]),
    );
  });

  test("is the target of an alias name that the plan destroys", () => {
    const alias = destroyed("aws_kms_alias.this", { name: "alias/a", target_key_id: KEY_ARN });
    const cluster = kept("aws_redshift_cluster.this", { kms_key_id: "alias/a" });
    expect(keyOf([keyWith(ADMINISTRATOR), alias, cluster])).toBe("aws_kms_key.this");
  });

  test("is a destroyed key before the change", () => {
    const key = destroyed("aws_kms_key.this", { arn: KEY_ARN, key_id: KEY_ARN.split("/")[1] });
    const { before } = reviewed([key, kept("aws_redshift_cluster.this", { kms_key_id: KEY_ARN })]).warehouses[0]!.key;
    expect(before).toBe("aws_kms_key.this");
  });

  test("is found through the outputs of a module in a module", () => {
    const outputs = (...references: readonly string[]) => ({ key_arn: { expression: { references } } });
    const inner = { outputs: outputs("aws_kms_key.this.arn", "aws_kms_key.this") };
    const outer = { module_calls: { keys: { module: inner } }, outputs: outputs("module.keys.key_arn", "module.keys") };
    const resources = [
      created("module.security.module.keys.aws_kms_key.this", { policy: policyOf(ADMINISTRATOR) }),
      created("aws_redshift_cluster.this", {}, keyUnknownFrom("module.security.key_arn", "module.security")),
    ];
    expect(keyOf(resources, { security: { module: outer } })).toBe("module.security.module.keys.aws_kms_key.this");
  });

  test.each<[string, object]>([
    ["no outputs", {}],
    ["other outputs", { outputs: {} }],
    ["an output without an expression", { outputs: { key_arn: {} } }],
  ])("is unknown behind a module with %s", (_, module) => {
    const cluster = created("aws_redshift_cluster.this", {}, keyUnknownFrom("module.keys.key_arn", "module.keys"));
    expect(keyOf([cluster], { keys: { module } })).toBe("unknown until apply");
  });
});

describe("the account of a new key", () => {
  const foreign = "arn:aws:iam::444455556666:root";
  const bypass = { bypass_policy_lockout_safety_check: true };
  const policyWith = (AWS: string | string[], more: object = {}) =>
    policyOf({ Action: "kms:*", Effect: "Allow", Principal: { AWS }, Resource: "*", ...more });

  test.each<[string | undefined, string, Values]>([
    [ACCOUNT, "its only administrator", { policy: policyOf(ADMINISTRATOR) }],
    [ACCOUNT, "the other statements", { policy: policyOf(ADMINISTRATOR, ...allOfForeign("kms:Decrypt")) }],
    [ACCOUNT, "the denials", { policy: policyOf(ADMINISTRATOR, ...allOfForeign("kms:*", "Deny")) }],
    [undefined, "administrators of two accounts", { policy: policyWith([foreign, `arn:aws:iam::${ACCOUNT}:root`]) }],
    [undefined, "everybody", { policy: policyWith("*") }],
    [undefined, "an administrator if the lockout check is bypassed", { policy: policyOf(ADMINISTRATOR), ...bypass }],
  ])("is %s by %s", (account, _, values) => {
    expect(modelOf(created("aws_kms_key.this", values)).keys[0]!.account).toBe(account);
  });

  function allOfForeign(Action: string, Effect = "Allow"): readonly object[] {
    return [{ Action, Effect, Principal: { AWS: foreign }, Resource: "*" }];
  }
});
