import fs, { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { main } from "../../../review/cli/main";
import { render } from "../../../review/render/render";
import { readPlan } from "../../../review/plan/read-plan";
import { review } from "../../../review/report/report";
import { Sources } from "../../../review/source/sources";
import { policyOf, allow } from "../support/small-plan";

const KEY = 'resource "aws_kms_key" "k" {}\n';

let scratch: string;
beforeEach(() => {
  scratch = realpathSync(mkdtempSync(join(tmpdir(), "source-")));
});
afterEach(() => rmSync(scratch, { recursive: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(scratch, name)), { recursive: true });
    writeFileSync(join(scratch, name), text);
  }
}

const modules = (...entries: readonly (readonly [string, string])[]): string =>
  JSON.stringify({
    Modules: [{ Dir: ".", Key: "", Source: "" }, ...entries.map(([Key, Dir]) => ({ Dir, Key, Source: "x" }))],
  });

test("the location of a resource is its file, from the root of the repository, and its line", () => {
  write({ ".git/HEAD": "", "infra/a.tf": `\n${KEY}`, "infra/b.tf.json": '{\n"data": {"aws_kms_key": {"k": {}}}}' });
  const sources = new Sources(join(scratch, "infra"));
  expect(sources.locationOf("aws_kms_key.k")).toStrictEqual({ file: "infra/a.tf", line: 2 });
  expect(sources.locationOf('aws_kms_key.k["a.b"]')).toStrictEqual({ file: "infra/a.tf", line: 2 });
  expect(sources.locationOf("data.aws_kms_key.k[0]")).toStrictEqual({ file: "infra/b.tf.json", line: 2 });
  expect(sources.locationOf("aws_kms_key.other")).toBeUndefined();
});

test("the path of a file outside a repository is relative to the directory", () => {
  write({ "infra/a.tf": KEY });
  expect(new Sources(join(scratch, "infra")).locationOf("aws_kms_key.k")!.file).toBe("a.tf");
});

test("the location of a resource is main.tf, not a file that overrides main.tf", () => {
  write({ ".git/HEAD": "", "a_override.tf": KEY, "main.tf": KEY, "override.tf": KEY });
  expect(new Sources(scratch).locationOf("aws_kms_key.k")!.file).toBe("main.tf");
});

test("the location of a resource is in no hidden file, which Terraform does not read", () => {
  write({ ".git/HEAD": "", ".a.tf": `${KEY}{`, "main.tf": KEY });
  const sources = new Sources(scratch);
  expect(sources.locationOf("aws_kms_key.k")!.file).toBe("main.tf");
  expect(sources.brokenFiles()).toStrictEqual([]);
});

test("a resource is located in the .tofu file if a .tf file has the same name, because OpenTofu ignores the .tf file", () => {
  write({ ".git/HEAD": "", "main.tf": `#\n${KEY}`, "main.tofu": KEY, "override.tofu": KEY });
  expect(new Sources(scratch).locationOf("aws_kms_key.k")).toStrictEqual({ file: "main.tofu", line: 1 });
  write({ "more.tofu.json": '{"resource":{"aws_kms_key":{"j":{}}}}', "other.tf": 'resource "aws_kms_key" "o" {}' });
  const sources = new Sources(scratch);
  expect(sources.locationOf("aws_kms_key.j")!.file).toBe("more.tofu.json");
  expect(sources.locationOf("aws_kms_key.o")!.file).toBe("other.tf");
});

test("the location of a resource in a module is in the directory of modules.json", () => {
  write({
    ".git/HEAD": "",
    ".terraform/modules/modules.json": modules(["a", "modules/a"], ["a.b", "modules/b"]),
    "modules/a/main.tf": KEY,
    "modules/b/main.tf": `#\n${KEY}`,
  });
  const sources = new Sources(scratch);
  expect(sources.locationOf('module.a["x"].aws_kms_key.k')).toStrictEqual({ file: "modules/a/main.tf", line: 1 });
  expect(sources.locationOf("module.a[0].module.b.aws_kms_key.k")).toStrictEqual({
    file: "modules/b/main.tf",
    line: 2,
  });
  expect(sources.locationOf("module.c.aws_kms_key.k")).toBeUndefined();
  expect(sources.locationOf("aws_kms_key.k")).toBeUndefined();
});

