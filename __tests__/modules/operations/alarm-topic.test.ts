import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import { type TerraformStack, Token } from "cdktf";
import { AlarmTopic, type AlarmTopicProps, DataApiKey, KeyStatements, type PolicyStatement } from "../../../modules";
import { ACCOUNT, KEY_ARN, REGION } from "../../support/arns";
import { admin, existingKey, only, reference, synthesize, testStack } from "../../support/support";

function keyIn(stack: TerraformStack, ...additionalStatements: PolicyStatement[]): DataApiKey {
  return new DataApiKey(stack, "Key", { additionalStatements, administrators: [admin()], alias: "alias/analytics" });
}

test("AlarmTopic encrypts its SNS topic with the given key, and has no subscription by default", () => {
  const stack = testStack();
  const key = keyIn(stack, KeyStatements.forAlarms({ accountId: ACCOUNT }));
  const topic = new AlarmTopic(stack, "Topic", { key, topicName: "alarms" });
  expect(topic.resource.node.path).toBe("test/Topic/Resource");
  const synthesized = synthesize(stack);
  expect(only(synthesized, SnsTopic)).toStrictEqual({
    kms_master_key_id: reference(key.resource, "arn"),
    name: "alarms",
  });
  expect(synthesized.resource).not.toHaveProperty("aws_sns_topic_subscription");
});

test("AlarmTopic passes every prop to its topic and its subscription", () => {
  const stack = testStack();
  const topic = new AlarmTopic(stack, "Topic", {
    emails: ["keeper@example.com"],
    key: existingKey(stack),
    provider: new AwsProvider(stack, "Other", { alias: "other", region: REGION }),
    tags: { team: "data" },
    topicName: "alarms",
  });
  const synthesized = synthesize(stack);
  expect(only(synthesized, SnsTopic)).toStrictEqual({
    kms_master_key_id: KEY_ARN,
    name: "alarms",
    provider: "aws.other",
    tags: { team: "data" },
  });
  expect(only(synthesized, SnsTopicSubscription)).toStrictEqual({
    endpoint: "keeper@example.com",
    protocol: "email",
    provider: "aws.other",
    topic_arn: reference(topic.resource, "arn"),
  });
});

test("AlarmTopic adds the statement AllowAlarms to the key policy", () => {
  const stack = testStack();
  const logs = KeyStatements.forLogGroups({ accountId: ACCOUNT, region: REGION });
  const key = keyIn(stack, logs);
  new AlarmTopic(stack, "Topic", { key, topicName: "alarms" });
  expect(key.requiredStatements.slice(2).map(({ Sid }) => Sid)).toStrictEqual([logs.Sid, "AllowAlarms"]);
});

const NAME_RULE = "be 1 to 256 letters, digits, hyphens or underscores";

describe("AlarmTopic refuses", () => {
  test("missing props", () => {
    expect(() => new AlarmTopic(testStack(), "Topic", undefined as never)).toThrow(
      new Error("[test/Topic] 'props' must be given, got: nothing"),
    );
  });

  test.each<[string, (stack: TerraformStack) => Partial<AlarmTopicProps>, string]>([
    ["a topic name with a dot", () => ({ topicName: "a.fifo" }), `'topicName' must ${NAME_RULE}, got: a.fifo`],
    [
      "two e-mail addresses that give the same construct ID",
      () => ({ emails: ["x@b.c", "a/b@c.de", "a--b@c.de"] }),
      "'emails[2]' must differ from a/b@c.de, also with -- in place of each /, got: a--b@c.de",
    ],
    ["a missing topic name", () => ({ topicName: undefined! }), `'topicName' must ${NAME_RULE}, got: nothing`],
    [
      "an e-mail address without an @",
      () => ({ emails: ["keeper"] }),
      "'emails[0]' must be an e-mail address, got: keeper",
    ],
    [
      "a token as e-mail address",
      () => ({ emails: ["a@example.com", Token.asString({ resolve: () => "later" })] }),
      "'emails[1]' must be known at synthesis, because each address is the ID of a construct, got: a token",
    ],
    [
      "the same e-mail address twice",
      () => ({ emails: ["a@example.com", "a@example.com"] }),
      "'emails[1]' must not repeat an earlier item, got: a@example.com",
    ],
    [
      "a key by ARN",
      () => ({ key: KEY_ARN as never }),
      `'key' must be a DataApiKey, or a key that DataApiKey.fromKeyArn returns, got: ${KEY_ARN}`,
    ],
  ])("%s", (_, props, message) => {
    const stack = testStack();
    const topic = { key: existingKey(stack), topicName: "alarms" };
    expect(() => new AlarmTopic(stack, "Topic", { ...topic, ...props(stack) })).toThrow(
      new Error(`[test/Topic] ${message}`),
    );
  });
});

test("AlarmTopic refuses a rule of another Region than the Region of its key", () => {
  const stack = testStack();
  const topic = new AlarmTopic(stack, "Topic", { key: existingKey(stack), topicName: "events" });
  const ruleArn = "arn:aws:events:eu-west-1:111122223333:rule/nightly";
  expect(() => topic.allowEventRules([ruleArn])).toThrow(
    new Error(`[test/Topic] 'ruleArns[0]' must be of the Region us-east-1, got: ${ruleArn}`),
  );
});
