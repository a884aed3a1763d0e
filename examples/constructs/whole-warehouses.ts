import type { TerraformStack } from "cdktf";
import { DataApiWarehouse, EncryptedCluster, type IDataApiKey, type IDataApiRole, Identity } from "../../modules";

export function createWarehouses(stack: TerraformStack, salesKey: IDataApiKey, reader: IDataApiRole): void {
  new DataApiWarehouse(stack, "Analytics", {
    administrators: [Identity.fromArn("arn:aws:iam::111122223333:role/ExampleAdminRole")],
    keyProps: { deletionWindowInDays: 14 },
    serverless: { baseCapacity: 8, namespaceName: "analytics" },
    users: [{ role: reader }],
  });
  const cluster = EncryptedCluster.fromClusterIdentifier(stack, "Cluster", "sales", { key: salesKey });
  const sales = new DataApiWarehouse(stack, "Sales", { warehouse: cluster });
  sales.addUser("ReaderAccess", { databases: ["orders"], role: reader });
}
