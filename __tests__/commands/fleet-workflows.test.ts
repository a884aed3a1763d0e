import { execFileSync } from "node:child_process";
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { load } from "js-yaml";
import { SERVERLESS_STACK } from "../review/support/serverless-stack";
import { PLANS, REDSHIFT_KMS, ROOT } from "../support/paths";
import { fakePrograms, runScript } from "./fake-programs";
import { HOSTILE_LINES, hostilePlan, REFUSED } from "./hostile-plan";

interface Step {
  readonly name?: string;
  readonly run?: string;
}
interface Workflow {
  readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[] }>>;
}
type Job = Readonly<Record<string, unknown>> & { readonly extends: string; readonly needs?: unknown };

const FLEET = join(ROOT, "examples", "fleet");
const PLAN = join(PLANS, "second-user", "after.plan.json");
const FAILING_PLAN = join(PLANS, "key-policy-public", "triggers.plan.json");
const GITHUB_TOKEN = {
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: "request-token",
  ACTIONS_ID_TOKEN_REQUEST_URL: "https://token?a=b",
};
const workflowOf = (file: string) => load(readFileSync(join(FLEET, "github", file), "utf8")) as Workflow;
const GITHUB_STEPS = ["fleet.yml", "fleet-wave.yml"].flatMap((file) =>
  Object.values(workflowOf(file).jobs).flatMap(({ steps = [] }) => steps),
);
const GITLAB = load(readFileSync(join(FLEET, "gitlab", "gitlab-ci.yml"), "utf8")) as {
  readonly changes: { readonly script: readonly string[] };
};
const stepOf = (name: string): string => GITHUB_STEPS.find((step) => step.name === name)!.run!;

const TERRAFORM = `stack=\${1#-chdir=}; cd "$stack"; stack=$(basename "$stack"); shift
printf '%s %s %s %s\\n' "$1" "$stack" "$AWS_ROLE_ARN" "$(cat "$AWS_WEB_IDENTITY_TOKEN_FILE")" >> "$FAKE_LOG"
case "$*" in
  "init -input=false -no-color -lockfile=readonly") [ -s .terraform.lock.hcl ] && [ -s cdk.tf.json ] ;;
  "plan -input=false -no-color -lock=false -detailed-exitcode -out=plan.out")
    [ -z "$FAKE_OUTPUT" ] || printf '%s\\n' "$FAKE_OUTPUT"
    [ "$FAKE_BROKEN" != "$stack" ] || exit 1
    echo "the plan of $stack" > plan.out
    [ "$FAKE_UNCHANGED" = "$stack" ] || exit 2 ;;
  "show -json plan.out") cat "$FAKE_PLAN" ;;
  "apply -input=false -no-color -lock-timeout=5m plan.out") echo "applied: $(cat plan.out)" >> "$FAKE_LOG"; [ "$FAKE_BROKEN" != "$stack" ] ;;
  *) exit 9 ;;
esac`;
const NPX = `[ "$1 $2" = "--no-install redshift-kms" ] || exit 9
shift 2
exec "${process.execPath}" "${REDSHIFT_KMS}" "$@"`;
const CURL = `read -r header || true
printf '%s\\n' "$header" "$@" >> "$FAKE_CURL"
case "$*" in
  *audience=sts.amazonaws.com*) printf '{"value":"github-token"}' ;;
  */deployments) echo "$FAKE_DEPLOYMENTS" ;;
  */user) [ -z "$FAKE_NO_USER" ] || exit 22; echo '{"id":1}' ;;
  *page=1) echo "$FAKE_NOTES" ;;
  *page=*) echo '[]' ;;
esac`;
const GH = `printf '%s\\n' "$*" >> "$FAKE_GH"
case "$1 $2" in
  "run list") echo "$FAKE_DEPLOYED" ;;
  *) case "$*" in *--paginate*) echo "$FAKE_COMMENTS" ;; esac ;;
esac`;

