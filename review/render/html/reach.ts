import type { Part, Reach } from "../../report/key-report";

const EXTENTS = { all: "yes", none: "no", part: "part", unknown: "unknown" } as const;

/** The granted part of an ability, if there is one, and the part that is left to IAM policies, each with its limits. */
export function reachParts(reach: Reach): readonly (Pick<Part, "limits"> & { readonly word: string })[] {
  const { extent, leftToIam, limits } = reach;
  const isLeft = leftToIam.actions.length > 0;
  return [
    ...(isLeft && extent === "none" ? [] : [{ limits, word: EXTENTS[extent] }]),
    ...(isLeft ? [{ limits: leftToIam.limits, word: "left to IAM" }] : []),
  ];
}
