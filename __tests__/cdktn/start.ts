import { installLane } from "../support/install-lane";
import startTests from "../support/start";

/**
 * Installs CDK Terrain before the tests, which cannot be loaded without it.
 *
 * @throws if it cannot be installed
 */
export default function start(): void {
  const reason = installLane(__dirname);
  if (reason !== undefined) {
    throw new Error(reason);
  }
  startTests();
}
