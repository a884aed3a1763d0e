/** Returns the edit distance of two strings: the fewest characters to insert, delete or replace. */
export function distance(one: string, other: string): number {
  let above = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let row = 1; row <= one.length; row++) {
    const current = [row];
    for (let column = 1; column <= other.length; column++) {
      const replaced = above[column - 1]! + (one[row - 1] === other[column - 1] ? 0 : 1);
      current.push(Math.min(above[column]! + 1, current[column - 1]! + 1, replaced));
    }
    above = current;
  }
  return above[other.length]!;
}

/** Returns the value with the smallest edit distance to a string; of several, the first. There must be at least one value. */
export function closest(text: string, values: readonly string[]): string {
  const distances = values.map((value) => distance(text, value));
  return values[distances.indexOf(Math.min(...distances))]!;
}
