import { changeWithAwsNames } from "./awscc";
import { DOCUMENT_TYPE } from "./document";
import { hasRepeatedNames } from "./json-documents";
import { type Action, type DataSource, type Plan, PlanError, type PlannedResource, type Values } from "./plan";
import { anyOf, arrayOf, asText, isMap, isString, mapOf, mapWith, optional, type Predicate } from "./predicates";
import type { Stack } from "./stack";

const HOW = "it must be a plan as `terraform show -json` prints it";

/**
 * The actions that a plan may have for a resource. A plan with any other is refused, because it could be a change that the review
 * does not see.
 */
const ACTIONS = ["create", "delete", "forget", "no-op", "read", "update"];

const isExpression: Predicate = (value) => !isMap(value) || optional(arrayOf(isString))(value.references);
const isConfiguredModule: Predicate = (value) =>
  mapWith({
    module_calls: optional(
      mapOf(
        mapWith({
          expressions: optional(isMap),
          for_each_expression: optional(isExpression),
          module: optional(isConfiguredModule),
        }),
      ),
    ),
    outputs: optional(mapOf(mapWith({ expression: optional(isExpression) }))),
    variables: optional(mapOf(isMap)),
    resources: optional(
      arrayOf(
        mapWith({
          address: isString,
          expressions: optional(isMap),
          for_each_expression: optional(isExpression),
          mode: isString,
          provider_config_key: optional(isString),
        }),
      ),
    ),
  })(value);
const isStateModule: Predicate = (value) =>
  mapWith({
    child_modules: optional(arrayOf(isStateModule)),
    resources: optional(
      arrayOf(mapWith({ address: isString, mode: isString, type: isString, values: optional(isMap) })),
    ),
  })(value);
const areMarks = optional(anyOf(isMap, (value) => typeof value === "boolean"));
const isChange = mapWith({
  address: isString,
  change: mapWith({
    actions: arrayOf((action) => ACTIONS.some((name) => name === action)),
    after: optional(isMap),
    after_sensitive: areMarks,
    after_unknown: areMarks,
    before: optional(isMap),
    before_sensitive: areMarks,
    replace_paths: optional(arrayOf(Array.isArray)),
  }),
  deposed: optional(isString),
  mode: isString,
  module_address: optional(isString),
  name: isString,
  previous_address: optional(isString),
  type: isString,
});

/** The layout of the parts of a plan that are read. */
const LAYOUT: Readonly<Record<string, Predicate>> = {
  configuration: optional(
    mapWith({
      provider_config: optional(
        mapOf(
          mapWith({
            expressions: optional(mapOf(isExpression)),
            full_name: optional(isString),
            module_address: optional(isString),
            name: optional(isString),
          }),
        ),
      ),
      root_module: optional(isConfiguredModule),
    }),
  ),
  relevant_attributes: optional(arrayOf(mapWith({ attribute: Array.isArray, resource: isString }))),
  prior_state: optional(mapWith({ values: optional(mapWith({ root_module: optional(isStateModule) })) })),
  resource_changes: optional(arrayOf(isChange)),
  resource_drift: optional(arrayOf(isChange)),
  variables: optional(mapOf(isMap)),
};

/**
 * Reads a plan, as `terraform show -json` prints it.
 *
 * @param source - the name of the input in an error
 * @param stack - the configuration of the plan, if it is given
 * @throws PlanError if the text is no plan, or of a format that is not known
 * @see https://developer.hashicorp.com/terraform/internals/json-format
 */
export function readPlan(text: string, source: string, stack: Stack = new Map()): Plan {
  if (text.trim() === "") {
    throw new PlanError(`${source} is empty: ${HOW}`);
  }
  const json = parse(text, source);
  if (hasRepeatedNames(text, json)) {
    throw new PlanError(`${source} has an object with two members of the same name: ${HOW}`);
  }
  const parsed = mapIn(json);
  checkLayout(parsed, source);
  const { configuration, prior_state: state, resource_changes: changes, variables } = parsed;
  const { provider_config: providers, root_module: root } = mapIn(configuration);
  const allChanges = (changes ?? []) as readonly RawChange[];
  const drift = (parsed.resource_drift ?? []) as readonly RawChange[];
  const deferredData = allChanges.filter(({ mode }) => mode === "data");
  const stateRoot = mapIn(mapIn(mapIn(state).values).root_module);
  return {
    configuration: mapIn(root),
    dataSources: dataSourcesOf(stateRoot),
    drift: managedOf(drift),
    providers: mapIn(providers) as Plan["providers"],
    deferredData: deferredData.map(({ address }) => address),
    documents: deferredData.filter(({ type }) => type === DOCUMENT_TYPE).map(resourceOf),
    relevantAttributes: (parsed.relevant_attributes ?? []) as Plan["relevantAttributes"],
    // A plan of -refresh-only has no changes, and the state as it is now.
    resources: changes ? managedOf(allChanges) : standingResources(stateRoot),
    shortfall: shortfallOf(parsed),
    source,
    stack,
    variables: mapIn(variables) as Plan["variables"],
  };
}

