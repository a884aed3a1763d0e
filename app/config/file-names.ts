import { existsSync } from "node:fs";
import { globSync, isDynamicPattern } from "tinyglobby";
import { ConfigurationError } from "./configuration-file";
import { isWithin } from "./is-within";
import { valueText } from "./texts";

/**
 * Returns the files that names and glob patterns match, each once. The order depends only on the names and patterns, not on the
 * file system.
 *
 * @param names - names of files and glob patterns, with spaces between them
 * @throws ConfigurationError if a pattern matches nothing, or a link leads out of its folder
 */
export function fileNamesOf(names: string): readonly string[] {
  // The whole string may be one file name with spaces.
  const parts = existsSync(names) ? [names] : names.split(/\s+/).filter((part) => part !== "");
  if (parts.length === 0) {
    throw new ConfigurationError([`WAREHOUSES must name at least one file, got: ${valueText(names)}`]);
  }
  const files = parts.flatMap((part) => {
    if (existsSync(part) || !isDynamicPattern(part)) {
      return [part];
    }
    const matches = matchesOf(part);
    if (matches.length === 0) {
      throw new ConfigurationError([`WAREHOUSES must match at least one file, got: ${part}`]);
    }
    checkLinks(part, matches);
    return matches;
  });
  return [...new Set(files)];
}

/** Returns the files that names and glob patterns match, without an error for a name or a pattern that matches none. */
export function existingFileNamesOf(names: string): readonly string[] {
  const parts = existsSync(names) ? [names] : names.split(/\s+/);
  const hasMatch = (part: string) => existsSync(part) || (isDynamicPattern(part) && matchesOf(part).length > 0);
  const existing = parts.filter(hasMatch);
  return [...new Set(existing.flatMap((part) => fileNamesOf(part)))];
}

function matchesOf(pattern: string): readonly string[] {
  return globSync(pattern, { expandDirectories: false, ignore: ["**/node_modules/**"] }).sort();
}

/**
 * Refuses symbolic links that lead out of the folder of a pattern. Otherwise an error message could show text of a file that
 * WAREHOUSES does not name.
 */
function checkLinks(pattern: string, files: readonly string[]): void {
  const [folder = "./"] = /^[^*?{}()[\]!+@|\\]*\//.exec(pattern) ?? [];
  const outside = files.filter((file) => !isWithin(folder, file));
  if (outside.length > 0) {
    throw new ConfigurationError(
      outside.map((file) => `${file} must not be a link to a file outside ${folder}: name that file in WAREHOUSES`),
    );
  }
}
