import type { Rule } from "eslint";
import type { Expression, Node, PrivateIdentifier, SpreadElement, Super } from "estree";

/** The refused words and clauses, each with its fix. */
const TERMS: readonly (readonly [pattern: RegExp, fix: string])[] = [
  [/\b[Tt](?:ell(?:s|ing)?|old)\b/g, "write print, return, show, notify or distinguish"],
  [/\b[Ss]p(?:eaks?|eaking|oken?)\b/g, "write name, describe or apply to"],
  [/\b[Kk]n(?:ows?|owing|ew|own by)\b/g, "write have, read or take; a value is known at plan, or unknown at synthesis"],
  [/\b[Ss]a(?:ys?|ying|id)\b/g, "write print, return, refuse, require, document or give"],
  [/\b[Ww]ho(?:m?ever)\b/g, "name the person or the program, such as the deployer"],
  [/\banew\b/g, "write again"],
  [/\bleft alone\b/g, "write unchanged or kept"],
  [/\b[Mm]ak(?:es?|ing) up\b/g, "write assigns, as in: AWS assigns an ID"],
  [/\b[Ss]uch an? one\b/g, "name the thing"],
  [/\b(?:all the same|in the end)\b/g, "leave it out, or write at the end"],
  [/\b[Mm]end(?:s|ed|ing)?\b/g, "write fix"],
  [/\b[Ww]here(?:ver)?\b/g, "write if for a condition, and in which for a place"],
  [
    /(?:(?<=^\W*|[.!?]\W*\s\W*)W|(?<=[@`]\w* - |@\w+ )[Ww])h(?:at|om?)\b(?![^.]*\?)/g,
    "name the thing, such as: the permissions that a role needs",
  ],
];
/** The parts of a text that are code: quoted code, placeholders, addresses and names of parameters. */
const CODE = /`[^`]*`|\$\{[^}]*\}|\]\([^)]*\)|https?:\/\/\S+|@param \S+|@example[^@]*/g;
const COMMENT_MARKERS = /^[\t ]*(?:\/\*+|\*+\/?|\/\/+)/gm;
const TESTS = ["deployLane", "describe", "it", "terraformLane", "test"];
/** The functions and error classes whose arguments are texts of errors or warnings. */
const ERRORS = /^(?:fail|matching|check\w*|addWarning|addError|\w*Error)$/;
/** The properties and variables whose values are parts of such texts. */
const ERROR_PARTS = ["hint", "must"];

type Callee = Expression | PrivateIdentifier | Super;

/** Returns the name of a called function: `fail` for `fail(…)`, and `addWarning` for `x.addWarning(…)`. */
function nameOf(callee: Callee): string | undefined {
  const name = callee.type === "MemberExpression" ? callee.property : callee;
  return name.type === "Identifier" ? name.name : undefined;
}

/** Returns the name at the beginning of a call: `test` for `test.each(…)(…)`, and for `(isHere ? test : test.skip)(…)`. */
function rootOf(callee: Callee): string | undefined {
  switch (callee.type) {
    case "CallExpression":
      return rootOf(callee.callee);
    case "ConditionalExpression":
      return rootOf(callee.consequent);
    case "MemberExpression":
      return rootOf(callee.object);
    case "TaggedTemplateExpression":
      return rootOf(callee.tag);
    default:
      return nameOf(callee);
  }
}

/** Returns the string and template nodes of an expression: itself, or the parts of a concatenation or a conditional. */
function textsOf(node: Node | SpreadElement): readonly Node[] {
  switch (node.type) {
    case "BinaryExpression":
      return [node.left, node.right].flatMap(textsOf);
    case "ConditionalExpression":
      return [node.consequent, node.alternate].flatMap(textsOf);
    case "Literal":
      return typeof node.value === "string" ? [node] : [];
    case "TemplateLiteral":
      return [node];
    default:
      return [];
  }
}

/**
 * Refuses words and clauses that are hard to read: in comments, in the titles of tests, in the texts of errors and warnings,
 * and in the paragraphs and tables of Markdown.
 */
export const plainLanguage: Rule.RuleModule = {
  meta: { messages: { term: "Do not write '{{term}}': {{fix}}." }, schema: [], type: "suggestion" },
  create(context) {
    const { sourceCode } = context;
    const check = (text: string, start: number): void => {
      const prose = text.replace(CODE, (code) => code.replace(/[^\n]/g, "`"));
      for (const [pattern, fix] of TERMS) {
        for (const { 0: term, index } of prose.matchAll(pattern)) {
          const [from, to] = [start + index, start + index + term.length];
          const loc = { start: sourceCode.getLocFromIndex(from), end: sourceCode.getLocFromIndex(to) };
          context.report({ data: { fix, term }, loc, messageId: "term" });
        }
      }
    };
    const textOf = (node: Node): string => sourceCode.getText(node).slice(1, -1);
    const checkErrors = (nodes: readonly (Node | SpreadElement)[]): void =>
      nodes.flatMap(textsOf).forEach((node) => check(textOf(node), node.range![0] + 1));

    const checkPart = (name: Node, value: Node | null | undefined): void => {
      if (value && name.type === "Identifier" && ERROR_PARTS.includes(name.name)) {
        checkErrors([value]);
      }
    };

    return {
      CallExpression({ arguments: given, callee }): void {
        if (TESTS.includes(rootOf(callee) ?? "")) {
          // TERMS expects a sentence to begin with a capital letter, and a title begins with a small one.
          for (const title of given.slice(0, 1).flatMap(textsOf)) {
            check(textOf(title).replace(/^w/, "W"), title.range![0] + 1);
          }
        } else if (ERRORS.test(nameOf(callee) ?? "")) {
          checkErrors(given);
        }
      },
      NewExpression({ arguments: given, callee }): void {
        if (ERRORS.test(nameOf(callee) ?? "")) {
          checkErrors(given);
        }
      },
      Program(): void {
        for (const { range } of sourceCode.getAllComments()) {
          const comment = sourceCode.text.slice(...range!);
          check(
            comment.replace(COMMENT_MARKERS, (marker) => " ".repeat(marker.length)),
            range![0],
          );
        }
      },
      Property({ key, value }): void {
        checkPart(key, value);
      },
      VariableDeclarator({ id, init }): void {
        checkPart(id, init);
      },
      "paragraph, tableCell"(node: Node): void {
        const { start } = (node as unknown as { readonly position: { readonly start: { readonly offset: number } } })
          .position;
        check(sourceCode.getText(node), start.offset);
      },
    };
  },
};
