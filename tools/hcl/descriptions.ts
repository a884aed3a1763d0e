import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";

const MODULES = join(dirname(dirname(__dirname)), "modules");

/** The JSDoc of the library's props, by interface and prop. */
export class Descriptions {
  private readonly defaults = new Map<string, string>();
  private readonly texts = new Map<string, string>();

  public constructor() {
    for (const file of readdirSync(MODULES, { encoding: "utf8", recursive: true }).filter((name) =>
      name.endsWith(".ts"),
    )) {
      const source = ts.createSourceFile(file, readFileSync(join(MODULES, file), "utf8"), ts.ScriptTarget.ES2022, true);
      for (const declaration of source.statements.filter(ts.isInterfaceDeclaration)) {
        for (const member of declaration.members.filter(ts.isPropertySignature)) {
          const prop = `${declaration.name.text}.${member.name.getText()}`;
          const [doc] = ts.getJSDocCommentsAndTags(member).filter(ts.isJSDoc);
          const preset = ts.getJSDocTags(member).find(({ tagName }) => tagName.text === "default");
          this.texts.set(prop, oneLine(doc?.comment));
          this.defaults.set(prop, oneLine(preset?.comment).replace(/^- /, ""));
        }
      }
    }
  }

  /**
   * The meaning of a prop, such as `DataApiKeyProps.alias`, and its default, if that is asked for; other props
   * that the text names are in a module's words.
   */
  public of(prop: string, withDefault: boolean): string {
    const text = this.texts.get(prop);
    if (!text) {
      throw new Error(`${prop} must be a documented prop of the library`);
    }
    return snakeCased(withDefault ? `${text} Default: ${this.defaults.get(prop)}.` : text);
  }
}

function oneLine(comment: string | ts.NodeArray<ts.JSDocComment> | undefined): string {
  return (ts.getTextOfJSDocComment(comment) ?? "").replace(/\s+/g, " ").trim();
}

/** A prop's name as Terraform spells arguments. */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** A text whose quoted names of props are a module's variables. */
export function snakeCased(text: string): string {
  return text.replace(
    /(['`])([a-z]+(?:[A-Z][a-z]*)+)\1/g,
    (_, quote: string, name: string) => quote + snakeCase(name) + quote,
  );
}
