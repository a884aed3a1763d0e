import type { PartialStatement } from "../plan/document";
import type { PlannedResource } from "../plan/plan";
import { isMap, isString } from "../plan/predicates";
import type { ArnOf, Templates } from "../plan/stack";
import { statementsOf } from "../policy/statement";
import { hasUnshown } from "./partial-policy";

const UNKNOWN = "unknown until apply";

/** The policy that an attribute has in the configuration of the plan. */
export interface StackPolicy {
  /** Whether each part of the policy is shown. */
  readonly isShown: boolean;
  readonly statements: readonly PartialStatement[];
}

/**
 * Returns the policy that an attribute has in the stack of the plan; undefined if there is none. It counts as shown if its only
 * unknown parts are ARNs in Resource that AWS assigns to resources of the plan, because each of them means exactly one resource.
 *
 * @param arnOf - composes the ARNs of roles and users that the plan creates
 */
export function stackPolicy(
  resource: PlannedResource,
  attribute: string,
  templates: Templates,
  arnOf?: ArnOf,
): StackPolicy | undefined {
  const document = templates.policyOf(resource, attribute);
  if (!isMap(document)) {
    return undefined;
  }
  const { Statement, ...rest } = document;
  const all = [Statement].flat().map((statement) => withValues(statement, templates, arnOf));
  const policy = { ...(withValues(rest, templates, arnOf) as object), Statement: all };
  const shown = hasUnshown(policy) ? undefined : statementsOf(JSON.stringify(policy));
  return {
    isShown: shown !== undefined,
    statements: [...(shown ?? all)].filter(isMap),
  };
}

/**
 * Replaces the interpolations in a statement, or in a part of it, by their values. A string with an unknown interpolation becomes
 * "unknown until apply".
 */
function withValues(value: unknown, templates: Templates, arnOf: ArnOf | undefined, element?: string): unknown {
  if (isString(value)) {
    const resolved = element === "Resource" ? templates.resolvedArn(value) : templates.resolved(value, arnOf);
    return resolved ?? UNKNOWN;
  }
  if (Array.isArray(value)) {
    return value.map((one) => withValues(one, templates, arnOf, element));
  }
  if (!isMap(value)) {
    return value;
  }
  const parts = Object.entries(value).map(([key, part]) => [
    templates.resolved(key),
    withValues(part, templates, arnOf, element ?? key),
  ]);
  return parts.some(([key]) => key === undefined) ? UNKNOWN : Object.fromEntries(parts);
}
