import { ACCOUNT, KEY_ARN } from "../../support/arns";
import {
  ADMINISTRATOR,
  allow,
  created,
  destroyed,
  findingsOf,
  keyUnknownFrom,
  keyWith,
  newKey,
  type Resource,
  type ResourceDetails,
  reviewed,
  ruleIds,
  type Values,
} from "../support/small-plan";

const LOGS_ARN = `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:/audit`;
const CONTEXT = "kms:EncryptionContext:aws:logs:arn";
const IN_ORGANIZATION = { Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1" } } };
const forService = (service: string, more: object = {}) =>
  allow("", "kms:*", { Principal: { Service: service }, ...more });

describe("a statement for a service", () => {
  test.each<[string, Values, boolean]>([
    ["an encryption context of a log group", { ArnLike: { [CONTEXT]: LOGS_ARN } }, true],
    ["an encryption context of a bucket", { ArnLike: { [CONTEXT]: [LOGS_ARN, "arn:aws:s3:::b"] } }, false],
    ["an encryption context, if there is one", { ArnLikeIfExists: { [CONTEXT]: LOGS_ARN } }, false],
    ["any of these encryption contexts, or none", { "ForAllValues:ArnLike": { [CONTEXT]: LOGS_ARN } }, false],
    ["another encryption context", { ArnNotLike: { [CONTEXT]: LOGS_ARN } }, false],
    ["an ARN that is no encryption context", { ArnLike: { "aws:PrincipalTag/group": LOGS_ARN } }, false],
  ])("with a condition on %s has the expected result of the rule about its account", (_, Condition, isLimited) => {
    const key = newKey(ADMINISTRATOR, forService("logs.us-east-1.amazonaws.com", { Condition }));
    expect(ruleIds(key).includes("key-policy-service-without-source")).toBe(!isLimited);
  });

  test.each<[string, string]>([
    ["aws:SourceAccount", ACCOUNT],
    ["aws:SourceArn", LOGS_ARN],
    ["aws:SourceOrgID", "o-a1b2c3d4e5"],
    ["aws:SourceOrgPaths", "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/"],
    ["kms:CallerAccount", ACCOUNT],
  ])("with a condition on %s limits the service", (key, value) => {
    const limited = forService("logs.us-east-1.amazonaws.com", { Condition: { StringEquals: { [key]: value } } });
    expect(ruleIds(newKey(ADMINISTRATOR, limited))).not.toContain("key-policy-service-without-source");
  });

  test.each<[string, Values, boolean]>([
    ["kms:ViaService", { StringEquals: { "kms:ViaService": "redshfit.us-east-1.amazonaws.com" } }, true],
    ["kms:ViaService that it excludes", { StringNotEquals: { "kms:ViaService": "redshfit.amazonaws.com" } }, true],
    ["kms:ViaService for no pattern", { StringNotLike: { "kms:ViaService": "redshfit.*" } }, false],
    ["another key", { StringEquals: { "aws:PrincipalTag/for": "redshfit.amazonaws.com" } }, false],
  ])("with a mistyped service name in %s has the expected result", (_, Condition, isFound) => {
    const key = newKey(ADMINISTRATOR, allow("*", "kms:Decrypt", { Condition }));
    expect(ruleIds(key).includes("key-policy-service-name")).toBe(isFound);
  });
});

describe("a statement with a mistyped service name", () => {
  const VIA = { "kms:ViaService": "redshfit.us-east-1.amazonaws.com" };
  const SERVICE = { Service: "redshfit.amazonaws.com" };
  const matchesNothing = "No request seems to match it";

  test.each<[string, string, object]>([
    [`names NAME. ${matchesNothing}.`, "allows a service", { Principal: SERVICE }],
    [`names NAME. ${matchesNothing}.`, "denies a service", { Effect: "Deny", Principal: SERVICE }],
    [`names NAME. ${matchesNothing}.`, "allows requests through it", { Condition: { StringEquals: VIA } }],
    [`names NAME. ${matchesNothing}.`, "denies them", { Condition: { StringEquals: VIA }, Effect: "Deny" }],
    [
      `excepts NAME. ${matchesNothing}, so the statement seems to deny the service that is meant.`,
      "denies requests through other services",
      { Condition: { StringNotEquals: VIA }, Effect: "Deny" },
    ],
    [
      `excepts NAME. ${matchesNothing}, so the statement seems to allow the service that is meant.`,
      "allows requests through other services",
      { Condition: { StringNotEquals: VIA } },
    ],
    [
      `excepts NAME. ${matchesNothing}, so the statement seems to deny the service that is meant.`,
      "denies other principals",
      { Effect: "Deny", NotPrincipal: SERVICE, Principal: undefined },
    ],
  ])("%s: it %s", (text, _, more) => {
    const consequences = findingsOf(
      "key-policy-service-name",
      newKey(ADMINISTRATOR, allow("*", "kms:Decrypt", more)),
    ).map(({ consequence }) => consequence.replace(/redshfit\S+ which is not in the review's list[^.]*/, "NAME"));
    expect(consequences).toStrictEqual([`A statement ${text}`]);
  });
});

describe("a denial without a source", () => {
  const RULE = "key-policy-service-without-source";
  const OTHERS = { StringNotEquals: { "aws:SourceAccount": ACCOUNT } };
  const denial = (more: object = {}) => allow("*", "kms:*", { Condition: OTHERS, Effect: "Deny", ...more });
  const countWith = (...denials: readonly object[]) =>
    findingsOf(
      RULE,
      newKey(
        ADMINISTRATOR,
        forService("sns.amazonaws.com", { Action: ["kms:Decrypt", "kms:GenerateDataKey"] }),
        ...denials,
      ),
    ).length;

  test.each<[string, object]>([
    ["everybody", denial()],
    [
      "every service",
      denial({ Condition: { ...OTHERS, Bool: { "aws:PrincipalIsAWSService": "true" } }, Principal: "*" }),
    ],
    ["the service", denial({ Principal: { Service: ["sns.amazonaws.com", "events.amazonaws.com"] } })],
    // https://github.com/aws-samples/data-perimeter-policy-examples
    [
      "services with the source of another organization",
      denial({
        Condition: {
          Bool: { "aws:PrincipalIsAWSService": "true" },
          Null: { "aws:SourceAccount": "false" },
          StringNotEqualsIfExists: {
            "aws:PrincipalOrgID": "o-a1b2c3d4e5",
            "aws:SourceAccount": ["222233334444"],
            "aws:SourceOrgID": "o-a1b2c3d4e5",
          },
        },
      }),
    ],
    ["its actions", denial({ Action: ["kms:Decrypt", "kms:Generate*"] })],
    ["other ARNs", denial({ Condition: { ArnNotLike: { "aws:SourceArn": LOGS_ARN } } })],
    ["other contexts", denial({ Condition: { ArnNotLike: { [CONTEXT]: LOGS_ARN } } })],
  ])("for %s limits a service", (_, one) => {
    expect(countWith(one)).toBe(0);
  });

  test.each<[string, object]>([
    ["that allows", denial({ Effect: "Allow", Principal: { Service: "sns.amazonaws.com" } })],
    ["for another service", denial({ Principal: { Service: "events.amazonaws.com" } })],
    ["for other principals than one", denial({ NotPrincipal: { AWS: ACCOUNT }, Principal: undefined })],
    ["for one of its actions", denial({ Action: "kms:Decrypt" })],
    ["for IAM principals", denial({ Condition: { ...OTHERS, Bool: { "aws:PrincipalIsAWSService": "false" } } })],
    ["under one more condition", denial({ Condition: { ...OTHERS, IpAddress: { "aws:SourceIp": "10.0.0.0/8" } } })],
    ["without a source", denial({ Condition: { ...OTHERS, Null: { "aws:SourceAccount": "true" } } })],
    ["that has a source", denial({ Condition: { Null: { "aws:SourceAccount": "false" } } })],
    ["that has a VPC", denial({ Condition: { ...OTHERS, Null: { "aws:SourceVpc": "false" } } })],
    [
      "of another source or without a tag",
      denial({ Condition: { StringNotEquals: { ...OTHERS.StringNotEquals, "aws:ResourceTag/open": "true" } } }),
    ],
    [
      "of another source or of any account",
      denial({ Condition: { ...OTHERS, StringNotLike: { "aws:SourceArn": "*" } } }),
    ],
    ["of any account", denial({ Condition: { StringNotLike: { "aws:SourceAccount": "*" } } })],
    ["of the account itself", denial({ Condition: { StringEquals: { "aws:SourceAccount": ACCOUNT } } })],
    [
      "for any of several accounts",
      denial({ Condition: { "ForAnyValue:StringNotEquals": { "aws:SourceAccount": ACCOUNT } } }),
    ],
    ["without a condition", denial({ Condition: {} })],
  ])("%s limits no service", (_, one) => {
    expect(countWith(one)).toBeGreaterThan(0);
  });

  test("limits only the services that it names", () => {
    const both = forService("", { Principal: { Service: ["sns.amazonaws.com", "events.amazonaws.com"] } });
    const count = (...Service: string[]) =>
      findingsOf(RULE, newKey(ADMINISTRATOR, both, denial({ Principal: { Service } }))).length;
    expect(count("sns.amazonaws.com", "events.amazonaws.com")).toBe(0);
    expect(count("sns.amazonaws.com")).toBe(1);
  });
});

describe("a key policy of a log group", () => {
  const RULE = "key-policy-no-cloudwatch-logs";
  const inRegion = (region: string, more: Values = {}) =>
    created("aws_cloudwatch_log_group.g", { kms_key_id: KEY_ARN, name: "/audit", region, ...more });
  const withContext = (arn: string) => ({ Condition: { ArnLike: { [CONTEXT]: arn } } });
  const LOGS = forService("logs.us-east-1.amazonaws.com");

  test.each<[string, boolean, object, Resource]>([
    ["the service of its Region", true, LOGS, inRegion("us-east-1")],
    ["the service of another Region", false, LOGS, inRegion("eu-west-1")],
    ["the service of a Region of China", true, forService("logs.cn-north-1.amazonaws.com.cn"), inRegion("cn-north-1")],
    ["the service without a Region", true, forService("logs.amazonaws.com"), inRegion("us-east-1")],
    ["the service of a Region, if the Region of the log group is unknown", true, LOGS, inRegion("")],
    ["another service, if the Region of the log group is unknown", false, forService("s3.amazonaws.com"), inRegion("")],
    ["the service for the log group", true, { ...LOGS, ...withContext(LOGS_ARN) }, inRegion("us-east-1")],
    ["the service for another log group", false, { ...LOGS, ...withContext(`${LOGS_ARN}-2`) }, inRegion("us-east-1")],
    ["the service only to encrypt", false, { ...LOGS, Action: "kms:Encrypt" }, inRegion("us-east-1")],
    ["the account", false, allow(`arn:aws:iam::${ACCOUNT}:root`, "kms:*"), inRegion("us-east-1")],
  ])("allows %s: %s", (_, isAllowed, statement, group) => {
    const findings = findingsOf(RULE, keyWith(ADMINISTRATOR, statement), group);
    expect(findings).toHaveLength(isAllowed ? 0 : 1);
    const region = group.change.change as { readonly after: { readonly region: string } };
    expect(findings.map(({ consequence }) => /logs\.\S*/.exec(consequence)?.[0])).toStrictEqual(
      isAllowed ? [] : [`logs.${region.after.region || "REGION"}.amazonaws.com`],
    );
  });

  test.each<[string, boolean, object, Resource]>([
    ["the service", true, { Principal: { Service: "logs.us-east-1.amazonaws.com" } }, inRegion("us-east-1")],
    ["everybody", true, {}, inRegion("us-east-1")],
    ["everybody, if the Region of the log group is unknown", true, {}, inRegion("")],
    ["every service", true, { Condition: { Bool: { "aws:PrincipalIsAWSService": "true" } } }, inRegion("us-east-1")],
    [
      "callers of no organization",
      true,
      { Condition: { StringNotEquals: { "aws:PrincipalOrgID": "o-1" } } },
      inRegion("us-east-1"),
    ],
    ["the log group", true, withContext(LOGS_ARN), inRegion("us-east-1")],
    [
      "requests without another context",
      true,
      { Condition: { StringNotEquals: { "kms:EncryptionContext:serviceName": "RedshiftDataAPI" } } },
      inRegion("us-east-1"),
    ],
    [
      "requests with another key of the context",
      false,
      { Condition: { "ForAnyValue:StringNotEquals": { "kms:EncryptionContextKeys": "aws:logs:arn" } } },
      inRegion("us-east-1"),
    ],
    ["all but an administrator", true, { NotPrincipal: { AWS: ACCOUNT }, Principal: undefined }, inRegion("us-east-1")],
    [
      "all but the service",
      false,
      { NotPrincipal: { Service: "logs.us-east-1.amazonaws.com" }, Principal: undefined },
      inRegion("us-east-1"),
    ],
    [
      "all but the service, if the Region of the log group is unknown",
      false,
      { NotPrincipal: { Service: "logs.us-east-1.amazonaws.com" }, Principal: undefined },
      inRegion(""),
    ],
    ["another service", false, { Principal: { Service: "sns.amazonaws.com" } }, inRegion("us-east-1")],
    [
      "the service of a Region, if the Region of the log group is unknown",
      false,
      { Principal: { Service: "logs.us-east-1.amazonaws.com" } },
      inRegion(""),
    ],
    ["IAM principals", false, { Condition: { Bool: { "aws:PrincipalIsAWSService": "false" } } }, inRegion("us-east-1")],
    ["another log group", false, withContext(`${LOGS_ARN}-2`), inRegion("us-east-1")],
    [
      "callers under a condition that may not be met",
      false,
      { Condition: { StringEquals: { "aws:SourceAccount": ACCOUNT } } },
      inRegion("us-east-1"),
    ],
    ["another action", false, { Action: "kms:CreateGrant" }, inRegion("us-east-1")],
    ["another key", false, { Resource: `${KEY_ARN}0` }, inRegion("us-east-1")],
  ])("denies %s kms:Decrypt: %s", (_, isDenied, more, group) => {
    const denial = allow("*", "kms:Decrypt", { Effect: "Deny", Sid: "No", ...more });
    const findings = findingsOf(RULE, keyWith(ADMINISTRATOR, LOGS, denial), group);
    expect(findings.map(({ remedy }) => remedy)).toStrictEqual(
      isDenied ? ["Except CloudWatch Logs from statement 'No', which denies it kms:Decrypt."] : [],
    );
  });

  test("has the remedy to allow the service if it neither allows nor excepts the service", () => {
    const denial = allow("*", "kms:*", { Effect: "Deny" });
    expect(findingsOf(RULE, keyWith(ADMINISTRATOR, denial), inRegion("us-east-1"))).toMatchObject([
      { remedy: expect.stringMatching(/^Allow kms:Encrypt, /) as string },
    ]);
  });

  test.each<[string, object, number]>([
    ["its name_prefix", { name_prefix: "other-" }, 1],
    ["its name_prefix", { name_prefix: "audit/" }, 0],
    ["the prefix of Terraform", {}, 1],
  ])("allows the service for %s and any ID: %j", (_, values, count) => {
    const unnamed = { after_unknown: { name: true }, expressions: { kms_key_id: {}, name_prefix: {} } };
    const group = created(
      "aws_cloudwatch_log_group.g",
      { kms_key_id: KEY_ARN, region: "us-east-1", ...values },
      unnamed,
    );
    const statement = { ...LOGS, ...withContext(`${LOGS_ARN.replace(/[^:]*$/, "audit/*")}`) };
    expect(findingsOf(RULE, keyWith(ADMINISTRATOR, statement), group)).toHaveLength(count);
  });

  test("is not judged if the prefix of the name is not shown", () => {
    const group = created(
      "aws_cloudwatch_log_group.g",
      { kms_key_id: KEY_ARN, region: "us-east-1" },
      { after_unknown: { name: true, name_prefix: true }, expressions: { kms_key_id: {}, name_prefix: {} } },
    );
    const { findings, notJudged } = reviewed([keyWith(ADMINISTRATOR, { ...LOGS, ...withContext(LOGS_ARN) }), group]);
    expect(findings.filter(({ rule }) => rule === RULE)).toStrictEqual([]);
    expect(notJudged.filter(({ rule }) => rule === RULE)).toMatchObject([
      { reason: "name_prefix is unknown until apply" },
    ]);
  });

  test.each(["Encrypt", "Decrypt", "ReEncryptFrom", "ReEncryptTo", "GenerateDataKey"])(
    "allows the service all but kms:%s",
    (action) => {
      const denied = { ...LOGS, Action: undefined, NotAction: `kms:${action}` };
      expect(findingsOf(RULE, keyWith(ADMINISTRATOR, denied), inRegion("us-east-1"))).toHaveLength(1);
    },
  );

  test("has no finding if the plan destroys the log group, or does not show the policy", () => {
    const gone = destroyed("aws_cloudwatch_log_group.g", { kms_key_id: KEY_ARN, name: "/audit", region: "us-east-1" });
    const hidden = created("aws_kms_key.this", { arn: KEY_ARN }, { after_unknown: { policy: true } });
    expect(findingsOf(RULE, keyWith(ADMINISTRATOR), gone)).toStrictEqual([]);
    expect(findingsOf(RULE, hidden, inRegion("us-east-1"))).toStrictEqual([]);
  });

  test.each<[string, object, ResourceDetails]>([
    ["account of the key", allow("*", "kms:*", IN_ORGANIZATION), keyUnknownFrom("aws_kms_key.this.arn")],
    [
      "name of the log group",
      ADMINISTRATOR,
      {
        after_unknown: { kms_key_id: true, name: true },
        expressions: { kms_key_id: { references: ["aws_kms_key.this.arn"] }, name: {} },
      },
    ],
  ])("has no finding if the encryption context may match because the %s is unknown", (_, administrator, details) => {
    const group = created("aws_cloudwatch_log_group.g", { name: "/audit", region: "us-east-1" }, details);
    const other = { ...LOGS, ...withContext(`${LOGS_ARN}-2`) };
    expect(findingsOf(RULE, newKey(administrator, other), group)).toStrictEqual([]);
  });
});
