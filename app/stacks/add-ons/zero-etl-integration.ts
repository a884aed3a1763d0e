import { type IntegrationPolicy, KeyStatements, ZeroEtlIntegration } from "../../../modules";
import { partitionOf } from "../../../modules/private/partition";
import { fail } from "../../../modules/private/checks";
import type { WarehouseConfiguration } from "../../config/schema";
import { warehouseSettings } from "../../config/warehouse-sections";
import { addEach, type AddOn } from "./add-on";
import { INTEGRATION_POLICY_ID } from "./integration-policy";

const CASE_SENSITIVE = "enable_case_sensitive_identifier";

export const zeroEtlIntegration: AddOn<"zeroEtlIntegrations"> = {
  section: "zeroEtlIntegrations",
  add(context, integrations) {
    const { entry, stack, warehouse } = context;
    const integrationPolicy = stack.node.tryFindChild(INTEGRATION_POLICY_ID) as IntegrationPolicy | undefined;
    const [prop, parameters] = parametersOf(entry);
    if (parameters !== undefined && parameters[CASE_SENSITIVE] !== "true") {
      fail(
        stack,
        "",
        `come with '${prop}.${CASE_SENSITIVE}' of "true", which AWS requires`,
        parameters[CASE_SENSITIVE],
      );
    }
    addEach(
      context,
      integrations,
      ({ integrationName }) => `ZeroEtlIntegration-${integrationName}`,
      (id, integration) => {
        if (integrationPolicy === undefined && !entry.existing) {
          const must =
            "be one of 'integrations.authorizedSources': nothing else authorizes a source of a new warehouse";
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

/**
 * Returns the name of the setting for database parameters, and its value. The value is empty if the entry gives no parameters,
 * and undefined if the entry does not decide them: an existing warehouse, or an existing or shared parameter group.
 */
function parametersOf({
  cluster,
  serverless,
}: WarehouseConfiguration): readonly [prop: string, parameters: Readonly<Record<string, string>> | undefined] {
  if (cluster && cluster.parameterGroup === undefined && cluster.clusterParameterGroupName === undefined) {
    return ["parameters", cluster.parameters ?? {}];
  }
  return ["configParameters", serverless && (serverless.configParameters ?? {})];
}
