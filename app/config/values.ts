import * as v from "valibot";
import { follows, mustOf, type Rule } from "../../modules/private/rule";
import { ACCOUNT_ID, BOOLEAN } from "../../modules/private/rules";
import { isMap } from "./unchecked-values";

/** The keys that valibot ignores in a map, because every object has them. */
const IGNORED_KEYS = ["__proto__", "constructor", "prototype"];
const noMap = v.custom<never>(() => false, "be a map");
const ignoredKey = v.custom<never>(() => false, "have no key that is named __proto__, constructor or prototype");
/** A schema of maps that refuses a list, and each key that valibot ignores. */
export const mapOf = <S extends v.GenericSchema>(schema: S): S => ({
  ...schema,
  "~run": (dataset: Parameters<S["~run"]>[0], config: Parameters<S["~run"]>[1]) => {
    const { value } = dataset;
    const hasIgnoredKey = isMap(value) && IGNORED_KEYS.some((key) => Object.hasOwn(value, key));
    const refusing = Array.isArray(value) ? noMap : hasIgnoredKey ? ignoredKey : schema;
    return refusing["~run"](dataset, config);
  },
});

/** A string of a file has no expression: one could read a file that no reviewer sees. */
export const literal = v.check<string, string>(
  (input) => !/[$%]\{|[#&]\{TfToken\[/.test(input),
  "hold no ${, %{, #{TfToken[ or &{TfToken[, which would be evaluated",
);
/** A value that follows a rule of the library. */
export const ruled = <T>(rule: Rule) =>
  v.check<T, (issue: v.CheckIssue<T>) => string>(
    (input) => follows(input, rule),
    ({ input }) => mustOf(rule, input, ENTRY_PARTITION),
  );
/** The rule of a value, for the JSON Schema. */
const withRule = <T>(rule: Rule) => v.metadata<T, { readonly rule: Rule }>({ rule });
/** The placeholder in a message for the partition of the entry, which follows from another key. */
export const ENTRY_PARTITION = "{partition}";
/** A string that follows a rule of the library. */
export const text = (rule: Rule) =>
  v.pipe(
    v.string(({ input }) => (typeof input === "number" ? mustOf(rule, String(input), ENTRY_PARTITION) : rule.must)),
    withRule<string>(rule),
    literal,
    ruled<string>(rule),
  );
/** An account ID. YAML reads an ID without quotes as a number. */
export const accountId = text({
  ...ACCOUNT_ID,
  must: `${ACCOUNT_ID.must} in quotes`,
  hint: (value) => (/^\d{1,11}$/.test(value) ? "without them a leading zero is lost" : undefined),
});
/** A number that follows a rule of the library. */
export const number = (rule: Rule) => v.pipe(v.number(rule.must), withRule<number>(rule), ruled<number>(rule));
export const flag = v.boolean(BOOLEAN.must);
export const list = <S extends v.GenericSchema>(item: S, min = 0) =>
  v.pipe(
    v.array(item, "be a list"),
    v.metadata<v.InferOutput<S>[], { uniqueItems: true }>({ uniqueItems: true }),
    v.minLength<v.InferOutput<S>[], number, string>(min, `be a list of at least ${min}`),
    v.check<v.InferOutput<S>[], string>((items) => new Set(items).size === items.length, "not repeat an item"),
  );
export const texts = mapOf(
  v.record(
    v.string(),
    v.pipe(v.string("be a string; put a number or a yes/no in quotes"), literal),
    "be a map of strings",
  ),
);
/**
 * A map that refuses every unknown key (v.strictObject stops at the first). The message for such a key is the list of the known
 * keys, from which the nearest is suggested; `others` are keys that make it another map.
 */
export const object = <E extends v.ObjectEntries>(entries: E, ...others: readonly string[]) =>
  mapOf(
    v.objectWithRest(entries, v.never([...Object.keys(entries), ...others].join(" ")), "be a map"),
  ) as unknown as v.StrictObjectSchema<E, string>;

/** A schema with one more check, and the keywords that express the check in JSON Schema. */
export const checked = <S extends v.GenericSchema>(
  schema: S,
  must: string,
  keywords: Readonly<Record<string, unknown>>,
  check: (value: v.InferOutput<S>) => boolean,
): S =>
  v.pipe(
    schema as v.GenericSchema<unknown, v.InferOutput<S>>,
    v.metadata(keywords),
    v.check(check, must),
  ) as unknown as S;

/**
 * One of several schemas. A map is of the first map whose required key it has, or else of the last map; any other value is of the
 * schema that is no map. So the user gets the problem of one schema, and not of each.
 */
export const choice = <const O extends readonly v.GenericSchema[]>(...options: O) => {
  const maps = options.filter(isMapSchema);
  const optionFor = (input: unknown): v.GenericSchema | undefined =>
    isMap(input)
      ? maps.find((map) => requiredKeysOf(map).some((key) => Object.hasOwn(input, key)))
      : options.find((option) => !isMapSchema(option));
  // JSON Schema has no input, and lists every option.
  const anyOption = v.union(options);
  return v.lazy((input): O[number] => (input === undefined ? anyOption : (optionFor(input) ?? maps.at(-1)!)));
};

type MapSchema = v.GenericSchema & { readonly entries: v.ObjectEntries };
const isMapSchema = (schema: v.GenericSchema): schema is MapSchema => "entries" in schema;
const requiredKeysOf = ({ entries }: MapSchema): readonly string[] =>
  Object.keys(entries).filter((key) => entries[key]!.type !== "optional");

/** The entries of a map, each of which may be absent. */
export const allOptional = (entries: v.ObjectEntries): v.ObjectEntries =>
  Object.fromEntries(Object.entries(entries).map(([key, schema]) => [key, v.optional(schema)]));

const withMetadata = <S extends v.GenericSchema>(schema: S, metadata: Readonly<Record<string, unknown>>): S =>
  // A metadata action changes neither the values nor the type of a schema.
  v.pipe(schema as v.GenericSchema, v.metadata(metadata)) as unknown as S;

/**
 * A key's schema with its meaning, as sentences.
 *
 * @param preset - the default in words, without a full stop; undefined if there is none
 */
export const described = <S extends v.GenericSchema>(schema: S, meaning: string, preset?: string): S =>
  withMetadata(schema, { meaning, preset });

/** A key that may be absent, with its meaning and its default. */
export const optional = <S extends v.GenericSchema>(schema: S, meaning: string, preset?: string) =>
  described(v.optional(schema), meaning, preset);

/**
 * Keys whose meanings and defaults are in the JSDoc of the props of the same names.
 *
 * @param presets - the defaults of a file in words, by prop, that are not those of the construct
 */
export const propsOf = <E extends v.ObjectEntries>(
  interfaceName: string,
  entries: E,
  presets?: Readonly<Partial<Record<keyof E, string>>>,
): E =>
  Object.fromEntries(
    Object.entries(entries).map(([prop, schema]) => [
      prop,
      withMetadata(schema, { preset: presets?.[prop as keyof E], prop: `${interfaceName}.${prop}` }),
    ]),
  ) as E;
