/**
 * A value of AWS: one that exists today, a value that AWS adds later, or a token. A value that is none of `T` gets a warning.
 */
export type OrNewer<T extends string> = T | (string & Record<never, never>);

/**
 * The rule of one value, as data. The constructs check their props against it, and the configuration's schema, the JSON
 * Schema, the documentation and the variables of the Terraform modules derive from it.
 */
export interface Rule {
  /** The requirement, read after "must": `be an integer from 7 to 30`. */
  readonly must: string;
  /** The pattern that the whole string matches. Its syntax is that of RE2, as Terraform has it. */
  readonly pattern?: string | undefined;
  /** The patterns that no part of the string matches. */
  readonly refused?: readonly RefusedPattern[] | undefined;
  /** The fewest characters. */
  readonly minLength?: number | undefined;
  /** The most characters. */
  readonly maxLength?: number | undefined;
  /** The values that are accepted. */
  readonly values?: readonly (boolean | number | string)[] | undefined;
  /** The values that exist today. Another value that follows the rule is accepted with a warning. */
  readonly knownValues?: readonly string[] | undefined;
  /** The ranges of integers that are accepted. */
  readonly ranges?: readonly IntegerRange[] | undefined;
  /** A test of the value that the other members cannot express. */
  readonly test?: ((value: unknown) => boolean) | undefined;
  /** The fix of a value that is often given by mistake; it follows `must`. */
  readonly hint?: ((value: string, partition: string) => string | undefined) | undefined;
}

/** A pattern that is refused, unless the string also matches another one. */
export interface RefusedPattern {
  readonly pattern: string;
  readonly unless?: string | undefined;
}

/** The integers from `min` to `max`, in steps from `min`. */
export interface IntegerRange {
  readonly min: number;
  readonly max?: number | undefined;
  readonly step?: number | undefined;
}

/** Whether a value that is known follows a rule. */
export function follows(value: unknown, rule: Rule): boolean {
  const { ranges, test, values } = rule;
  return (
    (isTextRule(rule) ? typeof value === "string" && stringFollows(value, rule) : true) &&
    (values?.includes(value as string) ?? true) &&
    (ranges?.some((range) => isWithin(value, range)) ?? true) &&
    (test?.(value) ?? true)
  );
}

/** Returns the requirement, with a hint for a value that is often given by mistake; an ARN in the hint is of the partition. */
export function mustOf(rule: Rule, value: unknown, partition = "aws"): string {
  const hint = typeof value === "string" ? rule.hint?.(value, partition) : undefined;
  return hint === undefined ? rule.must : `${rule.must}; ${hint}`;
}

/** A rule of strings that match a pattern as a whole. */
export function matching(must: string, pattern: string, ...refused: readonly (RefusedPattern | string)[]): Rule {
  const patterns = refused.map((one) => (typeof one === "string" ? { pattern: one } : one));
  return patterns.length === 0 ? { must, pattern } : { must, pattern, refused: patterns };
}

/** A rule of a closed set of values. */
export function oneOf(values: readonly (number | string)[]): Rule {
  return { must: `be one of ${values.join(", ")}`, values };
}

/** A rule of a set of strings that AWS adds to: a string that matches the pattern is accepted. */
export function oneOfOrNewer(
  knownValues: readonly string[],
  pattern: string,
  ...refused: readonly (RefusedPattern | string)[]
): Rule {
  const must = `be one of ${knownValues.join(", ")}, or a newer value of the same form`;
  return { ...matching(must, pattern, ...refused), knownValues };
}

/** A rule of integers. */
export function integer(min: number, max: number): Rule {
  return { must: `be an integer from ${min} to ${max}`, ranges: [{ max, min }] };
}

/** A rule of strings by their length. */
export function text(minLength: number, maxLength: number): Rule {
  return { maxLength, minLength, must: `be a string of ${minLength} to ${maxLength} characters` };
}

function isTextRule({ maxLength, minLength, pattern }: Rule): boolean {
  return pattern !== undefined || minLength !== undefined || maxLength !== undefined;
}

function stringFollows(value: string, { maxLength = Infinity, minLength = 0, pattern, refused = [] }: Rule): boolean {
  return (
    value.length >= minLength &&
    value.length <= maxLength &&
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
