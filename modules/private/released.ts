import { TerraformElement } from "cdktf";
import type { Construct } from "constructs";

/**
 * Takes the place of a resource that an earlier version of the stack may have made, under the same scope and id: Terraform forgets
 * that resource instead of destroying it. If there was none, this does nothing.
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
