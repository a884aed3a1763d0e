import * as v from "valibot";
import { follows, mustOf, type Rule } from "../../modules/private/rule";
import { BOOLEAN } from "../../modules/private/rules";

export const isMap = (input: unknown): input is object => typeof input === "object" && input !== null;
/** The names that valibot passes over in a map, since every object has them. */
const UNNAMED = ["__proto__", "constructor", "prototype"];
const noMap = v.custom<never>(() => false, "be a map");
const unnamed = v.custom<never>(() => false, "have no key that is named __proto__, constructor or prototype");
/** A schema of maps that takes no list for one (valibot's own do), and loses no key. */
export const mapOf = <S extends v.GenericSchema>(schema: S): S => ({
  ...schema,
  "~run": (dataset: Parameters<S["~run"]>[0], config: Parameters<S["~run"]>[1]) => {
    const { value } = dataset;
    const isUnnamed = isMap(value) && UNNAMED.some((key) => Object.hasOwn(value, key));
    const refusing = Array.isArray(value) ? noMap : isUnnamed ? unnamed : schema;
    return refusing["~run"](dataset, config);
  },
});

/** A text of a file means itself: an expression could read a file that no reviewer sees. */
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
const shown = <T>(rule: Rule) => v.metadata<T, { readonly rule: Rule }>({ rule });
/** Stands in a message for the partition of the entry, which a value of it does not have. */
export const ENTRY_PARTITION = "{partition}";
/** A text that follows a rule of the library. */
export const text = (rule: Rule) =>
  v.pipe(
    v.string(({ input }) => (typeof input === "number" ? mustOf(rule, String(input), ENTRY_PARTITION) : rule.must)),
    shown<string>(rule),
    literal,
    ruled<string>(rule),
  );
/** A number that follows a rule of the library. */
export const number = (rule: Rule) => v.pipe(v.number(rule.must), shown<number>(rule), ruled<number>(rule));
export const flag = v.boolean(BOOLEAN.must);
export const list = <S extends v.GenericSchema>(item: S, min = 0) =>
  v.pipe(
    v.array(item, "be a list"),
    v.metadata<v.InferOutput<S>[], { uniqueItems: true }>({ uniqueItems: true }),
    v.minLength<v.InferOutput<S>[], number, string>(min, `be a list of at least ${min}`),
    v.check<v.InferOutput<S>[], string>((items) => new Set(items).size === items.length, "not repeat an item"),
  );
export const texts = mapOf(
  v.record(v.string(), v.pipe(v.string("be a text; put a number or a yes/no in quotes"), literal), "be a map of texts"),
);
/**
 * A map that refuses every key that it does not have (v.strictObject stops at the first). The message for such a key is
 * the list of those that it has, from which the nearest is suggested; `others` are keys that make it another map.
 */
export const object = <E extends v.ObjectEntries>(entries: E, ...others: readonly string[]) =>
  mapOf(
    v.objectWithRest(entries, v.never([...Object.keys(entries), ...others].join(" ")), "be a map"),
  ) as unknown as v.StrictObjectSchema<E, string>;

/**
 * One of several schemas, by what the input looks like, so that the problem is of the one that is meant. Without an
 * input it is any of them.
 */
export const choice = <S extends v.GenericSchema>(options: readonly S[], of: (input: unknown) => S) => {
  const any = v.union(options);
  return v.lazy((input): S => (input === undefined ? (any as unknown as S) : of(input)));
};

/** Entries that may all be left out. */
export const optional = (entries: v.ObjectEntries): v.ObjectEntries =>
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
