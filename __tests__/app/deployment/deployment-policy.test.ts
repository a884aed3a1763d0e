import { readFileSync } from "node:fs";
import { printDeployPolicy } from "../../../app/cli/deploy-policy";
import { DATA_CALLS, NAMES, RESOURCE_CALLS } from "../../../app/deployment/deployment-calls";
import {
  type DeploymentPolicyOptions,
  deploymentStatements,
  type StackFile,
} from "../../../app/deployment/deployment-policy";
import { deployPoliciesPage, PAGE } from "../../../tools/docs/deploy-policies-page";
import { bindingOf, importedTypes } from "../../support/imported-types";
import { inProcess } from "../../support/in-process";
import { ROOT } from "../../support/paths";
import { ACCOUNT, REGION } from "../../support/arns";
import { faultsOf, type Statement } from "../../support/service-authorization";

const USER_ROLE = `arn:aws:iam::${ACCOUNT}:role/team/User`;
const KEY = `arn:aws:kms:${REGION}:${ACCOUNT}:key/*`;

/** The policy of a stack with one element. */
function statementsOf(type: string, args: object, more: Partial<StackFile> = {}, options?: DeploymentPolicyOptions) {
  const resource = { [type]: { one: args as Record<string, unknown> }, ...more.resource };
  const aws = [{ allowed_account_ids: [ACCOUNT], region: REGION }] as const;
  return deploymentStatements({ provider: { aws }, ...more, resource }, options);
}

/** The resources on which the policy allows an action. */
function resourcesOf(action: string, ...args: Parameters<typeof statementsOf>) {
  return statementsOf(...args)
    .filter(({ Action }) => [Action].flat().includes(action))
    .flatMap(({ Resource }) => Resource);
}

test("docs/deploy-policies.md equals the output of `npm run docs:deploy`", () => {
  expect(readFileSync(PAGE, "utf8")).toBe(deployPoliciesPage());
});

test("RESOURCE_CALLS and DATA_CALLS have exactly the types that the app and the library import", () => {
  // The app creates no grant.
  const types = importedTypes("modules", "app").filter((name) => name !== "kms-grant");
  const named = (calls: object, prefix: string) => Object.keys(calls).map((type) => type.replace("aws_", prefix));
  const described = [...named(RESOURCE_CALLS, ""), ...named(DATA_CALLS, "data-aws-")].map((name) =>
    name.replaceAll("_", "-"),
  );
  expect(described.filter((name) => name !== "terraform-data").sort()).toStrictEqual(types);
});

test("NAMES has an argument of each type", () => {
  const withoutArgument = Object.entries(NAMES).filter(([type, { argument }]) => {
    const input = `${argument.replace(/_[a-z]/g, ([, letter]) => letter!.toUpperCase())}Input`;
    return !(input in bindingOf(type.replace("aws_", "").replaceAll("_", "-")).prototype);
  });
  expect(withoutArgument).toStrictEqual([]);
});

const TARGET = { role_arn: "${local.any}" };

test("RESOURCE_CALLS has only actions and ARNs of the service authorization reference", () => {
  const statements = Object.entries(RESOURCE_CALLS).flatMap(([type, calls]) => {
    const set = calls.flatMap(({ ifSet = "kms_key_id" }) => ifSet.split(".")[0]!);
    const args = Object.fromEntries(set.map((name) => [name, name === "target" ? TARGET : "${local.any}"]));
    return statementsOf(type, { ...args, policy: JSON.stringify({ Statement: [] }) });
  });
  expect(faultsOf(statements as readonly Statement[])).toStrictEqual([]);
});

test("the deployment policy throws for a type that RESOURCE_CALLS lacks", () => {
  expect(() => statementsOf("aws_s3_bucket", {})).toThrow(
    new Error(
      "'aws_s3_bucket' must be a resource type of app/deployment/deployment-calls.ts, which lists the AWS calls of each type",
    ),
  );
});

