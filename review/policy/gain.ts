import { groupBy } from "../../modules/private/group-by";
import {
  COMPARISONS_OF_PATTERNS,
  type ConditionTest,
  conditionTests,
  type Facts,
  outcomeOf,
  testOutcome,
} from "./condition";

import { SAMPLE_NAME, variableResources } from "./resource-pattern";
import { hasWildcard, matchesArnPattern, matchesPattern, type Statement } from "./statement";

/**
 * A combination of statements that allows an action. It allows the requests that meet the conditions of all its statements, and of
 * none of its denials.
 */
export interface ConditionalWay {
  readonly denials: readonly Statement[];
  readonly statements: readonly Statement[];
}

/** Whether a way allows requests that the earlier ways do not allow. */
export type Gain = "gained" | "none" | "undecided";

/** Condition keys that every request has. */
const PRESENT = [
  "aws:principalaccount",
  "aws:principalarn",
  "aws:principaltype",
  "aws:requestedregion",
  "aws:securetransport",
  "aws:userid",
  "aws:viaawsservice",
  "kms:calleraccount",
];
/** The most requests that are tried. */
const MOST_REQUESTS = 4096;
/** The most combinations of condition values that are compared one by one. */
const MOST_PARTS = 64;

/**
 * Compares a way with earlier ones. Returns `none` if the earlier ways allow each request that the way allows, or if the way allows
 * no request; `gained` if it finds a request that only the way allows; `undecided` if it can show neither.
 *
 * @param facts - the known part of each request
 * @param isPossible - whether a request can have a condition key
 */
export function gainOf(
  way: ConditionalWay,
  earlier: readonly ConditionalWay[],
  facts: Facts,
  isPossible: (key: string) => boolean = () => true,
): Gain {
  const tests = openTests(way.statements, facts);
  if (tests.some((test) => !isPossible(test.key) && testOutcome(test, { [test.key]: null }) === "unmet")) {
    return "none";
  }
  const isCovered = partsOf(tests).every((part) => earlier.some((other) => covers(other, part, way.denials, facts)));
  if (isCovered) {
    return "none";
  }
  return isGainedBySomeRequest(way, earlier, facts, isPossible) ? "gained" : "undecided";
}

/** Returns the tests of the statements, without those that the facts already pass. */
function openTests(statements: readonly Statement[], facts: Facts): readonly ConditionTest[] {
  return statements.flatMap(conditionTests).filter((test) => testOutcome(test, facts) !== "met");
}

/**
 * Splits tests with several values into combinations of tests with one value. A different earlier way can then cover each
 * combination. Returns the tests unsplit if the combinations are too many.
 */
function partsOf(tests: readonly ConditionTest[]): readonly (readonly ConditionTest[])[] {
  const choices = tests.map((test) =>
    test.isNegated || test.quantifier === "ForAllValues" || test.values.length < 2
      ? [test]
      : test.values.map((value) => ({ ...test, values: [value] })),
  );
  return choices.reduce((size, { length }) => size * length, 1) > MOST_PARTS ? [tests] : combinations(choices);
}

function combinations<T>(choices: readonly (readonly T[])[]): readonly (readonly T[])[] {
  return choices.reduce<readonly (readonly T[])[]>(
    (all, choice) => all.flatMap((chosen) => choice.map((one) => [...chosen, one])),
    [[]],
  );
}

/** Whether an earlier way allows every request that meets the tests, and that no denial refuses. */
function covers(
  earlier: ConditionalWay,
  tests: readonly ConditionTest[],
  denials: readonly Statement[],
  facts: Facts,
): boolean {
  const isImplied = (wanted: ConditionTest, given: readonly ConditionTest[]): boolean =>
    given.some((test) => implies(test, wanted));
  return (
    openTests(earlier.statements, facts).every((test) => isImplied(test, tests)) &&
    earlier.denials.every((denial) =>
      denials.some((other) =>
        variableResources(other).length > 0
          ? JSON.stringify(other) === JSON.stringify(denial)
          : openTests([other], facts).every((test) => isImplied(test, openTests([denial], facts))),
      ),
    )
  );
}

/** Whether each request that passes one test passes the other. */
function implies(one: ConditionTest, other: ConditionTest): boolean {
  const isSameKind = one.key === other.key && one.isNegated === other.isNegated && one.quantifier === other.quantifier;
  const [narrowTest, wideTest] = one.isNegated ? [other, one] : [one, other];
  return (
    isSameKind &&
    (one.ifExists === other.ifExists || other.ifExists) &&
    narrowTest.values.every((value) =>
      wideTest.values.some((wideValue) => includes([wideTest.operator, wideValue], [narrowTest.operator, value])),
    )
  );
}

