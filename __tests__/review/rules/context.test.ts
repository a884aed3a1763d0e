import { CLUSTER_ARN, USER_ARN } from "../../support/arns";
import { ADMINISTRATOR, allow, newKey, ruleIds } from "../support/small-plan";

const CONTEXT = "kms:EncryptionContext:aws:redshift:arn";
const NAMES = { "kms:EncryptionContextKeys": ["aws:redshift:arn"] };
const LOGS = {
  Condition: {
    ArnEquals: { "kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:us-east-1:111122223333:log-group:dw" },
  },
  Principal: { Service: "logs.us-east-1.amazonaws.com" },
};

const under = (action: string, condition: object): string[] =>
  ruleIds(newKey(ADMINISTRATOR, allow(USER_ARN, action, { Condition: condition })));

describe("the encryption context of a policy", () => {
  test.each([
    [
      "ForAllValues on the names of a context that another test requires",
      { "ForAllValues:StringEquals": NAMES, Null: { [CONTEXT]: "false" } },
    ],
    ["one value", { StringEquals: { [CONTEXT]: CLUSTER_ARN } }],
  ])("has no finding context-for-all-values with %s", (_, condition) => {
    expect(under("kms:Decrypt", condition)).not.toContain("context-for-all-values");
  });

  test.each([
    ["a pair", { "ForAllValues:StringEquals": { [CONTEXT]: CLUSTER_ARN } }],
    ["the names of a context that no test requires", { "ForAllValues:StringEquals": NAMES }],
  ])("has the finding context-for-all-values with ForAllValues on %s", (_, condition) => {
    expect(under("kms:Decrypt", condition)).toContain("context-for-all-values");
  });

  test.each([
    ["a condition that a request without it meets", { StringEqualsIfExists: { [CONTEXT]: CLUSTER_ARN } }],
    ["the condition that there is none", { Null: { [CONTEXT]: "true" } }],
  ])("has no finding context-on-describe-key for kms:DescribeKey with %s", (_, condition) => {
    expect(under("kms:DescribeKey", condition)).not.toContain("context-on-describe-key");
  });

  test("has no finding context-on-describe-key in the documented statement of CloudWatch Logs", () => {
    expect(ruleIds(newKey(ADMINISTRATOR, allow("*", "kms:Describe*", LOGS)))).not.toContain("context-on-describe-key");
  });

  test.each([
    ["a pair", { StringEquals: { [CONTEXT]: CLUSTER_ARN } }],
    ["the presence of a pair", { Null: { [CONTEXT]: "false" } }],
    ["a name of a context", { "ForAnyValue:StringEquals": NAMES }],
  ])("has the finding context-on-describe-key for kms:DescribeKey with a test of %s", (_, condition) => {
    expect(under("kms:DescribeKey", condition)).toContain("context-on-describe-key");
  });
});
