/** The longest patterns that are compared. ARNs of principals are shorter. */
const LONGEST = 600;

/** Returns a short string that both patterns match; undefined if there is none. Their wildcards are `*` and `?`. */
export function commonInstance(one: string, other: string): string | undefined {
  return one.length > LONGEST || other.length > LONGEST ? undefined : instanceFrom(one, other, 0, 0, new Set());
}

/** Returns a string that the rests of two patterns match. `failed` has the positions from which no such string exists. */
function instanceFrom(one: string, other: string, i: number, j: number, failed: Set<number>): string | undefined {
  const position = i * (LONGEST + 1) + j;
  if (failed.has(position)) {
    return undefined;
  }
  failed.add(position);
  const [a, b] = [one[i], other[j]];
  if (a === undefined && b === undefined) {
    return "";
  }
  const after = (character: string, nextI: number, nextJ: number): string | undefined => {
    const rest = instanceFrom(one, other, nextI, nextJ, failed);
    return rest === undefined ? undefined : character + rest;
  };
  if (a === "*" || b === "*") {
    // A wildcard matches nothing, or the next character of the other pattern.
    const [skipI, skipJ] = a === "*" ? [i + 1, j] : [i, j + 1];
    const [takeI, takeJ] = a === "*" ? [i, j + 1] : [i + 1, j];
    const next = a === "*" ? b : a;
    return after("", skipI, skipJ) ?? (next === undefined ? undefined : after(literal(next), takeI, takeJ));
  }
  return a !== undefined && b !== undefined && (a === b || a === "?" || b === "?")
    ? after(literal(a === "?" ? b : a), i + 1, j + 1)
    : undefined;
}

function literal(character: string): string {
  return character === "*" ? "" : character === "?" ? "0" : character;
}
