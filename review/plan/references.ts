import { groupBy } from "../../modules/private/group-by";
import {
  type ConfiguredModule,
  type ConfiguredResource,
  type DataSource,
  type Expression,
  type Plan,
  type PlannedResource,
  textOf,
} from "./plan";

/** A resource, or a policy document that is not known yet, that something is made from, and which attribute of it; undefined for the resource as a whole. */
export interface Origin {
  readonly attribute: string | undefined;
  readonly resource: PlannedResource;
}

/** A step to a module: its name, and the key of `count` or `for_each`; undefined for none. */
interface Step {
  readonly index: string | undefined;
  readonly name: string;
}
type Path = readonly Step[];

/**
 * The references of the resources of a plan, for values that are not known before the apply: from an attribute, through variables,
 * outputs of modules and data sources, to the resources that it is made from. Local values are not in a plan, so
 * that nothing is found behind them.
 */
export class References {
  private readonly configured = new Map<string, ConfiguredResource>();
  /** The resources of each instance of a module; a reference to a module with `count` or `for_each` has an index. */
  private readonly instances: ReadonlyMap<string, readonly PlannedResource[]>;

  public constructor(private readonly plan: Plan) {
    this.index(plan.configuration, "");
    const all = [
      ...plan.resources.map((resource) => [resource, `${resource.type}.${resource.name}`] as const),
      ...plan.documents.map((document) => [document, `data.${document.type}.${document.name}`] as const),
    ];
    const byInstance = groupBy(all, ([{ module_address: module = "" }, name]) => `${module} ${name}`);
    this.instances = withoutNames(byInstance);
  }

  /** The references that an attribute is made from. */
  public origins(resource: PlannedResource, attribute: string): readonly Origin[] {
    const references = referencesIn(this.configuredOf(resource)?.expressions?.[attribute]);
    return this.resolve(pathOf(resource.module_address), resource, references, new Set());
  }

  /** The resources, and the policy documents that are not known yet, that an attribute is made from. */
  public behind(resource: PlannedResource, attribute: string): readonly PlannedResource[] {
    return [...new Set(this.origins(resource, attribute).map((origin) => origin.resource))];
  }

  /**
   * Whether the configuration gives an attribute a value; a variable that is null is none. Undefined if the
   * resource is not in the configuration.
   */
  public isConfigured(resource: PlannedResource, attribute: string): boolean | undefined {
    const configured = this.configuredOf(resource);
    const expression = configured?.expressions?.[attribute];
    return configured && expression !== undefined && !this.isNull(pathOf(resource.module_address), expression);
  }

  /** Whether an attribute is written in the configuration as it is. */
  public isConstant(resource: PlannedResource, attribute: string): boolean {
    const expression = this.configuredOf(resource)?.expressions?.[attribute] as Expression | undefined;
    return expression?.constant_value !== undefined && expression.constant_value !== null;
  }

  /** The Region of a resource: its own, or that of its provider if it is a constant. */
  public regionOf(resource: PlannedResource): string | undefined {
    const texts = (["after", "before"] as const).map((side) => [
      textOf(resource, side, "region"),
      textOf(resource, side, "arn")?.split(":")[3],
    ]);
    const known = texts.flat().find((text) => text !== undefined && text !== "");
    const value = this.plan.providers[this.providerOf(resource) ?? ""]?.expressions?.region?.constant_value;
    return known ?? (typeof value === "string" ? value : undefined);
  }

  /** Which configuration of a provider a resource or data source uses. */
  public providerOf({ address }: DataSource | PlannedResource): string | undefined {
    return this.configured.get(withoutIndexes(address))?.provider_config_key;
  }

  private index({ module_calls: calls, resources }: ConfiguredModule, prefix: string): void {
    for (const resource of resources ?? []) {
      this.configured.set(prefix + resource.address, resource);
    }
    for (const [name, { module }] of Object.entries(calls ?? {})) {
      this.index(module ?? {}, `${prefix}module.${name}.`);
    }
  }

  private configuredOf({ address }: PlannedResource): ConfiguredResource | undefined {
    return this.configured.get(withoutIndexes(address));
  }

  /** Whether an expression is a variable, and nothing else, that is null in the call of the module. */
  private isNull(path: Path, expression: unknown): boolean {
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
    path: Path,
    from: PlannedResource | undefined,
    references: readonly string[],
    seen: Set<string>,
  ): readonly Origin[] {
    // Only by its own key does a resource surely mean the one of the same key.
    const isSame = !references.includes("each.value") && SAME.some((key) => references.includes(key));
    return whole(references).flatMap((reference) => {
      const key = `${path.map(({ index, name }) => `${name}[${index}]`).join(".")} ${reference}`;
      return seen.has(key) ? [] : this.follow(path, from, reference, seen.add(key), isSame);
    });
  }

