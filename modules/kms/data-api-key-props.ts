import type { Identity } from "../iam/identity";
import { checkConsistency } from "../private/aws-environment";
import { fail, type Where } from "../private/checks";
import {
  checkProps,
  decision,
  flag,
  number,
  propRules,
  type PropRules,
  required,
  text,
  unique,
} from "../private/prop-rules";
import {
  ENVIRONMENT_PROPS,
  type EnvironmentProps,
  TAGGED_RESOURCE_PROPS,
  type TaggedResourceProps,
} from "../private/resource-props";
import * as rules from "../private/rules";
import type { PolicyStatement } from "../private/statement";
import { KEY_POLICY_RULES } from "./key-policy";

/** The props that a key and a replica of it share. */
export interface CreatedDataApiKeyProps extends EnvironmentProps, TaggedResourceProps {
  /**
   * The last statements of the key policy. Each has a Sid that no other statement has.
   *
   * @default - none
   */
  readonly additionalStatements?: readonly PolicyStatement[] | undefined;
  /**
   * Whether KMS accepts a policy that its caller could not change again. If true, the key has no lockout precondition.
   *
   * @default false
   * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html
   */
  readonly bypassPolicyLockoutSafetyCheck?: boolean | undefined;
  /**
   * How long a deleted key can be restored, in days: 7 to 30. With fewer than 14, KMS deletes the key before
   * Redshift deletes a warehouse whose key is inaccessible.
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
   * The purpose of the key: at most 8,192 characters.
   *
   * @default "Amazon Redshift and its Data API"
   */
  readonly description?: string | undefined;
  /**
   * Whether a plan fails if its caller is not an administrator, because KMS would refuse the policy at apply. Set it to false
   * if an additional statement lets the caller change the policy, or if the identities that plan and apply differ. KMS checks
   * the policy in any case.
   *
   * @default - true, unless bypassPolicyLockoutSafetyCheck is set
   */
  readonly lockoutPrecondition?: boolean | undefined;
  /**
   * The values of `kms:ViaService` that count as Redshift.
   *
   * @default - the regional names of Redshift and Redshift Serverless, and redshift.amazonaws.com
   */
  readonly viaServices?: readonly string[] | undefined;
}

/** A customer managed key, its policy and its alias. */
export interface DataApiKeyProps extends CreatedDataApiKeyProps {
  /**
   * The IAM principals that administer the key: at least one. The deployer must be among them. The lockout precondition
   * compares roles without their paths, because a session's ARN does not have its role's path.
   */
  readonly administrators: readonly Identity[];
  /** The key's alias. It begins with `alias/`. */
  readonly alias: string;
  /**
   * The IAM principals that create, restore and change warehouses under the key, besides its administrators.
   *
   * @default - nobody: the statements for deployers are left out
   * @see https://docs.aws.amazon.com/redshift/latest/mgmt/authorizing-kms-customer-managed-key.html
   */
  readonly deployers?: readonly Identity[] | undefined;
  /**
   * Whether KMS rotates the key material.
   *
   * @default true
   */
  readonly enableKeyRotation?: boolean | undefined;
  /**
   * Whether the key is a multi-Region primary key. It cannot be changed later.
   *
   * @default false
   */
  readonly multiRegion?: boolean | undefined;
  /**
   * Days between two rotations: 90 to 2,560.
   *
   * @default - 365, as KMS decides
   */
  readonly rotationPeriodInDays?: number | undefined;
  /**
   * The IAM principals that use the key with the Data API.
   *
   * @default - nobody: the statement for users is left out
   */
  readonly users?: readonly Identity[] | undefined;
}

/** @internal */
export const CREATED_DATA_API_KEY_PROPS = propRules("CreatedDataApiKeyProps", {
  ...ENVIRONMENT_PROPS,
  additionalStatements: KEY_POLICY_RULES.additionalStatements,
  bypassPolicyLockoutSafetyCheck: decision(flag(false)),
  deletionProtection: decision(flag(true)),
  deletionWindowInDays: number(rules.DELETION_WINDOW_IN_DAYS, 30),
  description: text(rules.KEY_DESCRIPTION, "Amazon Redshift and its Data API"),
  lockoutPrecondition: decision(flag()),
  viaServices: KEY_POLICY_RULES.viaServices,
  ...TAGGED_RESOURCE_PROPS,
} satisfies PropRules<CreatedDataApiKeyProps>);

/** @internal */
export const DATA_API_KEY_PROPS = propRules("DataApiKeyProps", {
  alias: unique(required(text(rules.ALIAS))),
  ...KEY_POLICY_RULES,
  ...CREATED_DATA_API_KEY_PROPS.rules,
  enableKeyRotation: decision(flag(true)),
  multiRegion: flag(false),
  rotationPeriodInDays: number(rules.ROTATION_PERIOD_IN_DAYS),
} satisfies PropRules<DataApiKeyProps>);

export function checkKeyProps(where: Where, props: DataApiKeyProps): void {
  checkProps(
    where,
    props,
    DATA_API_KEY_PROPS,
    (given) => checkConsistency(where, given),
    (given) => checkLockout(where, given),
    ({ enableKeyRotation, rotationPeriodInDays }) => {
      if (enableKeyRotation === false && rotationPeriodInDays !== undefined) {
        fail(where, "rotationPeriodInDays", "be left out if 'enableKeyRotation' is false", rotationPeriodInDays);
      }
    },
  );
}

/**
 * Refuses `bypassPolicyLockoutSafetyCheck` with `lockoutPrecondition`: the plan would require the check that the former turns
 * off.
 */
export function checkLockout(where: Where, props: CreatedDataApiKeyProps): void {
  if (props.lockoutPrecondition && props.bypassPolicyLockoutSafetyCheck) {
    fail(where, "lockoutPrecondition", "be false if 'bypassPolicyLockoutSafetyCheck' is true", true);
  }
}
