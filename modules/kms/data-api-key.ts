import { DataAwsKmsKey } from "@cdktf/provider-aws/lib/data-aws-kms-key";
import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import type { Construct } from "constructs";
import type { Identity } from "../iam/identity";
import { checkObject, checkRequired, known } from "../private/checks";
import { defined } from "../private/defined";
import { withPresets } from "../private/prop-rules";
import { ALIAS } from "../private/rules";
import { checkProvider } from "../private/stack-boundary";
import { CreatedDataApiKey } from "./created-data-api-key";
import type { KeyPrincipals } from "./data-api-key-base";
import { checkKeyProps, DATA_API_KEY_PROPS, type DataApiKeyProps } from "./data-api-key-props";
import { type DataApiKeyLookupProps, ExistingDataApiKey, type ExistingDataApiKeyProps } from "./existing-key";
import type { IDataApiKey } from "./key";

/** Days after which Redshift deletes a warehouse whose key stays inaccessible. */
const INACCESSIBLE_KEY_DAYS = 14;

/**
 * A symmetric customer managed key for a warehouse and its Data API, with an alias and the key policy inline.
 *
 * @example
 * const administrators = [Identity.fromArn("arn:aws:iam::111122223333:role/ExampleAdminRole")];
 * const key = new DataApiKey(stack, "Key", { administrators, alias: "alias/analytics" });
 *
 * @see https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-kms.html
 */
export class DataApiKey extends CreatedDataApiKey {
  /**
   * Adopts a key that exists, by its ARN. See `fromKeyAttributes`.
   *
   * @example
   * const key = DataApiKey.fromKeyArn(stack, "Key", "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab");
   *
   * @param key - the key's ARN, or its attributes
   * @throws if the ARN is not a key's, or an attribute breaks its rule
   */
  public static fromKeyArn(scope: Construct, id: string, key: ExistingDataApiKeyProps | string): IDataApiKey {
    const attributes = typeof key === "string" || !known(key) ? { keyArn: key as string } : key;
    checkObject(`${scope.node.path}/${id}`, "key", attributes, "be the ARN of a key, or its attributes");
    return new ExistingDataApiKey(scope, id, attributes);
  }

  /**
   * Adopts a key that exists. No resource is created for it and its policy does not change: the key's owner must add the
   * `requiredStatements`. If a DataApiKey of the same scope and id has created the key, Terraform forgets the key and its alias,
   * which stay in AWS.
   *
   * The key may be of another account than the warehouse; `accountId` is then the account of the warehouse. KMS requires two
   * permissions of each user and deployer of such a key: one in the key policy, and one in an IAM policy. DataApiAccess adds the
   * IAM permissions of users, but not of deployers.
   *
   * @example
   * // A key of another account than the warehouse, 111122223333.
   * const keyArn = "arn:aws:kms:us-east-1:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab";
   * const key = DataApiKey.fromKeyAttributes(stack, "Key", { accountId: "111122223333", keyArn });
   * const warehouse = new EncryptedServerless(stack, "Warehouse", { key, namespaceName: "analytics" });
   * new DataApiAccess(stack, "Access", { role, warehouse });
   * new TerraformOutput(stack, "statements", { value: key.requiredStatements });
   *
   * @throws if the ARN is not a key's, or an attribute breaks its rule
   * @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
   */
  public static fromKeyAttributes(scope: Construct, id: string, attributes: ExistingDataApiKeyProps): IDataApiKey {
    checkObject(`${scope.node.path}/${id}`, "attributes", attributes, "be given");
    return new ExistingDataApiKey(scope, id, attributes);
  }

  /**
   * Adopts the key of an alias. Terraform looks the key up when it plans: the plan fails if the alias does not exist, or if the
   * caller has no `kms:DescribeKey` on the key.
   *
   * @example
   * const key = DataApiKey.fromAliasName(stack, "Key", "alias/analytics");
   *
   * @param aliasName - the alias, which begins with `alias/`
   * @param attributes - the attributes of the key without its ARN, and the provider of its Region
   * @throws if the alias or an attribute breaks its rule
   */
  public static fromAliasName(
    scope: Construct,
    id: string,
    aliasName: string,
    attributes: DataApiKeyLookupProps = {},
  ): IDataApiKey {
    const where = `${scope.node.path}/${id}`;
    checkRequired(where, "aliasName", aliasName, ALIAS);
    checkObject(where, "attributes", attributes, "be given");
    const { provider, ...others } = attributes;
    if (provider !== undefined) {
      checkProvider(where, "provider", provider, scope);
    }
    const { arn: keyArn } = new DataAwsKmsKey(scope, `${id}Alias`, defined({ keyId: aliasName, provider }));
    return new ExistingDataApiKey(scope, id, { ...others, keyArn });
  }

  public readonly keyArn: string;
  public readonly keyId: string;
  public readonly aliasName: string;
  public readonly resource: KmsKey;
  public readonly aliasResource: KmsAlias;

  /** @throws if a prop breaks its rule, two props contradict each other, or the key policy is refused */
  public constructor(
    scope: Construct,
    id: string,
    protected readonly props: DataApiKeyProps,
  ) {
    super(scope, id);
    checkKeyProps(this, props);
    const { alias, multiRegion, provider, rotationPeriodInDays } = props;
    const { enableKeyRotation } = withPresets(props, DATA_API_KEY_PROPS);
    this.resource = new KmsKey(
      this,
      "Resource",
      defined({ ...this.settings(), enableKeyRotation, multiRegion, rotationPeriodInDays }),
    );
    this.resource.dependsOn = this.dependsOn();
    this.keyArn = this.resource.arn;
    this.keyId = this.resource.keyId;
    this.aliasName = alias;
    this.aliasResource = new KmsAlias(this, "Alias", defined({ name: alias, provider, targetKeyId: this.keyId }));
  }

  protected override initialPrincipals(): KeyPrincipals {
    const { administrators, deployers = [], users = [] } = this.props;
    return { administrators, deployers, users };
  }

  protected override warnings(): readonly string[] {
    return [...super.warnings(), ...this.oneAdministratorWarnings(), ...this.deletionWindowWarnings()];
  }

  private oneAdministratorWarnings(): readonly string[] {
    const [arn, ...others] = new Set(this.administrators.map((administrator) => administrator.arn));
    const [{ label }] = this.administrators as readonly [Identity];
    // An account root cannot be deleted. A token may be the ARN of one.
    return others.length > 0 || !known(arn) || arn!.endsWith(":root")
      ? []
      : [
          `'administrators' names ${label} only: if it is deleted, nobody can change this key again, because KMS keeps the ID ` +
            "of a deleted principal. Add a second role, or the account root",
        ];
  }

  private deletionWindowWarnings(): readonly string[] {
    const { deletionWindowInDays: days } = this.props;
    return days === undefined || !known(days) || days >= INACCESSIBLE_KEY_DAYS
      ? []
      : [
          `a deletion window of ${days} days is too short: Redshift keeps a warehouse without its key for ` +
            `${INACCESSIBLE_KEY_DAYS} days`,
        ];
  }
}
