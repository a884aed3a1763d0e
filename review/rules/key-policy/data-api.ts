import { groupBy } from "../../../modules/private/group-by";
import type { Holder } from "../../model/identities";
import { madeUpNameOf, PERMISSION_SET_TYPE, roleOfPermissionSet, withoutMadeUpName } from "../../model/identity-arn";
import type { Key } from "../../model/key";
import type { Model, Warehouse } from "../../model/model";
import { PlanCallers } from "../../model/plan-callers";
import { stringOf } from "../../plan/attributes";
import { memoized } from "../../plan/memoized";
import { limitingValues } from "../../policy/condition";
import type { Permission } from "../../policy/identity-permission";
import { accessTo, principalsOf } from "../../policy/key-access";
import { accountOf, isClass, isIdentity, isRoot, isUniqueId } from "../../policy/principals";
import { asArray, isEvaluable, matchesAction, matchesResource, type Statement } from "../../policy/statement";
import { hiddenLinks } from "../not-shown";
import { type Rule, rule } from "../rule";
import { allowStatements, isGranted, isPossible } from "./statements";

const DATA_API = "https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-kms.html";
const VIA_SERVICE =
  "https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service";

/** The service name on the Data API's page. The KMS guide has a Region in it. */
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
      withoutRegion(subject) ??
      (subject.isGrantCreatable ? unsureText(subject, GRANT) : possibleUserOf(subject, model)),
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
      isLeftToIam(subject) &&
      !subject.services.includes(BARE_SERVICE) &&
      namedUsers(subject, model).length === 0 &&
      !subject.isGrantCreatable && {
        consequence: `The key policy leaves kms:CreateGrant to IAM policies, and this plan shows no principal that uses the Data API. So it does not show whether the Data API can use the key for ${subject.warehouse.address}.`,
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
        consequence: `kms:ViaService allows ${BARE_SERVICE}, the name on the Data API's page, and not ${serviceOf(subject.warehouse)}, the name in the KMS guide. AWS does not document which one the Data API sends, so its grant for ${subject.warehouse.address} may fail.`,
        remedy: `Add ${serviceOf(subject.warehouse)} to the values of kms:ViaService.`,
      },
  }),
  rule({
    id: "key-policy-no-data-api-describe-key",
    title: "The Data API cannot describe the key",
    see: DATA_API,
    notShown: hiddenLinks,
    subjects: dataApiSubjects,
    unjudged: (subject) =>
      withoutRegion(subject) ?? (subject.isGrantCreatable ? unsureText(subject, DESCRIBE) : undefined),
    faultOf: (subject, model) => {
      const consequence = subject.isGrantCreatable ? noDescribeText(subject, model) : undefined;
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

/** A principal that nothing in the plan lets do an action. */
interface Inability {
  /** Whether the plan shows all policies that decide. */
  readonly isSure: boolean;
  readonly reason: string;
  readonly user: string;
}

/** A warehouse, and whether anybody but administrators can make the Data API create its grant. */
interface DataApiSubject extends KeyOfWarehouse {
  readonly isGrantCreatable: boolean;
  /** Returns the principals that use the Data API by IAM policies of the plan, and that nothing in the plan lets do an action. */
  readonly unableTo: (action: string) => readonly Inability[];
}

const SUBJECTS = new WeakMap<Model, readonly DataApiSubject[]>();

/** Returns the warehouses under keys whose policies can be evaluated. They are computed once for all rules. */
function dataApiSubjects(model: Model): readonly DataApiSubject[] {
  const subjects =
    SUBJECTS.get(model) ??
    warehousesOfPolicies(model).map((subject) => ({
      ...subject,
      isGrantCreatable: isAnybodyAble(subject, model, GRANT),
      unableTo: memoized((action) => unableTo(action, subject, model)),
    }));
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

/** Whether anybody can do all of these actions: a user of the warehouse, or everybody who has no more than the key policy gives. */
function isAnybodyAble(subject: KeyOfWarehouse, model: Model, ...actions: readonly string[]): boolean {
  const { key } = subject;
  const others = principalsOf(key.policy.after.statements).filter((one) => isClass(one) && !isAdministrator(key, one));
  const canDoAll = (user: string): boolean => isAble(subject, model, user, actions);
  // A plan can have thousands of users, so they are searched only if nobody else may do these actions.
  return others.some(canDoAll) || namedUsers(subject, model).some(canDoAll);
}

/** Whether a user may do all of these actions through one service. */
function isAble(subject: KeyOfWarehouse, model: Model, user: string, actions: readonly string[]): boolean {
  return subject.names.some((service) =>
    actions.every((action) => decisionOn(subject, model, user, action, service).kind === "allowed"),
  );
}

type Decision = { readonly kind: "allowed" } | Exclude<Permission, { readonly kind: "allowed" }>;

/** Returns the decision of the key policy, or of the IAM policies of the plan to which it leaves an action. */
function decisionOn({ key }: KeyOfWarehouse, model: Model, user: string, action: string, service: string): Decision {
  const { account, policy } = key;
  const { statements } = policy.after;
  // Without the account, the ARN of a new role is unknown. The key policy then leaves to the role whatever it leaves to the root of
  // the account.
  const principal = account === undefined ? (principalsOf(statements).find(isRoot) ?? user) : user;
  const isGrantedAs = (name: string): boolean => isGranted(key, name, action, service);
  if (isGrantedAs(user) || otherNamesOf(user, key, model).some(isGrantedAs)) {
    return { kind: "allowed" };
  }
  const permission = model.identities.permission(user, action, key, { "kms:viaservice": service });
  const isLeft = isPossible(accessTo(statements, principal, action, account), action, service, account);
  return isLeft || permission.kind === "not allowed"
    ? permission
    : { kind: "not allowed", reason: "the key policy does not allow it" };
}

const NAMES_IN_POLICY = new WeakMap<Key, ReadonlyMap<Holder, readonly string[]>>();

/** Returns the names of a user in a key policy: sessions of a role, a role with its path, and the role of a permission set with its ID. */
function otherNamesOf(user: string, key: Key, { identities }: Model): readonly string[] {
  const names =
    NAMES_IN_POLICY.get(key) ??
    groupBy(
      principalsOf(key.policy.after.statements).filter(
        (one) => isIdentity(one) && !isClass(one) && !isOfOtherAccount(key, one),
      ),
      (one) => identities.holderOf(one),
    );
  NAMES_IN_POLICY.set(key, names);
  return names.get(identities.holderOf(user)) ?? [];
}

/** Returns why nothing in the plan lets a user do an action; undefined if a policy does. */
function inabilityOf(subject: KeyOfWarehouse, model: Model, user: string, action: string): Inability | undefined {
  const decisions = subject.names.map((service) => decisionOn(subject, model, user, action, service));
  const refusals = decisions.flatMap((decision) => (decision.kind === "allowed" ? [] : [decision]));
  const unknown = refusals.find(({ kind }) => kind === "unknown");
  return refusals.length < decisions.length
    ? undefined
    : { isSure: unknown === undefined, reason: (unknown ?? refusals[0]!).reason, user };
}

/**
 * Returns the principals that use the Data API by IAM policies of the plan, and that nothing in the plan lets do an action. Those that
 * surely cannot create a grant are left out for another action. If the key policy leaves nothing to IAM, those whose IAM policies allow the
 * grant are left out: they may be administrators of the account, which the key policy leaves out on purpose.
 */
function unableTo(action: string, subject: KeyOfWarehouse, model: Model): readonly Inability[] {
  const { key, names } = subject;
  const isMeant = (user: string): boolean =>
    isLeftToIam(subject) ||
    names.every(
      (service) => model.identities.permission(user, GRANT, key, { "kms:viaservice": service }).kind === "not allowed",
    );
  return dataApiUsers(subject, model).flatMap(({ arn: user }) => {
    const inability = inabilityOf(subject, model, user, GRANT);
    if (action === GRANT) {
      return inability && isMeant(user) ? [inability] : [];
    }
    return inability?.isSure ? [] : (inabilityOf(subject, model, user, action) ?? []);
  });
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
 * Returns the roles and users of the key's account that a key policy names and that do not administer the key. They are computed once for all rules and
 * warehouses.
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
 * Whether a principal is of another account than the key. It can use the Data API only by a role of the warehouse's account.
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

/** Returns the roles and users of the plan whose IAM policies allow the Data API on a warehouse. */
function plannedUsers(subject: KeyOfWarehouse, model: Model): readonly string[] {
  return dataApiUsers(subject, model).flatMap(({ arn, isInPlan }) => (isInPlan ? [arn] : []));
}

const DATA_API_USERS = new WeakMap<Warehouse, readonly DataApiUser[]>();

/**
 * Returns the roles and users whose IAM policies in the plan allow the Data API on a warehouse. They are computed once for all
 * rules.
 */
function dataApiUsers({ key, warehouse }: KeyOfWarehouse, model: Model): readonly DataApiUser[] {
  const cached = DATA_API_USERS.get(warehouse);
  if (cached) {
    return cached;
  }
  const [, partition = "aws"] =
    principalsOf(key.policy.after.statements)
      .find((one) => one.startsWith("arn:"))
      ?.split(":") ?? [];
  const isWarehouse = memoized((pattern) => matchesWarehouse(pattern, warehouse, model));
  const users = usersInAccount(model, partition, key.account).filter(({ patterns }) => patterns.some(isWarehouse));
  DATA_API_USERS.set(warehouse, users);
  return users;
}

/** A role or user whose IAM policies in the plan allow the Data API. */
interface DataApiUser {
  readonly arn: string;
  /** Whether it is a resource of the plan. The plan lists only a part of the IAM policies of another one. */
  readonly isInPlan: boolean;
  /** The resource patterns of the statements that allow it. */
  readonly patterns: readonly string[];
}

const USERS_IN_ACCOUNT = new WeakMap<Model, Map<string, readonly DataApiUser[]>>();

/**
 * Returns the roles and users whose IAM policies in the plan allow the Data API.
 *
 * @param account - the account in the ARNs that the plan does not show
 */
function usersInAccount(model: Model, partition: string, account: string | undefined): readonly DataApiUser[] {
  const ofModel = USERS_IN_ACCOUNT.get(model) ?? new Map<string, readonly DataApiUser[]>();
  USERS_IN_ACCOUNT.set(model, ofModel);
  const name = `${partition} ${account}`;
  const users = ofModel.get(name) ?? readUsers(model, partition, account);
  ofModel.set(name, users);
  return users;
}

function readUsers(model: Model, partition: string, account: string | undefined): readonly DataApiUser[] {
  const arns = model.ofType("aws_iam_role", "aws_iam_user").map((resource) => {
    const name = `${resource.type === "aws_iam_role" ? "role" : "user"}${stringOf(resource, "after", "path") ?? "/"}${stringOf(resource, "after", "name") ?? madeUpNameOf(resource)}`;
    return stringOf(resource, "after", "arn") ?? `arn:${partition}:iam::${account ?? ""}:${name}`;
  });
  const roles = model
    .ofType(PERMISSION_SET_TYPE)
    .flatMap((set) => roleOfPermissionSet(set, partition, account, model.references.regionOf(set)) ?? []);
  const outside = PlanCallers.inAccount(model, partition, account).outside.map(({ principal }) => principal);
  const inPlan = new Set([...arns, ...roles]);
  return [...new Set([...inPlan, ...outside])].map((arn) => {
    const statements = model.identities.named(arn)?.policies.flatMap((policy) => policy.statements) ?? [];
    const patterns = [...new Set(statements.filter(allowsDataApi).flatMap(patternsOf))];
    return { arn, isInPlan: inPlan.has(arn), patterns };
  });
}

function allowsDataApi(statement: Statement): boolean {
  return statement.Effect === "Allow" && matchesAction(statement, "redshift-data:ExecuteStatement");
}

/** Returns the resource patterns of a statement: `*` if it has NotResource, because it may match any resource. */
function patternsOf({ NotResource, Resource }: Statement): readonly string[] {
  return NotResource === undefined ? asArray(Resource) : ["*"];
}

function matchesWarehouse(pattern: string, warehouse: Warehouse, model: Model): boolean {
  const { kind } = warehouse;
  const arn = kind === "cluster" ? model.arnOfWarehouse(warehouse, "after") : undefined;
  return (
    !pattern.startsWith("arn:") ||
    (arn === undefined ? pattern.split(":")[2] === PREFIXES[kind] : matchesResource(pattern, arn))
  );
}

/** Returns the consequence if a user cannot create the Data API's grant; undefined if all can. */
function noGrantText(subject: DataApiSubject, model: Model): string | undefined {
  const { isGrantCreatable, warehouse } = subject;
  if (isGrantCreatable) {
    return unableText(subject, withSure(subject.unableTo(GRANT)));
  }
  if (possibleUserOf(subject, model) !== undefined) {
    return undefined;
  }
  return isLeftToIam(subject)
    ? unableText(
        subject,
        namedUsers(subject, model).flatMap((user) => inabilityOf(subject, model, user, GRANT) ?? []),
      )
    : `Only administrators can let ${serviceOf(warehouse)} create a grant on the key. The Data API requires this grant, so it cannot use the key for anybody else on ${warehouse.address}.`;
}

/** Returns the consequence if a user that may create the grant cannot describe the key; undefined if all can. */
function noDescribeText(subject: DataApiSubject, model: Model): string | undefined {
  const { address } = subject.warehouse;
  const service = serviceOf(subject.warehouse);
  const isNobodyAble = !isAnybodyAble(subject, model, GRANT, DESCRIBE);
  const unable = subject.unableTo(DESCRIBE);
  const named = isNobodyAble ? unable : withSure(unable);
  const namedText =
    named.length > 0 &&
    `Nothing in this plan lets these principals do ${DESCRIBE} through ${service}: ${reasonsOf(named)}.`;
  if (!isNobodyAble) {
    return namedText
      ? `${namedText} AWS lists it and ${GRANT} for the users of the Data API on ${address}.`
      : undefined;
  }
  const text = `Only administrators may do both ${GRANT} and ${DESCRIBE} through ${service}. AWS lists both for the users of the Data API on ${address}.`;
  return namedText ? `${text} ${namedText}` : text;
}

/** Returns a clause on the users of the plan of which it does not show if they may do an action; undefined if there are none. */
function unsureText({ unableTo, warehouse }: DataApiSubject, action: string): string | undefined {
  const unable = unableTo(action);
  return unable.length === 0
    ? undefined
    : `the plan does not show whether these principals may use the key for ${warehouse.address}: ${reasonsOf(unable)}`;
}

/** Returns all inabilities if one of them is sure; none otherwise. */
function withSure(unable: readonly Inability[]): readonly Inability[] {
  return unable.some(({ isSure }) => isSure) ? unable : [];
}

function reasonsOf(unable: readonly Inability[]): string {
  return unable.map(({ reason, user }) => `${withoutMadeUpName(user)} (${reason})`).join(", ");
}

/** Returns a clause on a user that may create the Data API's grant by a policy that may be attached to it; undefined if there is none. */
function possibleUserOf(subject: DataApiSubject, model: Model): string | undefined {
  const { isGrantCreatable, key, names } = subject;
  if (isGrantCreatable || !isLeftToIam(subject)) {
    return undefined;
  }
  const reasons = namedUsers(subject, model).flatMap((user) => {
    const permission = model.identities.permission(user, GRANT, key, { "kms:viaservice": names[0]! });
    return permission.kind === "unknown" && permission.possible.length > 0 ? [permission.reason] : [];
  });
  return reasons[0];
}

/** Returns the consequence for users that cannot create the Data API's grant; undefined if there are none. */
function unableText({ warehouse }: KeyOfWarehouse, unable: readonly Inability[]): string | undefined {
  return unable.length === 0
    ? undefined
    : `Nothing in this plan lets these principals create a grant on the key through ${serviceOf(warehouse)}: ${reasonsOf(unable)}. The Data API requires this grant to use the key for ${warehouse.address}.`;
}
