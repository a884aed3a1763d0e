import { attributeOf } from "../../plan/attributes";
import { withCondition } from "../../plan/document";
import type { PlannedResource } from "../../plan/plan";
import type { References } from "../../plan/references";
import type { ArnOf } from "../../plan/stack";
import type { IdentityPolicy } from "../../policy/identity-permission";
import { inOneOrder, isStatement, statementsOf } from "../../policy/statement";
import { statementsBehind } from "../partial-policy";
import { stackPolicy } from "../stack-policy";

/** The reason for which a policy is hidden if `inline_policy` is known, but is no array of blocks. */
export const NO_BLOCKS = "it is no list of policies";

/** Creates a policy of which the plan shows nothing, with the reason. */
export function hiddenPolicy(name: string, why: string): IdentityPolicy {
  return { name, notShown: why, statements: [] };
}

/** Parses a policy in JSON. A policy that breaks IAM's grammar counts as not shown. */
export function textPolicy(name: string, text: unknown): IdentityPolicy {
  const statements = statementsOf(text);
  return statements
    ? { name, notShown: undefined, statements }
    : hiddenPolicy(name, "it does not follow IAM's policy grammar");
}

/**
 * Returns the policy in an attribute after the change. If the attribute is unknown, returns its policy in the stack of the plan.
 * Without that policy, returns the known statements of the aws_iam_policy_document data sources behind the attribute.
 *
 * @param arnOf - composes the ARNs of roles and users that the plan creates
 */
export function documentPolicy(
  resource: PlannedResource,
  attribute: string,
  references: References,
  arnOf?: ArnOf,
): IdentityPolicy {
  const { address } = resource;
  const document = attributeOf(resource, "after", attribute);
  switch (document.kind) {
    case "absent":
      return { name: address, notShown: undefined, statements: [] };
    case "known":
      return textPolicy(address, document.value);
    case "sensitive":
      return hiddenPolicy(address, document.kind);
    case "unknown until apply": {
      const inStack = stackPolicy(resource, attribute, references.templates, arnOf);
      const statements =
        inStack?.statements ?? statementsBehind(resource, attribute, references, arnOf).map(withCondition);
      return {
        name: address,
        notShown: inStack?.isShown === true ? undefined : document.kind,
        statements: statements.filter((statement) => isStatement(statement)).map(inOneOrder),
      };
    }
  }
}
