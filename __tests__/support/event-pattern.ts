type Json = Readonly<Record<string, unknown>>;

/**
 * Whether an event matches a pattern of EventBridge. It has the operators that the patterns of the library use; any other is an error.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export function matchesPattern(pattern: Json, event: unknown): boolean {
  // An array of objects matches if one of them does.
  if (Array.isArray(event)) {
    return event.some((item) => matchesPattern(pattern, item));
  }
  if (typeof event !== "object" || event === null) {
    return false;
  }
  return Object.entries(pattern).every(([key, wanted]) => {
    if (key === "$or") {
      return (wanted as readonly Json[]).some((one) => matchesPattern(one, event));
    }
    const value = (event as Json)[key];
    return Array.isArray(wanted)
      ? [value].flat().some((item) => wanted.some((filter) => passes(filter, item)))
      : matchesPattern(wanted as Json, value);
  });
}

function passes(filter: unknown, value: unknown): boolean {
  if (typeof filter !== "object" || filter === null) {
    return filter === value;
  }
  const [[operator, operand], ...others] = Object.entries(filter) as [[string, string], ...unknown[]];
  if (others.length > 0 || !["prefix", "wildcard"].includes(operator)) {
    throw new Error(`The filter must have one operator, prefix or wildcard, got: ${JSON.stringify(filter)}`);
  }
  if (typeof value !== "string") {
    return false;
  }
  const parts = operand.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return operator === "prefix" ? value.startsWith(operand) : new RegExp(`^${parts.join(".*")}$`, "s").test(value);
}
