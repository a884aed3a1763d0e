import { json } from "../../review/render/escape";
import type { Account } from "../../tools/grants/account";
import { readArguments, USAGE } from "../../tools/grants/arguments";
import type { Grant, KeyFacts, Warehouse } from "../../tools/grants/facts";
import { grantMakingBy } from "../../tools/grants/grant-making";
import { permissionsOf } from "../../tools/grants/permissions";
import { hasUnknowns, policyDifferences } from "../../tools/grants/policy-difference";
import { type KeyReport, reportOf } from "../../tools/grants/report";
import { announcementOf, requireOrphans, revocationsOf, revoke } from "../../tools/grants/revocation";
import { UserError } from "../../tools/command";
import { textOf } from "../../tools/grants/text";
import { blocks, GRANTS } from "../support/readme";
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
const CREATED = new Date("2025-08-15T00:00:30Z");
const CLUSTER: Warehouse = {
  arn: CLUSTER_ARN,
  created: CREATED,
  createTime: CREATE_TIME,
  key: KEY_ARN,
  kind: "cluster",
  name: "analytics",
  workgroups: [],
};
const NAMESPACE: Warehouse = {
  ...CLUSTER,
  arn: NAMESPACE_ARN,
  created: undefined,
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
  created: new Date("2025-08-16T00:00:00Z"),
  grantee: "redshift-data.amazonaws.com",
  id: "g1",
  isExact: false,
  name: undefined,
  operations: ["Decrypt", "Encrypt", "GenerateDataKey"],
  retiringPrincipal: undefined,
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
const factsWithPolicy = (policy: string): KeyFacts => ({
  ...FACTS,
  grants: { kind: "shown", value: [] },
  policy: { kind: "shown", value: policy },
});
const GONE_ARN = CLUSTER_ARN.replace("analytics", "gone");
const ofTime = (createTime: string, created: string): Partial<Grant> => ({
  context: contextOf(CLUSTER_ARN, { "aws:redshift:createtime": createTime }),
  created: new Date(created),
});

describe("the report", () => {
  test.each<[string, KeyFacts, readonly string[]]>([
    ["a key as configured", FACTS, []],
    ["an orphaned grant", withGrant({ context: contextOf(GONE_ARN) }), ["grant-orphaned g2"]],
    [
      "a grant of an earlier cluster of the name",
      withGrant(ofTime("20240101T0000Z", "2024-01-02T00:00:00Z")),
      ["grant-earlier-cluster g2"],
    ],
    [
      "a grant of another creation time, if it is younger than the cluster",
      withGrant(ofTime("20250814T2355Z", "2025-08-16T00:00:00Z")),
      [],
    ],
    [
      "a grant with a pair that the Data API does not send",
      withGrant({ context: contextOf(GONE_ARN, { team: "a" }) }),
      ["grant-other-context g2"],
    ],
    [
      "a grant with the contexts of both kinds",
      withGrant({ context: contextOf(GONE_ARN, { "aws:redshift-serverless:arn": NAMESPACE_ARN }) }),
      ["grant-other-context g2"],
    ],
    [
      "a grant that requires exactly a part of the context",
      withGrant({ context: contextOf(GONE_ARN), isExact: true }),
      ["grant-other-context g2"],
    ],
    ["a grant that requires exactly the context", withGrant({ isExact: true }), []],
    [
      "a grant of another partition",
      withGrant({ context: contextOf(GONE_ARN.replace("arn:aws:", "arn:aws-cn:")) }),
      ["not-shown g2"],
    ],
    [
      "a grant of another account",
      withGrant({ context: contextOf(GONE_ARN.replace(ACCOUNT, "444455556666")) }),
      ["not-shown g2"],
    ],
    [
      "a grant whose ARN is no cluster's",
      withGrant({ context: contextOf(GONE_ARN.replace("cluster:", "snapshot:")) }),
      ["not-shown g2"],
    ],
    [
      "a grant of Redshift for a cluster that is gone",
      withGrant({ context: { "aws:redshift:arn": GONE_ARN, "aws:redshift:createtime": CREATE_TIME } }),
      [],
    ],
    [
      "a grant of Amazon RDS",
      withGrant({ context: { "aws:rds:db-id": "db-A" }, grantee: "rds.us-east-1.amazonaws.com" }),
      [],
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
      { ...factsWithPolicy(policyOf(ADMIN_STATEMENT)), target: { ...FACTS.target, configuredPolicy: undefined } },
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

  test.each<[string, boolean | null, Partial<Grant>]>([
    ["one of the service", true, {}],
    ["a role of the account has one for itself", false, { grantee: USER_ARN }],
    ["the role of a service has one", true, { grantee: USER_ARN.replace("role/", "role/aws-service-role/redshift/") }],
    ["the role of another account has one", true, { grantee: USER_ARN.replace(ACCOUNT, "444455556666") }],
    ["one may be of an earlier cluster", null, ofTime("20240101T0000Z", "2024-01-02T00:00:00Z")],
    ["one has another creation time", null, ofTime("20250814T2355Z", "2025-08-16T00:00:00Z")],
    ["one is of another warehouse", false, { context: contextOf(GONE_ARN) }],
  ])("has a warehouse, of which the Data API has a grant: %s", (_, hasGrant, grant) => {
    const facts = { ...FACTS, grants: { kind: "shown", value: [{ ...GRANT, ...grant }] } } as const;
    expect(reportOf(facts).warehouses.map((one) => one.hasGrant)).toStrictEqual([hasGrant]);
  });

  test("escapes the text of the account", () => {
    const hostile = "a\u001b[2Jb\u202ec\n::error::\u2066##[error]";
    const escaped = String.raw`a\u001b[2Jb\u202ec\u000a::error::\u2066\u0023#[error]`;
    const context = { ...GRANT.context, [hostile]: hostile };
    const grant = { context, grantee: hostile, name: hostile, retiringPrincipal: hostile };
    const report = reportOf({
      ...withGrant(grant),
      policy: { kind: "shown", value: policyOf({ ...ADMIN_STATEMENT, Sid: hostile }) },
    });
    const text = textOf([report]);
    expect(text).toContain(`g2 other-context '${escaped}'\n      grantee ${escaped}: `);
    expect(text).toContain(`retired by ${escaped}\n`);
    expect(text).toContain(`      ${escaped} = ${escaped}\n`);
    expect(text).toContain(`Statement '${escaped}' is in the key policy`);
    const printed = json({ keys: [report] });
    for (const output of [text, printed]) {
      expect(output.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]|##\[/u);
      expect(output).not.toMatch(/^::/m);
    }
    expect((JSON.parse(printed) as { keys: readonly KeyReport[] }).keys[0]!.grants![1]!.name).toBe(hostile);
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

  test("of Terraform's text have no expression, and signs that Terraform sends once", () => {
    const policy = policyOf({ ...ADMIN_STATEMENT, Resource: "${aws:PrincipalTag/team}-%{x}" });
    const template = policy.replace("${", () => "$${").replace("%{", "%%{");
    expect(hasUnknowns(template)).toBe(false);
    expect(policyDifferences(template, policy)).toStrictEqual([]);
    expect(hasUnknowns('${join(",", data.aws_iam_roles.a.arns)}')).toBe(true);
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
  const pick = ({ warehouses }: KeyFacts) => ({ warehouses });

  test("prints the lines of the page", () => {
    const [revocation] = revocationsOf([reportOf(orphaned)], ["orphans"]);
    const lines = [...announcementOf(revocation!), "grants: revoked g2 (1 of 1)"];
    expect(blocks("text", GRANTS)).toStrictEqual([`${lines.join("\n")}\n`]);
  });

  test("of orphans leaves the grants of warehouses that exist", () => {
    expect(idsOf(orphaned, "orphans")).toStrictEqual(["g2"]);
    expect(idsOf(withWarehouses({ ...CLUSTER, key: undefined }), "orphans")).toStrictEqual([]);
  });

  test("of a key of several stacks is one", () => {
    const reports = [reportOf(orphaned), reportOf(orphaned)];
    expect(revocationsOf(reports, ["orphans", "g2"]).map(({ grant }) => grant.id)).toStrictEqual(["g2"]);
  });

  test("of an orphan is refused if its warehouse exists now", () => {
    const revocations = revocationsOf([reportOf(orphaned)], ["g1", "g2"]);
    expect(() => {
      requireOrphans(revocations, [reportOf(orphaned)]);
    }).not.toThrow();
    const restored = reportOf({ ...orphaned, ...pick(withWarehouses(CLUSTER, { ...CLUSTER, arn: GONE_ARN })) });
    expect(() => {
      requireOrphans(revocations, [restored]);
    }).toThrow(
      new UserError(
        `${GONE_ARN} did not exist, and now exists or is not shown: nothing was revoked. Run the command again`,
      ),
    );
  });

  test.each([
    [
      "a signal comes",
      () => void process.emit("SIGINT", "SIGINT"),
      ["g1"],
      "interrupted by SIGINT: 1 of 2 grants are revoked",
    ],
    [
      "AWS refuses one",
      () => {
        throw Object.assign(new Error("no\u001b[31m"), { name: "AccessDeniedException" });
      },
      [],
      String.raw`0 of 2 grants are revoked; g1 is not: kms:RevokeGrant: AccessDeniedException: no\u001b[31m`,
    ],
  ])("ends with the number of revoked grants if %s", async (_, answer, expected, message) => {
    jest.spyOn(console, "error").mockReturnValue();
    const account = { revoke: jest.fn(async () => Promise.resolve(answer())) } as unknown as Account;
    const revoked: string[] = [];
    const listeners = process.listenerCount("SIGINT");
    const revocations = revocationsOf([reportOf(orphaned)], ["g1", "g2"]);
    await expect(revoke(account, revocations, revoked)).rejects.toThrow(new UserError(message));
    expect(revoked).toStrictEqual(expected);
    expect(process.listenerCount("SIGINT")).toBe(listeners);
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

test("the permissions on a key of another account have no reading of its policy, which KMS refuses", () => {
  const keyId = KEY_ARN.replace(ACCOUNT, "444455556666");
  const text = JSON.stringify(permissionsOf([{ ...FACTS.target, keyId }], false));
  expect(text).toContain(`{"Action":["kms:DescribeKey","kms:ListGrants"],"Effect":"Allow","Resource":"${keyId}"}`);
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
