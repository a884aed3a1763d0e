import type { TerraformStack } from "cdktf";
import type { IDataApiKey, IWarehouse } from "../../modules";
import type { Problems } from "../config/problems";
import type { WarehouseConfiguration } from "../config/schema";
import type { Regions } from "./regions";

/** A warehouse, its stack and its entry in the configuration. */
export interface WarehouseContext<W extends IWarehouse = IWarehouse> {
  readonly entry: WarehouseConfiguration;
  readonly problems: Problems;
  readonly regions: Regions;
  /** The replicas of the key, by Region. */
  readonly replicas: ReadonlyMap<string, IDataApiKey>;
  readonly stack: TerraformStack;
  readonly warehouse: W;
}
