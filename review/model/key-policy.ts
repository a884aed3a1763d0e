import type { PartialStatement } from "../plan/document";
import { attributeOf, exists, isCreated, stringOf } from "../plan/attributes";
import { isEqual } from "../plan/changes";
import { memoized } from "../plan/memoized";
import type { PlannedResource, Side } from "../plan/plan";
import type { References } from "../plan/references";
import type { ArnOf } from "../plan/stack";
import {
  hasVariable,
  type Place,
  SAMPLE_SINGLE_REGION_KEYS,
  matchesSamples,
  variableResources,
  withFacts,
} from "../policy/resource-pattern";
import {
  asArray,
  type Condition,
  inOneOrder,
  isStatement,
  matchesResource,
  resourcesOf,
  type Statement,
  statementsOf,
} from "../policy/statement";
import { type Key, KEY_NOT_SHOWN, KEY_TYPES, type KeyPolicy } from "./key";
import { arnAt, shownPart, statementsBehind } from "./partial-policy";
import { stackPolicy } from "./stack-policy";

/**
 * Returns the policies of a key before and after the change. Both are one object if no statement changes, because results are
 * cached by object.
 *
 * @param possible - the aws_kms_key_policy resources that may belong to the key, because the plan does not show their key
 * @param place - the place of the key
 * @param arnOf - composes the ARN of a role or user of the plan
 */
export function keyPolicies(
  key: Pick<Key, "isHidden" | "policies" | "resource">,
  possible: readonly PlannedResource[],
  place: Place,
  references: References,
  arnOf: ArnOf,
): Key["policy"] {
  const source = { arnOf, place, references };
  const [before, after] = (["before", "after"] as const).map((side) => policyOfKey(key, side, source));
  if (possible.length > 0) {
    return { after: oneOf(possible, after!, key.resource, source), before: before! };
  }
  return { after: after!, before: hasSameContent(before!, after!) ? after! : before! };
}

/** Returns a hidden policy with the statements of a key's policy, and of the policies that the key may have in place of it. */
function oneOf(
  possible: readonly PlannedResource[],
  policy: KeyPolicy,
  key: PlannedResource | undefined,
  source: Source,
): KeyPolicy {
  const { known, statements } = contested(
    [...(policy.kind === "default" ? [] : [policy]), ...possible.map((one) => policyOf(one, "after", key, source))],
    possible,
  );
  const addresses = possible.map(({ address }) => address);
  return { kind: "hidden", known, possible: addresses, statements, why: `${addresses.join(" or ")} may set it` };
}

function hasSameContent(one: KeyPolicy, other: KeyPolicy): boolean {
  return one === other || (one.kind === other.kind && contentOf(one) === contentOf(other));
}

/** Returns a string that is equal for policies with the same statements in any order. */
function contentOf(policy: KeyPolicy): string {
  return JSON.stringify({ ...policy, statements: policy.statements.map((one) => JSON.stringify(one)).sort() });
}

/** Whether the plan sends the `policy` of a resource to KMS: it creates or replaces the resource, or changes the policy. */
export function setsPolicy(resource: PlannedResource): boolean {
  const { after, before } = resource.change;
  return isCreated(resource) || (resource.action === "update" && !isEqual(before?.policy, after?.policy));
}

/** The parts of a plan that are needed to read the policy of a key. */
interface Source {
  readonly arnOf: ArnOf;
  /** The place of the key. */
  readonly place: Place;
  readonly references: References;
}

const NO_POLICY: KeyPolicy = { kind: "none", statements: [] };

/** Returns the ARN of the root of a key's account, or words for it if the account is unknown. */
function rootIn({ account, partition }: Place): string {
  const isKnown = account !== undefined && partition !== undefined;
  return isKnown ? `arn:${partition}:iam::${account}:root` : "the root of the key's account";
}

const defaultPolicy = memoized((root): KeyPolicy => ({
  kind: "default",
  statements: [{ Action: "kms:*", Effect: "Allow", Principal: { AWS: root }, Resource: "*" }],
}));

