import {
  arnPart,
  checkAll,
  checkKnownList,
  checkPart,
  checkPartition,
  fail,
  isOfOtherAccount,
  known,
  type Where,
} from "../private/checks";
import {
  checkProps,
  code,
  decision,
  list,
  type OptionalRule,
  propRules,
  type PropRules,
  type PropSet,
  required,
  text,
} from "../private/prop-rules";
import type { Rule } from "../private/rule";
import * as rules from "../private/rules";
import { checkIdentities, identities, type Identity } from "./identity";

/** The sessions that a trust allows. */
export interface TrustedSessionOptions {
  /**
   * The session names that a user may give: 2 to 64 characters. In the Data API, the owner of a SQL statement is the role with its
   * session name, and the user chooses that name. For a principal, `${aws:username}` is the name of the IAM user.
   *
   * @default - any
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#ck_rolesessionname
   */
  readonly sessionNames?: readonly string[] | undefined;
  /**
   * The keys of the tags that a session may pass: 1 to 128 characters. A session tag overrides a tag of the role, so a user whose
   * session may pass `RedshiftDbRoles` or `RedshiftDbGroups` chooses the database roles or groups.
   *
   * @default - none: IAM refuses a session that passes tags
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
   */
  readonly sessionTags?: readonly string[] | undefined;
  /**
   * The allowed source identities: 2 to 64 characters, with `*` and `?` as wildcards. A session must set one; `*` is any. For a
   * principal, `${aws:username}` is the name of the IAM user.
   *
   * @default - none: IAM refuses a session that sets a source identity
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html
   */
  readonly sourceIdentities?: readonly string[] | undefined;
}

/** A trust in IAM principals, with conditions. */
export interface PrincipalTrust extends TrustedSessionOptions {
  /** The principals that may assume the role. If one is an account root, the IAM policies of that account decide who may. */
  readonly principals: readonly Identity[];
  /**
   * The value that a principal must give as `sts:ExternalId`: 2 to 1,224 characters.
   *
   * @default - none is required
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html
   */
  readonly externalId?: string | undefined;
}

/**
 * A trust in users of an OIDC identity provider, such as service accounts of EKS or workflows of GitHub Actions.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html
 */
export interface OidcTrust extends TrustedSessionOptions {
  /** The ARN of the identity provider in IAM, in the account and the partition of the role. */
  readonly providerArn: string;
  /** The values of the claim `aud`: 1 to 255 characters, without wildcards. For EKS and GitHub Actions: `sts.amazonaws.com`. */
  readonly audiences: readonly string[];
  /**
   * The values of the claim `sub`, such as `system:serviceaccount:NAMESPACE:NAME` or `repo:OWNER/REPOSITORY:environment:NAME`: 1 to
   * 255 characters. `*` and `?` are wildcards, but not in the first two parts: other organizations use the same provider. A
   * Terraform expression has no wildcards.
   *
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html
   */
  readonly subjects: readonly string[];
}

/**
 * A trust in users of a SAML identity provider. The provider decides which users get the role: its assertion names the role.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_saml.html
 */
export interface SamlTrust extends TrustedSessionOptions {
  /** The ARN of the identity provider in IAM, in the account and the partition of the role. */
  readonly providerArn: string;
  /**
   * The sign-in URLs that receive the assertion (`SAML:aud`), such as `https://eu-west-1.signin.aws.amazon.com/saml`.
   *
   * @default - the partition's sign-in URL without a Region, if it is aws, aws-cn or aws-us-gov
   * @see https://docs.aws.amazon.com/general/latest/gr/signin-service.html
   */
  readonly audiences?: readonly string[] | undefined;
  /**
   * The names of users (`SAML:sub`): 1 to 255 characters, with `*` and `?` as wildcards.
   *
   * @default - each user to whom the provider gives the role
   */
  readonly subjects?: readonly string[] | undefined;
}

/** The props of a role that are lists of trusts. */
interface RoleTrusts {
  readonly oidcTrusts?: readonly OidcTrust[] | undefined;
  readonly principalTrusts?: readonly PrincipalTrust[] | undefined;
  readonly samlTrusts?: readonly SamlTrust[] | undefined;
}

const sessionRules = (sessionName: Rule, sourceIdentity: Rule) => ({
  sessionNames: decision(list(sessionName, "session name")),
  sessionTags: decision(list(rules.SESSION_TAG, "tag key")),
  sourceIdentities: decision(list(sourceIdentity, "source identity")),
});
const FEDERATED_SESSION_RULES = sessionRules(rules.SESSION_NAME, rules.SOURCE_IDENTITY);

/** @internal */
export const PRINCIPAL_TRUST_PROPS = propRules("PrincipalTrust", {
  principals: required(identities("principal")),
  externalId: text(rules.EXTERNAL_ID),
  ...sessionRules(rules.TRUSTED_SESSION_NAME, rules.TRUSTED_SOURCE_IDENTITY),
} satisfies PropRules<PrincipalTrust>);

const BOTH_CLAIMS = "only 'audiences' (aud) and 'subjects' (sub) together limit the users of a provider";
const EXAMPLES_OF_SUBJECTS =
  "system:serviceaccount:NAMESPACE:NAME (EKS) or repo:OWNER/REPOSITORY:environment:NAME (GitHub Actions)";
