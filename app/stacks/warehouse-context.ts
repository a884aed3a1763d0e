import type { TerraformStack } from "cdktf";
import type { IDataApiKey, IWarehouse } from "../../modules";
import type { Problems } from "../config/problems";
import type { WarehouseConfiguration } from "../config/schema";
import type { Regions } from "./regions";

/** A warehouse, with the stack and the entry that it belongs to. */
export interface WarehouseContext<W extends IWarehouse = IWarehouse> {
  readonly entry: WarehouseConfiguration;
  readonly problems: Problems;
  readonly regions: Regions;
  /** The replicas of the key, by Region. */
  readonly replicas: ReadonlyMap<string, IDataApiKey>;
  readonly stack: TerraformStack;
  readonly warehouse: W;
}
