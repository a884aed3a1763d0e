import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import type { TerraformStack } from "cdktf";
import { AlarmTopic, WarehouseAlarms, type WarehouseAlarmsOptions, type WarehouseAlarmsProps } from "../../../modules";
import { ACCOUNT, REGION } from "../../support/arns";
import {
  analyticsCluster,
  analyticsServerless,
  type Arguments,
  reference,
  shownError,
  synthesize,
  testStack,
} from "../../support/support";

const TOPIC_ARN = `arn:aws:sns:${REGION}:${ACCOUNT}:alarms`;

function alarmsOf(stack: TerraformStack): Record<string, Arguments> {
  const alarms = Object.values(synthesize(stack).resource[CloudwatchMetricAlarm.tfResourceType]!);
  return Object.fromEntries(alarms.map((alarm) => [alarm.metric_name as string, alarm]));
}

test("WarehouseAlarms creates alarms for health, disk space and CPU of a cluster", () => {
  const stack = testStack();
  const warehouse = analyticsCluster(stack);
  const topic = new AlarmTopic(stack, "Topic", { key: warehouse.key, topicName: "alarms" });
  const { resources } = new WarehouseAlarms(stack, "Alarms", { topicArns: [topic.topicArn], warehouse });
  expect(resources.map(({ node }) => node.path)).toStrictEqual([
    "test/Alarms/HealthStatus",
    "test/Alarms/PercentageDiskSpaceUsed",
    "test/Alarms/CPUUtilization",
  ]);
  const identifier = reference(warehouse.resource, "cluster_identifier");
  const actions = [reference(topic.resource, "arn")];
  const every = {
    alarm_actions: actions,
    dimensions: { ClusterIdentifier: identifier },
    namespace: "AWS/Redshift",
    ok_actions: actions,
  };
  const quarter = {
    comparison_operator: "GreaterThanOrEqualToThreshold",
    evaluation_periods: 3,
    period: 300,
    treat_missing_data: "notBreaching",
  };
  expect(alarmsOf(stack)).toStrictEqual({
    CPUUtilization: {
      ...every,
      ...quarter,
      alarm_description: "The CPUs have been 90 percent busy for 15 minutes",
      alarm_name: `${identifier}-cpu`,
      metric_name: "CPUUtilization",
      statistic: "Average",
      threshold: 90,
    },
    HealthStatus: {
      ...every,
      alarm_description: "The cluster has answered nothing for 5 minutes",
      alarm_name: `${identifier}-health`,
      comparison_operator: "LessThanThreshold",
      evaluation_periods: 5,
      metric_name: "HealthStatus",
      period: 60,
      statistic: "Minimum",
      threshold: 1,
      treat_missing_data: "missing",
    },
    PercentageDiskSpaceUsed: {
      ...every,
      ...quarter,
      alarm_description: "The disks have been 80 percent full for 15 minutes",
      alarm_name: `${identifier}-disk-space`,
      metric_name: "PercentageDiskSpaceUsed",
      statistic: "Maximum",
      threshold: 80,
    },
  });
});

test("WarehouseAlarms passes every prop to the alarms of a cluster", () => {
  const stack = testStack();
  new WarehouseAlarms(stack, "Alarms", {
    alarmNamePrefix: "team.sales",
    cpuUtilization: 100,
    diskSpaceUsed: 1,
    provider: new AwsProvider(stack, "Other", { alias: "other", region: REGION }),
    tags: { team: "data" },
    topicArns: [TOPIC_ARN],
    warehouse: analyticsCluster(stack),
  });
  const { CPUUtilization: cpu, PercentageDiskSpaceUsed: disk } = alarmsOf(stack);
  expect(cpu).toMatchObject({ alarm_name: "team.sales-cpu", threshold: 100 });
  expect(disk).toMatchObject({ provider: "aws.other", tags: { team: "data" }, threshold: 1 });
});

test("WarehouseAlarms creates alarms for ComputeCapacity and ComputeSeconds of a serverless warehouse", () => {
  const stack = testStack();
  const warehouse = analyticsServerless(stack);
  const alarms = { topicArns: [TOPIC_ARN], warehouse };
  new WarehouseAlarms(stack, "Both", { ...alarms, computeCapacity: 64, computeSeconds: 7200 });
  const name = reference(warehouse.workgroup, "workgroup_name");
  const every = {
    alarm_actions: [TOPIC_ARN],
    comparison_operator: "GreaterThanOrEqualToThreshold",
    dimensions: { Workgroup: name },
    namespace: "AWS/Redshift-Serverless",
    ok_actions: [TOPIC_ARN],
    treat_missing_data: "notBreaching",
  };
  expect(alarmsOf(stack)).toStrictEqual({
    ComputeCapacity: {
      ...every,
      alarm_description: "The workgroup has had 64 RPUs for 15 minutes",
      alarm_name: `${name}-compute-capacity`,
      evaluation_periods: 3,
      metric_name: "ComputeCapacity",
      period: 300,
      statistic: "Average",
      threshold: 64,
    },
    ComputeSeconds: {
      ...every,
      alarm_description: "The workgroup has used 7200 RPU seconds in an hour",
      alarm_name: `${name}-compute-seconds`,
      evaluation_periods: 1,
      metric_name: "ComputeSeconds",
      period: 3600,
      statistic: "Sum",
      threshold: 7200,
    },
  });
});

