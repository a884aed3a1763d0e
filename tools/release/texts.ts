const UNRELEASED = "## [Unreleased]\n";

/** Returns the text of the section `Unreleased` of a changelog; empty if the section is missing or has no entry. */
export function unreleasedChanges(changelog: string): string {
  const [, rest = ""] = changelog.split(`\n${UNRELEASED}`);
  const [section] = rest.split(/^## \[/m) as [string];
  return /^- /m.test(section) ? section.trim() : "";
}

/**
 * Returns a changelog in which the unreleased changes are those of a version. The section `Unreleased` stays, without entries.
 */
export function datedChangelog(changelog: string, version: string, date: string): string {
  return changelog.replace(UNRELEASED, `${UNRELEASED}\n## [${version}] - ${date}\n`);
}

/** Returns a string in which one version replaces another. A longer version that contains it, such as 11.2.3 for 1.2.3, stays. */
export function withVersion(text: string, current: string, version: string): string {
  return text.replace(new RegExp(`(?<![\\d.])${current.replaceAll(".", "\\.")}(?!\\.?\\d)`, "g"), version);
}
