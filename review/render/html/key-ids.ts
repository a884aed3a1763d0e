import type { Finding } from "../../report/findings";
import type { KeyReport } from "../../report/key-report";
import type { Report } from "../../report/report";

/** Returns the ID of a key in the page, from the indexes of its plan and of the key. */
export function keyId(plan: number, key: number): string {
  return `key-${plan}-${key}`;
}

/**
 * Returns the IDs of the keys of a finding, separated by spaces. The resource of the finding is the key, a warehouse under the key,
 * a grant on the key, or a role that reaches the key.
 */
export function keysOf({ address, reach }: Finding, { keys, warehouses }: Report, plan: number): string {
  const reached = new Set(reach?.keys);
  const uses = warehouses.filter((warehouse) => warehouse.address === address).map(({ key }) => key);
  const isAbout = (key: KeyReport): boolean =>
    key.address === address ||
    reached.has(key.name) ||
    uses.some(({ after, before }) => [after, before].includes(key.name)) ||
    key.principals.some(({ principal }) => principal.endsWith(` (${address})`));
  return keys.flatMap((key, index) => (isAbout(key) ? [keyId(plan, index)] : [])).join(" ");
}
