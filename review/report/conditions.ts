import type { StatementGroup, StatementList } from "../policy/statement-list";
import type { Statement } from "../policy/statement";

/** The most conditions that a text names. */
const MOST_LISTED = 10;
/** The most statements whose conditions are compared with each other. */
const MOST_COMPARED = 64;

/** Returns the condition of a statement as sorted phrases, all of which a request must meet; empty if it has no condition. */
export type Phrases = (statement: Statement) => readonly string[];

/** The conditions of a group of statements that several principals share. */
class SharedConditions {
  private readonly missing = new WeakMap<SharedConditions, readonly string[]>();

  /** @param counts - the number of statements with each condition */
  private constructor(public readonly counts: ReadonlyMap<string, number>) {}

  public static fromStatements(statements: Iterable<Statement>, phrases: Phrases): SharedConditions {
    return new SharedConditions(countsOf([...statements].map((statement) => textOf(phrases(statement)))));
  }

  /** Returns the conditions of these statements that `others` does not have. */
  public missingIn(others: SharedConditions | undefined): Iterable<string> {
    if (others === undefined) {
      return this.counts.keys();
    }
    const missing = this.missing.get(others) ?? [...this.counts.keys()].filter((text) => !others.counts.has(text));
    this.missing.set(others, missing);
    return missing;
  }
}

const SHARED = new WeakMap<StatementGroup, SharedConditions>();
const DISTINCT = new WeakMap<readonly StatementGroup[], number>();

/**
 * The distinct conditions of a list of statements. Lists can share groups of statements. The conditions of a shared group are read
 * once, so that lists of thousands are compared and counted in few steps.
 */
export class Conditions {
  private static readonly none = new Conditions([], [], new Set(), 0);
  private static readonly unlimited = new Conditions([], [], new Set([""]), 1);

  private constructor(
    private readonly shared: readonly SharedConditions[],
    /** For each group, the number of excepted statements with each condition. */
    private readonly excepted: readonly ReadonlyMap<string, number>[],
    private readonly others: ReadonlySet<string>,
    public readonly size: number,
  ) {}

  /** @param phrases - returns the condition of a statement of the list */
  public static fromList(list: StatementList, phrases: Phrases): Conditions {
    if (list.size === 0) {
      return Conditions.none;
    }
    return list.size > MOST_COMPARED
      ? Conditions.fromGroups(list, phrases)
      : Conditions.fromPhrases([...list].map(phrases));
  }

  private static fromPhrases(conditions: readonly (readonly string[])[]): Conditions {
    if (conditions.some(({ length }) => length === 0)) {
      return Conditions.unlimited;
    }
    const texts = new Set(withoutNarrower(conditions).map(textOf));
    return new Conditions([], [], texts, texts.size);
  }

  private static fromGroups({ excepted, groups, others }: StatementList, phrases: Phrases): Conditions {
    const shared = groups.map((group) => {
      const conditions = SHARED.get(group) ?? SharedConditions.fromStatements(group.statements, phrases);
      SHARED.set(group, conditions);
      return conditions;
    });
    const exceptedIn = groups.map(({ statements }) =>
      countsOf([...excepted].filter((one) => statements.has(one)).map((statement) => textOf(phrases(statement)))),
    );
    const distinct = DISTINCT.get(groups) ?? countDistinct(shared);
    DISTINCT.set(groups, distinct);
    const otherTexts = new Set(others.map((statement) => textOf(phrases(statement))));
    const adjusted = [...new Set([...otherTexts, ...exceptedIn.flatMap((counts) => [...counts.keys()])])];
    const isShared = (text: string): boolean => shared.some(({ counts }) => counts.has(text));
    const all = new Conditions(shared, exceptedIn, otherTexts, distinct);
    const [added, removed] = [adjusted.filter((text) => !isShared(text)), adjusted.filter((text) => !all.has(text))];
    // A statement without a condition makes the others unnecessary.
    return all.has("")
      ? Conditions.unlimited
      : new Conditions(shared, exceptedIn, otherTexts, distinct + added.length - removed.length);
  }

  public get isCapped(): boolean {
    return this.size > MOST_LISTED;
  }

  /** Whether a statement has no condition. */
  public get isUnlimited(): boolean {
    return this === Conditions.unlimited;
  }

  public isSameAs(other: Conditions): boolean {
    return this === other || (this.size === other.size && this.missingIn(other).next().done === true);
  }

  /**
   * Returns the texts of at most MOST_LISTED conditions, and the number of the rest. If there is a rest, conditions that `others`
   * lacks come first.
   */
  public listed(others: Conditions | undefined): { readonly remaining: number; readonly texts: readonly string[] } {
    const texts = new Set<string>();
    for (const conditions of [...(others ? [this.missingIn(others)] : []), this.all()]) {
      for (const text of conditions) {
        if (texts.size === MOST_LISTED) {
          break;
        }
        texts.add(text);
      }
    }
    return { remaining: this.size - texts.size, texts: [...texts] };
  }

  private has(text: string): boolean {
    return (
      this.others.has(text) ||
      this.shared.some(({ counts }, index) => (counts.get(text) ?? 0) > (this.excepted[index]!.get(text) ?? 0))
    );
  }

  private *all(): Generator<string> {
    yield* this.others;
    for (const { counts } of this.shared) {
      for (const text of counts.keys()) {
        if (this.has(text)) {
          yield text;
        }
      }
    }
  }

  /** Yields the conditions that `others` lacks. */
  private *missingIn(others: Conditions): Generator<string> {
    const candidates = [
      this.others,
      ...this.shared.map((conditions, index) => conditions.missingIn(others.shared[index])),
      ...others.excepted.map((counts) => counts.keys()),
    ];
    for (const texts of candidates) {
      for (const text of texts) {
        if (this.has(text) && !others.has(text)) {
          yield text;
        }
      }
    }
  }
}

/** Cache of textOf: a condition can have thousands of values, and thousands of principals. */
const TEXTS = new WeakMap<readonly string[], string>();

function textOf(phrases: readonly string[]): string {
  const text = TEXTS.get(phrases) ?? phrases.join(" and ");
  TEXTS.set(phrases, text);
  return text;
}

function countsOf(texts: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) {
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return counts;
}

function countDistinct([first, ...rest]: readonly SharedConditions[]): number {
  return rest.reduce(
    (size, { counts }) => size + [...counts.keys()].filter((text) => !first!.counts.has(text)).length,
    first?.counts.size ?? 0,
  );
}

/** Removes each condition that has all phrases of a shorter one: "A and B, or A" is "A". */
function withoutNarrower(conditions: readonly (readonly string[])[]): readonly (readonly string[])[] {
  if (conditions.length < 2) {
    return conditions;
  }
  const distinct = [...new Map(conditions.map((condition) => [textOf(condition), condition])).values()];
  return distinct.filter(
    (condition) =>
      !distinct.some((other) => other.length < condition.length && other.every((phrase) => condition.includes(phrase))),
  );
}