let gnupg: string;
let scratch: string;
let programs: string;
beforeAll(() => {
  // The path of the agent's socket must be short. The folder of temporary files may be deep.
  gnupg = mkdtempSync("/tmp/gnupg-");
  // The derivation of each key from a passphrase takes a tenth of a second by default.
  writeFileSync(join(gnupg, "gpg.conf"), "s2k-count 65536\n");
  programs = fakePrograms({ curl: CURL, gh: GH, npx: NPX, terraform: TERRAFORM });
});
afterAll(() => {
  rmSync(programs, { recursive: true });
  // The agent ends when its folder is gone, and may remove its sockets at the same time.
  rmSync(gnupg, { force: true, maxRetries: 5, recursive: true });
});
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), "fleet-"));
  cpSync(join(FLEET, "ci"), join(scratch, "ci"), { recursive: true });
  for (const file of ["gitlab-jobs.yml", "gitlab-note.sh", "gitlab-pipeline.cjs"]) {
    copyFileSync(join(FLEET, "gitlab", file), join(scratch, "ci", file));
  }
});
afterEach(() => rmSync(scratch, { recursive: true }));

const path = (...names: readonly string[]): string => join(scratch, ...names);
const read = (...names: readonly string[]): string => readFileSync(path(...names), "utf8");
const log = (): readonly string[] => (existsSync(path("log")) ? read("log").trim().split("\n") : []);

function run(script: string, env: Readonly<Record<string, string>> = {}) {
  return runScript(script, scratch, programs, {
    FAKE_CURL: path("curl"),
    FAKE_GH: path("gh"),
    FAKE_LOG: path("log"),
    FAKE_PLAN: PLAN,
    GITHUB_OUTPUT: path("output"),
    GITHUB_STEP_SUMMARY: path("summary"),
    GNUPGHOME: gnupg,
    HOME: scratch,
    PLAN_PASSPHRASE: "a long secret",
    ...env,
  });
}

const BACKEND = "backend:\n  s3:\n    bucket: example-state\n    region: us-east-1\n";
const ENTRY = `account: "111122223333"
    region: us-east-1
    administrators: [arn:aws:iam::111122223333:role/Admin, arn:aws:iam::111122223333:root]`;
const warehouse = (name: string, key = ""): string =>
  `  - name: ${name}\n    ${key === "" ? ENTRY : ENTRY.replace(/\n.*administrators.*/, key)}
    users: [arn:aws:iam::111122223333:role/User]\n    serverless: {}\n`;
const SHARED = `keys:\n  - name: shared\n    ${ENTRY}\n`;
const NAMES_SHARED = "\n    key: shared";

function git(...args: readonly string[]): string {
  const identity = ["-c", "user.name=Example", "-c", "user.email=example@example.com"];
  return execFileSync("git", [...identity, ...args], { cwd: scratch, encoding: "utf8" }).trim();
}

/** A repository whose last commit has the configuration of `text`. */
function project(text: string): void {
  git("init", "--quiet");
  writeFileSync(path(".terraform.lock.hcl"), "# The lock file\n");
  writeFileSync(path("warehouses.yaml"), text);
  git("add", ".terraform.lock.hcl", "warehouses.yaml");
  git("commit", "--quiet", "--message", "Example");
}

