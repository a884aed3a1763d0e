import { ACCOUNT } from "../../support/arns";
import {
  ADMINISTRATOR,
  allow,
  created,
  findingsOf,
  kept,
  keyWith,
  reviewed,
  type ResourceDetails,
} from "../support/small-plan";

const RULE = "role-credentials-in-state";
const ARN = `arn:aws:iam::${ACCOUNT}:user/Loader`;
const USER = kept("aws_iam_user.loader", { arn: ARN, name: "Loader" });

const accessKey = (after: object = {}, details: ResourceDetails = { after_unknown: { secret: true } }) =>
  created("aws_iam_access_key.loader", { user: "Loader", ...after }, details);
const profile = (after: object = {}, details: ResourceDetails = { after_unknown: { password: true } }) =>
  created("aws_iam_user_login_profile.loader", { user: "Loader", ...after }, details);

test("an access key and a password in the state have findings with the KMS keys that the user reaches", () => {
  const key = keyWith(ADMINISTRATOR, allow(ARN, "kms:Decrypt"));
  expect(
    findingsOf(RULE, USER, key, accessKey(), profile()).map(({ consequence, reach }) => [consequence, reach?.keys]),
  ).toStrictEqual([
    [
      "The secret access key of Loader is in the state. Everybody who can read the state has the permissions of the user.",
      ["aws_kms_key.this"],
    ],
    [
      "The password of Loader is in the state. Everybody who can read the state has the permissions of the user.",
      ["aws_kms_key.this"],
    ],
  ]);
});

test.each([
  ["an access key that is encrypted", accessKey({ pgp_key: "keybase:loader" })],
  ["a password that is encrypted", profile({ pgp_key: "mQENBF" })],
  ["a password that is imported", kept("aws_iam_user_login_profile.loader", { password: null, user: "Loader" })],
])("%s has no finding of credentials in the state", (_, credentials) => {
  expect(findingsOf(RULE, USER, credentials)).toStrictEqual([]);
});

test("an access key has a finding if its pgp_key is empty, and is not judged if its pgp_key is unknown", () => {
  expect(findingsOf(RULE, USER, accessKey({ pgp_key: "" }))).toHaveLength(1);
  const unknown = accessKey(
    {},
    {
      after_unknown: { pgp_key: true, secret: true },
      expressions: { pgp_key: { references: ["random_id.key.hex", "random_id.key"] } },
    },
  );
  const { findings, notJudged } = reviewed([USER, unknown]);
  expect(findings.filter(({ rule }) => rule === RULE)).toStrictEqual([]);
  expect(notJudged).toContainEqual({
    address: "aws_iam_access_key.loader",
    reason: "pgp_key is unknown until apply",
    rule: RULE,
  });
});

test("an access key of a user that is not shown has a finding without a name", () => {
  const unknown = { after_unknown: { secret: true, user: true } };
  expect(findingsOf(RULE, accessKey({ user: undefined }, unknown))[0]?.consequence).toMatch(
    /^The secret access key of a user that the plan does not show is in the state\./,
  );
});
