import { exists, stringOf } from "../plan/attributes";
import type { Caller } from "../policy/callers";
import type { Model } from "./model";

/** The roles and users of a plan as callers, and those without a known ARN. */
export interface PlanCallers {
  readonly callers: readonly Caller[];
  /** The addresses of roles and users that the plan changes, and whose ARN cannot be composed. */
  readonly withoutArn: readonly string[];
}

/**
 * The roles and users of a plan after the change. AWS composes their ARNs of the account, the path and the name.
 *
 * @param account - the account of those whose account is not known
 */
export function callersOfPlan(model: Model, partition: string, account: string | undefined): PlanCallers {
  const identities = model.ofType("aws_iam_role", "aws_iam_user").filter((identity) => exists(identity, "after"));
  const named = identities.map((identity) => {
    const kind = identity.type === "aws_iam_role" ? "role" : "user";
    const name = stringOf(identity, "after", "name");
    const path = stringOf(identity, "after", "path") ?? "/";
    const owner = model.accountOf(identity) ?? account;
    const composed = name && owner && `arn:${partition}:iam::${owner}:${kind}${path}${name}`;
    return { identity, principal: stringOf(identity, "after", "arn") ?? composed };
  });
  return {
    callers: named.flatMap(({ principal }) =>
      principal ? [{ name: principal, principal, standsForOthers: false }] : [],
    ),
    withoutArn: named
      .filter(({ identity, principal }) => !principal && identity.action !== "none")
      .map(({ identity }) => identity.address),
  };
}
