import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** The path of Debian's Chromium, or of another one by its usual name; undefined if none is installed. */
export function chromiumPath(): string | undefined {
  return (process.env.PATH ?? "")
    .split(delimiter)
    .flatMap((directory) => ["chromium", "chromium-browser", "google-chrome"].map((name) => join(directory, name)))
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
