import { ATTACHMENTS } from "./attachments";
import { MEMBERSHIPS } from "./memberships";

const ROLE_OR_USER = ["name", "path", "permissions_boundary"];

/**
 * The attributes that decide who has which policies, by resource type: the names of roles, users, groups and permission sets, and
 * permissions boundaries.
 */
export const IDENTITY_ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
  aws_iam_group: ["name", "path"],
  aws_iam_role: ROLE_OR_USER,
  aws_iam_user: ROLE_OR_USER,
  aws_ssoadmin_account_assignment: ["permission_set_arn", "principal_id", "target_id"],
  aws_ssoadmin_permission_set: ["name"],
  ...Object.fromEntries(Object.entries(ATTACHMENTS).map(([type, { identities }]) => [type, Object.values(identities)])),
  ...Object.fromEntries(Object.entries(MEMBERSHIPS).map(([type, names]) => [type, Object.values(names)])),
};
