import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { version } from "../../package.json";
import { FRAMEWORKS } from "../../app/cli/frameworks";
import { REDSHIFT_KMS, ROOT } from "../support/paths";

const directory = mkdtempSync(join(tmpdir(), "cli-"));

afterAll(() => rmSync(directory, { recursive: true }));

function cli(...args: string[]) {
  const { status, stderr, stdout } = spawnSync(process.execPath, [REDSHIFT_KMS, ...args], {
    cwd: directory,
    encoding: "utf8",
  });
  return { status, stderr, stdout };
}

test("prints the version", () => {
  expect(cli("--version")).toStrictEqual({ status: 0, stderr: "", stdout: `${version}\n` });
});

test("refuses an older Node.js in one line", () => {
  const hook = join(directory, "older.cjs");
  writeFileSync(
    hook,
    'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "18.20.8" } });' +
      'Object.defineProperty(process, "version", { value: "v18.20.8" });',
  );
  const { status, stderr, stdout } = spawnSync(process.execPath, ["--require", hook, REDSHIFT_KMS, "review"], {
    encoding: "utf8",
  });
  expect({ status, stderr, stdout }).toStrictEqual({
    status: 2,
    stderr: "redshift-kms: Node.js 20 or newer is needed, got: v18.20.8\n",
    stdout: "",
  });
});

test.each(["adopt", "grants", "sql"])("names itself in the help and in an error of %s", (command) => {
  expect(cli(command, "--help").stdout).toMatch(new RegExp(`^Usage: redshift-kms ${command} `));
  expect(cli(command, "--drop")).toMatchObject({
    stderr: `${command}: Unknown option '--drop'; redshift-kms ${command} --help lists the options\n`,
    stdout: "",
  });
});

test("lists the options of list", () => {
  expect(cli("list", "--help")).toMatchObject({
    status: 0,
    stderr: "",
    stdout: expect.stringMatching(/^Usage: list [^]* --changed-since REF /) as string,
  });
});

test("refuses an unknown command", () => {
  const stderr =
    'redshift-kms: the command must be one of init, synth, list, review, grants, adopt, sql, got: "plan"\n';
  expect(cli("plan")).toStrictEqual({ status: 2, stderr, stdout: "" });
});

test("prints the usage as an error without a command", () => {
  expect(cli()).toMatchObject({ status: 2, stderr: expect.stringContaining("Usage: redshift-kms COMMAND") as string });
});

test.each(["synth", "list"])("prints an unexpected error of %s in one line", (command) => {
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

describe("init", () => {
  const REGISTRY = ["--registry", "https://npm.example.com/npm"];

  test("writes a project that synthesizes the stacks of the checkout", () => {
    expect(cli("init", ...REGISTRY, "fleet")).toMatchObject({ status: 0, stderr: "" });
    const read = (file: string) => readFileSync(join(directory, "fleet", file), "utf8");
    expect(read(".npmrc")).toBe("@redshift-kms:registry=https://npm.example.com/npm/\n");
    expect(JSON.parse(read("package.json"))).toMatchObject({ dependencies: { "@redshift-kms/cli": version } });
    expect(read("warehouses.yaml")).toMatch(/^# yaml-language-server: \$schema=warehouses.schema.json\n/);
    const { stdout } = spawnSync(process.execPath, [REDSHIFT_KMS, "synth"], {
      cwd: join(directory, "fleet"),
      encoding: "utf8",
    });
    expect(stdout).toContain("2 stacks: 2 new");
  });

  test("writes nothing if a file exists", () => {
    const folder = mkdtempSync(join(directory, "used-"));
    writeFileSync(join(folder, "cdktf.json"), "{}");
    const stderr = `init: ${folder} must have none of these files: cdktf.json; nothing is written\n`;
    expect(cli("init", ...REGISTRY, folder)).toStrictEqual({ status: 2, stderr, stdout: "" });
    expect(readdirSync(folder)).toStrictEqual(["cdktf.json"]);
  });

  test.each([
    [["--registry", "http://npm.example.com"], "init: --registry must be a URL that starts with https://\n"],
    [
      ["--registry", "https://me:secret@npm.example.com"],
      "init: --registry must be a URL without user, password, query and fragment\n",
    ],
    [["--framework", "cdk"], 'init: --framework must be cdktf or cdktn, got: "cdk"\n'],
  ])("refuses %j", (args, stderr) => {
    expect(cli("init", ...args, "refused")).toStrictEqual({ status: 2, stderr, stdout: "" });
    expect(existsSync(join(directory, "refused"))).toBe(false);
  });

  test("writes the versions of CDKTF that the tests have", () => {
    const { packages } = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8")) as {
      packages: Record<string, { readonly version: string }>;
    };
    const tested = ["@cdktf/provider-aws", "cdktf", "constructs"];
    expect(tested.map((dependency) => FRAMEWORKS.cdktf!.packages[dependency])).toStrictEqual(
      tested.map((dependency) => packages[`node_modules/${dependency}`]!.version),
    );
  });
});
