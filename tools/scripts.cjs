// Runs scripts of package.json one after the other, until one fails. It refuses options, which no script of the list would get.
require("./no-options.cjs");
const { spawnSync } = require("node:child_process");

for (const script of process.argv.slice(2)) {
  const { status } = spawnSync(`npm run --silent ${script}`, { shell: true, stdio: "inherit" });
  if (status !== 0) {
    process.exit(status ?? 1);
  }
}
