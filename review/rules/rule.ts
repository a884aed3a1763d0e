import type { Model } from "../model/model";

export const SEVERITIES = ["note", "warning", "error"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** A finding of a rule at one resource: a sentence with the consequence, and one with the remedy. */
export interface Fault {
  readonly address: string;
  readonly consequence: string;
  readonly remedy: string;
}

/** A problem that the review finds in a plan. */
export interface Rule {
  /** Starts with the name of the file that it is in. */
  readonly id: string;
  /** The page of AWS's documentation that has the fact. */
  readonly see: string;
  readonly severity: Severity;
  /** The problem, in a few words. */
  readonly title: string;
  check(model: Model): readonly Fault[];
}
