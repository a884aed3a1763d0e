import {
  DefaultTokenResolver,
  type IPostProcessor,
  type IResolvable,
  type IResolveContext,
  StringConcat,
  type TerraformProvider,
  TerraformResource,
  TerraformStack,
  Tokenization,
} from "cdktf";
import { Construct, type IConstruct } from "constructs";
import { fail, known, type Where } from "./checks";
import { address } from "./expression";

/**
 * Returns a resource if it is in the stack of the scope, so that Terraform can refer to its address. For a resource of another
 * stack, returns undefined, and makes the scope's stack depend on that stack.
 */
export function referable<T extends object>(scope: Construct, resource: T | undefined): T | undefined {
  if (!Construct.isConstruct(resource)) {
    return resource;
  }
  const [stack, other] = [TerraformStack.of(scope), TerraformStack.of(resource)];
  if (stack === other) {
    return resource;
  }
  stack.addDependency(other);
  return undefined;
}

/**
 * Returns the `replace_triggered_by` for attributes of resources; undefined if none of the resources is in the stack of the
 * scope.
 */
export function replaceTriggers(
  scope: Construct,
  ...attributes: readonly (readonly [resource: Parameters<typeof address>[0] | undefined, attribute: string])[]
): string[] | undefined {
  const addresses = attributes.flatMap(([resource, attribute]) => {
    const target = referable(scope, resource);
    return target ? [address(target, attribute)] : [];
  });
  return addresses.length > 0 ? addresses : undefined;
}

/**
 * Returns the `depends_on` of a policy that names principals; undefined if no principal is created in the stack of the scope. The
 * scope's stack is deployed after the stacks that create other principals.
 */
export function dependables(
  scope: Construct,
  identities: readonly { readonly dependable?: { readonly fqn: string } | undefined }[] = [],
): { readonly fqn: string }[] | undefined {
  const resources = new Set(identities.flatMap(({ dependable }) => referable(scope, dependable) ?? []));
  return resources.size === 0 ? undefined : [...resources];
}

/** Resolves a value, and records the stack of each resource that its tokens refer to. */
class OriginRecorder extends DefaultTokenResolver {
  public readonly stacks = new Set<TerraformStack>();

  public constructor() {
    super(new StringConcat());
  }

  public override resolveToken(token: IResolvable, context: IResolveContext, postProcessor: IPostProcessor): unknown {
    const { originStack } = token as { readonly originStack?: TerraformStack | undefined };
    if (originStack) {
      this.stacks.add(originStack);
    }
    return super.resolveToken(token, context, postProcessor);
  }
}

/** Returns the stacks that the tokens of a value refer to. */
function originsOf(scope: IConstruct, value: unknown): ReadonlySet<TerraformStack> {
  const recorder = new OriginRecorder();
  try {
    Tokenization.resolve(value, { resolver: recorder, scope });
  } catch {
    // A Lazy may have no value before the synthesis, in which the framework finds its stacks.
  }
  return recorder.stacks;
}

/** Matches the address of each resource in a Terraform expression, but of no data source. */
const ADDRESS = /(?<![\w.])aws_\w+\.[\w-]+/g;

/**
 * Returns the address of a resource that an argument `value` of `target` refers to, and that needs `target` itself, so that
 * Terraform would have a cycle. Undefined if there is none.
 */
export function cycleOf(target: TerraformResource, value: unknown): string | undefined {
  const resources = new Map(
    TerraformStack.of(target)
      .node.findAll()
      .filter(isResource)
      .map((one) => [address(one), one]),
  );
  const addressesIn = (part: unknown): readonly string[] =>
    JSON.stringify(Tokenization.resolve(part, { resolver: new OriginRecorder(), scope: target })).match(ADDRESS) ?? [];
  const references = new Map<string, readonly string[]>();
  const referencesOf = (one: string): readonly string[] => {
    const addresses = references.get(one) ?? addressesIn(resources.get(one)?.toTerraform() ?? "");
    references.set(one, addresses);
    return addresses;
  };
  return addressesIn(value).find((first) => {
    const needed = new Set([first]);
    for (const one of needed) {
      referencesOf(one).forEach((next) => needed.add(next));
    }
    return needed.has(address(target));
  });
}

function isResource(node: IConstruct): node is TerraformResource {
  return TerraformResource.isTerraformResource(node);
}

/**
 * Makes the stack of a scope depend on the other stacks that a value needs: the stacks that its tokens refer to, and the stack of
 * `resource`. If one of them already depends on the scope's stack, adds no dependency, and returns the IDs of both stacks.
 */
export function deployAfter(
  scope: IConstruct,
  value: unknown,
  resource?: unknown,
): { readonly later: string; readonly stack: string } | undefined {
  const origins = [
    ...(known(value) ? [] : originsOf(scope, value)),
    ...(Construct.isConstruct(resource) ? [TerraformStack.of(resource)] : []),
  ];
  if (origins.length === 0) {
    return undefined;
  }
  const stack = TerraformStack.of(scope);
  const others = origins.filter((other) => other !== stack);
  const later = others.find((other) => other.dependsOn(stack));
  if (later) {
    return { later: later.node.id, stack: stack.node.id };
  }
  others.forEach((other) => stack.addDependency(other));
  return undefined;
}

/**
 * Makes the stack of a construct depend on the stacks that a prop needs, as `deployAfter` does. Refuses a prop that needs a stack
 * that already depends on the construct's stack: the framework would fail at synthesis, without the path and the prop.
 */
export function checkDeployedBefore(where: Where, prop: string, value: unknown, resource?: unknown): void {
  const order = Construct.isConstruct(where) ? deployAfter(where, value, resource) : undefined;
  if (order) {
    const { later, stack } = order;
    const must = `be in the stack ${stack}, or in a stack that is deployed before ${stack}: create both in one stack`;
    fail(where, prop, must, `a value of the stack ${later}, which is deployed after ${stack}`);
  }
}

/**
 * Refuses a value that is no provider: the framework leaves it out, and uses the default provider. Refuses a provider of another
 * stack than the stack of `scope`: a Terraform configuration has only its own providers.
 */
export function checkProvider(where: Where, prop: string, provider: unknown, scope: unknown = where): void {
  if (typeof (provider as Partial<TerraformProvider> | null)?.fqn !== "string") {
    fail(where, prop, "be a provider, such as an AwsProvider", provider);
  }
  if (Construct.isConstruct(scope) && Construct.isConstruct(provider)) {
    const stack = TerraformStack.of(scope);
    if (TerraformStack.of(provider) !== stack) {
      fail(where, prop, `be a provider of the stack ${stack.node.id}, in which the resources are`, provider.node.path);
    }
  }
}
