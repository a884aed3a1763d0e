/** `T` with its optional members also accepting `undefined`. */
type WithUndefined<T> = { readonly [K in keyof T]: T extends Record<K, unknown> ? T[K] : T[K] | undefined };

/**
 * Returns an object without its undefined members, because the types of cdktf and the provider do not accept `undefined` for
 * optional members. `NoInfer` makes the compiler refuse a member that `T` lacks.
 */
export function defined<T extends object>(members: NoInfer<WithUndefined<T>>): T {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as T;
}
