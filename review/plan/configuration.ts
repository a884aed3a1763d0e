import { configurationPrefix, isIndex, type ModulePath, modulePathOf, partsOf, withoutIndexes } from "./addresses";
import { isPartlyUnknown, memberOf } from "./attributes";
import { withAwsNames } from "./awscc";
import { jsonIn } from "./json-documents";
import { memoized } from "./memoized";
import type {
  ConfiguredModule,
  ConfiguredProvider,
  ConfiguredResource,
  DataSource,
  Expression,
  Plan,
  PlannedResource,
} from "./plan";
import { isString } from "./predicates";

/** The module and the instance in which an expression is evaluated. */
export interface Scope {
  /** The for_each of the resource or module call that has the expression. */
  readonly forEach: Expression;
  /** The index of the instance of that resource or module call. */
  readonly index: string | undefined;
  /** Whether the expression is an argument of a module call. */
  readonly isOfCall?: true;
  readonly path: ModulePath;
}

/** The modules, resources and data sources of the configuration in a plan. */
export class Configuration {
  private readonly configured = new Map<string, ConfiguredResource>();
  /**
   * Returns the provider_config_key that a module inherits. If a module between has no resources, Terraform does not resolve the
   * key, and does not show which configuration that module gets. So the key is returned unchanged if there are several
   * configurations.
   */
  private readonly sourceOf = memoized((provider) => {
    const { providers } = this.plan;
    const config = providers[provider];
    if (config === undefined || !isInherited(config)) {
      return provider;
    }
    const sources = Object.entries(providers).filter(
      ([, other]) => other.full_name === config.full_name && !isInherited(other),
    );
    const [source = config.name ?? provider] = sources.map(([key]) => key);
    return sources.length > 1 ? provider : source;
  });

  public constructor(private readonly plan: Plan) {
    this.indexModule(plan.configuration, "");
  }

  /**
   * Whether the configuration sets an attribute; a variable that is null does not count. Undefined if the resource is not in the
   * configuration. A plan does not contain `dynamic` blocks. But if only a part of a value is unknown, such a block sets the
   * attribute, because a value that AWS chooses is unknown as a whole.
   */
  public isConfigured(resource: PlannedResource, attribute: string): boolean | undefined {
    const configured = this.configuredOf(resource);
    const expression = configured?.expressions?.[attribute];
    return (
      configured &&
      (isPartlyUnknown(resource, attribute) ||
        (expression !== undefined && !this.isNull(modulePathOf(resource.module_address), expression)))
    );
  }

  /** Whether the configuration in a plan shows each block of an attribute after the change. It does not show `dynamic` blocks. */
  public hasEachBlock(resource: PlannedResource, name: string): boolean {
    const [configured, planned] = [this.configuredOf(resource)?.expressions, resource.change.after].map((values) =>
      [memberOf(values, name) ?? []].flat(),
    );
    return configured!.length === planned!.length;
  }

  /** Whether the value of an attribute is a constant in the configuration. */
  public isConstant(resource: PlannedResource, attribute: string): boolean {
    const expression = this.configuredOf(resource)?.expressions?.[attribute] as Expression | undefined;
    return expression?.constant_value !== undefined && expression.constant_value !== null;
  }

  /** Returns the provider_config_key of a resource or data source, which names the configuration of its provider. */
  public providerOf({ address }: DataSource | PlannedResource): string | undefined {
    return this.configured.get(withoutIndexes(address))?.provider_config_key;
  }

  public configuredOf({ address }: Pick<PlannedResource, "address">): ConfiguredResource | undefined {
    return this.configured.get(withoutIndexes(address));
  }

  /** Returns the resource or data source at an address in a module; undefined if the configuration has none. */
  public configuredIn(path: ModulePath, address: string): ConfiguredResource | undefined {
    return this.configured.get(configurationPrefix(path) + address);
  }

  /**
   * Returns the value of an expression that is a constant, or one reference to a variable or to each.value. Undefined for another
   * expression, or if the variable is sensitive.
   */
  public valueIn(scope: Scope, expression: Expression | undefined): unknown {
    const [reference = "", ...others] = withoutParts(referenceList(expression));
    const [first, name, ...names] = partsOf(reference);
    if (name === undefined || others.length > 0) {
      return expression?.constant_value;
    }
    const value =
      first === "var"
        ? this.variableIn(scope.path, name)
        : `${first}.${name}` === "each.value"
          ? this.eachValueIn(scope)
          : undefined;
    return names.reduce(memberAt, value);
  }

