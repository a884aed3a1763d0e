import type { PartialStatement } from "../plan/document";
import type { PlannedResource, Side } from "../plan/plan";
import type { Statement } from "../policy/statement";

export const KEY_TYPES = [
  "aws_kms_external_key",
  "aws_kms_key",
  "aws_kms_replica_external_key",
  "aws_kms_replica_key",
  "awscc_kms_key",
  "awscc_kms_replica_key",
];

/** The known part of a key policy. */
export type KeyPolicy =
  | { readonly kind: "shown"; readonly statements: readonly Statement[] }
  /** The policy that KMS gives to a key without a policy: the account's root may do everything, so IAM policies decide. */
  | { readonly kind: "default"; readonly statements: readonly Statement[] }
  | {
      readonly kind: "hidden";
      /** The addresses of resources that set different policies, all of which are shown; undefined in every other case. */
      readonly owners?: readonly string[];
      /** The addresses of policies that this key may have, because the plan does not show their key; undefined if there are none. */
      readonly possible?: readonly string[];
      /** The statements, with words in place of their unknown parts. */
      readonly known: readonly (PartialStatement | Statement)[];
      /** The statements that are shown, without their unknown parts. */
      readonly statements: readonly Statement[];
      readonly why: string;
    }
  /** There is no key. */
  | { readonly kind: "none"; readonly statements: readonly [] };

/** A key of the plan, or a key outside the plan whose policy is in the plan. */
export interface Key {
  /** The account of the key; undefined if the plan does not show it. */
  readonly account: string | undefined;
  /** The address of the key, or of its policy if the key is not in the plan. */
  readonly address: string;
  /** Whether the plan contains only the policy, and does not show its key. The policy may belong to another key of the plan. */
  readonly isHidden: boolean;
  /** The partition of the key; undefined if the plan does not show it. */
  readonly partition: string | undefined;
  /** Its aws_kms_key_policy resources. */
  readonly policies: Readonly<Record<Side, readonly PlannedResource[]>>;
  readonly policy: Readonly<Record<Side, KeyPolicy>>;
  /** The Region of the key; undefined if the plan does not show it. */
  readonly region: string | undefined;
  /** The aws_kms_key resource; undefined if the key is not in the plan. */
  readonly resource: PlannedResource | undefined;
}

/** The reason for which the policy of a hidden key is not shown. */
export const KEY_NOT_SHOWN = "the plan does not show the key";

/** The key that a resource uses. */
export type KeyUse =
  | { readonly key: Key; readonly kind: "planned" }
  /** A key that is not in the plan, by its ARN, its ID, or an alias. */
  | { readonly kind: "elsewhere"; readonly name: string }
  /** A key that AWS owns. */
  | { readonly kind: "none" }
  | { readonly kind: "hidden"; readonly why: string };

export function keyName({ address, resource }: Pick<Key, "address" | "resource">): string {
  return resource ? address : `the key of ${address}`;
}
