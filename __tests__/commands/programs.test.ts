import { spawnSync } from "node:child_process";
import fs, { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { configuration, directory, files, script, scripts, synth, WAREHOUSE } from "../app/support/project";
import { ROOT } from "../support/paths";

test("npm run synth writes the same bytes with another HOME, time zone and Region, and no absolute path", async () => {
  const read = () =>
    files()
      .filter((file) => file.endsWith(".json"))
      .map((file) => readFileSync(join(directory, "cdktf.out", file), "utf8"));
  expect(await synth()).toMatchObject({ status: 0, stderr: "" });
  const before = read();
  expect(before.join("")).not.toContain(ROOT);
  expect(before.join("")).not.toContain(directory);
  const again = script("synth", { AWS_REGION: "eu-west-1", HOME: directory, TZ: "Asia/Kolkata" });
  expect(read()).toStrictEqual(before);
  expect(again).toMatchObject({ status: 0, stderr: "" });
  expect(again.stdout).toMatch(/\n2 stacks: 0 new, 0 changed, 2 unchanged\n$/);
});

test("npm run synth succeeds while another run writes the same output", async () => {
  const configured = configuration(`warehouses:${WAREHOUSE}`);
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

test.each(["synth", "list"])("npm run %s refuses an older Node.js in one line", (name) => {
  const hook = join(directory, "hook.cjs");
  writeFileSync(
    hook,
    'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "18.20.8" } });' +
      'Object.defineProperty(process, "version", { value: "v18.20.8" });',
  );
  expect(script(name, { NODE_OPTIONS: `--require ${hook}` })).toStrictEqual({
    status: 1,
    stderr: "Node.js 20 or newer is needed, got: v18.20.8\n",
    stdout: "",
  });
});

/** The scripts that run one program of this project. Other tools read the options of the rest. */
const PROGRAMS = Object.entries(scripts).filter(([, command]) => /^node (?!.*(?:jest|&&))/.test(command));

test.each(PROGRAMS)("npm run %s refuses an unknown option in one line", (name, command) => {
  const { status, stderr, stdout } = spawnSync(`${command} --unknown`, {
    cwd: ROOT,
    encoding: "utf8",
    env: { ...process.env, npm_lifecycle_event: name },
    shell: true,
  });
  expect(stderr).toMatch(new RegExp(`^(${name}: )?Unknown option '--unknown'; npm .*\\b${name}\\b.* options\n$`));
  expect([stdout, status === 1 || status === 2]).toStrictEqual(["", true]);
});
