import { conditionTests } from "./condition";
import { commonInstance } from "./common-instance";
import { instanceOf } from "./gain";
import { accountOf, isAccount, isPattern, isRoot } from "./principals";
import { MADE_UP_NAME } from "./resource-pattern";
import { asArray, matchesPattern, type Principals, type Statement } from "./statement";

/** A caller for whom policies are evaluated, and its name in a sentence. */
export interface Caller {
  readonly name: string;
  /** An ARN, the name of a service, or another name of a principal. */
  readonly principal: string;
  /** Whether it has a made-up name, and stands for all callers of its account or of a pattern. */
  readonly standsForOthers: boolean;
}

/** An account that nobody has. */
const NO_ACCOUNT = "000000000000";
const EVERYBODY: Caller = {
  name: "everybody",
  principal: `arn:aws:iam::${NO_ACCOUNT}:role/${instanceOf("*")}`,
  standsForOthers: true,
};

/** Whether a caller stands for the callers of every account. */
export function isEverybody({ name }: Caller): boolean {
  return name === EVERYBODY.name;
}

/**
 * Returns the callers for whom policies are evaluated: each principal that a statement names or tests, a made-up one of each
 * account, and one of an account that no statement names, which stands for everybody.
 */
export function callersIn(statements: readonly Statement[]): readonly Caller[] {
  const principals = statements.flatMap((statement) => [...principalsIn(statement), ...callersInCondition(statement)]);
  const partition = partitionOf(statements);
  const callers = uniqueCallers([EVERYBODY, ...principals.flatMap((principal) => callersOf(principal, partition))]);
  return notExcepted(callers, statements);
}

/**
 * Returns the callers that a --forbid names. If it has a pattern, returns also one for each pattern of a condition that some of its
 * callers match, such as `role/ci-deploy` for `role/ci-*` and `role/*-deploy`.
 */
export function callersUnder(forbidden: string, statements: readonly Statement[]): readonly Caller[] {
  const callers = notExcepted(callersOf(forbidden, partitionOf(statements)), statements);
  const patterns = [...new Set(statements.flatMap(callersInCondition))].filter(isPattern);
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
 * Gives made-up callers other names if conditions or NotPrincipal of the statements match the usual ones, so that a policy cannot
 * except only the made-up caller.
 */
function notExcepted(callers: readonly Caller[], statements: readonly Statement[]): readonly Caller[] {
  const names = [
    ...new Set(statements.flatMap((one) => [...everyPrincipal(one.NotPrincipal), ...callersInCondition(one)])),
  ];
  return callers.map((caller) => {
    const matchesOf = (principal: string): number => names.filter((name) => matchesCaller(name, principal)).length;
    const principals = caller.standsForOthers && matchesOf(caller.principal) > 0 ? otherNames(caller) : [];
    const principal = principals.reduce(
      (best, one) => (matchesOf(one) < matchesOf(best) ? one : best),
      caller.principal,
    );
    return { ...caller, principal };
  });
}

/** Returns ARNs that can stand for the same callers as a made-up one. */
function otherNames({ name, principal }: Caller): readonly string[] {
  return [..."123456789abcdefghijklmnopqrstuvwxyz"].map((first, index) => {
    const renamed = principal.replaceAll(MADE_UP_NAME, first.repeat(MADE_UP_NAME.length));
    return name === EVERYBODY.name ? renamed.replace(NO_ACCOUNT, String(index % 10).repeat(12)) : renamed;
  });
}

function matchesCaller(name: string, principal: string): boolean {
  return isAccount(name) ? accountOf(principal) === name : matchesPattern(name, principal);
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
 * Returns the callers that a principal names: the root and a made-up role of an account, or a made-up caller that a pattern
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

/** Returns a made-up role of an account, which stands for all its roles and users. */
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

/** Returns all principals in one array: AWS, services and identity providers. */
function everyPrincipal(principals: Principals | undefined): readonly string[] {
  return typeof principals === "string"
    ? [principals]
    : Object.values(principals ?? {}).flatMap((names) => asArray(names));
}

/** Returns the ARNs, patterns of ARNs and accounts in conditions on the caller. */
function callersInCondition(statement: Statement): readonly string[] {
  return conditionTests(statement).flatMap(({ key, values }) => {
    switch (key) {
      case "aws:principalarn":
        return values.filter((value) => value.startsWith("arn:"));
      case "aws:principalaccount":
      case "kms:calleraccount":
        return values.filter(isAccount);
      default:
        return [];
    }
  });
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
