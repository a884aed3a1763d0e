import { spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { isBuiltin } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, posix } from "node:path";
import { decode } from "@jridgewell/sourcemap-codec";
import commands from "../../app/cli/commands.json";
import { TABLE_PAGES } from "../../tools/docs/tables";
import { apiChanges, unannouncedChanges } from "../../tools/release/api-changes";
import { recordedVersions, RELEASED } from "../../tools/release/recorded";
import { ROOT } from "../support/paths";
import { CLI, CLI_TERRAIN, manifestOf, type Tarball, TERRAIN, unpack } from "./tarball";

/** The largest tarball for a private registry, in bytes. */
const MAX_SIZE = 310_000;
const { name, version } = manifestOf(ROOT);

/** Runs a command of the packages of this lane; everything that it printed. */
function run(command: string, ...args: string[]) {
  const { status, stderr, stdout } = spawnSync(join(__dirname, "node_modules", ".bin", command), args, {
    cwd: ROOT,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1" },
  });
  return { output: stdout + stderr, status };
}

const filesBelow = (directory: string): string[] =>
  readdirSync(directory, { encoding: "utf8", recursive: true })
    .filter((file) => statSync(join(directory, file)).isFile())
    .sort();

/** The largest tarball of the commands, which have the clients of AWS, in bytes. */
const MAX_CLI_SIZE = 3_000_000;

const PEERS = {
  [name]: { "@cdktf/provider-aws": "^21.0.0", cdktf: "^0.21.0", constructs: "^10.4.2" },
  [TERRAIN]: { "@cdktn/provider-aws": "^25.5.0", cdktn: "^0.24.0", constructs: ">=10.6.0 <10.8.0" },
};

