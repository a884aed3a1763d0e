import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FRAMEWORKS } from "../../app/cli/frameworks";
import * as library from "../../modules";
import { ROOT } from "../support/paths";
import { blocks, PUBLISH } from "../support/readme";
import { withoutFramework } from "../support/synthesized";
import { PrivateRegistry } from "./registry";
import { CLI, CLI_TERRAIN, manifestOf, type Tarball, TERRAIN, unpack } from "./tarball";

const { dependencies, devDependencies, name, version } = manifestOf(ROOT);
const versions = { ...dependencies, ...devDependencies };
/** The packages of a project that `init` writes, without the command that deploys. */
function bindingsOf(framework: string): Readonly<Record<string, string>> {
  const { command, packages } = FRAMEWORKS[framework]!;
  return Object.fromEntries(Object.entries(packages).filter(([dependency]) => dependency !== `${command}-cli`));
}

/** The packages, each with the bindings that its consumer has. */
const PACKAGES = {
  [name]: bindingsOf("cdktf"),
  [TERRAIN]: bindingsOf("cdktn"),
};
const PUBLISHED = [...Object.keys(PACKAGES), CLI, CLI_TERRAIN];
/** The slowest command installs the peers, some 400 MB. */
const TIMEOUT = 240_000;

const registry = new PrivateRegistry();
const directories: string[] = [];
const tarballs: Record<string, Tarball> = {};

beforeAll(async () => {
  for (const packed of PUBLISHED) {
    tarballs[packed] = unpack(packed);
    directories.push(tarballs[packed].directory);
  }
  await registry.start();
});
afterAll(async () => {
  await registry.stop();
  directories.forEach((directory) => rmSync(directory, { force: true, recursive: true }));
});

/** A directory outside the repository, with the documented .npmrc, or the line of it that has no token. */
function project(authenticated = true): string {
  const directory = mkdtempSync(join(tmpdir(), "consumer-"));
  directories.push(directory);
  const [scope, token] = blocks("ini", PUBLISH)[0]!.trim().replace("https:", "http:").split("\n") as [string, string];
  writeFileSync(join(directory, ".npmrc"), `${scope}\n${authenticated ? token : ""}\n`);
  return directory;
}

function run(cwd: string, command: string, ...args: string[]) {
  const { error, status, stderr, stdout } = spawnSync(command, args, {
    cwd,
    encoding: "utf8",
    env: { ...process.env, ...registry.env },
    timeout: TIMEOUT,
  });
  return { output: error ? error.message : stdout + stderr, status, stdout };
}

/** Runs what must succeed; what it printed. */
function done(cwd: string, command: string, ...args: string[]): string {
  const { output, status, stdout } = run(cwd, command, ...args);
  if (status !== 0) {
    throw new Error(`${command} ${args.join(" ")}: ${output}`);
  }
  return stdout;
}

/** An npm that prints errors, whatever the options of `npm run` are. */
const npm = (...args: string[]) => ["npm", ...args, "--loglevel=notice"] as const;
const node = (cwd: string, ...args: string[]) => done(cwd, process.execPath, ...args);

describe("a private registry", () => {
  const publish = (packed: string, authenticated = true) =>
    run(project(authenticated), ...npm("publish", tarballs[packed]!.path));

  test("takes the packages of a user with a token, and of nobody else", () => {
    expect(publish(name, false)).toMatchObject({ output: expect.stringContaining("ENEEDAUTH") as string, status: 1 });
    for (const packed of PUBLISHED) {
      expect(publish(packed)).toMatchObject({ status: 0 });
    }
  });

  test("refuses the same version again", () => {
    expect(publish(name)).toMatchObject({
      output: expect.stringMatching(/EPUBLISHCONFLICT|E409|previously published/) as string,
      status: 1,
    });
  });

  test("gives it to nobody without a token", () => {
    expect(run(project(false), ...npm("install", `${name}@${version}`))).toMatchObject({
      output: expect.stringMatching(/E401|E403/) as string,
      status: 1,
    });
  });

  test("gives the tarball that was published", () => {
    const view = done(project(), ...npm("view", `${name}@${version}`, "dist.integrity", "--json"));
    const sha = createHash("sha512").update(readFileSync(tarballs[name]!.path)).digest("base64");
    expect(JSON.parse(view)).toBe(`sha512-${sha}`);
  });
});

/** The output of each consumer. */
const synthesized: Record<string, object> = {};

