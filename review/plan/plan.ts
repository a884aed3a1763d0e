import { either, isMap, isText, listOf, mapOf, mapWith, optional, type Shape } from "./shape";

/** The error of an input that cannot be read; the message is one line. */
export class PlanError extends Error {
  public constructor(message: string) {
    super(message);
    this.name = "PlanError";
  }
}

export type Values = Readonly<Record<string, unknown>>;

/** The action of a plan on a resource. */
export type Action = "create" | "update" | "replace" | "destroy" | "forget" | "none";

/** Before or after the plan is applied. */
export type Side = "before" | "after";

/** A managed resource of a plan. */
export interface PlannedResource {
  readonly action: Action;
  /** Why Terraform replaces or destroys it, in Terraform's words. */
  readonly action_reason?: string;
  readonly address: string;
  readonly change: {
    readonly after: Values | null;
    readonly after_sensitive?: Values | boolean;
    readonly after_unknown?: Values | boolean;
    readonly before: Values | null;
    readonly before_sensitive?: Values | boolean;
    /** The import that brings it under Terraform's management. */
    readonly importing?: object;
    /** The attributes that make a replacement necessary. */
    readonly replace_paths?: readonly (readonly (number | string)[])[];
  };
  /** The key of `count` or `for_each`. */
  readonly index?: number | string;
  /** The instance of the module that it is in; undefined for the root module. */
  readonly module_address?: string;
  readonly name: string;
  /** Its address before a `moved` block. */
  readonly previous_address?: string;
  readonly type: string;
}

/** A data source that was read for the plan. */
export interface DataSource {
  readonly address: string;
  readonly type: string;
  readonly values: Values;
}

/** An expression of the configuration: its constant, or what it refers to. */
export interface Expression {
  readonly constant_value?: unknown;
  readonly references?: readonly string[];
}

/** A resource or data source as it is configured. */
export interface ConfiguredResource {
  readonly address: string;
  readonly expressions?: Readonly<Record<string, unknown>>;
  readonly for_each_expression?: Expression;
  readonly mode: "data" | "managed";
  readonly provider_config_key?: string;
}

/** A module as it is configured. */
export interface ConfiguredModule {
  readonly module_calls?: Readonly<
    Record<
      string,
      {
        readonly expressions?: Readonly<Record<string, Expression>>;
        readonly for_each_expression?: Expression;
        readonly module?: ConfiguredModule;
      }
    >
  >;
  readonly outputs?: Readonly<Record<string, { readonly expression?: Expression }>>;
  readonly resources?: readonly ConfiguredResource[];
  readonly variables?: Readonly<Record<string, { readonly default?: unknown }>>;
}

/** A plan, as far as a review reads it. */
export interface Plan {
  readonly configuration: ConfiguredModule;
  readonly dataSources: readonly DataSource[];
  /** The policy documents that are read during the apply. */
  readonly documents: readonly PlannedResource[];
  readonly providers: Readonly<Record<string, { readonly expressions?: Readonly<Record<string, Expression>> }>>;
  readonly resources: readonly PlannedResource[];
  /** Why the plan is not complete; undefined if it does. */
  readonly shortfall: string | undefined;
  /** The name of the input. */
  readonly source: string;
  /** Of the root module; one that is left out is null. */
  readonly variables: Readonly<Record<string, { readonly value?: unknown }>>;
}

/** The known part of an attribute: its value, or why it is not shown. */
export type Attribute =
  | { readonly kind: "known"; readonly value: unknown }
  | { readonly kind: "absent" | "sensitive" | "unknown until apply" };

const HOW = "it must be a plan as `terraform show -json` prints it";

const isExpression: Shape = (value) => !isMap(value) || optional(listOf(isText))(value.references);
/** Expressions of attributes, and of the blocks within blocks. */
const areExpressions: Shape = (value) =>
  typeof value !== "object" || value === null || (isExpression(value) && Object.values(value).every(areExpressions));
