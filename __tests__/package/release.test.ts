import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { withVersion } from "../../tools/release/texts";
import { Checkout } from "../support/checkout";
import { fakePrograms } from "../commands/fake-programs";
import { ROOT } from "../support/paths";
import { releaseStep } from "../support/workflow-steps";
import { PrivateRegistry } from "./registry";
import { CLI, CLI_TERRAIN, manifestOf, TERRAIN } from "./tarball";

const { name: LIBRARY, version: CURRENT } = manifestOf(ROOT);
const PACKAGES = [LIBRARY, TERRAIN, CLI, CLI_TERRAIN];
const DATE = "2026-02-03";
const TIMEOUT = 900_000;
/** A version that may break the API. */
const NEXT = CURRENT.replace(/^(\d+)\.(\d+)\.\d+$/, (_, major: string, minor: string) =>
  major === "0" ? `0.${Number(minor) + 1}.0` : `${Number(major) + 1}.0.0`,
);
const TAG = `v${NEXT}`;
const tarballOf = (name: string): string => `${name.replace("@", "").replace("/", "-")}-${NEXT}.tgz`;

/** The commit of the release, which the dry run undoes. git keeps it for the next `git reset`. */
const COMMIT = "ORIG_HEAD";
/**
 * An npm that leaves out steps that other tests have done. It generates no files before the new version is in package.json,
 * and it copies the library that this lane has built instead of a build.
 */
const NPM = `case "$*" in
  "run docs" | "run schema") ;;
  "run terraform") grep --quiet '"version": "${NEXT}"' package.json || exit 0; exec "$NPM" "$@" ;;
  "run build") cp -R "${join(ROOT, "lib")}" . ;;
  *) exec "$NPM" "$@" ;;
esac`;

const registry = new PrivateRegistry();
const scratch = mkdtempSync(join(tmpdir(), "release-"));
const packages = join(scratch, "packages");
let checkout: Checkout;
let before: ReturnType<Checkout["state"]>;
let output: string;

beforeAll(async () => {
  checkout = new Checkout();
  // The section Unreleased has no entry in the commit of a release.
  const entry = "\n### Fixed\n\n- An entry of this test.\n";
  const changelog = read("CHANGELOG.md").replace("## [Unreleased]\n", `## [Unreleased]\n${entry}`);
  writeFileSync(join(checkout.directory, "CHANGELOG.md"), changelog);
  checkout.commit("Example");
  before = checkout.state();
  await registry.start();
  const programs = fakePrograms({ npm: NPM });
  output = run(checkout.directory, "npm", ["run", "release", "--", NEXT, "--date", DATE, "--dry-run"], {
    NPM: execFileSync("sh", ["-c", "command -v npm"], { encoding: "utf8" }).trim(),
    PATH: [programs, process.env.PATH].join(delimiter),
  });
  rmSync(programs, { recursive: true });
  cpSync(join(checkout.directory, "dist", "npm"), packages, { recursive: true });
}, TIMEOUT);
afterAll(async () => {
  await registry.stop();
  checkout.remove();
  rmSync(scratch, { recursive: true });
});

function read(...path: readonly string[]): string {
  return readFileSync(join(checkout.directory, ...path), "utf8");
}

function run(
  cwd: string,
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): string {
  const { error, status, stderr, stdout } = spawnSync(command, args, {
    cwd,
    encoding: "utf8",
    env: { ...process.env, ...registry.env, ...env },
  });
  if (status !== 0) {
    throw new Error(`${command} ${args.join(" ")}: ${error?.message ?? stdout + stderr}`);
  }
  return stdout;
}

describe("npm run release --dry-run of a higher version", () => {
  test("restores the checkout, and leaves the tarballs of both frameworks", () => {
    expect(output).toMatch(new RegExp(`\n- restore the checkout\ndry run: dist/npm has .* ${NEXT}\n$`));
    expect(checkout.state()).toStrictEqual(before);
    expect(readdirSync(packages).sort()).toStrictEqual(["SHA256SUMS", ...PACKAGES.map(tarballOf)].sort());
    run(packages, "bash", ["-ec", releaseStep("Check the checksums")]);
  });

  test("leaves tarballs that the step of the workflow publishes once", () => {
    // The registry lane publishes the others too, and each takes two seconds.
    const published = [CLI, LIBRARY];
    PACKAGES.filter((name) => !published.includes(name)).forEach((name) => rmSync(join(packages, tarballOf(name))));
    const step = releaseStep("Publish").replace("registry=https:", "registry=http:");
    const publish = (): string => run(packages, "bash", ["-eo", "pipefail", "-c", step]);
    expect(publish()).not.toContain("is published");
    expect(publish()).toBe(published.map((name) => `${name}@${NEXT} is published\n`).join(""));
  });

  test("has the version in the command, and in the project that init writes", () => {
    const project = join(scratch, "project");
    cpSync(join(packages, ".npmrc"), join(project, ".npmrc"));
    writeFileSync(join(project, "package.json"), JSON.stringify({ dependencies: { [CLI]: NEXT }, private: true }));
    run(project, "npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund"]);
    const redshiftKms = (...args: string[]) => run(project, join("node_modules", ".bin", "redshift-kms"), args);
    expect(redshiftKms("--version")).toBe(`${NEXT}\n`);
    redshiftKms("init", "--registry", "https://registry.example.com", "warehouses");
    expect(manifestOf(join(project, "warehouses")).dependencies).toMatchObject({ [CLI]: NEXT });
  });
});

