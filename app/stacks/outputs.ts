import { TerraformOutput, type TerraformStack } from "cdktf";

/** Adds an output, if there is a value for it. */
export function output(stack: TerraformStack, id: string, description: string, value: unknown): void {
  if (value !== undefined) {
    new TerraformOutput(stack, id, { description, value });
  }
}

/** Adds an output of a map, if the map has entries. */
export function outputMap(
  stack: TerraformStack,
  id: string,
  description: string,
  entries: readonly (readonly [string, string])[],
): void {
  output(stack, id, description, entries.length > 0 ? Object.fromEntries(entries) : undefined);
}
