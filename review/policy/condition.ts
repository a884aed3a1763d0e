import { UNSHOWN } from "../plan/document";
import { memoizedByObject } from "../plan/memoized";
import { asText } from "../plan/predicates";
import { PatternIndex } from "./pattern-index";
import { hasVariable, isChosenByCaller, withoutVariables } from "./resource-pattern";
import { asArray, type Condition, hasWildcard, matchesArnPattern, matchesPattern, type Statement } from "./statement";

/** Whether a request meets a condition; `depends` if the known keys of the request do not decide it. */
export type Outcome = "met" | "unmet" | "depends";

/** The known part of a request: condition keys in lower case; null is a key that the request does not have. */
export type Facts = Readonly<Record<string, string | null>>;

type Comparison = (wanted: string, value: string) => boolean;

const equalsIgnoringCase: Comparison = (wanted, value) => wanted.toLowerCase() === value.toLowerCase();

/** The comparisons of operators. An operator with Not is the opposite of the one without. */
const COMPARISONS: ReadonlyMap<string, Comparison> = new Map([
  ["ArnEquals", matchesArnPattern],
  ["ArnLike", matchesArnPattern],
  ["Bool", equalsIgnoringCase],
  ["StringEquals", (wanted, value) => wanted === value],
  ["StringEqualsIgnoreCase", equalsIgnoringCase],
  ["StringLike", matchesPattern],
]);

/** The operators whose values may be patterns. */
export const COMPARISONS_OF_PATTERNS: readonly string[] = [...COMPARISONS]
  .filter(([, comparison]) => comparison === matchesPattern || comparison === matchesArnPattern)
  .map(([operator]) => operator);

/** One key of a condition, with the parts of its operator. */
export interface ConditionTest {
  readonly ifExists: boolean;
  readonly isNegated: boolean;
  /** In lower case, because condition keys are case-insensitive. */
  readonly key: string;
  /** The operator as the policy writes it, with quantifier, Not and IfExists. */
  readonly name: string;
  /** The operator without quantifier, Not and IfExists. */
  readonly operator: string;
  /** The key as the policy writes it. */
  readonly originalKey: string;
  readonly quantifier: string | undefined;
  readonly values: readonly string[];
}

/** Cache of conditionTests. */
const TESTS = new WeakMap<Condition, readonly ConditionTest[]>();

const WITHOUT_CONDITION: Condition = {};
/** The quantifiers are matched in any case, because AWS does not document whether their case matters. */
const QUANTIFIERS = ["ForAllValues", "ForAnyValue"] as const;

export function conditionTests({ Condition = WITHOUT_CONDITION }: Statement): readonly ConditionTest[] {
  const tests = TESTS.get(Condition) ?? readTests(Condition);
  TESTS.set(Condition, tests);
  return tests;
}

function readTests(condition: Condition): readonly ConditionTest[] {
  return Object.entries(condition).flatMap(([name, keys]) => {
    const [, prefix, operator = name, suffix] = /^(?:(\w+):)?(\w+?)(IfExists)?$/.exec(name) ?? [];
    const quantifier = QUANTIFIERS.find((one) => one.toLowerCase() === prefix?.toLowerCase()) ?? prefix;
    return Object.entries(keys).map(([key, values]) => ({
      ifExists: suffix !== undefined,
      isNegated: operator.includes("Not"),
      key: key.toLowerCase(),
      name,
      operator: operator.replace("Not", ""),
      originalKey: key,
      quantifier,
      values: asArray(values).map(asText),
    }));
  });
}

/**
 * Whether a request with these facts meets the condition of a statement.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export function outcomeOf(statement: Statement, facts: Facts): Outcome {
  return testsOutcome(conditionTests(statement), facts);
}

/** Whether a request with these facts passes all tests. */
export function testsOutcome(tests: readonly ConditionTest[], facts: Facts): Outcome {
  const outcomes = tests.map((test) => testOutcome(test, facts));
  return outcomes.includes("unmet") ? "unmet" : outcomes.includes("depends") ? "depends" : "met";
}

/** The condition keys on the aliases of a key. */
export const ALIAS_KEYS = ["kms:requestalias", "kms:resourcealiases"] as const;
/** The beginning of condition keys on the tags of a caller. */
export const PRINCIPAL_TAG = "aws:principaltag/";
/** The beginning of condition keys on the tags of a resource. */
export const RESOURCE_TAG = "aws:resourcetag/";
/** The beginning of all condition keys of encryption contexts. A fact with this name applies to each of these keys. */
const ENCRYPTION_CONTEXT = "kms:encryptioncontext";

/** The most values of a test that are compared one by one. A condition can have thousands of values, and as many callers. */
const MOST_COMPARED = 64;
/** With more patterns that may match a caller, none is compared with the caller, and the facts do not decide the test. */
const TOO_MANY_PATTERNS = 1000;

