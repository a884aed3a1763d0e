import { execSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import "@microsoft/jest-sarif";
import { attributeOf, type PlannedResource, readPlan } from "../../review/plan/plan";
import { matches } from "../../review/policy/statement";
import { textOf } from "../../review/render/text";
import { review as reviewOf } from "../../review/report/report";
import { ROOT } from "../support/paths";

const HOW = "it must be a plan as `terraform show -json` prints it";
const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { scripts: Record<string, string> };

/** A plan of a folder of real ones. */
const fixture = (name: string): string => join("__tests__", "plans", `${name}.plan.json`);
const SECOND_USER = fixture("second-user/after");
const PUBLIC = fixture("key-policy-public/triggers");
const NOT_SHOWN = fixture("unknown-policy/after");
const text = (path: string): string => readFileSync(join(ROOT, path), "utf8");
const report = (path: string): string => textOf(reviewOf(readPlan(text(path), path)), false);

let scratch: string;
let bundle: string;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), "review-"));
  bundle = join(scratch, "redshift-kms-review.js");
  const args = scripts["build:review"]!.replace(/--outfile=\S+/, `--outfile=${bundle}`);
  execSync(join(ROOT, "node_modules", ".bin", args), { cwd: ROOT, stdio: "pipe" });
});
afterAll(() => {
  rmSync(scratch, { recursive: true });
});

function node(args: readonly string[], input: Buffer | string, cwd = ROOT, env = process.env) {
  const options = { cwd, encoding: "utf8", env, input, maxBuffer: 64 * 1024 * 1024 } as const;
  const { status, stderr, stdout } = spawnSync(process.execPath, args, options);
  return { status, stderr, stdout };
}

/** Runs the command that is shipped. */
function review(input: Buffer | string, ...args: string[]) {
  return node([bundle, ...args], input);
}

function file(name: string, content: string): string {
  const path = join(scratch, name);
  writeFileSync(path, content);
  return path;
}

test("an older Node.js is refused in one line", () => {
  const hook =
    'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "18.20.8" } });' +
    'Object.defineProperty(process, "version", { value: "v18.20.8" });';
  expect(node(["--require", file("older.cjs", hook), bundle, "--help"], "")).toStrictEqual({
    status: 2,
    stderr: "Node.js 20 or newer is needed, got: v18.20.8\n",
    stdout: "",
  });
});

test("an attribute that is sensitive is never shown", () => {
  const resource: PlannedResource = {
    action: "update",
    address: "aws_kms_key.this",
    change: {
      after: { description: "b", policy: "{}", tags: { a: "b" } },
      after_sensitive: { policy: true, tags: { a: true } },
      after_unknown: { arn: true, key_id: false },
      before: { description: null, policy: "{}" },
      before_sensitive: true,
    },
    name: "this",
    type: "aws_kms_key",
  };
  expect(attributeOf(resource, "after", "policy")).toStrictEqual({ kind: "sensitive" });
  expect(attributeOf(resource, "after", "tags")).toStrictEqual({ kind: "sensitive" });
  expect(attributeOf(resource, "before", "policy")).toStrictEqual({ kind: "sensitive" });
  expect(attributeOf(resource, "before", "description")).toStrictEqual({ kind: "absent" });
  expect(attributeOf(resource, "after", "arn")).toStrictEqual({ kind: "unknown until apply" });
  expect(attributeOf(resource, "after", "key_id")).toStrictEqual({ kind: "absent" });
  expect(attributeOf(resource, "after", "description")).toStrictEqual({ kind: "known", value: "b" });
});

