import { TOKEN } from "./expression";

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
   * Who the statement speaks of, by type of principal.
   *
   * @default - none, as in an identity policy
   */
  readonly Principal?: Readonly<Record<string, string | readonly string[]>>;
  /** The action or actions. */
  readonly Action: string | readonly string[];
  /**
   * The resource or resources.
   *
   * @default - none, as in a trust policy
   */
  readonly Resource?: string | readonly string[];
  /**
   * The conditions: operator, then key, then value or values.
   *
   * @default - no conditions
   */
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/**
 * Values in canonical form, as AWS gives them back: sorted, without duplicates, and a single one as a string. The numbers
 * of tokens depend on what else a stack holds, so they do not count for the order.
 */
export function canonical(values: readonly string[]): string | readonly string[] {
  const key = (value: string): string => value.replace(TOKEN, "${}");
  const sorted = [...new Set(values)].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
  return sorted.length === 1 ? sorted[0]! : sorted;
}

/** A policy document as a Terraform string: IAM's own `${…}` variables are escaped, tokens are not. */
export function policyJson(statements: readonly PolicyStatement[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements })
    .replace(/\$\{(?!TfToken\[)/g, () => "$${")
    .replace(/%\{/g, () => "%%{");
}

/** The size of a policy document in bytes, without what its tokens will add. */
export function knownBytes(json: string): number {
  return Buffer.byteLength(
    json
      .replace(TOKEN, "")
      .replace(/\$\$\{/g, "${")
      .replace(/%%\{/g, "%{"),
  );
}