  /** Returns the value of a variable; undefined if the variable is sensitive. */
  public variableIn(path: ModulePath, name: string): unknown {
    const variable = this.moduleOf(path)?.variables?.[name];
    if (variable?.sensitive === true) {
      return undefined;
    }
    const argument = path.length === 0 ? undefined : this.callOf(path)?.expressions?.[name];
    return argument
      ? this.valueIn(this.callerScope(path), argument)
      : ((path.length === 0 ? this.plan.variables[name]?.value : undefined) ?? variable?.default);
  }

  /** Returns the scope in which the arguments of a module call are evaluated. */
  public callerScope(path: ModulePath): Scope {
    return {
      forEach: this.callOf(path)?.for_each_expression ?? {},
      index: path.at(-1)?.index,
      isOfCall: true,
      path: path.slice(0, -1),
    };
  }

  public moduleOf(path: ModulePath): ConfiguredModule | undefined {
    return path.reduce<ConfiguredModule | undefined>(
      (module, { name }) => module?.module_calls?.[name]?.module,
      this.plan.configuration,
    );
  }

  public callOf(path: ModulePath): NonNullable<ConfiguredModule["module_calls"]>[string] | undefined {
    const last = path.at(-1);
    return last && this.moduleOf(path.slice(0, -1))?.module_calls?.[last.name];
  }

  /** Returns each.value. In a set, it is the key. */
  private eachValueIn({ forEach, index = "", path }: Scope): unknown {
    const values = this.valueIn({ forEach: {}, index: undefined, path }, forEach);
    return memberAt(Array.isArray(values) ? { [keyIn(index)]: keyIn(index) } : values, index);
  }

  private indexModule({ module_calls: calls, resources }: ConfiguredModule, prefix: string): void {
    for (const resource of resources ?? []) {
      const [type = ""] = resource.address.split(".");
      const expressions = withAwsNames(type, resource.expressions);
      const provider = resource.provider_config_key ?? undefined;
      this.configured.set(prefix + resource.address, {
        ...resource,
        ...(expressions && { expressions }),
        ...(provider !== undefined && { provider_config_key: this.sourceOf(provider) }),
      });
    }
    for (const [name, { module }] of Object.entries(calls ?? {})) {
      this.indexModule(module ?? {}, `${prefix}module.${name}.`);
    }
  }

  /**
   * Whether an expression is one variable that is null. In the root module, the plan has the value of the variable. In another
   * module, the value is the argument of the module call, or the default.
   */
  private isNull(path: ModulePath, expression: unknown): boolean {
    const { constant_value: constant } = (expression ?? {}) as Expression;
    const [reference, ...others] = referenceList(expression);
    const [, name] = /^var\.([^.[\]]+)$/.exec(reference ?? "") ?? [];
    if (name === undefined || others.length > 0 || (constant ?? null) !== null) {
      return false;
    }
    if (path.length === 0) {
      return (this.plan.variables[name]?.value ?? null) === null;
    }
    const argument = this.callOf(path)?.expressions?.[name] ?? undefined;
    if (argument === undefined) {
      return (this.moduleOf(path)?.variables?.[name]?.default ?? null) === null;
    }
    return argument.constant_value === null || this.isNull(path.slice(0, -1), argument);
  }
}

/** Whether an entry of provider_config is of a module that has no configuration of its own. */
function isInherited({ expressions, module_address: module }: ConfiguredProvider): boolean {
  return module !== undefined && module !== "" && expressions === undefined;
}

/** Removes references that are only a part of the one before: Terraform lists `a.b.c`, and after it the less precise `a.b`. */
export function withoutParts(references: readonly string[]): readonly string[] {
  const preciseReferences: string[] = [];
  for (const reference of references) {
    const last = preciseReferences.at(-1) ?? "";
    if (!last.startsWith(`${reference}.`) && !last.startsWith(`${reference}[`)) {
      preciseReferences.push(reference);
    }
  }
  return preciseReferences;
}

/** Returns the value of a name in a map, or at an index in brackets. */
function memberAt(values: unknown, part: string): unknown {
  return memberOf(values, isIndex(part) ? keyIn(part) : part);
}

/** Returns the key of an index in brackets. */
function keyIn(index: string): string {
  return String(jsonIn(index));
}

/** Returns the references of one expression; none for a block that has the name "references". */
export function referenceList(expression: unknown): readonly string[] {
  const references = memberOf(expression, "references");
  return Array.isArray(references) && references.every(isString) ? references : [];
}

/** Returns the references of an expression, or of the expressions of nested blocks. */
export function referencesIn(expression: unknown): readonly string[] {
  if (typeof expression !== "object" || expression === null) {
    return [];
  }
  const references = referenceList(expression);
  if (references.length > 0) {
    return references;
  }
  // A constant is data, also if one of its keys is "references".
  const parts = Object.entries(expression).filter(([name]) => name !== "constant_value");
  return parts.flatMap(([, part]) => referencesIn(part));
}
