import { groupBy } from "../../modules/private/group-by";
import { stringOf } from "../plan/attributes";
import type { PlannedResource, Side } from "../plan/plan";

const NONE: readonly PlannedResource[] = [];

/** The resources of a plan by their type, and by the value of an attribute. */
export class PlannedResources {
  private readonly byType: ReadonlyMap<string, readonly PlannedResource[]>;
  private readonly byValue = new Map<string, ReadonlyMap<string | undefined, readonly PlannedResource[]>>();

  public constructor(resources: readonly PlannedResource[]) {
    this.byType = groupBy(resources, ({ type }) => type);
  }

  public withType(...types: readonly string[]): readonly PlannedResource[] {
    const [type = "", ...others] = types;
    // Most calls have one type, and need no copy of thousands of resources.
    const resources = this.byType.get(type) ?? NONE;
    return others.length === 0 ? resources : [...resources, ...this.withType(...others)];
  }

  /** Returns the types that begin with one of some texts. */
  public typesWith(starts: readonly string[]): readonly string[] {
    return [...this.byType.keys()].filter((type) => starts.some((start) => type.startsWith(start))).sort();
  }

  /** Returns the resources of a type whose attribute has a value on one side of the change. */
  public withValue(type: string, attribute: string, value: string, side: Side = "after"): readonly PlannedResource[] {
    const index = `${side} ${type}.${attribute}`;
    const byValue =
      this.byValue.get(index) ?? groupBy(this.withType(type), (resource) => stringOf(resource, side, attribute));
    this.byValue.set(index, byValue);
    return byValue.get(value) ?? NONE;
  }
}

/** The resources of a plan, each with its account; undefined if the plan does not show the account. */
export type ResourcesWithAccounts = PlannedResources & {
  accountOf(resource: PlannedResource): string | undefined;
};
