import { conditionTests, outcomeOf } from "./condition";
import { commonInstance } from "./common-instance";
import { instanceOf } from "./gain";
import { accountOf, isAccount, isPattern, isRoot } from "./principals";
import { SAMPLE_NAME } from "./resource-pattern";
import { AS_IDENTITY } from "./service-requests";
import { asArray, isForEverybody, matchesPattern, type Principals, type Statement } from "./statement";

/** A caller for whom policies are evaluated, and its name in a sentence. */
export interface Caller {
  readonly name: string;
  /** An ARN, the name of a service, or another name of a principal. */
  readonly principal: string;
  /** Whether the caller has a sample name, and stands for all callers of its account, or for all that a pattern matches. */
  readonly standsForOthers: boolean;
}

/** An account that nobody has. */
const NO_ACCOUNT = "000000000000";
const EVERYBODY: Caller = {
  name: "everybody",
  principal: `arn:aws:iam::${NO_ACCOUNT}:role/${instanceOf("*")}`,
  standsForOthers: true,
};

const SERVICES: Caller = {
  name: "AWS services",
  principal: `${SAMPLE_NAME}.amazonaws.com`,
  standsForOthers: true,
};

/** Whether a caller stands for the callers of every account. */
export function isEverybody({ name }: Caller): boolean {
  return name === EVERYBODY.name;
}

/**
 * Returns the callers for whom policies are evaluated: each principal that a statement names or tests, a sample caller of each
 * account, and a sample caller of an account that no statement names, which stands for everybody. Returns a sample service if a
 * statement for everybody is for services only.
 *
 * @param keyAccount - the account of the key whose policy has the statements; undefined if it is unknown
 */
export function callersIn(statements: readonly Statement[], keyAccount?: string): readonly Caller[] {
  const principals = new Set(["*", ...statements.flatMap(namesIn)]);
  const partition = partitionOf(statements);
  const callers = [...principals].flatMap((principal) => callersOf(principal, partition));
  const services = statements.some(isForServicesOnly) ? [SERVICES] : [];
  return uniqueCallers(unnamed([...callers, ...services], statements, keyAccount));
}

/** Whether a statement is for everybody, and its conditions exclude each IAM principal. */
function isForServicesOnly(statement: Statement): boolean {
  return statement.Effect === "Allow" && isForEverybody(statement) && outcomeOf(statement, AS_IDENTITY) === "unmet";
}

/**
 * Returns the callers that the value of --forbid names. If the value is a pattern, also returns a caller for each pattern of a
 * condition that matches some of the same callers, such as `role/ci-deploy` for `role/ci-*` and `role/*-deploy`. If the account in
 * the value is a pattern, also returns a caller for each account that a statement names.
 */
export function callersUnder(
  forbidden: string,
  statements: readonly Statement[],
  keyAccount?: string,
): readonly Caller[] {
  const callers = unnamed(callersOf(forbidden, partitionOf(statements)), statements, keyAccount);
  const accountPatterns = (accountOf(forbidden) === undefined ? statements : [])
    .flatMap(principalsIn)
    .filter((name) => isAccount(name) || isRoot(name))
    .map((name) => `arn:*:*::${accountOf(name)}:*`);
  const patterns = [...new Set([...statements.flatMap(callersInCondition), ...accountPatterns])].filter(isPattern);
  const commonPrincipals = patterns
    .filter((pattern) => isPattern(forbidden) && !matchesPattern(forbidden, instanceOf(pattern)))
    .flatMap((pattern) => commonInstance(forbidden, pattern) ?? []);
  return uniqueCallers([
    ...callers,
    ...commonPrincipals.map((principal) => ({
      name: `callers such as ${principal}`,
      principal,
      standsForOthers: true,
    })),
  ]);
}

/**
 * Gives a sample caller another name if a name or a condition of the statements matches the usual sample name. So a policy cannot
 * except or name only the sample caller.
 */
function unnamed(
  callers: readonly Caller[],
  statements: readonly Statement[],
  keyAccount: string | undefined,
): readonly Caller[] {
  const names = new Set(statements.flatMap(namesIn));
  const patterns = [...names].filter(isPattern);
  const accounts = new Set([
    keyAccount,
    ...[...names].filter((name) => isAccount(name) || isRoot(name)).map(accountOf),
  ]);
  const countMatches = (principal: string): number =>
    Number(names.has(principal)) +
    Number(accounts.has(accountOf(principal))) +
    patterns.filter((pattern) => matchesPattern(pattern, principal)).length;
  return callers.map((caller) => {
    const isNamed = caller.standsForOthers && countMatches(caller.principal) > 0;
    const principal = (isNamed ? otherNames(caller, accounts) : []).reduce(
      (best, one) => (countMatches(one) < countMatches(best) ? one : best),
      caller.principal,
    );
    return { ...caller, principal };
  });
}

