import { template, TOKEN } from "./expression";

/**
 * One statement of a resource or identity policy, in the words of the IAM policy grammar.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
 */
export interface PolicyStatement {
  /** The statement's identifier, unique in its policy. */
  readonly Sid: string;
  /** Whether the statement allows or denies. */
  readonly Effect: "Allow" | "Deny";
  /**
   * The principals that the statement applies to, by type of principal.
   *
   * @default - none, as in an identity policy
   */
  readonly Principal?: Readonly<Record<string, string | readonly string[]>> | undefined;
  /** The action or actions. */
  readonly Action: string | readonly string[];
  /**
   * The resource or resources.
   *
   * @default - none, as in a trust policy
   */
  readonly Resource?: string | readonly string[] | undefined;
  /**
   * The conditions: operator, then key, then value or values.
   *
   * @default - no conditions
   */
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>> | undefined;
}

/** A statement of a policy document, in which the Sid is optional. */
type Statement = Omit<PolicyStatement, "Sid"> & { readonly Sid?: string | undefined };

/**
 * The quotas for the size of all inline policies of a role together, and of its trust policy, in characters as `knownCharacters`
 * counts them.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-entity-length
 */
export const MAX_INLINE_POLICIES = 10240;
export const MAX_TRUST_POLICY = 4096;
/** The quota for a trust policy that applies until AWS raises it for an account. */
export const DEFAULT_TRUST_POLICY = 2048;

/**
 * Returns values in the form that AWS returns: sorted, without duplicates, and a single value as a string. Tokens are compared as
 * equal, because their numbers depend on other constructs of the stack.
 */
export function canonical(values: readonly string[]): string | readonly string[] {
  const key = (value: string): string => value.replace(TOKEN, "${}");
  const sorted = [...new Set(values)].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
  return sorted.length === 1 ? sorted[0]! : sorted;
}

/**
 * Merges statements that differ only in their resources. Removes each Sid to save characters, which IAM counts; in the policy of
 * a role, it has no effect.
 */
export function mergeStatements(statements: readonly PolicyStatement[]): readonly Statement[] {
  const byRest = new Map<string, Statement>();
  for (const statement of statements) {
    const rest = JSON.stringify({ ...statement, Resource: undefined, Sid: undefined });
    const resources = [byRest.get(rest)?.Resource ?? [], statement.Resource ?? []].flat();
    byRest.set(rest, { ...statement, Resource: canonical(resources), Sid: undefined });
  }
  return [...byRest.values()];
}

/** Returns a policy document as a string for Terraform: `${…}` variables of IAM are escaped, tokens are not. */
export function policyJson(statements: readonly Statement[]): string {
  return template(JSON.stringify({ Version: "2012-10-17", Statement: statements }));
}

/** Returns the size of a JSON document in bytes. Tokens count as empty, because their values are unknown. */
export function knownBytes(json: string): number {
  return Buffer.byteLength(withoutTokens(json));
}

/** Returns the size of a policy document in characters, as IAM counts it: without white space. Tokens count as empty. */
export function knownCharacters(json: string): number {
  return withoutTokens(json).replace(/\s/g, "").length;
}

/** Returns a JSON document with its escapes of Terraform resolved, as AWS gets it, and with its tokens removed. */
function withoutTokens(json: string): string {
  return json
    .replace(TOKEN, "")
    .replace(/\$\$\{/g, "${")
    .replace(/%%\{/g, "%{");
}
