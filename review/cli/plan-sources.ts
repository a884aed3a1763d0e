import { PlanError } from "../plan/plan";
import { matchesPattern } from "../policy/statement";
import { Sources } from "../source/sources";

/** A value of --source: the directory of a root module, and the plans that it configures. */
export interface PlanSource {
  /** A pattern of plan names; undefined if the source is for all plans that no other source names. */
  readonly plan: string | undefined;
  readonly sources: Sources;
  readonly text: string;
}

/**
 * Reads DIR or PLAN=DIR of --source.
 *
 * @throws PlanError if the directory cannot be read
 */
export function readPlanSource(text: string): PlanSource {
  const separator = text.lastIndexOf("=");
  const plan = separator < 0 ? undefined : text.slice(0, separator);
  return { plan, sources: new Sources(text.slice(separator + 1)), text };
}

/**
 * Returns the source whose pattern matches the name of a plan, or else the source without a pattern; undefined if there is neither.
 *
 * @throws PlanError if several sources match
 */
export function sourceOf(all: readonly PlanSource[], plan: string): PlanSource | undefined {
  const sourcesOfPlan = all.filter((source) => source.plan !== undefined && matchesPattern(source.plan, plan));
  const matching = sourcesOfPlan.length > 0 ? sourcesOfPlan : all.filter((source) => source.plan === undefined);
  if (matching.length > 1) {
    const texts = matching.map(({ text }) => text).join(", ");
    throw new PlanError(`${plan} must have one --source, got: ${texts}. Name the plan of each: --source PLAN=DIR`);
  }
  return matching[0];
}
