import { EventSubscription, KeyStatements } from "../../../modules";
import type { WarehouseConfiguration } from "../../config/schema";
import { clusterSettings } from "../../config/warehouse-sections";
import { addEach, type AddOn } from "./add-on";
import { alarmTopics } from "./warehouse-alarms";

/**
 * @billed messages of the topic
 * @magnitude cents in 10,000 messages
 * @prices [SNS](https://aws.amazon.com/sns/pricing/)
 */
export const eventSubscription: AddOn<"eventSubscriptions"> = {
  section: "eventSubscriptions",
  add(context, subscriptions) {
    const { entry, stack, warehouse } = context;
    addEach(
      context,
      subscriptions,
      ({ subscriptionName = "events" }) => `EventSubscription-${subscriptionName}`,
      (id, subscription) => {
        const topicKey = isAlarmTopic(subscription.topicArn, [entry]) ? warehouse.key : undefined;
        return new EventSubscription(stack, id, { ...subscription, topicKey, warehouse });
      },
    );
  },
  keyStatements({ account: accountId }, warehouses) {
    const subscriptions = warehouses.flatMap((entry) => clusterSettings(entry)?.eventSubscriptions ?? []);
    return subscriptions.some(({ topicArn }) => isAlarmTopic(topicArn, warehouses))
      ? [KeyStatements.forEvents({ accountId })]
      : [];
  },
};

/** Returns whether the topic is the alarm topic of one of the warehouses. The key of the warehouse encrypts such a topic. */
function isAlarmTopic(topicArn: string, warehouses: readonly WarehouseConfiguration[]): boolean {
  return warehouses.flatMap(alarmTopics).some((topic) => topicArn.endsWith(topic));
}
