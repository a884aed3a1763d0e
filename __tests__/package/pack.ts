import { execFileSync } from "node:child_process";
import { ROOT } from "../support/paths";

/** Packs the published files again, before the tests of this lane. */
export default function pack(): void {
  process.stderr.write(execFileSync("npm", ["run", "--silent", "pack"], { cwd: ROOT }));
}