const CHARACTERS = [..."123456789abcdefghijklmnopqrstuvwxyz"];

/** Returns other ARNs that can stand for the same callers as a sample caller. An ARN for everybody is in none of these accounts. */
function otherNames(caller: Caller, accounts: ReadonlySet<string | undefined>): readonly string[] {
  const otherAccounts = Array.from(
    { length: accounts.size + CHARACTERS.length },
    (_, index) => `${index % 10}${String(index).padStart(11, "0")}`,
  ).filter((account) => !accounts.has(account));
  return CHARACTERS.map((character, index) => {
    const renamed = caller.principal.replaceAll(SAMPLE_NAME, SAMPLE_NAME.replace(/\S/g, character));
    return isEverybody(caller) ? renamed.replace(NO_ACCOUNT, otherAccounts[index]!) : renamed;
  });
}

/** Returns the partition of the principals of a policy; `aws` if none of them is an ARN. */
export function partitionOf(statements: readonly Statement[]): string {
  const arn = statements.flatMap(principalsIn).find((principal) => principal.startsWith("arn:"));
  return arn?.split(":")[1] ?? "aws";
}

export function uniqueCallers(callers: readonly Caller[]): readonly Caller[] {
  return [...new Map(callers.map((caller) => [caller.principal, caller])).values()];
}

/**
 * Returns the callers that a principal names: the root and a sample role of an account, or a sample caller that a pattern
 * matches.
 */
export function callersOf(principal: string, partition: string): readonly Caller[] {
  const account = accountOf(principal);
  if (principal === "*") {
    return [EVERYBODY];
  }
  if (account !== undefined && (isAccount(principal) || isRoot(principal))) {
    const root = `arn:${partition}:iam::${account}:root`;
    return [{ name: root, principal: root, standsForOthers: false }, anyOf(account, partition)];
  }
  const standsForOthers = isPattern(principal);
  return [{ name: principal, principal: standsForOthers ? instanceOf(principal) : principal, standsForOthers }];
}

/** Returns a sample role of an account, which stands for all its roles and users. */
export function anyOf(account: string, partition: string): Caller {
  return {
    name: `roles and users of account ${account}`,
    principal: `arn:${partition}:iam::${account}:role/${instanceOf("*")}`,
    standsForOthers: true,
  };
}

function principalsIn({ NotPrincipal, Principal }: Statement): readonly string[] {
  return [...everyPrincipal(Principal), ...everyPrincipal(NotPrincipal)];
}

/** Returns the principals that a statement names or tests. */
function namesIn(statement: Statement): readonly string[] {
  return [...principalsIn(statement), ...callersInCondition(statement)];
}

/** Returns all principals in one array: AWS, services and identity providers. */
function everyPrincipal(principals: Principals | undefined): readonly string[] {
  return typeof principals === "string"
    ? [principals]
    : Object.values(principals ?? {}).flatMap((names) => asArray(names));
}

/** Returns the ARNs, patterns of ARNs and accounts in conditions on the caller. A pattern of accounts gives one account. */
function callersInCondition(statement: Statement): readonly string[] {
  return conditionTests(statement).flatMap(({ key, values }) => {
    switch (key) {
      case "aws:principalarn":
        return values.filter((value) => value.startsWith("arn:"));
      case "aws:principalaccount":
      case "kms:calleraccount":
        return values.map(accountLike).filter(isAccount);
      default:
        return [];
    }
  });
}

/** Returns an account that a pattern matches. Returns other texts unchanged, and also a pattern that matches the account of everybody. */
function accountLike(pattern: string): string {
  const digits = pattern.replaceAll("?", "0");
  const missing = Math.max(0, NO_ACCOUNT.length - digits.replaceAll("*", "").length);
  const account = digits.replace("*", "0".repeat(missing)).replaceAll("*", "");
  return account === NO_ACCOUNT ? pattern : account;
}

/** Returns a statement with all its principals under AWS, so that access is computed for a service as for other principals. */
export function withOneKind(statement: Statement): Statement {
  const { NotPrincipal, Principal } = statement;
  const isOneKind = [Principal, NotPrincipal].every(
    (principals) => typeof principals !== "object" || Object.keys(principals).every((kind) => kind === "AWS"),
  );
  return isOneKind
    ? statement
    : {
        ...statement,
        ...(Principal !== undefined && { Principal: { AWS: everyPrincipal(Principal) } }),
        ...(NotPrincipal !== undefined && { NotPrincipal: { AWS: everyPrincipal(NotPrincipal) } }),
      };
}
