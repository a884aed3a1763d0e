// Makes the source maps in lib/ small: a stack trace and a go-to-definition need lines, and columns are most of a map.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { decode, encode } from "@jridgewell/sourcemap-codec";

const lib = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), "lib");
for (const file of readdirSync(lib, { encoding: "utf8", recursive: true }).filter((name) => name.endsWith(".map"))) {
  const path = join(lib, file);
  const map = JSON.parse(readFileSync(path, "utf8"));
  map.mappings = encode(decode(map.mappings).map((segments) => segments.slice(0, 1)));
  writeFileSync(path, JSON.stringify(map));
}
