import { UserError } from "../command";
import { apiChanges, unannouncedChanges } from "./api-changes";
import { unreleasedChanges } from "./texts";
import type { Repository } from "./repository";

/** The facts about the checkout that decide whether it can be released as a version. */
export interface Candidate {
  readonly changelog: string;
  /** The version of package.json. */
  readonly current: string;
  /** The report of the public API, as API Extractor writes it. */
  readonly report: string;
  /** The last release, if there is one. */
  readonly last?: { readonly report: string; readonly version: string } | undefined;
}

const { compare } = new Intl.Collator("en", { numeric: true });

/**
 * Checks the checkout of a release.
 *
 * @throws UserError if the checkout is not clean, is not on main, or has the tag of the version
 */
export function checkRepository(repository: Repository, tag: string): void {
  if (repository.hasTag(tag)) {
    throw new UserError(`the tag ${tag} must not exist: a version is released once, so give a higher version`);
  }
  const branch = repository.branch();
  if (branch !== "main") {
    throw new UserError(`the checkout must be on main, got: ${branch || "a commit without a branch"}; git switch main`);
  }
  const changed = repository.changedFiles();
  if (changed.length > 0) {
    throw new UserError(`the checkout must have no changes, got: ${changed.join(", ")}; commit or stash them`);
  }
}

/**
 * Checks a version.
 *
 * @throws UserError if the version is not higher than the last release, or the changelog and the version do not allow the changes
 */
export function checkVersion(version: string, { changelog, current, last, report }: Candidate): void {
  if (last && compare(version, last.version) <= 0) {
    throw new UserError(`VERSION must be higher than the last release, ${last.version}, got: ${version}`);
  }
  if (compare(version, current) < 0) {
    throw new UserError(`VERSION must not be lower than the version of package.json, ${current}, got: ${version}`);
  }
  if (unreleasedChanges(changelog) === "") {
    throw new UserError("the section Unreleased of CHANGELOG.md must have an entry: name the changes in it");
  }
  const unannounced = last ? unannouncedChanges(apiChanges(last.report, report), changelog, last.version, version) : [];
  if (unannounced.length > 0) {
    throw new UserError(
      `VERSION ${version} and CHANGELOG.md must allow the changes of the API since ${last!.version}: name an addition in ` +
        `Unreleased; for a removal, write '### Breaking' and give a version that may break. Got: ${unannounced.join("; ")}`,
    );
  }
}
