import { RedshiftserverlessCustomDomainAssociation } from "@cdktf/provider-aws/lib/redshiftserverless-custom-domain-association";
import { Construct } from "constructs";
import { checkPlace } from "../private/checks";
import { defined } from "../private/defined";
import { checkProps, code, propRules, required, text, type PropRules } from "../private/prop-rules";
import { RESOURCE_PROPS, type ResourceProps } from "../private/resource-props";
import { CERTIFICATE_ARN, DOMAIN_NAME } from "../private/rules";
import { type IServerless, placeOf, serverlessOnly } from "../redshift/warehouse";

/** A domain name of a workgroup. */
export interface ServerlessCustomDomainProps extends ResourceProps {
  /** The ACM certificate of the name, by ARN, in the warehouse's Region. Redshift uses renewals of the certificate. */
  readonly certificateArn: string;
  /** The domain name, such as warehouse.example.com. Its DNS record, a CNAME of the workgroup's endpoint, is not created. */
  readonly domainName: string;
  /** The serverless warehouse. */
  readonly warehouse: IServerless;
}

/** @internal */
export const SERVERLESS_CUSTOM_DOMAIN_PROPS = propRules("ServerlessCustomDomainProps", {
  certificateArn: required(text(CERTIFICATE_ARN)),
  domainName: required(text(DOMAIN_NAME)),
  warehouse: required(code(serverlessOnly("the AWS provider has no domain names for clusters"))),
  ...RESOURCE_PROPS,
} satisfies PropRules<ServerlessCustomDomainProps>);

/**
 * A custom domain name of a workgroup. Clients that connect to it verify the certificate.
 *
 * @example
 * new ServerlessCustomDomain(stack, "Domain", {
 *   certificateArn: "arn:aws:acm:us-east-1:111122223333:certificate/12345678-1234-1234-1234-123456789012",
 *   domainName: "warehouse.example.com",
 *   warehouse: serverless,
 * });
 *
 * @see https://docs.aws.amazon.com/redshift/latest/mgmt/connecting-connection-CNAME.html
 */
export class ServerlessCustomDomain extends Construct {
  /** The wrapped resource. */
  public readonly resource: RedshiftserverlessCustomDomainAssociation;

  /** @throws if a prop breaks its rule, or the warehouse is a cluster */
  public constructor(scope: Construct, id: string, props: ServerlessCustomDomainProps) {
    super(scope, id);
    checkProps(this, props, SERVERLESS_CUSTOM_DOMAIN_PROPS, ({ certificateArn, warehouse }) =>
      checkPlace(this, "certificateArn", certificateArn, placeOf(warehouse)),
    );
    const { certificateArn, domainName, provider, warehouse } = props;
    this.resource = new RedshiftserverlessCustomDomainAssociation(
      this,
      "Resource",
      defined({
        customDomainCertificateArn: certificateArn,
        customDomainName: domainName,
        provider,
        workgroupName: warehouse.workgroupName,
      }),
    );
  }
}
