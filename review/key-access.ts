import { awsPrincipals, many, matchesAction, type Statement } from "./statement";

/**
 * What a principal may do with a symmetric key, in a reader's words, and the actions that stand for it.
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

/** One way to an action: a statement that speaks of it, under its conditions. */
export interface Way {
  readonly statement: Statement;
  /** Whether the key policy decides by itself, or leaves it to the IAM policies of the principal's account. */
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
  const speaking = statementsOn(statements, action);
  const found = waysOf(statements, principal).filter(({ statement }) => speaking.has(statement));
  const denying = found.filter(({ statement }) => statement.Effect === "Deny").map(({ statement }) => statement);
  if (denying.some(({ Condition }) => isEmpty(Condition))) {
    return undefined;
  }
  const ways = found.filter(({ statement }) => statement.Effect === "Allow");
  return ways.length === 0 ? undefined : { unless: denying, ways };
}

/** What is found of a policy for one action, or for one principal, is found once. */
const ON = new WeakMap<readonly Statement[], Map<string, ReadonlySet<Statement>>>();
const OF = new WeakMap<readonly Statement[], Map<string, readonly Way[]>>();

/** The statements of a policy that speak of an action. */
function statementsOn(statements: readonly Statement[], action: string): ReadonlySet<Statement> {
  return once(ON, statements, action, () => new Set(statements.filter((one) => matchesAction(one, action))));
}

/** The statements of a policy that speak of a principal, and how. */
function waysOf(statements: readonly Statement[], principal: string): readonly Way[] {
  return once(OF, statements, principal, () =>
    statements.filter(isPlaced).flatMap((statement): Way[] => {
      const through = covers(statement.Principal, principal);
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
 * Whether it is known of whom a statement speaks, and that it speaks of the key: whom NotPrincipal means, no list of
 * principals says, and another resource than `*` may be another key.
 */
export function isPlaced({ NotPrincipal, NotResource, Principal, Resource }: Statement): boolean {
  const isOfKey = NotResource === undefined && many(Resource ?? "*").includes("*");
  return isOfKey && Principal !== undefined && NotPrincipal === undefined;
}

/** Whether principals of IAM and actions of ABILITIES are all that a statement speaks of, so that a table shows it whole. */
export function isWhole(statement: Statement): boolean {
  const { Principal = {} } = statement;
  const isOfIam = typeof Principal === "string" || Object.keys(Principal).every((kind) => kind === "AWS");
  const isOfAbilities = many(statement.Action).every((pattern) =>
    ACTIONS.some((action) => matchesAction({ Action: pattern, Effect: "Allow" }, action)),
  );
  return isPlaced(statement) && isOfIam && isOfAbilities;
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

/** An account ID stands for the account's root; its partition is not written, so it is the default one. */
function asArn(principal: string): string {
  return /^\d{12}$/.test(principal) ? `arn:aws:iam::${principal}:root` : principal;
}

function isEmpty(value: object | undefined): boolean {
  return value === undefined || Object.keys(value).length === 0;
}
