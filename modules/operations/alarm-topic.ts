import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import { Construct } from "constructs";
import { checkKey, type IDataApiKey, letServiceUse } from "../kms/key";
import { KeyStatements } from "../kms/key-statements";
import { fail, type Where } from "../private/checks";
import { defined } from "../private/defined";
import { checkProps, code, decision, list, type PropRules, propRules, required, text } from "../private/prop-rules";
import { TAGGED_RESOURCE_PROPS, type TaggedResourceProps } from "../private/resource-props";
import { EMAIL, TOPIC_NAME } from "../private/rules";

/** The topic that alarms are sent to. */
export interface AlarmTopicProps extends TaggedResourceProps {
  /** The key that encrypts the messages. Its policy gets a statement that lets alarms use it: `KeyStatements.forAlarms`. */
  readonly key: IDataApiKey;
  /** The topic's name: 1 to 256 letters, digits, hyphens or underscores. */
  readonly topicName: string;
  /**
   * The e-mail addresses that get the messages. Each must confirm it once.
   *
   * @default - none
   */
  readonly emails?: readonly string[] | undefined;
}

export const ALARM_TOPIC_PROPS = propRules("AlarmTopicProps", {
  key: required(code()),
  topicName: required(text(TOPIC_NAME)),
  emails: decision(list(EMAIL)),
  ...TAGGED_RESOURCE_PROPS,
} satisfies PropRules<AlarmTopicProps>);

/**
 * An SNS topic for alarms, encrypted with a customer managed key: CloudWatch may not publish to one under the key that
 * SNS has by itself. Its access policy is AWS's: the account's own principals, alarms included.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-server-side-encryption.html
 */
export class AlarmTopic extends Construct {
  /** The topic's ARN. */
  public readonly topicArn: string;
  /** The wrapped topic. */
  public readonly resource: SnsTopic;

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
}

/** Refuses two addresses with one construct ID: the framework writes each / of an ID as --. */
function checkIds(where: Where, emails: readonly string[] = []): void {
  const ids = emails.map((email) => email.replaceAll("/", "--"));
  ids.forEach((id, index) => {
    const first = ids.indexOf(id);
    if (first !== index) {
      fail(where, `emails[${index}]`, `differ from ${emails[first]} in more than / and --`, emails[index]);
    }
  });
}
