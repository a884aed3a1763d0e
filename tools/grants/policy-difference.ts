import { isUniqueId } from "../../review/policy/principals";
import { asArray, awsPrincipals, type Statement, statementsOf, titleOf } from "../../review/policy/statement";

/** A statement that only one of the two policies has, or that differs between them. */
export interface PolicyDifference {
  readonly change: "added" | "changed" | "removed";
  /** The unique IDs by which KMS has replaced the ARNs of deleted roles and users. */
  readonly deletedPrincipals: readonly string[];
  readonly statement: string;
}

/**
 * Matches an expression of Terraform, whose value is unknown at synthesis. Two signs in a row are text, and no expression:
 * `$${aws:PrincipalTag/team}`.
 */
const EXPRESSION = /(?<!\$)\$\{|(?<!%)%\{/;

/** Returns whether a configured policy has Terraform expressions, whose values are known only in a plan. */
export function hasUnknowns(policy: string): boolean {
  return EXPRESSION.test(policy);
}

/**
 * Returns the differences of the live policy from the configured one, in the order of the statements. `template` is a string of
 * Terraform without expressions. The order of statements and of values, and duplicates, are ignored.
 */
export function policyDifferences(template: string, live: string): readonly PolicyDifference[] {
  const configured = withoutTemplate(template);
  const [wanted, actual] = [statementsOf(configured) ?? [], statementsOf(live) ?? []];
  const [wantedTexts, actualTexts] = [wanted, actual].map((all) => new Set(all.map(normalForm)));
  const missing = wanted.filter((statement) => !actualTexts!.has(normalForm(statement)));
  const others = actual.filter((statement) => !wantedTexts!.has(normalForm(statement)));
  const hasSid =
    (statements: readonly Statement[]) =>
    ({ Sid }: Statement): boolean =>
      Sid !== undefined && statements.some((other) => other.Sid === Sid);
  const isChanged = hasSid(missing);
  const isReplaced = hasSid(others);
  return [
    ...missing.filter((statement) => !isReplaced(statement)).map((statement) => differenceOf(statement, "removed")),
    ...others.map((statement) => differenceOf(statement, isChanged(statement) ? "changed" : "added")),
    ...elementDifferences(configured, live),
  ];
}

/** Returns the string that Terraform sends for a string without expressions: doubled signs become single. */
function withoutTemplate(text: string): string {
  return text.replaceAll("$${", "${").replaceAll("%%{", "%{");
}

/** Returns the differences of elements other than `Statement`, such as `Version`. */
function elementDifferences(configured: string, live: string): readonly PolicyDifference[] {
  const [wanted, actual] = [elementsOf(configured), elementsOf(live)];
  return [...new Set([...Object.keys(wanted), ...Object.keys(actual)])]
    .filter((name) => name !== "Statement" && JSON.stringify(wanted[name]) !== JSON.stringify(actual[name]))
    .map((name) => ({ change: "changed", deletedPrincipals: [], statement: `The element ${name}` }));
}

/** Parses a policy, and returns its elements. The policy is valid JSON, because KMS stores no other text. */
function elementsOf(policy: string): Readonly<Record<string, unknown>> {
  return JSON.parse(policy) as Readonly<Record<string, unknown>>;
}

function differenceOf(statement: Statement, change: PolicyDifference["change"]): PolicyDifference {
  const deletedPrincipals = awsPrincipals(statement.NotPrincipal ?? statement.Principal).filter(isUniqueId);
  return { change, deletedPrincipals, statement: titleOf(statement) };
}

/** Returns a statement as JSON in one form: statements that differ only in their form give the same string. */
function normalForm(statement: Statement): string {
  const { Action, NotAction, NotPrincipal, Principal, ...others } = statement;
  return JSON.stringify(
    normal({
      ...others,
      Action: Action && lowerCase(Action),
      NotAction: NotAction && lowerCase(NotAction),
      NotPrincipal: typeof NotPrincipal === "string" ? { AWS: NotPrincipal } : NotPrincipal,
      Principal: typeof Principal === "string" ? { AWS: Principal } : Principal,
    }),
  );
}

/** Returns actions in lower case, because IAM compares actions without case. */
function lowerCase(actions: string | readonly string[]): readonly string[] {
  return asArray(actions).map((action) => action.toLowerCase());
}

/** Returns a value with its keys sorted, and with each string or list as a sorted list of strings without duplicates. */
function normal(value: unknown): unknown {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    const entries = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([name, member]) => [name, normal(member)] as const);
    return Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1)));
  }
  return [...new Set(asArray(value as string | readonly string[]).map(String))].sort();
}
