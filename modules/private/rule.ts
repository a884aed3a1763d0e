/** A value of AWS: a value that exists today, a value that AWS adds later, or a token. A value that is none of `T` gets a warning. */
export type OrNewer<T extends string> = T | (string & Record<never, never>);

/**
 * The rule of one value, as data. The checks of the constructs, the schema of the configuration, the JSON Schema, the
 * documentation and the variables of the Terraform modules derive from it.
 */
export interface Rule {
  /** The requirement, as it follows "must" in an error: `be an integer from 7 to 30`. */
  readonly must: string;
  /** The pattern that the whole string must match, in the syntax of RE2, which Terraform uses. */
  readonly pattern?: string | undefined;
  /** Patterns that must match no part of the string. */
  readonly refused?: readonly RefusedPattern[] | undefined;
  /** The fewest characters. */
  readonly minLength?: number | undefined;
  /** The most characters. */
  readonly maxLength?: number | undefined;
  /** The accepted values, if they are a closed set. */
  readonly values?: readonly (boolean | number | string)[] | undefined;
  /** The values that exist in AWS today. Another value that follows the rule is accepted with a warning. */
  readonly knownValues?: readonly string[] | undefined;
  /** The accepted ranges of integers. */
  readonly ranges?: readonly IntegerRange[] | undefined;
  /** A check in code, for a requirement that the other members cannot express. */
  readonly test?: ((value: unknown) => boolean) | undefined;
  /** For a value that is a construct: returns a text with the tokens that a construct with this prop refers to. */
  readonly references?: ((value: never) => string) | undefined;
  /** Returns the fix of a frequent mistake, which the error adds after `must`; undefined if the value is no such mistake. */
  readonly hint?: ((value: string, partition: string) => string | undefined) | undefined;
}

/** A pattern that is refused, unless the string also matches `unless`. */
export interface RefusedPattern {
  readonly pattern: string;
  readonly unless?: string | undefined;
}

/** The integers from `min` to `max`, in steps of `step` from `min`. */
export interface IntegerRange {
  readonly min: number;
  readonly max?: number | undefined;
  readonly step?: number | undefined;
}

/** Returns whether a value follows a rule. The value must not be a token. */
export function follows(value: unknown, rule: Rule): boolean {
  const { ranges, test, values } = rule;
  return (
    (isTextRule(rule) ? typeof value === "string" && stringFollows(value, rule) : true) &&
    (values?.includes(value as string) ?? true) &&
    (ranges?.some((range) => isWithin(value, range)) ?? true) &&
    (test?.(value) ?? true)
  );
}

/** Returns the requirement of a rule, with the hint for the value if there is one. An ARN in the hint has the given partition. */
export function mustOf(rule: Rule, value: unknown, partition = "aws"): string {
  const hint = typeof value === "string" ? (listItemHint(value) ?? rule.hint?.(value, partition)) : undefined;
  return hint === undefined ? rule.must : `${rule.must}; ${hint}`;
}

/** Matches the only item of a list token, which the framework refuses as a string. */
const LIST_ITEM = /#\{TfToken\[/;

function listItemHint(value: string): string | undefined {
  return LIST_ITEM.test(value)
    ? "for an item of a list token, use Token.asString(Fn.element(list, 0)) in place of list[0]"
    : undefined;
}

/** Returns the rule of a string that matches a pattern as a whole, and no refused pattern in any part. */
export function matching(must: string, pattern: string, ...refused: readonly (RefusedPattern | string)[]): Rule {
  const patterns = refused.map((one) => (typeof one === "string" ? { pattern: one } : one));
  return patterns.length === 0 ? { must, pattern } : { must, pattern, refused: patterns };
}

/** Returns the rule of a closed set of values. */
export function oneOf(values: readonly (number | string)[]): Rule {
  return { must: `be one of ${values.join(", ")}`, values };
}

/**
 * Returns the rule of a set of strings that AWS may add to: any string that matches the pattern is accepted, and an unknown string
 * gets a warning.
 */
export function oneOfOrNewer(
  knownValues: readonly string[],
  pattern: string,
  ...refused: readonly (RefusedPattern | string)[]
): Rule {
  const must = `be one of ${knownValues.join(", ")}, or a newer value of the same form`;
  return { ...matching(must, pattern, ...refused), knownValues };
}

/** Returns the rule of integers from `min` to `max`. */
export function integer(min: number, max: number): Rule {
  return { must: `be an integer from ${min} to ${max}`, ranges: [{ max, min }] };
}

/** Returns the rule of a string with a minimum and a maximum length. */
export function text(minLength: number, maxLength: number): Rule {
  return { maxLength, minLength, must: `be a string of ${minLength} to ${maxLength} characters` };
}

/** Returns whether a rule is for strings. */
export function isTextRule({ maxLength, minLength, pattern }: Rule): boolean {
  return pattern !== undefined || minLength !== undefined || maxLength !== undefined;
}

function stringFollows(value: string, { maxLength = Infinity, minLength = 0, pattern, refused = [] }: Rule): boolean {
  return (
    value.length >= minLength &&
    value.length <= maxLength &&
    !LIST_ITEM.test(value) &&
    (pattern === undefined || regularExpression(`^(?:${pattern})$`).test(value)) &&
    !refused.some(
      (one) =>
        regularExpression(one.pattern).test(value) &&
        (one.unless === undefined || !regularExpression(one.unless).test(value)),
    )
  );
}

function isWithin(value: unknown, { max = Infinity, min, step = 1 }: IntegerRange): boolean {
  return (
    typeof value === "number" && Number.isInteger(value) && value >= min && value <= max && (value - min) % step === 0
  );
}

const REGULAR_EXPRESSIONS = new Map<string, RegExp>();

function regularExpression(pattern: string): RegExp {
  const expression = REGULAR_EXPRESSIONS.get(pattern) ?? new RegExp(pattern);
  REGULAR_EXPRESSIONS.set(pattern, expression);
  return expression;
}
