/** A value of HCL that is no literal of TypeScript, such as an expression. */
export class Expression {
  /** @param text - returns the text of the value; the lines after the first have the indentation */
  public constructor(public readonly text: (indent: string) => string) {}

  /** Returns the expression in template syntax: the framework joins a string that has numbers by itself. */
  public toString(): string {
    return `\${${this.text("")}}`;
  }
}

/** A string of HCL with expressions. Its literal parts are in template syntax, so that `$${` stands for `${`. */
export class Template extends Expression {
  public constructor(public readonly parts: readonly (Expression | string)[]) {
    super((indent) => {
      const texts = parts.map((part) =>
        typeof part === "string" ? quoted(part).slice(1, -1) : `\${${part.text(indent)}}`,
      );
      return `"${texts.join("")}"`;
    });
  }
}

/** Returns an expression whose text is already HCL, such as a reference. */
export function expressionOf(text: string): Expression {
  return new Expression(() => text);
}

/** Returns a call of a function with one argument. */
export function call(name: string, argument: Value): Expression {
  return new Expression((indent) => `${name}(${textOf(argument, indent)})`);
}

/** Returns a `for` expression with the items of a list that meet a condition. */
export function filter(list: Value, item: string, condition: string): Expression {
  return new Expression((indent) => {
    const inner = indent + INDENT;
    return `[\n${inner}for ${item} in ${textOf(list, inner)} :\n${inner}${item} if ${condition}\n${indent}]`;
  });
}

export type Value =
  boolean | number | string | null | Expression | readonly Value[] | { readonly [key: string]: Value };
export type Body = Readonly<Record<string, Value>>;
type Member = readonly [name: string, value: string];

/** A block at the top of a file. */
export interface Block {
  readonly type: string;
  readonly labels: readonly string[];
  readonly body: Body;
}

/** The members that are written as blocks. In the values of CDKTF, a block and a map do not differ. */
const BLOCKS = new Set([
  "config_parameter",
  "lifecycle",
  "parameter",
  "postcondition",
  "precondition",
  "price_performance_target",
  "required_providers",
  "validation",
]);
/** The arguments whose values are written without quotes: addresses and types. */
const BARE = new Set(["depends_on", "ignore_changes", "replace_triggered_by", "type"]);
/** The arguments that are written first, in this order, and the one that is written last. */
const FIRST = ["for_each", "count", "description", "condition"];
const LAST = "depends_on";
const INDENT = "  ";
const WIDTH = 120;

/** Returns the text of a file with blocks, in the layout of `terraform fmt`. */
export function toHcl(blocks: readonly Block[]): string {
  const texts = blocks.map(({ body, labels, type }) => block([type, ...labels.map(quoted)].join(" "), body));
  return `${texts.join("\n\n")}\n`;
}

/** Returns a string in quotes, as HCL. `${…}` in it is an expression. */
export function quoted(text: string): string {
  return JSON.stringify(text);
}

function block(header: string, body: Body, indent = ""): string {
  const inner = indent + INDENT;
  const rank = ([name]: [string, Value]): number =>
    name === LAST ? FIRST.length + 1 : FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length;
  const members = Object.entries(body).sort((a, b) => rank(a) - rank(b));
  if (members.length === 0) {
    return `${header} {}`;
  }
  const attributes = aligned(
    members
      .filter(([name]) => !BLOCKS.has(name))
      .map(([name, value]): Member => [name, BARE.has(name) ? bare(value) : textOf(value, inner)]),
    inner,
  );
  const nested = members
    .filter(([name]) => BLOCKS.has(name))
    .flatMap(([name, value]) => [value].flat().map((one) => inner + block(name, one as Body, inner)));
  const parts = [...(attributes === "" ? [] : [attributes]), ...nested];
  return `${header} {\n${parts.join("\n\n")}\n${indent}}`;
}

/** Returns arguments as lines. The values of adjacent arguments are aligned, if each argument has only one line. */
function aligned(members: readonly Member[], indent: string): string {
  const isShort = ([, value]: Member): boolean => !value.includes("\n");
  const runs: Member[][] = [];
  for (const member of members) {
    const run = runs.at(-1);
    if (run && isShort(run[0]!) && isShort(member)) {
      run.push(member);
    } else {
      runs.push([member]);
    }
  }
  return runs
    .flatMap((run) => {
      const width = Math.max(...run.map(([name]) => name.length));
      return run.map(([name, value]) => `${indent}${name.padEnd(width)} = ${value}`);
    })
    .join("\n");
}

/** Returns the text of a value in HCL. */
export function textOf(value: Value, indent = ""): string {
  const inner = indent + INDENT;
  if (value instanceof Expression) {
    return value.text(indent);
  }
  if (Array.isArray(value)) {
    return array(value as readonly Value[], indent);
  }
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value).map(([name, member]) => [key(name), textOf(member, inner)] as const);
    return members.length === 0 ? "{}" : `{\n${aligned(members, inner)}\n${indent}}`;
  }
  return JSON.stringify(value);
}

function array(values: readonly Value[], indent: string): string {
  const line = `[${values.map((value) => textOf(value, indent + INDENT)).join(", ")}]`;
  if (!line.includes("\n") && line.length + indent.length < WIDTH) {
    return line;
  }
  const inner = indent + INDENT;
  return `[\n${values.map((value) => `${inner}${textOf(value, inner)},\n`).join("")}${indent}]`;
}

/** Returns addresses and types without quotes. */
function bare(value: Value): string {
  return Array.isArray(value) ? `[${value.map(bare).join(", ")}]` : typeof value === "string" ? value : textOf(value);
}

function key(name: string): string {
  return /^[A-Za-z_][\w-]*$/.test(name) ? name : quoted(name);
}
