import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../support/paths";

interface Boundary {
  readonly from: { readonly path?: string };
  readonly to: { readonly pathNot?: string };
}
const { forbidden } = jest.requireActual<{ readonly forbidden: readonly Boundary[] }>(
  join(ROOT, ".dependency-cruiser.cjs"),
);
const INDEX = readFileSync(join(ROOT, "modules", "index.ts"), "utf8").replace(/^export type .*$/gm, "");
const FOLDERS = readdirSync(join(ROOT, "modules"), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

/** The folders of modules/ that a folder may import besides itself. */
function allowedImports(folder: string): readonly string[] {
  const boundary = forbidden.find(({ from }) => from.path === `^modules/${folder}/`);
  return [...boundary!.to.pathNot!.matchAll(/modules\/([\w-]+)/g)].flatMap(([, name]) =>
    name === folder ? [] : name!,
  );
}

/** The classes of a folder that the package exports. */
function exportedClasses(folder: string): readonly string[] {
  return readdirSync(join(ROOT, "modules", folder))
    .filter((file) => file.endsWith(".ts"))
    .flatMap((file) => [
      ...readFileSync(join(ROOT, "modules", folder, file), "utf8").matchAll(/^export (?:abstract )?class (\w+)/gm),
    ])
    .map(([, name]) => name!)
    .filter((name) => new RegExp(String.raw`(?<!type )\b${name}\b`).test(INDEX));
}

describe.each(FOLDERS)("the README of modules/%s", (folder) => {
  const readme = readFileSync(join(ROOT, "modules", folder, "README.md"), "utf8");

  test("names each class of the folder that the package exports", () => {
    expect(exportedClasses(folder).filter((name) => !readme.includes(`\`${name}\``))).toStrictEqual([]);
  });

  test("lists exactly the imports that the linter allows", () => {
    const [, listed] = /^Imports: (.*)\.$/m.exec(readme)!;
    const imports = [...listed!.matchAll(/`([\w-]+)`/g)].map(([, name]) => name!);
    expect(imports.sort()).toStrictEqual([...allowedImports(folder)].sort());
  });
});
