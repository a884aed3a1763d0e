import { groupBy } from "../../modules/private/group-by";
import { type Key, keyName, type Policy } from "../model/model";
import type { PartialStatement } from "../plan/document";
import type { PlannedResource, Side } from "../plan/plan";
import { ABILITIES, type Ability, type Access, accessTo, isPlaced, isWhole, principalsOf } from "../policy/key-access";
import { matchesAction, type Statement } from "../policy/statement";

const NAMES = Object.keys(ABILITIES) as Ability[];

/** How far an ability goes: all of its actions, a part of them, or none; and what limits it. */
export interface Reach {
  /** The actions that are allowed. */
  readonly actions: readonly string[];
  /** Unknown if the policy is not shown. */
  readonly extent: "all" | "part" | "none" | "unknown";
  /** Its limits, in words; empty if there are none. */
  readonly limits: readonly string[];
}

/** An ability before and after the change. */
export interface AbilityChange extends Readonly<Record<Side, Reach>> {
  /** `same` also if the key comes or goes, so that there is nothing to compare. */
  readonly change: "changed" | "gained" | "lost" | "same" | "unknown";
}

/** The abilities of a principal with a key. */
export interface PrincipalAccess {
  readonly abilities: Readonly<Record<Ability, AbilityChange>>;
  readonly principal: string;
}

/** A statement that the table does not show whole. */
export interface UnplacedStatement {
  /** `same` also if the key comes or goes. */
  readonly change: "added" | "removed" | "same";
  readonly statement: PartialStatement | Statement;
}

/** The effect of a plan on the use of a key. */
export interface KeyReport {
  /** Undefined if the key is not in the plan, only its policy. */
  readonly action: PlannedResource["action"] | undefined;
  readonly address: string;
  /** Its name: its address, or that of its policy if the key is not in the plan. */
  readonly name: string;
  /** How the policy is known before and after. */
  readonly policy: Readonly<Record<Side, Policy["kind"]>>;
  /** Why the policy cannot be shown before or after; undefined if it can. */
  readonly notShown: Readonly<Record<Side, string | undefined>>;
  readonly principals: readonly PrincipalAccess[];
  /**
   * Statements that the table does not show, or not all of, as they are; of a policy that is not known yet, what is known
   * of them.
   */
  readonly unplaced: readonly UnplacedStatement[];
}

/** The principals that can use a key, and their abilities, before and after. */
export function keyReport(key: Key): KeyReport {
  const { address, policy, resource } = key;
  const { after, before } = policy;
  const principals = new Set([...principalsOf(before.statements), ...principalsOf(after.statements)]);
  return {
    action: resource?.action,
    address,
    name: keyName(key),
    notShown: { after: whyHidden(after), before: whyHidden(before) },
    policy: { after: after.kind, before: before.kind },
    principals: [...principals].sort().map((principal) => ({
      abilities: Object.fromEntries(
        NAMES.map((ability) => [ability, abilityChange(key, principal, ability)]),
      ) as PrincipalAccess["abilities"],
      principal,
    })),
    unplaced: unplacedOf(before, after),
  };
}

function whyHidden(policy: Policy): string | undefined {
  return policy.kind === "hidden" ? policy.why : undefined;
}

function unplacedOf(before: Policy, after: Policy): readonly UnplacedStatement[] {
  const of = (policy: Policy): readonly (PartialStatement | Statement)[] =>
    policy.kind === "hidden" ? policy.known : policy.statements.filter((statement) => !isWhole(statement));
  const [was, is] = [of(before), of(after)];
  const isCompared = [before, after].every(({ kind }) => kind === "shown" || kind === "default");
  const missing = (from: typeof was, statement: PartialStatement | Statement): boolean =>
    isCompared && !from.some((other) => JSON.stringify(other) === JSON.stringify(statement));
  const last = after.kind === "none" ? was : is;
  return [
    ...last.map((statement) => ({
      change: missing(was, statement) ? ("added" as const) : ("same" as const),
      statement,
    })),
    ...was
      .filter((statement) => missing(is, statement))
      .map((statement) => ({ change: "removed" as const, statement })),
  ];
}

