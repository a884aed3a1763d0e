import { hasPlaceholderName, isMemberOfGroup } from "../model/identity/identity-arn";
import type { Key } from "../model/key";
import type { Model } from "../model/model";
import { PlanCallers } from "../model/plan-callers";
import { memoized, memoizedByName, memoizedByObject } from "../plan/memoized";
import { isString } from "../plan/predicates";
import { ABILITIES, type Ability, ABILITY_NAMES } from "../policy/abilities";
import { type Caller, partitionOf, uniqueCallers } from "../policy/callers";
import { type Access, accessTo, accountOfCallers, principalsOf } from "../policy/key-access";
import { accountOf, isRoot } from "../policy/principals";
import { StatementList } from "../policy/statement-list";
import { beyondHiddenBoundary, type Permission } from "../policy/identity-permission";
import type { Statement } from "../policy/statement";
import {
  type AbilityChange,
  asPart,
  changeOf,
  NONE,
  type Part,
  type PrincipalAccess,
  type Reach,
  UNKNOWN,
} from "./key-report";
import { hasSameLimits, type Limit, limitBy, type LimitedAction, worded } from "./limit";

type Abilities = PrincipalAccess["abilities"];

/**
 * Adds rows to the table of a key, for the roles and users of the plan that get access by their IAM policies. The key policy leaves
 * this access to IAM.
 */
export class IamAccess {
  private former: ReadonlyMap<string, Key> | undefined;
  /** The abilities by their text: thousands of rows have the same. */
  private readonly distinct = new Map<string, Abilities>();
  /** The providers of the identities whose account the plan does not show, in lists; the list of another principal is empty. */
  private readonly providersOf = memoized((principal) => {
    const { identities, references } = this.model;
    const holder = identities.holders.holderOf(principal);
    return isString(holder) || this.model.accountOf(holder) !== undefined
      ? []
      : [references.configuration.providerOf(holder)];
  });
  /** The rows with the same abilities, by principal: the tables of thousands of keys share them. */
  private readonly rowsWith = memoizedByObject<Abilities, Map<string, PrincipalAccess>>(() => new Map());

  /** @param standing - returns the model of the same plan without its changes */
  public constructor(
    private readonly model: Model,
    private readonly standing: () => Model,
  ) {}

  /**
   * Returns the rows of the roles and users that have an ability by their IAM policies before or after the change. `principals` are
   * the rows by the key policy.
   */
  public rowsOf(key: Key, principals: readonly PrincipalAccess[]): readonly PrincipalAccess[] {
    const former = this.formerOf(key);
    const callers = [...callersByIam(key, this.model), ...(former ? callersByIam(former, this.standing()) : [])];
    const rows = new Set(principals.map(({ principal }) => principal));
    const abilitiesOf = this.abilitiesOn(key);
    const byIam = new Map(
      uniqueCallers(callers).flatMap((caller) => {
        const abilities = abilitiesOf(caller.principal);
        return isByIam(abilities)
          ? [[caller.principal, this.rowOf(key, caller, abilities, rows.has(caller.principal))] as const]
          : [];
      }),
    );
    const limited = former ? this.callersWithOtherLimits(key) : [];
    return [
      ...byIam.values(),
      ...limited
        .map((caller) => this.limitRowOf(key, former!, caller, byIam.get(caller.principal)))
        .filter(({ abilities }) => Object.values(abilities).some(({ change }) => change !== "same")),
    ];
  }

  private callersWithOtherLimits(key: Key): readonly Caller[] {
    const [callers, formerCallers] = [this.model, this.standing()].map((model) =>
      PlanCallers.inAccount(model, partitionOf(key.policy.after.statements), key.account),
    );
    return callers!.withOtherLimits(formerCallers!);
  }

