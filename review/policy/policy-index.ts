import { groupBy } from "../../modules/private/group-by";
import { conditionTests } from "./condition";
import { accountOf, isClass, isIdentity, isRoot, namedIn, principalsIn } from "./principals";
import { isEvaluable, matchesAction, type Statement } from "./statement";

/** The names that a policy can have for a principal. */
export interface Names {
  readonly principal: string;
  /** The roles in the policy that a session may be of: the ARN of a session has no path of its role. */
  readonly roles: readonly string[];
  /** The names of the root of its account. */
  readonly roots: readonly string[];
}

/** Statements with NotPrincipal that differ in their Sids and exceptions only. */
interface ExceptingStatements {
  readonly exceptedByAll: ReadonlySet<string>;
  readonly positions: readonly number[];
}

/**
 * The evaluable statements of a key policy by principals and actions. A policy can have thousands of both, so each principal
 * is compared only with the statements that can apply to it.
 */
export class PolicyIndex {
  private static readonly indexes = new WeakMap<readonly Statement[], PolicyIndex>();

  private readonly byAction = new Map<string, ReadonlySet<Statement>>();
  /** One set for all actions that the same statements apply to. */
  private readonly distinctSets = new Map<string, ReadonlySet<Statement>>();
  private readonly excepting: readonly ExceptingStatements[];
  /** The statements for everybody that apply to no identity but those of an ARN that is their name here. */
  private readonly limitedToArns: readonly number[];
  /** The statements that allow everybody within another limit, which is their name here. */
  private readonly limitedToClasses: readonly number[];
  /** The positions of statements with Principal. */
  private readonly positions: ReadonlyMap<string, readonly number[]>;
  /** The names of roles by the beginnings of the ARNs of their sessions. */
  private readonly roles: ReadonlyMap<string | undefined, readonly string[]>;

  private constructor(private readonly statements: readonly Statement[]) {
    const entries = statements
      .map((statement, position) => ({ position, statement }))
      .filter(({ statement }) => isEvaluable(statement));
    const naming = entries
      .filter(({ statement }) => statement.NotPrincipal === undefined)
      .map((entry) => ({ ...entry, ...indexNames(entry.statement) }));
    const positionsOf = (limit: Limit): readonly number[] =>
      naming.filter((entry) => entry.limit === limit).map(({ position }) => position);
    this.limitedToArns = positionsOf("ARNs");
    this.limitedToClasses = positionsOf("classes");
    const pairs = naming.flatMap(({ names, position }) => names.map((name) => ({ name, position })));
    this.positions = new Map(
      [...groupBy(pairs, ({ name }) => name)].map(([name, group]) => [name, group.map(({ position }) => position)]),
    );
    const excepting = entries.filter(({ statement }) => statement.NotPrincipal !== undefined);
    this.excepting = [...groupBy(excepting, ({ statement }) => contentOf(statement)).values()].map((group) => ({
      exceptedByAll: intersectionOf(group.map(({ statement }) => namedIn(statement))),
      positions: group.map(({ position }) => position),
    }));
    const named = [...this.positions.keys(), ...excepting.flatMap(({ statement }) => [...namedIn(statement)])];
    this.roles = groupBy([...new Set(named)], sessionsOf);
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

  /**
   * The evaluable statements that can apply to a principal, in the order of the policy. One stands for all that apply to it
   * in the same way.
   */
  public candidatesFor(names: Names): readonly Statement[] {
    const { principal, roles, roots } = names;
    const positions = new Set([
      ...["*", principal, ...roots, ...roles].flatMap((name) => this.positions.get(name) ?? []),
      ...(isClass(principal) ? [] : this.limitedToClasses),
      ...(isIdentity(principal) && !isClass(principal) ? [] : this.limitedToArns),
      ...this.excepting.flatMap((group) => this.positionsNotExcepting(group, names)),
    ]);
    return [...positions].sort((one, other) => one - other).map((position) => this.statements[position]!);
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

  private positionsNotExcepting({ exceptedByAll, positions }: ExceptingStatements, names: Names): readonly number[] {
    // A row of callers of no known account shows the exceptions of each statement.
    if (names.roots.length === 0) {
      return positions;
    }
    const first =
      matchOf(exceptedByAll, names) === undefined
        ? positions.find((position) => matchOf(namedIn(this.statements[position]!), names) === undefined)
        : undefined;
    return first === undefined ? [] : [first];
  }
}

/** The way in which a list of principals matches one: by its name or everybody's, or by its account. */
export function matchOf(
  named: ReadonlySet<string>,
  { principal, roles, roots }: Names,
): "key policy" | "IAM" | undefined {
  const isNamed = named.has("*") || (named.has(principal) && !isRoot(principal));
  if (isNamed || roles.some((role) => named.has(role))) {
    return "key policy";
  }
  return named.has(principal) || roots.some((root) => named.has(root)) ? "IAM" : undefined;
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

/** The content of a statement without its Sid and its exceptions. */
function contentOf(statement: Statement): string {
  return JSON.stringify({ ...statement, NotPrincipal: undefined, Sid: undefined });
}

function intersectionOf([first = new Set(), ...others]: readonly ReadonlySet<string>[]): ReadonlySet<string> {
  return others.reduce((common, other) => new Set([...common].filter((name) => other.has(name))), first);
}

/** The beginning of the ARNs of the sessions of a role; undefined for another principal. */
function sessionsOf(principal: string): string | undefined {
  const [, partition, account, name] = /^arn:([^:]+):iam::(\d{12}):role\/(?:.*\/)?([^/]*)$/s.exec(principal) ?? [];
  return name === undefined ? undefined : `arn:${partition}:sts::${account}:assumed-role/${name}/`;
}
