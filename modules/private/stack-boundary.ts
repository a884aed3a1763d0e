import { TerraformStack } from "cdktf";
import { Construct } from "constructs";
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
    const found = referable(scope, resource);
    return found ? [address(found, attribute)] : [];
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
  const found = new Set(identities.flatMap(({ dependable }) => referable(scope, dependable) ?? []));
  return found.size === 0 ? undefined : [...found];
}
