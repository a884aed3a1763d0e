import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";

const MODULES = join(dirname(dirname(__dirname)), "modules");

/** The JSDoc of a prop. */
export interface Description {
  readonly meaning: string;
  /** The default in words; undefined if the prop is required. */
  readonly preset: string | undefined;
  /** The default, if it is a literal, in TypeScript: `"dev"`, `true`, `5439`. */
  readonly literal: string | undefined;
}

/** Reads the JSDoc of the library's props. Returns it by interface and prop: `DataApiKeyProps.alias`. */
export function readDescriptions(): ReadonlyMap<string, Description> {
  const interfaces = new Map(
    readdirSync(MODULES, { encoding: "utf8", recursive: true })
      .filter((file) => file.endsWith(".ts"))
      .map((file) => ts.createSourceFile(file, readFileSync(join(MODULES, file), "utf8"), ts.ScriptTarget.ES2022, true))
      .flatMap(({ statements }) => statements.filter(ts.isInterfaceDeclaration))
      .map((declaration) => [declaration.name.text, declaration]),
  );
  const membersOf = (declaration: ts.InterfaceDeclaration): readonly ts.PropertySignature[] => [
    ...(declaration.heritageClauses ?? [])
      .flatMap(({ types }) => types.map(({ expression }) => interfaces.get(expression.getText())))
      .flatMap((base) => (base === undefined ? [] : membersOf(base))),
    ...declaration.members.filter(ts.isPropertySignature),
  ];
  return new Map(
    [...interfaces].flatMap(([name, declaration]) =>
      membersOf(declaration).map((member) => [`${name}.${member.name.getText()}`, descriptionOf(member)] as const),
    ),
  );
}

function descriptionOf(member: ts.PropertySignature): Description {
  const [doc] = ts.getJSDocCommentsAndTags(member).filter(ts.isJSDoc);
  const tag = ts.getJSDocTags(member).find(({ tagName }) => tagName.text === "default");
  const preset = tag && oneLine(tag.comment);
  return {
    literal: preset?.startsWith("- ") ? undefined : preset,
    meaning: oneLine(doc?.comment),
    preset: preset?.replace(/^- /, ""),
  };
}

function oneLine(comment: string | ts.NodeArray<ts.JSDocComment> | undefined): string {
  return (ts.getTextOfJSDocComment(comment) ?? "").replace(/\s+/g, " ").trim();
}
