import { groupBy } from "../../modules/private/group-by";

/** Values by patterns. A string is compared only with the patterns that have a beginning of it before their first wildcard. */
export class PatternIndex<T> {
  private readonly byBeginning: ReadonlyMap<string, readonly { readonly value: T }[]>;
  private readonly lengths: readonly number[];

  public constructor(entries: readonly { readonly pattern: string; readonly value: T }[]) {
    this.byBeginning = groupBy(entries, ({ pattern }) => /^[^*?]*/.exec(pattern)![0]);
    this.lengths = [...new Set([...this.byBeginning.keys()].map(({ length }) => length))];
  }

  /** The values with a pattern that may match a string; others do not match it. */
  public candidates(text: string): readonly T[] {
    return this.lengths
      .filter((length) => length <= text.length)
      .flatMap((length) => this.byBeginning.get(text.slice(0, length)) ?? [])
      .map(({ value }) => value);
  }
}
