import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Gives the workers a folder for temporary files: the framework deletes none of its own. */
export default function start(): void {
  process.env.TMPDIR = mkdtempSync(join(tmpdir(), "redshift-kms-tests-"));
}
