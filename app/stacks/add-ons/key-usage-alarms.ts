import { AlarmTopic, KeyStatements, KeyUsageAlarms } from "../../../modules";
import { defaultAlias } from "../../config/default-alias";
import type { WarehouseConfiguration } from "../../config/schema";
import { warehouseSettings } from "../../config/warehouse-sections";
import { output } from "../outputs";
import type { AddOn } from "./add-on";

/**
 * @billed messages of the topic; a trail of CloudTrail, if the account has none
 * @magnitude nothing for the events of AWS services; cents in 10,000 messages
 * @prices [EventBridge](https://aws.amazon.com/eventbridge/pricing/)
 */
export const keyUsageAlarms: AddOn<"keyUsageAlarms"> = {
  section: "keyUsageAlarms",
  add({ entry, stack, warehouse }, { emails }) {
    const { key } = warehouse;
    const topic = new AlarmTopic(stack, "KeyUsageTopic", { emails, key, topicName: `${entry.name}-key-usage` });
    new KeyUsageAlarms(stack, "KeyUsageAlarms", {
      aliases: aliasesOf(entry),
      key,
      ruleNamePrefix: entry.name,
      topic,
      warehouse,
    });
    output(stack, "key_usage_topic_arn", "The SNS topic of the events of the key", topic.topicArn);
  },
  keyStatements({ account: accountId }, warehouses) {
    const hasAlarms = warehouses.some((entry) => warehouseSettings(entry).keyUsageAlarms !== undefined);
    return hasAlarms ? [KeyStatements.forAlarms({ accountId }), KeyStatements.forEventRules({ accountId })] : [];
  },
};

/** Returns the alias of the key that the stack creates, as a list; undefined for an existing or shared key. */
function aliasesOf({ key = {}, name }: WarehouseConfiguration): readonly string[] | undefined {
  return typeof key === "string" || "keyArn" in key ? undefined : [key.alias ?? defaultAlias(name)];
}
