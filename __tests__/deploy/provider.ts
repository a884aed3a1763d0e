import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { globSync } from "tinyglobby";
import { installProvider } from "../terraform/terraform";

/**
 * Installs the AWS provider for the script `terraform` beside this file, which the environment names from then on. Returns the
 * reason if it cannot.
 */
export function prepareProvider(): string | undefined {
  const directory = mkdtempSync(join(tmpdir(), "provider-"));
  process.env.LANE_PROVIDER_DIRECTORY = directory;
  const reason = installProvider(directory);
  if (reason !== undefined) {
    removeProvider();
  } else {
    [process.env.LANE_PROVIDER] = globSync("**/terraform-provider-aws_v*", {
      absolute: true,
      cwd: directory,
      dot: true,
    });
    process.env.LANE_TERRAFORM = execFileSync("sh", ["-c", "command -v terraform"], { encoding: "utf8" }).trim();
  }
  return reason;
}

/** Removes the provider. */
export function removeProvider(): void {
  rmSync(process.env.LANE_PROVIDER_DIRECTORY!, { recursive: true });
}
