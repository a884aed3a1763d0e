import { ManualSnapshot } from "../../../modules";
import { outputMap } from "../outputs";
import { addEach, type AddOn } from "./add-on";

/**
 * @billed the snapshot, by GB and month, until it is deleted
 * @magnitude cents for a GB
 * @prices [Redshift](https://aws.amazon.com/redshift/pricing/)
 */
export const manualSnapshot: AddOn<"manualSnapshots"> = {
  section: "manualSnapshots",
  add(context, snapshots) {
    const { stack, warehouse } = context;
    const added = addEach(
      context,
      snapshots,
      ({ snapshotIdentifier }) => `ManualSnapshot-${snapshotIdentifier}`,
      (id, snapshot) => new ManualSnapshot(stack, id, { ...snapshot, warehouse }),
    );
    const arns = added.map(([{ snapshotIdentifier }, { snapshotArn }]) => [snapshotIdentifier, snapshotArn] as const);
    outputMap(stack, "snapshot_arns", "The ARNs of the manual snapshots", arns);
  },
};
