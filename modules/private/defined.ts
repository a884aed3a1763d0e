/** The members of `T`, of which the optional ones may be `undefined`. */
type WithUndefined<T> = { readonly [K in keyof T]: T extends Record<K, unknown> ? T[K] : T[K] | undefined };

/**
 * Returns an object without its undefined members: the optional members of cdktf's and the provider's types do not take
 * `undefined`. `NoInfer` keeps the check for members that the type does not have.
 */
export function defined<T extends object>(members: NoInfer<WithUndefined<T>>): T {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as T;
}
