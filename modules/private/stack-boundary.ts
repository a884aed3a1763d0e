import {
  DefaultTokenResolver,
  type IPostProcessor,
  type IResolvable,
  type IResolveContext,
  StringConcat,
  TerraformStack,
  Tokenization,
} from "cdktf";
import { Construct, type IConstruct } from "constructs";
import { address } from "./expression";

/**
 * A resource, if Terraform can refer to it by its address from the stack of a scope. A resource of another stack gives
 * undefined, and the scope's stack is deployed after that stack.
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

/** `replace_triggered_by` for attributes of resources; undefined if Terraform can refer to none of them. */
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
 * `depends_on` of a policy that names principals; undefined if all of them exist. The scope's stack is deployed after the
 * stacks of the other principals.
 */
export function dependables(
  scope: Construct,
  identities: readonly { readonly dependable?: { readonly fqn: string } | undefined }[] = [],
): { readonly fqn: string }[] | undefined {
  const resources = new Set(identities.flatMap(({ dependable }) => referable(scope, dependable) ?? []));
  return resources.size === 0 ? undefined : [...resources];
}

/** Records the stacks of the resources that tokens refer to. */
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

/**
 * Deploys the stack of a scope after the other stacks that a value depends on: those that its tokens refer to, and that of a
 * resource. Returns a stack among them that is deployed after the scope's stack, and so cannot be deployed before.
 */
export function deployAfter(scope: IConstruct, value: string, resource: unknown): TerraformStack | undefined {
  const stack = TerraformStack.of(scope);
  const recorder = new OriginRecorder();
  Tokenization.resolve(value, { resolver: recorder, scope });
  const others = [...recorder.stacks, ...(Construct.isConstruct(resource) ? [TerraformStack.of(resource)] : [])].filter(
    (other) => other !== stack,
  );
  const later = others.find((other) => other.dependsOn(stack));
  if (!later) {
    others.forEach((other) => stack.addDependency(other));
  }
  return later;
}
