import { execFileSync } from "node:child_process";
import { dirname } from "node:path";

/** Packs the published files again, before the tests of this lane. */
export default function pack(): void {
  process.stderr.write(execFileSync("npm", ["run", "--silent", "pack"], { cwd: dirname(dirname(__dirname)) }));
}
