import { RedshiftEndpointAccess } from "@cdktf/provider-aws/lib/redshift-endpoint-access";
import { RedshiftSubnetGroup } from "@cdktf/provider-aws/lib/redshift-subnet-group";
import { RedshiftserverlessEndpointAccess } from "@cdktf/provider-aws/lib/redshiftserverless-endpoint-access";
import type { TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { checkAtMost, checkNotBoth, checkNotEmpty, fail } from "../private/checks";
import { checkOnce, checkSubnetGroupName } from "../private/creators";
import { defined } from "../private/defined";
import { checkProps, code, list, map, propRules, required, text, type PropRules } from "../private/prop-rules";
import { PROVIDER } from "../private/resource-props";
import {
  ACCOUNT_ID,
  ENDPOINT_NAME,
  GROUP_NAME,
  MAX_SUBNETS,
  SECURITY_GROUP_ID,
  SUBNET_ID,
  TAGS,
} from "../private/rules";
import { type ICluster, type IServerless, type IWarehouse, type PropsFor, WAREHOUSE } from "../redshift/warehouse";

/** An endpoint, and the network that reaches the warehouse through it. */
export interface EndpointAccessOptions {
  /** The endpoint's name: 1 to 30 lowercase letters, digits or hyphens. A change replaces the endpoint. */
  readonly endpointName: string;
  /** The warehouse. A cluster must have `availabilityZoneRelocationEnabled` or `multiAz`. */
  readonly warehouse: IWarehouse;
  /**
   * The account that owns the warehouse, if it is not the endpoint's: 12 digits. It must grant access.
   *
   * @default - the account of the provider's credentials
   */
  readonly ownerAccount?: string | undefined;
  /**
   * The provider of the clients' account, which creates the endpoint.
   *
   * @default - the stack's default provider
   */
  readonly provider?: TerraformProvider | undefined;
  /**
   * An existing subnet group for the endpoint. Clusters only.
   *
   * @default - a group of `subnetIds` is created
   */
  readonly subnetGroupName?: string | undefined;
  /**
   * The subnets of the endpoint. A change replaces the endpoint of a serverless warehouse.
   *
   * @default - a cluster's `subnetGroupName`; required for a serverless warehouse
   */
  readonly subnetIds?: readonly string[] | undefined;
  /**
   * The tags of the subnet group that is created. Endpoints have none.
   *
   * @default - the provider's default tags only
   */
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /**
   * The security groups of the endpoint.
   *
   * @default - the VPC's default security group
   */
  readonly vpcSecurityGroupIds?: readonly string[] | undefined;
}

/** @internal */
export const ENDPOINT_ACCESS_PROPS = propRules("EndpointAccessOptions", {
  endpointName: required(text(ENDPOINT_NAME)),
  warehouse: required(code(WAREHOUSE)),
  ownerAccount: text(ACCOUNT_ID),
  provider: PROVIDER,
  subnetGroupName: text(GROUP_NAME),
  subnetIds: list(SUBNET_ID),
  tags: map(TAGS),
  vpcSecurityGroupIds: list(SECURITY_GROUP_ID),
} satisfies PropRules<EndpointAccessOptions>);

/** The props of an endpoint. Only the endpoint of a cluster has a subnet group. */
export type EndpointAccessProps =
  | PropsFor<ICluster, EndpointAccessOptions>
  | PropsFor<IWarehouse, EndpointAccessOptions & { readonly subnetIds: readonly string[] }, "subnetGroupName" | "tags">;

/**
 * A VPC endpoint that Redshift manages, so that SQL clients of another VPC reach a warehouse. The Data API needs none.
 *
 * @example
 * const subnetIds = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"];
 * new EndpointAccess(stack, "Clients", { endpointName: "clients", subnetIds, warehouse });
 *
 * @see https://docs.aws.amazon.com/redshift/latest/mgmt/managing-cluster-cross-vpc.html
 * @see https://docs.aws.amazon.com/redshift/latest/mgmt/serverless-connecting.html
 */
export class EndpointAccess extends Construct {
  /** The DNS name to connect to. */
  public readonly address: string;
  /** The wrapped resource. */
  public readonly resource: RedshiftEndpointAccess | RedshiftserverlessEndpointAccess;
  /** The subnet group, or undefined if none is created. */
  public readonly subnetGroup: RedshiftSubnetGroup | undefined;

  /** @throws if a prop breaks its rule, a prop is of the other kind of warehouse, or AWS gives the cluster no endpoint */
  public constructor(scope: Construct, id: string, props: EndpointAccessProps) {
    super(scope, id);
    checkProps(
      this,
      props,
      ENDPOINT_ACCESS_PROPS,
      (props) => this.checkSubnets(props),
      (props) => this.checkSubnetGroup(props),
      (props) => checkRelocation(this, props.warehouse),
      ({ endpointName, provider, warehouse }) =>
        checkOnce(this, "endpointName", endpointName, [warehouse.kind, endpointName, provider?.fqn]),
    );
    const { warehouse } = props;
    if (warehouse.kind === "serverless") {
      this.resource = this.createWorkgroupEndpoint(warehouse, props);
    } else {
      this.subnetGroup = this.createSubnetGroup(props);
      this.resource = this.createClusterEndpoint(warehouse, props);
    }
    this.address = this.resource.address;
  }

  private createWorkgroupEndpoint(
    { workgroupName }: IServerless,
    { endpointName, ownerAccount, provider, subnetIds, vpcSecurityGroupIds }: EndpointAccessProps,
  ): RedshiftserverlessEndpointAccess {
    return new RedshiftserverlessEndpointAccess(
      this,
      "Resource",
      defined({
        endpointName,
        ownerAccount,
        provider,
        subnetIds: [...subnetIds!],
        vpcSecurityGroupIds: vpcSecurityGroupIds && [...vpcSecurityGroupIds],
        workgroupName,
      }),
    );
  }

  private createClusterEndpoint(
    { clusterIdentifier }: ICluster,
    { endpointName, ownerAccount, provider, subnetGroupName, vpcSecurityGroupIds }: EndpointAccessProps,
  ): RedshiftEndpointAccess {
    return new RedshiftEndpointAccess(
      this,
      "Resource",
      defined({
        clusterIdentifier,
        endpointName,
        provider,
        resourceOwner: ownerAccount,
        subnetGroupName: this.subnetGroup?.name ?? subnetGroupName!,
        vpcSecurityGroupIds: vpcSecurityGroupIds && [...vpcSecurityGroupIds],
      }),
    );
  }

  private createSubnetGroup({
    endpointName,
    provider,
    subnetIds,
    tags,
  }: EndpointAccessProps): RedshiftSubnetGroup | undefined {
    if (subnetIds === undefined) {
      return undefined;
    }
    return new RedshiftSubnetGroup(
      this,
      "SubnetGroup",
      defined({
        description: `Subnets of the endpoint ${endpointName}`,
        name: endpointName,
        provider,
        subnetIds: [...subnetIds],
        tags,
      }),
    );
  }

  private checkSubnetGroup({ endpointName, provider, subnetIds, warehouse }: EndpointAccessProps): void {
    if (subnetIds !== undefined && warehouse.kind === "cluster") {
      checkSubnetGroupName(this, "endpointName", endpointName, provider);
    }
  }

  private checkSubnets(props: EndpointAccessProps): void {
    const { subnetGroupName, subnetIds, tags, warehouse } = props;
    checkNotEmpty(this, "subnetIds", subnetIds, "subnet");
    checkNotBoth(this, props, "subnetGroupName", "subnetIds", "the group has its own subnets");
    const isServerless = warehouse.kind === "serverless";
    if (!isServerless) {
      checkAtMost(this, "subnetIds", subnetIds, MAX_SUBNETS, "subnets");
    }
    if (isServerless && subnetGroupName !== undefined) {
      fail(this, "subnetGroupName", "be left out for a serverless warehouse: give 'subnetIds'", subnetGroupName);
    }
    if (subnetIds === undefined && subnetGroupName === undefined) {
      fail(this, "subnetIds", isServerless ? "be given" : "be given unless 'subnetGroupName' is given", subnetIds);
    }
    if (tags !== undefined && (isServerless || subnetIds === undefined)) {
      fail(this, "tags", "be given only with 'subnetIds' of a cluster: only a new subnet group has tags", tags);
    }
  }
}

/** Refuses a cluster without relocation and multi-AZ, because AWS creates no endpoint for it. */
export function checkRelocation(where: Construct, warehouse: IWarehouse): void {
  const cluster = warehouse.kind === "cluster" ? warehouse.resource : undefined;
  if (cluster?.availabilityZoneRelocationEnabledInput === false && cluster.multiAzInput === false) {
    const must =
      "be a cluster with 'availabilityZoneRelocationEnabled' or 'multiAz': AWS creates no endpoint for other clusters";
    fail(where, "warehouse", must, warehouse);
  }
}
