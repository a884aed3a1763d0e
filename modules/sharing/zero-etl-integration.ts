import { RdsIntegration } from "@cdktf/provider-aws/lib/rds-integration";
import { RedshiftIntegration } from "@cdktf/provider-aws/lib/redshift-integration";
import { Construct } from "constructs";
import { checkKey, checkKeyRegion, type IDataApiKey } from "../kms/key";
import { KeyStatements } from "../kms/key-statements";
import { arnPart, checkPartition, fail, known, type Where } from "../private/checks";
import { defined } from "../private/defined";
import { checkProps, code, decision, map, type PropRules, propRules, required, text } from "../private/prop-rules";
import { TAGGED_RESOURCE_PROPS, type TaggedResourceProps } from "../private/resource-props";
import { follows } from "../private/rule";
import {
  ADDITIONAL_ENCRYPTION_CONTEXT,
  DATA_FILTER,
  INTEGRATION_DESCRIPTION,
  INTEGRATION_NAME,
  REGION,
  ZERO_ETL_SOURCE_ARN,
} from "../private/rules";
import { checkDeployedBefore, dependables } from "../private/stack-boundary";
import { type IWarehouse, placeOf, WAREHOUSE } from "../redshift/warehouse";
import { authorizedSourcesOf, INTEGRATION_POLICY, type IntegrationPolicy } from "./integration-policy";

/** The source of a zero-ETL integration, and its target warehouse. */
export interface ZeroEtlIntegrationProps extends TaggedResourceProps {
  /** The integration's name: 1 to 63 letters, digits or hyphens. A change replaces an integration of Aurora or RDS. */
  readonly integrationName: string;
  /**
   * The source, by ARN: a DynamoDB table, an Aurora cluster or an RDS database, in the warehouse's Region. A change replaces the
   * integration.
   */
  readonly sourceArn: string;
  /**
   * The warehouse. It must have the parameter `enable_case_sensitive_identifier` with the value true.
   *
   * @see https://docs.aws.amazon.com/redshift/latest/mgmt/zero-etl-setting-up.case-sensitivity.html
   */
  readonly warehouse: IWarehouse;
  /**
   * Pairs of the encryption context, besides the pairs of AWS: 1 to 6. They are no secrets: CloudTrail records them. A change
   * replaces the integration.
   *
   * @default - the pairs of AWS
   */
  readonly additionalEncryptionContext?: Readonly<Record<string, string>> | undefined;
  /**
   * The databases and tables that are replicated, such as `include: sales.orders`. Aurora and RDS only. With version 5 of the
   * AWS provider, a change replaces the integration.
   *
   * @default - all that AWS replicates
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/zero-etl.filtering.html
   */
  readonly dataFilter?: string | undefined;
  /**
   * The purpose of the integration: at most 1,000 characters. DynamoDB only.
   *
   * @default - no description
   */
  readonly description?: string | undefined;
  /**
   * The resource policy that authorizes the source. It is deployed before the integration.
   *
   * @default - the namespace has a policy that is not created here
   */
  readonly integrationPolicy?: IntegrationPolicy | undefined;
  /**
   * The key that encrypts the integration. Its policy gets the statements that Redshift needs. A change replaces the integration.
   *
   * @default - the warehouse's key
   */
  readonly key?: IDataApiKey | undefined;
}

/** @internal */
export const ZERO_ETL_INTEGRATION_PROPS = propRules("ZeroEtlIntegrationProps", {
  integrationName: required(text(INTEGRATION_NAME)),
  sourceArn: required(decision(text(ZERO_ETL_SOURCE_ARN))),
  warehouse: required(code(WAREHOUSE)),
  additionalEncryptionContext: map(ADDITIONAL_ENCRYPTION_CONTEXT),
  dataFilter: text(DATA_FILTER),
  description: text(INTEGRATION_DESCRIPTION),
  integrationPolicy: code(INTEGRATION_POLICY),
  key: code(),
  ...TAGGED_RESOURCE_PROPS,
} satisfies PropRules<ZeroEtlIntegrationProps>);

/**
 * A zero-ETL integration under the warehouse's key: the warehouse gets the data of a DynamoDB table, an Aurora cluster or an RDS
 * database continuously. After the deployment, SQL creates the database (`CREATE DATABASE … FROM INTEGRATION`).
 *
 * @example
 * const sourceArn = "arn:aws:dynamodb:us-east-1:111122223333:table/orders";
 * const integrationPolicy = new IntegrationPolicy(stack, "Policy", { authorizedSources: [sourceArn], warehouse });
 * new ZeroEtlIntegration(stack, "Orders", { integrationName: "orders", integrationPolicy, sourceArn, warehouse });
 *
 * @see https://docs.aws.amazon.com/redshift/latest/mgmt/zero-etl-setting-up.create-integration-ddb.html
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/zero-etl.creating.html
 */
