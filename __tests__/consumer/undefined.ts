// Consumers compute props, so an optional prop takes `undefined`, also under `exactOptionalPropertyTypes`. The compiler
// checks it.
import type * as library from "../../modules";

type PropsOf<C> = C extends abstract new (...args: infer A) => unknown ? Extract<A[number], object> : never;

/** The optional members of `T` that refuse `undefined`. */
type RefusedOf<T> = T extends unknown
  ? {
      [K in keyof T]-?: T extends Record<K, unknown> ? never : Record<K, undefined> extends Pick<T, K> ? never : K;
    }[keyof T]
  : never;

type Refused = { [N in keyof typeof library]: RefusedOf<PropsOf<(typeof library)[N]>> }[keyof typeof library];

/** An error here names the props that refuse `undefined`. */
export const REFUSED: Record<Refused, never> = {};
