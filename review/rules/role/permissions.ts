import { conditionTests, isLimited } from "../../policy/condition";
import {
  MADE_UP_GROUPS,
  MADE_UP_IDENTITY_STORE,
  MADE_UP_PERMISSION_SETS,
  MADE_UP_POLICIES,
  MADE_UP_ROLES,
  MADE_UP_SAML_PROVIDERS,
  MADE_UP_USERS,
  madeUpRoot,
  type ResourcesByAction,
} from "../../policy/resource-pattern";
import { matchesPattern, type Statement, titleOf } from "../../policy/statement";
import { statementRule } from "../role";
import type { Fault, Rule } from "../rule";
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
  "iam:UpdateSAMLProvider": () => MADE_UP_SAML_PROVIDERS,
  "identitystore:CreateGroupMembership": () => MADE_UP_IDENTITY_STORE,
  "sso-directory:AddMemberToGroup": () => MADE_UP_IDENTITY_STORE,
  "sso-directory:UpdatePassword": () => MADE_UP_IDENTITY_STORE,
  "sso:AttachCustomerManagedPolicyReferenceToPermissionSet": () => MADE_UP_PERMISSION_SETS,
  "sso:AttachManagedPolicyToPermissionSet": () => MADE_UP_PERMISSION_SETS,
  "sso:CreateAccountAssignment": () => MADE_UP_PERMISSION_SETS,
  "sso:PutInlinePolicyToPermissionSet": () => MADE_UP_PERMISSION_SETS,
  "sts:AssumeRole": () => MADE_UP_ROLES,
  "sts:AssumeRoot": madeUpRoot,
};
/** The actions that take a denial or a boundary from identities. */
export const LIMIT_ACTIONS: ResourcesByAction = {
  "iam:DeleteGroupPolicy": () => MADE_UP_GROUPS,
  "iam:DeleteRolePermissionsBoundary": () => MADE_UP_ROLES,
  "iam:DeleteRolePolicy": () => MADE_UP_ROLES,
  "iam:DeleteUserPermissionsBoundary": () => MADE_UP_USERS,
  "iam:DeleteUserPolicy": () => MADE_UP_USERS,
  "iam:DetachGroupPolicy": () => MADE_UP_GROUPS,
  "iam:DetachRolePolicy": () => MADE_UP_ROLES,
  "iam:DetachUserPolicy": () => MADE_UP_USERS,
  "iam:PutRolePermissionsBoundary": () => MADE_UP_ROLES,
  "iam:PutUserPermissionsBoundary": () => MADE_UP_USERS,
  "iam:RemoveUserFromGroup": () => MADE_UP_GROUPS,
  "sso:DeleteInlinePolicyFromPermissionSet": () => MADE_UP_PERMISSION_SETS,
  "sso:DeletePermissionsBoundaryFromPermissionSet": () => MADE_UP_PERMISSION_SETS,
  "sso:DetachCustomerManagedPolicyReferenceFromPermissionSet": () => MADE_UP_PERMISSION_SETS,
  "sso:PutPermissionsBoundaryToPermissionSet": () => MADE_UP_PERMISSION_SETS,
};
/** The task of sts:AssumeRoot that gives a password of the root user. Other tasks do not lead to data. */
const PASSWORD_TASK = "arn:aws:iam::aws:policy/root-task/IAMCreateRootUserPassword";

function deletesBoundary(action: string): boolean {
  return /^iam:Delete\w+PermissionsBoundary$/.test(action);
}

/** Returns the condition keys that limit an action. A boundary that may be deleted is no limit. */
function limitsOf(action: string): readonly string[] {
  return deletesBoundary(action) ? IDENTITY_LIMITS.filter((key) => key !== "iam:PermissionsBoundary") : IDENTITY_LIMITS;
}

/** Whether a condition limits sts:AssumeRoot to tasks that give no password. */
function isForOtherTask(statement: Statement, action: string): boolean {
  return (
    action === "sts:AssumeRoot" &&
    conditionTests(statement).some(
      ({ isNegated, key, values }) =>
        key === "sts:taskpolicyarn" && !isNegated && !values.some((value) => matchesPattern(value, PASSWORD_TASK)),
    )
  );
}

/** Returns the actions that a statement allows on resources that it does not name, without those that a condition limits. */
function unlimitedActions(statement: Statement, resources: ResourcesByAction): readonly string[] {
  return Object.entries(resources).flatMap(([action, madeUp]) =>
    isForOtherTask(statement, action) ? [] : broadActions(statement, { [action]: madeUp }, limitsOf(action)),
  );
}

function limitFault(statement: Statement): Fault | false {
  const actions = unlimitedActions(statement, LIMIT_ACTIONS);
  return (
    actions.length > 0 && {
      consequence: `${titleOf(statement)} lets the role do ${actions.join(", ")} with identities that it does not name. So an identity may get permissions that a denial or a boundary takes from it, such as the use of every key.`,
      remedy: "Name the ARNs of the identities as the resource, or take these actions out.",
    }
  );
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
      return actions.length === 0
        ? limitFault(statement)
        : {
            consequence: `${titleOf(statement)} lets the role do ${actions.join(", ")} with itself or with a policy that it has. So it may give itself permissions that this plan does not show, such as the use of every key.`,
            remedy: actions.some(deletesBoundary)
              ? "Take these actions out."
              : "Take these actions out, or add a condition on iam:PermissionsBoundary or iam:PolicyARN.",
          };
    },
    faultOf: (statement) => {
      const actions = unlimitedActions(statement, PERMISSION_ACTIONS);
      return (
        actions.length > 0 && {
          consequence: `${titleOf(statement)} lets the role do ${actions.join(", ")} with identities or policies that it does not name. So it may get permissions that this plan does not show, such as the use of every key.`,
          remedy: "Name the ARNs of the roles, users, groups or policies as the resource, or take these actions out.",
        }
      );
    },
  }),
];
