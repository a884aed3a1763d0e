import { deployLane } from "../deploy/endpoint";
import { REGION } from "../support/arns";
import { call, text } from "./call";

deployLane("in the emulator, an interface VPC endpoint", () => {
  const SERVICE = `com.amazonaws.${REGION}.redshift-data`;
  let networks = 0;
  /** A VPC with DNS host names, and two subnets of one Availability Zone. */
  const createVpc = async (hostnames = "true"): Promise<[string, string, string]> => {
    networks += 1;
    const cidr = `10.${50 + networks}`;
    const VpcId = text(await call("ec2", "CreateVpc", { CidrBlock: `${cidr}.0.0/16` }), "vpcId")!;
    await call("ec2", "ModifyVpcAttribute", { "EnableDnsHostnames.Value": hostnames, VpcId });
    const subnet = async (index: number) => {
      const created = { AvailabilityZone: `${REGION}a`, CidrBlock: `${cidr}.${index}.0/24`, VpcId };
      return text(await call("ec2", "CreateSubnet", created), "subnetId")!;
    };
    return [VpcId, await subnet(0), await subnet(1)];
  };
  const create = async (VpcId: string, subnetId: string, more = {}) =>
    call("ec2", "CreateVpcEndpoint", {
      PrivateDnsEnabled: "true",
      ServiceName: SERVICE,
      "SubnetId.1": subnetId,
      VpcEndpointType: "Interface",
      VpcId,
      ...more,
    });

  test("has the default security group of its VPC", async () => {
    const [vpcId, subnetId] = await createVpc();
    const groups = await call("ec2", "DescribeSecurityGroups", {
      "Filter.1.Name": "vpc-id",
      "Filter.1.Value.1": vpcId,
    });
    expect(text(await create(vpcId, subnetId), "groupId")).toBe(text(groups, "groupId"));
  });

  test("refuses two subnets in one Availability Zone", async () => {
    const [vpcId, subnetId, other] = await createVpc();
    expect(await create(vpcId, subnetId, { "SubnetId.2": other })).toBe("DuplicateSubnetsInSameZone");
  });

  test("refuses private DNS in a VPC without DNS host names", async () => {
    const [vpcId, subnetId] = await createVpc("false");
    expect(await create(vpcId, subnetId)).toBe("InvalidParameter");
    expect(await create(vpcId, subnetId, { PrivateDnsEnabled: "false" })).toContain("vpcEndpointId");
  });

  test("refuses private DNS while another endpoint of the VPC has private DNS", async () => {
    const [vpcId, subnetId] = await createVpc();
    const VpcEndpointId = text(await create(vpcId, subnetId), "vpcEndpointId")!;
    expect(await create(vpcId, subnetId)).toBe("InvalidParameter");
    const second = text(await create(vpcId, subnetId, { PrivateDnsEnabled: "false" }), "vpcEndpointId")!;
    const enable = { PrivateDnsEnabled: "true", VpcEndpointId: second };
    expect(await call("ec2", "ModifyVpcEndpoint", enable)).toBe("InvalidParameter");
    await call("ec2", "ModifyVpcEndpoint", { PrivateDnsEnabled: "false", VpcEndpointId });
    expect(await call("ec2", "ModifyVpcEndpoint", enable)).toContain("<return>true</return>");
  });
});