describe("in a deployment policy, the resource", () => {
  test("takes its name from an argument of another resource to which it refers", () => {
    const cluster = { aws_redshift_cluster: { Cluster_1: { cluster_identifier: "sales" } } };
    const args = { cluster_identifier: "${aws_redshift_cluster.Cluster_1.id}" };
    const options = [{ resource: cluster }, { readOnly: true }] as const;
    expect(resourcesOf("redshift:DescribeLoggingStatus", "aws_redshift_logging", args, ...options)).toStrictEqual([
      `arn:aws:redshift:${REGION}:${ACCOUNT}:cluster:sales`,
    ]);
  });

  test("has the value in place of a reference within its name", () => {
    const cluster = { aws_redshift_cluster: { Cluster_1: { cluster_identifier: "sales" } } };
    const args = { alarm_name: "${aws_redshift_cluster.Cluster_1.cluster_identifier}-cpu" };
    const alarms = resourcesOf("cloudwatch:PutMetricAlarm", "aws_cloudwatch_metric_alarm", args, { resource: cluster });
    expect(alarms).toStrictEqual([`arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm:sales-cpu`]);
  });

  test("has * in place of a reference that the stack does not resolve", () => {
    const args = { alarm_name: "${local.name}-cpu" };
    expect(resourcesOf("cloudwatch:PutMetricAlarm", "aws_cloudwatch_metric_alarm", args)).toStrictEqual([
      `arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm:*-cpu`,
    ]);
  });

  test("is the ACM certificate that a custom domain association names", () => {
    const custom_domain_certificate_arn = `arn:aws:acm:${REGION}:${ACCOUNT}:certificate/1`;
    const args = { custom_domain_certificate_arn, workgroup_name: "sales" };
    const type = "aws_redshiftserverless_custom_domain_association";
    expect(resourcesOf("acm:DescribeCertificate", type, args)).toStrictEqual([custom_domain_certificate_arn]);
  });

  test.each([
    [{ snapshot_cluster_identifier: "old" }, "old/last"],
    [{}, "*/last"],
  ])("is the snapshot of a restored cluster for the source %j", (source, snapshot) => {
    const args = { cluster_identifier: "sales", snapshot_identifier: "last", ...source };
    expect(resourcesOf("redshift:RestoreFromClusterSnapshot", "aws_redshift_cluster", args)).toStrictEqual([
      `arn:aws:redshift:${REGION}:${ACCOUNT}:cluster:sales`,
      `arn:aws:redshift:${REGION}:${ACCOUNT}:snapshot:${snapshot}`,
    ]);
  });

  test("is every resource of its type if its name is a Terraform function call", () => {
    const args = { cluster_identifier: '${lookup(data.any.one, "id")}' };
    expect(resourcesOf("redshift:EnableLogging", "aws_redshift_logging", args)).toStrictEqual([
      `arn:aws:redshift:${REGION}:${ACCOUNT}:cluster:*`,
    ]);
  });

  test.each([
    ["aws_cloudwatch_event_rule", { name: "failed" }, "events", "rule/failed"],
    ["aws_redshift_cluster", { cluster_identifier: "sales" }, "redshift", "cluster:sales"],
    ["aws_redshift_parameter_group", { name: "tls" }, "redshift", "parametergroup:tls"],
    [
      "aws_redshift_snapshot_copy_grant",
      { snapshot_copy_grant_name: "copies" },
      "redshift",
      "snapshotcopygrant:copies",
    ],
    ["aws_redshift_snapshot_schedule", { identifier: "nightly" }, "redshift", "snapshotschedule:nightly"],
    ["aws_redshift_subnet_group", { name: "private" }, "redshift", "subnetgroup:private"],
    ["aws_redshiftserverless_namespace", { namespace_name: "sales" }, "redshift-serverless", "namespace/*"],
    ["aws_redshiftserverless_workgroup", { workgroup_name: "sales" }, "redshift-serverless", "workgroup/*"],
    ["aws_scheduler_schedule_group", { name: "reports" }, "scheduler", "schedule-group/reports"],
    ["aws_sns_topic", { name: "alarms" }, "sns", "alarms"],
    ["aws_sqs_queue", { name: "failed" }, "sqs", "failed"],
  ])("has the ARN of a referenced %s", (type, args, service, name) => {
    const resource = { [type]: { Named_1: args } };
    const subscription = { topic_arn: `\${${type}.Named_1.arn}` };
    expect(resourcesOf("sns:Subscribe", "aws_sns_topic_subscription", subscription, { resource })).toStrictEqual([
      `arn:aws:${service}:${REGION}:${ACCOUNT}:${name}`,
    ]);
  });

  test("is every resource of its type if its name is of a data source that the stack lacks", () => {
    const args = { cluster_identifier: "${data.aws_redshift_cluster.Gone.id}" };
    expect(resourcesOf("redshift:EnableLogging", "aws_redshift_logging", args)).toStrictEqual([
      `arn:aws:redshift:${REGION}:${ACCOUNT}:cluster:*`,
    ]);
  });

  test("has the Region and the partition of its own provider", () => {
    const aws = [
      { allowed_account_ids: [ACCOUNT], region: "cn-north-1" },
      { alias: "Aws-cn-northwest-1", region: "cn-northwest-1" },
    ] as const;
    const args = { name: "alias/sales", provider: "aws.Aws-cn-northwest-1", target_key_id: "any" };
    expect(resourcesOf("kms:CreateAlias", "aws_kms_alias", args, { provider: { aws } })).toContain(
      `arn:aws-cn:kms:cn-northwest-1:${ACCOUNT}:alias/sales`,
    );
  });
});

