import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { main, readInput } from "../../../review/cli/main";
import { planOf, reportOf } from "../../plans/goldens";
import { PLANS } from "../../support/paths";
import { render } from "../../../review/render/render";

const HOW = "it must be a plan as `terraform show -json` prints it";
const fixture = (name: string): string => join(PLANS, `${name}.plan.json`);
const textReport = (name: string): string => render([reportOf(name)], "text");
const SECOND_USER = fixture("second-user/after");
const PUBLIC = fixture("key-policy-public/triggers");
const NOT_SHOWN = fixture("unknown-policy/after");

let scratch: string;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), "review-"));
});
afterAll(() => rmSync(scratch, { recursive: true }));

function file(name: string, content: Buffer | string): string {
  const path = join(scratch, name);
  writeFileSync(path, content);
  return path;
}

/** Runs the command in this process, with a plan on standard input. */
function command(input: string, ...args: string[]) {
  const output = { stderr: "", stdout: "" };
  const append = (stream: "stderr" | "stdout") => (text: unknown) => {
    output[stream] += `${String(text)}\n`;
  };
  jest.spyOn(console, "error").mockImplementation(append("stderr"));
  jest.spyOn(console, "log").mockImplementation(append("stdout"));
  jest.spyOn(process.stdout, "write").mockImplementation((text) => {
    output.stdout += String(text);
    return true;
  });
  try {
    const status = main(args, (name) => (name === "-" ? input : readInput(name)));
    return { status, ...output };
  } finally {
    jest.restoreAllMocks();
  }
}

test("the command reviews a plan from standard input and plans from files", () => {
  const expected = { status: 0, stderr: "", stdout: textReport("second-user/after") };
  expect(command(planOf("second-user/after"))).toStrictEqual(expected);
  expect(command(planOf("second-user/after"), "-")).toStrictEqual(expected);
  expect(command("", SECOND_USER)).toStrictEqual(expected);
  const both = command("", SECOND_USER, NOT_SHOWN).stdout;
  expect(both.split("\n")[0]).toBe(SECOND_USER);
  expect(both).toContain(`\n${NOT_SHOWN}\n${"=".repeat(NOT_SHOWN.length)}\n`);
});

test("the command reports each of several plans in one input, by its position", () => {
  const input = ["second-user/after", "key-policy-public/triggers"].map(planOf).join("\n");
  const { status, stdout } = command(input, "--format", "json");
  const { plans } = JSON.parse(stdout) as { plans: { findings: unknown[]; source: string }[] };
  expect(status).toBe(1);
  expect(plans.map(({ findings, source }) => [source, findings])).toEqual([
    ["standard input (plan 1)", reportOf("second-user/after").findings],
    ["standard input (plan 2)", reportOf("key-policy-public/triggers").findings],
  ]);
});

test("the command gives each of several plans its own SARIF run and automationDetails ID", () => {
  const categoriesIn = (text: string) =>
    (JSON.parse(text) as { runs: { automationDetails?: { id: string } }[] }).runs.map(
      (run) => run.automationDetails?.id,
    );
  const plans = file("plans.json", [planOf("second-user/after"), planOf("key-policy-public/triggers")].join(""));
  expect(categoriesIn(command("", plans, SECOND_USER, "--format", "sarif").stdout)).toStrictEqual([
    `redshift-kms-review/${plans} (plan 1)/`,
    `redshift-kms-review/${plans} (plan 2)/`,
    `redshift-kms-review/${SECOND_USER}/`,
  ]);
  expect(categoriesIn(command("", SECOND_USER, "--format", "sarif").stdout)).toStrictEqual([undefined]);
});

test("an unexpected exception ends with status 2 and one line", () => {
  const error = jest.spyOn(console, "error").mockImplementation(() => undefined);
  const status = main(["plan.json"], () => {
    throw new TypeError("x is no function");
  });
  expect([status, error.mock.calls]).toStrictEqual([2, [["the review failed: TypeError: x is no function"]]]);
});

test.each<[string, Buffer]>([
  ["UTF-16 with a byte order mark", Buffer.from(`\ufeff${planOf("second-user/after")}`, "utf16le")],
  ["UTF-8 with a byte order mark", Buffer.from(`\ufeff${planOf("second-user/after")}`)],
])("the command reads a file in %s", (_, content) => {
  expect(command("", file("encoded.json", content)).stdout).toBe(textReport("second-user/after"));
});

