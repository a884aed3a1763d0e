import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import type { TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { checkEnvironment, partitionOf, regionOf } from "../private/aws-environment";
import {
  check,
  checkAll,
  checkEach,
  checkFlags,
  checkKnownList,
  checkNotEmpty,
  checkObject,
  checkRequired,
  fail,
  known,
} from "../private/checks";
import { defined } from "../private/defined";
import { SECURITY_GROUP_ID, SUBNET_ID, TAGS, VPC_ENDPOINT_SERVICE, VPC_ID } from "../private/rules";
import { canonical, policyJson, type PolicyStatement } from "../private/statement";
import { checkWarehouse, type IWarehouse } from "../redshift/warehouse";
import { LIST_SESSIONS, RESULT_ACTIONS, STATEMENT_ACTIONS } from "./data-api-access";

/** An endpoint, and the network that reaches the Data API through it. */
export interface DataApiEndpointProps {
  /** The subnets that the endpoint is in, one in each Availability Zone of the clients. At least one. */
  readonly subnetIds: readonly string[];
  /** The VPC. */
  readonly vpcId: string;
  /**
   * Whether the Data API's public name leads to the endpoint within the VPC, so that clients need no other name. The VPC
   * has one such endpoint, and must have DNS support and DNS host names. A change is in place, but the AWS provider from
   * 6.28 to 6.35 replaces the endpoint.
   *
   * @default true
   * @see https://github.com/hashicorp/terraform-provider-aws/blob/v6.36.0/CHANGELOG.md
   */
  readonly privateDnsEnabled?: boolean | undefined;
  /**
   * The provider that makes the endpoint.
   *
   * @default - the stack's default provider
   */
  readonly provider?: TerraformProvider | undefined;
  /**
   * The VPC's Region.
   *
   * @default - the provider's, by a data source
   */
  readonly region?: string | undefined;
  /**
   * The security groups of the endpoint, which clients must reach by HTTPS.
   *
   * @default - the VPC's default security group
   */
  readonly securityGroupIds?: readonly string[] | undefined;
  /**
   * The name of the service, if it has another one: `com.amazonaws.us-east-1.redshift-data-fips`.
   *
   * @default - com.amazonaws.REGION.redshift-data, with `cn.` before it in China
   */
  readonly serviceName?: string | undefined;
  /**
   * The endpoint's tags.
   *
   * @default - the provider's default tags only
   */
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /**
   * The warehouses that statements run on through this endpoint. If private DNS is on, nobody in the VPC reaches
   * another one by the Data API.
   *
   * @default - the caller's own permissions decide
   */
  readonly warehouses?: readonly IWarehouse[] | undefined;
}

/**
 * An interface VPC endpoint of the Data API, so that its clients need no way to the internet.
 *
 * @see https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-access.html
 */
export class DataApiEndpoint extends Construct {
  /** The statements of the endpoint's policy, or undefined if the caller's own permissions decide. */
  public readonly statements: readonly PolicyStatement[] | undefined;
  /** The wrapped resource. */
  public readonly resource: VpcEndpoint;

  /** @throws if a prop breaks its rule */
  public constructor(scope: Construct, id: string, props: DataApiEndpointProps) {
    super(scope, id);
    checkObject(this, "props", props, "be given");
    const { provider, securityGroupIds, subnetIds, tags, vpcId, warehouses } = props;
    checkAll(
      () => checkEnvironment(this, props),
      () => checkRequired(this, "vpcId", vpcId, VPC_ID),
      () => {
        if (subnetIds === undefined) {
          fail(this, "subnetIds", "name at least one subnet", subnetIds);
        }
        checkEach(this, "subnetIds", subnetIds, SUBNET_ID);
        checkNotEmpty(this, "subnetIds", subnetIds, "subnet");
      },
      () => checkEach(this, "securityGroupIds", securityGroupIds, SECURITY_GROUP_ID),
      () => checkFlags(this, props, "privateDnsEnabled"),
      () => check(this, "serviceName", props.serviceName, VPC_ENDPOINT_SERVICE),
      () => check(this, "tags", tags, TAGS),
      () => {
        checkKnownList(this, "warehouses", warehouses);
        checkNotEmpty(this, "warehouses", warehouses, "warehouse");
        warehouses?.forEach((warehouse) => checkWarehouse(this, warehouse));
      },
    );
    this.statements = warehouses && statements(warehouses);
    this.resource = new VpcEndpoint(
      this,
      "Resource",
      defined({
        policy: this.statements && policyJson(this.statements),
        privateDnsEnabled: props.privateDnsEnabled ?? true,
        provider,
        securityGroupIds: securityGroupIds && [...securityGroupIds],
        serviceName: props.serviceName ?? serviceName(regionOf(this, props)),
        subnetIds: [...subnetIds],
        tags,
        vpcEndpointType: "Interface",
        vpcId,
      }),
    );
  }
}

function serviceName(region: string): string {
  const isChina = known(region) && partitionOf(region) === "aws-cn";
  return `${isChina ? "cn." : ""}com.amazonaws.${region}.redshift-data`;
}

function statements(warehouses: readonly IWarehouse[]): readonly PolicyStatement[] {
  const Principal = { AWS: "*" };
  return [
    {
      Sid: "RunStatements",
      Effect: "Allow",
      Principal,
      Action: [...STATEMENT_ACTIONS],
      Resource: canonical(warehouses.map(({ warehouseArn }) => warehouseArn)),
    },
    // IAM has no resource for these.
    {
      Sid: "FollowStatements",
      Effect: "Allow",
      Principal,
      Action: [...RESULT_ACTIONS, LIST_SESSIONS],
      Resource: "*",
    },
  ];
}
