import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../support/paths";
import { configuration, directory, fileOf, files, scripts, synth, WAREHOUSE } from "../support/project";

const { app } = JSON.parse(readFileSync(join(ROOT, "cdktf.json"), "utf8")) as { app: string };

test("cdktf.json and `npm run synth` have the same command", () => {
  expect(app).toBe(scripts.synth);
});

test("synth writes two stacks for the shipped configuration, and no other files", async () => {
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
});

test("synth writes to CDKTF_OUTDIR, with the path of the state in the project's directory", async () => {
  expect((await synth({ CDKTF_OUTDIR: "other/out" })).status).toBe(0);
  const text = readFileSync(join(directory, "other", "out", "stacks", "analytics-cluster", "cdk.tf.json"), "utf8");
  expect(text).toContain('"path": "../../../../terraform.analytics-cluster.tfstate"');
});

test("synth refuses a CDKTF_OUTDIR that is a file or below a file", async () => {
  for (const outdir of ["warehouses.yaml", "warehouses.yaml/out"]) {
    expect(await synth({ CDKTF_OUTDIR: outdir })).toStrictEqual({
      status: 1,
      stderr: `CDKTF_OUTDIR must be a writable directory, got: ${outdir} (ENOTDIR)\n`,
      stdout: "",
    });
  }
  expect(readdirSync(directory)).toStrictEqual(["warehouses.yaml"]);
});

test("synth reads the file that WAREHOUSES names", async () => {
  const { status } = await synth(configuration(`warehouses:${WAREHOUSE}`));
  expect(status).toBe(0);
  expect(files()).toContain(join("stacks", "one"));
});

test("synth writes the cloud backend of an organization", async () => {
  const { status } = await synth(configuration(`backend: {cloud: {organization: example}}\nwarehouses:${WAREHOUSE}`));
  expect(status).toBe(0);
  expect((JSON.parse(fileOf("one")) as { terraform: object }).terraform).toMatchObject({
    cloud: { organization: "example", workspaces: { name: "one" } },
  });
});

test("synth keeps Terraform's lock file beside a stack", async () => {
  const stack = join(directory, "cdktf.out", "stacks", "one");
  mkdirSync(stack, { recursive: true });
  writeFileSync(join(stack, ".terraform.lock.hcl"), "lock");
  await synth(configuration(`warehouses:${WAREHOUSE}`));
  expect(readdirSync(stack).sort()).toStrictEqual([".terraform.lock.hcl", "cdk.tf.json"]);
});

