import type { TerraformStack } from "cdktf";
import {
  DataApiRole,
  type IDataApiRole,
  ScheduledQuery,
  ScheduledQueryGroup,
  type ScheduledQueryGroupProps,
  ScheduledQueryRole,
} from "../../../modules";
import { defaultQueryRoleName } from "../../../modules/data-api/scheduled-query-group";
import { scheduleGroupArn } from "../../../modules/data-api/scheduled-query-role";
import { partitionOf } from "../../../modules/private/partition";
import { checkNotBoth } from "../../../modules/private/checks";
import type { WarehouseConfiguration } from "../../config/schema";
import { readSql } from "../../config/sql-file";
import { warehouseSettings } from "../../config/warehouse-sections";
import { output } from "../outputs";
import { addEach, type AddOn, type SettingsOf } from "./add-on";

type Settings = SettingsOf<"scheduledQueries">;
type Query = Settings["queries"][number];

/**
 * @billed invocations of EventBridge Scheduler over 14 million a month; compute; the dead-letter queue
 * @magnitude about 1 a million invocations
 * @prices [EventBridge](https://aws.amazon.com/eventbridge/pricing/)
 */
export const scheduledQueries: AddOn<"scheduledQueries"> = {
  section: "scheduledQueries",
  add(context, { queries, ...settings }) {
    const { entry, place, stack, warehouse } = context;
    const groupName = settings.groupName ?? entry.name;
    const group = new ScheduledQueryGroup(stack, "ScheduledQueries", {
      ...settings,
      ...(typeof entry.key === "string" ? roleOfKeyStack(stack, entry, settings) : {}),
      groupName,
      warehouse,
      // The cast is safe: the schema of a serverless warehouse refuses the options for credentials of a cluster.
    } as ScheduledQueryGroupProps);
    addEach(
      { ...context, place: [...place, "queries"] },
      queries,
      ({ queryName }) => `ScheduledQuery-${queryName}`,
      (id, { sqlFile, ...query }) =>
        new ScheduledQuery(stack, id, { ...query, ...sqlOf(stack, query, sqlFile), group }),
    );
    const { deadLetterQueue, role } = group;
    output(stack, "scheduled_query_role_arn", "The role of the scheduled queries", role.identity.arn);
    output(stack, "dead_letter_queue_arn", "The queue of scheduled queries that do not start", deadLetterQueue?.arn);
  },
};

function sqlOf(
  stack: TerraformStack,
  query: Omit<Query, "sqlFile">,
  sqlFile: string | undefined,
): { readonly sql?: string } {
  if (sqlFile === undefined) {
    return {};
  }
  checkNotBoth(stack, { ...query, sqlFile }, "sqlFile", "sql", "the file has the statement");
  return { sql: readSql(stack, "sqlFile", sqlFile) };
}

/**
 * Returns the props of a group that uses the role of the shared key's stack. The props for a role to create are unset, because that
 * stack has created the role.
 */
function roleOfKeyStack(
  stack: TerraformStack,
  entry: WarehouseConfiguration,
  settings: Omit<Settings, "queries">,
): Pick<ScheduledQueryGroupProps, "permissionsBoundary" | "role" | "roleName" | "rolePath"> {
  const { roleName, rolePath } = roleProps(entry, settings);
  const arn = `arn:${partitionOf(entry.region)}:iam::${entry.account}:role${rolePath}${roleName}`;
  const role = DataApiRole.fromRoleArn(stack, "ScheduledQueriesRole", arn);
  return { permissionsBoundary: undefined, role, roleName: undefined, rolePath: undefined };
}

/** In the stack of a shared key, creates the role for a warehouse's scheduled queries; undefined if the warehouse has no queries. */
export function createQueryRole(stack: TerraformStack, entry: WarehouseConfiguration): IDataApiRole | undefined {
  const { scheduledQueries: settings } = warehouseSettings(entry);
  return settings && new ScheduledQueryRole(stack, `ScheduledQueriesRole-${entry.name}`, roleProps(entry, settings));
}

function roleProps({ account: accountId, name, region }: WarehouseConfiguration, settings: Omit<Settings, "queries">) {
  const { groupName = name, permissionsBoundary, rolePath = "/" } = settings;
  return {
    groupArn: scheduleGroupArn({ accountId, partition: partitionOf(region), region }, groupName),
    permissionsBoundary,
    roleName: settings.roleName ?? defaultQueryRoleName(groupName),
    rolePath,
  };
}
