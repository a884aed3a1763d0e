import { groupBy } from "../../modules/private/group-by";

/**
 * Finds the values whose patterns may match a text. Compares only the text before the first wildcard of each pattern, so that few
 * patterns have to be matched.
 */
export class PatternIndex<T> {
  private readonly byBeginning: ReadonlyMap<string, readonly { readonly value: T }[]>;
  private readonly lengths: readonly number[];

  public constructor(entries: readonly { readonly pattern: string; readonly value: T }[]) {
    this.byBeginning = groupBy(entries, ({ pattern }) => /^[^*?]*/.exec(pattern)![0]);
    this.lengths = [...new Set([...this.byBeginning.keys()].map(({ length }) => length))];
  }

  /**
   * Returns the values whose patterns may match a string. The patterns of all other values do not match it.
   *
   * @param most - if there are more of these values, the result is undefined
   */
  public candidates(text: string): readonly T[];
  public candidates(text: string, most: number): readonly T[] | undefined;
  public candidates(text: string, most = Infinity): readonly T[] | undefined {
    const groups = this.lengths
      .filter((length) => length <= text.length)
      .map((length) => this.byBeginning.get(text.slice(0, length)) ?? []);
    const count = groups.reduce((sum, { length }) => sum + length, 0);
    return count > most ? undefined : groups.flat().map(({ value }) => value);
  }
}
