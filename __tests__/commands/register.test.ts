import { execFile, execFileSync } from "node:child_process";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { ROOT } from "../support/paths";

const SOURCE = 'const text: string = "from the source";\nconsole.log(text);\n';

/** A checkout with one source. Its compiler is that of the project, with a version of the test's choice. */
let checkout: string;
let cache: string;
beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), "register-"));
  cache = join(checkout, "node_modules", ".cache", "register");
  mkdirSync(join(checkout, "node_modules", "@swc", "core"), { recursive: true });
  symlinkSync(join(ROOT, "node_modules", "pirates"), join(checkout, "node_modules", "pirates"));
  const compiler = JSON.stringify(join(ROOT, "node_modules", "@swc", "core"));
  writeFileSync(join(checkout, "node_modules", "@swc", "core", "index.js"), `module.exports = require(${compiler});\n`);
  useCompiler("1.0.0");
  for (const file of ["package.json", "register.cjs"]) {
    copyFileSync(join(ROOT, file), join(checkout, file));
  }
  writeFileSync(join(checkout, "main.ts"), SOURCE);
});
afterEach(() => {
  rmSync(checkout, { recursive: true });
});

function useCompiler(version: string): void {
  writeFileSync(join(checkout, "node_modules", "@swc", "core", "package.json"), JSON.stringify({ version }));
}

const args = () => ["--require", join(checkout, "register.cjs"), join(checkout, "main.ts")];
const run = () => execFileSync(process.execPath, args(), { encoding: "utf8" }).trim();
const cachedFile = () => join(cache, readdirSync(cache)[0]!);

/** Runs the source, and changes the text of its compiled file, which the next run prints if it reads the file. */
function runAndMark(): void {
  expect(run()).toBe("from the source");
  const compiled = readFileSync(cachedFile(), "utf8");
  writeFileSync(cachedFile(), compiled.replace("from the source", "from the cache"));
}

test("register.cjs reads the cached text of an unchanged source", () => {
  runAndMark();
  expect(run()).toBe("from the cache");
});

test("register.cjs compiles a changed source, and replaces its cached text", () => {
  runAndMark();
  writeFileSync(join(checkout, "main.ts"), SOURCE.replace("from the source", "from the changed source"));
  expect(run()).toBe("from the changed source");
  expect(readdirSync(cache)).toHaveLength(1);
});

test("register.cjs compiles again if the compiler's version has changed", () => {
  runAndMark();
  useCompiler("1.0.1");
  expect(run()).toBe("from the source");
});

test("register.cjs compiles a source again if its cached file is incomplete", () => {
  expect(run()).toBe("from the source");
  for (const text of ["", readFileSync(cachedFile(), "utf8").slice(0, 20)]) {
    writeFileSync(cachedFile(), text);
    expect(run()).toBe("from the source");
  }
});

test("register.cjs compiles in each run if the cache cannot be written", () => {
  writeFileSync(join(checkout, "node_modules", ".cache"), "");
  expect([run(), run()]).toStrictEqual(["from the source", "from the source"]);
});

test("register.cjs in several processes at the same time leaves one complete cached file", async () => {
  const runs = Array.from({ length: 6 }, () => promisify(execFile)(process.execPath, args()));
  for (const { stdout } of await Promise.all(runs)) {
    expect(stdout).toBe("from the source\n");
  }
  expect(readdirSync(cache)).toHaveLength(1);
  expect(run()).toBe("from the source");
});

test("register.cjs loads an imported package at its first use", () => {
  const folder = join(checkout, "node_modules", "package");
  mkdirSync(folder);
  writeFileSync(join(folder, "index.js"), 'console.log("loaded"); exports.value = 1;\n');
  writeFileSync(
    join(checkout, "main.ts"),
    'import { value } from "package";\nconsole.log("started");\nconsole.log(value);\n',
  );
  expect(run()).toBe("started\nloaded\n1");
});

test("register.cjs gives an error the path and the file name of the TypeScript source", () => {
  writeFileSync(
    join(checkout, "main.ts"),
    'try { throw new Error("a bug"); } catch (error) { console.log((error as Error).stack); }',
  );
  for (const text of [run(), run()]) {
    expect(text).toContain(`at Object.<anonymous> (${join(checkout, "main.ts")}:`);
  }
});
