/**
 * The values and keys of the Data API's encryption context: https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-kms.html
 */
export const SERVICE_NAME = "RedshiftDataAPI";
export const CLUSTER_ARN_PAIR = "aws:redshift:arn";
export const CREATE_TIME_PAIR = "aws:redshift:createtime";
export const NAMESPACE_ARN_PAIR = "aws:redshift-serverless:arn";

/** Returns a time in the form that Redshift writes into an encryption context, in UTC: yyyyMMdd'T'HHmm'Z'. */
export function createTimeText(date: Date): string {
  return `${date.toISOString().replace(/[-:]/g, "").slice(0, 13)}Z`;
}
