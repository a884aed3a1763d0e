import { groupBy } from "../../../modules/private/group-by";
import type { Holder } from "../../model/identity/holders";
import { withoutPlaceholderName } from "../../model/identity/identity-arn";
import type { Key } from "../../model/key";
import type { Model, Warehouse } from "../../model/model";
import { PlanCallers } from "../../model/plan-callers";
import { DATA_API_ACTIONS, WarehouseReach } from "../../model/warehouse-reach";
import { memoized, memoizedByObject } from "../../plan/memoized";
import { partitionOf } from "../../policy/callers";
import { limitingValues } from "../../policy/condition";
import { beyondHiddenBoundary } from "../../policy/identity-permission";
import { accessTo, principalsOf } from "../../policy/key-access";
import { accountOf, isClass, isIdentity, isRoot, isUniqueId } from "../../policy/principals";
import { isEvaluable, matchesAction } from "../../policy/statement";
import { hiddenLinks } from "../not-shown";
import { type Rule, rule } from "../rule";
import { allowStatements, isGranted, isPossible } from "./statements";

const DATA_API = "https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-kms.html";
const VIA_SERVICE =
  "https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service";

/** The service name in the documentation of the Data API. In the KMS guide, the name has a Region. */
const BARE_SERVICE = "redshift.amazonaws.com";

const DESCRIBE = "kms:DescribeKey";
const GRANT = "kms:CreateGrant";

/** The rules about the grant that the Data API creates on a key. */
export const DATA_API_RULES: readonly Rule[] = [
  rule({
    id: "key-policy-no-data-api-grant",
    title: "The Data API cannot create its grant",
    see: DATA_API,
    notShown: hiddenLinks,
    subjects: dataApiSubjects,
    unjudged: (subject, model) =>
      withoutRegion(subject) ?? unsureText(subject, GRANT) ?? possibleUserOf(subject, model, GRANT),
    faultOf: (subject, model) => {
      const consequence = subject.services.includes(BARE_SERVICE) ? undefined : noGrantText(subject, model);
      return consequence === undefined
        ? undefined
        : { consequence, remedy: `In the key policy, ${statementFor(subject)}.` };
    },
  }),
  rule({
    id: "key-policy-data-api-left-to-iam",
    severity: "warning",
    title: "The Data API's grant depends on IAM policies that the plan does not show",
    see: DATA_API,
    notShown: hiddenLinks,
    subjects: dataApiSubjects,
    unjudged: withoutRegion,
    faultOf: (subject, model) =>
      subject.isLeftToIam &&
      !subject.services.includes(BARE_SERVICE) &&
      namedUsers(subject, model).length === 0 &&
      !subject.isGrantCreatable && {
        consequence: `The key policy leaves kms:CreateGrant to IAM policies, and this plan shows no principal that uses the Data API on ${subject.warehouse.address}. So the plan does not show whether the Data API can use the key.`,
        remedy: `Check the IAM policies of the principals that use the Data API. Or, in the key policy, ${statementFor(subject)}.`,
      },
  }),
  rule({
    id: "key-policy-documented-service-name",
    severity: "warning",
    title: "kms:ViaService names the service without its Region",
    see: VIA_SERVICE,
    notShown: hiddenLinks,
    subjects: dataApiSubjects,
    unjudged: withoutRegion,
    faultOf: (subject) =>
      subject.services.includes(BARE_SERVICE) &&
      !subject.isGrantCreatable && {
        consequence: `kms:ViaService allows ${BARE_SERVICE}, the name on the Data API's page, and not ${serviceOf(subject.warehouse)}, the name in the KMS guide. AWS does not document which name the Data API sends, so the grant for ${subject.warehouse.address} may fail.`,
        remedy: `Add ${serviceOf(subject.warehouse)} to the values of kms:ViaService.`,
      },
  }),
  rule({
    id: "key-policy-no-data-api-describe-key",
    title: "The Data API cannot describe the key",
    see: DATA_API,
    notShown: hiddenLinks,
    subjects: dataApiSubjects,
    unjudged: (subject, model) =>
      withoutRegion(subject) ?? unsureText(subject, DESCRIBE) ?? possibleUserOf(subject, model, DESCRIBE),
    faultOf: (subject, model) => {
      const consequence = noDescribeText(subject, model);
      return consequence === undefined
        ? undefined
        : { consequence, remedy: "Allow kms:DescribeKey in the statement that allows kms:CreateGrant." };
    },
  }),
];

