import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsReplicaKey } from "@cdktf/provider-aws/lib/kms-replica-key";
import type { TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import type { Identity } from "../iam/identity";
import { check, checkAll, checkObject, fail } from "../private/checks";
import { ALIAS } from "../private/rules";
import { checkSettings, DataApiKey, type DataApiKeyProps, settingsOf, warehouseDeployersOf } from "./data-api-key";
import type { IDataApiKey } from "./key";
import type { DataApiKeyPolicy } from "./key-policy";

/** A replica of a multi-Region key: what it does not share with its primary key. */
export interface DataApiKeyReplicaProps extends Omit<
  DataApiKeyProps,
  "alias" | "enableKeyRotation" | "multiRegion" | "provider" | "rotationPeriodInDays"
> {
  /** The primary key, with `multiRegion`. */
  readonly primaryKey: DataApiKey;
  /** The provider of the replica's Region. */
  readonly provider: TerraformProvider;
  /**
   * The replica's alias, with `alias/` before it.
   *
   * @default - the primary key's
   */
  readonly alias?: string | undefined;
}

/**
 * A replica of a multi-Region key in another Region, with an alias and a key policy of its own: KMS copies neither. It has
 * the primary key's material and rotation.
 *
 * The AWS provider waits two minutes for a new replica. If KMS takes longer, the apply fails, and Terraform taints the
 * replica: the next plan replaces it. With `deletionProtection`, that plan fails (`prevent_destroy`). Without it, the apply
 * schedules the deletion of the replica, and KMS refuses another one in the Region until the replica is deleted. Wait
 * until KMS has the state `Enabled` for the replica, run `terraform untaint` for it, and apply again.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html
 */
export class DataApiKeyReplica extends Construct implements IDataApiKey {
  public readonly keyArn: string;
  public readonly keyId: string;
  /** The alias, with `alias/` before it. */
  public readonly aliasName: string;
  /** The key policy. */
  public readonly policy: DataApiKeyPolicy;
  /** The wrapped replica. */
  public readonly resource: KmsReplicaKey;
  /** The wrapped alias. */
  public readonly aliasResource: KmsAlias;
  public readonly warehouseDeployers: readonly Identity[];

  /** @throws if a prop breaks its rule, the primary key is of one Region only, or the key policy is refused */
  public constructor(scope: Construct, id: string, props: DataApiKeyReplicaProps) {
    super(scope, id);
    checkObject(this, "props", props, "be given");
    const { primaryKey, provider } = props;
    checkAll(
      () => checkObject(this, "provider", provider, "be the provider of the replica's Region"),
      () => {
        if (!(primaryKey instanceof DataApiKey) || primaryKey.resource.multiRegionInput !== true) {
          fail(
            this,
            "primaryKey",
            "be a DataApiKey with 'multiRegion', known when the configuration is synthesized",
            primaryKey,
          );
        }
      },
      () => check(this, "alias", props.alias, ALIAS),
      () => checkSettings(this, props),
    );

    const { policy, settings } = settingsOf(this, props);
    this.policy = policy;
    this.warehouseDeployers = warehouseDeployersOf(props);
    this.resource = new KmsReplicaKey(this, "Resource", { ...settings, primaryKeyArn: primaryKey.keyArn });
    this.keyArn = this.resource.arn;
    this.keyId = this.resource.keyId;
    this.aliasName = props.alias ?? primaryKey.aliasName;
    this.aliasResource = new KmsAlias(this, "Alias", { name: this.aliasName, provider, targetKeyId: this.keyId });
  }
}
