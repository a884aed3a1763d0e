import type { Model } from "../../model/model";
import { shownElements, stringOf, valueOf } from "../../plan/attributes";
import { jsonIn } from "../../plan/json-documents";
import type { PlannedResource, Values } from "../../plan/plan";
import { asText, isMap, isString } from "../../plan/predicates";
import { type NotJudged, type Rule, rule } from "../rule";

/** The types of schedules, each with the attribute that has the target. */
const TARGETS: Readonly<Record<string, string>> = {
  aws_redshift_scheduled_action: "target_action",
  aws_scheduler_schedule: "target",
};
/** The end of the ARN of the target by which EventBridge Scheduler pauses a cluster. */
const PAUSE = ":aws-sdk:redshift:pauseCluster";
const CLUSTER = "aws_redshift_cluster";

/** The rule about clusters that are paused although Redshift rotates their password. */
export const ROTATION_RULES: readonly Rule[] = [
  rule({
    id: "warehouse-rotation-paused",
    severity: "warning",
    title: "A cluster whose password is rotated is paused",
    see: "https://docs.aws.amazon.com/redshift/latest/mgmt/redshift-secrets-manager-integration.html",
    notShown: hiddenTargets,
    subjects: pausedClusters,
    unjudged: ({ cluster }, model) => model.whyHidden(cluster, "manage_master_password"),
    faultOf: ({ cluster, schedule }) =>
      valueOf(cluster, "after", "manage_master_password") === true && {
        consequence: `${schedule} pauses the cluster. If the rotation of the admin's password is due while the cluster is paused, Redshift stops rotating it, also after the cluster is resumed.`,
        remedy: "Change the schedule of the pause, or check after each pause that the secret is still rotated.",
      },
  }),
];

/** Returns the clusters that a schedule pauses, each with the name of the schedule. */
function pausedClusters(model: Model) {
  return schedulesOf(model).flatMap((schedule) => {
    const identifier = pausedIdentifier(schedule);
    const clusters =
      identifier === undefined
        ? []
        : typeof identifier === "string"
          ? model.withValue(CLUSTER, "cluster_identifier", identifier)
          : clustersBehind(model, schedule);
    return clusters.map((cluster) => ({
      address: cluster.address,
      cluster,
      schedule: stringOf(schedule, "after", "name") ?? schedule.address,
    }));
  });
}

function schedulesOf(model: Model): readonly PlannedResource[] {
  return model.withType(...Object.keys(TARGETS));
}

/**
 * Returns the schedules whose target is not shown. If a schedule pauses a cluster, returns also the clusters whose identifier is
 * not shown. They are not judged.
 */
function hiddenTargets(model: Model): readonly NotJudged[] {
  const clusters = model.withType(CLUSTER);
  return schedulesOf(model).flatMap((schedule): readonly NotJudged[] => {
    const isTargetShown =
      targetOf(schedule) !== undefined &&
      (pausedIdentifier(schedule) !== null || clustersBehind(model, schedule).length > 0);
    const target = TARGETS[schedule.type]!;
    const reason = model.whyHidden(schedule, ...(isTargetShown ? [] : [target]), "enable", "state");
    if (reason !== undefined) {
      return [{ address: schedule.address, reason }];
    }
    return pausedIdentifier(schedule) === undefined
      ? []
      : clusters.flatMap((cluster) => {
          const why = model.whyHidden(cluster, "cluster_identifier");
          return why === undefined ? [] : [{ address: cluster.address, reason: why }];
        });
  });
}

/**
 * Returns the identifier of the cluster that a schedule pauses: null if it is unknown, undefined if the schedule pauses none or is
 * disabled.
 */
function pausedIdentifier(schedule: PlannedResource): string | null | undefined {
  const { arn, input, pause_cluster } = targetOf(schedule) ?? {};
  const [pause] = asText(arn).endsWith(PAUSE)
    ? [input === undefined ? {} : jsonIn(asText(input))]
    : ((pause_cluster ?? []) as readonly unknown[]);
  if (
    !isMap(pause) ||
    valueOf(schedule, "after", "enable") === false ||
    valueOf(schedule, "after", "state") === "DISABLED"
  ) {
    return undefined;
  }
  const { cluster_identifier, ClusterIdentifier: identifier = cluster_identifier } = pause;
  return isString(identifier) ? identifier : null;
}

/** Returns the target of a schedule; undefined if the plan does not show whether it pauses a cluster. */
function targetOf(schedule: PlannedResource): Values | undefined {
  // The identifier of a new cluster is unknown, and with it a part of the target.
  const [target] = shownElements(schedule, TARGETS[schedule.type]!).filter(isMap);
  // An unknown ARN is that of a resource, such as a function, and no resource has the ARN of a pause.
  const isShown = schedule.type === "aws_scheduler_schedule" || Array.isArray(target?.pause_cluster);
  return isShown ? target : undefined;
}

/** Returns the clusters to which the target of a schedule refers. */
function clustersBehind({ references }: Model, schedule: PlannedResource): readonly PlannedResource[] {
  return references.resourcesBehind(schedule, TARGETS[schedule.type]!).filter(({ type }) => type === CLUSTER);
}
