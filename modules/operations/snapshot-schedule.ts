import { RedshiftSnapshotSchedule } from "@cdktf/provider-aws/lib/redshift-snapshot-schedule";
import { RedshiftSnapshotScheduleAssociation } from "@cdktf/provider-aws/lib/redshift-snapshot-schedule-association";
import { Construct } from "constructs";
import { checkOnce } from "../private/creators";
import { defined } from "../private/defined";
import { checkProps, code, list, propRules, required, text, type PropRules, unique } from "../private/prop-rules";
import { TAGGED_RESOURCE_PROPS, type TaggedResourceProps } from "../private/resource-props";
import { SCHEDULE_DESCRIPTION, SCHEDULE_IDENTIFIER, SNAPSHOT_SCHEDULE } from "../private/rules";
import { clusterOnly, type ICluster } from "../redshift/warehouse";

/** A schedule of the automated snapshots of a cluster. */
export interface SnapshotScheduleProps extends TaggedResourceProps {
  /**
   * The times of snapshots, in UTC: `rate(12 hours)`, from 1 hour to 24, or `cron(30 12 *)`, which has minutes, hours
   * and days of the week. At least one.
   */
  readonly definitions: readonly string[];
  /** The cluster. A cluster has one schedule, and keeps the snapshots for its `automatedSnapshotRetentionPeriod`. */
  readonly warehouse: ICluster;
  /**
   * The purpose of the schedule: at most 255 characters. A change replaces the schedule.
   *
   * @default - no description
   */
  readonly description?: string | undefined;
  /**
   * The schedule's name: 1 to 255 letters, digits or hyphens. A change replaces the schedule.
   *
   * @default - the cluster's identifier and `-snapshots`
   */
  readonly identifier?: string | undefined;
}

/** @internal */
export const SNAPSHOT_SCHEDULE_PROPS = propRules("SnapshotScheduleProps", {
  definitions: required(list(SNAPSHOT_SCHEDULE, "time")),
  warehouse: required(code(clusterOnly("AWS chooses the times of a serverless warehouse's recovery points"))),
  description: text(SCHEDULE_DESCRIPTION),
  identifier: unique(text(SCHEDULE_IDENTIFIER)),
  ...TAGGED_RESOURCE_PROPS,
} satisfies PropRules<SnapshotScheduleProps>);

/** Returns the default identifier of the snapshot schedule of a cluster. */
export function defaultScheduleIdentifier(clusterIdentifier: string): string {
  return `${clusterIdentifier}-snapshots`;
}

/**
 * The schedule of a cluster's automated snapshots. Without it, AWS takes a snapshot every eight hours, or after 5 GB of changes in
 * a node.
 *
 * @example
 * new SnapshotSchedule(stack, "Schedule", { definitions: ["rate(4 hours)"], identifier: "analytics", warehouse: cluster });
 *
 * @see https://docs.aws.amazon.com/redshift/latest/mgmt/working-with-snapshots.html
 */
export class SnapshotSchedule extends Construct {
  /** The wrapped schedule. */
  public readonly resource: RedshiftSnapshotSchedule;
  /** The association of the schedule with the cluster. */
  public readonly association: RedshiftSnapshotScheduleAssociation;

  /** @throws if a prop breaks its rule, or the warehouse is serverless */
  public constructor(scope: Construct, id: string, props: SnapshotScheduleProps) {
    super(scope, id);
    checkProps(this, props, SNAPSHOT_SCHEDULE_PROPS, ({ warehouse }) =>
      checkOnce(this, "warehouse", warehouse.node.path, [warehouse.warehouseArn]),
    );
    const { definitions, description, identifier, provider, tags, warehouse } = props;
    const { clusterIdentifier } = warehouse;
    this.resource = new RedshiftSnapshotSchedule(
      this,
      "Resource",
      defined({
        definitions: [...definitions],
        description,
        identifier: identifier ?? defaultScheduleIdentifier(clusterIdentifier),
        provider,
        tags,
      }),
    );
    this.association = new RedshiftSnapshotScheduleAssociation(
      this,
      "Association",
      defined({
        clusterIdentifier,
        provider,
        scheduleIdentifier: this.resource.id,
      }),
    );
  }
}
