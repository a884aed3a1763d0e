// Makes the maps of lib/ small: from a line of a declaration to a line of its source is what a go-to-definition takes, and
// columns are most of a map. What modules/private/ declares is not for those who use the library, so its maps go.
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
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