function withoutRegion({ warehouse }: { readonly warehouse: Warehouse }): string | undefined {
  return warehouse.region === undefined ? `the Region of ${warehouse.address} is unknown` : undefined;
}

/** Returns the value of kms:ViaService for a warehouse, in the form of the KMS guide. */
function serviceOf({ kind, region }: Warehouse): string {
  return `${PREFIXES[kind]}.${region ?? "REGION"}.amazonaws.com`;
}

const PREFIXES = { cluster: "redshift", namespace: "redshift-serverless" } as const;

/**
 * Returns the remedy: the statement that the Data API needs. AWS documents two names of the service, and not which one the Data API
 * sends.
 */
function statementFor({ warehouse }: KeyOfWarehouse): string {
  return `allow kms:CreateGrant and kms:DescribeKey if kms:CallerAccount is the account, and kms:ViaService is one of ${serviceOf(warehouse)}, ${BARE_SERVICE}`;
}

/** Whether a value of kms:ViaService is for a warehouse of this kind, in some Region. */
function isServiceOf({ kind }: Warehouse, name: string): boolean {
  const [, prefix] = /^([a-z-]+)\.[a-z]+(?:-[a-z]+)+-\d+\.amazonaws\.com$/.exec(name) ?? [];
  return prefix === PREFIXES[kind];
}

/** A warehouse and its key, whose policy can be evaluated. */
interface KeyOfWarehouse {
  readonly address: string;
  readonly key: Key;
  /** The values of kms:ViaService for the warehouse. */
  readonly names: readonly string[];
  /** All values of kms:ViaService in the statements that allow kms:CreateGrant. */
  readonly services: readonly string[];
  readonly warehouse: Warehouse;
}

/** A warehouse, and whether anybody but administrators can make the Data API create its grant. */
interface DataApiSubject extends KeyOfWarehouse {
  readonly isGrantCreatable: boolean;
  /** Whether the key policy leaves the Data API's grant to the IAM policies of the account. */
  readonly isLeftToIam: boolean;
  /** Returns the users of the plan that cannot do an action. */
  readonly unable: (action: string) => readonly Inability[];
}

/** The reason why a user cannot do an action. */
interface Refusal {
  /** Whether IAM policies allow the action or may allow it, so that only the key policy refuses it. */
  readonly isByKeyPolicy: boolean;
  /** Whether the plan shows all policies that decide about the action. */
  readonly isCertain: boolean;
  /**
   * Whether a policy of the plan allows the action if the policy is attached, or if a boundary that the plan does not show allows
   * the action, too.
   */
  readonly isPossible: boolean;
  readonly reason: string;
}

interface Inability extends Refusal {
  readonly user: string;
}

const SUBJECTS = new WeakMap<Model, readonly DataApiSubject[]>();

/** Returns the warehouses under keys whose policies can be evaluated. They are computed once for all rules. */
function dataApiSubjects(model: Model): readonly DataApiSubject[] {
  const subjects =
    SUBJECTS.get(model) ??
    warehousesOfPolicies(model).map((subject) => {
      const isLeft = isLeftToIam(subject);
      return {
        ...subject,
        isGrantCreatable: isAnybodyAble(subject, model, GRANT),
        isLeftToIam: isLeft,
        unable: unableUsers(subject, isLeft, model),
      };
    });
  SUBJECTS.set(model, subjects);
  return subjects;
}

function warehousesOfPolicies(model: Model): readonly KeyOfWarehouse[] {
  const evaluable = model.keys.filter(({ policy }) => ["default", "shown"].includes(policy.after.kind));
  return evaluable.flatMap((key) => {
    const grants = allowStatements(key).filter((statement) => matchesAction(statement, GRANT));
    const services = grants.flatMap((statement) => limitingValues(statement, "kms:ViaService") ?? []);
    return model.warehousesOf(key, "after").flatMap((warehouse) => {
      const service = serviceOf(warehouse);
      // If the Region of the warehouse is unknown, it may be any Region in the policy.
      const others = warehouse.region === undefined ? services.filter((name) => isServiceOf(warehouse, name)) : [];
      const names = [...new Set([service, ...others])];
      return grants.every(isEvaluable) ? [{ address: key.address, key, names, services, warehouse }] : [];
    });
  });
}

