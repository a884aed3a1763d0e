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
/** An access that a denial on a resource with a policy variable limits. */
const onVariable = () => ({
  denials: [{ ...deny({}), Resource: "arn:aws:kms:*:*:key/${aws:PrincipalTag/key}" }],
  statements: [allow()],
});
const via = (...services: string[]): Condition => ({ StringEquals: { "kms:ViaService": services } });
const like = (...patterns: string[]): Condition => ({ StringLike: { "kms:ViaService": patterns } });
const ignoringCase = (...services: string[]): Condition => ({
  StringEqualsIgnoreCase: { "kms:ViaService": services },
});

describe("the gain of an access over the accesses before the plan", () => {
  test.each([
    [64, "none"],
    [65, "undecided"],
  ])("of %i combinations of values, which several statements allowed before, is %j", (count, expected) => {
    const numbers = (length: number) => Array.from({ length }, (_, index) => String(index));
    const services = numbers(count === 64 ? 4 : 5);
    const vpcs = { StringLike: { "aws:SourceVpc": numbers(count / services.length) } };
    const earlier = services.map((service) => way(via(service)));
    expect(gainOf(way({ ...via(...services), ...vpcs }), earlier, {})).toBe(expected);
  });

  test.each<[string, ReturnType<typeof way>, ReturnType<typeof way>[]]>([
    ["the same condition", way(via(REDSHIFT)), [way(via(REDSHIFT))]],
    ["a condition with one value fewer", way(via(REDSHIFT)), [way(via(SERVERLESS, REDSHIFT))]],
    [
      "two values that each had a statement before",
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
    [
      "the same condition with IfExists",
      way({ StringLikeIfExists: { a: "b" } }),
      [way({ StringLikeIfExists: { a: "b" } })],
    ],
    ["a pattern with one ? in place of one with two", way(like("a?1")), [way(like("a??"))]],
    ["a * of StringEquals, which is no wildcard, in place of a ?", way(via("a*b")), [way(like("a?b"))]],
    ["other letters of StringEqualsIgnoreCase", way(ignoringCase("A")), [way(ignoringCase("a"))]],
    [
      "StringNotEquals in place of StringNotEqualsIfExists",
      way({ StringNotEquals: { "aws:SourceVpc": "a" } }),
      [way({ StringNotEqualsIfExists: { "aws:SourceVpc": "a" } })],
    ],
    [
      "ForAllValues with one value fewer",
      way({ "ForAllValues:StringEquals": { "aws:TagKeys": "a" } }),
      [way({ "ForAllValues:StringEquals": { "aws:TagKeys": ["a", "b"] } })],
    ],
    [
      "two values of each of two keys, if each pair had a statement before",
      way({ StringEquals: { "aws:SourceVpc": ["a", "b"], "kms:ViaService": ["c", "d"] } }),
      [..."ab"].flatMap((vpc) =>
        [..."cd"].map((service) => way({ StringEquals: { "aws:SourceVpc": vpc, "kms:ViaService": service } })),
      ),
    ],
    [
      "ForAnyValue in other letters",
      way({ "foranyvalue:StringEquals": { "aws:TagKeys": "a" } }),
      [way({ "ForAnyValue:StringEquals": { "aws:TagKeys": "a" } })],
    ],
    ["the same denial of a policy variable", onVariable(), [onVariable()]],
    ["a denial of requests with a wider pattern", way({}, like("*")), [way({}, like("redshift*"), like("s3*"))]],
  ])('is "none" for %s', (_, later, earlier) => {
    expect(gainOf(later, earlier, { "kms:calleraccount": "111122223333" })).toBe("none");
  });

  test.each<[string, ReturnType<typeof way>, ReturnType<typeof way>[]]>([
    ["an access without a condition if no access exists before", way(), []],
    ["an access under a condition if no access exists before", way(like("redshift*")), []],
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
      "StringNotEquals with one value fewer",
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
    ["a * of StringEquals, which is no wildcard", way(via("a*")), []],
    ["an access with a denial if no access exists before", way({}, via(REDSHIFT)), []],
    ["a denial with one more condition", way({}, { ...via("a"), ...like("b") }), [way({}, via("a"))]],
    [
      "an absent key or no value if no access exists before",
      way({ StringEqualsIfExists: { "aws:SourceVpc": [] } }),
      [],
    ],
    ["StringLike in place of StringEquals with another value", way(like("a")), [way(via("b"))]],
    [
      "Null in place of StringEqualsIgnoreCase",
      way({ Null: { a: "true" } }),
      [way({ StringEqualsIgnoreCase: { a: "true" } })],
    ],
    ["StringLike with a * in place of StringEquals with it", way(like("a*")), [way(via("a*"))]],
    ["StringLike with a * in place of StringEqualsIgnoreCase with it", way(like("a*")), [way(ignoringCase("a*"))]],
    ["StringEqualsIgnoreCase with another value", way(ignoringCase("a")), [way(ignoringCase("b"))]],
    ["a pattern with a ? if no access exists before", way(like("a?")), []],
    ["no condition in place of true", way(), [way({ Bool: { "aws:SecureTransport": "true" } })]],
    ["no condition in place of false", way(), [way({ Bool: { "aws:SecureTransport": "false" } })]],
    ["a pattern in place of its first letters", way(like("a*")), [way(like("a"))]],
    [
      "ForAllValues in place of ForAnyValue",
      way({ "ForAllValues:StringEquals": { "aws:TagKeys": "a" } }),
      [way({ "ForAnyValue:StringEquals": { "aws:TagKeys": "a" } })],
    ],
    [
      "StringNotEquals in place of StringEquals",
      way({ StringNotEquals: { a: "b" } }),
      [way({ StringEquals: { a: "b" } })],
    ],
    [
      "Null in place of Bool",
      way({ Null: { "aws:MultiFactorAuthPresent": "true" } }),
      [way({ Bool: { "aws:MultiFactorAuthPresent": "true" } })],
    ],
    [
      "false in place of true",
      way({ Bool: { "aws:ViaAWSService": "false" } }),
      [way({ Bool: { "aws:ViaAWSService": "true" } })],
    ],
    [
      "ArnLike with a * in place of a ?",
      way({ ArnLike: { "aws:SourceArn": "arn:aws:s3:::a*" } }),
      [way({ ArnLike: { "aws:SourceArn": "arn:aws:s3:::a?" } })],
    ],
    [
      "a pattern of an ARN in place of another",
      way({ ArnLike: { "aws:SourceArn": "arn:aws:s3:::*" } }),
      [way({ ArnLike: { "aws:SourceArn": "arn:aws:sns:*:*:*" } })],
    ],
    [
      "three values of two keys, if one pair had no statement before",
      way({ StringEquals: { "aws:SourceVpc": ["a", "b"], "kms:ViaService": ["c", "d"] } }),
      [via("c"), { StringEquals: { "aws:SourceVpc": "a" } }].map((condition) => way(condition)),
    ],
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
    ["StringEqualsIgnoreCase in place of StringEquals", way(ignoringCase("a")), [way(via("a"))]],
    [
      "no condition in place of true and of false",
      way(),
      ["true", "false"].map((value) => way({ Bool: { "aws:SecureTransport": value } })),
    ],
    ["StringEqualsIgnoreCase in place of StringLike", way(ignoringCase("a")), [way(like("a"))]],
    [
      "ForAllValues with two values, each of which had a statement before",
      way({ "ForAllValues:StringEquals": { "aws:TagKeys": ["a", "b"] } }),
      [..."ab"].map((tag) => way({ "ForAllValues:StringEquals": { "aws:TagKeys": tag } })),
    ],
    ["a denial of a policy variable in place of a denial of all", onVariable(), [way({}, {})]],
    ["an access whose denial always applies if no access exists before", way(via("a"), via("a")), []],
    ["a policy variable in place of a pattern that its name matches", way(via("${aws:username}")), [way(like("$*"))]],
    [
      "StringEquals in place of ArnLike",
      way({ StringEquals: { a: "arn:aws:s3:::b" } }),
      [way({ ArnLike: { a: "arn:aws:s3:::b" } })],
    ],
    [
      "ArnLike in place of StringLike",
      way({ ArnLike: { a: "arn:aws:s3:::b" } }),
      [way({ StringLike: { a: "arn:*" } })],
    ],
    [
      "a policy variable in the earlier pattern",
      way({ StringEquals: { "aws:PrincipalTag/a": "b" } }),
      [way({ StringLike: { "aws:PrincipalTag/a": "*${aws:username}" } })],
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

  test('is "gained" for a request that fails the conditions of 40 earlier accesses at once', () => {
    const keys = Array.from({ length: 40 }, (_, index) => `aws:PrincipalTag/${index}`);
    const later = way({ StringEquals: Object.fromEntries(keys.map((key) => [key, ["b", "a"]])) });
    const earlier = keys.map((key) => way({ StringEquals: { [key]: "b" } }));
    expect(gainOf(later, earlier, {})).toBe("gained");
  });

  test('is "undecided" for a condition on a key whose value is known in part only', () => {
    const later = way({ ArnEquals: { "aws:PrincipalArn": "arn:aws:iam::111122223333:role/team/a" } });
    expect(gainOf(later, [], { "aws:principalarn": "arn:aws:iam::111122223333:role/team/*" })).toBe("undecided");
  });

  test('is "none" for a condition that requires a key which no request has', () => {
    const isPossible = (key: string): boolean => !key.startsWith("kms:encryptioncontext");
    const later = way({ StringEquals: { "kms:EncryptionContext:a": "b" } });
    expect(gainOf(later, [], {}, isPossible)).toBe("none");
    expect(gainOf(later, [], {})).toBe("gained");
    const without = way({ StringEqualsIfExists: { "kms:EncryptionContext:a": "b" } });
    expect(gainOf(without, [], {}, isPossible)).toBe("gained");
    const other = way({ StringEqualsIfExists: { "kms:EncryptionContext:a": "c" } });
    expect(gainOf(without, [other], {}, isPossible)).not.toBe("gained");
    expect(gainOf(without, [other], {})).toBe("gained");
  });
});
