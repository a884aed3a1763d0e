import type { Model } from "../model/model";

export const SEVERITIES = ["note", "warning", "error"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** A sentence with the consequence of a fault, and one with the remedy. */
export interface Fault {
  readonly consequence: string;
  readonly remedy: string;
}

/** A rule of the review. */
export interface Rule {
  /** Begins with the name of the file or folder that has the rule. */
  readonly id: string;
  /** The page of AWS's documentation that has the fact. */
  readonly see: string;
  readonly severity: Severity;
  /** The problem, in a few words. */
  readonly title: string;
  readonly faultsIn: (model: Model) => readonly (Fault & { readonly address: string })[];
}

/** The description of a rule. The severity is error if it names none. */
export type RuleDescription = Omit<Rule, "faultsIn" | "severity"> & Partial<Pick<Rule, "severity">>;

/** A rule that checks each of its subjects. */
export function rule<T extends { readonly address: string }>({
  faultOf,
  severity = "error",
  subjects,
  ...rest
}: RuleDescription & {
  readonly faultOf: (subject: T, model: Model) => Fault | false | undefined;
  readonly subjects: (model: Model) => readonly T[];
}): Rule {
  const faultsIn = (model: Model): ReturnType<Rule["faultsIn"]> =>
    subjects(model).flatMap((subject) => {
      const fault = faultOf(subject, model);
      return fault ? [{ address: subject.address, ...fault }] : [];
    });
  return { ...rest, faultsIn, severity };
}