test("the location of a resource in a module beside the root module is read from its repository", () => {
  write({
    "repository/.git/HEAD": "",
    "repository/envs/prod/.terraform/modules/modules.json": modules(["a", "../../modules/a"]),
    "repository/modules/a/main.tf": KEY,
  });
  expect(new Sources(join(scratch, "repository", "envs", "prod")).locationOf("module.a.aws_kms_key.k")).toStrictEqual({
    file: "modules/a/main.tf",
    line: 1,
  });
});

test.each([
  ["a repository", "root/.git/HEAD"],
  ["a directory without a repository", "root/terraform.tfvars"],
])("no file outside of %s is read", (_, file) => {
  write({
    [file]: "",
    "outside/main.tf": KEY,
    "root/.terraform/modules/modules.json": modules(
      ["a", "../outside"],
      ["b", "link"],
      ["c", join(scratch, "outside")],
    ),
    "root/empty.tf": "",
  });
  symlinkSync(join(scratch, "outside"), join(scratch, "root", "link"));
  symlinkSync(join(scratch, "outside", "main.tf"), join(scratch, "root", "main.tf"));
  symlinkSync(join(scratch, "missing.tf"), join(scratch, "root", "missing.tf"));
  mkdirSync(join(scratch, "root", "directory.tf"));
  const sources = new Sources(join(scratch, "root"));
  for (const address of [
    "aws_kms_key.k",
    "module.a.aws_kms_key.k",
    "module.b.aws_kms_key.k",
    "module.c.aws_kms_key.k",
  ]) {
    expect(sources.locationOf(address)).toBeUndefined();
  }
});

test.each(["{", "[]", '{"Modules": 1}', '{"Modules": [null, {"Key": 1, "Dir": 2}, {"Key": "a", "Dir": "main.tf"}]}'])(
  "a modules.json of %s has no modules, and the root is still read",
  (text) => {
    write({ ".terraform/modules/modules.json": text, "main.tf": KEY });
    const sources = new Sources(scratch);
    expect(sources.locationOf("module.a.aws_kms_key.k")).toBeUndefined();
    expect(sources.locationOf("aws_kms_key.k")).toBeDefined();
  },
);

const PLAN = JSON.stringify({
  format_version: "1.2",
  resource_changes: [
    {
      address: "aws_kms_key.k",
      change: { actions: ["create"], after: { policy: policyOf(allow("*", "kms:*")) }, before: null },
      mode: "managed",
      name: "k",
      type: "aws_kms_key",
    },
  ],
});

test("a finding has its file and line in text, Markdown and SARIF", () => {
  write({ ".git/HEAD": "", "a b#1.tf": `\n\n${KEY}` });
  const report = review(readPlan(PLAN, "plan.json"), [], undefined, new Sources(scratch));
  expect(render([report], "text")).toContain("  error  key-policy-public  aws_kms_key.k:");
  expect(render([report], "text")).toContain("\n    a b#1.tf:3\n");
  expect(render([report], "markdown")).toMatch(/`aws_kms_key\.k:[0-9a-f]+` \(`a b#1\.tf:3`\): /);
  const { runs } = JSON.parse(render([report], "sarif")) as {
    runs: [{ results: { locations: [{ physicalLocation: unknown }] }[] }];
  };
  expect(runs[0].results[0]!.locations[0].physicalLocation).toStrictEqual({
    artifactLocation: { uri: "a%20b%231.tf", uriBaseId: "%SRCROOT%" },
    region: { startLine: 3 },
  });
});

test("--source reads a directory, refuses a missing directory, and warns if no finding is for a resource in the directory", () => {
  write({ "main.tf": KEY });
  const output = jest.spyOn(process.stdout, "write").mockImplementation(() => true);
  const error = jest.spyOn(console, "error").mockImplementation(() => undefined);
  expect(main(["--source", scratch], () => PLAN)).toBe(1);
  expect(String(output.mock.calls[0]![0])).toContain("\n    main.tf:1\n");
  expect(main(["--source", join(scratch, "none")], () => PLAN)).toBe(2);
  expect(error.mock.calls).toStrictEqual([[`--source ${join(scratch, "none")} cannot be read: ENOENT`]]);
  mkdirSync(join(scratch, "other"));
  expect(main(["--source", join(scratch, "other")], () => PLAN)).toBe(1);
  expect(error.mock.calls[1]).toStrictEqual([
    `--source ${join(scratch, "other")} has no resource that a finding names: it must be the root module, after terraform init`,
  ]);
  jest.restoreAllMocks();
});

