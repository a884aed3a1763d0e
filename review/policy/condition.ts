import { type Condition, many, matches, matchesArn, type Statement } from "./statement";

/** Whether a condition holds in a request of which some keys are known. */
export type Outcome = "holds" | "fails" | "depends";

/** The known part of a request: condition keys in lower case; null is a key that the request does not have. */
export type Facts = Readonly<Record<string, string | null>>;

interface Operator {
  readonly isNegated: boolean;
  readonly test: (wanted: string, value: string) => boolean;
}

const equals = (wanted: string, value: string): boolean => wanted === value;
const equalsIgnoringCase = (wanted: string, value: string): boolean => wanted.toLowerCase() === value.toLowerCase();

const OPERATORS: Readonly<Record<string, Operator>> = {
  ArnEquals: { isNegated: false, test: matchesArn },
  ArnLike: { isNegated: false, test: matchesArn },
  ArnNotEquals: { isNegated: true, test: matchesArn },
  ArnNotLike: { isNegated: true, test: matchesArn },
  Bool: { isNegated: false, test: equalsIgnoringCase },
  StringEquals: { isNegated: false, test: equals },
  StringEqualsIgnoreCase: { isNegated: false, test: equalsIgnoringCase },
  StringLike: { isNegated: false, test: matches },
  StringNotEquals: { isNegated: true, test: equals },
  StringNotEqualsIgnoreCase: { isNegated: true, test: equalsIgnoringCase },
  StringNotLike: { isNegated: true, test: matches },
};

/** One key of a condition, with the operator taken apart. */
interface Test {
  readonly ifExists: boolean;
  /** In lower case: condition keys have no case. */
  readonly key: string;
  readonly operator: string;
  readonly quantifier: string | undefined;
  readonly values: readonly string[];
  /** The key as it is written. */
  readonly written: string;
}

/** Each condition is taken apart once. */
const TESTS = new WeakMap<Condition, readonly Test[]>();

function testsOf(condition: Condition | undefined): readonly Test[] {
  if (condition === undefined) {
    return [];
  }
  const found = TESTS.get(condition) ?? readTests(condition);
  TESTS.set(condition, found);
  return found;
}

function readTests(condition: Condition): readonly Test[] {
  return Object.entries(condition).flatMap(([name, keys]) => {
    const [, quantifier, operator = name, suffix] = /^(?:(\w+):)?(\w+?)(IfExists)?$/.exec(name) ?? [];
    return Object.entries(keys).map(([key, values]) => ({
      ifExists: suffix !== undefined,
      key: key.toLowerCase(),
      operator,
      quantifier,
      values: many(values).map(String),
      written: key,
    }));
  });
}

/**
 * Whether the condition of a statement holds.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export function outcomeOf({ Condition }: Statement, facts: Facts): Outcome {
  const outcomes = testsOf(Condition).map((test) => testOutcome(test, facts));
  return outcomes.includes("fails") ? "fails" : outcomes.includes("depends") ? "depends" : "holds";
}

function testOutcome({ ifExists, key, operator: name, quantifier, values }: Test, facts: Facts): Outcome {
  const value = facts[key];
  // A policy variable stands for what is known at the request only.
  if (value === undefined || values.some((wanted) => wanted.includes("${"))) {
    return "depends";
  }
  const holds = (does: boolean): Outcome => (does ? "holds" : "fails");
  if (name === "Null") {
    return holds(values.some((wanted) => wanted.toLowerCase() === String(value === null)));
  }
  const operator = OPERATORS[name];
  if (operator === undefined) {
    return "depends";
  }
  if (value === null) {
    return holds(ifExists || quantifier === "ForAllValues" || (operator.isNegated && quantifier === undefined));
  }
  return holds(values.some((wanted) => operator.test(wanted, value)) !== operator.isNegated);
}

/** Keys that every request to KMS has. */
const ALWAYS_THERE = ["aws:principalaccount", "aws:principalarn", "kms:calleraccount"];

/**
 * The values to which a statement limits a condition key, as they are written; undefined if it lets others through: the
 * operator is negated, lets the key be missing, or a value is a wildcard that anybody can meet.
 *
 * @param key - a condition key, or the beginning of one up to its `/`
 */
export function limitOf({ Condition }: Statement, key: string): readonly string[] | undefined {
  const wanted = key.toLowerCase();
  const limiting = testsOf(Condition).find(
    ({ ifExists, key: of, operator, quantifier, values }) =>
      (wanted.endsWith("/") ? of.startsWith(wanted) : of === wanted) &&
      (!ifExists || ALWAYS_THERE.includes(of)) &&
      quantifier !== "ForAllValues" &&
      OPERATORS[operator]?.isNegated === false &&
      values.every((value) => isLimiting(of, value, OPERATORS[operator]!)),
  );
  return limiting?.values;
}

/** The condition keys that a statement tests. */
export function keysOf({ Condition }: Statement): readonly Omit<Test, "ifExists" | "operator">[] {
  return testsOf(Condition);
}

/** Whether a statement is limited by any of some condition keys. */
export function isLimited(statement: Statement, keys: readonly string[]): boolean {
  return keys.some((key) => limitOf(statement, key) !== undefined);
}

/** Keys whose values name an account or an organization, of which a pattern means others as well. */
const NAMING = ["aws:principalaccount", "aws:principalorgid", "aws:sourceaccount", "kms:calleraccount"];

function isLimiting(key: string, value: string, operator: Operator): boolean {
  if (/^arn:/.test(value) && key.endsWith("arn")) {
    // Anybody has a role of whatever name in an account of one's own.
    return /^\d{12}$/.test(value.split(":")[4] ?? "");
  }
  const isPattern = [matches, matchesArn].includes(operator.test);
  return !isPattern || !(NAMING.includes(key) ? /[*?]/ : /^[*?]*$/).test(value);
}
