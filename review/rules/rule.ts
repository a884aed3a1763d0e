import type { Model } from "../model/model";
import type { Statement } from "../policy/statement";

export const SEVERITIES = ["note", "warning", "error"] as const;
export type Severity = (typeof SEVERITIES)[number];
export const WORST_FIRST: readonly Severity[] = [...SEVERITIES].reverse();

/** The consequence and the remedy of a fault, as sentences. */
export interface Fault {
  /**
   * The statements that cause a fault of a whole policy, without their names. If they allow more than before the plan, the fault is
   * new.
   */
  readonly causingStatements?: readonly Statement[];
  readonly consequence: string;
  /** Whether the plan changes a value that it does not show, so that the fault is new each time. */
  readonly isOfHiddenChange?: boolean;
  readonly remedy: string;
}

/** The thing that a rule checks: a resource, or one statement of its policy. */
export interface Subject {
  readonly address: string;
  readonly statement?: Statement;
}

/** A fault of a subject. */
export type SubjectFault = Fault & Subject;

/** A subject that a rule cannot judge. */
export interface NotJudged {
  readonly address: string;
  /** A clause, such as "kms_key_id is unknown until apply". */
  readonly reason: string;
}

/** The result of a rule. */
export interface Verdict {
  readonly faults: readonly SubjectFault[];
  readonly notJudged: readonly NotJudged[];
}

/** An access that a plan must not give. */
export interface ForbiddenGain {
  /** An action, or a pattern of actions. */
  readonly action: string;
  /** An ARN, a pattern of ARNs, an account, or `*`. */
  readonly principal: string;
  /** The text that the user gave. */
  readonly text: string;
}

/** A key policy from --reference. The policies of the plan's keys must not allow more than this policy. */
export interface ReferencePolicy {
  /** A pattern of the addresses of keys; undefined for the keys that no other reference names. */
  readonly address: string | undefined;
  readonly file: string;
  readonly statements: readonly Statement[];
  /** The text that the user gave. */
  readonly text: string;
}

/** The limits that the user gives by --forbid and --reference. */
export interface Promises {
  readonly forbidden: readonly ForbiddenGain[];
  readonly references: readonly ReferencePolicy[];
}

/** The limits that the user gives, and the model of the plan without its changes, for comparison. */
export interface Baseline {
  readonly promises: Promises;
  readonly standing: () => Model;
}

/** A rule of the review. */
export interface Rule {
  /** The ID of the rule. It begins with the name of its file or folder. */
  readonly id: string;
  readonly judge: (model: Model, baseline: Baseline) => Verdict;
  /** The page of AWS's documentation that has the fact. */
  readonly see: string;
  readonly severity: Severity;
  /** The problem, in a few words. */
  readonly title: string;
}

/** The description of a rule. The severity is error if it names none. */
export type RuleDescription = Omit<Rule, "judge" | "severity"> & Partial<Pick<Rule, "severity">>;

/** Creates a rule that checks each of its subjects. */
export function rule<T extends Subject>({
  faultOf,
  notShown = () => [],
  severity = "error",
  subjects,
  unjudged = () => undefined,
  ...rest
}: RuleDescription & {
  readonly faultOf: (subject: T, model: Model) => Fault | false | undefined;
  /** The subjects that the plan does not show, so that `subjects` lacks them. */
  readonly notShown?: (model: Model, baseline: Baseline) => readonly NotJudged[];
  readonly subjects: (model: Model) => readonly T[];
  /** Returns why a subject without a fault cannot be judged; undefined if it can be judged. */
  readonly unjudged?: (subject: T, model: Model) => string | undefined;
}): Rule {
  const judge = (model: Model, baseline: Baseline): Verdict => {
    const faults: SubjectFault[] = [];
    const notJudged = [...notShown(model, baseline)];
    for (const subject of subjects(model)) {
      const { address, statement } = subject;
      const fault = faultOf(subject, model);
      const reason = fault ? undefined : unjudged(subject, model);
      if (fault) {
        faults.push({ address, ...(statement && { statement }), ...fault });
      } else if (reason !== undefined) {
        notJudged.push({ address, reason });
      }
    }
    return { faults, notJudged };
  };
  return { ...rest, judge, severity };
}
