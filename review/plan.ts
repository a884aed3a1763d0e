/** What makes an input unreadable; the message is one line. */
export class PlanError extends Error {
  public constructor(message: string) {
    super(message);
    this.name = "PlanError";
  }
}

type Values = Readonly<Record<string, unknown>>;

/** What a plan does with a resource. */
export type Action = "create" | "update" | "replace" | "destroy" | "forget" | "none";

/** A resource of a plan. */
export interface PlannedResource {
  readonly action: Action;
  readonly address: string;
  readonly type: string;
  readonly change: {
    readonly after: Values | null;
    readonly after_sensitive?: Values | boolean;
    readonly after_unknown?: Values | boolean;
    readonly before: Values | null;
    readonly before_sensitive?: Values | boolean;
  };
}

/** What is known of an attribute: its value, or why it is not shown. */
export type Attribute =
  | { readonly kind: "known"; readonly value: unknown }
  | { readonly kind: "absent" | "sensitive" | "unknown until apply" };

const HOW = "it must be a plan as `terraform show -json` prints it";

/**
 * Reads the resources of a plan, as `terraform show -json` prints it.
 *
 * @param source - what an error calls the input
 * @throws PlanError if the text is no plan, or of a format that is not known
 * @see https://developer.hashicorp.com/terraform/internals/json-format
 */
export function readPlan(text: string, source: string): readonly PlannedResource[] {
  if (text.trim() === "") {
    throw new PlanError(`${source} is empty: ${HOW}`);
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    const what = text.trimStart().startsWith("{") ? "is JSON that is cut off or broken" : "is not JSON";
    throw new PlanError(`${source} ${what}: ${HOW}`);
  }
  const { format_version: version, resource_changes: changes, values } = map(parsed);
  if (typeof version !== "string") {
    throw new PlanError(`${source} has no format_version: ${HOW}`);
  }
  if (!/^1\.\d+$/.test(version)) {
    throw new PlanError(`${source} must have format_version 1.x, got: ${version}`);
  }
  if (changes === undefined && values !== undefined) {
    throw new PlanError(`${source} is a state and no plan: ${HOW}`);
  }
  return (Array.isArray(changes) ? changes : []).map((change) => resourceOf(change as RawChange));
}

/** What is known of an attribute before or after the change. */
export function attributeOf({ change }: PlannedResource, when: "before" | "after", name: string): Attribute {
  if (change[when] === null) {
    return { kind: "absent" };
  }
  const isMarked = (marks: Values | boolean | undefined): boolean => marks === true || map(marks)[name] === true;
  if (when === "after" && isMarked(change.after_unknown)) {
    return { kind: "unknown until apply" };
  }
  if (isMarked(when === "after" ? change.after_sensitive : change.before_sensitive)) {
    return { kind: "sensitive" };
  }
  const value = change[when][name];
  return value === undefined || value === null ? { kind: "absent" } : { kind: "known", value };
}

interface RawChange {
  readonly address: string;
  readonly change: PlannedResource["change"] & { readonly actions: readonly string[] };
  readonly type: string;
}

function resourceOf({ address, change, type }: RawChange): PlannedResource {
  return { action: actionOf(change.actions), address, change, type };
}

function actionOf(actions: readonly string[]): Action {
  const [first] = actions;
  if (actions.length > 1) {
    return "replace";
  }
  return first === "create" || first === "update" || first === "forget"
    ? first
    : first === "delete"
      ? "destroy"
      : "none";
}

function map(value: unknown): Values {
  return typeof value === "object" && value !== null ? (value as Values) : {};
}
