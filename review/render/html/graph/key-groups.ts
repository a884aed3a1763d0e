import { groupBy } from "../../../../modules/private/group-by";
import type { ContextReport } from "../../../model/encryption-context";
import type { KeyReport } from "../../../report/key-report";
import type { Report } from "../../../report/report";
import { type Arrow, principalArrows, warehouseArrow } from "./arrows";

/** The most neighbours of a key that a reader can follow. */
const MOST_NEIGHBOURS = 8;

/** Keys that the same principals reach in the same way. */
export interface KeyGroup {
  readonly action: string;
  readonly isHidden: boolean;
  readonly isUnchanged: boolean;
  readonly names: readonly string[];
  readonly principals: readonly Arrow[];
  readonly warehouses: readonly Arrow[];
}

/**
 * Groups the keys that the same principals reach in the same way. Keys whose access changes come first. All others are one group at
 * the end.
 */
export function keyGroups(report: Report): readonly KeyGroup[] {
  const { keys, warehouses } = report;
  const names = new Set(keys.map(({ name }) => name));
  const elsewhere = new Set(
    warehouses.flatMap(({ key: { after, before } }) => [after, before]).filter((name) => name !== undefined),
  );
  const singleKeys = [
    ...keys.map((key) => groupOf(key, warehouses)),
    ...[...elsewhere].filter((name) => !names.has(name)).map((name) => groupOf({ name }, warehouses)),
  ].filter(
    ({ isHidden, principals, warehouses: warehouseArrows }) =>
      isHidden || principals.length + warehouseArrows.length > 0,
  );
  const keysByAccess = groupBy(
    singleKeys,
    ({ action, isHidden, isUnchanged, principals, warehouses: warehouseArrows }) =>
      isUnchanged
        ? "unchanged"
        : JSON.stringify([action, isHidden, principals, [...new Set(warehouseArrows.map(({ state }) => state))]]),
  );
  return [...keysByAccess.values()]
    .map((group) => ({
      ...group[0]!,
      names: group.flatMap(({ names: [name] }) => name!),
      principals: bundledArrows(
        group.flatMap(({ principals }) => principals),
        "principals",
      ),
      warehouses: bundledArrows(
        group.flatMap(({ warehouses: warehouseArrows }) => warehouseArrows),
        "warehouses",
      ),
    }))
    .sort((one, other) => Number(one.isUnchanged) - Number(other.isUnchanged));
}

function groupOf(key: Pick<KeyReport, "name"> & Partial<KeyReport>, reports: readonly ContextReport[]): KeyGroup {
  const { action = "none", name, policy, policyChange, principals: accesses = [] } = key;
  const principals = accesses.flatMap(({ abilities, principal }) =>
    principalArrows(principal, abilities, policy?.after === "none"),
  );
  const uses = reports.filter(({ key: { after, before } }) => after === name || before === name);
  const warehouses = uses.map((report) => warehouseArrow(report, name));
  const isHidden = policy?.before === "hidden" || policy?.after === "hidden";
  const isLasting = policy?.before !== "none" && policy?.after !== "none" && policyChange !== "unknown";
  const isSame = ({ state }: Arrow): boolean => state === "same" || state === "iam";
  return {
    action,
    isHidden,
    isUnchanged:
      isLasting && [...principals, ...warehouses].every(isSame) && uses.every(({ action: use }) => use !== "create"),
    names: [name],
    principals,
    warehouses,
  };
}

/** Returns each distinct arrow once. More than MOST_NEIGHBOURS arrows with the same label and state become one arrow. */
function bundledArrows(arrows: readonly Arrow[], noun: string): readonly Arrow[] {
  const distinct = [...new Map(arrows.map((arrow) => [JSON.stringify(arrow), arrow])).values()];
  const arrowsByLabel = groupBy(distinct, ({ label, state }) => JSON.stringify([label, state]));
  const bundles = [...arrowsByLabel.values()].filter((group) => group.length > MOST_NEIGHBOURS);
  return distinct.flatMap((arrow) => {
    const bundle = bundles.find((group) => group.includes(arrow));
    if (bundle === undefined) {
      return [arrow];
    }
    const names = bundle.map(({ neighbour }) => neighbour);
    return arrow === bundle[0] ? [{ ...arrow, details: names, neighbour: `${names.length} ${noun}` }] : [];
  });
}
