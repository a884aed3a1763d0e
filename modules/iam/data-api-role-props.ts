import type { Construct } from "constructs";
import { checkConsistency, checkDefaultTags } from "../private/aws-environment";
import { check, checkPlace, fail, known, type Where } from "../private/checks";
import {
  checkProps,
  decision,
  list,
  number,
  propRules,
  type PropRules,
  required,
  text,
  unique,
} from "../private/prop-rules";
import { type Partition, TAGGED_RESOURCE_PROPS, type TaggedResourceProps } from "../private/resource-props";
import * as rules from "../private/rules";
import { checkIdentities, identities, type Identity } from "./identity";
import {
  checkTrusts,
  OIDC_TRUST_PROPS,
  type OidcTrust,
  PRINCIPAL_TRUST_PROPS,
  type PrincipalTrust,
  SAML_TRUST_PROPS,
  type SamlTrust,
  trusts,
} from "./role-trust";

/** An IAM role and the principals that may assume it. */
export interface DataApiRoleProps extends TaggedResourceProps {
  /** The role's name: 1 to 64 characters. */
  readonly roleName: string;
  /**
   * The role's account: 12 digits.
   *
   * @default - the account of the provider's credentials, by a data source
   */
  readonly accountId?: string | undefined;
  /**
   * The database groups that the role's `databaseUser` joins in every cluster. They become the role's tag `RedshiftDbGroups`: 256
   * characters at most, with a colon between two. They must exist in the databases. A principal that may tag the role can change
   * them.
   *
   * @default - none: no such tag
   * @see https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-dbgroups.html
   */
  readonly databaseGroups?: readonly string[] | undefined;
  /**
   * The database roles that the role has in every serverless warehouse that it uses as an IAM identity. They become the role's tag
   * `RedshiftDbRoles`: 256 characters at most, with a colon between two. They must exist in the databases. A principal that may tag
   * the role can change them. For clusters, see `databaseGroups`.
   *
   * @default - none: no such tag
   * @see https://docs.aws.amazon.com/redshift/latest/mgmt/redshift-iam-access-federated-db-roles.html
   */
  readonly databaseRoles?: readonly string[] | undefined;
  /**
   * The purpose of the role: at most 1,000 characters.
   *
   * @default - no description
   */
  readonly description?: string | undefined;
  /**
   * The value that a trusted principal must give as `sts:ExternalId`: 2 to 1,224 characters.
   *
   * @default - none is required
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html
   */
  readonly externalId?: string | undefined;
  /**
   * How long a session lasts at most, in seconds: 3,600 to 43,200.
   *
   * @default 3600
   */
  readonly maxSessionDuration?: number | undefined;
  /**
   * The users of OIDC identity providers that may assume the role, such as service accounts of EKS or workflows of GitHub Actions. Each
   * is a statement of the trust policy.
   *
   * @default - none
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html
   */
  readonly oidcTrusts?: readonly OidcTrust[] | undefined;
  /**
   * The partition: aws, aws-cn or aws-us-gov, for instance.
   *
   * @default - the provider's, by a data source
   */
  readonly partition?: Partition | undefined;
  /**
   * The role's path: it begins and ends with a slash.
   *
   * @default "/"
   */
  readonly path?: string | undefined;
  /**
   * The ARN of the policy that limits the permissions of the role.
   *
   * @default - no boundary
   */
  readonly permissionsBoundary?: string | undefined;
  /**
   * The principals that may assume the role with conditions of their own. Each is a statement of the trust policy.
   *
   * @default - none
   */
  readonly principalTrusts?: readonly PrincipalTrust[] | undefined;
  /**
   * The users of SAML identity providers that may assume the role. Each is a statement of the trust policy.
   *
   * @default - none
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_saml.html
   */
  readonly samlTrusts?: readonly SamlTrust[] | undefined;
  /**
   * The session names that a trusted principal may give: 2 to 64 characters, or `${aws:username}`, the name of the IAM user that
   * assumes the role. In the Data API, the owner of a SQL statement is the role with its session name, and the caller of AssumeRole
   * chooses that name. Without `sessionNames`, a trusted principal can choose the name of another principal, and so use that
   * principal's SQL statements.
   *
   * @default - any
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#ck_rolesessionname
   */
  readonly sessionNames?: readonly string[] | undefined;
  /**
   * The principals that may assume the role. If one is an account root, the IAM policies of that account decide who may.
   *
   * @default - none; then there are trusted services, or trusts with conditions
   */
  readonly trustedPrincipals?: readonly Identity[] | undefined;
  /**
   * The AWS services that may assume the role for the role's account, such as lambda.amazonaws.com.
   *
   * @default - none; then there are trusted principals, or trusts with conditions
   */
  readonly trustedServices?: readonly string[] | undefined;
}

