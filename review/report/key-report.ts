import { groupBy } from "../../modules/private/group-by";
import { type Key, keyName, type KeyPolicy } from "../model/key";
import { hasUnshown, shownPart } from "../model/partial-policy";
import type { PartialStatement } from "../plan/document";
import type { PlannedResource, Side } from "../plan/plan";
import { ABILITIES, type Ability, ABILITY_NAMES } from "../policy/abilities";
import { type Access, accessTo, accountOfCallers, fitsTable, mayBeDenied, principalsOf } from "../policy/key-access";
import { accountOf, isPattern, isRoot, isUniqueId, organizationOf } from "../policy/principals";
import type { Statement } from "../policy/statement";
import {
  hasSameLimits,
  isUnlimited,
  type Limit,
  limitBy,
  type LimitedAction,
  type WordedAction,
  worded,
} from "./limit";

/** The actions of an ability that a principal may do, and the limits within which it may. */
export interface Part {
  readonly actions: readonly string[];
  /** The share of the actions of the ability; unknown if the policy is not shown. */
  readonly extent: "all" | "part" | "none" | "unknown";
  /** Its limits, as phrases; empty if there are none. */
  readonly limits: readonly string[];
}

/** The part of an ability that the key policy itself grants, and the part that it leaves to IAM policies. */
export interface Reach extends Part {
  /**
   * The actions about which the IAM policies of the key's account decide. Those that the key policy grants without a limit are left
   * out.
   */
  readonly leftToIam: Part;
}

/** An ability before and after the change. */
export interface AbilityChange extends Readonly<Record<Side, Reach>> {
  /**
   * `gained` and `lost` compare only granted actions: in a row of the key policy, the actions that the key policy grants; in a row of
   * IAM policies, the actions that these allow. The value is `same` also if the plan creates or destroys the key, because there is
   * nothing to compare.
   */
  readonly change: "changed" | "gained" | "lost" | "same" | "unknown";
}

/** The abilities of a principal with a key. */
export interface PrincipalAccess {
  readonly abilities: Readonly<Record<Ability, AbilityChange>>;
  readonly principal: string;
  /** A text about the identities that the principal stands for; undefined if the principal is one role or user. */
  readonly standsFor: string | undefined;
}

/** A statement that the table of abilities does not show completely, so it is listed apart. */
export interface UnplacedStatement {
  /** The change of the statement; `same` also if the plan creates or destroys the key. */
  readonly change: "added" | "removed" | "same";
  readonly statement: PartialStatement | Statement;
}

/** The effect of a plan on the use of a key. */
export interface KeyReport {
  /** The account of the key; undefined if the plan does not show it. */
  readonly account: string | undefined;
  /** The action on the key; undefined if only its policy is in the plan. */
  readonly action: PlannedResource["action"] | undefined;
  readonly address: string;
  /** Set if the plan does not show which key this is. It may be a key of the plan. */
  readonly isHidden?: true;
  /** The name in a report: the address of the key or, if the key is not in the plan, "the key of" the address of its policy. */
  readonly name: string;
  readonly policy: Readonly<Record<Side, KeyPolicy["kind"]>>;
  /** The change of the policy; unknown if the policy changes and is not shown after the change. */
  readonly policyChange: "changed" | "same" | "unknown";
  /** Why the policy is not shown; undefined if the policy is shown. */
  readonly notShown: Readonly<Record<Side, string | undefined>>;
  readonly principals: readonly PrincipalAccess[];
  /** The statements that the table does not show completely; of a hidden policy, their known parts. */
  readonly unplaced: readonly UnplacedStatement[];
}

/** Reports the principals that can use a key, with their abilities before and after the change. */
export function keyReport(key: Key): KeyReport {
  const { account, address, isHidden, policy, resource } = key;
  const { after, before } = policy;
  return {
    account,
    action: resource?.action,
    address,
    ...(isHidden && { isHidden }),
    name: keyName(key),
    notShown: {
      after: after.kind === "hidden" ? after.why : undefined,
      before: before.kind === "hidden" ? before.why : undefined,
    },
    policy: { after: after.kind, before: before.kind },
    policyChange: before === after ? "same" : after.kind === "hidden" ? "unknown" : "changed",
    principals: tableOf(key),
    unplaced: unplacedOf(before, after),
  };
}

/** Cache of tableOf, by the policy after the change. An entry is valid only for the same account and the same policy before the change. */
const TABLES = new WeakMap<KeyPolicy, Table>();

/** The policies of a key, and its account. */
type Policies = Pick<Key, "account" | "policy">;

interface Table extends Pick<Key, "account"> {
  readonly before: KeyPolicy;
  readonly principals: readonly PrincipalAccess[];
}

/** Returns the rows of a key's table. Keys of one account with the same policies share one array. */
function tableOf({ account, policy }: Policies): readonly PrincipalAccess[] {
  const cached = TABLES.get(policy.after);
  if (cached && cached.account === account && cached.before === policy.before) {
    return cached.principals;
  }
  const principals = readTable({ account, policy });
  TABLES.set(policy.after, { account, before: policy.before, principals });
  return principals;
}