describe.each(Object.entries(PEERS))("the package %s", (packed, peerDependencies) => {
  let tarball: Tarball;
  beforeAll(() => {
    tarball = unpack(packed);
  });
  afterAll(() => {
    rmSync(tarball.directory, { recursive: true });
  });

  test("has a tarball of at most the allowed size", () => {
    expect(statSync(tarball.path).size).toBeLessThanOrEqual(MAX_SIZE);
  });

  test("has exactly the compiled library, its types, its sources and its documents", () => {
    const modules = filesBelow(join(ROOT, "modules")).flatMap((file) => /^(.*)\.ts$/.exec(file)?.[1] ?? []);
    const compiled = modules.flatMap((module) => [
      `lib/${module}.d.ts`,
      `lib/${module}.d.ts.map`,
      `modules/${module}.ts`,
    ]);
    expect(tarball.files).toStrictEqual(
      [...compiled, "lib/index.js", "lib/index.js.map", "CHANGELOG.md", "LICENSE", "README.md", "package.json"].sort(),
    );
  });

  test("is CommonJS", () => {
    expect(readFileSync(join(tarball.directory, "lib", "index.js"), "utf8")).toMatch(
      /^"use strict";[^]*\nmodule\.exports = /,
    );
  });

  test("has the JSDoc in the types, and not in the JavaScript", () => {
    const [script, types] = ["index.js", "redshift/cluster.d.ts"].map((file) =>
      readFileSync(join(tarball.directory, "lib", file), "utf8"),
    );
    expect(types).toMatch(/^ *\/\*\*/m);
    expect(script).not.toMatch(/^ *\/\*\*/m);
  });

  test("has no line of code of 500 characters or more", () => {
    const scripts = tarball.files.filter((file) => file.endsWith(".js"));
    const lines = scripts.flatMap((file) => readFileSync(join(tarball.directory, file), "utf8").split("\n"));
    expect(scripts).toHaveLength(1);
    expect(lines.length).toBeGreaterThan(5_000);
    // A pattern or a message of one line.
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(500);
  });

  test("has source maps whose sources are all in the tarball", () => {
    const maps = tarball.files.filter((file) => file.endsWith(".map"));
    const missing = maps.flatMap((map) => {
      const { sources } = JSON.parse(readFileSync(join(tarball.directory, map), "utf8")) as { sources: string[] };
      return sources
        .map((source) => posix.join(posix.dirname(map), source))
        .filter((source) => !tarball.files.includes(source));
    });
    expect(maps.length).toBeGreaterThan(10);
    expect(missing).toStrictEqual([]);
  });

  test("has a source map that leads to the line of a member", () => {
    const declarations = readFileSync(join(tarball.directory, "lib", "kms", "data-api-key-props.d.ts"), "utf8").split(
      "\n",
    );
    const map = readFileSync(join(tarball.directory, "lib", "kms", "data-api-key-props.d.ts.map"), "utf8");
    const line = declarations.findIndex((text) => text.includes("readonly enableKeyRotation?:"));
    const [[, , source] = []] = decode((JSON.parse(map) as { mappings: string }).mappings)[line]!;
    const sources = readFileSync(join(tarball.directory, "modules", "kms", "data-api-key-props.ts"), "utf8").split(
      "\n",
    );
    expect(sources[source!]).toContain("readonly enableKeyRotation?:");
  });

  test("has only peer dependencies, and 'engines' with Node.js 20 or newer", () => {
    expect(tarball.manifest).toMatchObject({
      engines: { node: ">=20" },
      license: "Apache-2.0",
      peerDependencies,
      sideEffects: false,
      version,
    });
    for (const field of ["dependencies", "devDependencies", "overrides", "scripts"]) {
      expect(manifestOf(ROOT)).toHaveProperty(field);
      expect(tarball.manifest).not.toHaveProperty(field);
    }
  });

  test("has a README for consumers", () => {
    const readme = readFileSync(join(tarball.directory, "README.md"), "utf8");
    expect(readme).toMatch(new RegExp(`^# ${packed}\n`));
    expect(readme).toContain(`npm install ${packed}@${version} `);
    for (const [peer, range] of Object.entries(peerDependencies)) {
      expect(readme).toContain(`"${peer}@${range}"`);
    }
    // The text that only a checkout needs.
    expect(readme).not.toMatch(
      /\{\{|\]\((?!https:)|npm run|register\.cjs|main\.ts|warehouses\.yaml|"\.\/|npx (?!--no )/,
    );
    const constructs = [...readme.matchAll(/^\| `(\w+)`/gm)].map(([, construct]) => construct!);
    const exported = readFileSync(join(tarball.directory, "lib", "index.d.ts"), "utf8");
    expect(constructs.length).toBeGreaterThan(20);
    expect(constructs.filter((construct) => !new RegExp(`\\b${construct}\\b`).test(exported))).toStrictEqual([]);
  });

  test("imports only itself and its peers", () => {
    const imported = tarball.files
      .filter((file) => /^(lib|modules)\/.*\.(js|ts)$/.test(file))
      .flatMap((file) => {
        const text = readFileSync(join(tarball.directory, file), "utf8");
        return [...text.matchAll(/(?:^(?:import|export|\}).* from |\brequire\()"([^".][^"]*)"/gm)].map(
          ([, from]) => from!,
        );
      })
      .map(
        (from) => Object.keys(peerDependencies).find((peer) => from === peer || from.startsWith(`${peer}/`)) ?? from,
      );
    expect([...new Set(imported)].sort()).toStrictEqual(Object.keys(peerDependencies).sort());
  });

  test("is not private, has no repository, and has restricted access", () => {
    expect(tarball.manifest).not.toHaveProperty("private");
    expect(tarball.manifest).not.toHaveProperty("repository");
    expect(tarball.manifest.publishConfig).toStrictEqual({ access: "restricted" });
  });

  test("has the same bytes when it is packed again", () => {
    const directory = mkdtempSync(join(tmpdir(), "packed-again-"));
    try {
      const { status } = spawnSync("npm", ["pack", "--pack-destination", directory], { cwd: tarball.directory });
      expect(status).toBe(0);
      const [again] = readdirSync(directory);
      expect(readFileSync(join(directory, again!)).equals(readFileSync(tarball.path))).toBe(true);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});

describe.each([
  [CLI, PEERS[name]!],
  [CLI_TERRAIN, PEERS[TERRAIN]],
])("the package %s", (packed, peerDependencies) => {
  let tarball: Tarball;
  beforeAll(() => {
    tarball = unpack(packed);
  });
  afterAll(() => {
    rmSync(tarball.directory, { recursive: true });
  });
  const read = (file: string) => readFileSync(join(tarball.directory, file), "utf8");

  test("has a tarball of at most the allowed size", () => {
    expect(statSync(tarball.path).size).toBeLessThanOrEqual(MAX_CLI_SIZE);
  });

  test("has exactly the bundles of its commands, their licences, and the files that init writes", () => {
    const bundles = ["main", ...Object.keys(commands), "synthesis-worker"].flatMap((key) => [
      `dist/cli/${key}.js`,
      `dist/cli/${key}.js.map`,
    ]);
    const examples = filesBelow(join(ROOT, "examples", "fleet")).map((file) => `examples/fleet/${file}`);
    const others = ["LICENSE", "README.md", "package.json", "warehouses.schema.json", "warehouses.yaml"];
    const files = tarball.files.filter((file) => !file.startsWith("docs/"));
    expect(files).toStrictEqual([...bundles, "dist/cli/LICENSES.txt", ...examples, ...others].sort());
  });

  test("has exactly the pages that its commands and examples name, and those of deployments", () => {
    const named = tarball.files
      .filter((file) => file.endsWith(".js") || file.startsWith("examples/"))
      .flatMap((file) => read(file).match(/\bdocs\/[a-z-]+\.md\b/g) ?? []);
    // `init` replaces the name of this page in warehouses.yaml.
    const required = new Set(named.filter((page) => page !== "docs/configuration.md"));
    const pages = [...required, "docs/deploy.md", "docs/deploy-policies.md"];
    expect(tarball.files.filter((file) => file.startsWith("docs/"))).toStrictEqual(pages.sort());
  });

  test("has only permissive licences of its bundled packages", () => {
    const licences = read("dist/cli/LICENSES.txt").match(/^@?[\w/.-]+ [\d.]+: .*$/gm)!;
    expect(licences.length).toBeGreaterThan(10);
    expect(licences.filter((line) => !/: (Apache-2\.0|BlueOak-1\.0\.0|0BSD|ISC|MIT)$/.test(line))).toStrictEqual([]);
  });

  test("imports only Node.js and its optional peers", () => {
    const imported = tarball.files
      .filter((file) => file.endsWith(".js"))
      .flatMap((file) =>
        [...read(file).matchAll(/= (?:__toESM\()?require\("([^".][^"]*)"\)/g)].map(([, from]) => from!),
      )
      .filter((from) => !isBuiltin(from))
      .map(
        (from) => Object.keys(peerDependencies).find((peer) => from === peer || from.startsWith(`${peer}/`)) ?? from,
      );
    expect([...new Set(imported)].sort()).toStrictEqual(Object.keys(peerDependencies).sort());
    expect(tarball.manifest).toMatchObject({ engines: { node: ">=20" }, peerDependencies, version });
    expect(tarball.manifest.peerDependenciesMeta).toStrictEqual(
      Object.fromEntries(Object.keys(peerDependencies).map((peer) => [peer, { optional: true }])),
    );
    expect(tarball.manifest).not.toHaveProperty("dependencies");
  });

  test("has source maps without sourcesContent", () => {
    const maps = tarball.files.filter((file) => file.endsWith(".map"));
    expect(maps.filter((map) => "sourcesContent" in (JSON.parse(read(map)) as object))).toStrictEqual([]);
  });
});

// The commands have no types, which a consumer could resolve wrongly.
describe.each([
  [name, "No problems found"],
  [TERRAIN, "No problems found"],
  [CLI, "This package does not contain types."],
  [CLI_TERRAIN, "This package does not contain types."],
])("the package %s", (packed, types) => {
  let tarball: Tarball;
  beforeAll(() => {
    tarball = unpack(packed);
  });
  afterAll(() => {
    rmSync(tarball.directory, { recursive: true });
  });

  test.each([
    ["publint", "--strict", "All good!"],
    ["attw", "--no-definitely-typed", types],
  ])("satisfies %s", (command, option, verdict) => {
    expect(run(command, option, tarball.path)).toStrictEqual({
      output: expect.stringContaining(verdict) as string,
      status: 0,
    });
  });
});

describe("an error of the packed library", () => {
  let directory: string;
  let tarball: Tarball;
  beforeAll(() => {
    tarball = unpack(name);
    directory = mkdtempSync(join(tmpdir(), "wrong-props-"));
  });
  afterAll(() => {
    rmSync(tarball.directory, { recursive: true });
    rmSync(directory, { recursive: true });
  });

  const one = 'alias: "analytics"';
  const four = `${one}, accountId: "1111", deletionWindowInDays: 3, rotationPeriodInDays: 30`;
  test.each([
    [1, "", one],
    [4, "", four],
    [4, "--enable-source-maps", four],
  ])("about %d wrong props is short, and its first frame is the caller, with the flag '%s'", (count, flag, props) => {
    const main = join(directory, "main.cjs");
    writeFileSync(
      main,
      [
        'const { App, TerraformStack } = require("cdktf");',
        `const { DataApiKey, Identity } = require(${JSON.stringify(tarball.directory)});`,
        'const stack = new TerraformStack(new App(), "analytics");',
        'const administrators = [Identity.fromArn("arn:aws:iam::111122223333:role/ExampleAdminRole")];',
        "function makeKey() {",
        `  return new DataApiKey(stack, "Key", { administrators, ${props} });`,
        "}",
        "makeKey();",
      ].join("\n"),
    );
    const { status, stderr } = spawnSync(process.execPath, [...(flag === "" ? [] : [flag]), main], {
      cwd: directory,
      encoding: "utf8",
      // The peers that are installed here.
      env: { ...process.env, NODE_PATH: join(ROOT, "node_modules") },
    });
    expect(status).toBe(1);
    expect(stderr.match(/^(Prop\w+: )?\[analytics\/Key\] '/gm)).toHaveLength(count);
    expect(/^ +at .*$/m.exec(stderr)?.[0]).toBe(`    at makeKey (${main}:6:10)`);
    expect(Buffer.byteLength(stderr)).toBeLessThan(1_000);
  });
});

test("the error for an Identity of another copy of the package names both copies", () => {
  const [one, other] = [unpack(name), unpack(name)];
  const main = join(mkdtempSync(join(tmpdir(), "copies-")), "main.cjs");
  try {
    writeFileSync(
      main,
      [
        'const { App, TerraformStack } = require("cdktf");',
        `const { Identity } = require(${JSON.stringify(one.directory)});`,
        `const { DataApiKey } = require(${JSON.stringify(other.directory)});`,
        'const administrators = [Identity.forAccountRoot("111122223333")];',
        'new DataApiKey(new TerraformStack(new App(), "stack"), "Key", { administrators, alias: "alias/a" });',
      ].join("\n"),
    );
    const env = { ...process.env, NODE_PATH: join(ROOT, "node_modules") };
    const { stderr } = spawnSync(process.execPath, [main], { cwd: dirname(main), encoding: "utf8", env });
    expect(stderr).toContain(
      "[stack/Key] 'administrators[0]' must be an Identity of the same copy of the package: two copies are installed",
    );
  } finally {
    [one.directory, other.directory, dirname(main)].forEach((folder) => rmSync(folder, { recursive: true }));
  }
});

describe("the package's README", () => {
  test("has an example that compiles and synthesizes", () => {
    const tarball = unpack(name);
    const directory = mkdtempSync(join(tmpdir(), "example-"));
    try {
      const readme = readFileSync(join(tarball.directory, "README.md"), "utf8");
      const [, example] = /^```typescript\n([^]*?)^```/m.exec(readme)!;
      writeFileSync(join(directory, "analytics.ts"), example!);
      // The compiler resolves a symbolic link, and the peers are not beside its target.
      cpSync(tarball.directory, join(directory, "node_modules", name), { recursive: true });
      for (const installed of ["@cdktf", "@types", "cdktf", "constructs"]) {
        symlinkSync(join(ROOT, "node_modules", installed), join(directory, "node_modules", installed));
      }
      const [, compile] = /^npx --no -- tsc (.*)$/m.exec(readme)!;
      const [, program] = /^node (.*)$/m.exec(readme)!;
      for (const args of [[join(ROOT, "node_modules/typescript/bin/tsc"), ...compile!.split(" ")], [program!]]) {
        const { status, stderr, stdout } = spawnSync(process.execPath, args, { cwd: directory, encoding: "utf8" });
        expect({ status, stderr, stdout }).toStrictEqual({ status: 0, stderr: "", stdout: "" });
      }
      expect(readFileSync(join(directory, "cdktf.out", "stacks", "analytics", "cdk.tf.json"), "utf8")).toContain(
        "aws_redshiftserverless_namespace",
      );
    } finally {
      rmSync(directory, { recursive: true });
      rmSync(tarball.directory, { recursive: true });
    }
  });
});

test("the packed command synthesizes 400 stacks on threads", () => {
  const tarball = unpack(CLI);
  const warehouses = Array.from({ length: 400 }, (_, index) => `  - {name: warehouse-${index}, serverless: {}}\n`);
  const text = `defaults:
  account: "111122223333"
  region: us-east-1
  key: {keyArn: arn:aws:kms:us-east-1:111122223333:key/12345678-1234-1234-1234-123456789012}
  users: [{permissionSet: Analyst}]
  serverless: {}
warehouses:
${warehouses.join("")}`;
  try {
    writeFileSync(join(tarball.directory, "w.yaml"), text);
    symlinkSync(join(ROOT, "node_modules"), join(tarball.directory, "node_modules"));
    const hook = join(ROOT, "__tests__", "support", "report-threads.cjs");
    const program = ["--require", hook, join(tarball.directory, "dist", "cli", "main.js"), "synth"];
    const { status, stderr, stdout } = spawnSync(process.execPath, program, {
      cwd: tarball.directory,
      encoding: "utf8",
      env: { ...process.env, WAREHOUSES: "w.yaml" },
    });
    expect({ status, stderr: stderr.split("\n")[0] }).toStrictEqual({
      status: 0,
      stderr: "thread: synthesis-worker.js",
    });
    expect(stdout).toMatch(/\n400 stacks: 400 new, 0 changed, 0 unchanged\n$/);
    expect(readdirSync(join(tarball.directory, "cdktf.out", "stacks"))).toHaveLength(400);
  } finally {
    rmSync(tarball.directory, { recursive: true });
  }
});

test("the tarballs and checksums have the same bytes under another umask", () => {
  const directory = mkdtempSync(join(tmpdir(), "umask-"));
  try {
    const command = `umask 077 && exec "${process.execPath}" tools/pack/pack.mjs "${directory}"`;
    expect(spawnSync(command, { cwd: ROOT, encoding: "utf8", shell: true })).toMatchObject({ status: 0, stderr: "" });
    const tarballs = readdirSync(directory);
    // The packages and their checksums.
    expect(tarballs).toHaveLength(5);
    for (const file of tarballs) {
      const packed = readFileSync(join(ROOT, "dist", "npm", file));
      expect(readFileSync(join(directory, file)).equals(packed)).toBe(true);
    }
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test("a checkout synthesizes with the packages that npm ci --omit=dev installs", () => {
  const directory = mkdtempSync(join(tmpdir(), "omit-dev-"));
  try {
    for (const file of ["app", "main.ts", "modules", "package.json", "register.cjs", "warehouses.yaml"]) {
      symlinkSync(join(ROOT, file), join(directory, file));
    }
    const { packages } = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8")) as {
      packages: Record<string, { readonly dev?: boolean; readonly optional?: boolean }>;
    };
    const installed = Object.entries(packages).filter(
      ([path, { dev, optional }]) => /^node_modules\/(@[^/]+\/)?[^/]+$/.test(path) && !dev && !optional,
    );
    // The compiler's binary is one of several optional packages.
    for (const path of [...installed.map(([file]) => file), ...binaries()]) {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      symlinkSync(join(ROOT, path), join(directory, path));
    }
    expect(installed.length).toBeLessThan(40);
    const flags = ["--preserve-symlinks", "--preserve-symlinks-main"];
    const { status, stderr, stdout } = spawnSync(
      process.execPath,
      [...flags, "--require", "./register.cjs", "main.ts"],
      {
        cwd: directory,
        encoding: "utf8",
      },
    );
    expect({ status, stderr }).toStrictEqual({ status: 0, stderr: "" });
    expect(stdout).toContain("2 stacks: 2 new");
  } finally {
    rmSync(directory, { recursive: true });
  }
});

/** The packages of swc's binaries that are installed here. */
function binaries(): readonly string[] {
  return readdirSync(join(ROOT, "node_modules", "@swc"))
    .filter((folder) => folder.startsWith("core-"))
    .map((folder) => `node_modules/@swc/${folder}`);
}

describe("the public API", () => {
  test("equals the output of `npm run docs`", () => {
    const directory = mkdtempSync(join(tmpdir(), "docs-"));
    try {
      const docs = (args: string[]) =>
        spawnSync(process.execPath, [join(ROOT, "tools", "docs", "docs.mjs"), ...args], { encoding: "utf8" });
      const { status, stderr } = docs([directory]);
      expect({ status, stderr }).toStrictEqual({ status: 0, stderr: "" });
      const files = filesBelow(directory);
      const kept = filesBelow(join(ROOT, "docs"));
      const read = (folder: string, file: string) => readFileSync(join(folder, file), "utf8");
      expect(kept.filter((file) => file.startsWith("api") || file.endsWith(".api.md"))).toStrictEqual(files);
      expect(files.filter((file) => read(directory, file) !== read(join(ROOT, "docs"), file))).toStrictEqual([]);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  for (const last of recordedVersions().slice(-1)) {
    test(`equals that of ${last}, except for changes in CHANGELOG.md and the version`, () => {
      const report = (directory: string) => readFileSync(join(directory, "constructs.api.md"), "utf8");
      const changes = apiChanges(report(join(RELEASED, last)), report(join(ROOT, "docs")));
      expect(
        unannouncedChanges(changes, readFileSync(join(ROOT, "CHANGELOG.md"), "utf8"), last, version),
      ).toStrictEqual([]);
    });
  }
});

test("npm run schema writes the JSON Schema and the pages with tables to their files", () => {
  const directory = mkdtempSync(join(tmpdir(), "schema-"));
  try {
    const hook = join(directory, "hook.cjs");
    // register.cjs may write compiled sources, too.
    const script = `const fs = require("node:fs");
const { writeFileSync } = fs;
fs.writeFileSync = (...args) => /\\.(json|md)$/.test(args[0]) ? console.log(JSON.stringify(args)) : writeFileSync(...args);`;
    writeFileSync(hook, script);
    const args = ["--require", hook, "--require", join(ROOT, "register.cjs"), "tools/docs/schema.ts"];
    const { status, stdout } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: "utf8" });
    expect(status).toBe(0);
    const files = ["warehouses.schema.json", ...TABLE_PAGES.map(([page]) => page)].map((file) => join(ROOT, file));
    expect(
      stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as unknown),
    ).toStrictEqual(files.map((file) => [file, readFileSync(file, "utf8")]));
  } finally {
    rmSync(directory, { recursive: true });
  }
});
