import { ListAliasesCommand } from "@aws-sdk/client-kms";
import { DeleteClusterParameterGroupCommand, DescribeClustersCommand } from "@aws-sdk/client-redshift";
import { GetNamespaceCommand } from "@aws-sdk/client-redshift-serverless";
import { ACCOUNT, ADMIN_ARN, REGION } from "../support/arns";
import { Caller, deployLane, EVERYTHING, makeRole, refusal } from "./endpoint";
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

  test("is not forgotten when a warehouse is deployed", async () => {
    const { code, stderr, stdout } = await project.cdktf("deploy");
    expect(code).toBe(1);
    expect(stdout + stderr).toMatch(/dependencies are not included in the stacks to run: shared, shared-parameters/);
  });

  test("is deployed before its warehouses, by one command and from nothing", async () => {
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

  test("goes after its warehouses, as the parameter group does, which AWS deletes without clusters only", async () => {
    const name = { ParameterGroupName: "shared-parameters" };
    expect(await refusal(deployer.redshift.send(new DeleteClusterParameterGroupCommand(name)))).toBe(
      "InvalidClusterParameterGroupStateFault",
    );
    expectSuccess(await project.cdktf("destroy", "shared*"));
  });
});
