import { ABILITY_ACTIONS, canHaveConditionKey, CROSS_ACCOUNT_ACTIONS } from "./abilities";
import { arnTest, conditionTests, type Facts, outcomeOf, testsOutcome } from "./condition";
import { memoized } from "../plan/memoized";
import { isOne, type Kind, matchOf, type Names, PolicyIndex, type SharedMatches } from "./policy-index";
import { StatementGroup, StatementList } from "./statement-list";
import {
  accountOf,
  isAccount,
  isClass,
  isIdentity,
  isPattern,
  isRoot,
  isService,
  namedPrincipals,
  organizationOf,
  principalsIn,
} from "./principals";
import { AS_IDENTITY, AS_SERVICE } from "./service-requests";
import { asArray, awsPrincipals, isEvaluable, matchesActionPattern, type Statement } from "./statement";

/** A statement that allows an action under its conditions. */
export interface Way {
  readonly statement: Statement;
  /**
   * The policies that decide: the key policy alone; the IAM policies of the key's account, as after a statement for the account's
   * root; or, for a caller of another account, the key policy and the IAM policies of that account.
   */
  readonly through: "key policy" | "IAM" | "other account";
}

/** The access of a principal to an action. At least one statement allows the action, and each such statement is enough. */
export interface Access {
  /** The statements by which the key policy decides. */
  readonly granted: StatementList;
  /** Whether the principal is of another account than the key. */
  readonly isForeign: boolean;
  /**
   * Whether a Deny statement with NotPrincipal excepts the principal or the root of its account, but not both. AWS may then deny the
   * access.
   */
  readonly isPartlyExcepted: boolean;
  /** The statements that leave the decision to IAM policies. */
  readonly leftToIam: StatementList;
  /** The statements that deny the action under conditions. A statement that always denies the action leaves no access. */
  readonly unless: StatementList;
}

/** Lists the statements that give an access, each with the policies that decide. */
export function waysOf({ granted, isForeign, leftToIam }: Access): readonly Way[] {
  const through = isForeign ? "other account" : "key policy";
  return [
    ...[...granted].map((statement) => ({ statement, through }) as const),
    ...[...leftToIam].map((statement) => ({ statement, through: "IAM" }) as const),
  ];
}

/**
 * Returns the access that a key policy gives to a principal; undefined if it gives none. Only evaluable statements count.
 *
 * @param principal - the ARN of an IAM role, an IAM user, a session of a role or an account root, or a class of callers
 * @param action - an action without wildcards, such as kms:Decrypt
 * @param account - the key's account, if that is known
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
 */
export function accessTo(
  statements: readonly Statement[],
  principal: string,
  action: string,
  account?: string,
): Access | undefined {
  const callerAccount = accountOf(principal);
  const isForeign = account !== undefined && callerAccount !== undefined && callerAccount !== account;
  if (isForeign && !CROSS_ACCOUNT_ACTIONS.includes(action)) {
    return undefined;
  }
  const index = PolicyIndex.forStatements(statements);
  const onAction = index.statementsOn(action);
  const accesses = cachedFor(isForeign ? FOREIGN_ACCESSES : ACCESSES, onAction, (): Accesses => new Map());
  const cached = accesses.get(principal);
  if (cached !== undefined) {
    return cached ?? undefined;
  }
  const access = readAccess(index, onAction, principal, isForeign);
  accesses.set(principal, access ?? null);
  return access;
}

/** The access of each principal; null if it has none. */
type Accesses = Map<string, Access | null>;

/** Caches of accessTo, by the statements on an action: for principals of another account than the key's, and for all others. */
const ACCESSES = new WeakMap<ReadonlySet<Statement>, Accesses>();
const FOREIGN_ACCESSES = new WeakMap<ReadonlySet<Statement>, Accesses>();

