import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";

/** The folder with a folder of test data for each release. */
export const RELEASED = join(dirname(dirname(__dirname)), "__tests__", "released");

/** Returns the versions that have a folder in `RELEASED`, in their order. */
export function recordedVersions(): readonly string[] {
  const versions = existsSync(RELEASED) ? readdirSync(RELEASED) : [];
  return versions.sort(new Intl.Collator("en", { numeric: true }).compare);
}
