import { execFileSync } from "node:child_process";
import { installLane } from "../support/install-lane";
import { ROOT } from "../support/paths";

/** Installs the packages of this lane, and packs the published files again, before its tests. */
export default function pack(): void {
  installLane(__dirname);
  process.stderr.write(execFileSync("npm", ["run", "--silent", "pack"], { cwd: ROOT }));
}
