import { RedshiftEndpointAuthorization } from "@cdktf/provider-aws/lib/redshift-endpoint-authorization";
import { Construct } from "constructs";
import { arnPart, fail } from "../private/checks";
import { checkOnce } from "../private/creators";
import { defined } from "../private/defined";
import { checkProps, code, flag, list, type PropRules, propRules, required, text } from "../private/prop-rules";
import { RESOURCE_PROPS, type ResourceProps } from "../private/resource-props";
import { ACCOUNT_ID, VPC_ID } from "../private/rules";
import { clusterOnly, type ICluster } from "../redshift/warehouse";
import { checkRelocation } from "./endpoint-access";

/** An account that may create endpoints of a cluster. */
export interface EndpointAuthorizationProps extends ResourceProps {
  /** The account that may create endpoints: 12 digits, and not the account of the cluster. A change replaces the authorization. */
  readonly account: string;
  /**
   * The cluster that the account may reach. Its `availabilityZoneRelocationEnabled` or `multiAz` must be true: AWS creates no
   * endpoint for other clusters.
   */
  readonly warehouse: ICluster;
  /**
   * Whether Redshift deletes the endpoints of the account when the authorization is destroyed. If false, AWS refuses to destroy an
   * authorization that has endpoints.
   *
   * @default - false, the default of the provider
   */
  readonly forceDelete?: boolean | undefined;
  /**
   * The VPCs of the account that may have endpoints, by ID. At least one.
   *
   * @default - all VPCs of the account
   */
  readonly vpcIds?: readonly string[] | undefined;
}

/** @internal */
export const ENDPOINT_AUTHORIZATION_PROPS = propRules("EndpointAuthorizationProps", {
  account: required(text(ACCOUNT_ID)),
  warehouse: required(code(clusterOnly("the provider authorizes no endpoints of a serverless warehouse"))),
  forceDelete: flag(),
  vpcIds: list(VPC_ID, "VPC"),
  ...RESOURCE_PROPS,
} satisfies PropRules<EndpointAuthorizationProps>);

/**
 * The authorization of another account to create VPC endpoints that Redshift manages, for a cluster. The other account then deploys
 * an `EndpointAccess` with the `ownerAccount` of the cluster.
 *
 * @example
 * const warehouse = new EncryptedCluster(stack, "Warehouse", { clusterIdentifier: "analytics", key, nodeType: "ra3.large" });
 * new EndpointAuthorization(stack, "Partner", { account: "444455556666", vpcIds: ["vpc-0123456789abcdef0"], warehouse });
 *
 * @see https://docs.aws.amazon.com/redshift/latest/mgmt/managing-cluster-cross-vpc.html
 */
export class EndpointAuthorization extends Construct {
  /** The wrapped resource. */
  public readonly resource: RedshiftEndpointAuthorization;

  /** @throws if a prop breaks its rule, the account is the cluster's, or AWS gives the cluster no endpoint */
  public constructor(scope: Construct, id: string, props: EndpointAuthorizationProps) {
    super(scope, id);
    checkProps(
      this,
      props,
      ENDPOINT_AUTHORIZATION_PROPS,
      (props) => this.checkAccount(props),
      (props) => checkRelocation(this, props.warehouse),
      ({ account, warehouse }) => checkOnce(this, "account", account, [account, warehouse.warehouseArn]),
    );
    const { account, forceDelete, provider, vpcIds, warehouse } = props;
    this.resource = new RedshiftEndpointAuthorization(
      this,
      "Resource",
      defined({
        account,
        clusterIdentifier: warehouse.clusterIdentifier,
        forceDelete,
        provider,
        vpcIds: vpcIds && [...vpcIds],
      }),
    );
  }

  private checkAccount({ account, warehouse }: EndpointAuthorizationProps): void {
    if (account === arnPart(warehouse.warehouseArn, 4)) {
      fail(this, "account", "be another account than the cluster's, which needs no authorization", account);
    }
  }
}
