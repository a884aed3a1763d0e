import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsReplicaKey } from "@cdktf/provider-aws/lib/kms-replica-key";
import { Annotations, type TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { callerIsAdministrator, DataApiKey, type DataApiKeyProps, type IDataApiKey } from "./data-api-key";
import { dependables } from "./identity";
import { DataApiKeyPolicy } from "./key-policy";
import { accountIdOf, checkEnvironment, partitionFor, regionOf } from "./private/aws-environment";
import { check, checkAll, checkDecisions, checkObject, fail } from "./private/checks";
import { ALIAS, DELETION_WINDOW_IN_DAYS, KEY_DESCRIPTION, TAGS } from "./private/rules";

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
  readonly alias?: string;
}

/**
 * A replica of a multi-Region key in another Region, with an alias and a key policy of its own: KMS copies neither. It has
 * the primary key's material and rotation.
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

  /** @throws if a prop breaks its rule, the primary key is of one Region only, or the key policy is refused */
  public constructor(scope: Construct, id: string, props: DataApiKeyReplicaProps) {
    super(scope, id);
    checkObject(this, "props", props, "be given");
    const { administrators, primaryKey, provider, tags } = props;
    const { bypassPolicyLockoutSafetyCheck = false, deletionProtection = true, deletionWindowInDays = 30 } = props;
    const { lockoutPrecondition = !bypassPolicyLockoutSafetyCheck } = props;
    checkAll(
      () => checkEnvironment(this, props),
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
      () => check(this, "description", props.description, KEY_DESCRIPTION),
      () => check(this, "deletionWindowInDays", deletionWindowInDays, DELETION_WINDOW_IN_DAYS),
      () => check(this, "tags", tags, TAGS),
      () => checkDecisions(this, props, "bypassPolicyLockoutSafetyCheck", "deletionProtection", "lockoutPrecondition"),
      () => {
        if (lockoutPrecondition && bypassPolicyLockoutSafetyCheck) {
          fail(this, "lockoutPrecondition", "be false where 'bypassPolicyLockoutSafetyCheck' is true", true);
        }
      },
    );

    const partition = partitionFor(this, props);
    this.policy = new DataApiKeyPolicy(
      {
        accountId: accountIdOf(this, props),
        additionalStatements: props.additionalStatements,
        administrators,
        partition,
        users: props.users,
        viaServices: props.viaServices ?? DataApiKeyPolicy.viaServicesFor(regionOf(this, props)),
      },
      this,
    );
    this.resource = new KmsReplicaKey(this, "Resource", {
      bypassPolicyLockoutSafetyCheck,
      deletionWindowInDays,
      dependsOn: dependables([...administrators, ...(props.users ?? [])]),
      description: props.description ?? "Amazon Redshift and its Data API",
      lifecycle: {
        precondition: lockoutPrecondition
          ? [callerIsAdministrator(this, administrators, partition, provider)]
          : undefined,
        preventDestroy: deletionProtection,
      },
      policy: this.policy.json,
      primaryKeyArn: primaryKey.keyArn,
      provider,
      tags,
    });
    this.keyArn = this.resource.arn;
    this.keyId = this.resource.keyId;
    this.aliasName = props.alias ?? primaryKey.aliasName;
    this.aliasResource = new KmsAlias(this, "Alias", { name: this.aliasName, provider, targetKeyId: this.keyId });
    for (const warning of this.policy.warnings) {
      Annotations.of(this).addWarning(warning);
    }
  }
}
