import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "../support/paths";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "staging-"));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

test.each(["SIGHUP", "SIGINT", "SIGTERM", "SIGKILL"] as const)(
  "withStaging removes its directory if %s ends the process, except for SIGKILL",
  (signal) => {
    const program = `
      const { writeFileSync } = require("node:fs");
      const { join } = require("node:path");
      const { withStaging } = require(${JSON.stringify(join(ROOT, "app", "cli", "staging.ts"))});
      withStaging(${JSON.stringify(directory)}, async (staging) => {
        writeFileSync(join(staging, "file"), "");
        process.kill(process.pid, "${signal}");
        await new Promise((resolve) => setTimeout(resolve, 10_000));
      });`;
    const args = ["--require", join(ROOT, "register.cjs"), "--eval", program];
    expect(spawnSync(process.execPath, args, { encoding: "utf8" })).toMatchObject({ signal, stderr: "", stdout: "" });
    expect(readdirSync(directory)).toHaveLength(signal === "SIGKILL" ? 1 : 0);
  },
);
