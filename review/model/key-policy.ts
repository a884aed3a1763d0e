import { knownStatements } from "../plan/document";
import { attributeOf, exists, stringOf } from "../plan/attributes";
import type { PlannedResource, Side } from "../plan/plan";
import type { References } from "../plan/references";
import { MADE_UP_KEYS, matchesMadeUp } from "../policy/resource-pattern";
import { asArray, matchesResource, type Statement, statementsOf } from "../policy/statement";
import type { Key, KeyPolicy } from "./key";
import { shownPart } from "./partial-policy";

/**
 * The policies of a key before and after the change. They are one object if nothing changes, so that results are computed once.
 *
 * @param root - the root of the key's account
 */
export function keyPolicies(
  key: Pick<Key, "policies" | "resource">,
  root: string,
  references: References,
): Key["policy"] {
  const [before, after] = (["before", "after"] as const).map((side) => policyOfKey(key, side, root, references));
  return { after: after!, before: JSON.stringify(before) === JSON.stringify(after) ? after! : before! };
}

function policyOfKey(
  { policies, resource }: Pick<Key, "policies" | "resource">,
  side: Side,
  root: string,
  references: References,
): KeyPolicy {
  if (resource && !exists(resource, side)) {
    return { kind: "none", statements: [] };
  }
  const byDefault: KeyPolicy = {
    kind: "default",
    statements: [{ Action: "kms:*", Effect: "Allow", Principal: { AWS: root }, Resource: "*" }],
  };
  const [policyResource] = policies[side];
  if (policyResource) {
    return policyOf(policyResource, side, resource, references);
  }
  const isConfigured = resource && references.isConfigured(resource, "policy");
  const [removed] = side === "after" ? policies.before : [];
  if (removed && !isConfigured) {
    // The provider restores the default, unless the lockout check is bypassed, or the resource moves to another key.
    const isReset = !exists(removed, "after") && removed.change.before?.bypass_policy_lockout_safety_check !== true;
    return isReset ? byDefault : policyOf(removed, "before", resource, references);
  }
  if (!resource) {
    return { kind: "hidden", known: [], statements: [], why: "the key is not in the plan" };
  }
  const inline = policyOf(resource, side, resource, references);
  return inline.kind === "none" || (inline.kind === "hidden" && isConfigured === false) ? byDefault : inline;
}

function policyOf(
  resource: PlannedResource,
  side: Side,
  key: PlannedResource | undefined,
  references: References,
): KeyPolicy {
  const attribute = attributeOf(resource, side, "policy");
  const name = nameOfKey(resource, key);
  if (attribute.kind === "absent" || (attribute.kind === "known" && attribute.value === "")) {
    return { kind: "none", statements: [] };
  }
  if (attribute.kind !== "known") {
    const documents = references
      .resourcesBehind(resource, "policy")
      .filter(({ type }) => type === "aws_iam_policy_document");
    const known = attribute.kind === "sensitive" ? [] : documents.flatMap(knownStatements);
    const statements = known.flatMap(shownPart).map((statement) => onItsKey(statement, name));
    return { kind: "hidden", known, statements, why: attribute.kind };
  }
  const statements = statementsOf(attribute.value);
  return statements
    ? { kind: "shown", statements: statements.map((statement) => onItsKey(statement, name)) }
    : { kind: "hidden", known: [], statements: [], why: "it does not follow IAM's policy grammar" };
}

/** The ARN of the key of a policy, or its ID if the plan shows no ARN; undefined for a key that the plan creates. */
function nameOfKey(policy: PlannedResource, key: PlannedResource | undefined): string | undefined {
  return (
    (key && stringOf(key, "before", "arn")) ??
    stringOf(policy, "after", "key_id") ??
    stringOf(policy, "before", "key_id")
  );
}

/** A statement whose resources include its key is the same as one for `*`. */
export function onItsKey(statement: Statement, key: string | undefined): Statement {
  const { NotResource, Resource, ...rest } = statement;
  const keys = key === undefined ? MADE_UP_KEYS : ([["kms", `key/${key}`]] as const);
  const isKey = (pattern: string): boolean =>
    key?.startsWith("arn:") ? matchesResource(pattern, key) : matchesMadeUp(pattern, keys);
  if (asArray(Resource).includes("*")) {
    return statement;
  }
  const appliesToKey = NotResource === undefined ? asArray(Resource).some(isKey) : !asArray(NotResource).some(isKey);
  return appliesToKey ? { ...rest, Resource: "*" } : statement;
}
