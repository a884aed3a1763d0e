// Builds the library and the commands, and packs both as they are published, once for each framework: `npm run pack` writes
// dist/npm/*.tgz and prints the size of each. The package for CDK Terrain is the package for CDKTF with other import specifiers. An
// argument names another directory than dist/npm. SHA256SUMS beside the tarballs has their checksums.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const dist = resolve(process.argv[2] ?? join(root, "dist", "npm"));
/** The members of package.json that are left out of the packages. The library depends only on its peers. */
const REPOSITORY_FIELDS = ["dependencies", "devDependencies", "overrides", "scripts"];

/** The members of package.json that differ in the package for CDK Terrain. */
const TERRAIN = {
  name: "@redshift-kms/constructs-cdktn",
  description:
    "CDK Terrain constructs that emit Terraform for the Amazon Redshift Data API under a customer managed KMS key",
  peerDependencies: { "@cdktn/provider-aws": "^25.5.0", cdktn: "^0.24.0", constructs: ">=10.6.0 <10.8.0" },
};
const TERRAIN_NOTE = `> This is \`@redshift-kms/constructs\` for [CDK Terrain](https://cdktn.io), of the same version and
> code: \`cdktn\` and \`@cdktn/provider-aws\` are its peers, which need Node.js 22.11 or newer. Where this text has CDKTF, read
> CDK Terrain.

`;

/**
 * The pages in the package of the commands: pages that commands and files of `init` name, and pages about the permissions of a
 * pipeline.
 */
const CLI_PAGES = ["adopt", "database-roles", "deploy", "deploy-policies", "fleet", "grants"].map(
  (page) => `docs/${page}.md`,
);
/** The files of the package of `redshift-kms` beside its bundles. */
const CLI_FILES = [
  ...["LICENSE", "README.md", "package.json", "warehouses.schema.json", "warehouses.yaml", ...CLI_PAGES],
  ...filesBelow("examples/fleet"),
];

function filesBelow(folder) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort();
}

function npm(cwd, ...args) {
  const { status, stderr, stdout } = spawnSync("npm", args, { cwd, encoding: "utf8" });
  if (status !== 0) {
    throw new Error(`npm ${args.join(" ")}: ${stdout}${stderr}`);
  }
  return stdout;
}

