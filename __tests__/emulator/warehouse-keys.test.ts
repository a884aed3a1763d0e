import { CreateKeyCommand, PutKeyPolicyCommand } from "@aws-sdk/client-kms";
import {
  CreateClusterCommand,
  CreateClusterSnapshotCommand,
  DeleteClusterCommand,
  DescribeClustersCommand,
  ModifyClusterCommand,
  RestoreFromClusterSnapshotCommand,
} from "@aws-sdk/client-redshift";
import {
  CreateNamespaceCommand,
  CreateWorkgroupCommand,
  DeleteNamespaceCommand,
  RestoreFromRecoveryPointCommand,
  RestoreFromSnapshotCommand,
  RestoreTableFromSnapshotCommand,
  UpdateNamespaceCommand,
} from "@aws-sdk/client-redshift-serverless";
import { Caller, deployLane, EVERYTHING, makeRole, refusal } from "../deploy/endpoint";
import { ACCOUNT, ADMIN_ARN, REGION } from "../support/arns";
import { failure } from "./request";

const WAREHOUSE = ["CreateGrant", "GenerateDataKey", "Encrypt", "Decrypt", "DescribeKey"];
const NAMESPACE = ["Encrypt", "GenerateDataKey", "CreateGrant", "Decrypt"];
const SECRET = ["Decrypt", "GenerateDataKey", "CreateGrant", "RetireGrant"];
const CLUSTER = {
  ClusterIdentifier: "keyed",
  ManageMasterPassword: true,
  MasterUsername: "admin",
  NodeType: "ra3.large",
};
const DEPLOYER = `arn:aws:iam::${ACCOUNT}:role/KeyDeployer`;
const REFUSED = "AccessDeniedException";

