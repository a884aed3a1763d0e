import { RedshiftDataShareAuthorization } from "@cdktf/provider-aws/lib/redshift-data-share-authorization";
import { RedshiftDataShareConsumerAssociation } from "@cdktf/provider-aws/lib/redshift-data-share-consumer-association";
import { Fn } from "cdktf";
import { Construct } from "constructs";
import { checkPartition, known } from "../private/checks";
import { defined } from "../private/defined";
import { checkProps, code, flag, propRules, required, text, type PropRules } from "../private/prop-rules";
import { RESOURCE_PROPS, type ResourceProps } from "../private/resource-props";
import { DATASHARE_ARN, DATASHARE_CONSUMER, DATASHARE_NAME } from "../private/rules";
import { type IWarehouse, placeOf, WAREHOUSE } from "../redshift/warehouse";

/** A datashare of a warehouse, and the account that may use it. */
export interface DatashareAuthorizationProps extends ResourceProps {
  /** The consumer: an account of 12 digits, `DataCatalog/ACCOUNT` for Lake Formation, or `ADX`. */
  readonly consumerIdentifier: string;
  /** The datashare's name. SQL creates it (`CREATE DATASHARE`) and grants it to the consumer, before this construct is deployed. */
  readonly datashareName: string;
  /** The warehouse that shares. */
  readonly warehouse: IWarehouse;
  /**
   * Whether the consumer may write, if SQL has granted it.
   *
   * @default - false, the default of AWS
   */
  readonly allowWrites?: boolean | undefined;
}

/** @internal */
export const DATASHARE_AUTHORIZATION_PROPS = propRules("DatashareAuthorizationProps", {
  consumerIdentifier: required(text(DATASHARE_CONSUMER)),
  datashareName: required(text(DATASHARE_NAME)),
  warehouse: required(code(WAREHOUSE)),
  allowWrites: flag(),
  ...RESOURCE_PROPS,
} satisfies PropRules<DatashareAuthorizationProps>);

/** A datashare of another account, and the warehouse that uses it. */
export interface DatashareAssociationProps extends ResourceProps {
  /** The datashare's ARN: `dataShareArn` of the owner's `DatashareAuthorization`. */
  readonly dataShareArn: string;
  /** The warehouse that uses the datashare. */
  readonly warehouse: IWarehouse;
  /**
   * Whether the warehouse may write, if the owner allows it.
   *
   * @default - false, the default of AWS
   */
  readonly allowWrites?: boolean | undefined;
}

/** @internal */
export const DATASHARE_ASSOCIATION_PROPS = propRules("DatashareAssociationProps", {
  dataShareArn: required(text(DATASHARE_ARN)),
  warehouse: required(code(WAREHOUSE)),
  allowWrites: flag(),
  ...RESOURCE_PROPS,
} satisfies PropRules<DatashareAssociationProps>);

/**
 * The authorization of another account to use a datashare. A consumer of the same account needs none.
 *
 * @example
 * new DatashareAuthorization(stack, "Orders", { consumerIdentifier: "444455556666", datashareName: "orders", warehouse });
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
    checkProps(this, props, DATASHARE_AUTHORIZATION_PROPS);
    const { allowWrites, consumerIdentifier, datashareName, provider, warehouse } = props;
    // In the replacement of a regular expression, $ begins the name of a group, and $$ stands for $.
    const name = known(datashareName) ? datashareName.replaceAll("$", "$$$$") : Fn.replace(datashareName, "$", "$$");
    // The service in the ARN of a datashare is redshift, also for a serverless namespace.
    this.dataShareArn = Fn.replace(
      warehouse.namespaceArn,
      "/^arn:([^:]+):[^:]+:([^:]+):([^:]+):namespace[:/](.+)$/",
      `arn:$1:redshift:$2:$3:datashare:$4/${name}`,
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
 * @example
 * new DatashareAssociation(stack, "Orders", {
 *   dataShareArn: "arn:aws:redshift:us-east-1:444455556666:datashare:12345678-1234-1234-1234-123456789012/orders",
 *   warehouse,
 * });
 *
 * @see https://docs.aws.amazon.com/redshift/latest/dg/across-account.html
 */
export class DatashareAssociation extends Construct {
  /** The wrapped resource. */
  public readonly resource: RedshiftDataShareConsumerAssociation;

  /** @throws if a prop breaks its rule */
  public constructor(scope: Construct, id: string, props: DatashareAssociationProps) {
    super(scope, id);
    checkProps(this, props, DATASHARE_ASSOCIATION_PROPS, ({ dataShareArn, warehouse }) =>
      checkPartition(this, "dataShareArn", dataShareArn, placeOf(warehouse).partition),
    );
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
