import { Token } from "cdktf";
import { EncryptionContext } from "../../../modules";
import golden from "../../golden/encryption-contexts.json";
import { CLUSTER_ARN, NAMESPACE_ARN } from "../../support/arns";

const CLUSTER_RULE = "be the ARN of a Redshift cluster, arn:PARTITION:redshift:REGION:ACCOUNT:cluster:IDENTIFIER";
const NAMESPACE_RULE =
  "be the ARN of a Redshift Serverless namespace, arn:PARTITION:redshift-serverless:REGION:ACCOUNT:namespace/ID";
const TIME_RULE = "be a valid Date or an RFC 3339 date and time such as 2025-08-15T00:00:00Z";
const WORKGROUP_ARN = NAMESPACE_ARN.replace("namespace", "workgroup");

describe("the encryption context has the documented pairs", () => {
  test("for a cluster", () => {
    const { context, inputs } = golden.cluster;
    expect(JSON.stringify(EncryptionContext.forCluster(inputs).pairs)).toBe(JSON.stringify(context));
  });

  test("for a namespace", () => {
    const { context, inputs } = golden.serverless;
    expect(JSON.stringify(EncryptionContext.forNamespace(inputs).pairs)).toBe(JSON.stringify(context));
  });
});

describe("EncryptionContext.forCluster", () => {
  test("has the ARN and the service name if no creation time is given", () => {
    expect(EncryptionContext.forCluster({ clusterArn: CLUSTER_ARN }).pairs).toStrictEqual({
      "aws:redshift:arn": CLUSTER_ARN,
      serviceName: "RedshiftDataAPI",
    });
  });

  test.each([
    ["a Date as creation time", new Date(Date.UTC(2025, 7, 15, 13, 45, 59)), "20250815T1345Z"],
    ["an RFC 3339 creation time in UTC", "2025-08-15T13:45:59Z", "20250815T1345Z"],
    ["a creation time with a fraction of a second", "2025-08-15T13:45:59.999Z", "20250815T1345Z"],
    ["a creation time with an offset from UTC", "2025-08-15T01:15:00+02:30", "20250814T2245Z"],
    ["a creation time in the year 0", "0000-01-01T00:00:00Z", "00000101T0000Z"],
    ["the last creation time of four digits", new Date(Date.UTC(9999, 11, 31, 23, 59)), "99991231T2359Z"],
    ["a creation time on a leap day", "2024-02-29T00:00:00Z", "20240229T0000Z"],
  ])("converts %s to UTC minutes", (_, createTime, expected) => {
    const { pairs } = EncryptionContext.forCluster({ clusterArn: CLUSTER_ARN, createTime });
    expect(pairs["aws:redshift:createtime"]).toBe(expected);
  });

  test("keeps tokens", () => {
    const clusterArn = Token.asString({ resolve: () => CLUSTER_ARN });
    const createTime = Token.asString({ resolve: () => "20250815T0000Z" });
    expect(EncryptionContext.forCluster({ clusterArn, createTime }).pairs).toStrictEqual({
      "aws:redshift:arn": clusterArn,
      "aws:redshift:createtime": createTime,
      serviceName: "RedshiftDataAPI",
    });
  });
});

describe("EncryptionContext.forNamespace", () => {
  test("has the namespace's ARN and the service name", () => {
    expect(EncryptionContext.forNamespace({ namespaceArn: NAMESPACE_ARN }).pairs).toStrictEqual({
      "aws:redshift-serverless:arn": NAMESPACE_ARN,
      serviceName: "RedshiftDataAPI",
    });
  });

  test("keeps a token", () => {
    const namespaceArn = Token.asString({ resolve: () => NAMESPACE_ARN });
    expect(EncryptionContext.forNamespace({ namespaceArn }).pairs["aws:redshift-serverless:arn"]).toBe(namespaceArn);
  });
});

test("EncryptionContext.forCluster accepts t and z in a creation time in lowercase", () => {
  const { pairs } = EncryptionContext.forCluster({ clusterArn: CLUSTER_ARN, createTime: "2025-08-15t13:45:59z" });
  expect(pairs["aws:redshift:createtime"]).toBe("20250815T1345Z");
});

