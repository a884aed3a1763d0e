import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { PACKAGE } from "./package-folder";

const EXAMPLES = join(PACKAGE, "examples", "fleet");
/** By CI system: the folders of `examples/fleet` that are copied to a project, each with its target folder. */
const FOLDERS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  github: { ci: "ci", github: ".github/workflows" },
  gitlab: { ci: "ci", gitlab: "ci" },
  none: {},
};
/** The pipeline of GitLab. In a project it is `.gitlab-ci.yml` at the top, the only path that GitLab reads by default. */
const GITLAB_FILE = "ci/gitlab-ci.yml";
const PAGE = "docs/fleet.md";

export const CI_SYSTEMS = Object.keys(FOLDERS);

/** Returns the path of docs/fleet.md in a project that has the package installed. */
export function fleetPage(packageName: string): string {
  return posix.join("node_modules", packageName, PAGE);
}

/**
 * Returns the files of a CI pipeline for a fleet: their texts by their paths in a project. The texts come from `examples/fleet`,
 * which tests run.
 */
export function ciFiles(system: string, packageName: string): Readonly<Record<string, string>> {
  const entries = Object.entries(FOLDERS[system]!).flatMap(([folder, target]) =>
    readdirSync(join(EXAMPLES, folder)).map((file) => {
      const path = posix.join(target, file);
      const text = readFileSync(join(EXAMPLES, folder, file), "utf8").replaceAll(PAGE, fleetPage(packageName));
      return [path === GITLAB_FILE ? ".gitlab-ci.yml" : path, text] as const;
    }),
  );
  return Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1)));
}
