import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import { TerraformVariable, Token } from "cdktf";
import {
  DataApiEndpoint,
  type DataApiEndpointProps,
  DataApiKey,
  EncryptedCluster,
  type IWarehouse,
} from "../../../modules";
import { ACCOUNT, CLUSTER_ARN, KEY_ARN, REGION } from "../../support/arns";
import {
  analyticsCluster,
  analyticsServerless,
  existingKey,
  only,
  reference,
  regionExpression,
  statementsOf,
  synthesize,
  testStack,
} from "../../support/support";

const PLACE = { region: REGION, subnetIds: ["subnet-0123456789abcdef0"], vpcId: "vpc-0123456789abcdef0" };

test("DataApiEndpoint creates an interface endpoint with private DNS for the Data API's service", () => {
  const stack = testStack();
  const { resource } = new DataApiEndpoint(stack, "Endpoint", PLACE);
  expect(resource.node.path).toBe("test/Endpoint/Resource");
  expect(only(synthesize(stack), VpcEndpoint)).toStrictEqual({
    private_dns_enabled: true,
    service_name: "com.amazonaws.us-east-1.redshift-data",
    subnet_ids: PLACE.subnetIds,
    vpc_endpoint_type: "Interface",
    vpc_id: PLACE.vpcId,
  });
});

test("DataApiEndpoint passes every prop, and its policy limits SQL statements to the given warehouses", () => {
  const stack = testStack();
  const key = existingKey(stack);
  const serverless = analyticsServerless(stack, { key });
  new DataApiEndpoint(stack, "Endpoint", {
    ...PLACE,
    privateDnsEnabled: false,
    provider: new AwsProvider(stack, "Other", { alias: "other", region: REGION }),
    securityGroupIds: ["sg-0123456789abcdef0"],
    serviceName: "com.amazonaws.us-east-1.redshift-data-fips",
    tags: { team: "data" },
    warehouses: [analyticsCluster(stack, { key }), serverless],
  });
  const { policy, ...rest } = only(synthesize(stack), VpcEndpoint);
  expect(rest).toStrictEqual({
    private_dns_enabled: false,
    provider: "aws.other",
    security_group_ids: ["sg-0123456789abcdef0"],
    service_name: "com.amazonaws.us-east-1.redshift-data-fips",
    subnet_ids: PLACE.subnetIds,
    tags: { team: "data" },
    vpc_endpoint_type: "Interface",
    vpc_id: PLACE.vpcId,
  });
  expect(statementsOf(policy as string)).toStrictEqual([
    {
      Sid: "RunStatements",
      Effect: "Allow",
      Principal: { AWS: "*" },
      Action: [
        "redshift-data:ExecuteStatement",
        "redshift-data:BatchExecuteStatement",
        "redshift-data:ListDatabases",
        "redshift-data:ListSchemas",
        "redshift-data:ListTables",
        "redshift-data:DescribeTable",
      ],
      Resource: [reference(serverless.workgroup, "arn"), CLUSTER_ARN].sort(),
    },
    {
      Sid: "FollowStatements",
      Effect: "Allow",
      Principal: { AWS: "*" },
      Action: [
        "redshift-data:DescribeStatement",
        "redshift-data:GetStatementResult",
        "redshift-data:CancelStatement",
        "redshift-data:ListStatements",
        "redshift-data:ListSessions",
      ],
      Resource: "*",
    },
  ]);
});

test.each([
  ["cn-north-1", "cn.com.amazonaws.cn-north-1.redshift-data"],
  ["us-gov-west-1", "com.amazonaws.us-gov-west-1.redshift-data"],
])("DataApiEndpoint in %s has the service name %s", (region, name) => {
  const stack = testStack();
  new DataApiEndpoint(stack, "Endpoint", { ...PLACE, region });
  expect(only(synthesize(stack), VpcEndpoint).service_name).toBe(name);
});

test("DataApiEndpoint without 'region' has the provider's Region in the service name", () => {
  const stack = testStack();
  new DataApiEndpoint(stack, "Endpoint", { ...PLACE, region: undefined });
  const synthesized = synthesize(stack);
  const region = regionExpression(Object.keys(synthesized.data.aws_region!).join());
  expect(only(synthesized, VpcEndpoint).service_name).toBe(`com.amazonaws.${region}.redshift-data`);
});

const SUBNET_RULE = "be a subnet ID such as subnet-0123456789abcdef0";

test("DataApiEndpoint accepts a warehouse if its Region, or that of the endpoint, is unknown at synthesis", () => {
  const stack = testStack();
  const cluster = analyticsCluster(stack);
  const variable = (name: string) => new TerraformVariable(stack, name, { type: "string" }).stringValue;
  const region = variable("region");
  const key = DataApiKey.fromKeyArn(stack, "Key", { keyArn: variable("key") });
  const serverless = analyticsServerless(stack, { key });
  for (const [index, props] of [
    { region, warehouses: [cluster] },
    { region, warehouses: [serverless] },
    { region: undefined, warehouses: [cluster] },
    { region: "eu-west-1", warehouses: [serverless] },
  ].entries()) {
    expect(() => new DataApiEndpoint(stack, `Endpoint${index}`, { ...PLACE, ...props })).not.toThrow();
  }
});

