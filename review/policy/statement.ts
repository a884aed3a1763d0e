import { either, isMap, isText, leftOutOr, listOf, mapOf, mapWith } from "../plan/shape";

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

/** The statements of a policy's text; undefined if it is none. */
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
  Action: leftOutOr(areTexts),
  Condition: leftOutOr(mapOf(isMap)),
  Effect: (effect) => effect === "Allow" || effect === "Deny",
  NotAction: leftOutOr(areTexts),
  NotResource: leftOutOr(areTexts),
  Principal: leftOutOr(either(isText, mapOf(areTexts))),
  Resource: leftOutOr(areTexts),
  Sid: leftOutOr(isText),
});

function isStatement(value: unknown): value is Statement {
  return isStatementShape(value);
}

/** The name of a statement in a sentence. */
export function titleOf({ Sid }: Statement): string {
  return Sid === undefined ? "A statement" : `Statement '${Sid}'`;
}

/** Whether a statement applies to an action, such as kms:Decrypt; actions have no case. */
export function matchesAction({ Action, NotAction }: Statement, action: string): boolean {
  const isNamed = (patterns: Statement["Action"]): boolean =>
    many(patterns).some((pattern) => matches(pattern.toLowerCase(), action.toLowerCase()));
  return NotAction === undefined ? isNamed(Action) : !isNamed(NotAction);
}

/** The IAM principals that a statement names: ARNs, account IDs, unique IDs, or `*` for everybody. */
export function awsPrincipals(principals: Statement["Principal"]): readonly string[] {
  return typeof principals === "string" ? [principals] : many(principals?.AWS);
}

/** IAM's wildcards: `*` for any characters, `?` for one. In linear time for each `*`, whatever the pattern. */
export function matches(pattern: string, text: string): boolean {
  let [at, star, after] = [0, -1, 0];
  let index = 0;
  while (index < text.length) {
    if (pattern[at] === "*") {
      [star, after] = [at, index];
      at += 1;
    } else if (pattern[at] === "?" || pattern[at] === text[index]) {
      at += 1;
      index += 1;
    } else if (star >= 0) {
      // The last `*` takes one character more.
      at = star + 1;
      after += 1;
      index = after;
    } else {
      return false;
    }
  }
  return /^\**$/.test(pattern.slice(at));
}

/** IAM's wildcards in ARNs, whose parts between the colons are matched each for itself. */
export function matchesArn(pattern: string, arn: string): boolean {
  const [patterns, parts] = [partsOf(pattern), partsOf(arn)];
  return patterns.length === parts.length && patterns.every((one, index) => matches(one, parts[index]!));
}

/** The six parts of an ARN; the last one may have colons of its own. */
function partsOf(arn: string): readonly string[] {
  const parts = arn.split(":");
  return [...parts.slice(0, 5), ...(parts.length > 5 ? [parts.slice(5).join(":")] : [])];
}

/** IAM takes one value for a list of one. */
export function many<T>(value: T | readonly T[] | undefined): readonly T[] {
  return value === undefined ? [] : Array.isArray(value) ? (value as readonly T[]) : [value as T];
}
