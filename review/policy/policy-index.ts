import { groupBy } from "../../modules/private/group-by";
import { arnTest, type ConditionTest, conditionTests, roleOfSession, testOutcome, withoutRolePath } from "./condition";
import { memoized, memoizedByObject } from "../plan/memoized";
import { PatternIndex } from "./pattern-index";
import { accountOf, isAccount, isClass, isIdentity, isRoot, namedPrincipals, principalsIn } from "./principals";
import { positionsOf } from "./statement-list";
import { filteredByAction, isEvaluable, matchesAction, type Statement } from "./statement";

/** The names that a policy can use for a principal. */
export interface Names {
  /** The ARN or ID of the principal; undefined if it stands for any caller of its account. */
  readonly principal: string | undefined;
  /** The roles in the policy to which a session may belong: the ARN of a session lacks the path of its role. */
  readonly roles: readonly string[];
  /** The names of the root of the principal's account: the account ID and the ARN. Empty for a principal without an account. */
  readonly roots: readonly string[];
}

/** The results of isClass and isIdentity for a principal. */
export interface Kind {
  readonly isClass: boolean;
  readonly isIdentity: boolean;
}

/** The statements that apply to many callers in the same way. */
interface SharedStatements {
  /** The statements that apply to accounts, by the names of their roots. */
  readonly byRoot: ReadonlyMap<string, readonly Statement[]>;
  /** The statements whose conditions or exceptions can choose accounts. */
  readonly choosingAccounts: readonly Statement[];
  /** The statements that apply to every caller, apart from callers that an exception names. */
  readonly forEverybody: readonly Statement[];
}

/**
 * The most statements that are compared with each principal. If there are more, all principals to which these statements apply in
 * the same way share one result.
 */
const MOST_COMPARED = 64;

/** The statements with the same test of aws:PrincipalArn. */
interface ArnTestGroup {
  /** The statements whose principals are everybody or accounts. */
  readonly forAccounts: readonly Statement[];
  readonly forOthers: readonly Statement[];
  readonly position: number;
  readonly test: ConditionTest;
}

/** The statements that apply to a role, user or session because a pattern matches its ARN, or because they name the role of the session. */
export interface Matches {
  /** The statements that are compared with the principal alone. */
  readonly singleStatements: readonly Statement[];
  /** Many statements, which other principals can share. */
  readonly sharedMatches: SharedMatches;
}

/** The statements that principals of one account share. */
export interface SharedMatches {
  readonly applying: readonly Statement[];
  /** The statements that do not apply, although they are for everybody or for the account. */
  readonly excepted: ReadonlySet<Statement>;
  /** The cache key of the principals that share these statements; empty if there are no statements. */
  readonly name: string;
}

const NO_MATCHES: Matches = { singleStatements: [], sharedMatches: { applying: [], excepted: new Set(), name: "" } };

/**
 * The callers to which a statement applies alike: everybody, or all of one account. With `principal`, each principal has to be
 * compared with the statement.
 */
type Scope = "account" | "everybody" | "principal";

/**
 * The evaluable statements of a key policy, by principals and actions. A policy can have thousands of both. So the statements that
 * apply to all principals alike are sorted once, and each principal is compared only with the other statements.
 */
export class PolicyIndex {
  private static readonly indexes = new WeakMap<readonly Statement[], PolicyIndex>();

  public readonly positions: ReadonlyMap<Statement, number>;
  /** Returns the statements on an action. Actions with the same statements share one set. */
  public readonly statementsOn: (action: string) => ReadonlySet<Statement>;
  /** Whether a principal is a role or user that has the access of each other one of its account: no statement chooses single callers. */
  public readonly isLikeOthers = memoized((principal): boolean => {
    const kind = { isClass: isClass(principal), isIdentity: isIdentity(principal) };
    const names = this.namesOf(principal);
    const { sharedMatches, singleStatements } = this.matchesOf(principal, kind);
    const choosing = [
      singleStatements,
      this.candidatesNaming(principal, names),
      this.candidatesFor(kind, names.roots),
      this.excepts(principal, names),
      this.exceptsAccount(names.roots),
    ];
    return isOne(kind) && sharedMatches.name === "" && choosing.every(({ length }) => length === 0);
  });