describe("in a deployment policy, a role", () => {
  test("has the path of its resource", () => {
    const role = { aws_iam_role: { Role_1: { name: "User", path: "/team/" } } };
    for (const name of ["User", "${aws_iam_role.Role_1.name}"]) {
      const args = { role: name };
      expect(resourcesOf("iam:PutRolePolicy", "aws_iam_role_policy", args, { resource: role })).toStrictEqual([
        USER_ROLE,
      ]);
    }
  });

  test("has the path that its ARN has elsewhere in the stack if the stack does not create the role", () => {
    const key = {
      aws_kms_key: { Key_1: { policy: JSON.stringify({ Statement: [{ Principal: { AWS: USER_ROLE } }] }) } },
    };
    const args = { role: "User" };
    expect(resourcesOf("iam:PutRolePolicy", "aws_iam_role_policy", args, { resource: key })).toStrictEqual([USER_ROLE]);
    expect(resourcesOf("iam:PutRolePolicy", "aws_iam_role_policy", args)).toStrictEqual([
      USER_ROLE.replace("team/", ""),
    ]);
  });

  test("has the path of an ARN whose name has characters with a meaning in a pattern", () => {
    const arn = USER_ROLE.replace("User", "a.b+c");
    const key = { aws_kms_key: { Key_1: { policy: JSON.stringify({ Statement: [{ Principal: { AWS: arn } }] }) } } };
    const args = { role: "a.b+c" };
    expect(resourcesOf("iam:PutRolePolicy", "aws_iam_role_policy", args, { resource: key })).toStrictEqual([arn]);
  });

  test.each([
    ["aws_redshift_cluster", { cluster_identifier: "sales", iam_roles: [] }],
    ["aws_scheduler_schedule", { group_name: "reports", name: "sales" }],
  ])("is not passed by %s with the arguments %j", (type, args) => {
    expect(resourcesOf("iam:PassRole", type, args)).toStrictEqual([]);
  });

  test.each([
    [[], 0],
    [[USER_ROLE], 1],
  ])("is attached to a cluster with iam_roles %j", (iam_roles, count) => {
    const args = { cluster_identifier: "sales", iam_roles };
    expect(resourcesOf("redshift:ModifyClusterIamRoles", "aws_redshift_cluster", args)).toHaveLength(count);
  });

  test("is passed if it is the only one", () => {
    const args = { cluster_identifier: "sales", iam_roles: [USER_ROLE] };
    expect(resourcesOf("iam:PassRole", "aws_redshift_cluster", args)).toStrictEqual([USER_ROLE]);
  });

  test.each([
    [true, 1],
    [false, 0],
  ])("for multi-Region keys is created if the key has multi_region: %s", (multi_region, count) => {
    const args = { multi_region, policy: JSON.stringify({ Statement: [] }) };
    expect(resourcesOf("iam:CreateServiceLinkedRole", "aws_kms_key", args)).toHaveLength(count);
  });

  test("is passed to redshift.amazonaws.com only", () => {
    const passed = [USER_ROLE, USER_ROLE.replace("User", "Other")];
    const statements = statementsOf("aws_redshift_cluster", { cluster_identifier: "sales", iam_roles: passed });
    expect(statements.filter(({ Action }) => Action === "iam:PassRole")).toMatchObject([
      { Condition: { StringEquals: { "iam:PassedToService": "redshift.amazonaws.com" } }, Resource: passed.sort() },
    ]);
  });
});

