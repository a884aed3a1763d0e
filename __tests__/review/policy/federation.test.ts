import { allowsGuests, identityProviders, limitsUsers } from "../../../review/policy/federation";
import type { Condition, Statement } from "../../../review/policy/statement";

const provider = (host: string): string => `arn:aws:iam::111122223333:oidc-provider/${host}`;
const SAML = "arn:aws:iam::111122223333:saml-provider/a";
const COGNITO = "cognito-identity.amazonaws.com";
const under = (Condition: Condition): Statement => ({ Condition, Effect: "Allow", Principal: { Federated: COGNITO } });
const equal = (key: string, value = "a"): Statement => under({ StringEquals: { [key]: value } });

test.each([
  ["accounts.google.com", "accounts.google.com:sub", true],
  ["accounts.google.com", "accounts.google.com:aud", true],
  ["accounts.google.com", "accounts.google.com:amr", false],
  [COGNITO, `${COGNITO}:aud`, true],
  [COGNITO, `${COGNITO}:sub`, true],
  [COGNITO, `${COGNITO}:amr`, false],
  ["cognito-identity-us-gov.amazonaws.com", "cognito-identity-us-gov.amazonaws.com:aud", true],
  ["cognito-identity.cn-north-1.amazonaws.com.cn", "cognito-identity.cn-north-1.amazonaws.com.cn:aud", true],
  ["accounts.google.com", "accounts.google.com:email", false],
  [COGNITO, `${COGNITO}:name`, false],
  ["graph.facebook.com", "graph.facebook.com:name", false],
  ["www.amazon.com", "www.amazon.com:name", false],
  ["graph.facebook.com", "graph.facebook.com:app_id", true],
  ["graph.facebook.com", "graph.facebook.com:id", true],
  ["www.amazon.com", "www.amazon.com:app_id", true],
  ["www.amazon.com", "www.amazon.com:user_id", true],
  ["www.amazon.com", "graph.facebook.com:app_id", false],
  [provider("token.actions.githubusercontent.com"), "token.actions.githubusercontent.com:aud", false],
  [provider("token.actions.githubusercontent.com"), "token.actions.githubusercontent.com:repository_id", true],
  [provider("token.actions.githubusercontent.com"), "token.actions.githubusercontent.com:ref", false],
  [provider("Token.Actions.GitHubUserContent.com"), "token.actions.githubusercontent.com:ref", false],
  [provider("OIDC.example.com/id/1"), "oidc.example.com/id/1:sub", true],
  [provider("oidc.example.com/id/1"), "oidc.example.com/id/1:groups", true],
  [provider("oidc.example.com/id/1"), "oidc.example.com/id/1:aud", false],
  [provider("oidc.example.com/id/1"), "oidc.example.com/id/1:amr", false],
  [provider("oidc.example.com/id/1"), "oidc.example.com/id/2:sub", false],
  [SAML, "saml:aud", true],
  [SAML, "aws:RequestTag/saml:aud", false],
])("the users of %s are limited by %s: %j", (host, key, isLimit) => {
  expect(limitsUsers(equal(key), [host])).toBe(isLimit);
});

test("a limit must be for each provider, and must have a value that limits the users", () => {
  const google = "accounts.google.com";
  expect(limitsUsers(equal(`${google}:sub`), [google, COGNITO])).toBe(false);
  expect(
    limitsUsers(under({ StringEquals: { [`${google}:sub`]: "a", [`${COGNITO}:sub`]: "b" } }), [google, COGNITO]),
  ).toBe(true);
  expect(limitsUsers(under({ StringNotEquals: { [`${google}:sub`]: "a" } }), [google])).toBe(false);
});

test.each([
  ["accounts.google.com:aud", "*.apps.googleusercontent.com", false],
  [`${COGNITO}:aud`, "us-east-1:*", false],
  ["cognito-identity-us-gov.amazonaws.com:aud", "us-gov-west-1:*", false],
  ["graph.facebook.com:app_id", "1*", false],
  ["graph.facebook.com:id", "1*", false],
  ["www.amazon.com:app_id", "amzn1.application-oa2-client.*", false],
  ["www.amazon.com:user_id", "amzn1.account.?*", false],
  [`${COGNITO}:aud`, "us-east-1:0f1e2d3c-4b5a-4978-8796-a5b4c3d2e1f0", true],
  ["oidc.example.com:groups", "a*", true],
  ["saml:aud", "https://*.signin.aws.amazon.com/saml", true],
])("a pattern is no limit of a claim that everybody can have: %s like %s", (key, value, isLimit) => {
  const [host] = key.split(/:(?=[a-z_]+$)/) as [string];
  const name = host === "saml" ? SAML : host.startsWith("oidc") ? provider(host) : host;
  expect(limitsUsers(under({ StringLike: { [key]: value } }), [name])).toBe(isLimit);
});

test.each<[boolean, string, Condition]>([
  [true, COGNITO, { StringEquals: { [`${COGNITO}:amr`]: "unauthenticated" } }],
  [true, COGNITO, { "ForAnyValue:StringLike": { [`${COGNITO}:amr`]: ["authenticated", "un*"] } }],
  [false, COGNITO, { StringEquals: { [`${COGNITO}:amr`]: "authenticated" } }],
  [false, COGNITO, { StringNotEquals: { [`${COGNITO}:amr`]: "unauthenticated" } }],
  [true, COGNITO, { StringEquals: { [`${COGNITO}:aud`]: "us-east-1:a" } }],
  [true, COGNITO, { Null: { [`${COGNITO}:amr`]: "false" } }],
  [true, COGNITO, { StringNotEquals: { [`${COGNITO}:amr`]: "authenticated" } }],
  [false, COGNITO, { "ForAnyValue:StringEquals": { [`${COGNITO}:amr`]: "graph.facebook.com" } }],
  [false, COGNITO, { "ForAllValues:StringLike": { [`${COGNITO}:amr`]: "auth*" } }],
  [false, COGNITO, { StringEquals: { [`${COGNITO}:sub`]: "us-east-1:b" } }],
  [true, COGNITO, { StringLike: { [`${COGNITO}:sub`]: "us-east-1:*" } }],
  [true, "cognito-identity-us-gov.amazonaws.com", { StringEquals: { [`${COGNITO}:amr`]: "authenticated" } }],
  [false, "accounts.google.com", { StringEquals: { [`${COGNITO}:amr`]: "unauthenticated" } }],
])("allowsGuests returns %j for %s and %j", (allows, host, condition) => {
  expect(allowsGuests(under(condition), ["accounts.google.com", host])).toBe(allows);
});

test("a statement has the identity providers of Federated", () => {
  expect(identityProviders(equal("a"))).toStrictEqual([COGNITO]);
  expect(identityProviders({ Effect: "Allow", Principal: "*" })).toStrictEqual([]);
  const Federated = [COGNITO, "unknown until apply", "sensitive"];
  expect(identityProviders({ Effect: "Allow", Principal: { Federated } })).toStrictEqual([COGNITO]);
});
