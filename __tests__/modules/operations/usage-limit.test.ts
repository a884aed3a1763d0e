import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { RedshiftUsageLimit } from "@cdktf/provider-aws/lib/redshift-usage-limit";
import { RedshiftserverlessUsageLimit } from "@cdktf/provider-aws/lib/redshiftserverless-usage-limit";
import { TerraformVariable } from "cdktf";
import { UsageLimit, type UsageLimitOptions, type UsageLimitProps } from "../../../modules";
import { CLUSTER_ARN, REGION } from "../../support/arns";
import {
  analyticsCluster,
  analyticsServerless,
  only,
  reference,
  synthesize,
  testStack,
  warningsOf,
} from "../../support/support";

test.each([
  ["concurrency-scaling", "time"],
  ["cross-region-datasharing", "data-scanned"],
  ["spectrum", "data-scanned"],
] as const)("a limit of a cluster for %s has the limit type %s", (feature, limitType) => {
  const stack = testStack();
  const warehouse = analyticsCluster(stack);
  const { resource } = new UsageLimit(stack, "Limit", { amount: 60, feature, warehouse });
  expect(resource.node.path).toBe("test/Limit/Resource");
  expect(only(synthesize(stack), RedshiftUsageLimit)).toStrictEqual({
    amount: 60,
    cluster_identifier: reference(warehouse.resource, "cluster_identifier"),
    feature_type: feature,
    limit_type: limitType,
  });
});

test("a limit of a serverless warehouse for serverless-compute has the ARN of the workgroup", () => {
  const stack = testStack();
  const warehouse = analyticsServerless(stack);
  const { resource } = new UsageLimit(stack, "Limit", { amount: 60, feature: "serverless-compute", warehouse });
  expect(resource.node.path).toBe("test/Limit/Resource");
  expect(only(synthesize(stack), RedshiftserverlessUsageLimit)).toStrictEqual({
    amount: 60,
    resource_arn: reference(warehouse.workgroup, "arn"),
    usage_type: "serverless-compute",
  });
});

test("a limit of a cluster passes every prop to its resource", () => {
  const stack = testStack();
  new UsageLimit(stack, "Limit", {
    amount: 1,
    breachAction: "disable",
    feature: "spectrum",
    period: "daily",
    provider: new AwsProvider(stack, "Other", { alias: "other", region: REGION }),
    tags: { team: "data" },
    warehouse: analyticsCluster(stack),
  });
  expect(only(synthesize(stack), RedshiftUsageLimit)).toMatchObject({
    breach_action: "disable",
    period: "daily",
    provider: "aws.other",
    tags: { team: "data" },
  });
});

test("a limit of a serverless warehouse passes every prop to its resource", () => {
  const stack = testStack();
  new UsageLimit(stack, "Limit", {
    amount: new TerraformVariable(stack, "amount", { type: "number" }).numberValue,
    breachAction: "deactivate",
    feature: "cross-region-datasharing",
    period: "weekly",
    provider: new AwsProvider(stack, "Other", { alias: "other", region: REGION }),
    warehouse: analyticsServerless(stack),
  });
  expect(only(synthesize(stack), RedshiftserverlessUsageLimit)).toMatchObject({
    amount: "${var.amount}",
    breach_action: "deactivate",
    period: "weekly",
    provider: "aws.other",
  });
});

// Version 5.100 of the provider refuses this feature, so the construct does not list it.
const EXTRA_COMPUTE = "extra-compute-for-automatic-optimization";
const NEWER_FEATURE = "newer-feature";

test("a limit of a cluster accepts an unlisted feature if it has a limit type", () => {
  const stack = testStack();
  const warehouse = analyticsCluster(stack);
  new UsageLimit(stack, "Limit", { amount: 60, feature: NEWER_FEATURE, limitType: "newer-measure", warehouse });
  expect(only(synthesize(stack), RedshiftUsageLimit)).toMatchObject({
    feature_type: NEWER_FEATURE,
    limit_type: "newer-measure",
  });
});

test("a limit for extra compute gets the type time, and a warning that the feature is not listed", () => {
  const stack = testStack();
  const warehouse = analyticsCluster(stack);
  new UsageLimit(stack, "Limit", { amount: 60, feature: EXTRA_COMPUTE, warehouse });
  expect(only(synthesize(stack), RedshiftUsageLimit)).toMatchObject({
    feature_type: EXTRA_COMPUTE,
    limit_type: "time",
  });
  expect(warningsOf(stack)).toStrictEqual([
    `'feature' should be a known value, got: ${EXTRA_COMPUTE}. The nearest is cross-region-datasharing. If AWS has added the ` +
      "value, ignore this warning: checks that depend on the value are skipped",
  ]);
});

test("a limit of a cluster accepts tokens as feature and limit type, without a warning", () => {
  const stack = testStack();
  const [feature, limitType] = ["feature", "type"].map((name) => new TerraformVariable(stack, name, {}).stringValue);
  new UsageLimit(stack, "Limit", { amount: 60, feature: feature!, limitType, warehouse: analyticsCluster(stack) });
  expect(only(synthesize(stack), RedshiftUsageLimit)).toMatchObject({
    feature_type: "${var.feature}",
    limit_type: "${var.type}",
  });
  expect(warningsOf(stack)).toStrictEqual([]);
});