/** @throws PlanError if the parts of a plan are missing, or not as this review reads them */
function checkLayout(parsed: Values, source: string): void {
  const { format_version: version, resource_changes: changes } = parsed;
  if (typeof version !== "string") {
    throw new PlanError(`${source} has no format_version: ${HOW}`);
  }
  if (!/^1\.\d+$/.test(version)) {
    throw new PlanError(
      `${source} must have format_version 1.x, as Terraform 1.1 and newer and OpenTofu print it, got: ${version}`,
    );
  }
  if (!changes && parsed.values !== undefined) {
    throw new PlanError(`${source} is a state and no plan: ${HOW}`);
  }
  if (!changes && parsed.planned_values === undefined) {
    throw new PlanError(`${source} has no resource_changes: ${HOW}`);
  }
  for (const [part, isLaidOut] of Object.entries(LAYOUT)) {
    if (!isLaidOut(parsed[part])) {
      throw new PlanError(`${source} has ${part} that do not have the layout of Terraform: ${HOW}`);
    }
  }
}

function parse(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const faultText = text.trimStart().startsWith("{") ? "is JSON that is cut off or broken" : "is not JSON";
    throw new PlanError(`${source} ${faultText}: ${HOW}`);
  }
}

function shortfallOf({ complete: isComplete, deferred_changes: deferred, errored }: Values): string | undefined {
  if (errored === true) {
    return "The plan ended with an error, so it may not show every change.";
  }
  const hasDeferred = Array.isArray(deferred) && deferred.length > 0;
  return isComplete === false || hasDeferred
    ? "The plan leaves changes out, because of -target or because Terraform defers them."
    : undefined;
}

type RawChange = Omit<PlannedResource, "action" | "change"> & {
  readonly change: PlannedResource["change"] & { readonly actions: readonly string[] };
  /** The key of an object that an earlier apply has replaced, and failed to destroy. */
  readonly deposed?: string | null;
  readonly mode: string;
};

function managedOf(changes: readonly RawChange[]): readonly PlannedResource[] {
  return changes.filter(({ mode }) => mode === "managed").map(resourceOf);
}

function resourceOf(raw: RawChange): PlannedResource {
  const { address, change, deposed, index, module_address: module, name, previous_address: previous, type } = raw;
  return {
    action: actionOf(change.actions),
    address: isString(deposed) ? `${address} (deposed object ${deposed})` : address,
    change: changeWithAwsNames(type, change),
    name,
    type,
    ...(index !== undefined && { index }),
    ...(isString(module) && { module_address: module }),
    ...(isString(previous) && { previous_address: previous }),
  };
}

function actionOf(actions: readonly string[]): Action {
  const [first] = actions;
  if (actions.includes("forget") && actions.includes("create")) {
    // The old resource stays in AWS, and Terraform creates another one.
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

interface StateResource extends DataSource {
  readonly index?: number | string | null;
  readonly mode: string;
  readonly name?: unknown;
  readonly sensitive_values?: unknown;
}

interface StateModule {
  readonly address?: unknown;
  readonly child_modules?: readonly StateModule[] | null;
  readonly resources?: readonly StateResource[] | null;
}

function dataSourcesOf({ child_modules: children, resources }: StateModule): readonly DataSource[] {
  const dataSources = (resources ?? []).filter(({ mode }) => mode === "data");
  return [
    ...dataSources.map((dataSource) => ({ ...dataSource, values: mapIn(dataSource.values) })),
    ...(children ?? []).flatMap(dataSourcesOf),
  ];
}

/** Converts the managed resources of a state to planned resources that do not change. */
function standingResources({ address: module, child_modules: children, resources }: StateModule): PlannedResource[] {
  const managed = (resources ?? []).filter(({ mode }) => mode === "managed");
  return [
    ...managed.map(({ address, index, name, sensitive_values: sensitive, type, values }): PlannedResource => {
      const marks = isMap(sensitive) ? { after_sensitive: sensitive, before_sensitive: sensitive } : {};
      return {
        action: "none",
        address,
        change: { after: mapIn(values), before: mapIn(values), ...marks },
        ...(index !== undefined && index !== null && { index }),
        ...(isString(module) && { module_address: module }),
        name: asText(name),
        type,
      };
    }),
    ...(children ?? []).flatMap(standingResources),
  ];
}

function mapIn(value: unknown): Values {
  return isMap(value) ? value : {};
}
