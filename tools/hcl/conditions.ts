import type { IntegerRange, Rule } from "../../modules/private/rule";
import { quoted } from "./hcl";

/** Returns a rule as a Terraform condition on the expression `value`; undefined if only code can check the rule. */
export function conditionOf(rule: Rule, value: string): string | undefined {
  const { maxLength, minLength = 0, pattern, ranges, refused = [], values } = rule;
  const matches = (regex: string): string => `can(regex(${quoted(regex)}, ${value}))`;
  const conditions = [
    ...(pattern === undefined ? [] : [matches(`^(?:${pattern})$`)]),
    ...refused.map((one) => {
      const isFree = `!${matches(one.pattern)}`;
      return one.unless === undefined ? isFree : `(${isFree} || ${matches(one.unless)})`;
    }),
    ...(minLength > 0 ? [`length(${value}) >= ${minLength}`] : []),
    ...(maxLength === undefined ? [] : [`length(${value}) <= ${maxLength}`]),
    ...(values === undefined ? [] : [`contains(${JSON.stringify(values).replaceAll(",", ", ")}, ${value})`]),
    ...(ranges === undefined ? [] : [anyOf(ranges.map((range) => withinRange(range, value)))]),
  ];
  return conditions.length === 0 ? undefined : conditions.join(" && ");
}

function withinRange({ max, min, step = 1 }: IntegerRange, value: string): string {
  if (min === max) {
    return `${value} == ${min}`;
  }
  const isInteger = step === 1 ? `floor(${value}) == ${value}` : `(${value} - ${min}) % ${step} == 0`;
  return [`${value} >= ${min}`, ...(max === undefined ? [] : [`${value} <= ${max}`]), isInteger].join(" && ");
}

function anyOf(conditions: readonly string[]): string {
  return conditions.length === 1 ? conditions[0]! : `(${conditions.map((condition) => `(${condition})`).join(" || ")})`;
}
