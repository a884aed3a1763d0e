import { type TerraformStack, TerraformVariable } from "cdktf";
import {
  AlarmTopic,
  AuditLogGroups,
  DataApiKey,
  EventSubscription,
  type IDataApiKey,
  KeyStatements,
} from "../../../modules";
import {
  checkKey,
  checkKeyPlace,
  checkKeyRegion,
  letServiceUse,
  literalRegion,
  warnOfServices,
} from "../../../modules/kms/key";
import { ACCOUNT, KEY_ARN, REGION } from "../../support/arns";
import { admin, analyticsCluster, existingKey, testStack, warningsOf } from "../../support/support";

const stack = testStack();
const token = (name: string): string => new TerraformVariable(stack, name, { type: "string" }).stringValue;
const RULE_ARN = `arn:aws:events:${REGION}:${ACCOUNT}:rule/nightly`;
const TOPIC_ARN = `arn:aws:sns:${REGION}:${ACCOUNT}:events`;
const PLACE = { accountId: ACCOUNT, partition: "aws", region: REGION };
const existing = existingKey(stack);
const unknown = DataApiKey.fromKeyArn(stack, "Unknown", { keyArn: token("keyArn") });
const created = new DataApiKey(stack, "Created", { ...PLACE, administrators: [admin()], alias: "alias/created" });
const anywhere = new DataApiKey(stack, "Anywhere", { administrators: [admin()], alias: "alias/anywhere" });

test("literalRegion is the Region of a known ARN, or else the Region that the props of the key give", () => {
  expect([existing, created, unknown, anywhere].map(literalRegion)).toStrictEqual([
    REGION,
    REGION,
    undefined,
    undefined,
  ]);
});

test("checkKey refuses a value that is no key, under the given name", () => {
  const must = "be a DataApiKey, or a key that DataApiKey.fromKeyArn returns";
  for (const [value, got] of [
    [undefined, "nothing"],
    [null, "null"],
    [KEY_ARN, KEY_ARN],
    [{ keyArn: KEY_ARN }, `{"keyArn":"${KEY_ARN}"}`],
    [{ addUser: "a" }, '{"addUser":"a"}'],
  ] as const) {
    expect(() => checkKey("Test", value as never)).toThrow(new Error(`[Test] 'key' must ${must}, got: ${got}`));
    expect(() => checkKey("Test", value as never, "copyKey")).toThrow(
      new Error(`[Test] 'copyKey' must ${must}, got: ${got}`),
    );
  }
  expect(() => checkKey("Test", { addUser: "a", keyArn: "alias/a" } as never)).toThrow(
    "[Test] 'key.keyArn' must be the ARN of a KMS key (arn:PARTITION:kms:REGION:ACCOUNT:key/ID), not an alias and not a key ID, got: alias/a",
  );
  [existing, created, unknown].forEach((key) => expect(() => checkKey("Test", key)).not.toThrow());
});

test("checkKeyRegion refuses a key of another Region, by its ARN if it is known", () => {
  expect(() => checkKeyRegion("Test", existing, "eu-west-1")).toThrow(
    new Error(`[Test] 'key.keyArn' must be the ARN of a key in eu-west-1, got: ${KEY_ARN}`),
  );
  expect(() => checkKeyRegion("Test", created, "eu-west-1", "topicKey")).toThrow(
    new Error("[Test] 'topicKey.region' must be eu-west-1, got: us-east-1"),
  );
  const accepted: readonly (readonly [IDataApiKey, string | undefined])[] = [
    [existing, REGION],
    [created, REGION],
    [existing, undefined],
    [existing, token("region")],
    [unknown, "eu-west-1"],
    [anywhere, "eu-west-1"],
  ];
  accepted.forEach(([key, region]) => expect(() => checkKeyRegion("Test", key, region)).not.toThrow());
});

test.each([
  [{ partition: "aws-cn" }, "'key.partition' must be aws-cn, got: aws"],
  [{ region: "eu-west-1" }, "'key.region' must be eu-west-1, got: us-east-1"],
  [
    { accountId: "444455556666" },
    "'key.accountId' must be the warehouse's account, 444455556666: the key policy lets only principals of 'accountId' use the key, " +
      `got: "${ACCOUNT}"`,
  ],
])("checkKeyPlace refuses a created key for a warehouse of the place %j", (place, message) => {
  expect(() => checkKeyPlace("Test", created, { ...PLACE, ...place })).toThrow(new Error(`[Test] ${message}`));
});

test("checkKeyPlace compares no part that is unknown at synthesis", () => {
  const [accountId, partition, region] = ["account", "partition", "place"].map(token);
  for (const [key, place] of [
    [created, PLACE],
    [created, {}],
    [created, { accountId, partition, region }],
    [unknown, { accountId: "444455556666", partition: "aws-cn", region: "cn-north-1" }],
  ] as const) {
    expect(() => checkKeyPlace("Test", key, place)).not.toThrow();
  }
  expect(() => checkKeyPlace("Test", existing, { partition: "aws-cn" })).toThrow(
    new Error(`[Test] 'key.keyArn' must be of the partition aws-cn, got: ${KEY_ARN}`),
  );
});

