import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy";
import type { TerraformStack } from "cdktf";
import { AlarmTopic, DataApiKey, KeyUsageAlarms, type KeyUsageAlarmsProps } from "../../../modules";
import { ACCOUNT, CLUSTER_ARN, KEY_ARN, REGION } from "../../support/arns";
import { matchesPattern } from "../../support/event-pattern";
import {
  admin,
  analyticsCluster,
  type Arguments,
  existingKey,
  only,
  reference,
  shownError,
  statementsOf,
  synthesize,
  testStack,
  warningsOf,
} from "../../support/support";
import {
  CREATE_GRANT,
  DECRYPT,
  delivered,
  DISABLE_KEY,
  GENERATE_DATA_KEY,
  KEY,
  KEY_ID,
  PUT_KEY_POLICY,
  REVOKE_GRANT,
  SCHEDULE_KEY_DELETION,
  STATEMENT,
} from "./key-events";

function alarmsIn(stack: TerraformStack, props: Partial<KeyUsageAlarmsProps> = {}): KeyUsageAlarms {
  const key = props.key ?? existingKey(stack);
  const topic = new AlarmTopic(stack, "Topic", { key, topicName: "analytics-key-usage" });
  return new KeyUsageAlarms(stack, "Alarms", { key, ruleNamePrefix: "analytics", topic, ...props });
}

/** The pattern of each rule, by the end of the rule's name. */
function patternsOf(props: Partial<KeyUsageAlarmsProps> = {}): Readonly<Record<string, Arguments>> {
  const stack = testStack();
  const key = DataApiKey.fromKeyArn(stack, "Key", { keyArn: KEY });
  alarmsIn(stack, { key, ...props });
  const rules = Object.values(synthesize(stack).resource[CloudwatchEventRule.tfResourceType]!);
  return Object.fromEntries(
    rules.map(({ event_pattern: pattern, name }) => [
      (name as string).replace("analytics-", ""),
      JSON.parse(pattern as string) as Arguments,
    ]),
  );
}

const DENIED = {
  errorCode: "AccessDenied",
  errorMessage: `User: arn:aws:iam::111122223333:user/Alice is not authorized to perform: kms:Decrypt on resource: ${KEY} because no resource-based policy allows the kms:Decrypt action`,
};
const ALIAS = "alias/analytics";

