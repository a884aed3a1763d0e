import { PlanError } from "../plan/plan";
import { KEY_ACTIONS } from "../policy/abilities";
import { isAccount } from "../policy/principals";
import { matchesActionPattern, statementsOf } from "../policy/statement";
import type { ForbiddenGain, ReferencePolicy } from "../rules/rule";

/**
 * Reads ACTION or ACTION:PRINCIPAL of --forbid.
 *
 * @throws PlanError if no action of KMS on keys matches, or the principal is no ARN of a principal, account or `*`
 */
export function readForbiddenGain(text: string): ForbiddenGain {
  const [, action = "", principal = "*"] = /^(\*|[^:]*:[^:]*)(?::(.*))?$/s.exec(text) ?? [];
  if (!KEY_ACTIONS.some((one) => matchesActionPattern(action, one))) {
    throw new PlanError(`--forbid must begin with an action on keys, such as kms:Decrypt, got: ${text}`);
  }
  if (principal !== "*" && !isAccount(principal) && !mayBePrincipal(principal)) {
    throw new PlanError(
      `--forbid must have * or an account, or the ARN of a role, user, session or root, after its action, got: ${text}`,
    );
  }
  return { action, principal, text };
}

/** A pattern for each part, between colons, of the ARN of a principal. */
const PARTS_OF_ARN = [
  /^arn$/,
  /^[a-z-]+$/,
  /^(?:iam|sts)$/,
  /^$/,
  /^\d{12}$/,
  /^(?:(?:assumed-role|federated-user|oidc-provider|role|saml-provider|user)\/.*|root)$/s,
];

/** Whether a string is the ARN of a principal, or a pattern that can match one. */
function mayBePrincipal(text: string): boolean {
  const [literal = ""] = text.split(/[*?]/);
  const parts = literal.split(":");
  const isLiteral = literal === text;
  // A wildcard can match the rest of its part of the ARN and the later parts, so these are not checked. If a `/` is before the
  // wildcard, the wildcard is in the last part.
  const whole = isLiteral || literal.includes("/") ? parts : parts.slice(0, -1);
  return (
    parts.length > 1 &&
    (!isLiteral || parts.length === PARTS_OF_ARN.length) &&
    whole.every((part, index) => PARTS_OF_ARN[index]?.test(part))
  );
}

/**
 * Reads FILE or ADDRESS=FILE of --reference. In a key policy, each statement is for the key, so Resource is replaced by `*`.
 *
 * @throws PlanError if the file cannot be read, or is no policy in JSON
 */
export function readReference(text: string, readFile: (file: string) => string): ReferencePolicy {
  const separator = text.lastIndexOf("=");
  const address = separator < 0 ? undefined : text.slice(0, separator);
  const file = text.slice(separator + 1);
  const statements = statementsOf(readFile(file));
  if (statements === undefined || statements.length === 0) {
    throw new PlanError(`--reference must name a key policy in JSON, got: ${file}`);
  }
  if (statements.some(({ NotPrincipal, Principal }) => Principal === undefined && NotPrincipal === undefined)) {
    throw new PlanError(
      `--reference must name the policy of a key, in which each statement has Principal or NotPrincipal, got: ${file}`,
    );
  }
  return { address, file, statements: statements.map((statement) => ({ ...statement, Resource: "*" })), text };
}
