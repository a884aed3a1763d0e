// Builds the library and packs it as it is published, once for each framework: `npm run pack` writes dist/npm/*.tgz and
// says what each one is. The package for CDK Terrain is the other one with its specifiers rewritten.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, "dist", "npm");

/** What the package for CDK Terrain has of its own. */
const TERRAIN = {
  name: "@redshift-kms/constructs-cdktn",
  description:
    "CDK Terrain constructs that emit Terraform for the Amazon Redshift Data API under a customer managed KMS key",
  peerDependencies: { "@cdktn/provider-aws": "^25.5.0", cdktn: "^0.24.0", constructs: ">=10.6.0 <10.8.0" },
};
const TERRAIN_NOTE = `> This is \`@redshift-kms/constructs\` for [CDK Terrain](https://cdktn.io), of the same version and
> code: \`cdktn\` and \`@cdktn/provider-aws\` are its peers, which need Node.js 22.11 or newer. What this text says of CDKTF
> holds for CDK Terrain.

`;

function npm(cwd, ...args) {
  const { status, stderr, stdout } = spawnSync("npm", args, { cwd, encoding: "utf8" });
  if (status !== 0) {
    throw new Error(`npm ${args.join(" ")}: ${stdout}${stderr}`);
  }
  return stdout;
}

/** Packs a directory and says what came out; the files that are in it. */
function pack(directory) {
  const [{ filename, files, integrity, size, unpackedSize }] = JSON.parse(
    npm(directory, "pack", "--json", "--pack-destination", dist),
  );
  console.log(`${join("dist", "npm", filename)}: ${size} bytes, ${unpackedSize} unpacked, ${integrity}`);
  return files.map(({ path }) => path);
}

/** A source, declaration or compiled file whose imports name CDK Terrain's packages. */
function rewritten(text) {
  return text.replace(/(?<=\b(?:from |import |import\(|require\()["'])@?cdktf(?=["'/])/g, (name) =>
    name.replace("f", "n"),
  );
}

/** Packs what the other package holds, for CDK Terrain. */
function packTerrain(files) {
  const directory = mkdtempSync(join(tmpdir(), "cdktn-"));
  try {
    for (const file of files) {
      cpSync(join(root, file), join(directory, file));
    }
    for (const file of files.filter((path) => /\.(js|ts)$/.test(path))) {
      const path = join(directory, file);
      writeFileSync(path, rewritten(readFileSync(path, "utf8")));
    }
    const manifest = JSON.parse(readFileSync(join(directory, "package.json"), "utf8"));
    for (const ofThisRepository of ["devDependencies", "overrides", "scripts"]) {
      delete manifest[ofThisRepository];
    }
    writeFileSync(join(directory, "package.json"), `${JSON.stringify({ ...manifest, ...TERRAIN }, undefined, 2)}\n`);
    const readme = readFileSync(join(directory, "README.md"), "utf8");
    writeFileSync(join(directory, "README.md"), readme.replace(/^(# .*\n\n)/, `$1${TERRAIN_NOTE}`));
    pack(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

npm(root, "run", "build");
rmSync(dist, { force: true, recursive: true });
mkdirSync(dist, { recursive: true });
packTerrain(pack(root));
