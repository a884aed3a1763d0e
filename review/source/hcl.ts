import { LOCALS } from "../plan/stack";
import { addressOf, type Block, type SourceFile } from "./block";

/** Matches one token outside of strings: spaces, a comment, the start of a heredoc, a word, or another character. */
const CODE =
  /[^\S\n]+|(?:#|\/\/)[^\n]*|\/\*[^]*?(?:\*\/|$)|<<-?(?<marker>[\p{L}_][\p{L}\p{N}_-]*)[^\S\n]*\n|(?<word>[\p{L}_][\p{L}\p{N}_-]*)|[^]/uy;
/** Matches one token in a string: an escape, the start of an interpolation, or text. */
const STRING_TEXT = /\\[^\n]|\$\$\{|%%\{|[$%]\{|[$%]|[^"\\$%\n]+|[^]/uy;
/** Matches one token in a heredoc, in which a backslash is no escape. */
const HEREDOC_TEXT = /\$\$\{|%%\{|[$%]\{|[$%]|[^$%\n]+|[^]/uy;

/** The position at which the value of an argument begins. */
export interface Argument {
  /** The address of the resource, data source, module call or output; LOCALS for a local value. */
  readonly address: string;
  readonly at: number;
  /** The names of the blocks around it, within the block at the address. Each has a number, so that no two blocks have one name. */
  readonly blocks: readonly string[];
  readonly name: string;
}

/**
 * Finds the resources and data sources in a file of Terraform's language (HCL), and their arguments. Text in comments, strings and
 * heredocs does not count. The file is broken if a brace, a string, a heredoc or a comment has no start or no end.
 *
 * @see https://developer.hashicorp.com/terraform/language/syntax/configuration
 */
export function blocksOfHcl(text: string): SourceFile & { readonly arguments: readonly Argument[] } {
  const allArguments: Argument[] = [];
  const blocks: Block[] = [];
  let isBroken = false;
  /** The braces, interpolations, strings and heredocs around the position. */
  const open: string[] = [];
  let header: string[] = [];
  /** The address of the block around the position. */
  let current: string | undefined;
  /** For each open brace, the names of the blocks around it; undefined in an expression. */
  const paths: (readonly string[] | undefined)[] = [];
  let isValue = false;
  let [at, line, start] = [0, 1, 0];
  while (at < text.length) {
    const frame = open.at(-1);
    const isHeredoc = frame?.startsWith("<<") === true;
    const isText = isHeredoc || frame === '"';
    const end = isHeredoc ? endOfHeredoc(text, at, frame.slice(2)) : undefined;
    if (end !== undefined) {
      open.pop();
      at = end;
      continue;
    }
    const { groups, token } = tokenAt(text, at, isHeredoc ? HEREDOC_TEXT : isText ? STRING_TEXT : CODE);
    const isTopLevel = open.length === 0;
    if (token === '"' && frame === '"') {
      open.pop();
      if (open.length === 0) {
        header.push(text.slice(start, at));
      }
    } else if (token === "\n" && frame === '"') {
      // A string without a closing quote ends with its line.
      open.pop();
      isBroken = true;
    } else if (isText) {
      if (token === "${" || token === "%{") {
        open.push(token);
        paths.push(undefined);
      }
    } else if (token === '"') {
      open.push(token);
      start = at + 1;
    } else if (groups.marker !== undefined) {
      open.push(`<<${groups.marker}`);
    } else if (token === "{") {
      const address = isTopLevel ? addressOf(header) : undefined;
      if (address !== undefined) {
        blocks.push({ address, line });
      }
      if (isTopLevel) {
        current = address ?? addressOfArguments(header);
      }
      const [name] = header;
      const around = isTopLevel ? [] : paths.at(-1);
      const isBlock = isTopLevel || (name !== undefined && !isValue);
      paths.push(isBlock && around ? [...around, ...(isTopLevel ? [] : [`${name}#${at}`])] : undefined);
      open.push(token);
      header = [];
      isValue = false;
    } else if (token === "}") {
      isBroken ||= isTopLevel;
      open.pop();
      paths.pop();
      header = [];
    } else if (token === "=" && !isTopLevel) {
      const blocks = paths.at(-1);
      if (blocks && header.length === 1 && current !== undefined) {
        allArguments.push({ address: current, at: at + 1, blocks, name: header[0]! });
      }
      isValue = true;
    } else if (token === "\n") {
      header = [];
      isValue = false;
    } else if (groups.word !== undefined) {
      header.push(token);
    } else if (token.startsWith("/*")) {
      isBroken ||= token.length < "/**/".length || !token.endsWith("*/");
    } else if (isTopLevel && !/^(?:\s|#|\/\/)/.test(token)) {
      // An assignment is no block. Three more words in the header prevent that it is read as a block.
      header.push("", "", "");
    }
    line += token.split("\n").length - 1;
    at += token.length;
  }
  return { arguments: allArguments, blocks, isBroken: isBroken || open.length > 0 };
}

/** Returns the address of the arguments of a block that is no resource; undefined if the block has none that the review reads. */
function addressOfArguments([kind = "", name, ...others]: readonly string[]): string | undefined {
  const isNamed = name !== undefined && others.length === 0;
  return kind === "locals" && name === undefined
    ? LOCALS
    : isNamed && ["module", "output"].includes(kind)
      ? `${kind}.${name}`
      : undefined;
}

function tokenAt(text: string, at: number, pattern: RegExp) {
  pattern.lastIndex = at;
  const { 0: token, groups = {} } = pattern.exec(text)!;
  return { groups, token };
}

/** Returns the end of a heredoc if the line with its closing marker begins at `at`; undefined otherwise. */
function endOfHeredoc(text: string, at: number, marker: string): number | undefined {
  if (text[at - 1] !== "\n") {
    return undefined;
  }
  const next = text.indexOf("\n", at);
  const end = next === -1 ? text.length : next;
  return text.slice(at, end).trim() === marker ? end : undefined;
}
