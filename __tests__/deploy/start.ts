import { execFileSync } from "node:child_process";
import { delimiter, dirname } from "node:path";
import { prepareProvider } from "../terraform/provider";
import { printSkipped } from "../support/skipped";
import { startRecording } from "./applied-constructs";
import { Emulator, emulatorUnavailable } from "../../emulator/emulator";
import { EVERYTHING, makeRole } from "./endpoint";

/** More than all tests make. */
const NAMESPACES = 1_000;

declare global {
  var emulator: Emulator | undefined;
}

/** Puts Python's folder, which has the AWS CLI too, before the shims of a version manager: they take as long as the programs. */
function skipShims(): void {
  const program = execFileSync("python3", ["-c", "import sys; print(sys.executable)"], { encoding: "utf8" });
  const [folder, path = ""] = [dirname(program), process.env.PATH];
  if (!path.split(delimiter).includes(folder)) {
    process.env.PATH = [folder, path].join(delimiter);
  }
}

/** Starts the emulator of the lane, or prints why the lane is skipped. EMULATOR_VIA chooses its kms:ViaService. */
export default async function start(): Promise<void> {
  // The warning of the newest SDK about the version of Node.js that the next SDK requires.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";
  const reason = emulatorUnavailable() ?? prepareProvider();
  if (reason) {
    process.env.DEPLOY_LANE_SKIPPED = reason;
    printSkipped("the deploy lane", reason);
    return;
  }
  skipShims();
  startRecording();
  const { EMULATOR_VIA: via } = process.env;
  globalThis.emulator = await Emulator.start("--namespaces", String(NAMESPACES), ...(via ? ["--via", via] : []));
  process.env.AWS_ENDPOINT_URL = globalThis.emulator.url;
  // Before any test, because a role without policies may do less than one that does not exist.
  await makeRole("ExampleAdminRole", EVERYTHING);
  await makeRole("ExampleBreakGlassRole", EVERYTHING);
}
