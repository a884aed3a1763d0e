import { numberText } from "../plan/number-text";
import { conditionTests } from "../policy/condition";
import { accountOf, isTestOfRow } from "../policy/principals";
import { variableResources } from "../policy/resource-pattern";
import { awsPrincipals, type Statement } from "../policy/statement";
import type { StatementList } from "../policy/statement-list";
import { Conditions } from "./conditions";

/** The most characters of one condition in a text. */
const MOST_CHARACTERS = 500;

/** The reasons for which an access is not sure, or needs other policies. */
interface Doubts {
  /** Whether the principal is of another account, whose IAM policies have to allow the access, too. */
  readonly isForeign: boolean;
  /** Whether the plan does not show that the principal has the policy. */
  readonly isMaybeAttached: boolean;
  /** Whether the plan does not show that the permissions boundary of the principal allows the access. */
  readonly isMaybeBounded: boolean;
  /** Whether a statement that is not in the table may deny the access. */
  readonly isMaybeDenied: boolean;
  /**
   * Whether a Deny statement with NotPrincipal excepts only the principal or only the root of its account. AWS may then deny the
   * access.
   */
  readonly isPartlyExcepted: boolean;
}

/** The limits of an access by the statements of one policy. */
interface PolicyLimit extends Doubts {
  /** The conditions of the statements that give the access. A request must meet one of them. */
  readonly conditions: Conditions;
  readonly denials: Conditions;
}

const NO_DOUBTS: Doubts = {
  isForeign: false,
  isMaybeAttached: false,
  isMaybeBounded: false,
  isMaybeDenied: false,
  isPartlyExcepted: false,
};
const DOUBTS = Object.keys(NO_DOUBTS) as readonly (keyof Doubts)[];

/** The limits of an access that needs several policies: an entry for each policy. A request must meet each entry. */
export type Limit = readonly PolicyLimit[];

/** An action that a principal may do, within a limit. */
export interface LimitedAction {
  readonly action: string;
  readonly limit: Limit;
}

/** Returns the limit of an access that `statements` give and `denials` deny, each under its conditions. */
export function limitBy(
  statements: StatementList,
  denials: StatementList,
  principal: string,
  doubts: Partial<Doubts>,
): PolicyLimit {
  const phrases = (statement: Statement): readonly string[] => conditionPhrases(statement, principal);
  return {
    conditions: Conditions.fromList(statements, phrases),
    denials: Conditions.fromList(denials, phrases),
    ...NO_DOUBTS,
    ...doubts,
  };
}

export function isUnlimited(limit: Limit): boolean {
  return limit.every(
    ({ conditions, denials, ...doubts }) =>
      conditions.isUnlimited && denials.size === 0 && DOUBTS.every((doubt) => !doubts[doubt]),
  );
}

/** An action with its limit as a phrase. */
export interface WordedAction {
  readonly action: string;
  /** The limit; empty if the action has none. */
  readonly limit: string;
}

/**
 * Converts the limits of actions to phrases.
 *
 * @param others - the actions on the other side of the change
 */
export function worded(actions: readonly LimitedAction[], others: readonly LimitedAction[]): readonly WordedAction[] {
  let previous: { readonly limit: Limit; readonly other: Limit | undefined; readonly text: string } | undefined;
  return actions.map(({ action, limit }) => {
    const isCapped = limit.some(({ conditions, denials }) => conditions.isCapped || denials.isCapped);
    const other = isCapped ? others.find((one) => one.action === action)?.limit : undefined;
    // Actions of the same statements share one limit object.
    if (previous?.limit !== limit || previous.other !== other) {
      previous = { limit, other, text: limitText(limit, other) };
    }
    return { action, limit: previous.text };
  });
}

/**
 * Returns a limit as a phrase; empty if there is none.
 *
 * @param other - the limit on the other side of the change, if there is one; a condition that the other limit lacks is named first
 */
function limitText(limit: Limit, other: Limit | undefined): string {
  const texts = limit.map((one, index) => policyLimitText(one, other?.[index]));
  return texts.filter((text) => text !== "").join(" and ");
}

