import { spawnSync } from "node:child_process";
import { existsSync, openSync } from "node:fs";
import { tmpdir } from "node:os";
import { render } from "../../review/render/render";
import { planOf, reportOf } from "../plans/goldens";
import { REDSHIFT_KMS } from "../support/paths";
import { printSkipped } from "../support/skipped";

/** Runs the packaged command in a folder without a project. The plan is its standard input. */
function review(...stdio: (number | "pipe")[]) {
  const { status, stderr, stdout } = spawnSync(process.execPath, [REDSHIFT_KMS, "review"], {
    cwd: tmpdir(),
    encoding: "utf8",
    input: planOf("key-policy-public/triggers"),
    stdio,
  });
  return { status, stderr, stdout };
}

test("redshift-kms review reads a plan from standard input", () => {
  const stdout = render([reportOf("key-policy-public/triggers")], "text");
  expect(review("pipe", "pipe", "pipe")).toStrictEqual({ status: 1, stderr: "", stdout });
});

const FULL_DISK = "/dev/full";
const hasFullDisk = existsSync(FULL_DISK);
if (!hasFullDisk) {
  printSkipped("the test of a full disk", `there is no ${FULL_DISK}`);
}

(hasFullDisk ? test : test.skip)("redshift-kms review exits with 2 and one line if the disk is full", () => {
  const { status, stderr } = review("pipe", openSync(FULL_DISK, "w"), "pipe");
  expect({ status, stderr }).toStrictEqual({ status: 2, stderr: "standard output cannot be written: ENOSPC\n" });
});
