import type { PlannedResource } from "../plan/plan";
import { isMap, isString } from "../plan/predicates";
import type { Templates } from "../plan/stack";
import type { IdentityPolicy } from "../policy/identity-permission";
import { inOneOrder, isStatement } from "../policy/statement";
import { hasUnshown } from "./partial-policy";

const UNKNOWN = "unknown until apply";

/**
 * Returns the policy that an attribute has in the stack's `cdk.tf.json`; undefined if there is none. It counts as shown if its only
 * unknown parts are ARNs in Resource that AWS assigns to resources of the plan, because each of them means exactly one resource.
 */
export function stackPolicy(
  resource: PlannedResource,
  attribute: string,
  templates: Templates,
): IdentityPolicy | undefined {
  const document = templates.jsonOf(resource, attribute);
  if (!isMap(document)) {
    return undefined;
  }
  const allStatements = [document.Statement].flat().map((statement) => withValues(statement, templates));
  const statements = allStatements.filter((statement) => isStatement(statement)).map(inOneOrder);
  const isShown = statements.length === allStatements.length && !hasUnshown(allStatements);
  return { name: resource.address, notShown: isShown ? undefined : UNKNOWN, statements };
}

/**
 * Replaces the interpolations in a statement, or in a part of it, by their values. A string with an unknown interpolation becomes
 * "unknown until apply".
 */
function withValues(value: unknown, templates: Templates, element?: string): unknown {
  if (isString(value)) {
    const resolved = element === "Resource" ? templates.resolvedArn(value) : templates.resolved(value);
    return resolved ?? UNKNOWN;
  }
  if (Array.isArray(value)) {
    return value.map((one) => withValues(one, templates, element));
  }
  if (!isMap(value)) {
    return value;
  }
  const parts = Object.entries(value).map(([key, part]) => [
    templates.resolved(key),
    withValues(part, templates, element ?? key),
  ]);
  return parts.some(([key]) => key === undefined) ? UNKNOWN : Object.fromEntries(parts);
}
