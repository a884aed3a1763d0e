import { type Facts, limitingValues, type Outcome, outcomeOf } from "../../../review/policy/condition";
import { PatternIndex } from "../../../review/policy/pattern-index";
import type { Condition, Statement } from "../../../review/policy/statement";

const REGIONAL = "redshift.us-east-1.amazonaws.com";
const PATTERN = "arn:aws:iam::111122223333:role/team/*";
const EVERY_SERVICE = "arn:aws:*:*:111122223333:*";
const ANY_PARTITION = "arn:*:iam::111122223333:role/Admin";
const OWNER = "redshift-data:statement-owner-iam-userid";
const under = (condition: Condition): Statement => ({ Condition: condition, Effect: "Allow" });

describe("a condition in a request through redshift.us-east-1.amazonaws.com, without a team tag", () => {
  const facts: Facts = {
    "aws:principaltag/team": null,
    "kms:calleraccount": "111122223333",
    "kms:encryptioncontext": null,
    "kms:encryptioncontext:stage": "test",
    "kms:viaservice": REGIONAL,
  };

  test.each<[Outcome, Condition]>([
    ["met", {}],
    ["met", { StringEquals: { "KMS:ViaService": REGIONAL } }],
    ["met", { StringEquals: { "kms:ViaService": ["redshift.amazonaws.com", REGIONAL] } }],
    ["unmet", { StringEquals: { "kms:ViaService": "redshift.amazonaws.com" } }],
    ["unmet", { StringEquals: { "kms:ViaService": "redshift.*.amazonaws.com" } }],
    ["met", { StringLike: { "kms:ViaService": "redshift.*.amazonaws.com" } }],
    ["met", { StringLike: { "kms:ViaService": "redshift.us-east-?.amazonaws.com" } }],
    ["unmet", { StringLike: { "kms:ViaService": "redshift.us-east-??.amazonaws.com" } }],
    ["unmet", { StringNotEquals: { "kms:ViaService": REGIONAL } }],
    ["met", { StringNotLike: { "kms:ViaService": "s3.*" } }],
    ["met", { StringEqualsIgnoreCase: { "kms:ViaService": REGIONAL.toUpperCase() } }],
    ["unmet", { StringNotEqualsIgnoreCase: { "kms:ViaService": REGIONAL.toUpperCase() } }],
    ["unmet", { StringEquals: { "kms:CallerAccount": "444455556666", "kms:ViaService": REGIONAL } }],
    ["depends", { StringEquals: { "aws:PrincipalOrgID": "o-example", "kms:ViaService": REGIONAL } }],
    ["unmet", { StringEquals: { "aws:PrincipalOrgID": "o-example", "kms:ViaService": "s3.amazonaws.com" } }],
    ["depends", { StringEquals: { "kms:ViaService": "${aws:PrincipalTag/service}" } }],
    ["depends", { NumericEquals: { "kms:CallerAccount": "1" } }],
    ["unmet", { StringEquals: { "aws:PrincipalTag/team": "data" } }],
    ["met", { StringEqualsIfExists: { "aws:PrincipalTag/team": "data" } }],
    ["met", { StringNotEquals: { "aws:PrincipalTag/team": "data" } }],
    ["met", { "ForAllValues:StringEquals": { "aws:PrincipalTag/team": "data" } }],
    ["unmet", { "ForAnyValue:StringNotEquals": { "aws:PrincipalTag/team": "data" } }],
    ["met", { Null: { "aws:PrincipalTag/team": "true" } }],
    ["unmet", { Null: { "kms:ViaService": "true" } }],
    ["met", { Null: { "kms:ViaService": false } }],
    ["met", { Bool: { "kms:CallerAccount": "111122223333" } }],
    ["unmet", { Bool: { "kms:CallerAccount": "444455556666" } }],
    ["met", { ArnLike: { "kms:ViaService": "redshift.*" } }],
    ["unmet", { StringEquals: { "kms:ViaService": [] } }],
    ["unmet", { StringEquals: { "aws:PrincipalOrgID": [] } }],
    ["met", { StringNotEquals: { "kms:ViaService": [] } }],
    ["met", { "ForAllValues:StringEquals": { "aws:PrincipalTag/team": [] } }],
    ["met", { StringEqualsIfExists: { "aws:PrincipalTag/team": [] } }],
    ["depends", { StringNotEquals: { "aws:PrincipalOrgID": [] } }],
    ["met", { StringNotEqualsIfExists: { "aws:PrincipalTag/team": "data" } }],
    ["met", { "forallvalues:StringEquals": { "aws:PrincipalTag/team": "data" } }],
    ["unmet", { "foranyvalue:StringNotEquals": { "aws:PrincipalTag/team": "data" } }],
    ["met", { ArnEquals: { "kms:ViaService": "redshift.*" } }],
    ["unmet", { ArnNotEquals: { "kms:ViaService": "redshift.*" } }],
    ["met", { Bool: { "kms:EncryptionContext:stage": "TEST" } }],
    ["met", { Null: { "kms:ViaService": "FALSE" } }],
    ["met", { Null: { "kms:ViaService": ["true", "false"] } }],
    ["unmet", { StringEquals: { "kms:EncryptionContext:team": "data" } }],
    ["met", { StringEquals: { "kms:EncryptionContext:stage": "test" } }],
    ["unmet", { StringEquals: { "kms:ViaService": REGIONAL.toUpperCase() } }],
    ["depends", { StringEquals: { "kms:ViaService": "sensitive" } }],
    ["depends", { StringEquals: { "kms:ViaService": [REGIONAL, "unknown until apply"] } }],
    ["depends", { "String-Equals": { "kms:ViaService": REGIONAL } }],
    ["depends", { StringEquals: { constructor: "a" } }],
  ])("has the outcome %s: %j", (outcome, condition) => {
    expect(outcomeOf(under(condition), facts)).toBe(outcome);
  });
});

