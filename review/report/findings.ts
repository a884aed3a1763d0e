import type { Model } from "../model/model";
import { RULES } from "../rules";
import { type Fault, type Rule, SEVERITIES, type Severity } from "../rules/rule";
import { type Ignore, isIgnored } from "./ignore";

/** A finding of a rule. */
export interface Finding extends Fault, Pick<Rule, "see" | "severity" | "title"> {
  readonly address: string;
  /** Why it is ignored; undefined if it is not. */
  readonly ignored: string | undefined;
  readonly rule: string;
}

/** The findings of the rules, the worst first, and then in the order of the rules. */
export function findingsOf(model: Model, ignores: readonly Ignore[]): readonly Finding[] {
  const findings = RULES.flatMap(({ faultsIn, id, see, severity, title }) =>
    faultsIn(model).map((fault): Finding => {
      const ignore = ignores.find((candidate) => isIgnored(candidate, id, fault.address));
      return { ...fault, ignored: ignore?.reason, rule: id, see, severity, title };
    }),
  );
  return findings.sort((one, other) => rank(other.severity) - rank(one.severity));
}

/** Whether a finding fails the review: it is not ignored, and has a severity or a worse one. */
export function failsReview({ ignored, severity }: Finding, failOn: Severity): boolean {
  return ignored === undefined && rank(severity) >= rank(failOn);
}

function rank(severity: Severity): number {
  return SEVERITIES.indexOf(severity);
}
