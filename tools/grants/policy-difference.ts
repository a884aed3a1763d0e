import { isUniqueId } from "../../review/policy/principals";
import { asArray, awsPrincipals, type Statement, statementsOf, titleOf } from "../../review/policy/statement";

/** A statement that only one of two policies has, or that both have with other content. */
export interface PolicyDifference {
  readonly change: "added" | "changed" | "removed";
  /** The IDs that KMS has put in place of the ARNs of deleted roles and users. */
  readonly deletedPrincipals: readonly string[];
  readonly statement: string;
}

/** An expression of Terraform, whose value no synthesis has. A doubled sign is text: `$${aws:PrincipalTag/team}`. */
const EXPRESSION = /(?<!\$)\$\{|(?<!%)%\{/;

/** Whether a string of Terraform has values that only a plan has. */
export function hasUnknowns(policy: string): boolean {
  return EXPRESSION.test(policy);
}

/**
 * The differences of a live policy from the configured one, a string of Terraform without expressions, in the order of the statements. The order of statements and of
 * values, and repetition, do not count.
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

/** The string that Terraform sends, for a string without expressions. */
function withoutTemplate(text: string): string {
  return text.replaceAll("$${", "${").replaceAll("%%{", "%{");
}

/** The differences of the elements beside the statements, such as the Version. */
function elementDifferences(configured: string, live: string): readonly PolicyDifference[] {
  const [wanted, actual] = [elementsOf(configured), elementsOf(live)];
  return [...new Set([...Object.keys(wanted), ...Object.keys(actual)])]
    .filter((name) => name !== "Statement" && JSON.stringify(wanted[name]) !== JSON.stringify(actual[name]))
    .map((name) => ({ change: "changed", deletedPrincipals: [], statement: `The element ${name}` }));
}

/** The elements of a policy. KMS stores a policy that is JSON. */
function elementsOf(policy: string): Readonly<Record<string, unknown>> {
  return JSON.parse(policy) as Readonly<Record<string, unknown>>;
}

function differenceOf(statement: Statement, change: PolicyDifference["change"]): PolicyDifference {
  const deletedPrincipals = awsPrincipals(statement.NotPrincipal ?? statement.Principal).filter(isUniqueId);
  return { change, deletedPrincipals, statement: titleOf(statement) };
}

/** The text of a statement. Statements of the same meaning have the same text, if they differ in the form only. */
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

/** IAM reads actions without their case. */
function lowerCase(actions: string | readonly string[]): readonly string[] {
  return asArray(actions).map((action) => action.toLowerCase());
}

/** A value with sorted keys, and with each value or list of values as a sorted list without duplicates. */
function normal(value: unknown): unknown {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    const entries = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([name, member]) => [name, normal(member)] as const);
    return Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1)));
  }
  return [...new Set(asArray(value as string | readonly string[]).map(String))].sort();
}
