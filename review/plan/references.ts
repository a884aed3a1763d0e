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
import { attributeOf, hasUnknown, isWhollyUnknown, memberOf } from "./attributes";
import { Configuration, referenceList, referencesIn, type Scope, withoutParts } from "./configuration";
import type { Plan, PlannedResource } from "./plan";
import { isString } from "./predicates";
import { Providers } from "./providers";
import { Templates } from "./stack";

/** A resource that an attribute refers to, or a policy document that is read during the apply. */
export interface Origin {
  /** The attribute of the resource; undefined for the resource as a whole. */
  readonly attribute: string | undefined;
  readonly resource: PlannedResource;
}

/**
 * The state of one trace: the references that it has followed, whether one of them was a local value, and whether one was each.value
 * of a module call.
 */
interface Trail {
  readonly inputs: Set<string>;
  passesEachOfCall: boolean;
  passesLocal: boolean;
  readonly seen: Set<string>;
}

interface Trace extends Pick<Trail, "passesEachOfCall" | "passesLocal"> {
  readonly inputs: readonly string[];
  readonly origins: readonly Origin[];
}

/** The data sources whose values name no key, identity, policy or security group. The statements of a policy document are read in another way. */
const PLAIN_DATA =
  /(?:^|\.)data\.aws_(?:availability_zones|caller_identity|iam_policy_document|partition|region|subnets?|vpcs?)\./;
/** The attributes of resources of the provider aws whose values can come from anywhere, by type. */
const OPAQUE: Readonly<Record<string, readonly string[]>> = {
  aws_cloudformation_stack: ["outputs"],
  aws_lambda_invocation: ["result"],
  aws_ssm_parameter: ["insecure_value", "value"],
};

/**
 * Follows the references of the configuration, for values that are unknown until apply: from an attribute, through variables,
 * outputs of modules and data sources, to resources. A plan does not contain local values, so a trace ends at a local value. Only
 * linksOf goes on.
 */
export class References {
  public readonly configuration: Configuration;
  public readonly providers: Providers;
  public readonly templates: Templates;
  /** Maps the address of a module instance and the name of a resource to the instances of that resource. */
  private readonly instances: ReadonlyMap<string, readonly PlannedResource[]>;
  /** The addresses of modules that have resources or policy documents, and of the modules around them. */
  private readonly addresses: ReadonlySet<string>;
  /** The addresses of modules with for_each, without their own key. */
  private readonly keyed: ReadonlySet<string>;
  /** The resources by their address without indexes; they are grouped when the first is needed. */
  private byConfiguration: ReadonlyMap<string, readonly PlannedResource[]> | undefined;
  /** Cache of traced, by resource and part of an attribute. */
  private readonly traces = new WeakMap<PlannedResource, Map<string, Trace>>();
  /** The texts of managed policies that data sources have read, by the ARNs of the policies. */
  private policyTexts: ReadonlyMap<unknown, unknown> | undefined;
  /** The addresses of the data sources that are read during the apply, without indexes. */
  private deferred: ReadonlySet<string> | undefined;
  private hasOpaque: boolean | undefined;
  private relevant: readonly Origin[] | undefined;

  public constructor(private readonly plan: Plan) {
    this.configuration = new Configuration(plan);
    this.providers = new Providers(plan, this.configuration);
    this.templates = new Templates(plan, this.configuration);
    const documents = new Set(plan.documents);
    this.instances = groupBy([...plan.resources, ...documents], (resource) => {
      const { module_address: module = "", name, type } = resource;
      return `${module} ${documents.has(resource) ? "data." : ""}${type}.${name}`;
    });
    const modules = new Set([...plan.resources, ...documents].map(({ module_address: module = "" }) => module));
    const paths = [...modules].map(modulePathOf).flatMap((path) => path.map((_, depth) => path.slice(0, depth + 1)));
    this.addresses = new Set(paths.map(moduleAddress));
    this.keyed = new Set(paths.filter((path) => isKey(path.at(-1)?.index)).map(addressWithoutKey));
  }

