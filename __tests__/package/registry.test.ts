import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as library from "../../modules";
import { blocks } from "../readme";
import { PrivateRegistry } from "./registry";
import { manifestOf, ROOT, type Tarball, unpack } from "./tarball";

const { devDependencies, name, version } = manifestOf(ROOT);
/** The slowest command installs the peers, some 400 MB. */
const TIMEOUT = 240_000;

const registry = new PrivateRegistry();
const directories: string[] = [];
let tarball: Tarball;

beforeAll(async () => {
  tarball = unpack(name);
  directories.push(tarball.directory);
  await registry.start();
});
afterAll(async () => {
  await registry.stop();
  directories.forEach((directory) => rmSync(directory, { force: true, recursive: true }));
});

/** A directory outside the repository, with the README's .npmrc, or the line of it that has no token. */
function project(authenticated = true): string {
  const directory = mkdtempSync(join(tmpdir(), "consumer-"));
  directories.push(directory);
  const [scope, token] = blocks("ini")[0]!.trim().replace("https:", "http:").split("\n") as [string, string];
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

/** An npm that says what is wrong, whatever `npm run` was told. */
const npm = (...args: string[]) => ["npm", ...args, "--loglevel=notice"] as const;
const node = (cwd: string, ...args: string[]) => done(cwd, process.execPath, ...args);

describe("a private registry", () => {
  test("takes the package of whoever has a token, and nobody else's", () => {
    expect(run(project(false), ...npm("publish", tarball.path))).toMatchObject({
      output: expect.stringMatching(/ENEEDAUTH/) as string,
      status: 1,
    });
    done(project(), ...npm("publish", tarball.path));
  });

  test("refuses the same version again", () => {
    expect(run(project(), ...npm("publish", tarball.path))).toMatchObject({
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
    const dist = JSON.parse(done(project(), ...npm("view", `${name}@${version}`, "dist", "--json"))) as {
      integrity: string;
    };
    const packed = JSON.parse(done(project(), ...npm("pack", tarball.path, "--dry-run", "--json"))) as {
      integrity: string;
    }[];
    expect(dist.integrity).toBe(packed[0]!.integrity);
  });
});

describe("a consumer that never saw this repository", () => {
  const TSCONFIG = {
    compilerOptions: {
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
    Object.fromEntries(names.map((dependency) => [dependency, devDependencies[dependency]]));
  let directory: string;

  test("installs it and its peers", () => {
    directory = project();
    cpSync(join(ROOT, "__tests__", "consumer"), directory, { recursive: true });
    for (const file of readdirSync(directory).filter((entry) => entry.endsWith(".ts"))) {
      const source = readFileSync(join(directory, file), "utf8");
      writeFileSync(join(directory, file), source.replace('"../../modules"', JSON.stringify(name)));
    }
    writeFileSync(join(directory, "tsconfig.json"), JSON.stringify(TSCONFIG));
    writeFileSync(
      join(directory, "package.json"),
      JSON.stringify({
        dependencies: { ...pick("@cdktf/provider-aws", "cdktf", "constructs"), [name]: version },
        devDependencies: pick("@types/jest", "@types/node", "jest", "typescript"),
        name: "consumer",
        private: true,
      }),
    );
    done(directory, ...npm("install", "--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts"));
    expect(readdirSync(join(directory, "node_modules", name)).sort()).toStrictEqual(
      readdirSync(tarball.directory).sort(),
    );
  });

  /** Seconds that the compiler takes. */
  const compile = (...args: string[]) => {
    const start = process.hrtime.bigint();
    node(directory, "node_modules/typescript/bin/tsc", ...args);
    return Number(process.hrtime.bigint() - start) / 1e9;
  };

  test("type-checks, libraries included, and is told what that costs", () => {
    const installed = join(directory, "node_modules", name);
    const size = readdirSync(installed, { encoding: "utf8", recursive: true })
      .map((file) => statSync(join(installed, file)))
      .reduce((sum, stat) => sum + (stat.isFile() ? stat.size : 0), 0);
    const withIt = compile();
    writeFileSync(
      join(directory, "without.ts"),
      'import { AwsProvider } from "@cdktf/provider-aws/lib/provider";\n' +
        'import { App, TerraformStack } from "cdktf";\n' +
        'new AwsProvider(new TerraformStack(new App(), "without"), "Aws", { region: "us-east-1" });\n',
    );
    writeFileSync(join(directory, "tsconfig.without.json"), JSON.stringify({ ...TSCONFIG, include: ["without.ts"] }));
    const withoutIt = compile("--noEmit", "--project", "tsconfig.without.json");
    process.stderr.write(
      `${name}@${version}: ${size} bytes installed; ` +
        `type check ${withIt.toFixed(1)} s with it, ${withoutIt.toFixed(1)} s without it\n`,
    );
    expect(size).toBeLessThan(1_000_000);
  });

  test("finds the source of a declaration", () => {
    const lib = join(directory, "node_modules", name, "lib");
    const { sources } = JSON.parse(readFileSync(join(lib, "cluster.d.ts.map"), "utf8")) as { sources: string[] };
    expect(readFileSync(join(lib, sources[0]!), "utf8")).toContain("class EncryptedCluster");
  });

  test("finds at run time what the library exports, and nothing else", () => {
    const print = `console.log(JSON.stringify(Object.keys(require(${JSON.stringify(name)})).sort()))`;
    expect(JSON.parse(node(directory, "--eval", print))).toStrictEqual(Object.keys(library).sort());
    const deep = run(directory, process.execPath, "--eval", `require("${name}/lib/private/checks")`);
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
    const { resource } = JSON.parse(
      readFileSync(join(directory, "cdktf.out", "stacks", "maximal", "cdk.tf.json"), "utf8"),
    ) as { resource: Record<string, unknown> };
    expect(Object.keys(resource)).toContain("aws_redshift_cluster");
  });
});
