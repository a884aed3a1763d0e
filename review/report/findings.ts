import { groupBy } from "../../modules/private/group-by";
import type { Model } from "../model/model";
import { valueOf } from "../plan/attributes";
import type { PlannedResource } from "../plan/plan";
import { isNarrower } from "../policy/narrower";
import {
  asArray,
  identityOf,
  isDenial,
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
   * The keys and warehouses that the role at the address, or each role with the policy at it, reaches; undefined if there are none.
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
  const verdicts = RULES.map((rule) => ({ rule, ...rule.judge(model, baseline) }));
  const findings = verdicts
    .filter(({ faults }) => faults.length > 0)
    .flatMap(({ faults, rule }) => {
      const former = rule.judge(baseline.standing(), baseline).faults;
      const old = new Set(former.map(contentOf));
      const formerAt = groupBy(former, ({ address }) => address);
      const existsBefore = (fault: SubjectFault): boolean =>
        old.has(contentOf(fault)) || formerAt.get(fault.address)?.some((one) => isPartOf(fault, one)) === true;
      const isNew = (fault: SubjectFault): boolean =>
        fault.isOfHiddenChange === true ||
        !existsBefore(fault) ||
        isReplacedGrant(model.atAddress(fault.address)) ||
        hasNewHolder(fault.address, model, baseline.standing()) ||
        losesLimit(fault, model, baseline.standing());
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
 * Whether a fault is a part of a former one at the same address: its statements are not wider, and its consequence has no other words,
 * such as another warehouse.
 */
function isPartOf(fault: SubjectFault, former: SubjectFault): boolean {
  const [statements, formerStatements] = [statementsBehind(fault), statementsBehind(former)];
  const isCovered =
    statements.length > 0 && statements.every((one) => formerStatements.some((other) => isNarrower(one, other)));
  const words = new Set(isCovered ? wordsOf(former) : []);
  return isCovered && wordsOf(fault).every((word) => words.has(word));
}

/** Returns the statements that a fault depends on. */
function statementsBehind({ causingStatements = [], statement }: SubjectFault): readonly Statement[] {
  return statement === undefined ? causingStatements : [statement];
}

/**
 * Returns the words of a consequence without those of its statement: the Sid, which a plan may add or change, and the actions and
 * resources.
 */
function wordsOf({ consequence, statement }: SubjectFault): readonly string[] {
  const text = statement === undefined ? consequence : consequence.replace(titleOf(statement), "");
  const elements = [...asArray(statement?.Action), ...asArray(statement?.Resource)];
  return text
    .split(" ")
    .map((word) => word.replace(/[,.:;]+$/, ""))
    .filter((word) => !elements.includes(word));
}

/** Whether the plan creates a grant in place of another one, which may have had other constraints. */
function isReplacedGrant(resource: PlannedResource | undefined): boolean {
  return resource?.type === "aws_kms_grant" && resource.action === "replace";
}

/**
 * Whether the plan gives the policy at an address to one more role, user, group or permission set, or assigns the permission set to
 * one more user or group.
 */
function hasNewHolder(address: string, model: Model, standing: Model): boolean {
  const former = new Set(standing.identities.recipientsAt(address));
  return model.identities.recipientsAt(address).some((recipient) => !former.has(recipient));
}

/** Whether the plan removes or changes a Deny statement or a permissions boundary that may limit the statement of a fault. */
function losesLimit(fault: SubjectFault, model: Model, standing: Model): boolean {
  return statementsBehind(fault).some((statement) => {
    const remaining = new Set(limitsAt(fault.address, statement, model));
    return limitsAt(fault.address, statement, standing).some((limit) => !remaining.has(limit));
  });
}

/** The attributes that have a trust policy or another policy of a resource. */
const POLICY_ATTRIBUTES = ["assume_role_policy", "policy"];

/**
 * Returns the Deny statements, without their Sids, and the permissions boundaries that may limit a statement: those of its policy, and
 * of the roles and users that have it.
 */
function limitsAt(address: string, statement: Statement, model: Model): readonly string[] {
  const identities = model.identities.holdersAt(address).flatMap((holder) => model.identities.identityOf(holder) ?? []);
  const resource = model.atAddress(address);
  const statements = [
    ...(model.keyAt(address)?.policy.after.statements ?? []),
    ...(resource ? POLICY_ATTRIBUTES.flatMap((name) => statementsOf(valueOf(resource, "after", name)) ?? []) : []),
    ...identities.flatMap(({ policies }) => policies.flatMap((policy) => policy.statements)),
  ];
  const denials = statements
    .filter((one) => isDenial(one) && sharesService(one, statement))
    .map((denial) => ({ ...denial, Sid: undefined }));
  return [...denials, ...identities.flatMap(({ boundary }) => boundary ?? [])].map((limit) => JSON.stringify(limit));
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
 * Returns a string that is equal for equal faults. It has the whole statement: one that keeps its Sid and allows more is another
 * fault.
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