test("synth removes the file of a stack that the configuration no longer has, and no other file", async () => {
  await synth();
  const stale = join(directory, "cdktf.out", "stacks", "analytics-cluster");
  writeFileSync(join(stale, ".terraform.lock.hcl"), "lock");
  writeFileSync(join(directory, "cdktf.out", "stacks", "notes"), "");
  for (const runs of ["1 new", "1 unchanged"]) {
    expect((await synth(configuration(`warehouses:${WAREHOUSE}`))).stdout).toContain(runs);
  }
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

test("synth --help prints its usage, and writes nothing", async () => {
  const { status, stderr, stdout } = await synth({}, "--help");
  expect([status, stderr]).toStrictEqual([0, ""]);
  expect(stdout).toMatch(/^Usage: npm --silent run synth -- \[STACK \.\.\.\]\n[^]*\n {2}--help\n/);
  expect(existsSync(join(directory, "cdktf.out"))).toBe(false);
});

test("synth refuses an unknown option", async () => {
  expect(await synth({}, "--drop")).toStrictEqual({
    status: 1,
    stderr: "Unknown option '--drop'; npm --silent run synth -- --help lists the options\n",
    stdout: "",
  });
});

test("synth refuses SYNTH_HCL_OUTPUT", async () => {
  expect(await synth({ SYNTH_HCL_OUTPUT: "true" })).toStrictEqual({
    status: 1,
    stderr: "--hcl must be left out: Terraform refuses the HCL that CDKTF writes\n",
    stdout: "",
  });
  expect(existsSync(join(directory, "cdktf.out"))).toBe(false);
});

test("synth names WAREHOUSES and the default file in its error if both are missing", async () => {
  rmSync(join(directory, "warehouses.yaml"));
  const stderr = `WAREHOUSES must name a file, because there is no ${join(directory, "warehouses.yaml")}\n`;
  expect(await synth()).toStrictEqual({ status: 1, stderr, stdout: "" });
});

test("synth reads the file that WAREHOUSES names without a default file", async () => {
  rmSync(join(directory, "warehouses.yaml"));
  expect((await synth(configuration(`warehouses:${WAREHOUSE}`))).status).toBe(0);
});

test("synth reads the default file if WAREHOUSES is empty", async () => {
  expect((await synth({ WAREHOUSES: "" })).status).toBe(0);
});

test("synth prints a warning with the path of its construct", async () => {
  const { status, stderr } = await synth(configuration(`warehouses:${WAREHOUSE}    key: {deletionWindowInDays: 7}\n`));
  expect(status).toBe(0);
  expect(stderr).toBe(
    "warning: [one/Key] a deletion window of 7 days is too short: Redshift keeps a warehouse without its key for " +
      "14 days\n",
  );
});

test("synth prints a warning of several stacks once", async () => {
  const entries = ["one", "two", "three"].map(
    (name) => `${WAREHOUSE.replace("name: one", `name: ${name}`)}    key: {deletionWindowInDays: 7}\n`,
  );
  for (const [count, start] of [
    [2, "[one/Key and 1 more] a deletion"],
    [3, "[one/Key and 2 more] a deletion"],
  ] as const) {
    const { stderr } = await synth(configuration(`warehouses:${entries.slice(0, count).join("")}`));
    expect(stderr.split("\n")).toStrictEqual([expect.stringContaining(start), ""]);
  }
});

test("synth prints construct paths without the ID Default in warnings", async () => {
  const cluster = `cluster:
      masterUsername: keeper
      nodeType: ra3.large
      scheduledActions: [{action: resize, actionName: grow, nodeType: ra3.xlplus, schedule: "cron(0 20 * * ? *)"}]
`;
  const users = "users: [{roleArn: arn:aws:iam::111122223333:role/ExampleUserRole, databaseUser: keeper}]";
  const entry = WAREHOUSE.replace(/users: .*/, users).replace("serverless: {}\n", cluster);
  const { status, stderr } = await synth(configuration(`warehouses:${entry}`));
  expect(status).toBe(0);
  expect(stderr).toContain("warning: [one/Access-ExampleUserRole] 'databaseUser' is keeper, the warehouse's admin");
  expect(stderr).toContain("undoes this resize, unless the props of one/Cluster give the same nodes by then\n");
  expect(stderr).not.toContain("Default");
});

test("synth writes a warning into the manifest without a stack trace", async () => {
  await synth(configuration(`warehouses:${WAREHOUSE}    key: {deletionWindowInDays: 7}\n`));
  const { stacks } = JSON.parse(readFileSync(join(directory, "cdktf.out", "manifest.json"), "utf8")) as {
    stacks: { one: { annotations: object[] } };
  };
  expect(stacks.one.annotations).toStrictEqual([
    {
      constructPath: "one/Key",
      level: "@cdktf/warn",
      message: expect.stringMatching(/^a deletion window of 7 days is too short/) as string,
    },
  ]);
});

describe("synth of a configuration with a problem", () => {
  test.each([
    [
      "in a value of a warehouse",
      `warehouses:${WAREHOUSE.replace("us-east-1", "us-est-1")}`,
      "4 warehouses[0].region must be an AWS region, got: us-est-1",
    ],
    [
      "in defaultTags",
      `defaultTags: {a*b: c}\nwarehouses:${WAREHOUSE}`,
      '1 defaultTags must be at most 50 tags: keys of 1 to 128 characters that do not start with aws: and differ in more than case, values of at most 256, and in both only letters, digits, spaces and any of _.:/=+-@, got: {"a*b":"c"}',
    ],
    [
      "in two values that contradict each other",
      `warehouses:${WAREHOUSE.replace("{}", "{baseCapacity: 64, maxCapacity: 8}")}`,
      "7 warehouses[0].serverless.maxCapacity must be at least 'baseCapacity', 64, got: 8",
    ],
  ])("%s prints one line, ends with status 1, and keeps the earlier output", async (_, text, line) => {
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

  test("prints one line with the path of a missing file", async () => {
    expect(await synth({ WAREHOUSES: "no-such.yaml" })).toStrictEqual({
      status: 1,
      stderr: `no-such.yaml cannot be read: there is no such file (${join(directory, "no-such.yaml")})\n`,
      stdout: "",
    });
  });
});
