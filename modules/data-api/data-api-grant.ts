import { KmsGrant } from "@cdktf/provider-aws/lib/kms-grant";
import { Annotations } from "cdktf";
import { Construct } from "constructs";
import { checkIdentity, checkIdentityStack, type Identity } from "../iam/identity";
import { arnPart, fail, isOfOtherAccount } from "../private/checks";
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
import { RESOURCE_PROPS, type ResourceProps } from "../private/resource-props";
import type { OrNewer } from "../private/rule";
import { GRANT_NAME, GRANT_OPERATION } from "../private/rules";
import { checkDeployedBefore, dependables } from "../private/stack-boundary";
import { accountOf, type IWarehouse, WAREHOUSE } from "../redshift/warehouse";

/** A grantee, its operations, and the warehouse of the key. */
export interface DataApiGrantProps extends ResourceProps {
  /** The IAM role or user that gets the grant. */
  readonly grantee: Identity;
  /** The warehouse whose key the grantee may use, under that warehouse's encryption context only. */
  readonly warehouse: IWarehouse;
  /**
   * The grant's name: 1 to 256 characters.
   *
   * @default - no name
   */
  readonly name?: string | undefined;
  /**
   * The KMS grant operations.
   *
   * @default - Decrypt, Encrypt and GenerateDataKey, the operations of the Data API
   * @see https://docs.aws.amazon.com/kms/latest/developerguide/grants.html#terms-grant-operations
   */
  readonly operations?:
    | readonly OrNewer<
        | "CreateGrant"
        | "Decrypt"
        | "DescribeKey"
        | "Encrypt"
        | "GenerateDataKey"
        | "GenerateDataKeyPair"
        | "GenerateDataKeyPairWithoutPlaintext"
        | "GenerateDataKeyWithoutPlaintext"
        | "ReEncryptFrom"
        | "ReEncryptTo"
        | "RetireGrant"
      >[]
    | undefined;
  /**
   * Whether destroying retires the grant instead of revoking it.
   *
   * @default - false, the default of AWS
   */
  readonly retireOnDelete?: boolean | undefined;
  /**
   * The IAM role or user that may retire the grant.
   *
   * @default - nobody but the grantee, if its operations include RetireGrant
   */
  readonly retiringPrincipal?: Identity | undefined;
}

/** The default grant operations: the operations of the grant that the Data API creates. */
const DATA_API_OPERATIONS = ["Decrypt", "Encrypt", "GenerateDataKey"];

/** @internal */
export const DATA_API_GRANT_PROPS = propRules("DataApiGrantProps", {
  grantee: required(code()),
  warehouse: required(code(WAREHOUSE)),
  name: text(GRANT_NAME),
  operations: list(GRANT_OPERATION, "operation", DATA_API_OPERATIONS),
  retireOnDelete: flag(),
  retiringPrincipal: code(),
  ...RESOURCE_PROPS,
} satisfies PropRules<DataApiGrantProps>);

/**
 * A grant on a warehouse's key for use under that warehouse's encryption context, such as for a role that decrypts stored results
 * of the Data API. The Data API creates its grant itself. A change of any prop replaces the grant. For a key of another account,
 * the `requiredStatements` of the key do not allow this grant.
 *
 * @example
 * new DataApiGrant(stack, "ResultReader", { grantee: role.identity, operations: ["Decrypt"], warehouse });
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/grants.html
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
 */
export class DataApiGrant extends Construct {
  /** The wrapped resource. */
  public readonly resource: KmsGrant;

  /** @throws if a prop breaks its rule, or a principal is an account root */
  public constructor(scope: Construct, id: string, props: DataApiGrantProps) {
    super(scope, id);
    checkProps(
      this,
      props,
      DATA_API_GRANT_PROPS,
      ({ warehouse }) => checkDeployedBefore(this, "warehouse", warehouse.key.keyArn),
      (props) => this.checkPrincipal("grantee", props.grantee, props.warehouse),
      (props) =>
        props.retiringPrincipal !== undefined &&
        this.checkPrincipal("retiringPrincipal", props.retiringPrincipal, props.warehouse),
    );
    const { grantee, operations, retiringPrincipal, warehouse } = withPresets(props, DATA_API_GRANT_PROPS);
    this.resource = new KmsGrant(
      this,
      "Resource",
      defined({
        constraints: [{ encryptionContextSubset: { ...warehouse.encryptionContext.pairs } }],
        dependsOn: dependables(this, [grantee, ...(retiringPrincipal ? [retiringPrincipal] : [])]),
        granteePrincipal: grantee.arn,
        keyId: warehouse.key.keyArn,
        name: props.name,
        operations: [...operations],
        provider: props.provider,
        retireOnDelete: props.retireOnDelete,
        retiringPrincipal: retiringPrincipal?.arn,
      }),
    );
    const { keyArn } = warehouse.key;
    if (isOfOtherAccount(keyArn, accountOf(warehouse))) {
      Annotations.of(this).addWarning(
        `the key is of the account ${arnPart(keyArn, 4)}: its key policy and the IAM policies of the deployer must allow ` +
          "kms:CreateGrant, kms:ListGrants and kms:RevokeGrant, or kms:RetireGrant with 'retireOnDelete'",
      );
    }
  }

  private checkPrincipal(prop: string, identity: Identity, { key }: IWarehouse): void {
    checkIdentity(this, prop, identity, arnPart(key.keyArn, 1));
    checkIdentityStack(this, prop, identity);
    if (identity.arn.endsWith(":root")) {
      fail(this, prop, "be a role or a user, because a grant is for one principal", identity.arn);
    }
  }
}
