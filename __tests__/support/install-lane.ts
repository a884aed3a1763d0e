import { execFileSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";

/** Installs the packages that only one lane needs, from the lock file in its folder, if they are missing or older than that file. */
export function installLane(directory: string): void {
  // npm writes this file at the end of an installation.
  const installed = join(directory, "node_modules", ".package-lock.json");
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(join(directory, "package-lock.json")).mtimeMs) {
    return;
  }
  process.stderr.write(`npm ci in ${directory}: the packages of this lane\n`);
  try {
    execFileSync("npm", ["ci"], { cwd: directory, stdio: ["ignore", "inherit", "inherit"] });
  } catch (error) {
    throw new Error(`npm ci must succeed in ${directory}: it needs the npm registry`, { cause: error });
  }
}
