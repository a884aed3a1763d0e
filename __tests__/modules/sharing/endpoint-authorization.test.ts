import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { RedshiftEndpointAuthorization } from "@cdktf/provider-aws/lib/redshift-endpoint-authorization";
import { EndpointAuthorization, type EndpointAuthorizationProps } from "../../../modules";
import { ACCOUNT, REGION } from "../../support/arns";
import { analyticsCluster, analyticsServerless, only, reference, synthesize, testStack } from "../../support/support";

const OTHER_ACCOUNT = "444455556666";
const VPC = "vpc-0123456789abcdef0";

test("EndpointAuthorization authorizes all VPCs of the account by default", () => {
  const stack = testStack();
  const warehouse = analyticsCluster(stack);
  const authorization = new EndpointAuthorization(stack, "Partner", { account: OTHER_ACCOUNT, warehouse });
  expect(authorization.resource.node.path).toBe("test/Partner/Resource");
  expect(only(synthesize(stack), RedshiftEndpointAuthorization)).toStrictEqual({
    account: OTHER_ACCOUNT,
    cluster_identifier: reference(warehouse.resource, "cluster_identifier"),
  });
});

test("EndpointAuthorization passes every prop to its resource", () => {
  const stack = testStack();
  new EndpointAuthorization(stack, "Partner", {
    account: OTHER_ACCOUNT,
    forceDelete: true,
    provider: new AwsProvider(stack, "Other", { alias: "other", region: REGION }),
    vpcIds: [VPC],
    warehouse: analyticsCluster(stack),
  });
  expect(only(synthesize(stack), RedshiftEndpointAuthorization)).toMatchObject({
    force_delete: true,
    provider: "aws.other",
    vpc_ids: [VPC],
  });
});

const VPC_RULE = "be a VPC ID such as vpc-0123456789abcdef0";

describe("EndpointAuthorization refuses", () => {
  test("missing props", () => {
    expect(() => new EndpointAuthorization(testStack(), "Partner", undefined as never)).toThrow(
      new Error("[test/Partner] 'props' must be given, got: nothing"),
    );
  });

  test("a serverless warehouse", () => {
    const stack = testStack();
    const authorization = { account: OTHER_ACCOUNT, warehouse: analyticsServerless(stack) };
    expect(() => new EndpointAuthorization(stack, "Partner", authorization as never)).toThrow(
      new Error(
        "[test/Partner] 'warehouse' must be a cluster: the provider authorizes no endpoints of a serverless warehouse, got: " +
          '"EncryptedServerless"',
      ),
    );
  });

  test("a cluster without relocation and Multi-AZ", () => {
    const stack = testStack();
    const warehouse = analyticsCluster(stack, { availabilityZoneRelocationEnabled: false });
    expect(() => new EndpointAuthorization(stack, "Partner", { account: OTHER_ACCOUNT, warehouse })).toThrow(
      new Error(
        "[test/Partner] 'warehouse' must be a cluster with 'availabilityZoneRelocationEnabled' or 'multiAz': AWS " +
          'creates no endpoint for other clusters, got: "EncryptedCluster"',
      ),
    );
  });

  test.each<[string, Partial<EndpointAuthorizationProps>, string]>([
    ["a missing account", { account: undefined! }, "'account' must be a 12-digit AWS account ID, got: nothing"],
    ["an account of 3 digits", { account: "123" }, `'account' must be a 12-digit AWS account ID, got: "123"`],
    [
      "the account of the cluster",
      { account: ACCOUNT },
      `'account' must be another account than the cluster's, which needs no authorization, got: "${ACCOUNT}"`,
    ],
    ["an empty list of VPCs", { vpcIds: [] }, "'vpcIds' must name at least one VPC, got: []"],
    [
      "the ID of a subnet as a VPC",
      { vpcIds: ["subnet-12345678"] },
      `'vpcIds[0]' must ${VPC_RULE}, got: subnet-12345678`,
    ],
    ["the same VPC twice", { vpcIds: [VPC, VPC] }, `'vpcIds[1]' must not repeat an earlier item, got: ${VPC}`],
    ["a string as 'forceDelete'", { forceDelete: "yes" as never }, "'forceDelete' must be true or false, got: yes"],
  ])("%s", (_, props, message) => {
    const stack = testStack();
    const authorization = { account: OTHER_ACCOUNT, warehouse: analyticsCluster(stack) };
    expect(() => new EndpointAuthorization(stack, "Partner", { ...authorization, ...props })).toThrow(
      new Error(`[test/Partner] ${message}`),
    );
  });
});
