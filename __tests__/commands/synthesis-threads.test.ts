import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import workerThreads, { Worker } from "node:worker_threads";
import { synth } from "../../app/cli/synth";
import { withStacks } from "../../app/cli/synthesis-threads";
import { configuration, directory, files } from "../app/support/project";
import { inProcess } from "../support/in-process";
import { ROOT } from "../support/paths";
import { fleetOf } from "../support/support";

/** A stack of each kind. The warehouses of the shared key and of the shared parameter group are in several parts. */
const FLEET = `
keys:
  - {name: sales-key, account: "111122223333", region: us-east-1, administrators: [arn:aws:iam::111122223333:role/Admin]}
parameterGroups:
  - {name: standard, account: "111122223333", region: us-east-1}
dataApiEndpoints:
  - {name: endpoint, account: "111122223333", region: us-east-1, vpcId: vpc-0123456789abcdef0, subnetIds: [subnet-0123456789abcdef0]}
defaults:
  account: "111122223333"
  region: us-east-1
warehouses:
  - name: one
    key: sales-key
    users: [{roleName: SalesRole, trustedServices: [lambda.amazonaws.com]}]
    cluster: {nodeType: ra3.large, parameterGroup: standard}
  - name: two
    administrators: [arn:aws:iam::111122223333:role/Admin]
    users: [arn:aws:iam::111122223333:role/Analyst]
    key: {deletionWindowInDays: 7}
    serverless: {}
  - name: three
    key: sales-key
    users: [arn:aws:iam::111122223333:role/SalesRole]
    cluster: {nodeType: ra3.large, parameterGroup: standard}
  - name: four
    administrators: [arn:aws:iam::111122223333:role/Admin]
    users: [arn:aws:iam::111122223333:role/Analyst]
    key: {deletionWindowInDays: 8}
    serverless: {}
`;
const NAMES = ["sales-key", "standard", "one", "two", "three", "four", "endpoint"];

const synthOn = async (threads: number, text: string, ...stacks: readonly string[]) =>
  inProcess(async () => synth(threads), directory, { PATH: directory, ...configuration(text) }, stacks);

/** The output of one thread and of three, and the files that each has written. */
async function onOneAndThree(text: string, ...stacks: readonly string[]) {
  const results = [];
  for (const threads of [1, 3]) {
    const result = await synthOn(threads, text, ...stacks);
    const texts = existsSync(join(directory, "cdktf.out"))
      ? files()
          .filter((file) => file.endsWith(".json"))
          .map((file) => [file, readFileSync(join(directory, "cdktf.out", file), "utf8")])
      : undefined;
    rmSync(join(directory, "cdktf.out"), { force: true, recursive: true });
    results.push({ ...result, texts });
  }
  return results as [(typeof results)[0], (typeof results)[0]];
}

test("synth on three threads writes the same bytes and warnings as on one thread", async () => {
  const [one, three] = await onOneAndThree(FLEET);
  expect(one.status).toBe(0);
  expect(one.texts).toHaveLength(NAMES.length + 1);
  expect(one.stderr).toMatch(/a deletion window of 7 days[^]*a deletion window of 8 days/);
  expect(three).toStrictEqual(one);
});

test("synth on three threads writes the same selected stacks as on one thread", async () => {
  const [one, three] = await onOneAndThree(FLEET, "three", "four");
  expect(one.texts).toHaveLength(5);
  expect(three).toStrictEqual(one);
});

test("synth on three threads removes and names a dropped stack as on one thread", async () => {
  const results = [];
  for (const threads of [1, 3]) {
    await synthOn(1, FLEET);
    const kept = FLEET.slice(0, FLEET.indexOf("  - name: four"));
    results.push({ ...(await synthOn(threads, kept)), files: files() });
    rmSync(join(directory, "cdktf.out"), { recursive: true });
  }
  expect(results[0]!.files).not.toContain(join("stacks", "four", "cdk.tf.json"));
  expect(results[1]).toStrictEqual(results[0]);
});

test.each([
  ["in the stacks of one thread", FLEET.replace("deletionWindowInDays: 8", "deletionWindowInDays: 6"), 1],
  [
    "in the stacks of several threads",
    FLEET.replaceAll(/deletionWindowInDays: \d/g, "alias: alias/aws/redshift").replace(
      "administrators: [arn:aws:iam::111122223333:role/Admin]}",
      "administrators: [arn:aws:iam::444455556666:role/Admin]}",
    ),
    3,
  ],
  [
    "of a role in the stacks of all threads",
    `defaults:
  account: "111122223333"
  region: us-east-1
  key: {keyArn: arn:aws:kms:us-east-1:111122223333:key/12345678-1234-1234-1234-123456789012}
  users: [arn:aws:iam::111122223333:role/Analyst]
  cluster: {nodeType: ra3.large}
warehouses:
${Array.from({ length: 13 }, (_, index) => `  - {name: warehouse-${index}, cluster: {}}`).join("\n")}
`,
    1,
  ],
])("synth on three threads reports a problem %s as on one thread, and writes nothing", async (_, text, lines) => {
  const [one, three] = await onOneAndThree(text);
  expect(one).toMatchObject({ status: 1, stdout: "", texts: undefined });
  expect(one.stderr.trim().split("\n")).toHaveLength(lines);
  expect(three).toStrictEqual(one);
});

