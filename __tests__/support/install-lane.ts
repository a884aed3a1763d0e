import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";

/** The codes of npm if it cannot reach the registry. */
const UNREACHABLE =
  /^npm (?:error|ERR!) code (E(?:AI_AGAIN|CONNREFUSED|CONNRESET|HOSTUNREACH|NETUNREACH|NOTFOUND|TIMEDOUT))$/m;

/**
 * Installs the packages that only one lane needs, from the lock file in its folder, if they are missing or older than that file.
 * Returns the reason if the registry cannot be reached.
 *
 * @throws if the packages cannot be installed for another reason, or if CI is set
 */
export function installLane(directory: string): string | undefined {
  // npm writes this file at the end of an installation.
  const installed = join(directory, "node_modules", ".package-lock.json");
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(join(directory, "package-lock.json")).mtimeMs) {
    return undefined;
  }
  process.stderr.write(`npm ci in ${directory}: the packages of this lane\n`);
  const { status, stderr } = spawnSync("npm", ["ci", "--prefer-offline"], {
    cwd: directory,
    encoding: "utf8",
    env: process.env,
  });
  if (status === 0) {
    return undefined;
  }
  const [, code] = UNREACHABLE.exec(stderr) ?? [];
  if (code === undefined || process.env.CI) {
    throw new Error(`npm ci must succeed in ${directory}, got: ${stderr}`);
  }
  return `npm ci in ${directory} does not reach the npm registry: ${code}`;
}