function abilityChange(key: Key, principal: string, ability: Ability): AbilityChange {
  const { policy } = key;
  const after = reachOf(key, policy.after, principal, ability);
  const before = policy.before === policy.after ? after : reachOf(key, policy.before, principal, ability);
  const isCompared = policy.before.kind !== "none" && policy.after.kind !== "none";
  return { after, before, change: isCompared ? changeOf(before, after) : "same" };
}

function changeOf(before: Reach, after: Reach): AbilityChange["change"] {
  if (before.extent === "unknown" || after.extent === "unknown") {
    return "unknown";
  }
  const lost = before.actions.some((action) => !after.actions.includes(action));
  const gained = after.actions.some((action) => !before.actions.includes(action));
  if (lost !== gained) {
    return lost ? "lost" : "gained";
  }
  return lost || before.limits.join() !== after.limits.join() ? "changed" : "same";
}

function reachOf({ account }: Key, policy: Policy, principal: string, ability: Ability): Reach {
  if (policy.kind === "hidden") {
    return { actions: [], extent: "unknown", limits: [] };
  }
  const all: readonly string[] = ABILITIES[ability];
  const found = all.flatMap((action) => {
    const access = accessTo(policy.statements, principal, action, account);
    return access ? [{ action, limit: limitOf(access, policy.statements, action) }] : [];
  });
  if (found.length === 0) {
    return { actions: [], extent: "none", limits: [] };
  }
  const actions = found.map(({ action }) => action);
  const isWholly = actions.length === all.length;
  return {
    actions,
    extent: isWholly ? "all" : "part",
    limits: [...standsFor(principal), ...limitsOf(all, found)],
  };
}

/** The limits of actions, in words; if they differ, each with the actions that it is for. */
function limitsOf(
  all: readonly string[],
  found: readonly { readonly action: string; readonly limit: string }[],
): readonly string[] {
  const groups = [...groupBy(found, ({ limit }) => limit)];
  if (groups.length > 1) {
    return groups.map(
      ([limit, group]) => `${group.map(({ action }) => action).join(", ")} ${limit || "without a limit"}`,
    );
  }
  const [[limit, group]] = groups as [(typeof groups)[number]];
  const actions = group.map(({ action }) => action);
  return [...(actions.length === all.length ? [] : [partOf(all, actions)]), ...(limit === "" ? [] : [limit])];
}

/** The actions, or the ones that are missing, whichever are fewer. */
function partOf(all: readonly string[], actions: readonly string[]): string {
  const missing = all.filter((action) => !actions.includes(action));
  return missing.length < actions.length ? `all but ${missing.join(", ")}` : `only ${actions.join(", ")}`;
}

/** The identities behind a principal that is not one role or user. */
function standsFor(principal: string): readonly string[] {
  const [, account] = /^arn:[^:]+:iam::(\d{12}):root$/.exec(principal) ?? [];
  if (account !== undefined) {
    return [`the root, and every role and user of account ${account} whom its IAM policies allow`];
  }
  if (principal === "*") {
    return ["everybody, of every account, within the other notes"];
  }
  return principal.startsWith("the root") ? ["and every role and user of it whom its IAM policies allow"] : [];
}

const THROUGH = {
  IAM: ["the IAM policies of the account allow it"],
  "key policy": [],
  "other account": ["the IAM policies of its own account allow it"],
} as const;

/** The limits of an access, in words: the ways to it, and the denials. */
function limitOf({ unless, ways }: Access, statements: readonly Statement[], action: string): string {
  const conditions = ways.map(({ statement, through }) => [...THROUGH[through], ...wordsOf(statement)].join(" and "));
  const where = conditions.includes("") ? "" : `where ${[...new Set(conditions)].join(", or where ")}`;
  const denials = unless.map((statement) => `unless ${wordsOf(statement).join(" and ")}`);
  const isUnplaced = (one: Statement): boolean => one.Effect === "Deny" && !isPlaced(one) && matchesAction(one, action);
  const unplaced = statements.some(isUnplaced) ? ["unless a statement denies it that is not in the table"] : [];
  return [where, ...denials, ...unplaced].filter((text) => text !== "").join(", ");
}

function wordsOf({ Condition = {} }: Statement): readonly string[] {
  return Object.entries(Condition).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) => `${key} ${operator} ${[values].flat().join(" | ")}`),
  );
}
