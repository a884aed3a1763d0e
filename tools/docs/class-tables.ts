// The tables of the READMEs in modules/, from the JSDoc of the classes that the package exports.
import { dirname } from "node:path";
import ts from "typescript";
import * as library from "../../modules";
import { groupBy } from "../../modules/private/group-by";
import { docText, firstSentence, statementsIn } from "./jsdoc";
import { markdownTable } from "./markdown-table";

/** Returns the table of each folder of modules/ that has such classes, by the path of the folder. */
export function classTables(): Readonly<Record<string, string>> {
  const classes = statementsIn("modules")
    .filter(ts.isClassDeclaration)
    .map((declaration) => ({
      folder: dirname(declaration.getSourceFile().fileName),
      meaning: firstSentence(docText(declaration)),
      name: declaration.name!.text,
    }))
    .filter(({ folder, name }) => folder !== "modules" && name in library)
    .sort((one, other) => (one.name < other.name ? -1 : 1));
  return Object.fromEntries(
    [...groupBy(classes, ({ folder }) => folder)].map(([folder, rows]) => [
      folder,
      markdownTable(
        ["class", "meaning"],
        rows.map(({ meaning, name }) => [`\`${name}\``, meaning]),
      ),
    ]),
  );
}
