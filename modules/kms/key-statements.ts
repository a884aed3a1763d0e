import { checkIdentities, type Identity } from "../iam/identity";
import { check, checkNotEmpty, checkObject, checkRequired, type Where } from "../private/checks";
import { ACCOUNT_ID, PARTITION, REGION, SERVICE_PRINCIPAL } from "../private/rules";
import { canonical, type PolicyStatement } from "../private/statement";

/** The place of the log groups, and their names. */
export interface LogGroupStatementProps {
  /** The account of the log groups: 12 digits. */
  readonly accountId: string;
  /** The Region of the log groups, which is the key's. */
  readonly region: string;
  /**
   * The partition.
   *
   * @default "aws"
   */
  readonly partition?: string | undefined;
  /**
   * The service principal of CloudWatch Logs, such as in an isolated partition.
   *
   * @default - logs.REGION.amazonaws.com, and in China logs.REGION.amazonaws.com.cn
   */
  readonly servicePrincipal?: string | undefined;
}

/** The readers of encrypted log groups. */
export interface LogReaderStatementProps {
  /** The account of the log groups: 12 digits. */
  readonly accountId: string;
  /** The IAM roles and users that read the logs. */
  readonly readers: readonly Identity[];
  /** The Region of the log groups, which is the key's. */
  readonly region: string;
  /**
   * The partition.
   *
   * @default "aws"
   */
  readonly partition?: string | undefined;
}

/** Whose alarms they are. */
export interface AlarmStatementProps {
  /** The account of the alarms: 12 digits. */
  readonly accountId: string;
}

/** The account whose clusters send events. */
export interface EventStatementProps {
  /** The account of the clusters: 12 digits. */
  readonly accountId: string;
}

/**
 * Statements of a key policy that let an AWS service, or the readers of audit logs, use the key of a warehouse. AuditLogGroups,
 * AlarmTopic and EventSubscription add those of their services to their key.
 *
 * @example
 * key.addStatement(
 *   KeyStatements.forLogReaders({ accountId: "111122223333", readers: [role.identity], region: "us-east-1" }),
 * );
 */
export class KeyStatements {
  /**
   * Lets CloudWatch Logs encrypt the audit logs of clusters and serverless warehouses, and no other log groups.
   *
   * @param where - the place that an error names
   * @throws if a prop breaks its rule
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
   */
  public static forLogGroups(props: LogGroupStatementProps, where: Where = "KeyStatements"): PolicyStatement {
    checkObject(where, "props", props, "be given");
    const { accountId, partition = "aws", region } = props;
    const { servicePrincipal = `logs.${region}.amazonaws.com${partition === "aws-cn" ? ".cn" : ""}` } = props;
    checkRequired(where, "accountId", accountId, ACCOUNT_ID);
    checkRequired(where, "region", region, REGION);
    check(where, "partition", partition, PARTITION);
    check(where, "servicePrincipal", servicePrincipal, SERVICE_PRINCIPAL);
    return {
      Sid: "AllowAuditLogGroups",
      Effect: "Allow",
      Principal: { Service: servicePrincipal },
      Action: ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
      Resource: "*",
      Condition: { ArnLike: { "kms:EncryptionContext:aws:logs:arn": auditLogGroups(partition, region, accountId) } },
    };
  }

  /**
   * Lets principals read the audit logs of log groups that are encrypted with the key, through CloudWatch Logs only. They need
   * the permissions of CloudWatch Logs as well.
   *
   * @param where - the place that an error names
   * @throws if a prop breaks its rule
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
   */
  public static forLogReaders(props: LogReaderStatementProps, where: Where = "KeyStatements"): PolicyStatement {
    checkObject(where, "props", props, "be given");
    const { accountId, partition = "aws", readers, region } = props;
    checkRequired(where, "accountId", accountId, ACCOUNT_ID);
    checkRequired(where, "region", region, REGION);
    check(where, "partition", partition, PARTITION);
    checkIdentities(where, "readers", readers);
    checkNotEmpty(where, "readers", readers, "reader");
    const service = `logs.${region}.amazonaws.com`;
    return {
      Sid: "AllowAuditLogReaders",
      Effect: "Allow",
      Principal: { AWS: canonical(readers.map(({ arn }) => arn)) },
      Action: "kms:Decrypt",
      Resource: "*",
      Condition: {
        ArnLike: { "kms:EncryptionContext:aws:logs:arn": auditLogGroups(partition, region, accountId) },
        // AWS does not document which name KMS gets in China.
        StringEquals: { "kms:ViaService": partition === "aws-cn" ? [service, `${service}.cn`] : service },
      },
    };
  }

  /**
   * Lets CloudWatch alarms publish to topics that are encrypted with the key.
   *
   * @param where - the place that an error names
   * @throws if the account is malformed
   * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
   */
  public static forAlarms(props: AlarmStatementProps, where: Where = "KeyStatements"): PolicyStatement {
    checkObject(where, "props", props, "be given");
    checkRequired(where, "accountId", props.accountId, ACCOUNT_ID);
    return publisherStatement("AllowAlarms", "cloudwatch.amazonaws.com", props.accountId);
  }

  /**
   * Lets Redshift publish the events of clusters to topics that are encrypted with the key.
   *
   * @param where - the place that an error names
   * @throws if the account is malformed
   * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
   */
  public static forEvents(props: EventStatementProps, where: Where = "KeyStatements"): PolicyStatement {
    checkObject(where, "props", props, "be given");
    checkRequired(where, "accountId", props.accountId, ACCOUNT_ID);
    return publisherStatement("AllowEvents", "redshift.amazonaws.com", props.accountId);
  }
}

/** Lets a service publish to topics that are encrypted with the key. */
function publisherStatement(Sid: string, Service: string, accountId: string): PolicyStatement {
  return {
    Sid,
    Effect: "Allow",
    Principal: { Service },
    Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
    Resource: "*",
    // AWS does not document whether the service gives KMS the account of the alarm or cluster. If it does, it must be this one.
    Condition: { StringEqualsIfExists: { "aws:SourceAccount": accountId } },
  };
}

/** The ARNs of the log groups of audit logs. */
function auditLogGroups(partition: string, region: string, accountId: string): string {
  return `arn:${partition}:logs:${region}:${accountId}:log-group:/aws/redshift/*`;
}
