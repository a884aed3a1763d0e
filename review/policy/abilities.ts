import { memoized } from "../plan/memoized";

/**
 * The abilities of a principal with a symmetric key, and the actions of each.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/kms-api-permissions-reference.html
 */
export const ABILITIES = {
  administer: actions(
    "CancelKeyDeletion CreateAlias DeleteAlias DeleteImportedKeyMaterial DisableKey DisableKeyRotation EnableKey " +
      "EnableKeyRotation ImportKeyMaterial PutKeyPolicy ReplicateKey RetireGrant RevokeGrant RotateKeyOnDemand " +
      "ScheduleKeyDeletion TagResource UntagResource UpdateAlias UpdateKeyDescription UpdatePrimaryRegion",
  ),
  "encrypt and decrypt": actions(
    "Decrypt Encrypt GenerateDataKey GenerateDataKeyPair GenerateDataKeyPairWithoutPlaintext " +
      "GenerateDataKeyWithoutPlaintext ReEncryptFrom ReEncryptTo",
  ),
  "make grants": actions("CreateGrant"),
  "read metadata": actions(
    "DescribeKey GetKeyPolicy GetKeyRotationStatus GetParametersForImport ListGrants ListKeyPolicies ListKeyRotations " +
      "ListResourceTags",
  ),
} as const;

export type Ability = keyof typeof ABILITIES;

export const ABILITY_NAMES = Object.keys(ABILITIES) as Ability[];
export const ABILITY_ACTIONS = Object.values(ABILITIES).flat();

/** All actions of KMS on keys, those on keys of other kinds included. */
export const KEY_ACTIONS: readonly string[] = [
  ...ABILITY_ACTIONS,
  ...actions(
    "DeriveSharedSecret GenerateMac GetKeyLastUsage GetPublicKey Sign SynchronizeMultiRegionKey Verify VerifyMac",
  ),
];

/**
 * The actions that give access to plaintext. ReEncryptFrom does so indirectly: it encrypts data again with a key of the caller's
 * choice.
 */
export const DECRYPTING_ACTIONS = actions("Decrypt ReEncryptFrom");

/** The actions whose requests can have an encryption context. */
const CONTEXT_ACTIONS: readonly string[] = [...ABILITIES["encrypt and decrypt"], ...actions("CreateGrant RetireGrant")];

/** Condition keys that only some requests can have: the actions of these requests, by the beginning of the key in lower case. */
const ACTIONS_OF_CONDITION_KEYS: ReadonlyMap<string, readonly string[]> = new Map([
  ["kms:encryptioncontext", CONTEXT_ACTIONS],
  ["kms:grantconstraintsourcearn", actions("CreateGrant")],
  ["kms:grantconstrainttype", actions("CreateGrant RetireGrant")],
  ["kms:granteeprincipal", actions("CreateGrant")],
  ["kms:granteeserviceprincipal", actions("CreateGrant")],
  ["kms:grantisforawsresource", actions("CreateGrant ListGrants RevokeGrant")],
  ["kms:grantoperations", actions("CreateGrant")],
  ["kms:retiringprincipal", actions("CreateGrant")],
  ["kms:retiringserviceprincipal", actions("CreateGrant")],
]);

/**
 * Whether a request for an action can have a condition key.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html
 */
export function canHaveConditionKey(action: string, key: string): boolean {
  return [...ACTIONS_OF_CONDITION_KEYS].every(([start, names]) => !key.startsWith(start) || names.includes(action));
}

/**
 * Returns as facts the condition keys that no request for an action has. The fact kms:encryptioncontext stands for all keys that
 * begin with it.
 */
export const absentConditionKeys = memoized((action): Readonly<Record<string, null>> => {
  const absent = [...ACTIONS_OF_CONDITION_KEYS].filter(([, names]) => !names.includes(action));
  return Object.fromEntries(absent.map(([key]) => [key, null]));
});

/** The actions of KMS that principals of another account may be allowed; KMS ignores the rest. */
export const CROSS_ACCOUNT_ACTIONS: readonly string[] = [
  ...ABILITIES["encrypt and decrypt"],
  ...actions("CreateGrant DescribeKey GetKeyRotationStatus ListGrants RetireGrant RevokeGrant"),
];

function actions(names: string): readonly string[] {
  return names.split(" ").map((name) => `kms:${name}`);
}
