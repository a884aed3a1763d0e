import { engines } from "../../package.json";

/** Ends the process with one line if Node.js is older than the package needs. */
export function checkNodeVersion(): void {
  const [needed] = /\d+/.exec(engines.node)!;
  if (Number.parseInt(process.versions.node) < Number(needed)) {
    console.error(`Node.js ${needed} or newer is needed, got: ${process.version}`);
    process.exit(2);
  }
}
