import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { REDSHIFT_KMS } from "../support/paths";

/** An npx that runs the packaged review, and no other command. With FAKE_MISSING, it is not installed. */
const NPX = `[ "$1 $2 $3" = "--no redshift-kms review" ] || exit 1
[ -z "$FAKE_MISSING" ] || { echo "npx canceled" >&2; exit 1; }
shift 3
[ -z "$FAKE_RECORD" ] || { printf '%s\\n' "$@" >> "$FAKE_RECORD"; echo '{"runs":[]}'; exit 0; }
exec "${process.execPath}" "${REDSHIFT_KMS}" review "$@"`;

/** Writes shell scripts as programs beside npx, and returns their folder. */
export function fakePrograms(scripts: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "programs-"));
  for (const [name, script] of Object.entries({ npx: NPX, ...scripts })) {
    writeFileSync(join(folder, name), `#!/usr/bin/env bash\n${script}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  return folder;
}

/** Runs a script as a step of a job, with the programs of a folder before others. */
export function runScript(script: string, cwd: string, programs: string, env: Readonly<Record<string, string>> = {}) {
  const { status, stderr, stdout } = spawnSync("bash", ["-eo", "pipefail", "-c", script], {
    cwd,
    encoding: "utf8",
    env: { PATH: [programs, process.env.PATH].join(delimiter), ...env },
    // If the standard input is a socket, bash reads the startup files.
    stdio: ["ignore", "pipe", "pipe"],
  });
  return { status, stderr, stdout };
}
