import type { WarehouseConfiguration } from "./schema";

/** The keys of an entry of which one has the settings of its warehouse. */
export const WAREHOUSE_SECTIONS = ["cluster", "serverless", "existing"] as const;
export type WarehouseSection = (typeof WAREHOUSE_SECTIONS)[number];

type Existing = NonNullable<WarehouseConfiguration["existing"]>;
export type ClusterSettings =
  NonNullable<WarehouseConfiguration["cluster"]> | Extract<Existing, { clusterIdentifier: string }>;
export type ServerlessSettings =
  NonNullable<WarehouseConfiguration["serverless"]> | Extract<Existing, { workgroupName: string }>;

/** The section of an entry that has the settings of its warehouse. */
export function sectionOf({ cluster, existing }: WarehouseConfiguration): WarehouseSection {
  return existing ? "existing" : cluster ? "cluster" : "serverless";
}

/** The settings of a warehouse: those of its section. */
export function warehouseSettings(
  entry: WarehouseConfiguration,
): NonNullable<WarehouseConfiguration[WarehouseSection]> {
  return entry[sectionOf(entry)]!;
}

/** The settings of a cluster to create or of an existing one; undefined if the warehouse is serverless. */
export function clusterSettings({ cluster, existing }: WarehouseConfiguration): ClusterSettings | undefined {
  return existing && "clusterIdentifier" in existing ? existing : cluster;
}

/** The settings of a serverless warehouse to create or of an existing one; undefined if the warehouse is a cluster. */
export function serverlessSettings({ existing, serverless }: WarehouseConfiguration): ServerlessSettings | undefined {
  return existing && "workgroupName" in existing ? existing : serverless;
}
