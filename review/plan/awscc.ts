import type { Values } from "./plan";
import { isMap } from "./predicates";

/**
 * The attributes of keys of the provider awscc, each with the name that the provider aws has for it.
 *
 * @see https://registry.terraform.io/providers/hashicorp/awscc/latest/docs/resources/kms_key
 */
const AWS_NAMES: ReadonlyMap<string, string> = new Map([
  ["enabled", "is_enabled"],
  ["key_policy", "policy"],
  ["key_spec", "customer_master_key_spec"],
  ["pending_window_in_days", "deletion_window_in_days"],
]);

const AWSCC_KEY = /^awscc_kms_(?:replica_)?key$/;

/**
 * Renames the attributes and marks in the change of a KMS key of awscc to those of the provider aws. Returns other changes
 * unchanged.
 */
export function changeWithAwsNames<T extends object>(type: string, change: T): T {
  return AWSCC_KEY.test(type)
    ? (Object.fromEntries(Object.entries(change).map(([part, values]) => [part, withAwsNames(type, values)])) as T)
    : change;
}

/**
 * Renames the attributes of a KMS key of awscc to those of the provider aws. `attributes` maps each name to a value, an expression
 * or a mark. Returns the attributes of other types unchanged.
 */
export function withAwsNames<T>(type: string, attributes: T): T | Values {
  return AWSCC_KEY.test(type) && isMap(attributes)
    ? Object.fromEntries(Object.entries(attributes).map(([name, value]) => [AWS_NAMES.get(name) ?? name, value]))
    : attributes;
}
