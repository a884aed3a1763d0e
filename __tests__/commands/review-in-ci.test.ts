import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { load } from "js-yaml";
import { fakePrograms, runScript } from "./fake-programs";
import { PLANS, ROOT } from "../support/paths";
import { blocks, REVIEW_IN_CI } from "../support/readme";

interface Step {
  readonly run?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

const [WORKFLOW, STEPS, GITLAB, ATLANTIS] = blocks("yaml", REVIEW_IN_CI).map((block) => load(block)) as [
  { readonly jobs: { readonly plan: { readonly steps: readonly Step[] } } },
  readonly Step[],
  { readonly "review-plan": { readonly artifacts: object; readonly script: readonly string[] } },
  { readonly workflows: { readonly reviewed: { readonly plan: { readonly steps: readonly (Step | string)[] } } } },
];
const [HCP, TERRAGRUNT] = blocks("sh", REVIEW_IN_CI) as [string, string];
const PLAN = join(PLANS, "unknown-policy", "after.plan.json");
const { inputs } = load(readFileSync(join(ROOT, "action.yml"), "utf8")) as {
  inputs: Readonly<Record<string, { readonly default?: string }>>;
};

let scratch: string;
let programs: string;
beforeAll(() => {
  programs = fakePrograms({
    curl: `read -r header || true
printf "%s\\n" "$header" "$@" >> curl.txt
case "$*" in
  */user) echo '{ "id": 1 }' ;;
  *page=1) echo "$FAKE_NOTES" ;;
  *page=*) echo '[]' ;;
  *) cat "$FAKE_PLAN" ;;
esac`,
    npm: '[ "$*" = ci ]',
    terraform: '[ "$1 $2" = "show -json" ] && cat "$FAKE_PLAN"',
    terragrunt:
      'case "$*" in *--json-out-dir*) mkdir -p "$4/a" "$4/b"; cp "$FAKE_PLAN" "$4/a/tfplan.json"; cp "$FAKE_PLAN" "$4/b/tfplan.json" ;; *) cat "$FAKE_PLAN" "$FAKE_PLAN" ;; esac',
  });
});
afterAll(() => rmSync(programs, { recursive: true }));
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), "ci-"));
});
afterEach(() => rmSync(scratch, { recursive: true }));

const run = (script: string, env: Readonly<Record<string, string>> = {}) =>
  runScript(script, scratch, programs, { FAKE_PLAN: PLAN, ...env });
const read = (file: string): string => readFileSync(join(scratch, file), "utf8");

