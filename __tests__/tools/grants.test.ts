import { readArguments, USAGE } from "../../tools/grants/arguments";
import type { Grant, KeyFacts, Warehouse } from "../../tools/grants/facts";
import { grantMakingBy } from "../../tools/grants/grant-making";
import { permissionsOf } from "../../tools/grants/permissions";
import { policyDifferences } from "../../tools/grants/policy-difference";
import { reportOf } from "../../tools/grants/report";
import { announcementOf, revocationsOf } from "../../tools/grants/revocation";
import { textOf } from "../../tools/grants/text";
import { ACCOUNT, ADMIN_ARN, CLUSTER_ARN, KEY_ARN, NAMESPACE_ARN, REGION, USER_ARN } from "../support/arns";

const SERVICE_STATEMENT = {
  Action: ["kms:DescribeKey", "kms:CreateGrant"],
  Condition: {
    StringEquals: {
      "kms:CallerAccount": ACCOUNT,
      "kms:ViaService": [`redshift.${REGION}.amazonaws.com`, `redshift-serverless.${REGION}.amazonaws.com`],
    },
  },
  Effect: "Allow",
  Principal: { AWS: "*" },
  Resource: "*",
  Sid: "Redshift",
};
const ADMIN_STATEMENT = {
  Action: "kms:*",
  Effect: "Allow",
  Principal: { AWS: ADMIN_ARN },
  Resource: "*",
  Sid: "Admin",
};
const policyOf = (...statements: readonly object[]) => JSON.stringify({ Statement: statements, Version: "2012-10-17" });
const POLICY = policyOf(SERVICE_STATEMENT, ADMIN_STATEMENT);

const CREATE_TIME = "20250815T0000Z";
const CLUSTER: Warehouse = {
  arn: CLUSTER_ARN,
  createTime: CREATE_TIME,
  key: KEY_ARN,
  kind: "cluster",
  name: "analytics",
  workgroups: [],
};
const NAMESPACE: Warehouse = {
  ...CLUSTER,
  arn: NAMESPACE_ARN,
  createTime: undefined,
  kind: "namespace",
  name: "sales",
};
const contextOf = (arn: string, more: object = {}) => ({
  "aws:redshift:arn": arn,
  serviceName: "RedshiftDataAPI",
  ...more,
});
const GRANT: Grant = {
  context: contextOf(CLUSTER_ARN, { "aws:redshift:createtime": CREATE_TIME }),
  grantee: "redshift-data.amazonaws.com",
  id: "g1",
  name: undefined,
  operations: ["Decrypt", "Encrypt", "GenerateDataKey"],
};
const FACTS: KeyFacts = {
  grants: { kind: "shown", value: [GRANT] },
  metadata: { kind: "shown", value: { arn: KEY_ARN, deletionDate: undefined, state: "Enabled" } },
  policy: { kind: "shown", value: POLICY },
  target: {
    account: ACCOUNT,
    configuredPolicy: POLICY,
    keyId: "alias/analytics",
    region: REGION,
    stack: "analytics",
    warehouses: [{ kind: "cluster", name: "analytics", nameOf: "cluster", stack: "analytics" }],
  },
  warehouses: { cluster: { kind: "shown", value: [CLUSTER] }, namespace: { kind: "shown", value: [] } },
};
const withGrant = (grant: Partial<Grant>): KeyFacts => ({
  ...FACTS,
  grants: { kind: "shown", value: [GRANT, { ...GRANT, id: "g2", ...grant }] },
});
const inState = (state: string, deletionDate?: string): KeyFacts => ({
  ...FACTS,
  metadata: { kind: "shown", value: { arn: KEY_ARN, deletionDate, state } },
});
const withWarehouses = (...all: readonly Warehouse[]): KeyFacts => ({
  ...FACTS,
  warehouses: {
    cluster: { kind: "shown", value: all.filter(({ kind }) => kind === "cluster") },
    namespace: { kind: "shown", value: all.filter(({ kind }) => kind === "namespace") },
  },
});
const denied = (action: string) => ({ kind: "notShown", reason: `${action} is denied` }) as const;
const without = (policy: string): KeyFacts => ({
  ...FACTS,
  grants: { kind: "shown", value: [] },
  policy: { kind: "shown", value: policy },
});
const GONE_ARN = CLUSTER_ARN.replace("analytics", "gone");