  /**
   * The statements whose NotPrincipal names an account, if there are many. The argument has the names of the account's root,
   * separated by commas.
   */
  private readonly manyExcepting = memoized((roots) => {
    const excepting = roots.split(",").flatMap((root) => this.excepting.get(root) ?? []);
    return isMany(excepting) ? [...new Set(excepting)] : [];
  });
  /** Cache of readShared, by the name of the principals. */
  private readonly manyMatches = new Map<string, SharedMatches>();
  private readonly matches = memoized((principal) => this.readMatches(principal));
  /** The statements with one test of aws:PrincipalArn, by the values of the test. */
  private readonly byArn: PatternIndex<ArnTestGroup>;
  /** The statements with NotPrincipal by the principals that they except. */
  private readonly excepting: ReadonlyMap<string, readonly Statement[]>;
  /** The statements with NotPrincipal with which each principal has to be compared. */
  private readonly exceptingByPrincipal: readonly Statement[];
  /** The statements for everybody that a condition limits to certain ARNs. `naming` lists these statements under the ARNs. */
  private readonly limitedToArns: readonly Statement[];
  /** The statements that allow everybody within another limit, such as an organization. `naming` lists these statements under the limit. */
  private readonly limitedToClasses: readonly Statement[];
  /**
   * The statements with Principal, by the names in `indexNames`. A statement that applies to all callers of an account alike is not
   * under the account.
   */
  private readonly naming: ReadonlyMap<string, readonly Statement[]>;
  /** The ARNs of roles in the policy, by the beginning of their sessions' ARNs (`arn:…:assumed-role/NAME/`). */
  private readonly roles: ReadonlyMap<string | undefined, readonly string[]>;
  /**
   * The shared statements: for roles, users and sessions (`identities`), and for other principals (`others`). If a condition
   * excludes certain ARNs, all identities with other ARNs share the statement.
   */
  private readonly shared: Readonly<Record<"identities" | "others", SharedStatements>>;

  private constructor(statements: readonly Statement[]) {
    const entries = statements
      .filter(isEvaluable)
      .map((statement) => ({ scope: scopeOf(statement), statement, ...indexNames(statement) }));
    const select = (isSelected: (entry: (typeof entries)[number]) => boolean): readonly Statement[] =>
      entries.filter(isSelected).map(({ statement }) => statement);
    const isExcepting = ({ statement }: { readonly statement: Statement }): boolean =>
      statement.NotPrincipal !== undefined;
    const naming = entries.filter((entry) => !isExcepting(entry));
    const sharedBy = (inScope: (entry: (typeof entries)[number], scope: Scope) => boolean): SharedStatements => {
      const accountEntries = entries.filter((entry) => inScope(entry, "account"));
      return {
        byRoot: byName(
          accountEntries
            .filter((entry) => !isExcepting(entry))
            .map((entry) => ({ ...entry, names: [...namedPrincipals(entry.statement)].filter(namesAccount) })),
        ),
        choosingAccounts: accountEntries
          .filter((entry) => isExcepting(entry) || namedPrincipals(entry.statement).has("*"))
          .map(({ statement }) => statement),
        forEverybody: select((entry) => inScope(entry, "everybody")),
      };
    };
    this.positions = positionsOf(statements);
    const listOn = filteredByAction(statements, matchesAction);
    const setOf = memoizedByObject((list: readonly Statement[]): ReadonlySet<Statement> => new Set(list));
    this.statementsOn = memoized((action) => setOf(listOn(action)));
    this.shared = {
      identities: sharedBy(({ statement }, scope) => scopeForIdentities(statement) === scope),
      others: sharedBy((entry, scope) => entry.scope === scope),
    };
    this.byArn = new PatternIndex(arnTestGroups(entries.map(({ statement }) => statement)).flatMap(arnPatterns));
    this.exceptingByPrincipal = select((entry) => entry.scope === "principal" && isExcepting(entry));
    this.limitedToArns = select((entry) => entry.limit === "ARNs");
    this.limitedToClasses = select((entry) => entry.limit === "classes");
    this.excepting = byName(
      entries.filter(isExcepting).map((entry) => ({ ...entry, names: [...namedPrincipals(entry.statement)] })),
    );
    this.naming = byName(
      naming.map(({ names, scope, statement }) => ({
        names: scope === "principal" ? names : names.filter((name) => name !== "*" && !namesAccount(name)),
        statement,
      })),
    );
    this.roles = groupBy([...new Set([...this.naming.keys(), ...this.excepting.keys()])], sessionsOf);
  }