test.each<[number, string[]]>([
  [0, [SECOND_USER]],
  [1, [PUBLIC]],
  [1, [SECOND_USER, PUBLIC]],
  [0, [fixture("key-rotation-off/triggers")]],
  [1, [fixture("key-rotation-off/triggers"), "--fail-on", "warning"]],
  [1, [fixture("key-rotation-off/triggers"), "--fail-on", "note"]],
  [0, [PUBLIC, "--ignore", "key-policy-public"]],
  [0, [PUBLIC, "--ignore", "key-policy-public:aws_kms_key.this:Everybody:81dedbc00f62"]],
  [0, [PUBLIC, "--ignore", "key-policy-public:aws_kms_key.this:Everybody:*"]],
  [1, [PUBLIC, "--ignore", "key-policy-public:aws_kms_key.this:Everybody"]],
  [1, [PUBLIC, "--ignore", "key-policy-public:aws_kms_key.this"]],
  [1, [PUBLIC, "--ignore", "key-policy-public:aws_kms_key.this:Other"]],
  [0, [PUBLIC, "--ignore", "key-policy-public:aws_kms_key.* until 9999-12-31"]],
  [1, [PUBLIC, "--ignore", "key-policy-public:aws_kms_key.* until 2020-02-29"]],
  [0, [PUBLIC, "--ignore", "key-policy-public:aws_kms_key.*"]],
  [1, [PUBLIC, "--ignore", "key-policy-public:aws_kms_key.that"]],
  [1, [PUBLIC, "--ignore", "key-policy-reset"]],
  [0, [SECOND_USER, "--forbid", "kms:PutKeyPolicy"]],
  [1, [SECOND_USER, "--forbid", "kms:PutKeyPolicy", "--forbid", "kms:*:111122223333"]],
  [1, [SECOND_USER, "--forbid", "KMS:Dec*:arn:aws:iam::*:role/Second*"]],
  [1, [SECOND_USER, "--forbid", "kms:Decrypt:arn:aws:iam::111122223333:root"]],
  [1, [SECOND_USER, "--forbid", "kms:Decrypt:arn:aws:iam::111122223333:*"]],
  [1, [SECOND_USER, "--forbid", "kms:Decrypt:arn:*"]],
  [1, [SECOND_USER, "--forbid", "kms:Decrypt:arn:aws:ia?::*SecondUserRole"]],
  [0, [SECOND_USER, "--forbid", "kms:Decrypt:arn:aws:sts::444455556666:assumed-role/a/b"]],
  [0, [SECOND_USER, "--forbid", "kms:Decrypt", "--ignore", "promise-forbidden-action"]],
  [0, [NOT_SHOWN, "--ignore", "key-policy-not-shown", "--forbid", "kms:Decrypt"]],
  [1, [NOT_SHOWN, "--ignore", "key-policy-not-shown", "--forbid", "kms:Decrypt", "--strict"]],
])("the command ends with status %i: %j", (status, args) => {
  expect(command("", ...args).status).toBe(status);
});

test("the command reports ignored findings with the reasons, and warns of an ignore that matches no finding", () => {
  const ignored = file(
    "ignored.txt",
    "# Known\n\nkey-policy-public:aws_kms_key.this:Everybody:81dedbc00f62  # until #7 is done\r\nkey-rotation-off # no\n",
  );
  const { status, stderr, stdout } = command("", PUBLIC, "--ignore-file", ignored);
  expect([status, stderr]).toStrictEqual([0, "--ignore key-rotation-off matches no finding\n"]);
  expect(stdout).toContain(
    "  ignored error  key-policy-public  aws_kms_key.this:Everybody:81dedbc00f62\n    Ignored: until #7 is done\n\n0 errors, 0 warnings, 0 notes, 1 ignored, 1 not judged\n",
  );
});

