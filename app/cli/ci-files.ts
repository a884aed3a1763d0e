import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { PACKAGE } from "./package-folder";

const EXAMPLES = join(PACKAGE, "examples", "fleet");
/** The folder in a project for the files of each folder of the examples, by the CI system. */
const FOLDERS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  github: { ci: "ci", github: ".github/workflows" },
  gitlab: { ci: "ci", gitlab: "ci" },
  none: {},
};
/** GitLab reads this file at the top of a project. */
const GITLAB_FILE = "ci/gitlab-ci.yml";
const PAGE = "docs/fleet.md";

export const CI_SYSTEMS = Object.keys(FOLDERS);

/** The path of the page about the pipeline, in a project that has this package. */
export function fleetPage(packageName: string): string {
  return posix.join("node_modules", packageName, PAGE);
}

/** The files of a fleet's pipeline, by their paths in a project. They are the examples, which a test runs. */
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