function readAccess(
  index: PolicyIndex,
  onAction: ReadonlySet<Statement>,
  principal: string,
  isForeign: boolean,
): Access | undefined {
  const names = index.namesOf(principal);
  const kind = { isClass: isClass(principal), isIdentity: isIdentity(principal) };
  const { singleStatements, sharedMatches } = index.matchesOf(principal, kind);
  const shared = sharedAccess(index, onAction, {
    example: principal === "*" ? principal : isService(principal) ? "service.amazonaws.com" : "",
    isForeign,
    kind,
    sharedMatches,
    names,
  });
  const naming = [...new Set([...index.candidatesNaming(principal, names), ...singleStatements])];
  const excepting = index.excepts(principal, names);
  const excepted = new Set([...excepting, ...naming]);
  const namingOnAction = naming.filter((statement) => onAction.has(statement));
  const candidates = [...new Set([...namingOnAction, ...shared.candidates])];
  const facts = factsOf(principal, names.roots[0]);
  const callers = { facts, hasAccount: names.roots.length > 0, isNoException: false };
  const isDenied =
    shared.certainDenials.some((denial) => !excepted.has(denial)) ||
    candidates.some((statement) => isCertainDenial(statement, names, callers));
  if (isDenied) {
    return undefined;
  }
  const particular = sortedByEffect(candidates, names, isForeign, facts);
  const listOf = (kind: "denials" | "granted" | "leftToIam") =>
    new StatementList(index.positions, shared[kind], excepted, particular[kind]);
  const [granted, leftToIam] = [listOf("granted"), listOf("leftToIam")];
  if (granted.size + leftToIam.size === 0) {
    return undefined;
  }
  const exceptsPartly = (statement: Statement): boolean =>
    statement.Effect === "Deny" &&
    onAction.has(statement) &&
    !exceptsWholly(statement, names) &&
    outcomeOf(statement, facts) !== "unmet";
  const isPartlyExcepted = excepting.some(exceptsPartly) || index.exceptsAccount(names.roots).some(exceptsPartly);
  return { granted, isForeign, isPartlyExcepted, leftToIam, unless: listOf("denials") };
}

/**
 * Whether a statement with NotPrincipal certainly does not apply to a principal: the statement names `*`, or both the principal and
 * the root of the principal's account. AWS may require both. If only the root is named, the statement may apply to all other
 * principals of the account.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
 */
function exceptsWholly(statement: Statement, { principal, roles, roots }: Names): boolean {
  const principals = namedPrincipals(statement);
  const isNamed = [principal!, ...roles].some((name) => !roots.includes(name) && principals.has(name));
  return principals.has("*") || (isNamed && (roots.length === 0 || roots.some((root) => principals.has(root))));
}

/** The statements on an action that apply alike to all principals of one kind in one account. */
interface SharedAccess {
  /** The statements that can apply to one of these principals and not to another. */
  readonly candidates: readonly Statement[];
  /** The statements that deny the action to all of these principals. */
  readonly certainDenials: readonly Statement[];
  readonly denials: readonly StatementGroup[];
  readonly granted: readonly StatementGroup[];
  readonly leftToIam: readonly StatementGroup[];
}

const SHARED = new WeakMap<ReadonlySet<Statement>, Map<string, SharedAccess>>();

/** The properties of a caller on which its shared statements depend. */
interface Sharers {
  /** A principal whose requests have the facts that all callers share: everybody, a service, or none for IAM principals. */
  readonly example: string;
  readonly isForeign: boolean;
  readonly kind: Kind;
  readonly sharedMatches: SharedMatches;
  readonly names: Names;
}

function sharedAccess(index: PolicyIndex, onAction: ReadonlySet<Statement>, sharers: Sharers): SharedAccess {
  const { example, isForeign, kind, sharedMatches, names } = sharers;
  const { roots } = names;
  const accesses = cachedFor(SHARED, onAction, () => new Map<string, SharedAccess>());
  const name = JSON.stringify([roots, kind, example, isForeign, sharedMatches.name]);
  const cached = accesses.get(name);
  if (cached) {
    return cached;
  }
  // Callers without an account have groups of their own. The text of a group is cached, and for these callers the text also names
  // the principals that NotPrincipal excepts.
  const excepted = new Set(index.exceptsAccount(roots));
  const namedRoots = excepted.size > 0 ? roots : roots.length;
  const generalName = JSON.stringify([isOne(kind), example, namedRoots, sharedMatches.name]);
  const callers = { example, hasAccount: roots.length > 0, isForeign, kind, onAction };
  const isApplicable = (statement: Statement): boolean =>
    !excepted.has(statement) && !sharedMatches.excepted.has(statement);
  const general = accesses.get(generalName) ?? groupsOf(index.forEverybody(kind).filter(isApplicable), [], [], callers);
  accesses.set(generalName, general);
  const accountGroups = groupsOf(
    index.candidatesForAccount(kind, roots).filter((statement) => !sharedMatches.excepted.has(statement)),
    roots,
    [],
    callers,
  );
  const matching = groupsOf(sharedMatches.applying, roots, names.roles, callers);
  const groups = [general, accountGroups, matching];
  const access = {
    candidates: index.candidatesFor(kind, roots).filter((statement) => onAction.has(statement)),
    certainDenials: groups.flatMap(({ certainDenials }) => certainDenials),
    denials: groups.flatMap(({ denials }) => denials),
    granted: groups.flatMap(({ granted }) => granted),
    leftToIam: groups.flatMap(({ leftToIam }) => leftToIam),
  };
  accesses.set(name, access);
  return access;
}

