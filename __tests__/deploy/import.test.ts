import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CreateClusterCommand } from "@aws-sdk/client-redshift";
import { CreateNamespaceCommand, CreateWorkgroupCommand } from "@aws-sdk/client-redshift-serverless";
import { load } from "js-yaml";
import { adopt } from "../../tools/adopt/adopt";
import { ROOT } from "../support/paths";
import { ACCOUNT, ADMIN_ARN, REGION } from "../support/arns";
import type { Ended } from "../terraform/terraform";
import { runAsCaller } from "./aws-command";
import { Caller, deployLane, EVERYTHING, makeRole } from "./endpoint";
import { createCluster, createKey, createReader, createServerless, PASSWORD } from "./existing";
import { expectSuccess, Project, type Warehouse } from "./project";

/** The arguments that the provider does not read, and the key policy. */
const UNREAD = {
  "update aws_kms_key": ["bypass_policy_lockout_safety_check", "deletion_window_in_days", "policy"],
  "update aws_redshift_cluster": ["apply_immediately", "final_snapshot_identifier", "skip_final_snapshot"],
  "update aws_redshift_logging": ["log_destination_type"],
};

/** A resource of a plan. */
interface PlannedResource {
  readonly change: {
    readonly actions: readonly string[];
    readonly after: Readonly<Record<string, unknown>>;
    readonly before: Readonly<Record<string, unknown>> | null;
    readonly importing?: object;
  };
  readonly type: string;
}

/** The plan of a project: each type with its actions and the arguments that change, and the types that are imported. */
async function planOf(project: Project, ...options: readonly string[]) {
  expect((await project.plan("-out=plan", ...options)).errors).toStrictEqual([]);
  const { stdout } = await project.terraform("show", "-json", "plan");
  const { resource_changes = [] } = JSON.parse(stdout) as { resource_changes?: readonly PlannedResource[] };
  const changes = resource_changes.flatMap(({ change: { actions, after, before }, type }) =>
    actions[0] === "no-op" || actions[0] === "read"
      ? []
      : [
          [
            `${actions.join(" and ")} ${type}`,
            before === null
              ? []
              : Object.keys(after)
                  .filter((key) => JSON.stringify(after[key]) !== JSON.stringify(before[key]))
                  .sort(),
          ] as const,
        ],
  );
  const imported = resource_changes.flatMap(({ change, type }) => (change.importing ? [type] : [])).sort();
  return { changes: Object.fromEntries(changes), imported };
}

async function runAdopt({ caller, directory }: Project, options: readonly string[]): Promise<Ended> {
  const command = { environment: { AWS_REGION: REGION }, errorStatus: 1, name: "adopt", run: adopt };
  return runAsCaller(command, caller, options, directory);
}

/** The entry that `npm run adopt` writes for a warehouse. */
async function adoptedEntry(project: Project, ...options: readonly string[]): Promise<Warehouse> {
  const file = "adopted.yaml";
  // As a child process, as users run it.
  const program = ["--require", join(ROOT, "register.cjs"), join(ROOT, "tools", "adopt", "main.ts")];
  expectSuccess(await project.run(project.directory, process.execPath, ...program, ...options, "--output", file));
  const text = readFileSync(join(project.directory, file), "utf8");
  expect(await refusalOf(project, ...options, "--output", file)).toMatch(
    /^adopt: --output must be a new file, .*, got: adopted\.yaml, which exists$/,
  );
  const printed = await runAdopt(project, options);
  expect([printed.stdout, readFileSync(join(project.directory, file), "utf8")]).toStrictEqual([text, text]);
  const { warehouses } = load(text) as { readonly warehouses: readonly Warehouse[] };
  return warehouses[0]!;
}

/** The only line that adopt prints in place of an entry. */
async function refusalOf(project: Project, ...options: readonly string[]): Promise<string> {
  const { code, stderr, stdout } = await runAdopt(project, options);
  expect({ code, stdout }).toStrictEqual({ code: 1, stdout: "" });
  return stderr.trimEnd();
}

