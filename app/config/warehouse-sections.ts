import type { WAREHOUSE_SECTIONS, WarehouseConfiguration } from "./schema";

export type WarehouseSection = (typeof WAREHOUSE_SECTIONS)[number];

type Existing = NonNullable<WarehouseConfiguration["existing"]>;
export type ClusterSettings =
  NonNullable<WarehouseConfiguration["cluster"]> | Extract<Existing, { clusterIdentifier: string }>;
export type ServerlessSettings =
  NonNullable<WarehouseConfiguration["serverless"]> | Extract<Existing, { workgroupName: string }>;

/** Returns the key of an entry that describes its warehouse. */
export function sectionOf({ cluster, existing }: WarehouseConfiguration): WarehouseSection {
  return existing ? "existing" : cluster ? "cluster" : "serverless";
}

/** Returns the value of the section that describes the warehouse of an entry. */
export function warehouseSettings(
  entry: WarehouseConfiguration,
): NonNullable<WarehouseConfiguration[WarehouseSection]> {
  return entry[sectionOf(entry)]!;
}

/** Returns the settings of a cluster to create or of an existing one; undefined if the warehouse is serverless. */
export function clusterSettings({ cluster, existing }: WarehouseConfiguration): ClusterSettings | undefined {
  return existing && "clusterIdentifier" in existing ? existing : cluster;
}

/** Returns the settings of a serverless warehouse to create or of an existing one; undefined if the warehouse is a cluster. */
export function serverlessSettings({ existing, serverless }: WarehouseConfiguration): ServerlessSettings | undefined {
  return existing && "workgroupName" in existing ? existing : serverless;
}
