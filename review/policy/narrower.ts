import { isMap, isString } from "../plan/predicates";
import { asArray, matchesAction, matchesResource, type Statement } from "./statement";

/**
 * Whether an Allow statement surely allows no request that another one does not allow: it has fewer actions, principals or resources,
 * or more conditions. Each condition is one more limit, because a request must meet all of them. A Sid limits nothing.
 */
export function isNarrower(statement: Statement, other: Statement): boolean {
  const { Condition: conditions = {}, ...elements } = statement;
  const { Condition: otherConditions = {}, ...otherElements } = other;
  const names = new Set([...Object.keys(elements), ...Object.keys(otherElements)]) as Set<keyof typeof elements>;
  names.delete("Sid");
  return (
    statement.Effect === "Allow" &&
    [...names].every((name) =>
      name === "Principal"
        ? hasOnlyValuesOf(elements[name], otherElements[name])
        : name === "Action" || name === "Resource"
          ? isCovered(elements[name], otherElements[name], COVERS[name])
          : isSame(elements[name], otherElements[name]),
    ) &&
    Object.entries(otherConditions).every(([operator, tests]) =>
      Object.entries(tests).every(([key, values]) => isSame(conditions[operator]?.[key], values)),
    )
  );
}

/** Whether a pattern of another statement covers a value, whose own wildcards count as text. */
const COVERS = {
  Action: (pattern: string, value: string) => matchesAction({ Action: pattern, Effect: "Allow" }, value),
  Resource: matchesResource,
};

/** Whether each value is equal to one of the others, or covered by one. A `?` covers no `*`. */
function isCovered(
  one: Statement["Action"],
  other: Statement["Action"],
  covers: (pattern: string, value: string) => boolean,
): boolean {
  return asArray(one).every((value) =>
    asArray(other).some(
      (pattern) => pattern === value || (!(pattern.includes("?") && value.includes("*")) && covers(pattern, value)),
    ),
  );
}

/** Whether a value, a list or a map of lists has no value that another one lacks. */
function hasOnlyValuesOf(one: unknown, other: unknown): boolean {
  if (isMap(one) && isMap(other)) {
    return Object.entries(one).every(([name, values]) => hasOnlyValuesOf(values, other[name]));
  }
  const [values, others] = [asArray(one), asArray(other)];
  return values.every((value) => isString(value) && others.includes(value));
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
