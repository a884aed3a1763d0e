import { memoizedByObject } from "../../plan/memoized";
import { isLimited, outcomeOf } from "../../policy/condition";
import {
  SAMPLE_GROUPS,
  SAMPLE_IDENTITY_STORE,
  SAMPLE_PERMISSION_SETS,
  SAMPLE_POLICIES,
  SAMPLE_ROLES,
  SAMPLE_SAML_PROVIDERS,
  SAMPLE_USERS,
  sampleRoot,
  type ResourcesByAction,
} from "../../policy/resource-pattern";
import { type Statement, titleOf } from "../../policy/statement";
import { statementRule } from "../role";
import type { Fault, Rule } from "../rule";
import { actionsOnUnnamed } from "./broad-actions";
import { ownActions } from "./own-permissions";

/** Condition keys that limit the identities, the policies that they get, or the services that they are passed to. */
const IDENTITY_LIMITS = ["aws:ResourceTag/", "iam:PassedToService", "iam:ResourceTag/"];
/** The actions by which a role can give permissions to identities, or use the permissions of others. */
export const PERMISSION_ACTIONS: ResourcesByAction = {
  "iam:AddUserToGroup": () => SAMPLE_GROUPS,
  "iam:AttachGroupPolicy": () => SAMPLE_GROUPS,
  "iam:AttachRolePolicy": () => SAMPLE_ROLES,
  "iam:AttachUserPolicy": () => SAMPLE_USERS,
  "iam:CreateAccessKey": () => SAMPLE_USERS,
  "iam:CreateLoginProfile": () => SAMPLE_USERS,
  "iam:CreatePolicyVersion": () => SAMPLE_POLICIES,
  "iam:PassRole": () => SAMPLE_ROLES,
  "iam:PutGroupPolicy": () => SAMPLE_GROUPS,
  "iam:PutRolePolicy": () => SAMPLE_ROLES,
  "iam:PutUserPolicy": () => SAMPLE_USERS,
  "iam:SetDefaultPolicyVersion": () => SAMPLE_POLICIES,
  "iam:UpdateAssumeRolePolicy": () => SAMPLE_ROLES,
  "iam:UpdateLoginProfile": () => SAMPLE_USERS,
  "iam:UpdateSAMLProvider": () => SAMPLE_SAML_PROVIDERS,
  "identitystore:CreateGroupMembership": () => SAMPLE_IDENTITY_STORE,
  "sso-directory:AddMemberToGroup": () => SAMPLE_IDENTITY_STORE,
  "sso-directory:UpdatePassword": () => SAMPLE_IDENTITY_STORE,
  "sso:AttachCustomerManagedPolicyReferenceToPermissionSet": () => SAMPLE_PERMISSION_SETS,
  "sso:AttachManagedPolicyToPermissionSet": () => SAMPLE_PERMISSION_SETS,
  "sso:CreateAccountAssignment": () => SAMPLE_PERMISSION_SETS,
  "sso:PutInlinePolicyToPermissionSet": () => SAMPLE_PERMISSION_SETS,
  "sts:AssumeRole": () => SAMPLE_ROLES,
  "sts:AssumeRoot": sampleRoot,
};
/** The actions that remove a denial or a boundary of identities. */
export const LIMIT_ACTIONS: ResourcesByAction = {
  "iam:DeleteGroupPolicy": () => SAMPLE_GROUPS,
  "iam:DeleteRolePermissionsBoundary": () => SAMPLE_ROLES,
  "iam:DeleteRolePolicy": () => SAMPLE_ROLES,
  "iam:DeleteUserPermissionsBoundary": () => SAMPLE_USERS,
  "iam:DeleteUserPolicy": () => SAMPLE_USERS,
  "iam:DetachGroupPolicy": () => SAMPLE_GROUPS,
  "iam:DetachRolePolicy": () => SAMPLE_ROLES,
  "iam:DetachUserPolicy": () => SAMPLE_USERS,
  "iam:PutRolePermissionsBoundary": () => SAMPLE_ROLES,
  "iam:PutUserPermissionsBoundary": () => SAMPLE_USERS,
  "iam:RemoveUserFromGroup": () => SAMPLE_GROUPS,
  "sso:DeleteInlinePolicyFromPermissionSet": () => SAMPLE_PERMISSION_SETS,
  "sso:DeletePermissionsBoundaryFromPermissionSet": () => SAMPLE_PERMISSION_SETS,
  "sso:DetachCustomerManagedPolicyReferenceFromPermissionSet": () => SAMPLE_PERMISSION_SETS,
  "sso:PutPermissionsBoundaryToPermissionSet": () => SAMPLE_PERMISSION_SETS,
};
/** The task of sts:AssumeRoot that gives a password of the root user. Other tasks do not lead to data. */
const PASSWORD_TASK = "arn:aws:iam::aws:policy/root-task/IAMCreateRootUserPassword";