describe("in a deployment policy, a key", () => {
  const policyOf = (...AWS: string[]) => {
    return { policy: JSON.stringify({ Statement: [{ Action: "kms:*", Principal: { AWS } }] }) };
  };
  const root = `arn:aws:iam::${ACCOUNT}:root`;

  test.each([
    ["names the account root has the actions that IAM policies must allow", policyOf(USER_ROLE, root), [KEY]],
    [
      "names no account root of the account has no actions",
      policyOf(USER_ROLE, root.replace(ACCOUNT, "444455556666")),
      [],
    ],
  ])("that the stack creates and whose key policy %s", (_, key, expected) => {
    for (const type of ["aws_kms_key", "aws_kms_replica_key"]) {
      expect(resourcesOf("kms:PutKeyPolicy", type, key)).toStrictEqual(expected);
      const args = { kms_key_id: `\${${type}.Key_1.arn}` };
      const more = { resource: { [type]: { Key_1: { ...key, primary_key_arn: "any" } } } };
      expect(resourcesOf("kms:CreateGrant", "aws_redshiftserverless_namespace", args, more)).toStrictEqual(expected);
    }
  });

  test.each([
    ["by ARN", "arn:aws:kms:us-east-1:444455556666:key/a", "arn:aws:kms:us-east-1:444455556666:key/a", {}],
    [
      "shared, by its alias",
      "${data.aws_kms_key.Shared.arn}",
      KEY,
      { "ForAnyValue:StringEquals": { "kms:ResourceAliases": "alias/shared" } },
    ],
    ["by a Terraform expression", "${one(data.any.one[*].arn)}", KEY, {}],
  ])(
    "that the stack does not create has CreateGrant for AWS services only: %s",
    (_, kms_key_id, Resource, condition) => {
      const data = { aws_kms_key: { Shared: { key_id: "alias/shared" } } };
      const statements = statementsOf("aws_redshiftserverless_namespace", { kms_key_id }, { data });
      const Condition = { ...condition, Bool: { "kms:GrantIsForAWSResource": "true" } };
      expect(statements.filter(({ Action }) => Action === "kms:CreateGrant")).toMatchObject([{ Condition, Resource }]);
      expect(statements.find(({ Action }) => [Action].flat().includes("kms:Encrypt"))).toMatchObject({ Resource });
    },
  );
});

test("the deployment policy leaves out seldom calls if it is read-only or has seldom: false", () => {
  const alias = { aws_kms_alias: { Alias_1: { name: "alias/sales", target_key_id: "any" } } };
  const isAllowed = (action: string) =>
    [{}, { seldom: false }, { readOnly: true }].map(
      (options) => resourcesOf(action, "aws_redshiftserverless_workgroup", {}, { resource: alias }, options).length > 0,
    );
  expect(isAllowed("ec2:DescribeVpcs")).toStrictEqual([true, false, false]);
  expect(isAllowed("kms:UpdateAlias")).toStrictEqual([true, false, false]);
  expect(isAllowed("kms:CreateAlias")).toStrictEqual([true, true, false]);
  expect(isAllowed("redshift-serverless:GetWorkgroup")).toStrictEqual([true, true, true]);
});

test.each([
  ["aws_caller_identity", {}, []],
  ["aws_iam_role", { name: "User" }, [["iam:GetRole", USER_ROLE.replace("team/", "")]]],
  ["aws_iam_roles", {}, [["iam:ListRoles", "*"]]],
  ["aws_iam_user", { user_name: "one" }, [["iam:GetUser", `arn:aws:iam::${ACCOUNT}:user/one`]]],
  ["aws_security_groups", {}, [["ec2:DescribeSecurityGroups", "*"]]],
  ["aws_subnets", {}, [["ec2:DescribeSubnets", "*"]]],
])("the deployment policy allows a plan to read a data source of the type %s", (type, args, expected) => {
  const aws = [{ allowed_account_ids: [ACCOUNT], region: REGION }] as const;
  const statements = deploymentStatements({ data: { [type]: { one: args } }, provider: { aws } }, { readOnly: true });
  expect(statements.map(({ Action, Resource }) => [Action, Resource])).toStrictEqual(expected);
});

describe("npm run deploy-policy", () => {
  const run = async (...args: readonly string[]) => inProcess(printDeployPolicy, ROOT, {}, args);

  test.each([
    [[], 0],
    [["--read-only"], 1],
  ])("prints the documented policy of analytics-cluster with the options %j", async (options, index) => {
    const { status, stdout } = await run("analytics-cluster", ...options);
    expect(status).toBe(0);
    const [, section] = readFileSync(PAGE, "utf8").split("To deploy `analytics-cluster`, and to plan it:");
    expect(`\`\`\`json\n${stdout}`).toBe(section!.match(/```json\n[^]*?\n(?=```)/g)![index]);
  });

  test("has a help that names it", async () => {
    const { status, stdout } = await run("--help");
    expect(status).toBe(0);
    expect(stdout).toMatch(/^Usage: npm --silent run deploy-policy -- STACK \[option /);
  });

  test.each([
    [["--all"], "Unknown option '--all'; npm --silent run deploy-policy -- --help lists the options\n"],
    [[], "arguments must name exactly one stack, got: nothing\n"],
    [
      ["analytics-cluster", "analytics-serverless"],
      "arguments must name exactly one stack, got: analytics-cluster analytics-serverless\n",
    ],
    [["analytics-*"], "arguments must name exactly one stack, got: analytics-*\n"],
  ])("refuses the arguments %j", async (args, stderr) => {
    expect(await run(...args)).toStrictEqual({ status: 1, stderr, stdout: "" });
  });
});
