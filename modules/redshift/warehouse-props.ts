import type { TerraformProvider } from "cdktf";
import type { IDataApiKey } from "../kms/key";
import { code, decision, flag, list, map, number, type PropRules, required, text } from "../private/prop-rules";
import * as rules from "../private/rules";
import type { AuditLogGroupsProps } from "./audit-log-groups";

/** The props that a cluster and a serverless warehouse share. */
export interface WarehouseProps {
  /** The key that encrypts the warehouse, its admin secret, and the Data API's statements and results. */
  readonly key: IDataApiKey;
  /**
   * The customer managed key of the admin's secret, by ARN. Users of `key` may decrypt with it: a user that may also read
   * the secret, by `secretsmanager:GetSecretValue`, gets the admin's password. Another key for the secret prevents it.
   *
   * @default - `key`
   * @see https://docs.aws.amazon.com/redshift/latest/mgmt/redshift-secrets-manager-integration.html
   */
  readonly adminSecretKeyArn?: string | undefined;
  /**
   * The first database: 1 to 64 lowercase letters, digits, underscores or dollar signs. A restored cluster has the
   * snapshot's.
   *
   * @default "dev"
   */
  readonly databaseName?: string | undefined;
  /**
   * The default one of `iamRoles`.
   *
   * @default - none
   */
  readonly defaultIamRoleArn?: string | undefined;
  /**
   * Whether Terraform refuses to destroy the warehouse (`prevent_destroy`), replacement included.
   *
   * @default true
   */
  readonly deletionProtection?: boolean | undefined;
  /**
   * Whether the log groups of `logRetentionInDays` are encrypted with `key`. The key policy gets the statement that lets
   * CloudWatch Logs use the key, unless it has one.
   *
   * @default true
   */
  readonly encryptLogGroups?: boolean | undefined;
  /**
   * Whether COPY and UNLOAD go through the VPC.
   *
   * @default true
   */
  readonly enhancedVpcRouting?: boolean | undefined;
  /**
   * The IAM roles that COPY, UNLOAD and external schemas use, by ARN.
   *
   * @default - none
   */
  readonly iamRoles?: readonly string[] | undefined;
  /**
   * The logs that go to CloudWatch: connectionlog, useractivitylog, userlog. An empty list turns the audit log off.
   *
   * @default - all three; none if a cluster has `logBucketName`
   */
  readonly logExports?: AuditLogGroupsProps["logExports"] | undefined;
  /**
   * How long CloudWatch keeps the audit log, in days: 1, 3, 5, 7, 14, 30, and so on up to 3,653; 0 is for ever. Its log
   * groups are then made here and not by Redshift; those that are there already must be imported. While the warehouse
   * is protected, log groups that are taken out stay.
   *
   * @default - Redshift makes the log groups, which keep everything and have CloudWatch's own key
   */
  readonly logRetentionInDays?: number | undefined;
  /**
   * The port: 5431 to 5455 or 8191 to 8215. The provider changes the port of a cluster in place from version 6.29. Older versions
   * set it at creation only.
   *
   * @default 5439
   */
  readonly port?: number | undefined;
  /**
   * The provider that makes the warehouse and what belongs to it.
   *
   * @default - the stack's default provider
   */
  readonly provider?: TerraformProvider | undefined;
  /**
   * The subnets. A serverless workgroup requires three Availability Zones, or two without enhanced VPC routing.
   *
   * @default - the default VPC's; none if a cluster has `clusterSubnetGroupName`
   */
  readonly subnetIds?: readonly string[] | undefined;
  /**
   * The tags of the warehouse and of what belongs to it.
   *
   * @default - the provider's default tags only
   */
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

export const WAREHOUSE_PROPS = {
  key: required(code()),
  adminSecretKeyArn: text(rules.KEY_ARN),
  databaseName: text(rules.DATABASE_NAME, "dev"),
  defaultIamRoleArn: text(rules.TRUSTING_ROLE_ARN),
  deletionProtection: decision(flag(true)),
  encryptLogGroups: decision(flag(true)),
  enhancedVpcRouting: flag(true),
  iamRoles: list(rules.TRUSTING_ROLE_ARN),
  logExports: list(rules.LOG_EXPORT, undefined, rules.LOG_EXPORTS),
  logRetentionInDays: number(rules.LOG_RETENTION),
  port: number(rules.PORT, 5439),
  provider: code(),
  subnetIds: list(rules.SUBNET_ID),
  tags: map(rules.TAGS),
} satisfies PropRules<WarehouseProps>;