function policyLimitText(limit: PolicyLimit, other: PolicyLimit | undefined): string {
  const { conditions, denials, isForeign, isMaybeAttached, isMaybeBounded, isMaybeDenied, isPartlyExcepted } = limit;
  const granting = conditions.listed(other?.conditions);
  const doubts = joined(" and ", [
    isForeign && "the IAM policies of its own account allow it",
    isMaybeAttached && "the policy is attached to it, which the plan does not show",
    isMaybeBounded && "its permissions boundary allows it, which the plan does not show",
  ]);
  const conditionTexts = granting.texts.map((text) => joined(" and ", [doubts, shortened(text)]));
  const denying = denials.listed(other?.denials);
  return joined(", ", [
    !conditionTexts.includes("") && `if ${conditionTexts.join(", or if ")}`,
    moreText(granting.remaining, "each is enough"),
    ...denying.texts.map((text) => `unless ${shortened(text)}`),
    moreText(denying.remaining, "each denies it"),
    isMaybeDenied && "unless a statement outside the table denies it",
    isPartlyExcepted && "unless a statement denies it whose NotPrincipal lacks the caller or its account root",
  ]);
}

function joined(separator: string, texts: readonly (string | false)[]): string {
  return texts.filter((text) => text !== false && text !== "").join(separator);
}

/** Cuts a long condition, which can have thousands of values. */
function shortened(condition: string): string {
  const remaining = condition.length - MOST_CHARACTERS;
  return remaining > 0
    ? `${condition.slice(0, MOST_CHARACTERS)}… and ${numberText(remaining)} more characters`
    : condition;
}

function moreText(count: number, effect: string): string {
  return count === 0 ? "" : `and ${numberText(count)} more conditions (${effect})`;
}

/** Whether two lists have the same actions, each within the same limit. */
export function hasSameLimits(before: readonly LimitedAction[], after: readonly LimitedAction[]): boolean {
  return (
    before.length === after.length &&
    before.every(({ action, limit }, index) => {
      const [previous, other] = [before[index - 1], after[index]!];
      // Actions of the same statements share one limit object.
      const isCompared = previous?.limit === limit && after[index - 1]?.limit === other.limit;
      return action === other.action && (isCompared || isSameLimit(limit, other.limit));
    })
  );
}

function isSameLimit(one: Limit, other: Limit): boolean {
  return (
    one.length === other.length &&
    one.every(
      ({ conditions, denials, ...doubts }, index) =>
        conditions.isSameAs(other[index]!.conditions) &&
        denials.isSameAs(other[index]!.denials) &&
        DOUBTS.every((doubt) => doubts[doubt] === other[index]![doubt]),
    )
  );
}

/** Cache: the phrases of statements from which no test is left out, and without their NotPrincipal. */
const PHRASES = new WeakMap<Statement, readonly string[]>();

/**
 * Returns the condition of a statement as phrases. The test that only chooses the principal is left out: the row of the principal
 * in the table shows it.
 */
function conditionPhrases(statement: Statement, principal: string): readonly string[] {
  const tests = conditionTests(statement);
  const otherTests = tests.filter((test) => !isTestOfRow(test, principal));
  const phrases = (otherTests.length === tests.length ? PHRASES.get(statement) : undefined) ?? [
    ...otherTests.map(({ name, originalKey, values }) => `${originalKey} ${name} ${values.join(" | ")}`).sort(),
    ...resourcePhrases(statement),
  ];
  if (otherTests.length === tests.length) {
    PHRASES.set(statement, phrases);
  }
  const excepted = accountOf(principal) === undefined ? awsPrincipals(statement.NotPrincipal) : [];
  return excepted.length === 0 ? phrases : [...phrases, `the caller is none of ${excepted.join(" | ")}`];
}

/** Returns a phrase with the resources of a statement that have a policy variable. The variable decides if these resources are the key. */
function resourcePhrases(statement: Statement): readonly string[] {
  const resources = variableResources(statement);
  const quantity = statement.NotResource ? "none" : "one";
  return resources.length === 0 ? [] : [`the key is ${quantity} of ${resources.join(" | ")}`];
}
