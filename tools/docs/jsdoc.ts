import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";

const ROOT = dirname(dirname(__dirname));

/** Returns the statements of the TypeScript files below a folder of the project, in the order of the files. */
export function statementsIn(folder: string): readonly ts.Statement[] {
  return readdirSync(join(ROOT, folder), { encoding: "utf8", recursive: true })
    .filter((file) => file.endsWith(".ts"))
    .sort()
    .map((file) => join(folder, file))
    .map((path) => ts.createSourceFile(path, readFileSync(join(ROOT, path), "utf8"), ts.ScriptTarget.ES2022, true))
    .flatMap(({ statements }) => statements);
}

/** Returns the JSDoc of a declaration in one line, without its tags; empty if it has none. */
export function docText(declaration: ts.Node): string {
  const [doc] = ts.getJSDocCommentsAndTags(declaration).filter(ts.isJSDoc);
  return oneLine(doc?.comment);
}

/** Returns the text of a JSDoc tag in one line; undefined if the declaration does not have the tag. */
export function tagText(declaration: ts.Node, name: string): string | undefined {
  const tag = ts.getJSDocTags(declaration).find(({ tagName }) => tagName.text === name);
  return tag && oneLine(tag.comment);
}

/** Returns the first sentence of a text, without its period. */
export function firstSentence(text: string): string {
  return text.replace(/\.(?:\s.*)?$/, "");
}

function oneLine(comment: string | ts.NodeArray<ts.JSDocComment> | undefined): string {
  return (ts.getTextOfJSDocComment(comment) ?? "").replace(/\s+/g, " ").trim();
}
