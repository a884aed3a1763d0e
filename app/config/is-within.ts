import { realpathSync } from "node:fs";
import { sep } from "node:path";

/** Returns whether a file is in a folder, with symbolic links resolved. */
export function isWithin(folder: string, file: string): boolean {
  return realpathSync(file).startsWith(realpathSync(folder).replace(/[\\/]*$/, sep));
}
