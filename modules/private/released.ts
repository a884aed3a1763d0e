import { TerraformElement } from "cdktf";
import type { Construct } from "constructs";

/**
 * Makes Terraform forget a resource that an earlier version of the stack may have created with the same scope and id, instead of
 * destroying it (`removed` block). Without such a resource, it has no effect.
 *
 * @see https://developer.hashicorp.com/terraform/language/block/removed
 */
export class Released extends TerraformElement {
  public constructor(
    scope: Construct,
    id: string,
    private readonly type: { readonly tfResourceType: string },
  ) {
    super(scope, id);
  }

  public override toTerraform(): object {
    const from = `${this.type.tfResourceType}.${this.friendlyUniqueId}`;
    return { removed: [{ from, lifecycle: [{ destroy: false }] }] };
  }
}
