/** A function that computes each result once. */
export function memoized<T>(compute: (text: string) => T): (text: string) => T {
  const results = new Map<string, T>();
  return (text) => {
    const cached = results.get(text);
    if (cached !== undefined || results.has(text)) {
      return cached!;
    }
    const result = compute(text);
    results.set(text, result);
    return result;
  };
}
