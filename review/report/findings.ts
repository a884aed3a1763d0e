import type { Model } from "../model/model";
import { valueOf } from "../plan/attributes";
import { asArray, identityOf, type Statement, statementsOf } from "../policy/statement";
import { RULES } from "../rules";
import {
  type Fault,
  type NotJudged,
  type Promises,
  type Rule,
  SEVERITIES,
  type Severity,
  type SubjectFault,
} from "../rules/rule";
import type { Location } from "../source/sources";
import { type Ignore, isIgnored } from "./ignore";
import type { RoleReach } from "./role-reach";

/** A finding of a rule. */
export interface Finding extends Fault, Pick<Rule, "see" | "severity" | "title"> {
  readonly address: string;
  /** Why it is ignored; undefined if it is not. */
  readonly ignored: string | undefined;
  /**
   * Whether the plan brings it, gives its policy to somebody else, or takes away what limits it. Another finding stands before the plan.
   */
  readonly isNew: boolean;
  /** The place of the resource in the configuration, if the review reads it and finds the resource. */
  readonly location?: Location;
  /** The keys and warehouses that the role at the address reaches, or those that have its policy; undefined if there are none. */
  readonly reach?: RoleReach;
  readonly rule: string;
  /** The hash of the statement, behind its Sid if it has one; undefined if the finding is of the whole resource. */
  readonly statement: string | undefined;
}

/** The results that fail a review. */
export interface Threshold {
  /** The least severity of a finding. */
  readonly failOn: Severity;
  /** Whether a finding that stands before the plan does not fail the review. */
  readonly onlyNew: boolean;
  /** Whether a rule that could not be judged, or a plan that is not complete, fails the review. */
  readonly strict: boolean;
}

export const DEFAULT_THRESHOLD: Threshold = { failOn: "error", onlyNew: false, strict: false };

/** A rule that could not judge a subject, and why. */
export interface RuleNotJudged extends NotJudged {
  readonly rule: string;
}

/** The results of all rules. */
export interface Judgement {
  /** The worst first, and then in the order of the rules. */
  readonly findings: readonly Finding[];
  readonly notJudged: readonly RuleNotJudged[];
}

/**
 * Judges a plan by the rules.
 *
 * @param standing - returns the model of the same plan without its changes; it is called if a rule needs it
 */
export function judge(model: Model, standing: () => Model, ignores: readonly Ignore[], promises: Promises): Judgement {
  const baseline = { promises, standing };
  const verdicts = RULES.map((rule) => ({ rule, ...rule.judge(model, baseline) }));
  const findings = verdicts
    .filter(({ faults }) => faults.length > 0)
    .flatMap(({ faults, rule }) => {
      const old = new Set(rule.judge(baseline.standing(), baseline).faults.map(contentOf));
      const isNew = (fault: SubjectFault): boolean =>
        !old.has(contentOf(fault)) ||
        hasNewHolder(fault.address, model, baseline.standing()) ||
        losesLimit(fault, model, baseline.standing());
      return faults.map((fault) => findingOf(rule, fault, isNew(fault), ignores));
    });
  return {
    findings: findings.sort((one, other) => rank(other.severity) - rank(one.severity)),
    notJudged: verdicts.flatMap(({ notJudged, rule }) => notJudged.map((entry) => ({ ...entry, rule: rule.id }))),
  };
}

/** Whether the plan gives the policy at an address to another role, user, group or permission set, or assigns it to somebody else. */
function hasNewHolder(address: string, model: Model, standing: Model): boolean {
  const former = new Set(standing.identities.recipientsAt(address));
  return model.identities.recipientsAt(address).some((recipient) => !former.has(recipient));
}

/** Whether the plan takes away or changes a statement that denies, or a permissions boundary, which may limit the statement of a fault. */
function losesLimit({ address, statement }: SubjectFault, model: Model, standing: Model): boolean {
  if (statement === undefined) {
    return false;
  }
  const remaining = new Set(limitsAt(address, statement, model));
  return limitsAt(address, statement, standing).some((limit) => !remaining.has(limit));
}

/** The attributes with a policy of a resource, and with that of the callers of a role. */
const POLICY_ATTRIBUTES = ["assume_role_policy", "policy"];

/** The limits of a statement at an address: those of its policy, and of the roles and users that have it. */
function limitsAt(address: string, statement: Statement, model: Model): readonly string[] {
  const identities = model.identities.holdersAt(address).flatMap((holder) => model.identities.identityOf(holder) ?? []);
  const resource = model.atAddress(address);
  const statements = [
    ...(model.keyAt(address)?.policy.after.statements ?? []),
    ...(resource ? POLICY_ATTRIBUTES.flatMap((name) => statementsOf(valueOf(resource, "after", name)) ?? []) : []),
    ...identities.flatMap(({ policies }) => policies.flatMap((policy) => policy.statements)),
  ];
  const denials = statements.filter((one) => one.Effect === "Deny" && sharesService(one, statement));
  return [...denials, ...identities.flatMap(({ boundary }) => boundary ?? [])].map((limit) => JSON.stringify(limit));
}

/** Whether two statements may be about actions of one service. */
function sharesService(one: Statement, other: Statement): boolean {
  const servicesOf = ({ Action = "*" }: Statement): readonly string[] =>
    asArray(Action).map((action) => action.split(":", 1)[0]!.toLowerCase());
  const [services, others] = [servicesOf(one), servicesOf(other)];
  const isPattern = (service: string): boolean => /[*?]/.test(service);
  return [...services, ...others].some(isPattern) || services.some((service) => others.includes(service));
}

function findingOf(
  { id, see, severity, title }: Rule,
  { address, consequence, remedy, statement }: SubjectFault,
  isNew: boolean,
  ignores: readonly Ignore[],
): Finding {
  const identity = { address, rule: id, statement: statement && identityOf(statement) };
  const ignore = ignores.find((candidate) => isIgnored(candidate, identity));
  return { ...identity, consequence, ignored: ignore?.reason, isNew, remedy, see, severity, title };
}

/** A fault with its statement and its words. A statement that keeps its Sid and allows more is another fault. */
function contentOf(fault: SubjectFault): string {
  return JSON.stringify([fault.address, fault.statement, fault.consequence]);
}

/**
 * Whether a review fails: by a finding that is not ignored and has a severity or a worse one, or if it is strict, by a rule that was not
 * judged or a plan that is not complete.
 */
export function failsReview(
  { findings, notJudged, shortfall }: Judgement & { readonly shortfall: string | undefined },
  { failOn, onlyNew, strict }: Threshold,
): boolean {
  const isFailing = ({ ignored, isNew, severity }: Finding): boolean =>
    ignored === undefined && (isNew || !onlyNew) && rank(severity) >= rank(failOn);
  return findings.some(isFailing) || (strict && (notJudged.length > 0 || shortfall !== undefined));
}

function rank(severity: Severity): number {
  return SEVERITIES.indexOf(severity);
}
