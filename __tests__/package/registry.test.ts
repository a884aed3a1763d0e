import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FRAMEWORKS } from "../../app/cli/frameworks";
import * as library from "../../modules";
import { ROOT } from "../support/paths";
import { blocks, PUBLISH } from "../support/readme";
import { withoutFramework } from "../support/synthesized";
import { PrivateRegistry } from "./registry";
import { CLI, CLI_TERRAIN, manifestOf, type Tarball, TERRAIN, unpack } from "./tarball";

const { name, version } = manifestOf(ROOT);
/** The library and the command of each framework. */
const PACKAGES = [
  ["cdktf", name, CLI],
  ["cdktn", TERRAIN, CLI_TERRAIN],
] as const;
const PUBLISHED = PACKAGES.flatMap(([, ...packages]) => packages);
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
function outputOf(cwd: string, command: string, ...args: string[]): string {
  const { output, status, stdout } = run(cwd, command, ...args);
  if (status !== 0) {
    throw new Error(`${command} ${args.join(" ")}: ${output}`);
  }
  return stdout;
}

/** An npm that prints errors, whatever the options of `npm run` are. */
const npm = (...args: string[]) => ["npm", ...args, "--loglevel=notice"] as const;
const node = (cwd: string, ...args: string[]) => outputOf(cwd, process.execPath, ...args);

