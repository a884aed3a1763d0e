import { TerraformElement } from "cdktf";
import type { Construct } from "constructs";

/**
 * Stands where an earlier version of the stack may have made a resource, under the same scope and id: Terraform forgets
 * that resource instead of destroying it. Where there was none, this does nothing.
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
