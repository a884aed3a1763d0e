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
  const { path = [], value: document } = templates.policyOf(resource, attribute) ?? {};
  if (!isMap(document)) {
    return undefined;
  }
  const { Statement, ...rest } = document;
  const scope: Scope = {
    resolved: (text) => templates.resolved(text, path, arnOf),
    resolvedArn: (text) => templates.resolvedArn(text, path),
  };
  const all = [Statement].flat().map((statement) => withValues(statement, scope));
  const policy = { ...(withValues(rest, scope) as object), Statement: all };
  const shown = hasUnshown(policy) ? undefined : statementsOf(JSON.stringify(policy));
  return {
    isShown: shown !== undefined,
    statements: [...(shown ?? all)].filter(isMap),
  };
}

/** The templates in the module of a policy. */
type Scope = Readonly<Record<"resolved" | "resolvedArn", (text: string) => string | undefined>>;

/**
 * Replaces the interpolations in a statement, or in a part of it, by their values. A string with an unknown interpolation becomes
 * "unknown until apply".
 */
function withValues(value: unknown, scope: Scope, element?: string): unknown {
  if (isString(value)) {
    return scope[element === "Resource" ? "resolvedArn" : "resolved"](value) ?? UNKNOWN;
  }
  if (Array.isArray(value)) {
    return value.map((one) => withValues(one, scope, element));
  }
  if (!isMap(value)) {
    return value;
  }
  const parts = Object.entries(value).map(([key, part]) => [
    scope.resolved(key),
    withValues(part, scope, element ?? key),
  ]);
  return parts.some(([key]) => key === undefined) ? UNKNOWN : Object.fromEntries(parts);
}