/** Whether a request with these facts passes one test of a condition. */
export function testOutcome(test: ConditionTest, facts: Facts): Outcome {
  const { ifExists, isNegated, key, operator, quantifier, values } = test;
  const fact = key.startsWith(ENCRYPTION_CONTEXT) && !Object.hasOwn(facts, key) ? ENCRYPTION_CONTEXT : key;
  const value = Object.hasOwn(facts, fact) ? facts[fact] : undefined;
  if (values.length === 0 && quantifier !== "ForAllValues" && !isNegated && !ifExists) {
    return "unmet";
  }
  if (value === undefined || hasOpenValue(values)) {
    return "depends";
  }
  const outcomeIf = (isMet: boolean): Outcome => (isMet ? "met" : "unmet");
  if (operator === "Null") {
    return outcomeIf(values.some((expected) => expected.toLowerCase() === String(value === null)));
  }
  const compare = COMPARISONS.get(operator);
  if (compare === undefined) {
    return "depends";
  }
  if (value === null) {
    return outcomeIf(ifExists || quantifier === "ForAllValues" || (isNegated && quantifier === undefined));
  }
  const role = roleOfSession(value);
  const isIndexed = values.length > MOST_COMPARED && compare !== equalsIgnoringCase;
  const candidates = isIndexed ? candidatesIn(values, [value, role ?? []].flat()) : values;
  if (candidates === undefined) {
    return "depends";
  }
  const isEqual = candidates.some(
    (expected) =>
      compare(expected, value) ||
      // The ARN of a session has no path of the role.
      (role !== undefined && compare(withoutRolePath(expected), role)),
  );
  // A pattern stands for several callers. Some of them may meet a test that the text of the pattern does not meet.
  return !isEqual && key === "aws:principalarn" && hasWildcard(value) ? "depends" : outcomeIf(isEqual !== isNegated);
}

/** Whether a value has a policy variable, which is known only at the request, or is not shown. */
const hasOpenValue = memoizedByObject((values: readonly string[]) =>
  values.some((value) => value.includes("${") || UNSHOWN.includes(value)),
);

const indexOfValues = memoizedByObject((values: readonly string[]) => ({
  all: new Set(values),
  patterns: new PatternIndex(
    values.flatMap((value) => [...new Set([value, withoutRolePath(value)])].map((pattern) => ({ pattern, value }))),
  ),
}));

/**
 * Returns the values that may match one of the texts; undefined if they are too many. A pattern matches itself, so a text that is a
 * value needs no other one.
 */
function candidatesIn(values: readonly string[], texts: readonly string[]): readonly string[] | undefined {
  const { all, patterns } = indexOfValues(values);
  const equal = texts.filter((text) => all.has(text));
  const candidates = equal.length > 0 ? [equal] : texts.map((text) => patterns.candidates(text, TOO_MANY_PATTERNS));
  return candidates.every((some) => some !== undefined) ? candidates.flat() : undefined;
}

/** Returns the ARN of the role of a session, without its path; undefined for another principal. */
export function roleOfSession(session: string): string | undefined {
  const [, partition, account, role] = /^arn:([^:]+):sts::(\d{12}):assumed-role\/([^/]+)\//.exec(session) ?? [];
  return role === undefined ? undefined : `arn:${partition}:iam::${account}:role/${role}`;
}

