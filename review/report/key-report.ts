import { groupBy } from "../../modules/private/group-by";
import { type Key, keyName, type KeyPolicy } from "../model/key";
import type { PartialStatement } from "../plan/document";
import type { PlannedResource, Side } from "../plan/plan";
import { ABILITIES, type Ability, ABILITY_NAMES } from "../policy/abilities";
import { conditionTests } from "../policy/condition";
import { type Access, accessTo, fitsTable, mayBeDenied, principalsOf, type Way } from "../policy/key-access";
import { accountOf, isPattern, isRoot, isTestOfRow, organizationOf } from "../policy/principals";
import { awsPrincipals, type Statement } from "../policy/statement";

/** The part of an ability's actions, and its limits. */
export interface Part {
  readonly actions: readonly string[];
  /** Unknown if the policy is not shown. */
  readonly extent: "all" | "part" | "none" | "unknown";
  /** Its limits, as phrases; empty if there are none. */
  readonly limits: readonly string[];
}

/** The part of an ability that the key policy itself grants, and the part that it leaves to IAM policies. */
export interface Reach extends Part {
  /** The IAM policies of the key's account decide about this part. An action that is granted without a limit is not in it. */
  readonly leftToIam: Part;
}

/** An ability before and after the change. */
export interface AbilityChange extends Readonly<Record<Side, Reach>> {
  /**
   * Gained and lost are judged on the granted part. `same` also if the key comes or goes, so that there is nothing to
   * compare.
   */
  readonly change: "changed" | "gained" | "lost" | "same" | "unknown";
}

/** The abilities of a principal with a key. */
export interface PrincipalAccess {
  readonly abilities: Readonly<Record<Ability, AbilityChange>>;
  readonly principal: string;
  /** The identities that the principal stands for; undefined if it is one role or user. */
  readonly standsFor: string | undefined;
}

/** A statement that the table does not show completely. */
export interface UnplacedStatement {
  /** `same` also if the key comes or goes. */
  readonly change: "added" | "removed" | "same";
  readonly statement: PartialStatement | Statement;
}

/** The effect of a plan on the use of a key. */
export interface KeyReport {
  /** Undefined if the plan does not show it. */
  readonly account: string | undefined;
  /** Undefined if the key is not in the plan, only its policy. */
  readonly action: PlannedResource["action"] | undefined;
  readonly address: string;
  /** Its name: its address, or that of its policy if the key is not in the plan. */
  readonly name: string;
  readonly policy: Readonly<Record<Side, KeyPolicy["kind"]>>;
  /** Unknown if the policy changes and is not shown after the change. */
  readonly policyChange: "changed" | "same" | "unknown";
  /** Why the policy is not shown; undefined if it is. */
  readonly notShown: Readonly<Record<Side, string | undefined>>;
  readonly principals: readonly PrincipalAccess[];
  /** The statements that the table does not show completely; of a hidden policy, their known parts. */
  readonly unplaced: readonly UnplacedStatement[];
}

/** The principals that can use a key, and their abilities, before and after. */
export function keyReport(key: Key): KeyReport {
  const { account, address, policy, resource } = key;
  const { after, before } = policy;
  const principals = new Set([...principalsOf(before.statements), ...principalsOf(after.statements)]);
  return {
    account,
    action: resource?.action,
    address,
    name: keyName(key),
    notShown: {
      after: after.kind === "hidden" ? after.why : undefined,
      before: before.kind === "hidden" ? before.why : undefined,
    },
    policy: { after: after.kind, before: before.kind },
    policyChange: before === after ? "same" : after.kind === "hidden" ? "unknown" : "changed",
    principals: [...principals]
      .sort()
      .map((principal) => ({
        abilities: Object.fromEntries(
          ABILITY_NAMES.map((ability) => [ability, abilityChange(key, principal, ability)]),
        ) as PrincipalAccess["abilities"],
        principal,
        standsFor: standsFor(principal, account),
      }))
      // A statement that denies everybody makes nobody a principal.
      .filter(({ abilities, principal }) => principal !== "*" || Object.values(abilities).some(isAbility)),
    unplaced: unplacedOf(before, after),
  };
}

function isAbility({ after, before }: AbilityChange): boolean {
  return [after, before].some(({ extent }) => extent !== "none");
}

