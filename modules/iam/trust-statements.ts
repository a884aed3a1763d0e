import { Fn, Token } from "cdktf";
import { known } from "../private/checks";
import { groupBy } from "../private/group-by";
import { canonical, type PolicyStatement } from "../private/statement";
import type { DataApiRoleProps } from "./data-api-role-props";
import { type OidcTrust, samlAudiences, type SamlTrust, type TrustedSessionOptions } from "./role-trust";

type Conditions = Readonly<Record<string, string | readonly string[]>>;
type Principals = Readonly<Record<"AWS" | "Federated", readonly string[]>>;

/** A trust as the parts of its statements. */
interface Trust {
  readonly sid: string;
  readonly action: string;
  readonly equals: Conditions;
  readonly like: Conditions;
  readonly principals: Partial<Principals>;
  readonly sessions: TrustedSessionOptions;
}

/** The statements of a trust policy. */
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

/** One statement for the trusted principals, and one for the trusted services. */
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
    // A service may give the account that it works for. Then it must be the role's.
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

/** The parts of a trust in users of an identity provider, whose condition keys have a prefix. */
function federatedTrust(
  trust: OidcTrust | SamlTrust,
  prefix: string,
  audiences: readonly string[],
): Pick<Trust, "equals" | "like" | "principals" | "sessions"> {
  const { providerArn, sessionNames, subjects } = trust;
  const subject = subjects === undefined ? {} : { [`${prefix}:sub`]: canonical(subjects) };
  // StringLike compares a value without wildcards as StringEquals does.
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
 * The prefix of the condition keys of an OIDC provider: its URL without the scheme.
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
 * A statement for each value of a setting of sessions, for the principals of the trusts that have the value. STS judges each action of
 * a request with its own condition keys, so none of the other conditions can be in the statement.
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