test("letServiceUse adds a statement unless the policy lets the service use the key, for more than grants", () => {
  const key = existingKey(testStack());
  const sids = () => key.requiredStatements.map(({ Sid }) => Sid);
  const before = sids();
  const use = () => letServiceUse(key, "redshift", () => KeyStatements.forEvents({ accountId: ACCOUNT }));
  key.addStatement(KeyStatements.forIntegrations({ accountId: ACCOUNT, region: REGION }));
  key.addStatement({
    ...KeyStatements.forAlarms({ accountId: ACCOUNT }),
    Effect: "Deny",
    Principal: { Service: "redshift.amazonaws.com" },
  });
  key.addStatement({
    ...KeyStatements.forEventRules({ accountId: ACCOUNT }),
    Principal: { Service: "redshift-data.amazonaws.com" },
  });
  use();
  use();
  expect(sids()).toStrictEqual([...before, "AllowIntegrations", "AllowAlarms", "AllowEventRules", "AllowEvents"]);
  letServiceUse(key, "logs", () => KeyStatements.forLogGroups({ accountId: ACCOUNT, region: REGION }));
  expect(sids().at(-1)).toBe("AllowAuditLogGroups");
});

describe("the 'viaServices' of a key", () => {
  const warnings = (viaServices: readonly string[], service: "redshift-serverless" | "redshift", keyArn: string) => {
    const stack = testStack();
    warnOfServices(stack, DataApiKey.fromKeyArn(stack, "Key", { keyArn, viaServices }), service);
    return warningsOf(stack);
  };
  const KEY_TOKEN = token("another");
  const warning = (name: string) =>
    `the 'viaServices' of the key have neither redshift.amazonaws.com nor ${name}: the key policy lets nobody use the key through the ` +
    "service of this warehouse. The warehouse cannot be created, and its Data API fails. Add one of these services";

  test.each<[string, "redshift-serverless" | "redshift", string]>([
    ["redshift.amazonaws.com", "redshift-serverless", KEY_ARN],
    ["redshift.us-east-1.amazonaws.com", "redshift", KEY_ARN],
    ["redshift-serverless.us-east-1.amazonaws.com", "redshift-serverless", KEY_ARN],
    ["redshift.eu-west-1.amazonaws.com", "redshift", KEY_TOKEN],
    [token("service"), "redshift", KEY_ARN],
  ])("%s lets %s use the key", (name, service, keyArn) => {
    expect(warnings(["s3.amazonaws.com", name], service, keyArn)).toStrictEqual([]);
  });

  test.each<[string, "redshift-serverless" | "redshift", string, string]>([
    ["redshift.eu-west-1.amazonaws.com", "redshift", "redshift.us-east-1.amazonaws.com", KEY_ARN],
    ["redshift.us-east-1.amazonaws.com", "redshift-serverless", "redshift-serverless.us-east-1.amazonaws.com", KEY_ARN],
    ["redshift-serverless.eu-west-1.amazonaws.com", "redshift", "redshift.REGION.amazonaws.com", KEY_TOKEN],
  ])("%s does not let %s use the key, and leads to a warning", (name, service, missing, keyArn) => {
    expect(warnings([name], service, keyArn)).toStrictEqual([warning(missing)]);
  });
});

test.each<[string, (stack: TerraformStack, key: IDataApiKey) => unknown]>([
  ["cloudwatch", (stack, key) => new AlarmTopic(stack, "It", { key, topicName: "alarms" })],
  [
    "events",
    (stack, key) => {
      key.addStatement(KeyStatements.forAlarms(key));
      new AlarmTopic(stack, "It", { key, topicName: "alarms" }).allowEventRules([RULE_ARN]);
    },
  ],
  [
    "logs",
    (stack, key) =>
      new AuditLogGroups(stack, "It", {
        key,
        logExports: ["userlog"],
        logGroupPrefix: "/aws/redshift/sales",
        retentionInDays: 7,
      }),
  ],
  [
    "redshift",
    (stack, key) => {
      const warehouse = analyticsCluster(stack);
      new EventSubscription(stack, "It", { topicArn: TOPIC_ARN, topicKey: key, warehouse });
    },
  ],
])("a key whose policy lets %s use it already gets no second statement for the service", (service, create) => {
  const stack = testStack();
  const key = DataApiKey.fromKeyArn(stack, "Key", { keyArn: KEY_ARN });
  const statement = {
    ...KeyStatements.forAlarms(key),
    Principal: { Service: `${service}.amazonaws.com` },
    Sid: "Custom",
  };
  key.addStatement(statement);
  create(stack, key);
  const services = key.requiredStatements.flatMap(({ Principal }) => Principal?.Service ?? []);
  expect(services.filter((principal) => principal.startsWith(`${service}.`))).toStrictEqual([
    `${service}.amazonaws.com`,
  ]);
});