  /**
   * Returns the row of a role or user whose denials or boundary change. The row has the changed abilities that come from the key policy or
   * from IAM policies outside the plan.
   *
   * @param byIam - the row with the actions by IAM policies of the plan; the returned row leaves these actions out
   */
  private limitRowOf(
    key: Key,
    former: Key,
    { name, principal }: Caller,
    byIam: PrincipalAccess | undefined,
  ): PrincipalAccess {
    const abilities = ABILITY_NAMES.map((ability): readonly [Ability, AbilityChange] => {
      const { after: allowed, before: formerlyAllowed } = byIam?.abilities[ability] ?? UNCHANGED;
      const listed = new Set([...allowed.leftToIam.actions, ...formerlyAllowed.leftToIam.actions]);
      const [limitsBefore, limitsAfter] = [
        withinLimits(former, this.standing(), principal, ability, listed),
        withinLimits(key, this.model, principal, ability, listed),
      ];
      const before = reachBy(limitsBefore, limitsAfter, ability);
      const after = reachBy(limitsAfter, limitsBefore, ability);
      const change = changeOf(
        before,
        after,
        () =>
          hasSameLimits(limitsBefore.granted, limitsAfter.granted) &&
          hasSameLimits(limitsBefore.leftToIam, limitsAfter.leftToIam),
      );
      return [ability, change === "same" ? UNCHANGED : { after, before, change }];
    });
    return {
      abilities: Object.fromEntries(abilities) as PrincipalAccess["abilities"],
      principal: `${name} (denials)`,
      standsFor: "within the denials and the boundary of its IAM policies, which the plan changes",
    };
  }

  /** Returns the condition under which a principal is in the account of a key; empty if the plan shows the account. */
  private accountCondition({ account, policies, resource }: Key, principal: string): string {
    const source = resource ?? policies.after[0];
    const isElsewhere =
      source !== undefined &&
      this.providersOf(principal).some((one) => one !== this.model.references.configuration.providerOf(source));
    return account === undefined
      ? ", if the key is in the account of the root"
      : isElsewhere
        ? ", if its provider is for the account of the key"
        : "";
  }

  /** Returns the key in the plan without its changes; undefined if it is new. */
  private formerOf({ address }: Key): Key | undefined {
    this.former ??= new Map(this.standing().keys.map((one) => [one.address, one]));
    return this.former.get(address);
  }

  /** Returns a function that returns the abilities of a principal by its IAM policies. Principals with the same access share them. */
  private abilitiesOn(key: Key): (principal: string) => Abilities {
    const former = this.formerOf(key);
    // A key outside the plan exists before the change. Its policy is not shown, and may leave the same actions to IAM.
    const isHidden = former === undefined && key.resource === undefined;
    const earlier = former ?? (isHidden ? key : undefined);
    const likeness = (principal: string): string | undefined => {
      const after = likenessOn(key, this.model, principal);
      const before = earlier ? likenessOn(earlier, this.standing(), principal) : "";
      return after === undefined || before === undefined ? undefined : `${after} ${before}`;
    };
    return memoizedByName(likeness, (principal) => {
      const actionsAfter = actionsByIam(key, this.model, principal);
      const actionsBefore = earlier ? actionsByIam(earlier, this.standing(), principal) : () => [];
      const entries = ABILITY_NAMES.map((ability): readonly [Ability, AbilityChange] => {
        const after = actionsAfter(ability);
        const before = actionsBefore(ability);
        const [partBefore, partAfter] = [partBy(before, after, ability), partBy(after, before, ability)];
        // The key policy itself grants nothing in these rows, so only the parts that are left to IAM are compared.
        const compared = changeOf({ ...partBefore, leftToIam: NONE }, { ...partAfter, leftToIam: NONE }, () =>
          hasSameLimits(before, after),
        );
        const isUnknown = isHidden && before.length > 0;
        const change = isUnknown && compared !== "gained" ? "unknown" : earlier ? compared : "same";
        return [
          ability,
          {
            after: { ...NONE, leftToIam: partAfter },
            before: isUnknown ? NOT_SHOWN : { ...NONE, leftToIam: partBefore },
            change,
          },
        ];
      });
      const text = JSON.stringify(entries);
      const abilities = this.distinct.get(text) ?? (Object.fromEntries(entries) as Abilities);
      this.distinct.set(text, abilities);
      return abilities;
    });
  }

