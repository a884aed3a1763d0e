import { spawnSync } from "node:child_process";
import fs, {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  type PathLike,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { list as listProgram } from "../../../app/cli/list";
import { synth as synthProgram } from "../../../app/cli/synth";
import { inProcess, type Result } from "../../support/in-process";
import { ROOT } from "../../support/paths";

const { app } = JSON.parse(readFileSync(join(ROOT, "cdktf.json"), "utf8")) as { app: string };
const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { scripts: Record<string, string> };

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "synth-"));
  copyFileSync(join(ROOT, "warehouses.yaml"), join(directory, "warehouses.yaml"));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

/** Runs a script of the package as a child process in the directory of the test. Its PATH has no programs. */
function script(name: string, env: Record<string, string>, ...args: readonly string[]): Result {
  const [, flag, register, main] = scripts[name]!.split(" ") as [string, string, string, string];
  const command = [flag, join(ROOT, register), join(ROOT, main), ...args];
  const { status, stderr, stdout } = spawnSync(process.execPath, command, {
    cwd: directory,
    encoding: "utf8",
    env: { PATH: directory, ...env },
  });
  return { status, stderr, stdout };
}

async function synth(env: Record<string, string> = {}, ...args: string[]): Promise<Result> {
  return inProcess(synthProgram, directory, { PATH: directory, ...env }, args);
}

async function list(env: Record<string, string> = {}, ...args: string[]): Promise<Result> {
  return inProcess(listProgram, directory, { PATH: directory, ...env }, args);
}

function fileOf(stack: string): string {
  return readFileSync(join(directory, "cdktf.out", "stacks", stack, "cdk.tf.json"), "utf8");
}

function files(): string[] {
  return readdirSync(join(directory, "cdktf.out"), { recursive: true, encoding: "utf8" }).sort();
}

const WAREHOUSE = `
  - name: one
    account: "111122223333"
    region: us-east-1
    administrators: [arn:aws:iam::111122223333:role/ExampleAdminRole, arn:aws:iam::111122223333:role/SecondAdminRole]
    users: [arn:aws:iam::111122223333:role/ExampleUserRole]
    serverless: {}
`;

function configuration(text: string): { WAREHOUSES: string } {
  writeFileSync(join(directory, "w.yaml"), text);
  return { WAREHOUSES: "w.yaml" };
}

test("cdktf and `npm run synth` run the same command", () => {
  expect(app).toBe(scripts.synth);
});

test("synthesizes the shipped configuration to two stacks, and to the same bytes in another process", async () => {
  expect(await synth()).toStrictEqual({
    status: 0,
    stderr: "",
    stdout: `${["analytics-cluster", "analytics-serverless"]
      .map((stack) => `${stack}: ${join("cdktf.out", "stacks", stack, "cdk.tf.json")}\n`)
      .join("")}2 stacks: 2 new, 0 changed, 0 unchanged\n`,
  });
  expect(files()).toStrictEqual([
    "manifest.json",
    "stacks",
    join("stacks", "analytics-cluster"),
    join("stacks", "analytics-cluster", "cdk.tf.json"),
    join("stacks", "analytics-serverless"),
    join("stacks", "analytics-serverless", "cdk.tf.json"),
  ]);
  expect(readdirSync(directory).sort()).toStrictEqual(["cdktf.out", "warehouses.yaml"]);

  const read = () =>
    files()
      .filter((file) => file.endsWith(".json"))
      .map((file) => readFileSync(join(directory, "cdktf.out", file), "utf8"));
  const before = read();
  expect(before.join("")).not.toContain(ROOT);
  expect(before.join("")).not.toContain(directory);
  const again = script("synth", { AWS_REGION: "eu-west-1", HOME: directory, TZ: "Asia/Kolkata" });
  expect(read()).toStrictEqual(before);
  expect(again).toMatchObject({ status: 0, stderr: "" });
  expect(again.stdout).toMatch(/\n2 stacks: 0 new, 0 changed, 2 unchanged\n$/);
});