test("WarehouseAlarms creates only the alarm whose threshold is given, for a serverless warehouse", () => {
  for (const [prop, metric] of [
    ["computeCapacity", "ComputeCapacity"],
    ["computeSeconds", "ComputeSeconds"],
  ] as const) {
    const stack = testStack();
    new WarehouseAlarms(stack, "Alarms", { [prop]: 8, topicArns: [TOPIC_ARN], warehouse: analyticsServerless(stack) });
    expect(Object.keys(alarmsOf(stack))).toStrictEqual([metric]);
  }
});

describe("WarehouseAlarms refuses", () => {
  test.each<[string, unknown, string]>([
    ["missing props", undefined, "'props' must be given, got: nothing"],
    [
      "a missing warehouse",
      { topicArns: [TOPIC_ARN] },
      "'warehouse' must be a warehouse, such as an EncryptedCluster or an EncryptedServerless, got: nothing",
    ],
  ])("%s", (_, props, message) => {
    expect(() => new WarehouseAlarms(testStack(), "Alarms", props as WarehouseAlarmsProps)).toThrow(
      shownError(`[test/Alarms] ${message}`),
    );
  });

  const six = [1, 2, 3, 4, 5, 6].map((number) => `${TOPIC_ARN}${number}`);
  test.each<[string, Partial<WarehouseAlarmsOptions>, string]>([
    ["an empty list of topics", { topicArns: [] }, "'topicArns' must name at least one topic, got: []"],
    ["no 'topicArns'", { topicArns: undefined! }, "'topicArns' must name at least one topic, got: nothing"],
    ["six topics", { topicArns: six }, `'topicArns' must name 1 to 5 topics, got: ${JSON.stringify(six)}`],
    ["a topic by name", { topicArns: ["alarms"] }, "'topicArns[0]' must be the ARN of an SNS topic, got: alarms"],
    [
      "a topic of another Region",
      { topicArns: [TOPIC_ARN.replace(REGION, "eu-west-1")] },
      `'topicArns[0]' must be of the Region ${REGION}, got: ${TOPIC_ARN.replace(REGION, "eu-west-1")}`,
    ],
    [
      "a topic of another partition",
      { topicArns: [TOPIC_ARN.replace("aws", "aws-cn")] },
      `'topicArns[0]' must be of the partition aws, got: ${TOPIC_ARN.replace("aws", "aws-cn")}`,
    ],
    [
      "an alarm name prefix with a space",
      { alarmNamePrefix: "a b" },
      "'alarmNamePrefix' must be 1 to 200 letters, digits or any of _.-, got: a b",
    ],
    [
      "a disk threshold of 101 percent",
      { diskSpaceUsed: 101 },
      "'diskSpaceUsed' must be an integer from 1 to 100, got: 101",
    ],
    [
      "a CPU threshold of 0 percent",
      { cpuUtilization: 0 },
      "'cpuUtilization' must be an integer from 1 to 100, got: 0",
    ],
    [
      "the threshold 'computeSeconds'",
      { computeSeconds: 60 },
      "'computeSeconds' must be left out for a cluster, which has no such metric, got: 60",
    ],
    [
      "the threshold 'computeCapacity'",
      { computeCapacity: 8 },
      "'computeCapacity' must be left out for a cluster, which has no such metric, got: 8",
    ],
  ])("for a cluster: %s", (_, props, message) => {
    const stack = testStack();
    const alarms = { topicArns: [TOPIC_ARN], warehouse: analyticsCluster(stack) };
    expect(() => new WarehouseAlarms(stack, "Alarms", { ...alarms, ...props } as WarehouseAlarmsProps)).toThrow(
      shownError(`[test/Alarms] ${message}`),
    );
  });

  test.each<[string, Partial<WarehouseAlarmsOptions>, string]>([
    [
      "no threshold",
      {},
      "'computeCapacity' must be given for a serverless warehouse unless 'computeSeconds' is given, got: nothing",
    ],
    [
      "the threshold 'diskSpaceUsed'",
      { diskSpaceUsed: 80 },
      "'diskSpaceUsed' must be left out for a serverless warehouse, which has no such metric, got: 80",
    ],
    [
      "the threshold 'cpuUtilization'",
      { cpuUtilization: 80 },
      "'cpuUtilization' must be left out for a serverless warehouse, which has no such metric, got: 80",
    ],
    [
      "a threshold of half a second",
      { computeSeconds: 0.5 },
      "'computeSeconds' must be an integer of 1 or more, got: 0.5",
    ],
  ])("for a serverless warehouse: %s", (_, props, message) => {
    const stack = testStack();
    const alarms = { topicArns: [TOPIC_ARN], warehouse: analyticsServerless(stack) };
    expect(() => new WarehouseAlarms(stack, "Alarms", { ...alarms, ...props } as WarehouseAlarmsProps)).toThrow(
      shownError(`[test/Alarms] ${message}`),
    );
  });
});
