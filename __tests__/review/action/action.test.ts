import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { load } from "js-yaml";
import { planOf } from "../../plans/goldens";
import { fakePrograms, runScript } from "../../support/fake-programs";
import { PLANS, ROOT } from "../../support/paths";

interface Step {
  readonly env?: Readonly<Record<string, string>>;
  readonly id?: string;
  readonly if?: string;
  readonly run?: string;
  readonly shell?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string>>;
}
interface Action {
  readonly description: string;
  readonly inputs: Readonly<
    Record<string, { readonly default?: string; readonly description: string; readonly required?: boolean }>
  >;
  readonly name: string;
  readonly outputs: Readonly<Record<string, { readonly description: string; readonly value: string }>>;
  readonly runs: { readonly steps: readonly Step[]; readonly using: string };
}
interface Comment {
  readonly body: string;
  readonly id: string;
  readonly pullRequest?: string;
  readonly viewerDidAuthor: boolean;
}

const TEXT = readFileSync(join(ROOT, "action.yml"), "utf8");
const ACTION = load(TEXT) as Action;
const { steps } = ACTION.runs;
const [REVIEW, COMMENT, UPLOAD, VERDICT] = steps as readonly [Step, Step, Step, Step];
const MARKER = "<!-- redshift-kms-review: prod/analytics -->";

let scratch: string;
let programs: string;
beforeAll(() => {
  programs = fakePrograms({ gh: `exec "${process.execPath}" "${join(__dirname, "fake-gh.cjs")}" "$@"` });
});
afterAll(() => rmSync(programs, { recursive: true }));
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), "action-"));
});
afterEach(() => rmSync(scratch, { recursive: true }));

/** Runs a step as a runner does. Its expressions have the values of the inputs, and of what the test gives. */
function run(
  { env = {}, run: script }: Step,
  values: Readonly<Record<string, string>>,
  more: Readonly<Record<string, string>> = {},
) {
  const expanded = Object.entries(env).map(([name, expression]) => {
    const [, path = ""] = /^\$\{\{ (.*) \}\}$/.exec(expression) ?? [];
    const input = path.replace(/^inputs\./, "");
    return [name, values[path] ?? values[input] ?? ACTION.inputs[input]?.default ?? ""];
  });
  const [output, summary] = ["output", "summary"].map((name) => join(scratch, name));
  const { status, stderr, stdout } = runScript(script!, scratch, programs, {
    GITHUB_ACTION_PATH: ROOT,
    GITHUB_OUTPUT: output!,
    GITHUB_REPOSITORY: "acme/data",
    GITHUB_STEP_SUMMARY: summary!,
    RUNNER_TEMP: scratch,
    ...(Object.fromEntries(expanded) as Record<string, string>),
    ...more,
  });
  const read = (file: string): string => (existsSync(file) ? readFileSync(file, "utf8") : "");
  const outputs = Object.fromEntries(
    read(output!)
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  ) as Readonly<Record<string, string>>;
  return { outputs, status, stderr, stdout, summary: read(summary!) };
}

