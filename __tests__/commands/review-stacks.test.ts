import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { render } from "../../review/render/render";
import { reportOf } from "../plans/goldens";
import { PLANS, REDSHIFT_KMS, ROOT } from "../support/paths";

const PLAN = join(PLANS, "key-policy-public", "triggers.plan.json");
const REPORT = render([reportOf("key-policy-public/triggers")], "text");
const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { scripts: Record<string, string> };
const [, FLAG, REGISTER, PROGRAM] = scripts.review!.split(" ") as [string, string, string, string];
const CHECKOUT = [FLAG, join(ROOT, REGISTER), join(ROOT, PROGRAM)];
const PACKAGE = [REDSHIFT_KMS, "review"];

let bin: string;
beforeEach(() => {
  bin = mkdtempSync(join(tmpdir(), "review-"));
});
afterEach(() => rmSync(bin, { recursive: true }));

/** Runs the review in a project, with this script as the program `terraform`. */
function reviewWith(
  command: readonly string[],
  terraform: string,
  project: string,
  input: string,
  more: NodeJS.ProcessEnv = {},
) {
  writeFileSync(join(bin, "terraform"), terraform, { mode: 0o755 });
  const env = {
    ...process.env,
    CDKTF_OUTDIR: join(bin, "cdktf.out"),
    PATH: `${bin}:${process.env.PATH}`,
    PLAN,
    ...more,
  };
  const { status, stderr, stdout } = spawnSync(process.execPath, [...command, input], {
    cwd: project,
    encoding: "utf8",
    env,
  });
  return { status, stderr, stdout };
}

/** A project whose synthesis refuses every stack but one, and writes an empty one. It starts faster than this project. */
function standIn(): string {
  const stack = join(bin, "cdktf.out", "stacks", "analytics-cluster");
  const program = [
    `require("node:fs").mkdirSync(${JSON.stringify(stack)}, { recursive: true });`,
    `require("node:fs").writeFileSync(${JSON.stringify(join(stack, "cdk.tf.json"))}, "{}");`,
    'console.log("analytics-cluster: cdk.tf.json");',
    'process.exitCode = process.argv[2] === "analytics-cluster" ? 0 : 1;',
  ];
  writeFileSync(join(bin, "register.cjs"), "");
  writeFileSync(join(bin, "main.ts"), program.join("\n"));
  return bin;
}

// It stands for terraform: it refuses a plan before the initialization, and shows a plan as JSON only if an argument asks for it.
const TERRAFORM = `#!/bin/sh
directory=\${1#-chdir=}
case "$2 $3" in
  "init -input=false") touch "$directory/initialized" ;;
  "plan -input=false") test -f "$directory/cdk.tf.json" && test -f "$directory/initialized" || exit 3 ;;
  "show -json") cat "$PLAN" ;;
  *) echo "not JSON" ;;
esac
`;
const FAILING = "#!/bin/sh\nexit 4\n";

test.each<[string, string, string, { status: number; stdout: string }, RegExp]>([
  ["reviews a plan file", FAILING, PLAN, { status: 1, stdout: REPORT }, /^$/],
  [
    "synthesizes and plans a stack, and reviews the plan",
    TERRAFORM,
    "analytics-cluster",
    { status: 1, stdout: REPORT },
    /^analytics-cluster: /,
  ],
  [
    "exits with 2 if terraform init fails",
    FAILING,
    "analytics-cluster",
    { status: 2, stdout: "" },
    /^terraform init of analytics-cluster ended with exit status 4$/m,
  ],
  [
    "refuses a name that is neither a file nor a stack",
    TERRAFORM,
    "no-such",
    { status: 2, stdout: "" },
    /^no-such is neither a file nor a stack that can be synthesized$/m,
  ],
])("npm run review %s", (_, terraform, input, expected, line) => {
  const { stderr, ...result } = reviewWith(CHECKOUT, terraform, standIn(), input);
  expect(result).toStrictEqual(expected);
  expect(stderr).toMatch(line);
});

test.each([
  ["npm run review", CHECKOUT, () => ROOT],
  ["redshift-kms review", PACKAGE, () => bin],
])("%s plans a serverless stack, and judges policies with an ARN that AWS assigns", (_, command, project) => {
  const { status, stderr, stdout } = reviewWith(command, TERRAFORM, project(), "analytics-serverless", {
    PLAN: join(PLANS, "first-serverless", "after.plan.json"),
    WAREHOUSES: join(PLANS, "first-serverless", "after.yaml"),
  });
  expect(status).toBe(0);
  expect(stdout).toContain("0 errors, 0 warnings, 0 notes, 0 ignored\n");
  expect(stderr).toMatch(/^1 stack: 1 new, 0 changed, 0 unchanged$/m);
});

test("redshift-kms review refuses a name that is neither a file nor a stack, without a stack trace", () => {
  const result = reviewWith(PACKAGE, TERRAFORM, bin, "no-such", { WAREHOUSES: "" });
  expect(result).toStrictEqual({
    status: 2,
    stderr:
      `WAREHOUSES must name a file, because there is no ${join(realpathSync(bin), "warehouses.yaml")}\n` +
      "no-such is neither a file nor a stack that can be synthesized\n",
    stdout: "",
  });
});

test("redshift-kms review reads a name with an extension as the name of a file", () => {
  expect(reviewWith(PACKAGE, TERRAFORM, bin, "plan.json")).toStrictEqual({
    status: 2,
    stderr: "plan.json cannot be read: ENOENT\n",
    stdout: "",
  });
});
