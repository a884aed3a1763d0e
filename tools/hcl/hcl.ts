/** A value of Terraform's JSON syntax. */
export type Json = boolean | number | string | null | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = Readonly<Record<string, Json>>;

/** Members of a body that are nested blocks and no arguments: the JSON syntax leaves that to the provider's schema. */
const BLOCKS = [
  "config_parameter",
  "lifecycle",
  "parameter",
  "postcondition",
  "precondition",
  "price_performance_target",
  "required_providers",
  "validation",
];
/** Arguments that HCL has as bare words and the JSON syntax as strings. */
const REFERENCES = ["depends_on", "ignore_changes", "replace_triggered_by", "type"];
/** Arguments that a reader looks for first, and the one that comes last. */
const FIRST = ["for_each", "count", "description", "condition"];
const LAST = "depends_on";
const INDENT = "  ";
const WIDTH = 120;

/** A configuration in Terraform's JSON syntax in the native one, laid out as `terraform fmt` does. */
export function toHcl(configuration: JsonObject): string {
  const blocks = Object.entries(configuration).flatMap(([type, content]) => {
    if (type === "locals" || type === "terraform") {
      return [block(type, content as JsonObject)];
    }
    return Object.entries(content as JsonObject).flatMap(([label, body]) =>
      type === "data" || type === "resource"
        ? Object.entries(body as JsonObject).map(([name, inner]) =>
            block(`${type} ${JSON.stringify(label)} ${JSON.stringify(name)}`, inner as JsonObject),
          )
        : [block(`${type} ${JSON.stringify(label)}`, body as JsonObject)],
    );
  });
  return `${blocks.join("\n\n")}\n`;
}

function block(header: string, body: JsonObject, indent = ""): string {
  const inner = indent + INDENT;
  const isBlock = ([name]: [string, Json]): boolean => BLOCKS.includes(name);
  const rank = ([name]: [string, Json]): number =>
    name === LAST ? FIRST.length + 1 : FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length;
  const members = Object.entries(body).sort((a, b) => rank(a) - rank(b));
  if (members.length === 0) {
    return `${header} {}`;
  }
  const attributes = aligned(
    members
      .filter((member) => !isBlock(member))
      .map(([name, value]) => [name, REFERENCES.includes(name) ? bare(value) : expression(value, inner)]),
    inner,
  );
  const nested = members
    .filter(isBlock)
    .flatMap(([name, value]) =>
      (Array.isArray(value) ? value : [value]).map((one) => block(name, one as JsonObject, inner)),
    )
    .map((text) => inner + text);
  const parts = [...(attributes === "" ? [] : [attributes]), ...nested];
  return `${header} {\n${parts.join("\n\n")}\n${indent}}`;
}

/** Arguments, one a line; the values of neighbours that fit on a line each are aligned. */
function aligned(members: readonly (readonly [name: string, value: string])[], indent: string): string {
  const isShort = (index: number): boolean => members[index] !== undefined && !members[index][1].includes("\n");
  return members
    .map(([name, value], index) => {
      let [from, to] = [index, index];
      while (isShort(index) && isShort(from - 1)) {
        from -= 1;
      }
      while (isShort(index) && isShort(to + 1)) {
        to += 1;
      }
      const width = isShort(index) ? Math.max(...members.slice(from, to + 1).map(([other]) => other.length)) : 0;
      return `${indent}${name.padEnd(width)} = ${value}`;
    })
    .join("\n");
}

/** A value as an expression. */
function expression(value: Json, indent: string): string {
  if (typeof value === "string") {
    return policyOf(value, indent) ?? template(value);
  }
  if (typeof value !== "object" || value === null) {
    return String(value);
  }
  const inner = indent + INDENT;
  if (!Array.isArray(value)) {
    const members = Object.entries(value).map(([name, member]) => [key(name), expression(member, inner)] as const);
    return members.length === 0 ? "{}" : `{\n${aligned(members, inner)}\n${indent}}`;
  }
  const line = `[${value.map((member: Json) => expression(member, inner)).join(", ")}]`;
  if (!line.includes("\n") && line.length + indent.length < WIDTH) {
    return line;
  }
  return `[\n${value.map((member: Json) => `${inner}${expression(member, inner)},\n`).join("")}${indent}]`;
}

/** A policy document, which is JSON in a string, as the expression that makes it; undefined for other strings. */
function policyOf(text: string, indent: string): string | undefined {
  if (!text.startsWith('{"Version":"2012-10-17"')) {
    return undefined;
  }
  const { Statement, Version } = JSON.parse(text) as { Statement: JsonObject[]; Version: string };
  const inner = indent + INDENT;
  const within = inner + INDENT;
  // A list of principals may be empty; the statement about nobody is then left out.
  const mayBeAboutNobody = Statement.some(({ Principal = {} }) =>
    Object.values(Principal as JsonObject).some((value) => typeof value === "string" && value.startsWith("${")),
  );
  const statements = mayBeAboutNobody
    ? `[\n${within}for statement in ${expression(Statement, within)} :\n` +
      `${within}statement if length(flatten(values(statement.Principal))) > 0\n${inner}]`
    : expression(Statement, inner);
  return `jsonencode({\n${inner}Version = ${JSON.stringify(Version)}\n${inner}Statement = ${statements}\n${indent}})`;
}

/** A list of references, or a type, as it is. */
function bare(value: Json): string {
  return Array.isArray(value) ? `[${value.map(bare).join(", ")}]` : (value as string).replace(/^\$\{(.*)\}$/, "$1");
}

function key(name: string): string {
  return /^[A-Za-z_][\w-]*$/.test(name) ? name : JSON.stringify(name);
}

/** A string, in which `${…}` stands for an expression; one that is nothing else is that expression. */
function template(text: string): string {
  const parts = split(text);
  if (parts.length === 1 && parts[0]!.startsWith("${")) {
    return parts[0]!.slice(2, -1).trim();
  }
  const quoted = parts.map((part) => (part.startsWith("${") ? part : JSON.stringify(part).slice(1, -1)));
  return `"${quoted.join("")}"`;
}

/** The literal parts and the `${…}` of a template; an escaped `$${` is literal. */
function split(text: string): readonly string[] {
  const parts: string[] = [];
  let literal = "";
  for (let at = 0; at < text.length;) {
    if (text.startsWith("$${", at)) {
      literal += "$${";
      at += 3;
    } else if (text.startsWith("${", at)) {
      const end = endOf(text, at + 2);
      parts.push(literal, text.slice(at, end));
      literal = "";
      at = end;
    } else {
      literal += text[at];
      at += 1;
    }
  }
  return [...parts, literal].filter((part) => part !== "");
}

/** The end of an expression that begins within `${`: after the brace that closes it. */
function endOf(text: string, from: number): number {
  let depth = 1;
  let isQuoted = false;
  for (let at = from; at < text.length; at += 1) {
    if (isQuoted && text[at] === "\\") {
      at += 1;
    } else if (text[at] === '"') {
      isQuoted = !isQuoted;
    } else if (!isQuoted && text[at] === "{") {
      depth += 1;
    } else if (!isQuoted && text[at] === "}") {
      depth -= 1;
      if (depth === 0) {
        return at + 1;
      }
    }
  }
  throw new Error(`an expression must end, got: ${text}`);
}
