import { deployLane } from "../deploy/endpoint";
import { call, createCluster, text } from "./call";

deployLane("in the emulator, an endpoint of a cluster that Redshift manages", () => {
  const create = async (name: string, more = {}) =>
    call("redshift", "CreateEndpointAccess", {
      ClusterIdentifier: "reached",
      EndpointName: name,
      SubnetGroupName: "reachers",
      ...more,
    });
  let vpcId: string;
  beforeAll(async () => {
    await createCluster("reached");
    vpcId = text(await call("ec2", "CreateVpc", { CidrBlock: "10.40.0.0/16" }), "vpcId")!;
    const subnet = await call("ec2", "CreateSubnet", { CidrBlock: "10.40.0.0/24", VpcId: vpcId });
    await call("redshift", "CreateClusterSubnetGroup", {
      ClusterSubnetGroupName: "reachers",
      Description: "reachers",
      "SubnetIds.SubnetIdentifier.1": text(subnet, "subnetId")!,
    });
  });

  test("has the default security group of its VPC, and can get another", async () => {
    const groups = await call("ec2", "DescribeSecurityGroups", {
      "Filter.1.Name": "vpc-id",
      "Filter.1.Value.1": vpcId,
    });
    const endpoint = await create("endpoint-with-groups");
    expect(text(endpoint, "VpcSecurityGroupId")).toBe(text(groups, "groupId"));
    const group = { GroupDescription: "other", GroupName: "other", VpcId: vpcId };
    const groupId = text(await call("ec2", "CreateSecurityGroup", group), "groupId")!;
    const change = { EndpointName: "endpoint-with-groups", "VpcSecurityGroupIds.VpcSecurityGroupId.1": groupId };
    expect(text(await call("redshift", "ModifyEndpointAccess", change), "VpcSecurityGroupId")).toBe(groupId);
  });

  test("refuses a cluster without relocation and Multi-AZ", async () => {
    await createCluster("bound", { AvailabilityZoneRelocation: "false" });
    expect(await create("endpoint-of-bound", { ClusterIdentifier: "bound" })).toBe("InvalidClusterState");
    await createCluster("in-two-zones", { AvailabilityZoneRelocation: "false", MultiAZ: "true" });
    const endpoint = await create("endpoint-in-two-zones", { ClusterIdentifier: "in-two-zones" });
    expect(text(endpoint, "EndpointStatus")).toBe("active");
  });

  test.each([
    ["a cluster", { ClusterIdentifier: "no-cluster" }, "ClusterNotFound"],
    ["a subnet group", { SubnetGroupName: "no-group" }, "ClusterSubnetGroupNotFoundFault"],
  ])("refuses %s that does not exist", async (_, more, code) => {
    expect(await create("endpoint-of-nothing", more)).toBe(code);
  });

  test("refuses a cluster's owner that has not granted access", async () => {
    expect(await create("endpoint-of-other", { ResourceOwner: "444455556666" })).toBe("AccessToClusterDenied");
  });

  test("refuses a name that exists", async () => {
    await create("endpoint-twice");
    expect(await create("endpoint-twice")).toBe("EndpointAlreadyExists");
  });

  test("is refused as the 31st endpoint of a cluster", async () => {
    await createCluster("popular");
    for (let index = 1; index <= 30; index += 1) {
      await create(`popular-${index}`, { ClusterIdentifier: "popular" });
    }
    expect(await create("popular-31", { ClusterIdentifier: "popular" })).toBe("EndpointsPerClusterLimitExceeded");
  });

  test("that does not exist causes EndpointNotFound", async () => {
    for (const operation of ["ModifyEndpointAccess", "DeleteEndpointAccess", "DescribeEndpointAccess"]) {
      expect(await call("redshift", operation, { EndpointName: "no-endpoint" })).toBe("EndpointNotFound");
    }
  });
});
