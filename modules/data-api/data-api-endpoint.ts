import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import { Construct } from "constructs";
import { checkRegionOfProvider, regionOf } from "../private/aws-environment";
import { partitionOf } from "../private/partition";
import { checkKnownList, checkNotEmpty, checkRequired, fail, known } from "../private/checks";
import { defined } from "../private/defined";
import {
  checkProps,
  code,
  flag,
  list,
  type PropRules,
  propRules,
  required,
  text,
  withPresets,
} from "../private/prop-rules";
import { TAGGED_RESOURCE_PROPS, type TaggedResourceProps } from "../private/resource-props";
import { follows } from "../private/rule";
import { REGION, SECURITY_GROUP_ID, SUBNET_ID, VPC_ENDPOINT_SERVICE, VPC_ID } from "../private/rules";
import { checkDeployedBefore } from "../private/stack-boundary";
import { canonical, knownCharacters, policyJson, type PolicyStatement } from "../private/statement";
import { type IWarehouse, placeOf, WAREHOUSE } from "../redshift/warehouse";
import { LIST_SESSIONS, RESULT_ACTIONS, STATEMENT_ACTIONS } from "./data-api-access";

/** An endpoint, and the network that reaches the Data API through it. */
export interface DataApiEndpointProps extends TaggedResourceProps {
  /** The subnets of the endpoint, one in each Availability Zone of the clients. At least one. */
  readonly subnetIds: readonly string[];
  /** The VPC of the endpoint, by ID. */
  readonly vpcId: string;
  /**
   * Whether the Data API's public name leads to the endpoint within the VPC, so that clients need no other name. A VPC can have one
   * such endpoint, and must have DNS support and DNS host names. A change is in place, but the AWS provider from 6.28 to 6.35
   * replaces the endpoint.
   *
   * @default true
   * @see https://github.com/hashicorp/terraform-provider-aws/blob/v6.36.0/CHANGELOG.md
   */
  readonly privateDnsEnabled?: boolean | undefined;
  /**
   * The VPC's Region.
   *
   * @default - the provider's, by a data source
   */
  readonly region?: string | undefined;
  /**
   * The security groups of the endpoint. They must allow HTTPS from clients.
   *
   * @default - the VPC's default security group
   */
  readonly securityGroupIds?: readonly string[] | undefined;
  /**
   * The name of the service, if it is not the default: `com.amazonaws.us-east-1.redshift-data-fips`.
   *
   * @default - com.amazonaws.REGION.redshift-data, with `cn.` before it in China
   */
  readonly serviceName?: string | undefined;
  /**
   * The only warehouses on which statements may run through this endpoint. If private DNS is on, clients in the VPC reach no other
   * warehouse by the Data API.
   *
   * @default - the caller's own permissions decide
   */
  readonly warehouses?: readonly IWarehouse[] | undefined;
}

/** @internal */
export const DATA_API_ENDPOINT_PROPS = propRules("DataApiEndpointProps", {
  subnetIds: required(list(SUBNET_ID, "subnet")),
  vpcId: required(text(VPC_ID)),
  privateDnsEnabled: flag(true),
  region: text(REGION),
  securityGroupIds: list(SECURITY_GROUP_ID),
  serviceName: text(VPC_ENDPOINT_SERVICE),
  warehouses: code(),
  ...TAGGED_RESOURCE_PROPS,
} satisfies PropRules<DataApiEndpointProps>);

/** The most characters of the policy of an endpoint: https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html */
const MAX_POLICY = 20_480;

/**
 * An interface VPC endpoint of the Data API. Its clients need no route to the internet.
 *
 * @example
 * new DataApiEndpoint(stack, "DataApi", {
 *   region: "us-east-1",
 *   securityGroupIds: ["sg-0123456789abcdef0"],
 *   subnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
 *   vpcId: "vpc-0123456789abcdef0",
 *   warehouses: [warehouse],
 * });
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
    checkProps(
      this,
      props,
      DATA_API_ENDPOINT_PROPS,
      (props) => this.checkWarehouses(props),
      ({ provider, region }) => checkRegionOfProvider(this, "region", region, provider),
    );
    const settings = withPresets(props, DATA_API_ENDPOINT_PROPS);
    const { privateDnsEnabled, provider, securityGroupIds, subnetIds, tags, vpcId, warehouses } = settings;
    this.statements = warehouses && statements(warehouses);
    this.resource = new VpcEndpoint(
      this,
      "Resource",
      defined({
        policy: this.statements && policyJson(this.statements),
        privateDnsEnabled,
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

  private checkWarehouses({ region, warehouses }: DataApiEndpointProps): void {
    checkKnownList(this, "warehouses", warehouses);
    checkNotEmpty(this, "warehouses", warehouses, "warehouse");
    warehouses?.forEach((warehouse, index) => {
      checkRequired(this, `warehouses[${index}]`, warehouse, WAREHOUSE);
      checkDeployedBefore(this, `warehouses[${index}]`, warehouse.warehouseArn);
      const { region: warehouseRegion } = placeOf(warehouse);
      if (follows(region, REGION) && follows(warehouseRegion, REGION) && region !== warehouseRegion) {
        fail(this, `warehouses[${index}]`, `be in the Region of the endpoint, ${region}`, warehouseRegion);
      }
    });
    const characters = warehouses ? knownCharacters(policyJson(statements(warehouses))) : 0;
    if (characters > MAX_POLICY) {
      const must = `lead to an endpoint policy of at most ${MAX_POLICY} characters: name fewer warehouses`;
      fail(this, "warehouses", must, `${characters} characters`);
    }
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
    // These actions accept no resource but `*`.
    {
      Sid: "FollowStatements",
      Effect: "Allow",
      Principal,
      Action: [...RESULT_ACTIONS, LIST_SESSIONS],
      Resource: "*",
    },
  ];
}
