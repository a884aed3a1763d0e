import { writeFileSync } from "node:fs";
import { TerraformStack } from "cdktf";
import { CONSTRUCTS_FILE } from "./applied-constructs";
import { LIBRARY_CONSTRUCTS } from "./library-constructs";

// The lane loads this file before a program, which records nothing itself. Every program prepares the stacks that it writes.
const constructs: Record<string, readonly string[]> = {};
const prepare = Object.getOwnPropertyDescriptor(TerraformStack.prototype, "prepareStack")!.value as (
  this: TerraformStack,
) => void;
TerraformStack.prototype.prepareStack = function () {
  prepare.call(this);
  const names = this.node.findAll().flatMap((construct) => LIBRARY_CONSTRUCTS.get(construct.constructor) ?? []);
  constructs[this.node.id] = [...new Set(names)];
};
process.once("exit", () => {
  writeFileSync(CONSTRUCTS_FILE, JSON.stringify(constructs));
});
