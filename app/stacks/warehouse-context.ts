import type { TerraformStack } from "cdktf";
import type { EncryptedCluster, EncryptedServerless, IDataApiKey } from "../../modules";
import type { Problems } from "../config/problems";
import type { WarehouseConfiguration } from "../config/schema";
import type { Regions } from "./regions";

/** The cluster or the serverless warehouse of a stack. */
export type Warehouse = EncryptedCluster | EncryptedServerless;

/** A warehouse, its stack and its entry in the configuration. */
export interface WarehouseContext<W extends Warehouse = Warehouse> {
  readonly entry: WarehouseConfiguration;
  readonly problems: Problems;
  readonly regions: Regions;
  /** The replicas of the key, by Region. */
  readonly replicas: ReadonlyMap<string, IDataApiKey>;
  readonly stack: TerraformStack;
  readonly warehouse: W;
}
