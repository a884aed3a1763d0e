import ts from "typescript";

/** A kind of change to a source. */
export type Operator =
  | "and-or"
  | "boolean"
  | "condition-false"
  | "condition-true"
  | "drop-default"
  | "drop-operand"
  | "drop-optional-chain"
  | "flip-comparison"
  | "method"
  | "negate-condition"
  | "number"
  | "remove-assignment"
  | "remove-call"
  | "remove-element"
  | "remove-property"
  | "remove-throw"
  | "return-undefined"
  | "string";

/** One change of one source. */
export interface Mutant {
  /** The path of the source, from the root of the project. */
  readonly file: string;
  /** The line of the change, from 1. */
  readonly line: number;
  readonly operator: Operator;
  /** The text of the source from `start` to `end`. */
  readonly before: string;
  /** The text that replaces `before`; empty if `before` is removed. */
  readonly after: string;
  /** The offset of the first character that is replaced. */
  readonly start: number;
  /** The offset after the last character that is replaced. */
  readonly end: number;
}

type Edit = Pick<Mutant, "after" | "end" | "operator" | "start">;

const FLIPPED: ReadonlyMap<string, string> = new Map([
  ["<", "<="],
  ["<=", "<"],
  [">", ">="],
  [">=", ">"],
  ["===", "!=="],
  ["!==", "==="],
]);
const SWAPPED_METHODS: ReadonlyMap<string, string> = new Map([
  ["endsWith", "startsWith"],
  ["every", "some"],
  ["max", "min"],
  ["min", "max"],
  ["some", "every"],
  ["startsWith", "endsWith"],
  ["toLowerCase", "toUpperCase"],
  ["toUpperCase", "toLowerCase"],
]);
/** Methods whose result has the type of their object, so that the call can be left out. */
const DROPPED_METHODS: readonly string[] = ["filter", "reverse", "sort", "trim"];

/** Returns the mutants of a source, in the order of the text. Imports, exports, types and comments have none. */
export function mutantsOf(file: string, text: string): readonly Mutant[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
  const edits = running(source).flatMap((node) => EDITS.flatMap((editsOf) => editsOf(node)));
  // Drops edits that give equal texts: for a literal condition, `condition-false` and `boolean` can give the same text.
  const distinct = new Map(edits.map((edit) => [`${edit.start} ${edit.end} ${edit.after}`, edit] as const));
  return [...distinct.values()]
    .sort((a, b) => a.start - b.start || a.end - b.end || (a.operator < b.operator ? -1 : 1))
    .map(({ after, end, operator, start }) => ({
      file,
      line: source.getLineAndCharacterOfPosition(start).line + 1,
      operator,
      before: text.slice(start, end),
      after,
      start,
      end,
    }));
}

/** Returns the text of a source with a mutant applied. */
export function mutated(text: string, { after, end, start }: Mutant): string {
  return text.slice(0, start) + after + text.slice(end);
}

