// Makes what tsc has written to lib/ small. From a line of a declaration to a line of its source is what a go-to-definition
// takes, and columns are most of a map. What modules/private/ declares is not for those who use the library: its maps go, and
// the declarations that no other one needs.
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { decode, encode } from "@jridgewell/sourcemap-codec";

const lib = join(dirname(dirname(fileURLToPath(import.meta.url))), "lib");
for (const file of readdirSync(lib, { encoding: "utf8", recursive: true }).filter((name) => name.endsWith(".map"))) {
  const path = join(lib, file);
  if (dirname(file) === "private") {
    rmSync(path);
    const declarations = path.replace(/\.map$/, "");
    writeFileSync(declarations, readFileSync(declarations, "utf8").replace(/\/\/# sourceMappingURL=.*\n?$/, ""));
    continue;
  }
  const map = JSON.parse(readFileSync(path, "utf8"));
  map.mappings = encode(decode(map.mappings).map((segments) => segments.slice(0, 1)));
  writeFileSync(path, JSON.stringify(map));
}

const needed = new Set();
const visit = (name) => {
  if (!needed.has(name)) {
    needed.add(name);
    const text = readFileSync(join(lib, `${name}.d.ts`), "utf8");
    for (const [, from] of text.matchAll(/(?:from |import\()"(\.[^"]+)"/g)) {
      visit(posix.join(posix.dirname(name), from));
    }
  }
};
visit("index");
for (const file of readdirSync(join(lib, "private"))) {
  if (!needed.has(`private/${file.replace(/\.d\.ts$/, "")}`)) {
    rmSync(join(lib, "private", file));
  }
}
