import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { RedshiftCluster } from "@cdktf/provider-aws/lib/redshift-cluster";
import { RedshiftParameterGroup } from "@cdktf/provider-aws/lib/redshift-parameter-group";
import { TerraformStack, Testing, TerraformVariable } from "cdktf";
import { ClusterParameterGroup, type ClusterParameterGroupProps } from "../../../modules";
import { REGION } from "../../support/arns";
import { analyticsCluster, only, reference, synthesize, testStack, warningsOf } from "../../support/support";

const NAME_RULE =
  "be 1 to 255 lowercase letters, digits or hyphens, beginning with a letter, with no hyphen at the end and no two in a row";
const TIMEOUT_RULE = "be milliseconds from 100 to 2147483647, or 0 for no limit";
const QUEUES_RULE = "be a JSON list of at most 8000 characters";
const NAMED = { clusterParameterGroupName: "standard" };

test("ClusterParameterGroup requires TLS and logs user activity by default", () => {
  const stack = testStack();
  const group = new ClusterParameterGroup(stack, "Group", NAMED);
  expect(group.resource.node.path).toBe("test/Group/Resource");
  expect(group.clusterParameterGroupName).toBe("standard");
  expect(only(synthesize(stack), RedshiftParameterGroup)).toStrictEqual({
    description: "Parameters of clusters",
    family: "redshift-2.0",
    name: "standard",
    parameter: [
      { name: "enable_user_activity_logging", value: "true" },
      { name: "require_ssl", value: "true" },
    ],
  });
});

test("ClusterParameterGroup passes parameters, tags and provider", () => {
  const stack = testStack();
  const provider = new AwsProvider(stack, "Other", { alias: "other", region: REGION });
  const parameters = { statement_timeout: "60000", auto_mv: "false" };
  new ClusterParameterGroup(stack, "Group", { ...NAMED, parameters, provider, tags: { team: "data" } });
  expect(only(synthesize(stack), RedshiftParameterGroup)).toStrictEqual({
    description: "Parameters of clusters",
    family: "redshift-2.0",
    name: "standard",
    parameter: [
      { name: "auto_mv", value: "false" },
      { name: "enable_user_activity_logging", value: "true" },
      { name: "require_ssl", value: "true" },
      { name: "statement_timeout", value: "60000" },
    ],
    provider: "aws.other",
    tags: { team: "data" },
  });
});

describe("EncryptedCluster with 'parameterGroup'", () => {
  test("refers to a group of the same stack", () => {
    const stack = testStack();
    const group = new ClusterParameterGroup(stack, "Group", NAMED);
    const { parameterGroup } = analyticsCluster(stack, { parameterGroup: group });
    expect(parameterGroup).toBeUndefined();
    const synthesized = synthesize(stack);
    expect(Object.keys(synthesized.resource.aws_redshift_parameter_group!)).toHaveLength(1);
    expect(only(synthesized, RedshiftCluster).cluster_parameter_group_name).toBe(reference(group.resource, "name"));
  });

  test("names a group of another stack, and depends on that stack", () => {
    const app = Testing.app();
    const [groups, clusters] = ["groups", "clusters"].map((name) => {
      const stack = new TerraformStack(app, name);
      new AwsProvider(stack, "Aws", { region: REGION });
      return stack;
    }) as [TerraformStack, TerraformStack];
    analyticsCluster(clusters, { parameterGroup: new ClusterParameterGroup(groups, "Group", NAMED) });
    const synthesized = synthesize(clusters);
    expect(only(synthesized, RedshiftCluster).cluster_parameter_group_name).toBe("standard");
    expect(synthesized.data).not.toHaveProperty("terraform_remote_state");
    expect(clusters.dependencies).toStrictEqual([groups]);
  });

  test("names an existing group, and creates none", () => {
    const stack = testStack();
    const group = ClusterParameterGroup.fromClusterParameterGroupName(stack, "Group", "default.redshift-2.0");
    analyticsCluster(stack, { parameterGroup: group });
    const synthesized = synthesize(stack);
    expect(only(synthesized, RedshiftCluster).cluster_parameter_group_name).toBe("default.redshift-2.0");
    expect(synthesized.resource).not.toHaveProperty("aws_redshift_parameter_group");
  });

  test.each<[string, object, string]>([
    [
      "a group and 'clusterParameterGroupName' together",
      { clusterParameterGroupName: "other" },
      "'clusterParameterGroupName' must not be combined with 'parameterGroup': each of the two names a group, got: other",
    ],
    [
      "a group and parameters together",
      { parameters: { auto_mv: "true" } },
      "'parameters' must not be combined with 'parameterGroup': the group has its own parameters, " +
        'got: {"auto_mv":"true"}',
    ],
    [
      "a group by name",
      { parameterGroup: "standard" },
      "'parameterGroup' must be a parameter group, such as a ClusterParameterGroup, got: standard",
    ],
  ])("refuses %s", (_, props, message) => {
    const stack = testStack();
    const parameterGroup = ClusterParameterGroup.fromClusterParameterGroupName(stack, "Group", "standard");
    expect(() => analyticsCluster(stack, { parameterGroup, ...props })).toThrow(new Error(`[test/Cluster] ${message}`));
  });
});

