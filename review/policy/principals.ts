import { UNSHOWN } from "../plan/document";
import { memoized } from "../plan/memoized";
import { type ConditionTest, limitingValues } from "./condition";
import { asArray, awsPrincipals, hasWildcard, isForEverybody, servicePrincipals, type Statement } from "./statement";

/** Whether a principal is an account ID, which stands for the root of the account. */
export function isAccount(principal: string): boolean {
  return /^\d{12}$/.test(principal);
}

/** Returns the account of an account ID, or of the ARN of an identity. */
export const accountOf = memoized((principal): string | undefined =>
  isAccount(principal) ? principal : /^arn:[^:]+:(?:iam|sts)::(\d{12}):/.exec(principal)?.[1],
);

/** Whether a principal is the root of an account. The account can be unknown. */
export function isRoot(principal: string): boolean {
  return /:root$|^the root /.test(principal);
}

/** Whether a principal is the ARN of a role, a user or a session of a role, or a pattern of such ARNs. */
export function isIdentity(principal: string): boolean {
  return /^arn:[^:]+:(?:iam::\d{12}:(?:role|user)|sts::\d{12}:assumed-role)\//.test(principal);
}

/** Whether a principal has a wildcard, which KMS refuses outside of conditions. */
export function isPattern(principal: string): boolean {
  return principal !== "*" && hasWildcard(principal);
}

/** Whether a principal is the ID of a role or user. AWS puts it in place of the ARN if the role or user is deleted. */
export function isUniqueId(principal: string): boolean {
  return /^A(?:IDA|ROA)[A-Z0-9]+$/.test(principal);
}

/**
 * The principals of AWS policies: everybody, accounts, roots, roles and users with their paths, and sessions.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
const PRINCIPAL =
  /^(?:\*|\d{12}|arn:[a-z-]+:(?:iam::\d{12}:(?:root|(?:role|user)\/(?:[!-~]*\/)?[\w+=,.@-]+)|iam::cloudfront:user\/.+|sts::\d{12}:(?:assumed-role\/[\w+=,.@-]+|federated-user)\/[\w+=,.@-]+))$/;
/** The name of a service, such as redshift.amazonaws.com. */
const SERVICE = /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i;

/** Whether a principal is an AWS service. */
export function isService(principal: string): boolean {
  return /^[^:]+\.amazonaws\.com(?:\.cn)?$/.test(principal);
}

/** Whether a name is a group, an access key, an ARN with a mistake or another thing that no policy may name as a principal. */
export function isOtherThing(principal: string): boolean {
  const isUnknown = UNSHOWN.includes(principal) || principal.startsWith("the root ");
  return !isUnknown && !isPattern(principal) && !isUniqueId(principal) && !PRINCIPAL.test(principal);
}

/** Whether a principal is an ARN of another partition. AWS refuses it: a policy can name only principals of its partition. */
function isOfOtherPartition(principal: string, partition: string | undefined): boolean {
  const [, other = partition] = /^arn:([a-z-]+):/.exec(principal) ?? [];
  return partition !== undefined && other !== partition;
}

/**
 * Returns the principals of a statement that AWS refuses: things that are no principal, unique IDs, identities of another
 * partition, patterns, and names of services with a mistake.
 */
export function refusedPrincipals(statement: Statement, partition: string | undefined): readonly string[] {
  const { NotPrincipal, Principal = NotPrincipal } = statement;
  const services = servicePrincipals(Principal);
  return [
    ...[...namedPrincipals(statement)].filter(
      (principal) =>
        [isPattern, isOtherThing, isUniqueId].some((isRefused) => isRefused(principal)) ||
        isOfOtherPartition(principal, partition),
    ),
    ...services
      .filter((service) => !SERVICE.test(service) && !UNSHOWN.includes(service))
      .map((service) => `the service ${service || '""'}`),
  ];
}

/** Returns the ID of an organization whose members are a row of a table; undefined for another principal. */
export function organizationOf(principal: string): string | undefined {
  return /^organization (o-[a-z0-9]+)$/.exec(principal)?.[1];
}

/** Whether a principal stands for callers that no policy names one by one: everybody, an organization, or a pattern. */
export function isClass(principal: string): boolean {
  return principal === "*" || isPattern(principal) || organizationOf(principal) !== undefined;
}

/** Caches of namedPrincipals and principalsIn. */
const NAMED = new WeakMap<Statement, ReadonlySet<string>>();
const PRINCIPALS = new WeakMap<Statement, ReadonlySet<string>>();

/** Returns the IAM principals that a statement names or, with NotPrincipal, excepts. */
export function namedPrincipals(statement: Statement): ReadonlySet<string> {
  const names = NAMED.get(statement) ?? new Set(awsPrincipals(statement.NotPrincipal ?? statement.Principal));
  NAMED.set(statement, names);
  return names;
}

/**
 * Returns the principals whose rows in a table show a statement: those that the statement names or excepts. If a condition on
 * aws:PrincipalArn or aws:PrincipalOrgID limits an Allow statement for everybody or an account, returns the principals of the
 * condition, too, and leaves out `*`.
 */
export function principalsIn(statement: Statement): ReadonlySet<string> {
  const principals = PRINCIPALS.get(statement) ?? new Set(readPrincipals(statement));
  PRINCIPALS.set(statement, principals);
  return principals;
}

function readPrincipals(statement: Statement): readonly string[] {
  const principals = [...namedPrincipals(statement)];
  if (statement.NotPrincipal !== undefined) {
    return ["*", ...principals];
  }
  const limit =
    statement.Effect === "Allow" && !namesIdentitiesOnly(principals) ? limitOfCallers(statement) : undefined;
  return limit === undefined ? principals : [...principals.filter((principal) => principal !== "*"), ...limit];
}

