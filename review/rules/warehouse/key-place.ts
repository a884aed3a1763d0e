import { keyName } from "../../model/key";
import type { Model, Warehouse } from "../../model/model";
import { whyKeyHidden } from "./encryption";

/** The account, or the Region, of a key and of a warehouse; each is undefined if it is unknown. */
interface Places {
  readonly kind: "account" | "Region";
  readonly keyPlace: string | undefined;
  readonly warehousePlace: string | undefined;
}

/** Returns why the places of a key and a warehouse cannot be compared; undefined if they can, or if both have the same provider. */
export function whyNotCompared(
  { address, key: { after }, resource }: Warehouse,
  { kind, keyPlace, warehousePlace }: Places,
  { references }: Model,
): string | undefined {
  const key = after.kind === "planned" ? after.key.resource : undefined;
  const hasSameProvider =
    key !== undefined && references.configuration.providerOf(key) === references.configuration.providerOf(resource);
  if (after.kind === "hidden" || after.kind === "none" || hasSameProvider) {
    return whyKeyHidden(after);
  }
  if (warehousePlace === undefined) {
    return `the ${kind} of ${address} is unknown`;
  }
  return keyPlace === undefined
    ? `the ${kind} of ${after.kind === "planned" ? keyName(after.key) : after.name} is unknown`
    : undefined;
}
