import { jsonIn } from "./json-documents";

/** Matches one token: spaces or a comment, a heredoc, a string, a number, a word or a reference, or a bracket or comma. */
const TOKEN = new RegExp(
  [
    String.raw`(?<space>\s+)`,
    String.raw`(?<comment>(?:#|//)[^\n]*|/\*[^]*?\*/)`,
    String.raw`<<-?(?<marker>[A-Za-z_]\w*)[^\S\n]*\n(?<heredoc>[^]*?)\n[^\S\n]*\k<marker>(?=[^\S\n]*(?:\n|$))`,
    String.raw`"(?<string>(?:\\["\\]|\$\$\{|%%\{|\$\{[\w.[\]-]+\}|[^"\\$%\n]|[$%](?!\{))*)"`,
    String.raw`(?<number>\d{1,15})(?![\w.])`,
    String.raw`(?<word>[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*|\[(?:\d+|each\.(?:key|value)|count\.index)\])*)(?![\w.[(-])`,
    String.raw`[{}[\],]`,
  ].join("|"),
  "uy",
);
/** Matches the sign between a key and its value. */
const ASSIGNMENT = /[^\S\n]*[:=](?![=>])/uy;
const JSONENCODE = /\s*jsonencode\(/uy;
const PARENTHESIS = /\s*\)/uy;
const CONSTANTS = ["false", "null", "true"];

/** An expression that ends at a position of a text. Its value is as in a `cdk.tf.json`: strings have interpolations. */
export interface ExpressionValue {
  readonly end: number;
  readonly value: unknown;
}

/**
 * Reads an expression that consists of objects, lists, literals, references and templates, with or without jsonencode around it.
 * Returns undefined for each other expression, such as another function, a condition or an operator.
 *
 * @see https://developer.hashicorp.com/terraform/language/expressions
 */
export function expressionAt(text: string, start: number): ExpressionValue | undefined {
  const call = lengthAt(JSONENCODE, text, start);
  const expression = jsonAt(text, start + call);
  if (expression === undefined) {
    return undefined;
  }
  const { end, json } = expression;
  const value = jsonIn(json);
  if (call === 0 || value === undefined) {
    return value === undefined ? undefined : { end, value };
  }
  const close = lengthAt(PARENTHESIS, text, end);
  return close === 0 ? undefined : { end: end + close, value: json };
}

/** Converts an expression to JSON, token by token. It is no JSON if the expression is not valid. */
function jsonAt(text: string, start: number): { readonly end: number; readonly json: string } | undefined {
  const json: string[] = [];
  const open: string[] = [];
  let at = start;
  let isAfterValue = false;
  while (!isAfterValue || open.length > 0) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (match === null) {
      return undefined;
    }
    const { 0: token, groups = {} } = match;
    at += token.length;
    if (groups.comment !== undefined) {
      continue;
    }
    if (token === "," || groups.space !== undefined) {
      // A line break ends an entry of an object. In a list, the next line can be an index of the element.
      isAfterValue &&= token !== "," && !(token.includes("\n") && open.at(-1) === "}");
      continue;
    }
    if (token === open.at(-1)) {
      json.push(open.pop()!);
      isAfterValue = true;
      continue;
    }
    if (isAfterValue) {
      return undefined;
    }
    const previous = json.at(-1);
    if (previous !== undefined && !"{[:".includes(previous)) {
      json.push(",");
    }
    if (token === "{" || token === "[") {
      json.push(token);
      open.push(token === "{" ? "}" : "]");
      continue;
    }
    const assignment = lengthAt(ASSIGNMENT, text, at);
    const literal = assignment > 0 ? keyOf(groups) : jsonOf(groups);
    if (literal === undefined) {
      return undefined;
    }
    at += assignment;
    json.push(literal, ...(assignment > 0 ? [":"] : []));
    isAfterValue = assignment === 0;
  }
  return { end: at, json: json.join("") };
}

type Groups = Readonly<Record<string, string | undefined>>;

function keyOf({ string, word }: Groups): string | undefined {
  return string === undefined && (word === undefined || /[.[]/.test(word))
    ? undefined
    : jsonOf({ string: string ?? word });
}

/** Returns the JSON of a literal or a reference; undefined for a word that is neither. */
function jsonOf({ heredoc, number, string, word }: Groups): string | undefined {
  if (word === undefined || CONSTANTS.includes(word)) {
    const text = heredoc ?? string?.replace(/\\(["\\])/g, "$1");
    return number ?? word ?? JSON.stringify(text);
  }
  return word.includes(".") ? JSON.stringify(`\${${word}}`) : undefined;
}

function lengthAt(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0].length ?? 0;
}
