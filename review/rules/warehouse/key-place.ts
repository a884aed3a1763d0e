import { keyName } from "../../model/key";
import type { Model, Warehouse } from "../../model/model";
import { whyKeyHidden } from "./encryption";

/** The account or the Region of a warehouse and its key; undefined if it is unknown. */
interface Places {
  readonly kind: "account" | "Region";
  readonly ofKey: string | undefined;
  readonly ofWarehouse: string | undefined;
}

/** Why the places cannot be compared; undefined if they can, or if one provider has the key and the warehouse. */
export function whyNotCompared(
  { address, key: { after }, resource }: Warehouse,
  { kind, ofKey, ofWarehouse }: Places,
  { references }: Model,
): string | undefined {
  const key = after.kind === "planned" ? after.key.resource : undefined;
  const hasSameProvider = key !== undefined && references.providerOf(key) === references.providerOf(resource);
  if (after.kind === "hidden" || after.kind === "none" || hasSameProvider) {
    return whyKeyHidden(after);
  }
  if (ofWarehouse === undefined) {
    return `the ${kind} of ${address} is unknown`;
  }
  return ofKey === undefined
    ? `the ${kind} of ${after.kind === "planned" ? keyName(after.key) : after.name} is unknown`
    : undefined;
}
