import { keyName, type KeyUse } from "../../model/key";
import type { Model, Warehouse } from "../../model/model";
import { exists } from "../../plan/attributes";
import { type Rule, rule } from "../rule";
import { whyKeyHidden } from "./encryption";

/** The rule of the Region of a warehouse and its key. */
export const KEY_REGION_RULES: readonly Rule[] = [
  rule({
    id: "warehouse-key-of-other-region",
    title: "The key of a warehouse is in another Region",
    see: "https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html",
    subjects: ({ warehouses }) => warehouses.filter(({ resource }) => exists(resource, "after")),
    unjudged: whyNotJudged,
    faultOf: ({ key, region }, model) => {
      const keyRegion = regionOf(key.after, model);
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

/** The Region of a key; undefined if there is none, or it is unknown. */
function regionOf(use: KeyUse, { references }: Model): string | undefined {
  switch (use.kind) {
    case "planned":
      return references.regionOf((use.key.resource ?? use.key.policies.after[0] ?? use.key.policies.before[0])!);
    case "elsewhere":
      return use.name.startsWith("arn:") ? use.name.split(":")[3] : undefined;
    default:
      return undefined;
  }
}

/** Why the Regions cannot be compared; undefined if they can, or if one provider has the key and the warehouse. */
function whyNotJudged({ address, key: { after }, region, resource }: Warehouse, model: Model): string | undefined {
  const { references } = model;
  const key = after.kind === "planned" ? after.key.resource : undefined;
  const hasSameProvider = key !== undefined && references.providerOf(key) === references.providerOf(resource);
  if (after.kind === "hidden" || after.kind === "none" || hasSameProvider) {
    return whyKeyHidden(after);
  }
  if (region === undefined) {
    return `the Region of ${address} is unknown`;
  }
  return regionOf(after, model) === undefined
    ? `the Region of ${after.kind === "planned" ? keyName(after.key) : after.name} is unknown`
    : undefined;
}
