import type { Key } from "../model/key";
import type { Model } from "../model/model";
import { callersOfPlan } from "../model/plan-callers";
import { ABILITIES, type Ability, ABILITY_ACTIONS, ABILITY_NAMES } from "../policy/abilities";
import { partitionOf } from "../policy/callers";
import { accessTo, principalsOf } from "../policy/key-access";
import { isRoot } from "../policy/principals";
import { matchesAction, type Statement } from "../policy/statement";
import { type AbilityChange, asPart, changeOf, limitOf, NONE, type Part, type PrincipalAccess } from "./key-report";

/** The roles and users of a plan whose IAM policies allow actions on keys, and let them in if a key policy leaves it to IAM. */
export class IamAccess {
  /** Whether the IAM policies of a caller allow an action of KMS. */
  private readonly hasActions = new Map<string, boolean>();
  private standingModel: Model | undefined;

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
    const isRow = (name: string): boolean => principals.some(({ principal }) => principal === name);
    return callersOfPlan(this.model, partitionOf(statements), key.account)
      .callers.map(({ principal }) => principal)
      .filter((principal) => !isRow(principal) && this.mayUseKeys(principal))
      .map((principal) => this.rowOf(key, principal))
      .filter(({ abilities }) => Object.values(abilities).some(({ after }) => after.leftToIam.actions.length > 0));
  }

  private mayUseKeys(principal: string): boolean {
    const known = this.hasActions.get(principal);
    if (known !== undefined) {
      return known;
    }
    const statements = this.model.identities.named(principal)?.policies.flatMap((policy) => policy.statements) ?? [];
    const allows = ({ Effect, ...statement }: Statement): boolean =>
      Effect === "Allow" && ABILITY_ACTIONS.some((action) => matchesAction({ Effect, ...statement }, action));
    const hasActions = statements.some(allows);
    this.hasActions.set(principal, hasActions);
    return hasActions;
  }

  private rowOf(key: Key, principal: string): PrincipalAccess {
    this.standingModel ??= this.standing();
    const former = this.standingModel.keys.find(({ address }) => address === key.address);
    const abilities = ABILITY_NAMES.map((ability): readonly [Ability, AbilityChange] => {
      const after = reachOf(key, this.model, principal, ability);
      const before = former ? reachOf(former, this.standingModel!, principal, ability) : NOTHING;
      // Nothing of it is granted by the key policy, so the part that is left to IAM is compared.
      const change = former
        ? changeOf({ ...before.leftToIam, leftToIam: NONE }, { ...after.leftToIam, leftToIam: NONE })
        : "same";
      return [ability, { after, before, change }];
    });
    return {
      abilities: Object.fromEntries(abilities) as PrincipalAccess["abilities"],
      principal,
      standsFor: "by its IAM policies in this plan",
    };
  }
}

const NOTHING = { ...NONE, leftToIam: NONE };

function reachOf(key: Key, model: Model, principal: string, ability: Ability) {
  return { ...NONE, leftToIam: partByIam(key, model, principal, ability) };
}

/** The part of an ability that the key policy leaves to IAM, and the IAM policies of a principal allow. */
function partByIam(key: Key, model: Model, principal: string, ability: Ability): Part {
  const allowed = ABILITIES[ability].flatMap((action) => {
    const access = accessTo(key.policy.after.statements, principal, action, key.account);
    const ways = access?.ways.filter(({ through }) => through === "IAM") ?? [];
    const permission = model.identities.permission(principal, action, key);
    if (access === undefined || ways.length === 0 || permission.kind !== "allowed") {
      return [];
    }
    const ofIdentity = permission.ways.map((statement) => ({ statement, through: "IAM" }) as const);
    const limits = [
      limitOf({ ...access, ways }, principal, false),
      limitOf({ unless: permission.unless, ways: ofIdentity }, principal, permission.notShown.length > 0),
    ];
    return [{ action, limit: limits.filter((limit) => limit !== "").join(" and ") }];
  });
  return asPart(ability, allowed);
}
