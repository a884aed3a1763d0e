import { PlanError } from "../plan/plan";
import { KEY_ACTIONS } from "../policy/abilities";
import { matchesAction, statementsOf } from "../policy/statement";
import type { ForbiddenGain, ReferencePolicy } from "../rules/rule";

/**
 * Reads ACTION or ACTION:PRINCIPAL of --forbid.
 *
 * @throws PlanError if no action of KMS on keys matches, or the principal is no ARN, account or `*`
 */
export function readForbiddenGain(text: string): ForbiddenGain {
  const [, action = "", principal = "*"] = /^(\*|[^:]*:[^:]*)(?::(.*))?$/s.exec(text) ?? [];
  if (!KEY_ACTIONS.some((one) => matchesAction({ Action: action, Effect: "Allow" }, one))) {
    throw new PlanError(`--forbid must begin with an action on keys, such as kms:Decrypt, got: ${text}`);
  }
  if (!/^(?:\*|\d{12}|arn:.+)$/s.test(principal)) {
    throw new PlanError(`--forbid must have an ARN, an account or * after its action, got: ${text}`);
  }
  return { action, principal, text };
}

/**
 * Reads FILE or ADDRESS=FILE of --reference. Each statement of the file is for the key, so its resource does not count.
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
  return { address, file, statements: statements.map((statement) => ({ ...statement, Resource: "*" })), text };
}
