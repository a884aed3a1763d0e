import { RedshiftDataShareAuthorization } from "@cdktf/provider-aws/lib/redshift-data-share-authorization";
import { RedshiftDataShareConsumerAssociation } from "@cdktf/provider-aws/lib/redshift-data-share-consumer-association";
import { Fn, type TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { defined } from "../private/defined";
import { checkProps, code, flag, propRules, required, text, type PropRules } from "../private/prop-rules";
import { DATASHARE_ARN, DATASHARE_CONSUMER, DATASHARE_NAME } from "../private/rules";
import { checkWarehouse, type IWarehouse } from "../redshift/warehouse";

/** Which datashare of a warehouse another account may use. */
export interface DatashareAuthorizationProps {
  /** The consumer: an account of 12 digits, `DataCatalog/ACCOUNT` for Lake Formation, or `ADX`. */
  readonly consumerIdentifier: string;
  /** The datashare's name. SQL makes it and grants it to the consumer (`CREATE DATASHARE`) before this is deployed. */
  readonly datashareName: string;
  /** The warehouse that shares. */
  readonly warehouse: IWarehouse;
  /**
   * Whether the consumer may write, if SQL has granted it.
   *
   * @default - false, as AWS decides
   */
  readonly allowWrites?: boolean | undefined;
  /**
   * The provider that authorizes.
   *
   * @default - the stack's default provider
   */
  readonly provider?: TerraformProvider | undefined;
}

/** The rules of the props. */
export const DATASHARE_AUTHORIZATION_PROPS = propRules("DatashareAuthorizationProps", {
  consumerIdentifier: required(text(DATASHARE_CONSUMER)),
  datashareName: required(text(DATASHARE_NAME)),
  warehouse: required(code()),
  allowWrites: flag(),
  provider: code(),
} satisfies PropRules<DatashareAuthorizationProps>);

/** Which datashare of another account a warehouse uses. */
export interface DatashareAssociationProps {
  /** The datashare's ARN: `DatashareAuthorization` of its owner has it. */
  readonly dataShareArn: string;
  /** The warehouse that uses it. */
  readonly warehouse: IWarehouse;
  /**
   * Whether the warehouse may write, if the owner allows it.
   *
   * @default - false, as AWS decides
   */
  readonly allowWrites?: boolean | undefined;
  /**
   * The provider that associates.
   *
   * @default - the stack's default provider
   */
  readonly provider?: TerraformProvider | undefined;
}

/** The rules of the props. */
export const DATASHARE_ASSOCIATION_PROPS = propRules("DatashareAssociationProps", {
  dataShareArn: required(text(DATASHARE_ARN)),
  warehouse: required(code()),
  allowWrites: flag(),
  provider: code(),
} satisfies PropRules<DatashareAssociationProps>);

/**
 * The consent of a datashare's owner that another account uses it. In one account, none is needed.
 *
 * @see https://docs.aws.amazon.com/redshift/latest/dg/across-account.html
 */
export class DatashareAuthorization extends Construct {
  /** The datashare's ARN. */
  public readonly dataShareArn: string;
  /** The wrapped resource. */
  public readonly resource: RedshiftDataShareAuthorization;

  /** @throws if a prop breaks its rule */
  public constructor(scope: Construct, id: string, props: DatashareAuthorizationProps) {
    super(scope, id);
    checkProps(this, props, DATASHARE_AUTHORIZATION_PROPS, (props) => checkWarehouse(this, props.warehouse));
    const { allowWrites, consumerIdentifier, datashareName, provider, warehouse } = props;
    // Of a serverless namespace, too, it is an ARN of the service redshift.
    this.dataShareArn = Fn.replace(
      warehouse.namespaceArn,
      "/^arn:([^:]+):[^:]+:([^:]+):([^:]+):namespace[:/](.+)$/",
      `arn:$1:redshift:$2:$3:datashare:$4/${datashareName}`,
    );
    this.resource = new RedshiftDataShareAuthorization(
      this,
      "Resource",
      defined({
        allowWrites,
        consumerIdentifier,
        dataShareArn: this.dataShareArn,
        provider,
      }),
    );
  }
}

/**
 * The use of another account's datashare by the namespace of a warehouse.
 *
 * @see https://docs.aws.amazon.com/redshift/latest/dg/across-account.html
 */
export class DatashareAssociation extends Construct {
  /** The wrapped resource. */
  public readonly resource: RedshiftDataShareConsumerAssociation;

  /** @throws if a prop breaks its rule */
  public constructor(scope: Construct, id: string, props: DatashareAssociationProps) {
    super(scope, id);
    checkProps(this, props, DATASHARE_ASSOCIATION_PROPS, (props) => checkWarehouse(this, props.warehouse));
    const { allowWrites, dataShareArn, provider, warehouse } = props;
    this.resource = new RedshiftDataShareConsumerAssociation(
      this,
      "Resource",
      defined({
        allowWrites,
        consumerArn: warehouse.namespaceArn,
        dataShareArn,
        provider,
      }),
    );
  }
}
