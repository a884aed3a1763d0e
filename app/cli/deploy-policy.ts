import type { TerraformStack } from "cdktf";
import { policyJson } from "../../modules/private/statement";
import { ConfigurationError } from "../config/configuration-file";
import { Fleet } from "../config/fleet";
import { type DeploymentPolicyOptions, deploymentStatements, type StackFile } from "../deployment/deployment-policy";
import { fleetStacks } from "../stacks/fleet-stacks";
import { configurationFiles, run } from "./program";
import { select } from "./selection";
import { makeApp } from "./synthesis";

const READ_ONLY = "--read-only";

/** The identity policy that deploying a stack takes, as IAM shows it. */
export function deployPolicy(stack: TerraformStack, options?: DeploymentPolicyOptions): string {
  stack.prepareStack();
  const file = JSON.parse(JSON.stringify(stack.toTerraform())) as StackFile;
  return JSON.stringify(JSON.parse(policyJson(deploymentStatements(file, options))), undefined, 2);
}

/** Prints the policy that deploying a stack takes; with --read-only, the one that planning it takes. */
function main(): void {
  const names = process.argv.slice(2).filter((argument) => argument !== READ_ONLY);
  const option = names.find((name) => name.startsWith("-"));
  if (option !== undefined) {
    throw new ConfigurationError([`${option} is no known option, known is ${READ_ONLY}`]);
  }
  const [name] = names;
  const fleet = Fleet.load(configurationFiles());
  // No name selects every stack.
  const stacks = fleetStacks(makeApp(), fleet, "../../..", { selected: select(fleet, names) });
  const stack = stacks.find(({ node }) => node.id === name);
  if (stack === undefined || names.length !== 1) {
    throw new ConfigurationError([`must name one stack, got: ${names.join(" ") || "nothing"}`]);
  }
  console.log(deployPolicy(stack, { readOnly: process.argv.includes(READ_ONLY) }));
}

if (require.main === module) {
  run(main);
}
