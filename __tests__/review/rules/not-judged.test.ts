import { main } from "../../../review/cli/main";
import { render } from "../../../review/render/render";
import { ACCOUNT, KEY_ARN, NAMESPACE_ARN, USER_ARN } from "../../support/arns";
import {
  ADMINISTRATOR,
  created,
  destroyed,
  findingsOf,
  kept,
  type ResourceDetails,
  policyOf,
  type Resource,
  reviewed,
  replaced,
  updated,
  type Values,
} from "../support/small-plan";

const key = (more: ResourceDetails = {}) => created("aws_kms_key.k", { policy: policyOf(ADMINISTRATOR) }, more);
const cluster = (after: Values, more: ResourceDetails = {}) => created("aws_redshift_cluster.c", after, more);
const configured = { constant_value: "x" };
const unknown = (...names: string[]): ResourceDetails => ({
  after_unknown: Object.fromEntries(names.map((name) => [name, true])),
  expressions: Object.fromEntries(names.map((name) => [name, configured])),
});
const sensitive = (...names: string[]): ResourceDetails => ({
  after_sensitive: Object.fromEntries(names.map((name) => [name, true])),
});
const notJudged = (...resources: Resource[]) =>
  reviewed(resources).notJudged.map(({ address, reason, rule }) => `${rule} ${address}: ${reason}`);

