import * as v from "valibot";
import type { PropRule, PropSet } from "../../modules/private/prop-rules";
import { ACCOUNT_ID } from "../../modules/private/rules";
import { accountId, flag, list, number, object, followsRule, text, texts } from "./values";

/** Props of every construct of a stack. The app reads their values from the entry itself, and not from the section of a construct. */
const ENTRY_PROPS = ["accountId", "partition", "region", "tags"] as const;

type AnyRule = PropRule<never> & { readonly isRequired: boolean };

/** The type of a prop's values in a YAML file. */
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
/** The props whose values a YAML file cannot have, such as a construct. */
type CodeProps<R> = {
  [K in keyof R]: R[K] extends PropRule<infer T> ? ([T] extends [never] ? K : never) : never;
}[keyof R];
type EntriesOf<R, Named extends string, Omitted extends string, Others> = {
  [K in Exclude<keyof R, CodeProps<R> | Named | Omitted | (typeof ENTRY_PROPS)[number] | keyof Others>]: EntryOf<R[K]>;
} & { [K in Named & keyof R]: v.OptionalSchema<v.GenericSchema<ValueOf<R[K]>>, undefined> } & Others;

/** Returns the schema of a YAML map whose keys are the props of an interface, without `ENTRY_PROPS`. */
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
    /** The props that the app sets itself, so that YAML does not have them. */
    readonly omitted?: readonly Omitted[];
    /** The schemas of keys that are no props, or whose values differ from the prop's values. */
    readonly others?: Others;
    /** By prop: the default in words, if YAML has another default than the construct. Such a prop is optional in YAML. */
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

/** Returns the schema of a prop's values, by the kind and rule of the prop. */
function valueOf({ atLeastOne, kind, rule }: AnyRule): v.GenericSchema {
  switch (kind) {
    case "flag":
      return flag;
    case "list":
      return list(text(rule!), atLeastOne === undefined ? 0 : 1);
    case "map":
      return rule === undefined ? texts : v.pipe(texts, followsRule<Record<string, string>>(rule));
    case "number":
      return number(rule!);
    default:
      return rule === ACCOUNT_ID ? accountId : text(rule!);
  }
}
