import { ABILITY_ACTIONS, CROSS_ACCOUNT_ACTIONS } from "./abilities";
import { type Facts, outcomeOf } from "./condition";
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
 * @param principal - the ARN of an IAM role, an IAM user or an account root
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
  const facts = factsOf(principal, callerAccount);
  const ofAction = statementsOn(statements, action);
  const applicable = waysOf(statements, principal).filter(
    ({ statement }) => ofAction.has(statement) && outcomeOf(statement, facts) !== "unmet",
  );
  const denying = applicable.filter(({ statement }) => statement.Effect === "Deny").map(({ statement }) => statement);
  if (denying.some((statement) => outcomeOf(statement, facts) === "met")) {
    return undefined;
  }
  const ways = applicable
    .filter(({ statement }) => statement.Effect === "Allow")
    .map((way): Way => (isForeign ? { ...way, through: "other account" } : way));
  return ways.length === 0 ? undefined : { unless: denying, ways };
}

/** The facts of a principal's requests that follow from its ARN: its account and, of a role or user, aws:PrincipalArn. */
function factsOf(principal: string, account: string | undefined): Facts {
  const isRoleOrUser = /^arn:[^:]+:iam::\d{12}:(role|user)\//.test(principal);
  return {
    ...(account !== undefined && { "aws:principalaccount": account, "kms:calleraccount": account }),
    ...(isRoleOrUser && { "aws:principalarn": principal }),
  };
}

export function accountOf(principal: string): string | undefined {
  return /^\d{12}$/.test(principal) ? principal : /^arn:[^:]+:(?:iam|sts)::(\d{12}):/.exec(principal)?.[1];
}

/** The statements of a policy for one action, or for one principal, are computed once. */
const BY_ACTION = new WeakMap<readonly Statement[], Map<string, ReadonlySet<Statement>>>();
const BY_PRINCIPAL = new WeakMap<readonly Statement[], Map<string, readonly Way[]>>();

function statementsOn(statements: readonly Statement[], action: string): ReadonlySet<Statement> {
  return cached(
    BY_ACTION,
    statements,
    action,
    () => new Set(statements.filter((statement) => matchesAction(statement, action))),
  );
}

/** The statements of a policy that apply to a principal, and how. */
function waysOf(statements: readonly Statement[], principal: string): readonly Way[] {
  return cached(BY_PRINCIPAL, statements, principal, () =>
    statements.filter(isEvaluable).flatMap((statement): Way[] => {
      const through = deciderFor(statement, principal);
      return through === undefined ? [] : [{ statement, through }];
    }),
  );
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
 * Whether the principals of a statement are listed, and its resource is the key. NotPrincipal lists nobody. Another resource than
 * `*` may be another key. A statement without a resource has no effect.
 *
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html
 */
export function isEvaluable({ NotPrincipal, Principal, Resource }: Statement): boolean {
  return asArray(Resource).includes("*") && Principal !== undefined && NotPrincipal === undefined;
}

/** Whether a table of IAM principals and ABILITIES shows all of a statement. */
export function fitsTable(statement: Statement): boolean {
  const { Principal = {} } = statement;
  const hasOnlyIamPrincipals = typeof Principal === "string" || Object.keys(Principal).every((kind) => kind === "AWS");
  const hasOnlyAbilities = asArray(statement.Action).every((pattern) =>
    ABILITY_ACTIONS.some((action) => matchesAction({ Action: pattern, Effect: "Allow" }, action)),
  );
  return (
    isEvaluable(statement) && hasOnlyIamPrincipals && hasOnlyAbilities && !awsPrincipals(Principal).some(isPattern)
  );
}

/** The principals that a policy names, in order: ARNs, and `*` if it names everybody. */
export function principalsOf(statements: readonly Statement[]): readonly string[] {
  const named = statements.filter(isEvaluable).flatMap(({ Principal }) => awsPrincipals(Principal));
  const partition = named.find((principal) => principal.startsWith("arn:"))?.split(":")[1];
  const arns = named.filter((principal) => !isPattern(principal)).map((principal) => asArn(principal, partition));
  return [...new Set(arns)].sort();
}

/** Whether a principal is the root of an account, also of one that is not known. */
export function isRoot(principal: string): boolean {
  return /:root$|^the root /.test(principal);
}

/** Whether a principal has a wildcard, which KMS refuses. */
export function isPattern(principal: string): boolean {
  return principal !== "*" && /[*?]/.test(principal);
}

/** The principals of a statement are read once. */
const NAMED_PRINCIPALS = new WeakMap<Statement, ReadonlySet<string>>();

/** The policies that decide whether a statement applies to a principal; undefined if it does not. */
function deciderFor(statement: Statement, principal: string): Way["through"] | undefined {
  const named = NAMED_PRINCIPALS.get(statement) ?? new Set(awsPrincipals(statement.Principal));
  NAMED_PRINCIPALS.set(statement, named);
  // arn:PARTITION:iam::ACCOUNT:…
  const [, partition, , , account, name = ""] = principal.split(":");
  const [, role] = /^assumed-role\/([^/]+)\//.exec(name) ?? [];
  const isSessionRole = (arn: string): boolean =>
    arn.startsWith(`arn:${partition}:iam::${account}:role/`) && arn.split("/").at(-1) === role;
  const isNamed = named.has("*") || (named.has(principal) && !isRoot(principal));
  if (isNamed || (role !== undefined && [...named].some(isSessionRole))) {
    return "key policy";
  }
  const roots = [principal, account ?? "", `arn:${partition}:iam::${account}:root`];
  return roots.some((root) => named.has(root)) ? "IAM" : undefined;
}

/** An account ID stands for the account's root, in the partition of the others. */
function asArn(principal: string, partition = "aws"): string {
  return /^\d{12}$/.test(principal) ? `arn:${partition}:iam::${principal}:root` : principal;
}
