import { checkObject, checkRequired, checkTextToken, fail, known, type Where } from "../private/checks";
import { CLUSTER_ARN, NAMESPACE_ARN } from "../private/rules";
import { CLUSTER_ARN_PAIR, CREATE_TIME_PAIR, createTimeText, NAMESPACE_ARN_PAIR, SERVICE_NAME } from "./context-pairs";

/** The parts of a provisioned cluster's encryption context. */
export interface ClusterEncryptionContextProps {
  /** The cluster's ARN: `arn:PARTITION:redshift:REGION:ACCOUNT:cluster:IDENTIFIER`. */
  readonly clusterArn: string;
  /**
   * The time at which the creation of the cluster was requested: a Date, or an RFC 3339 date and time. Seconds are dropped, as in
   * AWS. Terraform has no attribute for this time.
   *
   * @default - left out: a grant's `encryptionContextSubset` needs the other two pairs only
   */
  readonly createTime?: Date | string | undefined;
}

/** The parts of a Redshift Serverless encryption context. */
export interface NamespaceEncryptionContextProps {
  /** The namespace's ARN (not the workgroup's): `arn:PARTITION:redshift-serverless:REGION:ACCOUNT:namespace/ID`. */
  readonly namespaceArn: string;
}

const RFC_3339 = /^(\d{4})-(\d{2})-(\d{2})T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]\d{2}:\d{2})$/i;

/**
 * The KMS encryption context that the Data API binds to every use of a warehouse's key.
 *
 * @example
 * const context = EncryptionContext.forCluster({ clusterArn: "arn:aws:redshift:us-east-1:111122223333:cluster:analytics" });
 * new TerraformOutput(stack, "encryption_context", { value: context.pairs });
 *
 * @see https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-kms.html
 */
export class EncryptionContext {
  /**
   * Returns the context of a provisioned cluster: `aws:redshift:arn`, `aws:redshift:createtime` if `createTime` is given, and
   * `serviceName`.
   *
   * @param where - the construct or class that an error names
   * @throws if the ARN is not a cluster's, or the time is no valid Date or RFC 3339 date and time
   */
  public static forCluster(
    props: ClusterEncryptionContextProps,
    where: Where = "EncryptionContext",
  ): EncryptionContext {
    checkObject(where, "props", props, "be given");
    const { clusterArn, createTime } = props;
    checkRequired(where, "clusterArn", clusterArn, CLUSTER_ARN);
    return new EncryptionContext({
      [CLUSTER_ARN_PAIR]: clusterArn,
      ...(createTime === undefined ? {} : { [CREATE_TIME_PAIR]: timestamp(where, createTime) }),
      serviceName: SERVICE_NAME,
    });
  }

  /**
   * Returns the context of a Redshift Serverless namespace: `aws:redshift-serverless:arn` and `serviceName`.
   *
   * @param where - the construct or class that an error names
   * @throws if the ARN is not a namespace's
   */
  public static forNamespace(
    props: NamespaceEncryptionContextProps,
    where: Where = "EncryptionContext",
  ): EncryptionContext {
    checkObject(where, "props", props, "be given");
    const { namespaceArn } = props;
    checkRequired(where, "namespaceArn", namespaceArn, NAMESPACE_ARN);
    return new EncryptionContext({ [NAMESPACE_ARN_PAIR]: namespaceArn, serviceName: SERVICE_NAME });
  }

  private constructor(
    /** The pairs of the context. */
    public readonly pairs: Readonly<Record<string, string>>,
  ) {}

  /**
   * The context as conditions of a policy statement, for operations with an encryption context. DescribeKey has none: a statement
   * that allows it must not have these conditions.
   *
   * @see https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-encryption-context
   */
  public get conditions(): Readonly<Record<string, Readonly<Record<string, string>>>> {
    const entries = Object.entries(this.pairs).map(([key, value]) => [`kms:EncryptionContext:${key}`, value]);
    return { StringEquals: Object.fromEntries(entries) as Record<string, string> };
  }
}

function timestamp(where: Where, createTime: Date | string): string {
  if (!known(createTime)) {
    checkTextToken(where, "createTime", createTime);
    return createTime as string;
  }
  const date = createTime instanceof Date ? createTime : rfc3339(createTime);
  // The form yyyyMMdd has room for a year of four digits.
  if (date === undefined || !(date.getUTCFullYear() >= 0 && date.getUTCFullYear() <= 9999)) {
    fail(where, "createTime", "be a valid Date or an RFC 3339 date and time such as 2025-08-15T00:00:00Z", createTime);
  }
  return createTimeText(date);
}

/** Returns the date of an RFC 3339 date and time; undefined if the text has another form, or the day does not exist. */
function rfc3339(text: string): Date | undefined {
  const parts = RFC_3339.exec(text);
  if (!parts) {
    return undefined;
  }
  const [, year, month, day] = parts.map(Number) as [number, number, number, number];
  const daysInMonth = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return day <= daysInMonth ? new Date(text.toUpperCase()) : undefined;
}
