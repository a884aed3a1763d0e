import { createHash } from "node:crypto";
import { hasRepeatedNames } from "../plan/json-documents";
import { memoized, memoizedByObject } from "../plan/memoized";
import { anyOf, arrayOf, isMap, isString, mapOf, mapWith, type Predicate } from "../plan/predicates";

/** A statement of a policy, in IAM's words. */
export interface Statement {
  readonly Action?: string | readonly string[];
  readonly Condition?: Condition;
  readonly Effect: "Allow" | "Deny";
  readonly NotAction?: string | readonly string[];
  readonly NotPrincipal?: Principals;
  readonly NotResource?: string | readonly string[];
  readonly Principal?: Principals;
  readonly Resource?: string | readonly string[];
  readonly Sid?: string;
}

/** Everybody, or principals by their kind: AWS, Service, Federated or CanonicalUser. */
export type Principals = string | Readonly<Record<string, string | readonly string[]>>;

/** Operators, condition keys and values. A request meets all keys, each by any of its values. */
export type Condition = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Returns the statements of a policy in JSON; undefined if the text is no policy. Policies with the same text share one array. */
export function statementsOf(text: unknown): readonly Statement[] | undefined {
  return typeof text === "string" ? parsedStatements(text) : undefined;
}

const parsedStatements = memoized((text): readonly Statement[] | undefined => {
  try {
    const policy = JSON.parse(text) as Readonly<Record<string, unknown>>;
    if (hasRepeatedNames(text, policy)) {
      return undefined;
    }
    const statements = policy.Statement === undefined ? [] : [policy.Statement].flat();
    return isMap(policy) && hasOnly(ELEMENTS_OF_POLICY, policy) && statements.every(isStatement)
      ? (policy.Version === VERSION_WITH_VARIABLES ? statements : statements.map(withoutVariables)).map(inOneOrder)
      : undefined;
  } catch {
    return undefined;
  }
});

/** The version of IAM's policy language in which `${` begins a policy variable. In another version, it is text. */
const VERSION_WITH_VARIABLES = "2012-10-17";

/**
 * Replaces each `${` in a statement by IAM's notation for it as text.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
 */
function withoutVariables(statement: Statement): Statement {
  return JSON.parse(JSON.stringify(statement).replaceAll("${", () => "${$}{")) as Statement;
}

/** IAM accepts no null for an absent element. */
const orUndefined =
  (predicate: Predicate): Predicate =>
  (value) =>
    value === undefined || predicate(value);
const isStringOrStrings = anyOf(isString, arrayOf(isString));
/** Condition keys are case-insensitive, and IAM accepts each once for an operator. */
const isMapOfKeys: Predicate = (value) => {
  const keys = isMap(value) ? Object.keys(value) : undefined;
  return keys !== undefined && new Set(keys.map((key) => key.toLowerCase())).size === keys.length;
};
const KINDS_OF_PRINCIPALS = ["AWS", "CanonicalUser", "Federated", "Service"];
const isPrincipals = anyOf(
  isString,
  (value) => isMap(value) && mapOf(isStringOrStrings)(value) && hasOnly(KINDS_OF_PRINCIPALS, value),
);
const ELEMENTS: Readonly<Record<keyof Statement, Predicate>> = {
  Sid: orUndefined(isString),
  Effect: (effect) => effect === "Allow" || effect === "Deny",
  Principal: orUndefined(isPrincipals),
  NotPrincipal: orUndefined(isPrincipals),
  Action: orUndefined(isStringOrStrings),
  NotAction: orUndefined(isStringOrStrings),
  Resource: orUndefined(isStringOrStrings),
  NotResource: orUndefined(isStringOrStrings),
  Condition: orUndefined(mapOf(isMapOfKeys)),
};
const hasElements = mapWith(ELEMENTS);
const ELEMENTS_OF_POLICY = ["Id", "Statement", "Version"];
const EXCLUSIVE = ["Action", "Principal", "Resource"];

/**
 * Whether a value is a statement by IAM's grammar. The names of elements are case-sensitive. An element excludes its opposite,
 * such as NotAction of Action.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function isStatement(value: unknown): value is Statement {
  return (
    isMap(value) &&
    hasElements(value) &&
    hasOnly(Object.keys(ELEMENTS), value) &&
    !EXCLUSIVE.some((name) => value[name] !== undefined && value[`Not${name}`] !== undefined)
  );
}

/**
 * Sorts the elements of a statement and their values, and completes its ARNs. AWS accepts any order, so another order is no change.
 */