/** Returns a node and its descendants that exist at run time, so without types. */
function running(node: ts.Node): ts.Node[] {
  if (
    ts.isTypeNode(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isImportDeclaration(node) ||
    ts.isExportDeclaration(node)
  ) {
    return [];
  }
  const nodes = [node];
  ts.forEachChild(node, (child) => {
    nodes.push(...running(child));
  });
  return nodes;
}

const EDITS: readonly ((node: ts.Node) => readonly Edit[])[] = [
  literalEdits,
  conditionEdits,
  binaryEdits,
  optionalChainEdits,
  defaultEdits,
  memberEdits,
  statementEdits,
  methodEdits,
];

function replaced(operator: Operator, node: ts.Node, after: string): Edit {
  return { after, end: node.end, operator, start: node.getStart() };
}

function literalEdits(node: ts.Node): readonly Edit[] {
  if (node.kind === ts.SyntaxKind.TrueKeyword || node.kind === ts.SyntaxKind.FalseKeyword) {
    return [replaced("boolean", node, String(node.kind === ts.SyntaxKind.FalseKeyword))];
  }
  if (ts.isNumericLiteral(node)) {
    return isName(node) || isSign(node) ? [] : [replaced("number", node, `(${node.getText()} + 1)`)];
  }
  if (!ts.isStringLiteralLike(node) && !ts.isTemplateExpression(node)) {
    return [];
  }
  if (isName(node) || ts.isTaggedTemplateExpression(node.parent) || ts.isExpressionStatement(node.parent)) {
    return [];
  }
  const isEmpty = ts.isStringLiteralLike(node) && node.text === "";
  return [replaced("string", node, isEmpty ? '"mutated"' : '""')];
}

/** Returns whether a literal is the name of a member, and no value. */
function isName(node: ts.Node): boolean {
  const { name, propertyName } = node.parent as { readonly name?: ts.Node; readonly propertyName?: ts.Node };
  return name === node || propertyName === node;
}

/** Returns whether a literal is the 1 in the `-1` or `1` that a comparator returns. Any number with the same sign has the same effect. */
function isSign(node: ts.Node): boolean {
  let branch = ts.isPrefixUnaryExpression(node.parent) ? node.parent : node;
  for (; ts.isConditionalExpression(branch.parent); branch = branch.parent) {
    if (branch.parent.whenTrue.getText() === "-1") {
      return node.getText() === "1";
    }
  }
  return false;
}

function conditionEdits(node: ts.Node): readonly Edit[] {
  const condition = conditionOf(node);
  if (condition === undefined) {
    return [];
  }
  return [
    replaced("negate-condition", condition, `!(${condition.getText()})`),
    replaced("condition-false", condition, "false"),
    // A loop whose condition is true never ends: the time limit would kill each such mutant, which proves nothing.
    ...(ts.isIterationStatement(node, false) ? [] : [replaced("condition-true", condition, "true")]),
  ];
}

function conditionOf(node: ts.Node): ts.Expression | undefined {
  if (ts.isIfStatement(node) || ts.isWhileStatement(node) || ts.isDoStatement(node)) {
    return node.expression;
  }
  return ts.isForStatement(node) || ts.isConditionalExpression(node) ? node.condition : undefined;
}

function binaryEdits(node: ts.Node): readonly Edit[] {
  if (!ts.isBinaryExpression(node)) {
    return [];
  }
  const sign = node.operatorToken.getText();
  const [left, right] = [node.left.getText(), node.right.getText()];
  if (sign === "&&" || sign === "||") {
    return [
      replaced("and-or", node, `((${left}) ${sign === "&&" ? "||" : "&&"} (${right}))`),
      replaced("drop-operand", node, `(${left})`),
      replaced("drop-operand", node, `(${right})`),
    ];
  }
  if (sign === "??") {
    return [replaced("drop-default", node, `(${left})`)];
  }
  const flipped = FLIPPED.get(sign);
  return flipped === undefined ? [] : [replaced("flip-comparison", node.operatorToken, flipped)];
}

function optionalChainEdits(node: ts.Node): readonly Edit[] {
  const isProperty = ts.isPropertyAccessExpression(node);
  if (!isProperty && !ts.isElementAccessExpression(node) && !ts.isCallExpression(node)) {
    return [];
  }
  const { questionDotToken } = node;
  return questionDotToken ? [replaced("drop-optional-chain", questionDotToken, isProperty ? "." : "")] : [];
}

/** Returns the edits that remove the default of a parameter or of a destructured name. */
function defaultEdits(node: ts.Node): readonly Edit[] {
  if ((!ts.isParameter(node) && !ts.isBindingElement(node)) || node.initializer === undefined) {
    return [];
  }
  const { end: start } = (ts.isParameter(node) ? node.type : undefined) ?? node.name;
  return [{ after: "", end: node.initializer.end, operator: "drop-default", start }];
}

function memberEdits(node: ts.Node): readonly Edit[] {
  if (ts.isArrayLiteralExpression(node) && !isTarget(node)) {
    return removals("remove-element", node.elements);
  }
  return ts.isObjectLiteralExpression(node) && !isTarget(node) ? removals("remove-property", node.properties) : [];
}

/** Returns whether a literal is the left side of an assignment, and so a pattern that destructures. */
function isTarget(node: ts.Node): boolean {
  const { parent } = node;
  return (
    ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken && parent.left === node
  );
}

function removals(operator: Operator, members: ts.NodeArray<ts.Node>): readonly Edit[] {
  return members.map((member, index) => ({
    after: "",
    // Removes the comma after the member, too: two commas in a row would be a hole in the array.
    end: members[index + 1]?.pos ?? members.end,
    operator,
    start: member.getStart(),
  }));
}

function statementEdits(node: ts.Node): readonly Edit[] {
  if (ts.isThrowStatement(node)) {
    return [replaced("remove-throw", node, ";")];
  }
  if (ts.isReturnStatement(node)) {
    return isWorth(node.expression) ? [replaced("return-undefined", node, "return undefined;")] : [];
  }
  if (ts.isArrowFunction(node)) {
    return !ts.isBlock(node.body) && isWorth(node.body) ? [replaced("return-undefined", node.body, "undefined")] : [];
  }
  if (!ts.isExpressionStatement(node)) {
    return [];
  }
  const expression = ts.isAwaitExpression(node.expression) ? node.expression.expression : node.expression;
  if (isAssignment(expression)) {
    return [replaced("remove-assignment", node, ";")];
  }
  const isCall = ts.isCallExpression(expression) && expression.expression.kind !== ts.SyntaxKind.SuperKeyword;
  return isCall || ts.isNewExpression(expression) ? [replaced("remove-call", node, ";")] : [];
}

/** Returns whether a return value exists and is not already `undefined`. */
function isWorth(value: ts.Expression | undefined): boolean {
  return value !== undefined && value.getText() !== "undefined";
}

function isAssignment(node: ts.Expression): boolean {
  return (
    ts.isBinaryExpression(node) &&
    node.operatorToken.kind >= ts.SyntaxKind.FirstAssignment &&
    node.operatorToken.kind <= ts.SyntaxKind.LastAssignment
  );
}

function methodEdits(node: ts.Node): readonly Edit[] {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) {
    return [];
  }
  const { expression: object, name } = node.expression;
  if (DROPPED_METHODS.includes(name.text)) {
    return [replaced("method", node, object.getText())];
  }
  const swapped = SWAPPED_METHODS.get(name.text);
  return swapped === undefined ? [] : [replaced("method", name, swapped)];
}
