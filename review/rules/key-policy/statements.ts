import type { Key } from "../../model/key";
import { setsPolicy } from "../../model/key-policy";
import type { Model } from "../../model/model";
import { absentConditionKeys } from "../../policy/abilities";
import type { Facts } from "../../policy/condition";
import { type Access, accessTo } from "../../policy/key-access";
import { AS_IDENTITY } from "../../policy/service-requests";
import { awsPrincipals, type Statement } from "../../policy/statement";

export function shownKeys({ keys }: Model): readonly Key[] {
  return keys.filter(({ policy }) => policy.after.kind === "shown");
}

/**
 * Returns the keys whose policy is shown or hidden. Of a hidden policy, the key has only the statements that are shown, and there
 * may be none.
 */
export function partlyShownKeys({ keys }: Model): readonly Key[] {
  return keys.filter(({ policy }) => policy.after.kind === "shown" || policy.after.kind === "hidden");
}

export function allowStatements({ policy }: Key): readonly Statement[] {
  return policy.after.statements.filter(({ Effect }) => Effect === "Allow");
}

const ALLOWED = new WeakMap<Key, readonly string[]>();

/** Returns the principals of the Allow statements, as the policy writes them. */
export function allowedPrincipals(key: Key): readonly string[] {
  const principals =
    ALLOWED.get(key) ?? [...new Set(allowStatements(key).flatMap(({ Principal }) => awsPrincipals(Principal)))].sort();
  ALLOWED.set(key, principals);
  return principals;
}

/** Whether the plan sends the policy to KMS: the key is new, or the policy changes. */
export function isPut({ policies, policy, resource }: Key): boolean {
  const owners = policies.after.length > 0 ? policies.after : [resource];
  return owners.some((owner) => owner !== undefined && setsPolicy(owner)) || policy.before !== policy.after;
}

/**
 * Whether the policy of a key itself lets a principal do an action. An action that the policy leaves to IAM policies does not
 * count.
 *
 * @param service - the service that the request comes through; null for none
 */
export function isGranted(
  { account, policy }: Key,
  principal: string,
  action: string,
  service: string | null,
): boolean {
  const access = accessTo(policy.after.statements, principal, action, account);
  return isPossible(access, action, service, account, ["granted"]);
}

const PUT = "kms:PutKeyPolicy";

/** Whether a principal can change a policy again by a direct request, not only through an AWS service. */
export function canChangePolicy(
  statements: readonly Statement[],
  principal: string,
  account: string | undefined,
): boolean {
  return isPossible(accessTo(statements, principal, PUT, account), PUT, null, account);
}

/**
 * Whether an access allows or may allow a request of an IAM principal for an action.
 *
 * @param service - the service that the request comes through; null for none, undefined for an unknown one
 * @param kinds - the kinds of statements that may give the access
 */
export function isPossible(
  access: Access | undefined,
  action: string,
  service: string | null | undefined,
  account: string | undefined,
  kinds: readonly ("granted" | "leftToIam")[] = ["granted", "leftToIam"],
): boolean {
  if (access === undefined) {
    return false;
  }
  const facts = requestFacts(action, service, account);
  return (
    kinds.some((kind) => access[kind].hasOutcome(facts, "met", "depends")) && !access.unless.hasOutcome(facts, "met")
  );
}

/** Cache of requestFacts: equal facts must be one object, because the outcomes of shared statements are cached by this object. */
const FACTS = new Map<string, Facts>();

function requestFacts(action: string, service: string | null | undefined, account: string | undefined): Facts {
  const name = [action, String(service), String(account)].join(" ");
  const facts = FACTS.get(name) ?? {
    ...absentConditionKeys(action),
    ...AS_IDENTITY,
    ...(service !== undefined && { "kms:viaservice": service }),
    ...(account !== undefined && { "kms:calleraccount": account }),
  };
  FACTS.set(name, facts);
  return facts;
}
