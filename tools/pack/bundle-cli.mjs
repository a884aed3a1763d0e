// Bundles the commands of `redshift-kms` into dist/cli, a file for each, so that one loads no other.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const commands = JSON.parse(readFileSync(join(root, "app", "cli", "commands.json"), "utf8"));
const options = {
  absWorkingDir: root,
  bundle: true,
  // The bundles are as deep in their package as app/cli is in the checkout.
  external: ["../../package.json", "@cdktf/provider-aws", "cdktf", "constructs"],
  // A bundle is CommonJS. A package that is an ES module makes its `require` from the URL of its file.
  define: { "import.meta.url": "__filename" },
  keepNames: true,
  outdir: "dist/cli",
  platform: "node",
  sourcemap: true,
  target: "node20",
};
await build({ ...options, banner: { js: "#!/usr/bin/env node" }, entryPoints: ["app/cli/main.ts"] });
await build({
  ...options,
  entryPoints: Object.entries(commands).map(([out, { entry }]) => ({ in: join(root, entry), out })),
});
