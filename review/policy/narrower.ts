import { isMap, isString } from "../plan/predicates";
import { asArray, isDenial, matchesActionPattern, matchesResource, type Statement } from "./statement";

/** The most statements, or findings, of a policy that are compared with each other. A policy that AWS accepts has fewer statements. */
export const MOST_COMPARED = 600;

/** Whether others together surely allow each request that an Allow statement allows. */
export function isNarrower(statement: Statement, others: readonly Statement[]): boolean {
  return statement.Effect === "Allow" && isCovered(statement, others);
}

/** Returns the former Deny statements that the remaining Deny statements do not surely cover. A Sid limits nothing. */
export function denialsBeyond(former: readonly Statement[], remaining: readonly Statement[]): readonly Statement[] {
  const textOf = (denial: Statement): string => JSON.stringify({ ...denial, Sid: undefined });
  const denials = remaining.filter(isDenial);
  const texts = new Set(denials.map(textOf));
  return former.filter((one) => isDenial(one) && !texts.has(textOf(one)) && !isCovered(one, denials));
}

/**
 * Whether others surely apply to each request to which a statement applies. One other statement covers the whole statement, or
 * others cover each of its actions, each of its principals or each of its resources.
 */
function isCovered(statement: Statement, others: readonly Statement[]): boolean {
  const isInOne = (part: Statement): boolean => others.some((other) => isWithin(part, other));
  return (
    others.length <= MOST_COMPARED &&
    (isInOne(statement) || partitionsOf(statement).some((parts) => parts.every(isInOne)))
  );
}

/** Returns the ways to divide a statement by the values of one of its elements. */
function partitionsOf(statement: Statement): readonly (readonly Statement[])[] {
  const { Action, Principal, Resource } = statement;
  const principals = isMap(Principal)
    ? Object.entries(Principal).flatMap(([kind, names]) => asArray(names).map((name) => ({ [kind]: name })))
    : [];
  return [
    asArray(Action).map((one) => ({ ...statement, Action: one })),
    principals.map((one) => ({ ...statement, Principal: one })),
    asArray(Resource).map((one) => ({ ...statement, Resource: one })),
  ].filter(({ length }) => length > 1);
}

/**
 * Whether another statement surely applies to each request to which a statement applies. The statement has fewer actions,
 * principals or resources, or more conditions. Each condition is one more limit, because a request must meet all of them.
 */
function isWithin(statement: Statement, other: Statement): boolean {
  const { Condition: conditions = {}, ...elements } = statement;
  const { Condition: otherConditions = {}, ...otherElements } = other;
  const names = new Set([...Object.keys(elements), ...Object.keys(otherElements)]) as Set<keyof typeof elements>;
  names.delete("Sid");
  return (
    [...names].every((name) =>
      name === "Principal"
        ? hasOnlyValuesOf(byKind(elements[name]), byKind(otherElements[name]))
        : name === "Action" || name === "Resource"
          ? hasOnlyCovered(elements[name], otherElements[name], COVERS[name])
          : name === "NotAction" || name === "NotResource"
            ? otherElements[name] !== undefined &&
              hasOnlyCovered(otherElements[name], elements[name], COVERS[EXCEPTED[name]])
            : isSame(elements[name], otherElements[name]),
    ) &&
    Object.entries(otherConditions).every(([operator, tests]) =>
      Object.entries(tests).every(([key, values]) => isStricter(operator, conditions[operator]?.[key], values)),
    )
  );
}

/** Whether a test has fewer values than another one or, if the operator negates, more. */
function isStricter(operator: string, values: unknown, otherValues: unknown): boolean {
  const [few, many] = /not/i.test(operator) ? [otherValues, values] : [values, otherValues];
  return isSame(values, otherValues) || (asArray(few).length > 0 && hasOnlyValuesOf(few, many));
}

/** Whether a pattern of another statement covers a value. The wildcards of the value count as text. */
const COVERS = {
  Action: matchesActionPattern,
  Resource: matchesResource,
};

/** Maps each Not element to the element whose values it excepts. */
const EXCEPTED = { NotAction: "Action", NotResource: "Resource" } as const;

/** Returns principals by their kind. For AWS, `"*"` and `{"AWS": "*"}` are equal. */
function byKind(principals: Statement["Principal"]) {
  return principals === "*" ? { AWS: principals } : principals;
}

/** Whether each value is equal to a value of the other element, or covered by a pattern there. A `?` covers no `*`. */
function hasOnlyCovered(
  one: Statement["Action"],
  other: Statement["Action"],
  covers: (pattern: string, value: string) => boolean,
): boolean {
  const others = asArray(other);
  return asArray(one).every(
    (value) =>
      others.includes(value) ||
      others.some((pattern) => !(pattern.includes("?") && value.includes("*")) && covers(pattern, value)),
  );
}

/** Whether each value of the first is in the second, too. Both are strings, lists, or maps of lists. */
function hasOnlyValuesOf(one: unknown, other: unknown): boolean {
  if (isMap(one) && isMap(other)) {
    return Object.entries(one).every(([name, values]) => hasOnlyValuesOf(values, other[name]));
  }
  // In a condition, true and 1 are equal to "true" and "1".
  const textOf = (value: unknown): unknown =>
    typeof value === "boolean" || typeof value === "number" ? String(value) : value;
  const others = asArray(other).map(textOf);
  return asArray(one)
    .map(textOf)
    .every((value) => isString(value) && others.includes(value));
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
