import type { Model } from "../../model/model";
import { attributeOf, stringOf } from "../../plan/attributes";
import type { PlannedResource } from "../../plan/plan";
import { isString } from "../../plan/predicates";
import { SAMPLE_NAME } from "../../policy/resource-pattern";
import { appliesToResource, isDenial, matchesPattern, type Statement } from "../../policy/statement";
import { allows } from "./broad-actions";

/** By resource type: the actions that give permissions to an identity or change a policy, and the kind of the resource in its ARN. */
const ACTIONS: Readonly<Record<string, { readonly actions: readonly string[]; readonly kind: string }>> = {
  aws_iam_policy: { actions: ["iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion"], kind: "policy" },
  aws_iam_role: { actions: ["iam:AttachRolePolicy", "iam:PutRolePolicy"], kind: "role" },
  aws_iam_user: { actions: ["iam:AttachUserPolicy", "iam:PutUserPolicy"], kind: "user" },
};
/** The actions that delete or replace the permissions boundary of an identity, by the type of the identity. */
const BOUNDARY_ACTIONS: Readonly<Record<string, readonly string[]>> = {
  aws_iam_role: ["iam:DeleteRolePermissionsBoundary", "iam:PutRolePermissionsBoundary"],
  aws_iam_user: ["iam:DeleteUserPermissionsBoundary", "iam:PutUserPermissionsBoundary"],
};
/** The actions that remove a denial of an identity, by the type of the identity. */
const DENIAL_ACTIONS: Readonly<Record<string, readonly string[]>> = {
  aws_iam_role: ["iam:DeleteRolePolicy", "iam:DetachRolePolicy"],
  aws_iam_user: ["iam:DeleteUserPolicy", "iam:DetachUserPolicy"],
};
const ALL_ACTIONS = [
  ...Object.values(ACTIONS).map(({ actions }) => actions),
  ...Object.values(BOUNDARY_ACTIONS),
  ...Object.values(DENIAL_ACTIONS),
].flat();

/**
 * Returns the actions of a statement by which the role or user with the statement can change its own permissions: its policies, its
 * permissions boundary, or a policy of the plan that it has.
 *
 * @param address - the address of the policy that has the statement
 */
export function ownActions(statement: Statement, address: string, model: Model): readonly string[] {
  const allowed = ALL_ACTIONS.filter((action) => allows(statement, action));
  if (allowed.length === 0) {
    return [];
  }
  const { identities } = model;
  const resources = identities.possessions.holdersAt(address).flatMap((holder) => {
    const { policies = [] } = identities.identityOf(holder) ?? {};
    const hasDenial = policies.some(({ statements }) => statements.some(isDenial));
    const user = isString(holder) ? undefined : stringOf(holder, "after", "name");
    const candidates = [
      ...(isString(holder) ? [] : [holder]),
      ...policies.flatMap(({ name }) => model.atAddress(name) ?? []),
    ];
    return candidates.map((resource) => ({ hasDenial, resource, user }));
  });
  return allowed.filter((action) =>
    resources.some(
      ({ hasDenial, resource, user }) =>
        [...actionsOn(resource), ...((hasDenial && DENIAL_ACTIONS[resource.type]) || [])].includes(action) &&
        appliesToResource(statement, (pattern) => isResource(pattern.replace(USER_NAME, user ?? ""), resource, model)),
    ),
  );
}

/** Returns the actions that change the policies of a resource. If the resource has a boundary, the actions that remove it are included. */
function actionsOn(resource: PlannedResource): readonly string[] {
  const { kind } = attributeOf(resource, "after", "permissions_boundary");
  const hasBoundary = kind !== "absent" && stringOf(resource, "after", "permissions_boundary") !== "";
  return [...(ACTIONS[resource.type]?.actions ?? []), ...(hasBoundary ? (BOUNDARY_ACTIONS[resource.type] ?? []) : [])];
}

const USER_NAME = /\$\{\s*aws:username\s*\}/gi;

/** Whether a pattern matches the ARN of a role, user or policy. The name and the account of a new resource may be unknown. */
function isResource(pattern: string, resource: PlannedResource, model: Model): boolean {
  const arn = stringOf(resource, "after", "arn");
  if (arn !== undefined) {
    return matchesPattern(pattern, arn);
  }
  const name = stringOf(resource, "after", "name") ?? SAMPLE_NAME;
  const path = stringOf(resource, "after", "path") ?? "/";
  const [, , , , , ...rest] = pattern.split(":");
  const ownName = `${ACTIONS[resource.type]!.kind}${path}${name}`;
  return rest.length > 0
    ? matchesPattern(rest.join(":"), ownName)
    : matchesPattern(
        pattern,
        `arn:${model.partitionOf(resource) ?? "aws"}:iam::${model.accountOf(resource) ?? ""}:${ownName}`,
      );
}
