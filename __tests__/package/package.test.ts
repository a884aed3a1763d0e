import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, posix } from "node:path";
import { decode } from "@jridgewell/sourcemap-codec";
import { apiChanges, unsaid } from "../../publish/api-changes";
import { manifestOf, ROOT, type Tarball, TERRAIN, unpack } from "./tarball";

/** What a private registry is asked to store at most, in bytes. */
const MAX_SIZE = 200_000;
const { name, version } = manifestOf(ROOT);

/** Runs a command of node_modules; everything that it printed. */
function run(command: string, ...args: string[]) {
  const { status, stderr, stdout } = spawnSync(join(ROOT, "node_modules", ".bin", command), args, {
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

  test("is small", () => {
    expect(statSync(tarball.path).size).toBeLessThanOrEqual(MAX_SIZE);
  });

  test("has the library compiled, its types, its sources, and what a reader needs; nothing else", () => {
    const modules = filesBelow(join(ROOT, "modules")).map((file) => file.replace(/\.ts$/, ""));
    const compiled = modules.flatMap((module) => [
      `lib/${module}.d.ts`,
      `lib/${module}.d.ts.map`,
      `modules/${module}.ts`,
    ]);
    const commands = Object.values((manifestOf(ROOT) as { bin?: Record<string, string> }).bin ?? {}).map((path) =>
      posix.normalize(path),
    );
    expect(tarball.files).toStrictEqual(
      [
        ...compiled,
        "lib/index.js",
        "lib/index.js.map",
        ...commands,
        "CHANGELOG.md",
        "LICENSE",
        "README.md",
        "package.json",
      ].sort(),
    );
  });

  test("is CommonJS", () => {
    expect(readFileSync(join(tarball.directory, "lib", "index.js"), "utf8")).toMatch(
      /^"use strict";[^]*\nmodule\.exports = /,
    );
  });

  test("is readable: no line of its code is long", () => {
    const scripts = tarball.files.filter((file) => file.endsWith(".js"));
    const lines = scripts.flatMap((file) => readFileSync(join(tarball.directory, file), "utf8").split("\n"));
    expect(scripts).toHaveLength(2);
    expect(lines.length).toBeGreaterThan(5_000);
    // A pattern or a message of one line.
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(500);
  });

  test("leads from every declaration and from the code to the sources", () => {
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

  test("leads to the line of a member", () => {
    const declarations = readFileSync(join(tarball.directory, "lib", "data-api-key.d.ts"), "utf8").split("\n");
    const map = readFileSync(join(tarball.directory, "lib", "data-api-key.d.ts.map"), "utf8");
    const line = declarations.findIndex((text) => text.includes("readonly enableKeyRotation?:"));
    const [[, , source] = []] = decode((JSON.parse(map) as { mappings: string }).mappings)[line]!;
    const sources = readFileSync(join(tarball.directory, "modules", "data-api-key.ts"), "utf8").split("\n");
    expect(sources[source!]).toContain("readonly enableKeyRotation?:");
  });

  test("depends on nothing but its peers, and says where it runs", () => {
    expect(tarball.manifest).toMatchObject({
      engines: { node: ">=20" },
      license: "Apache-2.0",
      peerDependencies,
      sideEffects: false,
      version,
    });
    expect(tarball.manifest).not.toHaveProperty("dependencies");
  });

  test("imports nothing but itself and its peers", () => {
    const imported = tarball.files
      .filter((file) => /^(lib|modules)\/.*\.(js|ts)$/.test(file) && !file.includes("redshift-kms-review"))
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

  test("is published on purpose, and to no place that it names itself", () => {
    expect(tarball.manifest).not.toHaveProperty("private");
    expect(tarball.manifest).not.toHaveProperty("repository");
    expect(tarball.manifest.publishConfig).toStrictEqual({ access: "restricted" });
  });

  test("satisfies publint", () => {
    expect(run("publint", "--strict", tarball.path)).toStrictEqual({
      output: expect.stringContaining("All good!") as string,
      status: 0,
    });
  });

  test("has types that resolve everywhere", () => {
    expect(run("attw", "--no-definitely-typed", tarball.path)).toStrictEqual({
      output: expect.stringContaining("No problems found") as string,
      status: 0,
    });
  });

  test("is the same bytes when it is packed again", () => {
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

describe("an error of the package", () => {
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
  ])("about %d wrong props is short and names the line of the caller first %s", (count, flag, props) => {
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

describe("the public API", () => {
  test("is described as it is: `npm run docs` changes nothing", () => {
    const directory = mkdtempSync(join(tmpdir(), "docs-"));
    try {
      const docs = (args: string[]) =>
        spawnSync(process.execPath, [join(ROOT, "publish", "docs.mjs"), ...args], { encoding: "utf8" });
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

  test("is that of the last release but for what CHANGELOG.md and the version say", () => {
    const released = readdirSync(join(ROOT, "__tests__", "released")).sort(
      new Intl.Collator("en", { numeric: true }).compare,
    );
    const last = released.pop()!;
    const report = (...path: string[]) => readFileSync(join(ROOT, ...path, "constructs.api.md"), "utf8");
    const changes = apiChanges(report("__tests__", "released", last), report("docs"));
    expect(unsaid(changes, readFileSync(join(ROOT, "CHANGELOG.md"), "utf8"), last, version)).toStrictEqual([]);
  });
});
