import type { IDataApiKey } from "../kms/key";
import { check, checkPlace, checkTextToken, fail, known, type Place, type Where } from "../private/checks";
import { isToken } from "../private/expression";
import {
  code,
  decision,
  flag,
  list,
  number,
  type PropRules,
  type PropSet,
  required,
  text,
  type WithPresets,
} from "../private/prop-rules";
import { TAGGED_RESOURCE_PROPS, type TaggedResourceProps } from "../private/resource-props";
import type { OrNewer } from "../private/rule";
import * as rules from "../private/rules";

/** The props that a cluster and a serverless warehouse share. */
export interface WarehouseProps extends TaggedResourceProps {
  /** The key that encrypts the warehouse, its admin secret, and the Data API's statements and results. */
  readonly key: IDataApiKey;
  /**
   * The customer managed key of the admin's secret, by ARN. Under `key`, a user of the key that may also read the secret, by
   * `secretsmanager:GetSecretValue`, gets the admin's password. Another key prevents this.
   *
   * @default - `key`
   * @see https://docs.aws.amazon.com/redshift/latest/mgmt/redshift-secrets-manager-integration.html
   */
  readonly adminSecretKeyArn?: string | undefined;
  /**
   * The first database: 1 to 64 lowercase letters, digits, underscores or dollar signs, and no reserved word. A restored cluster
   * has the snapshot's database.
   *
   * @default "dev"
   */
  readonly databaseName?: string | undefined;
  /**
   * The default role among `iamRoles`, by ARN.
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
   * Whether the log groups that `logRetentionInDays` creates are encrypted with `key`. The key policy gets the statement that lets
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
   * The logs that go to CloudWatch. An empty list turns the audit log off.
   *
   * @default - all three; none if a cluster has `logBucketName`
   */
  readonly logExports?: readonly OrNewer<"connectionlog" | "useractivitylog" | "userlog">[] | undefined;
  /**
   * How long CloudWatch keeps the audit log, in days: 1, 3, 5, 7, 14, 30, and so on up to 3,653; 0 is without end.
   * The construct then creates the log groups. Existing log groups must be imported. While the warehouse is protected, Terraform
   * forgets a removed log group instead of destroying it.
   *
   * @default - Redshift creates the log groups, which keep the logs without end under CloudWatch's key
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
   * The subnets. A serverless workgroup requires three Availability Zones, or two without enhanced VPC routing.
   *
   * @default - the default VPC's; none if a cluster has `clusterSubnetGroupName`
   */
  readonly subnetIds?: readonly string[] | undefined;
}

export const WAREHOUSE_PROPS = {
  key: required(code()),
  adminSecretKeyArn: text(rules.KEY_ARN),
  databaseName: text(rules.FIRST_DATABASE_NAME, "dev"),
  defaultIamRoleArn: text(rules.TRUSTING_ROLE_ARN),
  deletionProtection: decision(flag(true)),
  encryptLogGroups: decision(flag(true)),
  enhancedVpcRouting: flag(true),
  iamRoles: list(rules.TRUSTING_ROLE_ARN),
  logExports: list(rules.LOG_EXPORT, undefined, rules.LOG_EXPORTS),
  logRetentionInDays: number(rules.LOG_RETENTION),
  port: number(rules.PORT, 5439),
  subnetIds: list(rules.SUBNET_ID),
  ...TAGGED_RESOURCE_PROPS,
} satisfies PropRules<WarehouseProps>;

export type WarehouseSettings = WithPresets<WarehouseProps, PropSet<typeof WAREHOUSE_PROPS>>;

/**
 * Checks a write-only password and its version: both or neither must be given. Refuses a literal, which would be written into the
 * synthesized configuration; the error does not show the literal.
 */
export function checkSecret<P extends object>(
  where: Where,
  props: P,
  secret: keyof P & string,
  version: keyof P & string,
): void {
  checkTextToken(where, secret, props[secret]);
  if (props[secret] !== undefined && !isToken(props[secret])) {
    fail(where, secret, "come from an ephemeral resource or a variable, with no literal part", "a literal");
  }
  check(where, version, props[version], rules.POSITIVE_INTEGER);
  for (const [one, other] of [
    [secret, version],
    [version, secret],
  ] as const) {
    if (props[one] !== undefined && props[other] === undefined) {
      fail(where, other, `be given with '${one}'`, undefined);
    }
  }
}

/** Refuses an IAM role of another partition or account, and a default role that is not one of `iamRoles`. */
export function checkIamRoles(
  where: Where,
  props: Pick<WarehouseProps, "defaultIamRoleArn" | "iamRoles">,
  { accountId, partition }: Place,
): void {
  const { defaultIamRoleArn, iamRoles = [] } = props;
  if (known(iamRoles)) {
    iamRoles.forEach((arn, index) => checkPlace(where, `iamRoles[${index}]`, arn, { accountId, partition }));
  }
  // Tokens cannot be compared: two reads of the same attribute are two different tokens.
  const comparable = known(defaultIamRoleArn) && known(iamRoles) && iamRoles.every(known);
  if (defaultIamRoleArn !== undefined && comparable && !iamRoles.includes(defaultIamRoleArn)) {
    fail(where, "defaultIamRoleArn", "be one of 'iamRoles'", defaultIamRoleArn);
  }
}