describe("selected stacks", () => {
  const fleet = `
defaults:
  account: "111122223333"
  region: us-east-1
keys: [{name: shared, administrators: [arn:aws:iam::111122223333:root]}]
warehouses:
  - {name: sales-one, key: shared, users: [arn:aws:iam::111122223333:role/Reader], serverless: {}}
  - name: sales-two
    administrators: [arn:aws:iam::111122223333:root]
    users: [{roleArn: "arn:aws:iam::111122223333:role/team/Reader"}, {roleName: Writer, trustedServices: [lambda.amazonaws.com]}]
    cluster: {nodeType: ra3.large}
  - name: reports
    key: shared
    users: [arn:aws:iam::111122223333:role/Reporter]
    serverless: {}
`;
  const wholeManifest = () =>
    JSON.parse(readFileSync(join(directory, "cdktf.out", "manifest.json"), "utf8")) as { stacks: object };
  const manifest = () => Object.keys(wholeManifest().stacks);
  const summary = (text: string) => text.trim().split("\n").at(-1);

  test("are written with the keys that they share, and other files stay", async () => {
    expect((await synth(configuration(fleet), "sales-o*")).stdout).toBe(
      ["shared", "sales-one"]
        .map((stack) => `${stack}: ${join("cdktf.out", "stacks", stack, "cdk.tf.json")}\n`)
        .join("") + "2 stacks: 2 new, 0 changed, 0 unchanged\n",
    );
    expect(manifest()).toStrictEqual(["sales-one", "shared"]);
    const key = fileOf("shared");
    expect(key).toContain("role/Reporter");
    expect(summary((await synth(configuration(fleet))).stdout)).toBe("4 stacks: 2 new, 0 changed, 2 unchanged");
    const all = wholeManifest();

    expect(
      summary((await synth(configuration(fleet.replace("ra3.large", "rg.large")), "sales-two", "reports")).stdout),
    ).toBe("3 stacks: 0 new, 1 changed, 2 unchanged");
    expect(fileOf("sales-two")).toContain("rg.large");
    expect(fileOf("shared")).toBe(key);
    expect(wholeManifest()).toStrictEqual(all);
  });

  test("are written without the keys and parameter groups of other stacks", async () => {
    const { stdout } = await synth(configuration(`${fleet}parameterGroups: [{name: standard}]\n`), "sales-two");
    expect(stdout).toBe(
      `sales-two: ${join("cdktf.out", "stacks", "sales-two", "cdk.tf.json")}\n1 stack: 1 new, 0 changed, 0 unchanged\n`,
    );
  });

  test("leave the manifest without stacks that the configuration no longer has", async () => {
    await synth(configuration(fleet));
    await synth(configuration(fleet.replace("name: reports", "name: news")), "sales-two");
    expect(manifest()).toStrictEqual(["sales-one", "sales-two", "shared"]);
    expect(existsSync(join(directory, "cdktf.out", "stacks", "reports", "cdk.tf.json"))).toBe(false);
  });

  test.each([
    [
      "a pattern that matches nothing",
      fleet,
      "arguments must name or match a stack, got: sales-*x, did you mean sales-one?\n",
    ],
    [
      "a problem in another stack",
      fleet.replace("ra3.large", "dc2.large"),
      "w.yaml:11 warehouses[1].cluster.nodeType must be one of ra3.large, ra3.xlplus, ra3.4xlarge, ra3.16xlarge, rg.large, rg.xlarge, rg.4xlarge, rg.12xlarge, or a newer value of the same form, got: dc2.large\n",
    ],
  ])("are not written for %s", async (_, text, stderr) => {
    expect(await synth(configuration(text), "sales-*x")).toStrictEqual({ status: 1, stderr, stdout: "" });
    expect(await list(configuration(text), "sales-*x")).toStrictEqual({ status: 1, stderr, stdout: "" });
  });

  test("are listed as a table", async () => {
    const endpoint = "{name: vpc, subnetIds: [subnet-0123456789abcdef0], vpcId: vpc-0123456789abcdef0}";
    expect(
      await list(configuration(`${fleet}dataApiEndpoints: [${endpoint}]\nparameterGroups: [{name: standard}]\n`)),
    ).toStrictEqual({
      status: 0,
      stderr: "",
      stdout: `stack      account       region     kind               key              users
shared     111122223333  us-east-1  key                alias/shared     Reader, Reporter
standard   111122223333  us-east-1  parameter-group
sales-one  111122223333  us-east-1  serverless         shared           Reader
sales-two  111122223333  us-east-1  cluster            alias/sales-two  Reader, Writer
reports    111122223333  us-east-1  serverless         shared           Reporter
vpc        111122223333  us-east-1  data-api-endpoint
`,
    });
    expect(existsSync(join(directory, "cdktf.out"))).toBe(false);
  });

  test("are listed with warehouses that exist", async () => {
    const keyArn = "arn:aws:kms:us-east-1:111122223333:key/12345678-1234-1234-1234-123456789012";
    const entry = (name: string, existing: string) =>
      `  - {name: ${name}, key: {keyArn: "${keyArn}"}, users: [{roleName: ${name}}], existing: {${existing}}}\n`;
    const entries = entry("orders", "clusterIdentifier: orders") + entry("clicks", "workgroupName: clicks");
    const { stdout } = await list(configuration(fleet + entries), "orders", "clicks");
    expect(stdout)
      .toBe(`stack   account       region     kind                 key                                                                          users
orders  111122223333  us-east-1  existing-cluster     ${keyArn}  orders
clicks  111122223333  us-east-1  existing-serverless  ${keyArn}  clicks
`);
  });

  test("are not listed if the configuration has a problem", async () => {
    expect(await list(configuration(fleet.replace("region: us-east-1", "region: us-est-1")))).toStrictEqual({
      status: 1,
      stderr: "w.yaml:4 defaults.region must be an AWS region, got: us-est-1\n",
      stdout: "",
    });
  });

  test("are listed as JSON", async () => {
    const { stdout } = await list(configuration(fleet), "--json", "sales-*");
    expect(JSON.parse(stdout)).toStrictEqual([
      {
        account: "111122223333",
        key: "alias/shared",
        kind: "key",
        region: "us-east-1",
        stack: "shared",
        users: ["arn:aws:iam::111122223333:role/Reader", "arn:aws:iam::111122223333:role/Reporter"],
      },
      {
        account: "111122223333",
        key: "shared",
        kind: "serverless",
        region: "us-east-1",
        stack: "sales-one",
        users: ["arn:aws:iam::111122223333:role/Reader"],
      },
      {
        account: "111122223333",
        key: "alias/sales-two",
        kind: "cluster",
        region: "us-east-1",
        stack: "sales-two",
        users: ["arn:aws:iam::111122223333:role/team/Reader", "Writer"],
      },
    ]);
  });

  test("are refused with an unknown option", async () => {
    expect((await list({}, "--yaml")).stderr).toBe("option must be --json, got: --yaml\n");
  });
});

