import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { Fn, type TerraformProvider, Token } from "cdktf";
import type { Construct } from "constructs";
import { checkIdentities, type Identity } from "../iam/identity";
import { arnPartExpression } from "../private/aws-environment";
import { arnPart, known } from "../private/checks";
import { checkProps, propRules, type PropRules, required, text } from "../private/prop-rules";
import { ACCOUNT_ID, KEY_ARN } from "../private/rules";
import { Released } from "../private/released";
import type { PolicyStatement } from "../private/statement";
import { DataApiKeyBase, type KeyPrincipals } from "./data-api-key-base";
import { DataApiKeyPolicy, KEY_POLICY_RULES, policyStatements } from "./key-policy";

/** A key that exists, and the principals that use it. */
export interface ExistingDataApiKeyProps {
  /** The key's ARN (not an alias, not a key ID). The key may be of another account. */
  readonly keyArn: string;
  /**
   * The account whose principals may use the key through Redshift: the warehouse's account, 12 digits.
   *
   * @default - the key's account
   */
  readonly accountId?: string | undefined;
  /**
   * The IAM principals that create, restore and change warehouses under the key.
   *
   * @default - unknown: no plan compares its caller with them
   */
  readonly deployers?: readonly Identity[] | undefined;
  /**
   * The IAM principals that use the Data API with this key.
   *
   * @default - nobody
   */
  readonly users?: readonly Identity[] | undefined;
  /**
   * The values of `kms:ViaService` that count as Redshift.
   *
   * @default - the regional names of Redshift and Redshift Serverless in the key's Region, and redshift.amazonaws.com
   */
  readonly viaServices?: readonly string[] | undefined;
}

/** The attributes of a key that Terraform looks up by its alias. */
export interface DataApiKeyLookupProps extends Omit<ExistingDataApiKeyProps, "keyArn"> {
  /**
   * The provider of the key's Region, which looks the key up.
   *
   * @default - the stack's default provider
   */
  readonly provider?: TerraformProvider | undefined;
}

/** @internal */
export const EXISTING_DATA_API_KEY_PROPS = propRules("ExistingDataApiKeyProps", {
  accountId: text(ACCOUNT_ID),
  deployers: KEY_POLICY_RULES.deployers,
  keyArn: required(text(KEY_ARN)),
  users: KEY_POLICY_RULES.users,
  viaServices: KEY_POLICY_RULES.viaServices,
} satisfies PropRules<ExistingDataApiKeyProps>);

/**
 * A key that exists, as DataApiKey.fromKeyArn adopts it.
 *
 * @example
 * const existing = DataApiKey.fromAliasName(stack, "Existing", "alias/analytics");
 * existing.addUser(role.identity);
 * new TerraformOutput(stack, "statements", { value: existing.requiredStatements });
 */
export class ExistingDataApiKey extends DataApiKeyBase {
  public readonly accountId: string;
  public readonly keyArn: string;
  public readonly keyId: string;
  public readonly partition: string;
  public readonly region: string;
  /**
   * The key's owner must add these statements to the key policy, so that warehouses and the Data API can use the key. KMS refuses a
   * policy that names a role that does not exist. A Sid that the policy already has must be changed.
   */
  public readonly requiredStatements: readonly PolicyStatement[] = [];
  public readonly viaServices: readonly string[];

  /** @throws if the ARN is not a key's, or a prop breaks its rule */
  public constructor(
    scope: Construct,
    id: string,
    private readonly props: ExistingDataApiKeyProps,
  ) {
    super(scope, id);
    checkProps(
      this,
      props,
      EXISTING_DATA_API_KEY_PROPS,
      ({ keyArn, users }) => checkIdentities(this, "users", users, arnPart(keyArn, 1)),
      ({ deployers, keyArn }) => checkIdentities(this, "deployers", deployers, arnPart(keyArn, 1)),
    );
    const { keyArn } = props;
    // If an earlier version of the stack created the key under this ID, Terraform forgets it and does not delete it.
    new Released(this, "Resource", KmsKey);
    new Released(this, "Alias", KmsAlias);
    this.keyArn = keyArn;
    this.keyId = known(keyArn) ? keyArn.split("/")[1]! : Token.asString(Fn.element(Fn.split("/", keyArn), 1));
    this.partition = arnPartExpression(keyArn, 1);
    this.region = arnPartExpression(keyArn, 3);
    this.accountId = props.accountId ?? arnPartExpression(keyArn, 4);
    this.viaServices = props.viaServices ?? DataApiKeyPolicy.viaServicesFor(this.region);
    this.onAdd();
  }

  public get warehouseDeployers(): readonly Identity[] | undefined {
    const { administrators, deployers, users } = this;
    const isKnown = this.props.deployers !== undefined || deployers.length > 0;
    return isKnown ? [...administrators, ...deployers, ...users] : undefined;
  }

  protected override initialPrincipals(): KeyPrincipals {
    const { deployers = [], users = [] } = this.props;
    return { administrators: [], deployers, users };
  }

  /** Updates `requiredStatements` in place, because an output may already refer to the array. */
  protected override onAdd(): void {
    const { accountId, administrators, deployers, users, viaServices } = this;
    const additionalStatements = this.additionalStatements();
    const props = { accountId, additionalStatements, administrators, deployers, users, viaServices };
    (this.requiredStatements as PolicyStatement[]).splice(0, Infinity, ...policyStatements(props));
  }
}