  public static forStatements(statements: readonly Statement[]): PolicyIndex {
    const cached = PolicyIndex.indexes.get(statements);
    const index = cached ?? new PolicyIndex(statements);
    if (!cached) {
      PolicyIndex.indexes.set(statements, index);
    }
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

  /** Returns the statements that apply to the callers of every account alike, apart from callers that an exception names. */
  public forEverybody(kind: Kind): readonly Statement[] {
    return this.sharedBy(kind).forEverybody;
  }

  /** Returns the statements that can apply to all callers of an account alike, but not to the callers of every account. */
  public candidatesForAccount(kind: Kind, roots: readonly string[]): readonly Statement[] {
    const { byRoot, choosingAccounts } = this.sharedBy(kind);
    return [...new Set([...choosingAccounts, ...roots.flatMap((root) => byRoot.get(root) ?? [])])];
  }

  /** Returns the statements that name a principal or, if the principal is a session of few possible roles, one of these roles. */
  public candidatesNaming(principal: string, { roles }: Names): readonly Statement[] {
    const candidates = [principal, ...(isMany(roles) ? [] : roles)].flatMap((name) => this.naming.get(name) ?? []);
    return [...new Set(candidates)];
  }

  /**
   * Returns the statements that apply to a role, user or session by a pattern. If a session has many possible roles, also returns
   * the statements that name one of these roles.
   */
  public matchesOf(principal: string, kind: Kind): Matches {
    return isOne(kind) ? this.matches(principal) : NO_MATCHES;
  }

  private readMatches(principal: string): Matches {
    const { roles } = this.namesOf(principal);
    const session = roleOfSession(principal);
    const arns = [principal, session ?? []].flat();
    const texts = arns.flatMap((arn) => [arn, lastPart(arn)]);
    const facts = { "aws:principalarn": principal };
    const matching = [...new Set(texts.flatMap((text) => this.byArn.candidates(text)))].filter(
      ({ test }) => testOutcome(test, facts) === (test.isNegated ? "unmet" : "met"),
    );
    // The row of a principal leaves out the test that names the principal. So statements with such a test are not shared.
    const shareable = matching.filter(({ test }) => !test.values.includes(principal));
    const isShared = shareable.reduce((count, { forAccounts }) => count + forAccounts.length, 0) > MOST_COMPARED;
    const shared = new Set(isShared ? shareable : []);
    const manyRoles = isMany(roles) ? roles : [];
    const name = [
      ...(isMany(roles) ? [`sessions of ${session}`] : []),
      ...(isShared ? [shareable.map(({ position }) => position).join()] : []),
    ].join(" and ");
    const sharedMatches = this.manyMatches.get(name) ?? this.readShared(name, manyRoles, [...shared]);
    this.manyMatches.set(name, sharedMatches);
    return {
      singleStatements: matching.flatMap((group) => [
        ...(shared.has(group) ? [] : group.forAccounts),
        ...group.forOthers,
      ]),
      sharedMatches,
    };
  }

  private readShared(name: string, roles: readonly string[], groups: readonly ArnTestGroup[]): SharedMatches {
    const statementsOf = (selected: readonly ArnTestGroup[]) => selected.flatMap(({ forAccounts }) => forAccounts);
    const naming = roles.flatMap((role) => this.naming.get(role) ?? []);
    return {
      applying: [...new Set([...naming, ...statementsOf(groups.filter(({ test }) => !test.isNegated))])],
      excepted: new Set([...roles.flatMap((role) => this.excepting.get(role) ?? []), ...statementsOf(groups)]),
      name,
    };
  }

  /**
   * Returns the statements that do not name a principal, but can apply to it in another way than to the other callers of its
   * account. The result is the same for all principals of one kind in one account.
   */
  public candidatesFor(kind: Kind, roots: readonly string[]): readonly Statement[] {
    const candidates = [
      ...new Set([
        ...["*", ...roots].flatMap((name) => this.naming.get(name) ?? []),
        ...(kind.isClass ? [] : this.limitedToClasses),
        ...(isOne(kind) ? [] : this.limitedToArns),
        ...this.exceptingByPrincipal,
      ]),
    ];
    return isOne(kind) ? candidates.filter(isComparedWithEach) : candidates;
  }

  /**
   * Returns the statements whose NotPrincipal names the principal, its account or, if the principal is a session, the role of the
   * session. It leaves out the statements that name the account if they are many (`exceptsAccount` returns them), and those that
   * name the role if the session can be of many roles (`matchesOf` returns them).
   */
  public excepts(principal: string, { roles, roots }: Names): readonly Statement[] {
    const accounts = this.exceptsAccount(roots).length === 0 ? roots : [];
    return [principal, ...(isMany(roles) ? [] : roles), ...accounts].flatMap((name) => this.excepting.get(name) ?? []);
  }

  /** Returns the statements whose NotPrincipal names the account, if they are many. */
  public exceptsAccount(roots: readonly string[]): readonly Statement[] {
    return this.manyExcepting(roots.join());
  }

  private sharedBy(kind: Kind): SharedStatements {
    return this.shared[isOne(kind) ? "identities" : "others"];
  }
}

/**
 * Returns `key policy` if the named principals include the principal, its role or `*`. Returns `IAM` if they include only the
 * principal's account, or a principal that is a root. Undefined if they include none of these.
 */
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

/** Whether a principal is one role, user or session, whose ARN is known. */
export function isOne({ isClass, isIdentity }: Kind): boolean {
  return isIdentity && !isClass;
}

/**
 * Returns the scope of a statement for roles, users and sessions. A test of aws:PrincipalArn chooses single callers. A negated test
 * excludes single callers, and all other callers share the statement.
 */
function scopeForIdentities(statement: Statement): Scope {
  const test = arnTest(statement);
  if (test === undefined) {
    return scopeOf(statement);
  }
  return test.isNegated ? scopeOf(statement, ["aws:principalorgid"]) : "principal";
}

/**
 * Whether a statement has to be compared with each caller: `matchesOf` does not select it by the ARN of the caller, and callers do
 * not share it. An example is a statement with a negated test of the ARN and a test of the organization.
 */
function isComparedWithEach(statement: Statement): boolean {
  const test = arnTest(statement);
  return test === undefined || (test.isNegated && scopeForIdentities(statement) === "principal");
}

function arnTestGroups(statements: readonly Statement[]): readonly ArnTestGroup[] {
  const tested = statements.filter((statement) => arnTest(statement) !== undefined);
  const groups = groupBy(tested, (statement) => {
    const { name, values } = arnTest(statement)!;
    return JSON.stringify([name, values.map((value) => value.replace(/\*+/g, "*"))]);
  });
  return [...groups.values()].map((group, position) => ({
    forAccounts: group.filter(isForAccounts),
    forOthers: group.filter((statement) => !isForAccounts(statement)),
    position,
    test: arnTest(group[0]!)!,
  }));
}

/** Returns the patterns in a test of aws:PrincipalArn. An operator such as ArnLike compares part by part, so the last part is enough. */
function arnPatterns(group: ArnTestGroup) {
  const { operator, values } = group.test;
  return values
    .flatMap((value) => [...new Set([value, withoutRolePath(value)])])
    .map((value) => ({ pattern: operator.startsWith("Arn") ? lastPart(value) : value, value: group }));
}

/** Whether a statement is for everybody or for accounts, apart from its condition. */
function isForAccounts(statement: Statement): boolean {
  const principals = namedPrincipals(statement);
  return statement.NotPrincipal === undefined && (principals.has("*") || [...principals].every(namesAccount));
}

function isMany({ length }: readonly unknown[]): boolean {
  return length > MOST_COMPARED;
}

/** Returns the part of an ARN after the account. */
function lastPart(arn: string): string {
  return arn.split(":").slice(5).join(":");
}

function scopeOf(statement: Statement, keysOfPrincipals = KEYS_OF_PRINCIPALS): Scope {
  const principals = [...namedPrincipals(statement)];
  const hasTestOf = (keys: readonly string[]) => conditionTests(statement).some(({ key }) => keys.includes(key));
  const isForAll = statement.NotPrincipal !== undefined || principals.includes("*");
  const isForAccount = principals.some(namesAccount);
  if (hasTestOf(keysOfPrincipals) || !(isForAll || isForAccount)) {
    return "principal";
  }
  const exceptsEverybody = statement.NotPrincipal !== undefined && principals.includes("*");
  const choosesAccount = exceptsEverybody || hasTestOf(KEYS_OF_ACCOUNTS);
  return isForAll && !choosesAccount ? "everybody" : "account";
}

/** Whether a principal in a policy is an account ID, or the root of an account. */
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

/**
 * Returns the names under which the index lists a statement. If the statement is for everybody, also returns the kind of limit on
 * its callers.
 */
function indexNames(statement: Statement): { readonly limit: Limit; readonly names: readonly string[] } {
  const [named, rows] = [namedPrincipals(statement), principalsIn(statement)];
  const arns = arnsOfCallers(statement);
  if (!named.has("*")) {
    return { limit: undefined, names: [...rows] };
  }
  if (arns !== undefined) {
    return { limit: "ARNs", names: [...new Set([...named, ...rows, ...arns])].filter((name) => name !== "*") };
  }
  return { limit: rows.has("*") ? undefined : "classes", names: [...rows] };
}

/**
 * Returns the ARNs to which a condition on aws:PrincipalArn limits a statement; undefined without such a condition, or if a value
 * has a wildcard or variable.
 */
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

/** Returns the text with which the ARN of each session of a role begins; undefined for another principal. */
function sessionsOf(principal: string): string | undefined {
  const [, partition, account, name] = /^arn:([^:]+):iam::(\d{12}):role\/(?:.*\/)?([^/]*)$/s.exec(principal) ?? [];
  return name === undefined ? undefined : `arn:${partition}:sts::${account}:assumed-role/${name}/`;
}
