import { readPlan } from "../../review/plan/plan";
import { markdownOf } from "../../review/render/markdown";
import { sarifOf } from "../../review/render/sarif";
import { type Report, review } from "../../review/report/report";
import { RULES } from "../../review/rules";
import { ACCOUNT, ADMIN_ARN, CLUSTER_ARN, KEY_ARN, USER_ARN } from "../support/support";

const OTHER_KEY_ARN = KEY_ARN.replace("12345678", "87654321");
const GRANTEE_ARN = `arn:aws:iam::${ACCOUNT}:role/Grantee`;

type Values = Readonly<Record<string, unknown>>;

/** A resource or data source: its change, and how it is configured. */
interface Resource {
  readonly change: Values;
  readonly configured: readonly Values[];
}

/** More of a resource: its expressions, if it is in the configuration, and marks of its values. */
interface More {
  readonly [mark: string]: unknown;
  readonly expressions?: Values;
}

function resource(address: string, action: string, before: Values | null, after: Values | null, more: More): Resource {
  const [, module, data, type, name, index] =
    /^(?:(module\..+)\.)?(data\.)?(\w+)\.(\w+)(?:\["(.+)"\])?$/.exec(address) ?? [];
  const { expressions, ...marks } = more;
  const mode = data === undefined ? "managed" : "data";
  return {
    change: {
      address,
      change: { actions: action.split(" "), after, before, ...marks },
      mode,
      module_address: module,
      name,
      type,
      ...(index !== undefined && { index }),
    },
    configured:
      expressions === undefined ? [] : [{ address: address.replace(/\[.*/, ""), expressions, mode, name, type }],
  };
}

const created = (address: string, after: Values, more: More = {}) => resource(address, "create", null, after, more);
const destroyed = (address: string, before: Values, more: More = {}) => resource(address, "delete", before, null, more);
const kept = (address: string, values: Values, more: More = {}) => resource(address, "no-op", values, values, more);
/** A data source that is read during the apply. */
const read = (address: string, after: Values, more: More = {}) => resource(address, "read", null, after, more);
const replaced = (address: string, before: Values, after: Values, more: More = {}) =>
  resource(address, "delete create", before, after, more);
const updated = (address: string, before: Values, after: Values, more: More = {}) =>
  resource(address, "update", before, after, more);

function reviewed(resources: readonly Resource[], modules: Values = {}, more: Values = {}): Report {
  const plan = {
    configuration: {
      root_module: { module_calls: modules, resources: resources.flatMap(({ configured }) => configured) },
    },
    format_version: "1.2",
    resource_changes: resources.map(({ change }) => change),
    ...more,
  };
  return review(readPlan(JSON.stringify(plan), "plan"));
}

const rules = (...resources: readonly Resource[]): string[] => reviewed(resources).findings.map(({ rule }) => rule);
const found = (rule: string, ...resources: readonly Resource[]) =>
  reviewed(resources).findings.filter((finding) => finding.rule === rule);

const policyOf = (...Statement: readonly object[]): string => JSON.stringify({ Statement, Version: "2012-10-17" });
const allow = (principal: string, action: string, more: object = {}): object => ({
  Action: action,
  Effect: "Allow",
  Principal: { AWS: principal },
  Resource: "*",
  ...more,
});
const ADMINISTRATOR = allow(ADMIN_ARN, "kms:*");
const USER = allow(USER_ARN, "kms:Decrypt");
const IN_ACCOUNT = { Condition: { StringEquals: { "kms:CallerAccount": ACCOUNT } } };

/** A key that the plan creates with these statements. */
const newKey = (...statements: readonly object[]): Resource =>
  created("aws_kms_key.this", { policy: policyOf(...statements) }, { expressions: { policy: {} } });
/** The key of KEY_ARN, with these statements. */
const keyWith = (...statements: readonly object[]): Resource =>
  kept("aws_kms_key.this", { arn: KEY_ARN, policy: policyOf(...statements) }, { expressions: { policy: {} } });
const policyUnknownFrom = (...references: readonly string[]): More => ({
  after_unknown: { policy: true },
  expressions: { policy: { references } },
});
const keyUnknownFrom = (...references: readonly string[]): More => ({
  after_unknown: { kms_key_id: true },
  expressions: { kms_key_id: { references } },
});

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

describe("the table of a key", () => {
  const abilities = (report: Report, principal: string) =>
    report.keys[0]!.principals.find((one) => one.principal === principal)!.abilities;

  test.each([
    "kms:Decrypt",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:GenerateDataKeyPair",
    "kms:GenerateDataKeyPairWithoutPlaintext",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
  ])("shows a principal that may only do %s", (action) => {
    const report = reviewed([newKey(ADMINISTRATOR, allow(USER_ARN, action))]);
    expect(abilities(report, USER_ARN)["encrypt and decrypt"].after).toStrictEqual({
      actions: [action],
      extent: "part",
      limits: [`only ${action}`],
    });
  });

  test("shows no change for a new key", () => {
    const { administer } = abilities(reviewed([newKey(ADMINISTRATOR)]), ADMIN_ARN);
    expect([administer.after.extent, administer.change]).toStrictEqual(["all", "same"]);
  });

  test("names the root of an account that the plan does not show", () => {
    const report = reviewed([created("aws_kms_key.this", {})]);
    expect(report.keys[0]!.principals.map(({ principal }) => principal)).toStrictEqual([
      "the root of the key's account",
    ]);
    expect(abilities(report, "the root of the key's account").administer.after.limits).toStrictEqual([
      "and every role and user of it whom its IAM policies allow",
    ]);
  });

  test("has the default policy for a key without one that leaves the configuration", () => {
    const [key] = reviewed([destroyed("aws_kms_key.this", { arn: KEY_ARN })]).keys;
    expect(key!.policy).toStrictEqual({ after: "none", before: "default" });
  });

  test("has the default policy for an empty one", () => {
    const [key] = reviewed([
      created("aws_kms_key.this", { policy: "" }, { expressions: { policy: { constant_value: "" } } }),
    ]).keys;
    expect(key!.policy).toStrictEqual({ after: "default", before: "none" });
  });

  test("has the principal of a statement that names the key by its ARN", () => {
    const [key] = reviewed([keyWith(allow(USER_ARN, "kms:Decrypt", { Resource: KEY_ARN }))]).keys;
    expect(key!.principals.map(({ principal }) => principal)).toStrictEqual([USER_ARN]);
    expect(key!.unplaced).toStrictEqual([]);
  });
});

describe("the statements beside the table of a key", () => {
  const denial = { Action: "kms:*", Effect: "Deny", NotPrincipal: { AWS: ADMIN_ARN }, Resource: "*" };
  const unplaced = (...resources: readonly Resource[]) => reviewed(resources).keys[0]!.unplaced;
  const document = (statement: readonly object[], more: More = {}) =>
    read("data.aws_iam_policy_document.key", { statement }, more);
  const DOCUMENT = "data.aws_iam_policy_document.key";
  const JSON_OF_DOCUMENT = [`${DOCUMENT}.json`, DOCUMENT];
  const statement = { actions: ["kms:Decrypt"], effect: "Allow", resources: ["*"] };
  const shown = { Action: ["kms:Decrypt"], Effect: "Allow", Resource: ["*"] };

  test("keep those of a key that is destroyed", () => {
    expect(unplaced(destroyed("aws_kms_key.this", { arn: KEY_ARN, policy: policyOf(denial) }))).toStrictEqual([
      { change: "same", statement: denial },
    ]);
  });

  test("include one that the plan removes", () => {
    const [before, after] = [policyOf(ADMINISTRATOR, denial), policyOf(ADMINISTRATOR)];
    expect(
      unplaced(updated("aws_kms_key.this", { arn: KEY_ARN, policy: before }, { arn: KEY_ARN, policy: after })),
    ).toStrictEqual([{ change: "removed", statement: denial }]);
  });

  test("report which part of a policy document is unknown", () => {
    const key = created("aws_kms_key.this", {}, policyUnknownFrom(...JSON_OF_DOCUMENT));
    const unknown = { after_unknown: { json: true, statement: [{ condition: true }] } };
    expect(unplaced(key, document([statement], unknown))).toStrictEqual([
      { change: "same", statement: { ...shown, Condition: "unknown until apply" } },
    ]);
  });

  test("include those of a policy document whose marks are null", () => {
    const key = created("aws_kms_key.this", {}, policyUnknownFrom(...JSON_OF_DOCUMENT));
    expect(unplaced(key, document([statement], { after_sensitive: null, after_unknown: null }))).toStrictEqual([
      { change: "same", statement: shown },
    ]);
  });

  test("leave out those of a sensitive policy", () => {
    const key = created(
      "aws_kms_key.this",
      { policy: policyOf(USER) },
      { after_sensitive: { policy: true }, expressions: { policy: { references: JSON_OF_DOCUMENT } } },
    );
    const report = reviewed([key, document([statement])]);
    expect(report.keys[0]).toMatchObject({ notShown: { after: "sensitive" }, unplaced: [] });
  });

  test("include those of every policy document that a policy is made from", () => {
    const key = (index: string) => created(`aws_kms_key.this["${index}"]`, {}, policyUnknownFrom(DOCUMENT));
    const one = (index: string) => read(`${DOCUMENT}["${index}"]`, { statement: [{ ...statement, sid: index }] });
    expect(unplaced(key("a"), key("b"), one("a"), one("b"))).toStrictEqual([
      { change: "same", statement: { ...shown, Sid: "a" } },
      { change: "same", statement: { ...shown, Sid: "b" } },
    ]);
  });
});

describe("the key of a warehouse", () => {
  const keyOf = (resources: readonly Resource[], modules: Values = {}) =>
    reviewed(resources, modules).warehouses[0]!.key.after;

  test("is the one behind the ARN of an alias", () => {
    const arn = `arn:aws:kms:us-east-1:${ACCOUNT}:alias/analytics`;
    const alias = kept("aws_kms_alias.this", { arn, target_key_id: KEY_ARN });
    expect(keyOf([keyWith(ADMINISTRATOR), alias, kept("aws_redshift_cluster.this", { kms_key_id: arn })])).toBe(
      "aws_kms_key.this",
    );
  });

  test("is the one behind the outputs of a module in a module", () => {
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

describe("a grant for a warehouse", () => {
  const grant = (context: Values) => ({
    constraints: [{ encryption_context_subset: context }],
    operations: ["Decrypt"],
  });
  const ofArn = grant({ "aws:redshift:arn": CLUSTER_ARN });
  const ofCreation = grant({ "aws:redshift:arn": CLUSTER_ARN, "aws:redshift:createtime": "20260101T000000Z" });
  const cluster = { arn: CLUSTER_ARN, cluster_identifier: "analytics" };
  const orphaned = (...resources: readonly Resource[]) => {
    const { findings, warehouses } = reviewed(resources);
    const addresses = findings.filter(({ rule }) => rule === "grant-orphaned").map(({ address }) => address);
    expect(warehouses[0]!.orphanedGrants).toStrictEqual(addresses);
    return addresses;
  };

  test("is not orphaned if the warehouse stays", () => {
    expect(orphaned(kept("aws_kms_grant.this", ofArn), kept("aws_redshift_cluster.this", cluster))).toStrictEqual([]);
  });

  test("is orphaned if the warehouse is destroyed, also if the grant is new", () => {
    const gone = destroyed("aws_redshift_cluster.this", cluster);
    expect(orphaned(kept("aws_kms_grant.this", ofArn), gone)).toStrictEqual(["aws_kms_grant.this"]);
    expect(orphaned(created("aws_kms_grant.this", ofArn), gone)).toStrictEqual(["aws_kms_grant.this"]);
    expect(orphaned(destroyed("aws_kms_grant.this", ofArn), gone)).toStrictEqual([]);
  });

  test("is orphaned by a new cluster of the same identifier only if it is limited to the creation time", () => {
    const again = replaced("aws_redshift_cluster.this", cluster, { cluster_identifier: "analytics" });
    expect(orphaned(kept("aws_kms_grant.arn", ofArn), kept("aws_kms_grant.time", ofCreation), again)).toStrictEqual([
      "aws_kms_grant.time",
    ]);
  });

  test("has a grantee that is destroyed only if the plan destroys the role", () => {
    const ofGrantee = kept("aws_kms_grant.this", { ...ofArn, grantee_principal: GRANTEE_ARN });
    const role = { arn: GRANTEE_ARN };
    expect(rules(ofGrantee, destroyed("aws_iam_role.this", role))).toContain("grant-deleted-grantee");
    expect(rules(ofGrantee, kept("aws_iam_role.this", role))).not.toContain("grant-deleted-grantee");
  });
});

describe("a key policy", () => {
  const callerOf = (arn: string) => ({
    prior_state: {
      values: {
        root_module: {
          resources: [
            { address: "data.aws_caller_identity.this", mode: "data", type: "aws_caller_identity", values: { arn } },
          ],
        },
      },
    },
  });

  test.each<[string, Values]>([
    ["aws:PrincipalAccount", { StringEquals: { "aws:PrincipalAccount": ACCOUNT } }],
    ["aws:PrincipalArn", { ArnLike: { "aws:PrincipalArn": `arn:aws:iam::${ACCOUNT}:role/*` } }],
    ["aws:PrincipalOrgID", { StringEquals: { "aws:PrincipalOrgID": "o-example" } }],
    ["aws:PrincipalOrgPaths", { "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "o-example/r-root/*" } }],
    ["aws:SourceAccount", { StringEquals: { "aws:SourceAccount": ACCOUNT } }],
    ["aws:SourceVpc", { StringEquals: { "aws:SourceVpc": "vpc-1" } }],
    ["aws:SourceVpce", { StringEquals: { "aws:SourceVpce": "vpce-1" } }],
    ["aws:userid", { StringLike: { "aws:userid": "AROAEXAMPLE:*" } }],
    ["kms:CallerAccount", { StringEquals: { "kms:CallerAccount": ACCOUNT } }],
  ])("is not public if %s limits everybody", (_, Condition) => {
    expect(rules(newKey(ADMINISTRATOR, allow("*", "kms:Decrypt")))).toContain("key-policy-public");
    expect(rules(newKey(ADMINISTRATOR, allow("*", "kms:Decrypt", { Condition })))).not.toContain("key-policy-public");
  });

  test.each<[string, object]>([
    ["denies", { Action: "kms:*", Effect: "Deny", NotPrincipal: { AWS: ADMIN_ARN }, Resource: "*" }],
    ["has no resource", allow(ADMIN_ARN, "kms:*", { Resource: undefined })],
    ["is for a service", allow("", "kms:*", { Principal: { Service: "redshift.amazonaws.com" } })],
  ])("locks out everyone if the only statement on changing it %s", (_, statement) => {
    expect(rules(newKey(USER, statement))).toContain("key-policy-locks-out-everyone");
  });

  test("does not lock out its caller if it allows everybody of the account", () => {
    const caller = callerOf(`arn:aws:sts::${ACCOUNT}:assumed-role/Deployer/me`);
    const locksOut = (...statements: readonly object[]) =>
      reviewed([newKey(...statements)], {}, caller).findings.some(({ rule }) => rule === "key-policy-locks-out-caller");
    expect(locksOut(ADMINISTRATOR)).toBe(true);
    expect(locksOut(allow("*", "kms:*", IN_ACCOUNT))).toBe(false);
  });

  test("lets the Data API create its grant if it allows everybody of the account", () => {
    const cluster = kept("aws_redshift_cluster.this", { arn: CLUSTER_ARN, kms_key_id: KEY_ARN });
    expect(rules(keyWith(ADMINISTRATOR), cluster)).toContain("key-policy-no-data-api-grant");
    expect(rules(keyWith(allow("*", "kms:*", IN_ACCOUNT)), cluster)).not.toContain("key-policy-no-data-api-grant");
  });

  test("needs the service of the Region that a new namespace names", () => {
    const namespace = created("aws_redshiftserverless_namespace.this", { kms_key_id: KEY_ARN, region: "eu-west-1" });
    const [finding] = found("key-policy-no-data-api-grant", keyWith(ADMINISTRATOR), namespace);
    expect(finding?.remedy).toContain(" kms:ViaService is redshift-serverless.eu-west-1.amazonaws.com ");
  });

  test("bypasses the lockout check if only the resource of the policy does", () => {
    const policy = { bypass_policy_lockout_safety_check: true, key_id: KEY_ARN, policy: policyOf(ADMINISTRATOR) };
    const key = kept("aws_kms_key.this", { arn: KEY_ARN, bypass_policy_lockout_safety_check: false });
    expect(rules(key, created("aws_kms_key_policy.this", policy))).toContain("key-policy-lockout-check-bypassed");
  });

  test("is not reset if a new key has none", () => {
    expect(rules(created("aws_kms_key.this", {}, { expressions: {} }))).not.toContain("key-policy-reset");
  });

  test("has every administrator in one finding who is also a user", () => {
    const both = [ADMIN_ARN, USER_ARN].flatMap((arn) => [allow(arn, "kms:*"), allow(arn, "kms:Decrypt")]);
    const [finding] = found("key-policy-administrator-is-user", newKey(...both));
    expect(finding?.consequence).toContain(`${ADMIN_ARN}, ${USER_ARN} may both manage the key`);
  });
});

describe("a key or its alias", () => {
  test("has every warehouse in one finding if it is disabled", () => {
    const cluster = (name: string) => kept(`aws_redshift_cluster.${name}`, { kms_key_id: KEY_ARN });
    const key = kept("aws_kms_key.this", { arn: KEY_ARN, is_enabled: false });
    const [finding] = found("key-disabled", key, cluster("one"), cluster("two"));
    expect(finding?.consequence).toMatch(/^aws_redshift_cluster\.one, aws_redshift_cluster\.two cannot be queried /);
  });

  test.each([
    ["is created", created("aws_kms_alias.this", { target_key_id: KEY_ARN })],
    [
      "changes otherwise",
      updated(
        "aws_kms_alias.this",
        { name: "alias/one", target_key_id: KEY_ARN },
        { name: "alias/two", target_key_id: KEY_ARN },
      ),
    ],
  ])("does not move if the alias %s", (_, alias) => {
    expect(rules(alias)).not.toContain("key-alias-moved");
  });
});

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
    expect(rules(rolePolicy(decrypt))).toContain("role-decrypts-with-every-key");
    expect(rules(rolePolicy({ ...decrypt, Condition: { StringEquals: { [key]: value } } }))).not.toContain(
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
    expect(found("role-decrypts-with-every-key", role).map(({ address }) => address)).toStrictEqual([
      "aws_iam_role.this",
    ]);
  });

  test("logs in as any database user if only one of its resources is all users", () => {
    const arn = (rest: string) => `arn:aws:redshift:us-east-1:${ACCOUNT}:${rest}`;
    const Resource = [arn("dbname:analytics/dev"), arn("dbuser:analytics/*")];
    expect(rules(rolePolicy({ Action: "redshift:GetClusterCredentials", Resource }))).toContain(
      "role-any-database-user",
    );
  });
});

describe("a cluster", () => {
  const under = (arn: string) => ({ encrypted: true, kms_key_id: arn });

  test("changes its key if it takes the ARN of another key that is not in the plan", () => {
    const cluster = updated("aws_redshift_cluster.this", under(KEY_ARN), under(OTHER_KEY_ARN));
    expect(rules(cluster)).toContain("warehouse-key-changed");
    expect(rules(keyWith(ADMINISTRATOR), cluster)).toContain("warehouse-key-changed");
  });

  test.each([
    ["is encrypted in place", updated("aws_redshift_cluster.this", { encrypted: false }, under(KEY_ARN))],
    ["is replaced", replaced("aws_redshift_cluster.this", under(KEY_ARN), under(OTHER_KEY_ARN))],
    ["takes an ARN in place of an alias", updated("aws_redshift_cluster.this", under("alias/a"), under(KEY_ARN))],
    ["takes another port", updated("aws_redshift_cluster.this", under(KEY_ARN), { ...under(KEY_ARN), port: 5440 })],
    [
      "takes a key that is unknown",
      updated(
        "aws_redshift_cluster.this",
        under(KEY_ARN),
        { encrypted: true },
        keyUnknownFrom("data.aws_kms_key.other.arn"),
      ),
    ],
  ])("does not change its key if it %s", (_, cluster) => {
    expect(rules(cluster)).not.toContain("warehouse-key-changed");
  });

  test("has the ARN of its key if it takes the target of an alias from a data source", () => {
    const alias = read("data.aws_kms_alias.this", { name: "alias/analytics" }, { after_unknown: { arn: true } });
    const cluster = created(
      "aws_redshift_cluster.this",
      {},
      keyUnknownFrom("data.aws_kms_alias.this.target_key_arn", "data.aws_kms_alias.this"),
    );
    expect(rules(alias, cluster)).not.toContain("warehouse-key-not-arn");
  });

  test("needs no TLS if a parameter group that it names without a reference does not require it", () => {
    const parameter = [{ name: "require_ssl", value: "false" }];
    const [finding] = found(
      "warehouse-tls-not-required",
      created("aws_redshift_parameter_group.this", { family: "redshift-2.0", name: "open", parameter }),
      created("aws_redshift_cluster.this", { cluster_parameter_group_name: "open" }),
    );
    expect(finding?.consequence).toContain("(aws_redshift_parameter_group.this)");
  });

  test("needs no TLS if a parameter group that it refers to, of an unknown name, does not require it", () => {
    const group = (name: string, family: string) =>
      created(`aws_redshift_parameter_group.${name}`, { family }, { after_unknown: { name: true } });
    const references = ["aws_redshift_parameter_group.open.name", "aws_redshift_parameter_group.open"];
    const [finding] = found(
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

describe("markdown", () => {
  const markdown = (...resources: readonly Resource[]) => markdownOf([reviewed(resources)]);
  const diagram = (...resources: readonly Resource[]) =>
    /```mermaid\n([^]*?)\n```/.exec(markdown(...resources))?.[1]?.split("\n");

  test("has one section for a plan that changes nothing", () => {
    expect(markdown()).toBe(
      [
        "## Review of the plan: 0 errors, 0 warnings, 0 notes, 0 ignored\n",
        "<details>\n<summary>What changes</summary>\n",
        "Nothing changes.\n",
        "</details>\n",
      ].join("\n"),
    );
  });

  test("has a title for each of several plans", () => {
    expect(markdownOf([reviewed([]), reviewed([])]).match(/^### .*$/gm)).toStrictEqual(["### `plan`", "### `plan`"]);
  });

  test("has an address with a vertical line as escaped code", () => {
    expect(markdown(created('aws_kms_key.this["a|b"]', {}))).toContain(
      '\n- **create** key <code>aws_kms_key.this&#91;"a&#124;b"&#93;</code>\n',
    );
  });

  test("lists the encryption context of a warehouse", () => {
    const cluster = kept("aws_redshift_cluster.this", { arn: CLUSTER_ARN, kms_key_id: KEY_ARN });
    expect(markdown(cluster)).toContain(
      [
        "- `aws_redshift_cluster.this` (no change)",
        `  - key: ${KEY_ARN}`,
        `  - aws:redshift:arn: ${CLUSTER_ARN}`,
        "  - aws:redshift:createtime: no attribute of Terraform tells it",
        "  - serviceName: RedshiftDataAPI",
      ].join("\n"),
    );
  });

  test("draws a warehouse under a key that is not in the plan", () => {
    expect(diagram(kept("aws_redshift_cluster.this", { kms_key_id: KEY_ARN }))).toStrictEqual([
      "flowchart LR",
      `  n0["${KEY_ARN}"]`,
      '  n1["aws_redshift_cluster.this"]',
      "  n0 -->|encrypts| n1",
    ]);
  });

  test("draws everybody, and who reaches a new key in plain arrows", () => {
    expect(diagram(newKey(allow("*", "kms:CreateGrant", IN_ACCOUNT), USER))).toStrictEqual([
      "flowchart LR",
      '  n0["everybody"]',
      '  n1["aws_kms_key.this"]',
      `  n2["${USER_ARN}"]`,
      "  n0 -->|make grants| n1",
      "  n2 -->|encrypt and decrypt, make grants| n1",
    ]);
  });

  test.each<[string, string, Values, More]>([
    ["gains", "==>", { policy: policyOf(ADMINISTRATOR, USER) }, {}],
    ["loses", "-.->", { policy: policyOf(ADMINISTRATOR) }, {}],
    ["keeps a part of", "-->", { policy: policyOf(ADMINISTRATOR, allow(USER_ARN, "kms:Encrypt")) }, {}],
    ["may lose", "-->", {}, policyUnknownFrom("aws_iam_role.this.arn")],
  ])("draws who %s the use of a key in %s", (_, arrow, after, more) => {
    const before = { policy: policyOf(ADMINISTRATOR, ...(arrow === "==>" ? [] : [USER])) };
    const key = updated("aws_kms_key.this", { arn: KEY_ARN, ...before }, { arn: KEY_ARN, ...after }, more);
    expect(diagram(key)?.filter((line) => line.includes("|encrypt and decrypt|"))).toStrictEqual([
      `  n2 ${arrow}|encrypt and decrypt| n1`,
    ]);
  });
});

test("SARIF has the severity of each rule", () => {
  const { runs } = sarifOf([]) as {
    runs: [{ tool: { driver: { rules: { defaultConfiguration: { level: string }; id: string }[] } } }];
  };
  const levels = runs[0].tool.driver.rules.map(({ defaultConfiguration: { level }, id }) => [id, level]);
  expect(levels).toStrictEqual(RULES.map(({ id, severity }) => [id, severity]));
});

test.each<[string, Values]>([
  ["configuration", { configuration: [] }],
  [
    "resource_changes",
    {
      resource_changes: [
        { address: "a.b", change: { actions: ["delete"] }, deposed: 1, mode: "managed", name: "b", type: "a" },
      ],
    },
  ],
])("a plan is refused if its %s has another type", (part, values) => {
  const plan = JSON.stringify({ format_version: "1.2", resource_changes: [], ...values });
  expect(() => readPlan(plan, "plan")).toThrow(
    `plan has ${part} that are not laid out as Terraform does it: it must be a plan as \`terraform show -json\` prints it`,
  );
});
