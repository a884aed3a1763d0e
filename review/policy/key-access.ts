import { ABILITY_ACTIONS, CONTEXT_ACTIONS, CROSS_ACCOUNT_ACTIONS } from "./abilities";
import { type Facts, outcomeOf } from "./condition";
import { matchOf, type Names, PolicyIndex } from "./policy-index";
import {
  accountOf,
  isAccount,
  isClass,
  isIdentity,
  isPattern,
  isRoot,
  namedIn,
  organizationOf,
  principalsIn,
} from "./principals";
import { asArray, awsPrincipals, isEvaluable, matchesAction, type Statement } from "./statement";

/** A statement that allows an action under its conditions. */
export interface Way {
  readonly statement: Statement;
  /**
   * Whether the key policy decides by itself, or leaves it to the IAM policies of the key's account, as a statement for
   * the account's root does; the IAM policies of another account must allow it, too.
   */
  readonly through: "key policy" | "IAM" | "other account";
}

/** The access of a principal to an action. */
export interface Access {
  /** At least one; each is enough. */
  readonly ways: readonly Way[];
  /** The statements that deny it under conditions. One that always denies it leaves no access. */
  readonly unless: readonly Statement[];
}

/**
 * The access that a key policy gives to a principal; undefined if it gives none. Only evaluable statements count.
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
  const ofAction = PolicyIndex.of(statements).statementsOn(action);
  const accesses = cachedFor(isForeign ? FOREIGN_ACCESSES : ACCESSES, ofAction, (): Accesses => new Map());
  if (!accesses.has(principal)) {
    accesses.set(principal, readAccess(statements, ofAction, principal, isForeign));
  }
  return accesses.get(principal);
}

type Accesses = Map<string, Access | undefined>;

/** The accesses of principals to the actions of a set of statements, of the key's account and of others. */
const ACCESSES = new WeakMap<ReadonlySet<Statement>, Accesses>();
const FOREIGN_ACCESSES = new WeakMap<ReadonlySet<Statement>, Accesses>();

function readAccess(
  statements: readonly Statement[],
  ofAction: ReadonlySet<Statement>,
  principal: string,
  isForeign: boolean,
): Access | undefined {
  const callerAccount = accountOf(principal);
  const facts = factsOf(principal, callerAccount);
  const applicable = waysOf(statements, principal).filter(
    ({ statement }) => ofAction.has(statement) && outcomeOf(statement, facts) !== "unmet",
  );
  const denying = applicable.filter(({ statement }) => statement.Effect === "Deny").map(({ statement }) => statement);
  // Everybody, or an organization, includes the callers of an account that a statement excepts.
  const isCertain = (statement: Statement): boolean =>
    outcomeOf(statement, facts) === "met" &&
    (callerAccount !== undefined ||
      !awsPrincipals(statement.NotPrincipal).some((other) => isRoot(other) || isAccount(other)));
  if (denying.some(isCertain)) {
    return undefined;
  }
  const ways = applicable
    .filter(({ statement }) => statement.Effect === "Allow")
    .map((way): Way => (isForeign ? { ...way, through: "other account" } : way));
  return ways.length === 0 ? undefined : { unless: denying, ways };
}

/** The known part of a principal's requests for an action, and whether a request can have a condition key. */
export function requestFacts(principal: string, action: string) {
  return {
    facts: factsOf(principal, accountOf(principal)),
    isPossible: (key: string): boolean => !key.startsWith("kms:encryptioncontext") || CONTEXT_ACTIONS.includes(action),
  };
}

/** The facts of a principal's requests: its account and, of a role, user or pattern of them, aws:PrincipalArn. */
function factsOf(principal: string, account: string | undefined): Facts {
  const organization = organizationOf(principal);
  return {
    ...(account !== undefined && { "aws:principalaccount": account, "kms:calleraccount": account }),
    ...(isIdentity(principal) && { "aws:principalarn": principal }),
    ...(organization !== undefined && { "aws:principalorgid": organization }),
  };
}