  private rowOf(
    key: Key,
    { name, principal, standsForOthers }: Caller,
    abilities: Abilities,
    isSecond: boolean,
  ): PrincipalAccess {
    const row = {
      abilities,
      principal: isSecond ? `${name} (IAM policies)` : name,
      standsFor: `${standsForOthers ? subjectOf(principal) : ""}by its IAM policies in this plan${this.accountCondition(key, principal)}`,
    };
    const rows = this.rowsWith(abilities);
    const equal = rows.get(row.principal);
    if (equal?.standsFor === row.standsFor) {
      return equal;
    }
    rows.set(row.principal, row);
    return row;
  }
}

/** Returns the clause on a caller with a sample name. */
function subjectOf(principal: string): string {
  if (hasPlaceholderName(principal)) {
    return "its name is unknown until apply, ";
  }
  return isMemberOfGroup(principal)
    ? "each member of the group, "
    : "the role of the permission set if it is assigned in the account, ";
}

/**
 * Returns the callers whose IAM policies may allow an action on a key. A key policy that names no account root and nobody of
 * another account leaves nothing to IAM, so it has no such callers. Callers of an account that the key policy does not name are left
 * out, because a plan can have hundreds of accounts.
 */
export function callersByIam(key: Key, model: Model): readonly Caller[] {
  const { statements } = key.policy.after;
  const account = accountOfCallers(key.account, statements);
  const principals = principalsOf(statements);
  const accounts = new Set(principals.map(accountOf));
  const hasOtherAccount =
    key.account !== undefined && [...accounts].some((one) => one !== undefined && one !== key.account);
  if (!hasOtherAccount && !principals.some(isRoot)) {
    return [];
  }
  return PlanCallers.inAccount(model, partitionOf(statements), account)
    .withPermissionOn(key)
    .filter(({ principal }) => accounts.has(undefined) || accounts.has(accountOf(principal)));
}

/** The actions that a key policy grants to a principal, and those that IAM policies outside the plan may allow. */
interface LimitedAccess {
  readonly granted: readonly LimitedAction[];
  readonly leftToIam: readonly LimitedAction[];
}

const NOT_SHOWN = { ...UNKNOWN, leftToIam: UNKNOWN };
const NO_REACH = { ...NONE, leftToIam: NONE };
const UNCHANGED: AbilityChange = { after: NO_REACH, before: NO_REACH, change: "same" };

function reachBy(access: LimitedAccess, other: LimitedAccess, ability: Ability): Reach {
  return {
    ...partBy(access.granted, other.granted, ability),
    leftToIam: partBy(access.leftToIam, other.leftToIam, ability),
  };
}

/**
 * Returns the actions of an ability that a principal may do within its denials and its boundary.
 *
 * @param listed - the actions of another row, which are left out
 */
function withinLimits(
  key: Key,
  { identities }: Model,
  principal: string,
  ability: Ability,
  listed: ReadonlySet<string>,
): LimitedAccess {
  const actionsOf = (
    kind: "granted" | "leftToIam",
    permissionOn: (action: string, statement: Statement) => Permission,
  ): readonly LimitedAction[] =>
    ABILITIES[ability]
      .filter((action) => !listed.has(action))
      .flatMap((action) => {
        const access = accessTo(key.policy.after.statements, principal, action, key.account);
        const permission = [...(access?.[kind] ?? [])]
          .map((statement) => permissionOn(action, statement))
          .find((one) => one.kind !== "not allowed");
        if (access === undefined || permission === undefined) {
          return [];
        }
        const { isForeign, isPartlyExcepted, unless } = access;
        const byKeyPolicy = limitBy(access[kind], unless, principal, { isForeign, isPartlyExcepted });
        return [{ action, limit: [byKeyPolicy, ...limitsIn(permission, principal)] }];
      });
  return {
    granted: actionsOf("granted", (action, one) => identities.permissionIfGranted(principal, action, key, one)),
    leftToIam: identities.mayHaveOthers(principal)
      ? actionsOf("leftToIam", (action) => identities.permissionIfAllowed(principal, action, key))
      : [],
  };
}