describe("the report", () => {
  test.each<[string, KeyFacts, readonly string[]]>([
    ["a key as configured", FACTS, []],
    ["an orphaned grant", withGrant({ context: contextOf(GONE_ARN) }), ["grant-orphaned g2"]],
    [
      "a grant of a cluster that was created at another time",
      withGrant({ context: contextOf(CLUSTER_ARN, { "aws:redshift:createtime": "20240101T0000Z" }) }),
      ["grant-other-creation-time g2"],
    ],
    [
      "a grant of a warehouse of another Region",
      withGrant({ context: contextOf(CLUSTER_ARN.replace(REGION, "eu-west-1")) }),
      ["not-shown g2"],
    ],
    [
      "a grant without a warehouse",
      withGrant({ context: { serviceName: "RedshiftDataAPI" } }),
      ["grant-without-warehouse g2"],
    ],
    ["a grant of a deleted role", withGrant({ grantee: "AROAEXAMPLE" }), ["grant-deleted-grantee g2"]],
    ["a grant of another service", withGrant({ context: {} }), []],
    ["a disabled key", inState("Disabled"), [`key-unusable ${KEY_ARN}`]],
    ["a key without its material", inState("PendingImport"), [`key-unusable ${KEY_ARN}`]],
    [
      "a key pending deletion",
      inState("PendingDeletion", "2026-12-01T00:00:00.000Z"),
      [`key-pending-deletion ${KEY_ARN}`],
    ],
    [
      "a warehouse under another key",
      withWarehouses({ ...CLUSTER, key: undefined }),
      ["grant-other-key g1", `warehouse-other-key ${CLUSTER_ARN}`],
    ],
    ["a missing warehouse", withWarehouses(), ["grant-orphaned g1", "warehouse-missing analytics"]],
    ["a warehouse without a grant, if the key policy lets one be made", withWarehouses(CLUSTER, NAMESPACE), []],
    [
      "a warehouse without a grant, if only administrators make one",
      { ...without(policyOf(ADMIN_STATEMENT)), target: { ...FACTS.target, configuredPolicy: undefined } },
      [`warehouse-without-grant ${CLUSTER_ARN}`],
    ],
    ["grants that are not shown", { ...FACTS, grants: denied("kms:ListGrants") }, [`not-shown ${KEY_ARN}`]],
    [
      "clusters that are not shown",
      { ...FACTS, warehouses: { ...FACTS.warehouses, cluster: denied("redshift:DescribeClusters") } },
      [`not-shown ${KEY_ARN}`, "not-shown g1"],
    ],
    [
      "a policy with another statement",
      {
        ...FACTS,
        policy: {
          kind: "shown",
          value: policyOf(SERVICE_STATEMENT, ADMIN_STATEMENT, { ...ADMIN_STATEMENT, Sid: "Other" }),
        },
      },
      [`policy-differs ${KEY_ARN}`],
    ],
    [
      "a configured policy that only a plan has",
      { ...FACTS, target: { ...FACTS.target, configuredPolicy: "${data.aws_iam_roles.a.arns}" } },
      [`policy-not-compared ${KEY_ARN}`],
    ],
    [
      "a key that does not exist",
      { ...FACTS, grants: denied("a"), metadata: { kind: "shown", value: undefined }, policy: denied("a") },
      ["key-missing alias/analytics", `warehouse-other-key ${CLUSTER_ARN}`],
    ],
  ])("of %s has its findings", (_, facts, findings) => {
    expect(reportOf(facts).findings.map(({ id, subject }) => `${id} ${subject}`)).toStrictEqual(findings);
  });

  test("takes both forms of the ARN of a namespace", () => {
    const context = {
      "aws:redshift-serverless:arn": NAMESPACE_ARN.replace("namespace/", "namespace:"),
      serviceName: "RedshiftDataAPI",
    };
    const facts = { ...withWarehouses(CLUSTER, NAMESPACE), grants: withGrant({ context }).grants };
    expect(reportOf(facts).warehouses.map(({ hasGrant }) => hasGrant)).toStrictEqual([true, true]);
  });

  test("escapes the text of the account", () => {
    const text = textOf([reportOf(withGrant({ name: "a\u001b[2Jb\u202ec\n::error::" }))]);
    expect(text).toContain(String.raw`g2 matches 'a\u001b[2Jb\u202ec\u000a`);
    expect(text).not.toContain("\u001b");
    expect(text).not.toContain("\u202e");
  });
});

