import { TESTED_VERSIONS } from "../../app/config/provider-version";
import { markdownTable } from "../docs/markdown-table";
import type { Block, Body } from "./hcl";
import { type ModuleStack, TERRAFORM_VERSION } from "./module-stack";

const NOTES = `## Notes

- **The caller of a plan must be an administrator** of the key, or the account root must be one. KMS refuses a key policy that its
  caller could not change again, so the plan fails before anything is created. \`lockout_precondition\` and
  \`bypass_policy_lockout_safety_check\` turn the check off.
- **\`prevent_destroy\`** is on for the key and the warehouses while they are in the configuration. To destroy one, remove its
  module from the configuration, plan, and apply. KMS can restore the key during its deletion window, and a cluster leaves a final
  snapshot.
- **Users** are in the order of \`user_role_arns\`. A plan that removes a user also replaces the policies of the users after it.
- **Addresses** of resources, and names of variables and outputs, change with a major version only.
`;

/** The parts of a README that only the module at the top has. */
export interface TopOfModules {
  /** The modules in `modules/`, by name. */
  readonly submodules: Readonly<Record<string, ModuleStack>>;
  /** An example of all modules together, in HCL. */
  readonly usage: string;
}

/** Writes the README of a module, with tables of inputs and outputs in the format of terraform-docs. */
export function readme(module: ModuleStack, blocks: readonly Block[], top?: TopOfModules): string {
  const bodies = (type: string): readonly (readonly [string, Body])[] =>
    blocks.filter((block) => block.type === type).map(({ body, labels }) => [`\`${labels[0]}\``, body]);
  const resources = blocks
    .filter(({ type }) => type === "resource" || type === "data")
    .map(({ labels, type }) => [`\`${labels.join(".")}\``, type === "data" ? "data source" : "resource"]);
  const inputs = bodies("variable").map(([name, { default: preset, description, type }]) => [
    name,
    description as string,
    `\`${(type as string).split(/\s+/).join(" ")}\``,
    preset === undefined ? "n/a" : `\`${JSON.stringify(preset)}\``,
    preset === undefined ? "yes" : "no",
  ]);
  const outputs = bodies("output").map(([name, { description }]) => [name, description as string]);
  const requirements = [
    ["terraform", `\`${TERRAFORM_VERSION}\``],
    ["aws", `\`${TESTED_VERSIONS}\``],
  ];
  const parts = [
    `# ${module.title}`,
    module.summary,
    ...(top ? [`## Modules\n\n${modules(top)}`, `## Usage\n\n\`\`\`hcl\n${top.usage}\`\`\``] : []),
    `## Requirements\n\n${markdownTable(["Name", "Version"], requirements)}`,
    `## Resources\n\n${markdownTable(["Name", "Type"], resources)}`,
    `## Inputs\n\n${markdownTable(["Name", "Description", "Type", "Default", "Required"], inputs)}`,
    `## Outputs\n\n${markdownTable(["Name", "Description"], outputs)}`,
    ...(top ? [NOTES.trim()] : []),
  ];
  return `${parts.join("\n\n")}\n`;
}

function modules({ submodules }: TopOfModules): string {
  const lines = Object.entries(submodules).map(
    ([name, { summary }]) => `- [\`modules/${name}\`](modules/${name}): ${summary}`,
  );
  return lines.join("\n");
}
