/**
 * The arrowhead, meaning and sign of each state of an arrow, so that no state differs by colour only. style.ts has their colours
 * and lines.
 */
export const STATES = {
  gained: { head: "M-11-6 0 0-11 6z", meaning: "gained", sign: "+ " },
  lost: { head: "M-11-6 0 6M-11 6 0-6", meaning: "lost", sign: "− " },
  changed: { head: "M-14 0-7-6 0 0-7 6z", meaning: "changed: other conditions", sign: "± " },
  unknown: {
    head: "M-11 0a5 5 0 1 0 11 0a5 5 0 1 0-11 0z",
    meaning: "unknown, because a policy is not shown",
    sign: "? ",
  },
  same: { head: "M-9-5 0 0-9 5", meaning: "unchanged, or of a new key", sign: "" },
  iam: { head: "M-11-6 0 0-11 6z", meaning: "the key policy leaves it to IAM policies", sign: "" },
} as const;
export type State = keyof typeof STATES;
