import { SnapshotSchedule } from "../../../modules";
import type { AddOn } from "./add-on";

export const snapshotSchedule: AddOn<"snapshotSchedule"> = {
  section: "snapshotSchedule",
  add({ stack, warehouse }, schedule) {
    new SnapshotSchedule(stack, "SnapshotSchedule", { ...schedule, warehouse });
  },
};
