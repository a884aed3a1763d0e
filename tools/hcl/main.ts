// Writes dist/terraform-module/, plain Terraform for those who do not use CDKTF: the key, its policy and its roles at the
// top, a cluster and a serverless warehouse below modules/. It takes another directory than that.
//
//     npm run export:module
import { copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { type JsonObject, toHcl } from "./hcl";
import type { ModuleStack } from "./module-stack";
import { clusterModule, keyModule, serverlessModule } from "./modules";
import { readme, type TopOfModules } from "./readme";

const ROOT = dirname(dirname(__dirname));
const OUT = resolve(process.argv[2] ?? join(ROOT, "dist", "terraform-module"));

/** The files of a module, in the standard structure, and what goes into each. */
const FILES: Readonly<Record<string, readonly string[]>> = {
  "main.tf": ["locals", "data", "resource"],
  "outputs.tf": ["output"],
  "variables.tf": ["variable"],
  "versions.tf": ["terraform"],
};

function write(directory: string, module: ModuleStack, extra?: TopOfModules): void {
  mkdirSync(directory, { recursive: true });
  const body = module.body();
  for (const [file, parts] of Object.entries(FILES)) {
    const part: JsonObject = Object.fromEntries(
      parts.filter((name) => name in body).map((name) => [name, body[name]!]),
    );
    writeFileSync(join(directory, file), toHcl(part));
  }
  writeFileSync(join(directory, "README.md"), readme(module, body, extra));
}

rmSync(OUT, { force: true, recursive: true });
const below = { cluster: clusterModule(), serverless: serverlessModule() };
write(OUT, keyModule(), { usage: readFileSync(join(__dirname, "usage.tf"), "utf8"), below });
for (const [name, module] of Object.entries(below)) {
  write(join(OUT, "modules", name), module);
}
cpSync(join(__dirname, "tests"), join(OUT, "tests"), { recursive: true });
copyFileSync(join(ROOT, "LICENSE"), join(OUT, "LICENSE"));
console.log(OUT);
