import type { Model } from "../../model/model";
import { blocksOf, stringOf, valueOf } from "../../plan/attributes";
import type { PlannedResource } from "../../plan/plan";
import { isMap } from "../../plan/predicates";
import { type NotJudged, type Rule, rule } from "../rule";

const ACTION = "aws_redshift_scheduled_action";

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
  return model.ofType(ACTION).flatMap((action) => {
    const identifier = pausedIdentifier(action);
    const clusters =
      identifier === undefined
        ? []
        : typeof identifier === "string"
          ? model.withValue("aws_redshift_cluster", "cluster_identifier", identifier)
          : model.references.resourcesBehind(action, "target_action");
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
  const clusters = model.ofType("aws_redshift_cluster");
  return model.ofType(ACTION).flatMap((action): readonly NotJudged[] => {
    const reason = model.whyHidden(action, "target_action", "enable");
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
  const [target] = blocksOf(action, "after", "target_action") ?? [];
  const [pause] = [target?.pause_cluster].flat();
  if (!isMap(pause) || valueOf(action, "after", "enable") === false) {
    return undefined;
  }
  return typeof pause.cluster_identifier === "string" ? pause.cluster_identifier : null;
}
