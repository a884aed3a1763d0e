import { madeUpNameOf, PERMISSION_SET_TYPE, roleOfPermissionSet, withoutMadeUpName } from "../../model/identity-arn";
import type { Key } from "../../model/key";
import type { Model, Warehouse } from "../../model/model";
import { stringOf } from "../../plan/attributes";
import { memoized } from "../../plan/memoized";
import { limitingValues } from "../../policy/condition";
import { accessTo, principalsOf } from "../../policy/key-access";
import { accountOf, isClass, isRoot, isUniqueId } from "../../policy/principals";
import { asArray, isEvaluable, matchesAction, matchesResource, type Statement } from "../../policy/statement";
import { hiddenLinks } from "../not-shown";
import { type Rule, rule } from "../rule";
import { allowStatements, isGranted, isPossible } from "./statements";

const DATA_API = "https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-kms.html";
const VIA_SERVICE =
  "https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service";

/** The service name on the Data API's page. The KMS guide has a Region in it. */
const BARE_SERVICE = "redshift.amazonaws.com";

/** The rules about the grant that the Data API creates on a key. */
export const DATA_API_RULES: readonly Rule[] = [
  rule({
    id: "key-policy-no-data-api-grant",
    title: "The Data API cannot create its grant",
    see: DATA_API,
    notShown: hiddenLinks,
    subjects: dataApiSubjects,
    unjudged: (subject, model) => withoutRegion(subject) ?? possibleUserOf(subject, model),
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
    unjudged: withoutRegion,
    faultOf: (subject, model) =>
      subject.isGrantCreatable &&
      !isAnybodyAble(subject, model, "kms:CreateGrant", "kms:DescribeKey") && {
        consequence: `Only administrators may do both kms:CreateGrant and kms:DescribeKey through ${serviceOf(subject.warehouse)}. AWS lists both for the users of the Data API on ${subject.warehouse.address}.`,
        remedy: "Allow kms:DescribeKey in the statement that allows kms:CreateGrant.",
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
}

const SUBJECTS = new WeakMap<Model, readonly DataApiSubject[]>();

/** Returns the warehouses under keys whose policies can be evaluated. They are computed once for all rules. */
function dataApiSubjects(model: Model): readonly DataApiSubject[] {
  const subjects =
    SUBJECTS.get(model) ??
    warehousesOfPolicies(model).map((subject) => ({
      ...subject,
      isGrantCreatable: isAnybodyAble(subject, model, "kms:CreateGrant"),
    }));
  SUBJECTS.set(model, subjects);
  return subjects;
}

function warehousesOfPolicies(model: Model): readonly KeyOfWarehouse[] {
  const evaluable = model.keys.filter(({ policy }) => ["default", "shown"].includes(policy.after.kind));
  return evaluable.flatMap((key) => {
    const grants = allowStatements(key).filter((statement) => matchesAction(statement, "kms:CreateGrant"));
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
    const access = isRoot(principal) ? accessTo(statements, principal, "kms:CreateGrant", account) : undefined;
    return names.some((service) => isPossible(access, "kms:CreateGrant", service, account, ["leftToIam"]));
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

/** Whether a user may do all of these actions by the key policy, or by the IAM policies of the plan to which it leaves them. */
function isAble({ key, names }: KeyOfWarehouse, model: Model, user: string, actions: readonly string[]): boolean {
  const { account, policy } = key;
  const { statements } = policy.after;
  // Without the account, the ARN of a new role is unknown. The key policy then leaves to the role whatever it leaves to the root of
  // the account.
  const principal = account === undefined ? (principalsOf(statements).find(isRoot) ?? user) : user;
  const isAllowed = (action: string, service: string): boolean =>
    isGranted(key, user, action, service) ||
    (isPossible(accessTo(statements, principal, action, account), action, service, account) &&
      model.identities.permission(user, action, key, { "kms:viaservice": service }).kind === "allowed");
  return names.some((service) => actions.every((action) => isAllowed(action, service)));
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

const PLANNED_USERS = new WeakMap<Warehouse, readonly string[]>();

/**
 * Returns the roles and users of the plan whose IAM policies allow the Data API on a warehouse. They are computed once for all
 * rules.
 */
function plannedUsers({ key, warehouse }: KeyOfWarehouse, model: Model): readonly string[] {
  const cached = PLANNED_USERS.get(warehouse);
  if (cached) {
    return cached;
  }
  const [, partition = "aws"] =
    principalsOf(key.policy.after.statements)
      .find((one) => one.startsWith("arn:"))
      ?.split(":") ?? [];
  const isWarehouse = memoized((pattern) => matchesWarehouse(pattern, warehouse, model));
  const users = dataApiUsers(model, `arn:${partition}:iam::${key.account ?? ""}`)
    .filter(({ patterns }) => patterns.some(isWarehouse))
    .map(({ arn }) => arn);
  PLANNED_USERS.set(warehouse, users);
  return users;
}

/** A role or user of the plan whose IAM policies allow the Data API. */
interface DataApiUser {
  readonly arn: string;
  /** The resource patterns of the statements that allow it. */
  readonly patterns: readonly string[];
}

const DATA_API_USERS = new WeakMap<Model, Map<string, readonly DataApiUser[]>>();

/**
 * Returns the roles and users of a plan whose IAM policies allow the Data API.
 *
 * @param prefix - the beginning, up to the account, of the ARNs that the plan does not show
 */
function dataApiUsers(model: Model, prefix: string): readonly DataApiUser[] {
  const byPrefix = DATA_API_USERS.get(model) ?? new Map<string, readonly DataApiUser[]>();
  DATA_API_USERS.set(model, byPrefix);
  const users = byPrefix.get(prefix) ?? readDataApiUsers(model, prefix);
  byPrefix.set(prefix, users);
  return users;
}

function readDataApiUsers(model: Model, prefix: string): readonly DataApiUser[] {
  const arns = model.ofType("aws_iam_role", "aws_iam_user").map((resource) => {
    const name = `${resource.type === "aws_iam_role" ? "role" : "user"}${stringOf(resource, "after", "path") ?? "/"}${stringOf(resource, "after", "name") ?? madeUpNameOf(resource)}`;
    return stringOf(resource, "after", "arn") ?? `${prefix}:${name}`;
  });
  const [, partition = "", , , account] = prefix.split(":");
  const roles = model
    .ofType(PERMISSION_SET_TYPE)
    .flatMap((set) => roleOfPermissionSet(set, partition, account, model.references.regionOf(set)) ?? []);
  return [...new Set([...arns, ...roles])].map((arn) => {
    const statements = model.identities.named(arn)?.policies.flatMap((policy) => policy.statements) ?? [];
    return { arn, patterns: [...new Set(statements.filter(allowsDataApi).flatMap(patternsOf))] };
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

/** Whether neither the key policy nor an IAM policy can let a user create the Data API's grant. */
function isNeverAble({ key, names }: KeyOfWarehouse, model: Model): (user: string) => boolean {
  return (user) =>
    names.every(
      (service) =>
        !isGranted(key, user, "kms:CreateGrant", service) &&
        model.identities.permission(user, "kms:CreateGrant", key, { "kms:viaservice": service }).kind === "not allowed",
    );
}

/** Returns the consequence if a user cannot create the Data API's grant; undefined if all can. */
function noGrantText(subject: DataApiSubject, model: Model): string | undefined {
  if (subject.isGrantCreatable) {
    return unableText(subject, plannedUsers(subject, model).filter(isNeverAble(subject, model)), model);
  }
  if (possibleUserOf(subject, model) !== undefined) {
    return undefined;
  }
  return isLeftToIam(subject)
    ? unableText(subject, namedUsers(subject, model), model)
    : `Only administrators can let ${serviceOf(subject.warehouse)} create a grant on the key. The Data API requires this grant, so it cannot use the key for anybody else on ${subject.warehouse.address}.`;
}

/** Returns a clause on a user that may create the Data API's grant by a policy that may be attached to it; undefined if there is none. */
function possibleUserOf(subject: DataApiSubject, model: Model): string | undefined {
  const { isGrantCreatable, key, names } = subject;
  if (isGrantCreatable || !isLeftToIam(subject)) {
    return undefined;
  }
  const reasons = namedUsers(subject, model).flatMap((user) => {
    const permission = model.identities.permission(user, "kms:CreateGrant", key, { "kms:viaservice": names[0]! });
    return permission.kind === "unknown" && permission.possible.length > 0 ? [permission.reason] : [];
  });
  return reasons[0];
}

/** Returns the consequence for users that cannot create the Data API's grant; undefined if there are none. */
function unableText(subject: KeyOfWarehouse, users: readonly string[], model: Model): string | undefined {
  const { key, names, warehouse } = subject;
  const reasons = users.map((user) => {
    const permission = model.identities.permission(user, "kms:CreateGrant", key, { "kms:viaservice": names[0]! });
    return `${withoutMadeUpName(user)} (${permission.kind === "allowed" ? "the key policy denies it" : permission.reason})`;
  });
  return users.length === 0
    ? undefined
    : `Nothing in this plan lets these principals create a grant on the key through ${serviceOf(warehouse)}: ${reasons.join(", ")}. The Data API requires this grant to use the key for ${warehouse.address}.`;
}