/** Whether the key policy leaves the Data API's grant to the IAM policies of the account. */
function isLeftToIam({ key, names }: KeyOfWarehouse): boolean {
  const { account, policy } = key;
  const { statements } = policy.after;
  return principalsOf(statements).some((principal) => {
    const access = isRoot(principal) ? accessTo(statements, principal, GRANT, account) : undefined;
    return names.some((service) => isPossible(access, GRANT, service, account, ["leftToIam"]));
  });
}

/**
 * Whether a user can do all of these actions, or a class of callers in the key policy, such as everybody, that does not administer
 * the key.
 */
function isAnybodyAble(subject: KeyOfWarehouse, model: Model, ...actions: readonly string[]): boolean {
  const { key } = subject;
  const others = principalsOf(key.policy.after.statements).filter((one) => isClass(one) && !isAdministrator(key, one));
  const canDoAll = (user: string): boolean => isAble(subject, model, user, actions);
  // A plan can have thousands of users, so they are searched only if nobody else may do these actions.
  return others.some(canDoAll) || namedUsers(subject, model).some(canDoAll);
}

/** Whether a user can do all of these actions through one service. */
function isAble({ key, names }: KeyOfWarehouse, model: Model, user: string, actions: readonly string[]): boolean {
  return names.some((service) => actions.every((action) => refusalOf(key, model, user, action, service) === undefined));
}

/**
 * Returns why a user cannot do an action; undefined if the user can. The key policy decides, or leaves the action to the IAM
 * policies of the plan.
 */
function refusalOf(key: Key, model: Model, user: string, action: string, service: string): Refusal | undefined {
  const likeness = model.identities.likenessUnder(key.policy.after.statements, user);
  const isShared = likeness !== undefined && otherNamesOf(user, key, model).length === 0;
  const request = `${service} ${action} ${likeness}`;
  if (isShared && allowedRequests(key).has(request)) {
    return undefined;
  }
  const refusal = readRefusal(key, model, user, action, service);
  if (isShared && refusal === undefined) {
    allowedRequests(key).add(request);
  }
  return refusal;
}

/** The requests for a key that are not refused, each by its service, its action and the likeness of its users. */
const allowedRequests = memoizedByObject<Key, Set<string>>(() => new Set());

function readRefusal(key: Key, model: Model, user: string, action: string, service: string): Refusal | undefined {
  const { account, policy } = key;
  const { statements } = policy.after;
  const isGrantedAs = (name: string): boolean => isGranted(key, name, action, service);
  if (isGrantedAs(user) || otherNamesOf(user, key, model).some(isGrantedAs)) {
    return undefined;
  }
  const permission = model.identities.permission(user, action, key, { "kms:viaservice": service });
  const refusal = { isByKeyPolicy: false, isCertain: true, isPossible: false };
  if (permission.kind === "not allowed") {
    return { ...refusal, reason: permission.reason };
  }
  // Without the account, the ARN of a new role is unknown. The account root then stands for the role: each action that the key
  // policy leaves to the root, it also leaves to the role.
  const principal = account === undefined ? (principalsOf(statements).find(isRoot) ?? user) : user;
  if (!isPossible(accessTo(statements, principal, action, account), action, service, account)) {
    return { ...refusal, isByKeyPolicy: true, reason: "the key policy does not allow it" };
  }
  const ifBounded = beyondHiddenBoundary(permission);
  const isUsable = ifBounded.kind === "allowed" || (ifBounded.kind === "unknown" && ifBounded.possible.length > 0);
  return permission.kind === "allowed"
    ? undefined
    : { ...refusal, isCertain: false, isPossible: isUsable, reason: permission.reason };
}

/**
 * Returns the other names that a key policy has for a user: a session of a role, a role with its path, or a permission set's role
 * with its ID.
 */
function otherNamesOf(user: string, key: Key, { identities }: Model): readonly string[] {
  const names =
    NAMES_IN_POLICY.get(key) ??
    groupBy(
      principalsOf(key.policy.after.statements).filter(
        (one) => isIdentity(one) && !isClass(one) && !isOfOtherAccount(key, one),
      ),
      (one) => identities.holders.holderOf(one),
    );
  NAMES_IN_POLICY.set(key, names);
  return names.size === 0 ? [] : (names.get(identities.holders.holderOf(user)) ?? []);
}

