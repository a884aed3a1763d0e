import { Testing } from "cdktf";
import { fleetStacks } from "../../../app/stacks/fleet-stacks";
import { fleetOf, only, type Synthesized, synthesize, warningsOf } from "../../support/support";

const VPC = "vpc-0123456789abcdef0";
const SUBNET = "subnet-0123456789abcdef0";
const ENDPOINT = { tfResourceType: "aws_vpc_endpoint" };
const text = (...endpoints: string[]): string => `
accounts:
  "111122223333": {assumeRole: {roleArn: "arn:aws:iam::111122223333:role/Deployer"}}
defaults:
  account: "111122223333"
  administrators: ["arn:aws:iam::111122223333:root"]
  key: {alias: alias/warehouses}
  region: eu-west-1
  tags: {team: data}
dataApiEndpoints:
${endpoints.map((endpoint) => `  - {${endpoint}}\n`).join("")}
warehouses:
  - {name: sales, users: ["arn:aws:iam::111122223333:role/Reader"], serverless: {}}
`;

function stacksOf(...endpoints: string[]): Synthesized[] {
  return fleetStacks(Testing.app(), fleetOf({ "w.yaml": text(...endpoints) }), "../../..")
    .map(synthesize)
    .slice(1);
}

function linesOf(...endpoints: string[]): string[] {
  try {
    stacksOf(...endpoints);
    return [];
  } catch (error) {
    return (error as Error).message.split("\n");
  }
}

test("an entry of dataApiEndpoints is a stack with the account, Region and tags of the defaults", () => {
  const [stack] = stacksOf(`name: vpc, subnetIds: [${SUBNET}], vpcId: ${VPC}`);
  expect(only(stack!, ENDPOINT)).toStrictEqual({
    private_dns_enabled: true,
    service_name: "com.amazonaws.eu-west-1.redshift-data",
    subnet_ids: [SUBNET],
    vpc_endpoint_type: "Interface",
    vpc_id: VPC,
  });
  expect(Object.keys(stack!.resource)).toStrictEqual(["aws_vpc_endpoint"]);
  expect(stack!.provider.aws).toMatchObject([
    {
      allowed_account_ids: ["111122223333"],
      assume_role: [{ role_arn: "arn:aws:iam::111122223333:role/Deployer" }],
      default_tags: [{ tags: { team: "data" } }],
      region: "eu-west-1",
    },
  ]);
  const [address] = Object.keys(stack!.resource.aws_vpc_endpoint!);
  expect(stack!.output).toMatchObject({
    dns_name: {
      description: "The endpoint's own DNS name, which leads to it in any case",
      value: `\${aws_vpc_endpoint.${address}.dns_entry[0].dns_name}`,
    },
    vpc_endpoint_id: { value: `\${aws_vpc_endpoint.${address}.id}` },
  });
});

test("only the stack of an endpoint warns of a provider version that replaces endpoints", () => {
  const configuration = `${text(`name: vpc, subnetIds: [${SUBNET}], vpcId: ${VPC}`)}awsProviderVersion: 6.30.0\n`;
  const stacks = fleetStacks(Testing.app(), fleetOf({ "w.yaml": configuration }), "../../..");
  expect(
    stacks.map((stack) => warningsOf(stack).filter((warning) => warning.includes("'privateDnsEnabled'")).length),
  ).toStrictEqual([0, 1]);
});