describe.each(Object.entries(PACKAGES))("a consumer of %s that never saw this repository", (packed, bindings) => {
  const TSCONFIG = {
    compilerOptions: {
      exactOptionalPropertyTypes: true,
      module: "node20",
      outDir: "dist",
      rootDir: ".",
      skipLibCheck: false,
      strict: true,
      target: "ES2022",
      types: ["node", "jest"],
    },
    include: ["*.ts"],
  };
  const pick = (...names: string[]) =>
    Object.fromEntries(names.map((dependency) => [dependency, versions[dependency]]));
  let directory: string;

  // npm warns only, and the bindings are found to work on what this project is for.
  const [major] = process.versions.node.split(".").map(Number);
  if (packed === TERRAIN && major! < 22) {
    process.stderr.write(
      `NOTE: the bindings of CDK Terrain ask for Node.js 22.11, and run on ${process.version} here\n`,
    );
  }

  test("installs it and its peers", () => {
    directory = project();
    cpSync(join(ROOT, "__tests__", "consumer"), directory, { recursive: true });
    for (const file of readdirSync(directory).filter((entry) => entry.endsWith(".ts"))) {
      const source = readFileSync(join(directory, file), "utf8");
      const adapted = source.replace('"../../modules"', JSON.stringify(packed));
      writeFileSync(
        join(directory, file),
        packed === TERRAIN ? adapted.replace(/(?<=from "@?)cdktf/g, "cdktn") : adapted,
      );
    }
    writeFileSync(join(directory, "tsconfig.json"), JSON.stringify(TSCONFIG));
    writeFileSync(
      join(directory, "package.json"),
      JSON.stringify({
        dependencies: { ...bindings, [packed]: version },
        devDependencies: pick("@types/jest", "@types/node", "jest", "typescript"),
        name: "consumer",
        private: true,
      }),
    );
    done(
      directory,
      ...npm("install", "--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts", "--no-engine-strict"),
    );
    expect(readdirSync(join(directory, "node_modules", packed)).sort()).toStrictEqual(
      readdirSync(tarballs[packed]!.directory).sort(),
    );
  });

  /** Seconds that the compiler takes. */
  const compile = (...args: string[]) => {
    const start = process.hrtime.bigint();
    node(directory, "node_modules/typescript/bin/tsc", ...args);
    return Number(process.hrtime.bigint() - start) / 1e9;
  };

  test("type-checks, libraries included", () => {
    const withIt = compile();
    const installed = join(directory, "node_modules", packed);
    const size = readdirSync(installed, { encoding: "utf8", recursive: true })
      .map((file) => statSync(join(installed, file)))
      .reduce((sum, stat) => sum + (stat.isFile() ? stat.size : 0), 0);
    const [provider, framework] = Object.keys(bindings);
    writeFileSync(
      join(directory, "without.ts"),
      `import { AwsProvider } from "${provider}/lib/provider";\n` +
        `import { App, TerraformStack } from "${framework}";\n` +
        'new AwsProvider(new TerraformStack(new App(), "without"), "Aws", { region: "us-east-1" });\n',
    );
    writeFileSync(join(directory, "tsconfig.without.json"), JSON.stringify({ ...TSCONFIG, include: ["without.ts"] }));
    // Once is enough to compare, and the peers take most of it.
    const withoutIt =
      packed === name ? `, ${compile("--noEmit", "--project", "tsconfig.without.json").toFixed(1)} s without it` : "";
    process.stderr.write(
      `${packed}@${version}: ${size} bytes installed; type check ${withIt.toFixed(1)} s with it${withoutIt}\n`,
    );
    expect(size).toBeLessThan(1_450_000);
  });

  test("finds the source of a declaration", () => {
    const lib = join(directory, "node_modules", packed, "lib", "redshift");
    const { sources } = JSON.parse(readFileSync(join(lib, "cluster.d.ts.map"), "utf8")) as { sources: string[] };
    expect(readFileSync(join(lib, sources[0]!), "utf8")).toContain("class EncryptedCluster");
  });

  test("finds at run time what the library exports, and nothing else", () => {
    const print = `console.log(JSON.stringify(Object.keys(require(${JSON.stringify(packed)})).sort()))`;
    expect(JSON.parse(node(directory, "--eval", print))).toStrictEqual(Object.keys(library).sort());
    const deep = run(directory, process.execPath, "--eval", `require("${packed}/lib/private/checks")`);
    expect(deep).toMatchObject({
      output: expect.stringContaining("ERR_PACKAGE_PATH_NOT_EXPORTED") as string,
      status: 1,
    });
  });

  test("tests", () => {
    const { output, status } = run(directory, process.execPath, "node_modules/jest/bin/jest.js", "dist");
    expect({ output, status }).toStrictEqual({
      output: expect.stringContaining("1 passed, 1 total") as string,
      status: 0,
    });
  });

  test("synthesizes", () => {
    node(directory, "dist/main.js");
    const text = readFileSync(join(directory, "cdktf.out", "stacks", "maximal", "cdk.tf.json"), "utf8");
    expect(text).toContain("aws_redshift_cluster");
    synthesized[packed] = withoutFramework(JSON.parse(text) as object);
  });
});

/** The stacks that a synthesis wrote, by their paths. */
function stacksBelow(directory: string): Readonly<Record<string, string>> {
  const stacks = join(directory, "cdktf.out", "stacks");
  return Object.fromEntries(
    readdirSync(stacks)
      .sort()
      .map((stack) => [stack, readFileSync(join(stacks, stack, "cdk.tf.json"), "utf8")]),
  );
}

/** The synthesis of the checkout, of the configuration of a project. */
function checkoutStacks(configuration: string): Readonly<Record<string, string>> {
  const directory = project();
  const args = ["--require", join(ROOT, "register.cjs"), join(ROOT, "main.ts")];
  cpSync(configuration, join(directory, "warehouses.yaml"));
  node(directory, ...args);
  return stacksBelow(directory);
}

const INSTALL = npm("install", "--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts", "--no-engine-strict");

describe("a project that redshift-kms init wrote", () => {
  const directory = () => join(parent, "warehouses");
  let parent: string;

  test("installs, and npx cdktf synth writes the bytes of the checkout", () => {
    parent = project();
    const [, token] = readFileSync(join(parent, ".npmrc"), "utf8").split("\n");
    const url = `http://${registry.env.NPM_REGISTRY}`;
    node(
      parent,
      join(tarballs[CLI]!.directory, "dist/cli/main.js"),
      "init",
      "--registry",
      url,
      "--ci",
      "github",
      "warehouses",
    );
    expect(readFileSync(join(directory(), ".npmrc"), "utf8")).toBe(`@redshift-kms:registry=${url}\n`);
    // The token is in the configuration of the user.
    process.env.NPM_CONFIG_USERCONFIG = join(parent, "user.npmrc");
    writeFileSync(process.env.NPM_CONFIG_USERCONFIG, `${token}\n`);
    try {
      done(directory(), ...INSTALL);
      done(directory(), "npx", "cdktf", "synth");
    } finally {
      delete process.env.NPM_CONFIG_USERCONFIG;
    }
    const stacks = stacksBelow(directory());
    expect(Object.keys(stacks)).toStrictEqual(["analytics-cluster", "analytics-serverless"]);
    expect(stacks).toStrictEqual(checkoutStacks(join(directory(), "warehouses.yaml")));
  });

  test("has the page that its workflow names", () => {
    const workflow = readFileSync(join(directory(), ".github", "workflows", "fleet.yml"), "utf8");
    const [page] = /\S+\/docs\/fleet\.md/.exec(workflow)!;
    expect(readFileSync(join(directory(), page), "utf8")).toMatch(/^# Deploy a fleet\n/);
  });

  test("lists its stacks", () => {
    const listed = JSON.parse(done(directory(), "npx", "--no", "redshift-kms", "list", "--json")) as object[];
    expect(listed).toMatchObject([{ stack: "analytics-cluster" }, { stack: "analytics-serverless" }]);
  });
});

test("the command for CDK Terrain writes the Terraform of the checkout", () => {
  const directory = project();
  const dependencies = { ...PACKAGES[TERRAIN], [CLI_TERRAIN]: version };
  writeFileSync(join(directory, "package.json"), JSON.stringify({ dependencies, private: true }));
  cpSync(join(ROOT, "warehouses.yaml"), join(directory, "warehouses.yaml"));
  done(directory, ...INSTALL);
  done(directory, "npx", "--no", "redshift-kms", "synth");
  const comparable = (stacks: Readonly<Record<string, string>>) =>
    Object.entries(stacks).map(([stack, text]) => [stack, withoutFramework(JSON.parse(text) as object)]);
  expect(comparable(stacksBelow(directory))).toStrictEqual(comparable(checkoutStacks(join(ROOT, "warehouses.yaml"))));
});

describe("the command without a peer", () => {
  let directory: string;

  test("reviews a plan", () => {
    directory = project();
    writeFileSync(join(directory, "package.json"), JSON.stringify({ dependencies: { [CLI]: version }, private: true }));
    done(directory, ...INSTALL);
    expect(readdirSync(join(directory, "node_modules")).filter((entry) => !entry.startsWith("."))).toStrictEqual([
      "@redshift-kms",
    ]);
    cpSync(join(ROOT, "__tests__", "plans", "second-user", "after.plan.json"), join(directory, "plan.json"));
    const { output, status } = run(directory, "npx", "--no", "redshift-kms", "review", "plan.json");
    expect({ output, status }).toStrictEqual({
      output: expect.stringContaining("Who can use aws_kms_key.") as string,
      status: 0,
    });
  });

  test("names the peers that synth requires", () => {
    const { output, status } = run(directory, "npx", "--no", "redshift-kms", "synth");
    expect([output, status]).toStrictEqual([
      "redshift-kms: synth requires packages that are not installed beside @redshift-kms/cli: npm install " +
        '"@cdktf/provider-aws@^21.0.0" "cdktf@^0.21.0" "constructs@^10.4.2"\n',
      2,
    ]);
  });
});

test("both packages make the same Terraform", () => {
  expect(synthesized[TERRAIN]).toStrictEqual(synthesized[name]);
});
