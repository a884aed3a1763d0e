import { type Facts, outcomeOf } from "./condition";
import { awsPrincipals, many, matchesAction, type Statement } from "./statement";

/**
 * The abilities of a principal with a symmetric key, in a reader's words, and the actions that stand for each.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/kms-api-permissions-reference.html
 */
export const ABILITIES = {
  administer: [
    "kms:CancelKeyDeletion",
    "kms:CreateAlias",
    "kms:DeleteAlias",
    "kms:DeleteImportedKeyMaterial",
    "kms:DisableKey",
    "kms:DisableKeyRotation",
    "kms:EnableKey",
    "kms:EnableKeyRotation",
    "kms:ImportKeyMaterial",
    "kms:PutKeyPolicy",
    "kms:ReplicateKey",
    "kms:RetireGrant",
    "kms:RevokeGrant",
    "kms:RotateKeyOnDemand",
    "kms:ScheduleKeyDeletion",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:UpdateAlias",
    "kms:UpdateKeyDescription",
    "kms:UpdatePrimaryRegion",
  ],
  "encrypt and decrypt": [
    "kms:Decrypt",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:GenerateDataKeyPair",
    "kms:GenerateDataKeyPairWithoutPlaintext",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
  ],
  "make grants": ["kms:CreateGrant"],
  "read metadata": [
    "kms:DescribeKey",
    "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus",
    "kms:GetParametersForImport",
    "kms:ListGrants",
    "kms:ListKeyPolicies",
    "kms:ListKeyRotations",
    "kms:ListResourceTags",
  ],
} as const;

/** A name of ABILITIES. */
export type Ability = keyof typeof ABILITIES;

const ACTIONS: readonly string[] = Object.values(ABILITIES).flat();

/** One way to an action: a statement that applies to it, under its conditions. */
export interface Way {
  readonly statement: Statement;
  /**
   * Whether the key policy decides by itself, or leaves it to the IAM policies of the key's account; those of another
   * account must allow it, too.
   */
  readonly through: "key policy" | "IAM" | "other account";
}

/** How a principal gets to an action. */
export interface Access {
  /** At least one; each is enough. */
  readonly ways: readonly Way[];
  /** The statements that deny it under conditions; those that always do leave no access. */
  readonly unless: readonly Statement[];
}

/** The actions that principals of another account may be allowed; KMS ignores the rest. */
const ACROSS_ACCOUNTS: readonly string[] = [
  ...ABILITIES["encrypt and decrypt"],
  "kms:CreateGrant",
  "kms:DescribeKey",
  "kms:GetKeyRotationStatus",
  "kms:ListGrants",
  "kms:RetireGrant",
  "kms:RevokeGrant",
];

/**
 * How a key policy lets a principal do something; undefined if it does not. Statements that are not placed do not count.
 *
 * @param principal - the ARN of an IAM role, an IAM user or an account root
 * @param action - an action without wildcards, such as kms:Decrypt
 * @param account - the key's account, if that is known
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
 */
export function accessTo(
  statements: readonly Statement[],
  principal: string,
  action: string,
  account?: string,
): Access | undefined {
  const of = accountOf(principal);
  const isForeign = account !== undefined && of !== undefined && of !== account;
  if (isForeign && !ACROSS_ACCOUNTS.includes(action)) {
    return undefined;
  }
  const facts = factsOf(principal, of);
  const speaking = statementsOn(statements, action);
  const found = waysOf(statements, principal).filter(
    ({ statement }) => speaking.has(statement) && outcomeOf(statement, facts) !== "fails",
  );
  const denying = found.filter(({ statement }) => statement.Effect === "Deny").map(({ statement }) => statement);
  if (denying.some((statement) => outcomeOf(statement, facts) === "holds")) {
    return undefined;
  }
  const ways = found
    .filter(({ statement }) => statement.Effect === "Allow")
    .map((way): Way => (isForeign ? { ...way, through: "other account" } : way));
  return ways.length === 0 ? undefined : { unless: denying, ways };
}

/** The facts about a principal's requests that its ARN has: its account and, of a role or user, aws:PrincipalArn. */
function factsOf(principal: string, account: string | undefined): Facts {
  const isOne = /^arn:[^:]+:iam::\d{12}:(role|user)\//.test(principal);
  return {
    ...(account !== undefined && { "aws:principalaccount": account, "kms:calleraccount": account }),
    ...(isOne && { "aws:principalarn": principal }),
  };
}

