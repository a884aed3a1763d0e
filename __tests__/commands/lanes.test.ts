import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Checkout } from "../support/checkout";
import { installLane } from "../support/install-lane";
import { ROOT } from "../support/paths";

/** A machine without a registry and without npm's cache. */
const offline = (scratch: string) => ({
  npm_config_cache: join(scratch, "cache"),
  npm_config_fetch_retries: "0",
  npm_config_registry: "http://127.0.0.1:9",
});
let scratch: string;
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), "lane-"));
});
afterEach(() => rmSync(scratch, { recursive: true }));

describe("installLane", () => {
  const before = process.env;
  beforeEach(() => {
    process.env = { ...before, CI: "", ...offline(scratch) };
    const manifest = { dependencies: { example: "1.0.0" }, name: "lane" };
    writeFileSync(join(scratch, "package.json"), JSON.stringify(manifest));
    const packages = { "": manifest, "node_modules/example": { integrity: "sha512-AAAA", version: "1.0.0" } };
    writeFileSync(join(scratch, "package-lock.json"), JSON.stringify({ lockfileVersion: 3, name: "lane", packages }));
  });
  afterEach(() => {
    process.env = before;
  });

  test("returns the reason if the registry does not answer", () => {
    expect(installLane(scratch)).toBe(`npm ci in ${scratch} does not reach the npm registry: ECONNREFUSED`);
  });

  test("throws in CI if the registry does not answer", () => {
    process.env.CI = "true";
    expect(() => installLane(scratch)).toThrow(/^npm ci must succeed in .*, got: [^]*ECONNREFUSED/);
  });

  test("throws if there is no lock file", () => {
    rmSync(join(scratch, "package-lock.json"));
    expect(() => installLane(scratch)).toThrow(/^npm ci must succeed in .*, got: [^]*EUSAGE/);
  });
});

test("the titles that the deploy lane of the documented service name runs and leaves out exist", () => {
  const [, group, excluded] = /--testNamePattern '(.*) \(\?!\.\*\((.*)\)\)'/.exec(
    readFileSync(join(ROOT, ".ci", "run"), "utf8"),
  )!;
  const tests = readFileSync(join(ROOT, "__tests__", "deploy", "lifecycle.ts"), "utf8");
  expect(tests).toContain(`describe("${group!}"`);
  for (const title of excluded!.split("|")) {
    expect(tests).toContain(title);
  }
});

test("the package lane prints SKIPPED and the reason without a registry", () => {
  const checkout = new Checkout();
  try {
    const jest = join(ROOT, "node_modules", "jest", "bin", "jest.js");
    const { status, stderr } = spawnSync(process.execPath, [jest, "--selectProjects", "package"], {
      cwd: checkout.directory,
      encoding: "utf8",
      env: { ...process.env, CI: "", ...offline(scratch) },
    });
    expect({ status, stderr }).toStrictEqual({
      status: 0,
      stderr: expect.stringMatching(
        /^SKIPPED: the package lane, because npm ci in .* does not reach the npm registry: ECONNREFUSED$[^]*^Tests: +(\d+) skipped, \1 total$/m,
      ) as string,
    });
  } finally {
    checkout.remove();
  }
});
