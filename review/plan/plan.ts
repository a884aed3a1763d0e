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
  readonly address: string;
  readonly change: {
    readonly after: Values | null;
    readonly after_sensitive?: Values | boolean;
    readonly after_unknown?: Values | boolean;
    readonly before: Values | null;
    readonly before_sensitive?: Values | boolean;
    /** The import that brings it under Terraform's management. */
    readonly importing?: object;
    /** The paths of the attributes that force a replacement. */
    readonly replace_paths?: readonly (readonly (number | string)[])[];
  };
  /** The key of `count` or `for_each`. */
  readonly index?: number | string;
  /** The module instance that has the resource; undefined for the root module. */
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

/** The configuration of a provider. */
export interface ConfiguredProvider {
  readonly expressions?: Readonly<Record<string, Expression>>;
  readonly full_name?: string;
  readonly module_address?: string;
  readonly name?: string;
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
  readonly outputs?: Readonly<Record<string, { readonly expression?: Expression; readonly sensitive?: unknown }>>;
  readonly resources?: readonly ConfiguredResource[];
  readonly variables?: Readonly<Record<string, { readonly default?: unknown; readonly sensitive?: unknown }>>;
}

/** An attribute of a resource that a change depends on, directly or by local values. */
export interface RelevantAttribute {
  readonly attribute: readonly unknown[];
  readonly resource: string;
}

/** A plan, as far as a review reads it. */
export interface Plan {
  readonly configuration: ConfiguredModule;
  readonly dataSources: readonly DataSource[];
  /** The addresses of the data sources that are read during the apply. */
  readonly deferredData: readonly string[];
  /** The policy documents that are read during the apply. */
  readonly documents: readonly PlannedResource[];
  /** The changes that something else than Terraform has made since the last apply. */
  readonly drift: readonly PlannedResource[];
  readonly providers: Readonly<Record<string, ConfiguredProvider>>;
  /** The attributes that the changes depend on. */
  readonly relevantAttributes: readonly RelevantAttribute[];
  readonly resources: readonly PlannedResource[];
  /** Why the plan is not complete; undefined if it is. */
  readonly shortfall: string | undefined;
  /** The name of the input. */
  readonly source: string;
  /** The configuration of the modules, by address; empty if only the plan is given. */
  readonly stack: ReadonlyMap<string, Values>;
  /** The variables of the root module. If a variable is left out, its value is null. */
  readonly variables: Readonly<Record<string, { readonly value?: unknown }>>;
}

/** The known part of an attribute: its value, or why it is not shown. */
export type Attribute =
  | { readonly kind: "known"; readonly value: unknown }
  | { readonly kind: "absent" | "sensitive" | "unknown until apply" };
