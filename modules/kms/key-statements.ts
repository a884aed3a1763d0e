import { checkIdentities, type Identity } from "../iam/identity";
import { check, checkNotEmpty, checkObject, checkRequired, type Where } from "../private/checks";
import type { Partition } from "../private/resource-props";
import { ACCOUNT_ID, PARTITION, REGION, SERVICE_PRINCIPAL } from "../private/rules";
import { canonical, type PolicyStatement } from "../private/statement";

/** The account for which an AWS service uses the key. */
export interface AlarmStatementProps {
  /** The account of the alarms or clusters: 12 digits. */
  readonly accountId: string;
}

/** The account of the clusters that send events. */
export type EventStatementProps = AlarmStatementProps;

/** The account and the Region of log groups, and the service principal. */
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
  readonly partition?: Partition | undefined;
  /**
   * The service principal of CloudWatch Logs, if it is not the default, as in an isolated partition.
   *
   * @default - logs.REGION.amazonaws.com, and in China logs.REGION.amazonaws.com.cn
   */
  readonly servicePrincipal?: string | undefined;
}

/** The readers of encrypted log groups. */
export interface LogReaderStatementProps extends Omit<LogGroupStatementProps, "servicePrincipal"> {
  /** The IAM roles and users that read the logs. */
  readonly readers: readonly Identity[];
}

/** The account, the Region and the partition of zero-ETL integrations. */
export type IntegrationStatementProps = Omit<LogGroupStatementProps, "servicePrincipal">;

