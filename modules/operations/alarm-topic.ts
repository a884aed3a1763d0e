import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import { Lazy } from "cdktf";
import { Construct } from "constructs";
import { checkKey, type IDataApiKey, letServiceUse, literalRegion } from "../kms/key";
import { KeyStatements } from "../kms/key-statements";
import { checkKnownList, checkPlace, checkRequired, fail, known, type Where } from "../private/checks";
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
import type { Rule } from "../private/rule";
import { EMAIL, RULE_ARN, TOPIC_NAME } from "../private/rules";
import { checkDeployedBefore } from "../private/stack-boundary";
import { canonical, policyJson, type PolicyStatement } from "../private/statement";

/** The topic that alarms are sent to. */
export interface AlarmTopicProps extends TaggedResourceProps {
  /** The key that encrypts the messages. Its policy gets a statement that lets alarms use the key: `KeyStatements.forAlarms`. */
  readonly key: IDataApiKey;
  /** The topic's name: 1 to 256 letters, digits, hyphens or underscores. */
  readonly topicName: string;
  /**
   * The e-mail addresses that get the messages. Each must confirm its subscription once.
   *
   * @default - none
   */
  readonly emails?: readonly string[] | undefined;
}

/** @internal */
export const ALARM_TOPIC_PROPS = propRules("AlarmTopicProps", {
  key: required(code()),
  topicName: unique(required(text(TOPIC_NAME))),
  emails: decision(list(EMAIL)),
  ...TAGGED_RESOURCE_PROPS,
} satisfies PropRules<AlarmTopicProps>);

/**
 * An SNS topic for alarms, with its e-mail addresses, encrypted with a customer managed key. CloudWatch may not publish to a topic
 * under the AWS managed key of SNS. The access policy is AWS's: it allows the principals of the account, also alarms. Rules of
 * EventBridge need another statement: `allowEventRules`.
 *
 * @example
 * const topic = new AlarmTopic(stack, "Topic", { emails: ["warehouse-team@example.com"], key, topicName: "analytics-alarms" });
 * new WarehouseAlarms(stack, "Alarms", { topicArns: [topic.topicArn], warehouse: cluster });
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-server-side-encryption.html
 */
export class AlarmTopic extends Construct {
  /** The topic's ARN. */
  public readonly topicArn: string;
  /** The wrapped topic. */
  public readonly resource: SnsTopic;

  readonly #eventRuleArns: string[] = [];
  readonly #props: AlarmTopicProps;

  /** @throws if a prop breaks its rule */
  public constructor(scope: Construct, id: string, props: AlarmTopicProps) {
    super(scope, id);
    checkProps(
      this,
      props,
      ALARM_TOPIC_PROPS,
      (props) => checkKey(this, props.key),
      (props) => checkIds(this, props.emails),
    );
    const { emails = [], key, provider, tags, topicName } = props;
    this.#props = props;
    TOPIC_KEYS.set(this, key);
    letServiceUse(key, "cloudwatch", () => KeyStatements.forAlarms(key, this));
    this.resource = new SnsTopic(
      this,
      "Resource",
      defined({ kmsMasterKeyId: key.keyArn, name: topicName, provider, tags }),
    );
    this.topicArn = this.resource.arn;
    for (const endpoint of emails) {
      new SnsTopicSubscription(
        this,
        `Email-${endpoint}`,
        defined({
          endpoint,
          protocol: "email",
          provider,
          topicArn: this.topicArn,
        }),
      );
    }
  }

  /**
   * Lets rules of EventBridge publish to the topic, and use its key. The first call creates the access policy of the topic.
   *
   * @example
   * const topic = new AlarmTopic(stack, "Topic", { key, topicName: "events" });
   * topic.allowEventRules(["arn:aws:events:us-east-1:111122223333:rule/nightly"]);
   *
   * @param ruleArns - the ARNs of the rules
   * @throws if an ARN is not that of a rule in the key's Region, or a rule is of a stack that is deployed after the topic's
   * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-sns-permissions
   */
  public allowEventRules(ruleArns: readonly string[]): void {
    const { key, provider } = this.#props;
    checkKnownList(this, "ruleArns", ruleArns);
    ruleArns.forEach((arn, index) => {
      checkRequired(this, `ruleArns[${index}]`, arn, RULE_ARN);
      checkPlace(this, `ruleArns[${index}]`, arn, { region: literalRegion(key) });
      checkDeployedBefore(this, `ruleArns[${index}]`, arn);
    });
    if (this.#eventRuleArns.length === 0) {
      letServiceUse(key, "events", () => KeyStatements.forEventRules(key, this));
      const policy = Lazy.stringValue({ produce: () => policyJson(this.policyStatements()) });
      new SnsTopicPolicy(this, "Policy", defined({ arn: this.topicArn, policy, provider }));
    }
    this.#eventRuleArns.push(...ruleArns);
  }

  private policyStatements(): readonly PolicyStatement[] {
    return [
      {
        // The default access policy of a topic, as SNS creates it:
        // https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
        Sid: "AllowAccount",
        Effect: "Allow",
        Principal: { AWS: "*" },
        Action: [
          "SNS:AddPermission",
          "SNS:DeleteTopic",
          "SNS:GetTopicAttributes",
          "SNS:ListSubscriptionsByTopic",
          "SNS:Publish",
          "SNS:RemovePermission",
          "SNS:SetTopicAttributes",
          "SNS:Subscribe",
        ],
        Resource: this.topicArn,
        Condition: { StringEquals: { "AWS:SourceOwner": this.#props.key.accountId } },
      },
      {
        Sid: "AllowEventRules",
        Effect: "Allow",
        Principal: { Service: "events.amazonaws.com" },
        Action: "SNS:Publish",
        Resource: this.topicArn,
        Condition: { ArnEquals: { "aws:SourceArn": canonical(this.#eventRuleArns) } },
      },
    ];
  }
}

/** The keys of topics. A topic of another copy of the package has none here. */
const TOPIC_KEYS = new WeakMap<AlarmTopic, IDataApiKey>();

/** Returns the key that encrypts a topic; undefined if the topic is of another copy of the package. */
export function keyOfTopic(topic: AlarmTopic): IDataApiKey | undefined {
  return TOPIC_KEYS.get(topic);
}

/** The rule that a prop must be an AlarmTopic. */
export const ALARM_TOPIC: Rule = {
  must: "be an AlarmTopic",
  test: (value) => (value as Partial<AlarmTopic> | null | undefined)?.allowEventRules !== undefined,
};

/** Refuses a token, and two e-mail addresses that would give one construct ID, because the framework replaces each `/` of an ID with `--`. */
function checkIds(where: Where, emails: readonly string[] = []): void {
  const ids = emails.map((email) => email.replaceAll("/", "--"));
  ids.forEach((id, index) => {
    if (!known(id)) {
      fail(
        where,
        `emails[${index}]`,
        "be known at synthesis, because each address is the ID of a construct",
        "a token",
      );
    }
    const first = ids.indexOf(id);
    if (first !== index) {
      fail(where, `emails[${index}]`, `differ from ${emails[first]}, also with -- in place of each /`, emails[index]);
    }
  });
}
