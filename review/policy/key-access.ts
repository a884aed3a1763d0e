import { ABILITY_ACTIONS, CROSS_ACCOUNT_ACTIONS } from "./abilities";
import { type Facts, outcomeOf } from "./condition";
import { accountOf, isAccount, isClass, isPattern, isRoot, namedIn, organizationOf, principalsIn } from "./principals";
import { asArray, awsPrincipals, matchesAction, type Statement } from "./statement";

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
  const facts = cached(FACTS, statements, principal, () => factsOf(principal, callerAccount));
  const ofAction = statementsOn(statements, action);
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

/** The facts of a principal's requests: its account and, of a role, user or pattern of them, aws:PrincipalArn. */
function factsOf(principal: string, account: string | undefined): Facts {
  const organization = organizationOf(principal);
  const isIdentity = /^arn:[^:]+:(?:iam::\d{12}:(?:role|user)|sts::\d{12}:assumed-role)\//.test(principal);
  return {
    ...(account !== undefined && { "aws:principalaccount": account, "kms:calleraccount": account }),
    ...(isIdentity && { "aws:principalarn": principal }),
    ...(organization !== undefined && { "aws:principalorgid": organization }),
  };
}

/** The results for one action, or for one principal, are computed once for each policy. */
const BY_ACTION = new WeakMap<readonly Statement[], Map<string, ReadonlySet<Statement>>>();
const BY_PRINCIPAL = new WeakMap<readonly Statement[], Map<string, readonly Way[]>>();
const FACTS = new WeakMap<readonly Statement[], Map<string, Facts>>();
const MAYBE_DENIED = new WeakMap<readonly Statement[], Map<string, boolean>>();
/** The positions of the statements that name or except a principal. */
const POSITIONS = new WeakMap<readonly Statement[], ReadonlyMap<string, readonly number[]>>();

function statementsOn(statements: readonly Statement[], action: string): ReadonlySet<Statement> {
  return cached(
    BY_ACTION,
    statements,
    action,
    () => new Set(statements.filter((statement) => matchesAction(statement, action))),
  );
}

/** Whether a statement that is not evaluable may deny an action. */
export function mayBeDenied(statements: readonly Statement[], action: string): boolean {
  return cached(MAYBE_DENIED, statements, action, () =>
    [...statementsOn(statements, action)].some((statement) => statement.Effect === "Deny" && !isEvaluable(statement)),
  );
}

/** The statements of a policy that apply to a principal, and how. */
function waysOf(statements: readonly Statement[], principal: string): readonly Way[] {
  return cached(BY_PRINCIPAL, statements, principal, () =>
    statementsNaming(statements, namesOf(statements, principal)).flatMap((statement): Way[] => {
      const through = deciderFor(statement, principal);
      return through === undefined ? [] : [{ statement, through }];
    }),
  );
}

/** The evaluable statements that name or except one of these principals, in the order of the policy. */
function statementsNaming(statements: readonly Statement[], names: readonly string[]): readonly Statement[] {
  const positions = positionsIn(statements);
  const found = new Set(names.flatMap((name) => positions.get(name) ?? []));
  return [...found].sort((one, other) => one - other).map((position) => statements[position]!);
}

function positionsIn(statements: readonly Statement[]): ReadonlyMap<string, readonly number[]> {
  const known = POSITIONS.get(statements);
  if (known) {
    return known;
  }
  const positions = new Map<string, number[]>();
  statements.forEach((statement, position) => {
    // A statement with NotPrincipal may apply to any principal.
    const names = statement.NotPrincipal === undefined ? namedIn(statement) : ["*"];
    for (const name of isEvaluable(statement) ? names : []) {
      const named = positions.get(name) ?? [];
      named.push(position);
      positions.set(name, named);
    }
  });
  POSITIONS.set(statements, positions);
  return positions;
}

function cached<T>(
  cache: WeakMap<readonly Statement[], Map<string, T>>,
  statements: readonly Statement[],
  key: string,
  compute: () => T,
): T {
  const values = cache.get(statements) ?? new Map<string, T>();
  cache.set(statements, values);
  const value = values.get(key) ?? compute();
  values.set(key, value);
  return value;
}

/**
 * Whether a statement has principals, and its resource is the key. Another resource than `*` may be another key. A statement
 * without a resource has no effect.
 *
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html
 */
export function isEvaluable({ NotPrincipal, Principal, Resource }: Statement): boolean {
  return asArray(Resource).includes("*") && (Principal !== undefined || NotPrincipal !== undefined);
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

/** The principals of the rows of a policy, in order: ARNs, patterns and organizations of conditions, and `*` for everybody. */
export function principalsOf(statements: readonly Statement[]): readonly string[] {
  const evaluable = statements.filter(isEvaluable);
  const named = evaluable.flatMap((statement) => [...principalsIn(statement)]);
  const refused = new Set(evaluable.flatMap(({ Principal }) => awsPrincipals(Principal)).filter(isPattern));
  const partition = named.find((principal) => principal.startsWith("arn:"))?.split(":")[1];
  const arns = named.filter((principal) => !refused.has(principal)).map((principal) => asArn(principal, partition));
  return [...new Set(arns)].sort();
}

/** The policies that decide whether a statement applies to a principal; undefined if it does not. */
function deciderFor(statement: Statement, principal: string): Way["through"] | undefined {
  const match = matchOf(namedIn(statement), principal);
  if (statement.NotPrincipal !== undefined) {
    return match === undefined ? "key policy" : undefined;
  }
  const rows = principalsIn(statement);
  const isOfOtherRow = statement.Effect === "Allow" && isClass(principal) && !rows.has("*") && !rows.has(principal);
  return isOfOtherRow && match === "key policy" ? undefined : match;
}

/** The way in which a list of principals matches one: by its name or everybody's, or by its account. */
function matchOf(named: ReadonlySet<string>, principal: string): "key policy" | "IAM" | undefined {
  const isNamed = named.has("*") || (named.has(principal) && !isRoot(principal));
  if (isNamed || rolesOfSession(principal, named).length > 0) {
    return "key policy";
  }
  return [principal, ...rootsOf(principal)].some((root) => named.has(root)) ? "IAM" : undefined;
}

/** The principals in a policy that match one. */
function namesOf(statements: readonly Statement[], principal: string): readonly string[] {
  return ["*", principal, ...rootsOf(principal), ...rolesOfSession(principal, positionsIn(statements))];
}

/** The names of the root of a principal's account. */
function rootsOf(principal: string): readonly string[] {
  const account = accountOf(principal);
  return account === undefined ? [] : [account, `arn:${principal.split(":")[1]}:iam::${account}:root`];
}

/** The roles that a session may be of: the ARN of a session has no path of its role. */
function rolesOfSession(principal: string, named: { keys(): Iterable<string> }): readonly string[] {
  const [, partition, account, role] = /^arn:([^:]+):sts::(\d{12}):assumed-role\/([^/]+)\//.exec(principal) ?? [];
  const isRole = (arn: string): boolean =>
    arn.startsWith(`arn:${partition}:iam::${account}:role/`) && arn.split("/").at(-1) === role;
  return role === undefined ? [] : [...named.keys()].filter(isRole);
}

/** An account ID stands for the account's root, in the partition of the others. */
function asArn(principal: string, partition = "aws"): string {
  return isAccount(principal) ? `arn:${partition}:iam::${principal}:root` : principal;
}