/** Returns a source, declaration or compiled file in which imports of CDKTF's packages are imports of CDK Terrain's. */
function forTerrain(text) {
  return text.replace(/(?<=\b(?:from |import |import\(|require\()["'])@?cdktf(?=["'/])/g, (name) =>
    name.replace("f", "n"),
  );
}

/**
 * Returns the README of a package: tools/pack/package.md, with the example of the project's README and the tables of the
 * constructs.
 */
function readmeOf({ engines, name, peerDependencies, version }) {
  const [project, library, ...addOns] = [
    "README.md",
    "docs/library.md",
    "modules/operations/README.md",
    "modules/sharing/README.md",
  ].map((file) => readFileSync(join(root, file), "utf8"));
  const tables = addOns.map((text) => /^\| class [^]*?\n\n/m.exec(text)[0]);
  const [constructs] = /^\| construct [^]*/m.exec(library);
  const parts = {
    cli: name.replace("/constructs", "/cli"),
    // The links in the tables go to folders that are not in the package.
    constructs: constructs
      .replace("\n\n", () => `\n\n${tables.join("")}`)
      .replace(/\[([^\]]+)\]\((?!https:)[^)]+\)/g, "$1")
      .replaceAll('"../../modules"', JSON.stringify(name))
      .trimEnd(),
    example: /^```typescript\n[^]*?^```/m.exec(project)[0].replace('"../../modules"', JSON.stringify(name)),
    name,
    node: engines.node.replace(/>=(\d+)/, "$1 or newer"),
    peers: Object.entries(peerDependencies)
      .map(([peer, range]) => JSON.stringify(`${peer}@${range}`))
      .join(" "),
    version,
  };
  const template = readFileSync(join(root, "tools", "pack", "package.md"), "utf8");
  const readme = template.replace(/\{\{(\w+)\}\}/g, (_, part) => parts[part]);
  // The padding of the tables would take 200 bytes of the tarball.
  return readme.replace(/ +(?= \|)|-+(?=--- \|)/g, "");
}

/**
 * Returns the package.json of the commands' package. The package has the peers of the library. They are optional, because the
 * review needs no peer.
 */
function cliManifest({ engines, keywords, license, peerDependencies, publishConfig, type, version }) {
  return {
    name: "@redshift-kms/cli",
    version,
    description: "Commands that write and review Terraform for the Amazon Redshift Data API under a KMS key",
    keywords,
    license,
    type,
    bin: { "redshift-kms": "dist/cli/main.js" },
    exports: { "./package.json": "./package.json" },
    files: ["dist/cli", "docs", "examples", "warehouses.schema.json", "warehouses.yaml"],
    publishConfig,
    engines,
    peerDependencies,
    peerDependenciesMeta: Object.fromEntries(Object.keys(peerDependencies).map((peer) => [peer, { optional: true }])),
  };
}

/** Returns the JavaScript without its JSDoc, which the declaration files have. The lines stay, because the source map counts them. */
function withoutJsDoc(text) {
  return text.replace(/^ *\/\*\*(?:(?!\*\/)[^])*\*\/$/gm, (comment) => comment.replace(/[^\n]/g, ""));
}

/** Packs files of the repository with another package.json, and prints the file and its size. */
function pack(files, manifest, readme, rewritten = (text) => text, note = "") {
  const directory = mkdtempSync(join(tmpdir(), "pack-"));
  const edited = {
    "README.md": rewritten(readme).replace(/^(# .*\n\n)/, `$1${note}`),
    "package.json": `${JSON.stringify(manifest, undefined, 2)}\n`,
  };
  try {
    for (const file of files) {
      const path = join(directory, file);
      cpSync(join(root, file), path);
      if (file in edited || /\.(js|ts)$/.test(file)) {
        const text = edited[file] ?? rewritten(readFileSync(path, "utf8"));
        writeFileSync(path, file === "lib/index.js" ? withoutJsDoc(text) : text);
      }
      // Sets the modes, because a tarball keeps the modes of files, which the umask of a checkout decides.
      chmodSync(path, Object.values(manifest.bin ?? {}).includes(file) ? 0o755 : 0o644);
    }
    const [{ filename, integrity, size, unpackedSize }] = JSON.parse(
      npm(directory, "pack", "--json", "--pack-destination", dist),
    );
    console.log(`${relative(root, join(dist, filename))}: ${size} bytes, ${unpackedSize} unpacked, ${integrity}`);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

npm(root, "run", "build");
rmSync(join(root, "dist", "cli"), { force: true, recursive: true });
npm(root, "run", "build:cli");
rmSync(dist, { force: true, recursive: true });
mkdirSync(dist, { recursive: true });
const [{ files }] = JSON.parse(npm(root, "pack", "--dry-run", "--json"));
const paths = files.map(({ path }) => path);
const entries = Object.entries(JSON.parse(readFileSync(join(root, "package.json"), "utf8")));
const manifest = Object.fromEntries(entries.filter(([key]) => !REPOSITORY_FIELDS.includes(key)));
const terrain = { ...manifest, ...TERRAIN };
pack(paths, manifest, readmeOf(manifest));
pack(paths, terrain, readmeOf(terrain), forTerrain, TERRAIN_NOTE);

const commands = readdirSync(join(root, "dist", "cli")).map((file) => `dist/cli/${file}`);
const cliFiles = [...CLI_FILES, ...commands];
const cli = cliManifest(manifest);
const cliTerrain = { ...cliManifest(terrain), name: "@redshift-kms/cli-cdktn" };
const cliReadme = readFileSync(join(root, "tools", "pack", "cli.md"), "utf8");
pack(cliFiles, cli, cliReadme);
pack(cliFiles, cliTerrain, cliReadme.replaceAll(cli.name, cliTerrain.name), forTerrain);

const sha256 = (file) => createHash("sha256").update(readFileSync(file)).digest("hex");
const tarballs = readdirSync(dist).sort();
writeFileSync(join(dist, "SHA256SUMS"), tarballs.map((file) => `${sha256(join(dist, file))}  ${file}\n`).join(""));
