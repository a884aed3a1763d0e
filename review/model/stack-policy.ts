import type { PartialStatement } from "../plan/document";
import type { ModulePath } from "../plan/addresses";
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
  const scope: Scope = { arnOf, path, templates };
  const all = [Statement].flat().map((statement) => withValues(statement, scope));
  const policy = { ...(withValues(rest, scope) as object), Statement: all };
  const shown = hasUnshown(policy) ? undefined : statementsOf(JSON.stringify(policy));
  return {
    isShown: shown !== undefined,
    statements: [...(shown ?? all)].filter(isMap),
  };
}

/** The templates of a plan, and the module whose names the references of a value have. */
interface Scope {
  readonly arnOf: ArnOf | undefined;
  readonly path: ModulePath;
  readonly templates: Templates;
}

/**
 * Replaces the interpolations in a statement, or in a part of it, by their values. A string with an unknown interpolation becomes
 * "unknown until apply".
 */
function withValues(value: unknown, scope: Scope, element?: string): unknown {
  const { arnOf, path, templates } = scope;
  if (isString(value)) {
    const { path: origin, value: list } = templates.followed({ path, value });
    if (Array.isArray(list)) {
      return withValues(list, { ...scope, path: origin }, element);
    }
    const resolved =
      element === "Resource" ? templates.resolvedArn(value, path) : templates.resolved(value, path, arnOf);
    return resolved ?? UNKNOWN;
  }
  if (Array.isArray(value)) {
    // An element can be a reference to a list.
    return value.flatMap((one) => withValues(one, scope, element));
  }
  if (!isMap(value)) {
    return value;
  }
  const parts = Object.entries(value).map(([key, part]) => [
    templates.resolved(key, path),
    withValues(part, scope, element ?? key),
  ]);
  return parts.some(([key]) => key === undefined) ? UNKNOWN : Object.fromEntries(parts);
}
