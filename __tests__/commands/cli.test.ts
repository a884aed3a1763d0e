import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { version } from "../../package.json";
import commands from "../../app/cli/commands.json";
import { FRAMEWORKS } from "../../app/cli/frameworks";
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

  test("writes a project that synthesizes two stacks", () => {
    expect(cli("init", ...REGISTRY, "fleet")).toMatchObject({ status: 0, stderr: "" });
    const read = (file: string) => readFileSync(join(directory, "fleet", file), "utf8");
    expect(read(".gitignore")).toBe("node_modules/\ncdktf.out/\n*.tfstate\n*.tfstate.*\nplan.json\nplan.out\n");
    expect(JSON.parse(read("cdktf.json"))).toStrictEqual({
      app: "npx --no-install redshift-kms synth",
      language: "typescript",
      projectId: "35056694-d2e0-879f-8fae-689536d3d5a3",
      sendCrashReports: "false",
    });
    expect(read(".npmrc")).toBe("@redshift-kms:registry=https://npm.example.com/npm/\n");
    expect(JSON.parse(read("package.json"))).toStrictEqual({
      name: "fleet",
      private: true,
      dependencies: { "@redshift-kms/cli": version, ...FRAMEWORKS.cdktf!.packages },
    });
    expect(read("warehouses.yaml")).toMatch(/^# yaml-language-server: \$schema=warehouses.schema.json\n/);
    const { stdout } = spawnSync(process.execPath, [REDSHIFT_KMS, "synth"], {
      cwd: join(directory, "fleet"),
      encoding: "utf8",
    });
    expect(stdout).toContain("2 stacks: 2 new");
  });

  test("writes a package that has the name of the folder, with hyphens", () => {
    expect(cli("init", ...REGISTRY, "Our Data & Reports")).toMatchObject({ status: 0, stderr: "" });
    expect(JSON.parse(readFileSync(join(directory, "Our Data & Reports", "package.json"), "utf8"))).toMatchObject({
      name: "our-data-reports",
    });
  });

  test("writes a project of CDK Terrain on Node.js 22.19", () => {
    expect(cliOn("v22.19.0", "init", ...REGISTRY, "--framework", "cdktn", "terrain")).toMatchObject({
      status: 0,
      stderr: "",
      stdout: expect.stringContaining("\n  npx cdktn synth\n") as string,
    });
    const { dependencies } = JSON.parse(readFileSync(join(directory, "terrain", "package.json"), "utf8")) as {
      dependencies: Readonly<Record<string, string>>;
    };
    expect(dependencies).toStrictEqual({ "@redshift-kms/cli-cdktn": version, ...FRAMEWORKS.cdktn!.packages });
  });

  test.each(["v20.20.2", "v22.18.0"])("refuses CDK Terrain on Node.js %s", (node) => {
    expect(cliOn(node, "init", ...REGISTRY, "--framework", "cdktn", "refused")).toStrictEqual({
      status: 2,
      stderr: `init: --framework cdktn requires Node.js 22.19 or newer, got: ${node}\n`,
      stdout: "",
    });
    expect(existsSync(join(directory, "refused"))).toBe(false);
  });

  test("warns on Node.js 24 that cdktf-cli has no binaries for this version", () => {
    expect(cliOn("v24.1.0", "init", ...REGISTRY, "newer")).toMatchObject({
      status: 0,
      stderr: "warning: cdktf-cli has no binaries for Node.js 24: use Node.js 20 to 22, or --framework cdktn\n",
    });
  });

  const example = (file: string) => readFileSync(join(ROOT, "examples", "fleet", file), "utf8");

  test.each([
    [
      "github",
      [
        [".github/workflows/fleet-wave.yml", "github/fleet-wave.yml"],
        [".github/workflows/fleet.yml", "github/fleet.yml"],
      ],
    ],
    [
      "gitlab",
      [
        [".gitlab-ci.yml", "gitlab/gitlab-ci.yml"],
        ["ci/gitlab-jobs.yml", "gitlab/gitlab-jobs.yml"],
        ["ci/gitlab-note.sh", "gitlab/gitlab-note.sh"],
        ["ci/gitlab-pipeline.cjs", "gitlab/gitlab-pipeline.cjs"],
      ],
    ],
  ])("writes the example pipeline for %s into a new project in an empty folder", (system, files) => {
    mkdirSync(join(directory, system));
    const { status, stderr, stdout } = cli("init", ...REGISTRY, "--ci", system, system);
    expect([status, stderr]).toStrictEqual([0, ""]);
    const scripts = readdirSync(join(ROOT, "examples", "fleet", "ci")).map((file) => [`ci/${file}`, `ci/${file}`]);
    const project = [".gitignore", ".npmrc", "cdktf.json", "package.json", "warehouses.schema.json", "warehouses.yaml"];
    const paths = readdirSync(join(directory, system), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(join(directory, system), join(entry.parentPath, entry.name)));
    const copies = [...files, ...scripts];
    expect(paths.sort()).toStrictEqual([...project, ...copies.map(([path]) => path)].sort());
    for (const [path, source] of copies) {
      const text = example(source!).replaceAll("docs/fleet.md", "node_modules/@redshift-kms/cli/docs/fleet.md");
      expect(readFileSync(join(directory, system, path!), "utf8")).toBe(text);
    }
    expect(stdout).toContain("set up the pipeline: node_modules/@redshift-kms/cli/docs/fleet.md has ");
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

  test("adds a pipeline to a project, and refuses a second pipeline and --registry", () => {
    expect(cli("init", ...REGISTRY, "later").stdout).toContain(
      "  npx --no redshift-kms init --ci github|gitlab, if you want a pipeline\n",
    );
    const entry = join(directory, "later", "warehouses.yaml");
    writeFileSync(entry, "# edited\n");
    expect(cli("init", "--ci", "github", "later")).toMatchObject({ status: 0, stderr: "" });
    expect(readFileSync(entry, "utf8")).toBe("# edited\n");
    expect(cli("init", ...REGISTRY, "--ci", "github", "later").stderr).toBe(
      "init: --registry must be left out: the project in this folder keeps its registry\n",
    );
    expect(cli("init", "--ci", "gitlab", "later")).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(
        /^init: \S+ must have none of these files: ci\/apply\.sh, .*; nothing is written\n$/,
      ) as string,
    });
    expect(existsSync(join(directory, "later", ".gitlab-ci.yml"))).toBe(false);
  });

  test("writes nothing if one of its files exists", () => {
    const folder = mkdtempSync(join(directory, "used-"));
    writeFileSync(join(folder, "cdktf.json"), "{}");
    const stderr = `init: ${folder} must have none of these files: cdktf.json; nothing is written\n`;
    expect(cli("init", ...REGISTRY, folder)).toStrictEqual({ status: 2, stderr, stdout: "" });
    expect(readdirSync(folder)).toStrictEqual(["cdktf.json"]);
  });

  // A folder under a file, and a folder that refuses each new one.
  test.each(["file/below", ...(existsSync("/proc") ? ["/proc/warehouses"] : [])])(
    "reports in one line that the folder %s cannot be created",
    (folder) => {
      writeFileSync(join(directory, "file"), "");
      expect(cli("init", ...REGISTRY, folder)).toStrictEqual({
        status: 1,
        stderr: expect.stringMatching(/^init: the folder must be writable, got: EN\w+: .*, mkdir '.*'\n$/) as string,
        stdout: "",
      });
    },
  );

  test.each([
    [["--registry", "http://npm.example.com"], "init: --registry must be a URL that starts with https://\n"],
    [
      ["--registry", "https://me:secret@npm.example.com"],
      "init: --registry must be a URL without user, password, query and fragment\n",
    ],
    [["--framework", "cdk-tn"], 'init: --framework must be one of cdktf, cdktn, got: "cdk-tn", did you mean cdktn?\n'],
    [["--ci", "git-hub"], 'init: --ci must be one of github, gitlab, none, got: "git-hub", did you mean github?\n'],
  ])("refuses %j", (args, stderr) => {
    expect(cli("init", ...args, "refused")).toStrictEqual({ status: 2, stderr, stdout: "" });
    expect(existsSync(join(directory, "refused"))).toBe(false);
  });
});
