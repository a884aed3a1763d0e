import { checkRepository, checkVersion, type Candidate } from "../../tools/release/checks";
import { UserError } from "../../tools/command";
import type { Repository } from "../../tools/release/repository";
import { datedChangelog, unreleasedChanges, withVersion } from "../../tools/release/texts";

const CHANGELOG = "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- `Alias`\n\n## [0.1.0] - 2026-01-01\n\n- `Key`\n";
const report = (...declarations: string[]): string =>
  `\`\`\`ts\n// @public\n${declarations.join("\n// @public\n")}\n\`\`\``;
const KEY = "export class Key {\n}";
const ALIAS = "export class Alias {\n}";
const CANDIDATE: Candidate = {
  changelog: CHANGELOG,
  current: "0.1.0",
  last: { report: report(KEY), version: "0.1.0" },
  report: report(KEY, ALIAS),
};

describe("the changelog of a release", () => {
  test("has as its changes the text of the section Unreleased", () => {
    expect(unreleasedChanges(CHANGELOG)).toBe("### Added\n\n- `Alias`");
  });

  test.each([
    ["the section has no entry", CHANGELOG.replace("- `Alias`\n", "")],
    ["the section is empty", CHANGELOG.replace("### Added\n\n- `Alias`\n", "")],
    ["there is no section", CHANGELOG.replace("## [Unreleased]\n", "")],
  ])("has no unreleased changes if %s", (_, changelog) => {
    expect(unreleasedChanges(changelog)).toBe("");
  });

  test("gets the version and the date as a heading, and an empty section Unreleased", () => {
    const dated = datedChangelog(CHANGELOG, "0.2.0", "2026-02-03");
    expect(dated).toContain("\n## [Unreleased]\n\n## [0.2.0] - 2026-02-03\n\n### Added\n\n- `Alias`\n\n## [0.1.0]");
    expect(unreleasedChanges(dated)).toBe("");
  });
});

test("withVersion replaces a version, and keeps longer numbers that contain the version", () => {
  const page = "?ref=v0.2.0 a@0.2.0 a-0.2.0.tgz 10.2.0 0.2.01 0.2.0.1 0.2.0.";
  expect(withVersion(page, "0.2.0", "0.3.0")).toBe("?ref=v0.3.0 a@0.3.0 a-0.3.0.tgz 10.2.0 0.2.01 0.2.0.1 0.3.0.");
});

describe("checkVersion", () => {
  test.each([
    ["a patch version for an addition that the changelog names", "0.1.1", {}],
    ["a minor version of two digits after a minor version of one digit", "0.10.0", { current: "0.9.0" }],
    ["the version of package.json as the first release", "0.1.0", { last: undefined }],
  ])("accepts %s", (_, version, changed) => {
    expect(() => checkVersion(version, { ...CANDIDATE, ...changed })).not.toThrow();
  });

  test.each<[string, string, Partial<Candidate>, string]>([
    ["the version of the last release", "0.1.0", {}, "VERSION must be higher than the last release, 0.1.0, got: 0.1.0"],
    ["an earlier version", "0.0.9", {}, "VERSION must be higher than the last release, 0.1.0, got: 0.0.9"],
    [
      "a version below that of package.json",
      "0.2.0",
      { current: "0.10.0" },
      "VERSION must not be lower than the version of package.json, 0.10.0, got: 0.2.0",
    ],
    [
      "a changelog without an entry",
      "0.2.0",
      { changelog: CHANGELOG.replace("- `Alias`\n", "") },
      "the section Unreleased of CHANGELOG.md must have an entry: name the changes in it",
    ],
    [
      "a removal that the changelog does not have",
      "0.2.0",
      { report: report(ALIAS) },
      "VERSION 0.2.0 and CHANGELOG.md must allow the changes of the API since 0.1.0: name an addition in Unreleased; " +
        "for a removal, write '### Breaking' and give a version that may break. Got: Key is gone",
    ],
  ])("refuses %s", (_, version, changed, message) => {
    expect(() => checkVersion(version, { ...CANDIDATE, ...changed })).toThrow(new UserError(message));
  });
});

describe("checkRepository", () => {
  const repository = (state: { branch?: string; changed?: string[]; hasTag?: boolean }): Repository =>
    ({
      branch: () => state.branch ?? "main",
      changedFiles: () => state.changed ?? [],
      hasTag: () => state.hasTag ?? false,
    }) as unknown as Repository;

  test("accepts a clean main without the tag", () => {
    expect(() => checkRepository(repository({}), "v0.2.0")).not.toThrow();
  });

  test.each([
    [
      "a version whose tag exists",
      { hasTag: true },
      "the tag v0.2.0 must not exist: a version is released once, so give a higher version",
    ],
    ["another branch than main", { branch: "topic" }, "the checkout must be on main, got: topic; git switch main"],
    [
      "a commit without a branch",
      { branch: "" },
      "the checkout must be on main, got: a commit without a branch; git switch main",
    ],
    ["changed files", { changed: ["a", "b"] }, "the checkout must have no changes, got: a, b; commit or stash them"],
  ])("refuses %s", (_, state, message) => {
    expect(() => checkRepository(repository(state), "v0.2.0")).toThrow(new UserError(message));
  });
});
