import { groupBy } from "../../modules/private/group-by";
import { exists } from "../plan/attributes";
import { memoizedByObject } from "../plan/memoized";
import type { PlannedResource } from "../plan/plan";
import { isString } from "../plan/predicates";
import { KEY_ACTIONS } from "../policy/abilities";
import { type Caller, uniqueCallers } from "../policy/callers";
import { asArray, matchesAction } from "../policy/statement";
import { namesOfKey, resourceMatchOf } from "./key-match";
import {
  hasPlaceholderName,
  IDENTITY_TYPES,
  identityArn,
  memberOfGroup,
  PERMISSION_SET_TYPE,
  principalOfIdentity,
  roleOfPermissionSet,
  withoutPlaceholderName,
} from "./identity/identity-arn";
import type { Key } from "./key";
import type { Model } from "./model";

/** Callers by the resource patterns of their IAM policies. */
interface CallersByPattern {
  /** The indexes of the callers, by pattern. */
  readonly byPattern: ReadonlyMap<string, readonly number[]>;
  /** The patterns that have wildcards. */
  readonly wildcardPatterns: readonly string[];
}

/**
 * The roles, users and permission sets of a plan after the change, and the roles and users outside the plan to which the plan gives
 * policies. An index limits the callers with which each key is compared.
 */
export class PlanCallers {
  private static readonly read = new WeakMap<Model, Map<string, PlanCallers>>();

  public readonly callers: readonly Caller[];
  /** The members of `callers` that are outside the plan. */
  public readonly outside: readonly Caller[];
  public readonly principals: ReadonlySet<string>;
  /** The addresses of roles, users and permission sets that the plan changes, and whose ARNs it does not show. */
  public readonly withoutArn: readonly string[];
  /** Undefined until a key needs it. */
  private indexed: CallersByPattern | undefined;

  private constructor(
    private readonly model: Model,
    partition: string,
    account: string | undefined,
  ) {
    const identities = model
      .withType(...IDENTITY_TYPES, PERMISSION_SET_TYPE)
      .filter((identity) => exists(identity, "after"))
      .map((identity) => ({ caller: callerOf(identity, model, partition, account), identity }));
    this.outside = account === undefined ? [] : absentCallers(model, partition, account);
    this.callers = uniqueCallers([...identities.flatMap(({ caller }) => caller ?? []), ...this.outside]);
    this.principals = new Set(this.callers.map(({ principal }) => principal));
    this.withoutArn = identities
      .filter(({ caller, identity }) => (!caller || hasPlaceholderName(caller.principal)) && identity.action !== "none")
      .map(({ identity }) => identity.address);
  }

  /**
   * Returns the roles and users of a plan, and the roles of its permission sets. Results are cached.
   *
   * @param account - the account to use for each identity whose account the plan does not show
   */
  public static inAccount(model: Model, partition: string, account: string | undefined): PlanCallers {
    const callersOfModel = PlanCallers.read.get(model) ?? new Map<string, PlanCallers>();
    PlanCallers.read.set(model, callersOfModel);
    const name = `${partition} ${account}`;
    const callers = callersOfModel.get(name) ?? new PlanCallers(model, partition, account);
    callersOfModel.set(name, callers);
    return callers;
  }

  /** Returns the callers whose IAM policies may allow an action on a key, in the order of the plan. */
  public withPermissionOn(key: Key): readonly Caller[] {
    const isKey = resourceMatchOf(key);
    const { byPattern, wildcardPatterns } = this.index();
    const patterns = [...namesOfKey(key), ...wildcardPatterns.filter((pattern) => isKey(pattern) !== "unmet")];
    const positions = new Set(patterns.flatMap((pattern) => byPattern.get(pattern) ?? []));
    return [...positions].sort((one, other) => one - other).map((position) => this.callers[position]!);
  }

  private index(): CallersByPattern {
    this.indexed ??= callersByPattern(this.callers, this.model);
    return this.indexed;
  }

  /**
   * Returns the callers whose denials or permissions boundary the plan changes. A role or user that the plan creates or destroys is
   * left out.
   *
   * @param former - the callers of the same plan without its changes
   */
  public readonly withOtherLimits = memoizedByObject((former: PlanCallers): readonly Caller[] =>
    uniqueCallers([...this.callers, ...former.outside]).filter(({ principal }) => {
      const [before, after] = [former.model, this.model].map(({ identities }) => ({
        isPlanned: !isString(identities.holders.holderOf(principal)),
        limits: JSON.stringify(identities.limitsOf(principal)),
      }));
      return before!.isPlanned === after!.isPlanned && before!.limits !== after!.limits;
    }),
  );
}

/**
 * Returns the roles and users outside the plan to which the plan gives policies, and a placeholder for each group whose members the
 * plan does not list. The plan does not show the paths of their ARNs.
 */
function absentCallers({ heldPolicies }: Model, partition: string, account: string): readonly Caller[] {
  const knownAccount = account === "" ? undefined : account;
  const named = IDENTITY_TYPES.flatMap((type) =>
    heldPolicies.absentNames(type, knownAccount).map((name) => identityArn(type, name, partition, account)),
  );
  const members = heldPolicies
    .groupsWithoutMembers(knownAccount)
    .map((group) => memberOfGroup(group, partition, account));
  return [
    ...named.map((arn) => ({ name: arn, principal: arn, standsForOthers: false })),
    ...members.map((arn) => ({ name: arn, principal: arn, standsForOthers: true })),
  ];
}

function callersByPattern(callers: readonly Caller[], model: Model): CallersByPattern {
  const entries = callers.flatMap(({ principal }, position) =>
    keyPatternsOf(model, principal).map((pattern) => ({ pattern, position })),
  );
  const byPattern = new Map(
    [...groupBy(entries, ({ pattern }) => pattern)].map(([pattern, group]) => [
      pattern,
      group.map(({ position }) => position),
    ]),
  );
  return { byPattern, wildcardPatterns: [...byPattern.keys()].filter((pattern) => /[*?$]/.test(pattern)) };
}

function callerOf(
  identity: PlannedResource,
  model: Model,
  partition: string,
  account: string | undefined,
): Caller | undefined {
  if (identity.type === PERMISSION_SET_TYPE) {
    const role = roleOfPermissionSet(identity, partition, account, model.references.providers.regionOf(identity));
    return role === undefined
      ? undefined
      : { name: withoutPlaceholderName(role), principal: role, standsForOthers: true };
  }
  const principal = principalOfIdentity(identity, partition, model.accountOf(identity) ?? account);
  const isUnnamed = principal !== undefined && hasPlaceholderName(principal);
  const name = isUnnamed ? `${withoutPlaceholderName(principal)} (${identity.address})` : principal;
  return name === undefined ? undefined : { name, principal: principal!, standsForOthers: isUnnamed };
}

/**
 * Returns the resource patterns of the statements that allow, or may allow, a principal an action on keys. A statement with
 * NotResource counts as `*`, because it may apply to any key.
 */
function keyPatternsOf(model: Model, principal: string): readonly string[] {
  const { policies = [] } = model.identities.named(principal) ?? {};
  const patterns = policies
    .flatMap(({ possible = [], statements }) => [...statements, ...possible])
    .filter((one) => one.Effect === "Allow" && KEY_ACTIONS.some((action) => matchesAction(one, action)))
    .flatMap(({ NotResource, Resource }) => (NotResource === undefined ? asArray(Resource) : ["*"]));
  return [...new Set(patterns)];
}