describe("a stack that the configuration no longer has is named in a warning", () => {
  const gone = join("cdktf.out", "stacks", "gone");
  const fix = "restore its entry and run cdktf destroy gone";
  const without = async () => (await synth(configuration(`warehouses:${WAREHOUSE}`))).stderr;
  const withGone = (top = "") => synth(configuration(`${top}warehouses:${WAREHOUSE.replace("one", "gone")}`));
  const terraformed = (type: string) => {
    mkdirSync(join(directory, gone, ".terraform"), { recursive: true });
    const state = JSON.stringify({ backend: { type }, version: 3 });
    writeFileSync(join(directory, gone, ".terraform", "terraform.tfstate"), state);
  };

  test("in every run while its local state has resources", async () => {
    await withGone();
    writeFileSync(join(directory, "terraform.gone.tfstate"), JSON.stringify({ resources: [{}] }));
    const warning = `warning: gone is no longer in the configuration, but its resources still exist, as terraform.gone.tfstate shows: ${fix}\n`;
    expect(await without()).toBe(warning);
    expect(await without()).toBe(warning);
    const lookups = [{ mode: "data", type: "aws_caller_identity" }];
    writeFileSync(join(directory, "terraform.gone.tfstate"), JSON.stringify({ resources: lookups }));
    // An interrupted apply leaves an empty file.
    writeFileSync(join(directory, "terraform.never.tfstate"), "");
    expect(await without()).toBe("");
  });

  test("in one line if WAREHOUSES seems to be missing", async () => {
    const names = ["a", "b", "c", "d"];
    names.forEach((name) => writeFileSync(join(directory, `terraform.${name}.tfstate`), "{"));
    const hint =
      "warning: WAREHOUSES may be missing: no stack of warehouses.yaml was deployed from here, but others were " +
      "(a, b, c, 1 more): name their file in WAREHOUSES or, to destroy them, restore their entries and run cdktf destroy\n";
    expect((await synth()).stderr).toBe(hint);
    expect((await synth({ WAREHOUSES: "warehouses.yaml" })).stderr.split("\n")).toHaveLength(names.length + 1);
    writeFileSync(join(directory, "terraform.analytics-cluster.tfstate"), "");
    expect((await synth()).stderr.split("\n")).toHaveLength(names.length + 1);
  });

  test("if its state is not readable", async () => {
    writeFileSync(join(directory, "terraform.gone.tfstate"), "{");
    expect(await without()).toContain("gone is no longer in the configuration");
  });

  test("in every run if its state is in S3, and Terraform has run", async () => {
    await withGone("backend: {s3: {bucket: bucket, region: us-east-1}}\n");
    terraformed("s3");
    const warning = `warning: gone is no longer in the configuration, but its state in s3 may still have resources: ${fix}, or delete ${gone} if they are destroyed\n`;
    expect(await without()).toBe(warning);
    expect(await without()).toBe(warning);
    rmSync(join(directory, gone), { recursive: true });
    expect(await without()).toBe("");
  });

  test("in one run if its state is elsewhere, and Terraform has not run", async () => {
    await withGone("backend: {cloud: {organization: example}}\n");
    expect(await without()).toContain("its state in cloud may still have resources");
    expect(await without()).toBe("");
  });

  test("in no run if it was never deployed", async () => {
    await withGone();
    terraformed("local");
    expect(await without()).toBe("");
  });
});