const isConfiguredModule: Shape = (value) =>
  mapWith({
    module_calls: optional(
      mapOf(
        mapWith({
          expressions: optional(mapOf(areExpressions)),
          for_each_expression: optional(areExpressions),
          module: optional(isConfiguredModule),
        }),
      ),
    ),
    outputs: optional(mapOf(mapWith({ expression: optional(areExpressions) }))),
    variables: optional(mapOf(isMap)),
    resources: optional(
      listOf(
        mapWith({
          address: isText,
          expressions: optional(mapOf(areExpressions)),
          for_each_expression: optional(areExpressions),
          mode: isText,
          provider_config_key: optional(isText),
        }),
      ),
    ),
  })(value);
const isStateModule: Shape = (value) =>
  mapWith({
    child_modules: optional(listOf(isStateModule)),
    resources: optional(listOf(mapWith({ address: isText, mode: isText, type: isText, values: optional(isMap) }))),
  })(value);
const areMarks = optional(either(isMap, (value) => typeof value === "boolean"));
const isChange = mapWith({
  address: isText,
  change: mapWith({
    actions: listOf(isText),
    after: optional(isMap),
    after_sensitive: areMarks,
    after_unknown: areMarks,
    before: optional(isMap),
    before_sensitive: areMarks,
    replace_paths: optional(listOf(Array.isArray)),
  }),
  deposed: optional(isText),
  mode: isText,
  module_address: optional(isText),
  name: isText,
  previous_address: optional(isText),
  type: isText,
});

/** The parts of a plan that are read. */
const SHAPES: Readonly<Record<string, Shape>> = {
  configuration: optional(
    mapWith({
      provider_config: optional(mapOf(mapWith({ expressions: optional(mapOf(areExpressions)) }))),
      root_module: optional(isConfiguredModule),
    }),
  ),
  prior_state: optional(mapWith({ values: optional(mapWith({ root_module: optional(isStateModule) })) })),
  resource_changes: optional(listOf(isChange)),
  variables: optional(mapOf(isMap)),
};

/**
 * Reads a plan, as `terraform show -json` prints it.
 *
 * @param source - the name of the input in an error
 * @throws PlanError if the text is no plan, or of a format that is not known
 * @see https://developer.hashicorp.com/terraform/internals/json-format
 */
export function readPlan(text: string, source: string): Plan {
  if (text.trim() === "") {
    throw new PlanError(`${source} is empty: ${HOW}`);
  }
  const parsed = parse(text, source);
  const { configuration, format_version: version, prior_state: state, resource_changes: changes, variables } = parsed;
  if (typeof version !== "string") {
    throw new PlanError(`${source} has no format_version: ${HOW}`);
  }
  if (!/^1\.\d+$/.test(version)) {
    throw new PlanError(`${source} must have format_version 1.x, got: ${version}`);
  }
  if (changes === undefined && parsed.values !== undefined) {
    throw new PlanError(`${source} is a state and no plan: ${HOW}`);
  }
  if (changes === undefined && parsed.planned_values === undefined) {
    throw new PlanError(`${source} has no resource_changes: ${HOW}`);
  }
  for (const [part, shape] of Object.entries(SHAPES)) {
    if (!shape(parsed[part])) {
      throw new PlanError(`${source} has ${part} that are not laid out as Terraform does it: ${HOW}`);
    }
  }
  const { provider_config: providers, root_module: root } = map(configuration);
  const all = (changes ?? []) as readonly RawChange[];
  return {
    configuration: map(root),
    dataSources: dataSourcesOf(map(map(map(state).values).root_module)),
    providers: map(providers) as Plan["providers"],
    documents: all.filter(({ mode, type }) => mode === "data" && type === "aws_iam_policy_document").map(resourceOf),
    resources: all.filter(({ mode }) => mode === "managed").map(resourceOf),
    shortfall: shortfallOf(parsed),
    source,
    variables: map(variables) as Plan["variables"],
  };
}

function parse(text: string, source: string): Values {
  try {
    return map(JSON.parse(text));
  } catch {
    const what = text.trimStart().startsWith("{") ? "is JSON that is cut off or broken" : "is not JSON";
    throw new PlanError(`${source} ${what}: ${HOW}`);
  }
}