export class ZeroEtlIntegration extends Construct {
  /** The integration's ARN. */
  public readonly integrationArn: string;
  /** The wrapped resource. */
  public readonly resource: RdsIntegration | RedshiftIntegration;

  /**
   * @throws if a prop breaks its rule, is of the other kind of source, the policy does not authorize the source, or the warehouse
   * is not case-sensitive
   */
  public constructor(scope: Construct, id: string, props: ZeroEtlIntegrationProps) {
    super(scope, id);
    checkProps(
      this,
      props,
      ZERO_ETL_INTEGRATION_PROPS,
      (props) => this.checkOwnKey(props),
      (props) => this.checkSource(props),
      (props) => this.checkPolicy(props),
      (props) => this.checkKind(props),
      (props) => checkCaseSensitivity(this, "warehouse", props.warehouse),
      ({ integrationPolicy }) => checkDeployedBefore(this, "integrationPolicy", undefined, integrationPolicy?.resource),
      ({ key, warehouse }) => key ?? checkDeployedBefore(this, "warehouse", warehouse.key.keyArn),
    );
    const { dataFilter, description, integrationPolicy, sourceArn, warehouse } = props;
    const { key = warehouse.key } = props;
    const { accountId, partition, region } = key;
    const place = { accountId, partition, region };
    key.addStatement(KeyStatements.forIntegrations(place, this));
    const integration = {
      additionalEncryptionContext: props.additionalEncryptionContext,
      dependsOn: dependables(this, integrationPolicy && [{ dependable: integrationPolicy.resource }]),
      integrationName: props.integrationName,
      kmsKeyId: key.keyArn,
      provider: props.provider,
      sourceArn,
      tags: props.tags,
      targetArn: warehouse.namespaceArn,
    };
    if (isDatabase(sourceArn)) {
      key.addStatement(KeyStatements.forDatabaseIntegrations(place, this));
      this.resource = new RdsIntegration(this, "Resource", defined({ ...integration, dataFilter }));
    } else {
      this.resource = new RedshiftIntegration(this, "Resource", defined({ ...integration, description }));
    }
    this.integrationArn = this.resource.arn;
  }

  private checkOwnKey({ key, warehouse }: ZeroEtlIntegrationProps): void {
    if (key !== undefined) {
      checkKey(this, key);
      checkKeyRegion(this, key, placeOf(warehouse).region);
    }
  }

  private checkSource({ sourceArn, warehouse }: ZeroEtlIntegrationProps): void {
    const { partition, region } = placeOf(warehouse);
    checkPartition(this, "sourceArn", sourceArn, partition);
    if (follows(region, REGION) && arnPart(sourceArn, 3) !== region) {
      fail(this, "sourceArn", `be in the Region of the warehouse, ${region}`, sourceArn);
    }
  }

  private checkPolicy({ integrationPolicy, sourceArn, warehouse }: ZeroEtlIntegrationProps): void {
    if (!integrationPolicy) {
      return;
    }
    const { resourceArnInput } = integrationPolicy.resource;
    const { namespaceArn } = warehouse;
    // Two reads of one attribute are two different tokens.
    if (known(resourceArnInput) && known(namespaceArn) && resourceArnInput !== namespaceArn) {
      fail(this, "integrationPolicy", "be the policy of the warehouse's namespace", resourceArnInput);
    }
    if (!authorizedSourcesOf(integrationPolicy).includes(sourceArn)) {
      fail(this, "sourceArn", "be one of the 'authorizedSources' of 'integrationPolicy'", sourceArn);
    }
  }

  private checkKind({ dataFilter, description, sourceArn }: ZeroEtlIntegrationProps): void {
    if (dataFilter !== undefined && !isDatabase(sourceArn)) {
      fail(this, "dataFilter", "be left out for a DynamoDB table: the whole table is replicated", dataFilter);
    }
    if (description !== undefined && isDatabase(sourceArn)) {
      fail(this, "description", "be left out for Aurora and RDS: the provider does not pass it", description);
    }
  }
}

/** The parameter that the target of an integration must set to true. */
const CASE_SENSITIVE = "enable_case_sensitive_identifier";

/** Refuses a warehouse whose parameters are known, and do not make identifiers case-sensitive. */
export function checkCaseSensitivity(where: Where, prop: string, { kind, parameters }: IWarehouse): void {
  const value = parameters?.[CASE_SENSITIVE];
  if (parameters !== undefined && known(value) && value !== "true") {
    const place = kind === "cluster" ? "parameters" : "configParameters";
    fail(where, prop, `be used only if '${place}.${CASE_SENSITIVE}' is "true", as AWS requires`, value);
  }
}

/** Returns whether a source is an Aurora or RDS database. For these, the API of RDS creates the integration. */
function isDatabase(sourceArn: string): boolean {
  return arnPart(sourceArn, 2) === "rds";
}
