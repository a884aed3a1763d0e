import { groupBy } from "../../modules/private/group-by";
import {
  configurationPrefix,
  indexPart,
  isIndex,
  moduleAddress,
  type ModulePath,
  modulePathOf,
  partsOf,
  withoutIndexes,
} from "./addresses";
import { stringOf } from "./attributes";
import type { ConfiguredModule, ConfiguredResource, DataSource, Expression, Plan, PlannedResource } from "./plan";

/** A resource that an attribute refers to, or a policy document that is read during the apply. */
export interface Origin {
  /** The attribute of the resource; undefined for the resource as a whole. */
  readonly attribute: string | undefined;
  readonly resource: PlannedResource;
}

/**
 * The references of a plan, for values that are not known before the apply: from an attribute, through variables, outputs of
 * modules and data sources, to resources. A plan has no local values, so a reference to one ends there.
 */
export class References {
  private readonly configured = new Map<string, ConfiguredResource>();
  /** The resources of each instance of a module; a reference to a module with `count` or `for_each` has an index. */
  private readonly instances: ReadonlyMap<string, readonly PlannedResource[]>;

  public constructor(private readonly plan: Plan) {
    this.indexModule(plan.configuration, "");
    const documents = new Set(plan.documents);
    this.instances = groupBy([...plan.resources, ...documents], (resource) => {
      const { module_address: module = "", name, type } = resource;
      return `${module} ${documents.has(resource) ? "data." : ""}${type}.${name}`;
    });
  }

  /** The resources that an attribute refers to, each with its attribute. */
  public origins(resource: PlannedResource, attribute: string): readonly Origin[] {
    return this.originsAt(resource, [attribute]);
  }

  /** The resources that a part of an attribute refers to, such as an attribute of one of its blocks. */
  public originsAt(resource: PlannedResource, path: readonly string[]): readonly Origin[] {
    const expression = path.reduce<unknown>(memberOf, this.configuredOf(resource)?.expressions);
    const references = referencesIn(expression);
    return this.resolve(modulePathOf(resource.module_address), resource, references, new Set());
  }

  /** The resources that an attribute refers to, and the policy documents that are read during the apply. */
  public resourcesBehind(resource: PlannedResource, attribute: string): readonly PlannedResource[] {
    return [...new Set(this.origins(resource, attribute).map((origin) => origin.resource))];
  }

  /**
   * Whether the configuration gives an attribute a value; a variable that is null is none. Undefined if the
   * resource is not in the configuration.
   */
  public isConfigured(resource: PlannedResource, attribute: string): boolean | undefined {
    const configured = this.configuredOf(resource);
    const expression = configured?.expressions?.[attribute];
    return configured && expression !== undefined && !this.isNull(modulePathOf(resource.module_address), expression);
  }

  /** Whether the value of an attribute is a constant in the configuration. */
  public isConstant(resource: PlannedResource, attribute: string): boolean {
    const expression = this.configuredOf(resource)?.expressions?.[attribute] as Expression | undefined;
    return expression?.constant_value !== undefined && expression.constant_value !== null;
  }

  /** The Region of a resource, or of its provider if that is a constant. */
  public regionOf(resource: PlannedResource): string | undefined {
    const regions = (["after", "before"] as const).flatMap((side) => [
      stringOf(resource, side, "region"),
      stringOf(resource, side, "arn")?.split(":")[3],
    ]);
    const known = regions.find((region) => region !== undefined && region !== "");
    const value = this.plan.providers[this.providerOf(resource) ?? ""]?.expressions?.region?.constant_value;
    return known ?? (typeof value === "string" ? value : undefined);
  }

  /** The configuration of the provider of a resource or data source. */
  public providerOf({ address }: DataSource | PlannedResource): string | undefined {
    return this.configured.get(withoutIndexes(address))?.provider_config_key;
  }

  private indexModule({ module_calls: calls, resources }: ConfiguredModule, prefix: string): void {
    for (const resource of resources ?? []) {
      this.configured.set(prefix + resource.address, resource);
    }
    for (const [name, { module }] of Object.entries(calls ?? {})) {
      this.indexModule(module ?? {}, `${prefix}module.${name}.`);
    }
  }

  private configuredOf({ address }: PlannedResource): ConfiguredResource | undefined {
    return this.configured.get(withoutIndexes(address));
  }

  /** Whether an expression is one variable, which is null in the call of the module. */
  private isNull(path: ModulePath, expression: unknown): boolean {
    const { constant_value: constant, references } = (expression ?? {}) as Expression;
    const [reference, ...others] = references ?? [];
    const [, name] = /^var\.([^.[\]]+)$/.exec(reference ?? "") ?? [];
    if (name === undefined || others.length > 0 || (constant ?? null) !== null) {
      return false;
    }
    if (path.length === 0) {
      return (this.plan.variables[name]?.value ?? null) === null;
    }
    const given = this.callOf(path)?.expressions?.[name] ?? undefined;
    if (given === undefined) {
      return (this.moduleOf(path)?.variables?.[name]?.default ?? null) === null;
    }
    return given.constant_value === null || this.isNull(path.slice(0, -1), given);
  }

