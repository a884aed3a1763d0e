// Writes __tests__/golden/logical-ids.txt: npm run goldens
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { stacksOf } from "./released-stacks";

const ROOT = dirname(dirname(__dirname));
export const LOGICAL_IDS = join(ROOT, "__tests__", "golden", "logical-ids.txt");
/** The stacks of the shipped configuration and of the maximal consumer. */
export const TODAY = stacksOf(ROOT, join(ROOT, "__tests__", "consumer"));

/** Returns a line for each resource of the stacks, in order. */
export function logicalIds(): string {
  const lines = Object.entries(TODAY).flatMap(([stack, { resource }]) =>
    Object.entries(resource).flatMap(([type, resources]) =>
      Object.keys(resources).map((id) => `${stack} ${type}.${id}\n`),
    ),
  );
  return lines.sort().join("");
}

if (require.main === module) {
  writeFileSync(LOGICAL_IDS, logicalIds());
}