/** Returns the denials and the boundary of a permission as limits. */
function limitsIn(permission: Permission, principal: string): Limit {
  const ifBounded = beyondHiddenBoundary(permission);
  const isMaybeBounded = ifBounded !== permission;
  const { unless, within } = ifBounded.kind === "allowed" ? ifBounded : { unless: [], within: [] };
  return [limitBy(ALL, listOf(unless), principal, { isMaybeBounded }), ...limitsWithin(within, principal)];
}

/** Returns the limit by the statements of a permissions boundary; none if the boundary has no statement on the action. */
function limitsWithin(boundary: readonly Statement[], principal: string): Limit {
  return boundary.length === 0 ? [] : [limitBy(listOf(boundary), NO_STATEMENTS, principal, {})];
}

function listOf(statements: readonly Statement[]): StatementList {
  return StatementList.withoutGroups(statements);
}

const NO_STATEMENTS = listOf([]);
const ALL = listOf([{ Action: "*", Effect: "Allow", Resource: "*" }]);

const isByIam = memoizedByObject((abilities: Abilities): boolean =>
  Object.values(abilities).some(({ after, before }) =>
    [after, before].some(({ leftToIam }) => leftToIam.actions.length > 0),
  ),
);

function likenessOn({ policy }: Key, { identities }: Model, principal: string): string | undefined {
  return identities.likenessUnder(policy.after.statements, principal);
}

function partBy(actions: readonly LimitedAction[], others: readonly LimitedAction[], ability: Ability): Part {
  return asPart(ability, worded(actions, others));
}

/**
 * Returns a function that returns actions of an ability, with their limits. The key policy leaves these actions to IAM, and the IAM
 * policies of a principal allow or may allow them. A principal of another account needs its IAM policies for each action. Actions of
 * the same statements share one limit.
 */
function actionsByIam(key: Key, model: Model, principal: string): (ability: Ability) => readonly LimitedAction[] {
  const permissionOf = model.identities.permissionsOn(key, principal);
  const limitsWithin = memoizedByObject((access: Access) =>
    memoizedByObject((permission: Permission) => limitByIam(access, permission, principal)),
  );
  return (ability) =>
    ABILITIES[ability].flatMap((action) => {
      const access = accessTo(key.policy.after.statements, principal, action, key.account);
      const limit =
        access === undefined || decidedByIam(access).size === 0
          ? undefined
          : limitsWithin(access)(permissionOf(action));
      return limit === undefined ? [] : [{ action, limit }];
    });
}

/** Returns the limit of an access that the key policy leaves to IAM; undefined if the IAM policies do not allow it. */
function limitByIam(access: Access, permission: Permission, principal: string): Limit | undefined {
  const { isPartlyExcepted, unless } = access;
  const byIam = limitOfPermission(permission, principal);
  return byIam && [limitBy(decidedByIam(access), unless, principal, { isPartlyExcepted }), ...byIam];
}

/** Returns the statements of a key policy that need an IAM policy of the principal, too. */
function decidedByIam({ granted, isForeign, leftToIam }: Access): StatementList {
  return isForeign ? granted : leftToIam;
}

/** Returns the limit of a permission by IAM policies; undefined if they neither allow the action nor may allow it. */
function limitOfPermission(permission: Permission, principal: string): Limit | undefined {
  const ifBounded = beyondHiddenBoundary(permission);
  const isMaybeBounded = ifBounded !== permission;
  if (ifBounded.kind === "allowed") {
    const { notShown, unless, ways, within } = ifBounded;
    const isMaybeDenied = notShown.length > 0;
    const byPolicies = limitBy(listOf(ways), listOf(unless), principal, { isMaybeBounded, isMaybeDenied });
    return [byPolicies, ...limitsWithin(within, principal)];
  }
  return ifBounded.kind === "unknown" && ifBounded.possible.length > 0
    ? [limitBy(listOf(ifBounded.possible), NO_STATEMENTS, principal, { isMaybeAttached: true, isMaybeBounded })]
    : undefined;
}
