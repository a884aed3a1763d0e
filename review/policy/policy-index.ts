import { groupBy } from "../../modules/private/group-by";
import { conditionTests } from "./condition";
import { accountOf, isAccount, isRoot, namedIn, principalsIn } from "./principals";
import { positionsOf } from "./statement-list";
import { isEvaluable, matchesAction, type Statement } from "./statement";

/** The names that a policy can have for a principal. */
export interface Names {
  /** Undefined for any caller of the account. */
  readonly principal: string | undefined;
  /** The roles in the policy that a session may be of: the ARN of a session has no path of its role. */
  readonly roles: readonly string[];
  /** The names of the root of its account. */
  readonly roots: readonly string[];
}

/** The kind of a principal. */
export interface Kind {
  readonly isClass: boolean;
  readonly isIdentity: boolean;
}

/**
 * The callers that a statement applies to in the same way: those of every account, those of one account, or each principal in
 * its own way.
 */
type Scope = "account" | "everybody" | "principal";

/**
 * The evaluable statements of a key policy by principals and actions. A policy can have thousands of both, so each principal
 * is compared only with the statements that can apply to it in a way of its own.
 */
export class PolicyIndex {
  private static readonly indexes = new WeakMap<readonly Statement[], PolicyIndex>();

  /** The statements that apply to every caller, but for exceptions that name principals. */
  public readonly forEverybody: readonly Statement[];
  public readonly positions: ReadonlyMap<Statement, number>;

  private readonly byAction = new Map<string, ReadonlySet<Statement>>();
  /** The statements that apply to accounts, by the names of their roots. */
  private readonly byRoot: ReadonlyMap<string, readonly Statement[]>;
  /** The statements whose conditions or exceptions can choose accounts. */
  private readonly choosingAccounts: readonly Statement[];
  /** One set for all actions that the same statements apply to. */
  private readonly distinctSets = new Map<string, ReadonlySet<Statement>>();
  /** The statements with NotPrincipal by the principals that they except. */
  private readonly excepting: ReadonlyMap<string, readonly Statement[]>;
  /** The statements with NotPrincipal that apply to each principal in its own way. */
  private readonly exceptingByPrincipal: readonly Statement[];
  /** The statements for everybody that apply to no identity but those of an ARN that is their name here. */
  private readonly limitedToArns: readonly Statement[];
  /** The statements that allow everybody within another limit, which is their name here. */
  private readonly limitedToClasses: readonly Statement[];
  /** The statements with Principal by their names, but for those of accounts and of everybody. */
  private readonly naming: ReadonlyMap<string, readonly Statement[]>;
  /** The names of roles by the beginnings of the ARNs of their sessions. */
  private readonly roles: ReadonlyMap<string | undefined, readonly string[]>;

  private constructor(private readonly statements: readonly Statement[]) {
    const entries = statements
      .filter(isEvaluable)
      .map((statement) => ({ scope: scopeOf(statement), statement, ...indexNames(statement) }));
    const select = (isSelected: (entry: (typeof entries)[number]) => boolean): readonly Statement[] =>
      entries.filter(isSelected).map(({ statement }) => statement);
    const isExcepting = ({ statement }: { readonly statement: Statement }): boolean =>
      statement.NotPrincipal !== undefined;
    const naming = entries.filter((entry) => !isExcepting(entry) && entry.scope !== "everybody");
    const ofAccounts = naming.filter(({ scope }) => scope === "account");
    this.positions = positionsOf(statements);
    this.forEverybody = select(({ scope }) => scope === "everybody");
    this.choosingAccounts = select(
      (entry) => entry.scope === "account" && (isExcepting(entry) || entry.names.includes("*")),
    );
    this.exceptingByPrincipal = select((entry) => entry.scope === "principal" && isExcepting(entry));
    this.limitedToArns = select((entry) => entry.limit === "ARNs");
    this.limitedToClasses = select((entry) => entry.limit === "classes");
    this.excepting = byName(
      entries.filter(isExcepting).map((entry) => ({ ...entry, names: [...namedIn(entry.statement)] })),
    );
    this.byRoot = byName(ofAccounts.map((entry) => ({ ...entry, names: entry.names.filter(namesAccount) })));
    this.naming = byName(
      naming.map(({ names, scope, statement }) => ({
        names: scope === "principal" ? names : names.filter((name) => name !== "*" && !namesAccount(name)),
        statement,
      })),
    );
    this.roles = groupBy([...new Set([...this.naming.keys(), ...this.excepting.keys()])], sessionsOf);
  }

  public static of(statements: readonly Statement[]): PolicyIndex {
    const index = PolicyIndex.indexes.get(statements) ?? new PolicyIndex(statements);
    PolicyIndex.indexes.set(statements, index);
    return index;
  }

  public namesOf(principal: string): Names {
    const account = accountOf(principal);
    const [, session] = /^(arn:[^:]+:sts::\d{12}:assumed-role\/[^/]+\/)/.exec(principal) ?? [];
    return {
      principal,
      roles: session === undefined ? [] : (this.roles.get(session) ?? []),
      roots: account === undefined ? [] : [account, `arn:${principal.split(":")[1]}:iam::${account}:root`],
    };
  }

  /** The statements that can apply to all callers of an account alike, and not to those of every account. */
  public candidatesForAccount(roots: readonly string[]): readonly Statement[] {
    return [...new Set([...this.choosingAccounts, ...roots.flatMap((root) => this.byRoot.get(root) ?? [])])];
  }