test("--source warns of a file with a syntax error, and ignores files outside the repository", () => {
  write({
    "outside.tf.json": "{",
    "root/.git/HEAD": "",
    "root/broken.tf.json": '{"resource": {"aws_kms_key": {"other": {}}}',
    "root/broken2.tf": `${KEY}resource "aws_kms_key" "l" {\n`,
    "root/empty.tf": "",
    "root/empty.tf.json": "",
    "root/good.tf.json": "{}",
    "root/main.tf": KEY,
  });
  symlinkSync(join(scratch, "outside.tf.json"), join(scratch, "root", "link.tf.json"));
  jest.spyOn(process.stdout, "write").mockImplementation(() => true);
  const error = jest.spyOn(console, "error").mockImplementation(() => undefined);
  expect(main(["--source", join(scratch, "root")], () => PLAN)).toBe(1);
  expect(error.mock.calls.flat()).toStrictEqual(
    ["broken.tf.json", "broken2.tf", "empty.tf.json"].map(
      (name) => `--source ${name} has a syntax error, so Terraform refuses it`,
    ),
  );
  jest.restoreAllMocks();
});

test("--source fails with the path of a file that cannot be read", () => {
  write({ "main.tf": KEY });
  const error = jest.spyOn(console, "error").mockImplementation(() => undefined);
  const read = jest.spyOn(fs, "readFileSync").mockImplementation(() => {
    throw Object.assign(new Error("permission denied"), { code: "EACCES" });
  });
  const status = main(["--source", scratch], () => PLAN);
  read.mockRestore();
  expect([status, error.mock.calls]).toStrictEqual([
    2,
    [[`--source ${join(scratch, "main.tf")} cannot be read: EACCES`]],
  ]);
  error.mockRestore();
});

describe("--source for several plans", () => {
  let output: string;
  let error: jest.SpyInstance;
  beforeEach(() => {
    write({ "prod/main.tf": KEY, "test/main.tf": `\n${KEY}` });
    jest.spyOn(process.stdout, "write").mockImplementation((text) => {
      output = String(text);
      return true;
    });
    error = jest.spyOn(console, "error").mockImplementation(() => undefined);
  });
  afterEach(() => jest.restoreAllMocks());

  /** The exit status, and the places of each plan's findings. */
  function reviewed(inputs: readonly string[], sources: readonly string[], text = PLAN) {
    const options = sources.flatMap((source) => ["--source", source.replace(/(?=\w+$)/, `${scratch}/`)]);
    const status = main([...inputs, "--format", "json", ...options], () => text);
    if (status === 2) {
      return { status };
    }
    const { plans } = JSON.parse(output) as {
      plans: { findings: { location?: { line: number } }[] }[];
    };
    return { lines: plans.map(({ findings }) => findings[0]!.location?.line), status };
  }

  test("gives each plan the directory whose pattern matches its name", () => {
    const sources = ["prod.json=prod", "t*.json=test"];
    expect(reviewed(["test.json", "prod.json", "other.json"], sources)).toStrictEqual({
      lines: [2, 1, undefined],
      status: 1,
    });
    expect(error).not.toHaveBeenCalled();
  });

  test("gives a directory without a pattern to the plans that match no pattern, and numbers the plans of one input", () => {
    expect(reviewed(["-"], ["standard input (plan 2)=test", "prod"], PLAN.repeat(3)).lines).toStrictEqual([1, 2, 1]);
  });

  test("refuses two directories for one plan", () => {
    expect(reviewed(["a.json"], ["prod", "test"]).status).toBe(2);
    expect(reviewed(["a.json"], ["*.json=prod", "a*=test"]).status).toBe(2);
    expect(error.mock.calls).toStrictEqual([
      [
        `a.json must have one --source, got: ${scratch}/prod, ${scratch}/test. Name the plan of each: --source PLAN=DIR`,
      ],
      [
        `a.json must have one --source, got: *.json=${scratch}/prod, a*=${scratch}/test. Name the plan of each: --source PLAN=DIR`,
      ],
    ]);
  });

  test("warns of a directory whose pattern matches no plan", () => {
    expect(reviewed(["a.json"], ["b.json=prod"]).lines).toStrictEqual([undefined]);
    expect(error.mock.calls).toStrictEqual([[`--source b.json=${scratch}/prod matches no plan`]]);
  });
});
