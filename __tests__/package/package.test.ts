import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, posix } from "node:path";
import { decode } from "@jridgewell/sourcemap-codec";
import { apiChanges, unsaid } from "../../publish/api-changes";
import { manifestOf, ROOT, type Tarball, TERRAIN, unpack } from "./tarball";

/** What a private registry is asked to store at most, in bytes. */
const MAX_SIZE = 120_000;
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
    // What is private leads nowhere, and its declarations are there where another one needs them.
    const compiled = modules
      .filter((module) => !module.startsWith("private"))
      .flatMap((module) => [`lib/${module}.d.ts`, `lib/${module}.d.ts.map`, `modules/${module}.ts`]);
    const needed = ["checks", "rules", "statement"].map((module) => `lib/private/${module}.d.ts`);
    const commands = Object.values((manifestOf(ROOT) as { bin?: Record<string, string> }).bin ?? {}).map((path) =>
      posix.normalize(path),
    );
    expect(tarball.files).toStrictEqual(
      [
        ...compiled,
        ...needed,
        "lib/index.js",
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
      /^"use strict";.*\bmodule\.exports=/,
    );
  });

  test("leads from every declaration to its source", () => {
    const maps = tarball.files.filter((file) => file.endsWith(".d.ts.map"));
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
