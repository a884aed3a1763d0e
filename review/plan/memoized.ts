/** Returns a function that computes the result for each object once. */
export function memoizedByObject<K extends object, T>(compute: (object: K) => T): (object: K) => T {
  const results = new WeakMap<K, { readonly result: T }>();
  return (object) => {
    const cached = results.get(object);
    if (cached !== undefined) {
      return cached.result;
    }
    const result = compute(object);
    results.set(object, { result });
    return result;
  };
}

/** Returns a function that computes the result for each string once. */
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

/** Returns a function that computes the result once for all texts that have the same name. A text without a name shares nothing. */
export function memoizedByName<T>(
  nameOf: (text: string) => string | undefined,
  compute: (text: string) => T,
): (text: string) => T {
  const results = new Map<string, { readonly result: T }>();
  return (text) => {
    const name = nameOf(text);
    const cached = name === undefined ? undefined : results.get(name);
    if (cached !== undefined) {
      return cached.result;
    }
    const result = compute(text);
    if (name !== undefined) {
      results.set(name, { result });
    }
    return result;
  };
}
