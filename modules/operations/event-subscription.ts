import { RedshiftEventSubscription } from "@cdktf/provider-aws/lib/redshift-event-subscription";
import { Construct } from "constructs";
import { checkKey, checkKeyRegion, type IDataApiKey, letServiceUse } from "../kms/key";
import { KeyStatements } from "../kms/key-statements";
import { checkPlace } from "../private/checks";
import { defined } from "../private/defined";
import {
  checkProps,
  code,
  flag,
  list,
  propRules,
  required,
  text,
  withPresets,
  type PropRules,
  unique,
} from "../private/prop-rules";
import { TAGGED_RESOURCE_PROPS, type TaggedResourceProps } from "../private/resource-props";
import type { OrNewer } from "../private/rule";
import { EVENT_CATEGORIES, EVENT_CATEGORY, EVENT_SEVERITY, SUBSCRIPTION_NAME, TOPIC_ARN } from "../private/rules";
import { clusterOnly, type ICluster, placeOf } from "../redshift/warehouse";

/** The events of a cluster that Redshift publishes, and the topic that gets them. */
export interface EventSubscriptionProps extends TaggedResourceProps {
  /** The SNS topic that gets the events, by ARN: a topic of the cluster's Region. */
  readonly topicArn: string;
  /** The cluster. */
  readonly warehouse: ICluster;
  /**
   * Whether events are published.
   *
   * @default - true, the default of AWS
   */
  readonly enabled?: boolean | undefined;
  /**
   * The categories that are published: configuration, management, monitoring, pending, security.
   *
   * @default - all five
   */
  readonly eventCategories?:
    readonly OrNewer<"configuration" | "management" | "monitoring" | "pending" | "security">[] | undefined;
  /**
   * The lowest severity that is published: `INFO` for every event, `ERROR` for failures only.
   *
   * @default "INFO"
   */
  readonly severity?: OrNewer<"ERROR" | "INFO"> | undefined;
  /**
   * The subscription's name: 1 to 255 letters, digits or hyphens. A change replaces the subscription.
   *
   * @default - the cluster's identifier and `-events`
   */
  readonly subscriptionName?: string | undefined;
  /**
   * The customer managed key of the topic. Its policy gets a statement that lets Redshift use the key: `KeyStatements.forEvents`.
   *
   * @default - the topic is not encrypted, or its key policy lets Redshift use the key
   */
  readonly topicKey?: IDataApiKey | undefined;
}

/** @internal */
export const EVENT_SUBSCRIPTION_PROPS = propRules("EventSubscriptionProps", {
  topicArn: required(text(TOPIC_ARN)),
  warehouse: required(code(clusterOnly("a serverless warehouse has no event subscriptions"))),
  enabled: flag(),
  eventCategories: list(EVENT_CATEGORY, "category", EVENT_CATEGORIES),
  severity: text(EVENT_SEVERITY, "INFO"),
  subscriptionName: unique(text(SUBSCRIPTION_NAME)),
  topicKey: code(),
  ...TAGGED_RESOURCE_PROPS,
} satisfies PropRules<EventSubscriptionProps>);

/** Returns the default name of an event subscription of a cluster. */
export function defaultSubscriptionName(clusterIdentifier: string): string {
  return `${clusterIdentifier}-events`;
}

/**
 * Notifications of the events of a cluster: maintenance, resizes, failures, changes of its security.
 *
 * @example
 * const topic = new AlarmTopic(stack, "Topic", { emails: ["warehouse-team@example.com"], key, topicName: "analytics-events" });
 * new EventSubscription(stack, "Failures", {
 *   severity: "ERROR",
 *   subscriptionName: "analytics-failures",
 *   topicArn: topic.topicArn,
 *   topicKey: key,
 *   warehouse: cluster,
 * });
 *
 * @see https://docs.aws.amazon.com/redshift/latest/mgmt/working-with-event-notifications.html
 */
export class EventSubscription extends Construct {
  /** The wrapped resource. */
  public readonly resource: RedshiftEventSubscription;

  /** @throws if a prop breaks its rule, or the warehouse is serverless */
  public constructor(scope: Construct, id: string, props: EventSubscriptionProps) {
    super(scope, id);
    checkProps(this, props, EVENT_SUBSCRIPTION_PROPS, (props) => this.checkTopic(props));
    const settings = withPresets(props, EVENT_SUBSCRIPTION_PROPS);
    const { eventCategories, severity, subscriptionName, tags, topicArn, topicKey, warehouse } = settings;
    if (topicKey) {
      letServiceUse(topicKey, "redshift", () => KeyStatements.forEvents(topicKey, this));
    }
    const { clusterIdentifier } = warehouse;
    this.resource = new RedshiftEventSubscription(
      this,
      "Resource",
      defined({
        enabled: props.enabled,
        eventCategories: [...eventCategories],
        name: subscriptionName ?? defaultSubscriptionName(clusterIdentifier),
        provider: props.provider,
        severity,
        snsTopicArn: topicArn,
        sourceIds: [clusterIdentifier],
        sourceType: "cluster",
        tags,
      }),
    );
  }

  /** Refuses a topic, or its key, of another partition or Region than the cluster's. */
  private checkTopic({ topicArn, topicKey, warehouse }: EventSubscriptionProps): void {
    const { partition, region } = placeOf(warehouse);
    checkPlace(this, "topicArn", topicArn, { partition, region });
    if (topicKey !== undefined) {
      checkKey(this, topicKey, "topicKey");
      checkKeyRegion(this, topicKey, region, "topicKey");
    }
  }
}
