import { groupBy } from "../../modules/private/group-by";
import { holderName } from "../model/identity/holders";
import type { Model } from "../model/model";
import { valueOf } from "../plan/attributes";
import { memoized, memoizedByObject } from "../plan/memoized";
import type { PlannedResource } from "../plan/plan";
import type { IdentityPolicy } from "../policy/identity-permission";
import { denialsBeyond, isNarrower, MOST_COMPARED } from "../policy/narrower";
import {
  asArray,
  identityOf,
  servicesOf,
  sharesService,
  type Statement,
  statementsOf,
  titleOf,
} from "../policy/statement";
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
  /** The reason for which the user ignores the finding; undefined if the user does not. */
  readonly ignored: string | undefined;
  /**
   * Whether the finding is new: the plan causes it, changes a value that is not shown, gives the policy to another identity, or removes a
   * limit of the statement. Any other finding exists before the plan, too, by the same statement or one that allows more.
   */
  readonly isNew: boolean;
  /** The file and line of the resource; undefined without --source, or if the configuration does not have it. */
  readonly location?: Location;
  /**
   * The keys and warehouses that the role at the address reaches. If a policy is at the address, those that the roles with this
   * policy reach. Undefined if there are none.
   */
  readonly reach?: RoleReach;
  readonly rule: string;
  /** The Sid, if it has one, and the hash of the statement; undefined if the finding is about the whole resource. */
  readonly statement: string | undefined;
}

/** The results that fail a review. */
export interface Threshold {
  /** The least severity of a finding. */
  readonly failOn: Severity;
  /** Whether a finding that exists before the plan does not fail the review. */
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
  /** Sorted by severity, the worst first, and then by the order of the rules. */
  readonly findings: readonly Finding[];
  readonly notJudged: readonly RuleNotJudged[];
}

/**
 * Judges a plan by the rules.
 *
 * @param standing - returns the model of the plan without its changes, to see which findings are new
 */
export function judge(model: Model, standing: () => Model, ignores: readonly Ignore[], promises: Promises): Judgement {
  const baseline = { promises, standing };
  const gainsUse = memoized(
    (address) =>
      isReplacedGrant(model.atAddress(address)) ||
      model.identities.possessions.hasNewRecipient(address, standing().identities.possessions),
  );
  const lostServices = memoized((address) => servicesOfLostLimits(address, model, standing()));
  const verdicts = RULES.map((rule) => ({ rule, ...rule.judge(model, baseline) }));
  const findings = verdicts
    .filter(({ faults }) => faults.length > 0)
    .flatMap(({ faults, rule }) => {
      const former = rule.judge(baseline.standing(), baseline).faults;
      const old = new Set(former.map(contentOf));
      const formerAt = groupBy(former, ({ address }) => address);
      const existsBefore = (fault: SubjectFault): boolean =>
        old.has(contentOf(fault)) || isPartOf(fault, formerAt.get(fault.address) ?? []);
      const isNew = (fault: SubjectFault): boolean =>
        fault.isOfHiddenChange === true ||
        !existsBefore(fault) ||
        gainsUse(fault.address) ||
        losesLimit(fault, lostServices(fault.address));
      // Two equal statements of a policy allow no more than one.
      const distinct = new Map(faults.map((fault) => [contentOf(fault), fault]));
      return [...distinct.values()].map((fault) => findingOf(rule, fault, isNew(fault), ignores));
    });
  return {
    findings: findings.sort((one, other) => rank(other.severity) - rank(one.severity)),
    notJudged: verdicts.flatMap(({ notJudged, rule }) => notJudged.map((entry) => ({ ...entry, rule: rule.id }))),
  };
}

/**
 * Whether a fault is a part of former faults at its address: their statements together allow as much. A former fault counts only if
 * its consequence has all words of the fault's consequence, such as the name of a warehouse.
 */
function isPartOf(fault: SubjectFault, formerFaults: readonly SubjectFault[]): boolean {
  const statements = statementsBehind(fault);
  const words = wordsOf(fault);
  const former =
    formerFaults.length > MOST_COMPARED
      ? []
      : formerFaults.filter((one) => words.every((word) => formerWordsOf(one).has(word))).flatMap(statementsBehind);
  return statements.length > 0 && statements.every((one) => isNarrower(one, former));
}