describe("the command", () => {
  test("reviews a plan of standard input, and of files", () => {
    const expected = { status: 0, stderr: "", stdout: report(SECOND_USER) };
    expect(review(text(SECOND_USER))).toStrictEqual(expected);
    expect(review(text(SECOND_USER), "-")).toStrictEqual(expected);
    expect(review("", SECOND_USER)).toStrictEqual(expected);
    const both = review("", SECOND_USER, NOT_SHOWN).stdout;
    expect(both.split("\n")[0]).toBe(SECOND_USER);
    expect(both).toContain(`\n${NOT_SHOWN}\n${"=".repeat(NOT_SHOWN.length)}\n`);
  });

  test("reads what a shell of Windows writes", () => {
    const expected = report(SECOND_USER);
    expect(review(Buffer.from(`\ufeff${text(SECOND_USER)}`, "utf16le")).stdout).toBe(expected);
    expect(review(`\ufeff${text(SECOND_USER)}`).stdout).toBe(expected);
  });

  test.each<[number, string[]]>([
    [0, [SECOND_USER]],
    [1, [PUBLIC]],
    [1, [SECOND_USER, PUBLIC]],
    [0, [fixture("key-rotation-off/triggers")]],
    [1, [fixture("key-rotation-off/triggers"), "--fail-on", "warning"]],
    [1, [fixture("key-rotation-off/triggers"), "--fail-on", "note"]],
    [0, [PUBLIC, "--ignore", "key-policy-public"]],
    [0, [PUBLIC, "--ignore", "key-policy-public:aws_kms_key.this"]],
    [0, [PUBLIC, "--ignore", "key-policy-public:aws_kms_key.*"]],
    [1, [PUBLIC, "--ignore", "key-policy-public:aws_kms_key.that"]],
    [1, [PUBLIC, "--ignore", "key-policy-reset"]],
  ])("ends with %i: %j", (status, args) => {
    expect(review("", ...args).status).toBe(status);
  });

  test("reports ignored findings, with the reasons, and ignores without a finding", () => {
    const ignored = file(
      "ignored.txt",
      "# Known\n\nkey-policy-public:aws_kms_key.this  # until #7 is done\r\nkey-rotation-off # no\n",
    );
    const { status, stderr, stdout } = review("", PUBLIC, "--ignore-file", ignored);
    expect([status, stderr]).toStrictEqual([0, "--ignore key-rotation-off matches no finding\n"]);
    expect(stdout).toContain(
      "  ignored error  key-policy-public  aws_kms_key.this\n    Ignored: until #7 is done\n\n0 errors, 0 warnings, 0 notes, 1 ignored\n",
    );
  });

  test("gives JSON", () => {
    const { status, stdout } = review(text(SECOND_USER), "--format", "json");
    const { plans, version } = JSON.parse(stdout) as { plans: [ReturnType<typeof reviewOf>]; version: number };
    expect([status, version, plans.length, plans[0].source]).toStrictEqual([0, 1, 1, "standard input"]);
    expect(stdout).toBe(`${JSON.stringify({ plans, version }, undefined, 2)}\n`);
    expect(plans[0].changes.listed.map(({ action }) => action)).toStrictEqual(["create", "create", "update"]);
    expect(plans[0].keys[0]!.principals.at(-1)).toMatchObject({
      abilities: { administer: { after: { actions: [], extent: "none", limits: [] }, change: "same" } },
      principal: "arn:aws:iam::111122223333:role/SecondUserRole",
    });
  });

  test("prints in colour on a terminal", () => {
    const hook = file("terminal.cjs", "Object.assign(process.stdout, { hasColors: () => true, isTTY: true });");
    const { stdout } = node(["--require", hook, bundle, PUBLIC], "");
    expect(stdout).toContain("\u001b[31m  error");
    expect(stripVTControlCharacters(stdout)).toBe(report(PUBLIC));
  });

  test("gives SARIF by the schema, with what is ignored suppressed", () => {
    const { status, stdout } = review("", PUBLIC, NOT_SHOWN, "--format", "sarif", "--ignore", "key-policy-public");
    const log = JSON.parse(stdout) as { runs: [{ results: Record<string, unknown>[] }] };
    expect(log).toBeValidSarifLog();
    expect(status).toBe(1);
    const [ignored, shown] = log.runs[0].results;
    expect(ignored).toMatchObject({
      level: "error",
      locations: [
        {
          logicalLocations: [{ fullyQualifiedName: "aws_kms_key.this" }],
          physicalLocation: { artifactLocation: { uri: "__tests__/plans/key-policy-public/triggers.plan.json" } },
        },
      ],
      partialFingerprints: { "ruleAndAddress/v1": "key-policy-public:aws_kms_key.this" },
      ruleId: "key-policy-public",
      suppressions: [{ justification: "by --ignore", kind: "external" }],
    });
    expect(shown).not.toHaveProperty("suppressions");
    expect({ ...log, runs: [{ ...log.runs[0], results: [{ level: "fatal" }] }] }).not.toBeValidSarifLog();
  });

  test("helps", () => {
    const { status, stdout } = review("", "--help");
    expect([status, stdout.split("\n")[0]]).toStrictEqual([
      0,
      "Usage: redshift-kms-review [option ...] [plan.json ...]",
    ]);
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
    ["a list", "[]", [], `standard input has no format_version: ${HOW}`],
    ["null", "null", [], `standard input has no format_version: ${HOW}`],
    ["a state", '{"format_version":"1.0","values":{}}', [], `standard input is a state and no plan: ${HOW}`],
    [
      "a format that is not known",
      '{"format_version":"2.0","resource_changes":[]}',
      [],
      "standard input must have format_version 1.x, got: 2.0",
    ],
    [
      "a change that is none",
      '{"format_version":"1.2","resource_changes":[{"address":"a"}]}',
      [],
      `standard input has resource_changes that are not laid out as Terraform does it: ${HOW}`,
    ],
    [
      "what is shown where there is no plan",
      '{"format_version":"1.0"}',
      [],
      `standard input has no resource_changes: ${HOW}`,
    ],
    [
      "a depth that no plan has",
      `{"format_version":"1.2","resource_changes":[],"configuration":{"root_module":{"resources":[{"address":"a.b","mode":"managed","expressions":{"x":${"[".repeat(50_000)}${"]".repeat(50_000)}}}]}}}`,
      [],
      "standard input is nested too deeply to be a plan",
    ],
    ["a file that is not there", "", ["no-such.json"], "no-such.json cannot be read: ENOENT"],
    ["another format", "", ["--format", "xml"], "--format must be one of text, markdown, json, sarif, got: xml"],
    ["another severity", "", ["--fail-on", "never"], "--fail-on must be one of note, warning, error, got: never"],
    ["a rule that there is not", "", ["--ignore", "x:y"], "--ignore must name a rule, got: x:y"],
    ["an ignore file that is not there", "", ["--ignore-file", "no-such"], "no-such cannot be read: ENOENT"],
  ])("reports in one line %s", (_, input, args, line) => {
    expect(review(input, ...args)).toStrictEqual({ status: 2, stderr: `${line}\n`, stdout: "" });
  });

  test.each([
    ["key-policy-public", "must give a reason after a #, got: key-policy-public"],
    ["key-policy-public #", "must give a reason after a #, got: key-policy-public #"],
    ["nope # because", "must name a rule, got: nope"],
  ])("reports a line in an ignore file: %s", (line, message) => {
    const path = file("bad.txt", `# one\n${line}\n`);
    expect(review("", PUBLIC, "--ignore-file", path)).toStrictEqual({
      status: 2,
      stderr: `${path}:2 ${message}\n`,
      stdout: "",
    });
  });

  test("reports an option that does not exist", () => {
    const { status, stderr } = review("", "--nope");
    expect([status, stderr.startsWith("Unknown option '--nope'")]).toStrictEqual([2, true]);
  });
});