/** The statements of a policy that apply to each principal. */
const WAYS = new WeakMap<readonly Statement[], Map<string, readonly Way[]>>();
/** Whether a statement of a set may deny its actions. */
const MAYBE_DENIED = new WeakMap<ReadonlySet<Statement>, boolean>();

/** Whether a statement that is not evaluable may deny an action. */
export function mayBeDenied(statements: readonly Statement[], action: string): boolean {
  const ofAction = PolicyIndex.of(statements).statementsOn(action);
  return cachedFor(MAYBE_DENIED, ofAction, () =>
    [...ofAction].some((statement) => statement.Effect === "Deny" && !isEvaluable(statement)),
  );
}

/** The statements of a policy that apply to a principal, and how. */
function waysOf(statements: readonly Statement[], principal: string): readonly Way[] {
  const ways = cachedFor(WAYS, statements, () => new Map<string, readonly Way[]>());
  const known = ways.get(principal) ?? readWays(statements, principal);
  ways.set(principal, known);
  return known;
}

function readWays(statements: readonly Statement[], principal: string): readonly Way[] {
  const index = PolicyIndex.of(statements);
  const names = index.namesOf(principal);
  return index.candidatesFor(names).flatMap((statement): Way[] => {
    const through = deciderFor(statement, names);
    return through === undefined ? [] : [{ statement, through }];
  });
}

function cachedFor<K extends object, T>(cache: WeakMap<K, T>, key: K, compute: () => T): T {
  const value = cache.get(key) ?? compute();
  cache.set(key, value);
  return value;
}

/** Whether a table of IAM principals and ABILITIES shows all of a statement. */
export function fitsTable(statement: Statement): boolean {
  const { NotPrincipal, Principal = NotPrincipal ?? {} } = statement;
  const hasOnlyIamPrincipals = typeof Principal === "string" || Object.keys(Principal).every((kind) => kind === "AWS");
  const hasOnlyAbilities = asArray(statement.Action).every((pattern) =>
    ABILITY_ACTIONS.some((action) => matchesAction({ Action: pattern, Effect: "Allow" }, action)),
  );
  return (
    isEvaluable(statement) && hasOnlyIamPrincipals && hasOnlyAbilities && !awsPrincipals(Principal).some(isPattern)
  );
}

/** The principals of the rows of each policy. */
const ROWS = new WeakMap<readonly Statement[], readonly string[]>();

/** The principals of the rows of a policy, in order: ARNs, patterns and organizations of conditions, and `*` for everybody. */
export function principalsOf(statements: readonly Statement[]): readonly string[] {
  return cachedFor(ROWS, statements, () => readRows(statements));
}

function readRows(statements: readonly Statement[]): readonly string[] {
  const evaluable = statements.filter(isEvaluable);
  const named = evaluable.flatMap((statement) => [...principalsIn(statement)]);
  const refused = new Set(evaluable.flatMap(({ Principal }) => awsPrincipals(Principal)).filter(isPattern));
  const partition = named.find((principal) => principal.startsWith("arn:"))?.split(":")[1];
  const arns = named.filter((principal) => !refused.has(principal)).map((principal) => asArn(principal, partition));
  return [...new Set(arns)].sort();
}

/** The policies that decide whether a statement applies to a principal; undefined if it does not. */
function deciderFor(statement: Statement, names: Names): Way["through"] | undefined {
  const { principal } = names;
  const match = matchOf(namedIn(statement), names);
  if (statement.NotPrincipal !== undefined) {
    return match === undefined ? "key policy" : undefined;
  }
  const rows = principalsIn(statement);
  const isOfOtherRow = statement.Effect === "Allow" && isClass(principal) && !rows.has("*") && !rows.has(principal);
  return isOfOtherRow && match === "key policy" ? undefined : match;
}

/** An account ID stands for the account's root, in the partition of the others. */
function asArn(principal: string, partition = "aws"): string {
  return isAccount(principal) ? `arn:${partition}:iam::${principal}:root` : principal;
}
