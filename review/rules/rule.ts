import type { Model } from "../model/model";
import type { Statement } from "../policy/statement";

export const SEVERITIES = ["note", "warning", "error"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** A sentence with the consequence of a fault, and one with the remedy. */
export interface Fault {
  readonly consequence: string;
  readonly remedy: string;
}

/** The thing that a rule checks: a resource, or one statement of its policy. */
export interface Subject {
  readonly address: string;
  readonly statement?: Statement;
}

/** A fault of a subject. */
export type SubjectFault = Fault & Subject;

/** A rule of the review. */
export interface Rule {
  /** Begins with the name of the file or folder that has the rule. */
  readonly id: string;
  /** The page of AWS's documentation that has the fact. */
  readonly see: string;
  readonly severity: Severity;
  /** The problem, in a few words. */
  readonly title: string;
  readonly faultsIn: (model: Model) => readonly SubjectFault[];
}

/** The description of a rule. The severity is error if it names none. */
export type RuleDescription = Omit<Rule, "faultsIn" | "severity"> & Partial<Pick<Rule, "severity">>;

/** A rule that checks each of its subjects. */
export function rule<T extends Subject>({
  faultOf,
  severity = "error",
  subjects,
  ...rest
}: RuleDescription & {
  readonly faultOf: (subject: T, model: Model) => Fault | false | undefined;
  readonly subjects: (model: Model) => readonly T[];
}): Rule {
  const faultsIn = (model: Model): readonly SubjectFault[] =>
    subjects(model).flatMap((subject) => {
      const fault = faultOf(subject, model);
      const { address, statement } = subject;
      return fault ? [{ address, ...(statement && { statement }), ...fault }] : [];
    });
  return { ...rest, faultsIn, severity };
}
