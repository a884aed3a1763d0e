import type { KeyUse } from "../../model/key";
import { type Rule, rule } from "../rule";
import { whyNotCompared } from "./key-place";

/** The rule about a key in another Region than its warehouse. */
export const KEY_REGION_RULES: readonly Rule[] = [
  rule({
    id: "warehouse-key-of-other-region",
    title: "The key of a warehouse is in another Region",
    see: "https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html",
    subjects: ({ warehouses }) => warehouses,
    unjudged: (warehouse, model) => {
      const keyPlace = regionOf(warehouse.key.after);
      return whyNotCompared(warehouse, { kind: "Region", keyPlace, warehousePlace: warehouse.region }, model);
    },
    faultOf: ({ key, region }) => {
      const keyRegion = regionOf(key.after);
      return (
        region !== undefined &&
        keyRegion !== undefined &&
        region !== keyRegion && {
          consequence: `The warehouse is in ${region}, and its key in ${keyRegion}. A service uses keys of its own Region only, so the apply fails.`,
          remedy: `Set kms_key_id to the ARN of a key in ${region}, such as a replica of a multi-Region key.`,
        }
      );
    },
  }),
];

/** Returns the Region of a key; undefined if AWS owns the key, or the Region is unknown. */
function regionOf(use: KeyUse): string | undefined {
  switch (use.kind) {
    case "planned":
      return use.key.region;
    case "elsewhere":
      return use.name.split(":")[3];
    default:
      return undefined;
  }
}