function readTable({ account, policy }: Policies): readonly PrincipalAccess[] {
  const { after, before } = policy;
  const principals = new Set([...principalsOf(before.statements), ...principalsOf(after.statements)]);
  const isWithoutAccount = accountOfCallers(account, after.statements) === undefined;
  return (
    [...principals]
      .sort()
      .map((principal) => {
        const abilities = Object.fromEntries(
          ABILITY_NAMES.map((ability) => [ability, abilityChange({ account, policy }, principal, ability)]),
        ) as PrincipalAccess["abilities"];
        return {
          abilities,
          principal,
          standsFor: standsFor(principal, account, isLimited(abilities), isWithoutAccount),
        };
      })
      // A Deny statement for everybody puts `*` among the principals. Without an ability, it is no row.
      .filter(({ abilities, principal }) => principal !== "*" || Object.values(abilities).some(isAbility))
  );
}

function isLimited(abilities: PrincipalAccess["abilities"]): boolean {
  return Object.values(abilities).some(({ after, before }) => after.limits.length + before.limits.length > 0);
}

function isAbility({ after, before }: AbilityChange): boolean {
  return [after, before].some(({ extent }) => extent !== "none");
}

function unplacedOf(before: KeyPolicy, after: KeyPolicy): readonly UnplacedStatement[] {
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

/**
 * Returns the statements of a policy that the table does not show completely. If several resources set the policy, the table shows
 * each of their Allow statements, but not their Deny statements.
 */
function statementsBeside(policy: KeyPolicy): readonly (PartialStatement | Statement)[] {
  const inTable = new Set<unknown>(policy.statements.filter(fitsTable));
  if (policy.kind === "hidden") {
    return policy.known.filter((statement) => !(policy.owners ? inTable.has(statement) : isInTable(statement)));
  }
  return policy.statements.filter((statement) => !inTable.has(statement));
}

/** Whether the table shows all of a statement of which a part may be unknown. */
function isInTable(statement: PartialStatement | Statement): boolean {
  return !hasUnshown(statement) && shownPart({ ...statement }).some(fitsTable);
}

function abilityChange({ account, policy }: Policies, principal: string, ability: Ability): AbilityChange {
  const after = accessBy(account, policy.after, principal, ability);
  const before = policy.before === policy.after ? after : accessBy(account, policy.before, principal, ability);
  const [old, current] = [reachBy(before, after, ability), reachBy(after, before, ability)];
  const isCompared = policy.before.kind !== "none" && policy.after.kind !== "none";
  const isSame = (): boolean =>
    before.doubt === after.doubt &&
    hasSameLimits(before.granted, after.granted) &&
    hasSameLimits(before.leftToIam, after.leftToIam);
  const change = isCompared ? changeOf(old, current, isSame) : "same";
  // A hidden statement after the change may give back a lost action. A hidden one before it may already have given a gained action.
  const isSure =
    (policy.after.kind !== "hidden" || change === "gained") && (policy.before.kind !== "hidden" || change === "lost");
  return { after: current, before: old, change: isSure || !isCompared ? change : "unknown" };
}

/** Compares two sides of an ability. A gained action counts more than a lost one. `changed` means the same actions with other limits. */
export function changeOf(
  before: Reach,
  after: Reach,
  hasSameLimit: () => boolean = () => JSON.stringify(before) === JSON.stringify(after),
): AbilityChange["change"] {
  if (before.extent === "unknown" || after.extent === "unknown") {
    return "unknown";
  }
  const hasMore = (side: Reach, other: Reach): boolean =>
    side.actions.some((action) => !other.actions.includes(action));
  if (hasMore(after, before)) {
    return "gained";
  }
  if (hasMore(before, after)) {
    return "lost";
  }
  return before === after || hasSameLimit() ? "same" : "changed";
}

export const NONE: Part = { actions: [], extent: "none", limits: [] };
export const UNKNOWN: Part = { actions: [], extent: "unknown", limits: [] };

/** The actions of an ability that a policy gives to a principal, and how much of the policy is shown. */
interface PolicyAccess {
  /**
   * A limit that is added to each access: only a part of the policy is shown, or one of several policies will stay. Undefined
   * otherwise.
   */
  readonly doubt: string | undefined;
  readonly granted: readonly LimitedAction[];
  /** Whether a part of the policy is not shown, which may give more actions. */
  readonly isPartlyShown: boolean;
  /** Whether no statement of the policy is shown. */
  readonly isUnknown: boolean;
  /** The actions that are left to IAM policies, without those that the policy grants without a limit. */
  readonly leftToIam: readonly LimitedAction[];
}

const IN_SHOWN_PART = "by the statements that are shown: the others may allow more, or deny it";
const IN_ONE_POLICY = "by one of several policies: KMS may keep another one";

function accessBy(account: string | undefined, policy: KeyPolicy, principal: string, ability: Ability): PolicyAccess {
  const isPartlyShown = policy.kind === "hidden" && policy.owners === undefined;
  const accesses = ABILITIES[ability].map((action) => ({
    access: accessTo(policy.statements, principal, action, account),
    action,
  }));
  const limitOf = (access: Access, kind: "granted" | "leftToIam", action: string): Limit => {
    const { isForeign, isPartlyExcepted, unless } = access;
    const isMaybeDenied = mayBeDenied(policy.statements, action);
    return [limitBy(access[kind], unless, principal, { isForeign, isMaybeDenied, isPartlyExcepted })];
  };
  const partOf = (kind: "granted" | "leftToIam"): readonly LimitedAction[] => {
    // Actions of the same statements have one access.
    let previous: { readonly access: Access; readonly limit: Limit } | undefined;
    const actions: LimitedAction[] = [];
    for (const { access, action } of accesses) {
      if (access !== undefined && access[kind].size > 0) {
        if (previous?.access !== access) {
          previous = { access, limit: limitOf(access, kind, action) };
        }
        actions.push({ action, limit: previous.limit });
      }
    }
    return actions;
  };
  const granted = partOf("granted");
  const grantedFreely = new Set(granted.filter(({ limit }) => isUnlimited(limit)).map(({ action }) => action));
  return {
    doubt: policy.kind === "hidden" ? (policy.owners ? IN_ONE_POLICY : IN_SHOWN_PART) : undefined,
    granted,
    isPartlyShown,
    isUnknown: isPartlyShown && policy.statements.length === 0,
    leftToIam: partOf("leftToIam").filter(({ action }) => !grantedFreely.has(action)),
  };
}

/** Converts an access to a Reach, whose limits are texts. */
function reachBy(access: PolicyAccess, other: PolicyAccess, ability: Ability): Reach {
  if (access.isUnknown) {
    return { ...UNKNOWN, leftToIam: UNKNOWN };
  }
  const partOf = (kind: "granted" | "leftToIam"): Part => {
    const part = asPart(ability, worded(access[kind], other[kind]));
    if (part.extent === "none") {
      return access.isPartlyShown ? UNKNOWN : part;
    }
    return access.doubt === undefined ? part : { ...part, limits: [...part.limits, access.doubt] };
  };
  return { ...partOf("granted"), leftToIam: partOf("leftToIam") };
}

export function asPart(ability: Ability, allowed: readonly WordedAction[]): Part {
  const all: readonly string[] = ABILITIES[ability];
  return allowed.length === 0
    ? NONE
    : {
        // Thousands of principals share the list of all actions.
        actions: allowed.length === all.length ? all : namesOf(allowed),
        extent: allowed.length === all.length ? "all" : "part",
        limits: limitsOf(all, allowed),
      };
}

/** Returns the limits of actions as phrases. If actions have different limits, each phrase begins with its actions. */
function limitsOf(all: readonly string[], allowed: readonly WordedAction[]): readonly string[] {
  const [{ limit }] = allowed as [WordedAction];
  if (allowed.some((other) => other.limit !== limit)) {
    return [...groupBy(allowed, (one) => one.limit)].map(
      ([limitOfGroup, group]) => `${namesOf(group).join(", ")} ${limitOfGroup || "without a limit"}`,
    );
  }
  const limits = limit === "" ? [] : [limit];
  return allowed.length === all.length ? limits : [shorterList(all, namesOf(allowed)), ...limits];
}

/**
 * Splits the limits of a part into the list of its actions ("only kms:…" or "all but kms:…"), if there is one, and the conditions.
 */
export function splitLimits({ limits }: Part): {
  readonly actions: string | undefined;
  readonly conditions: readonly string[];
} {
  const [first = ""] = limits;
  const isList = /^(?:all but|only) kms:/.test(first);
  return { actions: isList ? first : undefined, conditions: isList ? limits.slice(1) : limits };
}

function namesOf(actions: readonly WordedAction[]): readonly string[] {
  return actions.map(({ action }) => action);
}

/** Lists the actions. If fewer actions are missing, lists the missing actions. */
function shorterList(all: readonly string[], actions: readonly string[]): string {
  const missing = all.filter((action) => !actions.includes(action));
  return missing.length < actions.length ? `all but ${missing.join(", ")}` : `only ${actions.join(", ")}`;
}

/** @param isWithoutAccount - whether the account of new roles and users is unknown, so that no row is theirs */
function standsFor(
  principal: string,
  keyAccount: string | undefined,
  hasLimits: boolean,
  isWithoutAccount: boolean,
): string | undefined {
  const within = hasLimits ? ", within the limits" : "";
  if (principal === "*") {
    return `the principals of every account${within}`;
  }
  if (organizationOf(principal) !== undefined) {
    return `every role and user of the organization${within}`;
  }
  if (isPattern(principal)) {
    return "every role and user whose ARN the pattern matches";
  }
  if (isUniqueId(principal)) {
    return "the ID of a role or user that is deleted, so nobody has this access";
  }
  if (!isRoot(principal)) {
    return undefined;
  }
  const account = accountOf(principal);
  const isForeign = keyAccount !== undefined && account !== undefined && account !== keyAccount;
  return `the root of ${isForeign ? `another account, ${account}` : "the account"}, and every role and user of it whom its IAM policies allow${isWithoutAccount ? "; new ones of this plan are not listed, because the account of the key is unknown" : ""}`;
}
