import { KeyStatements, type PolicyStatement } from "../../modules";
import { partitionOf } from "../../modules/private/partition";
import type { KeyConfiguration, WarehouseConfiguration } from "../config/schema";
import { ADD_ONS } from "./add-ons";

/** The statements that warehouses of other stacks need in a shared key. A warehouse adds those that its key needs in its stack. */
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