test("a pattern of many wildcards is matched in no time", () => {
  const started = performance.now();
  expect(matches(`kms:${"*?".repeat(200)}!`, `kms:${"a".repeat(2000)}`)).toBe(false);
  expect(matches("a*b?c*", "aXXbYcZ")).toBe(true);
  expect(performance.now() - started).toBeLessThan(1000);
});

describe("of a hostile plan", () => {
  const hostile = {
    action: "create",
    address: 'aws_kms_key.this["\u001b[2J\u202e|`<img src=x>`@team"]',
    change: { actions: ["create"], after: {}, before: null },
    mode: "managed",
    name: "this",
    type: "aws_kms_key",
  };
  const plan = JSON.stringify({ format_version: "1.2", resource_changes: [hostile] });

  test("nothing reaches the terminal as it is", () => {
    const { stdout } = review(plan);
    expect(stdout).toContain('aws_kms_key.this["\\u001b[2J\\u202e|`<img src=x>`@team"]');
    // eslint-disable-next-line no-control-regex -- they are what must not be there
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
  });

  test("nothing becomes markup of a comment", () => {
    const { stdout } = review(plan, "--format", "markdown");
    const outside = stdout.replace(/``+ [^]*? ``+/g, "").replace(/```mermaid[^]*?```/g, "");
    expect(outside).not.toMatch(/<img|@team/);
  });
});

