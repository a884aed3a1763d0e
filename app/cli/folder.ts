import { existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Creates a folder and its missing parents.
 *
 * The recursive mode of Node.js is not used: if the system refuses a new folder with ENOENT, as in /proc, this mode creates the
 * parent again and again.
 */
export function makeFolder(path: string): void {
  if (existsSync(path)) {
    return;
  }
  makeFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    // Another process may have created the folder in the meantime.
    if (!existsSync(path)) {
      throw error;
    }
  }
}