test("ClusterParameterGroup accepts a name unknown at synthesis", () => {
  const stack = testStack();
  const clusterParameterGroupName = new TerraformVariable(stack, "name", { type: "string" }).stringValue;
  new ClusterParameterGroup(stack, "Group", { clusterParameterGroupName });
  expect(only(synthesize(stack), RedshiftParameterGroup).name).toBe("${var.name}");
});

test.each([
  ["auto_analyze", "false"],
  ["datestyle", "ISO, DMY"],
  ["extra_float_digits", "-15"],
  ["max_concurrency_scaling_clusters", "10"],
  ["max_cursor_result_set_size", "default"],
  ["query_group", "reports"],
  ["search_path", "$user, public"],
  ["max_concurrency_scaling_clusters", "0"],
  ["statement_timeout", "0"],
  ["statement_timeout", "100"],
  ["statement_timeout", "2147483647"],
  ["statement_timeout", "${var.timeout}"],
  ["use_fips_ssl", "true"],
  ["wlm_json_configuration", `["${"a".repeat(7996)}"]`],
])("ClusterParameterGroup accepts the parameter %s", (name, value) => {
  const stack = testStack();
  new ClusterParameterGroup(stack, "Group", { ...NAMED, parameters: { [name]: value } });
  expect(only(synthesize(stack), RedshiftParameterGroup).parameter).toContainEqual({ name, value });
  expect(warningsOf(stack)).toStrictEqual([]);
});

test.each([
  [
    "ClusterParameterGroup",
    (stack: TerraformStack, parameters: Readonly<Record<string, string>>) =>
      new ClusterParameterGroup(stack, "Group", { ...NAMED, parameters }),
  ],
  [
    "EncryptedCluster",
    (stack: TerraformStack, parameters: Readonly<Record<string, string>>) => analyticsCluster(stack, { parameters }),
  ],
])("%s warns of a parameter that AWS does not document", (_, create) => {
  const stack = testStack();
  create(stack, { auto_mv: "true", statement_timout: "1000" });
  expect(warningsOf(stack)).toStrictEqual([
    "'parameters.statement_timout' should be a known value, got: statement_timout. The nearest is statement_timeout. If AWS " +
      "has added the value, ignore this warning: checks that depend on the value are skipped",
  ]);
});