function policyOfKey(
  { isHidden, policies, resource }: Pick<Key, "isHidden" | "policies" | "resource">,
  side: Side,
  source: Source,
): KeyPolicy {
  if (resource && !exists(resource, side)) {
    return NO_POLICY;
  }
  const byDefault = defaultPolicy(rootIn(source.place));
  const isConfigured = resource && source.references.configuration.isConfigured(resource, "policy");
  if (policies[side].length > 0) {
    const inline = resource && isConfigured ? [resource] : [];
    return policyOfOwners({ inline, policies: policies[side] }, side, resource, source);
  }
  const [removed] = resource?.action === "replace" ? [] : policies.before;
  if (removed && !(isConfigured && setsPolicy(resource))) {
    // When the provider destroys aws_kms_key_policy, it restores the default, unless the lockout check is bypassed.
    const isReset = !exists(removed, "after") && removed.change.before?.bypass_policy_lockout_safety_check !== true;
    return isReset ? byDefault : policyOf(removed, "before", resource, source);
  }
  if (!resource) {
    const why = isHidden ? KEY_NOT_SHOWN : "the key is not in the plan";
    return { kind: "hidden", known: [], statements: [], why };
  }
  const inline = policyOf(resource, side, resource, source);
  return inline.kind === "none" || (inline.kind === "hidden" && isConfigured === false) ? byDefault : inline;
}

/** The resources that each set the one policy of a key: the key itself, and its aws_kms_key_policy resources. */
interface Owners {
  readonly inline: readonly PlannedResource[];
  readonly policies: readonly PlannedResource[];
}

/**
 * Returns the policy that a key gets from several resources. It is hidden if they set different ones: Terraform applies them in no
 * fixed order, and the last one stays.
 */
function policyOfOwners(
  { inline, policies }: Owners,
  side: Side,
  key: PlannedResource | undefined,
  source: Source,
): KeyPolicy {
  // Terraform applies a policy that refers to the key later than the key. So this policy replaces the inline policy.
  const isAfterKey = (policy: PlannedResource): boolean =>
    setsPolicy(policy) && source.references.linkOf(policy, "key_id", KEY_TYPES)?.resource === key;
  const owners = policies.some(isAfterKey) ? policies : [...inline, ...policies];
  const setters = side === "after" ? owners.filter(setsPolicy) : [];
  const deciding = setters.length > 0 ? setters : owners;
  const distinct = uniqueByText(deciding.map((owner) => policyOf(owner, side, key, source)));
  return distinct.length === 1 ? distinct[0]! : contested(distinct, deciding);
}

/** Returns a hidden policy with the statements of all owners. Deny statements are left out, because KMS may keep a policy without them. */
function contested(policies: readonly KeyPolicy[], owners: readonly PlannedResource[]): KeyPolicy & { kind: "hidden" } {
  const addresses = owners.map(({ address }) => address);
  const hidden = policies.find((policy) => policy.kind === "hidden");
  return {
    kind: "hidden",
    known: uniqueByText(policies.flatMap((policy) => (policy.kind === "hidden" ? policy.known : policy.statements))),
    ...(!hidden && { owners: addresses }),
    statements: uniqueByText(policies.flatMap(({ statements }) => statements)).filter(
      ({ Effect }) => Effect === "Allow",
    ),
    why: `${addresses.join(" and ")} each set a policy${hidden ? `, of which one is ${hidden.why}` : ", and KMS keeps the last one"}`,
  };
}

function uniqueByText<T>(values: readonly T[]): readonly T[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}

function policyOf(resource: PlannedResource, side: Side, key: PlannedResource | undefined, source: Source): KeyPolicy {
  const attribute = attributeOf(resource, side, "policy");
  const name = nameOfKey(resource, key);
  if (attribute.kind === "absent" || (attribute.kind === "known" && attribute.value === "")) {
    return NO_POLICY;
  }
  if (attribute.kind !== "known") {
    const { arnOf, references } = source;
    const isUnknown = attribute.kind === "unknown until apply";
    const inStack = isUnknown ? stackPolicy(resource, "policy", references.templates, arnOf) : undefined;
    const partial = inStack?.statements ?? (isUnknown ? statementsBehind(resource, "policy", references, arnOf) : []);
    const known = key ? partial.map((statement) => onArnOf(key, statement)) : partial;
    if (inStack?.isShown) {
      return shownPolicy(known.filter((one) => isStatement(one)).map(inOneOrder), name, source.place);
    }
    const statements = known.flatMap(shownPart).map((statement) => onItsKey(statement, name, source.place));
    return { kind: "hidden", known, statements, why: attribute.kind };
  }
  const statements = statementsOf(attribute.value);
  return statements
    ? shownPolicy(statements, name, source.place)
    : { kind: "hidden", known: [], statements: [], why: "it does not follow IAM's policy grammar" };
}

