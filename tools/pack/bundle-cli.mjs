// Bundles the commands of `redshift-kms` into dist/cli or another directory. Each command is one file, so that it does not load the others.
// Adds the licences of the packages in the bundles.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const outdir = process.argv[2] ?? "dist/cli";
const commands = JSON.parse(readFileSync(join(root, "app", "cli", "commands.json"), "utf8"));
const options = {
  absWorkingDir: root,
  bundle: true,
  // The directory of the bundles is as deep as app/cli.
  external: ["../../package.json", "@cdktf/provider-aws", "cdktf", "constructs"],
  // Bundles are CommonJS, which has no import.meta.url. ES modules that are bundled create their `require` from this URL.
  define: { "import.meta.url": "__filename" },
  keepNames: true,
  legalComments: "none",
  // ES modules first: the CommonJS files of AWS's clients have all operations in one file, so that unused ones could not be left
  // out.
  mainFields: ["module", "main"],
  metafile: true,
  outdir,
  platform: "node",
  sourcemap: true,
  // A source map needs only names and lines for stack traces, and the bundles themselves are readable.
  sourcesContent: false,
  target: "node20",
};
const results = [
  await build({ ...options, banner: { js: "#!/usr/bin/env node" }, entryPoints: ["app/cli/main.ts"] }),
  await build({
    ...options,
    entryPoints: [
      ...Object.entries(commands).map(([out, { entry }]) => ({ in: join(root, entry), out })),
      "app/cli/synthesis-worker.ts",
    ],
  }),
];
const inputs = results.flatMap(({ metafile }) => Object.keys(metafile.inputs));
writeFileSync(resolve(root, outdir, "LICENSES.txt"), licences(inputs));

/** Returns the texts of the licences of all packages that are in the bundles, each text once. */
function licences(files) {
  const folders = new Set(files.flatMap((file) => /^.*\bnode_modules\/(?:@[^/]+\/)?[^/]+/.exec(file) ?? []));
  const packagesOfText = new Map();
  for (const folder of [...folders].sort()) {
    const { license, name, version } = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
    const file = readdirSync(join(root, folder)).find((entry) => /^licen[cs]e(\.\w+)?$/i.test(entry));
    const text = file === undefined ? "" : `\n${readFileSync(join(root, folder, file), "utf8").trim()}\n`;
    packagesOfText.set(text, [...(packagesOfText.get(text) ?? []), `${name} ${version}: ${license}\n`]);
  }
  return [...packagesOfText].map(([text, packages]) => packages.join("") + text).join(`\n${"-".repeat(80)}\n\n`);
}
