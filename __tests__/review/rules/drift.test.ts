import { render } from "../../../review/render/render";
import { ACCOUNT, KEY_ARN } from "../../support/arns";
import {
  ADMINISTRATOR,
  allow,
  created,
  destroyed,
  kept,
  policyOf,
  replaced,
  type Resource,
  type ResourceDetails,
  reviewed,
  updated,
  type Values,
} from "../support/small-plan";

const MALLORY = allow("arn:aws:iam::999988887777:root", "kms:*", { Sid: "Mallory" });
const [OLD, CHANGED] = [policyOf(ADMINISTRATOR), policyOf(ADMINISTRATOR, MALLORY)];
const configured = { policy: { constant_value: "x" } };
const drifted = (...resources: readonly { readonly change: Values }[]): Values => ({
  resource_drift: resources.map(({ change }) => change),
});
const SECRET_ARN = `arn:aws:secretsmanager:us-east-1:${ACCOUNT}:secret:redshift!c-admin-AbCdEf`;
const findingsOf = (report: ReturnType<typeof reviewed>): string[] =>
  report.findings
    .filter(({ rule }) => rule.startsWith("drift-"))
    .map(
      ({ address, consequence, rule, statement }) =>
        `${rule} ${address}:${statement?.replace(/:\w{12}$/, "")} ${consequence}`,
    );
const key = (policy: string, more: Values = {}) => ({ arn: KEY_ARN, policy, ...more });

describe("a policy that has changed outside Terraform", () => {
  const drift = drifted(updated("aws_kms_key.k", key(OLD), key(CHANGED)));
  const planned = (before: string, after: string) =>
    updated("aws_kms_key.k", key(before), key(after), { expressions: configured });

  test("has the finding drift-policy for an added statement that the plan keeps", () => {
    expect(findingsOf(reviewed([planned(CHANGED, CHANGED)], {}, drift))).toStrictEqual([
      "drift-policy aws_kms_key.k:Mallory Statement 'Mallory' was added outside Terraform, and this plan does not undo the change.",
    ]);
  });

  test("has the finding drift-policy for a key of the provider awscc", () => {
    const keyWith = (before: string, after: string) =>
      updated(
        "awscc_kms_key.k",
        { key_policy: before },
        { key_policy: after },
        { expressions: { key_policy: { constant_value: "x" } } },
      );
    expect(findingsOf(reviewed([keyWith(CHANGED, CHANGED)], {}, drifted(keyWith(OLD, CHANGED))))).toStrictEqual([
      "drift-policy awscc_kms_key.k:Mallory Statement 'Mallory' was added outside Terraform, and this plan does not undo the change.",
    ]);
  });

  test.each<[string, string]>([
    ["aws_redshift_resource_policy", "policy"],
    ["aws_redshiftserverless_resource_policy", "policy"],
    ["aws_secretsmanager_secret_policy", "policy"],
    ["aws_ssoadmin_permission_set_inline_policy", "inline_policy"],
  ])("has the finding drift-policy in %s", (type, attribute) => {
    const [before, after] = [{ [attribute]: OLD }, { [attribute]: CHANGED }];
    const report = reviewed([kept(`${type}.p`, after)], {}, drifted(updated(`${type}.p`, before, after)));
    expect(findingsOf(report)).toStrictEqual([
      `drift-policy ${type}.p:Mallory Statement 'Mallory' was added outside Terraform, and this plan does not undo the change.`,
    ]);
  });

  test("has the finding drift-policy for a removed statement", () => {
    const removal = drifted(updated("aws_kms_key.k", key(CHANGED), key(OLD)));
    expect(findingsOf(reviewed([planned(OLD, OLD)], {}, removal))).toStrictEqual([
      "drift-policy aws_kms_key.k:Mallory Statement 'Mallory' was removed outside Terraform, and this plan does not undo the change.",
    ]);
  });

  test("has no finding if the plan undoes the change, and is in the section Changed outside Terraform", () => {
    const report = reviewed([planned(CHANGED, OLD)], {}, drift);
    expect(findingsOf(report)).toStrictEqual([]);
    expect(render([report], "text")).toContain(
      "\nChanged outside Terraform\n  update  key  aws_kms_key.k\n          policy\n",
    );
    expect(render([report], "markdown")).toContain(
      "<summary>Changed outside Terraform</summary>\n\n- **update** key `aws_kms_key.k`: policy\n",
    );
  });

  test("is not judged if it is not shown", () => {
    const hidden = drifted(updated("aws_kms_key.k", key(OLD), key("no JSON")));
    expect(reviewed([planned(OLD, OLD)], {}, hidden).notJudged).toContainEqual({
      address: "aws_kms_key.k",
      reason: "policy changed outside Terraform and is not shown",
      rule: "drift-policy",
    });
  });

  const secret = (policy: string) => ({ arn: SECRET_ARN, policy });
  test.each<[string, Values, Values]>([
    ["aws_kms_key", key(OLD), key(CHANGED)],
    ["aws_secretsmanager_secret", secret(OLD), secret(CHANGED)],
  ])("has the finding drift-policy at %s if nothing sets its policy", (type, before, after) => {
    const report = reviewed(
      [kept(`${type}.x`, after, { expressions: {} })],
      {},
      drifted(updated(`${type}.x`, before, after)),
    );
    expect(findingsOf(report)).toStrictEqual([
      `drift-policy ${type}.x:Mallory Statement 'Mallory' was added outside Terraform, and this plan does not undo the change.`,
    ]);
  });

  test.each<[string, Values, Values, Resource]>([
    ["aws_kms_key", key(OLD), key(CHANGED), kept("aws_kms_key_policy.p", { key_id: KEY_ARN, policy: CHANGED })],
    [
      "aws_secretsmanager_secret",
      secret(OLD),
      secret(CHANGED),
      kept("aws_secretsmanager_secret_policy.p", { policy: CHANGED, secret_arn: SECRET_ARN }),
    ],
  ])("has no finding at %s if another resource sets its policy", (type, before, after, owner) => {
    const planned = kept(`${type}.x`, after, { expressions: {} });
    expect(findingsOf(reviewed([planned, owner], {}, drifted(updated(`${type}.x`, before, after))))).toStrictEqual([]);
  });
});

