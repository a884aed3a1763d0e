import { CreateKeyCommand } from "@aws-sdk/client-kms";
import { DescribeClustersCommand } from "@aws-sdk/client-redshift";
import { ACCOUNT, ADMIN_ARN, REGION } from "../support/arns";
import { Caller, deployLane, EVERYTHING, makeRole } from "./endpoint";
import { Project, type Warehouse } from "./project";

const OTHER_REGION = "eu-west-1";
const OFF = { deletionProtection: false };
const CLUSTER = { ...OFF, nodeType: "ra3.large", numberOfNodes: 2, skipFinalSnapshot: true };

deployLane("a cluster with a snapshot copy in another Region", () => {
  const deployer = new Caller("ExampleAdminRole");
  const project = new Project("ledger", deployer.name);
  const left: Warehouse = {
    name: "ledger",
    account: ACCOUNT,
    region: REGION,
    administrators: [ADMIN_ARN],
    cluster: CLUSTER,
    key: OFF,
    users: [{ roleName: "Bookkeeper", trustedPrincipals: [`arn:aws:iam::${ACCOUNT}:root`] }],
  };
  const copyStatus = async () => {
    const command = new DescribeClustersCommand({ ClusterIdentifier: "ledger" });
    return (await deployer.redshift.send(command)).Clusters![0]!.ClusterSnapshotCopyStatus;
  };
  beforeAll(async () => {
    await makeRole(deployer.name, EVERYTHING);
  });
  afterAll(() => {
    project.remove();
  });

  test("is deployed with the copy, and the next plan is empty", async () => {
    const { kms } = new Caller(deployer.name, { region: OTHER_REGION });
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
    const snapshotCopy = { destinationKeyArn: KeyMetadata!.Arn, destinationRegion: OTHER_REGION, retentionPeriod: 14 };
    project.configure({ ...left, cluster: { ...CLUSTER, snapshotCopy } });
    await project.deploy();
    expect(await copyStatus()).toMatchObject({ DestinationRegion: OTHER_REGION, SnapshotCopyGrantName: "ledger" });
    await project.expectNoChanges();
  });

  test("fails the plan if the Region is only removed, and loses the copy with formerRegions", async () => {
    project.configure(left);
    expect((await project.plan()).errors.join()).toContain("Provider configuration not present");
    project.configure({ ...left, formerRegions: [OTHER_REGION] });
    expect((await project.apply()).errors).toStrictEqual([]);
    expect(await copyStatus()).toBeUndefined();
    project.configure(left);
    await project.expectNoChanges();
  });
});