test("a limit of a cluster accepts a token as the limit type of a known feature", () => {
  const stack = testStack();
  const limitType = new TerraformVariable(stack, "type", {}).stringValue;
  new UsageLimit(stack, "Limit", { amount: 60, feature: "spectrum", limitType, warehouse: analyticsCluster(stack) });
  expect(only(synthesize(stack), RedshiftUsageLimit)).toMatchObject({ limit_type: "${var.type}" });
});

test("UsageLimit refuses the fifth limit for one feature and one warehouse", () => {
  const stack = testStack();
  const warehouse = analyticsCluster(stack);
  const limit = (id: number, feature: "concurrency-scaling" | "spectrum") =>
    new UsageLimit(stack, `Limit${id}`, { amount: 1, feature, warehouse });
  limit(0, "concurrency-scaling");
  [1, 2, 3, 4].forEach((id) => limit(id, "spectrum"));
  expect(() => limit(5, "spectrum")).toThrow(
    new Error("[test/Limit5] 'feature' must have at most 4 limits for one warehouse, got: spectrum"),
  );
});

const NEWER = ", or a newer value of the same form";
const CLUSTER_FEATURES = `be one of concurrency-scaling, cross-region-datasharing, spectrum${NEWER}`;

describe("UsageLimit refuses", () => {
  test.each<[string, unknown, string]>([
    ["missing props", undefined, "'props' must be given, got: nothing"],
    [
      "a warehouse by ARN",
      { amount: 1, feature: "spectrum", warehouse: CLUSTER_ARN },
      `'warehouse' must be a warehouse, such as an EncryptedCluster or an EncryptedServerless, got: ${CLUSTER_ARN}`,
    ],
  ])("%s", (_, props, message) => {
    expect(() => new UsageLimit(testStack(), "Limit", props as UsageLimitProps)).toThrow(
      new Error(`[test/Limit] ${message}`),
    );
  });

  test.each<[string, Partial<UsageLimitOptions>, string]>([
    ["an amount of 0", { amount: 0 }, "'amount' must be an integer of 1 or more, got: 0"],
    ["no amount", { amount: undefined! }, "'amount' must be an integer of 1 or more, got: nothing"],
    ["no feature", { feature: undefined! }, `'feature' must ${CLUSTER_FEATURES}, got: nothing`],
    [
      "the feature serverless-compute",
      { feature: "serverless-compute" },
      `'feature' must ${CLUSTER_FEATURES}, got: serverless-compute`,
    ],
    [
      "an unlisted feature without a limit type",
      { feature: NEWER_FEATURE },
      `'limitType' must be given for ${NEWER_FEATURE}, whose measure is not known, got: nothing`,
    ],
    [
      "a token as feature without a limit type",
      { feature: "${TfToken[TOKEN.0]}" },
      "'limitType' must be given for ${TfToken[TOKEN.0]}, whose measure is not known, got: nothing",
    ],
    [
      "the type data-scanned for extra compute",
      { feature: EXTRA_COMPUTE, limitType: "data-scanned" },
      `'limitType' must be time for ${EXTRA_COMPUTE}, got: data-scanned`,
    ],
    ["the type time for spectrum", { limitType: "time" }, "'limitType' must be data-scanned for spectrum, got: time"],
    [
      "the breach action deactivate",
      { breachAction: "deactivate" },
      `'breachAction' must be one of log, emit-metric, disable${NEWER}, got: deactivate`,
    ],
    ["the period 7", { period: "7" }, `'period' must be one of daily, weekly, monthly${NEWER}, got: "7"`],
    [
      "a tag whose key begins with aws:",
      { tags: { "aws:a": "b" } },
      "'tags' must be at most 50 tags: keys of 1 to 128 characters that do not start with aws: and differ in more " +
        'than case, values of at most 256, and in both only letters, digits, spaces and any of _.:/=+-@, got: {"aws:a":"b"}',
    ],
  ])("for a cluster: %s", (_, props, message) => {
    const stack = testStack();
    const limit = { amount: 1, feature: "spectrum", warehouse: analyticsCluster(stack) };
    expect(() => new UsageLimit(stack, "Limit", { ...limit, ...props } as UsageLimitProps)).toThrow(
      new Error(`[test/Limit] ${message}`),
    );
  });

  test.each<[string, Partial<UsageLimitOptions>, string]>([
    [
      "the feature spectrum",
      { feature: "spectrum" },
      `'feature' must be one of serverless-compute, cross-region-datasharing${NEWER}, got: spectrum`,
    ],
    [
      "the breach action disable",
      { breachAction: "disable" },
      `'breachAction' must be one of log, emit-metric, deactivate${NEWER}, got: disable`,
    ],
    [
      "tags",
      { tags: { team: "data" } },
      '\'tags\' must be left out for a serverless warehouse, whose limits do not have it, got: {"team":"data"}',
    ],
    [
      "a limit type",
      { limitType: "time" },
      "'limitType' must be left out for a serverless warehouse, whose limits do not have it, got: time",
    ],
  ])("for a serverless warehouse: %s", (_, props, message) => {
    const stack = testStack();
    const limit = { amount: 1, feature: "serverless-compute", warehouse: analyticsServerless(stack) };
    expect(() => new UsageLimit(stack, "Limit", { ...limit, ...props } as UsageLimitProps)).toThrow(
      new Error(`[test/Limit] ${message}`),
    );
  });
});
