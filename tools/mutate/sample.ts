/** Returns a random sample of values, in their order. The same seed and values give the same sample. */
export function sampleOf<T>(values: readonly T[], size: number, seed: string): readonly T[] {
  const random = randomNumbers(hash(seed));
  const remaining = [...values.keys()];
  const chosen = Array.from(
    { length: Math.min(size, remaining.length) },
    () => remaining.splice(Math.floor(random() * remaining.length), 1)[0]!,
  );
  return chosen.sort((a, b) => a - b).map((index) => values[index]!);
}

/** Returns the FNV-1a hash of a string, as an unsigned number of 32 bits. */
function hash(text: string): number {
  return Buffer.from(text).reduce((value, byte) => Math.imul(value ^ byte, 0x01000193), 0x811c9dc5);
}

/**
 * Returns a function whose calls return pseudorandom numbers from 0 to less than 1, by mulberry32.
 *
 * @see https://github.com/bryc/code/blob/master/jshash/PRNGs.md
 */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
