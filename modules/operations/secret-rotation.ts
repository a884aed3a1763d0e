import { SecretsmanagerSecretRotation } from "@cdktf/provider-aws/lib/secretsmanager-secret-rotation";
import { Construct } from "constructs";
import { checkNotBoth, fail, known } from "../private/checks";
import { checkOnce } from "../private/creators";
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
import { RESOURCE_PROPS, type ResourceProps } from "../private/resource-props";
import { cronIncludes, ROTATION_DAYS, ROTATION_DURATION, ROTATION_SCHEDULE } from "../private/rules";
import { type IWarehouse, WAREHOUSE } from "../redshift/warehouse";

/** The schedule on which Redshift rotates the admin's password. */
export interface SecretRotationProps extends ResourceProps {
  /** A warehouse whose admin's password Redshift manages. An existing warehouse must have the ARN of the secret. */
  readonly warehouse: IWarehouse & { readonly adminSecretArn: string | undefined };
  /**
   * Days between two rotations: 1 to 1,000.
   *
   * @default - `scheduleExpression` gives the times
   */
  readonly automaticallyAfterDays?: number | undefined;
  /**
   * The window of a rotation from its due time, in hours: `1h` to `24h`, and no longer than to the next rotation or to the end of
   * the day.
   *
   * @default - until the end of the day, or for an hour with a schedule of hours
   */
  readonly duration?: string | undefined;
  /**
   * Whether the password is also rotated when the schedule is created or changed.
   *
   * @default false
   */
  readonly rotateImmediately?: boolean | undefined;
  /**
   * The times of rotations, in UTC: `rate(10 days)`, or `cron(0 3 ? * SUN#1 *)`.
   *
   * @default - `automaticallyAfterDays` gives the times
   */
  readonly scheduleExpression?: string | undefined;
}

/** @internal */
export const SECRET_ROTATION_PROPS = propRules("SecretRotationProps", {
  warehouse: required(code(WAREHOUSE)),
  automaticallyAfterDays: number(ROTATION_DAYS),
  duration: text(ROTATION_DURATION),
  rotateImmediately: flag(false),
  scheduleExpression: text(ROTATION_SCHEDULE),
  ...RESOURCE_PROPS,
} satisfies PropRules<SecretRotationProps>);

/**
 * The schedule on which Redshift rotates the admin's password, instead of every 30 days. No Lambda function is needed. If the
 * construct is removed, the provider turns the rotation off. Only `automaticallyAfterDays: 30` gives the default of AWS again.
 *
 * @example
 * const managed = new EncryptedServerless(stack, "Warehouse", { key, namespaceName: "analytics" });
 * new SecretRotation(stack, "Rotation", { automaticallyAfterDays: 7, warehouse: managed });
 *
 * @see https://docs.aws.amazon.com/redshift/latest/mgmt/redshift-secrets-manager-integration.html
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html
 */
export class SecretRotation extends Construct {
  /** The wrapped resource. */
  public readonly resource: SecretsmanagerSecretRotation;

  /** @throws if a prop breaks its rule, there is not exactly one schedule, or the props of the warehouse give the password */
  public constructor(scope: Construct, id: string, props: SecretRotationProps) {
    super(scope, id);
    checkProps(
      this,
      props,
      SECRET_ROTATION_PROPS,
      (props) => {
        if (props.warehouse.adminSecretArn === undefined) {
          const must =
            "have an 'adminSecretArn', the secret of a password that Redshift manages: a warehouse with a given " +
            "password has no secret, and a lookup finds none";
          fail(this, "warehouse", must, props.warehouse);
        }
      },
      ({ warehouse }) => checkOnce(this, "warehouse", warehouse.node.path, [warehouse.adminSecretArn]),
      (props) =>
        checkNotBoth(this, props, "automaticallyAfterDays", "scheduleExpression", "each of the two sets the times"),
      (props) => {
        if (props.automaticallyAfterDays === undefined && props.scheduleExpression === undefined) {
          fail(this, "automaticallyAfterDays", "be given unless 'scheduleExpression' is given", undefined);
        }
      },
      (props) => this.checkTimes(props),
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

  /** Refuses rotations less than four hours apart, and a window over the next rotation or the end of the day, in UTC. */
  private checkTimes({ duration, scheduleExpression }: SecretRotationProps): void {
    if (scheduleExpression === undefined || !known(scheduleExpression)) {
      return;
    }
    const [, rate = "24"] = /^rate\((\d+) hours\)$/.exec(scheduleExpression) ?? [];
    const [, hours = "0"] = /^cron\(0 (\S+) /.exec(scheduleExpression) ?? [];
    const starts = Array.from({ length: 24 }, (_, hour) => hour).filter((hour) => cronIncludes(hours, hour));
    const pauses = starts.slice(1).map((start, index) => start - starts[index]!);
    if (pauses.some((pause) => pause < 4)) {
      fail(this, "scheduleExpression", "have rotations that are four hours apart or more", scheduleExpression);
    }
    const longest = Math.min(Number(rate), ...pauses, 24 - starts.at(-1)!);
    if (duration !== undefined && Number.parseInt(duration) > longest) {
      fail(
        this,
        "duration",
        `be at most ${longest}h: a rotation must end before the next rotation, and before the end of the day`,
        duration,
      );
    }
  }
}