  private resolve(
    path: ModulePath,
    from: PlannedResource | undefined,
    references: readonly string[],
    seen: Set<string>,
  ): readonly Origin[] {
    // Only a reference by the key of the resource surely means the instance of the same key.
    const hasSameKey = !references.includes("each.value") && INSTANCE_KEYS.some((key) => references.includes(key));
    return withoutParts(references).flatMap((reference) => {
      const key = `${path.map(({ index, name }) => `${name}[${index}]`).join(".")} ${reference}`;
      return seen.has(key) ? [] : this.follow(path, from, reference, seen.add(key), hasSameKey);
    });
  }

  private follow(
    path: ModulePath,
    from: PlannedResource | undefined,
    reference: string,
    seen: Set<string>,
    hasSameKey: boolean,
  ): readonly Origin[] {
    const [first, ...rest] = partsOf(reference);
    const [name, second] = rest;
    if (name === undefined || isIndex(name)) {
      return [];
    }
    switch (first) {
      case "each":
        return this.resolve(path, from, this.forEachOf(path, from), seen);
      case "var":
        return this.resolve(path.slice(0, -1), undefined, referencesIn(this.callOf(path)?.expressions?.[name]), seen);
      case "module": {
        const output = isIndex(second) ? rest[2] : second;
        const child = [...path, { index: isIndex(second) ? second : undefined, name }];
        const outputs = this.moduleOf(child)?.outputs;
        return this.resolve(child, undefined, outputs?.[output ?? ""]?.expression?.references ?? [], seen);
      }
      case "data": {
        const data = `data.${name}.${second}`;
        const documents = this.instancesOf(path, data, rest[2], hasSameKey ? from : undefined);
        const { expressions } = this.configured.get(configurationPrefix(path) + data) ?? {};
        const further = this.resolve(path, undefined, referencesIn(expressions), seen);
        return [...documents.map((resource) => ({ attribute: undefined, resource })), ...further];
      }
      default: {
        const attribute = isIndex(second) ? rest[2] : second;
        const resources = this.instancesOf(path, `${first}.${name}`, second, hasSameKey ? from : undefined);
        return resources.map((resource) => ({ attribute, resource }));
      }
    }
  }

  /** The instances of a resource: the one of an index, or those of the same key as another resource. */
  private instancesOf(
    path: ModulePath,
    resource: string,
    part: string | undefined,
    from: PlannedResource | undefined,
  ): readonly PlannedResource[] {
    const instances = this.instances.get(`${moduleAddress(path)} ${resource}`) ?? [];
    if (isIndex(part)) {
      return instances.filter(({ index }) => indexPart(index) === part);
    }
    // A counted resource mostly refers to the same index of another.
    const sameKey = instances.filter(({ index }) => from?.index !== undefined && index === from.index);
    return sameKey.length > 0 ? sameKey : instances;
  }

  private forEachOf(path: ModulePath, from: PlannedResource | undefined): readonly string[] {
    return (from ? this.configuredOf(from) : this.callOf(path))?.for_each_expression?.references ?? [];
  }

  private moduleOf(path: ModulePath): ConfiguredModule | undefined {
    return path.reduce<ConfiguredModule | undefined>(
      (module, { name }) => module?.module_calls?.[name]?.module,
      this.plan.configuration,
    );
  }

  private callOf(path: ModulePath): NonNullable<ConfiguredModule["module_calls"]>[string] | undefined {
    const last = path.at(-1);
    return last && this.moduleOf(path.slice(0, -1))?.module_calls?.[last.name];
  }
}

function memberOf(value: unknown, name: string): unknown {
  const hasMember = typeof value === "object" && value !== null && Object.hasOwn(value, name);
  return hasMember ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}

/** The references of an expression, or of the expressions of nested blocks. */
function referencesIn(expression: unknown): readonly string[] {
  if (typeof expression !== "object" || expression === null) {
    return [];
  }
  const { references } = expression as Expression;
  return Array.isArray(references) ? (references as string[]) : Object.values(expression).flatMap(referencesIn);
}

/** Terraform lists `a.b.c`, and after it its part `a.b`, which is less precise. */
function withoutParts(references: readonly string[]): readonly string[] {
  const kept: string[] = [];
  for (const reference of references) {
    const last = kept.at(-1) ?? "";
    if (!last.startsWith(`${reference}.`) && !last.startsWith(`${reference}[`)) {
      kept.push(reference);
    }
  }
  return kept;
}

/** The references to the key of an instance. */
const INSTANCE_KEYS = ["count.index", "each.key"];