describe("changes.sh", () => {
  const before = `${BACKEND}warehouses:\n${warehouse("one")}${warehouse("two")}`;
  const after = `${BACKEND}${SHARED}warehouses:\n${warehouse("one", NAMES_SHARED)}${warehouse("three")}`;

  test("divides the changed stacks into waves, with the lock file and the account of each stack", () => {
    project(before);
    writeFileSync(path("warehouses.yaml"), after);
    const { status, stdout } = run("bash ci/changes.sh deploy HEAD");
    expect([status, stdout]).toStrictEqual([
      0,
      "two: dropped, but its resources may exist. Restore its entry, destroy it, and drop the entry then\n" +
        "wave first: 2 stacks in 2 jobs\nwave second: 1 stacks in 1 jobs\n",
    ]);
    expect([read("fleet", "first"), read("fleet", "second")]).toStrictEqual(["shared\nthree\n", "one\n"]);
    expect(JSON.parse(read("fleet", "jobs.json"))).toStrictEqual({ first: [0, 1], second: [0] });
    expect(read("fleet", "stacks", "one", "account")).toBe("111122223333");
    expect(read("fleet", "stacks", "one", ".terraform.lock.hcl")).toBe("# The lock file\n");
  });

  test("leaves a stack whose key does not exist yet out of a preview", () => {
    project(before);
    writeFileSync(path("warehouses.yaml"), after);
    const { stdout } = run("bash ci/changes.sh preview HEAD");
    expect(stdout).toContain("one: planned after the apply of shared\n");
    expect([read("fleet", "first"), read("fleet", "second")]).toStrictEqual(["shared\nthree\n", ""]);
  });

  test("puts all stacks in one wave for drift without a ref", () => {
    project(after);
    expect(run("bash ci/changes.sh drift ''").status).toBe(0);
    expect([read("fleet", "first"), read("fleet", "second")]).toStrictEqual(["shared\none\nthree\n", ""]);
  });

  test.each([
    ["a stack with a local state", `warehouses:\n${warehouse("one")}`, false, "one must have its state in S3"],
    ["a missing lock file", before, true, ".terraform.lock.hcl must be beside package.json"],
    ["an invalid configuration", "warehouses: {}\n", false, "warehouses must be a list"],
  ])("refuses %s", (_, text, isUnlocked, message) => {
    project(text);
    if (isUnlocked) {
      rmSync(path(".terraform.lock.hcl"));
    }
    const { status, stderr } = run("bash ci/changes.sh deploy ''");
    expect([status, stderr]).toStrictEqual([1, expect.stringContaining(message)]);
  });

  test("divides 300 stacks into 20 jobs, each stack in one job", () => {
    const names = Array.from({ length: 300 }, (_, index) => `stack-${index}`);
    mkdirSync(path("fleet"));
    writeFileSync(path(".terraform.lock.hcl"), "");
    for (const name of names) {
      mkdirSync(path("cdktf.out", "stacks", name), { recursive: true });
      writeFileSync(
        path("cdktf.out", "stacks", name, "cdk.tf.json"),
        JSON.stringify({
          provider: { aws: [{ allowed_account_ids: ["111122223333"] }] },
          terraform: { backend: { s3: {} } },
        }),
      );
    }
    const changes = names.map((stack) => ({ change: "changed", dependsOn: [], stack, wave: 0 }));
    writeFileSync(path("fleet", "changes.json"), JSON.stringify(changes));
    expect(run("node ci/waves.cjs deploy").stdout).toContain("wave first: 300 stacks in 20 jobs");
    const { first } = JSON.parse(read("fleet", "jobs.json")) as { first: readonly number[] };
    const select = /^stacks=\$\((awk .*)\)$/m.exec(read("ci", "plan.sh"))![1]!;
    const selected = first.flatMap((job) =>
      run(select, { JOB: String(job), JOBS: String(first.length), WAVE: "first" })
        .stdout.trim()
        .split("\n"),
    );
    expect(selected.sort()).toStrictEqual(names.sort());
  });
});