  /** Returns the resources that an attribute refers to, each with the attribute that the reference reads. */
  public origins(resource: PlannedResource, attribute: string): readonly Origin[] {
    return this.originsAt(resource, [attribute]);
  }

  /** Returns the resources that a part of an attribute refers to, such as an attribute of one of its blocks. */
  public originsAt(resource: PlannedResource, path: readonly string[]): readonly Origin[] {
    return this.traced(resource, path).origins;
  }

  /** Returns the resource of these types that an attribute surely leads to; undefined if there is none, or several. */
  public linkOf(resource: PlannedResource, attribute: string, types: readonly string[]): Origin | undefined {
    return merged(this.linksOf(resource, attribute, types));
  }

  /**
   * Returns the resources of these types that an attribute may refer to. A plan does not contain local values. So if an unknown
   * attribute refers to a local value, it may refer to each relevant attribute of the plan that is unknown, too. The relevant
   * attributes lack those in the for_each of a module call.
   *
   * @see https://developer.hashicorp.com/terraform/internals/json-format
   */
  public linksOf(resource: PlannedResource, attribute: string, types: readonly string[]): readonly Origin[] {
    const { origins, passesEachOfCall, passesLocal } = this.traced(resource, [attribute]);
    const isUnknown = attributeOf(resource, "after", attribute).kind === "unknown until apply";
    const direct = origins.filter((origin) => types.includes(origin.resource.type));
    if (!isUnknown) {
      return direct;
    }
    const isRelevant = direct.length === 0 && passesLocal && !passesEachOfCall;
    return isRelevant ? this.relevantOrigins(types) : withoutKnownInstances(direct);
  }

  /** Returns the resources and policy documents that an attribute refers to. Terraform reads these documents during the apply. */
  public resourcesBehind(resource: PlannedResource, attribute: string): readonly PlannedResource[] {
    return [...new Set(this.origins(resource, attribute).map((origin) => origin.resource))];
  }

  /**
   * Returns the references of an attribute that lead out of the plan: to variables of the root module, local values, data sources
   * and ephemeral resources. All but the references to variables begin with the address of their module.
   */
  public inputsBehind(resource: PlannedResource, attribute: string): readonly string[] {
    return this.traced(resource, [attribute]).inputs;
  }

  /**
   * Returns why a list may have elements that the plan does not show; undefined if the plan or the stack shows each element. If a
   * list has a reference, the configuration in a plan has only the references of the list, and not its constants.
   *
   * @see https://developer.hashicorp.com/terraform/internals/json-format
   */
  public whyListHidden(resource: PlannedResource, attribute: string): string | undefined {
    if (attributeOf(resource, "after", attribute).kind === "sensitive") {
      return `${attribute} is sensitive`;
    }
    const isHidden =
      isWhollyUnknown(resource, attribute) &&
      this.configuration.isConfigured(resource, attribute) !== false &&
      !this.templates.hasOnlyReferences(resource, attribute);
    return isHidden ? `${attribute} is unknown until apply, so a constant in it is not shown` : undefined;
  }

  /** Returns the text of a managed policy that a data source has read; undefined if there is no such data source. */
  public policyTextOf(arn: string): unknown {
    this.policyTexts ??= new Map(
      this.plan.dataSources
        .filter(({ type }) => type === "aws_iam_policy")
        .map(({ values }) => [values.arn, values.policy]),
    );
    return this.policyTexts.get(arn);
  }

  /** Returns the resources behind a part of an attribute, and whether a local value is on the way to them. */
  private traced(resource: PlannedResource, path: readonly string[]): Trace {
    const traces = this.traces.get(resource) ?? new Map<string, Trace>();
    this.traces.set(resource, traces);
    const name = path.join(".");
    const trace = traces.get(name) ?? this.trace(resource, path);
    traces.set(name, trace);
    return trace;
  }

  private trace(resource: PlannedResource, path: readonly string[]): Trace {
    const configured = this.configuration.configuredOf(resource);
    const expression = path.reduce<unknown>(memberOf, configured?.expressions);
    const scope: Scope = {
      forEach: configured?.for_each_expression ?? {},
      index: indexPart(resource.index),
      path: modulePathOf(resource.module_address),
    };
    const trail: Trail = { inputs: new Set(), passesEachOfCall: false, passesLocal: false, seen: new Set() };
    const origins = this.resolve(scope, referencesIn(expression), trail);
    return { ...trail, inputs: [...trail.inputs], origins };
  }

