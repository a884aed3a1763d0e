import child_process from "node:child_process";
import fs, {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { version } from "../../../package.json";
import { FRAMEWORKS } from "../../../app/cli/frameworks";
import type * as initModule from "../../../app/cli/init";
import { initStatus } from "../../../app/cli/init";
import { inProcess } from "../../support/in-process";
import { onNode } from "../../support/node-version";
import { ROOT } from "../../support/paths";

const REGISTRY = ["--registry", "https://npm.example.com/npm"];
const PROJECT = [".gitignore", ".npmrc", "cdktf.json", "package.json", "warehouses.schema.json", "warehouses.yaml"];

let directory: string;
beforeEach(() => {
  directory = realpathSync(mkdtempSync(join(tmpdir(), "init-")));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

const shipped = (file: string): string => readFileSync(join(ROOT, file), "utf8");
const read = (...path: string[]): string => readFileSync(join(directory, ...path), "utf8");
const json = (value: object): string => `${JSON.stringify(value, undefined, 2)}\n`;

/** Runs init in the folder of the test on a version of Node.js. */
async function initOn(node: string, args: readonly string[], program = initStatus) {
  let status: number | undefined;
  const { stderr, stdout } = await onNode(node, async () =>
    inProcess(() => void (status = program(args)), directory, {}, []),
  );
  return { status, stderr, stdout };
}

const init = async (...args: string[]) => initOn("v22.19.0", args);

test("init writes a project, and prints its files and the next steps", async () => {
  expect(await init(...REGISTRY, "fleet")).toStrictEqual({
    status: 0,
    stderr: "",
    stdout: `${PROJECT.map((file) => `${join("fleet", file)}\n`).join("")}
Next:
  cd fleet
  edit warehouses.yaml: the accounts, Regions and roles are examples
  npm install
  npx cdktf synth
  npx --no redshift-kms init --ci github|gitlab, if you want a pipeline
`,
  });
  expect(readdirSync(join(directory, "fleet")).sort()).toStrictEqual(PROJECT);
  expect(read("fleet", ".gitignore")).toBe("node_modules/\ncdktf.out/\n*.tfstate\n*.tfstate.*\nplan.json\nplan.out\n");
  expect(read("fleet", ".npmrc")).toBe("@redshift-kms:registry=https://npm.example.com/npm/\n");
  expect(read("fleet", "cdktf.json")).toBe(
    json({
      app: "npx --no-install redshift-kms synth",
      language: "typescript",
      projectId: "35056694-d2e0-879f-8fae-689536d3d5a3",
      sendCrashReports: "false",
    }),
  );
  const { "@cdktf/provider-aws": provider, ...others } = FRAMEWORKS.cdktf!.packages;
  expect(read("fleet", "package.json")).toBe(
    json({
      name: "fleet",
      private: true,
      dependencies: { "@cdktf/provider-aws": provider, "@redshift-kms/cli": version, ...others },
    }),
  );
  expect(read("fleet", "warehouses.schema.json")).toBe(shipped("warehouses.schema.json"));
  expect(read("fleet", "warehouses.yaml")).toBe(
    shipped("warehouses.yaml").replaceAll("docs/configuration.md", "warehouses.schema.json"),
  );
});

test("init without a folder writes to the working directory, and prints no cd", async () => {
  const { stdout } = await init(...REGISTRY);
  expect(readdirSync(directory).sort()).toStrictEqual(PROJECT);
  expect(stdout).toMatch(/^\.gitignore\n/);
  expect(stdout).toContain("\nNext:\n  edit warehouses.yaml");
});

test.each([
  ["Our Data & Reports", "our-data-reports"],
  ["--sales--", "sales"],
  ["&&", "warehouses"],
])("init in the folder %s writes a package with the name %s", async (folder, name) => {
  expect(await init(...REGISTRY, join(directory, folder))).toMatchObject({ status: 0, stderr: "" });
  expect(JSON.parse(read(folder, "package.json"))).toMatchObject({ name });
});

test("init --help prints its usage, and writes nothing", async () => {
  const { status, stderr, stdout } = await init("--help");
  expect([status, stderr]).toStrictEqual([0, ""]);
  expect(stdout).toMatch(/^Usage: redshift-kms init \[option \.\.\.\] \[DIR\]\n[^]*\n {2}--help\n$/);
  expect(stdout).toContain("newer; cdktf is the default\n");
  expect(readdirSync(directory)).toStrictEqual([]);
});

describe("init with a framework", () => {
  test.each(["v22.19.0", "v22.20.0", "v23.0.0", "v24.1.0"])(
    "writes a project of CDK Terrain on Node.js %s",
    async (node) => {
      expect(await initOn(node, [...REGISTRY, "--framework", "cdktn", "terrain"])).toMatchObject({
        status: 0,
        stderr: "",
        stdout: expect.stringContaining("\n  npx cdktn synth\n") as string,
      });
      expect(JSON.parse(read("terrain", "package.json"))).toMatchObject({
        dependencies: { "@redshift-kms/cli-cdktn": version, ...FRAMEWORKS.cdktn!.packages },
      });
    },
  );

  test.each(["v20.20.2", "v21.20.0", "v22.18.0"])("refuses CDK Terrain on Node.js %s", async (node) => {
    expect(await initOn(node, [...REGISTRY, "--framework", "cdktn", "refused"])).toStrictEqual({
      status: 2,
      stderr: `init: --framework cdktn requires Node.js 22.19 or newer, got: ${node}\n`,
      stdout: "",
    });
    expect(readdirSync(directory)).toStrictEqual([]);
  });

  test.each([
    ["v20.0.0", ""],
    ["v22.19.0", ""],
    ["v24.1.0", "warning: cdktf-cli has no binaries for Node.js 24: use Node.js 20 to 22, or --framework cdktn\n"],
  ])("writes a project of CDKTF on Node.js %s with the warning %j", async (node, stderr) => {
    expect(await initOn(node, [...REGISTRY, "--framework", "cdktf"])).toMatchObject({ status: 0, stderr });
  });

  test("writes a project of CDK Terrain by default if the package is the one for CDK Terrain", async () => {
    jest.doMock("../../../package.json", () => ({ name: "@redshift-kms/cli-cdktn", version }));
    let program: typeof initModule.initStatus | undefined;
    jest.isolateModules(() => {
      ({ initStatus: program } = jest.requireActual<typeof initModule>("../../../app/cli/init"));
    });
    jest.dontMock("../../../package.json");
    expect((await initOn("v22.19.0", ["--help"], program)).stdout).toContain("newer; cdktn is the default\n");
    await initOn("v22.19.0", REGISTRY, program);
    expect(JSON.parse(read("package.json"))).toMatchObject({
      dependencies: { cdktn: FRAMEWORKS.cdktn!.packages.cdktn },
    });
  });
});

describe("init with a registry", () => {
  test.each([
    ["https://npm.example.com/", "https://npm.example.com/"],
    ["https://npm.example.com/a/b", "https://npm.example.com/a/b/"],
    ["http://127.0.0.1:4873", "http://127.0.0.1:4873/"],
    ["http://[::1]:4873", "http://[::1]:4873/"],
    ["http://localhost:4873", "http://localhost:4873/"],
  ])("writes %s as %s", async (registry, expected) => {
    await init("--registry", registry);
    expect(read(".npmrc")).toBe(`@redshift-kms:registry=${expected}\n`);
  });

  test.each(["http://npm.example.com", "ftp://localhost", "npm.example.com"])("refuses %s", async (registry) => {
    const stderr = "init: --registry must be a URL that starts with https://\n";
    expect(await init("--registry", registry)).toStrictEqual({ status: 2, stderr, stdout: "" });
    expect(readdirSync(directory)).toStrictEqual([]);
  });

  test.each(["me@npm.example.com", ":secret@npm.example.com", "npm.example.com/?a=b", "npm.example.com/#a"])(
    "refuses https://%s",
    async (registry) => {
      const stderr = "init: --registry must be a URL without user, password, query and fragment\n";
      expect(await init("--registry", `https://${registry}`)).toStrictEqual({ status: 2, stderr, stdout: "" });
    },
  );

  /** Gives `npm config get` an output; null if there is no npm. */
  function npmPrints(output: string | null): void {
    jest.spyOn(child_process, "spawnSync").mockImplementation(((file: string, args: string[], options: object) => {
      expect([file, ...args, options]).toStrictEqual([
        "npm",
        "config",
        "get",
        "@redshift-kms:registry",
        { encoding: "utf8" },
      ]);
      return { stdout: output };
    }) as unknown as typeof child_process.spawnSync);
  }

  test("uses the registry that npm has for the scope", async () => {
    npmPrints("http://127.0.0.1:4873\n");
    expect(await init()).toMatchObject({ status: 0, stderr: "" });
    expect(read(".npmrc")).toBe("@redshift-kms:registry=http://127.0.0.1:4873/\n");
  });

  test.each(["undefined\n", "\n", null])("requires --registry if npm prints %j", async (output) => {
    npmPrints(output);
    expect(await init()).toStrictEqual({
      status: 2,
      stderr:
        "init: --registry must be the URL of the registry that has @redshift-kms, because the npm configuration has no " +
        "registry for this scope\n",
      stdout: "",
    });
  });
});

describe("init with a pipeline", () => {
  const PIPELINES = {
    github: {
      ".github/workflows/fleet-wave.yml": "github/fleet-wave.yml",
      ".github/workflows/fleet.yml": "github/fleet.yml",
    },
    gitlab: {
      ".gitlab-ci.yml": "gitlab/gitlab-ci.yml",
      "ci/gitlab-jobs.yml": "gitlab/gitlab-jobs.yml",
      "ci/gitlab-note.sh": "gitlab/gitlab-note.sh",
      "ci/gitlab-pipeline.cjs": "gitlab/gitlab-pipeline.cjs",
    },
  };
  const scripts = readdirSync(join(ROOT, "examples", "fleet", "ci")).map((file) => `ci/${file}`);

  test.each(Object.entries(PIPELINES))(
    "writes the example for %s into a project, whose files stay",
    async (ci, files) => {
      await init(...REGISTRY, "fleet");
      writeFileSync(join(directory, "fleet", "warehouses.yaml"), "# edited\n");
      const sources = { ...Object.fromEntries(scripts.map((file) => [file, file])), ...files };
      const paths = Object.keys(sources).sort();
      expect(await init("--ci", ci, "fleet")).toStrictEqual({
        status: 0,
        stderr: "",
        stdout: `${paths.map((path) => `${join("fleet", path)}\n`).join("")}
Next:
  set up the pipeline: node_modules/@redshift-kms/cli/docs/fleet.md has its roles, settings and lock file
`,
      });
      for (const [path, source] of Object.entries(sources)) {
        const text = shipped(join("examples", "fleet", source));
        const page = "node_modules/@redshift-kms/cli/docs/fleet.md";
        expect(read("fleet", path)).toBe(text.replaceAll("docs/fleet.md", page));
      }
      expect(read("fleet", "warehouses.yaml")).toBe("# edited\n");
    },
  );

  test("writes it with a new project of CDK Terrain", async () => {
    const { stdout } = await init(...REGISTRY, "--framework", "cdktn", "--ci", "github");
    const pipeline = [...Object.keys(PIPELINES.github), ...scripts].sort();
    expect(stdout.split("\n\n")[0]).toBe([...PROJECT, ...pipeline].join("\n"));
    expect(stdout).toContain("\nNext:\n  edit warehouses.yaml");
    expect(stdout).toMatch(
      /\n {2}set up the pipeline: node_modules\/@redshift-kms\/cli-cdktn\/docs\/fleet\.md has .*\n$/,
    );
    expect(read(".github", "workflows", "fleet.yml")).toContain("node_modules/@redshift-kms/cli-cdktn/docs/fleet.md");
  });

  test("refuses --registry in a project", async () => {
    await init(...REGISTRY);
    expect(await init(...REGISTRY, "--ci", "github")).toStrictEqual({
      status: 2,
      stderr: "init: --registry must be left out: the project in this folder keeps its registry\n",
      stdout: "",
    });
  });

  test("refuses a second pipeline", async () => {
    await init(...REGISTRY, "--ci", "github");
    expect(await init("--ci", "gitlab")).toStrictEqual({
      status: 2,
      stderr: `init: ${directory} must have none of these files: ${scripts.sort().join(", ")}; nothing is written\n`,
      stdout: "",
    });
    expect(existsSync(join(directory, ".gitlab-ci.yml"))).toBe(false);
  });
});

test.each([[[]], [["--ci", "none"]]])("init %j writes nothing if one of its files exists", async (args) => {
  mkdirSync(join(directory, "used"));
  writeFileSync(join(directory, "used", "cdktf.json"), "{}");
  const stderr = `init: ${join(directory, "used")} must have none of these files: cdktf.json; nothing is written\n`;
  expect(await init(...REGISTRY, ...args, "used")).toStrictEqual({ status: 2, stderr, stdout: "" });
  expect(readdirSync(join(directory, "used"))).toStrictEqual(["cdktf.json"]);
});

test("init does not overwrite a file that another process writes at the same time", async () => {
  const file = join(directory, "cdktf.json");
  writeFileSync(file, "mine");
  jest.spyOn(fs, "existsSync").mockImplementation((path) => path !== "cdktf.json" && existsSync(path));
  expect(await init(...REGISTRY)).toMatchObject({
    status: 1,
    stderr: "init: the folder must be writable, got: EEXIST: file already exists, open 'cdktf.json'\n",
  });
  expect(readFileSync(file, "utf8")).toBe("mine");
});

// A folder below a file, and a folder that refuses each new one.
test.each(["file/below", ...(existsSync("/proc") ? ["/proc/warehouses"] : [])])(
  "init reports in one line that the folder %s cannot be created",
  async (folder) => {
    writeFileSync(join(directory, "file"), "");
    expect(await init(...REGISTRY, folder)).toStrictEqual({
      status: 1,
      stderr: expect.stringMatching(/^init: the folder must be writable, got: EN\w+: .*, mkdir '.*'\n$/) as string,
      stdout: "",
    });
  },
);

test("init throws an unexpected error", async () => {
  jest.spyOn(fs, "writeFileSync").mockImplementation(() => {
    throw new TypeError("a bug");
  });
  await expect(init(...REGISTRY)).rejects.toThrow(new TypeError("a bug"));
});

test.each([
  [["--framework", "cdk-tn"], '--framework must be one of cdktf, cdktn, got: "cdk-tn", did you mean cdktn?'],
  [["--ci", "git-hub"], '--ci must be one of github, gitlab, none, got: "git-hub", did you mean github?'],
  [["one", "two"], "the arguments must be at most one folder, got: one two"],
  [["--drop"], "Unknown option '--drop'; redshift-kms init --help lists the options"],
])("init refuses %j", async (args, message) => {
  expect(await init(...REGISTRY, ...args)).toStrictEqual({ status: 2, stderr: `init: ${message}\n`, stdout: "" });
  expect(readdirSync(directory)).toStrictEqual([]);
});
