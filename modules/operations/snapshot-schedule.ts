import { RedshiftSnapshotSchedule } from "@cdktf/provider-aws/lib/redshift-snapshot-schedule";
import { RedshiftSnapshotScheduleAssociation } from "@cdktf/provider-aws/lib/redshift-snapshot-schedule-association";
import { Annotations } from "cdktf";
import { Construct } from "constructs";
import { fail } from "../private/checks";
import { checkOnce } from "../private/creators";
import { defined } from "../private/defined";
import { checkProps, code, list, propRules, required, text, type PropRules, unique } from "../private/prop-rules";
import { TAGGED_RESOURCE_PROPS, type TaggedResourceProps } from "../private/resource-props";
import { cronIncludes, SCHEDULE_DESCRIPTION, SCHEDULE_IDENTIFIER, SNAPSHOT_SCHEDULE } from "../private/rules";
import { clusterOnly, type ICluster } from "../redshift/warehouse";

/** A schedule of the automated snapshots of a cluster. */
export interface SnapshotScheduleProps extends TaggedResourceProps {
  /**
   * The times of snapshots, in UTC: `rate(12 hours)`, from 1 hour to 24, or `cron(30 12 *)`, which has minutes, hours
   * and days of the week. At least one. All snapshots must be an hour apart or more.
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

  /** @throws if a prop breaks its rule, two snapshots are less than an hour apart, or the warehouse is serverless */
  public constructor(scope: Construct, id: string, props: SnapshotScheduleProps) {
    super(scope, id);
    checkProps(
      this,
      props,
      SNAPSHOT_SCHEDULE_PROPS,
      ({ warehouse }) => checkOnce(this, "warehouse", warehouse.node.path, [warehouse.warehouseArn]),
      (props) => this.checkTimes(props),
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

  /** Refuses snapshots less than an hour apart. Warns of a rate beside other times, because AWS chooses the times of a rate. */
  private checkTimes({ definitions }: SnapshotScheduleProps): void {
    const times = definitions
      .flatMap((definition, index) => timesOf(definition).map((time) => ({ index, time })))
      .sort((a, b) => a.time - b.time);
    for (const [at, { index, time }] of times.entries()) {
      // The last snapshot of a week is the one before the first.
      const before = times.at(at - 1)!;
      if (index !== before.index && (time - before.time + WEEK) % WEEK < 60) {
        const later = Math.max(index, before.index);
        const must = `be an hour or more from the times of definitions[${Math.min(index, before.index)}], as AWS requires`;
        fail(this, `definitions[${later}]`, must, definitions[later]);
      }
    }
    if (definitions.length > 1 && definitions.some((definition) => definition.startsWith("rate("))) {
      Annotations.of(this).addWarning(
        "'definitions' has a rate and other times: AWS refuses the schedule if two snapshots are less than an hour apart",
      );
    }
  }
}

/** The minutes of a week. */
const WEEK = 7 * 24 * 60;

/** Returns the minutes of the week, from Sunday, at which a definition takes snapshots. A longer rate than an hour has none. */
function timesOf(definition: string): readonly number[] {
  const cron = definition.replace("rate(1 hour)", "cron(0 * *)");
  const [, minute, hours = "", days = ""] = /^cron\((\d+) (\S+) (\S+)\)$/.exec(cron) ?? [];
  return Array.from({ length: 7 * 24 }, (_, hour) => hour)
    .filter((hour) => cronIncludes(hours, hour % 24) && cronIncludes(days, Math.floor(hour / 24) + 1, 1))
    .map((hour) => hour * 60 + Number(minute));
}
