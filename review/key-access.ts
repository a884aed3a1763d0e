/** A statement of a key policy, in IAM's words. */
export interface Statement {
  readonly Action?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly Effect: "Allow" | "Deny";
  readonly NotAction?: string | readonly string[];
  readonly NotPrincipal?: unknown;
  readonly Principal?: "*" | Readonly<Record<string, string | readonly string[]>>;
  readonly Resource?: string | readonly string[];
  readonly Sid?: string;
}

/** What a principal may do with a key, in a reader's words, and the actions that stand for it. */
export const ABILITIES = {
  administer: [
    "kms:PutKeyPolicy",
    "kms:ScheduleKeyDeletion",
    "kms:CancelKeyDeletion",
    "kms:DisableKey",
    "kms:EnableKey",
    "kms:DisableKeyRotation",
    "kms:EnableKeyRotation",
    "kms:RevokeGrant",
  ],
  "encrypt and decrypt": [
    "kms:Encrypt",
    "kms:Decrypt",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
    "kms:GenerateDataKey",
    "kms:GenerateDataKeyWithoutPlaintext",
  ],
  "make grants": ["kms:CreateGrant"],
  "read metadata": ["kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListGrants"],
} as const;

/** One way to an action: a statement that allows it, under its conditions. */
export interface Way {
  readonly statement: Statement;
  /** Whether the key policy allows it by itself, or leaves it to the IAM policies of the principal's account. */
  readonly through: "key policy" | "IAM";
}

/** How a principal gets to an action. */
export interface Access {
  /** At least one; each is enough. */
  readonly ways: readonly Way[];
  /** The statements that deny it under conditions; those that always do leave no access. */
  readonly unless: readonly Statement[];
}

/**
 * How a key policy lets a principal do something; undefined where it does not. Statements that are not placed do not count.
 *
 * @param principal - the ARN of an IAM role, an IAM user or an account root
 * @param action - an action without wildcards, such as kms:Decrypt
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
 */
export function accessTo(statements: readonly Statement[], principal: string, action: string): Access | undefined {
  const placed = statements.filter((statement) => isPlaced(statement) && matchesAction(statement, action));
  const denying = placed.filter(
    ({ Effect, Principal }) => Effect === "Deny" && covers(Principal, principal) !== undefined,
  );
  if (denying.some(({ Condition }) => isEmpty(Condition))) {
    return undefined;
  }
  const ways = placed.flatMap((statement): Way[] => {
    const through = statement.Effect === "Allow" ? covers(statement.Principal, principal) : undefined;
    return through === undefined ? [] : [{ statement, through }];
  });
  return ways.length === 0 ? undefined : { unless: denying, ways };
}

/**
 * Whether it is known of whom a statement speaks, and that it speaks of the key: whom NotPrincipal means, no list of
 * principals says, and another resource than `*` may be another key.
 */
export function isPlaced({ NotPrincipal, Principal, Resource }: Statement): boolean {
  return Principal !== undefined && NotPrincipal === undefined && many(Resource ?? "*").includes("*");
}

/** Whether principals of IAM are all that a statement speaks of, so that a table of them shows it whole. */
export function isWhole(statement: Statement): boolean {
  const { Principal = {} } = statement;
  return isPlaced(statement) && (Principal === "*" || Object.keys(Principal).every((kind) => kind === "AWS"));
}

/** The principals that a policy names, in order: ARNs, and `*` where it speaks of everybody. */
export function principalsOf(statements: readonly Statement[]): readonly string[] {
  const named = statements.filter(isPlaced).flatMap(({ Principal }) => awsPrincipals(Principal));
  return [...new Set(named.map(asArn))].sort();
}

function covers(principals: Statement["Principal"], principal: string): Way["through"] | undefined {
  const named = awsPrincipals(principals).map(asArn);
  if (named.includes("*") || named.includes(principal)) {
    return "key policy";
  }
  // arn:PARTITION:iam::ACCOUNT:…
  const [, , , , account] = principal.split(":");
  return named.some((arn) => arn.endsWith(`::${account}:root`)) ? "IAM" : undefined;
}

function awsPrincipals(principals: Statement["Principal"]): readonly string[] {
  return principals === "*" ? ["*"] : many(principals?.AWS);
}

/** An account ID stands for the account's root; its partition is not written, so it is the default one. */
function asArn(principal: string): string {
  return /^\d{12}$/.test(principal) ? `arn:aws:iam::${principal}:root` : principal;
}

function matchesAction({ Action, NotAction }: Statement, action: string): boolean {
  return NotAction === undefined
    ? many(Action).some((pattern) => matches(pattern, action))
    : !many(NotAction).some((pattern) => matches(pattern, action));
}

/** IAM's wildcards: `*` for any characters, `?` for one; actions have no case. */
function matches(pattern: string, action: string): boolean {
  const expression = pattern
    .replace(/[\\^$.|+()[\]{}]/g, "\\$&")
    .replace(/\*/g, ".*")
    .replace(/\?/g, ".");
  return new RegExp(`^${expression}$`, "i").test(action);
}

function many<T>(value: T | readonly T[] | undefined): readonly T[] {
  return value === undefined ? [] : Array.isArray(value) ? (value as readonly T[]) : [value as T];
}

function isEmpty(value: object | undefined): boolean {
  return value === undefined || Object.keys(value).length === 0;
}