export function withoutRolePath(arn: string): string {
  return arn.replace(/:role\/.*\//, ":role/");
}

const ARN_TESTS = new WeakMap<readonly ConditionTest[], ConditionTest | undefined>();

/**
 * Returns the test of aws:PrincipalArn in a statement, if the ARN of a caller alone decides the test. Undefined if there is no such
 * test or several, or if the test has another operator, a variable or an unknown value.
 */
export function arnTest(statement: Statement): ConditionTest | undefined {
  const tests = conditionTests(statement);
  if (!ARN_TESTS.has(tests)) {
    ARN_TESTS.set(tests, readArnTest(tests));
  }
  return ARN_TESTS.get(tests);
}

function readArnTest(tests: readonly ConditionTest[]): ConditionTest | undefined {
  const [test, ...others] = tests.filter(({ key }) => key === "aws:principalarn");
  const isDecided =
    test !== undefined &&
    others.length === 0 &&
    ["ArnEquals", "ArnLike", "StringEquals", "StringLike"].includes(test.operator) &&
    !hasOpenValue(test.values);
  return isDecided ? test : undefined;
}

/** Keys that every request to KMS has. */
const ALWAYS_PRESENT = ["aws:principalaccount", "aws:principalarn", "kms:calleraccount"];

/**
 * Returns the values to which a statement limits a condition key. Undefined if the statement allows other values: the operator is
 * negated or allows a request without the key, or a value is a wildcard that anybody can meet.
 *
 * @param key - a condition key, or the beginning of one up to a `/` or a colon
 * @param presentKeys - the lowercase keys that every request has
 */
export function limitingValues(
  statement: Statement,
  key: string,
  presentKeys: readonly string[] = ALWAYS_PRESENT,
): readonly string[] | undefined {
  const lowercaseKey = key.toLowerCase();
  const isPrefix = /[:/]$/.test(lowercaseKey);
  const limiting = limitingTests(statement).find(
    ({ isPresent, key: tested }) =>
      (isPrefix ? tested.startsWith(lowercaseKey) : tested === lowercaseKey) &&
      (isPresent || presentKeys.includes(tested)),
  );
  return limiting?.values;
}

/** The tests of a statement that limit a condition key, each with whether the statement requires a request to have the key. */
const limitingTests = memoizedByObject((statement: Statement) => {
  const tests = conditionTests(statement);
  const required = tests.filter(requiresPresence).map(({ key }) => key);
  return tests
    .filter(
      ({ isNegated, key, operator, quantifier, values }) =>
        (quantifier !== "ForAllValues" || required.includes(key)) &&
        !isNegated &&
        COMPARISONS.has(operator) &&
        // AWS does not document which other values Bool takes for false.
        (operator !== "Bool" || values.every((value) => value.toLowerCase() === "true")) &&
        values.every((value) => isLimiting(key, value, COMPARISONS.get(operator)!)),
    )
    .map(({ ifExists, key, values }) => ({ isPresent: !ifExists || required.includes(key), key, values }));
});

/** Whether a test only requires that a request has a key. */
export function requiresPresence({ operator, values }: ConditionTest): boolean {
  return operator === "Null" && values.length > 0 && values.every((value) => value.toLowerCase() === "false");
}

/**
 * Whether a statement is limited by one of these condition keys.
 *
 * @param presentKeys - the lowercase keys that every request has
 */
export function isLimited(statement: Statement, keys: readonly string[], presentKeys?: readonly string[]): boolean {
  return keys.some((key) => limitingValues(statement, key, presentKeys) !== undefined);
}

const WITHOUT_WILDCARD = /^[^*?]+$/;
/** A pattern that limits the values of a tag. Most values match a pattern with fewer characters, such as `*a*`. */
const TAG_PATTERN = /[^*?]{3}/;

/** Claims, apart from the subject, of identity providers that everybody can use. Applications of anybody match a pattern of them. */
const PUBLIC_CLAIM =
  /^(?:accounts\.google\.com|cognito-identity[-.][a-z0-9.-]+|graph\.facebook\.com|www\.amazon\.com):(?!sub$)/;

/** The identity provider of the jobs of GitHub. */
export const GITHUB = "token.actions.githubusercontent.com";

/**
 * The claims of a GitHub token that not all users of GitHub share, each with the form of a value that limits the users.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
 */
export const GITHUB_CLAIMS: ReadonlyMap<string, RegExp> = new Map([
  ["actor", WITHOUT_WILDCARD],
  ["actor_id", WITHOUT_WILDCARD],
  ["enterprise_id", WITHOUT_WILDCARD],
  ["job_workflow_ref", /^[^*?/]+\//],
  ["repository", /^[^*?/]+\//],
  ["repository_id", WITHOUT_WILDCARD],
  ["repository_owner", WITHOUT_WILDCARD],
]);

/**
 * The form of a value with wildcards that limits callers, by condition key. Callers of any account can match a value of another
 * form.
 */
const LIMITING_PATTERNS: ReadonlyMap<string, RegExp> = new Map([
  ["aws:calledvia", /^[a-z0-9-]{2}/],
  ["aws:principalaccount", /^\d{12}$/],
  ["aws:principalorgid", /^o-[a-z0-9]+$/],
  ["aws:principalorgpaths", /^o-[a-z0-9]+\//],
  ["aws:resourceaccount", /^\d{12}$/],
  ["aws:sourceaccount", /^\d{12}$/],
  ["aws:sourceorgid", /^o-[a-z0-9]+$/],
  ["aws:sourceorgpaths", /^o-[a-z0-9]+\//],
  ["aws:sourcevpc", /^vpc-[a-z0-9]+$/],
  ["aws:sourcevpce", /^vpce-[a-z0-9]+$/],
  // The ID of a role or user, or most of it.
  ["aws:userid", /^(?:[A-Z0-9]+:|[A-Z0-9]{16})/],
  ["aws:vpceaccount", /^\d{12}$/],
  ["aws:vpceorgid", /^o-[a-z0-9]+$/],
  ["aws:vpceorgpaths", /^o-[a-z0-9]+\//],
  ["iam:passedtoservice", /^[a-z0-9-]{2}/],
  ["iam:permissionsboundary", /:policy\/[^*?]/],
  ["iam:policyarn", /:policy\/[^*?]/],
  ["kms:calleraccount", /^\d{12}$/],
  ["kms:requestalias", /^alias\/[^*?]/],
  ["kms:resourcealiases", /^alias\/[^*?]/],
  ["kms:viaservice", /^[a-z0-9-]{2}/],
  ["redshift:consumeridentifier", /^(?:\d{12}$|arn:[^:]*:[^:]*:[^:]*:\d{12}:)/],
  ...[...GITHUB_CLAIMS].map(([claim, limiting]) => [`${GITHUB}:${claim}`, limiting] as const),
  ["secretsmanager:secretid", /^(?:arn:.*:secret:|(?!arn:))[^*?:]{2}/],
]);

/** The condition keys whose values are ARNs of principals. */
const PRINCIPAL_KEYS = ["aws:principalarn", "kms:granteeprincipal"];
const ACCOUNT_IN_ARN = /^(?:[^:]*:){4}\d{12}(?:[:*?]|$)/;
/**
 * An ARN without a * before its account. A * of StringLike also matches colons, and the path of a role in another account can have
 * colons.
 */
const ACCOUNT_WITHOUT_STAR = /^(?:[^:*]*:){4}\d{12}(?:[:*?]|$)/;
/**
 * An ARN whose service has no *, and whose Region has none if resources of other accounts can have the account in their names, as in
 * log-group:111122223333:*. A * of StringLike would also match them.
 */
const ACCOUNT_AFTER_SERVICE = /^(?:[^:]*:){2}(?:[^:*]+:[^:*]*|(?!lambda:|logs:|states:)[^:*]+:[^:]*):\d{12}(?:[:*?]|$)/;

/**
 * The tag of the secrets that a service manages.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/service-linked-secrets.html
 */
const OWNING_SERVICE = "resourcetag/aws:secretsmanager:owningservice";

/**
 * The first two parts of a token's subject, such as repo:ORGANIZATION/. All service accounts of a Kubernetes cluster share the
 * first two parts, so their subject must have the namespace, too. A subject of Bitbucket begins with the UUID of the repository.
 */
const SUBJECT = /^(?!system:serviceaccount:[*?])(?:[^*?:/]+[:/][^*?:/]+|\{[\da-f-]{36}\})[:/]/;
/**
 * The part of a GitHub subject that limits its users. An organization can leave this part out of its subjects, as in
 * `environment:production`.
 */
const GITHUB_SUBJECT =
  /(?:^|:)(?:actor|actor_id|enterprise|enterprise_id|job_workflow_ref|repo|repository|repository_(?:id|owner|owner_id)):/;

/** Returns the keys of the policy variables in a value, in lower case. */
function variablesIn(value: string): readonly string[] {
  return [...value.matchAll(/\$\{\s*([^},\s]+)/g)].map(([, key]) => key!.toLowerCase());
}

function isLimiting(key: string, value: string, comparison: Comparison): boolean {
  // The ARN of a policy that AWS manages has no account.
  const isArn = (key.endsWith("arn") && key !== "iam:policyarn") || PRINCIPAL_KEYS.includes(key);
  const isPattern = [matchesPattern, matchesArnPattern].includes(comparison) && hasWildcard(value);
  const pattern = key.endsWith(":sub")
    ? SUBJECT
    : PUBLIC_CLAIM.test(key)
      ? WITHOUT_WILDCARD
      : LIMITING_PATTERNS.get(key);
  if (variablesIn(value).some((variable) => variable === key || isChosenByCaller(variable))) {
    return false;
  }
  if (value.includes("${") && (isArn || pattern !== undefined || key.startsWith(PRINCIPAL_TAG))) {
    // A policy variable can be the tested key itself, so that every request matches it.
    return false;
  }
  if (key === `${GITHUB}:sub` && !GITHUB_SUBJECT.test(value)) {
    return false;
  }
  if (key.endsWith(OWNING_SERVICE)) {
    // All secrets that Redshift manages have this tag.
    return !comparison(value, "redshift");
  }
  if (isArn && (isPattern || value.startsWith("arn:"))) {
    // Anybody can create a role of any name in another account.
    const strict = PRINCIPAL_KEYS.includes(key) ? ACCOUNT_WITHOUT_STAR : ACCOUNT_AFTER_SERVICE;
    return (comparison === matchesPattern ? strict : ACCOUNT_IN_ARN).test(value);
  }
  // A policy variable stands for a letter, and is longer at the request.
  const general = key.includes("tag/") && !hasVariable(value) ? TAG_PATTERN : /[^*?]/;
  return !isPattern || withoutVariables(value).every((text) => (pattern ?? general).test(text));
}
