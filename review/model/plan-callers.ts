import { exists } from "../plan/attributes";
import type { Caller } from "../policy/callers";
import { arnOfIdentity, IDENTITY_TYPES } from "./identity-arn";
import type { Model } from "./model";

/** The roles and users of a plan as callers, and those without a known ARN. */
export interface PlanCallers {
  readonly callers: readonly Caller[];
  /** The addresses of roles and users that the plan changes, and whose ARN cannot be composed. */
  readonly withoutArn: readonly string[];
}

/**
 * The roles and users of a plan after the change.
 *
 * @param account - the account of those whose account is not known
 */
export function callersOfPlan(model: Model, partition: string, account: string | undefined): PlanCallers {
  const identities = model.ofType(...IDENTITY_TYPES).filter((identity) => exists(identity, "after"));
  const named = identities.map((identity) => ({
    identity,
    principal: arnOfIdentity(identity, partition, model.accountOf(identity) ?? account),
  }));
  return {
    callers: named.flatMap(({ principal }) =>
      principal ? [{ name: principal, principal, standsForOthers: false }] : [],
    ),
    withoutArn: named
      .filter(({ identity, principal }) => !principal && identity.action !== "none")
      .map(({ identity }) => identity.address),
  };
}
