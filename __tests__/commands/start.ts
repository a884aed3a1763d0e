import { execFileSync } from "node:child_process";
import { ROOT } from "../support/paths";
import startTests from "../support/start";

/** Bundles the commands of `redshift-kms` before the tests that run them. */
export default function start(): void {
  startTests();
  execFileSync(process.execPath, ["tools/pack/bundle-cli.mjs"], { cwd: ROOT });
}
