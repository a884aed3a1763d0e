/** A function that computes each result once. */
export function memoized<T>(compute: (text: string) => T): (text: string) => T {
  const results = new Map<string, T>();
  return (text) => {
    if (!results.has(text)) {
      results.set(text, compute(text));
    }
    return results.get(text)!;
  };
}
