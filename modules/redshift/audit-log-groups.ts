import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import type { TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { checkKey, type IDataApiKey, letServiceUse } from "../kms/key";
import { KeyStatements } from "../kms/key-statements";
import { checkNotEmpty, fail, known, type Where } from "../private/checks";
import { defined } from "../private/defined";
import {
  checkProps,
  code,
  decision,
  flag,
  list,
  map,
  number,
  type PropRules,
  propRules,
  required,
  text,
  withPresets,
} from "../private/prop-rules";
import type { OrNewer } from "../private/rule";
import { LOG_EXPORT, LOG_GROUP_PREFIX, LOG_RETENTION, TAGS } from "../private/rules";

/** The log groups of a warehouse's audit log. */
export interface AuditLogGroupsProps {
  /** The logs: connectionlog, useractivitylog, userlog. At least one. */
  readonly logExports: readonly OrNewer<"connectionlog" | "useractivitylog" | "userlog">[];
  /**
   * The prefix of a log's name: `/aws/redshift/cluster/IDENTIFIER` of a cluster, `/aws/redshift/NAMESPACE` of a
   * serverless warehouse. Redshift writes to no other.
   */
  readonly logGroupPrefix: string;
  /** How long CloudWatch keeps the logs, in days: 1, 3, 5, 7, 14, 30, and so on up to 3,653; 0 is for ever. */
  readonly retentionInDays: number;
  /**
   * The key that encrypts the logs. Its policy gets a statement that lets CloudWatch Logs use it: `KeyStatements.forLogGroups`.
   *
   * @default - CloudWatch's own key
   */
  readonly key?: IDataApiKey | undefined;
  /**
   * The provider that makes the log groups.
   *
   * @default - the stack's default provider
   */
  readonly provider?: TerraformProvider | undefined;
  /**
   * Whether a log group stays when it is taken out or destroyed, and Terraform only forgets it.
   *
   * @default true
   */
  readonly skipDestroy?: boolean | undefined;
  /**
   * The log groups' tags.
   *
   * @default - the provider's default tags only
   */
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

/** The rules of the props. */
export const AUDIT_LOG_GROUPS_PROPS = propRules("AuditLogGroupsProps", {
  logExports: required(decision(list(LOG_EXPORT, "log"))),
  logGroupPrefix: required(text(LOG_GROUP_PREFIX)),
  retentionInDays: required(number(LOG_RETENTION)),
  key: code(),
  provider: code(),
  skipDestroy: decision(flag(true)),
  tags: map(TAGS),
} satisfies PropRules<AuditLogGroupsProps>);

/**
 * The CloudWatch log groups of an audit log, created before Redshift creates them without a retention period and without a key.
 * The resource that exports the logs must depend on them. Existing log groups must be imported.
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

/** Checks a warehouse's props for the log groups of its audit log. */
export function checkLogGroups(
  where: Where,
  props: {
    readonly encryptLogGroups?: boolean | undefined;
    readonly logExports?: readonly string[] | undefined;
    readonly logRetentionInDays?: number | undefined;
  },
): void {
  const { encryptLogGroups, logExports, logRetentionInDays } = props;
  if (logRetentionInDays === undefined) {
    if (encryptLogGroups !== undefined) {
      fail(where, "encryptLogGroups", "come with 'logRetentionInDays'", encryptLogGroups);
    }
    return;
  }
  if (logExports !== undefined && !known(logExports)) {
    fail(where, "logExports", "be a list of known length, because a log group is made for each", "a list token");
  }
  checkNotEmpty(where, "logExports", logExports, "log if 'logRetentionInDays' is given");
}
