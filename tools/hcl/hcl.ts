/** A value of HCL that the values of TypeScript do not have. */
export abstract class HclValue {
  /** Returns the text of the value. The lines after the first have the indentation. */
  public abstract text(indent: string): string;
}

/** An expression, such as a reference. */
export class Expression extends HclValue {
  public constructor(private readonly expression: string) {
    super();
  }

  public text(): string {
    return this.expression;
  }
}

/** A string with expressions in it. Its literals are in the template syntax, so `$${` stands for `${`. */
export class Template extends HclValue {
  public constructor(public readonly parts: readonly (Expression | string)[]) {
    super();
  }

  public text(): string {
    const texts = this.parts.map((part) =>
      typeof part === "string" ? quoted(part).slice(1, -1) : `\${${part.text()}}`,
    );
    return `"${texts.join("")}"`;
  }
}

/** The call of a function that takes one value. */
export class Call extends HclValue {
  public constructor(
    private readonly name: string,
    private readonly argument: Value,
  ) {
    super();
  }

  public text(indent: string): string {
    return `${this.name}(${textOf(this.argument, indent)})`;
  }
}

/** The items of a list that meet a condition. */
export class Filter extends HclValue {
  public constructor(
    private readonly list: Value,
    private readonly item: string,
    private readonly condition: string,
  ) {
    super();
  }

  public text(indent: string): string {
    const inner = indent + INDENT;
    const items = `for ${this.item} in ${textOf(this.list, inner)} :\n${inner}${this.item} if ${this.condition}`;
    return `[\n${inner}${items}\n${indent}]`;
  }
}

export type Value = boolean | number | string | null | HclValue | readonly Value[] | { readonly [key: string]: Value };
export type Body = Readonly<Record<string, Value>>;

/** A block at the top of a file. */
export interface Block {
  readonly type: string;
  readonly labels: readonly string[];
  readonly body: Body;
}

/** The members of a body that are blocks. The values of CDKTF have no difference between a block and a map. */
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
/** The arguments whose values are addresses or types. */
const BARE = new Set(["depends_on", "ignore_changes", "replace_triggered_by", "type"]);
/** The arguments that a reader looks for first, and the one that comes last. */
const FIRST = ["for_each", "count", "description", "condition"];
const LAST = "depends_on";
const INDENT = "  ";
const WIDTH = 120;

/** Returns blocks as the text of a file, in the layout of `terraform fmt`. */
export function toHcl(blocks: readonly Block[]): string {
  const texts = blocks.map(({ body, labels, type }) => block([type, ...labels.map(quoted)].join(" "), body));
  return `${texts.join("\n\n")}\n`;
}

/** Returns a string as HCL has it in quotes; `${…}` in it is an expression. */
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
      .map(([name, value]) => [name, BARE.has(name) ? bare(value) : textOf(value, inner)]),
    inner,
  );
  const nested = members
    .filter(([name]) => BLOCKS.has(name))
    .flatMap(([name, value]) => [value].flat().map((one) => inner + block(name, one as Body, inner)));
  const parts = [...(attributes === "" ? [] : [attributes]), ...nested];
  return `${header} {\n${parts.join("\n\n")}\n${indent}}`;
}

/** Arguments, one a line; the values of neighbors that fit on a line each are aligned. */
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

/** Returns a value as the text of an expression. */
export function textOf(value: Value, indent = ""): string {
  const inner = indent + INDENT;
  if (value instanceof HclValue) {
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

/** Addresses and types, which have no quotes. */
function bare(value: Value): string {
  return Array.isArray(value) ? `[${value.map(bare).join(", ")}]` : typeof value === "string" ? value : textOf(value);
}

function key(name: string): string {
  return /^[A-Za-z_][\w-]*$/.test(name) ? name : quoted(name);
}