test("synth on three threads counts first all created stacks, and then all written stacks", async () => {
  const steps: (readonly [string, number, number])[] = [];
  const onStep = (...step: readonly [string, number, number]) => steps.push(step);
  const outdir = mkdtempSync(join(tmpdir(), "threads-"));
  try {
    await withStacks(fleetOf({ "w.yaml": FLEET }), { onStep, projectDirectory: ".", threads: 3 }, async (stacks) => {
      expect(stacks.names).toStrictEqual(NAMES);
      await stacks.write(outdir);
    });
  } finally {
    rmSync(outdir, { recursive: true });
  }
  const names = steps.map(([name]) => name);
  expect(names.lastIndexOf("Creating")).toBeLessThan(names.indexOf("Writing"));
  for (const step of ["Creating", "Writing"]) {
    const counts = steps.filter(([name]) => name === step).map(([, count]) => count);
    expect(counts).toStrictEqual([...counts].sort((a, b) => a - b));
    expect(counts.at(-1)).toBe(NAMES.length);
  }
  expect(new Set(steps.map(([, , all]) => all))).toStrictEqual(new Set([NAMES.length]));
});

test("synth prints one line and writes nothing if one of its threads ends early", async () => {
  jest.spyOn(workerThreads, "Worker").mockImplementation((file, options) => {
    const worker = new Worker(file, options);
    // The findings: its stacks are still to be written.
    worker.once("message", () => void worker.terminate());
    return worker;
  });
  expect(await synthOn(2, FLEET)).toStrictEqual({
    status: 1,
    stderr: "one of the threads ended with status 1: run the command again\n",
    stdout: "",
  });
  expect(readdirSync(join(directory, "cdktf.out"))).toStrictEqual([]);
});

test("synth throws a thread's error with its stack trace, and writes nothing", async () => {
  jest
    .spyOn(workerThreads, "Worker")
    .mockImplementation(() => new Worker('throw new TypeError("a bug");', { eval: true }));
  await expect(synthOn(2, FLEET)).rejects.toMatchObject({
    message: "a bug",
    stack: expect.stringContaining("TypeError: a bug\n    at ") as string,
  });
  expect(existsSync(join(directory, "cdktf.out"))).toBe(false);
});

test("synth prints one line if a thread needs more memory than V8 allows", async () => {
  const program = 'throw Object.assign(new Error("memory"), { code: "ERR_WORKER_OUT_OF_MEMORY" });';
  jest.spyOn(workerThreads, "Worker").mockImplementation(() => new Worker(program, { eval: true }));
  expect(await synthOn(2, FLEET)).toStrictEqual({
    status: 1,
    stderr: "NODE_OPTIONS must allow more memory for these stacks, such as --max-old-space-size=8192\n",
    stdout: "",
  });
});

/** Runs synthesis on two threads in a child process. */
function programOf(onStep: string, outdir: string, work: string) {
  const app = (file: string) => JSON.stringify(join(ROOT, "app", file));
  const program = `
    const { statusOf } = require(${app("cli/program.ts")});
    const { withStaging } = require(${app("cli/staging.ts")});
    const { withStacks } = require(${app("cli/synthesis-threads.ts")});
    const { Fleet } = require(${app("config/fleet.ts")});
    const outdir = ${JSON.stringify(outdir)};
    const options = { onStep: ${onStep}, projectDirectory: ".", threads: 2 };
    const write = () => withStacks(Fleet.load("w.yaml"), options, ${work});
    statusOf(write).then((status) => (process.exitCode = status));`;
  configuration(FLEET);
  const args = ["--require", join(ROOT, "register.cjs"), "--eval", program];
  return spawnSync(process.execPath, args, { cwd: directory, encoding: "utf8" });
}

test.each(["SIGINT", "SIGTERM"])("%s while threads write leaves no file", (signal) => {
  const outdir = join(directory, "cdktf.out");
  const onStep = `(step) => step === "Writing" && process.kill(process.pid, "${signal}")`;
  const result = programOf(onStep, outdir, "(stacks) => withStaging(outdir, (staging) => stacks.write(staging))");
  expect(result).toMatchObject({ signal, stderr: "", stdout: "" });
  expect(readdirSync(outdir)).toStrictEqual([]);
});

test("a file that a thread cannot write causes status 1 and one line", () => {
  const outdir = join(directory, "other");
  const file = join(outdir, "stacks", "endpoint", "cdk.tf.json");
  mkdirSync(file, { recursive: true });
  expect(programOf("() => undefined", outdir, "(stacks) => stacks.write(outdir)")).toMatchObject({
    status: 1,
    stderr: `EISDIR: illegal operation on a directory, open '${file}'\n`,
    stdout: "",
  });
});
