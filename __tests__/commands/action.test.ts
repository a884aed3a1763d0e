import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { planOf } from "../plans/goldens";
import { PLANS } from "../support/paths";
import { hostilePlan, REFUSED } from "./hostile-plan";
import { ACTION, COMMENT, REVIEW, run, scratch, steps, TEXT, UPLOAD, VERDICT } from "./steps";

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

  test("uses each input, and runs each script in bash without an expression in it", () => {
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

  test("pins its only external action by a commit, and passes category and SARIF", () => {
    expect(TEXT.match(/uses: .*/g)).toStrictEqual([
      expect.stringMatching(/^uses: github\/codeql-action\/upload-sarif@[0-9a-f]{40} # v\d+\.\d+\.\d+$/),
    ]);
    expect(UPLOAD.with).toStrictEqual({
      category: "redshift-kms-review/${{ inputs.stack }}",
      sarif_file: "${{ steps.review.outputs.sarif }}",
    });
  });

  test("runs comment and verdict also after a failed step, if the review has outputs", () => {
    expect([REVIEW.if, COMMENT.if, VERDICT.if]).toStrictEqual([
      undefined,
      "${{ !cancelled() && inputs.comment == 'true' && github.event.pull_request && steps.review.outputs.markdown }}",
      "${{ !cancelled() && steps.review.outputs.status }}",
    ]);
  });
});

describe("the review step of the action", () => {
  const plan = (name: string, file = "plan.json"): void =>
    copyFileSync(join(PLANS, `${name}.plan.json`), join(scratch, file));

  test.each([
    ["key-policy-public/triggers", "1"],
    ["second-user/after", "0"],
  ])("for the plan %s exits with 0, and outputs the status %s", (name, expected) => {
    plan(name);
    const { outputs, status, summary } = run(REVIEW, { plan: "plan.json", stack: "prod/analytics" });
    expect([status, outputs.status]).toStrictEqual([0, expected]);
    expect(summary).toMatch(/^## Review of the plan: /);
    expect(readFileSync(outputs.markdown!, "utf8")).toBe(summary);
    expect(JSON.parse(readFileSync(outputs.sarif!, "utf8"))).toMatchObject({ runs: [{}], version: "2.1.0" });
    expect(run(VERDICT, { "steps.review.outputs.status": outputs.status! }).status).toBe(Number(expected));
  });

  test("for two plans has a SARIF category for each plan, and runs no command in a file name", () => {
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
    [{ "stack-files": "true" }, ["--fail-on", "error", "--stack-files"]],
    [
      { forbid: "kms:Decrypt\n\n kms:*:$(id)\r\n", "ignore-file": "a\nb", reference: "x=y.json", source: "p.json=." },
      [
        "--fail-on",
        "error",
        "--forbid=kms:Decrypt",
        "--forbid= kms:*:$(id)",
        "--ignore-file=a",
        "--ignore-file=b",
        "--reference=x=y.json",
        "--source=p.json=.",
      ],
    ],
  ])("passes the inputs %j as options", (inputs, options) => {
    const recorded = join(scratch, "arguments");
    expect(run(REVIEW, { plan: "plan.json", stack: "prod", ...inputs }, { FAKE_RECORD: recorded }).outputs.status).toBe(
      "0",
    );
    const expected = (format: string) => [...options, "--format", format, "--", "plan.json", ""].join("\n");
    expect(readFileSync(recorded, "utf8")).toBe(expected("sarif") + expected("markdown"));
  });

  test.each<[string, Readonly<Record<string, string>>, Readonly<Record<string, string>>, string]>([
    ["a truncated plan", { plan: "cut.json" }, {}, "the review ended with status 2"],
    ["a missing plan", { plan: "none.json" }, {}, "the review ended with status 2"],
    ["an empty input 'plan'", { plan: "\n" }, {}, "plan must name a file"],
    ["a missing working directory", { "working-directory": "none" }, {}, "working-directory must be a folder"],
    [
      "a command that is not installed",
      {},
      { FAKE_MISSING: "1" },
      "the review wrote no report: is @redshift-kms/cli installed by npm ci?",
    ],
  ])("for %s exits with 2, and writes a report that the plans could not be reviewed", (_, inputs, env, message) => {
    plan("second-user/after");
    writeFileSync(join(scratch, "cut.json"), planOf("second-user/after").slice(0, 1000));
    const { outputs, status, stdout, summary } = run(REVIEW, { plan: "plan.json", stack: "prod", ...inputs }, env);
    expect([status, stdout.trim().split("\n").at(-1)]).toStrictEqual([
      2,
      `::error title=redshift-kms review::${message}`,
    ]);
    expect([Object.keys(outputs), summary.split("\n")[0]]).toStrictEqual([
      ["markdown"],
      "## The plans of prod could not be reviewed",
    ]);
  });

  test.each(["prod --> @all", "", "a\nb", "x".repeat(101)])("refuses the stack name %j without a report", (stack) => {
    plan("second-user/after");
    const { outputs, status, stdout } = run(REVIEW, { plan: "plan.json", stack });
    expect([status, outputs]).toStrictEqual([2, {}]);
    expect(stdout).toMatch(/^::error title=redshift-kms review::stack must have at most 100 letters/);
  });
});

test("the action writes hostile text of a plan as text to log, outputs, summary and comment", () => {
  const [comments, file] = [join(scratch, "comments.json"), join(scratch, "plan.json")];
  writeFileSync(file, hostilePlan());
  writeFileSync(comments, '{"comments":[]}');
  const reviewed = run(REVIEW, { plan: "plan.json", stack: "prod" });
  expect(Object.keys(reviewed.outputs).sort()).toStrictEqual(["markdown", "sarif", "status"]);
  const values = {
    "github.event.pull_request.number": "7",
    stack: "prod",
    "steps.review.outputs.markdown": reviewed.outputs.markdown!,
    "steps.review.outputs.status": reviewed.outputs.status!,
    token: "token",
  };
  const commented = run(COMMENT, values, { FAKE_COMMENTS: comments });
  const judged = run(VERDICT, values);
  expect([reviewed, commented, judged].map(({ status }) => status)).toStrictEqual([0, 0, 1]);
  const { body } = (JSON.parse(readFileSync(comments, "utf8")) as { comments: [{ body: string }] }).comments[0];
  const [marker, ...lines] = body.split("\n");
  expect([marker, lines.join("\n")]).toStrictEqual(["<!-- redshift-kms-review: prod -->", reviewed.summary]);
  expect(lines.join("\n")).toContain("touch hacked");
  const logs = [reviewed, commented, judged].flatMap(({ stderr, stdout }) => `${stdout}\n${stderr}`.split("\n"));
  const sarif = readFileSync(reviewed.outputs.sarif!, "utf8").split("\n");
  expect([...logs, ...lines, ...sarif].filter((line) => REFUSED.test(line))).toStrictEqual([]);
  expect(lines.filter((line) => line.includes("<!--"))).toStrictEqual([]);
  expect(existsSync(join(scratch, "hacked"))).toBe(false);
});
