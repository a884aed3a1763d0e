import { PutKeyPolicyCommand } from "@aws-sdk/client-kms";
import { CreateClusterCommand, DescribeClustersCommand, ModifyClusterCommand } from "@aws-sdk/client-redshift";
import { ExecuteStatementCommand } from "@aws-sdk/client-redshift-data";
import {
  CreateNamespaceCommand,
  CreateWorkgroupCommand,
  GetWorkgroupCommand,
} from "@aws-sdk/client-redshift-serverless";
import { ACCOUNT, REGION } from "../support/arns";
import { Caller, deployLane, EVERYTHING, makeRole } from "./endpoint";
import { createCluster, createKey, createServerless } from "./existing";
import { Project } from "./project";

const OWNED_BY_AWS =
  "The Data API then encrypts statements and results with a key that AWS owns, and the policy of KEY protects neither.";

deployLane("an existing warehouse", () => {
  const admin = new Caller("ExampleAdminRole");
  const reader = new Caller("ExistingReader");
  const entry = {
    account: ACCOUNT,
    region: REGION,
    users: [`arn:aws:iam::${ACCOUNT}:role/${reader.name}`],
  };
  beforeAll(async () => {
    await makeRole(admin.name, EVERYTHING);
    await makeRole(reader.name);
  });

  /** Adds the statements of an output to the policy of a key, as its owner does. */
  async function addStatements(KeyId: string, statements: unknown): Promise<void> {
    const root = {
      Action: "kms:*",
      Effect: "Allow",
      Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
      Resource: "*",
    };
    const Statement = [root, ...(statements as object[])];
    const Policy = JSON.stringify({ Statement, Version: "2012-10-17" });
    await admin.kms.send(new PutKeyPolicyCommand({ KeyId, Policy }));
  }

  /** The errors of a plan, without line breaks, and with the key that is expected as KEY. */
  async function errorsOf(project: Project, keyArn: string): Promise<readonly string[]> {
    const { errors } = await project.plan();
    return errors.map((error) => error.replace(/\s+/g, " ").replaceAll(keyArn, "KEY"));
  }

  describe("as a cluster", () => {
    const name = "existing-cluster";
    const project = new Project(name, admin.name);
    const existing = { clusterIdentifier: name, usageLimits: [{ amount: 60, feature: "concurrency-scaling" }] };
    afterAll(() => {
      project.remove();
    });

    test("runs a user's statement once the key policy has the required statements, and stays after destroy", async () => {
      const { arn: keyArn } = await createCluster(admin, name);
      project.configure({ ...entry, existing, key: { keyArn }, name });
      expect((await project.plan()).actions).toStrictEqual([
        "create aws_iam_role_policy",
        "create aws_redshift_usage_limit",
      ]);
      await project.deploy();
      await project.expectNoChanges();
      const { database_name: Database, required_key_policy_statements: statements } = await project.outputs();
      const execute = new ExecuteStatementCommand({
        ClusterIdentifier: name,
        Database: Database as string,
        Sql: "select 1",
      });
      expect(Database).toBe("sales");
      await expect(reader.data.send(execute)).rejects.toThrow("kms:");
      await addStatements(keyArn, statements);
      expect((await reader.data.send(execute)).Id).toMatch(/^[\da-f-]{36}$/);
      await project.destroy();
      const { Clusters } = await admin.redshift.send(new DescribeClustersCommand({ ClusterIdentifier: name }));
      expect(Clusters).toHaveLength(1);
    });

    test("fails the plan if it has another key or no encryption, and not once it has the key", async () => {
      const { arn: keyArn } = await createKey(admin, `${name}-other`);
      project.configure({ ...entry, existing, key: { keyArn }, name });
      expect(await errorsOf(project, keyArn)).toStrictEqual([
        expect.stringMatching(
          /: The cluster existing-cluster is encrypted with arn:aws:kms:\S+, not with KEY\. The Data API uses/,
        ),
      ]);
      const open = `${name}-open`;
      const cluster = { ClusterIdentifier: open, MasterUserPassword: "Secret-password-1", MasterUsername: "boss" };
      await admin.redshift.send(new CreateClusterCommand({ ...cluster, Encrypted: false, NodeType: "ra3.large" }));
      project.configure({ ...entry, existing: { clusterIdentifier: open }, key: { keyArn }, name });
      expect(await errorsOf(project, keyArn)).toStrictEqual([
        expect.stringContaining(
          `: The cluster ${open} is not encrypted. ${OWNED_BY_AWS} Encrypt it: aws redshift modify-cluster`,
        ),
      ]);
      const encrypted = { ClusterIdentifier: open, Encrypted: true };
      await admin.redshift.send(new ModifyClusterCommand({ ...encrypted, KmsKeyId: keyArn }));
      expect(await errorsOf(project, keyArn)).toStrictEqual([]);
    });
  });

  describe("as a workgroup", () => {
    const name = "existing-serverless";
    const project = new Project(name, admin.name);
    const workgroupName = `${name}-group`;
    const usageLimits = [{ amount: 600, feature: "serverless-compute" }];
    afterAll(() => {
      project.remove();
    });

    test("runs a user's statement once the key policy has the required statements, and stays after destroy", async () => {
      const { arn: keyArn } = await createServerless(admin, name);
      project.configure({ ...entry, existing: { usageLimits, workgroupName }, key: { keyArn }, name });
      await project.deploy();
      await project.expectNoChanges();
      const { database_name: Database, required_key_policy_statements: statements } = await project.outputs();
      const execute = new ExecuteStatementCommand({
        Database: Database as string,
        Sql: "select 1",
        WorkgroupName: workgroupName,
      });
      expect(Database).toBe("sales");
      await expect(reader.data.send(execute)).rejects.toThrow("kms:");
      await addStatements(keyArn, statements);
      expect((await reader.data.send(execute)).Id).toMatch(/^[\da-f-]{36}$/);
      await project.destroy();
      const { workgroup } = await admin.serverless.send(new GetWorkgroupCommand({ workgroupName }));
      expect(workgroup!.status).toBe("AVAILABLE");
    });

    test("fails the plan if it has another key, or one that AWS owns", async () => {
      const { arn: keyArn } = await createKey(admin, `${name}-other`);
      project.configure({ ...entry, existing: { workgroupName }, key: { keyArn }, name });
      expect(await errorsOf(project, keyArn)).toStrictEqual([
        expect.stringMatching(
          /: The namespace existing-serverless is encrypted with arn:aws:kms:\S+, not with KEY\. The Data API/,
        ),
      ]);
      const namespaceName = `${name}-owned`;
      await admin.serverless.send(new CreateNamespaceCommand({ namespaceName }));
      await admin.serverless.send(new CreateWorkgroupCommand({ namespaceName, workgroupName: namespaceName }));
      project.configure({ ...entry, existing: { workgroupName: namespaceName }, key: { keyArn }, name });
      expect(await errorsOf(project, keyArn)).toStrictEqual([
        expect.stringContaining(
          `: The namespace ${namespaceName} is encrypted with a key that AWS owns. ${OWNED_BY_AWS} AWS changes`,
        ),
      ]);
    });
  });
});
