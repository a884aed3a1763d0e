import { json } from "../../review/render/escape";
import type { Account } from "../../tools/grants/account";
import { readArguments, USAGE } from "../../tools/grants/arguments";
import type { Grant, KeyFacts, Warehouse } from "../../tools/grants/facts";
import { grantMakingBy } from "../../tools/grants/grant-making";
import { grants } from "../../tools/grants/grants";
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
const grantAt = (createTime: string, created: string): Partial<Grant> => ({
  context: contextOf(CLUSTER_ARN, { "aws:redshift:createtime": createTime }),
  created: new Date(created),
});

describe("the report of grants", () => {
  test.each<[string, KeyFacts, readonly string[]]>([
    ["a key as configured, without a finding", FACTS, []],
    ["an orphaned grant: grant-orphaned", withGrant({ context: contextOf(GONE_ARN) }), ["grant-orphaned g2"]],
    [
      "a grant for an earlier cluster of that name: grant-earlier-cluster",
      withGrant(grantAt("20240101T0000Z", "2024-01-02T00:00:00Z")),
      ["grant-earlier-cluster g2"],
    ],
    [
      "a grant with another creation time that is younger than the cluster, without a finding",
      withGrant(grantAt("20250814T2355Z", "2025-08-16T00:00:00Z")),
      [],
    ],
    [
      "a grant with an unknown context pair: grant-other-context",
      withGrant({ context: contextOf(GONE_ARN, { team: "a" }) }),
      ["grant-other-context g2"],
    ],
    [
      "a grant with the contexts of both kinds: grant-other-context",
      withGrant({ context: contextOf(GONE_ARN, { "aws:redshift-serverless:arn": NAMESPACE_ARN }) }),
      ["grant-other-context g2"],
    ],
    [
      "a grant with EncryptionContextEquals on a part of the context: grant-other-context",
      withGrant({ context: contextOf(GONE_ARN), isExact: true }),
      ["grant-other-context g2"],
    ],
    ["a grant with EncryptionContextEquals on the context, without a finding", withGrant({ isExact: true }), []],
    [
      "a grant for a cluster of another partition: not-shown",
      withGrant({ context: contextOf(GONE_ARN.replace("arn:aws:", "arn:aws-cn:")) }),
      ["not-shown g2"],
    ],
    [
      "a grant for a cluster of another account: not-shown",
      withGrant({ context: contextOf(GONE_ARN.replace(ACCOUNT, "444455556666")) }),
      ["not-shown g2"],
    ],
    [
      "a grant for an ARN that is no cluster: not-shown",
      withGrant({ context: contextOf(GONE_ARN.replace("cluster:", "snapshot:")) }),
      ["not-shown g2"],
    ],
    [
      "a grant of Redshift itself for a deleted cluster, without a finding",
      withGrant({ context: { "aws:redshift:arn": GONE_ARN, "aws:redshift:createtime": CREATE_TIME } }),
      [],
    ],
    [
      "a grant of Amazon RDS, without a finding",
      withGrant({ context: { "aws:rds:db-id": "db-A" }, grantee: "rds.us-east-1.amazonaws.com" }),
      [],
    ],
    [
      "a grant for a cluster of another Region: not-shown",
      withGrant({ context: contextOf(CLUSTER_ARN.replace(REGION, "eu-west-1")) }),
      ["not-shown g2"],
    ],
    [
      "a grant without a warehouse ARN: grant-without-warehouse",
      withGrant({ context: { serviceName: "RedshiftDataAPI" } }),
      ["grant-without-warehouse g2"],
    ],
    [
      "a grant of a deleted role: grant-deleted-grantee",
      withGrant({ grantee: "AROAEXAMPLE" }),
      ["grant-deleted-grantee g2"],
    ],
    ["a grant with an empty context, without a finding", withGrant({ context: {} }), []],
    ["a disabled key: key-unusable", inState("Disabled"), [`key-unusable ${KEY_ARN}`]],
    ["a key without its material: key-unusable", inState("PendingImport"), [`key-unusable ${KEY_ARN}`]],
    [
      "a key pending deletion: key-pending-deletion",
      inState("PendingDeletion", "2026-12-01T00:00:00.000Z"),
      [`key-pending-deletion ${KEY_ARN}`],
    ],
    [
      "a warehouse under another key: warehouse-other-key",
      withWarehouses({ ...CLUSTER, key: undefined }),
      ["grant-other-key g1", `warehouse-other-key ${CLUSTER_ARN}`],
    ],
    ["a missing warehouse: warehouse-missing", withWarehouses(), ["grant-orphaned g1", "warehouse-missing analytics"]],
    [
      "a warehouse without a grant that the key policy lets the Data API create, without a finding",
      withWarehouses(CLUSTER, NAMESPACE),
      [],
    ],
    [
      "a warehouse without a grant that only administrators can create: warehouse-without-grant",
      { ...factsWithPolicy(policyOf(ADMIN_STATEMENT)), target: { ...FACTS.target, configuredPolicy: undefined } },
      [`warehouse-without-grant ${CLUSTER_ARN}`],
    ],
    [
      "grants without permission to list: not-shown",
      { ...FACTS, grants: denied("kms:ListGrants") },
      [`not-shown ${KEY_ARN}`],
    ],
    [
      "clusters without permission to describe: not-shown",
      { ...FACTS, warehouses: { ...FACTS.warehouses, cluster: denied("redshift:DescribeClusters") } },
      [`not-shown ${KEY_ARN}`, "not-shown g1"],
    ],
    [
      "a key policy with an additional statement: policy-differs",
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
      "a configured policy with a Terraform expression: policy-not-compared",
      { ...FACTS, target: { ...FACTS.target, configuredPolicy: "${data.aws_iam_roles.a.arns}" } },
      [`policy-not-compared ${KEY_ARN}`],
    ],
    [
      "a key that does not exist: key-missing",
      { ...FACTS, grants: denied("a"), metadata: { kind: "shown", value: undefined }, policy: denied("a") },
      ["key-missing alias/analytics", `warehouse-other-key ${CLUSTER_ARN}`],
    ],
  ])("lists the findings of %s", (_, facts, findings) => {
    expect(reportOf(facts).findings.map(({ id, subject }) => `${id} ${subject}`)).toStrictEqual(findings);
  });

  test("finds the grant of a namespace by both forms of the namespace's ARN", () => {
    const context = {
      "aws:redshift-serverless:arn": NAMESPACE_ARN.replace("namespace/", "namespace:"),
      serviceName: "RedshiftDataAPI",
    };
    const facts = { ...withWarehouses(CLUSTER, NAMESPACE), grants: withGrant({ context }).grants };
    expect(reportOf(facts).warehouses.map(({ hasGrant }) => hasGrant)).toStrictEqual([true, true]);
  });

  test.each<[string, boolean | null, Partial<Grant>]>([
    ["true for a grant of redshift-data.amazonaws.com", true, {}],
    ["false for a grant of a role of the account", false, { grantee: USER_ARN }],
    [
      "true for a grant of a service-linked role",
      true,
      { grantee: USER_ARN.replace("role/", "role/aws-service-role/redshift/") },
    ],
    ["true for a grant of a role of another account", true, { grantee: USER_ARN.replace(ACCOUNT, "444455556666") }],
    ["null for a grant that may be of an earlier cluster", null, grantAt("20240101T0000Z", "2024-01-02T00:00:00Z")],
    ["null for a grant with another creation time", null, grantAt("20250814T2355Z", "2025-08-16T00:00:00Z")],
    ["false for a grant of another warehouse", false, { context: contextOf(GONE_ARN) }],
  ])("has the expected 'hasGrant' of a warehouse: %s", (_, hasGrant, grant) => {
    const facts = { ...FACTS, grants: { kind: "shown", value: [{ ...GRANT, ...grant }] } } as const;
    expect(reportOf(facts).warehouses.map((one) => one.hasGrant)).toStrictEqual([hasGrant]);
  });

  test("escapes control characters and CI commands in texts of the account", () => {
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

describe("grantMakingBy", () => {
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
  ])("returns %s for the statements %j", (grantMaking, statements) => {
    expect(grantMakingBy(policyOf(...statements), place)).toBe(grantMaking);
  });
});

describe("policyDifferences", () => {
  test("finds no difference between policies of the same meaning", () => {
    const [action, other] = SERVICE_STATEMENT.Action;
    const same = {
      ...SERVICE_STATEMENT,
      Action: [other, action?.toUpperCase(), action],
      Principal: "*",
      Resource: ["*"],
    };
    expect(policyDifferences(POLICY, policyOf(ADMIN_STATEMENT, same))).toStrictEqual([]);
  });

  test("finds added, changed and removed statements, and deleted principals in these statements", () => {
    const changed = { ...ADMIN_STATEMENT, Principal: { AWS: "AROAEXAMPLE" } };
    const added = { ...ADMIN_STATEMENT, Sid: undefined };
    expect(policyDifferences(POLICY, policyOf(changed, added))).toStrictEqual([
      { change: "removed", deletedPrincipals: [], statement: "Statement 'Redshift'" },
      { change: "changed", deletedPrincipals: ["AROAEXAMPLE"], statement: "Statement 'Admin'" },
      { change: "added", deletedPrincipals: [], statement: "A statement" },
    ]);
  });

  test("compares a Terraform template without its escapes, in which hasUnknowns finds expressions", () => {
    const policy = policyOf({ ...ADMIN_STATEMENT, Resource: "${aws:PrincipalTag/team}-%{x}" });
    const template = policy.replace("${", () => "$${").replace("%{", "%%{");
    expect(hasUnknowns(template)).toBe(false);
    expect(policyDifferences(template, policy)).toStrictEqual([]);
    expect(hasUnknowns('${join(",", data.aws_iam_roles.a.arns)}')).toBe(true);
  });

  test("finds another policy version", () => {
    expect(policyDifferences(POLICY, POLICY.replace("2012-10-17", "2008-10-17"))).toStrictEqual([
      { change: "changed", deletedPrincipals: [], statement: "The element Version" },
    ]);
  });
});

describe("a revocation of grants", () => {
  const idsOf = (facts: KeyFacts, ...requested: readonly string[]) =>
    revocationsOf([reportOf(facts)], requested).map(({ grant }) => grant.id);
  const orphaned = withGrant({ context: contextOf(GONE_ARN) });
  const pick = ({ warehouses }: KeyFacts) => ({ warehouses });

  test("announces what docs/grants.md shows", () => {
    const [revocation] = revocationsOf([reportOf(orphaned)], ["orphans"]);
    const lines = [...announcementOf(revocation!), "grants: revoked g2 (1 of 1)"];
    expect(blocks("text", GRANTS)).toStrictEqual([`${lines.join("\n")}\n`]);
  });

  test("of orphaned grants has no grant of an existing warehouse", () => {
    expect(idsOf(orphaned, "orphans")).toStrictEqual(["g2"]);
    expect(idsOf(withWarehouses({ ...CLUSTER, key: undefined }), "orphans")).toStrictEqual([]);
  });

  test("for a key that two stacks share has each grant once", () => {
    const reports = [reportOf(orphaned), reportOf(orphaned)];
    expect(revocationsOf(reports, ["orphans", "g2"]).map(({ grant }) => grant.id)).toStrictEqual(["g2"]);
  });

  test("of an orphaned grant throws if the warehouse exists again", () => {
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
      "SIGINT comes",
      () => void process.emit("SIGINT", "SIGINT"),
      ["g1"],
      "interrupted by SIGINT: 1 of 2 grants are revoked",
    ],
    [
      "AWS refuses a revocation",
      () => {
        throw Object.assign(new Error("no\u001b[31m"), { name: "AccessDeniedException" });
      },
      [],
      String.raw`0 of 2 grants are revoked; g1 is not: kms:RevokeGrant: AccessDeniedException: no\u001b[31m`,
    ],
  ])("throws with the number of revoked grants if %s", async (_, answer, expected, message) => {
    jest.spyOn(console, "error").mockReturnValue();
    const account = { revoke: jest.fn(async () => Promise.resolve(answer())) } as unknown as Account;
    const revoked: string[] = [];
    const listeners = process.listenerCount("SIGINT");
    const revocations = revocationsOf([reportOf(orphaned)], ["g1", "g2"]);
    await expect(revoke(account, revocations, revoked)).rejects.toThrow(new UserError(message));
    expect(revoked).toStrictEqual(expected);
    expect(process.listenerCount("SIGINT")).toBe(listeners);
  });

  test("of a grant of an existing warehouse, by the grant's ID, has a warning", () => {
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

test("permissionsOf has ARNs in the partition of the keys, and RevokeGrant only for a revocation", () => {
  const target = { ...FACTS.target, region: "cn-north-1" };
  const workgroup = { kind: "namespace", name: "sales", nameOf: "workgroup", stack: "sales" } as const;
  const text = JSON.stringify(permissionsOf([target, { ...target, keyId: KEY_ARN, warehouses: [workgroup] }], true));
  expect(text).toContain(`"arn:aws-cn:kms:cn-north-1:${ACCOUNT}:key/*"`);
  expect(text).toContain(`"arn:aws-cn:redshift-serverless:cn-north-1:${ACCOUNT}:workgroup/*"`);
  expect(text).toContain("kms:RevokeGrant");
  expect(JSON.stringify(permissionsOf([FACTS.target], false))).not.toMatch(/RevokeGrant|GetWorkgroup/);
});

test("permissionsOf has no GetKeyPolicy for a key of another account", () => {
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

  test("refuse keys of two accounts, and name each account with its key", async () => {
    const other = KEY_ARN.replace(ACCOUNT, "444455556666");
    await expect(grants(["--key", KEY_ARN, "--key", other, "--permissions"])).rejects.toThrow(
      `arguments must name keys of one account: run the command once for each account, got: ${ACCOUNT} (${KEY_ARN}) and 444455556666 (${other})`,
    );
  });

  test("are parsed, and --help lists nine options", () => {
    expect(readArguments(["--help"])).toBeUndefined();
    expect(readArguments(["a", "--revoke", "g1", "--revoke", "orphans"])).toMatchObject({
      revoked: ["g1", "orphans"],
      stackNames: ["a"],
    });
    expect(USAGE.match(/^ {2}--[\w-]+/gm)).toHaveLength(9);
  });
});
