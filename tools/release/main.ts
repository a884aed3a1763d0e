// Makes a release: npm run release -- VERSION [--date DATE] [--dry-run]
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { isDay } from "../../review/report/day";
import { errorText, interruptible, parseArguments, UserError } from "../command";
import { datedChangelog, unreleasedChanges, withVersion } from "./texts";
import { checkRepository, checkVersion } from "./checks";
import { recordedVersions, RELEASED } from "./recorded";
import { Repository } from "./repository";

const HELP = `Usage: npm run release -- VERSION [--date YYYY-MM-DD] [--dry-run]

Creates the release VERSION of this checkout: checks, version, changelog, record, commit, tag vVERSION, and tarballs in dist/npm.
It publishes nothing. A failed step or an interruption restores the checkout, so do not edit files while it runs.

  --date      the date of the changelog; today, if it is not given
  --dry-run   restores the checkout at the end; only the tarballs stay
  --help      prints this text`;

const ROOT = dirname(dirname(__dirname));
/** The npm scripts that write committed files with the version. They run again for the new version. */
const GENERATORS = ["docs", "schema", "terraform"];
const VERSION_GENERATORS = ["terraform"];
/** The files that have the version in commands and addresses. */
const PAGES = ["README.md", "docs/publishing.md", "terraform/examples/complete/main.tf"];

const { signal } = interruptible((name) => console.error(`${name}: the release ends when the checkout is restored`));
const repository = new Repository(ROOT, signal);
const readText = (...path: readonly string[]): string => readFileSync(join(ROOT, ...path), "utf8");

interface Arguments {
  readonly date: string;
  readonly isDryRun: boolean;
  readonly version: string;
}

async function main(): Promise<void> {
  const { positionals, values } = parseArguments("release", {
    allowPositionals: true,
    args: process.argv.slice(2),
    options: { date: { type: "string" }, "dry-run": { type: "boolean" }, help: { type: "boolean" } },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  // Without `--` before it, npm takes the option for itself, and the command would make a real release.
  if (process.env.npm_config_dry_run === "true") {
    throw new UserError("--dry-run must follow --: npm run release -- VERSION --dry-run");
  }
  const [version = "", ...others] = positionals;
  if (!/^(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}$/.test(version) || others.length > 0) {
    throw new UserError(`VERSION must be one version MAJOR.MINOR.PATCH, got: ${positionals.join(" ") || "nothing"}`);
  }
  const date = values.date ?? new Date().toISOString().slice(0, 10);
  if (!isDay(date)) {
    throw new UserError(`--date must be a day that exists, as YYYY-MM-DD, got: ${date}`);
  }
  await release({ date, isDryRun: values["dry-run"] ?? false, version });
}

async function release({ date, isDryRun, version }: Arguments): Promise<void> {
  const tag = `v${version}`;
  const { version: current } = JSON.parse(readText("package.json")) as { version: string };
  const changelog = readText("CHANGELOG.md");
  console.log(`- check ${version}: version, changelog, API, branch, changes`);
  const [last] = recordedVersions().slice(-1);
  checkVersion(version, {
    changelog,
    current,
    last:
      last === undefined
        ? last
        : { report: readFileSync(join(RELEASED, last, "constructs.api.md"), "utf8"), version: last },
    report: readText("docs", "constructs.api.md"),
  });
  checkRepository(repository, tag);

  const commitBefore = repository.commit();
  const restore = (): Promise<void> => step("restore the checkout", () => repository.restore(commitBefore, tag));
  try {
    await prepare({ changelog, current, date, version });
    if (!isDryRun) {
      await step(`tag ${tag}`, async () => {
        const message = `${tag}\n\n${unreleasedChanges(changelog)}`;
        // --cleanup=whitespace keeps the headings of the changelog, which begin with # as comments do. git signs the tag if
        // tag.gpgSign is set.
        await repository.run("git", "tag", "--annotate", "--cleanup=whitespace", "--message", message, tag);
      });
    }
  } catch (error) {
    await restore().catch(({ message }: Error) => {
      throw new UserError(`${(error as Error).message}; ${message}`);
    });
    throw error;
  }
  if (isDryRun) {
    await restore();
    console.log(`dry run: dist/npm has the tarballs of ${version}`);
    return;
  }
  console.log(`${tag} is ready; to publish: git push --atomic origin main ${tag}
to undo before the push: git tag --delete ${tag} && git reset --keep ${commitBefore}`);
}

interface Changes {
  readonly changelog: string;
  readonly current: string;
  readonly date: string;
  readonly version: string;
}

/** Commits the files of the new version, and builds its packages. */
async function prepare({ changelog, current, date, version }: Changes): Promise<void> {
  await step("check that the generated files are current", async () => {
    await generate(GENERATORS);
    const stale = repository.changedFiles();
    if (stale.length > 0) {
      throw new UserError(
        `the generated files must be current, got changes of: ${stale.join(", ")}; ` +
          `run npm run ${GENERATORS.join(", npm run ")}, and commit`,
      );
    }
  });
  await step(`write the version and the changelog of ${date}`, async () => {
    await repository.run("npm", "version", version, "--allow-same-version", "--ignore-scripts", "--no-git-tag-version");
    writeFileSync(join(ROOT, "CHANGELOG.md"), datedChangelog(changelog, version, date));
    PAGES.forEach((page) => writeFileSync(join(ROOT, page), withVersion(readText(page), current, version)));
    await generate(VERSION_GENERATORS);
  });
  await step("record the API and the stacks of the release", () => generate(["record"]));
  await step("commit", async () => {
    await repository.run("git", "add", "--all");
    await repository.run("git", "commit", "--quiet", "--message", `build: release ${version}`);
  });
  await step("pack the packages", async () => console.log(await repository.run("npm", "run", "pack", "--silent")));
}

async function generate(scripts: readonly string[]): Promise<void> {
  for (const script of scripts) {
    await repository.run("npm", "run", script);
  }
}

async function step(name: string, action: () => Promise<void>): Promise<void> {
  console.log(`- ${name}`);
  await action();
}

main().catch((error: unknown) => {
  console.error(errorText("release", error));
  process.exitCode = 1;
});