  /**
   * @param isOfKey - whether the references surely mean the instance with the same key; by default, those directly before each.key or
   * count.index, such as in `a.b[each.key]`: another value between may choose the instance
   */
  private resolve(scope: Scope, references: readonly string[], trail: Trail, isOfKey?: boolean): readonly Origin[] {
    const mayBeOfKey = !references.includes("each.value");
    return withoutParts(references).flatMap((reference, position, all) => {
      const next = all[position + 1] ?? "";
      const isInstance = isOfKey ?? (mayBeOfKey && INSTANCE_KEYS.includes(next));
      const index = isInstance ? scope.index : this.indexFrom(scope, next);
      const chosen = this.followOnce({ ...scope, index }, scope, reference, trail);
      return isInstance || chosen.length > 0
        ? chosen
        : this.followOnce({ ...scope, index: undefined }, scope, reference, trail);
    });
  }

  /**
   * Returns the index that a reference to each.value has as a string, such as in `a.b[each.value.name]`. Undefined for another
   * reference, or if the plan does not show the value of for_each.
   */
  private indexFrom(scope: Scope, reference: string): string | undefined {
    const index = reference.startsWith("each.value")
      ? this.configuration.valueIn(scope, { references: [reference] })
      : undefined;
    return isString(index) ? indexPart(index) : undefined;
  }

  private followOnce(scope: Scope, outer: Scope, reference: string, trail: Trail): readonly Origin[] {
    const key = `${moduleAddress(scope.path)} ${reference} ${scope.index}`;
    if (trail.seen.has(key)) {
      return [];
    }
    trail.seen.add(key);
    return this.follow(scope, outer, reference, trail);
  }

  /**
   * Returns the resources that one reference leads to.
   *
   * @param scope - its index is undefined if the reference may mean any instance
   * @param outer - the scope of the whole expression
   */
  private follow(scope: Scope, outer: Scope, reference: string, trail: Trail): readonly Origin[] {
    const { path } = scope;
    const [first, ...rest] = partsOf(reference);
    const [name, second] = rest;
    if (name === undefined || isIndex(name)) {
      return [];
    }
    switch (first) {
      case "each":
        // each.key is known at plan, so an unknown value does not come from it.
        if (name === "key") {
          return [];
        }
        trail.passesEachOfCall ||= outer.isOfCall === true;
        return this.resolve(scope, this.chained(outer, rest.slice(1)), trail).map((origin) =>
          withAttribute(origin, second),
        );
      case "local":
        trail.passesLocal = true;
        trail.inputs.add(`${moduleAddress(path)} ${reference}`);
        return [];
      case "ephemeral": {
        const address = [first, name, second].join(".");
        trail.inputs.add(`${moduleAddress(path)} ${address}`);
        const { expressions } = this.configuration.configuredIn(path, address) ?? {};
        return this.resolve({ ...scope, forEach: {} }, referencesIn(expressions), trail);
      }
      case "var":
        if (path.length === 0) {
          trail.inputs.add(reference);
        }
        return this.resolve(
          this.configuration.callerScope(path),
          referencesIn(this.configuration.callOf(path)?.expressions?.[name]),
          trail,
        );
      case "module":
        return this.followOutputs(scope, name, rest.slice(1), trail);
      case "data": {
        const address = `data.${name}.${second}`;
        trail.inputs.add(`${moduleAddress(path)} ${address}`);
        const documents = this.instancesOf(scope, address, rest[2]);
        const { expressions, for_each_expression: forEach = {} } = this.configuration.configuredIn(path, address) ?? {};
        const inner: Scope = {
          forEach,
          index: isIndex(rest[2]) ? rest[2] : scope.index,
          path,
        };
        const further = this.resolve(inner, referencesIn(expressions), trail);
        return [...documents.map((resource) => ({ attribute: undefined, resource })), ...further];
      }
      default: {
        const attribute = isIndex(second) ? rest[2] : second;
        return this.instancesOf(scope, `${first}.${name}`, second).map((resource) => ({ attribute, resource }));
      }
    }
  }

