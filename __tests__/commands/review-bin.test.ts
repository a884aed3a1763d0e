import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { render } from "../../review/render/render";
import { planOf, reportOf } from "../plans/goldens";
import { buildReview } from "./review-bundle";
import { printSkipped } from "../support/skipped";

let scratch: string;
let bundle: string;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), "review-"));
  bundle = buildReview(scratch);
});
afterAll(() => rmSync(scratch, { recursive: true }));

/** Runs a program of Node.js in a folder without the project. */
function node(args: readonly string[], input: string) {
  const { status, stderr, stdout } = spawnSync(process.execPath, args, { cwd: scratch, encoding: "utf8", input });
  return { status, stderr, stdout };
}

test("the shipped command is one file that needs no other", () => {
  expect(readFileSync(bundle, "utf8").startsWith("#!/usr/bin/env node\n")).toBe(true);
  expect(node([bundle], planOf("key-policy-public/triggers"))).toStrictEqual({
    status: 1,
    stderr: "",
    stdout: render([reportOf("key-policy-public/triggers")], "text"),
  });
});

test("the shipped command refuses an older Node.js in one line", () => {
  const hook = join(scratch, "older.cjs");
  writeFileSync(
    hook,
    'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "18.20.8" } });' +
      'Object.defineProperty(process, "version", { value: "v18.20.8" });',
  );
  expect(node(["--require", hook, bundle, "--help"], "")).toStrictEqual({
    status: 2,
    stderr: "Node.js 20 or newer is needed, got: v18.20.8\n",
    stdout: "",
  });
});

const FULL_DISK = "/dev/full";
const hasFullDisk = existsSync(FULL_DISK);
if (!hasFullDisk) {
  printSkipped("the test of a full disk", `there is no ${FULL_DISK}`);
}

(hasFullDisk ? test : test.skip)("the shipped command ends with status 2 and one line if the disk is full", () => {
  const { status, stderr } = spawnSync(process.execPath, [bundle], {
    encoding: "utf8",
    input: planOf("key-policy-public/triggers"),
    stdio: ["pipe", openSync(FULL_DISK, "w"), "pipe"],
  });
  expect({ status, stderr }).toStrictEqual({ status: 2, stderr: "standard output cannot be written: ENOSPC\n" });
});
