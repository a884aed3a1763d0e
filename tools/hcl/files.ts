import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { toHcl } from "./hcl";
import type { ModuleStack } from "./module-stack";
import { clusterModule, keyModule, serverlessModule } from "./modules";
import { readme, type TopOfModules } from "./readme";

/** The folder of the modules, which users source by git. */
export const TERRAFORM = join(dirname(dirname(__dirname)), "terraform");

/** The types of blocks of each file of a module, in the standard module structure of Terraform. */
const BLOCKS_OF_FILES: Readonly<Record<string, readonly string[]>> = {
  "main.tf": ["locals", "data", "resource"],
  "outputs.tf": ["output"],
  "variables.tf": ["variable"],
  "versions.tf": ["terraform"],
};

/**
 * Returns the generated files of `terraform/`, by path: the module of the key at the top, those of a cluster and a serverless
 * warehouse in `modules/`.
 */
export function terraformFiles(): ReadonlyMap<string, string> {
  const usage = readFileSync(join(TERRAFORM, "examples", "complete", "main.tf"), "utf8");
  const submodules = { cluster: clusterModule(), serverless: serverlessModule() };
  return new Map([
    ...filesOf("", keyModule(), { usage, submodules }),
    ...Object.entries(submodules).flatMap(([name, module]) => filesOf(join("modules", name), module)),
  ]);
}

function filesOf(folder: string, module: ModuleStack, top?: TopOfModules): [path: string, text: string][] {
  const blocks = module.blocks();
  return [
    ...Object.entries(BLOCKS_OF_FILES).map(([file, types]): [string, string] => [
      file,
      toHcl(blocks.filter(({ type }) => types.includes(type))),
    ]),
    ["README.md", readme(module, blocks, top)] as [string, string],
  ].map(([file, text]) => [join(folder, file), module.inWords(text)]);
}
