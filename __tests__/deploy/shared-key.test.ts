import { GetKeyPolicyCommand, ListAliasesCommand, PutKeyPolicyCommand } from "@aws-sdk/client-kms";
import { DeleteClusterParameterGroupCommand, DescribeClustersCommand } from "@aws-sdk/client-redshift";
import { ExecuteStatementCommand } from "@aws-sdk/client-redshift-data";
import { GetNamespaceCommand } from "@aws-sdk/client-redshift-serverless";
import { ACCOUNT, ADMIN_ARN, REGION } from "../support/arns";
import { statementsOf } from "../support/support";
import { Caller, checkedActions, deployLane, EVERYTHING, makeRole, refusal } from "./endpoint";
import { reportedGrants, runGrants } from "./grants-run";
import { expectSuccess, Project, type Warehouse } from "./project";

const OFF = { deletionProtection: false };

deployLane("a key that a cluster and a namespace share, and a parameter group", () => {
  const deployer = new Caller("ExampleAdminRole");
  const project = new Project("shared-sales", deployer.name);
  const trustedPrincipals = [`arn:aws:iam::${ACCOUNT}:root`];
  const entry = { account: ACCOUNT, region: REGION };
  const shared = { key: OFF, name: "shared", administrators: [ADMIN_ARN], ...entry };
  const sales: Warehouse = {
    name: "shared-sales",
    ...entry,
    cluster: {
      ...OFF,
      nodeType: "ra3.large",
      numberOfNodes: 2,
      parameterGroup: "shared-parameters",
      skipFinalSnapshot: true,
    },
    key: "shared",
    users: [{ roleName: "SharedSeller", trustedPrincipals }],
  };
  const reports: Warehouse = {
    name: "shared-reports",
    ...entry,
    key: "shared",
    serverless: { ...OFF, baseCapacity: 8 },
    users: [`arn:aws:iam::${ACCOUNT}:role/SharedSeller`],
  };
  beforeAll(async () => {
    await makeRole(deployer.name, EVERYTHING);
    const parameterGroups = [{ name: "shared-parameters", ...entry, parameters: { statement_timeout: "600000" } }];
    project.configure([sales, reports], { keys: [shared], parameterGroups });
  });
  afterAll(() => {
    project.remove();
  });

  test("fails the deployment of a warehouse alone, with the missing stacks", async () => {
    const { code, stderr, stdout } = await project.cdktf("deploy");
    expect(code).toBe(1);
    expect(stdout + stderr).toMatch(/dependencies are not included in the stacks to run: shared, shared-parameters/);
  });

  test("is deployed before its warehouses by one command", async () => {
    expectSuccess(await project.cdktf("deploy", "shared*"));
    const { Aliases = [] } = await deployer.kms.send(new ListAliasesCommand({}));
    const { TargetKeyId } = Aliases.find(({ AliasName }) => AliasName === "alias/shared")!;
    const { Clusters = [] } = await deployer.redshift.send(
      new DescribeClustersCommand({ ClusterIdentifier: "shared-sales" }),
    );
    const { namespace } = await deployer.serverless.send(new GetNamespaceCommand({ namespaceName: "shared-reports" }));
    const [group] = Clusters[0]!.ClusterParameterGroups!;
    expect(group!.ParameterGroupName).toBe("shared-parameters");
    for (const keyArn of [Clusters[0]!.KmsKeyId, namespace!.kmsKeyId]) {
      expect(keyArn).toBe(`arn:aws:kms:${REGION}:${ACCOUNT}:key/${TargetKeyId}`);
    }
    expect(await project.outputs()).toMatchObject({ key_arn: Clusters[0]!.KmsKeyId, key_id: TargetKeyId });
    await project.expectNoChanges();
  });

  test("is reported by npm run grants with a grant of each warehouse and its policy", async () => {
    const stacks = ["shared*"];
    const grantsBy = async (caller: string) => {
      const { code, keys } = await reportedGrants(caller, stacks, project.directory);
      expect(keys.map(({ stack }) => stack)).toStrictEqual(["shared"]);
      const [{ arn, findings, warehouses }] = keys as [(typeof keys)[number]];
      return { arn, code, findings, hasGrant: warehouses.map((warehouse) => warehouse.hasGrant) };
    };
    const before = await grantsBy(deployer.name);
    expect(before).toMatchObject({ code: 0, findings: [], hasGrant: [false, false] });
    const statement = { Database: "dev", Sql: "select 1" };
    await deployer.data.send(new ExecuteStatementCommand({ ClusterIdentifier: "shared-sales", ...statement }));
    await deployer.data.send(new ExecuteStatementCommand({ WorkgroupName: "shared-reports", ...statement }));
    expect(await grantsBy(deployer.name)).toMatchObject({ code: 0, findings: [], hasGrant: [true, true] });

    const { Policy } = await deployer.kms.send(new GetKeyPolicyCommand({ KeyId: before.arn }));
    const root = {
      Action: "kms:*",
      Effect: "Allow",
      Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
      Resource: "*",
      Sid: "Root",
    };
    const changed = JSON.stringify({ Statement: [root, ...statementsOf(Policy!)], Version: "2012-10-17" });
    await deployer.kms.send(new PutKeyPolicyCommand({ KeyId: before.arn, Policy: changed }));
    // The changed policy leaves the key to IAM policies, so that the permissions suffice.
    const { stdout } = await runGrants("NobodyAtAll", [...stacks, "--permissions"], project.directory);
    await makeRole("SharedAuditor", (JSON.parse(stdout) as { readonly Statement: readonly object[] }).Statement);
    const { code, findings } = await grantsBy("SharedAuditor");
    expect([code, findings.map(({ message }) => message)]).toStrictEqual([
      1,
      [
        "Statement 'Root' is in the key policy, and not in the configuration. Deploy the stack, or take the change into the configuration.",
      ],
    ]);
    expect((await checkedActions("SharedAuditor")).filter(({ allowed }) => !allowed)).toStrictEqual([]);
    await deployer.kms.send(new PutKeyPolicyCommand({ KeyId: before.arn, Policy }));
  });

  test("is destroyed after its warehouses, and so is the parameter group", async () => {
    const name = { ParameterGroupName: "shared-parameters" };
    expect(await refusal(deployer.redshift.send(new DeleteClusterParameterGroupCommand(name)))).toBe(
      "InvalidClusterParameterGroupStateFault",
    );
    expectSuccess(await project.cdktf("destroy", "shared*"));
  });
});
