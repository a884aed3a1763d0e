import { type IntegrationPolicy, KeyStatements, ZeroEtlIntegration } from "../../../modules";
import { partitionOf } from "../../../modules/private/partition";
import { fail } from "../../../modules/private/checks";
import { checkCaseSensitivity } from "../../../modules/sharing/zero-etl-integration";
import { warehouseSettings } from "../../config/warehouse-sections";
import { addEach, type AddOn } from "./add-on";
import { INTEGRATION_POLICY_ID } from "./integration-policy";

/**
 * @billed the changes that it copies, and compute and storage of the warehouse
 * @magnitude depends on the source
 * @prices [Redshift](https://aws.amazon.com/redshift/pricing/)
 */
export const zeroEtlIntegration: AddOn<"zeroEtlIntegrations"> = {
  section: "zeroEtlIntegrations",
  add(context, integrations) {
    const { entry, stack, warehouse } = context;
    const integrationPolicy = stack.node.tryFindChild(INTEGRATION_POLICY_ID) as IntegrationPolicy | undefined;
    checkCaseSensitivity(stack, "", warehouse);
    addEach(
      context,
      integrations,
      ({ integrationName }) => `ZeroEtlIntegration-${integrationName}`,
      (id, integration) => {
        if (integrationPolicy === undefined && !entry.existing) {
          const must =
            "be one of 'integrations.authorizedSources': only this list authorizes sources of a new warehouse";
          fail(stack, "sourceArn", must, integration.sourceArn);
        }
        return new ZeroEtlIntegration(stack, id, { ...integration, integrationPolicy, warehouse });
      },
    );
  },
  keyStatements({ account: accountId, region }, warehouses) {
    const sources = warehouses.flatMap(
      (entry) => warehouseSettings(entry).zeroEtlIntegrations?.map(({ sourceArn }) => sourceArn) ?? [],
    );
    const place = { accountId, partition: partitionOf(region), region };
    return [
      ...(sources.length > 0 ? [KeyStatements.forIntegrations(place)] : []),
      ...(sources.some((arn) => arn.includes(":rds:")) ? [KeyStatements.forDatabaseIntegrations(place)] : []),
    ];
  },
};
