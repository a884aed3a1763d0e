import { exists } from "./attributes";
import type { Plan, PlannedResource } from "./plan";

/** Returns a plan in which all resources that exist before the change stay as they are. Findings of this plan are not new. */
export function standingPlan(plan: Plan): Plan {
  const resources = plan.resources.filter((resource) => exists(resource, "before"));
  return { ...plan, documents: [], resources: resources.map(unchanged) };
}

function unchanged({ change, ...resource }: PlannedResource): PlannedResource {
  const { before, before_sensitive: sensitive } = change;
  const marks = sensitive === undefined ? {} : { after_sensitive: sensitive, before_sensitive: sensitive };
  return { ...resource, action: "none", change: { after: before, before, ...marks } };
}
