import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { RedshiftEndpointAccess } from "@cdktf/provider-aws/lib/redshift-endpoint-access";
import { RedshiftSubnetGroup } from "@cdktf/provider-aws/lib/redshift-subnet-group";
import { RedshiftserverlessEndpointAccess } from "@cdktf/provider-aws/lib/redshiftserverless-endpoint-access";
import { EndpointAccess, type EndpointAccessOptions, type EndpointAccessProps } from "../../../modules";
import { ACCOUNT, REGION } from "../../support/arns";
import {
  analyticsCluster,
  analyticsServerless,
  only,
  reference,
  resolved,
  synthesize,
  testStack,
} from "../../support/support";

const SUBNETS = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"];
const GROUPS = ["sg-0123456789abcdef0"];

test("EndpointAccess creates the endpoint of a cluster, and a subnet group with the endpoint's name", () => {
  const stack = testStack();
  const warehouse = analyticsCluster(stack);
  const endpoint = new EndpointAccess(stack, "Endpoint", { endpointName: "clients", subnetIds: SUBNETS, warehouse });
  expect([endpoint.resource, endpoint.subnetGroup!].map(({ node }) => node.path)).toStrictEqual([
    "test/Endpoint/Resource",
    "test/Endpoint/SubnetGroup",
  ]);
  expect(resolved(stack, endpoint.address)).toBe(reference(endpoint.resource, "address"));
  const synthesized = synthesize(stack);
  expect(only(synthesized, RedshiftSubnetGroup)).toStrictEqual({
    description: "Subnets of the endpoint clients",
    name: "clients",
    subnet_ids: SUBNETS,
  });
  expect(only(synthesized, RedshiftEndpointAccess)).toStrictEqual({
    cluster_identifier: reference(warehouse.resource, "cluster_identifier"),
    endpoint_name: "clients",
    subnet_group_name: reference(endpoint.subnetGroup!, "name"),
  });
});

test("EndpointAccess creates the endpoint of a workgroup in its subnets, without a subnet group", () => {
  const stack = testStack();
  const warehouse = analyticsServerless(stack);
  const endpoint = new EndpointAccess(stack, "Endpoint", { endpointName: "clients", subnetIds: SUBNETS, warehouse });
  expect(endpoint.resource.node.path).toBe("test/Endpoint/Resource");
  expect(endpoint.subnetGroup).toBeUndefined();
  const synthesized = synthesize(stack);
  expect(synthesized.resource).not.toHaveProperty("aws_redshift_subnet_group");
  expect(only(synthesized, RedshiftserverlessEndpointAccess)).toStrictEqual({
    endpoint_name: "clients",
    subnet_ids: SUBNETS,
    workgroup_name: reference(warehouse.workgroup, "workgroup_name"),
  });
});

test("EndpointAccess passes every prop to the endpoint of a cluster", () => {
  const endpointOf = (props: Partial<EndpointAccessOptions>) => {
    const stack = testStack();
    const provider = new AwsProvider(stack, "Other", { alias: "other", region: REGION });
    const endpoint = { endpointName: "clients", ownerAccount: ACCOUNT, provider, vpcSecurityGroupIds: GROUPS };
    const warehouse = analyticsCluster(stack, { availabilityZoneRelocationEnabled: false, multiAz: true });
    new EndpointAccess(stack, "Endpoint", { ...endpoint, warehouse, ...props } as EndpointAccessProps);
    return synthesize(stack);
  };
  const every = { provider: "aws.other", resource_owner: ACCOUNT, vpc_security_group_ids: GROUPS };
  expect(only(endpointOf({ subnetGroupName: "clients" }), RedshiftEndpointAccess)).toMatchObject({
    ...every,
    subnet_group_name: "clients",
  });
  expect(only(endpointOf({ subnetIds: SUBNETS, tags: { team: "data" } }), RedshiftSubnetGroup)).toMatchObject({
    provider: "aws.other",
    tags: { team: "data" },
  });
});

test("EndpointAccess accepts the name of a subnet group of another provider, and creates no subnet group for a workgroup", () => {
  const stack = testStack();
  const provider = new AwsProvider(stack, "Other", { alias: "other", region: REGION });
  const warehouse = analyticsCluster(stack, { subnetIds: SUBNETS });
  const endpoint = { endpointName: "analytics", subnetIds: SUBNETS };
  new EndpointAccess(stack, "Endpoint", { ...endpoint, provider, warehouse });
  new EndpointAccess(stack, "Workgroup", {
    ...endpoint,
    warehouse: analyticsServerless(stack, { key: warehouse.key }),
  });
  expect(Object.keys(synthesize(stack).resource.aws_redshift_subnet_group!)).toHaveLength(2);
});

test("EndpointAccess passes every prop to the endpoint of a workgroup", () => {
  const stack = testStack();
  new EndpointAccess(stack, "Endpoint", {
    endpointName: "clients",
    ownerAccount: ACCOUNT,
    provider: new AwsProvider(stack, "Other", { alias: "other", region: REGION }),
    subnetIds: SUBNETS,
    vpcSecurityGroupIds: GROUPS,
    warehouse: analyticsServerless(stack),
  });
  expect(only(synthesize(stack), RedshiftserverlessEndpointAccess)).toMatchObject({
    owner_account: ACCOUNT,
    provider: "aws.other",
    vpc_security_group_ids: GROUPS,
  });
});

