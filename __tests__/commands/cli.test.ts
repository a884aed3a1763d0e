import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { version } from "../../package.json";
import commands from "../../app/cli/commands.json";
import { REDSHIFT_KMS, ROOT } from "../support/paths";

const directory = mkdtempSync(join(tmpdir(), "cli-"));

afterAll(() => rmSync(directory, { recursive: true }));

function cli(...args: string[]) {
  return cliOn(process.version, ...args);
}

/** The command on a Node.js that returns this version. */
function cliOn(version: string, ...args: string[]) {
  const hook = join(directory, "node-version.cjs");
  const node = JSON.stringify(version.slice(1));
  writeFileSync(
    hook,
    `Object.defineProperty(process, "versions", { value: { ...process.versions, node: ${node} } });\n` +
      `Object.defineProperty(process, "version", { value: ${JSON.stringify(version)} });\n`,
  );
  const { status, stderr, stdout } = spawnSync(process.execPath, ["--require", hook, REDSHIFT_KMS, ...args], {
    cwd: directory,
    encoding: "utf8",
  });
  return { status, stderr, stdout };
}

test("redshift-kms --version prints the version", () => {
  expect(cli("--version")).toStrictEqual({ status: 0, stderr: "", stdout: `${version}\n` });
});

test("redshift-kms refuses Node.js 18 in one line", () => {
  expect(cliOn("v18.20.8", "review")).toStrictEqual({
    status: 2,
    stderr: "redshift-kms: Node.js 20 or newer is needed, got: v18.20.8\n",
    stdout: "",
  });
});

/** The exit status of a command's errors, as docs/cli.md documents it. */
const errorStatusOf = (command: string): number =>
  Number(
    new RegExp(`^\\| \`${command}\` *\\| (\\d)`, "m").exec(readFileSync(join(ROOT, "docs", "cli.md"), "utf8"))![1],
  );

test.each(Object.keys(commands))(
  "redshift-kms %s refuses an unknown option in one line, with the documented exit status",
  (command) => {
    expect(cli(command, "--drop")).toMatchObject({
      status: errorStatusOf(command),
      stderr: expect.stringMatching(
        new RegExp(`^(${command}: )?Unknown option '--drop'; redshift-kms ${command} --help lists the options\n$`),
      ) as string,
      stdout: "",
    });
  },
);

test.each(Object.keys(commands))("redshift-kms %s --help prints its usage", (command) => {
  expect(cli(command, "--help")).toMatchObject({
    status: 0,
    stderr: "",
    stdout: expect.stringMatching(new RegExp(`^Usage: redshift-kms ${command} [^]*\\n  --help`)) as string,
  });
});

test.each(["synth", "list", "adopt", "sql"])("redshift-kms %s --help needs no package of the framework", (command) => {
  const hook = join(directory, "hook.cjs");
  writeFileSync(
    hook,
    `const Module = require("node:module");
const { _resolveFilename: resolve } = Module;
Module._resolveFilename = (request, ...others) => {
  if (/^(@cdktf|cdktf|constructs)\\b/.test(request)) {
    throw new Error("not installed");
  }
  return resolve(request, ...others);
};`,
  );
  const run = (...args: string[]) => spawnSync(process.execPath, ["--require", hook, REDSHIFT_KMS, command, ...args]);
  expect(String(run().stderr)).toContain(`${command} requires packages that are not installed`);
  const { status, stdout } = run("--help");
  expect({ status, stdout: String(stdout) }).toStrictEqual({ status: 0, stdout: cli(command, "--help").stdout });
});

test("redshift-kms refuses an unknown command", () => {
  const stderr =
    'redshift-kms: the command must be one of init, synth, list, review, grants, adopt, sql, got: "plan"\n';
  expect(cli("plan")).toStrictEqual({ status: 2, stderr, stdout: "" });
});

test("redshift-kms without a command prints its usage as an error", () => {
  expect(cli()).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(
      /Usage: redshift-kms COMMAND [^]*\n\nredshift-kms COMMAND --help lists the options of a command, and /,
    ) as string,
  });
});

test.each(["synth", "list"])("redshift-kms %s prints an unexpected error in one line, with status 70", (command) => {
  const hook = join(directory, "hook.cjs");
  writeFileSync(
    hook,
    'require("node:fs").existsSync = () => { throw new TypeError("first line\\n  \\u001b[31msecond line"); };\n',
  );
  const { status, stderr } = spawnSync(process.execPath, ["--require", hook, REDSHIFT_KMS, command], {
    cwd: directory,
    encoding: "utf8",
  });
  expect({ status, stderr }).toStrictEqual({
    status: 70,
    stderr: `redshift-kms ${command}: unexpected error: TypeError: first line [31msecond line\n`,
  });
});

describe("redshift-kms init", () => {
  const REGISTRY = ["--registry", "https://npm.example.com/npm"];

  test("writes a project with a pipeline that synthesizes two stacks", () => {
    expect(cli("init", ...REGISTRY, "--ci", "github", "fleet")).toMatchObject({ status: 0, stderr: "" });
    expect(existsSync(join(directory, "fleet", ".github", "workflows", "fleet.yml"))).toBe(true);
    const { stdout } = spawnSync(process.execPath, [REDSHIFT_KMS, "synth"], {
      cwd: join(directory, "fleet"),
      encoding: "utf8",
    });
    expect(stdout).toContain("2 stacks: 2 new");
  });

  test("uses the registry that npm is configured to use for the scope, and requires one", () => {
    const configuration = join(directory, ".npmrc");
    writeFileSync(configuration, "@redshift-kms:registry=http://127.0.0.1:4873\n");
    expect(cli("init", "configured")).toMatchObject({ status: 0, stderr: "" });
    expect(readFileSync(join(directory, "configured", ".npmrc"), "utf8")).toBe(
      "@redshift-kms:registry=http://127.0.0.1:4873/\n",
    );
    writeFileSync(configuration, "");
    expect(cli("init", "unset")).toStrictEqual({
      status: 2,
      stderr:
        "init: --registry must be the URL of the registry that has @redshift-kms, because the npm configuration has no " +
        "registry for this scope\n",
      stdout: "",
    });
  });
});