describe("a condition on aws:PrincipalArn", () => {
  const SESSION = "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_KeyAdmin_0123456789abcdef/me";

  test.each<[Outcome, string, string, string]>([
    ["met", SESSION, "arn:aws:iam::111122223333:role/aws-reserved/*/AWSReservedSSO_KeyAdmin_*", "ArnLike"],
    ["met", SESSION, "arn:aws:iam::111122223333:role/*", "ArnLike"],
    ["unmet", SESSION, "arn:aws:iam::444455556666:role/*", "ArnLike"],
    ["unmet", SESSION, "arn:aws:iam::111122223333:role/AWSReservedSSO_Reader_*", "ArnLike"],
    ["unmet", SESSION, "arn:aws:iam::111122223333:role/*", "ArnNotLike"],
    ["met", PATTERN, PATTERN, "ArnLike"],
    ["met", PATTERN, "arn:aws:iam::111122223333:role/*", "ArnLike"],
    ["depends", PATTERN, "arn:aws:iam::111122223333:role/team/Loader", "ArnEquals"],
    ["depends", PATTERN, "arn:aws:iam::111122223333:role/team/Loader", "ArnNotEquals"],
    ["unmet", PATTERN, PATTERN, "ArnNotLike"],
    ["met", SESSION.replace("aws", "aws-cn"), "arn:aws-cn:iam::111122223333:role/AWSReservedSSO_*", "ArnLike"],
    ["unmet", "arn:aws:iam::111122223333:role/team/Loader", "arn:aws:iam::111122223333:role/Loader", "ArnEquals"],
    ["unmet", "arn:aws:iam::111122223333:role/Loader", "arn:aws:iam::111122223333:role/team/Loader", "ArnEquals"],
  ])("has the outcome %s for the principal %s and the value %s of %s", (outcome, principal, value, operator) => {
    const others = Array.from({ length: 100 }, (_, index) => `arn:aws:iam::999988887777:role/r${index}*`);
    for (const values of [value, [value, ...others]]) {
      const statement = under({ [operator]: { "aws:PrincipalArn": values } });
      expect(outcomeOf(statement, { "aws:principalarn": principal })).toBe(outcome);
    }
  });

  test("compares a caller with few of 5,000 patterns", () => {
    const candidates = jest.spyOn(PatternIndex.prototype, "candidates");
    const patterns = Array.from({ length: 5000 }, (_, index) => `arn:aws:iam::111122223333:role/r${index}*`);
    const outcome = (name: string, operator = "ArnLike") =>
      outcomeOf(under({ [operator]: { "aws:PrincipalArn": patterns } }), {
        "aws:principalarn": `arn:aws:iam::111122223333:role/${name}`,
      });
    expect(outcome("r4321*")).toBe("met");
    expect(candidates).not.toHaveBeenCalled();
    expect(outcome("r4321x")).toBe("met");
    expect(candidates.mock.results.map(({ value }) => value as unknown)).toStrictEqual([
      [4, 43, 432, 4321].map((index) => patterns[index]),
    ]);
    expect(outcome("x")).toBe("unmet");
    expect(outcome("r4321x", "ArnNotLike")).toBe("unmet");
    expect(outcome("r4321x", "StringEqualsIgnoreCase")).toBe("unmet");
  });

  test.each<[Outcome, number]>([
    ["unmet", 1000],
    ["depends", 1001],
  ])("has the outcome %s if %i patterns have the same beginning", (outcome, count) => {
    const patterns = Array.from({ length: count }, (_, index) => `arn:aws:iam::111122223333:role/*-r${index}`);
    const statement = under({ ArnLike: { "aws:PrincipalArn": patterns } });
    expect(outcomeOf(statement, { "aws:principalarn": PATTERN.replace("*", "x") })).toBe(outcome);
    expect(outcomeOf(statement, { "aws:principalarn": patterns[0]! })).toBe("met");
  });
});

