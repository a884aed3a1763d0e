const UNRELEASED = "## [Unreleased]\n";

/** Returns the text of the section Unreleased. It is empty if the changelog has no such section, or the section has no entry. */
export function unreleasedChanges(changelog: string): string {
  const [, rest = ""] = changelog.split(`\n${UNRELEASED}`);
  const [section] = rest.split(/^## \[/m) as [string];
  return /^- /m.test(section) ? section.trim() : "";
}

/** Returns the changelog with the unreleased changes as those of a version. The section Unreleased stays, and is empty. */
export function datedChangelog(changelog: string, version: string, date: string): string {
  return changelog.replace(UNRELEASED, `${UNRELEASED}\n## [${version}] - ${date}\n`);
}

/** Returns a string with a version in place of another. A longer version that has it, such as 11.2.3 for 1.2.3, stays. */
export function withVersion(text: string, current: string, version: string): string {
  return text.replace(new RegExp(`(?<![\\d.])${current.replaceAll(".", "\\.")}(?!\\.?\\d)`, "g"), version);
}