describe("a resource that has changed outside Terraform", () => {
  const rotation = (isOn: boolean) => key(OLD, { enable_key_rotation: isOn, tags: isOn ? null : {} });
  const drift = drifted(updated("aws_kms_key.k", rotation(true), rotation(false)));
  const ROTATION =
    "drift-resource aws_kms_key.k:undefined The resource was changed outside Terraform, and this plan does not undo the change: enable_key_rotation: true → false.";

  test.each([
    ["the finding drift-resource if the plan keeps the change", kept("aws_kms_key.k", rotation(false)), [ROTATION]],
    ["no finding if the plan undoes it", updated("aws_kms_key.k", rotation(false), rotation(true)), []],
  ])("has %s", (_, planned, expected) => {
    expect(findingsOf(reviewed([planned], {}, drift))).toStrictEqual(expected);
  });

  test("has the finding drift-resource if it was replaced", () => {
    const values = { key_id: KEY_ARN };
    expect(findingsOf(reviewed([], {}, drifted(replaced("aws_kms_grant.g", values, values))))).toStrictEqual([
      "drift-resource aws_kms_grant.g:undefined The resource was changed outside Terraform, and this plan does not undo the change: it was created or replaced.",
    ]);
  });

  test("has the finding drift-resource if it was deleted", () => {
    const gone = drifted(destroyed("aws_kms_grant.g", { key_id: KEY_ARN }));
    expect(findingsOf(reviewed([], {}, gone))).toStrictEqual([
      "drift-resource aws_kms_grant.g:undefined The resource was changed outside Terraform, and this plan does not undo the change: it was deleted.",
    ]);
  });

  test("is not reported if only its address changes", () => {
    const moved = drifted(kept("aws_kms_key.k", rotation(true), { previous_address: "aws_kms_key.j" }));
    expect(findingsOf(reviewed([], {}, moved))).toStrictEqual([]);
    expect(reviewed([], {}, moved).drift).toStrictEqual([]);
  });

  test.each<[string, Values, Values]>([
    ["aws_iam_group_membership", { users: ["a"] }, { users: ["a", "b"] }],
    ["aws_redshift_data_share_authorization", { allow_writes: false }, { allow_writes: true }],
    ["aws_redshift_endpoint_access", { vpc_security_group_ids: ["sg-1"] }, { vpc_security_group_ids: ["sg-2"] }],
    ["aws_redshiftserverless_endpoint_access", { port: 1 }, { port: 2 }],
    ["aws_iam_openid_connect_provider", { client_id_list: ["a"] }, { client_id_list: ["a", "b"] }],
    ["aws_iam_group", { name: "a" }, { name: "b" }],
    ["aws_redshift_scheduled_action", { enable: false }, { enable: true }],
    ["aws_cloudwatch_log_group", { kms_key_id: KEY_ARN }, { kms_key_id: "" }],
  ])("has the finding drift-resource in %s", (type, before, after) => {
    const report = reviewed([kept(`${type}.a`, after)], {}, drifted(updated(`${type}.a`, before, after)));
    expect(report.findings.filter(({ rule }) => rule === "drift-resource")).toHaveLength(1);
  });

  test.each<[string, string, unknown, unknown]>([
    ["aws_redshift_cluster", "cluster_parameter_group_name", "default.redshift-2.0", "default.redshift-1.0"],
    ["aws_redshift_cluster", "encrypted", "true", "false"],
    ["aws_redshift_cluster", "publicly_accessible", false, true],
    ["aws_redshift_cluster", "vpc_security_group_ids", ["sg-1"], ["sg-2"]],
    ["aws_redshiftserverless_namespace", "kms_key_id", KEY_ARN, "AWS_OWNED_KMS_KEY"],
    ["aws_redshiftserverless_workgroup", "security_group_ids", ["sg-1"], ["sg-2"]],
    ["aws_redshiftserverless_workgroup", "config_parameter", ["a"], ["b"]],
  ])("has the finding drift-resource in %s if the configuration does not set %s", (type, name, before, after) => {
    const values = [before, after].map((value) => ({ [name]: value, cluster_version: value }));
    const planned = kept(`${type}.a`, values[1]!, { expressions: {} });
    const { drift: changes, findings } = reviewed([planned], {}, drifted(updated(`${type}.a`, values[0]!, values[1]!)));
    expect(findings.filter(({ rule }) => rule === "drift-resource")).toHaveLength(1);
    expect(changes.flatMap(({ details }) => details)).toStrictEqual([expect.stringMatching(`^${name}: `)]);
  });

  test("is not judged if the review does not read it", () => {
    const drifts = drifted(
      updated("aws_iam_saml_provider.s", { saml_metadata_document: "a" }, { saml_metadata_document: "b" }),
      updated("aws_cloudcontrolapi_resource.c", { desired_state: "a" }, { desired_state: "b" }),
      destroyed("awscc_iam_role.r", {}),
      updated("aws_sns_topic.t", { policy: "a" }, { policy: "b" }),
      kept("aws_cloudformation_stack.s", {}),
    );
    expect(
      reviewed([], {}, drifts)
        .notJudged.filter(({ rule }) => rule === "drift-resource")
        .map(({ address, reason }) => `${address}: ${reason}`),
    ).toStrictEqual(
      ["aws_iam_saml_provider.s", "aws_cloudcontrolapi_resource.c", "awscc_iam_role.r"].map(
        (address) => `${address}: it changed outside Terraform, and the review does not read it`,
      ),
    );
  });

  test("has the finding drift-resource if it is a security group of a warehouse, or a rule of such a group", () => {
    const cluster = kept("aws_redshift_cluster.c", { vpc_security_group_ids: ["sg_1"] });
    const groups = ["sg_1", "sg_2"].map((id) =>
      updated(`aws_security_group.${id}`, { id, ingress: [] }, { id, ingress: [{ cidr_blocks: ["10.0.0.0/8"] }] }),
    );
    const rules = ["sg_1", "sg_2"].map((id) =>
      destroyed(`aws_vpc_security_group_ingress_rule.of_${id}`, { cidr_ipv4: "10.0.0.0/8", security_group_id: id }),
    );
    const report = reviewed([cluster], {}, drifted(...groups, ...rules));
    expect(report.drift.map(({ kind }) => kind)).toStrictEqual([
      "security group",
      "security group",
      "security group rule",
      "security group rule",
    ]);
    expect(report.findings.filter(({ rule }) => rule === "drift-resource").map(({ address }) => address)).toStrictEqual(
      ["aws_security_group.sg_1", "aws_vpc_security_group_ingress_rule.of_sg_1"],
    );
  });

  test("has the finding drift-resource if it is a security group whose ID AWS has set", () => {
    const cluster = kept("aws_redshift_cluster.c", { vpc_security_group_ids: ["sg_1"] });
    const group = (...cidr_blocks: readonly string[]) => ({ id: "sg_1", ingress: [{ cidr_blocks }] });
    const name = "aws_security_group.g";
    const planned = kept(name, group("10.0.0.0/8", "10.0.0.0/9"), { expressions: { ingress: {} } });
    const drift = drifted(updated(name, group("10.0.0.0/8"), group("10.0.0.0/8", "10.0.0.0/9")));
    expect(findingsOf(reviewed([cluster, planned], {}, drift))).toHaveLength(1);
  });

  describe("as a security group or prefix list whose parts are other resources", () => {
    const cluster = kept("aws_redshift_cluster.c", { vpc_security_group_ids: ["sg-1"] });
    const lists = { cidr_blocks: [], ipv6_cidr_blocks: [], prefix_list_ids: [], security_groups: [], self: false };
    const port = { from_port: 5439, to_port: 5439 };
    const block = (sources: Values) => ({ ...lists, ...port, protocol: "tcp", ...sources });
    const group = (...ingress: readonly Values[]) => ({ id: "sg-1", ingress });
    const drifts = (before: readonly Values[], after: readonly Values[], ...rules: readonly Resource[]) => {
      const planned = kept("aws_security_group.g", group(...after), { expressions: {} });
      const drift = drifted(updated("aws_security_group.g", group(...before), group(...after)));
      const { drift: changes, findings } = reviewed([cluster, planned, ...rules], {}, drift);
      return [changes.length, findings.filter(({ rule }) => rule === "drift-resource").length];
    };
    const vpcRule = (source: Values) => ({ ...port, ...source, ip_protocol: "tcp", security_group_id: "sg-1" });
    const groupRule = (source: Values) => ({
      ...port,
      ...source,
      protocol: "tcp",
      security_group_id: "sg-1",
      type: "ingress",
    });
    const VPC = "aws_vpc_security_group_ingress_rule.r";
    const GROUP_RULE = "aws_security_group_rule.r";
    const ALL = {
      cidr_blocks: ["10.0.0.0/8"],
      ipv6_cidr_blocks: ["fd00::/64"],
      prefix_list_ids: ["pl-1"],
      security_groups: ["sg-2"],
      self: true,
    };

    test.each<[string, Values, readonly Resource[]]>([
      [
        "aws_vpc_security_group_ingress_rule",
        ALL,
        [
          { cidr_ipv4: "10.0.0.0/8" },
          { cidr_ipv6: "fd00::/64" },
          { prefix_list_id: "pl-1" },
          { referenced_security_group_id: "444455556666/sg-2" },
          { referenced_security_group_id: "sg-1" },
        ].map((source, index) => kept(`${VPC}${index}`, vpcRule(source))),
      ],
      [
        "aws_security_group_rule",
        ALL,
        [
          kept(GROUP_RULE, groupRule({ ...ALL, security_groups: undefined })),
          kept(`${GROUP_RULE}2`, groupRule({ source_security_group_id: "sg-2" })),
        ],
      ],
    ])("has no finding if each rule is of an %s", (_, source, rules) => {
      expect(drifts([], [block(source)], ...rules)).toStrictEqual([0, 0]);
      for (const [index] of rules.entries()) {
        expect(drifts([], [block(source)], ...rules.toSpliced(index, 1))).toStrictEqual([1, 1]);
      }
    });

    test("has no finding if the plan removes or restores the rule", () => {
      const rule = vpcRule({ cidr_ipv4: "10.0.0.0/8" });
      const blocks = [block({ cidr_blocks: ["10.0.0.0/8"] })];
      expect(drifts([], blocks, destroyed(VPC, rule))).toStrictEqual([0, 0]);
      expect(drifts(blocks, [], created(VPC, rule))).toStrictEqual([0, 0]);
      expect(drifts(blocks, [])).toStrictEqual([1, 1]);
    });

    test.each([
      ["another port", kept(VPC, { ...vpcRule({ cidr_ipv4: "10.0.0.0/8" }), from_port: 1 })],
      ["another group", kept(VPC, { ...vpcRule({ cidr_ipv4: "10.0.0.0/8" }), security_group_id: "sg-2" })],
      ["egress", kept(GROUP_RULE, { ...groupRule({ cidr_blocks: ["10.0.0.0/8"] }), type: "egress" })],
    ])("has the finding drift-resource if the rule is for %s", (_, rule) => {
      expect(drifts([], [block({ cidr_blocks: ["10.0.0.0/8"] })], rule)).toStrictEqual([1, 1]);
    });

    test("has the finding drift-resource for an entry that is no resource", () => {
      const name = "aws_ec2_managed_prefix_list.l";
      const list = (...cidrs: readonly string[]) => ({ entry: cidrs.map((cidr) => ({ cidr })), id: "pl-1" });
      const warehouseGroup = kept("aws_security_group.g", group(block({ prefix_list_ids: ["pl-1"] })));
      const entry = kept("aws_ec2_managed_prefix_list_entry.e", { cidr: "10.0.0.0/8", prefix_list_id: "pl-1" });
      const [known, both] = [list("10.0.0.0/8"), list("10.0.0.0/8", "10.1.0.0/16")];
      const findings = [known, both].map((after) => {
        const planned = kept(name, after, { expressions: {} });
        return findingsOf(
          reviewed([cluster, warehouseGroup, entry, planned], {}, drifted(updated(name, list(), after))),
        );
      });
      expect(findings.map(({ length }) => length)).toStrictEqual([0, 1]);
    });
  });

  test("has the finding drift-resource if it is a prefix list of a warehouse, or an entry of such a list", () => {
    const cluster = kept("aws_redshift_cluster.c", { vpc_security_group_ids: ["sg_1"] });
    const group = kept("aws_security_group.g", { id: "sg_1", ingress: [{ prefix_list_ids: ["pl_1"] }] });
    const lists = ["pl_1", "pl_2"].map((id) =>
      updated(`aws_ec2_managed_prefix_list.${id}`, { entry: [], id }, { entry: [{ cidr: "0.0.0.0/1" }], id }),
    );
    const entries = ["pl_1", "pl_2"].map((id) =>
      destroyed(`aws_ec2_managed_prefix_list_entry.of_${id}`, { cidr: "10.0.0.0/8", prefix_list_id: id }),
    );
    const report = reviewed([cluster, group], {}, drifted(...lists, ...entries));
    expect(report.findings.filter(({ rule }) => rule === "drift-resource").map(({ address }) => address)).toStrictEqual(
      ["aws_ec2_managed_prefix_list.pl_1", "aws_ec2_managed_prefix_list_entry.of_pl_1"],
    );
  });

  test("has no finding if it is a log group without a key", () => {
    const logs = (retention: number) => ({ kms_key_id: "", retention_in_days: retention });
    const name = "aws_cloudwatch_log_group.l";
    expect(findingsOf(reviewed([kept(name, logs(2))], {}, drifted(updated(name, logs(1), logs(2)))))).toStrictEqual([]);
  });

  test("is not reported if only an empty value takes the place of another empty value", () => {
    const before = { constraints: [{ encryption_context_equals: null, encryption_context_subset: { a: "b" } }] };
    const after = { constraints: [{ encryption_context_equals: {}, encryption_context_subset: { a: "b" } }], tags: {} };
    expect(reviewed([], {}, drifted(updated("aws_kms_grant.g", before, after))).drift).toStrictEqual([]);
  });
});

