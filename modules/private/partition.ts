import { PARTITIONS } from "./rules";

/** Returns the partition of a Region, which must not be a token. */
export function partitionOf(region: string): string {
  return Object.entries(PARTITIONS).find(([prefix]) => region.startsWith(prefix))?.[1] ?? "aws";
}
