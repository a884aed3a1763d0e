/** A function that computes each result once. */
export function memoized<T>(compute: (text: string) => T): (text: string) => T {
  const results = new Map<string, T>();
  return (text) => {
    const known = results.get(text);
    if (known !== undefined || results.has(text)) {
      return known!;
    }
    const result = compute(text);
    results.set(text, result);
    return result;
  };
}
