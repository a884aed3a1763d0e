import { DataApiKey, SnapshotCopy } from "../../../modules";
import { checkDestinationRegion } from "../../../modules/operations/snapshot-copy";
import { fail } from "../../../modules/private/checks";
import type { AddOn } from "./add-on";

/**
 * @billed traffic between Regions, and the copies by GB and month; the key of the copies
 * @magnitude cents for a GB, 1 a month for a key
 * @prices [Redshift](https://aws.amazon.com/redshift/pricing/)
 * @existing a cluster has one: AWS refuses a second one
 */
export const snapshotCopy: AddOn<"snapshotCopy"> = {
  section: "snapshotCopy",
  add({ regions, replicas, stack, warehouse }, { destinationKeyArn: keyArn, destinationRegion, ...settings }) {
    checkDestinationRegion(stack, warehouse, destinationRegion);
    const replica = replicas.get(destinationRegion);
    if (replica && keyArn !== undefined) {
      fail(stack, "destinationKeyArn", `be left out if the key has a replica in ${destinationRegion}`, keyArn);
    }
    if (!replica && keyArn === undefined) {
      const must = `be given unless 'replicaRegions' of the key has ${destinationRegion}`;
      fail(stack, "destinationKeyArn", must, keyArn);
    }
    new SnapshotCopy(stack, "SnapshotCopy", {
      ...settings,
      cluster: warehouse,
      destinationKey: replica ?? DataApiKey.fromKeyArn(stack, "DestinationKey", { keyArn: keyArn! }),
      destinationProvider: regions.provider(destinationRegion),
      destinationRegion,
    });
  },
};