test("markdown has what a comment shows, and fits into one", () => {
  const { status, stdout } = review("", PUBLIC, SECOND_USER, "--format", "markdown");
  expect(status).toBe(1);
  expect(stdout.split("\n")[0]).toBe("## Review of 2 plans: 1 error, 0 warnings, 0 notes, 0 ignored");
  expect(stdout).toContain(
    "- **error** [key-policy-public](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html) `aws_kms_key.this`: Statement",
  );
  expect(stdout).toContain("| `arn:aws:iam::111122223333:role/SecondUserRole` | no | no → yes **(gained)** |");
  expect(stdout).toContain("  n4 ==>|encrypt and decrypt| n1\n");
  expect(stdout.match(/<details>/g)).toHaveLength(stdout.match(/<\/details>/g)!.length);

  const many = review("", ...Array<string>(60).fill(SECOND_USER), "--format", "markdown").stdout;
  expect(many.length).toBeLessThan(65_536);
  expect(many).toMatch(/_\d+ sections are left out, the first of them ".+": a comment holds no more\._\n$/);
});

test("an object that an earlier apply has left over is not the resource", () => {
  const plan = JSON.parse(text(fixture("key-destroyed/triggers"))) as { resource_changes: { address: string }[] };
  const key = plan.resource_changes.find(({ address }) => address === "aws_kms_key.this");
  const changes = [...plan.resource_changes, { ...key, deposed: "00000001" }];
  const { findings, keys } = reviewOf(readPlan(JSON.stringify({ ...plan, resource_changes: changes }), "plan"));
  const destroyed = findings.filter(({ rule }) => rule === "key-destroyed").map(({ address }) => address);
  expect(destroyed).toStrictEqual(["aws_kms_key.this", "aws_kms_key.this (deposed object 00000001)"]);
  expect(keys).toHaveLength(2);
});

test("a replica that is destroyed loses nothing that its primary cannot decrypt", () => {
  const plan = text(fixture("key-destroyed/triggers")).replaceAll("aws_kms_key", "aws_kms_replica_key");
  const { findings } = reviewOf(readPlan(plan, "plan"));
  expect(findings.map(({ consequence, rule }) => [rule, consequence])).toStrictEqual([
    [
      "key-destroyed",
      "KMS deletes the key after its waiting period (30 days), and whoever uses it in its Region cannot any more: aws_redshift_cluster.this.",
    ],
  ]);
});

test.each([
  ["errored", true, "The plan ended with an error, so that more may change than it tells.\n"],
  ["complete", false, "The plan leaves changes out, because of -target or because Terraform defers them.\n"],
])("an incomplete plan is reported as such: %s", (key, value, line) => {
  const plan = JSON.parse(text(SECOND_USER)) as object;
  expect(review(JSON.stringify({ ...plan, [key]: value })).stdout.startsWith(line)).toBe(true);
  expect(review(JSON.stringify({ ...plan, [key]: value }), "--format", "markdown").stdout).toContain(`\n> ${line}`);
});

