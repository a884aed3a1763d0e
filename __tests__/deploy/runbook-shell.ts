import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CLI, expectSuccess, type Project } from "./project";

/**
 * Runs blocks of the runbook in one shell, which stops at the first error. Returns the output. The commands are those of the
 * runbook. The options of this npx answer the question of cdktf, and need no registry.
 */
export async function runBlocks(project: Project, ...blocks: readonly string[]): Promise<string> {
  const bin = join(project.directory, "bin");
  mkdirSync(bin, { recursive: true });
  const npx = `#!/bin/sh\nshift\nexec "${process.execPath}" "${CLI}" "$@" --auto-approve --skip-provider-lock\n`;
  writeFileSync(join(bin, "npx"), npx);
  chmodSync(join(bin, "npx"), 0o755);
  const script = `export PATH="${bin}:$PATH"\n${blocks.join("")}`;
  const ended = await project.run(project.directory, "bash", "-euo", "pipefail", "-c", script);
  expectSuccess(ended);
  return ended.stdout;
}
