import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const ROOT = dirname(__dirname);
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

/** Runs the app as `npm run synth` does, in a directory of its own and on a path that holds nothing. */
function synth(env: Record<string, string> = {}) {
  const [, flag, register, main] = scripts.synth!.split(" ") as [string, string, string, string];
  const { status, stderr, stdout } = spawnSync(process.execPath, [flag, join(ROOT, register), join(ROOT, main)], {
    cwd: directory,
    encoding: "utf8",
    env: { PATH: directory, ...env },
  });
  return { status, stderr, stdout };
}

function written(stack: string): string {
  return readFileSync(join(directory, "cdktf.out", "stacks", stack, "cdk.tf.json"), "utf8");
}

function files(): string[] {
  return readdirSync(join(directory, "cdktf.out"), { recursive: true, encoding: "utf8" }).sort();
}

const WAREHOUSE = `
  - name: one
    account: "111122223333"
    region: us-east-1
    administrators: [arn:aws:iam::111122223333:role/ExampleAdminRole]
    users: [arn:aws:iam::111122223333:role/ExampleUserRole]
    serverless: {}
`;

function configuration(text: string): { WAREHOUSES: string } {
  writeFileSync(join(directory, "w.yaml"), text);
  return { WAREHOUSES: "w.yaml" };
}

test("cdktf and `npm run synth` run the app in the same way", () => {
  expect(app).toBe(scripts.synth);
});

test("the shipped configuration becomes two stacks, it says where, and a second run writes the same bytes", () => {
  expect(synth()).toStrictEqual({
    status: 0,
    stderr: "",
    stdout: ["analytics-cluster", "analytics-serverless"]
      .map((stack) => `${stack}: ${join("cdktf.out", "stacks", stack, "cdk.tf.json")}\n`)
      .join(""),
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
  synth({ AWS_REGION: "eu-west-1", HOME: directory, TZ: "Asia/Kolkata" });
  expect(read()).toStrictEqual(before);
});

test("CDKTF_OUTDIR names another output directory, and the state stays in the project's", () => {
  expect(synth({ CDKTF_OUTDIR: "other/out" }).status).toBe(0);
  const text = readFileSync(join(directory, "other", "out", "stacks", "analytics-cluster", "cdk.tf.json"), "utf8");
  expect(text).toContain('"path": "../../../../terraform.analytics-cluster.tfstate"');
});

test("WAREHOUSES names another file", () => {
  const { status } = synth(configuration(`warehouses:${WAREHOUSE}`));
  expect(status).toBe(0);
  expect(files()).toContain(join("stacks", "one"));
});

test("a cloud backend needs no terraform, either", () => {
  const { status } = synth(configuration(`backend: {cloud: {organization: example}}\nwarehouses:${WAREHOUSE}`));
  expect(status).toBe(0);
  expect((JSON.parse(written("one")) as { terraform: object }).terraform).toMatchObject({
    cloud: { organization: "example", workspaces: { name: "one" } },
  });
});

test("what Terraform keeps beside a stack stays", () => {
  const stack = join(directory, "cdktf.out", "stacks", "one");
  mkdirSync(stack, { recursive: true });
  writeFileSync(join(stack, ".terraform.lock.hcl"), "lock");
  synth(configuration(`warehouses:${WAREHOUSE}`));
  expect(readdirSync(stack).sort()).toStrictEqual([".terraform.lock.hcl", "cdk.tf.json"]);
});

test("what an earlier run wrote and this one does not is gone", () => {
  synth();
  const stale = join(directory, "cdktf.out", "stacks", "analytics-cluster");
  writeFileSync(join(stale, ".terraform.lock.hcl"), "lock");
  writeFileSync(join(directory, "cdktf.out", "stacks", "notes"), "");
  synth(configuration(`warehouses:${WAREHOUSE}`));
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

test("HCL is refused", () => {
  expect(synth({ SYNTH_HCL_OUTPUT: "true" })).toStrictEqual({
    status: 1,
    stderr: "--hcl must be left out: what the framework writes then is refused by Terraform\n",
    stdout: "",
  });
  expect(existsSync(join(directory, "cdktf.out"))).toBe(false);
});

test("an empty WAREHOUSES names no file", () => {
  expect(synth({ WAREHOUSES: "" }).status).toBe(0);
});

test("a warning is printed with the construct that it is about", () => {
  const { status, stderr } = synth(configuration(`warehouses:${WAREHOUSE}    key: {deletionWindowInDays: 7}\n`));
  expect(status).toBe(0);
  expect(stderr).toBe(
    "warning: [one/Key] a deletion window of 7 days ends before the 14 days after which Redshift deletes a warehouse " +
      "whose key is inaccessible: the key cannot be restored in time\n",
  );
});

describe("a configuration that is wrong", () => {
  test.each([
    [
      "breaks a rule of the schema",
      `warehouses:${WAREHOUSE.replace("us-east-1", "us-est-1")}`,
      "4 warehouses[0].region must be an AWS region, got: us-est-1",
    ],
    [
      "breaks a rule between two settings",
      `warehouses:${WAREHOUSE.replace("{}", "{baseCapacity: 64, maxCapacity: 8}")}`,
      "7 warehouses[0].serverless.maxCapacity must be at least 'baseCapacity', 64, got: 8",
    ],
  ])("which %s: one line, status 1, and the output is not touched", (_, text, line) => {
    const stack = join(directory, "cdktf.out", "stacks", "one");
    mkdirSync(stack, { recursive: true });
    writeFileSync(join(stack, "cdk.tf.json"), "before");
    expect(synth(configuration(text))).toStrictEqual({ status: 1, stderr: `w.yaml:${line}\n`, stdout: "" });
    expect(files()).toStrictEqual(["stacks", join("stacks", "one"), join("stacks", "one", "cdk.tf.json")]);
    expect(written("one")).toBe("before");
    expect(readdirSync(directory).sort()).toStrictEqual(["cdktf.out", "w.yaml", "warehouses.yaml"]);
  });

  test("writes nothing where nothing was", () => {
    synth(configuration("warehouses: []"));
    expect(existsSync(join(directory, "cdktf.out"))).toBe(false);
  });

  test("a file that is not there is named", () => {
    expect(synth({ WAREHOUSES: "no-such.yaml" })).toStrictEqual({
      status: 1,
      stderr: `no-such.yaml cannot be read: there is no such file (${join(directory, "no-such.yaml")})\n`,
      stdout: "",
    });
  });
});
