// Records the API, the stacks and the input of a version in __tests__/released/VERSION/, before its release: `npm run record`. Tests compare
// later versions with these files, which do not change any more.
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { RELEASED } from "./recorded";
import { stacksOf } from "./released-stacks";

const ROOT = dirname(dirname(__dirname));
const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string };
const directory = join(RELEASED, version);

if (existsSync(directory)) {
  console.error(
    `${directory} must not exist: ${version} is recorded already. Remove the folder only if the version was never published`,
  );
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
