import { execFileSync } from "node:child_process";
import { installLane } from "../support/install-lane";
import { ROOT } from "../support/paths";
import { printSkipped } from "../support/skipped";

/** Installs the packages of this lane, and packs the published files again, before its tests; or prints why the lane is skipped. */
export default function pack(): void {
  const reason = installLane(__dirname);
  if (reason !== undefined) {
    process.env.PACKAGE_LANE_SKIPPED = reason;
    printSkipped("the package lane", reason);
    return;
  }
  process.stderr.write(execFileSync("npm", ["run", "--silent", "pack"], { cwd: ROOT }));
}
