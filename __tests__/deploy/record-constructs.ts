import { writeFileSync } from "node:fs";
import { App, TerraformStack } from "cdktf";
import { CONSTRUCTS_FILE } from "./applied-constructs";
import { LIBRARY_CONSTRUCTS } from "./library-constructs";

// The lane loads this file before the app: the app itself records nothing.
const synth = Object.getOwnPropertyDescriptor(App.prototype, "synth")!.value as (this: App) => void;
App.prototype.synth = function () {
  synth.call(this);
  const stacks = this.node.findAll().filter((construct) => TerraformStack.isStack(construct));
  const constructs = stacks.map(({ node }) => {
    const names = node.findAll().flatMap((construct) => LIBRARY_CONSTRUCTS.get(construct.constructor) ?? []);
    return [node.id, [...new Set(names)]];
  });
  writeFileSync(CONSTRUCTS_FILE, JSON.stringify(Object.fromEntries(constructs)));
};
