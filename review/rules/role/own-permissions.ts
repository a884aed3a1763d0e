import type { Model } from "../../model/model";
import { stringOf } from "../../plan/attributes";
import type { PlannedResource } from "../../plan/plan";
import { isString } from "../../plan/predicates";
import { asArray, matchesPattern, type Statement } from "../../policy/statement";
import { allows } from "./broad-actions";

/** The actions that give permissions to an identity or change a policy, and the kind of resource in ARNs, by resource type. */
const ACTIONS: Readonly<Record<string, { readonly actions: readonly string[]; readonly kind: string }>> = {
  aws_iam_policy: { actions: ["iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion"], kind: "policy" },
  aws_iam_role: { actions: ["iam:AttachRolePolicy", "iam:PutRolePolicy"], kind: "role" },
  aws_iam_user: { actions: ["iam:AttachUserPolicy", "iam:PutUserPolicy"], kind: "user" },
};
const ALL_ACTIONS = Object.values(ACTIONS).flatMap(({ actions }) => actions);

/**
 * Returns the actions by which a statement lets a role or user that has it change the policies of itself: those of the identity, or
 * a policy of the plan that it has.
 *
 * @param address - the address of the policy of the statement
 */
export function ownActions(statement: Statement, address: string, model: Model): readonly string[] {
  const allowed = ALL_ACTIONS.filter((action) => statement.NotResource === undefined && allows(statement, action));
  if (allowed.length === 0) {
    return [];
  }
  const { identities } = model;
  const resources = identities.holdersAt(address).flatMap((holder) => {
    const names = identities.identityOf(holder)?.policies.map(({ name }) => name) ?? [];
    const user = isString(holder) ? undefined : stringOf(holder, "after", "name");
    const candidates = [...(isString(holder) ? [] : [holder]), ...names.flatMap((name) => model.atAddress(name) ?? [])];
    return candidates.map((resource) => ({ resource, user }));
  });
  return allowed.filter((action) =>
    resources.some(
      ({ resource, user }) =>
        ACTIONS[resource.type]?.actions.includes(action) &&
        asArray(statement.Resource).some((pattern) => isResource(pattern.replace(USER_NAME, user ?? ""), resource)),
    ),
  );
}

const USER_NAME = /\$\{\s*aws:username\s*\}/gi;

/** Whether a pattern matches the ARN of a role, user or policy. The account of a new one may be unknown. */
function isResource(pattern: string, resource: PlannedResource): boolean {
  const arn = stringOf(resource, "after", "arn");
  const [name, path] = [stringOf(resource, "after", "name"), stringOf(resource, "after", "path") ?? "/"];
  const [, , , , , ...rest] = pattern.split(":");
  const isComposed = arn === undefined && name !== undefined && rest.length > 0;
  return arn === undefined
    ? isComposed && matchesPattern(rest.join(":"), `${ACTIONS[resource.type]!.kind}${path}${name}`)
    : matchesPattern(pattern, arn);
}