deployLane("in the emulator, the key permissions of a deployer", () => {
  const admin = new Caller("ExampleAdminRole");
  const deployer = new Caller("KeyDeployer");
  let keys: string[];
  beforeAll(async () => {
    await makeRole(admin.name, EVERYTHING);
    const Action = ["redshift:*", "redshift-serverless:*", "secretsmanager:*"];
    await makeRole(deployer.name, [{ Action, Effect: "Allow", Resource: "*" }]);
    const creations = [1, 2].map(async () => admin.kms.send(new CreateKeyCommand({ Policy: policyOf([]) })));
    keys = (await Promise.all(creations)).map(({ KeyMetadata }) => KeyMetadata!.Arn!);
    await admin.redshift.send(new CreateClusterCommand({ ...CLUSTER, Encrypted: true, KmsKeyId: keys[0] }));
    const snapshot = { ClusterIdentifier: "keyed", SnapshotIdentifier: "keyed-snapshot" };
    await admin.redshift.send(new CreateClusterSnapshotCommand(snapshot));
    await admin.serverless.send(new CreateNamespaceCommand({ kmsKeyId: keys[0], namespaceName: "keyed" }));
  });

  /** A policy that lets the deployer do operations through Redshift only. */
  function policyOf(operations: readonly string[], Condition: object = {}): string {
    const StringEquals = {
      "kms:ViaService": [`redshift.${REGION}.amazonaws.com`, `redshift-serverless.${REGION}.amazonaws.com`],
    };
    const Statement = [
      { Action: "kms:*", Effect: "Allow", Principal: { AWS: ADMIN_ARN }, Resource: "*" },
      ...operations.map((operation) => ({
        Action: `kms:${operation}`,
        Condition: { StringEquals, ...(operation === "CreateGrant" && Condition) },
        Effect: "Allow",
        Principal: { AWS: DEPLOYER },
        Resource: "*",
      })),
    ];
    return JSON.stringify({ Statement, Version: "2012-10-17" });
  }

  async function allow(KeyId: string, operations: readonly string[], condition: object = {}): Promise<void> {
    const Policy = policyOf(operations, condition);
    await admin.kms.send(new PutKeyPolicyCommand({ KeyId, Policy }));
  }

  /** Expects a call to need each of the operations on a key; it is made with all of them. */
  async function expectNeeds(
    key: string,
    operations: readonly string[],
    call: () => Promise<unknown>,
    error: RegExp = /^AccessDenied/,
  ): Promise<void> {
    for (const missing of operations) {
      await allow(
        key,
        operations.filter((operation) => operation !== missing),
      );
      expect(await refusal(call())).toMatch(error);
    }
    await allow(key, operations);
    expect(await failure(call())).toBe("no error");
    await allow(key, []);
  }

  describe("of a cluster", () => {
    const cluster = { ...CLUSTER, ClusterIdentifier: "keyed-cluster", Encrypted: true };
    const restore = { ClusterIdentifier: "keyed-restored", SnapshotIdentifier: "keyed-snapshot" };
    const remove = async (ClusterIdentifier: string) =>
      admin.redshift.send(new DeleteClusterCommand({ ClusterIdentifier, SkipFinalClusterSnapshot: true }));
    const keyOf = async (ClusterIdentifier: string) => {
      const { Clusters } = await admin.redshift.send(new DescribeClustersCommand({ ClusterIdentifier }));
      return Clusters![0]!.KmsKeyId;
    };

    test("are checked by CreateCluster", async () => {
      const create = new CreateClusterCommand({ ...cluster, KmsKeyId: keys[0] });
      await expectNeeds(keys[0]!, WAREHOUSE, async () => deployer.redshift.send(create));
      await remove(cluster.ClusterIdentifier);
    });

    test("can have the condition kms:GrantIsForAWSResource", async () => {
      const create = async () => deployer.redshift.send(new CreateClusterCommand({ ...cluster, KmsKeyId: keys[0] }));
      await allow(keys[0]!, WAREHOUSE, { Bool: { "kms:GrantIsForAWSResource": "false" } });
      expect(await refusal(create())).toMatch(/^AccessDenied/);
      await allow(keys[0]!, WAREHOUSE, { Bool: { "kms:GrantIsForAWSResource": "true" } });
      await create();
      await remove(cluster.ClusterIdentifier);
    });

    test("are checked by RestoreFromClusterSnapshot on the snapshot's key", async () => {
      const command = new RestoreFromClusterSnapshotCommand(restore);
      await expectNeeds(keys[0]!, WAREHOUSE, async () => deployer.redshift.send(command));
      expect(await keyOf("keyed-restored")).toBe(keys[0]);
      await remove("keyed-restored");
    });

    test("are checked by RestoreFromClusterSnapshot on another key, which the cluster gets", async () => {
      const command = new RestoreFromClusterSnapshotCommand({ ...restore, KmsKeyId: keys[1] });
      await allow(keys[0]!, ["Decrypt"]);
      await expectNeeds(keys[1]!, WAREHOUSE, async () => deployer.redshift.send(command));
      expect(await keyOf("keyed-restored")).toBe(keys[1]);
      await remove("keyed-restored");
    });

    test("include Decrypt on the snapshot's key if RestoreFromClusterSnapshot has another key", async () => {
      const command = new RestoreFromClusterSnapshotCommand({ ...restore, KmsKeyId: keys[1] });
      await allow(keys[1]!, WAREHOUSE);
      await expectNeeds(keys[0]!, ["Decrypt"], async () => deployer.redshift.send(command));
      await allow(keys[1]!, []);
      await remove("keyed-restored");
    });

    test("are checked by ModifyCluster if it encrypts the cluster, and a second key is refused", async () => {
      const change = { ClusterIdentifier: "keyed-open", Encrypted: true, KmsKeyId: keys[1] };
      await admin.redshift.send(new CreateClusterCommand({ ...CLUSTER, ClusterIdentifier: "keyed-open" }));
      await expectNeeds(keys[1]!, WAREHOUSE, async () => deployer.redshift.send(new ModifyClusterCommand(change)));
      expect(await keyOf("keyed-open")).toBe(keys[1]);
      const another = new ModifyClusterCommand({ ...change, KmsKeyId: keys[0] });
      expect(await refusal(admin.redshift.send(another))).toMatch(/^InvalidParameterCombination/);
      await remove("keyed-open");
    });

    test("are checked on the key of the admin secret", async () => {
      const MasterPasswordSecretKmsKeyId = keys[1];
      const create = new CreateClusterCommand({ ...cluster, MasterPasswordSecretKmsKeyId });
      await expectNeeds(keys[1]!, SECRET, async () => deployer.redshift.send(create));
      const modify = { ClusterIdentifier: cluster.ClusterIdentifier, ManageMasterPassword: true };
      const changed = new ModifyClusterCommand({ ...modify, MasterPasswordSecretKmsKeyId });
      await expectNeeds(keys[1]!, SECRET, async () => deployer.redshift.send(changed));
      await remove(cluster.ClusterIdentifier);
      await allow(keys[0]!, WAREHOUSE);
      const restored = new RestoreFromClusterSnapshotCommand({ ...restore, MasterPasswordSecretKmsKeyId });
      await expectNeeds(keys[1]!, SECRET, async () => deployer.redshift.send(restored));
      await allow(keys[0]!, []);
      await remove("keyed-restored");
    });
  });

  describe("of a namespace", () => {
    const INSUFFICIENT = "ValidationException: Insufficient KMS permissions.";
    const target = { namespaceName: "keyed", workgroupName: "keyed" };
    const { serverless } = deployer;

    test("are checked by CreateNamespace and UpdateNamespace", async () => {
      const create = new CreateNamespaceCommand({ kmsKeyId: keys[0], namespaceName: "keyed-namespace" });
      await expectNeeds(keys[0]!, WAREHOUSE, async () => serverless.send(create), /^AccessDenied/);
      const update = new UpdateNamespaceCommand({ kmsKeyId: keys[1], namespaceName: "keyed-namespace" });
      await expectNeeds(keys[1]!, WAREHOUSE, async () => serverless.send(update), /^AccessDenied/);
      await admin.serverless.send(new DeleteNamespaceCommand({ namespaceName: "keyed-namespace" }));
    });

    test("are checked by CreateWorkgroup on the namespace's key", async () => {
      const create = async () => serverless.send(new CreateWorkgroupCommand(target));
      expect(await failure(create())).toBe(INSUFFICIENT);
      await expectNeeds(keys[0]!, NAMESPACE, create, /^ValidationException$/);
    });

    // The emulator lacks these operations: an allowed call gets as far as that.
    test.each<[string, readonly string[], () => Promise<unknown>]>([
      ["RestoreFromSnapshot", NAMESPACE, async () => serverless.send(new RestoreFromSnapshotCommand(target))],
      [
        "RestoreFromRecoveryPoint",
        NAMESPACE,
        async () => serverless.send(new RestoreFromRecoveryPointCommand({ ...target, recoveryPointId: "any" })),
      ],
      [
        "RestoreTableFromSnapshot",
        ["Decrypt"],
        async () =>
          serverless.send(
            new RestoreTableFromSnapshotCommand({
              namespaceName: "keyed",
              newTableName: "new",
              snapshotName: "any",
              sourceDatabaseName: "dev",
              sourceTableName: "old",
              workgroupName: "keyed",
            }),
          ),
      ],
    ])("are checked by %s", async (_, operations, call) => {
      for (const missing of operations) {
        await allow(
          keys[0]!,
          operations.filter((operation) => operation !== missing),
        );
        expect(await failure(call())).toBe(INSUFFICIENT);
      }
      await allow(keys[0]!, operations);
      expect(await failure(call())).not.toBe(INSUFFICIENT);
      await allow(keys[0]!, []);
    });

    test("are checked on the key of the admin secret", async () => {
      const secret = { adminPasswordSecretKmsKeyId: keys[1], manageAdminPassword: true };
      const namespaceName = "keyed-secret";
      const create = new CreateNamespaceCommand({ ...secret, namespaceName });
      await expectNeeds(keys[1]!, SECRET, async () => serverless.send(create));
      const update = new UpdateNamespaceCommand({ ...secret, namespaceName });
      await expectNeeds(keys[1]!, SECRET, async () => serverless.send(update));
      await allow(keys[0]!, NAMESPACE);
      expect(await refusal(serverless.send(new RestoreFromSnapshotCommand({ ...target, ...secret })))).toBe(REFUSED);
      await allow(keys[0]!, []);
      await admin.serverless.send(new DeleteNamespaceCommand({ namespaceName }));
    });
  });
});