/** The properties that the callers of a group of statements have in common. */
interface Callers {
  readonly example: string;
  readonly hasAccount: boolean;
  readonly isForeign: boolean;
  readonly kind: Kind;
  readonly onAction: ReadonlySet<Statement>;
}

/** Returns the statements of an action that apply to all callers of an account, or of every account, alike. */
function groupsOf(
  candidates: readonly Statement[],
  roots: readonly string[],
  roles: readonly string[],
  { example, hasAccount, isForeign, kind, onAction }: Callers,
): SharedAccess {
  const names = { principal: undefined, roles, roots };
  const applicable = candidates.filter((statement) => onAction.has(statement));
  const facts = factsOf(example, roots[0]);
  const { denials, granted, leftToIam } = sortedByEffect(applicable, names, isForeign, facts);
  return {
    candidates: [],
    certainDenials: denials.filter((denial) =>
      isCertainDenial(denial, names, { facts, hasAccount, isNoException: isOne(kind) }),
    ),
    denials: groupOf(denials),
    granted: groupOf(granted),
    leftToIam: groupOf(leftToIam),
  };
}

function groupOf(statements: readonly Statement[]): readonly StatementGroup[] {
  return statements.length === 0 ? [] : [new StatementGroup(new Set(statements))];
}

/**
 * Sorts the statements that apply to a principal by their effect. Leaves out a statement if no request of the principal meets its
 * conditions.
 */
function sortedByEffect(candidates: readonly Statement[], names: Names, isForeign: boolean, facts: Facts) {
  const applicable = candidates.flatMap((statement) => {
    const through = deciderFor(statement, names);
    const isLeftOut =
      outcomeOf(statement, facts) === "unmet" || (through === "key policy" && excludesPrincipal(statement, names));
    return through === undefined || isLeftOut ? [] : [{ statement, through }];
  });
  const allowing = applicable.filter(({ statement }) => statement.Effect === "Allow");
  const isGranted = ({ through }: Way): boolean => isForeign || through === "key policy";
  const statementsIn = (ways: readonly Way[]) => ways.map(({ statement }) => statement);
  return {
    denials: statementsIn(applicable.filter(({ statement }) => statement.Effect === "Deny")),
    granted: statementsIn(allowing.filter(isGranted)),
    leftToIam: statementsIn(allowing.filter((way) => !isGranted(way))),
  };
}

/**
 * Whether a condition on aws:PrincipalArn excludes a principal, such as a root or a federated user. Denials and statements for the
 * account do not count as excluded: they also apply to the account's roles and users, for which the root stands.
 */
function excludesPrincipal(statement: Statement, { principal = "" }: Names): boolean {
  return (
    statement.Effect === "Allow" &&
    accountOf(principal) !== undefined &&
    outcomeOf(statement, { "aws:principalarn": principal }) === "unmet"
  );
}

/**
 * Whether a statement denies every request of its callers. With `isNoException`, the test of aws:PrincipalArn is ignored, because
 * the ARNs of the callers pass it.
 */
function isCertainDenial(
  statement: Statement,
  names: Names,
  {
    facts,
    hasAccount,
    isNoException,
  }: { readonly facts: Facts; readonly hasAccount: boolean; readonly isNoException: boolean },
): boolean {
  const passed = isNoException ? arnTest(statement) : undefined;
  const tests = conditionTests(statement).filter((test) => test !== passed);
  return (
    statement.Effect === "Deny" &&
    deciderFor(statement, names) !== undefined &&
    // Callers without an account, such as everybody or an organization, can be of the account that a statement excepts.
    (hasAccount || !awsPrincipals(statement.NotPrincipal).some((other) => isRoot(other) || isAccount(other))) &&
    testsOutcome(tests, facts) === "met"
  );
}

/** Returns the known part of a principal's requests for an action, and whether a request can have a condition key. */
export function requestFacts(principal: string, action: string) {
  return {
    facts: factsOf(principal, accountOf(principal)),
    isPossible: (key: string): boolean => canHaveConditionKey(action, key),
  };
}

/** Returns the facts of the requests of an account's principals. */
const accountFacts = memoized((account): Facts => ({
  ...AS_IDENTITY,
  "aws:principalaccount": account,
  "kms:calleraccount": account,
}));

