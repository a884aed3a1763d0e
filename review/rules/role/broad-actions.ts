import { memoizedByObject } from "../../plan/memoized";
import { CROSS_ACCOUNT_ACTIONS } from "../../policy/abilities";
import { conditionTests, isLimited, limitingValues } from "../../policy/condition";
import {
  appliesToSamples,
  CALLER_ACCOUNT,
  SAMPLE_KEYS,
  matchesSamples,
  type ResourcesByAction,
} from "../../policy/resource-pattern";
import { asArray, matchesAction, serviceOf, servicesOf, type Statement } from "../../policy/statement";

/** Condition keys that limit which key is used, or by which alias, context or service. */
export const KEY_LIMITS = [
  "aws:ResourceTag/",
  "kms:EncryptionContext:",
  "kms:EncryptionContextKeys",
  "kms:RequestAlias",
  "kms:ResourceAliases",
  "kms:ViaService",
];

/**
 * Returns the actions that a statement allows on resources that it does not name; none if a condition on one of the keys in
 * `limits` limits the statement.
 */
export function broadActions(
  statement: Statement,
  resources: ResourcesByAction,
  limits: readonly string[],
): readonly string[] {
  const actions = actionsOnUnnamed(statement, resources);
  return actions.length > 0 && isLimited(statement, limits) ? [] : actions;
}

/** Returns the actions that a statement allows on resources that it does not name, with or without a condition. */
export function actionsOnUnnamed(statement: Statement, resources: ResourcesByAction): readonly string[] {
  return Object.keys(resources).filter(
    (action) => allows(statement, action) && appliesToSamples(statement, resources[action]!),
  );
}

/**
 * Returns a clause on the keys to which a statement applies. The statement's resources match these keys, and their key policies
 * leave the actions to IAM.
 */
export function keysIn(statement: Statement, actions: readonly string[]): string {
  const patterns = asArray(statement.Resource);
  const accounts = limitingValues(statement, "aws:ResourceAccount");
  if (accounts !== undefined) {
    return `of the account ${accounts.join(" or ")} whose policy leaves the decision to IAM`;
  }
  if (isInOwnAccount(statement)) {
    return "of the role's account whose policy leaves the decision to IAM";
  }
  const namesAccount = (pattern: string): boolean =>
    /^(?:[^:]*:){4}\d{12}:/.test(pattern.replace(CALLER_ACCOUNT, "0".repeat(12)));
  const namesRegion = (pattern: string): boolean => /^(?:[^:]*:){3}[^:*?]+:/.test(pattern);
  const general = patterns.filter((pattern) => !namesAccount(pattern) && !namesRegion(pattern));
  const isEveryKey =
    statement.NotResource !== undefined ||
    SAMPLE_KEYS.every((key) => general.some((pattern) => matchesSamples(pattern, [key])));
  const isOfAccounts = patterns.length > 0 && patterns.every(namesAccount);
  const hasOthers = !isOfAccounts && actions.some((action) => CROSS_ACCOUNT_ACTIONS.includes(action));
  return [
    ...(isEveryKey ? [] : [`that ${patterns.join(" or ")} matches and`]),
    `whose policy leaves the decision to IAM${hasOthers ? ", those of other accounts included" : ""}`,
  ].join(" ");
}

/** Whether a condition on aws:ResourceAccount limits the resources to those of the caller's account. */
function isInOwnAccount(statement: Statement): boolean {
  return conditionTests(statement).some(
    ({ isNegated, key, quantifier, values }) =>
      key === "aws:resourceaccount" &&
      !isNegated &&
      quantifier === undefined &&
      values.every((value) => /^\$\{\s*aws:PrincipalAccount\s*\}$/i.test(value)),
  );
}

/**
 * Whether a statement names the service of an action, and allows the action. The action `*` does not count: role-does-everything
 * reports it.
 */
export function allows(statement: Statement, action: string): boolean {
  return namedServices(statement).has(serviceOf(action)) && matchesAction(statement, action);
}

const namedServices = memoizedByObject((statement: Statement) => new Set(servicesOf(statement)));