describe("a policy that was attached to a role outside Terraform", () => {
  const ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess";
  const READ = "arn:aws:iam::aws:policy/ReadOnlyAccess";
  const role = (...managed_policy_arns: readonly string[]) => ({
    inline_policy: [],
    managed_policy_arns,
    name: "Loader",
  });
  const drift = drifted(updated("aws_iam_role.r", role(READ), role(READ, ADMIN)));
  const planned = kept("aws_iam_role.r", role(READ, ADMIN), { expressions: { name: {} } });
  const attachedTo = (before: readonly string[], after: readonly string[]) =>
    updated("aws_iam_policy_attachment.a", { policy_arn: ADMIN, roles: before }, { policy_arn: ADMIN, roles: after });

  test("has the finding drift-resource at the role", () => {
    const read = kept("aws_iam_role_policy_attachment.a", { policy_arn: READ, role: "Loader" });
    expect(findingsOf(reviewed([planned, read], {}, drift))).toStrictEqual([
      `drift-resource aws_iam_role.r:undefined The resource was changed outside Terraform, and this plan does not undo the change: managed_policy_arns: [] → ["${ADMIN}"].`,
    ]);
  });

  test.each<[string, Resource]>([
    [
      "an aws_iam_role_policy_attachment keeps",
      kept("aws_iam_role_policy_attachment.a", { policy_arn: ADMIN, role: "Loader" }),
    ],
    [
      "an aws_iam_role_policy_attachment adds",
      created("aws_iam_role_policy_attachment.a", { policy_arn: ADMIN, role: "Loader" }),
    ],
    [
      "an aws_iam_role_policy_attachment removes",
      destroyed("aws_iam_role_policy_attachment.a", { policy_arn: ADMIN, role: "Loader" }),
    ],
    ["an aws_iam_policy_attachment keeps", attachedTo(["Loader"], ["Loader"])],
    ["an aws_iam_policy_attachment adds", attachedTo(["Other"], ["Loader"])],
    ["an aws_iam_policy_attachment removes", attachedTo(["Loader"], ["Other"])],
    [
      "an aws_iam_role_policy_attachments_exclusive removes",
      kept("aws_iam_role_policy_attachments_exclusive.a", { policy_arns: [READ], role_name: "Loader" }),
    ],
  ])("has no finding if %s the policy", (_, resource) => {
    expect(findingsOf(reviewed([planned, resource], {}, drift))).toStrictEqual([]);
  });

  test("has the finding drift-policy if it is an inline policy", () => {
    const inline = { ...role(), inline_policy: [{ name: "by-hand", policy: policyOf(ADMINISTRATOR) }] };
    const report = reviewed(
      [kept("aws_iam_role.r", inline, { expressions: { name: {} } })],
      {},
      drifted(updated("aws_iam_role.r", role(), inline)),
    );
    expect(findingsOf(report)).toStrictEqual([
      "drift-policy aws_iam_role.r:a03abfc79a22 A statement was added outside Terraform, and this plan does not undo the change.",
    ]);
  });
});