describe("install.sh", () => {
  const NPM = `case "$*" in
  "config get @redshift-kms:registry") echo "$FAKE_REGISTRY" ;;
  "ci --ignore-scripts") printf '%s\\n' "$NPM_TOKEN" "$(cat "$NPM_CONFIG_USERCONFIG" 2>&1 || true)" "$NPM_CONFIG_USERCONFIG" ;;
  *) exit 9 ;;
esac`;
  const GITLAB_JOB = { CI_API_V4_URL: "https://gitlab.example.com/api/v4", CI_JOB_TOKEN: "job-token" };
  const install = (registry: string, env: Readonly<Record<string, string>> = {}) => {
    const withNpm = fakePrograms({ npm: NPM });
    const { status, stdout } = runScript("bash ci/install.sh", scratch, withNpm, { FAKE_REGISTRY: registry, ...env });
    rmSync(withNpm, { recursive: true });
    expect(status).toBe(0);
    const [token, configuration, file] = stdout.split("\n") as [string, string, string];
    expect(existsSync(file)).toBe(false);
    return { configuration, token };
  };

  test.each(["https://npm.example.com/a/npm/", "https://npm.example.com/a/npm"])(
    "gives npm the token for the registry %s, and leaves no configuration file",
    (registry) => {
      expect(install(registry, { ...GITLAB_JOB, NPM_TOKEN: "a-token" })).toStrictEqual({
        configuration: "//npm.example.com/a/npm/:_authToken=${NPM_TOKEN}",
        token: "a-token",
      });
    },
  );

  test("gives npm the GitLab job token only for the registry of the same GitLab", () => {
    const registry = `${GITLAB_JOB.CI_API_V4_URL}/projects/1/packages/npm/`;
    const configuration = "//gitlab.example.com/api/v4/:_authToken=${NPM_TOKEN}";
    expect(install(registry, GITLAB_JOB)).toStrictEqual({ configuration, token: "job-token" });
    expect(install(registry, { ...GITLAB_JOB, NPM_TOKEN: "a-token" })).toStrictEqual({
      configuration,
      token: "a-token",
    });
    expect(install("https://gitlab.example.com/api/v4000/npm/", GITLAB_JOB).token).toBe("");
  });

  test("gives npm no token if none is set", () => {
    expect(install("https://npm.example.com/").token).toBe("");
  });
});