function unplacedOf(before: KeyPolicy, after: KeyPolicy): readonly UnplacedStatement[] {
  const statementsBeside = (policy: KeyPolicy): readonly (PartialStatement | Statement)[] =>
    policy.kind === "hidden" ? policy.known : policy.statements.filter((statement) => !fitsTable(statement));
  const [old, current] = [statementsBeside(before), statementsBeside(after)];
  const isCompared = [before, after].every(({ kind }) => kind === "shown" || kind === "default");
  const textsOf = (statements: typeof old) => new Set(statements.map((statement) => JSON.stringify(statement)));
  const [oldTexts, currentTexts] = [textsOf(old), textsOf(current)];
  const isMissing = (texts: ReadonlySet<string>, statement: PartialStatement | Statement): boolean =>
    isCompared && !texts.has(JSON.stringify(statement));
  const changeOf = (statement: PartialStatement | Statement) => (isMissing(oldTexts, statement) ? "added" : "same");
  return [
    ...(after.kind === "none" ? old : current).map(
      (statement) => ({ change: changeOf(statement), statement }) as const,
    ),
    ...old
      .filter((statement) => isMissing(currentTexts, statement))
      .map((statement) => ({ change: "removed", statement }) as const),
  ];
}

function abilityChange(key: Key, principal: string, ability: Ability): AbilityChange {
  const { policy } = key;
  const after = reachOf(key, policy.after, principal, ability);
  const before = policy.before === policy.after ? after : reachOf(key, policy.before, principal, ability);
  const isCompared = policy.before.kind !== "none" && policy.after.kind !== "none";
  const change = isCompared ? changeOf(before, after) : "same";
  // The statements that are not shown can give back a loss, and take back a gain of the other side.
  const isSure =
    (policy.after.kind !== "hidden" || change === "gained") && (policy.before.kind !== "hidden" || change === "lost");
  return { after, before, change: isSure || !isCompared ? change : "unknown" };
}

export function changeOf(before: Reach, after: Reach): AbilityChange["change"] {
  if (before.extent === "unknown" || after.extent === "unknown") {
    return "unknown";
  }
  const lost = before.actions.some((action) => !after.actions.includes(action));
  const gained = after.actions.some((action) => !before.actions.includes(action));
  if (lost !== gained) {
    return lost ? "lost" : "gained";
  }
  return before === after || JSON.stringify(before) === JSON.stringify(after) ? "same" : "changed";
}

export const NONE: Part = { actions: [], extent: "none", limits: [] };
export const UNKNOWN: Part = { actions: [], extent: "unknown", limits: [] };

function reachOf({ account }: Key, policy: KeyPolicy, principal: string, ability: Ability): Reach {
  if (policy.kind === "hidden" && policy.statements.length === 0) {
    return { ...UNKNOWN, leftToIam: UNKNOWN };
  }
  const accesses = ABILITIES[ability].map((action) => ({
    access: accessTo(policy.statements, principal, action, account),
    action,
  }));
  const partOf = (isInPart: (way: Way) => boolean): readonly LimitedAction[] => {
    // Actions of the same statements have one access.
    const limits = new Map<Access | undefined, string | undefined>();
    return accesses.flatMap(({ access, action }) => {
      if (!limits.has(access)) {
        const ways = access?.ways.filter(isInPart) ?? [];
        const isMaybeDenied = mayBeDenied(policy.statements, action);
        limits.set(
          access,
          access && ways.length > 0 ? limitOf({ ...access, ways }, principal, isMaybeDenied) : undefined,
        );
      }
      const limit = limits.get(access);
      return limit === undefined ? [] : [{ action, limit }];
    });
  };
  const granted = partOf(({ through }) => through !== "IAM");
  const grantedFreely = granted.filter(({ limit }) => limit === "").map(({ action }) => action);
  const leftToIam = partOf(({ through }) => through === "IAM").filter(({ action }) => !grantedFreely.includes(action));
  const partOfPolicy = (allowed: readonly LimitedAction[]): Part =>
    policy.kind === "hidden" ? atLeast(asPart(ability, allowed)) : asPart(ability, allowed);
  return { ...partOfPolicy(granted), leftToIam: partOfPolicy(leftToIam) };
}

/** A part by the statements that a hidden policy shows. */
function atLeast(part: Part): Part {
  return part.extent === "none"
    ? UNKNOWN
    : { ...part, limits: [...part.limits, "by the statements that are shown: the others may allow more, or deny it"] };
}

interface LimitedAction {
  readonly action: string;
  /** As a phrase; empty if there is none. */
  readonly limit: string;
}