test("EncryptionContext.forCluster and forNamespace throw without props", () => {
  const error = new Error("[EncryptionContext] 'props' must be given, got: nothing");
  expect(() => EncryptionContext.forCluster(undefined as never)).toThrow(error);
  expect(() => EncryptionContext.forNamespace(undefined as never)).toThrow(error);
});

test("EncryptionContext.conditions compares every pair", () => {
  expect(EncryptionContext.forNamespace({ namespaceArn: NAMESPACE_ARN }).conditions).toStrictEqual({
    StringEquals: {
      "kms:EncryptionContext:aws:redshift-serverless:arn": NAMESPACE_ARN,
      "kms:EncryptionContext:serviceName": "RedshiftDataAPI",
    },
  });
});

describe("EncryptionContext refuses", () => {
  test.each([
    ["no ARN", undefined, `${CLUSTER_RULE}, got: nothing`],
    ["an empty ARN", "", `${CLUSTER_RULE}, got: ""`],
    [
      "the ARN of a namespace",
      NAMESPACE_ARN,
      `${CLUSTER_RULE}; for the ARN of a namespace, use forNamespace, got: ${NAMESPACE_ARN}`,
    ],
    ["the ARN of an S3 bucket", "arn:aws:s3:::bucket", `${CLUSTER_RULE}, got: arn:aws:s3:::bucket`],
    [
      "an ARN without an account",
      "arn:aws:redshift:us-east-1::cluster:a",
      `${CLUSTER_RULE}, got: arn:aws:redshift:us-east-1::cluster:a`,
    ],
  ])("as a cluster's ARN: %s", (_, clusterArn, message) => {
    expect(() => EncryptionContext.forCluster({ clusterArn: clusterArn! })).toThrow(
      new Error(`[EncryptionContext] 'clusterArn' must ${message}`),
    );
  });

  test.each([
    ["no ARN", undefined, `${NAMESPACE_RULE}, got: nothing`],
    [
      "the ARN of a cluster",
      CLUSTER_ARN,
      `${NAMESPACE_RULE}; for the ARN of a cluster, use forCluster, got: ${CLUSTER_ARN}`,
    ],
    [
      "the ARN of a workgroup",
      WORKGROUP_ARN,
      `${NAMESPACE_RULE}; the encryption context has the ARN of the namespace, not of the workgroup, got: ${WORKGROUP_ARN}`,
    ],
    ["a name", "analytics", `${NAMESPACE_RULE}, got: analytics`],
  ])("as a namespace's ARN: %s", (_, namespaceArn, message) => {
    expect(() => EncryptionContext.forNamespace({ namespaceArn: namespaceArn! })).toThrow(
      new Error(`[EncryptionContext] 'namespaceArn' must ${message}`),
    );
  });

  test.each([
    ["an invalid Date", new Date(Number.NaN), "Invalid Date"],
    ["a year of five digits", new Date(Date.UTC(10000, 0)), String(new Date(Date.UTC(10000, 0)))],
    ["a year before 0", new Date(Date.UTC(-1, 0)), String(new Date(Date.UTC(-1, 0)))],
    ["day 0", "2025-08-00T00:00:00Z", "2025-08-00T00:00:00Z"],
    ["31 April", "2025-04-31T00:00:00Z", "2025-04-31T00:00:00Z"],
    ["a date without a time", "2025-08-15", "2025-08-15"],
    ["a time without an offset", "2025-08-15T00:00:00", "2025-08-15T00:00:00"],
    ["29 February of a year that is no leap year", "2025-02-29T00:00:00Z", "2025-02-29T00:00:00Z"],
    ["month 13", "2025-13-01T00:00:00Z", "2025-13-01T00:00:00Z"],
    ["hour 24", "2025-08-15T24:00:00Z", "2025-08-15T24:00:00Z"],
    ["the form of the encryption context, 20250815T0000Z", "20250815T0000Z", "20250815T0000Z"],
  ])("as a creation time: %s", (_, createTime, got) => {
    expect(() => EncryptionContext.forCluster({ clusterArn: CLUSTER_ARN, createTime })).toThrow(
      new Error(`[EncryptionContext] 'createTime' must ${TIME_RULE}, got: ${got}`),
    );
  });
});
