import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { RedshiftEventSubscription } from "@cdktf/provider-aws/lib/redshift-event-subscription";
import { DataApiKey, EventSubscription, type EventSubscriptionProps, KeyStatements } from "../../../modules";
import { ACCOUNT, CLUSTER_ARN, KEY_ARN, REGION } from "../../support/arns";
import { analyticsCluster, analyticsServerless, only, reference, synthesize, testStack } from "../../support/support";

const TOPIC_ARN = `arn:aws:sns:${REGION}:${ACCOUNT}:events`;

test("EventSubscription subscribes to all categories, from severity INFO, of its cluster only", () => {
  const stack = testStack();
  const warehouse = analyticsCluster(stack);
  const { resource } = new EventSubscription(stack, "Events", { topicArn: TOPIC_ARN, warehouse });
  expect(resource.node.path).toBe("test/Events/Resource");
  const identifier = reference(warehouse.resource, "cluster_identifier");
  expect(only(synthesize(stack), RedshiftEventSubscription)).toStrictEqual({
    event_categories: ["configuration", "management", "monitoring", "pending", "security"],
    name: `${identifier}-events`,
    severity: "INFO",
    sns_topic_arn: TOPIC_ARN,
    source_ids: [identifier],
    source_type: "cluster",
  });
});

test("EventSubscription passes every prop to its resource", () => {
  const stack = testStack();
  new EventSubscription(stack, "Events", {
    enabled: false,
    eventCategories: ["security"],
    provider: new AwsProvider(stack, "Other", { alias: "other", region: REGION }),
    severity: "ERROR",
    subscriptionName: "Failures",
    tags: { team: "data" },
    topicArn: TOPIC_ARN,
    warehouse: analyticsCluster(stack),
  });
  expect(only(synthesize(stack), RedshiftEventSubscription)).toMatchObject({
    enabled: false,
    event_categories: ["security"],
    name: "Failures",
    provider: "aws.other",
    severity: "ERROR",
    tags: { team: "data" },
  });
});

test("EventSubscription adds the statement for events to the policy of the topic's key", () => {
  const stack = testStack();
  const warehouse = analyticsCluster(stack);
  new EventSubscription(stack, "Events", { topicArn: TOPIC_ARN, topicKey: warehouse.key, warehouse });
  expect(warehouse.key.requiredStatements.slice(1)).toStrictEqual([KeyStatements.forEvents({ accountId: ACCOUNT })]);
});

const NAME_RULE =
  "be 1 to 255 letters, digits or hyphens, beginning with a letter, with no hyphen at the end and no two in a row";
const TAGS_RULE =
  "be at most 50 tags: keys of 1 to 128 characters that do not start with aws: and differ in more than case, values " +
  "of at most 256, and in both only letters, digits, spaces and any of _.:/=+-@";

describe("EventSubscription refuses", () => {
  test("missing props", () => {
    expect(() => new EventSubscription(testStack(), "Events", undefined as never)).toThrow(
      new Error("[test/Events] 'props' must be given, got: nothing"),
    );
  });

  test("a serverless warehouse", () => {
    const stack = testStack();
    const subscription = { topicArn: TOPIC_ARN, warehouse: analyticsServerless(stack) };
    expect(() => new EventSubscription(stack, "Events", subscription as never)).toThrow(
      new Error(
        "[test/Events] 'warehouse' must be a cluster: a serverless warehouse has no event subscriptions, " +
          'got: "EncryptedServerless"',
      ),
    );
  });

  test.each<[string, Partial<EventSubscriptionProps>, string]>([
    ["a topic by name", { topicArn: "events" }, "'topicArn' must be the ARN of an SNS topic, got: events"],
    [
      "a topic of another Region than the cluster's",
      { topicArn: TOPIC_ARN.replace(REGION, "eu-west-1") },
      `'topicArn' must be of the Region ${REGION}, got: ${TOPIC_ARN.replace(REGION, "eu-west-1")}`,
    ],
    [
      "a topic of another partition than the cluster's",
      { topicArn: TOPIC_ARN.replace("aws", "aws-cn") },
      `'topicArn' must be of the partition aws, got: ${TOPIC_ARN.replace("aws", "aws-cn")}`,
    ],
    ["a missing topic", { topicArn: undefined! }, "'topicArn' must be the ARN of an SNS topic, got: nothing"],
    [
      "an empty list of event categories",
      { eventCategories: [] },
      "'eventCategories' must name at least one category, got: []",
    ],
    [
      "an event category with a capital",
      { eventCategories: ["Security"] },
      "'eventCategories[0]' must be one of configuration, management, monitoring, pending, security, or a newer value of the same form, got: Security",
    ],
    [
      "a severity in lowercase letters",
      { severity: "error" },
      "'severity' must be one of ERROR, INFO, or a newer value of the same form, got: error",
    ],
    [
      "a subscription name with two hyphens in a row",
      { subscriptionName: "a--b" },
      `'subscriptionName' must ${NAME_RULE}, got: a--b`,
    ],
    ["a string as 'enabled'", { enabled: "no" as never }, "'enabled' must be true or false, got: no"],
    ["a tag whose key begins with aws:", { tags: { "aws:x": "1" } }, `'tags' must ${TAGS_RULE}, got: {"aws:x":"1"}`],
    [
      "a warehouse by ARN",
      { warehouse: CLUSTER_ARN as never },
      `'warehouse' must be a cluster: a serverless warehouse has no event subscriptions, got: ${CLUSTER_ARN}`,
    ],
  ])("%s", (_, props, message) => {
    const stack = testStack();
    const subscription = { topicArn: TOPIC_ARN, warehouse: analyticsCluster(stack) };
    expect(() => new EventSubscription(stack, "Events", { ...subscription, ...props })).toThrow(
      new Error(`[test/Events] ${message}`),
    );
  });
});

test("EventSubscription refuses a key of the topic in another Region, and accepts a topic of another account", () => {
  const stack = testStack();
  const warehouse = analyticsCluster(stack);
  const keyArn = KEY_ARN.replace(REGION, "eu-west-1");
  const topicKey = DataApiKey.fromKeyArn(stack, "TopicKey", keyArn);
  expect(() => new EventSubscription(stack, "Refused", { topicArn: TOPIC_ARN, topicKey, warehouse })).toThrow(
    new Error(`[test/Refused] 'topicKey.keyArn' must be the ARN of a key in ${REGION}, got: ${keyArn}`),
  );
  const topicArn = TOPIC_ARN.replace(ACCOUNT, "444455556666");
  expect(new EventSubscription(stack, "Taken", { topicArn, warehouse }).resource.snsTopicArnInput).toBe(topicArn);
});