test("KeyUsageAlarms creates a rule for denied uses and a rule for changes, which publish to the topic", () => {
  const stack = testStack();
  const { resources } = alarmsIn(stack);
  const synthesized = synthesize(stack);
  const rules = Object.values(synthesized.resource[CloudwatchEventRule.tfResourceType]!);
  expect(rules.map(({ description, name, state }) => [name, state, description] as unknown)).toStrictEqual([
    ["analytics-key-denied", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS", "A request to use the key was denied"],
    [
      "analytics-key-change",
      "ENABLED",
      "The key was disabled or scheduled for deletion, or its policy or grants were changed",
    ],
  ]);
  const topic = `\${aws_sns_topic.${Object.keys(synthesized.resource.aws_sns_topic!)[0]!}.arn}`;
  expect(Object.values(synthesized.resource[CloudwatchEventTarget.tfResourceType]!)).toStrictEqual(
    resources.map((rule) => ({ arn: topic, rule: reference(rule, "name"), target_id: "topic" })),
  );
  const [account, events] = statementsOf(only(synthesized, SnsTopicPolicy).policy as string);
  // The default access policy of a topic, which a policy of its own replaces.
  expect(account).toStrictEqual({
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
    Condition: { StringEquals: { "AWS:SourceOwner": ACCOUNT } },
    Effect: "Allow",
    Principal: { AWS: "*" },
    Resource: topic,
    Sid: "AllowAccount",
  });
  expect(events).toStrictEqual({
    Action: "SNS:Publish",
    Condition: { ArnEquals: { "aws:SourceArn": resources.map((rule) => reference(rule, "arn")).sort() } },
    Effect: "Allow",
    Principal: { Service: "events.amazonaws.com" },
    Resource: topic,
    Sid: "AllowEventRules",
  });
});

test("KeyUsageAlarms passes provider and tags to every rule, and the provider to every target", () => {
  const stack = testStack();
  const provider = new AwsProvider(stack, "Other", { alias: "other", region: REGION });
  const warehouse = analyticsCluster(stack);
  alarmsIn(stack, { aliases: [ALIAS], key: warehouse.key, provider, tags: { team: "data" }, warehouse });
  const { resource } = synthesize(stack);
  const rules = Object.values(resource[CloudwatchEventRule.tfResourceType]!);
  expect(rules).toHaveLength(3);
  expect(rules.every((rule) => rule.provider === "aws.other")).toBe(true);
  expect(rules.map(({ tags }) => tags as unknown)).toStrictEqual([1, 2, 3].map(() => ({ team: "data" })));
  const targets = Object.values(resource[CloudwatchEventTarget.tfResourceType]!);
  expect(targets.every((target) => target.provider === "aws.other")).toBe(true);
});

test("two KeyUsageAlarms of one topic share the topic's policy, and add one statement for EventBridge to the topic's key", () => {
  const stack = testStack();
  const key = new DataApiKey(stack, "Key", { administrators: [admin()], alias: ALIAS });
  const topic = new AlarmTopic(stack, "Topic", { key, topicName: "analytics-key-usage" });
  const alarms = ["a", "b"].map(
    (ruleNamePrefix) => new KeyUsageAlarms(stack, ruleNamePrefix, { key, ruleNamePrefix, topic }),
  );
  expect(key.requiredStatements.map(({ Sid }) => Sid).slice(-2)).toStrictEqual(["AllowAlarms", "AllowEventRules"]);
  const [, events] = statementsOf(only(synthesize(stack), SnsTopicPolicy).policy as string);
  const arns = alarms.flatMap(({ resources }) => resources.map((rule) => reference(rule, "arn")));
  expect(
    new Set((events as { Condition: { ArnEquals: Record<string, string[]> } }).Condition.ArnEquals["aws:SourceArn"]),
  ).toStrictEqual(new Set(arns));
});

describe("the EventBridge rule of denied uses", () => {
  const rule = (event: object, aliases?: readonly string[]): boolean =>
    matchesPattern(patternsOf({ aliases })["key-denied"]!, delivered(event));

  test.each([
    ["Decrypt that names the key by ARN", { ...DECRYPT, ...DENIED }],
    ["GenerateDataKey that names the key by ID", { ...GENERATE_DATA_KEY, ...DENIED }],
    [
      "GenerateDataKeyWithoutPlaintext",
      { ...GENERATE_DATA_KEY, ...DENIED, eventName: "GenerateDataKeyWithoutPlaintext" },
    ],
    ["CreateGrant", { ...CREATE_GRANT, ...DENIED, errorCode: "AccessDeniedException" }],
    [
      "Decrypt whose event has the key only in its request parameters",
      { ...DECRYPT, ...DENIED, errorMessage: "denied", resources: null },
    ],
    [
      "GenerateDataKey whose event has the key's ID only",
      { ...GENERATE_DATA_KEY, errorCode: "AccessDenied", resources: [] },
    ],
    [
      "Decrypt whose event has the key only in its resources",
      { ...DECRYPT, ...DENIED, errorMessage: "denied", requestParameters: null },
    ],
    [
      "Decrypt whose event has the key only in its error message",
      { ...DECRYPT, ...DENIED, requestParameters: null, resources: null },
    ],
  ])("matches %s", (_, event) => {
    expect(rule(event)).toBe(true);
  });

  const byName = (keyId: string) => ({
    ...GENERATE_DATA_KEY,
    errorCode: "AccessDenied",
    requestParameters: { keyId },
    resources: null,
  });
  test.each([ALIAS, `arn:aws:kms:us-west-2:111122223333:${ALIAS}`])(
    "matches a denied request by %s only if the alias is given",
    (keyId) => {
      expect(rule(byName(keyId), [ALIAS])).toBe(true);
      expect(rule(byName(keyId))).toBe(false);
      expect(rule(byName(`${keyId}-other`), [ALIAS])).toBe(false);
    },
  );

  const other = {
    requestParameters: { keyId: KEY.replace("1234", "9876") },
    resources: [{ ARN: KEY.replace("1234", "9876") }],
  };
  test.each<[string, object]>([
    ["a successful Decrypt", DECRYPT],
    ["a Decrypt that fails with IncorrectKeyException", { ...DECRYPT, errorCode: "IncorrectKeyException" }],
    ["a denied DescribeKey", { ...DECRYPT, ...DENIED, eventName: "DescribeKey" }],
    ["another key", { ...DECRYPT, ...DENIED, ...other, errorMessage: "denied" }],
    ["a denied PutKeyPolicy", { ...PUT_KEY_POLICY, ...DENIED }],
  ])("does not match %s", (_, event) => {
    expect(rule(event)).toBe(false);
  });
});

describe("the EventBridge rule of changes to the key", () => {
  const rule = (event: object): boolean => matchesPattern(patternsOf()["key-change"]!, delivered(event));

  test.each([DISABLE_KEY, SCHEDULE_KEY_DELETION, PUT_KEY_POLICY, REVOKE_GRANT])(
    "matches $eventName, successful or denied",
    (event) => {
      expect(rule(event)).toBe(true);
      expect(rule({ ...event, resources: null })).toBe(true);
      expect(rule({ ...event, requestParameters: null })).toBe(true);
      expect(rule({ ...event, ...DENIED })).toBe(true);
    },
  );

  test.each<[string, object]>([
    ["RetireGrant", { ...REVOKE_GRANT, eventName: "RetireGrant" }],
    ["EnableKey", { ...DISABLE_KEY, eventName: "EnableKey" }],
    ["another key", { ...DISABLE_KEY, requestParameters: { keyId: KEY_ID.replace("1234", "9876") }, resources: null }],
    ["an event of another service", { ...DISABLE_KEY, eventSource: "s3.amazonaws.com" }],
  ])("does not match %s", (_, event) => {
    expect(rule(event)).toBe(false);
  });
});

describe("the EventBridge rule of failed SQL statements", () => {
  const pattern = (): Arguments => {
    const stack = testStack();
    const warehouse = analyticsCluster(stack);
    alarmsIn(stack, { key: warehouse.key, warehouse });
    const rules = Object.values(synthesize(stack).resource[CloudwatchEventRule.tfResourceType]!);
    const rule = rules.find(({ name }) => name === "analytics-failed-statement");
    return JSON.parse(rule!.event_pattern as string) as Arguments;
  };
  const failed = { ...STATEMENT, detail: { ...STATEMENT.detail, state: "FAILED" }, resources: [CLUSTER_ARN] };

  test("matches only a failed statement of the warehouse", () => {
    expect(matchesPattern(pattern(), failed)).toBe(true);
    expect(matchesPattern(pattern(), { ...failed, detail: STATEMENT.detail })).toBe(false);
    expect(matchesPattern(pattern(), { ...failed, resources: STATEMENT.resources })).toBe(false);
    expect(matchesPattern(pattern(), { ...failed, "detail-type": "Redshift Scheduled Query" })).toBe(false);
    expect(matchesPattern(pattern(), { ...failed, source: "custom" })).toBe(false);
  });

  test("is absent without a warehouse", () => {
    expect(Object.keys(patternsOf())).toStrictEqual(["key-denied", "key-change"]);
  });
});

test.each([
  ["key-denied", delivered({ ...DECRYPT, ...DENIED })],
  ["key-change", delivered(DISABLE_KEY)],
])("the EventBridge rule %s matches only calls of KMS that CloudTrail records", (name, event) => {
  const pattern = patternsOf()[name]!;
  expect(matchesPattern(pattern, event)).toBe(true);
  expect(matchesPattern(pattern, { ...event, "detail-type": "KMS CMK Deletion" })).toBe(false);
  expect(matchesPattern(pattern, { ...event, source: "custom" })).toBe(false);
});

describe("the largest event pattern of KeyUsageAlarms", () => {
  /** Creates alarms with aliases that have names of these lengths. */
  const alarmsWith = (stack: TerraformStack, lengths: readonly number[]) =>
    alarmsIn(stack, { aliases: lengths.map((length, index) => `alias/${`${index}`.padEnd(length, "a")}`) });
  const warning = (characters: number) =>
    `an event pattern has ${characters} characters: EventBridge allows 2048, unless the account's quota for the size of ` +
    "event patterns is raised";

  test.each([
    [2048, [250, 250, 149], []],
    [2049, [250, 250, 100, 23], [warning(2049)]],
    [4096, [250, 250, 250, 250, 250, 250, 67], [warning(4096)]],
  ])("may have %i characters, with a warning from 2049 on", (_, lengths, warnings) => {
    const stack = testStack();
    alarmsWith(stack, lengths);
    expect(warningsOf(stack)).toStrictEqual(warnings);
  });

  test("may not have 4097 characters", () => {
    expect(() => alarmsWith(testStack(), [250, 250, 250, 250, 250, 250, 40, 1])).toThrow(
      new Error("[test/Alarms] 'aliases' must lead to event patterns of at most 4096 characters, got: 4097 characters"),
    );
  });
});

describe("KeyUsageAlarms refuses", () => {
  const OTHER_REGION_KEY = KEY_ARN.replace(REGION, "eu-west-1");

  test.each<[string, (stack: TerraformStack) => object, string]>([
    [
      "a key by ARN",
      () => ({ key: KEY_ARN }),
      `'key' must be a DataApiKey, or a key that DataApiKey.fromKeyArn returns, got: ${KEY_ARN}`,
    ],
    [
      "a topic under a key of another Region",
      (stack) => {
        const key = DataApiKey.fromKeyArn(stack, "TopicKey", OTHER_REGION_KEY);
        return { topic: new AlarmTopic(stack, "OtherTopic", { key, topicName: "other" }) };
      },
      `'topic.key.keyArn' must be the ARN of a key in ${REGION}, got: ${OTHER_REGION_KEY}`,
    ],
    [
      "a warehouse of another Region",
      (stack) => {
        const key = DataApiKey.fromKeyArn(stack, "WarehouseKey", OTHER_REGION_KEY);
        return { warehouse: analyticsCluster(stack, { key, region: "eu-west-1" }) };
      },
      `'warehouse' must be in the Region of the key and the event rules, ${REGION}, got: eu-west-1`,
    ],
    ["a topic by ARN", () => ({ topic: "arn" }), "'topic' must be an AlarmTopic, got: arn"],
    [
      "a rule name prefix of 46 characters",
      () => ({ ruleNamePrefix: "a".repeat(46) }),
      `'ruleNamePrefix' must be 1 to 45 letters, digits or any of _.-, got: ${"a".repeat(46)}`,
    ],
    ["an empty list of aliases", () => ({ aliases: [] }), "'aliases' must name at least one alias, got: []"],
    [
      "an alias without the prefix alias/",
      () => ({ aliases: ["analytics"] }),
      "'aliases[0]' must be alias/ and 1 to 250 letters, digits or any of /_-, and not begin with alias/aws/, got: analytics",
    ],
  ])("%s", (_, props, message) => {
    const stack = testStack();
    const key = existingKey(stack);
    const topic = new AlarmTopic(stack, "Topic", { key, topicName: "topic" });
    const given = { key, ruleNamePrefix: "analytics", topic, ...props(stack) } as KeyUsageAlarmsProps;
    expect(() => new KeyUsageAlarms(stack, "Alarms", given)).toThrow(shownError(`[test/Alarms] ${message}`));
  });
});