const NAMES_IN_POLICY = new WeakMap<Key, ReadonlyMap<Holder, readonly string[]>>();

/** Returns the users that cannot do an action through any service name of the warehouse. */
function inabilitiesOf(
  users: readonly string[],
  { key, names }: KeyOfWarehouse,
  model: Model,
  action: string,
): readonly Inability[] {
  return users.flatMap((user) => {
    const refusals = names.map((service) => refusalOf(key, model, user, action, service));
    const shown = refusals.filter((refusal) => refusal !== undefined);
    const refusal = shown.find(({ isCertain }) => !isCertain) ?? shown[0];
    return refusal === undefined || shown.length < refusals.length ? [] : [{ ...refusal, user }];
  });
}

/**
 * Returns a function that returns the users of the plan that cannot do an action. For an action other than kms:CreateGrant, users
 * that surely cannot create the grant are left out. If the key policy leaves nothing to IAM, users whose IAM policies may allow the
 * grant are not counted: they can be administrators of the account that the key policy leaves out on purpose.
 */
function unableUsers(subject: KeyOfWarehouse, isLeftToIam: boolean, model: Model): DataApiSubject["unable"] {
  const refused = memoized((action): readonly Inability[] => {
    const withoutGrant = action === GRANT ? [] : refused(GRANT).filter(({ isCertain }) => isCertain);
    const excluded = new Set(withoutGrant.map(({ user }) => user));
    const users = plannedUsers(subject, model).filter((user) => !excluded.has(user));
    return inabilitiesOf(users, subject, model, action);
  });
  return (action) =>
    action === GRANT && !isLeftToIam
      ? refused(action).filter(({ isByKeyPolicy, isCertain }) => isCertain && !isByKeyPolicy)
      : refused(action);
}

/**
 * Returns the users of the key: principals that the key policy names and that do not administer it, and roles and users of the plan
 * that use the Data API.
 */
function namedUsers(subject: KeyOfWarehouse, model: Model): readonly string[] {
  return [...new Set([...usersInPolicy(subject.key), ...plannedUsers(subject, model)])];
}

const USERS_IN_POLICY = new WeakMap<Key, readonly string[]>();

/**
 * Returns the roles and users of the key's account that a key policy names and that do not administer the key. The result is
 * computed once for all rules and warehouses.
 */
function usersInPolicy(key: Key): readonly string[] {
  const users =
    USERS_IN_POLICY.get(key) ??
    principalsOf(key.policy.after.statements).filter(
      (one) =>
        !isClass(one) && !isRoot(one) && !isUniqueId(one) && !isOfOtherAccount(key, one) && !isAdministrator(key, one),
    );
  USERS_IN_POLICY.set(key, users);
  return users;
}

/**
 * Whether a principal is of another account than the key. Such a principal can use the Data API only by a role of the warehouse's
 * account.
 *
 * @see https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-iam.html
 */
function isOfOtherAccount({ account }: Key, principal: string): boolean {
  return account !== undefined && ![undefined, account].includes(accountOf(principal));
}

/** Whether the key policy itself lets a principal change it. `*` does not count as an administrator. */
function isAdministrator(key: Key, principal: string): boolean {
  return principal !== "*" && isGranted(key, principal, "kms:PutKeyPolicy", null);
}

/** Returns the ARNs of the roles, users and permission sets of the plan whose IAM policies allow the Data API on a warehouse. */
function plannedUsers({ key, warehouse }: KeyOfWarehouse, model: Model): readonly string[] {
  const callers = PlanCallers.inAccount(model, partitionOf(key.policy.after.statements), key.account ?? "");
  return (usersByWarehouse(model)(callers).get(warehouse) ?? []).flat().filter((user) => !isOfOtherAccount(key, user));
}

