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

test.each(FOLDERS)("the README of modules/%s lists exactly the imports that the linter allows", (folder) => {
  const [, listed] = /^Imports: (.*)\.$/m.exec(readFileSync(join(ROOT, "modules", folder, "README.md"), "utf8"))!;
  const imports = [...listed!.matchAll(/`([\w-]+)`/g)].map(([, name]) => name!);
  expect(imports.sort()).toStrictEqual([...allowedImports(folder)].sort());
});
