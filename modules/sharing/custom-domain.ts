import { RedshiftserverlessCustomDomainAssociation } from "@cdktf/provider-aws/lib/redshiftserverless-custom-domain-association";
import type { TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { checkAll, checkObject, checkRequired } from "../private/checks";
import { defined } from "../private/defined";
import { CERTIFICATE_ARN, DOMAIN_NAME } from "../private/rules";
import { checkKind, type IServerless } from "../redshift/warehouse";

/** A domain name of a workgroup. */
export interface ServerlessCustomDomainProps {
  /** The ACM certificate of the name, by ARN, in the warehouse's Region. Redshift follows its renewals by itself. */
  readonly certificateArn: string;
  /** The domain name, such as warehouse.example.com. Its DNS record, a CNAME of the workgroup's endpoint, is yours. */
  readonly domainName: string;
  /** The serverless warehouse. */
  readonly warehouse: IServerless;
  /**
   * The provider that makes the association.
   *
   * @default - the stack's default provider
   */
  readonly provider?: TerraformProvider | undefined;
}

/**
 * A domain name of your own for a workgroup, under which clients verify its certificate.
 *
 * @see https://docs.aws.amazon.com/redshift/latest/mgmt/connecting-connection-CNAME.html
 */
export class ServerlessCustomDomain extends Construct {
  /** The wrapped resource. */
  public readonly resource: RedshiftserverlessCustomDomainAssociation;

  /** @throws if a prop breaks its rule, or the warehouse is a cluster */
  public constructor(scope: Construct, id: string, props: ServerlessCustomDomainProps) {
    super(scope, id);
    checkObject(this, "props", props, "be given");
    const { certificateArn, domainName, provider, warehouse } = props;
    checkAll(
      () => checkKind(this, "warehouse", warehouse, "serverless", "the provider has no domain names of clusters"),
      () => checkRequired(this, "certificateArn", certificateArn, CERTIFICATE_ARN),
      () => checkRequired(this, "domainName", domainName, DOMAIN_NAME),
    );
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