test("writes to CDKTF_OUTDIR, and keeps the state in the project's directory", async () => {
  expect((await synth({ CDKTF_OUTDIR: "other/out" })).status).toBe(0);
  const text = readFileSync(join(directory, "other", "out", "stacks", "analytics-cluster", "cdk.tf.json"), "utf8");
  expect(text).toContain('"path": "../../../../terraform.analytics-cluster.tfstate"');
});

test("refuses a CDKTF_OUTDIR that is no directory", async () => {
  for (const outdir of ["warehouses.yaml", "warehouses.yaml/out"]) {
    expect(await synth({ CDKTF_OUTDIR: outdir })).toStrictEqual({
      status: 1,
      stderr: `CDKTF_OUTDIR must be a writable directory, got: ${outdir} (ENOTDIR)\n`,
      stdout: "",
    });
  }
  expect(readdirSync(directory)).toStrictEqual(["warehouses.yaml"]);
});

test("reads the file that WAREHOUSES names", async () => {
  const { status } = await synth(configuration(`warehouses:${WAREHOUSE}`));
  expect(status).toBe(0);
  expect(files()).toContain(join("stacks", "one"));
});

test("synthesizes a cloud backend without terraform", async () => {
  const { status } = await synth(configuration(`backend: {cloud: {organization: example}}\nwarehouses:${WAREHOUSE}`));
  expect(status).toBe(0);
  expect((JSON.parse(fileOf("one")) as { terraform: object }).terraform).toMatchObject({
    cloud: { organization: "example", workspaces: { name: "one" } },
  });
});

test("keeps the files of Terraform beside a stack", async () => {
  const stack = join(directory, "cdktf.out", "stacks", "one");
  mkdirSync(stack, { recursive: true });
  writeFileSync(join(stack, ".terraform.lock.hcl"), "lock");
  await synth(configuration(`warehouses:${WAREHOUSE}`));
  expect(readdirSync(stack).sort()).toStrictEqual([".terraform.lock.hcl", "cdk.tf.json"]);
});

test("removes the file of a stack that the configuration no longer has", async () => {
  await synth();
  const stale = join(directory, "cdktf.out", "stacks", "analytics-cluster");
  writeFileSync(join(stale, ".terraform.lock.hcl"), "lock");
  writeFileSync(join(directory, "cdktf.out", "stacks", "notes"), "");
  await synth(configuration(`warehouses:${WAREHOUSE}`));
  expect(files()).toStrictEqual([
    "manifest.json",
    "stacks",
    join("stacks", "analytics-cluster"),
    join("stacks", "analytics-cluster", ".terraform.lock.hcl"),
    join("stacks", "analytics-serverless"),
    join("stacks", "notes"),
    join("stacks", "one"),
    join("stacks", "one", "cdk.tf.json"),
  ]);
});

