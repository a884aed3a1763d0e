import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";
import { checkPlace, fail } from "../private/checks";
import { defined } from "../private/defined";
import {
  checkProps,
  code,
  decision,
  list,
  number,
  propRules,
  required,
  text,
  type PropRules,
  withPresets,
} from "../private/prop-rules";
import { TAGGED_RESOURCE_PROPS, type TaggedResourceProps } from "../private/resource-props";
import { ALARM_NAME_PREFIX, PERCENTAGE, POSITIVE_INTEGER, TOPIC_ARN } from "../private/rules";
import {
  type ICluster,
  type IServerless,
  type IWarehouse,
  nameOf,
  placeOf,
  type PropsFor,
  WAREHOUSE,
} from "../redshift/warehouse";

/** The thresholds of metrics that raise an alarm, and the topics that get it. */
export interface WarehouseAlarmsOptions extends TaggedResourceProps {
  /** The SNS topics that get an alarm and its end, by ARN: 1 to 5. */
  readonly topicArns: readonly string[];
  /** The warehouse. */
  readonly warehouse: IWarehouse;
  /**
   * The prefix of the alarms' names: 1 to 200 letters, digits or any of `_.-`.
   *
   * @default - the cluster's identifier, or the workgroup's name
   */
  readonly alarmNamePrefix?: string | undefined;
  /**
   * The average capacity, in RPUs, that raises an alarm after 15 minutes. Serverless only.
   *
   * @default - no alarm
   */
  readonly computeCapacity?: number | undefined;
  /**
   * The compute of an hour, in RPU seconds, that raises an alarm. Serverless only.
   *
   * @default - no alarm
   */
  readonly computeSeconds?: number | undefined;
  /**
   * The average use of the nodes' CPUs, in percent, that raises an alarm after 15 minutes: 1 to 100. Clusters only.
   *
   * @default 90
   */
  readonly cpuUtilization?: number | undefined;
  /**
   * The use of the disks, in percent, that raises an alarm after 15 minutes: 1 to 100. Clusters only.
   *
   * @default 80
   */
  readonly diskSpaceUsed?: number | undefined;
}

/** @internal */
export const WAREHOUSE_ALARMS_PROPS = propRules("WarehouseAlarmsOptions", {
  topicArns: required(decision(list(TOPIC_ARN, "topic"))),
  warehouse: required(code(WAREHOUSE)),
  alarmNamePrefix: text(ALARM_NAME_PREFIX),
  computeCapacity: number(POSITIVE_INTEGER),
  computeSeconds: number(POSITIVE_INTEGER),
  cpuUtilization: number(PERCENTAGE, 90),
  diskSpaceUsed: number(PERCENTAGE, 80),
  ...TAGGED_RESOURCE_PROPS,
} satisfies PropRules<WarehouseAlarmsOptions>);

/** The settings of one CloudWatch alarm. */
interface Alarm {
  readonly alarmDescription: string;
  readonly comparisonOperator: string;
  readonly evaluationPeriods: number;
  readonly metricName: string;
  readonly period: number;
  readonly statistic: string;
  readonly suffix: string;
  readonly threshold: number;
  readonly treatMissingData: string;
}

const CLUSTER_PROPS = ["cpuUtilization", "diskSpaceUsed"] as const;
const SERVERLESS_PROPS = ["computeCapacity", "computeSeconds"] as const;

/** The props of the alarms. The metrics depend on the kind of the warehouse. */
export type WarehouseAlarmsProps =
  | PropsFor<ICluster, WarehouseAlarmsOptions, (typeof SERVERLESS_PROPS)[number]>
  | PropsFor<IServerless, WarehouseAlarmsOptions, (typeof CLUSTER_PROPS)[number]>;

/**
 * CloudWatch alarms of a cluster's health, disks and CPUs, or of a workgroup's compute. A cluster has all three. A serverless
 * warehouse has one for each threshold of its props.
 *
 * @example
 * const topic = new AlarmTopic(stack, "Topic", { emails: ["warehouse-team@example.com"], key, topicName: "analytics-alarms" });
 * new WarehouseAlarms(stack, "Alarms", { cpuUtilization: 95, topicArns: [topic.topicArn], warehouse: cluster });
 *
 * @see https://docs.aws.amazon.com/redshift/latest/mgmt/metrics-listing.html
 * @see https://docs.aws.amazon.com/redshift/latest/mgmt/serverless-monitoring.html
 */
export class WarehouseAlarms extends Construct {
  /** The wrapped alarms. */
  public readonly resources: readonly CloudwatchMetricAlarm[];

