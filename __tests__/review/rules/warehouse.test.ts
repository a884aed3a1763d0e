import { CLUSTER_ARN, KEY_ARN } from "../../support/arns";
import {
  ADMINISTRATOR,
  created,
  destroyed,
  findingsOf,
  forgotten,
  kept,
  keyUnknownFrom,
  keyWith,
  newKey,
  readDuringApply,
  replaced,
  type Resource,
  type ResourceDetails,
  reviewed,
  ruleIds,
  updated,
  type Values,
} from "../support/small-plan";

const OTHER_KEY_ARN = KEY_ARN.replace("12345678", "87654321");
const under = (arn: string) => ({ encrypted: true, kms_key_id: arn });

describe("a cluster or namespace", () => {
  test("has the finding warehouse-key-changed if it gets the ARN of a key that is not in the plan", () => {
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
    const withPassword = (expression: object) =>
      findingsOf(
        "warehouse-password-in-code",
        created("aws_redshift_cluster.this", under(KEY_ARN), { expressions: { master_password_wo: expression } }),
      ).map(({ consequence }) => consequence);
    expect(withPassword({ constant_value: "hunter2" })).toStrictEqual([
      "master_password_wo is in the configuration. Everybody who can read the code can read the password.",
    ]);
    expect(withPassword({ references: ["ephemeral.random_password.admin.result"] })).toStrictEqual([]);
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

  test.each([
    ["arn", []],
    ["key_id", ["Set kms_key_id to aws_kms_key.this.arn."]],
  ])("has the findings of the %s that is the target_key_id of its alias", (attribute, remedies) => {
    const alias = created(
      "aws_kms_alias.this",
      {},
      {
        after_unknown: { target_key_id: true },
        expressions: { target_key_id: { references: [`aws_kms_key.this.${attribute}`, "aws_kms_key.this"] } },
      },
    );
    const cluster = created(
      "aws_redshift_cluster.this",
      {},
      keyUnknownFrom("aws_kms_alias.this.target_key_id", "aws_kms_alias.this"),
    );
    const findings = findingsOf("warehouse-key-not-arn", newKey(), alias, cluster);
    expect(findings.map(({ remedy }) => remedy)).toStrictEqual(remedies);
  });

  test("has a remedy with target_key_arn for the ID of an alias", () => {
    const alias = created("aws_kms_alias.this", {}, { after_unknown: { id: true } });
    const cluster = created("aws_redshift_cluster.this", {}, keyUnknownFrom("aws_kms_alias.this.id"));
    expect(findingsOf("warehouse-key-not-arn", alias, cluster)[0]?.remedy).toContain("target_key_arn");
  });

  test("needs no TLS if a parameter group that it names as a string does not require TLS", () => {
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

  test("needs no TLS if a parameter group of an unknown name, to which it refers, does not require TLS", () => {
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

/** The findings of a rule, or why it is not judged. */
const verdict = (id: string, resources: readonly Resource[]) => {
  const { findings, notJudged } = reviewed(resources);
  return [
    ...findings.filter(({ rule }) => rule === id).map(({ address }) => address),
    ...notJudged.filter(({ rule }) => rule === id).map(({ address, reason }) => `${address}: ${reason}`),
  ];
};

const C = "aws_redshift_cluster.c";
const N = "aws_redshiftserverless_namespace.n";
const HIDDEN_KEY = { after_sensitive: { kms_key_id: true }, before_sensitive: { kms_key_id: true } };
const keyReplaced = replaced("aws_kms_key.this", { arn: KEY_ARN }, {}, { after_unknown: { arn: true } });
const fromAlias = (attribute: string) => keyUnknownFrom(`aws_kms_alias.a.${attribute}`, "aws_kms_alias.a");
const newAlias = created("aws_kms_alias.a", { name: "alias/a" });

test.each<[string, string, readonly Resource[], readonly string[]]>([
  [
    "warehouse-key-changed",
    "a key that the plan creates again",
    [keyReplaced, updated(C, under(KEY_ARN), { encrypted: true }, keyUnknownFrom("aws_kms_key.this.arn"))],
    [C],
  ],
  ["warehouse-key-changed", "an alias in place of an ARN", [updated(C, under(KEY_ARN), under("alias/a"))], []],
  [
    "warehouse-key-changed",
    "a sensitive key",
    [updated(C, under(KEY_ARN), { ...under(OTHER_KEY_ARN), port: 1 }, HIDDEN_KEY)],
    [`${C}: kms_key_id is sensitive`],
  ],
  [
    "warehouse-key-changed",
    "a key that was sensitive",
    [updated(C, under(KEY_ARN), { encrypted: true, port: 1 }, { before_sensitive: { kms_key_id: true } })],
    [`${C}: kms_key_id is sensitive`],
  ],
  ["warehouse-key-changed", "a sensitive key of a new cluster", [created(C, under(KEY_ARN), HIDDEN_KEY)], []],
  ["warehouse-key-changed", "the key of a namespace", [updated(N, under(KEY_ARN), under(OTHER_KEY_ARN))], []],
  ["warehouse-key-changed", "a sensitive key of a namespace", [updated(N, under(KEY_ARN), under("a"), HIDDEN_KEY)], []],
  ["warehouse-namespace-key-changed", "another key", [updated(N, under(KEY_ARN), under(OTHER_KEY_ARN))], [N]],
  ["warehouse-namespace-key-changed", "a new namespace", [created(N, under(KEY_ARN), HIDDEN_KEY)], []],
  ["warehouse-namespace-key-changed", "a cluster", [updated(C, under(KEY_ARN), under(OTHER_KEY_ARN))], []],
  [
    "warehouse-namespace-key-changed",
    "a sensitive key of a cluster",
    [updated(C, under("a"), under("b"), HIDDEN_KEY)],
    [],
  ],
  [
    "warehouse-namespace-key-changed",
    "a namespace that is created again",
    [replaced(N, under(KEY_ARN), under(OTHER_KEY_ARN))],
    [],
  ],
  [
    "warehouse-namespace-key-changed",
    "a sensitive key",
    [updated(N, under(KEY_ARN), under("a"), HIDDEN_KEY)],
    [`${N}: kms_key_id is sensitive`],
  ],
  ["warehouse-key-not-arn", "the ID of an alias", [newAlias, created(C, {}, fromAlias("id"))], [C]],
  [
    "warehouse-key-not-arn",
    "a known ARN",
    [newAlias, created(C, under(KEY_ARN), { expressions: { kms_key_id: { references: ["aws_kms_alias.a.id"] } } })],
    [],
  ],
  ["warehouse-not-encrypted", "a namespace", [created(N, { encrypted: false })], []],
  ["warehouse-not-shown", "a sensitive key of a namespace", [created(N, under(KEY_ARN), HIDDEN_KEY)], [N]],
  ["warehouse-tls-not-required", "a cluster that the plan destroys", [destroyed(C, {})], []],
  [
    "warehouse-tls-not-required",
    "a sensitive parameter group",
    [created(C, { cluster_parameter_group_name: "g" }, { after_sensitive: { cluster_parameter_group_name: true } })],
    [`${C}: cluster_parameter_group_name is sensitive`],
  ],
  [
    "warehouse-tls-not-required",
    "the default group of redshift-2.0",
    [created(C, { cluster_parameter_group_name: "default.redshift-2.0" })],
    [],
  ],
  [
    "warehouse-tls-not-required",
    "the default group of redshift-1.0",
    [created(C, { cluster_parameter_group_name: "default.redshift-1.0" })],
    [C],
  ],
  [
    "warehouse-tls-not-required",
    "a cluster that the plan destroys, and its group",
    [
      kept("aws_redshift_parameter_group.g", { family: "redshift-1.0", name: "open" }),
      destroyed(
        C,
        {},
        { expressions: { cluster_parameter_group_name: { references: ["aws_redshift_parameter_group.g"] } } },
      ),
    ],
    [],
  ],
  [
    "warehouse-password-in-code",
    "a cluster that the plan destroys",
    [destroyed(C, {}, { expressions: { master_password: { constant_value: "x" } } })],
    [],
  ],
  [
    "warehouse-password-in-code",
    "a write-only password beside another one",
    [
      created(
        C,
        { master_password: "x" },
        { expressions: { master_password: { references: ["var.p"] }, master_password_wo: { constant_value: "y" } } },
      ),
    ],
    [C],
  ],
  [
    "warehouse-no-final-snapshot",
    "a cluster that is created again",
    [replaced(C, { skip_final_snapshot: true }, {})],
    [C],
  ],
  [
    "warehouse-no-final-snapshot",
    "a sensitive value of a cluster that is created again",
    [replaced(C, { skip_final_snapshot: true }, {}, { before_sensitive: { skip_final_snapshot: true } })],
    [`${C}: skip_final_snapshot is sensitive`],
  ],
  [
    "warehouse-no-final-snapshot",
    "a sensitive value of a cluster that stays",
    [kept(C, { skip_final_snapshot: true }, { before_sensitive: { skip_final_snapshot: true } })],
    [],
  ],
  ["warehouse-key-of-other-account", "the ID of a key", [kept(C, { arn: CLUSTER_ARN, kms_key_id: "1234abcd" })], []],
  [
    "warehouse-key-of-other-account",
    "a key of an unknown account",
    [
      kept(C, { arn: CLUSTER_ARN }, keyUnknownFrom("aws_kms_key.this.arn")),
      created("aws_kms_key.this", {}, { expressions: {} }),
    ],
    [],
  ],
])("%s has the expected verdict for %s", (id, _, resources, expected) => {
  expect(verdict(id, resources)).toStrictEqual(expected);
});

test.each<[string, object, object, string]>([
  ["two keys of the account", under(KEY_ARN), under(OTHER_KEY_ARN), "Redshift Serverless encrypts the namespace"],
  [
    "first a key and then a key that AWS owns",
    under(KEY_ARN),
    {},
    "The key before or after this change is one that AWS owns.",
  ],
  [
    "first a key that AWS owns and then a key",
    {},
    under(KEY_ARN),
    "The key before or after this change is one that AWS owns.",
  ],
])("the finding of a namespace under %s has the expected consequence", (_, before, after, text) => {
  const namespace = updated(N, { ...before }, { ...after });
  expect(findingsOf("warehouse-namespace-key-changed", namespace)[0]?.consequence).toContain(text);
});

test("the finding of a replaced warehouse has the attributes that force it", () => {
  const consequence = (more: object) =>
    findingsOf("warehouse-replaced", replaced(C, {}, {}, { ...more }))[0]?.consequence;
  expect(consequence({})).toBe("The cluster and its data are deleted, and an empty one is created.");
  expect(consequence({ replace_paths: [["vpc", 0, "id"], ["a"]] })).toContain(" created, because of vpc.0.id, a.");
});

describe("warehouse-rotation-paused", () => {
  const RULE = "warehouse-rotation-paused";
  const A = "aws_redshift_scheduled_action.a";
  const cluster = kept(C, { cluster_identifier: "c", manage_master_password: true });
  const unnamed = created(
    C,
    { manage_master_password: true },
    { after_unknown: { cluster_identifier: true }, expressions: { cluster_identifier: {} } },
  );
  const action = (target: Values, more: Values = {}, details: ResourceDetails = {}) =>
    created(A, { target_action: [target], ...more }, details);
  const toCluster = { expressions: { target_action: [{ cluster_identifier: { references: [C] } }] } };
  const asNew = (operation: string, details: ResourceDetails): ResourceDetails => ({
    after_unknown: { target_action: [{ [operation]: [{ cluster_identifier: true }] }] },
    ...details,
  });

  test.each<[string, readonly Resource[], readonly string[]]>([
    ["the cluster that it names", [cluster, action({ pause_cluster: [{ cluster_identifier: "c" }] })], [C]],
    ["another cluster", [cluster, action({ pause_cluster: [{ cluster_identifier: "d" }] })], []],
    [
      "no cluster, and is disabled",
      [cluster, action({ pause_cluster: [{ cluster_identifier: "c" }] }, { enable: false })],
      [],
    ],
    ["the cluster to which it refers", [cluster, action({ pause_cluster: [{}] }, {}, toCluster)], [C]],
    ["a new cluster", [cluster, action({ pause_cluster: [{}] }, {}, asNew("pause_cluster", toCluster))], [C]],
    [
      "a new cluster to which it does not refer",
      [cluster, action({ pause_cluster: [{}] }, {}, asNew("pause_cluster", { expressions: { target_action: [{}] } }))],
      [`${A}: target_action is unknown until apply`],
    ],
    [
      "a new resource of another type",
      [
        created("terraform_data.t", {}),
        action(
          { pause_cluster: [{}] },
          {},
          asNew("pause_cluster", {
            expressions: { target_action: [{ cluster_identifier: { references: ["terraform_data.t"] } }] },
          }),
        ),
      ],
      [`${A}: target_action is unknown until apply`],
    ],
    [
      "a cluster if a sensitive value is true",
      [cluster, action({ pause_cluster: [{ cluster_identifier: "c" }] }, {}, { after_sensitive: { enable: true } })],
      [C],
    ],
    [
      "a cluster if a variable is true",
      [cluster, action({}, {}, { after_unknown: { target_action: [{ pause_cluster: true }] }, ...toCluster })],
      [`${A}: target_action is unknown until apply`],
    ],
    ["no cluster, and resumes one", [cluster, action({ resume_cluster: [{}] }, {}, toCluster)], []],
    [
      "no cluster, and resumes a new one",
      [cluster, action({ pause_cluster: [], resume_cluster: [{}] }, {}, asNew("resume_cluster", toCluster))],
      [],
    ],
    [
      "a cluster of an unknown identifier",
      [unnamed, action({ pause_cluster: [{ cluster_identifier: "d" }] })],
      [`${C}: cluster_identifier is unknown until apply`],
    ],
    ["no cluster of an unknown identifier", [unnamed, action({ resume_cluster: [{ cluster_identifier: "d" }] })], []],
    [
      "a cluster that is not shown",
      [cluster, action({}, {}, { after_sensitive: { target_action: true } })],
      [`${A}: target_action is sensitive`],
    ],
    ["no cluster after the plan", [cluster, destroyed(A, { target_action: [{ pause_cluster: [{}] }] }, toCluster)], []],
  ])("has the expected verdict for an action that pauses %s", (_, resources, expected) => {
    expect(verdict(RULE, resources)).toStrictEqual(expected);
  });

  const S = "aws_scheduler_schedule.s";
  const toPause = { arn: "arn:aws:scheduler:::aws-sdk:redshift:pauseCluster" };
  const schedule = (target: Values, more: Values = {}, details: ResourceDetails = {}) =>
    created(S, { target: [target], ...more }, details);
  const inputOf = (identifier: string) => JSON.stringify({ ClusterIdentifier: identifier });
  const newInput = (...references: readonly string[]): ResourceDetails => ({
    after_unknown: { target: [{ input: true }] },
    expressions: { target: [{ arn: {}, input: { references } }] },
  });

  test.each<[string, readonly Resource[], readonly string[]]>([
    ["the cluster that it names", [cluster, schedule({ ...toPause, input: inputOf("c") })], [C]],
    ["another cluster", [cluster, schedule({ ...toPause, input: inputOf("d") })], []],
    [
      "no cluster, and is disabled",
      [cluster, schedule({ ...toPause, input: inputOf("c") }, { state: "DISABLED" })],
      [],
    ],
    [
      "no cluster, and resumes one",
      [cluster, schedule({ arn: "arn:aws:scheduler:::aws-sdk:redshift:resumeCluster", input: inputOf("c") })],
      [],
    ],
    ["no cluster, and has no input", [cluster, schedule({ ...toPause, input: "no JSON" })], []],
    ["the cluster to which it refers", [cluster, schedule(toPause, {}, newInput(`${C}.cluster_identifier`, C))], [C]],
    [
      "a cluster that is not shown",
      [cluster, schedule(toPause, {}, newInput())],
      [`${S}: target is unknown until apply`],
    ],
    [
      "a cluster of a sensitive input",
      [cluster, schedule(toPause, {}, { after_sensitive: { target: [{ input: true }] } })],
      [`${S}: target is sensitive`],
    ],
    [
      "no cluster, and starts a new function",
      [
        cluster,
        schedule({}, {}, { after_unknown: { target: [{ arn: true }] }, expressions: { target: [{ arn: {} }] } }),
      ],
      [],
    ],
  ])("has the expected verdict for a schedule of EventBridge Scheduler that pauses %s", (_, resources, expected) => {
    expect(verdict(RULE, resources)).toStrictEqual(expected);
  });

  test("names the action by its name, or by its address", () => {
    const target = { pause_cluster: [{ cluster_identifier: "c" }] };
    const consequences = [{ name: "nightly" }, {}].map(
      (name) => findingsOf(RULE, cluster, action(target, name))[0]?.consequence,
    );
    expect(consequences).toStrictEqual([
      expect.stringMatching(/^nightly pauses the cluster\./),
      expect.stringMatching(/^aws_redshift_scheduled_action\.a pauses the cluster\./),
    ]);
  });
});

describe("warehouse-snapshot-copy-without-grant", () => {
  const COPY = "aws_redshift_snapshot_copy.s";
  const cluster = (values: Values = {}, details: ResourceDetails = {}) =>
    kept(C, { ...under(KEY_ARN), cluster_identifier: "c", ...values }, details);
  const copy = (values: Values = {}, details: ResourceDetails = {}) =>
    created(COPY, { cluster_identifier: "c", ...values }, details);
  const toCluster = {
    after_unknown: { cluster_identifier: true },
    expressions: { cluster_identifier: { references: [`${C}.cluster_identifier`, C] } },
  };
  const hiddenEncryption = { after_sensitive: { encrypted: true } };

  test.each<[string, readonly Resource[], readonly string[]]>([
    ["a block", [cluster({ snapshot_copy: [{}] })], [C]],
    ["a block with a grant", [cluster({ snapshot_copy: [{ grant_name: "g" }] })], []],
    ["a block of a cluster under a key that AWS owns", [cluster({ kms_key_id: null, snapshot_copy: [{}] })], []],
    ["a block of a cluster without encryption", [cluster({ encrypted: false, snapshot_copy: [{}] })], []],
    [
      "a block of a cluster whose encryption is hidden",
      [cluster({ snapshot_copy: [{}] }, hiddenEncryption)],
      [`${C}: encrypted is sensitive`],
    ],
    ["no copy of a cluster whose encryption is hidden", [cluster({}, hiddenEncryption)], []],
    [
      "a copy of a cluster whose encryption is hidden",
      [cluster({}, hiddenEncryption), copy()],
      [`${C}: encrypted is sensitive`],
    ],
    ["a copy", [cluster(), copy()], [COPY]],
    ["a copy by a reference", [cluster(), copy({ cluster_identifier: undefined }, toCluster)], [COPY]],
    ["a copy with a grant", [cluster(), copy({ snapshot_copy_grant_name: "g" })], []],
    ["a copy of another cluster", [cluster(), copy({ cluster_identifier: "d" })], []],
    ["a copy that the plan destroys", [cluster(), destroyed(COPY, {}, toCluster)], []],
    [
      "a copy of an unknown cluster",
      [cluster(), copy({ cluster_identifier: undefined }, { ...toCluster, expressions: { cluster_identifier: {} } })],
      [`${COPY}: cluster_identifier is unknown until apply`],
    ],
  ])("has the expected verdict for %s", (_, resources, expected) => {
    expect(verdict("warehouse-snapshot-copy-without-grant", resources)).toStrictEqual(expected);
  });
});

describe("warehouse-not-shown", () => {
  const RULE = "warehouse-not-shown";
  const W = "aws_redshiftserverless_workgroup.w";
  const GROUP = "aws_security_group.g";
  const addressesOf = (...resources: readonly Resource[]) =>
    findingsOf(RULE, ...resources).map(({ address }) => address);
  const sensitive = (name: string, ...references: readonly string[]): ResourceDetails => ({
    after_sensitive: { [name]: true },
    expressions: { [name]: { references } },
  });
  const unknown = (name: string, ...references: readonly string[]): ResourceDetails => ({
    after_unknown: { [name]: true },
    expressions: { [name]: { references } },
  });
  const lost = (address: string, name: string, value: unknown, ...references: readonly string[]): Resource =>
    updated(address, { [name]: value }, {}, unknown(name, ...references));
  const group = (details: ResourceDetails = {}) =>
    kept(GROUP, { id: "sg-1", ingress: [{ cidr_blocks: ["10.0.0.0/8"] }] }, details);
  const cluster = kept(C, { vpc_security_group_ids: ["sg-1"] });

  test.each([
    [C, "vpc_security_group_ids"],
    [W, "security_group_ids"],
    ["aws_redshift_endpoint_access.e", "vpc_security_group_ids"],
    ["aws_redshiftserverless_endpoint_access.e", "vpc_security_group_ids"],
  ])("finds %s with %s that are sensitive, or unknown in place of known ones", (address, name) => {
    const ids = { [name]: ["sg-1"] };
    expect(addressesOf(group(), created(address, ids, sensitive(name, "var.groups")))).toStrictEqual([address]);
    expect(addressesOf(group(), lost(address, name, ["sg-1"], "terraform_data.x.output"))).toStrictEqual([address]);
    expect(addressesOf(group(), lost(address, name, ["sg-1"], `${GROUP}.id`, GROUP))).toStrictEqual([]);
    expect(addressesOf(created(address, {}, unknown(name, "terraform_data.x.output")))).toStrictEqual([]);
  });

  const NEW = { after_unknown: { arn: true, id: true, key_id: true }, expressions: {} };
  test.each<[string, string, string, Resource]>([
    [C, "kms_key_id", "aws_kms_key.k.arn", created("aws_kms_key.k", {}, NEW)],
    [C, "kms_key_id", "aws_kms_replica_key.k.arn", created("aws_kms_replica_key.k", {}, NEW)],
    [N, "kms_key_id", "aws_kms_key.k.arn", created("aws_kms_key.k", {}, NEW)],
    [
      C,
      "cluster_parameter_group_name",
      "aws_redshift_parameter_group.p.name",
      created("aws_redshift_parameter_group.p", { family: "redshift-2.0", parameter: [] }, unknown("name")),
    ],
    [
      "aws_redshift_snapshot_copy.s",
      "snapshot_copy_grant_name",
      "aws_redshift_snapshot_copy_grant.g.snapshot_copy_grant_name",
      created("aws_redshift_snapshot_copy_grant.g", {}, unknown("snapshot_copy_grant_name")),
    ],
  ])(
    "finds %s with an unknown %s in place of a known one, unless it leads to %s",
    (address, name, reference, target) => {
      const whole = reference.replace(/\.\w+$/, "");
      expect(addressesOf(target, lost(address, name, "known", "terraform_data.x.output"))).toStrictEqual([address]);
      expect(addressesOf(target, lost(address, name, "known", reference, whole))).toStrictEqual([]);
      expect(addressesOf(target, created(address, {}, unknown(name, reference, whole)))).toStrictEqual([]);
      expect(addressesOf(created(address, {}, unknown(name, "terraform_data.x.output")))).toStrictEqual([]);
      expect(addressesOf(created(address, { [name]: "known" }, sensitive(name)))).toStrictEqual([address]);
    },
  );

  test("has no finding for an unknown value that AWS assigns", () => {
    const replacement = { after_unknown: { cluster_parameter_group_name: true }, expressions: {} };
    expect(addressesOf(replaced(C, { cluster_parameter_group_name: "p" }, {}, replacement))).toStrictEqual([]);
  });

  test.each([C, W])("finds a sensitive port of %s", (address) => {
    expect(addressesOf(created(address, { port: 5440 }, sensitive("port")))).toStrictEqual([address]);
  });

  const R = "aws_vpc_security_group_ingress_rule.r";
  const OPEN = { cidr_ipv4: "0.0.0.0/0", ip_protocol: "-1", security_group_id: "sg-1" };
  const LIST = "aws_ec2_managed_prefix_list.l";
  const listRule = created(R, { ...OPEN, cidr_ipv4: undefined, prefix_list_id: "pl-1" });
  const list = { entry: [{ cidr: "0.0.0.0/0" }], id: "pl-1" };
  const closedList = created(LIST, { id: "pl-1" });
  const ENTRY = "aws_ec2_managed_prefix_list_entry.e";
  const entry = { cidr: "0.0.0.0/0", prefix_list_id: "pl-1" };
  test.each<[string, string, readonly Resource[]]>([
    ["the ingress of a group", GROUP, [group({ after_sensitive: { ingress: [{ cidr_blocks: [true] }] } })]],
    ["a rule of a group", R, [group(), created(R, OPEN, sensitive("cidr_ipv4"))]],
    ["a rule of a group that is not in the plan", R, [created(R, OPEN, sensitive("cidr_ipv4"))]],
    ["a rule with a sensitive group", R, [group(), created(R, OPEN, sensitive("security_group_id", "var.group"))]],
    ["a rule that Terraform forgets", R, [group(), forgotten(R, OPEN, { before_sensitive: { cidr_ipv4: true } })]],
    [
      "the prefix list of a rule",
      R,
      [group(), created(R, { ...OPEN, cidr_ipv4: undefined, prefix_list_id: "pl-1" }, sensitive("prefix_list_id"))],
    ],
    ["a prefix list of a rule", LIST, [group(), listRule, created(LIST, list, sensitive("entry"))]],
    ["an entry of a prefix list", ENTRY, [group(), listRule, closedList, created(ENTRY, entry, sensitive("cidr"))]],
    [
      "an entry with a sensitive prefix list",
      ENTRY,
      [group(), listRule, closedList, created(ENTRY, entry, sensitive("prefix_list_id", "var.list"))],
    ],
  ])("finds %s with sensitive values, without printing them, if a warehouse has the group", (_, address, resources) => {
    const report = reviewed([cluster, ...resources]);
    expect(report.findings.filter(({ rule }) => rule === RULE).map((one) => one.address)).toStrictEqual([address]);
    expect(JSON.stringify(report.findings.filter(({ rule }) => rule !== RULE))).not.toContain("0.0.0.0/0:");
    expect(addressesOf(...resources)).toStrictEqual([]);
  });

  test("has no finding for a rule whose sensitive group is a group of the plan", () => {
    const details = sensitive("security_group_id", `${GROUP}.id`, GROUP);
    expect(addressesOf(cluster, group(), created(R, { ...OPEN, cidr_ipv4: "10.0.0.0/8" }, details))).toStrictEqual([]);
  });

  test("has no finding for an entry whose sensitive prefix list is a list of the plan", () => {
    const details = sensitive("prefix_list_id", `${LIST}.id`, LIST);
    expect(addressesOf(cluster, group(), listRule, closedList, created(ENTRY, entry, details))).toStrictEqual([]);
  });

  test("has one finding for a resource with several hidden attributes", () => {
    const hidden = { after_sensitive: { encrypted: true, kms_key_id: true } };
    expect(addressesOf(created(C, under(KEY_ARN), hidden))).toStrictEqual([C]);
  });
});
