import { rmSync } from "node:fs";

/** Deletes the folder of temporary files that `start.ts` has created. */
export default function stop(): void {
  rmSync(process.env.TMPDIR!, { force: true, recursive: true });
}
