import { DataAwsKmsKey } from "@cdktf/provider-aws/lib/data-aws-kms-key";
import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import type { KmsReplicaKey, KmsReplicaKeyConfig } from "@cdktf/provider-aws/lib/kms-replica-key";
import {
  Annotations,
  Aspects,
  dependable,
  Lazy,
  type Precondition,
  type TerraformProvider,
  TerraformStack,
} from "cdktf";
import type { Construct } from "constructs";
import type { Identity } from "../iam/identity";
import { accountIdOf, checkEnvironment, partitionFor, regionOf } from "../private/aws-environment";
import {
  check,
  checkAll,
  checkDecisions,
  checkFlags,
  checkObject,
  checkRequired,
  fail,
  known,
  type PropError,
} from "../private/checks";
import { defined } from "../private/defined";
import { isToken } from "../private/expression";
import { ALIAS, DELETION_WINDOW_IN_DAYS, KEY_DESCRIPTION, ROTATION_PERIOD_IN_DAYS, TAGS } from "../private/rules";
import { dependables, deployAfter } from "../private/stack-boundary";
import type { PolicyStatement } from "../private/statement";
import { DataApiKeyBase, type KeyPrincipals } from "./data-api-key-base";
import { ExistingDataApiKey, type ExistingDataApiKeyProps } from "./existing-key";
import { callerIsOneOf, type IDataApiKey, WITH_PATH } from "./key";
import { DataApiKeyPolicy } from "./key-policy";

/** A customer managed key, its policy and its alias. */
export interface DataApiKeyProps {
  /**
   * The IAM principals that administer the key: at least one. The deployer must be among them. The lockout precondition
   * compares roles without their paths, because a session's ARN does not have its role's path.
   */
  readonly administrators: readonly Identity[];
  /** The key's alias, with `alias/` before it. */
  readonly alias: string;
  /**
   * The key's account: 12 digits.
   *
   * @default - the account of the provider's credentials, by a data source
   */
  readonly accountId?: string | undefined;
  /**
   * Statements that follow the three of the key policy, each with a Sid of its own.
   *
   * @default - none
   */
  readonly additionalStatements?: readonly PolicyStatement[] | undefined;
  /**
   * Whether KMS may take a policy that its caller could not change again. It also removes the lockout precondition.
   *
   * @default false
   * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html
   */
  readonly bypassPolicyLockoutSafetyCheck?: boolean | undefined;
  /**
   * How long a deleted key can be restored, in days: 7 to 30. Under 14, the key is gone before Redshift gives up a
   * warehouse whose key is inaccessible.
   *
   * @default 30
   */
  readonly deletionWindowInDays?: number | undefined;
  /**
   * Whether Terraform refuses to destroy the key (`prevent_destroy`). Without its key, a warehouse's data is lost.
   *
   * @default true
   */
  readonly deletionProtection?: boolean | undefined;
  /**
   * The IAM principals that create, restore and change warehouses under the key, besides its administrators.
   *
   * @default - nobody: the statements for deployers are left out
   * @see https://docs.aws.amazon.com/redshift/latest/mgmt/authorizing-kms-customer-managed-key.html
   */
  readonly deployers?: readonly Identity[] | undefined;
  /**
   * The purpose of the key: at most 8,192 characters.
   *
   * @default "Amazon Redshift and its Data API"
   */
  readonly description?: string | undefined;
  /**
   * Whether KMS rotates the key material.
   *
   * @default true
   */
  readonly enableKeyRotation?: boolean | undefined;
  /**
   * Whether a plan fails if its caller is not an administrator, as KMS would refuse the policy at apply. Turn it off
   * if an additional statement lets the caller change the policy, or if another identity plans than applies. KMS
   * keeps its own check.
   *
   * @default - true, unless bypassPolicyLockoutSafetyCheck is set
   */
  readonly lockoutPrecondition?: boolean | undefined;
  /**
   * Whether the key is a multi-Region primary key. It cannot be changed later.
   *
   * @default false
   */
  readonly multiRegion?: boolean | undefined;
  /**
   * The partition: aws, aws-cn or aws-us-gov, for instance.
   *
   * @default - the one of the Region, or the provider's, by a data source
   */
  readonly partition?: string | undefined;
  /**
   * The provider that makes the key.
   *
   * @default - the stack's default provider
   */
  readonly provider?: TerraformProvider | undefined;
  /**
   * The key's Region.
   *
   * @default - the provider's, by a data source
   */
  readonly region?: string | undefined;
  /**
   * Days between two rotations: 90 to 2,560.
   *
   * @default - 365, as KMS decides
   */
  readonly rotationPeriodInDays?: number | undefined;
  /**
   * The key's tags.
   *
   * @default - the provider's default tags only
   */
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /**
   * The IAM principals that use the key with the Data API.
   *
   * @default - nobody: the statement for users is left out
   */
  readonly users?: readonly Identity[] | undefined;
  /**
   * The values of `kms:ViaService` that count as Redshift.
   *
   * @default - the regional names of Redshift and Redshift Serverless, and redshift.amazonaws.com
   */
  readonly viaServices?: readonly string[] | undefined;
}

