import * as v from "valibot";
import type { PropRule, PropSet } from "../../modules/private/prop-rules";
import { ACCOUNT_ID } from "../../modules/private/rules";
import { accountId, flag, list, number, object, ruled, text, texts } from "./values";

/** The props that an entry gives to every construct of its stack. */
const ENTRY_PROPS = ["accountId", "partition", "region", "tags"] as const;

type AnyRule = PropRule<never> & { readonly isRequired: boolean };

/** The values of a prop in a file. */
type ValueOf<R> = R extends { readonly kind?: unknown } & PropRule<infer T>
  ? [T] extends [readonly string[]]
    ? string[]
    : [T] extends [Readonly<Record<string, string>>]
      ? Record<string, string>
      : T
  : never;
type EntryOf<R> = R extends { readonly isRequired: true }
  ? v.GenericSchema<ValueOf<R>>
  : v.OptionalSchema<v.GenericSchema<ValueOf<R>>, undefined>;
/** The props that a file cannot have. */
type CodeProps<R> = {
  [K in keyof R]: R[K] extends PropRule<infer T> ? ([T] extends [never] ? K : never) : never;
}[keyof R];
type EntriesOf<R, Named extends string, Omitted extends string, Others> = {
  [K in Exclude<keyof R, CodeProps<R> | Named | Omitted | (typeof ENTRY_PROPS)[number] | keyof Others>]: EntryOf<R[K]>;
} & { [K in Named & keyof R]: v.OptionalSchema<v.GenericSchema<ValueOf<R[K]>>, undefined> } & Others;

/** The schema of a map whose keys are the props of an interface, without the props of the entry. */
export function schemaOf<
  R extends object,
  const Omitted extends string = never,
  const Named extends string = never,
  Others extends v.ObjectEntries = Record<never, never>,
>(
  { name, rules }: PropSet<R>,
  {
    omitted = [],
    others,
    presets,
  }: {
    /** The props that the app sets. */
    readonly omitted?: readonly Omitted[];
    /** The keys without a prop, and the keys whose values differ from those of the prop. */
    readonly others?: Others;
    /** The default of a file, by prop, if it is not the default of the construct. */
    readonly presets?: Readonly<Record<Named, string>>;
  } = {},
): v.StrictObjectSchema<EntriesOf<R, Named, Omitted, Others>, string> {
  const absent: readonly string[] = [...ENTRY_PROPS, ...omitted];
  const entries = Object.entries(rules as unknown as Readonly<Record<string, AnyRule>>)
    .filter(([prop, { kind }]) => kind !== "code" && !absent.includes(prop))
    .map(([prop, rule]) => {
      const preset = (presets as Readonly<Record<string, string>> | undefined)?.[prop];
      const schema = v.pipe(valueOf(rule), v.metadata({ preset: preset ?? rule.preset, prop: `${name}.${prop}` }));
      return [prop, rule.isRequired && preset === undefined ? schema : v.optional(schema)] as const;
    });
  return object({ ...Object.fromEntries(entries), ...others }) as never;
}

/** The schema of a prop's values. */
function valueOf({ atLeastOne, kind, rule }: AnyRule): v.GenericSchema {
  switch (kind) {
    case "flag":
      return flag;
    case "list":
      return list(text(rule!), atLeastOne === undefined ? 0 : 1);
    case "map":
      return rule === undefined ? texts : v.pipe(texts, ruled<Record<string, string>>(rule));
    case "number":
      return number(rule!);
    default:
      return rule === ACCOUNT_ID ? accountId : text(rule!);
  }
}
