import { groupBy } from "../../modules/private/group-by";
import type { Key } from "../model/key";
import type { Model } from "../model/model";
import { namesOfKey, resourceMatchOf } from "../model/identities";
import { callersOfPlan } from "../model/plan-callers";
import { ABILITIES, type Ability, ABILITY_ACTIONS, ABILITY_NAMES } from "../policy/abilities";
import { partitionOf } from "../policy/callers";
import { accessTo, principalsOf } from "../policy/key-access";
import { isRoot } from "../policy/principals";
import { asArray, matchesAction } from "../policy/statement";
import { StatementList } from "../policy/statement-list";
import { type AbilityChange, asPart, changeOf, NONE, type Part, type PrincipalAccess } from "./key-report";
import { hasSameLimits, limitBy, type LimitedAction, worded } from "./limit";

/** The roles and users of a plan whose IAM policies allow actions on keys, and let them in if a key policy leaves it to IAM. */
export class IamAccess {
  /** The callers of the plan, by the partition and the account of those whose ARN is composed. */
  private readonly callers = new Map<string, CallersByKey>();
  private former: ReadonlyMap<string, Key> | undefined;

  /** @param standing - returns the model of the same plan without its changes */
  public constructor(
    private readonly model: Model,
    private readonly standing: () => Model,
  ) {}

  /** The rows of those that the table of a key does not have. */
  public rowsOf(key: Key, principals: readonly PrincipalAccess[]): readonly PrincipalAccess[] {
    const { statements } = key.policy.after;
    if (!principalsOf(statements).some(isRoot)) {
      return [];
    }
    const rows = new Set(principals.map(({ principal }) => principal));
    return this.callersFor(partitionOf(statements), key.account)
      .mayUse(key)
      .filter((principal) => !rows.has(principal))
      .map((principal) => this.rowOf(key, principal))
      .filter(({ abilities }) => Object.values(abilities).some(({ after }) => after.leftToIam.actions.length > 0));
  }

  private callersFor(partition: string, account: string | undefined): CallersByKey {
    const name = `${partition} ${account}`;
    const callers = this.callers.get(name) ?? new CallersByKey(this.model, partition, account);
    this.callers.set(name, callers);
    return callers;
  }

  private rowOf(key: Key, principal: string): PrincipalAccess {
    this.former ??= new Map(this.standing().keys.map((one) => [one.address, one]));
    const former = this.former.get(key.address);
    const abilities = ABILITY_NAMES.map((ability): readonly [Ability, AbilityChange] => {
      const after = actionsByIam(key, this.model, principal, ability);
      const before = former ? actionsByIam(former, this.standing(), principal, ability) : [];
      const [old, current] = [partBy(before, after, ability), partBy(after, before, ability)];
      // Nothing of it is granted by the key policy, so the part that is left to IAM is compared.
      const change = former
        ? changeOf({ ...old, leftToIam: NONE }, { ...current, leftToIam: NONE }, () => hasSameLimits(before, after))
        : "same";
      return [ability, { after: { ...NONE, leftToIam: current }, before: { ...NONE, leftToIam: old }, change }];
    });
    return {
      abilities: Object.fromEntries(abilities) as PrincipalAccess["abilities"],
      principal,
      standsFor: "by its IAM policies in this plan",
    };
  }
}

/** The callers of a plan by the resource patterns of their IAM policies, so that each key is compared with few of them. */
class CallersByKey {
  /** The positions of callers by a pattern without wildcards. */
  private readonly byName: ReadonlyMap<string, readonly number[]>;
  /** The positions of callers by a pattern that has wildcards. */
  private readonly byWildcard: ReadonlyMap<string, readonly number[]>;
  private readonly principals: readonly string[];

  public constructor(model: Model, partition: string, account: string | undefined) {
    this.principals = callersOfPlan(model, partition, account).callers.map(({ principal }) => principal);
    const entries = this.principals.flatMap((principal, position) =>
      keyPatternsOf(model, principal).map((pattern) => ({ pattern, position })),
    );
    const positionsBy = (isWildcard: boolean) =>
      new Map(
        [...groupBy(entries, ({ pattern }) => pattern)]
          .filter(([pattern]) => /[*?$]/.test(pattern) === isWildcard)
          .map(([pattern, group]) => [pattern, group.map(({ position }) => position)]),
      );
    this.byName = positionsBy(false);
    this.byWildcard = positionsBy(true);
  }

  /** The callers whose IAM policies may allow an action on a key, in the order of the plan. */
  public mayUse(key: Key): readonly string[] {
    const isKey = resourceMatchOf(key);
    const named = namesOfKey(key).flatMap((name) => this.byName.get(name) ?? []);
    const matching = [...this.byWildcard].filter(([pattern]) => isKey(pattern)).flatMap(([, callers]) => callers);
    const positions = new Set([...named, ...matching]);
    return [...positions].sort((one, other) => one - other).map((position) => this.principals[position]!);
  }
}

/** The resource patterns of the statements that allow a principal an action on keys. One with NotResource may match any key. */
function keyPatternsOf(model: Model, principal: string): readonly string[] {
  const statements = model.identities.named(principal)?.policies.flatMap((policy) => policy.statements) ?? [];
  const patterns = statements
    .filter((one) => one.Effect === "Allow" && ABILITY_ACTIONS.some((action) => matchesAction(one, action)))
    .flatMap(({ NotResource, Resource }) => (NotResource === undefined ? asArray(Resource) : ["*"]));
  return [...new Set(patterns)];
}

function partBy(actions: readonly LimitedAction[], others: readonly LimitedAction[], ability: Ability): Part {
  return asPart(ability, worded(actions, others));
}

/** The actions of an ability that the key policy leaves to IAM, and the IAM policies of a principal allow. */
function actionsByIam(key: Key, model: Model, principal: string, ability: Ability): readonly LimitedAction[] {
  return ABILITIES[ability].flatMap((action) => {
    const access = accessTo(key.policy.after.statements, principal, action, key.account);
    if (access === undefined || access.leftToIam.size === 0) {
      return [];
    }
    const permission = model.identities.permission(principal, action, key);
    if (permission.kind !== "allowed") {
      return [];
    }
    const isMaybeDenied = permission.notShown.length > 0;
    const limit = [
      limitBy(access.leftToIam, access.unless, principal, {}),
      limitBy(StatementList.of(permission.ways), StatementList.of(permission.unless), principal, { isMaybeDenied }),
    ];
    return [{ action, limit }];
  });
}
