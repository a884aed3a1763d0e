import { gainOf } from "../../../review/policy/gain";
import type { Condition, Statement } from "../../../review/policy/statement";

const REDSHIFT = "redshift.us-east-1.amazonaws.com";
const SERVERLESS = "redshift-serverless.us-east-1.amazonaws.com";

const allow = (Condition: Condition = {}): Statement => ({
  Action: "kms:*",
  Condition,
  Effect: "Allow",
  Resource: "*",
});
const deny = (Condition: Condition): Statement => ({ ...allow(Condition), Effect: "Deny" });
const way = (condition?: Condition, ...denials: Condition[]) => ({
  denials: denials.map(deny),
  statements: [allow(condition)],
});
const via = (...services: string[]): Condition => ({ StringEquals: { "kms:ViaService": services } });
const like = (...patterns: string[]): Condition => ({ StringLike: { "kms:ViaService": patterns } });

describe("the gain of an access over the accesses before the plan", () => {
  test.each<[string, ReturnType<typeof way>, ReturnType<typeof way>[]]>([
    ["the same condition", way(via(REDSHIFT)), [way(via(REDSHIFT))]],
    ["a condition with one value less", way(via(REDSHIFT)), [way(via(SERVERLESS, REDSHIFT))]],
    [
      "two values, of which each had a statement before",
      way(via(REDSHIFT, SERVERLESS)),
      [way(via(SERVERLESS)), way(via(REDSHIFT))],
    ],
    ["a condition in place of none", way(via(REDSHIFT)), [way()]],
    ["one more condition", way({ ...via(REDSHIFT), Bool: { "aws:SecureTransport": "true" } }), [way(via(REDSHIFT))]],
    ["a value that the earlier pattern matches", way(via(REDSHIFT)), [way(like("redshift*"))]],
    ["a pattern within the earlier pattern", way(like("redshift*.amazonaws.com")), [way(like("*.amazonaws.com"))]],
    ["StringLike without a wildcard in place of StringEquals", way(like(REDSHIFT)), [way(via(REDSHIFT))]],
    [
      "StringEquals in place of StringEqualsIgnoreCase",
      way(via(REDSHIFT)),
      [way({ StringEqualsIgnoreCase: { "KMS:viaservice": REDSHIFT.toUpperCase() } })],
    ],
    [
      "an ARN that the earlier ArnLike matches",
      way({ ArnEquals: { "aws:SourceArn": "arn:aws:s3:::b" } }),
      [way({ ArnLike: { "aws:SourceArn": "arn:aws:s3:::?" } })],
    ],
    [
      "StringNotEquals with one more value",
      way({ StringNotEquals: { "aws:SourceVpc": ["vpc-1", "vpc-2"] } }),
      [way({ StringNotEquals: { "aws:SourceVpc": "vpc-1" } })],
    ],
    [
      "True in place of true, and FALSE in place of false",
      way({ Bool: { "aws:SecureTransport": "True" }, Null: { "kms:ViaService": "FALSE" } }),
      [way({ Bool: { "aws:SecureTransport": "true" }, Null: { "kms:ViaService": "false" } })],
    ],
    [
      "StringEquals in place of StringEqualsIfExists",
      way(via(REDSHIFT)),
      [way({ StringEqualsIfExists: { "kms:ViaService": REDSHIFT } })],
    ],
    [
      "the same policy variable",
      way({ StringEquals: { "aws:PrincipalTag/a": "${aws:username}" } }),
      [way({ StringEquals: { "aws:PrincipalTag/a": "${aws:username}" } })],
    ],
    ["one more denial", way({}, like("*"), via(REDSHIFT)), [way({}, via(REDSHIFT))]],
    ["a denial of more values", way({}, like("redshift*")), [way({}, via(REDSHIFT))]],
    [
      "no condition in place of one on the account of every caller",
      way(),
      [way({ StringEquals: { "kms:CallerAccount": "111122223333" } })],
    ],
    [
      "DateLessThan with one of its two values",
      way({ DateLessThan: { "aws:CurrentTime": "2030-01-01" } }),
      [way({ DateLessThan: { "aws:CurrentTime": ["2030-01-01", "2031-01-01"] } })],
    ],
  ])('is "none" for %s', (_, later, earlier) => {
    expect(gainOf(later, earlier, { "kms:calleraccount": "111122223333" })).toBe("none");
  });

  test.each<[string, ReturnType<typeof way>, ReturnType<typeof way>[]]>([
    ["an access without a condition, and none before", way(), []],
    ["an access under a condition, and none before", way(like("redshift*")), []],
    ["no condition in place of one", way(), [way(via(REDSHIFT))]],
    ["a condition with one more value", way(via(REDSHIFT, SERVERLESS)), [way(via(REDSHIFT))]],
    ["a pattern in place of two values", way(like("redshift*")), [way(via(REDSHIFT)), way(via(SERVERLESS))]],
    ["a pattern that matches other values", way(like("s3*")), [way(like("redshift*"))]],
    ["a condition on another key", way({ StringEquals: { "aws:SourceVpc": "vpc-1" } }), [way(via(REDSHIFT))]],
    [
      "the same value of another key",
      way({ StringEquals: { "aws:PrincipalTag/team": "data" } }),
      [way({ StringEquals: { "aws:PrincipalTag/project": "data" } })],
    ],
    [
      "StringNotEquals with one value less",
      way({ StringNotEquals: { "aws:SourceVpc": "vpc-1" } }),
      [way({ StringNotEquals: { "aws:SourceVpc": ["vpc-1", "vpc-2"] } })],
    ],
    [
      "StringEqualsIfExists in place of StringEquals",
      way({ StringEqualsIfExists: { "kms:ViaService": REDSHIFT } }),
      [way(via(REDSHIFT))],
    ],
    ["the loss of a denial", way(), [way({}, via(REDSHIFT))]],
    ["a denial of fewer values", way({}, via(REDSHIFT)), [way({}, like("redshift*"))]],
    ["the loss of a denial of requests without TLS", way(), [way({}, { Bool: { "aws:SecureTransport": "false" } })]],
    ["Null in place of StringEquals", way({ Null: { "kms:ViaService": "true" } }), [way(via(REDSHIFT))]],
  ])('is "gained" for %s', (_, later, earlier) => {
    expect(gainOf(later, earlier, {})).toBe("gained");
  });

  test.each<[string, ReturnType<typeof way>, ReturnType<typeof way>[]]>([
    [
      "DateLessThan with another date",
      way({ DateLessThan: { "aws:CurrentTime": "2031-01-01" } }),
      [way({ DateLessThan: { "aws:CurrentTime": "2030-01-01" } })],
    ],
    [
      "IpAddress with another range",
      way({ IpAddress: { "aws:SourceIp": "10.0.0.0/9" } }),
      [way({ IpAddress: { "aws:SourceIp": "10.0.0.0/8" } })],
    ],
    [
      "a policy variable in place of a value",
      way({ StringEquals: { "aws:PrincipalTag/a": "${aws:username}" } }),
      [way({ StringEquals: { "aws:PrincipalTag/a": "b" } })],
    ],
    [
      "a pattern in place of two patterns with other wildcards",
      way(like("redshift*")),
      [way(like("redshift?*", "redshift"))],
    ],
  ])('is "undecided" for %s', (_, later, earlier) => {
    expect(gainOf(later, earlier, {})).toBe("undecided");
  });

  test.each([
    "aws:PrincipalAccount",
    "aws:PrincipalArn",
    "aws:PrincipalType",
    "aws:RequestedRegion",
    "aws:SecureTransport",
    "aws:UserId",
    "aws:ViaAWSService",
    "kms:CallerAccount",
  ])('is "undecided" for StringEqualsIfExists in place of StringEquals on %s, which every request has', (key) => {
    const [later, earlier] = [way({ StringEqualsIfExists: { [key]: "a" } }), way({ StringEquals: { [key]: "a" } })];
    expect(gainOf(later, [earlier], {})).toBe("undecided");
  });

  test("is decided for conditions and denials on 40 keys with two values each", () => {
    const tags = (value: string): Condition => ({
      StringEquals: Object.fromEntries(
        Array.from({ length: 40 }, (_, index) => [`aws:PrincipalTag/${index}`, [value, "b"]]),
      ),
    });
    expect(gainOf(way(tags("a"), tags("c")), [way(tags("c"))], {})).toBe("gained");
    expect(gainOf(way(tags("a")), [way(tags("a"))], {})).toBe("none");
  });

  test('is "none" for a condition that requires a key which no request has', () => {
    const isPossible = (key: string): boolean => !key.startsWith("kms:encryptioncontext");
    const later = way({ StringEquals: { "kms:EncryptionContext:a": "b" } });
    expect(gainOf(later, [], {}, isPossible)).toBe("none");
    expect(gainOf(later, [], {})).toBe("gained");
    const without = way({ StringEqualsIfExists: { "kms:EncryptionContext:a": "b" } });
    expect(gainOf(without, [], {}, isPossible)).toBe("gained");
  });
});
