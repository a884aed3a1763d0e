import { readdirSync } from "node:fs";
import { join } from "node:path";
import { readStack, type Stack } from "../plan/stack";

/** The name of the file that the app writes for a stack. */
const CONFIGURATION = "cdk.tf.json";

/**
 * Reads the stack in a directory. Returns undefined if there is none, or if Terraform reads another file there, which could
 * override an attribute.
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