describe("the condition of a statement", () => {
  test.each<[string, Condition, readonly string[]]>([
    ["kms:ViaService", { StringEquals: { "kms:ViaService": REGIONAL } }, [REGIONAL]],
    ["kms:ViaService", { StringLike: { "KMS:VIASERVICE": ["redshift.*"] } }, ["redshift.*"]],
    ["kms:ViaService", { StringLike: { "kms:ViaService": "s" } }, ["s"]],
    ["kms:ViaService", { StringEquals: { "kms:ViaService": "*" } }, ["*"]],
    ["kms:CallerAccount", { StringEqualsIfExists: { "kms:CallerAccount": "111122223333" } }, ["111122223333"]],
    ["aws:PrincipalAccount", { StringEqualsIfExists: { "aws:PrincipalAccount": "111122223333" } }, ["111122223333"]],
    ["aws:PrincipalArn", { StringEqualsIfExists: { "aws:PrincipalArn": PATTERN } }, [PATTERN]],
    ["aws:PrincipalTag/", { StringEquals: { "aws:PrincipalTag/team": "data" } }, ["data"]],
    ["aws:userid", { StringLike: { "aws:userid": "AROAEXAMPLE:*" } }, ["AROAEXAMPLE:*"]],
    ["aws:SourceVpce", { StringEquals: { "aws:SourceVpce": "vpce-1" } }, ["vpce-1"]],
    ["redshift-data:statement-owner-iam-userid", { StringEquals: { [OWNER]: "${aws:userid}" } }, ["${aws:userid}"]],
    ["aws:PrincipalArn", { ArnLike: { "aws:PrincipalArn": PATTERN } }, [PATTERN]],
    ["aws:PrincipalArn", { StringLike: { "aws:PrincipalArn": PATTERN } }, [PATTERN]],
    ["aws:PrincipalArn", { ArnLike: { "aws:PrincipalArn": ANY_PARTITION } }, [ANY_PARTITION]],
    ["aws:PrincipalArn", { StringEquals: { "aws:PrincipalArn": "nobody" } }, ["nobody"]],
    ["aws:ResourceTag/", { Bool: { "aws:ResourceTag/analytics": "True" } }, ["True"]],
    ...[ANY_PARTITION, "arn:aws:rds:*:111122223333:*", "arn:*:logs:us-east-1:111122223333:*"].map(
      (arn): [string, Condition, string[]] => ["aws:SourceArn", { StringLike: { "aws:SourceArn": arn } }, [arn]],
    ),
    ["aws:SourceArn", { ArnLike: { "aws:SourceArn": EVERY_SERVICE } }, [EVERY_SERVICE]],
    ...["ForAllValues:StringLike", "StringLikeIfExists"].map((operator): [string, Condition, string[]] => [
      "aws:PrincipalOrgPaths",
      { Null: { "AWS:PrincipalOrgPaths": ["false"] }, [operator]: { "aws:PrincipalOrgPaths": "o-1a/r-1/*" } },
      ["o-1a/r-1/*"],
    ]),
  ])("limits %s to its values: %j", (key, condition, values) => {
    expect(limitingValues(under(condition), key)).toStrictEqual(values);
  });

  test.each<[string, Condition]>([
    ["kms:ViaService", {}],
    ["kms:ViaService", { StringEqualsIfExists: { "kms:ViaService": REGIONAL } }],
    ["kms:ViaService", { StringNotEquals: { "kms:ViaService": REGIONAL } }],
    ["kms:ViaService", { StringLike: { "kms:ViaService": ["*", REGIONAL] } }],
    ["kms:ViaService", { "ForAllValues:StringEquals": { "kms:ViaService": REGIONAL } }],
    ["kms:ViaService", { StringEquals: { "kms:ViaServiceX": REGIONAL } }],
    ["kms:ViaService", { Null: { "kms:ViaService": "false" } }],
    ["kms:ViaService", { Bool: { "kms:ViaService": "false" } }],
    ["aws:PrincipalArn", { BoolIfExists: { "aws:PrincipalArn": ["true", "False"] } }],
    ...["true", "*", ["false", "true"], []].map((present): [string, Condition] => [
      "aws:PrincipalOrgPaths",
      {
        "ForAllValues:StringLike": { "aws:PrincipalOrgPaths": "o-1a/r-1/*" },
        Null: { "aws:PrincipalOrgPaths": present },
      },
    ]),
    [
      "aws:PrincipalOrgPaths",
      {
        "ForAllValues:StringLike": { "aws:PrincipalOrgPaths": "o-1a/r-1/*" },
        Null: { "aws:PrincipalOrgID": "false" },
      },
    ],
    ["aws:PrincipalArn", { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/Loader" } }],
    ["aws:PrincipalArn", { StringLike: { "aws:PrincipalArn": "a*" } }],
    ["aws:PrincipalArn", { StringLike: { "aws:PrincipalArn": ANY_PARTITION } }],
    ["aws:SourceArn", { StringEquals: { "aws:SourceArn": "arn:aws:s3:::bucket" } }],
    ...[EVERY_SERVICE, "arn:aws:*:us-east-1:111122223333:*", "arn:aws:logs:*:111122223333:*", "*:111122223333:*"].map(
      (arn): [string, Condition] => ["aws:SourceArn", { StringLike: { "aws:SourceArn": arn } }],
    ),
    ["kms:GranteePrincipal", { StringLike: { "kms:GranteePrincipal": ANY_PARTITION } }],
    ["aws:PrincipalArn", { ArnLike: { "aws:PrincipalArn": "*:role/Loader" } }],
    ["aws:PrincipalArn", { StringEquals: { "aws:PrincipalArn": "${aws:PrincipalArn}" } }],
    ["aws:PrincipalOrgID", { StringLike: { "aws:PrincipalOrgID": "o-*" } }],
    ["aws:PrincipalOrgID", { StringEquals: { "aws:PrincipalOrgID": "${aws:PrincipalOrgID}" } }],
    ["aws:PrincipalOrgPaths", { "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "o-*/*" } }],
    ["aws:PrincipalTag/", { StringEquals: { "aws:PrincipalTag/team": "${aws:PrincipalTag/team}" } }],
    ["aws:PrincipalTag/", { StringLike: { "aws:PrincipalTag/team": "?*" } }],
    ["aws:SourceVpce", { StringLike: { "aws:SourceVpce": "vpce-*" } }],
    ["aws:SourceVpc", { StringLike: { "aws:SourceVpc": "vpc-?*" } }],
    ["aws:VpceAccount", { StringLike: { "aws:VpceAccount": "1*" } }],
    ["aws:VpceOrgID", { StringLike: { "aws:VpceOrgID": "o-*" } }],
    ["aws:VpceOrgPaths", { "ForAnyValue:StringLike": { "aws:VpceOrgPaths": "o-*/*" } }],
    ["aws:SourceVpcArn", { ArnLike: { "aws:SourceVpcArn": "arn:aws:ec2:*:*:vpc/vpc-1" } }],
    ["aws:userid", { StringLike: { "aws:userid": "*:*" } }],
    ["aws:userid", { StringLike: { "aws:userid": "AROA*" } }],
    ["kms:CallerAccount", { StringLike: { "kms:CallerAccount": "????????????" } }],
    ["kms:ViaService", { StringLike: { "kms:ViaService": "*.amazonaws.com" } }],
  ])("does not limit %s: %j", (key, condition) => {
    expect(limitingValues(under(condition), key)).toBeUndefined();
  });

  const GITHUB = "token.actions.githubusercontent.com";

  test.each<[string, string | undefined, string]>([
    ["aws:CalledVia", "athena.*", "a*"],
    ["aws:PrincipalAccount", "111122223333", "1*"],
    ["aws:PrincipalOrgID", "o-a1b2c3d4e5", "o-a*"],
    ["aws:PrincipalOrgPaths", "o-a1b2c3d4e5/*", "o-a1b2*"],
    ["aws:PrincipalTag/team", "data*", "*"],
    ["aws:ResourceAccount", "111122223333", "1*"],
    ["aws:ResourceTag/team", "${aws:PrincipalTag/team, 'd'}*", "${aws:PrincipalTag/team, '*'}"],
    ["aws:SourceAccount", "111122223333", "1*"],
    ["aws:SourceArn", "arn:aws:sns:us-east-1:111122223333:*", "arn:aws:sns:us-east-1:*"],
    ["aws:SourceOrgID", "o-a1b2c3d4e5", "o-a*"],
    ["aws:SourceOrgPaths", "o-a1b2c3d4e5/*", "o-*/r-ab12/*"],
    ["aws:SourceVpc", "vpc-1a", "vpc-1*"],
    ["aws:SourceVpce", "vpce-1a", "vpce-1*"],
    ["aws:userid", "AROA1234567890EX*", "AROA1234567890*"],
    ["iam:PassedToService", "redshift*", "r*"],
    ["iam:PermissionsBoundary", "arn:aws:iam::*:policy/B*", "arn:aws:iam::111122223333:policy/*"],
    ["iam:PolicyARN", "arn:aws:iam::*:policy/B*", "arn:aws:iam::111122223333:policy/*"],
    ["kms:CallerAccount", "111122223333", "1*"],
    ["aws:PrincipalTag/team", "dat*", "*a*"],
    ["aws:ResourceTag/team", "*-data", "d?t*"],
    ["kms:GranteePrincipal", "arn:aws:iam::111122223333:role/*", "arn:aws:iam::*:role/Loader"],
    ["kms:RequestAlias", "alias/team*", "alias/*"],
    ["kms:ResourceAliases", "alias/team*", "alias/?*"],
    ["kms:ViaService", "redshift*", "r*"],
    ["redshift:ConsumerIdentifier", "arn:aws:redshift:us-east-1:111122223333:namespace/*", "arn:aws:redshift:*"],
    ["secretsmanager:SecretId", "arn:aws:secretsmanager:us-east-1:111122223333:secret:app*", "arn:aws:*"],
    ["secretsmanager:SecretId", "app*", "a*"],
    ["accounts.example.com:sub", "system:serviceaccount:app:*", "system:*"],
    ["accounts.example.com:sub", "system:serviceaccount:app:*", "system:serviceaccount:*:*"],
    [`${GITHUB}:sub`, "environment:production:repo:organization/app", "environment:production"],
    [`${GITHUB}:sub`, "repository_owner:organization", "ref:refs/heads/main"],
    [`${GITHUB}:sub`, "repo:organization/*", "repo:*"],
    [`${GITHUB}:actor`, "somebody", "s*"],
    [`${GITHUB}:actor_id`, "1234", "1*"],
    [`${GITHUB}:enterprise_id`, "1234", "1*"],
    [`${GITHUB}:job_workflow_ref`, "organization/*", "org*"],
    [`${GITHUB}:repository`, "organization/*", "org*/app"],
    [`${GITHUB}:repository_id`, "1234", "1*"],
    [`${GITHUB}:repository_owner`, "organization", "org*"],
  ])("limits %s to %s, and does not limit it to %s", (key, limiting, open) => {
    const like = (value: string | undefined) => limitingValues(under({ StringLike: { [key]: value } }), key);
    expect(like(limiting)).toStrictEqual([limiting]);
    expect(like(open)).toBeUndefined();
  });

  test.each([
    ["does not limit", "aws:PrincipalAccount", "${aws:SourceAccount}"],
    ["does not limit", "aws:PrincipalTag/team", "${aws:username}"],
    ["does not limit", "aws:SourceArn", "${aws:PrincipalArn}"],
    ["does not limit", "ec2:ResourceTag/team", "${aws:RequestTag/team}"],
    ["does not limit", "ec2:ResourceTag/team", "${ec2:ResourceTag/team}"],
    ["limits", "ec2:ResourceTag/team", "${aws:PrincipalTag/team}"],
  ])("%s %s by the policy variable %s", (verb, key, variable) => {
    const values = limitingValues(under({ StringEquals: { [key]: variable } }), key);
    expect(values).toStrictEqual(verb === "limits" ? [variable] : undefined);
  });
});
