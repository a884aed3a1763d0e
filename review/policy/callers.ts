import { conditionTests } from "./condition";
import { instanceOf } from "./gain";
import { accountOf, isAccount, isRoot } from "./principals";
import { asArray, type Principals, type Statement } from "./statement";

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
export function isEverybody({ principal }: Caller): boolean {
  return principal === EVERYBODY.principal;
}

/**
 * Returns the callers for whom policies are evaluated: each principal that a statement names or tests, a made-up one of each
 * account, and one of an account that no statement names, which stands for everybody.
 */
export function callersIn(statements: readonly Statement[]): readonly Caller[] {
  const principals = statements.flatMap((statement) => [...principalsIn(statement), ...callersInCondition(statement)]);
  const partition = partitionOf(statements);
  return uniqueCallers([EVERYBODY, ...principals.flatMap((principal) => callersOf(principal, partition))]);
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
  const isPattern = /[*?]/.test(principal);
  return [{ name: principal, principal: isPattern ? instanceOf(principal) : principal, standsForOthers: isPattern }];
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
