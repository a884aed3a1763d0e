import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execFileSync } from "node:child_process";
import { load } from "js-yaml";
import { ROOT } from "../support/paths";
import { releaseStep } from "../support/workflow-steps";
import { fakePrograms, runScript } from "./fake-programs";

interface Step {
  readonly env?: Readonly<Record<string, string>>;
  readonly name?: string;
  readonly run?: string;
  readonly uses?: string;
}
interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
  readonly "timeout-minutes": number;
  /** The workflow that the job calls. It has no steps then. */
  readonly uses?: string;
}
interface Workflow {
  readonly jobs: Readonly<Record<string, Job>>;
  readonly permissions: Readonly<Record<string, string>>;
}

const [FOLDER, EXAMPLES] = [join(".github", "workflows"), join("examples", "fleet", "github")] as const;
const filesOf = (folder: string): readonly string[] =>
  readdirSync(join(ROOT, folder)).map((file) => join(folder, file));
const FILES = filesOf(FOLDER);
const textOf = (file: string): string => readFileSync(join(ROOT, file), "utf8");
const RELEASE = join(FOLDER, "release.yml");
const workflowOf = (file: string): Workflow => load(textOf(file)) as Workflow;
const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { scripts: Record<string, string> };

test(".github/workflows has exactly ci.yml and release.yml", () => {
  expect([...FILES].sort()).toStrictEqual([join(FOLDER, "ci.yml"), RELEASE]);
});

