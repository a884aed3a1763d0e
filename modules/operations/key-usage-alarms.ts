import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { Annotations, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { checkKey, checkKeyRegion, type IDataApiKey, literalRegion } from "../kms/key";
import { fail } from "../private/checks";
import { defined } from "../private/defined";
import {
  checkProps,
  code,
  decision,
  list,
  type PropRules,
  propRules,
  required,
  text,
  unique,
} from "../private/prop-rules";
import { TAGGED_RESOURCE_PROPS, type TaggedResourceProps } from "../private/resource-props";
import { follows } from "../private/rule";
import { ALIAS, REGION, RULE_NAME_PREFIX } from "../private/rules";
import { knownCharacters } from "../private/statement";
import { type IWarehouse, placeOf, WAREHOUSE } from "../redshift/warehouse";
import { ALARM_TOPIC, type AlarmTopic, keyOfTopic } from "./alarm-topic";

/** The key whose use raises an alarm, and the topic that gets the events. */
export interface KeyUsageAlarmsProps extends TaggedResourceProps {
  /** The key. CloudTrail records changes of the key in the key's account, and a denied use also in the caller's account. */
  readonly key: IDataApiKey;
  /** The prefix of the rules' names: 1 to 45 letters, digits or any of `_.-`. */
  readonly ruleNamePrefix: string;
  /** The topic of the same stack that gets the events. Its access policy gets a statement that lets the rules publish. */
  readonly topic: AlarmTopic;
  /**
   * The aliases by which requests name the key: `alias/` and 1 to 250 characters.
   *
   * @default - none: requests name it by its ARN or its ID
   */
  readonly aliases?: readonly string[] | undefined;
  /**
   * The warehouse whose failed statements of the Data API are events as well. A statement has events only if the caller of
   * ExecuteStatement or BatchExecuteStatement sets `WithEvent`.
   *
   * @default - none: no rule for statements
   */
  readonly warehouse?: IWarehouse | undefined;
}

/** @internal */
export const KEY_USAGE_ALARMS_PROPS = propRules("KeyUsageAlarmsProps", {
  key: required(code()),
  ruleNamePrefix: unique(required(text(RULE_NAME_PREFIX))),
  topic: required(code(ALARM_TOPIC)),
  aliases: decision(list(ALIAS, "alias")),
  warehouse: code(WAREHOUSE),
  ...TAGGED_RESOURCE_PROPS,
} satisfies PropRules<KeyUsageAlarmsProps>);

/**
 * The largest event pattern, in characters, and the quota that applies until AWS raises it for an account:
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
 */
const MAX_PATTERN = 4096;
const DEFAULT_PATTERN = 2048;

/** The settings of an EventBridge rule. */
interface EventRule {
  readonly description: string;
  readonly id: string;
  readonly pattern: object;
  readonly state: "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS" | "ENABLED";
  readonly suffix: string;
}

/**
 * EventBridge rules that send events to a topic: denied uses of a key, changes that can make its warehouses unreadable, and failed
 * statements. EventBridge gets the events of a key from CloudTrail if a trail of the account logs management events, also of KMS.
 *
 * @example
 * const topic = new AlarmTopic(stack, "Topic", { emails: ["security@example.com"], key, topicName: "analytics-key-usage" });
 * new KeyUsageAlarms(stack, "KeyUsageAlarms", { key, ruleNamePrefix: "analytics", topic, warehouse });
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/logging-using-cloudtrail.html
 */
export class KeyUsageAlarms extends Construct {
  /** The wrapped rules. */
  public readonly resources: readonly CloudwatchEventRule[];

  /** @throws if a prop breaks its rule */
  public constructor(scope: Construct, id: string, props: KeyUsageAlarmsProps) {
    super(scope, id);
    checkProps(
      this,
      props,
      KEY_USAGE_ALARMS_PROPS,
      (props) => checkKey(this, props.key),
      (props) => this.checkTopic(props),
      (props) => this.checkWarehouse(props),
    );
    const { key, provider, ruleNamePrefix, tags, topic, warehouse } = props;
    const filters = keyFilters(key, props.aliases ?? []);
    const rules = [
      deniedUseRule(key, filters),
      keyChangeRule(filters),
      ...(warehouse ? [failedStatementRule(warehouse)] : []),
    ];
    this.checkSize(Math.max(...rules.map(({ pattern }) => knownCharacters(JSON.stringify(pattern)))));
    this.resources = rules.map(
      ({ description, id, pattern, state, suffix }) =>
        new CloudwatchEventRule(
          this,
          id,
          defined({
            description,
            eventPattern: JSON.stringify(pattern),
            name: `${ruleNamePrefix}-${suffix}`,
            provider,
            state,
            tags,
          }),
        ),
    );
    topic.allowEventRules(this.resources.map(({ arn }) => arn));
    rules.forEach(
      ({ id }, index) =>
        new CloudwatchEventTarget(
          this,
          `${id}Target`,
          defined({ arn: topic.topicArn, provider, rule: this.resources[index]!.name, targetId: "topic" }),
        ),
    );
  }

  /** Refuses event patterns that are larger than EventBridge accepts, and warns if one needs a raised quota. */
  private checkSize(characters: number): void {
    if (characters > MAX_PATTERN) {
      fail(this, "aliases", `lead to event patterns of at most ${MAX_PATTERN} characters`, `${characters} characters`);
    }
    if (characters > DEFAULT_PATTERN) {
      Annotations.of(this).addWarning(
        `an event pattern has ${characters} characters: EventBridge allows ${DEFAULT_PATTERN}, unless the account's ` +
          "quota for the size of event patterns is raised",
      );
    }
  }

  /**
   * Refuses a topic of another stack: the rules name the topic, and the topic's policy names the rules, so each needs the other.
   * Refuses a topic under a key of another Region: rules publish to topics of their Region, which SNS encrypts with keys of that Region.
   */
  private checkTopic({ key, topic }: KeyUsageAlarmsProps): void {
    const stack = TerraformStack.of(topic);
    if (stack !== TerraformStack.of(this)) {
      const must = `be in the stack of the event rules, which its policy names: create both in the stack ${stack.node.id}`;
      fail(this, "topic", must, topic.node.path);
    }
    const topicKey = keyOfTopic(topic);
    if (topicKey) {
      checkKeyRegion(this, topicKey, literalRegion(key), "topic.key");
    }
  }

  /** Refuses a warehouse of another Region: the events of statements are in the warehouse's Region, and the rules in the key's. */
  private checkWarehouse({ key, warehouse }: KeyUsageAlarmsProps): void {
    const [keyRegion, region] = [literalRegion(key), warehouse && placeOf(warehouse).region];
    if (keyRegion !== undefined && follows(region, REGION) && region !== keyRegion) {
      fail(this, "warehouse", `be in the Region of the key and the event rules, ${keyRegion}`, region);
    }
  }
}

const BY_CLOUDTRAIL = { "detail-type": ["AWS API Call via CloudTrail"], source: ["aws.kms"] };

/**
 * Returns two event patterns for a key. One of them matches an event if its resources have the ARN of the key, or if its request
 * parameters have the ARN, the ID or an alias of the key.
 */
function keyFilters(key: IDataApiKey, aliases: readonly string[]): readonly object[] {
  const { accountId, keyArn, keyId, partition, region } = key;
  const aliasArns = aliases.map((alias) => `arn:${partition}:kms:${region}:${accountId}:${alias}`);
  return [
    { resources: { ARN: [keyArn] } },
    { requestParameters: { keyId: [keyArn, keyId, ...aliases, ...aliasArns] } },
  ];
}

/** Returns the EventBridge rule that matches denied uses of a key. */
function deniedUseRule({ keyArn }: IDataApiKey, filters: readonly object[]): EventRule {
  return {
    description: "A request to use the key was denied",
    id: "DeniedUse",
    pattern: {
      ...BY_CLOUDTRAIL,
      detail: {
        $or: [
          ...filters,
          // https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
          { errorMessage: [{ wildcard: `*${keyArn}*` }] },
        ],
        errorCode: [{ prefix: "AccessDenied" }],
        eventName: ["CreateGrant", "Decrypt", { prefix: "GenerateDataKey" }],
        eventSource: ["kms.amazonaws.com"],
      },
    },
    // Decrypt and GenerateDataKey are read-only management events:
    // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail-management.html
    state: "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS",
    suffix: "key-denied",
  };
}

/** Returns the EventBridge rule that matches changes by which a key may become unusable, or usable by others. */
function keyChangeRule(filters: readonly object[]): EventRule {
  return {
    description: "The key was disabled or scheduled for deletion, or its policy or grants were changed",
    id: "KeyChange",
    pattern: {
      ...BY_CLOUDTRAIL,
      detail: {
        $or: filters,
        // Without RetireGrant, because services retire their grants when they no longer need them.
        eventName: ["DisableKey", "PutKeyPolicy", "RevokeGrant", "ScheduleKeyDeletion"],
        eventSource: ["kms.amazonaws.com"],
      },
    },
    state: "ENABLED",
    suffix: "key-change",
  };
}

/**
 * Returns the EventBridge rule that matches failed statements of a warehouse's Data API.
 *
 * @see https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-monitoring-events.html
 */
function failedStatementRule({ warehouseArn }: IWarehouse): EventRule {
  return {
    description: "A statement of the Data API failed, whose caller asked for events",
    id: "FailedStatement",
    pattern: {
      "detail-type": ["Redshift Data Statement Status Change"],
      detail: { state: ["FAILED"] },
      resources: [warehouseArn],
      source: ["aws.redshift-data"],
    },
    state: "ENABLED",
    suffix: "failed-statement",
  };
}
