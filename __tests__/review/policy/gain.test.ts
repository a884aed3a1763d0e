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

describe("a way", () => {
  test.each<[string, ReturnType<typeof way>, ReturnType<typeof way>[]]>([
    ["that stays", way(via(REDSHIFT)), [way(via(REDSHIFT))]],
    ["that loses a value", way(via(REDSHIFT)), [way(via(SERVERLESS, REDSHIFT))]],
    ["whose values two ways share", way(via(REDSHIFT, SERVERLESS)), [way(via(SERVERLESS)), way(via(REDSHIFT))]],
    ["that gets a condition", way(via(REDSHIFT)), [way()]],
    [
      "that gets one more condition",
      way({ ...via(REDSHIFT), Bool: { "aws:SecureTransport": "true" } }),
      [way(via(REDSHIFT))],
    ],
    ["whose value a pattern has", way(via(REDSHIFT)), [way(like("redshift*"))]],
    ["whose pattern a wider one has", way(like("redshift*.amazonaws.com")), [way(like("*.amazonaws.com"))]],
    ["whose pattern has no wildcard", way(like(REDSHIFT)), [way(via(REDSHIFT))]],
    [
      "whose case does not count",
      way(via(REDSHIFT)),
      [way({ StringEqualsIgnoreCase: { "KMS:viaservice": REDSHIFT.toUpperCase() } })],
    ],
    [
      "whose ARN a pattern has",
      way({ ArnEquals: { "aws:SourceArn": "arn:aws:s3:::b" } }),
      [way({ ArnLike: { "aws:SourceArn": "arn:aws:s3:::?" } })],
    ],
    [
      "that excepts more",
      way({ StringNotEquals: { "aws:SourceVpc": ["vpc-1", "vpc-2"] } }),
      [way({ StringNotEquals: { "aws:SourceVpc": "vpc-1" } })],
    ],
    [
      "whose boolean has other letters",
      way({ Bool: { "aws:SecureTransport": "True" }, Null: { "kms:ViaService": "FALSE" } }),
      [way({ Bool: { "aws:SecureTransport": "true" }, Null: { "kms:ViaService": "false" } })],
    ],
    ["whose key must be there", way(via(REDSHIFT)), [way({ StringEqualsIfExists: { "kms:ViaService": REDSHIFT } })]],
    [
      "with a variable that stays",
      way({ StringEquals: { "aws:PrincipalTag/a": "${aws:username}" } }),
      [way({ StringEquals: { "aws:PrincipalTag/a": "${aws:username}" } })],
    ],
    ["that is denied more often", way({}, like("*"), via(REDSHIFT)), [way({}, via(REDSHIFT))]],
    ["that a wider denial limits", way({}, like("redshift*")), [way({}, via(REDSHIFT))]],
    ["for an account that the facts have", way(), [way({ StringEquals: { "kms:CallerAccount": "111122223333" } })]],
    [
      "with an operator of which both have the value",
      way({ DateLessThan: { "aws:CurrentTime": "2030-01-01" } }),
      [way({ DateLessThan: { "aws:CurrentTime": ["2030-01-01", "2031-01-01"] } })],
    ],
  ])("%s is no gain", (_, later, earlier) => {
    expect(gainOf(later, earlier, { "kms:calleraccount": "111122223333" })).toBe("none");
  });

  test.each<[string, ReturnType<typeof way>, ReturnType<typeof way>[]]>([
    ["without an earlier one", way(), []],
    ["with a condition and without an earlier one", way(like("redshift*")), []],
    ["that loses its condition", way(), [way(via(REDSHIFT))]],
    ["that gets a value", way(via(REDSHIFT, SERVERLESS)), [way(via(REDSHIFT))]],
    ["whose value becomes a pattern", way(like("redshift*")), [way(via(REDSHIFT)), way(via(SERVERLESS))]],
    ["whose pattern has other values", way(like("s3*")), [way(like("redshift*"))]],
    [
      "that changes the key of its condition",
      way({ StringEquals: { "aws:SourceVpc": "vpc-1" } }),
      [way(via(REDSHIFT))],
    ],
    [
      "that excepts less",
      way({ StringNotEquals: { "aws:SourceVpc": "vpc-1" } }),
      [way({ StringNotEquals: { "aws:SourceVpc": ["vpc-1", "vpc-2"] } })],
    ],
    ["that allows a missing key", way({ StringEqualsIfExists: { "kms:ViaService": REDSHIFT } }), [way(via(REDSHIFT))]],
    ["that loses a denial", way(), [way({}, via(REDSHIFT))]],
    ["whose denial gets a condition", way({}, via(REDSHIFT)), [way({}, like("redshift*"))]],
    ["that loses a denial of requests without TLS", way(), [way({}, { Bool: { "aws:SecureTransport": "false" } })]],
    ["whose key may be absent", way({ Null: { "kms:ViaService": "true" } }), [way(via(REDSHIFT))]],
  ])("%s is a gain", (_, later, earlier) => {
    expect(gainOf(later, earlier, {})).toBe("gained");
  });

  test.each<[string, ReturnType<typeof way>, ReturnType<typeof way>[]]>([
    [
      "of dates",
      way({ DateLessThan: { "aws:CurrentTime": "2031-01-01" } }),
      [way({ DateLessThan: { "aws:CurrentTime": "2030-01-01" } })],
    ],
    [
      "of addresses",
      way({ IpAddress: { "aws:SourceIp": "10.0.0.0/9" } }),
      [way({ IpAddress: { "aws:SourceIp": "10.0.0.0/8" } })],
    ],
    [
      "with a variable",
      way({ StringEquals: { "aws:PrincipalTag/a": "${aws:username}" } }),
      [way({ StringEquals: { "aws:PrincipalTag/a": "b" } })],
    ],
    ["of patterns with other wildcards", way(like("redshift*")), [way(like("redshift?*", "redshift"))]],
  ])("%s is undecided", (_, later, earlier) => {
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
  ])("that allows a missing %s is undecided, and no gain, because every request has it", (key) => {
    const [later, earlier] = [way({ StringEqualsIfExists: { [key]: "a" } }), way({ StringEquals: { [key]: "a" } })];
    expect(gainOf(later, [earlier], {})).toBe("undecided");
  });

  test("with very many keys is compared, for earlier ways and denials too", () => {
    const tags = (value: string): Condition => ({
      StringEquals: Object.fromEntries(
        Array.from({ length: 40 }, (_, index) => [`aws:PrincipalTag/${index}`, [value, "b"]]),
      ),
    });
    expect(gainOf(way(tags("a"), tags("c")), [way(tags("c"))], {})).toBe("gained");
    expect(gainOf(way(tags("a")), [way(tags("a"))], {})).toBe("none");
  });

  test("that requires a key that no request has is no gain", () => {
    const isPossible = (key: string): boolean => !key.startsWith("kms:encryptioncontext");
    const later = way({ StringEquals: { "kms:EncryptionContext:a": "b" } });
    expect(gainOf(later, [], {}, isPossible)).toBe("none");
    expect(gainOf(later, [], {})).toBe("gained");
    const without = way({ StringEqualsIfExists: { "kms:EncryptionContext:a": "b" } });
    expect(gainOf(without, [], {}, isPossible)).toBe("gained");
  });
});