describe("the output directory", () => {
  const one = () => configuration(`warehouses:${WAREHOUSE}`);
  const stacks = (...path: string[]) => join(directory, "cdktf.out", "stacks", ...path);
  const systemError = (code: string, message: string) =>
    Object.assign(new Error(`${code}: ${message}, rename`), { code, syscall: "rename" });
  const leftovers = () => files().filter((file) => file.startsWith("."));

  test("may be on another file system than the project", async () => {
    const isWithin = (path: PathLike) => resolve(path.toString()).startsWith(join(directory, "cdktf.out"));
    const { renameSync } = fs;
    jest.spyOn(fs, "renameSync").mockImplementation((from, to) => {
      if (isWithin(from) !== isWithin(to)) {
        throw systemError("EXDEV", "cross-device link not permitted");
      }
      renameSync(from, to);
    });
    expect(await synth(one())).toMatchObject({ status: 0, stderr: "" });
    expect(fileOf("one")).toContain("aws_redshiftserverless_workgroup");
  });

  test("is reported in one line if the disk is full", async () => {
    jest.spyOn(fs, "renameSync").mockImplementation(() => {
      throw systemError("ENOSPC", "no space left on device");
    });
    expect(await synth(one())).toStrictEqual({
      status: 1,
      stderr: "ENOSPC: no space left on device, rename\n",
      stdout: "",
    });
    expect(leftovers()).toStrictEqual([]);
  });

  test.each([
    ["a stack", ["one"], "cdk.tf.json"],
    ["a dropped stack", ["gone"], "cdk.tf.json"],
    ["all stacks", [], join("one", "cdk.tf.json")],
  ])("is refused with a link in place of the directory of %s", async (_, path, victim) => {
    const target = join(directory, "victim");
    mkdirSync(join(target, "one"), { recursive: true });
    mkdirSync(join(stacks(...path), ".."), { recursive: true });
    writeFileSync(join(target, victim), "mine");
    symlinkSync(target, stacks(...path));
    expect(await synth(one())).toStrictEqual({
      status: 1,
      stderr: `${join("cdktf.out", "stacks", ...path)} must be a directory, and no link: remove it\n`,
      stdout: "",
    });
    expect(readFileSync(join(target, victim), "utf8")).toBe("mine");
    expect(leftovers()).toStrictEqual([]);
  });

  test("is refused with a file in place of a stack's directory", async () => {
    mkdirSync(stacks(), { recursive: true });
    writeFileSync(stacks("one"), "mine");
    const stderr = `${join("cdktf.out", "stacks", "one")} must be a directory, and no link: remove it\n`;
    expect(await synth(one())).toStrictEqual({ status: 1, stderr, stdout: "" });
    expect(readFileSync(stacks("one"), "utf8")).toBe("mine");
  });

  test("loses the staging directories of runs that have ended, and keeps those of others", async () => {
    const stagingOf = (pid: number) => `.synth-${hostname()}-${pid}`;
    const { pid: ended } = spawnSync(process.execPath, ["--version"]);
    for (const name of [stagingOf(ended), stagingOf(process.ppid), ".synth-other-1", ".synth-other-2"]) {
      mkdirSync(join(directory, "cdktf.out", name), { recursive: true });
    }
    utimesSync(join(directory, "cdktf.out", ".synth-other-2"), 0, 0);
    expect(await synth(one())).toMatchObject({ status: 0, stderr: "" });
    expect(leftovers()).toStrictEqual([".synth-other-1", stagingOf(process.ppid)].sort());
  });

  test("takes two runs at the same time", async () => {
    const configured = one();
    const { renameSync } = fs;
    jest.spyOn(fs, "renameSync").mockImplementationOnce((from, to) => {
      expect(script("synth", configured)).toMatchObject({ status: 0, stderr: "" });
      renameSync(from, to);
    });
    expect(await synth(configured)).toMatchObject({ status: 0, stderr: "" });
    expect(files()).toStrictEqual([
      "manifest.json",
      "stacks",
      join("stacks", "one"),
      join("stacks", "one", "cdk.tf.json"),
    ]);
  });
});

