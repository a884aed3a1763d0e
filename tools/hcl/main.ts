// Writes the modules of terraform/, plain Terraform for users without CDKTF, from the constructs.
//
//     npm run terraform
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { TERRAFORM, terraformFiles } from "./files";

for (const [path, text] of terraformFiles()) {
  mkdirSync(dirname(join(TERRAFORM, path)), { recursive: true });
  writeFileSync(join(TERRAFORM, path), text);
}
