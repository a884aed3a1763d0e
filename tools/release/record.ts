// Keeps what a version is, for later ones to be compared with: `npm run record` before its release. The files
// in __tests__/released/VERSION/ are test data and do not change after.
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { RELEASED } from "./recorded";
import { stacksOf } from "./released-stacks";

const ROOT = dirname(dirname(__dirname));
const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string };
const directory = join(RELEASED, version);

if (existsSync(directory)) {
  console.error(`${directory} must not exist: ${version} is recorded; remove it only if that was never published`);
  process.exit(1);
}
mkdirSync(join(directory, "stacks"), { recursive: true });
cpSync(join(ROOT, "docs", "constructs.api.md"), join(directory, "constructs.api.md"));
cpSync(join(ROOT, "warehouses.yaml"), join(directory, "warehouses.yaml"));
const maximal = readFileSync(join(ROOT, "__tests__", "consumer", "maximal.ts"), "utf8");
writeFileSync(join(directory, "maximal.ts"), maximal.replace('"../../modules"', '"../../../modules"'));
for (const [name, stack] of Object.entries(stacksOf(directory))) {
  const text = JSON.stringify(stack, (key, value: unknown) => (key === "//" ? undefined : value), 2);
  writeFileSync(join(directory, "stacks", `${name}.json`), `${text}\n`);
}
console.log(directory);
