import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { Construct } from "constructs";
import { checkKey, type IDataApiKey, letServiceUse } from "../kms/key";
import { KeyStatements } from "../kms/key-statements";
import { checkGivenOnlyWith, checkNotEmpty, fail, known, type Where } from "../private/checks";
import { checkOnce } from "../private/creators";
import { defined } from "../private/defined";
import {
  checkProps,
  code,
  decision,
  flag,
  list,
  number,
  type PropRules,
  propRules,
  required,
  text,
  withPresets,
} from "../private/prop-rules";
import { Released } from "../private/released";
import { TAGGED_RESOURCE_PROPS, type TaggedResourceProps } from "../private/resource-props";
import { LOG_EXPORT, LOG_EXPORTS, LOG_GROUP_PREFIX, LOG_RETENTION } from "../private/rules";
import type { WarehouseProps, WarehouseSettings } from "./warehouse-props";

/** The log groups of a warehouse's audit log. */
export interface AuditLogGroupsProps extends TaggedResourceProps {
  /** The logs. At least one. */
  readonly logExports: NonNullable<WarehouseProps["logExports"]>;
  /**
   * The prefix of the log groups' names: `/aws/redshift/cluster/IDENTIFIER` for a cluster, `/aws/redshift/NAMESPACE` for a
   * serverless warehouse. Redshift writes to no other log groups.
   */
  readonly logGroupPrefix: string;
  /** How long CloudWatch keeps the logs, in days: 1, 3, 5, 7, 14, 30, and so on up to 3,653; 0 is without end. */
  readonly retentionInDays: number;
  /**
   * The key that encrypts the logs. Its policy gets a statement that lets CloudWatch Logs use the key:
   * `KeyStatements.forLogGroups`.
   *
   * @default - CloudWatch's own key
   */
  readonly key?: IDataApiKey | undefined;
  /**
   * Whether Terraform forgets a removed log group instead of destroying it.
   *
   * @default true
   */
  readonly skipDestroy?: boolean | undefined;
}

/** @internal */
export const AUDIT_LOG_GROUPS_PROPS = propRules("AuditLogGroupsProps", {
  logExports: required(decision(list(LOG_EXPORT, "log"))),
  logGroupPrefix: required(text(LOG_GROUP_PREFIX)),
  retentionInDays: required(number(LOG_RETENTION)),
  key: code(),
  skipDestroy: decision(flag(true)),
  ...TAGGED_RESOURCE_PROPS,
} satisfies PropRules<AuditLogGroupsProps>);

/**
 * The CloudWatch log groups of an audit log. Without this construct, Redshift creates them, without a retention period and without
 * a key. The resource that exports the logs must depend on them. Existing log groups must be imported.
 *
 * @example
 * const logGroupPrefix = "/aws/redshift/cluster/analytics";
 * new AuditLogGroups(stack, "LogGroups", { key, logExports: ["userlog"], logGroupPrefix, retentionInDays: 90 });
 *
 * @see https://docs.aws.amazon.com/redshift/latest/mgmt/db-auditing.html
 */
export class AuditLogGroups extends Construct {
  /** The wrapped resources, in the order of the logs. */
  public readonly resources: readonly CloudwatchLogGroup[];

  /** @throws if a prop breaks its rule */
  public constructor(scope: Construct, id: string, props: AuditLogGroupsProps) {
    super(scope, id);
    checkProps(this, props, AUDIT_LOG_GROUPS_PROPS, (props) => {
      if (props.key !== undefined) {
        checkKey(this, props.key);
      }
    });
    const settings = withPresets(props, AUDIT_LOG_GROUPS_PROPS);
    const { key, logExports, logGroupPrefix, provider, retentionInDays, skipDestroy, tags } = settings;
    logExports.forEach((log) => checkOnce(this, "logExports", log, [provider?.fqn, logGroupPrefix, log]));
    if (key) {
      letServiceUse(key, "logs", () => KeyStatements.forLogGroups(key, this));
    }
    this.resources = logExports.map(
      (log) =>
        new CloudwatchLogGroup(
          this,
          log,
          defined({
            kmsKeyId: key?.keyArn,
            name: `${logGroupPrefix}/${log}`,
            provider,
            retentionInDays,
            skipDestroy,
            tags,
          }),
        ),
    );
  }
}

/** Creates the log groups of a warehouse; undefined if it has no `logRetentionInDays`, so that Redshift creates them. */
export function logGroupsOf(
  scope: Construct,
  settings: WarehouseSettings,
  logGroupPrefix: string,
): AuditLogGroups | undefined {
  const { deletionProtection, encryptLogGroups, key, logExports, logRetentionInDays, provider, tags } = settings;
  if (logRetentionInDays === undefined) {
    return undefined;
  }
  return new AuditLogGroups(scope, "LogGroups", {
    key: encryptLogGroups ? key : undefined,
    logExports,
    logGroupPrefix,
    provider,
    retentionInDays: logRetentionInDays,
    skipDestroy: deletionProtection,
    tags,
  });
}

/** Makes Terraform forget, and not destroy, the log groups that a warehouse under the same construct ID has created. */
export function releaseLogGroups(warehouse: Construct): void {
  const logGroups = new Construct(warehouse, "LogGroups");
  LOG_EXPORTS.forEach((log) => new Released(logGroups, log, CloudwatchLogGroup));
}

/** Checks those props of a warehouse that concern its log groups. */
export function checkLogGroups(where: Where, props: WarehouseProps): void {
  const { logExports, logRetentionInDays } = props;
  checkGivenOnlyWith(where, props, "encryptLogGroups", "logRetentionInDays");
  if (logRetentionInDays === undefined) {
    return;
  }
  if (!known(logExports)) {
    fail(where, "logExports", "be a list of known length, because a log group is created for each", "a list token");
  }
  checkNotEmpty(where, "logExports", logExports, "log if 'logRetentionInDays' is given");
}
