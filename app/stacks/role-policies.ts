import { partitionOf } from "../../modules/private/partition";
import { groupBy } from "../../modules/private/group-by";
import { knownCharacters, MAX_INLINE_POLICIES } from "../../modules/private/statement";
import type { Problem } from "../config/problems";
import type { UserAccess } from "./warehouse-access";
import type { WarehouseContext } from "./warehouse-context";

/** A placeholder for the ID of a workgroup, which AWS assigns. It has the same length, so that the size of a policy is right. */
const ANY_ID = "12345678-1234-1234-1234-123456789012";

/** An inline policy that a stack adds to a role. */
export interface RolePolicy {
  readonly account: string;
  /** The size of the policy, as IAM counts it. */
  readonly characters: number;
  /** The index of the role in the `users` of the warehouse. */
  readonly position: number;
  readonly roleName: string;
}

/** Returns the inline policies that the stack of a warehouse adds to the roles of its users. */
export function rolePoliciesOf(
  { entry, warehouse }: WarehouseContext,
  accesses: readonly UserAccess[],
): readonly RolePolicy[] {
  const { account, region } = entry;
  const workgroup = `arn:${partitionOf(region)}:redshift-serverless:${region}:${account}:workgroup/${ANY_ID}`;
  const arn = warehouse.kind === "serverless" ? workgroup : warehouse.warehouseArn;
  return accesses.flatMap(({ access, role }, position) => {
    const characters = knownCharacters(access.policyJson.replaceAll(warehouse.warehouseArn, arn));
    return access.resource ? { account, characters, position, roleName: role.roleName } : [];
  });
}

/** The index of a warehouse in the configuration, and the inline policies that its stack adds to roles. */
export type PoliciesOfWarehouse = readonly [index: number, policies: readonly RolePolicy[]];

/**
 * Refuses a role whose inline policies, of all warehouses together, are larger than IAM allows. The problem is at the first
 * warehouse whose policy does not fit.
 */
export function tooLargePolicies(warehouses: readonly PoliciesOfWarehouse[]): readonly Problem[] {
  const indexedPolicies = warehouses.flatMap(([index, policies]) => policies.map((policy) => ({ ...policy, index })));
  // IAM compares the names of roles without case.
  const roles = groupBy(indexedPolicies, ({ account, roleName }) => `${account} ${roleName.toLowerCase()}`);
  return [...roles.values()].flatMap((policies) => {
    let characters = 0;
    const countThatFits = policies.findIndex((policy) => (characters += policy.characters) > MAX_INLINE_POLICIES);
    if (countThatFits === -1) {
      return [];
    }
    const { index, position, roleName } = policies[countThatFits]!;
    const total = policies.reduce((sum, policy) => sum + policy.characters, 0);
    return [
      {
        message:
          `must be a role whose inline policies have at most ${MAX_INLINE_POLICIES} characters, which is IAM's quota: ` +
          `the policies of ${countThatFits} warehouses fit, so use another role for the other ${policies.length - countThatFits}, ` +
          `got: ${roleName} with ${total} characters`,
        path: ["warehouses", index, "users", position],
      },
    ];
  });
}