/** Users with the same IAM policies share an array, because a plan can have thousands of users and warehouses. */
const usersByWarehouse = memoizedByObject((model: Model) => {
  const reach = WarehouseReach.inModel(model);
  return memoizedByObject((planCallers: PlanCallers): ReadonlyMap<Warehouse, readonly (readonly string[])[]> => {
    const users = planCallers.callers.map(({ principal }) => principal);
    // IAM refuses an ARN as a name. A caller with such a name has no identity.
    const named = users.filter((user) => model.identities.named(user) !== undefined);
    const groups = groupBy(named, (user) => reach.reachedBy(model.identities.named(user)!, DATA_API_ACTIONS));
    const entries = [...groups].flatMap(([warehouses, group]) => warehouses.map((warehouse) => ({ group, warehouse })));
    return new Map(
      [...groupBy(entries, ({ warehouse }) => warehouse)].map(([warehouse, entriesOfIt]) => [
        warehouse,
        entriesOfIt.map(({ group }) => group),
      ]),
    );
  });
});

/** Returns the consequence if a user cannot create the Data API's grant; undefined if all can. */
function noGrantText(subject: DataApiSubject, model: Model): string | undefined {
  const { isGrantCreatable, isLeftToIam, unable, warehouse } = subject;
  if (isGrantCreatable || possibleUserOf(subject, model, GRANT) !== undefined) {
    return unable(GRANT).some(({ isCertain }) => isCertain) ? unableText(subject, unable(GRANT)) : undefined;
  }
  return isLeftToIam
    ? unableText(subject, inabilitiesOf(namedUsers(subject, model), subject, model, GRANT))
    : `Only administrators can let ${serviceOf(warehouse)} create a grant on the key. The Data API requires this grant, so it cannot use the key for anybody else on ${warehouse.address}.`;
}

/** Returns the consequence if a user that can create the grant cannot describe the key; undefined if all can. */
function noDescribeText(subject: DataApiSubject, model: Model): string | undefined {
  const { isGrantCreatable, unable, warehouse } = subject;
  if (!isGrantCreatable) {
    return undefined;
  }
  const service = serviceOf(warehouse);
  const isAble = isAnybodyAble(subject, model, GRANT, DESCRIBE);
  const inabilities = unable(DESCRIBE);
  const sentences = [
    !isAble && `Only administrators may do both ${GRANT} and ${DESCRIBE} through ${service}.`,
    (isAble ? inabilities.some(({ isCertain }) => isCertain) : inabilities.length > 0) &&
      `Nothing in this plan lets these principals do ${DESCRIBE} through ${service}: ${reasonsOf(inabilities)}.`,
  ].filter((sentence) => sentence !== false);
  return sentences.length === 0
    ? undefined
    : `${sentences.join(" ")} AWS lists ${isAble ? `it and ${GRANT}` : "both"} for the users of the Data API on ${warehouse.address}.`;
}

/**
 * A policy of the plan may let a user create the Data API's grant, and a policy that the plan does not show may refuse this.
 * Returns why the plan does not show that such a user can do an action. It is the reason of the first user; undefined if there is
 * none.
 */
function possibleUserOf(subject: DataApiSubject, model: Model, action: string): string | undefined {
  const { isGrantCreatable, isLeftToIam } = subject;
  if (isGrantCreatable || !isLeftToIam) {
    return undefined;
  }
  const grantors = inabilitiesOf(namedUsers(subject, model), subject, model, GRANT).filter((one) => one.isPossible);
  const users = grantors.map(({ user }) => user);
  const [refused] = inabilitiesOf(users, subject, model, action);
  return grantors.find(({ user }) => user === refused?.user)?.reason;
}

/** Returns the consequence for users that cannot create the Data API's grant; undefined if there are none. */
function unableText({ warehouse }: KeyOfWarehouse, inabilities: readonly Inability[]): string | undefined {
  return inabilities.length === 0
    ? undefined
    : `Nothing in this plan lets these principals create a grant on the key through ${serviceOf(warehouse)}: ${reasonsOf(inabilities)}. The Data API requires this grant to use the key for ${warehouse.address}.`;
}

/** Returns a clause on the users of which the plan does not show if they can do an action; undefined if there are none. */
function unsureText({ isGrantCreatable, unable, warehouse }: DataApiSubject, action: string): string | undefined {
  return isGrantCreatable && unable(action).length > 0
    ? `the plan does not show whether these principals can use the key for ${warehouse.address}: ${reasonsOf(unable(action))}`
    : undefined;
}

function reasonsOf(inabilities: readonly Inability[]): string {
  return inabilities.map(({ reason, user }) => `${withoutPlaceholderName(user)} (${reason})`).join(", ");
}
