// The tables of the add-ons of a warehouse, from the schema of the configuration and the JSDoc of each `AddOn`.
import ts from "typescript";
import { WAREHOUSE_SETTINGS } from "../../app/config/schema";
import * as library from "../../modules";
import { firstSentence, statementsIn, tagText } from "./jsdoc";
import { converted, documentationOf, type Json } from "./json-schema";
import { markdownTable } from "./markdown-table";

/** A section of the configuration, and the declaration of its add-on. */
type Declared = readonly [section: string, declaration: ts.VariableDeclaration];

/** The JSON Schema of each key of a kind of warehouse. */
const KINDS = Object.entries(WAREHOUSE_SETTINGS.created).map(
  ([kind, schema]) => [kind, converted(schema).properties as Readonly<Record<string, Json>>] as const,
);

export function addOnTables(): Readonly<Record<string, string>> {
  const addOns = declaredAddOns();
  return {
    addOnCosts: markdownTable(["key", "billed", "order of magnitude", "prices"], addOns.map(costRow)),
    addOnScope: markdownTable(["Feature", "Library", "Key"], addOns.map(scopeRow)),
    existingAddOns: markdownTable(["add-on", "existing warehouse"], addOns.flatMap(existingRows)),
  };
}

function declaredAddOns(): readonly Declared[] {
  return statementsIn("app/stacks/add-ons")
    .filter(ts.isVariableStatement)
    .flatMap(({ declarationList }) => declarationList.declarations)
    .flatMap((declaration): readonly Declared[] => {
      const [, section] = /^AddOn<"(\w+)">$/.exec(declaration.type?.getText() ?? "") ?? [];
      return section === undefined ? [] : [[section, declaration]];
    })
    .sort(([one], [other]) => (one < other ? -1 : 1));
}

function costRow([section, declaration]: Declared): readonly string[] {
  const billed = tagText(declaration, "billed");
  const prices = tagText(declaration, "prices");
  if (billed === undefined || prices === undefined) {
    throw new Error(
      `${declaration.getSourceFile().fileName} must have the JSDoc tags @billed and @prices of its add-on`,
    );
  }
  return [code(section), billed, tagText(declaration, "magnitude") ?? "-", prices];
}

/** Returns the row of an add-on. It lists the constructs that the file of the add-on creates. */
function scopeRow([section, declaration]: Declared): readonly string[] {
  const kinds = KINDS.filter(([, keys]) => section in keys);
  const created = [...declaration.getSourceFile().text.matchAll(/\bnew (\w+)\(/g)].map(([, name]) => name!);
  const constructs = [...new Set(created)].filter((name) => name in library);
  return [
    firstSentence(documentationOf(kinds[0]![1][section]!).meaning!),
    constructs.map(code).join(", "),
    kinds.map(([kind]) => code(`${kind}.${section}`)).join(", "),
  ];
}

function existingRows([section, declaration]: Declared): readonly (readonly string[])[] {
  const existing = tagText(declaration, "existing");
  return existing === undefined ? [] : [[code(section), existing]];
}

function code(text: string): string {
  return `\`${text}\``;
}
