// Builds the library and packs it as it is published: `npm run pack` writes dist/*.tgz and says what each one is.
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, "dist", "npm");

function npm(cwd, ...args) {
  const { status, stderr, stdout } = spawnSync("npm", args, { cwd, encoding: "utf8" });
  if (status !== 0) {
    throw new Error(`npm ${args.join(" ")}: ${stdout}${stderr}`);
  }
  return stdout;
}

/** Packs a directory and says what came out. */
function pack(directory) {
  const [{ filename, integrity, size, unpackedSize }] = JSON.parse(
    npm(directory, "pack", "--json", "--pack-destination", dist),
  );
  console.log(`${join("dist", "npm", filename)}: ${size} bytes, ${unpackedSize} unpacked, ${integrity}`);
}

npm(root, "run", "build");
rmSync(dist, { force: true, recursive: true });
mkdirSync(dist, { recursive: true });
pack(root);