  /** @throws if a prop breaks its rule or is for the other kind of warehouse, or a serverless warehouse has no threshold */
  public constructor(scope: Construct, id: string, props: WarehouseAlarmsProps) {
    super(scope, id);
    checkProps(
      this,
      props,
      WAREHOUSE_ALARMS_PROPS,
      (props) => {
        if (props.topicArns?.length > 5) {
          fail(this, "topicArns", "name 1 to 5 topics", props.topicArns);
        }
      },
      (props) => this.checkTopics(props),
      (props) => this.checkThresholds(props),
    );
    const { provider, tags, topicArns, warehouse } = props;
    const name = nameOf(warehouse);
    const [namespace, dimension, alarms] =
      warehouse.kind === "cluster"
        ? (["AWS/Redshift", "ClusterIdentifier", clusterAlarms(props)] as const)
        : (["AWS/Redshift-Serverless", "Workgroup", serverlessAlarms(props)] as const);
    this.resources = alarms.map(
      ({ suffix, ...alarm }) =>
        new CloudwatchMetricAlarm(
          this,
          alarm.metricName,
          defined({
            ...alarm,
            alarmActions: [...topicArns],
            alarmName: `${props.alarmNamePrefix ?? name}-${suffix}`,
            dimensions: { [dimension]: name },
            namespace,
            okActions: [...topicArns],
            provider,
            tags,
          }),
        ),
    );
  }

  /** Refuses a topic of another partition or Region. A topic of another account may get alarms. */
  private checkTopics({ topicArns, warehouse }: WarehouseAlarmsProps): void {
    const { partition, region } = placeOf(warehouse);
    topicArns.forEach((arn, index) => checkPlace(this, `topicArns[${index}]`, arn, { partition, region }));
  }

  private checkThresholds(props: WarehouseAlarmsProps): void {
    const isCluster = props.warehouse.kind === "cluster";
    const [applicable, refused, kind] = isCluster
      ? [CLUSTER_PROPS, SERVERLESS_PROPS, "cluster"]
      : [SERVERLESS_PROPS, CLUSTER_PROPS, "serverless warehouse"];
    for (const prop of refused) {
      if (props[prop] !== undefined) {
        fail(this, prop, `be left out for a ${kind}, which has no such metric`, props[prop]);
      }
    }
    if (!isCluster && applicable.every((prop) => props[prop] === undefined)) {
      fail(this, "computeCapacity", "be given for a serverless warehouse unless 'computeSeconds' is given", undefined);
    }
  }
}

const QUARTER_OF_AN_HOUR = { evaluationPeriods: 3, period: 300 };
const AT_LEAST = { comparisonOperator: "GreaterThanOrEqualToThreshold", treatMissingData: "notBreaching" };

function clusterAlarms(props: WarehouseAlarmsProps): readonly Alarm[] {
  const { cpuUtilization, diskSpaceUsed } = withPresets(props, WAREHOUSE_ALARMS_PROPS);
  return [
    {
      alarmDescription: "The cluster has answered nothing for 5 minutes",
      comparisonOperator: "LessThanThreshold",
      evaluationPeriods: 5,
      metricName: "HealthStatus",
      period: 60,
      statistic: "Minimum",
      suffix: "health",
      threshold: 1,
      // A paused cluster sends no metric, and must raise no alarm.
      treatMissingData: "missing",
    },
    {
      ...AT_LEAST,
      ...QUARTER_OF_AN_HOUR,
      alarmDescription: `The disks have been ${diskSpaceUsed} percent full for 15 minutes`,
      metricName: "PercentageDiskSpaceUsed",
      statistic: "Maximum",
      suffix: "disk-space",
      threshold: diskSpaceUsed,
    },
    {
      ...AT_LEAST,
      ...QUARTER_OF_AN_HOUR,
      alarmDescription: `The CPUs have been ${cpuUtilization} percent busy for 15 minutes`,
      metricName: "CPUUtilization",
      statistic: "Average",
      suffix: "cpu",
      threshold: cpuUtilization,
    },
  ];
}

function serverlessAlarms({ computeCapacity, computeSeconds }: WarehouseAlarmsProps): readonly Alarm[] {
  return [
    ...alarmAt(computeCapacity, {
      ...AT_LEAST,
      ...QUARTER_OF_AN_HOUR,
      alarmDescription: `The workgroup has had ${computeCapacity} RPUs for 15 minutes`,
      metricName: "ComputeCapacity",
      statistic: "Average",
      suffix: "compute-capacity",
    }),
    ...alarmAt(computeSeconds, {
      ...AT_LEAST,
      alarmDescription: `The workgroup has used ${computeSeconds} RPU seconds in an hour`,
      evaluationPeriods: 1,
      metricName: "ComputeSeconds",
      period: 3600,
      statistic: "Sum",
      suffix: "compute-seconds",
    }),
  ];
}

function alarmAt(threshold: number | undefined, alarm: Omit<Alarm, "threshold">): readonly Alarm[] {
  return threshold === undefined ? [] : [{ ...alarm, threshold }];
}
