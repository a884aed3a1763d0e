import { isLimited } from "../../policy/condition";
import {
  MADE_UP_GROUPS,
  MADE_UP_POLICIES,
  MADE_UP_ROLES,
  MADE_UP_USERS,
  type ResourcesByAction,
} from "../../policy/resource-pattern";
import { titleOf } from "../../policy/statement";
import { statementRule } from "../role";
import type { Rule } from "../rule";
import { broadActions } from "./broad-actions";
import { ownActions } from "./own-permissions";

/** Condition keys that limit the identities, the policies that they get, or the services that they are passed to. */
const IDENTITY_LIMITS = [
  "aws:ResourceTag/",
  "iam:PassedToService",
  "iam:PermissionsBoundary",
  "iam:PolicyARN",
  "iam:ResourceTag/",
];
/** The actions by which a role can give permissions to identities, or use the permissions of others. */
export const PERMISSION_ACTIONS: ResourcesByAction = {
  "iam:AddUserToGroup": () => MADE_UP_GROUPS,
  "iam:AttachGroupPolicy": () => MADE_UP_GROUPS,
  "iam:AttachRolePolicy": () => MADE_UP_ROLES,
  "iam:AttachUserPolicy": () => MADE_UP_USERS,
  "iam:CreateAccessKey": () => MADE_UP_USERS,
  "iam:CreateLoginProfile": () => MADE_UP_USERS,
  "iam:CreatePolicyVersion": () => MADE_UP_POLICIES,
  "iam:PassRole": () => MADE_UP_ROLES,
  "iam:PutGroupPolicy": () => MADE_UP_GROUPS,
  "iam:PutRolePolicy": () => MADE_UP_ROLES,
  "iam:PutUserPolicy": () => MADE_UP_USERS,
  "iam:SetDefaultPolicyVersion": () => MADE_UP_POLICIES,
  "iam:UpdateAssumeRolePolicy": () => MADE_UP_ROLES,
  "iam:UpdateLoginProfile": () => MADE_UP_USERS,
  "sts:AssumeRole": () => MADE_UP_ROLES,
};

function deletesBoundary(action: string): boolean {
  return /^iam:Delete\w+PermissionsBoundary$/.test(action);
}

/** Returns the condition keys that limit an action. A boundary that may be deleted is no limit. */
function limitsOf(action: string): readonly string[] {
  return deletesBoundary(action) ? IDENTITY_LIMITS.filter((key) => key !== "iam:PermissionsBoundary") : IDENTITY_LIMITS;
}

/** The rule about actions by which a role can get more permissions than its policies show. */
export const PERMISSION_RULES: readonly Rule[] = [
  statementRule({
    id: "role-gives-itself-permissions",
    severity: "warning",
    title: "A role may give itself more permissions",
    see: "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html",
    faultAt: (statement, address, model) => {
      const actions = ownActions(statement, address, model).filter((action) => !isLimited(statement, limitsOf(action)));
      return (
        actions.length > 0 && {
          consequence: `${titleOf(statement)} lets the role do ${actions.join(", ")} with itself or with a policy that it has. So it may give itself permissions that this plan does not show, such as the use of every key.`,
          remedy: actions.some(deletesBoundary)
            ? "Take these actions out."
            : "Take these actions out, or add a condition on iam:PermissionsBoundary or iam:PolicyARN.",
        }
      );
    },
    faultOf: (statement) => {
      const actions = broadActions(statement, PERMISSION_ACTIONS, IDENTITY_LIMITS);
      return (
        actions.length > 0 && {
          consequence: `${titleOf(statement)} lets the role do ${actions.join(", ")} with identities or policies that it does not name. So it may get permissions that this plan does not show, such as the use of every key.`,
          remedy: "Name the ARNs of the roles, users, groups or policies as the resource, or take these actions out.",
        }
      );
    },
  }),
];
