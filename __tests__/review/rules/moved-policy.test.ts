import { KEY_ARN } from "../../support/arns";
import {
  ADMINISTRATOR,
  created,
  findingsOf,
  kept,
  policyOf,
  replaced,
  type Resource,
  type ResourceDetails,
  reviewed,
  updated,
} from "../support/small-plan";

const KEY_ID = KEY_ARN.split("/")[1]!;
const OTHER_ID = "0f0f0f0f-0f0f-0f0f-0f0f-0f0f0f0f0f0f";
const policy = policyOf(ADMINISTRATOR);
const key = kept("aws_kms_key.k", { arn: KEY_ARN, key_id: KEY_ID });
const other = created("aws_kms_key.other", {});
const unknownFrom = (...references: readonly string[]): ResourceDetails => ({
  after_unknown: { key_id: true },
  expressions: { key_id: { references }, policy: {} },
});
const movedTo = (key_id: string) =>
  updated("aws_kms_key_policy.p", { key_id: KEY_ID, policy }, { key_id, policy }, { expressions: { policy: {} } });
const movedFrom = (...references: readonly string[]) =>
  updated("aws_kms_key_policy.p", { key_id: KEY_ID, policy }, { policy }, unknownFrom(...references));

describe("the rule key-policy-not-moved", () => {
  test.each<[string, readonly Resource[], string]>([
    ["of a key outside the plan", [key, movedTo(OTHER_ID)], `(aws_kms_key.k). ${OTHER_ID} does not get the policy,`],
    [
      "of a new key",
      [key, other, movedFrom("aws_kms_key.other.key_id", "aws_kms_key.other")],
      "(aws_kms_key.k). aws_kms_key.other does not get the policy,",
    ],
    [
      "of a replaced key",
      [
        replaced("aws_kms_key.k", { arn: KEY_ARN, key_id: KEY_ID }, {}),
        movedFrom("aws_kms_key.k.key_id", "aws_kms_key.k"),
      ],
      "(aws_kms_key.k). The new key does not get the policy, and the apply may fail,",
    ],
    [
      "of another key that is replaced",
      [
        key,
        replaced("aws_kms_key.other", { arn: KEY_ARN.replace(KEY_ID, OTHER_ID), key_id: OTHER_ID }, {}),
        movedFrom("aws_kms_key.other.key_id", "aws_kms_key.other"),
      ],
      "(aws_kms_key.k). aws_kms_key.other does not get the policy, and the next plan has the same change.",
    ],
  ])("has a finding for an update to the key_id %s", (_, resources, text) => {
    const [finding, ...others] = findingsOf("key-policy-not-moved", ...resources);
    expect(others).toStrictEqual([]);
    expect(finding).toMatchObject({ address: "aws_kms_key_policy.p", severity: "error" });
    expect(finding!.consequence).toContain(text);
  });

  test.each<[string, readonly Resource[]]>([
    ["the ARN in place of the ID", [key, movedTo(KEY_ARN)]],
    ["the ARN of a key outside the plan", [movedTo(KEY_ARN)]],
    ["an alias", [key, movedTo("alias/data")]],
    ["the ARN of an alias", [key, movedTo(KEY_ARN.replace(/key\/.*/, "alias/data"))]],
  ])("has no finding for %s", (_, resources) => {
    expect(findingsOf("key-policy-not-moved", ...resources)).toStrictEqual([]);
  });

  test("has no finding if the policy is replaced, too", () => {
    const both = [
      replaced("aws_kms_key.k", { arn: KEY_ARN, key_id: KEY_ID }, {}),
      replaced("aws_kms_key_policy.p", { key_id: KEY_ID, policy }, { policy }, unknownFrom("aws_kms_key.k.key_id")),
    ];
    expect(findingsOf("key-policy-not-moved", ...both)).toStrictEqual([]);
  });

  test("is not judged if the plan does not show the key", () => {
    expect(reviewed([key, movedFrom("random_pet.key.id")]).notJudged).toContainEqual({
      address: "aws_kms_key_policy.p",
      reason: "key_id is unknown until apply",
      rule: "key-policy-not-moved",
    });
  });
});