describe("a private registry", () => {
  const publish = (packed: string, authenticated = true) =>
    run(project(authenticated), ...npm("publish", tarballs[packed]!.path));

  test("accepts packages with a token, and refuses one without", () => {
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

  test("refuses an installation without a token", () => {
    expect(run(project(false), ...npm("install", `${name}@${version}`))).toMatchObject({
      output: expect.stringMatching(/E401|E403/) as string,
      status: 1,
    });
  });

  test("returns the checksum of the published tarball", () => {
    const view = outputOf(project(), ...npm("view", `${name}@${version}`, "dist.integrity", "--json"));
    const sha = createHash("sha512").update(readFileSync(tarballs[name]!.path)).digest("base64");
    expect(JSON.parse(view)).toBe(`sha512-${sha}`);
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

const comparable = (stacks: Readonly<Record<string, string>>): object =>
  Object.fromEntries(
    Object.entries(stacks).map(([stack, text]) => [stack, withoutFramework(JSON.parse(text) as object)]),
  );

const INSTALL = npm("install", "--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts", "--no-engine-strict");
/** The Terraform of the consumer of each library. */
const synthesized: Record<string, object> = {};

// One installation has both packages, because the bindings take most of its time.
describe.each(PACKAGES)("a project of redshift-kms init --framework %s", (framework, packed, cli) => {
  const { node: oldest, packages } = FRAMEWORKS[framework]!;
  // cdktn-cli needs a newer Node.js than the bindings.
  const installable = Object.entries(packages).filter(([dependency]) => dependency !== "cdktn-cli");
  let directory: string;

  test("is written by init, and installs command and library", () => {
    const parent = project();
    const [, token] = readFileSync(join(parent, ".npmrc"), "utf8").split("\n");
    const url = `http://${registry.env.NPM_REGISTRY}`;
    const hook = join(parent, "node-version.cjs");
    const versions = `{ value: { ...process.versions, node: "${oldest.join(".")}.0" } }`;
    writeFileSync(hook, `Object.defineProperty(process, "versions", ${versions});\n`);
    const init = ["init", "--framework", framework, "--registry", url, "--ci", "github", "warehouses"];
    node(parent, "--require", hook, join(tarballs[cli]!.directory, "dist/cli/main.js"), ...init);
    directory = join(parent, "warehouses");
    expect(readFileSync(join(directory, ".npmrc"), "utf8")).toBe(`@redshift-kms:registry=${url}\n`);
    const manifest = manifestOf(directory);
    expect(manifest.dependencies).toStrictEqual({ ...packages, [cli]: version });
    const dependencies = { ...Object.fromEntries(installable), [cli]: version, [packed]: version };
    writeFileSync(join(directory, "package.json"), JSON.stringify({ ...manifest, dependencies }));
    // The token is in the configuration of the user.
    process.env.NPM_CONFIG_USERCONFIG = join(parent, "user.npmrc");
    writeFileSync(process.env.NPM_CONFIG_USERCONFIG, `${token}\n`);
    try {
      outputOf(directory, ...INSTALL);
    } finally {
      delete process.env.NPM_CONFIG_USERCONFIG;
    }
    for (const installed of [packed, cli]) {
      expect(readdirSync(join(directory, "node_modules", installed)).sort()).toStrictEqual(
        readdirSync(tarballs[installed]!.directory).sort(),
      );
    }
  });

  test("synthesizes the same Terraform as the checkout", () => {
    const checkout = checkoutStacks(join(directory, "warehouses.yaml"));
    expect(Object.keys(checkout)).toStrictEqual(["analytics-cluster", "analytics-serverless"]);
    outputOf(directory, "npx", ...(framework === "cdktf" ? ["cdktf"] : ["--no", "redshift-kms"]), "synth");
    const stacks = stacksBelow(directory);
    // Stacks of cdktn name another framework in their metadata, so both sides are compared without it.
    expect(framework === "cdktf" ? stacks : comparable(stacks)).toStrictEqual(
      framework === "cdktf" ? checkout : comparable(checkout),
    );
  });

  test("has the page that its workflow names", () => {
    const workflow = readFileSync(join(directory, ".github", "workflows", "fleet.yml"), "utf8");
    const [page] = /\S+\/docs\/fleet\.md/.exec(workflow)!;
    expect(readFileSync(join(directory, page), "utf8")).toMatch(/^# Deploy a fleet\n/);
  });

  test("lists its stacks", () => {
    const listed = JSON.parse(
      outputOf(directory, join("node_modules", ".bin", "redshift-kms"), "list", "--json"),
    ) as object[];
    expect(listed).toMatchObject([{ stack: "analytics-cluster" }, { stack: "analytics-serverless" }]);
  });

  test("type-checks the maximal consumer, with the declarations of all packages", () => {
    cpSync(join(ROOT, "__tests__", "consumer"), directory, { recursive: true });
    for (const file of readdirSync(directory).filter((entry) => entry.endsWith(".ts"))) {
      const source = readFileSync(join(directory, file), "utf8");
      const adapted = source.replace('"../../modules"', JSON.stringify(packed));
      writeFileSync(
        join(directory, file),
        packed === TERRAIN ? adapted.replace(/(?<=from "@?)cdktf/g, "cdktn") : adapted,
      );
    }
    const compilerOptions = {
      exactOptionalPropertyTypes: true,
      module: "node20",
      outDir: "dist",
      rootDir: ".",
      skipLibCheck: false,
      strict: true,
      target: "ES2022",
      // The compiler and jest are those of the checkout.
      typeRoots: [join(ROOT, "node_modules", "@types")],
      types: ["node", "jest"],
    };
    writeFileSync(join(directory, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["*.ts"] }));
    node(directory, join(ROOT, "node_modules/typescript/bin/tsc"));
    expect(readdirSync(join(directory, "dist"))).toContain("main.js");
  });

  test("has a library of at most 1,450,000 bytes", () => {
    const installed = join(directory, "node_modules", packed);
    const size = readdirSync(installed, { encoding: "utf8", recursive: true })
      .map((file) => statSync(join(installed, file)))
      .reduce((sum, stat) => sum + (stat.isFile() ? stat.size : 0), 0);
    process.stderr.write(`${packed}@${version}: ${size} bytes installed\n`);
    expect(size).toBeLessThan(1_450_000);
  });

  test("has the source to which a declaration map leads", () => {
    const lib = join(directory, "node_modules", packed, "lib", "redshift");
    const { sources } = JSON.parse(readFileSync(join(lib, "cluster.d.ts.map"), "utf8")) as { sources: string[] };
    expect(readFileSync(join(lib, sources[0]!), "utf8")).toContain("class EncryptedCluster");
  });

  test("can load the exports of the library, and no internal file", () => {
    const print = `console.log(JSON.stringify(Object.keys(require(${JSON.stringify(packed)})).sort()))`;
    expect(JSON.parse(node(directory, "--eval", print))).toStrictEqual(Object.keys(library).sort());
    const deep = run(directory, process.execPath, "--eval", `require("${packed}/lib/private/checks")`);
    expect(deep).toMatchObject({
      output: expect.stringContaining("ERR_PACKAGE_PATH_NOT_EXPORTED") as string,
      status: 1,
    });
  });

  test("passes the consumer's test with jest", () => {
    const { output, status } = run(directory, process.execPath, join(ROOT, "node_modules/jest/bin/jest.js"), "dist");
    expect({ output, status }).toStrictEqual({
      output: expect.stringContaining("1 passed, 1 total") as string,
      status: 0,
    });
  });

  test("synthesizes the maximal consumer", () => {
    node(directory, "dist/main.js");
    const text = readFileSync(join(directory, "cdktf.out", "stacks", "maximal", "cdk.tf.json"), "utf8");
    expect(text).toContain("aws_redshift_cluster");
    synthesized[packed] = withoutFramework(JSON.parse(text) as object);
  });
});

describe("the installed command without its peers", () => {
  let directory: string;

  test("reviews a plan", () => {
    directory = project();
    writeFileSync(join(directory, "package.json"), JSON.stringify({ dependencies: { [CLI]: version }, private: true }));
    outputOf(directory, ...INSTALL);
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

  test("reads the grants of a key", () => {
    const key = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    const { output, status } = run(directory, "npx", "--no", "redshift-kms", "grants", "--key", key, "--permissions");
    expect({ output, status }).toStrictEqual({
      output: expect.stringContaining('"kms:ListGrants"') as string,
      status: 0,
    });
  });

  test.each([
    ["synth", "redshift-kms: synth"],
    ["grants", "grants: grants STACK", "sales"],
  ])("names the peers that %s requires", (command, start, ...args) => {
    const { output, status } = run(directory, join("node_modules", ".bin", "redshift-kms"), command, ...args);
    expect([output, status]).toStrictEqual([
      `${start} requires packages that are not installed beside @redshift-kms/cli: npm install ` +
        '"@cdktf/provider-aws@^21.0.0" "cdktf@^0.21.0" "constructs@^10.4.2"\n',
      2,
    ]);
  });

  test("is installed by install.sh of a fleet with a token, and not without", () => {
    const [registryOfScope] = readFileSync(join(directory, ".npmrc"), "utf8").split("\n");
    writeFileSync(join(directory, ".npmrc"), `${registryOfScope!}\n`);
    const install = (token: string) => {
      rmSync(join(directory, "node_modules"), { recursive: true });
      // The cache of npm needs no token.
      const cache = mkdtempSync(join(directory, "cache-"));
      const script = join(ROOT, "examples", "fleet", "ci", "install.sh");
      return run(directory, "env", `npm_config_cache=${cache}`, `NPM_TOKEN=${token}`, "bash", script);
    };
    expect(install(registry.env.NPM_TOKEN!)).toMatchObject({ status: 0 });
    expect(existsSync(join(directory, "node_modules", CLI))).toBe(true);
    expect(install("")).toMatchObject({ output: expect.stringMatching(/E401|E403/) as string, status: 1 });
  });
});

test("the libraries of both frameworks synthesize the same Terraform", () => {
  expect(synthesized[TERRAIN]).toStrictEqual(synthesized[name]);
});
