import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { TerraformStack } from "cdktf";
import { CONSTRUCTS_FILE } from "./applied-constructs";
import { LIBRARY_CONSTRUCTS } from "./library-constructs";

/**
 * Records the constructs of each stack that a program converts to Terraform. Every program converts the stacks that it writes.
 * The returned function ends that, and writes the record into a directory.
 */
export function recordConstructs(): (directory: string) => void {
  const constructs: Record<string, readonly string[]> = {};
  const toTerraform = Object.getOwnPropertyDescriptor(TerraformStack.prototype, "toTerraform")!.value as (
    this: TerraformStack,
  ) => unknown;
  TerraformStack.prototype.toTerraform = function () {
    const names = this.node.findAll().flatMap((construct) => LIBRARY_CONSTRUCTS.get(construct.constructor) ?? []);
    constructs[this.node.id] = [...new Set(names)];
    return toTerraform.call(this);
  };
  return (directory) => {
    TerraformStack.prototype.toTerraform = toTerraform;
    writeFileSync(join(directory, CONSTRUCTS_FILE), JSON.stringify(constructs));
  };
}
