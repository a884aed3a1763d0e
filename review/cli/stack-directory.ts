import { readdirSync } from "node:fs";
import { join } from "node:path";
import { readStack, type Stack } from "../plan/stack";

/** The file of a stack, as the app writes it. */
const CONFIGURATION = "cdk.tf.json";

/**
 * The stack in a directory. It is undefined if Terraform reads another file there, too: that file could override an attribute.
 *
 * @throws PlanError if the file of the stack cannot be read
 */
export function stackIn(directory: string, read: (file: string) => string): Stack | undefined {
  const [first, ...others] = filesIn(directory).filter((file) => /\.(tf|tofu)(\.json)?$/.test(file));
  if (first !== CONFIGURATION || others.length > 0) {
    return undefined;
  }
  const file = join(directory, CONFIGURATION);
  return readStack(read(file), file);
}

function filesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
