import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsReplicaKey } from "@cdktf/provider-aws/lib/kms-replica-key";
import type { TerraformProvider } from "cdktf";
import type { Construct } from "constructs";
import type { Identity } from "../iam/identity";
import { checkConsistency, literalPartition } from "../private/aws-environment";
import { fail, known } from "../private/checks";
import { checkProps, code, propRules, type PropRules, required, text, unique } from "../private/prop-rules";
import { PROVIDER } from "../private/resource-props";
import type { Rule } from "../private/rule";
import { ALIAS } from "../private/rules";
import { CreatedDataApiKey } from "./created-data-api-key";
import type { DataApiKey } from "./data-api-key";
import type { KeyPrincipals } from "./data-api-key-base";
import { checkLockout, CREATED_DATA_API_KEY_PROPS, type CreatedDataApiKeyProps } from "./data-api-key-props";
import { literalRegion } from "./key";
import { KEY_POLICY_RULES } from "./key-policy";

/** The props of a replica of a multi-Region key. */
export interface DataApiKeyReplicaProps extends CreatedDataApiKeyProps {
  /** The primary key, with `multiRegion`. */
  readonly primaryKey: DataApiKey;
  /** The provider of the replica's Region. */
  readonly provider: TerraformProvider;
  /**
   * The IAM principals that administer the replica: at least one. The deployer must be among them.
   *
   * @default - those of the primary key
   */
  readonly administrators?: readonly Identity[] | undefined;
  /**
   * The replica's alias. It begins with `alias/`.
   *
   * @default - the alias of the primary key
   */
  readonly alias?: string | undefined;
  /**
   * The IAM principals that create, restore and change warehouses under the replica, besides its administrators.
   *
   * @default - those of the primary key
   */
  readonly deployers?: readonly Identity[] | undefined;
  /**
   * The IAM principals that use the replica with the Data API.
   *
   * @default - those of the primary key
   */
  readonly users?: readonly Identity[] | undefined;
}

const PRIMARY_KEY: Rule = {
  must: "be a DataApiKey with 'multiRegion', known when the configuration is synthesized",
  references: ({ keyArn }: DataApiKey) => keyArn,
  test: (value) => (value as DataApiKey | undefined)?.resource?.multiRegionInput === true,
};
/** @internal */
export const DATA_API_KEY_REPLICA_PROPS = propRules("DataApiKeyReplicaProps", {
  ...CREATED_DATA_API_KEY_PROPS.rules,
  administrators: { ...KEY_POLICY_RULES.administrators, isRequired: false },
  alias: unique(text(ALIAS)),
  deployers: KEY_POLICY_RULES.deployers,
  primaryKey: required(code(PRIMARY_KEY)),
  provider: required(PROVIDER),
  users: KEY_POLICY_RULES.users,
} satisfies PropRules<DataApiKeyReplicaProps>);

/**
 * A replica of a multi-Region key in another Region, with its alias and its key policy, which KMS does not copy. It has
 * the primary key's material and rotation.
 *
 * The AWS provider waits two minutes for a new replica. If KMS takes longer, the apply fails, and Terraform taints the replica: the
 * next plan replaces it. With `deletionProtection`, that plan fails (`prevent_destroy`). Without it, the apply schedules the
 * deletion of the replica, and KMS refuses another replica in the Region until the replica is deleted. Wait until the replica has
 * the state `Enabled`, run `terraform untaint` for it, and apply again.
 *
 * @example
 * const administrators = [Identity.fromArn("arn:aws:iam::111122223333:role/ExampleAdminRole")];
 * const primaryKey = new DataApiKey(stack, "Key", { administrators, alias: "alias/ledger", multiRegion: true });
 * const provider = new AwsProvider(stack, "Europe", { alias: "europe", region: "eu-west-1" });
 * new DataApiKeyReplica(stack, "Replica", { administrators, alias: "alias/ledger", primaryKey, provider, region: "eu-west-1" });
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html
 */
export class DataApiKeyReplica extends CreatedDataApiKey {
  public readonly keyArn: string;
  public readonly keyId: string;
  public readonly aliasName: string;
  public readonly resource: KmsReplicaKey;
  public readonly aliasResource: KmsAlias;

  /** @throws if a prop breaks its rule, the primary key is of one Region only, or the key policy is refused */
  public constructor(
    scope: Construct,
    id: string,
    protected readonly props: DataApiKeyReplicaProps,
  ) {
    super(scope, id);
    checkProps(
      this,
      props,
      DATA_API_KEY_REPLICA_PROPS,
      (given) => checkConsistency(this, given),
      (given) => this.checkPlace(given),
      (given) => checkLockout(this, given),
    );
    const { primaryKey, provider } = props;
    this.resource = new KmsReplicaKey(this, "Resource", { ...this.settings(), primaryKeyArn: primaryKey.keyArn });
    this.resource.dependsOn = this.dependsOn();
    this.keyArn = this.resource.arn;
    this.keyId = this.resource.keyId;
    this.aliasName = props.alias ?? primaryKey.aliasName;
    this.aliasResource = new KmsAlias(this, "Alias", { name: this.aliasName, provider, targetKeyId: this.keyId });
  }

  /** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_ReplicateKey.html */
  private checkPlace(props: DataApiKeyReplicaProps): void {
    const { accountId, primaryKey, region } = props;
    const primaryRegion = literalRegion(primaryKey);
    if (region !== undefined && region === primaryRegion) {
      fail(this, "region", "be another Region than the primary key's", region);
    }
    const [partition, primaryPartition] = [literalPartition(props), literalPartition({ region: primaryRegion })];
    if (partition !== undefined && primaryPartition !== undefined && partition !== primaryPartition) {
      const prop = props.partition === undefined ? "region" : "partition";
      fail(this, prop, `be of the primary key's partition, ${primaryPartition}`, props[prop]);
    }
    if (
      accountId !== undefined &&
      known(accountId) &&
      known(primaryKey.accountId) &&
      accountId !== primaryKey.accountId
    ) {
      fail(this, "accountId", `be the primary key's account, ${primaryKey.accountId}`, accountId);
    }
  }

  protected override initialPrincipals(): KeyPrincipals {
    const { administrators, deployers, primaryKey, users } = this.props;
    return {
      administrators: administrators ?? primaryKey.administrators,
      deployers: deployers ?? primaryKey.deployers,
      users: users ?? primaryKey.users,
    };
  }
}
