import { attributeOf, valueOf } from "../../plan/attributes";
import type { PlannedResource } from "../../plan/plan";
import { type Rule, rule } from "../rule";

const SNAPSHOTS = "https://docs.aws.amazon.com/redshift/latest/mgmt/working-with-snapshots.html";

/** The rules about changes that delete a warehouse and its data. */
export const LOSS_RULES: readonly Rule[] = [
  rule({
    id: "warehouse-replaced",
    title: "The warehouse is replaced by an empty one",
    see: SNAPSHOTS,
    subjects: ({ warehouses }) => warehouses,
    faultOf: ({ kind, resource }) =>
      resource.action === "replace" && {
        consequence: `The ${kind} and its data are deleted, and an empty one is created${replacementReason(resource)}.`,
        remedy:
          "Undo the change that forces the replacement, or restore the new one from a snapshot (snapshot_identifier).",
      },
  }),
  rule({
    id: "warehouse-destroyed",
    title: "The warehouse is destroyed",
    see: SNAPSHOTS,
    subjects: ({ warehouses }) => warehouses,
    faultOf: ({ kind, resource }) =>
      resource.action === "destroy" && {
        consequence: `The ${kind} and its data are deleted.`,
        remedy: "If the data is still needed, keep the warehouse, or let Terraform forget it with a removed block.",
      },
  }),
  rule({
    id: "warehouse-no-final-snapshot",
    title: "No final snapshot is taken",
    see: SNAPSHOTS,
    subjects: (model) => model.withType("aws_redshift_cluster"),
    unjudged: (cluster) =>
      ["destroy", "replace"].includes(cluster.action) &&
      attributeOf(cluster, "before", "skip_final_snapshot").kind === "sensitive"
        ? "skip_final_snapshot is sensitive"
        : undefined,
    faultOf: (cluster) =>
      ["destroy", "replace"].includes(cluster.action) &&
      valueOf(cluster, "before", "skip_final_snapshot") === true && {
        consequence: "No snapshot is taken before the cluster is deleted. Only older manual snapshots are left.",
        remedy:
          "Apply skip_final_snapshot = false and a final_snapshot_identifier first. The deletion reads both from the state.",
      },
  }),
];

/** The rule about replaced workgroups, which have no data. */
export const WORKGROUP_RULES: readonly Rule[] = [
  rule({
    id: "warehouse-workgroup-replaced",
    severity: "warning",
    title: "The workgroup is replaced",
    see: "https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_UpdateWorkgroup.html",
    subjects: (model) => model.withType("aws_redshiftserverless_workgroup"),
    faultOf: (workgroup) =>
      workgroup.action === "replace" && {
        consequence: `The workgroup and its endpoint are deleted and created again${replacementReason(workgroup)}. Connections break, and policies that name its ARN do not match it any more.`,
        remedy: "Undo the change that forces the replacement, or change the policies with it.",
      },
  }),
];

/** Returns the attributes that force a replacement as the end of a clause; empty if the plan has none. */
function replacementReason({ change: { replace_paths: paths = [] } }: PlannedResource): string {
  return paths.length === 0 ? "" : `, because of ${paths.map((path) => path.join(".")).join(", ")}`;
}