describe("the release commit of a higher version", () => {
  beforeAll(() => {
    checkout.git("reset", "--quiet", "--hard", COMMIT);
  });

  test("is on main, after the commit of the changes", () => {
    expect(checkout.git("log", "--format=%s", `${before.commit}..main`)).toBe(`build: release ${NEXT}`);
    expect(checkout.git("rev-parse", "main~1")).toBe(before.commit);
  });

  test("passes the workflow's tag check only if it is on main", () => {
    const check = (tag = TAG): string =>
      run(checkout.directory, "bash", ["-eo", "pipefail", "-c", releaseStep("Check the tag")], { TAG: tag });
    checkout.git("update-ref", "refs/remotes/origin/main", before.commit);
    expect(check).toThrow(`the commit of ${TAG} must be on main`);
    checkout.git("update-ref", "refs/remotes/origin/main", "main");
    expect(check()).toBe("");
    expect(() => check(`v${CURRENT}`)).toThrow(`the tag must be that of package.json, ${TAG}, got: v${CURRENT}`);
  });

  test("changes exactly the listed files", () => {
    const changed = checkout.git("diff", "--name-only", before.commit, "main").split("\n");
    const record = changed.filter((file) => file.startsWith(`__tests__/released/${NEXT}/`));
    expect(changed.filter((file) => !record.includes(file))).toStrictEqual([
      "CHANGELOG.md",
      "README.md",
      "docs/publishing.md",
      "package-lock.json",
      "package.json",
      "terraform/README.md",
      "terraform/examples/complete/main.tf",
    ]);
    expect(record.map((file) => file.replace(/.*\/stacks\/.*/, "stacks"))).toStrictEqual(
      expect.arrayContaining(
        ["constructs.api.md", "maximal.ts", "warehouses.yaml"].map((file) => `__tests__/released/${NEXT}/${file}`),
      ),
    );
    expect(record).toContain(`__tests__/released/${NEXT}/stacks/maximal.json`);
  });

  test("leaves the old version in no file that users read", () => {
    const [released] = read("CHANGELOG.md").split(`\n## [${CURRENT}]`) as [string];
    const texts = checkout
      .git("ls-files")
      .split("\n")
      .filter((file) => !/^(__tests__\/|CHANGELOG\.md$|package-lock\.json$)/.test(file))
      .map((file) => [file, read(file)] as const);
    const forgotten = [["CHANGELOG.md", released] as const, ...texts].filter(
      ([, text]) => withVersion(text, CURRENT, NEXT) !== text,
    );
    expect(forgotten.map(([file]) => file)).toStrictEqual([]);
    const { packages, version } = JSON.parse(read("package-lock.json")) as {
      readonly packages: Readonly<Record<string, { readonly version: string }>>;
      readonly version: string;
    };
    expect([version, packages[""]!.version, manifestOf(checkout.directory).version]).toStrictEqual([NEXT, NEXT, NEXT]);
  });

  test("dates the changes in CHANGELOG.md, and starts an empty section Unreleased", () => {
    expect(read("CHANGELOG.md")).toContain(
      `\n## [Unreleased]\n\n## [${NEXT}] - ${DATE}\n\n### Fixed\n\n- An entry of this test.\n`,
    );
  });

  test("has a record that the tests of upgrades accept", () => {
    const jest = join(ROOT, "node_modules", "jest", "bin", "jest.js");
    const args = [jest, "--selectProjects", "unit", "--testTimeout=60000", "__tests__/tools/release.test.ts"];
    run(checkout.directory, process.execPath, args);
    expect(existsSync(join(checkout.directory, "__tests__", "released", NEXT, "stacks"))).toBe(true);
  }, 300_000);
});