/**
 * Statements of a key policy that let an AWS service, or the readers of audit logs, use the key of a warehouse. AuditLogGroups,
 * AlarmTopic, EventSubscription and ZeroEtlIntegration add the statements of their services to the key.
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
   * @param where - the construct or class that an error names
   * @throws if a prop breaks its rule
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
   */
  public static forLogGroups(props: LogGroupStatementProps, where: Where = "KeyStatements"): PolicyStatement {
    checkPlace(where, props);
    const { partition = "aws", region } = props;
    const { servicePrincipal = `logs.${region}.amazonaws.com${partition === "aws-cn" ? ".cn" : ""}` } = props;
    check(where, "servicePrincipal", servicePrincipal, SERVICE_PRINCIPAL);
    return {
      Sid: "AllowAuditLogGroups",
      Effect: "Allow",
      Principal: { Service: servicePrincipal },
      Action: ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
      Resource: "*",
      Condition: { ArnLike: { "kms:EncryptionContext:aws:logs:arn": auditLogGroups(props) } },
    };
  }

  /**
   * Lets principals read the audit logs of log groups that are encrypted with the key, through CloudWatch Logs only. The principals
   * also need permissions of CloudWatch Logs.
   *
   * @param where - the construct or class that an error names
   * @throws if a prop breaks its rule
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
   */
  public static forLogReaders(props: LogReaderStatementProps, where: Where = "KeyStatements"): PolicyStatement {
    checkPlace(where, props);
    const { partition, readers, region } = props;
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
        ArnLike: { "kms:EncryptionContext:aws:logs:arn": auditLogGroups(props) },
        // AWS does not document which of these names CloudWatch Logs sends to KMS in China.
        StringEquals: { "kms:ViaService": partition === "aws-cn" ? [service, `${service}.cn`] : service },
      },
    };
  }

  /**
   * Lets CloudWatch alarms publish to topics that are encrypted with the key.
   *
   * @param where - the construct or class that an error names
   * @throws if the account is malformed
   * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
   */
  public static forAlarms(props: AlarmStatementProps, where: Where = "KeyStatements"): PolicyStatement {
    return publisherStatement("AllowAlarms", "cloudwatch.amazonaws.com", props, where);
  }

  /**
   * Lets Redshift publish the events of clusters to topics that are encrypted with the key.
   *
   * @param where - the construct or class that an error names
   * @throws if the account is malformed
   * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
   */
  public static forEvents(props: EventStatementProps, where: Where = "KeyStatements"): PolicyStatement {
    return publisherStatement("AllowEvents", "redshift.amazonaws.com", props, where);
  }

  /**
   * Lets Redshift create the grants of zero-ETL integrations that are encrypted with the key.
   *
   * @param where - the construct or class that an error names
   * @throws if a prop breaks its rule
   * @see https://docs.aws.amazon.com/redshift/latest/mgmt/zero-etl-setting-up.create-integration-ddb.html
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/zero-etl.creating.html
   */
  public static forIntegrations(props: IntegrationStatementProps, where: Where = "KeyStatements"): PolicyStatement {
    checkPlace(where, props);
    const { accountId, partition = "aws", region } = props;
    return {
      Sid: "AllowIntegrations",
      Effect: "Allow",
      Principal: { Service: "redshift.amazonaws.com" },
      Action: "kms:CreateGrant",
      Resource: "*",
      Condition: {
        // IfExists, because AWS documents the account and the ARN for sources in DynamoDB, but not for those in Aurora and RDS.
        ArnLikeIfExists: { "aws:SourceArn": `arn:${partition}:*:${region}:${accountId}:integration:*` },
        StringEqualsIfExists: { "aws:SourceAccount": accountId },
        "ForAllValues:StringEquals": { "kms:GrantOperations": ["CreateGrant", "Decrypt", "GenerateDataKey"] },
      },
    };
  }

  /**
   * Lets the principals of an account create zero-ETL integrations of Aurora and RDS that are encrypted with the key. An IAM policy
   * must allow this, too. Integrations of DynamoDB need no such statement, because principals may use the key through Redshift.
   *
   * @param where - the construct or class that an error names
   * @throws if a prop breaks its rule
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/zero-etl.creating.html
   */
  public static forDatabaseIntegrations(
    props: IntegrationStatementProps,
    where: Where = "KeyStatements",
  ): PolicyStatement {
    checkPlace(where, props);
    return {
      Sid: "AllowDatabaseIntegrations",
      Effect: "Allow",
      Principal: { AWS: "*" },
      Action: ["kms:CreateGrant", "kms:DescribeKey"],
      Resource: "*",
      Condition: {
        StringEquals: {
          "kms:CallerAccount": props.accountId,
          "kms:ViaService": `rds.${props.region}.amazonaws.com`,
        },
      },
    };
  }

  /**
   * Lets rules of EventBridge publish to topics that are encrypted with the key.
   *
   * @param where - the construct or class that an error names
   * @throws if the account is malformed
   * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
   */
  public static forEventRules(props: AlarmStatementProps, where: Where = "KeyStatements"): PolicyStatement {
    return publisherStatement("AllowEventRules", "events.amazonaws.com", props, where);
  }
}

/** Returns a statement that lets a service publish to topics that are encrypted with the key. */
function publisherStatement(Sid: string, Service: string, props: AlarmStatementProps, where: Where): PolicyStatement {
  checkObject(where, "props", props, "be given");
  checkRequired(where, "accountId", props.accountId, ACCOUNT_ID);
  return {
    Sid,
    Effect: "Allow",
    Principal: { Service },
    Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
    Resource: "*",
    // IfExists: AWS does not document whether the service sends KMS the account of the alarm or cluster. If so, the account must
    // match.
    Condition: { StringEqualsIfExists: { "aws:SourceAccount": props.accountId } },
  };
}

function checkPlace(where: Where, props: IntegrationStatementProps): void {
  checkObject(where, "props", props, "be given");
  checkRequired(where, "accountId", props.accountId, ACCOUNT_ID);
  checkRequired(where, "region", props.region, REGION);
  check(where, "partition", props.partition, PARTITION);
}

/** Returns the ARN pattern of the log groups that have audit logs of Redshift. */
function auditLogGroups({ accountId, partition = "aws", region }: LogGroupStatementProps): string {
  return `arn:${partition}:logs:${region}:${accountId}:log-group:/aws/redshift/*`;
}