/** Days after which Redshift deletes a warehouse whose key stays inaccessible. */
const INACCESSIBLE_KEY_DAYS = 14;

/** The props that a key and a replica of it have in common. */
type KeyProps = Omit<
  DataApiKeyProps,
  "administrators" | "alias" | "enableKeyRotation" | "multiRegion" | "rotationPeriodInDays"
>;

/** A key that is created here, or a replica of one: its policy is produced when the stack is synthesized. */
export abstract class CreatedDataApiKey extends DataApiKeyBase {
  /** The alias, with `alias/` before it. */
  public abstract readonly aliasName: string;
  /** The wrapped alias. */
  public abstract readonly aliasResource: KmsAlias;
  /** The wrapped resource. */
  public abstract readonly resource: KmsKey | KmsReplicaKey;
  protected abstract readonly props: KeyProps;

  public get accountId(): string {
    return accountIdOf(this, this.props);
  }

  public get partition(): string {
    return partitionFor(this, this.props);
  }

  public get region(): string {
    return regionOf(this, this.props);
  }

  public get viaServices(): readonly string[] {
    return this.props.viaServices ?? DataApiKeyPolicy.viaServicesFor(this.region);
  }

  public get warehouseDeployers(): readonly Identity[] {
    return [...this.administrators, ...this.deployers, ...this.users];
  }

  public get requiredStatements(): readonly PolicyStatement[] {
    return this.policy.statements;
  }

  /**
   * The key policy, with the principals and statements that were added so far.
   *
   * @throws if it is larger than 32,768 bytes
   */
  public get policy(): DataApiKeyPolicy {
    return this.producePolicy();
  }

  protected override additionalStatements(): readonly PolicyStatement[] {
    const added = super.additionalStatements();
    const { additionalStatements: initial } = this.props;
    return initial === undefined ? added : added.length === 0 ? initial : [...initial, ...added];
  }

  protected override onAdd(identity?: Identity, prop = "identity"): void {
    const later = identity && deployAfter(this, identity.arn, identity.dependable);
    if (later) {
      const must =
        `be of the stack of the key, or of one that is deployed before it, because KMS refuses a policy that names a role that ` +
        `does not exist: the stack ${later.node.id} is deployed after ${TerraformStack.of(this).node.id}. Make the role, or look ` +
        "it up, in the stack of the key";
      fail(this, prop, must, isToken(identity.label) ? "a token" : identity.label);
    }
  }

  /** Warnings of the policy as it is when the stack is synthesized. */
  protected warnings(): readonly string[] {
    return this.policy.warnings;
  }

