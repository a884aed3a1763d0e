import type { Model } from "../../model/model";
import { shownElements, stringOf, valueOf } from "../../plan/attributes";
import type { PlannedResource, Values } from "../../plan/plan";
import { isMap } from "../../plan/predicates";
import { type NotJudged, type Rule, rule } from "../rule";

const ACTION = "aws_redshift_scheduled_action";
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
    faultOf: ({ action, cluster }) =>
      valueOf(cluster, "after", "manage_master_password") === true && {
        consequence: `${action} pauses the cluster. If the rotation of the admin's password is due while the cluster is paused, Redshift stops rotating it, also after the cluster is resumed.`,
        remedy: "Change the schedule of the pause, or check after each pause that the secret is still rotated.",
      },
  }),
];

/** Returns the clusters that a scheduled action pauses, each with the name of the action. */
function pausedClusters(model: Model) {
  return model.withType(ACTION).flatMap((action) => {
    const identifier = pausedIdentifier(action);
    const clusters =
      identifier === undefined
        ? []
        : typeof identifier === "string"
          ? model.withValue(CLUSTER, "cluster_identifier", identifier)
          : clustersBehind(model, action);
    return clusters.map((cluster) => ({
      action: stringOf(action, "after", "name") ?? action.address,
      address: cluster.address,
      cluster,
    }));
  });
}

/**
 * Returns the scheduled actions whose target is not shown. If an action pauses a cluster, returns also the clusters whose identifier
 * is not shown. They are not judged.
 */
function hiddenTargets(model: Model): readonly NotJudged[] {
  const clusters = model.withType(CLUSTER);
  return model.withType(ACTION).flatMap((action): readonly NotJudged[] => {
    const isTargetShown =
      targetOf(action) !== undefined && (pausedIdentifier(action) !== null || clustersBehind(model, action).length > 0);
    const reason = model.whyHidden(action, ...(isTargetShown ? [] : ["target_action"]), "enable");
    if (reason !== undefined) {
      return [{ address: action.address, reason }];
    }
    return pausedIdentifier(action) === undefined
      ? []
      : clusters.flatMap((cluster) => {
          const why = model.whyHidden(cluster, "cluster_identifier");
          return why === undefined ? [] : [{ address: cluster.address, reason: why }];
        });
  });
}

/**
 * Returns the identifier of the cluster that a scheduled action pauses: null if it is unknown, undefined if the action pauses none
 * or is disabled.
 */
function pausedIdentifier(action: PlannedResource): string | null | undefined {
  const [pause] = (targetOf(action)?.pause_cluster ?? []) as readonly unknown[];
  if (!isMap(pause) || valueOf(action, "after", "enable") === false) {
    return undefined;
  }
  return typeof pause.cluster_identifier === "string" ? pause.cluster_identifier : null;
}

/** Returns the target of a scheduled action; undefined if the plan does not show whether it pauses a cluster. */
function targetOf(action: PlannedResource): Values | undefined {
  // The identifier of a new cluster is unknown, and with it a part of the target.
  const [target] = shownElements(action, "target_action").filter(isMap);
  return Array.isArray(target?.pause_cluster) ? target : undefined;
}

/** Returns the clusters to which the target of a scheduled action refers. */
function clustersBehind({ references }: Model, action: PlannedResource): readonly PlannedResource[] {
  return references.resourcesBehind(action, "target_action").filter(({ type }) => type === CLUSTER);
}