describe.each([...FILES, ...filesOf(EXAMPLES)])("the workflow %s", (file) => {
  const { jobs, permissions } = workflowOf(file);
  const jobsWithSteps = Object.values(jobs).filter(({ uses }) => uses === undefined);
  const steps = jobsWithSteps.flatMap((job) => job.steps);

  test("pins each action by the commit of a version", () => {
    const used = textOf(file).match(/uses: (?!\.\/).*/g)!;
    expect(used).toHaveLength(steps.filter(({ uses }) => uses !== undefined).length);
    expect(used.filter((line) => !/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toStrictEqual([]);
  });

  test("has the permission contents: read, and a timeout for each job", () => {
    expect(permissions).toStrictEqual({ contents: "read" });
    expect(jobsWithSteps.filter((job) => !(job["timeout-minutes"] > 0))).toStrictEqual([]);
  });

  test("has no expression in a script", () => {
    expect(steps.filter(({ run }) => run?.includes("${{"))).toStrictEqual([]);
  });
});

test.each(FILES)("the workflow %s runs npm scripts that exist", (file) => {
  const steps = Object.values(workflowOf(file).jobs).flatMap((job) => job.steps);
  const commands = steps.flatMap(({ run }) => run?.split("\n") ?? []);
  const names = commands.flatMap((line) => /^npm (?:run )?(test\S*|pack)$/.exec(line)?.[1] ?? []);
  expect(names.length).toBeGreaterThan(0);
  expect(names.filter((name) => scripts[name] === undefined)).toStrictEqual([]);
  expect(existsSync(join(ROOT, ".ci", "run"))).toBe(true);
  expect(existsSync(join(ROOT, "emulator", "requirements.txt"))).toBe(true);
});

test("in release.yml, only attest and publish have permissions, and neither job checks out the repository", () => {
  const { jobs } = workflowOf(RELEASE);
  const permissions = Object.entries(jobs).map(([name, job]) => [name, job.permissions]);
  expect(Object.fromEntries(permissions)).toStrictEqual({
    attest: { attestations: "write", "id-token": "write" },
    build: undefined,
    publish: { packages: "write" },
  });
  const { attest, build, publish } = jobs as Record<"attest" | "build" | "publish", Job>;
  expect([...attest.steps, ...publish.steps].filter(({ uses }) => uses?.startsWith("actions/checkout"))).toStrictEqual(
    [],
  );
  expect(JSON.stringify(build)).not.toContain("secrets.");
});

describe("the steps of release.yml", () => {
  const REGISTRY = { NPM_REGISTRY: "registry.example.com/", NPM_TOKEN: "secret-token" };
  let scratch: string;
  let programs: string;
  beforeAll(() => {
    programs = fakePrograms({
      git: '[ -z "$FAKE_OTHER_BRANCH" ]',
      npm: `case "$1" in
  view) printf '%s' "$FAKE_PUBLISHED"; [ -n "$FAKE_PUBLISHED" ] ;;
  *) printf '%s\\n' "$*" >> npm.txt ;;
esac`,
    });
  });
  afterAll(() => rmSync(programs, { recursive: true }));
  beforeEach(() => {
    scratch = mkdtempSync(join(tmpdir(), "release-"));
    mkdirSync(join(scratch, "package"));
    writeFileSync(join(scratch, "package.json"), '{"version":"1.2.3"}');
    writeFileSync(join(scratch, "package", "package.json"), '{"name":"@redshift-kms/a","version":"1.2.3"}');
    execFileSync("tar", ["-czf", "a.tgz", "package"], { cwd: scratch });
  });
  afterEach(() => rmSync(scratch, { recursive: true }));
  const run = (name: string, env: Readonly<Record<string, string>>) =>
    runScript(releaseStep(name), scratch, programs, env);
  const digest = (algorithm: string, encoding: "base64" | "hex"): string =>
    createHash(algorithm)
      .update(readFileSync(join(scratch, "a.tgz")))
      .digest(encoding);

  test("accept the tag of package.json on main", () => {
    expect(run("Check the tag", { TAG: "v1.2.3" })).toMatchObject({ status: 0, stdout: "" });
  });

  test.each([
    ["another version", { TAG: "v1.2.4" }, "the tag must be that of package.json, v1.2.3, got: v1.2.4"],
    ["a commit off main", { FAKE_OTHER_BRANCH: "1", TAG: "v1.2.3" }, "the commit of v1.2.3 must be on main"],
  ])("refuse %s", (_, env, message) => {
    const { status, stdout } = run("Check the tag", env);
    expect([status, stdout]).toStrictEqual([1, expect.stringContaining(`::error::${message}`)]);
  });

  test("refuse a tarball whose checksum has changed", () => {
    writeFileSync(join(scratch, "SHA256SUMS"), `${digest("sha256", "hex")}  a.tgz\n`);
    expect(run("Check the checksums", {}).status).toBe(0);
    writeFileSync(join(scratch, "a.tgz"), "changed");
    expect(run("Check the checksums", {}).status).toBe(1);
  });

  test("publish a package, with the token in an environment variable only", () => {
    expect(run("Publish", REGISTRY).status).toBe(0);
    expect(readFileSync(join(scratch, "npm.txt"), "utf8")).toBe("publish ./a.tgz\n");
    expect(readFileSync(join(scratch, ".npmrc"), "utf8")).toBe(
      "@redshift-kms:registry=https://${NPM_REGISTRY}\n//${NPM_REGISTRY}:_authToken=${NPM_TOKEN}\n",
    );
  });

  test("do not publish a version that the registry has already", () => {
    const env = { ...REGISTRY, FAKE_PUBLISHED: `sha512-${digest("sha512", "base64")}` };
    expect(run("Publish", env)).toMatchObject({ status: 0, stdout: "@redshift-kms/a@1.2.3 is published\n" });
    expect(existsSync(join(scratch, "npm.txt"))).toBe(false);
  });

  test("refuse a version that the registry has with another checksum", () => {
    const { status, stdout } = run("Publish", { ...REGISTRY, FAKE_PUBLISHED: "sha512-other" });
    expect([status, stdout]).toStrictEqual([1, expect.stringContaining("@redshift-kms/a@1.2.3 must have the bytes")]);
    expect(existsSync(join(scratch, "npm.txt"))).toBe(false);
  });

  test.each(["NPM_REGISTRY", "NPM_TOKEN"])("refuse an environment without %s", (missing) => {
    const { status, stderr } = run("Publish", { ...REGISTRY, [missing]: "" });
    expect([status === 0, stderr.includes(`${missing} of the environment release`)]).toStrictEqual([false, true]);
    expect(existsSync(join(scratch, "npm.txt"))).toBe(false);
  });
});
