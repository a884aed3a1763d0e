import { spawnSync } from "node:child_process";
import { printSkipped } from "../support/skipped";

/** Whether the AWS CLI is on the PATH. Prints that something is skipped if not. */
export function hasAwsCli(skipped: string): boolean {
  const isInstalled = spawnSync("aws", ["--version"]).status === 0;
  if (!isInstalled) {
    printSkipped(skipped, "there is no aws on the PATH");
  }
  return isInstalled;
}
