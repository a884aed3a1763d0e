import { attributeOf } from "../plan/attributes";
import { knownStatements, type PartialStatement } from "../plan/document";
import type { PlannedResource } from "../plan/plan";
import type { References } from "../plan/references";
import type { IdentityPolicy } from "../policy/identity-permission";
import { inOneOrder, isStatement, statementsOf } from "../policy/statement";
import { conditionIn } from "./partial-policy";
import { stackPolicy } from "./stack-policy";

const UNKNOWN = "unknown until apply";

/** Why policies are not shown that are not in blocks. */
export const NO_BLOCKS = "it is no list of policies";

/** A policy of which the plan shows nothing. */
export function hiddenPolicy(name: string, why: string): IdentityPolicy {
  return { name, notShown: why, statements: [] };
}

/** A policy in JSON. */
export function textPolicy(name: string, text: unknown): IdentityPolicy {
  const statements = statementsOf(text);
  return statements
    ? { name, notShown: undefined, statements }
    : hiddenPolicy(name, "it does not follow IAM's policy grammar");
}

/** The policy of an attribute after the change. If it is unknown, the known statements of its documents count. */
export function documentPolicy(resource: PlannedResource, attribute: string, references: References): IdentityPolicy {
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
      const inStack = stackPolicy(resource, attribute, references.templates);
      if (inStack) {
        return inStack;
      }
      const documents = references
        .resourcesBehind(resource, attribute)
        .filter(({ type }) => type === "aws_iam_policy_document");
      const statements = documents.flatMap((source) =>
        knownStatements(source).map((statement, index) => withReferences(statement, source, index, references)),
      );
      return {
        name: address,
        notShown: document.kind,
        statements: statements.filter((statement) => isStatement(statement)).map(inOneOrder),
      };
    }
  }
}

/** A statement of a document, with the address of an ARN in place of unknown resources that refer to it alone. */
function withReferences(
  { Condition, Resource, ...rest }: PartialStatement,
  document: PlannedResource,
  index: number,
  references: References,
): PartialStatement {
  const [origin, ...others] = references.originsAt(document, ["statement", String(index), "resources"]);
  const reference = origin?.attribute === "arn" && others.length === 0 ? `${origin.resource.address}.arn` : undefined;
  const resources = [Resource].flat().map((one) => (one === UNKNOWN ? (reference ?? one) : one));
  return {
    ...rest,
    ...(Resource !== undefined && { Resource: resources }),
    ...(Condition !== undefined && { Condition: conditionIn(Condition) }),
  };
}
