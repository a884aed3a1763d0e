import {
  CreateGrantCommand,
  type CreateGrantCommandInput,
  CreateKeyCommand,
  DisableKeyCommand,
  ListGrantsCommand,
  ScheduleKeyDeletionCommand,
} from "@aws-sdk/client-kms";
import { CreateClusterCommand, DeleteClusterCommand } from "@aws-sdk/client-redshift";
import { ExecuteStatementCommand } from "@aws-sdk/client-redshift-data";
import { CreateNamespaceCommand, CreateWorkgroupCommand } from "@aws-sdk/client-redshift-serverless";
import { ACCOUNT, REGION } from "../support/arns";
import { Caller, checkedActions, deployLane, EVERYTHING, makeRole } from "./endpoint";
import { reportedGrants, runGrants } from "./grants-run";

/** The grants of the long list. */
const MANY = 1_000;

deployLane("npm run grants", () => {
  const admin = new Caller("ExampleAdminRole");
  const adminArn = `arn:aws:iam::${ACCOUNT}:role/${admin.name}`;
  const clusterArn = (name: string) => `arn:aws:redshift:${REGION}:${ACCOUNT}:cluster:${name}`;
  const contextOf = (arn: string, more: Readonly<Record<string, string>> = {}) => ({
    "aws:redshift:arn": arn,
    serviceName: "RedshiftDataAPI",
    ...more,
  });

  beforeAll(async () => {
    await makeRole(admin.name, EVERYTHING);
  });

  async function makeKey(more: object = {}): Promise<string> {
    const { KeyMetadata } = await admin.kms.send(new CreateKeyCommand(more));
    return KeyMetadata!.Arn!;
  }

  async function makeGrant(
    KeyId: string,
    EncryptionContextSubset: Record<string, string>,
    more: Partial<CreateGrantCommandInput> = {},
  ): Promise<string> {
    const Constraints = { EncryptionContextSubset };
    const input = { Constraints, GranteePrincipal: adminArn, KeyId, Operations: ["Decrypt" as const], ...more };
    return (await admin.kms.send(new CreateGrantCommand(input))).GrantId!;
  }

  async function grantIdsOf(KeyId: string): Promise<readonly string[]> {
    const { Grants } = await admin.kms.send(new ListGrantsCommand({ KeyId }));
    return Grants!.map(({ GrantId }) => GrantId!);
  }

  async function createCluster(ClusterIdentifier: string, KmsKeyId: string): Promise<void> {
    const cluster = { ClusterType: "multi-node", DBName: "dev", NodeType: "ra3.large", NumberOfNodes: 2 };
    const secrets = { Encrypted: true, KmsKeyId, ManageMasterPassword: true, MasterUsername: "boss" };
    await admin.redshift.send(new CreateClusterCommand({ ClusterIdentifier, ...cluster, ...secrets }));
  }

  describe("on a key of a cluster and a workgroup", () => {
    const [cluster, serverless] = ["grants-cluster", "grants-serverless"];
    let keyArn: string;
    let others: readonly string[];
    let orphan: string;

    beforeAll(async () => {
      keyArn = await makeKey();
      const statement = { Database: "dev", Sql: "select 1" };
      const earlier = { "aws:redshift:createtime": "20240101T0000Z" };
      const earlierGrant = await makeGrant(keyArn, contextOf(clusterArn(cluster), earlier));
      await createCluster(cluster, keyArn);
      await admin.data.send(new ExecuteStatementCommand({ ClusterIdentifier: cluster, ...statement }));
      await admin.serverless.send(new CreateNamespaceCommand({ kmsKeyId: keyArn, namespaceName: serverless }));
      const workgroup = { namespaceName: serverless, subnetIds: [], workgroupName: serverless };
      await admin.serverless.send(new CreateWorkgroupCommand(workgroup));
      await admin.data.send(new ExecuteStatementCommand({ WorkgroupName: serverless, ...statement }));
      // A namespace has the name of a cluster that is gone.
      orphan = await makeGrant(keyArn, contextOf(clusterArn(serverless)));
      others = [
        earlierGrant,
        await makeGrant(keyArn, contextOf(clusterArn("elsewhere").replace(ACCOUNT, "444455556666"))),
        await makeGrant(keyArn, contextOf(clusterArn("gone"), { "\u001b[2J": "\u202e\n::error::##[error]" })),
        await makeGrant(keyArn, { "aws:rds:db-id": "db-EXAMPLE" }),
        await makeGrant(keyArn, { "aws:ebs:id": "vol-EXAMPLE" }),
        await makeGrant(keyArn, { "aws:redshift:arn": clusterArn("gone") }),
      ];
    });

    test("reports the status of each grant, and orphans only for deleted warehouses", async () => {
      const { code, keys } = await reportedGrants(admin.name, ["--key", keyArn]);
      expect(code).toBe(1);
      const { findings, grants, otherGrants, warehouses } = keys[0]!;
      const subjects = Object.fromEntries(findings.map(({ id, subject }) => [id, subject]));
      expect(subjects).toStrictEqual({
        "grant-earlier-cluster": others[0],
        "grant-orphaned": orphan,
        "grant-other-context": others[2],
        "not-shown": others[1],
      });
      expect(grants!.map(({ status }) => status).sort()).toStrictEqual([
        "earlier-cluster",
        "matches",
        "matches",
        "not-judged",
        "orphaned",
        "other-context",
      ]);
      expect([...otherGrants].sort()).toStrictEqual(others.slice(3).sort());
      expect(warehouses.map(({ hasGrant }) => hasGrant)).toStrictEqual([true, true]);
    });

    test("revokes with --yes only, and exactly the requested grants", async () => {
      const before = await grantIdsOf(keyArn);
      const refused = await runGrants(admin.name, ["--key", keyArn, "--revoke", "orphans"]);
      expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining("--yes must be given") as string });
      expect(refused.stdout).toContain(String.raw`\u001b[2J = \u202e\u000a::error::\u0023#[error]`);
      expect(await grantIdsOf(keyArn)).toStrictEqual(before);
      const notOfDataApi = await runGrants(admin.name, ["--key", keyArn, "--revoke", others[3]!, "--yes"]);
      expect(notOfDataApi.stderr).toContain(`a grant of ${keyArn} that is not the Data API's`);

      const args = ["--key", keyArn, "--revoke", "orphans", "--revoke", others[0]!, "--yes"];
      const { code, revoked } = await reportedGrants(admin.name, args);
      expect([code, [...revoked].sort()]).toStrictEqual([1, [orphan, others[0]].sort()]);
      const left = await grantIdsOf(keyArn);
      expect(before.filter((id) => !left.includes(id)).sort()).toStrictEqual([orphan, others[0]].sort());
      expect(await runGrants(admin.name, ["--key", keyArn, "--revoke", "orphans", "--yes"])).toMatchObject({
        code: 1,
        stderr: expect.stringContaining("no grant to revoke") as string,
      });
    });

    test("reports the cluster's grants as orphaned after its deletion", async () => {
      const input = { ClusterIdentifier: cluster, SkipFinalClusterSnapshot: true };
      await admin.redshift.send(new DeleteClusterCommand(input));
      const { keys } = await reportedGrants(admin.name, ["--key", keyArn]);
      expect(keys[0]!.grants!.map(({ status }) => status).sort()).toStrictEqual([
        "matches",
        "not-judged",
        "orphaned",
        "other-context",
      ]);
    });
  });

  test("reports warehouse-without-grant if only a role has a grant and the key policy allows no other", async () => {
    const administration = { Action: "kms:*", Effect: "Allow", Principal: { AWS: adminArn }, Resource: "*" };
    const keyArn = await makeKey({ Policy: JSON.stringify({ Statement: [administration], Version: "2012-10-17" }) });
    await createCluster("grants-none", keyArn);
    await makeGrant(keyArn, contextOf(clusterArn("grants-none")));
    const { code, stdout } = await runGrants(admin.name, ["--key", keyArn]);
    expect(code).toBe(1);
    expect(stdout).toContain(
      `warehouse-without-grant ${clusterArn("grants-none")}: The Data API has no grant for the warehouse, and the key policy allows a new grant only to administrators`,
    );
  });

  test("reports the state of disabled, deleted, empty and missing keys, in the Region of each key", async () => {
    const elsewhere = new Caller(admin.name, { region: "eu-west-1" });
    const { KeyMetadata } = await elsewhere.kms.send(new CreateKeyCommand({}));
    const keys = { disabled: await makeKey(), dying: await makeKey(), empty: await makeKey({ Origin: "EXTERNAL" }) };
    await admin.kms.send(new DisableKeyCommand({ KeyId: keys.disabled }));
    await admin.kms.send(new ScheduleKeyDeletionCommand({ KeyId: keys.dying, PendingWindowInDays: 7 }));
    const missing = keys.disabled.replace(/[^/]+$/, "00000000-0000-0000-0000-000000000000");
    const all = [...Object.values(keys), missing, KeyMetadata!.Arn!];
    const report = await reportedGrants(
      admin.name,
      all.flatMap((arn) => ["--key", arn]),
    );
    const findings = report.keys.map((key) => [key.arn, key.state, key.findings.map(({ id }) => id)] as const);
    expect(findings.sort(([one], [other]) => all.indexOf(one) - all.indexOf(other))).toStrictEqual([
      [keys.disabled, "Disabled", ["key-unusable"]],
      [keys.dying, "PendingDeletion", ["key-pending-deletion"]],
      [keys.empty, "PendingImport", ["key-unusable"]],
      [missing, null, ["key-missing"]],
      [KeyMetadata!.Arn, "Enabled", []],
    ]);
    const dying = report.keys.find(({ arn }) => arn === keys.dying)!;
    expect(dying.findings[0]!.message).toContain(dying.deletionDate!);
    expect(await runGrants(admin.name, ["--key", KeyMetadata!.Arn!])).toMatchObject({ code: 0 });
  });

  test("lists 1,000 grants over pages, even if KMS throttles, and prints progress", async () => {
    const keyArn = await makeKey();
    const contexts = Array.from({ length: MANY }, (_, index) => contextOf(clusterArn(`gone-${index}`)));
    const emulator = `${process.env.AWS_ENDPOINT_URL}/_emulator`;
    const [body, method] = [JSON.stringify(contexts), "POST"];
    expect((await fetch(`${emulator}/grants?key=${keyArn}&region=${REGION}`, { body, method })).status).toBe(204);
    await fetch(`${emulator}/throttle?service=kms&operation=ListGrants&requests=2`, { method });
    const { stderr, stdout } = await runGrants(admin.name, ["--key", keyArn, "--json"]);
    const { keys } = JSON.parse(stdout) as { keys: readonly { grants: readonly { id: string }[] }[] };
    expect(new Set(keys[0]!.grants.map(({ id }) => id)).size).toBe(MANY);
    expect(stderr).toContain(`grants: ${MANY} grants so far\n`);
  });

  test("needs exactly the permissions that --permissions prints, and names a denied part", async () => {
    const keyArn = await makeKey();
    const orphan = await makeGrant(keyArn, contextOf(clusterArn("gone")));
    const args = ["--key", keyArn, "--revoke", orphan, "--yes"];
    const statementsFor = async (...more: readonly string[]) => {
      const { stdout } = await runGrants("NobodyAtAll", [...more, "--permissions"]);
      return (JSON.parse(stdout) as { readonly Statement: readonly object[] }).Statement;
    };
    const statements = await statementsFor(...args);
    await makeRole(
      "GrantsWithoutClusters",
      statements.filter((one) => !JSON.stringify(one).includes("DescribeClusters")),
    );
    const denied = await reportedGrants("GrantsWithoutClusters", ["--key", keyArn, "--revoke", "orphans", "--yes"]);
    expect(denied).toMatchObject({ code: 1, revoked: [] });
    expect(denied.keys[0]!.findings.map(({ message }) => message).join()).toContain(
      "redshift:DescribeClusters is denied",
    );

    await makeRole("GrantsReader", await statementsFor("--key", keyArn));
    expect(await runGrants("GrantsReader", args)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(
        `0 of 1 grants are revoked; ${orphan} is not: kms:RevokeGrant: AccessDenied`,
      ) as string,
    });
    await makeRole("GrantsRevoker", statements);
    expect(await runGrants("GrantsRevoker", args)).toMatchObject({ code: 0 });
    const checked = await checkedActions("GrantsRevoker");
    expect(checked.filter(({ allowed }) => !allowed)).toStrictEqual([]);
    expect([...new Set(checked.map(({ action }) => action))].sort()).toStrictEqual([
      "kms:DescribeKey",
      "kms:GetKeyPolicy",
      "kms:ListGrants",
      "kms:RevokeGrant",
      "redshift-serverless:ListNamespaces",
      "redshift:DescribeClusters",
    ]);
  });
});
