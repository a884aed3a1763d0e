import { either, isMap, isText, listOf, mapOf, mapWith, optional } from "./shape";

/** A statement of a policy, in IAM's words. */
export interface Statement {
  readonly Action?: string | readonly string[];
  readonly Condition?: Condition;
  readonly Effect: "Allow" | "Deny";
  readonly NotAction?: string | readonly string[];
  readonly NotPrincipal?: unknown;
  readonly NotResource?: string | readonly string[];
  readonly Principal?: string | Readonly<Record<string, string | readonly string[]>>;
  readonly Resource?: string | readonly string[];
  readonly Sid?: string;
}

/** Operators, condition keys and values: all must hold, of the values of one key any. */
export type Condition = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** The statements of a policy's text; undefined where it is none. */
export function statementsOf(text: unknown): readonly Statement[] | undefined {
  try {
    const { Statement: statements } = JSON.parse(String(text)) as { Statement?: unknown };
    const found = statements === undefined ? [] : [statements].flat();
    return found.every(isStatement) ? found : undefined;
  } catch {
    return undefined;
  }
}

const areTexts = either(isText, listOf(isText));
const isStatementShape = mapWith({
  Action: optional(areTexts),
  Condition: optional(mapOf(isMap)),
  Effect: (effect) => effect === "Allow" || effect === "Deny",
  NotAction: optional(areTexts),
  NotResource: optional(areTexts),
  Principal: optional(either(isText, mapOf(areTexts))),
  Resource: optional(areTexts),
  Sid: optional(isText),
});

function isStatement(value: unknown): value is Statement {
  return isStatementShape(value);
}

/** Whether a statement speaks of an action, such as kms:Decrypt; actions have no case. */
export function matchesAction({ Action, NotAction }: Statement, action: string): boolean {
  const isNamed = (patterns: Statement["Action"]): boolean =>
    many(patterns).some((pattern) => matches(pattern.toLowerCase(), action.toLowerCase()));
  return NotAction === undefined ? isNamed(Action) : !isNamed(NotAction);
}

/** The IAM principals that a statement names: ARNs, account IDs, unique IDs, or `*` for everybody. */
export function awsPrincipals(principals: Statement["Principal"]): readonly string[] {
  return typeof principals === "string" ? [principals] : many(principals?.AWS);
}

const EXPRESSIONS = new Map<string, RegExp>();

/** IAM's wildcards: `*` for any characters, `?` for one. */
export function matches(pattern: string, text: string): boolean {
  if (!/[*?]/.test(pattern)) {
    return pattern === text;
  }
  let expression = EXPRESSIONS.get(pattern);
  if (expression === undefined) {
    const source = pattern
      .replace(/[\\^$.|+()[\]{}]/g, "\\$&")
      .replace(/\*+/g, "[^]*")
      .replace(/\?/g, "[^]");
    expression = new RegExp(`^${source}$`);
    EXPRESSIONS.set(pattern, expression);
  }
  return expression.test(text);
}

/** IAM takes one value for a list of one. */
export function many<T>(value: T | readonly T[] | undefined): readonly T[] {
  return value === undefined ? [] : Array.isArray(value) ? (value as readonly T[]) : [value as T];
}
