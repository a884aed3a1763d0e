import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { KmsReplicaKey, type KmsReplicaKeyConfig } from "@cdktf/provider-aws/lib/kms-replica-key";
import { Annotations, Fn, type Precondition, type TerraformProvider, Token } from "cdktf";
import { Construct, type IConstruct } from "constructs";
import type { Identity } from "../iam/identity";
import {
  accountIdOf,
  callerIdentity,
  checkEnvironment,
  partitionFor,
  partOfArn,
  regionOf,
} from "../private/aws-environment";
import {
  check,
  checkAll,
  checkDecisions,
  checkFlags,
  checkObject,
  checkRequired,
  fail,
  known,
  type Where,
} from "../private/checks";
import { defined } from "../private/defined";
import { operand } from "../private/expression";
import { Released } from "../private/released";
import {
  ALIAS,
  DELETION_WINDOW_IN_DAYS,
  KEY_ARN,
  KEY_DESCRIPTION,
  ROTATION_PERIOD_IN_DAYS,
  TAGS,
} from "../private/rules";
import { dependables, referable, replaceTriggers } from "../private/stack-boundary";
import type { PolicyStatement } from "../private/statement";
import { DataApiKeyPolicy } from "./key-policy";

/** A customer managed key that warehouses are encrypted with: one that DataApiKey makes, or one that exists. */
export interface IDataApiKey extends IConstruct {
  /** The key's ARN, the one spelling in which warehouses name their key. */
  readonly keyArn: string;
  /** The key's ID. */
  readonly keyId: string;
  /**
   * The values of `kms:ViaService` that count as Redshift, for the IAM policies of users of another account than the key's.
   *
   * @default - the regional names of Redshift and Redshift Serverless in the key's Region, and redshift.amazonaws.com
   */
  readonly viaServices?: readonly string[] | undefined;
  /**
   * The principals that may create, restore and change warehouses under the key: its administrators, users and deployers. A
   * plan of a warehouse whose caller is none of them fails.
   *
   * @default - not known: no plan fails
   */
  readonly warehouseDeployers?: readonly Identity[] | undefined;
}

/** A key that exists, and who shall use it. */
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
   * @default - not known: no plan compares its caller with them
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

/**
 * A symmetric customer managed key for a warehouse and its Data API, with an alias and the key policy inline.
 *
 * @see https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-kms.html
 */
export class DataApiKey extends Construct implements IDataApiKey {
  /**
   * Adopts a key that exists. Nothing is made for it and its policy is not touched: `requiredStatements` is what its
   * owner must add. One that a DataApiKey of the same scope and id has made stays, with its alias, and Terraform forgets
   * both.
   *
   * The key may be of another account than the warehouse, whose `accountId` is then given. KMS requires two permissions of
   * each user and deployer for such a key: that of the key policy, and one of an IAM policy. DataApiAccess gives the users
   * theirs. Deployers must have theirs.
   *
   * @throws if the ARN is not a key's, or a prop breaks its rule
   * @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
   */
  public static fromKeyArn(scope: Construct, id: string, props: ExistingDataApiKeyProps): ExistingDataApiKey {
    return new ExistingDataApiKey(scope, id, props);
  }

  public readonly keyArn: string;
  public readonly keyId: string;
  /** The alias, with `alias/` before it. */
  public readonly aliasName: string;
  /** The key policy. */
  public readonly policy: DataApiKeyPolicy;
  /** The wrapped key. */
  public readonly resource: KmsKey;
  /** The wrapped alias. */
  public readonly aliasResource: KmsAlias;
  public readonly warehouseDeployers: readonly Identity[];

