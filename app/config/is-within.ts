import { realpathSync } from "node:fs";
import { sep } from "node:path";

/** Whether a file is below a folder, and no link that leads out of the folder. */
export function isWithin(folder: string, file: string): boolean {
  return realpathSync(file).startsWith(realpathSync(folder).replace(/[\\/]*$/, sep));
}
