import { sectionOf } from "../../config/warehouse-sections";
import type { WarehouseContext } from "../warehouse-context";
import type { AddOn, Section, SettingsOf } from "./add-on";
import { datashareAssociation } from "./datashare-association";
import { datashareAuthorization } from "./datashare-authorization";
import { endpointAccess } from "./endpoint-access";
import { endpointAuthorization } from "./endpoint-authorization";
import { eventSubscription } from "./event-subscription";
import { integrationPolicy } from "./integration-policy";
import { manualSnapshot } from "./manual-snapshot";
import { keyUsageAlarms } from "./key-usage-alarms";
import { scheduledAction } from "./scheduled-action";
import { scheduledQueries } from "./scheduled-queries";
import { secretRotation } from "./secret-rotation";
import { serverlessCustomDomain } from "./serverless-custom-domain";
import { serverlessSnapshotPolicy } from "./serverless-snapshot-policy";
import { snapshotCopy } from "./snapshot-copy";
import { snapshotSchedule } from "./snapshot-schedule";
import { usageLimit } from "./usage-limit";
import { warehouseAlarms } from "./warehouse-alarms";
import { zeroEtlIntegration } from "./zero-etl-integration";

/** The add-ons, in the order in which a stack creates them and in which a key policy has their statements. */
export const ADD_ONS: readonly AddOn[] = [
  snapshotCopy,
  usageLimit,
  warehouseAlarms,
  endpointAccess,
  integrationPolicy,
  secretRotation,
  datashareAuthorization,
  datashareAssociation,
  snapshotSchedule,
  scheduledAction,
  eventSubscription,
  serverlessCustomDomain,
  serverlessSnapshotPolicy,
  scheduledQueries,
  endpointAuthorization,
  manualSnapshot,
  zeroEtlIntegration,
  keyUsageAlarms,
];

/** Creates the add-ons whose sections are in a warehouse's entry. */
export function addAddOns(context: WarehouseContext): void {
  const { entry, problems } = context;
  const warehouseSection = sectionOf(entry);
  const sections = entry[warehouseSection] as { readonly [S in Section]?: SettingsOf<S> };
  for (const addOn of ADD_ONS) {
    const { section } = addOn;
    const settings = sections[section];
    if (settings !== undefined) {
      const place = [warehouseSection, section];
      problems.at(place, () => addOn.add({ ...context, place }, settings));
    }
  }
}
