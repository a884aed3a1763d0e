import { deployLane } from "../deploy/endpoint";
import { ACCOUNT, REGION } from "../support/arns";
import { call, createCluster, text } from "./call";

deployLane("in the emulator, an event subscription", () => {
  // A Region of its own, so that no other test adds to the quota.
  const region = "eu-central-1";
  const topicOf = (name: string, place = region) => `arn:aws:sns:${place}:${ACCOUNT}:${name}`;
  const create = async (name: string, more = {}) =>
    call(
      "redshift",
      "CreateEventSubscription",
      { SnsTopicArn: topicOf("events"), SubscriptionName: name, ...more },
      region,
    );
  beforeAll(async () => {
    await call("sns", "CreateTopic", { Name: "events" }, region);
    await createCluster("subscribed", {}, region);
  });

  test.each([
    ["a topic that does not exist", { SnsTopicArn: topicOf("no-topic") }, "SNSTopicArnNotFound"],
    ["a topic of another Region", { SnsTopicArn: topicOf("events", REGION) }, "SNSTopicArnNotFound"],
    ["a cluster that does not exist", { "SourceIds.SourceId.1": "nobody", SourceType: "cluster" }, "SourceNotFound"],
    ["an unknown category", { "EventCategories.EventCategory.1": "gossip" }, "SubscriptionCategoryNotFound"],
    ["an unknown severity", { Severity: "WARNING" }, "SubscriptionSeverityNotFound"],
  ])("refuses %s", async (_, more, code) => {
    expect(await create("subscription-to-nothing", more)).toBe(code);
    await create("subscription-to-modify");
    const change = { SubscriptionName: "subscription-to-modify", ...more };
    expect(await call("redshift", "ModifyEventSubscription", change, region)).toBe(code);
  });

  test("of a cluster can be described and changed", async () => {
    await create("subscription-of-cluster", { "SourceIds.SourceId.1": "subscribed", SourceType: "cluster" });
    const name = { SubscriptionName: "subscription-of-cluster" };
    const described = await call("redshift", "DescribeEventSubscriptions", name, region);
    expect([text(described, "SourceId"), text(described, "Enabled")]).toStrictEqual(["subscribed", "true"]);
    const changed = await call("redshift", "ModifyEventSubscription", { ...name, Enabled: "false" }, region);
    expect(text(changed, "Enabled")).toBe("false");
  });

  test("that does not exist causes SubscriptionNotFound", async () => {
    for (const operation of ["ModifyEventSubscription", "DeleteEventSubscription", "DescribeEventSubscriptions"]) {
      const code = await call("redshift", operation, { SubscriptionName: "no-subscription" }, region);
      expect(code).toBe("SubscriptionNotFound");
    }
  });

  test("refuses a name that exists, and is refused as the 21st subscription of the account in a Region", async () => {
    await create("subscription-twice");
    expect(await create("subscription-twice")).toBe("SubscriptionAlreadyExist");
    for (let index = 1; index <= 20; index += 1) {
      await create(`subscription-${index}`);
    }
    expect(await create("subscription-21")).toBe("EventSubscriptionQuotaExceeded");
    await call("redshift", "DeleteEventSubscription", { SubscriptionName: "subscription-1" }, region);
    expect(text(await create("subscription-21"), "Status")).toBe("active");
  });
});