test("a resource of the type constructor that has changed outside Terraform is reported", () => {
  const drift = drifted(updated("constructor.r", { policy: "a" }, { policy: "b" }));
  expect(() => reviewed([], {}, drift)).not.toThrow();
});

test("a plan of -refresh-only has findings by its prior_state, and no changes", () => {
  const state = (policy: string) => ({
    address: 'module.a["x"].aws_kms_key.k[0]',
    index: 0,
    mode: "managed",
    name: "k",
    sensitive_values: { tags: true },
    type: "aws_kms_key",
    values: { arn: `arn:aws:kms:us-east-1:${ACCOUNT}:key/1`, policy },
  });
  const module = { address: 'module.a["x"]', resources: [state(CHANGED)] };
  const plan = { planned_values: {}, prior_state: { values: { root_module: { child_modules: [module] } } } };
  const { changes, findings } = reviewed([], {}, { resource_changes: undefined, ...plan });
  expect(changes.listed).toStrictEqual([]);
  expect(findings.map(({ address, rule }) => `${rule} ${address}`)).toContain(
    'key-policy-other-account module.a["x"].aws_kms_key.k[0]',
  );
});

describe("a resource that has changed outside Terraform", () => {
  const [A, B] = ["A", "B"].map((Sid) => ({ ...ADMINISTRATOR, Sid }));
  const unjudged = (resources: readonly Resource[], drift: Values) =>
    reviewed(resources, {}, drift)
      .notJudged.filter(({ rule }) => rule === "drift-policy")
      .map(({ reason }) => reason);
  const planned = (policy: string) => updated("aws_kms_key.k", key(policy), key(policy), { expressions: configured });
  const keyDrift = (before: string, after: string, more: ResourceDetails = {}) =>
    drifted(updated("aws_kms_key.k", key(before), key(after), more));

  test("has no finding for a statement that the plan itself removes or restores", () => {
    expect(
      findingsOf(reviewed([planned(policyOf(A!))], {}, keyDrift(policyOf(A!, B!), policyOf(A!, B!, MALLORY)))),
    ).toStrictEqual([]);
    expect(
      findingsOf(reviewed([planned(policyOf(A!, B!))], {}, keyDrift(policyOf(A!, B!), policyOf(A!)))),
    ).toStrictEqual([]);
  });

  test("has no finding if the plan destroys it", () => {
    const policy = { policy: CHANGED, role: "r" };
    const drift = drifted(updated("aws_iam_role_policy.p", { policy: OLD, role: "q" }, policy));
    expect(findingsOf(reviewed([kept("aws_iam_role_policy.p", policy)], {}, drift))).toHaveLength(2);
    expect(findingsOf(reviewed([destroyed("aws_iam_role_policy.p", policy)], {}, drift))).toStrictEqual([]);
  });

  test("that was deleted has one finding", () => {
    const drift = drifted(destroyed("aws_kms_key_policy.p", { key_id: "k", policy: OLD }));
    expect(findingsOf(reviewed([], {}, drift)).map((text) => text.split(" ")[0])).toStrictEqual(["drift-resource"]);
  });

  test("is judged unless its policy changed and was sensitive", () => {
    const before = { before_sensitive: { policy: true } };
    expect(unjudged([planned(CHANGED)], keyDrift(OLD, CHANGED, before))).toStrictEqual([
      "policy changed outside Terraform and is not shown",
    ]);
    expect(unjudged([planned(CHANGED)], keyDrift(OLD, CHANGED))).toStrictEqual([]);
    const tags = drifted(
      updated("aws_kms_key.k", key(OLD, { tags: {} }), key(OLD, { tags: { a: "b" } }), {
        ...before,
        after_sensitive: { policy: true },
      }),
    );
    expect(unjudged([planned(OLD)], tags)).toStrictEqual([]);
    const added = drifted(updated("aws_kms_key.k", { arn: KEY_ARN }, key(CHANGED)));
    expect(unjudged([planned(CHANGED)], added)).toStrictEqual([]);
  });
});