describe("the command", () => {
  test("that is shipped is one file that needs no other", () => {
    expect(readFileSync(bundle, "utf8").startsWith("#!/usr/bin/env node\n")).toBe(true);
    const { status, stdout } = node([bundle, join(ROOT, PUBLIC)], "", scratch);
    expect([status, stdout]).toStrictEqual([1, report(PUBLIC)]);
  });

  test("of the repository prints the same, and takes what is no file for a stack", () => {
    const [, ...command] = scripts.review!.split(" ");
    const { status, stdout } = node([...command, PUBLIC], "");
    expect([status, stdout]).toStrictEqual([1, report(PUBLIC)]);
    const none = node([...command, "no-such"], "");
    expect([none.status, none.stdout]).toStrictEqual([2, ""]);
    expect(none.stderr).toMatch(/^no-such is neither a file nor a stack that can be synthesized$/m);
  });

  // It stands for terraform: it refuses a plan before the initialization, and shows a plan as JSON only if it is asked to.
  const TERRAFORM = `#!/bin/sh
directory=\${1#-chdir=}
case "$2 $3" in
  "init -input=false") touch "$directory/initialized" ;;
  "plan -input=false") test -f "$directory/cdk.tf.json" && test -f "$directory/initialized" || exit 3 ;;
  "show -json") cat "$PLAN" ;;
  *) echo "not JSON" ;;
esac
`;

  test.each<[string, string, { status: number; stdout: string }, string]>([
    ["reviews the plan that terraform makes of a stack", TERRAFORM, { status: 1, stdout: report(PUBLIC) }, ""],
    [
      "ends with an error if terraform does",
      "#!/bin/sh\nexit 4\n",
      { status: 2, stdout: "" },
      "terraform init of analytics-cluster ended with exit status 4",
    ],
  ])(
    "of the repository %s",
    (_, terraform, expected, line) => {
      const bin = mkdtempSync(join(scratch, "bin-"));
      writeFileSync(join(bin, "terraform"), terraform, { mode: 0o755 });
      const env = {
        ...process.env,
        CDKTF_OUTDIR: join(bin, "cdktf.out"),
        PATH: `${bin}:${process.env.PATH}`,
        PLAN: join(ROOT, PUBLIC),
      };
      const [, ...command] = scripts.review!.split(" ");
      const { status, stderr, stdout } = node([...command, "analytics-cluster"], "", ROOT, env);
      expect({ status, stdout }).toStrictEqual(expected);
      expect(stderr).toContain(line);
    },
    60_000,
  );

  test("reviews a plan of a thousand stacks in 300 MiB, and in a time that grows with their number", () => {
    const usage = (stacks: number) => {
      const plan = file(`${stacks}.json`, JSON.stringify(multiplied(text(fixture("shipped/after")), stacks)));
      const { status, stderr, stdout } = node(
        ["--require", join(ROOT, "__tests__", "support", "usage.cjs"), bundle, plan],
        "",
      );
      expect([status, stdout.match(/^Who can use module/gm)?.length]).toStrictEqual([0, stacks]);
      return JSON.parse(stderr) as { mebibytes: number; seconds: number };
    };
    const few = usage(250);
    const many = usage(1000);
    expect(many.mebibytes).toBeLessThan(300);
    // Four times the stacks take up to four times the time. A quadratic step would take sixteen times.
    expect(many.seconds).toBeLessThan(7 * few.seconds);
  });
});

interface Resource {
  readonly address: string;
}
interface Modules {
  readonly resources?: readonly Resource[];
}

/** The plan of a configuration that calls the one of a real plan once for each stack, as a module. */
function multiplied(plan: string, stacks: number): object {
  const { configuration, planned_values, prior_state, resource_changes, ...rest } = JSON.parse(plan) as {
    configuration: { root_module: object };
    planned_values: { root_module: Modules };
    prior_state: { values: { root_module: Modules } };
    resource_changes: readonly Resource[];
  };
  const instances = Array.from({ length: stacks }, (_, index) => `module.stack["${index}"]`);
  const inModule = (resource: Resource, module: string) => ({
    ...resource,
    address: `${module}.${resource.address}`,
    module_address: module,
  });
  const modules = ({ resources = [] }: Modules) => ({
    child_modules: instances.map((address) => ({
      address,
      resources: resources.map((resource) => inModule(resource, address)),
    })),
  });
  return {
    ...rest,
    configuration: {
      ...configuration,
      root_module: { module_calls: { stack: { module: configuration.root_module } } },
    },
    planned_values: { root_module: modules(planned_values.root_module) },
    prior_state: { ...prior_state, values: { root_module: modules(prior_state.values.root_module) } },
    resource_changes: instances.flatMap((module) => resource_changes.map((change) => inModule(change, module))),
  };
}