export function inOneOrder(statement: Statement): Statement {
  const elements = (Object.keys(ELEMENTS) as (keyof Statement)[]).filter((name) => statement[name] !== undefined);
  const valueOf = (name: keyof Statement): unknown =>
    name === "Resource" || name === "NotResource" ? asArray(statement[name]).flatMap(completeArn) : statement[name];
  return Object.fromEntries(elements.map((name) => [name, sorted(valueOf(name))])) as unknown as Statement;
}

/** Returns the resource patterns of a statement: those to which it applies or, with NotResource, those that it excepts. */
export function resourcesOf({ NotResource, Resource }: Statement): readonly string[] {
  return asArray(NotResource ?? Resource);
}

/**
 * Adds a wildcard for each part that an ARN of a resource lacks, as AWS does: arn:aws:kms means arn:aws:kms:*:*:*. A wildcard in the
 * given ARN may also match the missing parts. If there is one, the result has the given ARN, too.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
function completeArn(pattern: string): readonly string[] {
  const isIncomplete = /^arn(?::[^:/]*){0,3}:[\w-]*$/.test(pattern);
  return isIncomplete
    ? [...(pattern.includes("*") ? [pattern] : []), `${pattern}${":*".repeat(6 - pattern.split(":").length)}`]
    : [pattern];
}

/** Sorts the values of arrays and the names of maps. Replaces an array of one value by the value. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    const values: readonly unknown[] = [...new Set<unknown>(value)].sort();
    return values.length === 1 ? values[0] : values;
  }
  return isMap(value)
    ? Object.fromEntries(
        Object.keys(value)
          .sort()
          .map((name) => [name, sorted(value[name])]),
      )
    : value;
}

function hasOnly(names: readonly string[], value: Readonly<Record<string, unknown>>): boolean {
  return Object.keys(value).every((name) => names.includes(name));
}

/** Returns the name of a statement, for the beginning of a sentence. */
export function titleOf({ Sid }: Statement): string {
  return Sid ? `Statement '${Sid}'` : "A statement";
}

/** Returns a title for the middle of a sentence. */
export function inSentence(title: string): string {
  return title.replace(/^./, (letter) => letter.toLowerCase());
}

/** Returns the identity of a statement in its policy: its Sid, if it has one, and a hash of its content. */
export function identityOf(statement: Statement): string {
  const hash = createHash("sha256").update(JSON.stringify(statement)).digest("hex").slice(0, 12);
  return statement.Sid ? `${statement.Sid}:${hash}` : hash;
}

/** Whether a statement applies to a resource that patterns match. */
export function appliesToResource(
  { NotResource, Resource }: { readonly [K in "NotResource" | "Resource"]?: Statement[K] | undefined },
  matches: (pattern: string) => boolean,
): boolean {
  return NotResource === undefined ? asArray(Resource).some(matches) : !asArray(NotResource).some(matches);
}

/** Whether a statement applies to an action, such as kms:Decrypt. */
export function matchesAction(statement: Statement, action: string): boolean {
  const name = lowercase(action);
  const isNamed = lowercaseActions(statement).some((pattern) => matchesPattern(pattern, name));
  return isNamed === (statement.NotAction === undefined);
}

/** Returns the actions that a statement names, in lower case. */
const lowercaseActions = memoizedByObject(({ Action, NotAction }: Statement) =>
  asArray(NotAction ?? Action).map(lowercase),
);

/** Whether a pattern of actions matches an action. The names of actions are case-insensitive. */
export function matchesActionPattern(pattern: string, action: string): boolean {
  return matchesPattern(lowercase(pattern), lowercase(action));
}

const lowercase = memoized((action) => action.toLowerCase());

/** Returns a function that filters values by action. Actions for which the same values stay share one array. */
export function filteredByAction<T>(
  values: readonly T[],
  isOn: (value: T, action: string) => boolean,
): (action: string) => readonly T[] {
  const distinct: (readonly T[])[] = [];
  return memoized((action) => {
    const filtered = values.filter((value) => isOn(value, action));
    const equal = distinct.find(
      (other) => other.length === filtered.length && other.every((value, position) => value === filtered[position]),
    );
    if (equal === undefined) {
      distinct.push(filtered);
    }
    return equal ?? filtered;
  });
}

/** Returns the services of the actions of a statement: names or patterns, in lower case. */
export function servicesOf({ Action = "*" }: Statement): readonly string[] {
  return asArray(Action).map((action) => serviceOf(action).toLowerCase());
}