export function asPart(ability: Ability, allowed: readonly LimitedAction[]): Part {
  const all: readonly string[] = ABILITIES[ability];
  return allowed.length === 0
    ? NONE
    : {
        actions: allowed.map(({ action }) => action),
        extent: allowed.length === all.length ? "all" : "part",
        limits: limitsOf(all, allowed),
      };
}

/** The limits of actions, as phrases. Limits that differ name their actions. */
function limitsOf(all: readonly string[], allowed: readonly LimitedAction[]): readonly string[] {
  const groups = [...groupBy(allowed, ({ limit }) => limit)];
  if (groups.length > 1) {
    return groups.map(
      ([limit, group]) => `${group.map(({ action }) => action).join(", ")} ${limit || "without a limit"}`,
    );
  }
  const [[limit, group]] = groups as [(typeof groups)[number]];
  const actions = group.map(({ action }) => action);
  return [...(actions.length === all.length ? [] : [shorterList(all, actions)]), ...(limit === "" ? [] : [limit])];
}

/** The part of an ability that its limits name by actions alone, and the other limits. */
export function splitLimits({ limits }: Part): {
  readonly actions: string | undefined;
  readonly conditions: readonly string[];
} {
  const [first = ""] = limits;
  const isList = /^(?:all but|only) kms:/.test(first);
  return { actions: isList ? first : undefined, conditions: isList ? limits.slice(1) : limits };
}

/** The shorter list: the actions, or the missing ones. */
function shorterList(all: readonly string[], actions: readonly string[]): string {
  const missing = all.filter((action) => !actions.includes(action));
  return missing.length < actions.length ? `all but ${missing.join(", ")}` : `only ${actions.join(", ")}`;
}

function standsFor(principal: string, keyAccount: string | undefined): string | undefined {
  if (principal === "*") {
    return "the principals of every account, within the limits";
  }
  if (organizationOf(principal) !== undefined) {
    return "every role and user of the organization, within the limits";
  }
  if (isPattern(principal)) {
    return "every role and user whose ARN the pattern matches";
  }
  if (!isRoot(principal)) {
    return undefined;
  }
  const account = accountOf(principal);
  const isForeign = keyAccount !== undefined && account !== undefined && account !== keyAccount;
  return `the root of ${isForeign ? `another account, ${account}` : "the account"}, and every role and user of it whom its IAM policies allow`;
}

/**
 * The limits of an access, as a phrase: the ways to it, and the denials.
 *
 * @param isMaybeDenied - whether a statement that is not in the table may deny it
 */
export function limitOf({ unless, ways }: Access, principal: string, isMaybeDenied: boolean): string {
  const conditions = withoutNarrower(
    ways.map(({ statement, through }) => [
      ...(through === "other account" ? ["the IAM policies of its own account allow it"] : []),
      ...conditionText(statement, principal),
    ]),
  ).map((phrases) => phrases.join(" and "));
  const condition = conditions.includes("") ? "" : `if ${conditions.join(", or if ")}`;
  const denials = unless.map((statement) => `unless ${conditionText(statement, principal).join(" and ")}`);
  const unplaced = isMaybeDenied ? ["unless a statement denies it that is not in the table"] : [];
  return [condition, ...new Set(denials), ...unplaced].filter((text) => text !== "").join(", ");
}

/** The conditions without each that has all phrases of another: "A and B, or A" is "A". */
function withoutNarrower(conditions: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const distinct = [
    ...new Map(conditions.map((condition) => [JSON.stringify(condition.toSorted()), condition])).values(),
  ];
  const bySize = groupBy(distinct, ({ length }) => length);
  return distinct.filter(
    (condition) =>
      ![...bySize].some(
        ([size, others]) =>
          size < condition.length && others.some((other) => other.every((phrase) => condition.includes(phrase))),
      ),
  );
}

/** The condition of a statement in phrases, without the test that chooses the row of a principal. */
function conditionText(statement: Statement, principal: string): readonly string[] {
  const tests = conditionTests(statement).filter((test) => !isTestOfRow(test, principal));
  const excepted = accountOf(principal) === undefined ? awsPrincipals(statement.NotPrincipal) : [];
  return [
    ...tests.map(({ name, originalKey, values }) => `${originalKey} ${name} ${values.join(" | ")}`),
    ...(excepted.length === 0 ? [] : [`the caller is none of ${excepted.join(" | ")}`]),
  ];
}