/**
 * Returns the facts of a principal's requests: the account and, for a role, a user or a pattern of their ARNs, aws:PrincipalArn. A
 * service has facts of its own.
 * Everybody (`*`) has no facts, because only everybody includes services.
 */
function factsOf(principal: string, account: string | undefined): Facts {
  if (principal === "*") {
    return {};
  }
  if (isService(principal)) {
    return AS_SERVICE;
  }
  const facts = account === undefined ? AS_IDENTITY : accountFacts(account);
  const organization = organizationOf(principal);
  if (organization !== undefined) {
    return { ...facts, "aws:principalorgid": organization };
  }
  return isIdentity(principal) ? { ...facts, "aws:principalarn": principal } : facts;
}

/** Cache of mayBeDenied, by the statements on the action. */
const MAYBE_DENIED = new WeakMap<ReadonlySet<Statement>, boolean>();

/** Whether a statement that is not evaluable may deny an action. */
export function mayBeDenied(statements: readonly Statement[], action: string): boolean {
  const onAction = PolicyIndex.forStatements(statements).statementsOn(action);
  return cachedFor(MAYBE_DENIED, onAction, () =>
    [...onAction].some((statement) => statement.Effect === "Deny" && !isEvaluable(statement)),
  );
}

function cachedFor<K extends object, T>(cache: WeakMap<K, T>, key: K, compute: () => T): T {
  const cached = cache.get(key);
  if (cached !== undefined) {
    return cached;
  }
  const value = compute();
  cache.set(key, value);
  return value;
}

/** Whether a table with IAM principals and ABILITIES shows the whole statement. A statement with an empty list has no row. */
export function fitsTable(statement: Statement): boolean {
  const { Action, NotPrincipal, Principal = NotPrincipal ?? {} } = statement;
  const principals = awsPrincipals(Principal);
  const hasOnlyIamPrincipals = typeof Principal === "string" || Object.keys(Principal).every((kind) => kind === "AWS");
  return (
    isEvaluable(statement) &&
    hasOnlyIamPrincipals &&
    principals.length > 0 &&
    Action?.length !== 0 &&
    asArray(Action).every(matchesAbility) &&
    !principals.some(isPattern)
  );
}

/** Whether a pattern of actions matches an action of ABILITIES. */
const matchesAbility = memoized((pattern) => ABILITY_ACTIONS.some((action) => matchesActionPattern(pattern, action)));

/** Cache of principalsOf. */
const ROWS = new WeakMap<readonly Statement[], readonly string[]>();

/**
 * Returns the principals for which a table of the policy has rows, in order: ARNs, patterns and organizations from conditions, and
 * `*` for everybody.
 */
export function principalsOf(statements: readonly Statement[]): readonly string[] {
  return cachedFor(ROWS, statements, () => readRows(statements));
}

/**
 * Returns the account that counts for roles and users whose account the plan does not show. It is the account of the key, or else
 * of the only root in the key policy; undefined if neither is known.
 */
export function accountOfCallers(keyAccount: string | undefined, statements: readonly Statement[]): string | undefined {
  const [account, ...others] = new Set(principalsOf(statements).filter(isRoot).map(accountOf));
  return keyAccount ?? (others.length === 0 ? account : undefined);
}

function readRows(statements: readonly Statement[]): readonly string[] {
  const evaluable = statements.filter(isEvaluable);
  const principals = evaluable.flatMap((statement) => [...principalsIn(statement)]);
  const refused = new Set(evaluable.flatMap(({ Principal }) => awsPrincipals(Principal)).filter(isPattern));
  const partition = principals.find((principal) => principal.startsWith("arn:"))?.split(":")[1];
  const arns = principals
    .filter((principal) => !refused.has(principal))
    .map((principal) => asArn(principal, partition));
  return [...new Set(arns)].sort();
}

/** Returns the policies that decide whether a statement applies to a principal; undefined if it does not. */
function deciderFor(statement: Statement, names: Names): Way["through"] | undefined {
  const { principal } = names;
  const match = matchOf(namedPrincipals(statement), names);
  if (statement.NotPrincipal !== undefined) {
    return match === undefined ? "key policy" : undefined;
  }
  const rows = principalsIn(statement);
  const isOfOtherRow =
    statement.Effect === "Allow" &&
    principal !== undefined &&
    isClass(principal) &&
    !rows.has("*") &&
    !rows.has(principal);
  return isOfOtherRow && match === "key policy" ? undefined : match;
}

/** Converts an account ID to the ARN of the account's root. Returns any other principal unchanged. */
function asArn(principal: string, partition = "aws"): string {
  return isAccount(principal) ? `arn:${partition}:iam::${principal}:root` : principal;
}
