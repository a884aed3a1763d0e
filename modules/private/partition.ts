import { PARTITIONS } from "./rules";

/** The partition of a literal Region. */
export function partitionOf(region: string): string {
  return Object.entries(PARTITIONS).find(([prefix]) => region.startsWith(prefix))?.[1] ?? "aws";
}