const formerWordsOf = memoizedByObject((fault: SubjectFault) => new Set(wordsOf(fault)));

/** Returns the statements that a fault depends on. */
function statementsBehind({ causingStatements = [], statement }: SubjectFault): readonly Statement[] {
  return statement === undefined ? causingStatements : [statement];
}

/**
 * Returns the words of a consequence, without the words that come from its statement: the Sid, which a plan may add or change, the
 * actions and the resources.
 */
function wordsOf({ consequence, statement }: SubjectFault): readonly string[] {
  const text = statement === undefined ? consequence : consequence.replace(titleOf(statement), "");
  const elements = [...asArray(statement?.Action), ...asArray(statement?.Resource)];
  return text
    .split(" ")
    .map((word) => word.replace(/^\(|[),.:;]+$/g, ""))
    .filter((word) => !elements.includes(word));
}

/** Whether the plan creates a grant in place of another one, which may have had other constraints. */
function isReplacedGrant(resource: PlannedResource | undefined): boolean {
  return resource?.type === "aws_kms_grant" && resource.action === "replace";
}

/** Whether a fault's statement has a service that loses a limit: a Deny statement or a boundary. `lost` has these services. */
function losesLimit(fault: SubjectFault, lost: readonly string[]): boolean {
  return statementsBehind(fault).some((statement) => sharesService(statement, lost));
}

/** The statements and the permissions boundary that may limit a statement. */
interface Limits {
  readonly boundary: IdentityPolicy | undefined;
  readonly statements: readonly Statement[];
}

/** The attributes that have a trust policy or another policy of a resource. */
const POLICY_ATTRIBUTES = ["assume_role_policy", "policy"];

/**
 * Returns the services for which the plan removes or narrows Deny statements that may limit the statements at an address. These
 * Deny statements are in the policy at the address, or in a policy of a role or user that has that policy. If such a role or user
 * had another permissions boundary before the plan, returns `*` for all services.
 */
function servicesOfLostLimits(address: string, model: Model, standing: Model): readonly string[] {
  const former = limitsAt(address, standing);
  const lost = [...limitsAt(address, model)].flatMap(([holder, { boundary, statements }]) => {
    const limits = former.get(holder);
    const hasSameBoundary =
      limits?.boundary === undefined || JSON.stringify(limits.boundary) === JSON.stringify(boundary);
    return [
      ...denialsBeyond(limits?.statements ?? [], statements).flatMap(servicesOf),
      ...(hasSameBoundary ? [] : ["*"]),
    ];
  });
  return [...new Set(lost)];
}

/**
 * Maps the name of a role or user to the statements and the boundary that may limit the statements at an address. The empty name
 * stands for the policy at the address.
 */
function limitsAt(address: string, model: Model): ReadonlyMap<string, Limits> {
  const resource = model.atAddress(address);
  const statements = [
    ...(model.keyAt(address)?.policy.after.statements ?? []),
    ...(resource ? POLICY_ATTRIBUTES.flatMap((name) => statementsOf(valueOf(resource, "after", name)) ?? []) : []),
  ];
  const holderEntries = model.identities.possessions.holdersAt(address).map((holder) => {
    const { boundary, policies = [] } = model.identities.identityOf(holder) ?? {};
    return [holderName(holder), { boundary, statements: policies.flatMap((policy) => policy.statements) }] as const;
  });
  return new Map([["", { boundary: undefined, statements }], ...holderEntries]);
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

/**
 * Returns a string that is equal for equal faults. The string has the whole statement: if a statement keeps its Sid and allows
 * more, its fault is another one.
 */
function contentOf(fault: SubjectFault): string {
  return JSON.stringify([fault.address, fault.statement, fault.consequence, fault.causingStatements]);
}

/**
 * Whether a review fails: by a finding that is not ignored and at least as severe as `failOn`, or, if `strict`, by a rule that was
 * not judged or a plan that is not complete.
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
