import { type Facts, limitOf, type Outcome, outcomeOf } from "../../../review/policy/condition";
import type { Condition, Statement } from "../../../review/policy/statement";

const REGIONAL = "redshift.us-east-1.amazonaws.com";
const under = (condition: Condition): Statement => ({ Condition: condition, Effect: "Allow" });

describe("the outcome of a condition", () => {
  const facts: Facts = {
    "aws:principaltag/team": null,
    "kms:calleraccount": "111122223333",
    "kms:viaservice": REGIONAL,
  };

  test.each<[Outcome, Condition]>([
    ["holds", {}],
    ["holds", { StringEquals: { "KMS:ViaService": REGIONAL } }],
    ["holds", { StringEquals: { "kms:ViaService": ["redshift.amazonaws.com", REGIONAL] } }],
    ["fails", { StringEquals: { "kms:ViaService": "redshift.amazonaws.com" } }],
    ["fails", { StringEquals: { "kms:ViaService": "redshift.*.amazonaws.com" } }],
    ["holds", { StringLike: { "kms:ViaService": "redshift.*.amazonaws.com" } }],
    ["holds", { StringLike: { "kms:ViaService": "redshift.us-east-?.amazonaws.com" } }],
    ["fails", { StringLike: { "kms:ViaService": "redshift.us-east-??.amazonaws.com" } }],
    ["fails", { StringNotEquals: { "kms:ViaService": REGIONAL } }],
    ["holds", { StringNotLike: { "kms:ViaService": "s3.*" } }],
    ["holds", { StringEqualsIgnoreCase: { "kms:ViaService": REGIONAL.toUpperCase() } }],
    ["fails", { StringNotEqualsIgnoreCase: { "kms:ViaService": REGIONAL.toUpperCase() } }],
    ["fails", { StringEquals: { "kms:CallerAccount": "444455556666", "kms:ViaService": REGIONAL } }],
    ["depends", { StringEquals: { "aws:PrincipalOrgID": "o-example", "kms:ViaService": REGIONAL } }],
    ["fails", { StringEquals: { "aws:PrincipalOrgID": "o-example", "kms:ViaService": "s3.amazonaws.com" } }],
    ["depends", { StringEquals: { "kms:ViaService": "${aws:PrincipalTag/service}" } }],
    ["depends", { NumericEquals: { "kms:CallerAccount": "1" } }],
    ["fails", { StringEquals: { "aws:PrincipalTag/team": "data" } }],
    ["holds", { StringEqualsIfExists: { "aws:PrincipalTag/team": "data" } }],
    ["holds", { StringNotEquals: { "aws:PrincipalTag/team": "data" } }],
    ["holds", { "ForAllValues:StringEquals": { "aws:PrincipalTag/team": "data" } }],
    ["fails", { "ForAnyValue:StringNotEquals": { "aws:PrincipalTag/team": "data" } }],
    ["holds", { Null: { "aws:PrincipalTag/team": "true" } }],
    ["fails", { Null: { "kms:ViaService": "true" } }],
    ["holds", { Null: { "kms:ViaService": false } }],
    ["holds", { Bool: { "kms:CallerAccount": "111122223333" } }],
    ["fails", { Bool: { "kms:CallerAccount": "444455556666" } }],
    ["holds", { ArnLike: { "kms:ViaService": "redshift.*" } }],
  ])("%s: %j", (outcome, condition) => {
    expect(outcomeOf(under(condition), facts)).toBe(outcome);
  });
});

describe("a statement is limited", () => {
  test.each<[string, Condition, readonly string[]]>([
    ["kms:ViaService", { StringEquals: { "kms:ViaService": REGIONAL } }, [REGIONAL]],
    ["kms:ViaService", { StringLike: { "KMS:VIASERVICE": ["redshift.*"] } }, ["redshift.*"]],
    ["kms:CallerAccount", { StringEqualsIfExists: { "kms:CallerAccount": "111122223333" } }, ["111122223333"]],
    ["aws:PrincipalTag/", { StringEquals: { "aws:PrincipalTag/team": "data" } }, ["data"]],
    [
      "aws:PrincipalArn",
      { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::111122223333:role/*" } },
      ["arn:aws:iam::111122223333:role/*"],
    ],
  ])("by %s: %j", (key, condition, values) => {
    expect(limitOf(under(condition), key)).toStrictEqual(values);
  });

  test.each<[string, Condition]>([
    ["kms:ViaService", {}],
    ["kms:ViaService", { StringEqualsIfExists: { "kms:ViaService": REGIONAL } }],
    ["kms:ViaService", { StringNotEquals: { "kms:ViaService": REGIONAL } }],
    ["kms:ViaService", { StringLike: { "kms:ViaService": ["*", REGIONAL] } }],
    ["kms:ViaService", { "ForAllValues:StringEquals": { "kms:ViaService": REGIONAL } }],
    ["kms:ViaService", { StringEquals: { "kms:ViaServiceX": REGIONAL } }],
    ["kms:ViaService", { Null: { "kms:ViaService": "false" } }],
    ["aws:PrincipalArn", { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/Loader" } }],
    ["aws:PrincipalOrgID", { StringLike: { "aws:PrincipalOrgID": "o-*" } }],
  ])("not by %s: %j", (key, condition) => {
    expect(limitOf(under(condition), key)).toBeUndefined();
  });
});