/** @internal */
export const DATA_API_ROLE_PROPS = propRules("DataApiRoleProps", {
  roleName: unique(required(text(rules.ROLE_NAME)), "account"),
  accountId: text(rules.ACCOUNT_ID),
  databaseGroups: decision(list(rules.DATABASE_GROUP, "group")),
  databaseRoles: decision(list(rules.DATABASE_ROLE, "role")),
  description: text(rules.ROLE_DESCRIPTION),
  externalId: text(rules.EXTERNAL_ID),
  maxSessionDuration: number(rules.MAX_SESSION_DURATION, 3600),
  oidcTrusts: trusts(OIDC_TRUST_PROPS),
  partition: text(rules.PARTITION),
  path: text(rules.ROLE_PATH, "/"),
  permissionsBoundary: text(rules.POLICY_ARN),
  principalTrusts: trusts(PRINCIPAL_TRUST_PROPS),
  samlTrusts: trusts(SAML_TRUST_PROPS),
  sessionNames: decision(list(rules.TRUSTED_SESSION_NAME, "session name")),
  trustedPrincipals: identities(),
  trustedServices: decision(list(rules.SERVICE_PRINCIPAL)),
  ...TAGGED_RESOURCE_PROPS,
} satisfies PropRules<DataApiRoleProps>);

/** The props that become a tag of the role, with the key of the tag. Redshift reads these tags. */
const DATABASE_TAGS = [
  ["databaseGroups", "RedshiftDbGroups"],
  ["databaseRoles", "RedshiftDbRoles"],
] as const;
const MAX_TAG = 256;

export function checkRoleProps(where: Construct, props: DataApiRoleProps): void {
  checkProps(
    where,
    props,
    DATA_API_ROLE_PROPS,
    (given) => checkConsistency(where, given),
    ({ accountId, partition, permissionsBoundary }) =>
      checkPlace(where, "permissionsBoundary", permissionsBoundary, { accountId, partition }),
    (given) => checkDatabaseTags(where, given),
    (given) => checkIdentities(where, "trustedPrincipals", given.trustedPrincipals, given.partition),
    (given) => checkTrusted(where, given),
    (given) => checkTrusts(where, given, given),
    (given) => checkTrustedOnce(where, given),
  );
}

function checkDatabaseTags(where: Construct, props: DataApiRoleProps): void {
  const { tags = {} } = props;
  for (const [prop, tag] of DATABASE_TAGS) {
    const both = Object.keys(tags).find((key) => key.toLowerCase() === tag.toLowerCase());
    if (props[prop] !== undefined && !known(tags)) {
      fail(where, "tags", `be a map of known keys, because '${prop}' is given`, "a map token");
    }
    if (props[prop] !== undefined && both !== undefined) {
      fail(where, `tags.${both}`, `be left out, because '${prop}' is given`, tags[both]);
    }
    const value = props[prop]?.join(":");
    if (value !== undefined && known(value) && value.length > MAX_TAG) {
      fail(where, prop, `have at most ${MAX_TAG} characters in all, with a colon between two names`, props[prop]);
    }
  }
  check(where, "tags", tagsOf(props), rules.TAGS);
  const [[cause] = ["tags"]] = DATABASE_TAGS.filter(([prop]) => props.tags === undefined && props[prop] !== undefined);
  checkDefaultTags(where, cause, tagsOf(props), props.provider);
}

/** Returns the tags of the role, with the tags for database groups and database roles. */
export function tagsOf(props: DataApiRoleProps): Readonly<Record<string, string>> | undefined {
  const databaseTags = DATABASE_TAGS.filter(([prop]) => props[prop] !== undefined).map(
    ([prop, tag]) => [tag, props[prop]!.join(":")] as const,
  );
  return databaseTags.length === 0 ? props.tags : { ...props.tags, ...Object.fromEntries(databaseTags) };
}

/**
 * Refuses a principal of `principalTrusts` that is also in `trustedPrincipals`: it could assume the role without the conditions
 * of its trust.
 */
function checkTrustedOnce(where: Where, { principalTrusts = [], trustedPrincipals = [] }: DataApiRoleProps): void {
  const trusted = new Set(trustedPrincipals.map(({ arn }) => arn));
  principalTrusts.forEach(({ principals }, index) =>
    principals.forEach(({ arn }, at) => {
      if (trusted.has(arn)) {
        const must = "not be in 'trustedPrincipals' too: they may assume the role without these conditions";
        fail(where, `principalTrusts[${index}].principals[${at}]`, must, arn);
      }
    }),
  );
}

function checkTrusted(where: Where, props: DataApiRoleProps): void {
  const { externalId, oidcTrusts, principalTrusts, samlTrusts, sessionNames, trustedPrincipals = [] } = props;
  const others = [props.trustedServices, oidcTrusts, principalTrusts, samlTrusts];
  if (trustedPrincipals.length > 0) {
    return;
  }
  if (others.every((trusted = []) => trusted.length === 0)) {
    fail(
      where,
      "trustedPrincipals",
      "name a principal that may assume the role, unless 'trustedServices' names a service, or one of 'oidcTrusts', " +
        "'principalTrusts' and 'samlTrusts' has a trust",
      trustedPrincipals,
    );
  }
  if (externalId !== undefined) {
    fail(where, "externalId", "be given only with 'trustedPrincipals': only these principals must send it", externalId);
  }
  if (sessionNames !== undefined) {
    fail(where, "sessionNames", "be given only with 'trustedPrincipals': it limits only their sessions", sessionNames);
  }
}