function deletesBoundary(action: string): boolean {
  return /^iam:Delete\w+PermissionsBoundary$/.test(action);
}

/** The policies of AWS that allow to use every key, or to change all permissions. */
const BROAD_POLICIES = ["aws", "aws-cn", "aws-us-gov"].flatMap((partition) =>
  ["AdministratorAccess", "IAMFullAccess", "PowerUserAccess"].map((name) => `arn:${partition}:iam::aws:policy/${name}`),
);

/** Returns the condition keys on policies whose tests in a statement refuse each of BROAD_POLICIES. */
const keysWithLimit = memoizedByObject((statement: Statement): readonly string[] =>
  ["iam:PermissionsBoundary", "iam:PolicyARN"].filter((key) =>
    BROAD_POLICIES.every((policy) => outcomeOf(statement, { [key.toLowerCase()]: policy }) === "unmet"),
  ),
);

/**
 * Returns the condition keys that limit an action of a statement. A boundary that may be deleted is no limit. Neither is a boundary,
 * or a policy to attach, that may be one of BROAD_POLICIES.
 */
function limitsOf(statement: Statement, action: string): readonly string[] {
  const keys = [...IDENTITY_LIMITS, ...keysWithLimit(statement)];
  return action.includes(":Detach")
    ? [...keys, "iam:PolicyARN"]
    : keys.filter((key) => key !== "iam:PermissionsBoundary" || !deletesBoundary(action));
}

/** Whether a condition limits sts:AssumeRoot to tasks that give no password. */
function isForOtherTask(statement: Statement, action: string): boolean {
  return action === "sts:AssumeRoot" && outcomeOf(statement, { "sts:taskpolicyarn": PASSWORD_TASK }) === "unmet";
}

/** Returns the actions that a statement allows on resources that it does not name, without those that a condition limits. */
function unlimitedActions(statement: Statement, resources: ResourcesByAction): readonly string[] {
  return actionsOnUnnamed(statement, resources).filter(
    (action) => !isForOtherTask(statement, action) && !isLimited(statement, limitsOf(statement, action)),
  );
}

/** Results are cached by statement, because policies with the same text share their statements. */
const limitFault = memoizedByObject((statement: Statement): Fault | false => {
  const actions = unlimitedActions(statement, LIMIT_ACTIONS);
  return (
    actions.length > 0 && {
      consequence: `${titleOf(statement)} lets the role do ${actions.join(", ")} on identities that it does not name. So an identity may get permissions that a denial or a boundary takes from it, such as the use of every key.`,
      remedy: "Name the ARNs of the identities as the resource, or take these actions out.",
    }
  );
});

/** The rule about actions by which a role can get more permissions than its policies show. */
export const PERMISSION_RULES: readonly Rule[] = [
  statementRule({
    id: "role-gives-itself-permissions",
    severity: "warning",
    title: "A role may give itself more permissions",
    see: "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html",
    faultAt: (statement, address, model) => {
      const actions = ownActions(statement, address, model).filter(
        (action) => !isLimited(statement, limitsOf(statement, action)),
      );
      return actions.length === 0
        ? limitFault(statement)
        : {
            consequence: `${titleOf(statement)} lets the role do ${actions.join(", ")} on itself or on a policy that it has. So it may give itself permissions that this plan does not show, such as the use of every key.`,
            remedy: actions.some(deletesBoundary)
              ? "Take these actions out."
              : "Take these actions out, or add a condition on iam:PermissionsBoundary or iam:PolicyARN.",
          };
    },
    faultOf: (statement) => {
      const actions = unlimitedActions(statement, PERMISSION_ACTIONS);
      return (
        actions.length > 0 && {
          consequence: `${titleOf(statement)} lets the role do ${actions.join(", ")} on identities or policies that it does not name. So it may get permissions that this plan does not show, such as the use of every key.`,
          remedy: "Name the ARNs of the roles, users, groups or policies as the resource, or take these actions out.",
        }
      );
    },
  }),
];