  /**
   * Returns the resources behind an output of a module. If the reference names no output, returns the resources behind all outputs.
   * A key after the output selects the resource with that key. If the module has no instance with the key of the scope, that key
   * does this.
   */
  private followOutputs(
    { index, path }: Scope,
    name: string,
    parts: readonly string[],
    trail: Trail,
  ): readonly Origin[] {
    const [instance, [outputName, key]] = isIndex(parts[0]) ? [parts[0], parts.slice(1)] : [undefined, parts];
    const isOfKey = this.addresses.has(moduleAddress([...path, { index, name }]));
    if (
      instance === undefined &&
      !isOfKey &&
      isKey(index) &&
      this.keyed.has(addressWithoutKey([...path, { index, name }]))
    ) {
      return [];
    }
    const child = [...path, { index: instance ?? (isOfKey ? index : undefined), name }];
    const innerIndex = key?.startsWith('["') ? key : instance === undefined && !isOfKey ? index : undefined;
    const outputs = this.configuration.moduleOf(child)?.outputs ?? {};
    const followed = outputName === undefined ? Object.keys(outputs) : [outputName];
    return followed.flatMap((output) =>
      this.resolve(
        { forEach: {}, index: innerIndex, path: child },
        referencesIn(memberOf(outputs, output)),
        trail,
        innerIndex !== undefined,
      ),
    );
  }

  /**
   * Returns the references behind `each.value`. If for_each is one resource, data source, module or output of a module, returns its
   * instance with the same key. Otherwise returns the references of for_each.
   */
  private chained({ forEach, index, path }: Scope, attributes: readonly string[]): readonly string[] {
    const references = referenceList(forEach);
    const [reference, ...others] = withoutParts(references);
    const parts = partsOf(reference ?? "");
    const [type, name] = parts;
    if (others.length > 0 || index === undefined) {
      return references;
    }
    if (type === "module" && parts.length === 3) {
      return [[`${reference}${index}`, ...attributes].join(".")];
    }
    if (parts.length !== (type === "data" ? 3 : 2)) {
      return references;
    }
    const scope: Scope = { forEach: {}, index, path };
    const hasInstance =
      type === "module"
        ? this.addresses.has(moduleAddress([...path, { index, name: name! }]))
        : this.instancesOf(scope, reference!, index).length > 0;
    return hasInstance ? [[`${reference}${index}`, ...attributes].join(".")] : references;
  }

  /**
   * Returns the instances of a resource that a reference means: the instance with the index in the reference, or else the instance
   * with the index of the scope, or else all instances. Returns none if the instances have keys, but not the one of the scope: a
   * function such as `try` or a template is then around the reference or the key.
   */
  private instancesOf({ index, path }: Scope, resource: string, part: string | undefined): readonly PlannedResource[] {
    const instances = this.instances.get(`${moduleAddress(path)} ${resource}`) ?? this.anyInstances(path, resource);
    if (isIndex(part)) {
      return instances.filter((instance) => indexPart(instance.index) === part);
    }
    // A resource with an index mostly refers to the instance of another resource with the same index.
    const sameKey = instances.filter((instance) => index !== undefined && indexPart(instance.index) === index);
    const hasOtherKeys = isKey(index) && instances.some((instance) => isString(instance.index));
    return sameKey.length > 0 || hasOtherKeys ? sameKey : instances;
  }

  /** Returns the instances of a resource in all instances of a module, if a step of the path lacks its index. */
  private anyInstances(path: ModulePath, resource: string): readonly PlannedResource[] {
    this.byConfiguration ??= groupBy([...this.instances.values()].flat(), ({ address }) => withoutIndexes(address));
    const isWithin = (steps: ModulePath): boolean =>
      path.every(({ index }, position) => index === undefined || index === steps[position]?.index);
    return (this.byConfiguration.get(configurationPrefix(path) + resource) ?? []).filter((instance) =>
      isWithin(modulePathOf(instance.module_address)),
    );
  }