describe("DataApiEndpoint refuses", () => {
  test("a warehouse of another Region", () => {
    const stack = testStack();
    const props = { ...PLACE, region: "eu-west-1", warehouses: [analyticsCluster(stack)] };
    expect(() => new DataApiEndpoint(stack, "Endpoint", props)).toThrow(
      new Error("[test/Endpoint] 'warehouses[0]' must be in the Region of the endpoint, eu-west-1, got: us-east-1"),
    );
  });

  test("warehouses whose ARNs make the policy larger than an endpoint policy may be", () => {
    const stack = testStack();
    const key = DataApiKey.fromKeyArn(stack, "Key", KEY_ARN);
    const clusterOf = (index: number, suffix = "") =>
      EncryptedCluster.fromClusterAttributes(stack, `Cluster${index}${suffix}`, {
        accountId: ACCOUNT,
        clusterIdentifier: `a-cluster-with-a-long-identifier-${index}${suffix}`,
        endpointAddress: "analytics.abc123xyz789.us-east-1.redshift.amazonaws.com",
        key,
        namespaceArn: "arn:aws:redshift:us-east-1:111122223333:namespace:12345678-1234-1234-1234-123456789012",
        region: REGION,
      });
    const common = Array.from({ length: 229 }, (_, index) => clusterOf(index + 1));
    const endpointWith = (id: string, warehouse: IWarehouse) =>
      new DataApiEndpoint(stack, id, { ...PLACE, warehouses: [...common, warehouse] });
    expect(() => endpointWith("Endpoint", clusterOf(0, "x".repeat(12)))).not.toThrow();
    expect(() => endpointWith("Large", clusterOf(0, "x".repeat(13)))).toThrow(
      /^\[test\/Large\] 'warehouses' must lead to an endpoint policy of at most 20480 characters: .* got: 20481 characters$/,
    );
  });

  test("missing props", () => {
    expect(() => new DataApiEndpoint(testStack(), "Endpoint", undefined as never)).toThrow(
      new Error("[test/Endpoint] 'props' must be given, got: nothing"),
    );
  });

  test.each<[string, Partial<DataApiEndpointProps>, string]>([
    ["a missing VPC ID", { vpcId: undefined! }, "'vpcId' must be a VPC ID such as vpc-0123456789abcdef0, got: nothing"],
    ["a VPC by name", { vpcId: "main" }, "'vpcId' must be a VPC ID such as vpc-0123456789abcdef0, got: main"],
    ["an empty list of subnets", { subnetIds: [] }, "'subnetIds' must name at least one subnet, got: []"],
    ["missing 'subnetIds'", { subnetIds: undefined! }, "'subnetIds' must name at least one subnet, got: nothing"],
    ["a subnet by name", { subnetIds: ["a"] }, `'subnetIds[0]' must ${SUBNET_RULE}, got: a`],
    [
      "a security group by name",
      { securityGroupIds: ["a"] },
      "'securityGroupIds[0]' must be a security group ID such as sg-0123456789abcdef0, got: a",
    ],
    [
      "the service name of the Redshift API",
      { serviceName: "com.amazonaws.us-east-1.redshift" },
      "'serviceName' must be the name of a VPC endpoint service of the Data API, such as " +
        "com.amazonaws.us-east-1.redshift-data, got: com.amazonaws.us-east-1.redshift",
    ],
    ["an empty list of warehouses", { warehouses: [] }, "'warehouses' must name at least one warehouse, got: []"],
    [
      "a list token as warehouses",
      { warehouses: Token.asList({ resolve: () => [] }) as never[] },
      "'warehouses' must be a list whose length is known when the configuration is synthesized, got: a list token",
    ],
    [
      "a warehouse by ARN",
      { warehouses: [CLUSTER_ARN as never] },
      `'warehouses[0]' must be a warehouse, such as an EncryptedCluster or an EncryptedServerless, got: ${CLUSTER_ARN}`,
    ],
    [
      "a string as 'privateDnsEnabled'",
      { privateDnsEnabled: "no" as never },
      "'privateDnsEnabled' must be true or false, got: no",
    ],
    ["an Availability Zone as Region", { region: "us-east-1a" }, "'region' must be an AWS region, got: us-east-1a"],
  ])("%s", (_, props, message) => {
    expect(() => new DataApiEndpoint(testStack(), "Endpoint", { ...PLACE, ...props })).toThrow(
      new Error(`[test/Endpoint] ${message}`),
    );
  });
});
