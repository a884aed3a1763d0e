import * as v from "valibot";
import { follows, mustOf, type Rule } from "../../modules/private/rule";
import { ACCOUNT_ID, BOOLEAN } from "../../modules/private/rules";
import { isMap } from "./unchecked-values";

/** Keys that a YAML map must not have: valibot ignores them, because every object inherits them. */
const IGNORED_KEYS = ["__proto__", "constructor", "prototype"];
const noMap = v.custom<never>(() => false, "be a map");
const ignoredKey = v.custom<never>(() => false, "have no key that is named __proto__, constructor or prototype");
/** Returns a schema of maps that also refuses a list, and each of `IGNORED_KEYS`. */
export const mapOf = <S extends v.GenericSchema>(schema: S): S => ({
  ...schema,
  "~run": (dataset: Parameters<S["~run"]>[0], config: Parameters<S["~run"]>[1]) => {
    const { value } = dataset;
    const hasIgnoredKey = isMap(value) && IGNORED_KEYS.some((key) => Object.hasOwn(value, key));
    const refusing = Array.isArray(value) ? noMap : hasIgnoredKey ? ignoredKey : schema;
    return refusing["~run"](dataset, config);
  },
});

/**
 * Refuses a string with a Terraform expression or a CDKTF token, such as `${file("…")}`, which could read a file that no reviewer
 * sees.
 */
export const literal = v.check<string, string>(
  (input) => !/[$%]\{|[#&]\{TfToken\[/.test(input),
  "have no ${, %{, #{TfToken[ or &{TfToken[, which would be evaluated",
);
/** Checks a value against a rule of the library. */
export const followsRule = <T>(rule: Rule) =>
  v.check<T, (issue: v.CheckIssue<T>) => string>(
    (input) => follows(input, rule),
    ({ input }) => mustOf(rule, input, ENTRY_PARTITION),
  );
/** Attaches the rule of a value. The JSON Schema of the value derives from this rule. */
const withRule = <T>(rule: Rule) => v.metadata<T, { readonly rule: Rule }>({ rule });
/** The placeholder in a message for the partition of the entry, which the entry's Region decides. */
export const ENTRY_PARTITION = "{partition}";
/** Returns the schema of a string that follows a rule of the library. */
export const text = (rule: Rule) =>
  v.pipe(
    v.string(({ input }) => (typeof input === "number" ? mustOf(rule, String(input), ENTRY_PARTITION) : rule.must)),
    withRule<string>(rule),
    literal,
    followsRule<string>(rule),
  );
/** The schema of an account ID. YAML reads an ID without quotes as a number. */
export const accountId = text({
  ...ACCOUNT_ID,
  must: `${ACCOUNT_ID.must} in quotes`,
  hint: (value) => (/^\d{1,11}$/.test(value) ? "without quotes, a leading zero is lost" : undefined),
});
/** Returns the schema of a number that follows a rule of the library. */
export const number = (rule: Rule) => v.pipe(v.number(rule.must), withRule<number>(rule), followsRule<number>(rule));
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
 * Returns the schema of a map that reports every unknown key (v.strictObject stops at the first). The message for such a key is the
 * list of the known keys, so that an error can suggest the nearest key. `others` are further known keys: the keys of the other maps
 * of a `choice`.
 */
export const object = <E extends v.ObjectEntries>(entries: E, ...others: readonly string[]) =>
  mapOf(
    v.objectWithRest(entries, v.never([...Object.keys(entries), ...others].join(" ")), "be a map"),
  ) as unknown as v.StrictObjectSchema<E, string>;

/** Returns a schema with one more check, and the JSON Schema keywords that express the check. */
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
 * Returns a schema of alternatives that reports the problems of one alternative only. If the input is a map, this is the first map
 * schema that requires a key of the input, or else the last map schema. For any other input, it is the schema that is no map.
 */
export const choice = <const O extends readonly v.GenericSchema[]>(...options: O) => {
  const maps = options.filter(isMapSchema);
  const optionFor = (input: unknown): v.GenericSchema | undefined =>
    isMap(input)
      ? maps.find((map) => requiredKeysOf(map).some((key) => Object.hasOwn(input, key)))
      : options.find((option) => !isMapSchema(option));
  // The JSON Schema is created without an input, and lists every option.
  const anyOption = v.union(options);
  return v.lazy((input): O[number] => (input === undefined ? anyOption : (optionFor(input) ?? maps.at(-1)!)));
};

type MapSchema = v.GenericSchema & { readonly entries: v.ObjectEntries };
const isMapSchema = (schema: v.GenericSchema): schema is MapSchema => "entries" in schema;
const requiredKeysOf = ({ entries }: MapSchema): readonly string[] =>
  Object.keys(entries).filter((key) => entries[key]!.type !== "optional");

/** Returns the entries of a map schema, each made optional. */
export const allOptional = (entries: v.ObjectEntries): v.ObjectEntries =>
  Object.fromEntries(Object.entries(entries).map(([key, schema]) => [key, v.optional(schema)]));

const withMetadata = <S extends v.GenericSchema>(schema: S, metadata: Readonly<Record<string, unknown>>): S =>
  // The casts are safe: metadata changes neither the values nor the type of a schema.
  v.pipe(schema as v.GenericSchema, v.metadata(metadata)) as unknown as S;

/**
 * Returns the schema of a key with its meaning, in full sentences.
 *
 * @param preset - the default in words, without a full stop; undefined if there is none
 */
export const withMeaning = <S extends v.GenericSchema>(schema: S, meaning: string, preset?: string): S =>
  withMetadata(schema, { meaning, preset });

/** Returns the schema of an optional key, with its meaning and its default in words. */
export const optional = <S extends v.GenericSchema>(schema: S, meaning: string, preset = "none") =>
  withMeaning(v.optional(schema), meaning, preset);

/**
 * Returns the schemas of keys whose meanings and defaults come from the JSDoc of the props with the same names.
 *
 * @param presets - by prop: the default of a file in words, if the construct has another default
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