/** The account of a principal: of an ARN, or an account ID itself. */
export function accountOf(principal: string): string | undefined {
  return /^\d{12}$/.test(principal) ? principal : /^arn:[^:]+:(?:iam|sts)::(\d{12}):/.exec(principal)?.[1];
}

/** The result of a policy for one action, or for one principal, is computed once. */
const ON = new WeakMap<readonly Statement[], Map<string, ReadonlySet<Statement>>>();
const OF = new WeakMap<readonly Statement[], Map<string, readonly Way[]>>();

/** The statements of a policy that apply to an action. */
function statementsOn(statements: readonly Statement[], action: string): ReadonlySet<Statement> {
  return once(ON, statements, action, () => new Set(statements.filter((one) => matchesAction(one, action))));
}

/** The statements of a policy that apply to a principal, and how. */
function waysOf(statements: readonly Statement[], principal: string): readonly Way[] {
  return once(OF, statements, principal, () =>
    statements.filter(isPlaced).flatMap((statement): Way[] => {
      const through = covers(statement, principal);
      return through === undefined ? [] : [{ statement, through }];
    }),
  );
}

function once<T>(
  cache: WeakMap<readonly Statement[], Map<string, T>>,
  statements: readonly Statement[],
  key: string,
  find: () => T,
): T {
  const found = cache.get(statements) ?? new Map<string, T>();
  cache.set(statements, found);
  const value = found.get(key) ?? find();
  found.set(key, value);
  return value;
}

/**
 * Whether it is known to whom a statement applies, and that it applies to the key: no list of principals has those of
 * NotPrincipal; another resource than `*` may be another key; and without one, a statement has no effect.
 *
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html
 */
export function isPlaced({ NotPrincipal, Principal, Resource }: Statement): boolean {
  return many(Resource).includes("*") && Principal !== undefined && NotPrincipal === undefined;
}

/** Whether principals of IAM and actions of ABILITIES are all that a statement names, so that a table shows it whole. */
export function isWhole(statement: Statement): boolean {
  const { Principal = {} } = statement;
  const isOfIam = typeof Principal === "string" || Object.keys(Principal).every((kind) => kind === "AWS");
  const isOfAbilities = many(statement.Action).every((pattern) =>
    ACTIONS.some((action) => matchesAction({ Action: pattern, Effect: "Allow" }, action)),
  );
  return isPlaced(statement) && isOfIam && isOfAbilities && !awsPrincipals(Principal).some(isPattern);
}

/** The principals that a policy names, in order: ARNs, and `*` if it names everybody. */
export function principalsOf(statements: readonly Statement[]): readonly string[] {
  const named = statements.filter(isPlaced).flatMap(({ Principal }) => awsPrincipals(Principal));
  const partition = named.find((principal) => principal.startsWith("arn:"))?.split(":")[1];
  const arns = named.filter((principal) => !isPattern(principal)).map((principal) => asArn(principal, partition));
  return [...new Set(arns)].sort();
}

/** Whether a principal is written with a wildcard in it, which KMS refuses. */
export function isPattern(principal: string): boolean {
  return principal !== "*" && /[*?]/.test(principal);
}

/** The principals that a statement names, for a test of many. */
const NAMED = new WeakMap<Statement, ReadonlySet<string>>();

function covers(statement: Statement, principal: string): Way["through"] | undefined {
  const named = NAMED.get(statement) ?? new Set(awsPrincipals(statement.Principal));
  NAMED.set(statement, named);
  // arn:PARTITION:iam::ACCOUNT:…
  const [, partition, , , account, name = ""] = principal.split(":");
  const isRoot = name === "root";
  const [, role] = /^assumed-role\/([^/]+)\//.exec(name) ?? [];
  const isOfRole = (one: string): boolean =>
    one.startsWith(`arn:${partition}:iam::${account}:role/`) && one.split("/").at(-1) === role;
  const isNamed = named.has("*") || named.has(principal) || (isRoot && account !== undefined && named.has(account));
  if (isNamed || (role !== undefined && [...named].some(isOfRole))) {
    return "key policy";
  }
  const roots = [account ?? "", `arn:${partition}:iam::${account}:root`];
  return roots.some((root) => named.has(root)) ? "IAM" : undefined;
}

/** An account ID stands for the account's root, in the partition of the others. */
function asArn(principal: string, partition = "aws"): string {
  return /^\d{12}$/.test(principal) ? `arn:${partition}:iam::${principal}:root` : principal;
}
