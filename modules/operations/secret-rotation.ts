import { SecretsmanagerSecretRotation } from "@cdktf/provider-aws/lib/secretsmanager-secret-rotation";
import type { TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { checkNotBoth, fail } from "../private/checks";
import { defined } from "../private/defined";
import {
  checkProps,
  code,
  flag,
  number,
  propRules,
  required,
  text,
  withPresets,
  type PropRules,
} from "../private/prop-rules";
import { ROTATION_DAYS, ROTATION_DURATION, ROTATION_SCHEDULE } from "../private/rules";
import { checkWarehouse, type IWarehouse } from "../redshift/warehouse";

/** When the admin's password is rotated. */
export interface SecretRotationProps {
  /** The warehouse, whose admin's password Redshift keeps. */
  readonly warehouse: IWarehouse;
  /**
   * Days between two rotations: 1 to 1,000.
   *
   * @default - `scheduleExpression` gives the times
   */
  readonly automaticallyAfterDays?: number | undefined;
  /**
   * How long the rotation may take from when it is due, in hours: `1h` to `24h`.
   *
   * @default - until the end of the day, or for an hour with a schedule of hours
   */
  readonly duration?: string | undefined;
  /**
   * The provider that makes the schedule.
   *
   * @default - the stack's default provider
   */
  readonly provider?: TerraformProvider | undefined;
  /**
   * Whether the password is also rotated when the schedule is made or changed.
   *
   * @default false
   */
  readonly rotateImmediately?: boolean | undefined;
  /**
   * When it is rotated, in UTC: `rate(10 days)`, or `cron(0 3 ? * SUN#1 *)`.
   *
   * @default - `automaticallyAfterDays` gives the times
   */
  readonly scheduleExpression?: string | undefined;
}

/** The rules of the props. */
export const SECRET_ROTATION_PROPS = propRules("SecretRotationProps", {
  warehouse: required(code()),
  automaticallyAfterDays: number(ROTATION_DAYS),
  duration: text(ROTATION_DURATION),
  provider: code(),
  rotateImmediately: flag(false),
  scheduleExpression: text(ROTATION_SCHEDULE),
} satisfies PropRules<SecretRotationProps>);

/**
 * The times at which Redshift rotates the admin's password that it keeps, instead of every 30 days. It needs no Lambda
 * function. When this is taken out, the provider turns the rotation off: rotation every 30 days comes back only by
 * `automaticallyAfterDays: 30`.
 *
 * @see https://docs.aws.amazon.com/redshift/latest/mgmt/redshift-secrets-manager-integration.html
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html
 */
export class SecretRotation extends Construct {
  /** The wrapped resource. */
  public readonly resource: SecretsmanagerSecretRotation;

  /** @throws if a prop breaks its rule, there is no one time, or the password was given */
  public constructor(scope: Construct, id: string, props: SecretRotationProps) {
    super(scope, id);
    checkProps(
      this,
      props,
      SECRET_ROTATION_PROPS,
      (props) => {
        checkWarehouse(this, props.warehouse);
        if (props.warehouse.adminSecretArn === undefined) {
          fail(
            this,
            "warehouse",
            "be one whose admin's password Redshift keeps: this one was given it",
            props.warehouse,
          );
        }
      },
      (props) =>
        checkNotBoth(this, props, "automaticallyAfterDays", "scheduleExpression", "either one gives the times"),
      (props) => {
        if (props.automaticallyAfterDays === undefined && props.scheduleExpression === undefined) {
          fail(this, "automaticallyAfterDays", "be given, unless 'scheduleExpression' is", undefined);
        }
      },
    );
    const settings = withPresets(props, SECRET_ROTATION_PROPS);
    const { automaticallyAfterDays, duration, provider, rotateImmediately, scheduleExpression, warehouse } = settings;
    this.resource = new SecretsmanagerSecretRotation(
      this,
      "Resource",
      defined({
        provider,
        rotateImmediately,
        rotationRules: defined({ automaticallyAfterDays, duration, scheduleExpression }),
        secretId: warehouse.adminSecretArn!,
      }),
    );
  }
}
