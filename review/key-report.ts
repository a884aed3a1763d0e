import type { PartialStatement } from "./document";
import { ABILITIES, type Ability, type Access, accessTo, isWhole, principalsOf } from "./key-access";
import { type Key, keyName, type Policy } from "./model";
import type { PlannedResource, Side } from "./plan";
import type { Statement } from "./statement";

const NAMES = Object.keys(ABILITIES) as Ability[];

/** How far an ability goes: all of its actions, a part of them, or none; and what limits it. */
export interface Reach {
  /** The actions that are allowed. */
  readonly actions: readonly string[];
  /** Unknown where the policy is not shown. */
  readonly extent: "all" | "part" | "none" | "unknown";
  /** What limits it, in words; empty where nothing does. */
  readonly limits: readonly string[];
}

/** An ability before and after the change. */
export interface AbilityChange extends Readonly<Record<Side, Reach>> {
  /** `same` also where the key comes or goes, so that there is nothing to compare. */
  readonly change: "changed" | "gained" | "lost" | "same" | "unknown";
}

/** What a principal may do with a key. */
export interface PrincipalAccess {
  readonly abilities: Readonly<Record<Ability, AbilityChange>>;
  readonly principal: string;
}

/** What a plan does to who can use a key. */
export interface KeyReport {
  /** Undefined where the key is not in the plan, only its policy. */
  readonly action: PlannedResource["action"] | undefined;
  readonly address: string;
  /** What it is called: its address, or that of its policy where the key is not in the plan. */
  readonly name: string;
  /** How the policy is known before and after. */
  readonly policy: Readonly<Record<Side, Policy["kind"]>>;
  /** Why the policy cannot be shown before or after; undefined where it can. */
  readonly notShown: Readonly<Record<Side, string | undefined>>;
  readonly principals: readonly PrincipalAccess[];
  /**
   * Statements that the table does not show, or not all of, as they are after the change (before, for a key that goes); of
   * a policy that is not known yet, what is known of them.
   */
  readonly unplaced: readonly (PartialStatement | Statement)[];
}

/** Who can do what with a key, before and after. */
export function keyReport(key: Key): KeyReport {
  const { address, policy, resource } = key;
  const { after, before } = policy;
  const principals = new Set([...principalsOf(before.statements), ...principalsOf(after.statements)]);
  const last = after.kind === "none" ? before : after;
  return {
    action: resource?.action,
    address,
    name: keyName(key),
    notShown: { after: whyHidden(after), before: whyHidden(before) },
    policy: { after: after.kind, before: before.kind },
    principals: [...principals].sort().map((principal) => ({
      abilities: Object.fromEntries(
        NAMES.map((ability) => [ability, abilityChange(policy, principal, ability)]),
      ) as PrincipalAccess["abilities"],
      principal,
    })),
    unplaced: last.kind === "hidden" ? last.known : last.statements.filter((statement) => !isWhole(statement)),
  };
}

function whyHidden(policy: Policy): string | undefined {
  return policy.kind === "hidden" ? policy.why : undefined;
}

function abilityChange(policy: Key["policy"], principal: string, ability: Ability): AbilityChange {
  const after = reachOf(policy.after, principal, ability);
  const before = policy.before === policy.after ? after : reachOf(policy.before, principal, ability);
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

function reachOf(policy: Policy, principal: string, ability: Ability): Reach {
  if (policy.kind === "hidden") {
    return { actions: [], extent: "unknown", limits: [] };
  }
  const all: readonly string[] = ABILITIES[ability];
  const found = all.flatMap((action) => {
    const access = accessTo(policy.statements, principal, action);
    return access ? [{ access, action }] : [];
  });
  if (found.length === 0) {
    return { actions: [], extent: "none", limits: [] };
  }
  const actions = found.map(({ action }) => action);
  const isWholly = actions.length === all.length;
  const limits = found.map(({ access }) => limitOf(access)).filter((limit) => limit !== "");
  return {
    actions,
    extent: isWholly ? "all" : "part",
    limits: [...new Set([...(isWholly ? [] : [partOf(all, actions)]), ...standsFor(principal), ...limits])],
  };
}

/** The actions, or the ones that are missing, whichever are fewer. */
function partOf(all: readonly string[], actions: readonly string[]): string {
  const missing = all.filter((action) => !actions.includes(action));
  return missing.length < actions.length ? `all but ${missing.join(", ")}` : `only ${actions.join(", ")}`;
}

/** Who stands behind a principal that is not one role or user. */
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

/** What limits an access, in words: the ways to it, and what shuts it. */
function limitOf({ unless, ways }: Access): string {
  const conditions = ways.map(({ statement, through }) =>
    [...(through === "IAM" ? ["the IAM policies of the account allow it"] : []), ...wordsOf(statement)].join(" and "),
  );
  const where = conditions.includes("") ? "" : `where ${[...new Set(conditions)].join(", or where ")}`;
  const denials = unless.map((statement) => `unless ${wordsOf(statement).join(" and ")}`);
  return [where, ...denials].filter((text) => text !== "").join(", ");
}

function wordsOf({ Condition = {} }: Statement): readonly string[] {
  return Object.entries(Condition).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) => `${key} ${operator} ${[values].flat().join(" | ")}`),
  );
}
