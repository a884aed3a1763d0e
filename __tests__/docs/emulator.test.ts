import { readFileSync } from "node:fs";
import { join } from "node:path";
import { globSync } from "tinyglobby";
import { ROOT } from "../support/paths";

const EMULATOR = join(ROOT, "emulator");
const README = readFileSync(join(EMULATOR, "README.md"), "utf8");

describe("emulator/README.md", () => {
  test("lists each source file and folder of the emulator", () => {
    const listed = [...README.split("| File ")[1]!.matchAll(/^\| `([\w./]+)` /gm)].map(([, name]) => name!);
    const files = globSync(["*.py", "services/*.py", "newer_models/**/*.json"], { cwd: EMULATOR });
    const names = files.map((file) => (file.includes("/") ? file.replace(/\/.*/, "/") : file));
    expect(listed.sort()).toStrictEqual([...new Set(names)].filter((name) => name !== "__init__.py").sort());
  });

  test("names each path under /_emulator that the server has", () => {
    const paths = readFileSync(join(EMULATOR, "server.py"), "utf8").match(/\/_emulator\/\w+/g)!;
    expect([...new Set(README.match(/\/_emulator\/\w+/g))].sort()).toStrictEqual([...paths].sort());
  });
});
