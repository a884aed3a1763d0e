import type { Part, Reach } from "../../report/key-report";

const EXTENTS = { all: "yes", none: "no", part: "part", unknown: "unknown" } as const;

/**
 * Splits an ability into the part that the key policy grants and the part that it leaves to IAM, each with its limits. An
 * ability without either has the one part "no".
 */
export function reachParts(reach: Reach): readonly (Pick<Part, "limits"> & { readonly word: string })[] {
  const { extent, leftToIam, limits } = reach;
  const isLeft = leftToIam.actions.length > 0;
  return [
    ...(isLeft && extent === "none" ? [] : [{ limits, word: EXTENTS[extent] }]),
    ...(isLeft ? [{ limits: leftToIam.limits, word: "left to IAM" }] : []),
  ];
}
