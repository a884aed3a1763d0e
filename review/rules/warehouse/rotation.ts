import type { Model } from "../../model/model";
import { blocksOf, exists, stringOf, valueOf } from "../../plan/attributes";
import { isMap } from "../../plan/predicates";
import { type Rule, rule } from "../rule";

/** The rules of the rotation of passwords. */
export const ROTATION_RULES: readonly Rule[] = [
  rule({
    id: "warehouse-rotation-paused",
    severity: "warning",
    title: "A cluster whose password is rotated is paused",
    see: "https://docs.aws.amazon.com/redshift/latest/mgmt/redshift-secrets-manager-integration.html",
    subjects: pausedClusters,
    faultOf: ({ action }) => ({
      consequence: `${action} pauses the cluster. If the rotation of the admin's password is due while the cluster is paused, Redshift stops to rotate it, also after the cluster is resumed.`,
      remedy: "Check after each pause that the secret is still rotated, or let no pause meet the rotation.",
    }),
  }),
];

/** The clusters with a password that Redshift manages, each with the scheduled action that pauses it. */
function pausedClusters(model: Model) {
  const actions = model.ofType("aws_redshift_scheduled_action").filter((action) => exists(action, "after"));
  return actions.flatMap((action) => {
    const [target] = blocksOf(action, "after", "target_action") ?? [];
    const [pause] = [target?.pause_cluster].flat();
    const isPause = isMap(pause) && valueOf(action, "after", "enable") !== false;
    const identifier = isMap(pause) ? pause.cluster_identifier : undefined;
    const clusters = !isPause
      ? []
      : typeof identifier === "string"
        ? model.withValue("aws_redshift_cluster", "cluster_identifier", identifier)
        : model.references
            .resourcesBehind(action, "target_action")
            .filter(({ type }) => type === "aws_redshift_cluster");
    return clusters
      .filter((cluster) => valueOf(cluster, "after", "manage_master_password") === true)
      .map(({ address }) => ({ action: stringOf(action, "after", "name") ?? action.address, address }));
  });
}