  /**
   * Returns the unknown attributes of resources of these types, if the changes of the plan depend on them. An entry without an
   * attribute is for the whole resource, because a local value or an output has all of it.
   */
  private relevantOrigins(types: readonly string[]): readonly Origin[] {
    this.relevant ??= this.plan.relevantAttributes.flatMap(({ attribute: [name], resource: address }) =>
      this.resourcesAt(address)
        .map((resource) => ({ attribute: isString(name) ? name : undefined, resource }))
        .filter(isUnknownOrigin),
    );
    // The value of a resource or data source of another provider can come from anywhere, so no origin is sure.
    this.hasOpaque ??=
      this.relevant.some(isOpaque) ||
      this.plan.relevantAttributes.some(
        ({ resource }) => /(?:^|\.)data\.(?!aws_)/.test(resource) || this.isDeferred(resource),
      );
    return this.hasOpaque ? [] : this.relevant.filter(({ resource }) => types.includes(resource.type));
  }

  /** Whether the address is of a data source that is read during the apply, and whose values may name a resource. */
  private isDeferred(address: string): boolean {
    this.deferred ??= new Set(this.plan.deferredData.map(withoutIndexes));
    return !PLAIN_DATA.test(address) && this.deferred.has(withoutIndexes(address));
  }

  /** Returns the resources of an address, which may lack indexes. */
  private resourcesAt(address: string): readonly PlannedResource[] {
    const parts = partsOf(address);
    const last = parts.at(-1);
    const resource = parts.slice(isIndex(last) ? -3 : -2, isIndex(last) ? -1 : undefined).join(".");
    return this.instancesOf({ forEach: {}, index: undefined, path: modulePathOf(address) }, resource, last);
  }
}

/**
 * Removes the origins whose attribute is known, because an unknown value does not come from them. Without an attribute, all
 * attributes of the resource must be known. Removes none if the origins are instances of several resources.
 */
function withoutKnownInstances(origins: readonly Origin[]): readonly Origin[] {
  const resources = new Set(origins.map(({ resource }) => withoutIndexes(resource.address)));
  const unknown = origins.filter(isUnknownOrigin);
  return resources.size === 1 && unknown.length > 0 ? unknown : origins;
}

/** Whether the attribute of an origin is unknown until apply. Without an attribute, any unknown attribute of the resource counts. */
export function isUnknownOrigin({ attribute, resource }: Origin): boolean {
  return attribute === undefined
    ? hasUnknown(resource)
    : attributeOf(resource, "after", attribute).kind === "unknown until apply";
}

/** Whether the value of an origin can come from anywhere, such as from another provider. */
function isOpaque({ attribute, resource: { type } }: Origin): boolean {
  return !type.startsWith("aws_") || OPAQUE[type]?.some((name) => [undefined, name].includes(attribute)) === true;
}

/** Adds the attribute of each.value to an origin without an attribute: each.value is then the whole resource. */
function withAttribute({ attribute, resource }: Origin, name: string | undefined): Origin {
  const isOfResource = name !== undefined && isUnknownOrigin({ attribute: name, resource });
  return { attribute: attribute ?? (isOfResource ? name : undefined), resource };
}

/**
 * Returns the one resource of all origins; undefined if there are several, or none. Its attribute is undefined if the origins have
 * different attributes.
 */
function merged(origins: readonly Origin[]): Origin | undefined {
  const [first, ...others] = origins;
  if (first === undefined || others.some(({ resource }) => resource !== first.resource)) {
    return undefined;
  }
  const isSame = others.every(({ attribute }) => attribute === first.attribute);
  return isSame ? first : { attribute: undefined, resource: first.resource };
}

/** Whether an index is a key of for_each. */
function isKey(index: string | undefined): boolean {
  return index?.startsWith('["') === true;
}

/** Returns the address of all instances of a module. */
function addressWithoutKey(path: ModulePath): string {
  return moduleAddress([...path.slice(0, -1), { index: undefined, name: path.at(-1)!.name }]);
}

/** The references to the key of an instance. */
const INSTANCE_KEYS = ["count.index", "each.key"];
