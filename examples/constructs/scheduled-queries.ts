import type { TerraformStack } from "cdktf";
import { type IWarehouse, ScheduledQuery, ScheduledQueryGroup } from "../../modules";

export function scheduleQueries(stack: TerraformStack, warehouse: IWarehouse): void {
  const group = new ScheduledQueryGroup(stack, "Queries", {
    deadLetterQueueName: "analytics-failed-queries",
    groupName: "analytics",
    warehouse,
  });
  new ScheduledQuery(stack, "Refresh", {
    group,
    queryName: "refresh-sales",
    scheduleExpression: "cron(0 3 * * ? *)",
    scheduleExpressionTimezone: "Europe/Berlin",
    sql: "REFRESH MATERIALIZED VIEW sales_by_day",
    withEvent: true,
  });
}