  /** The statements that name a principal. */
  public candidatesNaming(principal: string, { roles }: Names): readonly Statement[] {
    return [...new Set([principal, ...roles].flatMap((name) => this.naming.get(name) ?? []))];
  }

  /**
   * The statements that do not name a principal, and can apply to it in another way than to the other callers of its account. They
   * are the same for all principals of a kind and an account.
   */
  public candidatesFor({ isClass: isOfClass, isIdentity: isOfIdentity }: Kind, roots: readonly string[]) {
    return [
      ...new Set([
        ...["*", ...roots].flatMap((name) => this.naming.get(name) ?? []),
        ...(isOfClass ? [] : this.limitedToClasses),
        ...(isOfIdentity && !isOfClass ? [] : this.limitedToArns),
        ...this.exceptingByPrincipal,
      ]),
    ];
  }

  /** The statements with NotPrincipal that except a principal by a name of its own. */
  public excepts(principal: string, { roles }: Names): readonly Statement[] {
    return [principal, ...roles].flatMap((name) => this.excepting.get(name) ?? []);
  }

  /** The statements of an action: the same set for all actions of the same statements. */
  public statementsOn(action: string): ReadonlySet<Statement> {
    const known = this.byAction.get(action);
    if (known) {
      return known;
    }
    const matches = this.statements.map((statement) => matchesAction(statement, action));
    const content = matches.map(Number).join("");
    const set = this.distinctSets.get(content) ?? new Set(this.statements.filter((_, position) => matches[position]));
    this.distinctSets.set(content, set);
    this.byAction.set(action, set);
    return set;
  }
}

/** The way in which a list of principals matches one: by its name or everybody's, or by its account. */
export function matchOf(
  named: ReadonlySet<string>,
  { principal, roles, roots }: Names,
): "key policy" | "IAM" | undefined {
  const isNamed = principal !== undefined && named.has(principal);
  if (named.has("*") || (isNamed && !isRoot(principal)) || roles.some((role) => named.has(role))) {
    return "key policy";
  }
  return isNamed || roots.some((root) => named.has(root)) ? "IAM" : undefined;
}

const KEYS_OF_PRINCIPALS = ["aws:principalarn", "aws:principalorgid"];
const KEYS_OF_ACCOUNTS = ["aws:principalaccount", "kms:calleraccount"];

function scopeOf(statement: Statement): Scope {
  const named = [...namedIn(statement)];
  const hasTestOf = (keys: readonly string[]) => conditionTests(statement).some(({ key }) => keys.includes(key));
  const isForAll = statement.NotPrincipal !== undefined || named.includes("*");
  const isForAccount = named.some(namesAccount);
  if (hasTestOf(KEYS_OF_PRINCIPALS) || !(isForAll || isForAccount)) {
    return "principal";
  }
  const exceptsEverybody = statement.NotPrincipal !== undefined && named.includes("*");
  const choosesAccount = exceptsEverybody || hasTestOf(KEYS_OF_ACCOUNTS) || (isForAccount && !named.includes("*"));
  return isForAll && !choosesAccount ? "everybody" : "account";
}

/** Whether a name of a policy is an account or its root. */
function namesAccount(name: string): boolean {
  return isAccount(name) || (isRoot(name) && accountOf(name) !== undefined);
}

function byName(
  entries: readonly { readonly names: readonly string[]; readonly statement: Statement }[],
): ReadonlyMap<string, readonly Statement[]> {
  const pairs = entries.flatMap(({ names, statement }) => names.map((name) => ({ name, statement })));
  return new Map(
    [...groupBy(pairs, ({ name }) => name)].map(([name, group]) => [name, group.map(({ statement }) => statement)]),
  );
}

type Limit = "ARNs" | "classes" | undefined;

/** The names under which the index has a statement, and the limit of its callers if it is for everybody. */
function indexNames(statement: Statement): { readonly limit: Limit; readonly names: readonly string[] } {
  const [named, rows] = [namedIn(statement), principalsIn(statement)];
  const arns = arnsOfCallers(statement);
  if (!named.has("*")) {
    return { limit: undefined, names: [...rows] };
  }
  if (arns !== undefined) {
    return { limit: "ARNs", names: [...new Set([...named, ...rows, ...arns])].filter((name) => name !== "*") };
  }
  return { limit: rows.has("*") ? undefined : "classes", names: [...rows] };
}

/** The ARNs to one of which a condition limits the identities of a statement. */
function arnsOfCallers(statement: Statement): readonly string[] | undefined {
  const test = conditionTests(statement).find(
    ({ isNegated, key, operator, values }) =>
      key === "aws:principalarn" &&
      !isNegated &&
      ["ArnEquals", "ArnLike", "StringEquals", "StringLike"].includes(operator) &&
      !values.some((value) => /[*?]|\$\{/.test(value)),
  );
  return test?.values;
}

/** The beginning of the ARNs of the sessions of a role; undefined for another principal. */
function sessionsOf(principal: string): string | undefined {
  const [, partition, account, name] = /^arn:([^:]+):iam::(\d{12}):role\/(?:.*\/)?([^/]*)$/s.exec(principal) ?? [];
  return name === undefined ? undefined : `arn:${partition}:sts::${account}:assumed-role/${name}/`;
}
