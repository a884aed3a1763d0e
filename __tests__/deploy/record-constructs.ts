import { writeFileSync } from "node:fs";
import { TerraformStack } from "cdktf";
import { CONSTRUCTS_FILE } from "./applied-constructs";
import { LIBRARY_CONSTRUCTS } from "./library-constructs";

// The lane loads this file before a program, which records nothing itself. Every program converts the stacks that it writes.
const constructs: Record<string, readonly string[]> = {};
const toTerraform = Object.getOwnPropertyDescriptor(TerraformStack.prototype, "toTerraform")!.value as (
  this: TerraformStack,
) => unknown;
TerraformStack.prototype.toTerraform = function () {
  const names = this.node.findAll().flatMap((construct) => LIBRARY_CONSTRUCTS.get(construct.constructor) ?? []);
  constructs[this.node.id] = [...new Set(names)];
  return toTerraform.call(this);
};
process.once("exit", () => {
  writeFileSync(CONSTRUCTS_FILE, JSON.stringify(constructs));
});
