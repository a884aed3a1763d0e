// waves.cjs MODE: divides the stacks of fleet/changes.json into the waves first and second, and copies each to fleet/stacks.
// deploy: the shared keys and parameter groups come first, then the stacks that name them.
// preview: one wave, without the stacks whose key or parameter group does not exist yet: they cannot be planned.
// drift: one wave.
const { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");

/** GitHub has at most 256 jobs in a matrix, and GitLab 200. A job plans its stacks one after another. */
const MAX_JOBS = 20;
const LOCK = ".terraform.lock.hcl";
const [, , mode] = process.argv;

function fail(message) {
  console.error(`fleet: ${message}`);
  process.exit(1);
}

/** Copies a stack with the lock file and the account, which names the role. */
function copy(stack) {
  const source = join("cdktf.out", "stacks", stack, "cdk.tf.json");
  const { provider, terraform } = JSON.parse(readFileSync(source, "utf8"));
  if (terraform.backend?.s3 === undefined) {
    fail(`${stack} must have its state in S3, because a job keeps no file: set backend.s3 in the configuration`);
  }
  const folder = join("fleet", "stacks", stack);
  mkdirSync(folder, { recursive: true });
  copyFileSync(source, join(folder, "cdk.tf.json"));
  copyFileSync(LOCK, join(folder, LOCK));
  writeFileSync(join(folder, "account"), provider.aws[0].allowed_account_ids[0]);
}

if (!["deploy", "drift", "preview"].includes(mode)) {
  fail(`the mode must be deploy, drift or preview, got: ${mode}`);
}
if (!existsSync(LOCK)) {
  fail(`${LOCK} must be beside package.json: docs/fleet.md has the command that writes it`);
}
const changes = JSON.parse(readFileSync(join("fleet", "changes.json"), "utf8"));
const added = new Set(changes.filter(({ change }) => change === "added").map(({ stack }) => stack));
const dropped = changes.filter(({ change }) => change === "dropped");
const present = changes.filter(({ change }) => change !== "dropped");
const waits = ({ dependsOn }) => mode === "preview" && dependsOn.some((name) => added.has(name));
const planned = present.filter((change) => !waits(change));
const isSecond = ({ wave }) => mode === "deploy" && wave === 1;
const waves = {
  first: planned.filter((change) => !isSecond(change)),
  second: planned.filter(isSecond),
};
for (const { dependsOn, stack } of present.filter(waits)) {
  console.log(`${stack}: planned after the apply of ${dependsOn.filter((name) => added.has(name)).join(", ")}`);
}
for (const { stack } of dropped) {
  console.log(`${stack}: dropped, but its resources may exist. Restore its entry, destroy it, and drop the entry then`);
}
const jobs = {};
for (const [wave, stacks] of Object.entries(waves)) {
  stacks.forEach(({ stack }) => copy(stack));
  writeFileSync(join("fleet", wave), stacks.map(({ stack }) => `${stack}\n`).join(""));
  jobs[wave] = Array.from({ length: Math.min(stacks.length, MAX_JOBS) }, (_, job) => job);
  console.log(`wave ${wave}: ${stacks.length} stacks in ${jobs[wave].length} jobs`);
}
writeFileSync(join("fleet", "jobs.json"), JSON.stringify(jobs));
