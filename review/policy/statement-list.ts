import { type Facts, type Outcome, outcomeOf } from "./condition";
import type { Statement } from "./statement";

/** Statements that apply to many principals. */
export class StatementGroup {
  /** Cache of withOutcome. */
  private readonly byFacts = new WeakMap<Facts, Map<string, ReadonlySet<Statement>>>();

  public constructor(public readonly statements: ReadonlySet<Statement>) {}

  public withOutcome(facts: Facts, outcomes: readonly Outcome[]): ReadonlySet<Statement> {
    const byOutcome = this.byFacts.get(facts) ?? new Map<string, ReadonlySet<Statement>>();
    this.byFacts.set(facts, byOutcome);
    const name = outcomes.join(" ");
    const matching =
      byOutcome.get(name) ??
      new Set([...this.statements].filter((statement) => outcomes.includes(outcomeOf(statement, facts))));
    byOutcome.set(name, matching);
    return matching;
  }
}

/**
 * The statements of a policy that apply to a principal. Thousands of principals can share thousands of statements, so the list
 * refers to groups of statements that they share.
 */
export class StatementList implements Iterable<Statement> {
  public readonly size: number;

  /**
   * @param positions - the positions of the statements in the policy
   * @param groups - the shared statements; each statement is in one group only
   * @param excepted - the statements of the policy that do not apply to the principal
   * @param others - more statements, which no group has
   */
  public constructor(
    private readonly positions: ReadonlyMap<Statement, number>,
    public readonly groups: readonly StatementGroup[],
    public readonly excepted: ReadonlySet<Statement>,
    public readonly others: readonly Statement[],
  ) {
    this.size =
      others.length + groups.reduce((sum, { statements }) => sum + statements.size - countIn(statements, excepted), 0);
  }

  /** Returns a list without shared groups. */
  public static withoutGroups(statements: readonly Statement[]): StatementList {
    return new StatementList(positionsOf(statements), [], new Set(), statements);
  }

  /** Iterates over the statements in the order of the policy. */
  public [Symbol.iterator](): Iterator<Statement> {
    const shared = this.groups.flatMap(({ statements }) => [...statements].filter((one) => !this.excepted.has(one)));
    const positionOf = (statement: Statement): number => this.positions.get(statement) ?? 0;
    return [...shared, ...this.others].sort((one, other) => positionOf(one) - positionOf(other)).values();
  }

  /** Whether a statement of the list has one of these outcomes for the facts of a request. */
  public hasOutcome(facts: Facts, ...outcomes: readonly Outcome[]): boolean {
    return (
      this.others.some((statement) => outcomes.includes(outcomeOf(statement, facts))) ||
      this.groups.some((group) => {
        const matching = group.withOutcome(facts, outcomes);
        return matching.size > countIn(matching, this.excepted);
      })
    );
  }
}

/** Counts the statements that two sets have in common. */
function countIn(one: ReadonlySet<Statement>, other: ReadonlySet<Statement>): number {
  const [small, large] = one.size < other.size ? [one, other] : [other, one];
  let count = 0;
  for (const statement of small) {
    count += large.has(statement) ? 1 : 0;
  }
  return count;
}

export function positionsOf(statements: readonly Statement[]): ReadonlyMap<Statement, number> {
  return new Map(statements.map((statement, position) => [statement, position]));
}