  private follow(
    path: Path,
    from: PlannedResource | undefined,
    reference: string,
    seen: Set<string>,
    isSame: boolean,
  ): readonly Origin[] {
    const [first, ...rest] = tokensOf(reference);
    const [name, second] = rest;
    if (first === undefined || name === undefined || isIndex(name)) {
      return [];
    }
    switch (first) {
      case "each":
        return this.resolve(path, from, this.forEachOf(path, from), seen);
      case "var": {
        const parent = path.slice(0, -1);
        const call = this.callOf(path);
        return call ? this.resolve(parent, undefined, referencesIn(call.expressions?.[name]), seen) : [];
      }
      case "module": {
        const isIndexed = second !== undefined && isIndex(second);
        const output = isIndexed ? rest[2] : second;
        const child = [...path, { index: isIndexed ? second : undefined, name }];
        const outputs = this.moduleOf(child)?.outputs;
        return this.resolve(child, undefined, outputs?.[output ?? ""]?.expression?.references ?? [], seen);
      }
      case "data": {
        const data = `data.${name}.${second}`;
        const index = rest[2] !== undefined && isIndex(rest[2]) ? rest[2] : undefined;
        const documents = this.instancesOf(path, data, index, isSame ? from : undefined).map((resource) => ({
          attribute: undefined,
          resource,
        }));
        const { expressions } = this.configured.get(prefixOf(path) + data) ?? {};
        return [...documents, ...this.resolve(path, undefined, referencesIn(expressions), seen)];
      }
      default: {
        const index = second !== undefined && isIndex(second) ? second : undefined;
        const attribute = index === undefined ? second : rest[2];
        return this.instancesOf(path, `${first}.${name}`, index, isSame ? from : undefined).map((resource) => ({
          attribute,
          resource,
        }));
      }
    }
  }

  private instancesOf(
    path: Path,
    resource: string,
    index: string | undefined,
    from: PlannedResource | undefined,
  ): readonly PlannedResource[] {
    const within = this.instances.get(`${addressOf(path)} ${resource}`) ?? [];
    const found = within.filter((one) => index === undefined || indexOf(one.index) === index);
    // A counted resource mostly refers to the same index of another.
    const same = found.filter((instance) => from?.index !== undefined && instance.index === from.index);
    return index === undefined && same.length > 0 ? same : found;
  }

  private forEachOf(path: Path, from: PlannedResource | undefined): readonly string[] {
    return (from ? this.configuredOf(from) : this.callOf(path))?.for_each_expression?.references ?? [];
  }

  private moduleOf(path: Path): ConfiguredModule | undefined {
    return path.reduce<ConfiguredModule | undefined>(
      (module, { name }) => module?.module_calls?.[name]?.module,
      this.plan.configuration,
    );
  }

  private callOf(path: Path): NonNullable<ConfiguredModule["module_calls"]>[string] | undefined {
    const last = path.at(-1);
    return last && this.moduleOf(path.slice(0, -1))?.module_calls?.[last.name];
  }
}

function withoutNames(
  groups: ReadonlyMap<string, readonly (readonly [PlannedResource, string])[]>,
): ReadonlyMap<string, readonly PlannedResource[]> {
  return new Map([...groups].map(([key, group]) => [key, group.map(([resource]) => resource)]));
}

/** All that an expression, or a tree of them as nested blocks have, refers to. */
function referencesIn(expression: unknown): readonly string[] {
  if (typeof expression !== "object" || expression === null) {
    return [];
  }
  const { references } = expression as Expression;
  return Array.isArray(references) ? (references as string[]) : Object.values(expression).flatMap(referencesIn);
}

/** Terraform lists `a.b.c`, and after it the parts of it, `a.b`; the parts alone are less precise. */
function whole(references: readonly string[]): readonly string[] {
  const kept: string[] = [];
  for (const reference of references) {
    const last = kept.at(-1) ?? "";
    if (!last.startsWith(`${reference}.`) && !last.startsWith(`${reference}[`)) {
      kept.push(reference);
    }
  }
  return kept;
}

/** The expressions for the key of a resource itself. */
const SAME = ["count.index", "each.key"];

const TOKEN = /[^.[\]]+|\[(?:"(?:[^"\\]|\\.)*"|\d+)\]/g;

/** The parts of an address: names, and indexes in their brackets. */
function tokensOf(address: string): readonly string[] {
  return address.match(TOKEN) ?? [];
}

function isIndex(token: string): boolean {
  return token.startsWith("[");
}

function indexOf(index: number | string | undefined): string | undefined {
  return index === undefined ? undefined : `[${JSON.stringify(index)}]`;
}

function withoutIndexes(address: string): string {
  return tokensOf(address)
    .filter((token) => !isIndex(token))
    .join(".");
}

const STEP = /module\.([^.[\]]+)(\[(?:"(?:[^"\\]|\\.)*"|\d+)\])?/g;

function pathOf(module = ""): Path {
  return [...module.matchAll(STEP)].map(([, name, index]) => ({ index, name: name! }));
}

function prefixOf(path: Path): string {
  return path.map(({ name }) => `module.${name}.`).join("");
}

function addressOf(path: Path): string {
  return path.map(({ index = "", name }) => `module.${name}${index}`).join(".");
}