const OTHER_POLICY = "arn:aws:iam::aws:policy/AmazonS3FullAccess";
const LOGS = {
  Action: ["kms:Decrypt*", "kms:Encrypt*", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
  Effect: "Allow",
  Principal: { Service: "logs.us-east-1.amazonaws.com" },
  Resource: "*",
};
const HIDDEN_KEY = "kms_key_id is unknown until apply";
const NO_KEY = `${HIDDEN_KEY}, and the plan does not show which key it names`;

test.each<[string, readonly Resource[], string[]]>([
  [
    "the key of a warehouse",
    [key(), cluster({}, unknown("kms_key_id"))],
    [
      `key-policy-no-data-api-grant aws_redshift_cluster.c: ${NO_KEY}`,
      `key-policy-no-data-api-describe-key aws_redshift_cluster.c: ${NO_KEY}`,
      `key-disabled aws_redshift_cluster.c: ${NO_KEY}`,
      `key-asymmetric aws_redshift_cluster.c: ${NO_KEY}`,
      `warehouse-key-not-arn aws_redshift_cluster.c: ${HIDDEN_KEY}`,
      `warehouse-aws-owned-key aws_redshift_cluster.c: ${HIDDEN_KEY}`,
    ],
  ],
  [
    "the policy of a key that is not in the plan",
    [cluster({ kms_key_id: KEY_ARN })],
    [`key-policy-no-data-api-grant aws_redshift_cluster.c: its key ${KEY_ARN} is not in the plan`],
  ],
  [
    "the key of a cluster that changes",
    [updated("aws_redshift_cluster.c", { encrypted: true, kms_key_id: KEY_ARN }, {}, unknown("kms_key_id"))],
    [`warehouse-key-changed aws_redshift_cluster.c: ${HIDDEN_KEY}`],
  ],
  [
    "the Region in which an account may use a datashare of the warehouse",
    [created("aws_redshift_data_share_consumer_association.a", { data_share_arn: "d" }, unknown("consumer_region"))],
    ["sharing-consumer aws_redshift_data_share_consumer_association.a: consumer_region is unknown until apply"],
  ],
  [
    "the encryption of a cluster that changes",
    [updated("aws_redshift_cluster.c", { encrypted: true, port: 1 }, { encrypted: true }, sensitive("encrypted"))],
    ["warehouse-key-changed aws_redshift_cluster.c: encrypted is sensitive"],
  ],
  [
    "the policy of a key",
    [created("aws_kms_key.k", {}, unknown("policy"))],
    ["key-policy-public aws_kms_key.k: the key policy is not shown (unknown until apply)"],
  ],
  [
    "the caller",
    [key()],
    ["key-policy-locks-out-caller aws_kms_key.k: no aws_caller_identity of its provider shows the caller"],
  ],
  [
    "the account of a key whose lockout check is bypassed",
    [created("aws_kms_key.k", { bypass_policy_lockout_safety_check: true, policy: policyOf(ADMINISTRATOR) })],
    ["key-policy-other-account aws_kms_key.k: the account of the key is unknown"],
  ],
  [
    "the policy of a role",
    [created("aws_iam_role_policy.r", { policy: "{" })],
    [
      "role-data-api-everywhere aws_iam_role_policy.r: the policy is not shown (it does not follow IAM's policy grammar)",
    ],
  ],
  [
    "the inline policies of a role",
    [created("aws_iam_role.r", { inline_policy: [{}] }, unknown("inline_policy"))],
    [
      "role-any-database-user aws_iam_role.r: the policy is not shown (inline_policy is unknown until apply)",
      "context-of-workgroup aws_iam_role.r: the policy is not shown (inline_policy is unknown until apply)",
    ],
  ],
  [
    "the role of an inline policy and of an attachment",
    [
      created("aws_iam_role_policy.p", { policy: policyOf() }, unknown("role")),
      created("aws_iam_role_policy_attachment.a", { policy_arn: OTHER_POLICY, role: "r" }, sensitive("role")),
    ],
    [
      "role-policy-not-shown aws_iam_role_policy.p: the plan does not show who has the policy",
      "role-policy-not-shown aws_iam_role_policy_attachment.a: the plan does not show who has the policy",
    ],
  ],
  [
    "a trust policy",
    [created("aws_iam_role.r", { assume_role_policy: policyOf() }, sensitive("assume_role_policy"))],
    ["role-trusts-everybody aws_iam_role.r: the policy is not shown (sensitive)"],
  ],
  [
    "attributes of a warehouse",
    [cluster({ encrypted: true, publicly_accessible: false }, sensitive("encrypted", "publicly_accessible"))],
    [
      "warehouse-not-encrypted aws_redshift_cluster.c: encrypted is sensitive",
      "warehouse-public aws_redshift_cluster.c: publicly_accessible is sensitive",
    ],
  ],
  [
    "attributes of a key",
    [
      created(
        "aws_kms_key.k",
        { arn: KEY_ARN, enable_key_rotation: true, is_enabled: true, key_usage: "ENCRYPT_DECRYPT" },
        sensitive("enable_key_rotation", "is_enabled", "key_usage", "deletion_window_in_days"),
      ),
      cluster({ kms_key_id: KEY_ARN }),
    ],
    [
      "key-disabled aws_kms_key.k: is_enabled is sensitive",
      "key-rotation-off aws_kms_key.k: enable_key_rotation is sensitive",
      "key-asymmetric aws_kms_key.k: key_usage is sensitive",
    ],
  ],
  [
    "the Region of a warehouse",
    [created("aws_kms_key.k", { arn: KEY_ARN, policy: policyOf(ADMINISTRATOR) }), cluster({ kms_key_id: KEY_ARN })],
    ["key-policy-documented-service-name aws_kms_key.k: the Region of aws_redshift_cluster.c is unknown"],
  ],
  [
    "the parameter group of a cluster",
    [cluster({ cluster_parameter_group_name: "analytics" })],
    ["warehouse-tls-not-required aws_redshift_cluster.c: its parameter group analytics is not in the plan"],
  ],
  [
    "the parameter group that AWS chooses",
    [cluster({})],
    ["warehouse-tls-not-required aws_redshift_cluster.c: AWS chooses its parameter group"],
  ],
  [
    "the parameters of a group",
    [
      created("aws_redshift_parameter_group.g", { name: "analytics" }, unknown("parameter")),
      cluster({ cluster_parameter_group_name: "analytics" }),
    ],
    ["warehouse-tls-not-required aws_redshift_cluster.c: parameter is unknown until apply"],
  ],
  [
    "the parameters of a workgroup",
    [created("aws_redshiftserverless_workgroup.w", {}, unknown("config_parameter"))],
    ["warehouse-tls-not-required aws_redshiftserverless_workgroup.w: config_parameter is unknown until apply"],
  ],
  [
    "the parts of a new grant",
    [created("aws_kms_grant.g", {}, unknown("key_id", "operations", "constraints"))],
    [
      "grant-unconstrained aws_kms_grant.g: operations is unknown until apply",
      "context-of-workgroup aws_kms_grant.g: constraints is unknown until apply",
    ],
  ],
  [
    "the parts of a grant that the plan changes",
    [updated("aws_kms_grant.g", {}, {}, unknown("key_id", "grantee_principal", "constraints"))],
    [
      "grant-orphaned aws_kms_grant.g: constraints is unknown until apply",
      "grant-deleted-grantee aws_kms_grant.g: grantee_principal is unknown until apply",
    ],
  ],
  [
    "the key of a grant",
    [created("aws_kms_grant.g", { operations: ["Decrypt"] }, unknown("key_id"))],
    ["grant-unconstrained aws_kms_grant.g: key_id is unknown until apply"],
  ],
  [
    "the security groups of a cluster",
    [cluster({ vpc_security_group_ids: ["sg-1"] })],
    ["warehouse-open-security-group aws_redshift_cluster.c: its security group sg-1 is not in the plan"],
  ],
  [
    "the default security group, if the plan has one",
    [
      created("aws_redshift_cluster.c", {}, { expressions: {} }),
      created("aws_default_security_group.d", { ingress: [] }),
    ],
    [
      "warehouse-open-security-group aws_redshift_cluster.c: its security group is the default one of its VPC, which aws_default_security_group.d may change",
    ],
  ],
  [
    "the default security group, if the plan adds a rule to one",
    [
      created("aws_redshift_cluster.c", {}, { expressions: {} }),
      created(
        "aws_security_group_rule.r",
        { type: "ingress" },
        {
          after_unknown: { security_group_id: true },
          expressions: { security_group_id: { references: ["aws_vpc.v.default_security_group_id", "aws_vpc.v"] } },
        },
      ),
      created("aws_vpc.v", {}, { expressions: {} }),
    ],
    [
      "warehouse-open-security-group aws_redshift_cluster.c: its security group is the default one of its VPC, which aws_security_group_rule.r may change",
    ],
  ],
  [
    "the rules of a security group",
    [
      cluster({ vpc_security_group_ids: ["sg-1"] }),
      created("aws_security_group.g", { id: "sg-1", ingress: [] }, sensitive("ingress")),
    ],
    ["warehouse-open-security-group aws_redshift_cluster.c: in aws_security_group.g, ingress is sensitive"],
  ],
  [
    "the ranges of a prefix list",
    [
      cluster({ vpc_security_group_ids: ["sg-1"] }),
      created("aws_security_group.g", { id: "sg-1", ingress: [{ prefix_list_ids: ["pl-1"] }] }),
    ],
    [
      "warehouse-open-security-group aws_redshift_cluster.c: aws_security_group.g has the prefix list pl-1, which is not in the plan",
    ],
  ],
  [
    "the port of a cluster",
    [
      cluster({ port: 5439, vpc_security_group_ids: ["sg-1"] }, sensitive("port")),
      created("aws_security_group.g", { id: "sg-1", ingress: [] }),
    ],
    ["warehouse-open-security-group aws_redshift_cluster.c: port is sensitive"],
  ],
  [
    "the key of a log group",
    [created("aws_cloudwatch_log_group.l", {}, unknown("kms_key_id"))],
    ["key-policy-no-cloudwatch-logs aws_cloudwatch_log_group.l: kms_key_id is unknown until apply"],
  ],
  [
    "the policy of a log group's key",
    [created("aws_cloudwatch_log_group.l", { kms_key_id: KEY_ARN })],
    [`key-policy-no-cloudwatch-logs aws_cloudwatch_log_group.l: its key ${KEY_ARN} is not in the plan`],
  ],
  [
    "the name of a log group",
    [
      created("aws_kms_key.k", { arn: KEY_ARN, policy: policyOf(LOGS) }),
      created("aws_cloudwatch_log_group.l", { kms_key_id: KEY_ARN }, unknown("name")),
    ],
    ["key-policy-no-cloudwatch-logs aws_kms_key.k: name is unknown until apply"],
  ],
  [
    "the key of a namespace that changes",
    [updated("aws_redshiftserverless_namespace.n", { kms_key_id: KEY_ARN }, {}, unknown("kms_key_id"))],
    ["warehouse-namespace-key-changed aws_redshiftserverless_namespace.n: kms_key_id is unknown until apply"],
  ],
  [
    "the final snapshot of a cluster that is destroyed",
    [
      destroyed(
        "aws_redshift_cluster.c",
        { skip_final_snapshot: true },
        { before_sensitive: { skip_final_snapshot: true } },
      ),
    ],
    ["warehouse-no-final-snapshot aws_redshift_cluster.c: skip_final_snapshot is sensitive"],
  ],
  [
    "the target of an alias",
    [
      updated(
        "aws_kms_alias.a",
        { target_key_id: "a" },
        { target_key_id: "b" },
        { ...sensitive("target_key_id"), before_sensitive: { target_key_id: true } },
      ),
    ],
    ["key-alias-moved aws_kms_alias.a: target_key_id is sensitive"],
  ],
  [
    "the grant of a snapshot copy",
    [
      cluster({ cluster_identifier: "c", encrypted: true, kms_key_id: KEY_ARN }),
      created("aws_redshift_snapshot_copy.s", { cluster_identifier: "c" }, unknown("snapshot_copy_grant_name")),
    ],
    [
      "warehouse-snapshot-copy-without-grant aws_redshift_snapshot_copy.s: snapshot_copy_grant_name is unknown until apply",
    ],
  ],
  [
    "the cluster of a snapshot copy",
    [created("aws_redshift_snapshot_copy.s", {}, unknown("cluster_identifier"))],
    ["warehouse-snapshot-copy-without-grant aws_redshift_snapshot_copy.s: cluster_identifier is unknown until apply"],
  ],
  [
    "the content of a managed policy",
    [created("aws_iam_role_policy_attachment.a", { policy_arn: OTHER_POLICY, role: "r" })],
    [`role-reads-every-secret aws_iam_role_policy_attachment.a: the content of ${OTHER_POLICY} is not in the plan`],
  ],
  [
    "the caller who deploys a warehouse",
    [
      key(),
      cluster({}, { ...unknown("kms_key_id"), expressions: { kms_key_id: { references: ["aws_kms_key.k.arn"] } } }),
    ],
    ["key-policy-deployer-cannot-use aws_kms_key.k: no aws_caller_identity of its provider shows the caller"],
  ],
  [
    "the account of the key of a grant",
    [created("aws_kms_grant.g", { grantee_principal: USER_ARN, key_id: "1234" })],
    ["grant-other-account aws_kms_grant.g: the account of the key is unknown"],
  ],
])("a rule is not judged without %s", (_, resources, expected) => {
  expect(notJudged(...resources)).toEqual(expect.arrayContaining(expected));
});

test.each([
  [
    "a new",
    created("aws_redshift_cluster.c", {}, { after_unknown: { vpc_security_group_ids: true }, expressions: {} }),
  ],
  ["an existing", kept("aws_redshift_cluster.c", { vpc_security_group_ids: ["sg-1"] }, { expressions: {} })],
])(
  "warehouse-open-security-group is judged for %s cluster whose configuration has no security groups",
  (_, resource) => {
    expect(notJudged(resource).filter((text) => text.startsWith("warehouse-open-security-group"))).toStrictEqual([]);
  },
);

test("every rule is judged if the plan shows all values that it reads", () => {
  const group = kept("aws_redshift_parameter_group.g", {
    family: "redshift-1.0",
    name: "analytics",
    parameter: [{ name: "require_ssl", value: "true" }],
  });
  const warehouse = kept("aws_redshift_cluster.c", {
    arn: KEY_ARN.replace(":kms:", ":redshift:"),
    cluster_parameter_group_name: "analytics",
    encrypted: true,
    kms_key_id: KEY_ARN,
    vpc_security_group_ids: ["sg-1"],
  });
  const securityGroup = kept("aws_security_group.g", { id: "sg-1", ingress: [] });
  expect(
    notJudged(
      kept("aws_kms_key.k", { arn: KEY_ARN, policy: policyOf(ADMINISTRATOR) }),
      warehouse,
      group,
      securityGroup,
    ),
  ).toStrictEqual([]);
});

describe("a value that is not shown", () => {
  test.each<[string, Resource, string]>([
    ["role-policy-not-shown", created("aws_iam_policy.p", { policy: "{}" }, sensitive("policy")), "sensitive"],
    [
      "role-policy-not-shown",
      created("aws_iam_user_policy.p", { policy: "no" }),
      "it does not follow IAM's policy grammar",
    ],
    [
      "role-policy-not-shown",
      created("aws_iam_role.r", { inline_policy: [{ policy: "" }] }, unknown("inline_policy")),
      "inline_policy is unknown until apply",
    ],
    [
      "role-policy-not-shown",
      created("aws_iam_role.r", { inline_policy: "{}" }, { expressions: { inline_policy: {} } }),
      "it is no list of policies",
    ],
    [
      "role-policy-not-shown",
      created("aws_iam_role.r", { inline_policy: ["{}"] }, { expressions: { inline_policy: {} } }),
      "it is no list of policies",
    ],
    [
      "role-policy-not-shown",
      created("aws_iam_user_policy.p", { policy: 42 }),
      "it does not follow IAM's policy grammar",
    ],
    [
      "role-policy-not-shown",
      created("aws_iam_policy.p", { policy: { Statement: [] } }),
      "it does not follow IAM's policy grammar",
    ],
    [
      "role-trust-not-shown",
      created("aws_iam_role.r", { assume_role_policy: [] }),
      "it does not follow IAM's policy grammar",
    ],
    ["key-policy-not-shown", created("aws_kms_key.k", { policy: 42 }), "it does not follow IAM's policy grammar"],
    [
      "role-policy-not-shown",
      created("aws_iam_role_policy_attachment.a", {}, unknown("policy_arn")),
      "unknown until apply",
    ],
    [
      "sharing-policy-not-shown",
      created("aws_redshift_resource_policy.p", { policy: "{" }),
      "it does not follow IAM's policy grammar",
    ],
    ["role-trust-not-shown", created("aws_iam_role.r", {}, unknown("assume_role_policy")), "unknown until apply"],
    ["warehouse-not-shown", cluster({}, unknown("encrypted")), "encrypted is unknown until apply"],
    ["warehouse-not-shown", cluster({ kms_key_id: KEY_ARN }, sensitive("kms_key_id")), "kms_key_id is sensitive"],
    [
      "warehouse-not-shown",
      created("aws_redshift_parameter_group.g", { parameter: [] }, unknown("parameter")),
      "parameter is unknown until apply",
    ],
  ])("has an error of the rule %s: %j", (rule, resource, why) => {
    const [finding] = findingsOf(rule, resource);
    expect(finding).toMatchObject({ severity: "error" });
    expect(finding!.consequence).toContain(`is not shown (${why})`);
  });

  test("has no error if AWS chooses it", () => {
    const chosen = { after_unknown: { config_parameter: true }, expressions: {} };
    expect(findingsOf("warehouse-not-shown", created("aws_redshiftserverless_workgroup.w", {}, chosen))).toStrictEqual(
      [],
    );
  });
});

describe("rules that could not be judged", () => {
  const report = reviewed([key()]);

  test("are a section of the report in text and in Markdown, sorted by subject and reason", () => {
    const lines =
      "\nRules that could not be judged\n  aws_kms_key.k: no aws_caller_identity of its provider shows the caller\n    key-policy-locks-out-caller\n";
    expect(render([report], "text")).toContain(lines);
    expect(render([report], "text")).toContain(" ignored, 1 not judged\n");
    expect(render([report], "markdown")).toContain(
      "<summary>Rules that could not be judged</summary>\n\n- `aws_kms_key.k`: ",
    );
  });

  test("are notifications in SARIF", () => {
    const { runs } = JSON.parse(render([report], "sarif")) as {
      runs: [{ invocations: [{ toolExecutionNotifications: { associatedRule: { id: string } }[] }] }];
    };
    expect(
      runs[0].invocations[0].toolExecutionNotifications.map(({ associatedRule }) => associatedRule.id),
    ).toStrictEqual(["key-policy-locks-out-caller"]);
  });

  test("fail the review under --strict alone", () => {
    const plan = { format_version: "1.2", resource_changes: [kept("aws_redshift_cluster.c", {}).change] };
    jest.spyOn(process.stdout, "write").mockImplementation(() => true);
    const statusOf = (...args: string[]) => main(args, () => JSON.stringify(plan));
    expect([statusOf(), statusOf("--strict")]).toStrictEqual([0, 1]);
    jest.restoreAllMocks();
  });
});

const GRANT_ROLE = "GRANT ROLE reader TO PUBLIC";

describe("a resource that the review does not read leaves exactly the affected rules unjudged:", () => {
  test.each<[string, Resource, readonly string[]]>([
    [
      "a new stack of CloudFormation",
      created("aws_cloudformation_stack.s", {}),
      ["key-policy-not-shown", "warehouse-not-shown", "role-policy-not-shown", "sharing-secret-not-shown"],
    ],
    ...["stack_instances", "stack_set", "stack_set_instance"].map((type): [string, Resource, readonly string[]] => [
      `a new aws_cloudformation_${type}`,
      created(`aws_cloudformation_${type}.s`, {}),
      ["key-policy-not-shown", "warehouse-not-shown", "role-policy-not-shown", "sharing-secret-not-shown"],
    ]),
    ...["awscc_cloudformation_stack", "awscc_cloudformation_stack_set"].map(
      (type): [string, Resource, readonly string[]] => [
        `a new ${type}`,
        created(`${type}.s`, {}),
        ["key-policy-not-shown", "warehouse-not-shown", "role-policy-not-shown", "sharing-secret-not-shown"],
      ],
    ),
    [
      "a new member of a group of awscc",
      created("awscc_identitystore_group_membership.m", {}),
      ["role-policy-not-shown"],
    ],
    [
      "a new rule of a security group of awscc, without a warehouse",
      created("awscc_ec2_security_group_ingress.r", {}),
      [],
    ],
    [
      "a new product of Service Catalog",
      created("aws_servicecatalog_provisioned_product.p", {}),
      ["key-policy-not-shown", "warehouse-not-shown", "role-policy-not-shown", "sharing-secret-not-shown"],
    ],
    [
      "a new secret by Cloud Control",
      created("aws_cloudcontrolapi_resource.k", { type_name: "AWS::SecretsManager::Secret" }),
      ["sharing-secret-not-shown"],
    ],
    [
      "a new role by Cloud Control",
      created("aws_cloudcontrolapi_resource.k", { type_name: "AWS::IAM::Role" }),
      ["role-policy-not-shown"],
    ],
    ["a new alias of awscc", created("awscc_kms_alias.a", {}), ["key-policy-not-shown"]],
    ["a new workgroup of awscc", created("awscc_redshiftserverless_workgroup.w", {}), ["warehouse-not-shown"]],
    [
      "a new key by Cloud Control",
      created("aws_cloudcontrolapi_resource.k", { type_name: "AWS::KMS::Key" }),
      ["key-policy-not-shown"],
    ],
    ["a new bucket by Cloud Control", created("aws_cloudcontrolapi_resource.k", { type_name: "AWS::S3::Bucket" }), []],
    [
      "a destroyed namespace by Cloud Control",
      destroyed("aws_cloudcontrolapi_resource.k", { type_name: "AWS::RedshiftServerless::Namespace" }),
      ["warehouse-not-shown"],
    ],
    [
      "a new permission set by Cloud Control",
      created("aws_cloudcontrolapi_resource.k", { type_name: "AWS::SSO::PermissionSet" }),
      ["role-policy-not-shown"],
    ],
    ["a new inline policy of awscc", created("awscc_iam_role_policy.p", {}), ["role-policy-not-shown"]],
    ["an inline policy of awscc that does not change", kept("awscc_iam_role_policy.p", {}), []],
    ["a new assignment of awscc", created("awscc_sso_assignment.a", {}), ["role-policy-not-shown"]],
    [
      "a new parameter group of awscc",
      created("awscc_redshift_cluster_parameter_group.g", {}),
      ["warehouse-not-shown"],
    ],
    ["a new endpoint of awscc", created("awscc_redshift_endpoint_access.e", {}), ["warehouse-not-shown"]],
    ["a new rotation of awscc", created("awscc_secretsmanager_rotation_schedule.s", {}), ["sharing-secret-not-shown"]],
    ["a new permission set of awscc", created("awscc_sso_permission_set.p", {}), ["role-policy-not-shown"]],
    ...["aws_iam_saml_provider", "aws_rolesanywhere_trust_anchor"].flatMap(
      (type): readonly [string, Resource, readonly string[]][] => [
        [`a changed ${type}`, updated(`${type}.p`, { name: "a" }, { name: "b" }), ["role-policy-not-shown"]],
        [`a ${type} that does not change`, kept(`${type}.p`, { name: "a" }), []],
      ],
    ),
    ["a new SQL statement", created("aws_redshiftdata_statement.s", { sql: GRANT_ROLE }), ["sharing-datashare"]],
    ["a SQL statement that does not change", kept("aws_redshiftdata_statement.s", { sql: GRANT_ROLE }), []],
    ["a destroyed SQL statement", destroyed("aws_redshiftdata_statement.s", { sql: GRANT_ROLE }), []],
  ])("%s", (_, resource, rules) => {
    expect(reviewed([resource]).notJudged.map(({ rule }) => rule)).toStrictEqual(rules);
  });
});

describe("a denial that the plan removes", () => {
  const LOST = "the plan removes or changes a denial, and does not show all policies that may allow the access";
  const deny = (Action: string, more: object = {}) => policyOf({ Action, Effect: "Deny", Resource: "*", ...more });
  const LOGIN = deny("redshift-serverless:GetCredentials");
  const TO_OUTSIDE = { Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/Outside` } };
  const role = (policy: string) => ({ assume_role_policy: policy, name: "r" });
  const ASSUME = { Action: "sts:AssumeRole", Effect: "Allow", ...TO_OUTSIDE };
  const CLUSTER_NAMESPACE = `arn:aws:redshift:us-east-1:${ACCOUNT}:namespace:a`;
  const restore = { policy: deny("redshift-serverless:*", TO_OUTSIDE), resource_arn: NAMESPACE_ARN };
  const SECRET_ARN = `arn:aws:secretsmanager:us-east-1:${ACCOUNT}:secret:redshift!admin-abcdef`;
  const secret = { policy: deny("secretsmanager:GetSecretValue", TO_OUTSIDE), secret_arn: SECRET_ARN };
  const lost = (...resources: Resource[]) =>
    notJudged(...resources)
      .filter((text) => text.endsWith(LOST))
      .map((text) => text.split(":")[0]);

  test.each<[string, string, Resource]>([
    [
      "a role outside the plan",
      "role-policy-not-shown aws_iam_role_policy.p",
      destroyed("aws_iam_role_policy.p", { policy: LOGIN, role: "Outside" }),
    ],
    [
      "a permission set outside the plan",
      "role-policy-not-shown aws_ssoadmin_permission_set_inline_policy.p",
      destroyed("aws_ssoadmin_permission_set_inline_policy.p", { inline_policy: LOGIN, permission_set_arn: "a" }),
    ],
    [
      "a managed policy that nothing attaches",
      "role-policy-not-shown aws_iam_policy.p",
      updated("aws_iam_policy.p", { name: "p", policy: LOGIN }, { name: "p", policy: policyOf() }),
    ],
    [
      "a trust policy",
      "role-trust-not-shown aws_iam_role.r",
      updated("aws_iam_role.r", role(deny("sts:AssumeRole", TO_OUTSIDE)), role(policyOf())),
    ],
    [
      "a resource policy of Redshift",
      "sharing-policy-not-shown aws_redshiftserverless_resource_policy.p",
      destroyed("aws_redshiftserverless_resource_policy.p", restore),
    ],
    [
      "the policy of an admin's secret",
      "sharing-secret-not-shown aws_secretsmanager_secret_policy.p",
      updated("aws_secretsmanager_secret_policy.p", secret, { ...secret, policy: policyOf() }),
    ],
  ])("from %s is not judged", (_, expected, resource) => {
    expect(lost(resource)).toStrictEqual([expected]);
  });

  test.each(["iam", "kms", "redshift", "redshift-data", "redshift-serverless", "secretsmanager", "sts"])(
    "is not judged if it denies an action of %s",
    (service) => {
      expect(
        lost(destroyed("aws_iam_role_policy.p", { policy: deny(`${service}:Get*`), role: "Outside" })),
      ).toHaveLength(1);
    },
  );

  test.each<[string, Resource]>([
    [
      "one of two statements that deny",
      updated("aws_iam_role.r", role(policyOf(ASSUME, { ...ASSUME, Effect: "Deny" })), role(policyOf(ASSUME))),
    ],
    [
      "a denial, and another one stays",
      updated(
        "aws_iam_role.r",
        role(policyOf({ ...ASSUME, Effect: "Deny" }, { ...ASSUME, Effect: "Deny", Principal: "*" })),
        role(policyOf({ ...ASSUME, Effect: "Deny" })),
      ),
    ],
  ])("from a trust policy is not judged: %s", (_, resource) => {
    expect(lost(resource)).toStrictEqual(["role-trust-not-shown aws_iam_role.r"]);
  });

  test.each<[string, readonly Resource[]]>([
    [
      "the plan removes a statement that allows",
      [
        updated(
          "aws_iam_role.r",
          role(policyOf(ASSUME, { ...ASSUME, Effect: "Deny" })),
          role(policyOf({ ...ASSUME, Effect: "Deny" })),
        ),
      ],
    ],
    [
      "the plan destroys the cluster of the namespace, too",
      [
        destroyed("aws_redshift_resource_policy.p", { ...restore, resource_arn: CLUSTER_NAMESPACE }),
        destroyed("aws_redshift_cluster.c", { cluster_namespace_arn: CLUSTER_NAMESPACE }),
      ],
    ],
    [
      "the policy denies more",
      [
        updated(
          "aws_iam_role_policy.p",
          { policy: LOGIN, role: "Outside" },
          { policy: deny("redshift-serverless:*", { Sid: "More" }), role: "Outside" },
        ),
      ],
    ],
    [
      "another policy of the role denies it, too",
      [
        destroyed("aws_iam_role_policy.p", { policy: LOGIN, role: "Outside" }),
        kept("aws_iam_role_policy.other", { policy: deny("redshift-serverless:*"), role: "Outside" }),
      ],
    ],
    [
      "the trust policy denies more",
      [
        updated(
          "aws_iam_role.r",
          role(policyOf({ ...ASSUME, Effect: "Deny" })),
          role(policyOf({ ...ASSUME, Effect: "Deny", Principal: { AWS: [TO_OUTSIDE.Principal.AWS, ACCOUNT] } })),
        ),
      ],
    ],
    ["the denial stays", [kept("aws_iam_role_policy.p", { policy: LOGIN, role: "Outside" })]],
    [
      "the review does not read the service of the denial",
      [destroyed("aws_iam_role_policy.p", { policy: deny("s3:*"), role: "r" })],
    ],
    [
      "the plan destroys the user, too",
      [destroyed("aws_iam_user.u", { name: "u" }), destroyed("aws_iam_user_policy.p", { policy: LOGIN, user: "u" })],
    ],
    ["the plan destroys the role, too", [destroyed("aws_iam_role.r", role(deny("sts:AssumeRole", TO_OUTSIDE)))]],
    [
      "the plan destroys the namespace, too",
      [
        destroyed("aws_redshiftserverless_resource_policy.p", restore),
        destroyed("aws_redshiftserverless_namespace.n", { arn: NAMESPACE_ARN }),
      ],
    ],
    [
      "the plan destroys the secret, too",
      [
        destroyed("aws_secretsmanager_secret_policy.p", secret),
        destroyed("aws_secretsmanager_secret.s", { arn: SECRET_ARN }),
      ],
    ],
    [
      "the new policy is not shown, which has a finding of its own",
      [
        updated(
          "aws_iam_role.r",
          role(deny("sts:AssumeRole", TO_OUTSIDE)),
          role(policyOf()),
          sensitive("assume_role_policy"),
        ),
      ],
    ],
  ])("is not listed as not judged if %s", (_, resources) => {
    expect(lost(...resources)).toStrictEqual([]);
  });
});

describe("a policy or a boundary that the plan removes", () => {
  const ARN = `arn:aws:iam::${ACCOUNT}:policy/Limits`;
  const DENY_ALL = "arn:aws:iam::aws:policy/AWSDenyAll";
  const removed = (name: string) =>
    `the plan removes or changes the policy ${name}, which may deny something, and does not show its content`;
  const role = kept("aws_iam_role.r", { name: "r" });
  const attached = (policy_arn: string) => destroyed("aws_iam_role_policy_attachment.a", { policy_arn, role: "r" });
  const listed = (...resources: Resource[]) =>
    notJudged(...resources).filter((text) => text.includes("the plan removes or changes"));
  const attachment = "role-policy-not-shown aws_iam_role_policy_attachment.a";

  test.each<[string, readonly Resource[], string]>([
    ["is not in the plan", [role, attached(ARN)], `${attachment}: ${removed(ARN)}`],
    ['has "deny" in its name', [role, attached(DENY_ALL)], `${attachment}: ${removed(DENY_ALL)}`],
    ["has a role outside the plan", [attached(ARN)], `${attachment}: ${removed(ARN)}`],
    [
      "is sensitive",
      [
        role,
        destroyed("aws_iam_role_policy.p", { policy: policyOf(), role: "r" }, { before_sensitive: { policy: true } }),
      ],
      `role-policy-not-shown aws_iam_role_policy.p: ${removed("aws_iam_role_policy.p")}`,
    ],
    [
      "is a boundary",
      [updated("aws_iam_role.r", { name: "r", permissions_boundary: ARN }, { name: "r" })],
      `role-policy-not-shown aws_iam_role.r: the plan removes or changes the boundary ${ARN}, and does not show its content`,
    ],
  ])("is not judged if it %s", (_, resources, expected) => {
    expect(listed(...resources)).toStrictEqual([expected]);
  });

  test.each<[string, readonly Resource[]]>([
    ["another policy of AWS", [role, attached(OTHER_POLICY)]],
    ["of a role that the plan destroys", [destroyed("aws_iam_role.r", { name: "r" }), attached(ARN)]],
    [
      "of the plan",
      [role, attached(ARN), destroyed("aws_iam_policy.p", { arn: ARN, name: "Limits", policy: policyOf() })],
    ],
    [
      "attached again",
      [role, attached(ARN), created("aws_iam_role_policy_attachment.b", { policy_arn: ARN, role: "r" })],
    ],
  ])("is not listed as not judged if it is %s", (_, resources) => {
    expect(listed(...resources)).toStrictEqual([]);
  });
});

describe("an exclusive list of policies", () => {
  const REASON =
    "the plan removes the policies that are not in the list, which may deny something, and does not show them";
  const [names, arns] = ["policies", "policy_attachments"].map((what) => `aws_iam_user_${what}_exclusive.l`) as [
    string,
    string,
  ];
  const list = (policy_names: readonly string[], user_name = "u") => ({ policy_names, user_name });
  const change = (before: readonly string[], after: readonly string[]) => updated(names, list(before), list(after));
  const listed = (...resources: Resource[]) => notJudged(...resources).filter((text) => text.includes(REASON));
  const user = kept("aws_iam_user.u", { name: "u" });

  test.each<[string, string, readonly Resource[]]>([
    ["is new", names, [user, created(names, list([]))]],
    ["is of a user outside the plan", names, [created(names, list([]))]],
    ["is of a user that the plan does not show", names, [created(names, {}, { after_unknown: { user_name: true } })]],
    ["has attachments", arns, [user, created(arns, { policy_arns: [], user_name: "u" })]],
    [
      "is of a role outside the plan",
      "aws_iam_role_policies_exclusive.l",
      [created("aws_iam_role_policies_exclusive.l", { policy_names: [], role_name: "r" })],
    ],
    [
      "is of a group",
      "aws_iam_group_policy_attachments_exclusive.l",
      [
        kept("aws_iam_group.g", { name: "g" }),
        created("aws_iam_group_policy_attachments_exclusive.l", { group_name: "g", policy_arns: [] }),
      ],
    ],
    ["gets another user", names, [user, replaced(names, list([], "other"), list([]))]],
    ["loses the name of a policy", names, [user, change(["a", "quarantine"], ["a"])]],
  ])("is not judged if it %s", (_, address, resources) => {
    expect(listed(...resources)).toStrictEqual([`role-policy-not-shown ${address}: ${REASON}`]);
  });

  test.each<[string, readonly Resource[]]>([
    ["is of a new user", [created("aws_iam_user.u", { name: "u" }), created(names, list([]))]],
    [
      "is of a role in the plan, of which AWS lists all policies",
      [
        kept("aws_iam_role.r", { name: "r" }),
        created("aws_iam_role_policies_exclusive.l", { policy_names: [], role_name: "r" }),
      ],
    ],
    ["stays the same", [user, kept(names, list(["a"]))]],
    ["gets a name", [user, change(["a"], ["a", "b"])]],
    ["is removed", [user, destroyed(names, list([]))]],
    [
      "loses the name of a policy of the plan",
      [user, change(["a"], []), destroyed("aws_iam_user_policy.a", { name: "a", policy: policyOf(), user: "u" })],
    ],
  ])("is not listed as not judged if it %s", (_, resources) => {
    expect(listed(...resources)).toStrictEqual([]);
  });
});