  /** Checks the policy, and returns the arguments that a key and a replica of it have in common. */
  protected settings(): Omit<KmsReplicaKeyConfig, "primaryKeyArn"> {
    const { bypassPolicyLockoutSafetyCheck = false, deletionProtection = true, provider } = this.props;
    const { lockoutPrecondition = !bypassPolicyLockoutSafetyCheck } = this.props;
    this.producePolicy();
    for (const list of ["administrators", "users", "deployers"] as const) {
      this[list].forEach((identity, index) => this.onAdd(identity, `${list}[${index}]`));
    }
    this.node.addValidation({ validate: () => this.policyErrors() });
    // The validation reports the errors of the policy.
    Aspects.of(this).add({ visit: (node) => node === this && this.policyErrors().length === 0 && this.warn() });
    return defined({
      bypassPolicyLockoutSafetyCheck,
      deletionWindowInDays: this.props.deletionWindowInDays ?? 30,
      description: this.props.description ?? "Amazon Redshift and its Data API",
      lifecycle: defined({
        precondition: lockoutPrecondition ? [this.callerIsAdministrator()] : undefined,
        preventDestroy: deletionProtection,
      }),
      policy: Lazy.stringValue({ produce: () => this.policy.json }),
      provider,
      tags: this.props.tags,
    });
  }

  /** The `depends_on` of the resource: the roles of its stack that the policy names. */
  protected dependsOn(): string[] {
    const identities = (): readonly Identity[] => [...this.administrators, ...this.users, ...this.deployers];
    return Lazy.listValue({ produce: () => dependables(this, identities())?.map((role) => dependable(role)) });
  }

  private producePolicy(): DataApiKeyPolicy {
    const { accountId, administrators, deployers, partition, users, viaServices } = this;
    const additionalStatements = this.additionalStatements();
    return new DataApiKeyPolicy(
      { accountId, additionalStatements, administrators, deployers, partition, users, viaServices },
      this,
    );
  }

  private policyErrors(): string[] {
    try {
      this.producePolicy();
      return [];
    } catch (error) {
      return [(error as PropError).message];
    }
  }

  private warn(): void {
    for (const warning of this.warnings()) {
      // An app may be synthesized twice.
      if (this.node.metadata.every(({ data }) => data !== warning)) {
        Annotations.of(this).addWarning(warning);
      }
    }
  }