test("docs/review-in-ci.md has only inputs of action.yml in its workflow, and all inputs in its table", () => {
  const [action] = WORKFLOW.jobs.plan.steps.filter(({ uses }) => uses === "OWNER/REPOSITORY@COMMIT");
  expect(Object.keys(inputs)).toEqual(expect.arrayContaining(Object.keys(action!.with!)));
  const rows = [...REVIEW_IN_CI.matchAll(/^\| `([\w-]+)` +\| (?:`([^`]*)`|([\w' ]+?)) +\|/gm)];
  const described = rows.map(([, name, value, words]) => [name, value ?? words]);
  const words: Readonly<Record<string, string>> = { "": "none", "${{ github.token }}": "the job's" };
  const expected = Object.entries(inputs).map(([name, input]) => {
    const value = input.default;
    return [name, value === undefined ? "required" : (words[value] ?? value)];
  });
  expect(Object.fromEntries(described)).toStrictEqual(Object.fromEntries(expected));
});

test("docs/review-in-ci.md pins external actions by a commit with a version", () => {
  const others = REVIEW_IN_CI.match(/uses: (?!OWNER).*/g)!;
  expect(others).toHaveLength(4);
  expect(others.filter((line) => !/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toStrictEqual([]);
});

describe("the documented steps without the action", () => {
  const scripts = STEPS.flatMap(({ run: script }) => (script?.startsWith("npx") ? [script] : []));

  test("write reports in SARIF and Markdown, and the last step exits with 1 for an error", () => {
    expect(STEPS[0]).toStrictEqual({ run: "npm ci" });
    copyFileSync(PLAN, join(scratch, "plan.json"));
    expect(scripts.map((script) => run(script).status)).toStrictEqual([0, 1]);
    expect(JSON.parse(read("review.sarif"))).toMatchObject({ version: "2.1.0" });
    expect(read("review.md")).toMatch(/^## Review of the plan: 1 error, 1 warning/);
  });

  test("fail if the plan is not valid, or the command is not installed", () => {
    writeFileSync(join(scratch, "plan.json"), "{");
    expect(scripts.map((script) => run(script).status)).toStrictEqual([1, 2]);
    copyFileSync(PLAN, join(scratch, "plan.json"));
    expect(scripts.map((script) => run(script, { FAKE_MISSING: "1" }).status)).toStrictEqual([1, 1]);
  });
});

describe("the documented GitLab job", () => {
  const { script } = GITLAB["review-plan"];
  const CI = {
    CI_API_V4_URL: "https://gitlab.example/api/v4",
    CI_MERGE_REQUEST_IID: "7",
    CI_PROJECT_ID: "3",
    REVIEW_TOKEN: "note-token",
  };

  const MARKER = "<!-- redshift-kms-review: plan -->";
  const NOTES = "https://gitlab.example/api/v4/projects/3/merge_requests/7/notes";
  const noteOf = (author: number, body: string) => ({ author: { id: author }, body, id: 55 });

  test("creates a note and a code quality report, and exits with 1 for an error", () => {
    copyFileSync(PLAN, join(scratch, "plan.json"));
    const notes = [noteOf(2, `${MARKER}\nby somebody else`), noteOf(1, `text\n${MARKER}\n`)];
    expect(run(script.join("\n"), { ...CI, FAKE_NOTES: JSON.stringify(notes) }).status).toBe(1);
    const issues = JSON.parse(read("gl-code-quality-report.json")) as Readonly<Record<string, unknown>>[];
    expect(issues).toHaveLength(2);
    expect(issues[0]).toStrictEqual({
      check_name: "key-policy-not-shown",
      description: expect.stringMatching(
        /^aws_kms_key\.this: The policy after the change is not shown .*\.$/,
      ) as string,
      fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      location: { lines: { begin: 1 }, path: "plan.json" },
      severity: "critical",
    });
    expect(GITLAB["review-plan"].artifacts).toStrictEqual({ reports: { codequality: "gl-code-quality-report.json" } });
    expect(read("note.md")).toBe(`${MARKER}\n${read("review.md")}`);
    // Other processes can read arguments.
    expect(new Set(read("curl.txt").match(/.*note-token.*/g))).toStrictEqual(new Set(["PRIVATE-TOKEN: note-token"]));
    expect(read("curl.txt").split("\n").slice(-4)).toStrictEqual(["--data-urlencode", "body@note.md", NOTES, ""]);
    expect(read("curl.txt")).not.toContain("PUT");
  });

  test("gives each finding its own fingerprint, also two findings of one rule at one resource", () => {
    copyFileSync(join(PLANS, "modules-and-documents/after.plan.json"), join(scratch, "plan.json"));
    run(script.join("\n"), { ...CI, FAKE_NOTES: "[]" });
    const issues = JSON.parse(read("gl-code-quality-report.json")) as { check_name: string; fingerprint: string }[];
    const fingerprints = issues
      .filter(({ check_name: rule }) => rule === "key-policy-data-api-left-to-iam")
      .map(({ fingerprint }) => fingerprint);
    expect(new Set(fingerprints).size).toBe(fingerprints.length);
    expect(fingerprints.length).toBeGreaterThan(1);
  });

  test("updates the note that it wrote in an earlier run", () => {
    copyFileSync(PLAN, join(scratch, "plan.json"));
    const notes = [noteOf(1, "another note"), noteOf(1, `${MARKER}\r\nthe earlier report`)];
    expect(run(script.join("\n"), { ...CI, FAKE_NOTES: JSON.stringify(notes) }).status).toBe(1);
    expect(read("curl.txt").split("\n").slice(-6)).toStrictEqual([
      "--request",
      "PUT",
      "--data-urlencode",
      "body@note.md",
      `${NOTES}/55`,
      "",
    ]);
  });

  test("fails without a note if the command is not installed", () => {
    copyFileSync(PLAN, join(scratch, "plan.json"));
    expect(run(script.join("\n"), { ...CI, FAKE_MISSING: "1" }).status).toBe(1);
    expect(() => read("curl.txt")).toThrow("ENOENT");
  });
});

test("the documented commands for HCP Terraform review a plan of HCP Terraform", () => {
  const { status, stdout } = run(HCP.replace("\n", " || exit\n"), { PLAN_ID: "plan-1", TFE_TOKEN: "t" });
  expect([status, stdout.includes("key-policy-not-shown")]).toStrictEqual([1, true]);
  expect(read("curl.txt")).toContain("\nhttps://app.terraform.io/api/v2/plans/plan-1/json-output\n");
});

test("the documented workflow for Atlantis reviews the plan", () => {
  const { steps } = ATLANTIS.workflows.reviewed.plan;
  const scripts = steps.flatMap((step) => (typeof step === "string" ? [] : [step.run!]));
  const env = { PLANFILE: "plan.out", SHOWFILE: "show.json" };
  expect(scripts.map((script) => run(script, env).status)).toStrictEqual([0, 1]);
});

test("the documented commands for Terragrunt review plans as files, and by a pipe", () => {
  const [plan, files, pipe] = TERRAGRUNT.trim().split("\n") as [string, string, string];
  expect(run(plan).status).toBe(0);
  const listing = run(`${files} | sort`).stdout;
  expect(listing).toContain("\nplans/a/tfplan.json\n");
  expect(listing).toContain("\nplans/b/tfplan.json\n");
  const { status, stdout } = run(pipe);
  expect([status, stdout.split("\n")[0]]).toStrictEqual([1, "standard input (plan 1)"]);
});