function shortfallOf({ complete, errored }: Values): string | undefined {
  if (errored === true) {
    return "The plan ended with an error, so that more may change than it tells.";
  }
  return complete === false
    ? "The plan leaves changes out, because of -target or because Terraform defers them."
    : undefined;
}

type RawChange = Omit<PlannedResource, "action" | "change"> & {
  readonly change: PlannedResource["change"] & { readonly actions: readonly string[] };
  /** The key of an object that an earlier apply has replaced, and failed to destroy. */
  readonly deposed?: string;
  readonly mode: string;
};

function resourceOf(raw: RawChange): PlannedResource {
  const address = raw.deposed === undefined ? raw.address : `${raw.address} (deposed object ${raw.deposed})`;
  return { ...raw, action: actionOf(raw.change.actions), address };
}

function actionOf(actions: readonly string[]): Action {
  const [first] = actions;
  if (actions.includes("forget") && actions.includes("create")) {
    // A resource that is replaced stays in AWS.
    return "create";
  }
  if (actions.length > 1) {
    return "replace";
  }
  return first === "create" || first === "update" || first === "forget"
    ? first
    : first === "delete"
      ? "destroy"
      : "none";
}

interface StateModule {
  readonly child_modules?: readonly StateModule[] | null;
  readonly resources?: readonly (DataSource & { readonly mode: string })[] | null;
}

function dataSourcesOf({ child_modules: children, resources }: StateModule): readonly DataSource[] {
  const here = (resources ?? []).filter(({ mode }) => mode === "data");
  return [...here.map((data) => ({ ...data, values: map(data.values) })), ...(children ?? []).flatMap(dataSourcesOf)];
}

/** The known part of a resource's attribute before or after the change. */
export function attributeOf({ action, change }: PlannedResource, side: Side, name: string): Attribute {
  // A resource that Terraform forgets stays as it is.
  const from = action === "forget" ? "before" : side;
  const isMarked = (marks: unknown): boolean => marks === true || (isMap(marks) && holdsMark(marks[name]));
  if (from === "after" && change.after !== null && isMarked(change.after_unknown)) {
    return { kind: "unknown until apply" };
  }
  const value = change[from]?.[name];
  if (value === undefined || value === null) {
    return { kind: "absent" };
  }
  return isMarked(from === "after" ? change.after_sensitive : change.before_sensitive)
    ? { kind: "sensitive" }
    : { kind: "known", value };
}

/** The value of an attribute, if it is known. */
export function valueOf(resource: PlannedResource, side: Side, name: string): unknown {
  const attribute = attributeOf(resource, side, name);
  return attribute.kind === "known" ? attribute.value : undefined;
}

/** The text of an attribute, if it is known and one. */
export function textOf(resource: PlannedResource, side: Side, name: string): string | undefined {
  const value = valueOf(resource, side, name);
  return typeof value === "string" ? value : undefined;
}

/** How many days KMS waits before it deletes a key; 30 if the plan has no number. */
export function waitingDays(key: PlannedResource): number {
  const days = valueOf(key, "before", "deletion_window_in_days");
  return typeof days === "number" ? days : 30;
}

/** The blocks of an attribute, if they are known. */
export function blocksOf(resource: PlannedResource, side: Side, name: string): readonly Values[] | undefined {
  const { kind } = attributeOf(resource, side, name);
  const value = valueOf(resource, side, name);
  return kind === "absent" ? [] : Array.isArray(value) ? value.filter(isMap) : undefined;
}

/** Whether a resource is there before or after the change. */
export function isThere({ action, change }: PlannedResource, side: Side): boolean {
  return (action === "forget" ? change.before : change[side]) !== null;
}

/** Marks are a tree like the values', with true at the mark. */
function holdsMark(marks: unknown): boolean {
  return marks === true || (typeof marks === "object" && marks !== null && Object.values(marks).some(holdsMark));
}

function map(value: unknown): Values {
  return isMap(value) ? value : {};
}