  /** Fails the plan, before anything is made, if KMS would refuse the policy because its caller could not change it again. */
  private callerIsAdministrator(): Precondition {
    const { partition, props } = this;
    const { arn, condition, role, root } = callerIsOneOf(this, () => this.administrators, partition, props.provider);
    return {
      condition,
      errorMessage:
        `The caller of this plan, ${arn}, is not an administrator of this key, and ` +
        "KMS refuses a key policy that its caller could not change again. Three ways out: " +
        `(1) add \${${role}} to 'administrators', ${WITH_PATH}; ` +
        `(2) add the account root, ${root}, to 'administrators', so that the IAM policies of the account decide; ` +
        "(3) set 'bypassPolicyLockoutSafetyCheck' to true, if the key is meant to be out of this caller's hands.",
    };
  }
}

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
    return new ExistingDataApiKey(scope, id, typeof key === "string" ? { keyArn: key } : key);
  }

  /**
   * Adopts a key that exists. No resource is created for it and its policy does not change: `requiredStatements` are the
   * statements that its owner must add. Terraform forgets a key that a DataApiKey of the same scope and id has created, and
   * its alias. Both stay in AWS.
   *
   * The key may be of another account than the warehouse, whose `accountId` is then given. KMS requires two permissions of
   * each user and deployer for such a key: that of the key policy, and one of an IAM policy. DataApiAccess gives the users
   * theirs. Deployers must have theirs.
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
    return new ExistingDataApiKey(scope, id, attributes);
  }

  /**
   * Adopts the key of an alias. Terraform looks the key up when it plans: the plan fails if the alias does not exist, or if
   * its caller has no `kms:DescribeKey` on the key.
   *
   * @example
   * const key = DataApiKey.fromAliasName(stack, "Key", "alias/analytics");
   *
   * @param aliasName - the alias, with `alias/` before it
   * @param attributes - the attributes of the key, but for its ARN
   * @throws if the alias or an attribute breaks its rule
   */
  public static fromAliasName(
    scope: Construct,
    id: string,
    aliasName: string,
    attributes: Omit<ExistingDataApiKeyProps, "keyArn"> = {},
  ): IDataApiKey {
    checkRequired("DataApiKey", "aliasName", aliasName, ALIAS);
    const { arn: keyArn } = new DataAwsKmsKey(scope, `${id}Alias`, { keyId: aliasName });
    return new ExistingDataApiKey(scope, id, { ...attributes, keyArn });
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
    checkObject(this, "props", props, "be given");
    const { deletionWindowInDays, enableKeyRotation = true, provider, rotationPeriodInDays } = props;
    checkAll(
      () => checkRequired(this, "alias", props.alias, ALIAS),
      () => checkSettings(this, props),
      () => check(this, "rotationPeriodInDays", rotationPeriodInDays, ROTATION_PERIOD_IN_DAYS),
      () => checkFlags(this, props, "multiRegion"),
      () => checkDecisions(this, props, "enableKeyRotation"),
      () => {
        if (!enableKeyRotation && rotationPeriodInDays !== undefined) {
          fail(this, "rotationPeriodInDays", "be left out if 'enableKeyRotation' is false", rotationPeriodInDays);
        }
      },
    );
    this.resource = new KmsKey(
      this,
      "Resource",
      defined({ ...this.settings(), enableKeyRotation, multiRegion: props.multiRegion, rotationPeriodInDays }),
    );
    this.resource.dependsOn = this.dependsOn();
    this.keyArn = this.resource.arn;
    this.keyId = this.resource.keyId;
    this.aliasName = props.alias;
    this.aliasResource = new KmsAlias(this, "Alias", defined({ name: props.alias, provider, targetKeyId: this.keyId }));
    if (
      deletionWindowInDays !== undefined &&
      known(deletionWindowInDays) &&
      deletionWindowInDays < INACCESSIBLE_KEY_DAYS
    ) {
      Annotations.of(this).addWarning(
        `a deletion window of ${deletionWindowInDays} days ends before the ${INACCESSIBLE_KEY_DAYS} days after which ` +
          "Redshift deletes a warehouse whose key is inaccessible: the key cannot be restored in time",
      );
    }
  }

  protected override initialPrincipals(): KeyPrincipals {
    const { administrators, deployers = [], users = [] } = this.props;
    return { administrators, deployers, users };
  }

  protected override warnings(): readonly string[] {
    return [...super.warnings(), ...this.warningsOfOneAdministrator()];
  }

  private warningsOfOneAdministrator(): readonly string[] {
    const [arn, ...others] = new Set(this.administrators.map((administrator) => administrator.arn));
    const [{ label }] = this.administrators as readonly [Identity];
    // Nobody can delete an account root. A token may be one.
    return others.length > 0 || !known(arn) || arn!.endsWith(":root")
      ? []
      : [
          `'administrators' names ${label} only: if it is deleted, nobody can change this key again, because KMS keeps the ID ` +
            "of a deleted principal. Add a second role, or the account root",
        ];
  }
}

/** Checks what a key and a replica of it have in common. */
export function checkSettings(scope: Construct, props: KeyProps): void {
  checkAll(
    () => checkEnvironment(scope, props),
    () => check(scope, "description", props.description, KEY_DESCRIPTION),
    () => check(scope, "deletionWindowInDays", props.deletionWindowInDays, DELETION_WINDOW_IN_DAYS),
    () => check(scope, "tags", props.tags, TAGS),
    () => checkDecisions(scope, props, "bypassPolicyLockoutSafetyCheck", "deletionProtection", "lockoutPrecondition"),
    () => {
      if (props.lockoutPrecondition && props.bypassPolicyLockoutSafetyCheck) {
        fail(scope, "lockoutPrecondition", "be false if 'bypassPolicyLockoutSafetyCheck' is true", true);
      }
    },
  );
}
