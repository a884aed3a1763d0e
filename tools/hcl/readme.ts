import type { JsonObject } from "./hcl";
import type { ModuleStack } from "./module-stack";

const NOTES = `## Notes

- **The caller of a plan must be an administrator** of the key, or the account root must be one: KMS refuses a key policy that its
  caller could not change again, and the plan fails with that reason before anything is made. \`lockout_precondition\` and
  \`bypass_policy_lockout_safety_check\` are the ways around.
- **\`prevent_destroy\`** is on for the key and the warehouses. It holds while they are in the configuration: to destroy one,
  take its module out, plan, and apply. The key is then restorable for its deletion window, and a cluster leaves a final
  snapshot.
- **Addresses** of resources, and names of variables and outputs, change with a major version only.
`;

/** The parts that the README of the module at the top has beside its own. */
export interface TopOfModules {
  /** The modules submodules `modules/`, by name. */
  readonly submodules: Readonly<Record<string, ModuleStack>>;
  /** How all of them are used together, in HCL. */
  readonly usage: string;
}

/** The README of a module: what it makes, how it is used, and its inputs and outputs. */
export function readme(module: ModuleStack, body: JsonObject, top?: TopOfModules): string {
  const variables = Object.entries(body.variable as Readonly<Record<string, JsonObject>>);
  const outputs = Object.entries(body.output as Readonly<Record<string, JsonObject>>);
  const inputs = variables.map(([name, { default: preset, description, type }]) => [
    `\`${name}\``,
    description as string,
    `\`${(type as string).replace(/\s+/g, " ")}\``,
    preset === undefined ? "required" : `\`${preset === "${null}" ? "null" : JSON.stringify(preset)}\``,
  ]);
  const parts = [
    `# ${module.title}`,
    module.summary,
    ...(top ? [`## Modules\n\n${modules(top)}`, `## Usage\n\n\`\`\`hcl\n${top.usage}\`\`\``] : []),
    `## Inputs\n\n${table(["name", "description", "type", "default"], inputs)}`,
    `## Outputs\n\n${table(
      ["name", "description"],
      outputs.map(([name, { description }]) => [`\`${name}\``, description as string]),
    )}`,
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

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(header), line(header.map(() => "---")), ...rows.map(line)].join("\n");
}