function namesIdentitiesOnly(principals: readonly string[]): boolean {
  return principals.every((principal) => principal !== "*" && !isRoot(principal) && !isAccount(principal));
}

function limitOfCallers(statement: Statement): readonly string[] | undefined {
  return (
    limitingValues(statement, "aws:PrincipalArn") ??
    limitingValues(statement, "aws:PrincipalOrgID")?.map((id) => `organization ${id}`)
  );
}

/** Returns the account of an account ID or of any ARN. */
function accountIn(value: string): string | undefined {
  return isAccount(value) ? value : /^arn:(?:[^:]*:){3}(\d{12}):/.exec(value)?.[1];
}

/** Returns words for the caller that a value of a condition key allows; undefined if the caller is of the account. */
type ForeignCaller = (value: string, account: string | undefined) => string | undefined;

const byAccount: ForeignCaller = (value, account) => {
  const other = accountIn(value);
  return other === undefined || other === account ? undefined : value;
};
const byOrganization: ForeignCaller = (value) => `the accounts of the organization ${value}`;
const byNetwork: ForeignCaller = (value) => `every account through ${value}`;
const byEndpointOwner: ForeignCaller = (value) => `every account through a VPC endpoint of ${value}`;

/**
 * Condition keys that limit the callers of a statement for everybody, each with the words for callers of another account. An
 * organization has other accounts, too.
 */
const CALLER_KEYS: Readonly<Record<string, ForeignCaller>> = {
  "aws:PrincipalAccount": byAccount,
  "aws:PrincipalArn": byAccount,
  "aws:PrincipalOrgID": byOrganization,
  "aws:PrincipalOrgPaths": byOrganization,
  "aws:SourceAccount": byAccount,
  "aws:SourceArn": byAccount,
  "aws:SourceVpc": byNetwork,
  "aws:SourceVpcArn": byNetwork,
  "aws:SourceVpce": byNetwork,
  "aws:VpceAccount": byEndpointOwner,
  "aws:VpceOrgID": byEndpointOwner,
  "aws:VpceOrgPaths": byEndpointOwner,
  "aws:userid": (value) => `the ID ${value}, which may be of another account`,
  "kms:CallerAccount": byAccount,
};
/** The condition keys that limit the callers of a statement for everybody, in policies of every service. */
export const CALLER_LIMITS: readonly string[] = Object.keys(CALLER_KEYS).filter((key) => key.startsWith("aws:"));
/** Condition keys that limit the accounts or resources for which a service acts. */
const SOURCE_KEYS: Readonly<Record<string, ForeignCaller>> = {
  "aws:SourceAccount": byAccount,
  "aws:SourceArn": byAccount,
  "aws:SourceOrgID": byOrganization,
  "aws:SourceOrgPaths": byOrganization,
  "kms:CallerAccount": byAccount,
  "kms:EncryptionContext:": byAccount,
};
/** The condition keys that limit the accounts or resources for which a service acts, in policies of every service. */
export const SOURCE_LIMITS: readonly string[] = Object.keys(SOURCE_KEYS).filter((key) => key.startsWith("aws:"));

/**
 * Returns the callers of other accounts to whom a statement applies: callers that it names, callers that its conditions allow if it
 * is for everybody, and callers for whom its services act.
 */
export function foreignCallers(statement: Statement, account: string | undefined): readonly string[] {
  const { Principal } = statement;
  // If the account is unknown, identity providers are left out: they are mostly of the same account.
  const providers = typeof Principal === "object" && account !== undefined ? asArray(Principal.Federated) : [];
  const named = [...awsPrincipals(Principal), ...providers].filter(
    (caller) => ![undefined, account].includes(accountOf(caller)),
  );
  const users = typeof Principal === "object" ? asArray(Principal.CanonicalUser) : [];
  const canonical = users.map((id) => `the canonical user ${id}, which may be of another account`);
  const limited = isForEverybody(statement) ? foreignByKeys(statement, CALLER_KEYS, account) : [];
  const services = servicePrincipals(Principal);
  const sources = services.length === 0 ? [] : foreignByKeys(statement, SOURCE_KEYS, account);
  return [
    ...new Set([
      ...named,
      ...canonical,
      ...limited,
      ...sources.map((source) => `${services.join(", ")} for ${source}`),
    ]),
  ];
}

/** Returns words for the callers that `foreignCallers` returns for an account, with their names. */
export function foreignCallersText(account: string | undefined, callers: readonly string[]): string {
  const kind = account === undefined ? "callers whose account may be another one" : "callers of another account";
  return `${kind} (${callers.join(", ")})`;
}

/**
 * Returns the callers of other accounts that the limiting condition keys of a statement allow; none if all values of one key are in
 * the account.
 */
function foreignByKeys(
  statement: Statement,
  keys: Readonly<Record<string, ForeignCaller>>,
  account: string | undefined,
): readonly string[] {
  const limits = Object.entries(keys).flatMap(([key, foreignCaller]) => {
    const values = limitingValues(statement, key) ?? [];
    const namesCallers = foreignCaller !== byAccount || values.some((value) => accountIn(value) !== undefined);
    return values.length > 0 && namesCallers ? [values.flatMap((value) => foreignCaller(value, account) ?? [])] : [];
  });
  // A request must meet all conditions. So one key that allows only the account excludes all other callers.
  return limits.every((foreign) => foreign.length > 0) ? limits.flat() : [];
}

/** Whether a test of a condition only chooses the principal, so that the row of the principal in a table already shows it. */
export function isTestOfRow({ isNegated, key, values }: ConditionTest, principal: string) {
  const names = key === "aws:principalorgid" ? values.map((id) => `organization ${id}`) : values;
  return !isNegated && ["aws:principalarn", "aws:principalorgid"].includes(key) && names.includes(principal);
}
