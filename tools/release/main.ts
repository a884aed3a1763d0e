// Makes a release: npm run release -- VERSION [--date DATE] [--dry-run]
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { errorText, parseArguments, UserError } from "../command";
import { datedChangelog, unreleasedChanges, withVersion } from "./texts";
import { checkRepository, checkVersion } from "./checks";
import { recordedVersions, RELEASED } from "./release";
import { Repository } from "./repository";

const HELP = `npm run release -- VERSION [--date YYYY-MM-DD] [--dry-run]

Makes the release VERSION of this checkout: checks, version, changelog, record, commit, tag vVERSION, and tarballs in dist/npm.
It publishes nothing. A failed step restores the checkout, so do not edit files while it runs.

  --date      the date of the changelog; today, if it is not given
  --dry-run   restores the checkout at the end; only the tarballs stay
  --help      prints this text`;

const ROOT = dirname(dirname(__dirname));
/** The commands that write committed files. The ones that write the version run again for the new version. */
const GENERATORS = ["docs", "schema", "terraform"];
const OF_VERSION = ["terraform"];
/** The files whose commands and addresses have the version. */
const PAGES = ["README.md", "docs/publishing.md", "terraform/examples/complete/main.tf"];

const repository = new Repository(ROOT);
const read = (...path: readonly string[]): string => readFileSync(join(ROOT, ...path), "utf8");

interface Arguments {
  readonly date: string;
  readonly isDryRun: boolean;
  readonly version: string;
}

function main(): void {
  const { positionals, values } = parseArguments("release", {
    allowPositionals: true,
    args: process.argv.slice(2),
    options: { date: { type: "string" }, "dry-run": { type: "boolean" }, help: { type: "boolean" } },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  // Without --, npm takes the option, and the command would make a release.
  if (process.env.npm_config_dry_run === "true") {
    throw new UserError("--dry-run must follow --: npm run release -- VERSION --dry-run");
  }
  const [version = "", ...others] = positionals;
  if (!/^(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}$/.test(version) || others.length > 0) {
    throw new UserError(`VERSION must be one version MAJOR.MINOR.PATCH, got: ${positionals.join(" ") || "nothing"}`);
  }
  const date = values.date ?? new Date().toISOString().slice(0, 10);
  if (!/^\d{4}-\d\d-\d\d$/.test(date) || Number.isNaN(Date.parse(date))) {
    throw new UserError(`--date must be a date YYYY-MM-DD, got: ${date}`);
  }
  release({ date, isDryRun: values["dry-run"] ?? false, version });
}

function release({ date, isDryRun, version }: Arguments): void {
  const tag = `v${version}`;
  const { version: current } = JSON.parse(read("package.json")) as { version: string };
  const changelog = read("CHANGELOG.md");
  step(`check ${version}: version, changelog, API, branch, changes`, () => {
    const [last] = recordedVersions().slice(-1);
    checkVersion(version, {
      changelog,
      current,
      last:
        last === undefined
          ? last
          : { report: readFileSync(join(RELEASED, last, "constructs.api.md"), "utf8"), version: last },
      report: read("docs", "constructs.api.md"),
    });
    checkRepository(repository, tag);
  });

  const start = repository.commit();
  // With a listener, a signal ends the command of a step, and the checkout is restored.
  ["SIGINT", "SIGTERM"].forEach((signal) => process.on(signal, () => undefined));
  let isReleased = false;
  try {
    step("check that the generated files are current", () => {
      generate(GENERATORS);
      const stale = repository.changedFiles();
      if (stale.length > 0) {
        throw new UserError(
          `the generated files must be current, got changes of: ${stale.join(", ")}; ` +
            `run npm run ${GENERATORS.join(", npm run ")}, and commit`,
        );
      }
    });
    step(`write the version and the changelog of ${date}`, () => {
      repository.run("npm", "version", version, "--allow-same-version", "--ignore-scripts", "--no-git-tag-version");
      writeFileSync(join(ROOT, "CHANGELOG.md"), datedChangelog(changelog, version, date));
      PAGES.forEach((page) => writeFileSync(join(ROOT, page), withVersion(read(page), current, version)));
      generate(OF_VERSION);
    });
    step("record the API and the stacks of the release", () => repository.run("npm", "run", "record"));
    step("commit", () => {
      repository.run("git", "add", "--all");
      repository.run("git", "commit", "--quiet", "--message", `build: release ${version}`);
    });
    step("pack the packages", () => console.log(repository.run("npm", "run", "--silent", "pack")));
    if (isDryRun) {
      console.log(`dry run: dist/npm has the tarballs of ${version}; the checkout is restored`);
      return;
    }
    step(`tag ${tag}`, () => {
      const message = `${tag}\n\n${unreleasedChanges(changelog)}`;
      // Headings of the changelog are no comments. git signs the tag if tag.gpgSign is set.
      repository.run("git", "tag", "--annotate", "--cleanup=whitespace", "--message", message, tag);
    });
    isReleased = true;
    console.log(`${tag} is ready; to publish: git push --atomic origin main ${tag}
to undo before the push: git tag --delete ${tag} && git reset --keep ${start}`);
  } finally {
    if (!isReleased) {
      repository.restore(start);
    }
  }
}

function generate(scripts: readonly string[]): void {
  scripts.forEach((script) => repository.run("npm", "run", script));
}

function step(name: string, action: () => void): void {
  console.log(`- ${name}`);
  action();
}

try {
  main();
} catch (error) {
  console.error(errorText("release", error));
  process.exitCode = 1;
}
