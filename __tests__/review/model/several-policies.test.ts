import { ADMIN_ARN, KEY_ARN, USER_ARN } from "../../support/arns";
import {
  ADMINISTRATOR,
  allow,
  created,
  kept,
  policyOf,
  policyUnknownFrom,
  type Resource,
  reviewed,
  ruleIds,
  updated,
  USER,
} from "../support/small-plan";

const THIRD_ARN = USER_ARN.replace(/\w+$/, "Third");
const OLD = policyOf(ADMINISTRATOR);
const FIRST = policyOf(ADMINISTRATOR, USER);
const SECOND = policyOf(ADMINISTRATOR, allow(THIRD_ARN, "kms:Decrypt"));
const KEY = kept("aws_kms_key.this", { arn: KEY_ARN, key_id: KEY_ARN.split("/")[1], policy: OLD });
const CHANGED_KEY = updated(
  "aws_kms_key.this",
  { arn: KEY_ARN, policy: OLD },
  { arn: KEY_ARN, policy: FIRST },
  { expressions: { policy: {} } },
);
const key_id = KEY_ARN;
const change = (name: string, before: string, after: string): Resource =>
  updated(`aws_kms_key_policy.${name}`, { key_id, policy: before }, { key_id, policy: after });
const reportOfKey = (...resources: readonly Resource[]) => reviewed(resources).keys[0]!;
const decryption = (resources: readonly Resource[], principal: string) =>
  reportOfKey(...resources).principals.find((one) => one.principal === principal)?.abilities["encrypt and decrypt"];

describe("a key with several policies", () => {
  test("has a row for each principal of each policy, and the reason why no row is certain", () => {
    const policies = [KEY, change("first", OLD, FIRST), change("second", OLD, SECOND)];
    const { notShown } = reportOfKey(...policies);
    expect(notShown).toStrictEqual({
      after: "aws_kms_key_policy.first and aws_kms_key_policy.second each set a policy, and KMS keeps the last one",
      before: undefined,
    });
    for (const principal of [USER_ARN, THIRD_ARN]) {
      expect(decryption(policies, principal)).toMatchObject({
        after: { limits: ["only kms:Decrypt", "by one of several policies: KMS may keep another one"] },
        change: "gained",
      });
    }
    expect(decryption(policies, ADMIN_ARN)).toMatchObject({ after: { extent: "all" }, before: { extent: "all" } });
    expect(ruleIds(...policies)).toContain("key-policy-two-owners");
    expect(ruleIds(...policies)).not.toContain("key-policy-not-shown");
  });

  test("has the findings of each policy", () => {
    const open = policyOf(ADMINISTRATOR, allow("*", "kms:Decrypt"));
    expect(ruleIds(KEY, change("first", OLD, FIRST), change("second", OLD, open))).toContain("key-policy-public");
    expect(ruleIds(KEY, change("first", OLD, open), change("second", OLD, FIRST))).toContain("key-policy-public");
  });

  test('has the change "gained" for an access that one policy denies and another policy allows', () => {
    const statement = { ...USER, Effect: "Deny" };
    const denial = policyOf(ADMINISTRATOR, statement);
    const resources = [KEY, change("first", OLD, denial), change("second", OLD, FIRST)];
    expect(decryption(resources, USER_ARN)?.change).toBe("gained");
    expect(reportOfKey(...resources).unplaced).toStrictEqual([{ change: "same", statement }]);
  });

  test("is shown with one policy if only that policy changes, or if all policies are the same", () => {
    for (const others of [
      [kept("aws_kms_key_policy.second", { key_id, policy: OLD })],
      [change("second", OLD, JSON.stringify(JSON.parse(FIRST), undefined, 2))],
    ]) {
      const report = reportOfKey(KEY, change("first", OLD, FIRST), ...others);
      expect(report.notShown.after).toBeUndefined();
      expect(report.policyChange).toBe("changed");
    }
  });

  test("has the policy of aws_kms_key if only that policy changes", () => {
    expect(decryption([CHANGED_KEY, kept("aws_kms_key_policy.this", { key_id, policy: OLD })], USER_ARN)?.change).toBe(
      "gained",
    );
  });

  test("has the policy of aws_kms_key if only that policy changes, also if the aws_kms_key_policy refers to the key", () => {
    const expressions = { key_id: { references: ["aws_kms_key.this.key_id", "aws_kms_key.this"] } };
    const policy = kept("aws_kms_key_policy.this", { key_id, policy: OLD }, { expressions });
    expect(decryption([CHANGED_KEY, policy], USER_ARN)?.change).toBe("gained");
  });

  test("has the policy of the aws_kms_key_policy that refers to the key, if both policies change", () => {
    const references = ["aws_kms_key.this.key_id", "aws_kms_key.this"];
    const policyWith = (expressions: object) =>
      updated(
        "aws_kms_key_policy.this",
        { key_id, policy: OLD },
        { key_id, policy: SECOND },
        { expressions: { ...expressions } },
      );
    expect(decryption([CHANGED_KEY, policyWith({ key_id: { references } })], USER_ARN)).toBeUndefined();
    expect(decryption([CHANGED_KEY, policyWith({ key_id: { constant_value: key_id } })], USER_ARN)?.change).toBe(
      "gained",
    );
  });

  test("has the finding key-policy-not-shown if one policy is unknown", () => {
    const unknown = created("aws_kms_key_policy.second", { key_id }, policyUnknownFrom());
    const resources = [KEY, change("first", OLD, FIRST), unknown];
    expect(reportOfKey(...resources).notShown.after).toBe(
      "aws_kms_key_policy.first and aws_kms_key_policy.second each set a policy, of which one is unknown until apply",
    );
    expect(ruleIds(...resources)).toContain("key-policy-not-shown");
    expect(decryption(resources, USER_ARN)?.change).toBe("gained");
  });
});
