import { UNSHOWN } from "../plan/document";
import { conditionTests, GITHUB, GITHUB_CLAIMS, isLimited, limitingValues, outcomeOf } from "./condition";
import { PatternIndex } from "./pattern-index";
import { CALLER_LIMITS } from "./principals";
import { asArray, type Statement } from "./statement";

const COGNITO = "cognito-identity.amazonaws.com";

/**
 * Identity providers that everybody can use, each with the claims that limit its users. The audience (`aud` or `app_id`) limits the
 * users if it is one application.
 */
const WEB_IDENTITY: ReadonlyMap<string, readonly string[]> = new Map([
  ["accounts.google.com", ["aud", "sub"]],
  [COGNITO, ["aud", "sub"]],
  ["graph.facebook.com", ["app_id", "id"]],
  // A branch, an environment or a workflow of any name can be in the repository of anybody.
  [GITHUB, ["sub", ...GITHUB_CLAIMS.keys()]],
  ["www.amazon.com", ["app_id", "user_id"]],
]);

/** Returns the identity providers of a statement that the plan shows, as ARNs or names. */
export function identityProviders({ Principal }: Statement): readonly string[] {
  const providers = typeof Principal === "object" ? asArray(Principal.Federated) : [];
  return providers.filter((provider) => !UNSHOWN.includes(provider));
}

/**
 * Whether conditions limit the users of each of these identity providers. The audience of another OIDC provider is no limit: it is
 * the same for all who use the provider with AWS.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
 */
export function limitsUsers(statement: Statement, providers: readonly string[]): boolean {
  const hosts = new Set(providers.map(hostOf));
  const index = new PatternIndex([...hosts].map((host) => ({ pattern: `${host}:`, value: host })));
  const limited = conditionTests(statement)
    .filter(({ originalKey }) => limitingValues(statement, originalKey) !== undefined)
    .flatMap(({ key }) => index.candidates(key).filter((host) => isLimitingKey(key, host)));
  return new Set(limited).size === hosts.size;
}

/**
 * Returns words for the users of identity providers that everybody can use, if conditions limit neither the users nor their roles. In
 * a policy of a resource, they have a role of any account.
 */
export function publicUsers(statement: Statement): readonly string[] {
  const providers = identityProviders(statement).filter((provider) => !provider.startsWith("arn:"));
  const isLimitedToUsers = limitsUsers(statement, providers) || isLimited(statement, CALLER_LIMITS);
  return isLimitedToUsers ? [] : providers.map((provider) => `the users of ${provider}`);
}

/**
 * Whether a statement does not exclude the guests of a Cognito identity pool. Everybody who has the ID of the pool can be a guest.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/role-trust-and-permissions.html
 */
export function allowsGuests(statement: Statement, providers: readonly string[]): boolean {
  return providers.some(
    (provider) =>
      isCognito(provider) &&
      limitingValues(statement, `${provider}:sub`) === undefined &&
      outcomeOf(statement, { [`${provider}:amr`]: "unauthenticated" }) !== "unmet",
  );
}

/** Whether a provider is Cognito, whose name has another part in China and in AWS GovCloud (US). */
function isCognito(provider: string): boolean {
  return /^cognito-identity[-.]/.test(provider);
}

/** Returns the name that a condition key of a provider has before the claim, in lower case. */
function hostOf(provider: string): string {
  const [, host = provider] = /:oidc-provider\/(.+)$/.exec(provider) ?? [];
  return provider.includes(":saml-provider/") ? "saml" : host.toLowerCase();
}

/** Whether a condition key is a claim of a provider, and not all users of the provider share the value of this claim. */
function isLimitingKey(key: string, host: string): boolean {
  const claim = key.startsWith(`${host}:`) ? key.slice(host.length + 1) : undefined;
  const claims = WEB_IDENTITY.get(isCognito(host) ? COGNITO : host);
  return (
    claim !== undefined && (claims ? claims.includes(claim) : host === "saml" || (claim !== "aud" && claim !== "amr"))
  );
}
