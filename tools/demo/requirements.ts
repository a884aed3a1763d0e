import { createRequire } from "node:module";
import { join } from "node:path";
import { emulatorUnavailable } from "../../emulator/emulator";
import { installProvider, terraformUnavailable } from "../provider";
import { PROVIDER_VERSION } from "./project";

/** Returns the reason why the demo cannot run here, with the fix; undefined if it can. */
export function missingRequirement(): string | undefined {
  return terraformUnavailable() ?? emulatorUnavailable() ?? cdktfUnavailable();
}

/** Installs the AWS provider in the folder of the demo. Returns the reason and the fix if the installation fails; undefined otherwise. */
export function providerUnavailable(directory: string): string | undefined {
  const reason = installProvider(join(directory, "provider"), PROVIDER_VERSION);
  return (
    reason &&
    `${reason.replaceAll(/\s+/g, " ")}; the registry or a mirror of terraform must have hashicorp/aws ${PROVIDER_VERSION}`
  );
}

/**
 * Returns the reason why the terminal library of cdktf-cli cannot be loaded: it is not installed, or has no binary for this
 * Node.js.
 */
function cdktfUnavailable(): string | undefined {
  try {
    createRequire(__filename)("@cdktf/node-pty-prebuilt-multiarch");
    return undefined;
  } catch {
    return `cdktf-cli does not run on Node.js ${process.version} here; run npm ci, with Node.js 20 or 22`;
  }
}
