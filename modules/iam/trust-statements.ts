import { Fn, Token } from "cdktf";
import { known } from "../private/checks";
import { groupBy } from "../private/group-by";
import { canonical, type PolicyStatement } from "../private/statement";
import type { DataApiRoleProps } from "./data-api-role-props";
import { type OidcTrust, samlAudiences, type SamlTrust, type TrustedSessionOptions } from "./role-trust";

type Conditions = Readonly<Record<string, string | readonly string[]>>;
type Principals = Readonly<Record<"AWS" | "Federated", readonly string[]>>;

/** One trust, split into the parts of its statements. */
interface Trust {
  readonly sid: string;
  readonly action: string;
  readonly equals: Conditions;
  readonly like: Conditions;
  readonly principals: Partial<Principals>;
  readonly sessions: TrustedSessionOptions;
}

/** Returns the statements of the role's trust policy. */
export function trustStatements(props: DataApiRoleProps, accountId: string): readonly PolicyStatement[] {
  const trusts = trustsOf(props);
  return [
    ...simpleStatements(props, accountId),
    ...trusts.map(assumeStatement),
    ...sessionStatements(trusts, "sessionTags", (keys, index) => ({
      Sid: `AllowSessionTags${index}`,
      Action: "sts:TagSession",
      Condition: { "ForAllValues:StringEquals": { "aws:TagKeys": keys } },
    })),
    ...sessionStatements(trusts, "sourceIdentities", (identities, index) => ({
      Sid: `AllowSourceIdentity${index}`,
      Action: "sts:SetSourceIdentity",
      Condition: { StringLike: { "sts:SourceIdentity": identities } },
    })),
  ];
}

/** Returns a statement for `trustedPrincipals`, and one for `trustedServices`; none for an empty list. */
function simpleStatements(
  { externalId, sessionNames, trustedPrincipals = [], trustedServices = [] }: DataApiRoleProps,
  accountId: string,
): readonly PolicyStatement[] {
  const requested = requestConditions(externalId, sessionNames);
  const principals: PolicyStatement = {
    Sid: "AllowTrustedPrincipals",
    Effect: "Allow",
    Principal: { AWS: canonical(trustedPrincipals.map(({ arn }) => arn)) },
    Action: "sts:AssumeRole",
    Condition: Object.keys(requested).length === 0 ? undefined : { StringEquals: requested },
  };
  const services: PolicyStatement = {
    Sid: "AllowTrustedServices",
    Effect: "Allow",
    Principal: { Service: canonical(trustedServices) },
    Action: "sts:AssumeRole",
    // IfExists, because a service may send no source account. If it sends one, it must be the account of the role.
    Condition: { StringEqualsIfExists: { "aws:SourceAccount": accountId } },
  };
  return [...(trustedPrincipals.length === 0 ? [] : [principals]), ...(trustedServices.length === 0 ? [] : [services])];
}

function requestConditions(externalId: string | undefined, sessionNames: readonly string[] | undefined): Conditions {
  return {
    ...(externalId === undefined ? {} : { "sts:ExternalId": externalId }),
    ...(sessionNames === undefined ? {} : { "sts:RoleSessionName": canonical(sessionNames) }),
  };
}

function trustsOf({
  oidcTrusts = [],
  partition,
  principalTrusts = [],
  samlTrusts = [],
}: DataApiRoleProps): readonly Trust[] {
  return [
    ...principalTrusts.map((trust, index) => ({
      sid: `AllowPrincipals${index + 1}`,
      action: "sts:AssumeRole",
      equals: requestConditions(trust.externalId, trust.sessionNames),
      like: {},
      principals: { AWS: trust.principals.map(({ arn }) => arn) },
      sessions: trust,
    })),
    ...oidcTrusts.map((trust, index) => ({
      sid: `AllowOidcUsers${index + 1}`,
      action: "sts:AssumeRoleWithWebIdentity",
      ...federatedTrust(trust, claimsOf(trust.providerArn), trust.audiences),
    })),
    ...samlTrusts.map((trust, index) => ({
      sid: `AllowSamlUsers${index + 1}`,
      action: "sts:AssumeRoleWithSAML",
      ...federatedTrust(trust, "SAML", samlAudiences(trust, partition)!),
    })),
  ];
}

/** Returns the parts of a trust in an identity provider. The condition keys of the provider begin with `prefix`, such as `SAML`. */
function federatedTrust(
  trust: OidcTrust | SamlTrust,
  prefix: string,
  audiences: readonly string[],
): Pick<Trust, "equals" | "like" | "principals" | "sessions"> {
  const { providerArn, sessionNames, subjects } = trust;
  const subject = subjects === undefined ? {} : { [`${prefix}:sub`]: canonical(subjects) };
  // Without wildcards StringLike would compare like StringEquals, so the simpler operator is used.
  const isPattern = subjects?.some((value) => /[*?]/.test(value)) === true;
  return {
    equals: {
      [`${prefix}:aud`]: canonical(audiences),
      ...(isPattern ? {} : subject),
      ...requestConditions(undefined, sessionNames),
    },
    like: isPattern ? subject : {},
    principals: { Federated: [providerArn] },
    sessions: trust,
  };
}

/**
 * Returns the prefix of the condition keys of an OIDC provider: its URL without the scheme.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
 */
function claimsOf(providerArn: string): string {
  const separator = ":oidc-provider/";
  return known(providerArn)
    ? providerArn.slice(providerArn.indexOf(separator) + separator.length)
    : Token.asString(Fn.element(Fn.split(separator, providerArn), 1));
}

function assumeStatement({ action, equals, like, principals, sessions, sid }: Trust): PolicyStatement {
  const { sourceIdentities } = sessions;
  const patterns = {
    ...like,
    ...(sourceIdentities === undefined ? {} : { "sts:SourceIdentity": canonical(sourceIdentities) }),
  };
  const condition = {
    ...(Object.keys(equals).length === 0 ? {} : { StringEquals: equals }),
    ...(Object.keys(patterns).length === 0 ? {} : { StringLike: patterns }),
  };
  return {
    Sid: sid,
    Effect: "Allow",
    Principal: principalElement([principals]),
    Action: action,
    Condition: Object.keys(condition).length === 0 ? undefined : condition,
  };
}

/**
 * Returns a statement for each distinct value of `setting`, with the principals of all trusts that have this value. STS evaluates
 * each action of a request with the condition keys of this action only, so that the statement must not have the conditions of the
 * trust.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html
 */
function sessionStatements(
  trusts: readonly Trust[],
  setting: "sessionTags" | "sourceIdentities",
  statementOf: (
    values: string | readonly string[],
    index: number,
  ) => Pick<PolicyStatement, "Action" | "Condition" | "Sid">,
): readonly PolicyStatement[] {
  const withSetting = trusts.filter(({ sessions }) => sessions[setting] !== undefined);
  const groups = groupBy(withSetting, ({ sessions }) => JSON.stringify(canonical(sessions[setting]!)));
  return [...groups.values()].map((group, index) => {
    const { Action, Condition, Sid } = statementOf(canonical(group[0]!.sessions[setting]!), index + 1);
    const Principal = principalElement(group.map(({ principals }) => principals));
    return { Sid, Effect: "Allow", Principal, Action, Condition };
  });
}

function principalElement(principals: readonly Partial<Principals>[]): PolicyStatement["Principal"] {
  const types = (["AWS", "Federated"] as const).filter((type) => principals.some((one) => one[type] !== undefined));
  return Object.fromEntries(types.map((type) => [type, canonical(principals.flatMap((one) => one[type] ?? []))]));
}
