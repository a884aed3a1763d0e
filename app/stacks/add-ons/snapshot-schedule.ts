import { SnapshotSchedule } from "../../../modules";
import type { AddOn } from "./add-on";

/**
 * @billed snapshots, by GB and month, beyond the free backup storage
 * @magnitude cents for a GB
 * @prices [Redshift](https://aws.amazon.com/redshift/pricing/)
 * @existing a cluster has one: it takes the place of the cluster's own
 */
export const snapshotSchedule: AddOn<"snapshotSchedule"> = {
  section: "snapshotSchedule",
  add({ stack, warehouse }, schedule) {
    new SnapshotSchedule(stack, "SnapshotSchedule", { ...schedule, warehouse });
  },
};