test("the command compares a key with the --reference policy for its address", () => {
  const administrator = `{ "Action": "kms:*", "Effect": "Allow", "Principal": { "AWS": "*" } }`;
  const [all, none] = [
    file("all.json", `{ "Statement": ${administrator} }`),
    file("none.json", `{ "Statement": ${administrator.replace("Allow", "Deny")} }`),
  ];
  const statusOf = (...references: string[]): number =>
    command("", SECOND_USER, ...references.flatMap((text) => ["--reference", text])).status;
  expect([statusOf(all), statusOf(none)]).toStrictEqual([0, 1]);
  const rolePolicy = file("role.json", `{ "Statement": [${administrator}, { "Action": "kms:*", "Effect": "Allow" }] }`);
  expect(command("", SECOND_USER, "--reference", rolePolicy)).toStrictEqual({
    status: 2,
    stderr: `--reference must name the policy of a key, in which each statement has Principal or NotPrincipal, got: ${rolePolicy}\n`,
    stdout: "",
  });
  expect([statusOf(none, `aws_kms_key.*=${all}`), statusOf(all, `aws_kms_key.*=${none}`)]).toStrictEqual([0, 1]);
  expect(command("", SECOND_USER, "--reference", `aws_kms_key.other=${all}`).stderr).toBe(
    `--reference aws_kms_key.other=${all} matches no key\n`,
  );
});

test("the command reports an expired ignore, and does not apply it", () => {
  const { status, stderr } = command("", PUBLIC, "--ignore", "key-policy-public until 2020-01-01");
  expect([status, stderr]).toStrictEqual([1, "--ignore key-policy-public until 2020-01-01 is expired\n"]);
});

test("the command names standard input as the source in JSON", () => {
  const { plans, version } = JSON.parse(command(planOf("second-user/after"), "--format", "json").stdout) as {
    plans: { source: string }[];
    version: number;
  };
  expect([version, plans.map(({ source }) => source)]).toStrictEqual([1, ["standard input"]]);
});

test("the command colours only a text report on a terminal", () => {
  const stdout = process.stdout as { hasColors?: unknown; isTTY?: unknown };
  const { hasColors, isTTY } = stdout;
  Object.assign(stdout, { hasColors: () => true, isTTY: true });
  try {
    const coloured = command("", PUBLIC).stdout;
    expect(coloured).toContain("\u001b[31m  error");
    expect(stripVTControlCharacters(coloured)).toBe(textReport("key-policy-public/triggers"));
    expect(command("", PUBLIC, "--format", "markdown").stdout).not.toContain("\u001b");
  } finally {
    Object.assign(stdout, { hasColors, isTTY });
  }
});

test("the command writes the same text on a terminal of 0 columns as to a file", () => {
  const stdout = process.stdout as { columns?: unknown; hasColors?: unknown; isTTY?: unknown };
  const { columns, hasColors, isTTY } = stdout;
  Object.assign(stdout, { columns: 0, hasColors: () => false, isTTY: true });
  try {
    expect(command("", PUBLIC).stdout).toBe(textReport("key-policy-public/triggers"));
  } finally {
    Object.assign(stdout, { columns, hasColors, isTTY });
  }
});

test("the command prints its usage", () => {
  const { status, stdout } = command("", "--help");
  expect([status, stdout.split("\n")[0]]).toStrictEqual([
    0,
    "Usage: npm --silent run review -- [option ...] [plan.json|STACK ...]",
  ]);
  expect(stdout).toContain("--format text|markdown|json|sarif|html\n");
});