/** Returns the service of an action: the text before the colon. */
export const serviceOf = memoized((action) => action.split(":", 1)[0]!);

/** Whether a statement may have actions of one of the services, and so may apply to a resource of that service. */
export function hasActionOf(statement: Statement, services: readonly string[]): boolean {
  return servicesOf(statement).some((pattern) => services.some((service) => matchesPattern(pattern, service)));
}

/** Whether a statement may have actions of one of the services, of which each is a name or a pattern. */
export function sharesService(statement: Statement, services: readonly string[]): boolean {
  return (
    services.length > 0 &&
    (services.some(hasWildcard) || servicesOf(statement).some((one) => hasWildcard(one) || services.includes(one)))
  );
}

const ASSUMING_ACTIONS = ["sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"];

/**
 * Whether a statement of a trust policy lets its principals assume the role. `sts:TagSession` and `sts:SetSourceIdentity` only add to a
 * request that another statement allows.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
 */
export function allowsToAssume(statement: Statement): boolean {
  return statement.Effect === "Allow" && ASSUMING_ACTIONS.some((action) => matchesAction(statement, action));
}

/** Returns the IAM principals that a statement names: ARNs, account IDs, unique IDs, or `*` for everybody. */
export function awsPrincipals(principals: Principals | undefined): readonly string[] {
  return typeof principals === "string" ? [principals] : asArray(principals?.AWS);
}

/** Returns the services that a statement names. */
export function servicePrincipals(principals: Principals | undefined): readonly string[] {
  return typeof principals === "object" ? asArray(principals.Service) : [];
}

export function isDenial({ Effect }: Statement): boolean {
  return Effect === "Deny";
}

/** Whether a statement is for everybody, or for everybody but some. */
export function isForEverybody({ NotPrincipal, Principal }: Statement): boolean {
  return NotPrincipal !== undefined || awsPrincipals(Principal).includes("*");
}

/**
 * Whether a statement has principals, and its resource is `*`, which means the key. Another resource may be another key. A
 * statement without a resource has no effect.
 *
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html
 */
export function isEvaluable({ NotPrincipal, Principal, Resource }: Statement): boolean {
  return asArray(Resource).includes("*") && (Principal !== undefined || NotPrincipal !== undefined);
}

/** Whether a statement applies to AWS services, and to no IAM principal. */
export function hasOnlyServices({ Principal }: Statement): boolean {
  return typeof Principal === "object" && Object.keys(Principal).every((kind) => kind === "Service");
}

/** Whether a text matches a pattern with IAM's wildcards: `*` for any characters, `?` for one. */
export function matchesPattern(pattern: string, text: string): boolean {
  return hasWildcard(pattern) ? matchesTokens(pattern, text) : pattern === text;
}

export function hasWildcard(pattern: string): boolean {
  return pattern.includes("*") || pattern.includes("?");
}

/** Whether characters match the tokens of a pattern, of which `*` and `?` are wildcards. The time is linear for each `*`. */
export function matchesTokens(pattern: ArrayLike<string>, text: ArrayLike<string>): boolean {
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
      // The last `*` has to match one more character.
      at = star + 1;
      after += 1;
      index = after;
    } else {
      return false;
    }
  }
  while (pattern[at] === "*") {
    at += 1;
  }
  return at === pattern.length;
}

/** Whether an ARN matches a pattern with IAM's wildcards, each of which matches within one part between the colons. */
export function matchesArnPattern(pattern: string, arn: string): boolean {
  const [patterns, parts] = [arnParts(pattern), arnParts(arn)];
  return patterns.length === parts.length && patterns.every((part, index) => matchesPattern(part, parts[index]!));
}

/** Whether a resource pattern matches an ARN. A short pattern with a wildcard matches any further parts. */
export function matchesResource(pattern: string, arn: string): boolean {
  const parts = pattern.split(":");
  const missing = pattern.includes("*") ? Math.max(0, 6 - parts.length) : 0;
  return matchesArnPattern([...parts, ...Array<string>(missing).fill("*")].join(":"), arn);
}

/** Splits an ARN into its six parts, of which the last may have colons. */
const arnParts = memoized((arn): readonly string[] => {
  const parts = arn.split(":");
  return [...parts.slice(0, 5), ...(parts.length > 5 ? [parts.slice(5).join(":")] : [])];
});

/** Returns the array itself, or one value as an array: IAM accepts either. */
export function asArray<T>(value: T | readonly T[] | undefined): readonly T[] {
  return value === undefined ? [] : Array.isArray(value) ? (value as readonly T[]) : [value as T];
}