const NAME_RULE =
  "be 1 to 30 lowercase letters, digits or hyphens, beginning with a letter, with no hyphen at the end and no two in a row";
const TAGS_RULE = "be given only with 'subnetIds' of a cluster: only a new subnet group has tags";

describe("EndpointAccess refuses", () => {
  test("missing props", () => {
    expect(() => new EndpointAccess(testStack(), "Endpoint", undefined as never)).toThrow(
      new Error("[test/Endpoint] 'props' must be given, got: nothing"),
    );
  });

  test("a cluster without relocation and Multi-AZ", () => {
    const stack = testStack();
    const warehouse = analyticsCluster(stack, { availabilityZoneRelocationEnabled: false });
    const endpoint = { endpointName: "clients", subnetIds: SUBNETS, warehouse };
    expect(() => new EndpointAccess(stack, "Endpoint", endpoint)).toThrow(
      new Error(
        "[test/Endpoint] 'warehouse' must be a cluster with 'availabilityZoneRelocationEnabled' or 'multiAz': AWS " +
          'creates no endpoint for other clusters, got: "EncryptedCluster"',
      ),
    );
  });

  test.each<[string, Partial<EndpointAccessOptions>, string]>([
    ["an endpoint name with a capital", { endpointName: "Clients" }, `'endpointName' must ${NAME_RULE}, got: Clients`],
    ["no endpoint name", { endpointName: undefined! }, `'endpointName' must ${NAME_RULE}, got: nothing`],
    [
      "an endpoint name of 31 letters",
      { endpointName: "a".repeat(31) },
      `'endpointName' must ${NAME_RULE}, got: ${"a".repeat(31)}`,
    ],
    [
      "21 subnets",
      { subnetIds: Array.from({ length: 21 }, (_, index) => `subnet-${10_000_000 + index}`) },
      "'subnetIds' must name at most 20 subnets, got: 21 subnets",
    ],
    [
      "the name default, which the subnet group would have",
      { endpointName: "default" },
      "'endpointName' must not be default, because AWS has a subnet group of that name, got: default",
    ],
    [
      "the name of the subnet group of a cluster",
      { endpointName: "analytics" },
      "'endpointName' must be another name, because test/Cluster creates a subnet group of this name, got: analytics",
    ],
    ["an empty list of subnets", { subnetIds: [] }, "'subnetIds' must name at least one subnet, got: []"],
    [
      "neither subnets nor a subnet group",
      { subnetIds: undefined },
      "'subnetIds' must be given unless 'subnetGroupName' is given, got: nothing",
    ],
    [
      "a subnet group and subnets together",
      { subnetGroupName: "clients" },
      "'subnetGroupName' must not be combined with 'subnetIds': the group has its own subnets, got: clients",
    ],
    [
      "the ID of a VPC as a subnet",
      { subnetIds: ["vpc-0123456789abcdef0"] },
      "'subnetIds[0]' must be a subnet ID such as subnet-0123456789abcdef0, got: vpc-0123456789abcdef0",
    ],
    [
      "a security group by name",
      { vpcSecurityGroupIds: ["default"] },
      "'vpcSecurityGroupIds[0]' must be a security group ID such as sg-0123456789abcdef0, got: default",
    ],
    [
      "an owner account by name",
      { ownerAccount: "data" },
      "'ownerAccount' must be a 12-digit AWS account ID, got: data",
    ],
    [
      "tags with an existing subnet group",
      { subnetGroupName: "clients", subnetIds: undefined, tags: { a: "b" } },
      `'tags' must ${TAGS_RULE}, got: {"a":"b"}`,
    ],
  ])("for a cluster: %s", (_, props, message) => {
    const stack = testStack();
    const warehouse = analyticsCluster(stack, { subnetIds: SUBNETS });
    const endpoint = { endpointName: "clients", subnetIds: SUBNETS, warehouse };
    expect(() => new EndpointAccess(stack, "Endpoint", { ...endpoint, ...props } as EndpointAccessProps)).toThrow(
      new Error(`[test/Endpoint] ${message}`),
    );
  });

  test.each<[string, Partial<EndpointAccessOptions>, string]>([
    ["no subnets", { subnetIds: undefined }, "'subnetIds' must be given, got: nothing"],
    [
      "a subnet group",
      { subnetGroupName: "clients", subnetIds: undefined },
      "'subnetGroupName' must be left out for a serverless warehouse: give 'subnetIds', got: clients",
    ],
    ["tags", { tags: { a: "b" } }, `'tags' must ${TAGS_RULE}, got: {"a":"b"}`],
  ])("for a serverless warehouse: %s", (_, props, message) => {
    const stack = testStack();
    const endpoint = { endpointName: "clients", subnetIds: SUBNETS, warehouse: analyticsServerless(stack) };
    expect(() => new EndpointAccess(stack, "Endpoint", { ...endpoint, ...props } as EndpointAccessProps)).toThrow(
      new Error(`[test/Endpoint] ${message}`),
    );
  });
});