  /** @throws if a prop breaks its rule, two props contradict each other, or the key policy is refused */
  public constructor(scope: Construct, id: string, props: DataApiKeyProps) {
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

    const { policy, settings } = settingsOf(this, props);
    this.policy = policy;
    this.warehouseDeployers = warehouseDeployersOf(props);
    this.resource = new KmsKey(
      this,
      "Resource",
      defined({
        ...settings,
        enableKeyRotation,
        multiRegion: props.multiRegion,
        rotationPeriodInDays,
      }),
    );
    this.keyArn = this.resource.arn;
    this.keyId = this.resource.keyId;
    this.aliasName = props.alias;
    this.aliasResource = new KmsAlias(this, "Alias", defined({ name: props.alias, provider, targetKeyId: this.keyId }));

    this.warnOfOneAdministrator(props.administrators);
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

  private warnOfOneAdministrator(administrators: readonly Identity[]): void {
    const [arn, ...others] = new Set(administrators.map((administrator) => administrator.arn));
    const [{ label }] = administrators as readonly [Identity];
    // Nobody can delete an account root. A token may be one.
    if (others.length === 0 && known(arn) && !arn!.endsWith(":root")) {
      Annotations.of(this).addWarning(
        `'administrators' names ${label} only: if it is deleted, nobody can change this key again, because KMS keeps the ID ` +
          "of a deleted principal. Add a second role, or the account root",
      );
    }
  }
}

/** The props that a key and a replica of it have in common. */
type KeyProps = Omit<DataApiKeyProps, "alias" | "enableKeyRotation" | "multiRegion" | "rotationPeriodInDays">;

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

/** The policy and the arguments that a key and a replica of it have in common. Warns of what the policy is unwise in. */
export function settingsOf(
  scope: Construct,
  props: KeyProps,
): {
  readonly policy: DataApiKeyPolicy;
  readonly settings: Omit<KmsReplicaKeyConfig, "primaryKeyArn">;
} {
  const { administrators, bypassPolicyLockoutSafetyCheck = false, deletionProtection = true, provider } = props;
  const { deployers = [], lockoutPrecondition = !bypassPolicyLockoutSafetyCheck, users = [] } = props;
  const partition = partitionFor(scope, props);
  const policy = new DataApiKeyPolicy(
    {
      accountId: accountIdOf(scope, props),
      additionalStatements: props.additionalStatements,
      administrators,
      deployers,
      partition,
      users: props.users,
      viaServices: props.viaServices ?? DataApiKeyPolicy.viaServicesFor(regionOf(scope, props)),
    },
    scope,
  );
  for (const warning of policy.warnings) {
    Annotations.of(scope).addWarning(warning);
  }
  return {
    policy,
    settings: defined({
      bypassPolicyLockoutSafetyCheck,
      deletionWindowInDays: props.deletionWindowInDays ?? 30,
      dependsOn: dependables(scope, [...administrators, ...users, ...deployers]),
      description: props.description ?? "Amazon Redshift and its Data API",
      lifecycle: defined({
        precondition: lockoutPrecondition
          ? [callerIsAdministrator(scope, administrators, partition, provider)]
          : undefined,
        preventDestroy: deletionProtection,
      }),
      policy: policy.json,
      provider,
      tags: props.tags,
    }),
  };
}

/** The hint of a message about a role whose path the caller's session does not have. */
const WITH_PATH =
  "with the role's path before its name, if it has one (a role of IAM Identity Center has " +
  "/aws-reserved/sso.amazonaws.com/ or /aws-reserved/sso.amazonaws.com/REGION/)";

/** Fails the plan, before anything is made, if KMS would refuse the policy because its caller could not change it again. */
function callerIsAdministrator(
  scope: Construct,
  administrators: readonly Identity[],
  partition: string,
  provider: TerraformProvider | undefined,
): Precondition {
  const { arn, condition, role, root } = callerIsOneOf(scope, administrators, partition, provider);
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

/**
 * The condition that the caller of a plan, or the root of its account, is one of several principals. The ARN of a session
 * has the name of its role but not the path, so the condition compares without paths; role names are unique in an account.
 */
function callerIsOneOf(
  scope: Construct,
  principals: readonly Identity[],
  partition: string,
  provider: TerraformProvider | undefined,
): { readonly arn: string; readonly condition: string; readonly role: string; readonly root: string } {
  const { accountId, arn } = callerIdentity(scope, provider);
  const arns = principals.map((principal) => operand(principal.arn)).join(", ");
  const role = `replace(${arn}, "/^arn:([^:]+):sts::([0-9]+):assumed-role/([^/]+)/.*$/", "arn:$1:iam::$2:role/$3")`;
  const root = `arn:${partition}:iam::${accountId}:root`;
  const withoutPaths = `[for arn in [${arns}] : replace(arn, "/:role/.*//", ":role/")]`;
  const condition = `\${length(setintersection(${withoutPaths}, [${role}, ${operand(root)}])) > 0}`;
  return { arn, condition, role, root };
}

/** The principals that may create warehouses under a key that is made here. */
export function warehouseDeployersOf({ administrators, deployers = [], users = [] }: KeyProps): readonly Identity[] {
  return [...administrators, ...deployers, ...users];
}

/**
 * The precondition of a warehouse: the caller of the plan may create it under the key. AWS would refuse it at apply.
 * Undefined if the key's principals are not known, or if the key's own precondition is stricter.
 */
export function callerMayDeploy(
  scope: Construct,
  key: Pick<IDataApiKey, "keyArn" | "warehouseDeployers">,
  provider: TerraformProvider | undefined,
): Precondition[] | undefined {
  const { warehouseDeployers } = key;
  const isAdministrator = madeResource(scope, key)?.lifecycle?.precondition !== undefined;
  if (warehouseDeployers === undefined || isAdministrator) {
    return undefined;
  }
  const { arn, condition, role } = callerIsOneOf(scope, warehouseDeployers, partOfArn(key.keyArn, 1), provider);
  return [
    {
      condition,
      errorMessage:
        `The caller of this plan, ${arn}, may not create a warehouse under the key ${key.keyArn}: Redshift uses the key ` +
        `with the permissions of its caller. Add \${${role}} to 'deployers' of the key, ${WITH_PATH}.`,
    },
  ];
}

/**
 * Replaces a warehouse together with its key: `replace_triggered_by`. The plan of a key's replacement does not show the new
 * ARN, so that only this makes the plan of a protected warehouse fail before the old key is scheduled for deletion.
 */
export function replacedWith(scope: Construct, key: IDataApiKey): string[] | undefined {
  return replaceTriggers(scope, [madeResource(scope, key), "arn"]);
}

/** The resource of a key or of a replica; undefined for a key that exists, or that another stack makes. */
export function madeResource(scope: Construct, key: object): KmsKey | KmsReplicaKey | undefined {
  const { resource } = key as { readonly resource?: unknown };
  const made = resource instanceof KmsKey || resource instanceof KmsReplicaKey ? resource : undefined;
  return referable(scope, made);
}

/** Checks a key that a warehouse or its snapshots take. */
export function checkKey(where: Where, key: IDataApiKey, prop = "key"): void {
  checkObject(where, prop, key, "be a DataApiKey, or what DataApiKey.fromKeyArn gives", "keyArn");
  check(where, `${prop}.keyArn`, key.keyArn, KEY_ARN);
}

/** Refuses a key that is made here and whose policy does not let an AWS service use it, as such a key would not work. */
export function checkServiceUse(where: Where, key: IDataApiKey, service: string, remedy: string): void {
  const { aliasName, policy } = key as Partial<DataApiKey>;
  if (!(policy instanceof DataApiKeyPolicy)) {
    return;
  }
  const principals = policy.statements
    .filter(({ Effect }) => Effect === "Allow")
    .flatMap(({ Principal }) => Principal?.Service ?? []);
  if (!principals.some((principal) => principal.startsWith(`${service}.`))) {
    const must = `let the service ${service} use it: add ${remedy} to its 'additionalStatements'`;
    fail(where, "key", must, aliasName);
  }
}

/** A key that exists, as DataApiKey.fromKeyArn adopts it. */
export class ExistingDataApiKey extends Construct implements IDataApiKey {
  public readonly keyArn: string;
  public readonly keyId: string;
  /**
   * The key's owner must add these to its policy, so that warehouses and the Data API can use the key. KMS refuses a policy
   * that names a role that does not exist. A Sid that the policy has already must become another one.
   */
  public readonly requiredStatements: readonly PolicyStatement[];
  public readonly viaServices: readonly string[];
  public readonly warehouseDeployers: readonly Identity[] | undefined;

  /** @throws if the ARN is not a key's, or a prop breaks its rule */
  public constructor(scope: Construct, id: string, props: ExistingDataApiKeyProps) {
    super(scope, id);
    checkObject(this, "props", props, "be given");
    const { deployers, keyArn, users } = props;
    this.warehouseDeployers = deployers && [...deployers, ...(users ?? [])];
    checkRequired(this, "keyArn", keyArn, KEY_ARN);
    // A key that DataApiKey made, under this id, is let go of and not deleted.
    new Released(this, "Resource", KmsKey);
    new Released(this, "Alias", KmsAlias);
    // arn:PARTITION:kms:REGION:ACCOUNT:key/ID
    const part = (index: number): string =>
      known(keyArn) ? keyArn.split(":")[index]! : Token.asString(Fn.element(Fn.split(":", keyArn), index));
    this.keyArn = keyArn;
    this.keyId = known(keyArn) ? keyArn.split("/")[1]! : Token.asString(Fn.element(Fn.split("/", keyArn), 1));
    this.viaServices = props.viaServices ?? DataApiKeyPolicy.viaServicesFor(part(3));
    this.requiredStatements = DataApiKeyPolicy.requiredStatements(
      {
        accountId: props.accountId ?? part(4),
        deployers,
        partition: part(1),
        users,
        viaServices: this.viaServices,
      },
      this,
    );
  }
}
