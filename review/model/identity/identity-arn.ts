import { createHash } from "node:crypto";
import { stringOf } from "../../plan/attributes";
import type { PlannedResource } from "../../plan/plan";

/** The types of roles and users, and their names in ARNs. */
const KINDS: Readonly<Record<string, string>> = { aws_iam_role: "role", aws_iam_user: "user" };

export const IDENTITY_TYPES: readonly string[] = Object.keys(KINDS);

/**
 * Returns the ARN of a role or user after the change. An unknown ARN is composed from the account, the path and the name, as AWS
 * does. Undefined if the account or the name is unknown, too.
 */
export function arnOfIdentity(
  identity: PlannedResource,
  partition: string | undefined,
  account: string | undefined,
): string | undefined {
  const name = stringOf(identity, "after", "name");
  const isComposed = partition !== undefined && account !== undefined && name !== undefined;
  const path = stringOf(identity, "after", "path");
  const composed = isComposed ? identityArn(identity.type, name, partition, account, path) : undefined;
  return stringOf(identity, "after", "arn") ?? composed;
}

/** Returns the ARN of a role or user. If the name is unknown, the ARN has a placeholder name. Undefined if the account is unknown, too. */
export function principalOfIdentity(
  identity: PlannedResource,
  partition: string | undefined,
  account: string | undefined,
): string | undefined {
  const isComposed = partition !== undefined && account !== undefined;
  const path = stringOf(identity, "after", "path");
  const composed = isComposed
    ? identityArn(identity.type, placeholderNameOf(identity), partition, account, path)
    : undefined;
  return arnOfIdentity(identity, partition, account) ?? composed;
}

/** The characters that IAM refuses in names. */
const NOT_IN_NAMES = /[^\w+=,.@-]/g;

/** Returns a placeholder name with the prefix of a role or user. Nobody else has it, because IAM refuses spaces. */
export function placeholderNameOf(identity: PlannedResource): string {
  const hash = createHash("sha256").update(identity.address).digest("hex").slice(0, 12);
  const prefix = stringOf(identity, "after", "name_prefix") ?? "";
  return `${prefix.replace(NOT_IN_NAMES, "")} ${hash}`;
}

const PLACEHOLDER_END = / [0-9a-f]{12}$/;

export function hasPlaceholderName(principal: string): boolean {
  return PLACEHOLDER_END.test(principal);
}

/** Replaces the placeholder part of a name, or of the role of a permission set, by a wildcard. */
export function withoutPlaceholderName(principal: string): string {
  return principal.replace(PLACEHOLDER_END, "*").replace(PLACEHOLDER_ID_END, "*");
}

/** Composes the ARN of a role or user. */
export function identityArn(type: string, name: string, partition: string, account: string, path = "/"): string {
  return `arn:${partition}:iam::${account}:${KINDS[type]}${path}${name}`;
}

/** Composes the ARN of an identity provider of the plan; undefined for another resource, or if the plan does not show a part of it. */
export function arnOfProvider(
  provider: PlannedResource,
  partition: string | undefined,
  account: string | undefined,
): string | undefined {
  const [kind, name] =
    provider.type === "aws_iam_openid_connect_provider"
      ? ["oidc-provider", stringOf(provider, "after", "url")?.replace("https://", "")]
      : ["saml-provider", provider.type === "aws_iam_saml_provider" ? stringOf(provider, "after", "name") : undefined];
  const isShown = partition !== undefined && account !== undefined && name !== undefined;
  return isShown ? `arn:${partition}:iam::${account}:${kind}/${name}` : undefined;
}

/** The type of permission sets. IAM Identity Center creates a role for each of them in each account to which it is assigned. */
export const PERMISSION_SET_TYPE = "aws_ssoadmin_permission_set";

/**
 * Composes the ARN of the role of a permission set in an account, with a placeholder ID at its end; undefined if the name or the
 * account is unknown. In each Region but us-east-1, the path has the Region of IAM Identity Center.
 *
 * @see https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
 */
export function roleOfPermissionSet(
  set: PlannedResource,
  partition: string,
  account: string | undefined,
  region: string | undefined,
): string | undefined {
  const name = stringOf(set, "after", "name");
  const path = `aws-reserved/sso.amazonaws.com/${region === undefined || region === "us-east-1" ? "" : `${region}/`}`;
  return name === undefined || account === undefined
    ? undefined
    : `arn:${partition}:iam::${account}:role/${path}AWSReservedSSO_${name}_${PLACEHOLDER_ID}`;
}

/** The beginning of a placeholder name for the members of a group. No user has it, because IAM refuses spaces. */
const MEMBER_OF = "any member of ";

/** Returns the ARN of a placeholder user that stands for the members of a group that the plan does not show. */
export function memberOfGroup(group: string, partition: string, account: string): string {
  return `arn:${partition}:iam::${account}:user/${MEMBER_OF}${group}`;
}

export function isMemberOfGroup(principal: string): boolean {
  return principal.includes(`:user/${MEMBER_OF}`);
}

/** Reads the name of a group from the name of the placeholder user that stands for its members; undefined for another user. */
export function groupOfMember(userName: string): string | undefined {
  return userName.startsWith(MEMBER_OF) ? userName.slice(MEMBER_OF.length) : undefined;
}

const PLACEHOLDER_ID = "0".repeat(16);
const PLACEHOLDER_ID_END = new RegExp(`(?<=/AWSReservedSSO_.*_)${PLACEHOLDER_ID}$`);
const PERMISSION_SET_ROLE = /^AWSReservedSSO_(.+)_[0-9a-f]{16}$/;

/**
 * Reads the name of a permission set from the name of the role that IAM Identity Center creates for it; undefined for another role.
 */
export function permissionSetOf(roleName: string): string | undefined {
  return PERMISSION_SET_ROLE.exec(roleName)?.[1];
}