test("refuses an older Node.js in one line", () => {
  const hook = join(directory, "hook.cjs");
  writeFileSync(
    hook,
    'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "18.20.8" } });' +
      'Object.defineProperty(process, "version", { value: "v18.20.8" });',
  );
  for (const name of ["synth", "list"]) {
    expect(script(name, { NODE_OPTIONS: `--require ${hook}` })).toStrictEqual({
      status: 1,
      stderr: "Node.js 20 or newer is needed, got: v18.20.8\n",
      stdout: "",
    });
  }
});

test("refuses the output of HCL", async () => {
  expect(await synth({ SYNTH_HCL_OUTPUT: "true" })).toStrictEqual({
    status: 1,
    stderr: "--hcl must be left out: Terraform refuses the HCL that CDKTF writes\n",
    stdout: "",
  });
  expect(existsSync(join(directory, "cdktf.out"))).toBe(false);
});

test("names WAREHOUSES and the default file if both are missing", async () => {
  rmSync(join(directory, "warehouses.yaml"));
  const stderr = `WAREHOUSES must name a file, because there is no ${join(directory, "warehouses.yaml")}\n`;
  expect(await synth()).toStrictEqual({ status: 1, stderr, stdout: "" });
});

test("reads the default file if WAREHOUSES is empty", async () => {
  expect((await synth({ WAREHOUSES: "" })).status).toBe(0);
});

test("prints a warning with the path of its construct", async () => {
  const { status, stderr } = await synth(configuration(`warehouses:${WAREHOUSE}    key: {deletionWindowInDays: 7}\n`));
  expect(status).toBe(0);
  expect(stderr).toBe(
    "warning: [one/Key] a deletion window of 7 days ends before the 14 days after which Redshift deletes a warehouse " +
      "whose key is inaccessible: the key cannot be restored in time\n",
  );
});

test("writes a warning into the manifest without a stack trace", async () => {
  await synth(configuration(`warehouses:${WAREHOUSE}    key: {deletionWindowInDays: 7}\n`));
  const { stacks } = JSON.parse(readFileSync(join(directory, "cdktf.out", "manifest.json"), "utf8")) as {
    stacks: { one: { annotations: object[] } };
  };
  expect(stacks.one.annotations).toStrictEqual([
    {
      constructPath: "one/Key",
      level: "@cdktf/warn",
      message: expect.stringMatching(/^a deletion window of 7 days ends before the 14 days/) as string,
    },
  ]);
});

describe("a configuration with a problem", () => {
  test.each([
    [
      "in a value",
      `warehouses:${WAREHOUSE.replace("us-east-1", "us-est-1")}`,
      "4 warehouses[0].region must be an AWS region, got: us-est-1",
    ],
    [
      "in a value for all stacks",
      `defaultTags: {a*b: c}\nwarehouses:${WAREHOUSE}`,
      '1 defaultTags must be at most 50 tags with keys of 1 to 128 characters that differ in more than case and do not start with aws:, values of at most 256, and only letters, digits, spaces and any of _.:/=+-@, got: {"a*b":"c"}',
    ],
    [
      "between two values",
      `warehouses:${WAREHOUSE.replace("{}", "{baseCapacity: 64, maxCapacity: 8}")}`,
      "7 warehouses[0].serverless.maxCapacity must be at least 'baseCapacity', 64, got: 8",
    ],
  ])("%s ends with one line and status 1, and keeps the output", async (_, text, line) => {
    const stack = join(directory, "cdktf.out", "stacks", "one");
    mkdirSync(stack, { recursive: true });
    writeFileSync(join(stack, "cdk.tf.json"), "before");
    expect(await synth(configuration(text))).toStrictEqual({ status: 1, stderr: `w.yaml:${line}\n`, stdout: "" });
    expect(files()).toStrictEqual(["stacks", join("stacks", "one"), join("stacks", "one", "cdk.tf.json")]);
    expect(fileOf("one")).toBe("before");
    expect(readdirSync(directory).sort()).toStrictEqual(["cdktf.out", "w.yaml", "warehouses.yaml"]);
  });

  test("creates no output directory", async () => {
    await synth(configuration("warehouses: []"));
    expect(existsSync(join(directory, "cdktf.out"))).toBe(false);
  });

  test("names a missing file", async () => {
    expect(await synth({ WAREHOUSES: "no-such.yaml" })).toStrictEqual({
      status: 1,
      stderr: `no-such.yaml cannot be read: there is no such file (${join(directory, "no-such.yaml")})\n`,
      stdout: "",
    });
  });
});
