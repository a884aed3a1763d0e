import type { TerraformStack } from "cdktf";
import { policyJson } from "../../modules/private/statement";
import { ConfigurationError } from "../config/configuration-file";
import { Fleet } from "../config/fleet";
import { type DeploymentPolicyOptions, deploymentStatements, type StackFile } from "../deployment/deployment-policy";
import { commandLine } from "./command-line";
import { configurationFiles, readArguments, run } from "./program";
import { selectedStacks } from "./selection";

const HELP = `Usage: ${commandLine("deploy-policy")} STACK [option ...]

Prints the IAM policy that the deployment of a stack requires.

  --read-only  the policy that a plan of the stack requires
  --help`;

/** Returns the IAM identity policy that the deployment of a stack requires, as JSON with the indentation of the IAM console. */
export function deployPolicy(stack: TerraformStack, options?: DeploymentPolicyOptions): string {
  const file = JSON.parse(JSON.stringify(stack.toTerraform())) as StackFile;
  return JSON.stringify(JSON.parse(policyJson(deploymentStatements(file, options))), undefined, 2);
}

/** Prints the policy that a deployment of a stack requires; with --read-only, the policy that a plan requires. */
export function printDeployPolicy(): void {
  const { positionals: names, values } = readArguments("deploy-policy", { "read-only": { type: "boolean" } });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const [name] = names;
  const fleet = Fleet.load(configurationFiles());
  // Without a stack name, this selects all stacks. No stack has the name `undefined`, so that the check below throws.
  const stack = selectedStacks(fleet, names).find(({ node }) => node.id === name);
  if (stack === undefined || names.length !== 1) {
    throw new ConfigurationError([`arguments must name exactly one stack, got: ${names.join(" ") || "nothing"}`]);
  }
  console.log(deployPolicy(stack, { readOnly: values["read-only"] === true }));
}

if (require.main === module) {
  run(printDeployPolicy);
}
