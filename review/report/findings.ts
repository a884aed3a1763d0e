import type { Model } from "../model/model";
import { identityOf } from "../policy/statement";
import { RULES } from "../rules";
import { type Fault, type Rule, SEVERITIES, type Severity, type SubjectFault } from "../rules/rule";
import { type Ignore, isIgnored } from "./ignore";

/** A finding of a rule. */
export interface Finding extends Fault, Pick<Rule, "see" | "severity" | "title"> {
  readonly address: string;
  /** Why it is ignored; undefined if it is not. */
  readonly ignored: string | undefined;
  /** Whether the plan brings it. Another finding stands before the plan. */
  readonly isNew: boolean;
  readonly rule: string;
  /** The Sid of the statement or, if it has none, a hash of it; undefined if the finding is of the whole resource. */
  readonly statement: string | undefined;
}

/** The findings that fail a review. */
export interface Threshold {
  readonly failOn: Severity;
  /** Whether a finding that stands before the plan does not fail the review. */
  readonly onlyNew: boolean;
}

/**
 * The findings of the rules, the worst first, and then in the order of the rules.
 *
 * @param standingModel - returns the model of the same plan without its changes; it is called if there are findings
 */
export function findingsOf(model: Model, standingModel: () => Model, ignores: readonly Ignore[]): readonly Finding[] {
  const faultsByRule = RULES.map((rule) => ({ faults: rule.faultsIn(model), rule })).filter(
    ({ faults }) => faults.length > 0,
  );
  const standing = faultsByRule.length === 0 ? undefined : standingModel();
  const findings = faultsByRule.flatMap(({ faults, rule: { faultsIn, id, see, severity, title } }) => {
    const old = new Set(standing && faultsIn(standing).map(contentOf));
    return faults.map((fault): Finding => {
      const { address, consequence, remedy, statement } = fault;
      const found = { address, rule: id, statement: statement && identityOf(statement) };
      const ignore = ignores.find((candidate) => isIgnored(candidate, found));
      const isNew = !old.has(contentOf(fault));
      return { ...found, consequence, ignored: ignore?.reason, isNew, remedy, see, severity, title };
    });
  });
  return findings.sort((one, other) => rank(other.severity) - rank(one.severity));
}

/** A fault with its statement and its words. A statement that keeps its Sid and allows more is another fault. */
function contentOf(fault: SubjectFault): string {
  return JSON.stringify([fault.address, fault.statement, fault.consequence]);
}

/** Whether a finding fails the review: it is not ignored, and has a severity or a worse one. */
export function failsReview({ ignored, isNew, severity }: Finding, { failOn, onlyNew }: Threshold): boolean {
  return ignored === undefined && (isNew || !onlyNew) && rank(severity) >= rank(failOn);
}

function rank(severity: Severity): number {
  return SEVERITIES.indexOf(severity);
}
