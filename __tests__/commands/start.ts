import { execFileSync } from "node:child_process";
import { dirname } from "node:path";
import { REDSHIFT_KMS, ROOT } from "../support/paths";
import startTests from "../support/start";

/**
 * Bundles the commands of `redshift-kms` before the tests that run them. `npm run pack`, which can run at the same time, removes
 * dist/cli.
 */
export default function start(): void {
  startTests();
  execFileSync(process.execPath, ["tools/pack/bundle-cli.mjs", dirname(REDSHIFT_KMS)], { cwd: ROOT });
}