describe("ClusterParameterGroup refuses", () => {
  test("missing props", () => {
    expect(() => new ClusterParameterGroup(testStack(), "Group", undefined as never)).toThrow(
      new Error("[test/Group] 'props' must be given, got: nothing"),
    );
  });

  test.each<[string, Partial<ClusterParameterGroupProps>, string]>([
    [
      "a missing name",
      { clusterParameterGroupName: undefined! },
      `'clusterParameterGroupName' must ${NAME_RULE}, got: nothing`,
    ],
    [
      "the name of a default group",
      { clusterParameterGroupName: "default.redshift-2.0" },
      `'clusterParameterGroupName' must ${NAME_RULE}, got: default.redshift-2.0`,
    ],
    [
      "a name with two hyphens in a row",
      { clusterParameterGroupName: "a--b" },
      `'clusterParameterGroupName' must ${NAME_RULE}, got: a--b`,
    ],
    [
      "a name of 256 characters",
      { clusterParameterGroupName: "a".repeat(256) },
      `'clusterParameterGroupName' must ${NAME_RULE}, got: aaa`,
    ],
    [
      "the parameter require_ssl",
      { parameters: { require_ssl: "false" } },
      `'parameters.require_ssl' must be left out: it is always true, got: "false"`,
    ],
    [
      "a parameter with a hyphen",
      { parameters: { "auto-mv": "true" } },
      "'parameters.auto-mv' must be a parameter name of lowercase letters and underscores, got: auto-mv",
    ],
    [
      "a word as a parameter that is true or false",
      { parameters: { enable_case_sensitive_identifier: "yes" } },
      "'parameters.enable_case_sensitive_identifier' must be one of true, false, got: yes",
    ],
    [
      "a time limit of statements with a unit",
      { parameters: { statement_timeout: "60s" } },
      `'parameters.statement_timeout' must ${TIMEOUT_RULE}, got: 60s`,
    ],
    [
      "a time limit of statements below 100 milliseconds",
      { parameters: { statement_timeout: "99" } },
      `'parameters.statement_timeout' must ${TIMEOUT_RULE}, got: "99"`,
    ],
    [
      "a time limit of statements of more than 31 bits",
      { parameters: { statement_timeout: "2147483648" } },
      `'parameters.statement_timeout' must ${TIMEOUT_RULE}, got: "2147483648"`,
    ],
    [
      "three extra digits of numbers",
      { parameters: { extra_float_digits: "3" } },
      `'parameters.extra_float_digits' must be an integer from -15 to 2, got: "3"`,
    ],
    [
      "less than no concurrency scaling cluster",
      { parameters: { max_concurrency_scaling_clusters: "-1" } },
      `'parameters.max_concurrency_scaling_clusters' must be an integer of 0 or more, got: "-1"`,
    ],
    [
      "queues that are no JSON",
      { parameters: { wlm_json_configuration: "[{auto_wlm: true}]" } },
      `'parameters.wlm_json_configuration' must ${QUEUES_RULE}, got: [{auto_wlm: true}]`,
    ],
    [
      "queues that are no list",
      { parameters: { wlm_json_configuration: '{"auto_wlm":true}' } },
      `'parameters.wlm_json_configuration' must ${QUEUES_RULE}, got: {"auto_wlm":true}`,
    ],
    [
      "queues of more than 8000 characters",
      { parameters: { wlm_json_configuration: `["${"a".repeat(7997)}"]` } },
      `'parameters.wlm_json_configuration' must ${QUEUES_RULE}, got: ["aaa`,
    ],
    [
      "a parameter without a value",
      { parameters: { auto_mv: "" } },
      "'parameters.auto_mv' must be a string of 1 to 32768 characters, got: \"\"",
    ],
    ["a list as parameters", { parameters: [] as never }, "'parameters' must be a map of known keys, got: []"],
    ["a tag whose key begins with aws:", { tags: { "aws:a": "b" } }, "'tags' must "],
  ])("%s", (_, props, message) => {
    expect(() => new ClusterParameterGroup(testStack(), "Group", { ...NAMED, ...props })).toThrow(
      `[test/Group] ${message}`,
    );
  });

  test("the name of an existing group if it has an underscore", () => {
    expect(() => ClusterParameterGroup.fromClusterParameterGroupName(testStack(), "Group", "a_b")).toThrow(
      new Error(
        "[test/Group] 'clusterParameterGroupName' must be 1 to 255 lowercase letters, digits, hyphens or dots, got: a_b",
      ),
    );
  });
});
