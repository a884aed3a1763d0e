import { KeyStatements, type PolicyStatement } from "../../modules";
import { partitionOf } from "../../modules/private/partition";
import type { KeyConfiguration, WarehouseConfiguration } from "../config/schema";
import { ADD_ONS } from "./add-ons";

/**
 * Returns the statements that the add-ons of warehouses need in a shared key, which is in another stack. If the key is in the
 * warehouse's stack, the constructs add these statements.
 */
export function keyStatements(
  key: KeyConfiguration,
  warehouses: readonly WarehouseConfiguration[],
): readonly PolicyStatement[] {
  return [
    ...logGroupStatements(key, warehouses),
    ...ADD_ONS.flatMap((addOn) => addOn.keyStatements?.(key, warehouses) ?? []),
  ];
}

function logGroupStatements(
  { account: accountId, region }: KeyConfiguration,
  warehouses: readonly WarehouseConfiguration[],
): readonly PolicyStatement[] {
  const hasLogGroups = warehouses.some(({ cluster, serverless }) => {
    const { encryptLogGroups, logRetentionInDays } = cluster ?? serverless ?? {};
    return logRetentionInDays !== undefined && encryptLogGroups !== false;
  });
  return hasLogGroups ? [KeyStatements.forLogGroups({ accountId, partition: partitionOf(region), region })] : [];
}