deployLane("import", () => {
  const admin = new Caller("ExampleAdminRole");
  const entry = { account: ACCOUNT, administrators: [ADMIN_ARN], region: REGION, users: [] };
  beforeAll(async () => makeRole(admin.name, EVERYTHING));

  describe("of a cluster", () => {
    const name = "imported-cluster";
    const project = new Project(name, admin.name);
    afterAll(() => {
      project.remove();
    });

    test("updates only the key policy and unread arguments, and the next plan is empty", async () => {
      const { id: keyId } = await createCluster(admin, name);
      const warehouse: Warehouse = {
        ...entry,
        cluster: {
          clusterParameterGroupName: `${name}-parameters`,
          databaseName: "sales",
          logExports: ["userlog"],
          masterUsername: "boss",
          nodeType: "ra3.large",
        },
        import: { alias: `alias/keys/${name}`, clusterIdentifier: name, keyId, logging: true },
        key: { alias: `alias/keys/${name}` },
        name,
      };
      project.configure(warehouse);
      expect(await planOf(project)).toStrictEqual({
        changes: {
          "create terraform_data": [],
          ...UNREAD,
        },
        imported: ["aws_kms_alias", "aws_kms_key", "aws_redshift_cluster", "aws_redshift_logging"],
      });
      await project.deploy();
      await project.expectNoChanges();
    });
  });

  describe("of a namespace and a workgroup", () => {
    const name = "imported-serverless";
    const project = new Project(name, admin.name);
    afterAll(() => {
      project.remove();
    });

    test("updates only the key policy and unread arguments, and the next plan is empty", async () => {
      const { id: keyId } = await createServerless(admin, name);
      const workgroupName = `${name}-group`;
      const roleName = "ImportedReader";
      await createReader(admin, roleName, `${name}-data-api`);
      project.configure({
        ...entry,
        import: {
          alias: `alias/keys/${name}`,
          keyId,
          namespaceName: name,
          roleNames: [roleName],
          rolePolicies: [`${roleName}:${name}-data-api`],
          workgroupName,
        },
        key: { alias: `alias/keys/${name}` },
        name,
        serverless: { databaseName: "sales", workgroupName },
        users: [{ roleName, trustedPrincipals: [ADMIN_ARN] }],
      });
      expect(await planOf(project)).toStrictEqual({
        changes: { "update aws_iam_role_policy": ["policy"], "update aws_kms_key": UNREAD["update aws_kms_key"] },
        imported: [
          "aws_iam_role",
          "aws_iam_role_policy",
          "aws_kms_alias",
          "aws_kms_key",
          "aws_redshiftserverless_namespace",
          "aws_redshiftserverless_workgroup",
        ],
      });
      await project.deploy();
      // The provider reads the ARN of the new secret, which is an output, with the next plan.
      expect(await project.plan()).toStrictEqual({ actions: [], errors: [] });
    });
  });

  describe("of a cluster, with the entry that adopt writes", () => {
    const name = "adopted-cluster";
    const project = new Project(name, admin.name);
    let entry: Warehouse;
    afterAll(() => {
      project.remove();
    });

    test("updates only the key policy and unread arguments, and the next plan is empty", async () => {
      await createCluster(admin, name);
      entry = await adoptedEntry(project, "--cluster", name);
      project.configure(entry);
      expect(await planOf(project, "-target=aws_kms_key.Key_961B73FD")).toStrictEqual({
        changes: { "update aws_kms_key": UNREAD["update aws_kms_key"] },
        imported: ["aws_kms_key"],
      });
      expect(await planOf(project)).toStrictEqual({
        changes: { "create terraform_data": [], ...UNREAD },
        imported: ["aws_kms_alias", "aws_kms_key", "aws_redshift_cluster", "aws_redshift_logging"],
      });
      await project.deploy();
      await project.expectNoChanges();
    });

    test("changes to the default if its line and 'import' are removed", async () => {
      const { import: imported, ...rest } = entry;
      const { automatedSnapshotRetentionPeriod: days, ...cluster } = rest.cluster as Warehouse;
      expect(imported).toMatchObject({ clusterIdentifier: name });
      expect(days).toBe(14);
      project.configure({ ...rest, cluster });
      expect((await planOf(project)).changes).toStrictEqual({
        "update aws_redshift_cluster": [
          "allow_version_upgrade",
          "automated_snapshot_retention_period",
          "manage_master_password",
          "master_password_secret_kms_key_id",
          "publicly_accessible",
        ],
      });
      await project.deploy();
      // The provider reads the ARN of the new secret, which is an output, with the next plan.
      expect(await project.plan()).toStrictEqual({ actions: [], errors: [] });
    });
  });

  describe("of a namespace and a workgroup, with the entry that adopt writes", () => {
    const name = "adopted-serverless";
    const project = new Project(name, admin.name);
    let entry: Warehouse;
    afterAll(() => {
      project.remove();
    });

    test("updates only the key policy and unread arguments, and the next plan is empty", async () => {
      await createServerless(admin, name);
      entry = await adoptedEntry(project, "--workgroup", `${name}-group`, "--name", name);
      project.configure(entry);
      expect(await planOf(project)).toStrictEqual({
        changes: { "update aws_kms_key": UNREAD["update aws_kms_key"] },
        imported: [
          "aws_kms_alias",
          "aws_kms_key",
          "aws_redshiftserverless_namespace",
          "aws_redshiftserverless_workgroup",
        ],
      });
      await project.deploy();
      // The provider reads the ARN of the new secret, which is an output, with the next plan.
      expect(await project.plan()).toStrictEqual({ actions: [], errors: [] });
    });

    test("changes to the default if its line and 'import' are removed", async () => {
      const { import: imported, ...rest } = entry;
      const { maxCapacity, ...serverless } = rest.serverless as Warehouse;
      expect(imported).toMatchObject({ namespaceName: name });
      expect(maxCapacity).toBe(64);
      project.configure({ ...rest, serverless });
      expect((await planOf(project)).changes).toStrictEqual({
        "update aws_redshiftserverless_namespace": ["admin_password_secret_kms_key_id", "manage_admin_password"],
        "update aws_redshiftserverless_workgroup": ["max_capacity", "publicly_accessible"],
      });
      await project.deploy();
      // The provider reads the ARN of the new secret, which is an output, with the next plan.
      expect(await project.plan()).toStrictEqual({ actions: [], errors: [] });
    });
  });

  describe("adopt refuses, in one line,", () => {
    const project = new Project("refused", admin.name);
    afterAll(() => {
      project.remove();
    });

    test("a warehouse that does not exist", async () => {
      expect(await refusalOf(project, "--cluster", "nothing")).toBe(
        "adopt: --cluster must name a warehouse of the account and Region of the credentials, got: nothing",
      );
      expect(await refusalOf(project, "--workgroup", "nothing")).toBe(
        "adopt: --workgroup must name a warehouse of the account and Region of the credentials, got: nothing",
      );
    });

    test("a cluster without encryption, a cluster with unsupported settings, and a namespace with AWS's key", async () => {
      const key = await createKey(admin, "old");
      const cluster = { ClusterIdentifier: "plain", MasterUserPassword: PASSWORD, MasterUsername: "boss" };
      await admin.redshift.send(new CreateClusterCommand({ ...cluster, Encrypted: false, NodeType: "ra3.large" }));
      await admin.serverless.send(new CreateNamespaceCommand({ namespaceName: "plain" }));
      await admin.serverless.send(
        new CreateWorkgroupCommand({ baseCapacity: 8, namespaceName: "plain", workgroupName: "plain" }),
      );
      expect(await refusalOf(project, "--cluster", "plain")).toBe(
        "adopt: --cluster must name a warehouse under a customer managed key, got: a warehouse under no key. No key policy of yours " +
          "protects the statements and results of this warehouse; docs/adopt.md has the steps to a customer managed key",
      );
      const old = { ...cluster, ClusterIdentifier: "old", Encrypted: true, KmsKeyId: key.arn, NodeType: "dc2.large" };
      await admin.redshift.send(new CreateClusterCommand(old));
      expect(await refusalOf(project, "--cluster", "old")).toMatch(
        /^adopt: the warehouse must be one that an entry can describe: entry:\d+ warehouses\[0\]\.cluster\.nodeType must .*, got: dc2\.large$/,
      );
      expect(await refusalOf(project, "--workgroup", "plain")).toBe(
        "adopt: --workgroup must name a warehouse under a customer managed key, got: a warehouse under AWS_OWNED_KMS_KEY. No key policy of " +
          "yours protects the statements and results of this warehouse; docs/adopt.md has the steps to a customer managed key",
      );
    });
  });
});
