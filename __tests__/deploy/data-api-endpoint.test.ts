import { ACCOUNT, ADMIN_ARN, REGION } from "../support/arns";
import { ec2 } from "./ec2";
import { Caller, deployLane, EVERYTHING, makeRole } from "./endpoint";
import { Project } from "./project";

deployLane("an endpoint of the Data API", () => {
  const deployer = new Caller("ExampleAdminRole");
  const project = new Project("clients", deployer.name);
  afterAll(() => {
    project.remove();
  });

  let endpoint: object;
  beforeAll(async () => {
    await makeRole(deployer.name, EVERYTHING);
    const vpcId = await ec2("CreateVpc", { CidrBlock: "10.20.0.0/16" }, "vpcId");
    await ec2("ModifyVpcAttribute", { "EnableDnsHostnames.Value": "true", VpcId: vpcId });
    for (const [index, zone] of ["a", "b"].entries()) {
      const network = {
        AvailabilityZone: REGION + zone,
        CidrBlock: `10.20.${index}.0/24`,
        VpcId: vpcId,
      };
      const subnetId = await ec2("CreateSubnet", network, "subnetId");
      await ec2("CreateTags", { "ResourceId.1": subnetId, "Tag.1.Key": "tier", "Tag.1.Value": "clients" });
    }
    const group = { GroupDescription: "Clients", GroupName: "data-api-clients", VpcId: vpcId };
    await ec2("CreateSecurityGroup", group, "groupId");
    endpoint = {
      account: ACCOUNT,
      name: "clients",
      region: REGION,
      subnetIds: { tags: { tier: "clients" } },
      vpcId,
    };
  });

  test("is deployed to looked-up subnets, and the next plan is empty", async () => {
    configure({ ...endpoint, tags: { team: "data" } });
    await project.deploy();
    await project.expectNoChanges();
  });

  test("is changed in place, and destroyed", async () => {
    configure({
      ...endpoint,
      privateDnsEnabled: false,
      securityGroupIds: { names: ["data-api-clients"] },
      tags: { team: "finance" },
    });
    expect(await project.apply()).toStrictEqual({ actions: ["update aws_vpc_endpoint"], errors: [] });
    await project.expectNoChanges();
    await project.destroy();
  });

  /** The configuration of an endpoint, and of a warehouse, which no configuration is without. */
  function configure(entry: object): void {
    const warehouse = {
      account: ACCOUNT,
      administrators: [ADMIN_ARN],
      name: "unused",
      region: REGION,
      serverless: {},
      users: [ADMIN_ARN],
    };
    project.configure(warehouse, { dataApiEndpoints: [entry] });
  }
});