describe("the steps Plan, Review and Apply of a wave", () => {
  const WAVE = { JOB: "0", JOBS: "1", MODE: "deploy", WAVE: "first" };
  const plan = (env: Readonly<Record<string, string>> = {}) =>
    run(stepOf("Plan"), { ...WAVE, ...GITHUB_TOKEN, ROLE: "arn:aws:iam::{account}:role/plan", ...env });
  const review = (env: Readonly<Record<string, string>> = {}) => run(stepOf("Review"), { ...WAVE, ...env });
  const apply = (env: Readonly<Record<string, string>> = {}) =>
    run(stepOf("Apply"), { ...WAVE, ...GITHUB_TOKEN, ROLE: "arn:aws:iam::{account}:role/apply", ...env });

  /** The artifact of the changes: two stacks in two accounts. */
  beforeEach(() => {
    for (const [name, account] of [
      ["one", "111122223333"],
      ["two", "444455556666"],
    ] as const) {
      mkdirSync(path("fleet", "stacks", name), { recursive: true });
      writeFileSync(path("fleet", "stacks", name, "account"), account);
      writeFileSync(path("fleet", "stacks", name, "cdk.tf.json"), "{}");
      writeFileSync(path("fleet", "stacks", name, ".terraform.lock.hcl"), "# The lock file\n");
    }
    writeFileSync(path("fleet", "first"), "one\ntwo\n");
    execFileSync("tar", ["-czf", "changes.tar.gz", "fleet"], { cwd: scratch });
    rmSync(path("fleet"), { recursive: true });
  });

  test("plan with the plan role of each account, review, and apply the plan files with the apply role", () => {
    expect(plan().status).toBe(0);
    expect(log()).toStrictEqual([
      "init one arn:aws:iam::111122223333:role/plan github-token",
      "plan one arn:aws:iam::111122223333:role/plan github-token",
      "show one arn:aws:iam::111122223333:role/plan github-token",
      "init two arn:aws:iam::444455556666:role/plan github-token",
      "plan two arn:aws:iam::444455556666:role/plan github-token",
      "show two arn:aws:iam::444455556666:role/plan github-token",
    ]);
    rmSync(path("log"));
    expect(review().status).toBe(0);
    expect([read("output"), read("summary")]).toStrictEqual(["changed=true\n", read("review.md")]);
    expect(read("review.md")).toMatch(/^## Review of 2 plans: /);
    expect(apply().status).toBe(0);
    expect(log()).toStrictEqual([
      "init one arn:aws:iam::111122223333:role/apply github-token",
      "apply one arn:aws:iam::111122223333:role/apply github-token",
      "applied: the plan of one",
      "init two arn:aws:iam::444455556666:role/apply github-token",
      "apply two arn:aws:iam::444455556666:role/apply github-token",
      "applied: the plan of two",
    ]);
    expect(read("curl").split("\n").slice(0, 2)).toStrictEqual(["Authorization: bearer request-token", "--fail"]);
    expect(existsSync(path(".web-identity-token"))).toBe(false);
  });

  test("encrypt plans between jobs, and remove them after the review", () => {
    expect(plan().status).toBe(0);
    const sealed = readFileSync(path("sealed", "first-0.gpg"));
    expect([sealed.includes("the plan of"), sealed.includes("format_version")]).toStrictEqual([false, false]);
    expect(review({ PLAN_PASSPHRASE: "another secret" }).status).not.toBe(0);
    expect(review().status).toBe(0);
    expect([existsSync(path("plans")), existsSync(path("fleet"))]).toStrictEqual([false, false]);
  });

  test("refuse an encrypted plan that was changed, and an empty passphrase", () => {
    expect(plan().status).toBe(0);
    const sealed = readFileSync(path("sealed", "first-0.gpg"));
    sealed[sealed.length - 30]! ^= 1;
    writeFileSync(path("sealed", "first-0.gpg"), sealed);
    rmSync(path("log"));
    expect(apply().status).not.toBe(0);
    expect(log()).toStrictEqual([]);
    const { status, stderr } = plan({ PLAN_PASSPHRASE: "" });
    expect([status, stderr]).toStrictEqual([1, expect.stringContaining("PLAN_PASSPHRASE: must be a secret of the CI")]);
  });

  test("apply only the stacks whose plan changes something", () => {
    expect(plan({ FAKE_UNCHANGED: "one" }).status).toBe(0);
    expect(review().stdout).toContain("stacks that change: two");
    rmSync(path("log"));
    expect(apply().status).toBe(0);
    expect(log().filter((line) => line.startsWith("applied"))).toStrictEqual(["applied: the plan of two"]);
  });

  test("exit with 1 if one stack fails, after the other stacks are planned, reviewed and applied", () => {
    const failed = plan({ FAKE_BROKEN: "one" });
    expect([failed.status, failed.stdout.trim().split("\n").at(-1)]).toStrictEqual([1, "failed: one"]);
    const reviewed = review();
    expect([reviewed.status, reviewed.stdout.trim().split("\n").slice(-2)]).toStrictEqual([
      1,
      ["stacks without a plan, which are not reviewed: one", "stacks that change: two"],
    ]);
    expect(read("summary")).toMatch(
      /^\*\*Stacks without a plan, which are not reviewed:\*\* one\. .*\n\n## Review of the plan: /,
    );
    rmSync(path("log"));
    expect(apply().status).toBe(0);
    expect(log().filter((line) => line.startsWith("applied"))).toStrictEqual(["applied: the plan of two"]);
    expect(plan().status).toBe(0);
    rmSync(path("log"));
    const { status, stdout } = apply({ FAKE_BROKEN: "one" });
    expect([status, stdout.trim().split("\n").at(-1)]).toStrictEqual([1, "failed: one"]);
    expect(log()).toContain("applied: the plan of two");
  });

  test("write no plan if terraform show fails", () => {
    expect(plan({ FAKE_PLAN: path("missing.json") }).stdout).toContain("failed: one two\n");
    expect(existsSync(path("sealed"))).toBe(false);
  });

  test("exit with 1 and name the stacks if a job has written no plan", () => {
    expect(plan({ JOB: "1", JOBS: "2" }).status).toBe(0);
    expect(review()).toMatchObject({ status: 1, stdout: expect.stringContaining("not reviewed: one\n") as string });
    rmSync(path("sealed"), { recursive: true });
    expect(review()).toMatchObject({ status: 1, stdout: expect.stringContaining("not reviewed: one two\n") as string });
    expect(read("review.md")).toContain("## No stack of the wave has a plan\n");
  });

  test("exit with the status of the review, and in the mode drift with 1 for drift", () => {
    expect(plan({ FAKE_PLAN: FAILING_PLAN }).status).toBe(0);
    expect([review().status, read("summary")]).toStrictEqual([1, read("review.md")]);
    expect(plan({ FAKE_UNCHANGED: "one" }).status).toBe(0);
    expect(review({ MODE: "drift" }).status).toBe(1);
    expect(review({ MODE: "preview" }).status).toBe(0);
  });

  test("review the policies of a new serverless warehouse by the source of its stack", () => {
    execFileSync("tar", ["-xzf", "changes.tar.gz"], { cwd: scratch });
    for (const name of ["one", "two"]) {
      writeFileSync(path("fleet", "stacks", name, "cdk.tf.json"), SERVERLESS_STACK);
    }
    execFileSync("tar", ["-czf", "changes.tar.gz", "fleet"], { cwd: scratch });
    expect(plan({ FAKE_PLAN: join(PLANS, "first-serverless", "after.plan.json") }).status).toBe(0);
    expect(review()).toMatchObject({ status: 0 });
    expect(read("review.md")).toContain("plans/two/plan.json");
  });

  test("exit with 2 and without a summary if a plan cannot be read", () => {
    writeFileSync(path("cut.json"), "{");
    expect(plan({ FAKE_PLAN: path("cut.json") }).status).toBe(0);
    const { status, stdout } = review();
    expect([status, stdout]).toStrictEqual([2, "the plans cannot be reviewed\n"]);
    expect(existsSync(path("summary"))).toBe(false);
  });

  test("print hostile text of a plan without CI commands, escapes or substitutions", () => {
    writeFileSync(path("hostile.json"), hostilePlan());
    const output = { FAKE_OUTPUT: HOSTILE_LINES.join("\n") };
    const planned = plan({ ...output, FAKE_PLAN: path("hostile.json") });
    const results = [planned, review(), apply(output), run(stepOf("Comment"), { GITHUB_REPOSITORY: "acme/data" })];
    expect(results.map(({ status }) => status)).toStrictEqual([0, 1, 0, 0]);
    const lines = results.flatMap(({ stderr, stdout }) => `${stdout}\n${stderr}`.split("\n"));
    expect(lines).toContain("| ::set-output name=status::0");
    expect(lines).toContain("| name = # #[error]x");
    expect(lines.filter((line) => REFUSED.test(line))).toStrictEqual([]);
    expect([read("output"), existsSync(path("hacked"))]).toStrictEqual(["changed=true\n", false]);
    const [first, ...others] = read("comment.md").split("\n");
    expect([first, `${others.join("\n")}`]).toStrictEqual(["<!-- redshift-kms: fleet -->", read("summary")]);
    expect(others.join("\n")).toContain("touch hacked");
    expect(others.filter((line) => REFUSED.test(line) || line.includes("<!--"))).toStrictEqual([]);
  });

  test("create the comment of the fleet, or update the earlier comment", () => {
    const env = { GITHUB_REPOSITORY: "acme/data", PULL_REQUEST: "7" };
    writeFileSync(path("review.md"), "## Review\n");
    expect(run(stepOf("Comment"), env).status).toBe(0);
    expect(read("gh").trim().split("\n").at(-1)).toBe(
      "api --method POST repos/acme/data/issues/7/comments -F body=@comment.md",
    );
    expect(read("comment.md")).toBe("<!-- redshift-kms: fleet -->\n## Review\n");
    expect(run(stepOf("Comment"), { ...env, FAKE_COMMENTS: "55\n56" }).status).toBe(0);
    expect(read("gh").trim().split("\n").at(-1)).toBe(
      "api --method PATCH repos/acme/data/issues/comments/55 -F body=@comment.md",
    );
    rmSync(path("review.md"));
    expect(run(stepOf("Comment"), env).status).toBe(0);
    expect(read("comment.md")).toContain("The plans could not be reviewed");
  });
});

describe("the ref that changes.sh compares with", () => {
  const script = stepOf("List the changed stacks").replace("bash ci/changes.sh", "echo");
  beforeEach(() => {
    mkdirSync(path("fleet"));
    writeFileSync(path("fleet", "jobs.json"), '{"first":[0,1],"second":[]}');
  });

  test("on GitHub depends on the event: main, the last complete deployment, or none", () => {
    project(BACKEND);
    const main = git("rev-parse", "HEAD");
    git("commit", "--quiet", "--allow-empty", "--message", "Merge");
    const bases = ["pull_request", "push", "schedule"].map(
      (event) => run(script, { FAKE_DEPLOYED: "abc", GITHUB_EVENT_NAME: event }).stdout,
    );
    expect(bases).toStrictEqual([`preview ${main}\n`, "deploy abc\n", "drift \n"]);
    expect(read("output").split("\n").slice(0, 3)).toStrictEqual(["mode=preview", "first=[0,1]", "second=[]"]);
  });

  test("on GitLab depends on the source of the pipeline: the merge base, the last complete deployment, or none", () => {
    const text = GITLAB.changes.script[1]!.replace("bash ci/changes.sh", "echo");
    const env = { CI_API_V4_URL: "https://gitlab.example/api/v4", CI_JOB_TOKEN: "job-token", CI_PROJECT_ID: "3" };
    const baseOf = (source: string, deployments: string): string =>
      run(text, {
        ...env,
        CI_MERGE_REQUEST_DIFF_BASE_SHA: "base",
        CI_PIPELINE_SOURCE: source,
        FAKE_DEPLOYMENTS: deployments,
      }).stdout;
    expect([
      baseOf("merge_request_event", "[]"),
      baseOf("push", '[{"sha":"abc"}]'),
      baseOf("push", "[]"),
      baseOf("schedule", "[]"),
    ]).toStrictEqual(["preview base\n", "deploy abc\n", "deploy \n", "drift \n"]);
    // Other processes can read arguments.
    expect(new Set(read("curl").match(/.*job-token.*/g))).toStrictEqual(new Set(["JOB-TOKEN: job-token"]));
  });
});

describe("the child pipeline on GitLab", () => {
  const pipelineOf = (mode: string, jobs: object): Readonly<Record<string, Job>> => {
    mkdirSync(path("fleet"), { recursive: true });
    writeFileSync(path("fleet", "jobs.json"), JSON.stringify(jobs));
    const { stdout } = run(`node ci/gitlab-pipeline.cjs ${mode}`, { CI_MERGE_REQUEST_IID: "7" });
    return load(stdout) as Readonly<Record<string, Job>>;
  };
  const KEYS = ["stages", "variables", "workflow"];
  const jobsOf = (pipeline: Readonly<Record<string, Job>>): readonly string[] =>
    Object.keys(pipeline).filter((name) => !name.startsWith(".") && !KEYS.includes(name));

  test("has plan, review, approval and apply jobs for each wave, and the second wave after the first wave", () => {
    const pipeline = pipelineOf("deploy", { first: [0, 1], second: [0] });
    expect(jobsOf(pipeline)).toStrictEqual([
      ...["plan-first", "review-first", "approve-first", "apply-first"],
      ...["plan-second", "review-second", "approve-second", "apply-second"],
      "deployed",
    ]);
    expect(pipeline["plan-second"]!.needs).toContainEqual({ artifacts: false, job: "apply-first" });
    expect(pipeline["apply-first"]!.needs).toStrictEqual([{ artifacts: false, job: "approve-first" }, "plan-first"]);
    // The review runs after a plan that has failed, and blocks the approval then.
    expect(pipeline[".plan"]).toMatchObject({ allow_failure: true, artifacts: { when: "always" } });
    expect(pipeline["review-first"]!.needs).toStrictEqual([
      { artifacts: true, job: "changes", pipeline: "$PARENT_PIPELINE_ID" },
      "plan-first",
    ]);
    expect(pipeline["approve-first"]!.needs).toStrictEqual([{ artifacts: false, job: "review-first" }]);
    expect([pipeline["plan-first"]!.parallel, pipeline.variables]).toStrictEqual([
      2,
      { MERGE_REQUEST_IID: "7", MODE: "deploy" },
    ]);
    for (const name of jobsOf(pipeline)) {
      expect(Object.keys(pipeline)).toContain(pipeline[name]!.extends);
      expect(pipeline.stages).toContain(pipeline[name]!.stage);
    }
  });

  test.each([
    ["preview", { first: [0], second: [] }, ["plan-first", "review-first"]],
    ["drift", { first: [], second: [] }, ["unchanged"]],
    ["deploy", { first: [], second: [] }, ["deployed"]],
  ])("has no apply job in mode %s with the jobs %j", (mode, jobs, expected) => {
    expect(jobsOf(pipelineOf(mode, jobs))).toStrictEqual(expected);
  });

  test("plans and applies with GitLab's ID token and the configured roles", () => {
    const { ".apply": apply, ".plan": plan } = pipelineOf("deploy", { first: [0], second: [] });
    mkdirSync(path("fleet", "stacks", "one"), { recursive: true });
    writeFileSync(path("fleet", "first"), "one\n");
    writeFileSync(path("fleet", "stacks", "one", "account"), "111122223333");
    writeFileSync(path("fleet", "stacks", "one", "cdk.tf.json"), "{}");
    writeFileSync(path("fleet", "stacks", "one", ".terraform.lock.hcl"), "# The lock file\n");
    execFileSync("tar", ["-czf", "changes.tar.gz", "fleet"], { cwd: scratch });
    const env = { AWS_ID_TOKEN: "gitlab-token", CI_NODE_INDEX: "1", CI_NODE_TOTAL: "1", WAVE: "first" };
    const scriptOf = (job: Job | undefined): string => (job!.script as readonly string[]).join("\n");
    expect(run(scriptOf(plan), { ...env, FLEET_PLAN_ROLE: "arn:aws:iam::1:role/plan" }).status).toBe(0);
    expect(run(scriptOf(apply), { ...env, FLEET_APPLY_ROLE: "arn:aws:iam::1:role/apply" }).status).toBe(0);
    expect(log().at(-2)).toBe("apply one arn:aws:iam::1:role/apply gitlab-token");
  });

  test("creates a note on the merge request, or updates its earlier note", () => {
    const env = {
      CI_API_V4_URL: "https://gitlab.example/api/v4",
      CI_PROJECT_ID: "3",
      MERGE_REQUEST_IID: "7",
      REVIEW_TOKEN: "note-token",
    };
    writeFileSync(path("review.md"), "## Review\n");
    const note = (author: number) => ({ author: { id: author }, body: "<!-- redshift-kms: fleet -->\nold", id: 55 });
    expect(run("bash ci/gitlab-note.sh", { ...env, FAKE_NOTES: JSON.stringify([note(2)]) }).status).toBe(0);
    expect(read("curl")).not.toContain("PUT");
    expect(run("bash ci/gitlab-note.sh", { ...env, FAKE_NOTES: JSON.stringify([note(1)]) }).status).toBe(0);
    expect(read("curl").trim().split("\n").at(-1)).toBe(
      "https://gitlab.example/api/v4/projects/3/merge_requests/7/notes/55",
    );
    expect(read("note.md")).toBe("<!-- redshift-kms: fleet -->\n## Review\n");
    expect(new Set(read("curl").match(/.*note-token.*/g))).toStrictEqual(new Set(["PRIVATE-TOKEN: note-token"]));
  });

  test.each([
    [{}, "got: nothing"],
    [{ REVIEW_TOKEN: "" }, "got: nothing"],
    [{ FAKE_NO_USER: "true", REVIEW_TOKEN: "expired" }, "and GitLab has not accepted it"],
  ])("writes no note with the environment %j, and prints the rule of REVIEW_TOKEN", (env, fault) => {
    writeFileSync(path("review.md"), "## Review\n");
    const project = { CI_API_V4_URL: "https://gitlab.example/api/v4", CI_PROJECT_ID: "3", MERGE_REQUEST_IID: "7" };
    const { status, stderr } = run("bash ci/gitlab-note.sh", { ...project, ...env });
    expect({ status, stderr }).toStrictEqual({
      status: 1,
      stderr:
        "REVIEW_TOKEN must be a valid project access token with the scope api, in a variable that is not protected, " +
        `${fault}\n`,
    });
    expect(existsSync(path("notes.json"))).toBe(false);
  });
});