describe("the making of a grant", () => {
  const place = { account: ACCOUNT, keyArn: KEY_ARN, kind: "cluster", region: REGION } as const;
  const viaService = (service: string) => ({
    ...SERVICE_STATEMENT,
    Condition: { StringEquals: { "kms:CallerAccount": ACCOUNT, "kms:ViaService": service } },
  });

  test.each([
    ["allowed", [SERVICE_STATEMENT, ADMIN_STATEMENT]],
    ["allowed", [{ ...SERVICE_STATEMENT, Principal: { AWS: USER_ARN }, Resource: KEY_ARN }]],
    ["by-documented-service-name", [viaService("redshift.amazonaws.com")]],
    ["refused", [viaService("none.amazonaws.com")]],
    ["by-administrators-only", [ADMIN_STATEMENT, viaService("none.amazonaws.com")]],
    ["left-to-iam", [{ ...ADMIN_STATEMENT, Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` } }]],
    ["refused", [SERVICE_STATEMENT, { ...SERVICE_STATEMENT, Condition: undefined, Effect: "Deny" }]],
  ])("is %s by %j", (grantMaking, statements) => {
    expect(grantMakingBy(policyOf(...statements), place)).toBe(grantMaking);
  });
});

describe("policies", () => {
  test("of the same meaning do not differ", () => {
    const [action, other] = SERVICE_STATEMENT.Action;
    const same = {
      ...SERVICE_STATEMENT,
      Action: [other, action?.toUpperCase(), action],
      Principal: "*",
      Resource: ["*"],
    };
    expect(policyDifferences(POLICY, policyOf(ADMIN_STATEMENT, same))).toStrictEqual([]);
  });

  test("differ in added, changed and removed statements, in which deleted principals are named", () => {
    const changed = { ...ADMIN_STATEMENT, Principal: { AWS: "AROAEXAMPLE" } };
    const added = { ...ADMIN_STATEMENT, Sid: undefined };
    expect(policyDifferences(POLICY, policyOf(changed, added))).toStrictEqual([
      { change: "removed", deletedPrincipals: [], statement: "Statement 'Redshift'" },
      { change: "changed", deletedPrincipals: ["AROAEXAMPLE"], statement: "Statement 'Admin'" },
      { change: "added", deletedPrincipals: [], statement: "A statement" },
    ]);
  });

  test("differ in their version", () => {
    expect(policyDifferences(POLICY, POLICY.replace("2012-10-17", "2008-10-17"))).toStrictEqual([
      { change: "changed", deletedPrincipals: [], statement: "The element Version" },
    ]);
  });
});

describe("a revocation", () => {
  const idsOf = (facts: KeyFacts, ...requested: readonly string[]) =>
    revocationsOf([reportOf(facts)], requested).map(({ grant }) => grant.id);
  const orphaned = withGrant({ context: contextOf(GONE_ARN) });

  test("of orphans leaves the grants of warehouses that exist", () => {
    expect(idsOf(orphaned, "orphans")).toStrictEqual(["g2"]);
    expect(idsOf(withWarehouses({ ...CLUSTER, key: undefined }), "orphans")).toStrictEqual([]);
  });

  test("of a warehouse that exists takes the ID, and announces the consequence", () => {
    const [revocation] = revocationsOf([reportOf(orphaned)], ["g1"]);
    expect(announcementOf(revocation!).join("\n")).toContain("WARNING: the warehouse may use this grant.");
  });

  test.each([
    ["a grant of another service", withGrant({ context: {} }), `a grant of ${KEY_ARN} that is not the Data API's`],
    ["an unknown grant", FACTS, "which no key of this run has, or whose key does not show its grants"],
  ])("refuses %s", (_, facts, reason) => {
    expect(() => idsOf(facts, "g2")).toThrow(
      new Error(`--revoke must be orphans or the ID of a listed grant of the Data API, got: g2, ${reason}`),
    );
  });
});

test("the permissions are of the partition, and of the mode", () => {
  const target = { ...FACTS.target, region: "cn-north-1" };
  const workgroup = { kind: "namespace", name: "sales", nameOf: "workgroup", stack: "sales" } as const;
  const text = JSON.stringify(permissionsOf([target, { ...target, keyId: KEY_ARN, warehouses: [workgroup] }], true));
  expect(text).toContain(`"arn:aws-cn:kms:cn-north-1:${ACCOUNT}:key/*"`);
  expect(text).toContain(`"arn:aws-cn:redshift-serverless:cn-north-1:${ACCOUNT}:workgroup/*"`);
  expect(text).toContain("kms:RevokeGrant");
  expect(JSON.stringify(permissionsOf([FACTS.target], false))).not.toMatch(/RevokeGrant|GetWorkgroup/);
});

describe("the arguments of grants", () => {
  test.each([
    [[], "arguments must have either the names of stacks or --key, got: neither"],
    [["a", "--key", KEY_ARN], "arguments must have either the names of stacks or --key, got: both"],
    [["--key", "alias/a"], /^--key must be the ARN of a KMS key/],
    [["a", "--region", "moon"], /^--region must be an AWS region/],
    [["a", "--role-arn", "me"], /^--role-arn must be the ARN of an IAM role/],
    [["a", "--yes"], "--yes must be given with --revoke only"],
    [["a", "--drop"], "Unknown option '--drop'; npm --silent run grants -- --help lists the options"],
  ])("refuse %j", (args, message) => {
    expect(() => readArguments(args)).toThrow(message);
  });

  test("are read, and listed", () => {
    expect(readArguments(["--help"])).toBeUndefined();
    expect(readArguments(["a", "--revoke", "g1", "--revoke", "orphans"])).toMatchObject({
      revoked: ["g1", "orphans"],
      stackNames: ["a"],
    });
    expect(USAGE.match(/^ {2}--[\w-]+/gm)).toHaveLength(9);
  });
});