test("an entry of dataApiEndpoints looks up subnets and security groups in its VPC", () => {
  const place = `vpcId: ${VPC}, subnetIds: {tags: {tier: data}}`;
  const [, stack] = stacksOf(
    `name: vpc, ${place}`,
    `name: again, ${place}, securityGroupIds: {names: [clients]}, privateDnsEnabled: false`,
    `name: fips, ${place}, serviceName: com.amazonaws.us-east-1.redshift-data-fips, region: us-east-1`,
  );
  const filters = (type: string): unknown => Object.values(stack!.data[type]!)[0]!.filter;
  expect(filters("aws_subnets")).toStrictEqual([{ name: "vpc-id", values: [VPC] }]);
  expect(filters("aws_security_groups")).toStrictEqual([
    { name: "group-name", values: ["clients"] },
    { name: "vpc-id", values: [VPC] },
  ]);
  expect(only(stack!, ENDPOINT)).toMatchObject({
    private_dns_enabled: false,
    security_group_ids: expect.stringContaining("data.aws_security_groups") as string,
    subnet_ids: expect.stringContaining("data.aws_subnets") as string,
  });
});

test.each<[string, string[], string]>([
  [
    "a lookup of subnets in another VPC",
    [`name: vpc, vpcId: ${VPC}, subnetIds: {vpcId: vpc-11111111}`],
    `w.yaml:11 dataApiEndpoints[0].subnetIds.vpcId must be left out, or be the VPC of the endpoint, ${VPC}, got: vpc-11111111`,
  ],
  [
    "a lookup of security groups in another VPC",
    [`name: vpc, vpcId: ${VPC}, subnetIds: [${SUBNET}], securityGroupIds: {names: [a], vpcId: vpc-11111111}`],
    `w.yaml:11 dataApiEndpoints[0].securityGroupIds.vpcId must be left out, or be the VPC of the endpoint, ${VPC}, got: vpc-11111111`,
  ],
  ["a missing vpcId", [`name: vpc, subnetIds: [${SUBNET}]`], "w.yaml:11 dataApiEndpoints[0].vpcId must be given"],
  ["missing subnetIds", [`name: vpc, vpcId: ${VPC}`], "w.yaml:11 dataApiEndpoints[0].subnetIds must be given"],
  [
    "an unknown key",
    [`name: vpc, vpcId: ${VPC}, subnetIds: [${SUBNET}], users: []`],
    "w.yaml:11 dataApiEndpoints[0].users is not a known key, known are name, account, region, subnetIds, vpcId, privateDnsEnabled, securityGroupIds, serviceName, tags",
  ],
  [
    "the name of a warehouse",
    [`name: sales, vpcId: ${VPC}, subnetIds: [${SUBNET}]`],
    "w.yaml:14 warehouses[0].name must not be the name of dataApiEndpoints[0].name as well, got: sales",
  ],
  [
    "two endpoints with private DNS in one VPC",
    ["one", "two"].map((name) => `name: ${name}, vpcId: ${VPC}, subnetIds: [${SUBNET}]`),
    `w.yaml:12 dataApiEndpoints[1].vpcId must not be the VPC with private DNS of dataApiEndpoints[0].vpcId as well, got: ${VPC}`,
  ],
  [
    "two endpoints with private DNS in one VPC, one of them with the default serviceName",
    ["one", "two, serviceName: com.amazonaws.eu-west-1.redshift-data"].map(
      (name) => `name: ${name}, vpcId: ${VPC}, subnetIds: [${SUBNET}]`,
    ),
    `w.yaml:12 dataApiEndpoints[1].vpcId must not be the VPC with private DNS of dataApiEndpoints[0].vpcId as well, got: ${VPC}`,
  ],
  [
    "a serviceName of another Region",
    [`name: vpc, vpcId: ${VPC}, subnetIds: [${SUBNET}], serviceName: com.amazonaws.us-east-1.redshift-data`],
    "w.yaml:11 dataApiEndpoints[0].serviceName must be a service of eu-west-1, got: com.amazonaws.us-east-1.redshift-data",
  ],
  [
    "a lookup of subnets with empty tags",
    [`name: vpc, vpcId: ${VPC}, subnetIds: {tags: {}}`],
    "w.yaml:11 dataApiEndpoints[0].subnetIds.tags must have at least one tag, got: {}",
  ],
])("dataApiEndpoints refuses %s", (_, endpoints, line) => {
  expect(linesOf(...endpoints)).toContain(line);
});