describe("action.yml", () => {
  test("is a composite action whose inputs and outputs have descriptions", () => {
    expect(Object.keys(ACTION).sort()).toStrictEqual([
      "author",
      "branding",
      "description",
      "inputs",
      "name",
      "outputs",
      "runs",
    ]);
    expect(ACTION.runs.using).toBe("composite");
    for (const { description } of [...Object.values(ACTION.inputs), ...Object.values(ACTION.outputs)]) {
      expect(description).toMatch(/^[A-Z]/);
    }
    const required = Object.entries(ACTION.inputs).filter(([, input]) => input.default === undefined);
    expect(required.map(([name, input]) => [name, input.required])).toStrictEqual([["plan", true]]);
  });

  test("puts no expression into a script, and gives each input to a step", () => {
    for (const { if: condition, run: script, shell, uses } of steps) {
      expect(script ?? "").not.toContain("${{");
      expect([script === undefined, shell]).toStrictEqual([
        uses !== undefined,
        uses === undefined ? "bash" : undefined,
      ]);
      expect(condition ?? "").toMatch(/^$|^\$\{\{ !cancelled\(\) && .* \}\}$/);
    }
    const used = [...JSON.stringify(steps).matchAll(/inputs\.([\w-]+)/g)].map(([, name]) => name!);
    expect([...new Set(used)].sort()).toStrictEqual(Object.keys(ACTION.inputs).sort());
  });

  test("pins the action of another owner by the commit of a version", () => {
    expect(TEXT.match(/uses: .*/g)).toStrictEqual([
      expect.stringMatching(/^uses: github\/codeql-action\/upload-sarif@[0-9a-f]{40} # v\d+\.\d+\.\d+$/),
    ]);
    expect(UPLOAD.with).toStrictEqual({
      category: "redshift-kms-review/${{ inputs.stack }}",
      sarif_file: "${{ steps.review.outputs.sarif }}",
    });
  });

  test("writes the comment and the verdict also if another step fails, and none without their input", () => {
    expect([REVIEW.if, COMMENT.if, VERDICT.if]).toStrictEqual([
      undefined,
      "${{ !cancelled() && inputs.comment == 'true' && github.event.pull_request && steps.review.outputs.markdown }}",
      "${{ !cancelled() && steps.review.outputs.status }}",
    ]);
  });
});

describe("the review", () => {
  const plan = (name: string, file = "plan.json"): void =>
    copyFileSync(join(PLANS, `${name}.plan.json`), join(scratch, file));

  test.each([
    ["key-policy-public/triggers", "1"],
    ["second-user/after", "0"],
  ])("of %s ends with 0, and its status is %s", (name, expected) => {
    plan(name);
    const { outputs, status, summary } = run(REVIEW, { plan: "plan.json", stack: "prod/analytics" });
    expect([status, outputs.status]).toStrictEqual([0, expected]);
    expect(summary).toMatch(/^## Review of the plan: /);
    expect(readFileSync(outputs.markdown!, "utf8")).toBe(summary);
    expect(JSON.parse(readFileSync(outputs.sarif!, "utf8"))).toMatchObject({ runs: [{}], version: "2.1.0" });
    expect(run(VERDICT, { "steps.review.outputs.status": outputs.status! }).status).toBe(Number(expected));
  });

  test("of several plans has a category for each, and reads names with characters of a shell", () => {
    const folder = "live $(touch hacked)";
    mkdirSync(join(scratch, folder));
    plan("second-user/after", `${folder}/a b.json`);
    plan("key-rotation-off/triggers", `${folder}/-c.json`);
    const inputs = { plan: "a b.json\r\n-c.json\n", stack: "prod", "working-directory": folder };
    const { outputs } = run(REVIEW, inputs);
    const { runs } = JSON.parse(readFileSync(outputs.sarif!, "utf8")) as {
      runs: { automationDetails: { id: string } }[];
    };
    expect(runs.map(({ automationDetails }) => automationDetails.id)).toStrictEqual([
      "redshift-kms-review/prod/a b.json/",
      "redshift-kms-review/prod/-c.json/",
    ]);
    expect(existsSync(join(scratch, "hacked"))).toBe(false);
  });

  test.each<[Readonly<Record<string, string>>, readonly string[]]>([
    [{}, ["--fail-on", "error"]],
    [{ "fail-on": "warning; exit 0" }, ["--fail-on", "warning; exit 0"]],
    [{ strict: "true" }, ["--fail-on", "error", "--strict"]],
    [{ "only-new": "true", strict: "false" }, ["--fail-on", "error", "--only-new"]],
    [
      { forbid: "kms:Decrypt\n\n kms:*:$(id)\r\n", "ignore-file": "a\nb", reference: "x=y.json" },
      [
        "--fail-on",
        "error",
        "--forbid=kms:Decrypt",
        "--forbid= kms:*:$(id)",
        "--ignore-file=a",
        "--ignore-file=b",
        "--reference=x=y.json",
      ],
    ],
  ])("has the options of %j", (inputs, options) => {
    const recorded = join(scratch, "arguments");
    expect(run(REVIEW, { plan: "plan.json", stack: "prod", ...inputs }, { FAKE_RECORD: recorded }).outputs.status).toBe(
      "0",
    );
    const expected = (format: string) => [...options, "--format", format, "--", "plan.json", ""].join("\n");
    expect(readFileSync(recorded, "utf8")).toBe(expected("sarif") + expected("markdown"));
  });

  test.each<[string, Readonly<Record<string, string>>, Readonly<Record<string, string>>, string]>([
    ["a plan that is cut off", { plan: "cut.json" }, {}, "the review ended with status 2"],
    ["a missing plan", { plan: "none.json" }, {}, "the review ended with status 2"],
    ["no plan", { plan: "\n" }, {}, "plan must name a file"],
    ["a missing folder", { "working-directory": "none" }, {}, "working-directory must be a folder"],
    [
      "a command that is not installed",
      {},
      { FAKE_MISSING: "1" },
      "the review wrote no report: is the package that has redshift-kms-review installed by npm ci?",
    ],
  ])("of %s is an error with a report that replaces an older one", (_, inputs, env, message) => {
    plan("second-user/after");
    writeFileSync(join(scratch, "cut.json"), planOf("second-user/after").slice(0, 1000));
    const { outputs, status, stdout, summary } = run(REVIEW, { plan: "plan.json", stack: "prod", ...inputs }, env);
    expect([status, stdout.trim().split("\n").at(-1)]).toStrictEqual([
      2,
      `::error title=redshift-kms-review::${message}`,
    ]);
    expect([Object.keys(outputs), summary.split("\n")[0]]).toStrictEqual([
      ["markdown"],
      "## The plans of prod could not be reviewed",
    ]);
  });

  test.each(["prod --> @all", "", "a\nb", "x".repeat(101)])("refuses the stack %j without a report", (stack) => {
    plan("second-user/after");
    const { outputs, status, stdout } = run(REVIEW, { plan: "plan.json", stack });
    expect([status, outputs]).toStrictEqual([2, {}]);
    expect(stdout).toMatch(/^::error title=redshift-kms-review::stack must have at most 100 letters/);
  });
});

describe("the comment", () => {
  const other = (id: string, body: string, viewerDidAuthor = true): Comment => ({ body, id, viewerDidAuthor });
  /** Runs the step, and returns its result with the comments after it. */
  function commented(comments: readonly Comment[], { more = {}, stack = "prod/analytics", state = {} } = {}) {
    const file = join(scratch, "comments.json");
    writeFileSync(file, JSON.stringify({ comments, ...state }));
    writeFileSync(join(scratch, "review.md"), "## Review\n$(touch hacked) `touch hacked`\n");
    const values = {
      "github.event.pull_request.head.repo.full_name": "acme/data",
      "github.event.pull_request.number": "7",
      "github.token": "token",
      stack,
      "steps.review.outputs.markdown": join(scratch, "review.md"),
      token: "token",
      ...more,
    };
    const { status, stdout } = run(COMMENT, values, { FAKE_COMMENTS: file });
    const after = (JSON.parse(readFileSync(file, "utf8")) as { comments: Comment[] }).comments;
    return { after, status, stdout };
  }
  const body = (stack = "prod/analytics"): string =>
    `<!-- redshift-kms-review: ${stack} -->\n## Review\n$(touch hacked) \`touch hacked\`\n`;

  test("is new if there is none", () => {
    expect(commented([])).toStrictEqual({
      after: [{ body: body(), id: "C_0", pullRequest: "PR_7", viewerDidAuthor: true }],
      status: 0,
      stdout: "",
    });
    expect(existsSync(join(scratch, "hacked"))).toBe(false);
  });

  test("takes the place of the one of an earlier run, on a later page too", () => {
    const before = [other("1", "a"), other("2", "b"), other("3", "c"), other("4", `${MARKER}\r\nold`), other("5", "d")];
    const { after } = commented(before);
    expect(after).toStrictEqual(before.map((comment) => (comment.id === "4" ? { ...comment, body: body() } : comment)));
  });

  test.each<[string, Comment]>([
    ["another author", other("1", `${MARKER}\nold`, false)],
    ["another stack", other("1", "<!-- redshift-kms-review: prod/analytics-eu -->\nold")],
    [
      "another stack, whose plan has the marker",
      other("1", `<!-- redshift-kms-review: dev -->\n## Review\n${MARKER}\n`),
    ],
    ["this author, with the marker in its text", other("1", `see ${MARKER}`)],
  ])("of %s stays", (_, comment) => {
    const { after, status } = commented([comment]);
    expect([after[0], after.length, status]).toStrictEqual([comment, 2, 0]);
  });

  test("is one for each stack", () => {
    const { after } = commented([other("1", body("dev")), other("2", body())], { stack: "dev" });
    expect(after.map((comment) => comment.body)).toStrictEqual([body("dev"), body()]);
  });

  test.each<[string, Readonly<Record<string, string>>]>([
    ["a fork", { "github.event.pull_request.head.repo.full_name": "someone/data" }],
    ["a fork that is deleted", { "github.event.pull_request.head.repo.full_name": "" }],
  ])("on a pull request of %s is a notice if the token only reads", (_, more) => {
    const { after, status, stdout } = commented([], { more, state: { isReadOnly: true } });
    expect([after, status]).toStrictEqual([[], 0]);
    expect(stdout).toBe(
      "::notice title=redshift-kms-review::the token of this pull request may not write comments: the job summary has the report\n",
    );
  });

  test("is an error with the fix if the job lacks the permission", () => {
    expect(commented([other("1", body())], { state: { isReadOnly: true } })).toStrictEqual({
      after: [other("1", body())],
      status: 1,
      stdout:
        "::error title=redshift-kms-review::the comment cannot be written: give the job the permission pull-requests: write\n",
    });
  });

  test("is an error if gh fails, on a fork too", () => {
    const more = { "github.event.pull_request.head.repo.full_name": "someone/data" };
    for (const options of [{}, { more }]) {
      const { status, stdout } = commented([], { ...options, state: { broken: true } });
      expect([status, stdout]).toStrictEqual([1, "::error title=redshift-kms-review::the comment cannot be read\n"]);
    }
  });
});