/** @internal */
export const OIDC_TRUST_PROPS = propRules("OidcTrust", {
  providerArn: required(text(rules.OIDC_PROVIDER_ARN)),
  audiences: required(decision(list(rules.OIDC_AUDIENCE, `audience, such as sts.amazonaws.com: ${BOTH_CLAIMS}`))),
  subjects: required(decision(list(rules.OIDC_SUBJECT, `subject, such as ${EXAMPLES_OF_SUBJECTS}: ${BOTH_CLAIMS}`))),
  ...FEDERATED_SESSION_RULES,
} satisfies PropRules<OidcTrust>);

/** @internal */
export const SAML_TRUST_PROPS = propRules("SamlTrust", {
  providerArn: required(text(rules.SAML_PROVIDER_ARN)),
  audiences: decision(list(rules.SAML_AUDIENCE, "sign-in URL")),
  subjects: decision(list(rules.SAML_SUBJECT, "subject")),
  ...FEDERATED_SESSION_RULES,
} satisfies PropRules<SamlTrust>);

/** The sign-in URL of each partition: https://docs.aws.amazon.com/general/latest/gr/signin-service.html */
const SIGN_IN_URLS: Readonly<Record<string, string>> = {
  aws: "https://signin.aws.amazon.com/saml",
  "aws-cn": "https://signin.amazonaws.cn/saml",
  "aws-us-gov": "https://signin.amazonaws-us-gov.com/saml",
};

/**
 * Returns the audiences of a SAML trust: the given ones, or the sign-in URL of the partition. Undefined if they are not given,
 * and the sign-in URL is unknown.
 */
export function samlAudiences(
  { audiences, providerArn }: SamlTrust,
  partition: string | undefined,
): readonly string[] | undefined {
  const url = SIGN_IN_URLS[arnPart(providerArn, 1) ?? partition ?? ""];
  return audiences ?? (url === undefined ? undefined : [url]);
}

/** Returns the rule of a prop that is a list of trusts, whose props follow the rules of `set`. */
export function trusts<R extends object>(set: PropSet<R>): OptionalRule<never> {
  const check = (where: Where, prop: string, value: unknown): void => {
    checkKnownList(where, prop, value as readonly object[]);
    checkAll(
      ...(value as readonly object[]).map(
        (trust, index) => () => checkPart(where, `${prop}[${index}]`, () => checkProps(where, trust, set)),
      ),
    );
  };
  return { ...code(), check };
}

/** Checks the partition and account of each trust against the role, and refuses trusts that contradict each other. */
export function checkTrusts(
  where: Where,
  { oidcTrusts = [], principalTrusts = [], samlTrusts = [] }: RoleTrusts,
  role: { readonly accountId?: string | undefined; readonly partition?: string | undefined },
): void {
  principalTrusts.forEach(({ principals }, index) =>
    checkIdentities(where, `principalTrusts[${index}].principals`, principals, role.partition),
  );
  Object.entries({ oidcTrusts, samlTrusts }).forEach(([prop, list]) =>
    list.forEach(({ providerArn }, index) => checkProvider(where, `${prop}[${index}].providerArn`, providerArn, role)),
  );
  samlTrusts.forEach((trust, index) => {
    if (samlAudiences(trust, role.partition) === undefined) {
      const must = "name a sign-in URL, because no URL is known for the partition of the provider";
      fail(where, `samlTrusts[${index}].audiences`, must, trust.audiences);
    }
  });
  checkSessions(where, [
    ...principalTrusts.map((trust, index) => ({
      prop: `principalTrusts[${index}]`,
      trust,
      users: trust.principals.map(({ arn }) => arn),
    })),
    ...oidcTrusts.map((trust, index) => ({ prop: `oidcTrusts[${index}]`, trust, users: [trust.providerArn] })),
    ...samlTrusts.map((trust, index) => ({ prop: `samlTrusts[${index}]`, trust, users: [trust.providerArn] })),
  ]);
}

function checkProvider(
  where: Where,
  prop: string,
  providerArn: string,
  { accountId, partition }: { readonly accountId?: string | undefined; readonly partition?: string | undefined },
): void {
  checkPartition(where, prop, providerArn, partition);
  // https://docs.aws.amazon.com/eks/latest/userguide/cross-account-access.html
  if (isOfOtherAccount(providerArn, accountId)) {
    const must = `be in the role's account, ${accountId}: create the identity provider there`;
    fail(where, prop, must, providerArn);
  }
}

/**
 * Refuses two trusts in the same principal or identity provider whose `sessionTags` or `sourceIdentities` differ. IAM evaluates
 * `sts:TagSession` and `sts:SetSourceIdentity` without the conditions of `sts:AssumeRole`, so that one trust would also allow the
 * tags and identities of the other.
 */
function checkSessions(
  where: Where,
  trusts: readonly {
    readonly prop: string;
    readonly trust: TrustedSessionOptions;
    readonly users: readonly string[];
  }[],
): void {
  const sessionsOf = new Map<string, string>();
  for (const { prop, trust, users } of trusts) {
    const { sessionTags, sourceIdentities } = trust;
    const sessions = JSON.stringify({ sessionTags, sourceIdentities });
    for (const user of users.filter(known)) {
      if ((sessionsOf.get(user) ?? sessions) !== sessions) {
        const must = `have the same 'sessionTags' and 'sourceIdentities' as the earlier trust in ${user}`;
        fail(where, prop, must, { sessionTags, sourceIdentities });
      }
      sessionsOf.set(user, sessions);
    }
  }
}
