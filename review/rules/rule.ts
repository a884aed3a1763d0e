import type { Model } from "../model";

export const SEVERITIES = ["note", "warning", "error"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** What a rule finds at one resource: a sentence of what it leads to, and one of what to do. */
export interface Fault {
  readonly address: string;
  readonly consequence: string;
  readonly remedy: string;
}

/** What is looked for in a plan. */
export interface Rule {
  /** Starts with the name of the file that it is in. */
  readonly id: string;
  /** The page of AWS's documentation that says so. */
  readonly see: string;
  readonly severity: Severity;
  /** What is wrong, in a few words. */
  readonly title: string;
  check(model: Model): readonly Fault[];
}