test.each<[string, string, string[], string]>([
  ["an empty input", "\n", [], `standard input is empty: ${HOW}`],
  ["HCL", 'resource "aws_kms_key" "this" {}', [], `standard input is not JSON: ${HOW}`],
  [
    "a plan that is cut off",
    '{"format_version":"1.2","res',
    [],
    `standard input is JSON that is cut off or broken: ${HOW}`,
  ],
  [
    "several plans of which one is cut off",
    `${planOf("second-user/after")}{"format_version":"1.2","res`,
    [],
    `standard input (plan 2) is JSON that is cut off or broken: ${HOW}`,
  ],
  [
    "a line of a wrapper before the plan",
    `[command]/opt/terraform-bin show -json plan.out\n${planOf("second-user/after")}`,
    [],
    `standard input is not JSON: ${HOW}`,
  ],
  ["JSON that is an array", '[{"format_version": "1.2"}]', [], `standard input has no format_version: ${HOW}`],
  ["JSON that is null", "null", [], `standard input has no format_version: ${HOW}`],
  ["a state", '{"format_version":"1.0","values":{}}', [], `standard input is a state and no plan: ${HOW}`],
  [
    "a format_version of 2.0",
    '{"format_version":"2.0","resource_changes":[]}',
    [],
    "standard input must have format_version 1.x, as Terraform 1.1 and newer and OpenTofu print it, got: 2.0",
  ],
  [
    "a change without its parts",
    '{"format_version":"1.2","resource_changes":[{"address":"a"}]}',
    [],
    `standard input has resource_changes that do not have the layout of Terraform: ${HOW}`,
  ],
  ["JSON without resource_changes", '{"format_version":"1.0"}', [], `standard input has no resource_changes: ${HOW}`],
  [
    "a plan that is nested 50,000 deep",
    `{"format_version":"1.2","resource_changes":[],"prior_state":{"values":{"root_module":${'{"child_modules":['.repeat(50_000)}${"]}".repeat(50_000)}}}}`,
    [],
    "standard input is nested too deeply to be a plan",
  ],
  ...[
    ["-", "-"],
    ["--ignore-file", "-"],
    ["--reference", "-", "-"],
  ].map((args): [string, string, string[], string] => [
    `standard input twice: ${args.join(" ")}`,
    planOf("second-user/after"),
    args,
    "- must be given once, because standard input can be read only once",
  ]),
  [
    "a plan twice",
    "",
    ["a.json", "b.json", "a.json"],
    "a.json must be given once, because the category of a plan in SARIF is its name",
  ],
  ["a missing file", "", ["no-such.json"], "no-such.json cannot be read: ENOENT"],
  [
    "an unknown --format",
    "",
    ["--format", "xml"],
    "--format must be one of text, markdown, json, sarif, html, got: xml",
  ],
  [
    "an unknown severity of --fail-on",
    "",
    ["--fail-on", "never"],
    "--fail-on must be one of note, warning, error, got: never",
  ],
  ["a rule that does not exist", "", ["--ignore", "x:y"], "--ignore must name a rule, got: x:y"],
  [
    "an action that keys do not have",
    "",
    ["--forbid", "kms:Decript"],
    "--forbid must begin with an action on keys, such as kms:Decrypt, got: kms:Decript",
  ],
  ...[
    "Analyst",
    "arn:",
    "arn:aws:iam:111122223333:role/*",
    "arn:aws:iam::111122223333:group/Analysts",
    "arn:aws:iam::111122223333:instance-profile/*",
    "arn:aws:iam::111122223333:role",
    "arn:aws:kms:us-east-1:111122223333:key/*",
  ].map((principal): [string, string, string[], string] => [
    `a principal that nobody can be: ${principal}`,
    "",
    ["--forbid", `kms:Decrypt:${principal}`],
    `--forbid must have * or an account, or the ARN of a role, user, session or root, after its action, got: kms:Decrypt:${principal}`,
  ]),
  [
    "a reference that is no policy",
    "",
    ["--reference", fixture("second-user/after")],
    `--reference must name a key policy in JSON, got: ${fixture("second-user/after")}`,
  ],
  ["a missing reference", "", ["--reference", "a=no-such"], "no-such cannot be read: ENOENT"],
  ["a missing ignore file", "", ["--ignore-file", "no-such"], "no-such cannot be read: ENOENT"],
])("the command refuses %s in one line", (_, input, args, line) => {
  expect(command(input, ...args)).toStrictEqual({ status: 2, stderr: `${line}\n`, stdout: "" });
});

test.each([
  ["key-policy-public", "must give a reason after a #, got: key-policy-public"],
  ["key-policy-public #", "must give a reason after a #, got: key-policy-public #"],
  ["nope # because", "must name a rule, got: nope"],
  [
    "key-policy-public until 2026-02-31 # because",
    "must have a day that exists, as YYYY-MM-DD, after 'until', got: 2026-02-31",
  ],
  [
    "key-policy-public until tomorrow # because",
    "must have a day that exists, as YYYY-MM-DD, after 'until', got: tomorrow",
  ],
])("the command refuses a line in an ignore file: %s", (line, message) => {
  const path = file("bad.txt", `# one\n${line}\n`);
  expect(command("", PUBLIC, "--ignore-file", path)).toStrictEqual({
    status: 2,
    stderr: `${path}:2 ${message}\n`,
    stdout: "",
  });
});

test("the command refuses an option that does not exist", () => {
  const { status, stderr } = command("", "--nope");
  expect([status, stderr.startsWith("Unknown option '--nope'")]).toStrictEqual([2, true]);
});
