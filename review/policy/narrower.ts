import { isMap, isString } from "../plan/predicates";
import { asArray, type Statement } from "./statement";

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
      ["Action", "Principal", "Resource"].includes(name)
        ? hasOnlyValuesOf(elements[name], otherElements[name])
        : isSame(elements[name], otherElements[name]),
    ) &&
    Object.entries(otherConditions).every(([operator, tests]) =>
      Object.entries(tests).every(([key, values]) => isSame(conditions[operator]?.[key], values)),
    )
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