/** Whether the first value matches every text that the second value matches. Each value matches under its operator. */
function includes(
  [wideOperator, wideValue]: readonly [string, string],
  [operator, value]: readonly [string, string],
): boolean {
  if (operator === wideOperator && value === wideValue) {
    return true;
  }
  // The value of a policy variable is known only at the request.
  if (value.includes("${")) {
    return false;
  }
  const isPattern = COMPARISONS_OF_PATTERNS.includes(operator) && hasWildcard(value);
  // A ? matches one character, and a * any number of them.
  if (isPattern && value.includes("*") && wideValue.includes("?")) {
    return false;
  }
  switch (wideOperator) {
    case "ArnEquals":
    case "ArnLike":
      return operator.startsWith("Arn") && matchesArnPattern(wideValue, value);
    case "StringLike":
      return ["StringEquals", "StringLike"].includes(operator) && matchesPattern(wideValue, value);
    case "StringEquals":
      return operator === "StringLike" && !isPattern && value === wideValue;
    case "Bool":
    case "Null":
      return operator === wideOperator && value.toLowerCase() === wideValue.toLowerCase();
    case "StringEqualsIgnoreCase":
      return operator.startsWith("String") && !isPattern && value.toLowerCase() === wideValue.toLowerCase();
    default:
      return false;
  }
}

/** Whether some request is allowed by a way, and by none of the earlier ones. */
function isGainedBySomeRequest(
  way: ConditionalWay,
  earlier: readonly ConditionalWay[],
  facts: Facts,
  isPossible: (key: string) => boolean,
): boolean {
  const wanted = openTests(way.statements, facts);
  const unwanted = openTests(
    [...way.denials, ...earlier.flatMap(({ denials, statements }) => [...statements, ...denials])],
    facts,
  );
  const choices = [...groupBy([...wanted, ...unwanted], ({ key }) => key)]
    .filter(([key]) => !Object.hasOwn(facts, key))
    .map(([key, tests]) => {
      const values = isPossible(key) ? valuesToTry(key, tests) : [null];
      return { key, values: valuesByUse(key, values, wanted, unwanted) };
    });
  let requestCount = 0;
  for (const request of requests(choices, facts)) {
    if (isAllowed(way, request) && !earlier.some((other) => mayBeAllowed(other, request))) {
      return true;
    }
    requestCount += 1;
    if (requestCount === MOST_REQUESTS) {
      return false;
    }
  }
  return false;
}

interface Choice {
  readonly key: string;
  readonly values: readonly (string | null)[];
}

/** Yields a request for each combination of values. */
function* requests([choice, ...rest]: readonly Choice[], request: Facts): Generator<Facts> {
  if (choice === undefined) {
    yield request;
    return;
  }
  for (const value of choice.values) {
    yield* requests(rest, { ...request, [choice.key]: value });
  }
}

/**
 * Returns values of a key that pass all wanted tests: one value for each combination of outcomes of the unwanted tests. Values that
 * pass the fewest unwanted tests come first.
 */
function valuesByUse(
  key: string,
  values: readonly (string | null)[],
  wanted: readonly ConditionTest[],
  unwanted: readonly ConditionTest[],
): readonly (string | null)[] {
  const outcomesOf = (value: string | null, tests: readonly ConditionTest[]) =>
    tests.filter((test) => test.key === key).map((test) => testOutcome(test, { [key]: value }));
  const passing = values
    .filter((value) => outcomesOf(value, wanted).every((outcome) => outcome === "met"))
    .map((value) => ({ outcomes: outcomesOf(value, unwanted), value }));
  const distinct = new Map(passing.map((entry) => [entry.outcomes.join(), entry]));
  const passed = ({ outcomes }: (typeof passing)[number]): number =>
    outcomes.filter((outcome) => outcome !== "unmet").length;
  return [...distinct.values()].sort((one, other) => passed(one) - passed(other)).map(({ value }) => value);
}

function isAllowed({ denials, statements }: ConditionalWay, request: Facts): boolean {
  return (
    statements.every((statement) => outcomeOf(statement, request) === "met") &&
    denials.every((denial) => outcomeOf(denial, request) === "unmet")
  );
}

function mayBeAllowed({ denials, statements }: ConditionalWay, request: Facts): boolean {
  return (
    statements.every((statement) => outcomeOf(statement, request) !== "unmet") &&
    denials.every((denial) => outcomeOf(denial, request) !== "met")
  );
}

/**
 * Returns the values to try for a key. Null means no value, and is left out if every request has the key. The others are true and
 * false, or a sample value and a value for each value of the tests.
 */
function valuesToTry(key: string, tests: readonly ConditionTest[]): readonly (string | null)[] {
  const concrete = tests.flatMap(({ operator, values }) =>
    values.map((value) => (COMPARISONS_OF_PATTERNS.includes(operator) ? instanceOf(value) : value)),
  );
  const isBoolean = tests.some(({ operator }) => operator === "Bool");
  const others = PRESENT.includes(key) ? [] : [null];
  return [...new Set([...others, ...(isBoolean ? ["true", "false"] : [SAMPLE_NAME, ...concrete])])];
}

/** Returns a string that a pattern matches. */
export function instanceOf(pattern: string): string {
  return pattern.replaceAll("*", SAMPLE_NAME).replaceAll("?", "0");
}
