type IdentityType = "aws_iam_group" | "aws_iam_role" | "aws_iam_user" | "aws_ssoadmin_permission_set";

/** A resource that gives policies to identities. */
export interface Attachment {
  /** The attribute with the policies: a document, an ARN, a list of ARNs, or a block that names a policy. */
  readonly content: readonly [kind: "ARN" | "ARNs" | "block" | "document", attribute: string];
  /** The attribute that names the identities, by their type. */
  readonly identities: Readonly<Partial<Record<IdentityType, string>>>;
  readonly isBoundary?: true;
}

const PERMISSION_SET = { aws_ssoadmin_permission_set: "permission_set_arn" } as const;
/** The resources that give policies to identities, by type. */
export const ATTACHMENTS: Readonly<Record<string, Attachment>> = {
  aws_iam_group_policy: { content: ["document", "policy"], identities: { aws_iam_group: "group" } },
  aws_iam_group_policy_attachment: { content: ["ARN", "policy_arn"], identities: { aws_iam_group: "group" } },
  aws_iam_group_policy_attachments_exclusive: {
    content: ["ARNs", "policy_arns"],
    identities: { aws_iam_group: "group_name" },
  },
  aws_iam_policy_attachment: {
    content: ["ARN", "policy_arn"],
    identities: { aws_iam_group: "groups", aws_iam_role: "roles", aws_iam_user: "users" },
  },
  aws_iam_role_policy: { content: ["document", "policy"], identities: { aws_iam_role: "role" } },
  aws_iam_role_policy_attachment: { content: ["ARN", "policy_arn"], identities: { aws_iam_role: "role" } },
  aws_iam_role_policy_attachments_exclusive: {
    content: ["ARNs", "policy_arns"],
    identities: { aws_iam_role: "role_name" },
  },
  aws_iam_user_policy: { content: ["document", "policy"], identities: { aws_iam_user: "user" } },
  aws_iam_user_policy_attachment: { content: ["ARN", "policy_arn"], identities: { aws_iam_user: "user" } },
  aws_iam_user_policy_attachments_exclusive: {
    content: ["ARNs", "policy_arns"],
    identities: { aws_iam_user: "user_name" },
  },
  aws_ssoadmin_customer_managed_policy_attachment: {
    content: ["block", "customer_managed_policy_reference"],
    identities: PERMISSION_SET,
  },
  aws_ssoadmin_customer_managed_policy_attachments_exclusive: {
    content: ["block", "customer_managed_policy_reference"],
    identities: PERMISSION_SET,
  },
  aws_ssoadmin_managed_policy_attachment: { content: ["ARN", "managed_policy_arn"], identities: PERMISSION_SET },
  aws_ssoadmin_managed_policy_attachments_exclusive: {
    content: ["ARNs", "managed_policy_arns"],
    identities: PERMISSION_SET,
  },
  aws_ssoadmin_permission_set_inline_policy: { content: ["document", "inline_policy"], identities: PERMISSION_SET },
  aws_ssoadmin_permissions_boundary_attachment: {
    content: ["block", "permissions_boundary"],
    identities: PERMISSION_SET,
    isBoundary: true,
  },
};