/** In a statement of a key's policy, replaces the key's unknown ARN by `*`: both mean the same. */
function onArnOf(key: PlannedResource, statement: PartialStatement): PartialStatement {
  return [statement.Resource].flat().includes(arnAt(key)) ? { ...statement, Resource: "*" } : statement;
}

/** Cache of shownPolicy, for statements that are all for `*`. */
const SHOWN = new WeakMap<readonly Statement[], KeyPolicy>();

/**
 * Returns the policy of a key from its parsed statements. Keys with the same text for `*` share one object, because results are
 * cached by object.
 */
function shownPolicy(statements: readonly Statement[], key: string | undefined, place: Place): KeyPolicy {
  const onKey = statements.map((statement) => onItsKey(statement, key, place));
  if (onKey.some((statement, index) => statement !== statements[index])) {
    return { kind: "shown", statements: onKey };
  }
  const policy = SHOWN.get(statements) ?? { kind: "shown", statements };
  SHOWN.set(statements, policy);
  return policy;
}

/**
 * Returns the ARN of the key to which a policy belongs, or the key's ID if the plan shows no ARN; undefined for a key that the plan
 * creates.
 */
export function nameOfKey(policy: PlannedResource, key: PlannedResource | undefined): string | undefined {
  return (
    (key && stringOf(key, "before", "arn")) ??
    stringOf(policy, "after", "key_id") ??
    stringOf(policy, "before", "key_id")
  );
}

/**
 * Replaces the Resource of a statement by `*` if a pattern in it matches the key to which the policy belongs: both mean the same. A
 * pattern for the caller's account matches only for callers of the key's account, so `*` gets a condition on that account. Another
 * policy variable decides at the request, so a statement with it stays unchanged.
 *
 * @param key - the ARN or the ID of the key; undefined for a new one
 * @param place - the place of the key
 */
export function onItsKey(statement: Statement, key: string | undefined, place: Place = {}): Statement {
  const { account } = place;
  const { NotResource, Resource, ...rest } = statement;
  if (asArray(Resource).includes("*")) {
    return statement;
  }
  const keys = key === undefined ? SAMPLE_SINGLE_REGION_KEYS : ([["kms", `key/${key}`]] as const);
  const isKey = (pattern: string): boolean =>
    key?.startsWith("arn:") ? matchesResource(pattern, key) : matchesSamples(pattern, keys, "some", place);
  const open = variableResources(statement);
  const isNamed = resourcesOf(statement)
    .filter((pattern) => !open.includes(pattern))
    .some(isKey);
  if (NotResource === undefined ? isNamed : !isNamed && open.length === 0) {
    return inOneOrder({ ...rest, Resource: "*" });
  }
  const isInAccount = open
    .map((pattern) => withFacts(pattern, { "aws:principalaccount": account ?? null }))
    .some((pattern) => !hasVariable(pattern) && isKey(pattern));
  const condition = NotResource === undefined && isInAccount ? withAccount(rest.Condition, account!) : undefined;
  return condition ? inOneOrder({ ...rest, Condition: condition, Resource: "*" }) : statement;
}

/** Adds a test of the caller's account to a condition; undefined if the condition already has such a test with the same operator. */
function withAccount(condition: Condition = {}, account: string): Condition | undefined {
  const { StringEquals: tests = {} } = condition;
  const hasTest = Object.keys(tests).some((key) => key.toLowerCase() === "aws:principalaccount");
  return hasTest ? undefined : { ...condition, StringEquals: { ...tests, "aws:PrincipalAccount": account } };
}
