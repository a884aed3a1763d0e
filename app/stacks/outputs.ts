import { TerraformOutput, type TerraformStack } from "cdktf";

/** Adds a Terraform output, unless the value is undefined. */
export function output(stack: TerraformStack, id: string, description: string, value: unknown): void {
  if (value !== undefined) {
    new TerraformOutput(stack, id, { description, value });
  }
}

/** Adds a Terraform output that is a map, unless there are no entries. */
export function outputMap(
  stack: TerraformStack,
  id: string,
  description: string,
  entries: readonly (readonly [string, string])[],
): void {
  output(stack, id, description, entries.length > 0 ? Object.fromEntries(entries) : undefined);
}
