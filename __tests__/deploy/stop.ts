import type { GlobalConfig } from "jest";
import { removeProvider } from "../terraform/provider";
import { stopRecording } from "./applied-constructs";
import { LIBRARY_CONSTRUCTS } from "./library-constructs";

/**
 * Ends the emulator of the lane.
 *
 * @throws if the emulator had an exception, or if the whole lane ran, and did not apply every construct of modules/index.ts
 */
export default async function stop({ testNamePattern, testPathPatterns }: GlobalConfig): Promise<void> {
  await globalThis.emulator?.stop();
  if (process.env.DEPLOY_LANE_SKIPPED) {
    return;
  }
  removeProvider();
  const applied = stopRecording();
  if (globalThis.emulator?.exception !== undefined) {
    throw new Error(`the emulator must have no exception, got: ${globalThis.emulator.exception}`);
  }
  if (testNamePattern === undefined && !testPathPatterns.isSet()) {
    const missing = [...LIBRARY_CONSTRUCTS.values()].filter((name) => !applied.has(name));
    if (missing.length > 0) {
      throw new Error(`the deploy lane must apply every construct of modules/index.ts, but not: ${missing.join(", ")}`);
    }
  }
}
