import { AlarmTopic, KeyStatements, WarehouseAlarms, type WarehouseAlarmsProps } from "../../../modules";
import { checkNotBoth } from "../../../modules/private/checks";
import type { WarehouseConfiguration } from "../../config/schema";
import { warehouseSettings } from "../../config/warehouse-sections";
import { output } from "../outputs";
import type { AddOn } from "./add-on";

/**
 * Returns `:ACCOUNT:NAME`, the end of the ARN of the alarm topic that a warehouse's stack creates; empty if it creates no topic.
 */
export function alarmTopics(entry: WarehouseConfiguration): readonly string[] {
  const { account, name } = entry;
  const { alarms } = warehouseSettings(entry);
  return alarms && !alarms.topicArns ? [`:${account}:${topicNameOf(name)}`] : [];
}

function topicNameOf(warehouse: string): string {
  return `${warehouse}-alarms`;
}

/**
 * @billed each alarm and month; messages to `emails`
 * @magnitude below 1 a month for an alarm
 * @prices [CloudWatch](https://aws.amazon.com/cloudwatch/pricing/)
 */
export const warehouseAlarms: AddOn<"alarms"> = {
  section: "alarms",
  add({ entry, stack, warehouse }, { emails, topicArns, ...thresholds }) {
    checkNotBoth(stack, { emails, topicArns }, "emails", "topicArns", "an existing topic has its own e-mail addresses");
    const topicArn =
      topicArns === undefined
        ? new AlarmTopic(stack, "AlarmTopic", { emails, key: warehouse.key, topicName: topicNameOf(entry.name) })
            .topicArn
        : undefined;
    const props = { ...thresholds, topicArns: topicArns ?? [topicArn!], warehouse };
    // The cast is safe: the schema of each kind of warehouse has only the thresholds of this kind.
    new WarehouseAlarms(stack, "Alarms", props as WarehouseAlarmsProps);
    output(stack, "alarm_topic_arn", "The SNS topic of the alarms", topicArn);
  },
  keyStatements({ account: accountId }, warehouses) {
    return warehouses.flatMap(alarmTopics).length > 0 ? [KeyStatements.forAlarms({ accountId })] : [];
  },
};
