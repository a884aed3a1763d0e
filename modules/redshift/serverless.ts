import { RedshiftserverlessNamespace } from "@cdktf/provider-aws/lib/redshiftserverless-namespace";
import {
  RedshiftserverlessWorkgroup,
  type RedshiftserverlessWorkgroupPricePerformanceTarget,
} from "@cdktf/provider-aws/lib/redshiftserverless-workgroup";
import { Annotations, type TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { callerMayDeploy, checkKey, type IDataApiKey, replacedWith } from "../kms/key";
import { EncryptionContext } from "../kms/encryption-context";
import {
  arnPart,
  check,
  checkAdminSecretKey,
  checkAll,
  checkDecisions,
  checkEach,
  checkFlags,
  checkIamRoles,
  checkKnownMap,
  checkNotBoth,
  checkObject,
  checkRequired,
  checkSecret,
  fail,
  known,
} from "../private/checks";
import { defined } from "../private/defined";
import { address } from "../private/expression";
import * as rules from "../private/rules";
import { AuditLogGroups, checkLogGroups } from "./audit-log-groups";
import type { IServerless } from "./warehouse";

/** A Redshift Serverless namespace and its workgroup. */
export interface EncryptedServerlessProps {
  /** The key that encrypts the namespace, its admin secret, and the Data API's statements and results. */
  readonly key: IDataApiKey;
  /** The namespace's name: 3 to 64 lowercase letters, digits or hyphens. */
  readonly namespaceName: string;
  /**
   * The customer managed key of the admin's secret, by ARN. Users of `key` may decrypt with it: a user that may also read
   * the secret, by `secretsmanager:GetSecretValue`, gets the admin's password. Another key for the secret prevents it.
   *
   * @default - `key`
   * @see https://docs.aws.amazon.com/redshift/latest/mgmt/redshift-secrets-manager-integration.html
   */
  readonly adminSecretKeyArn?: string | undefined;
  /**
   * The admin's password, write-only: it is in no plan and no state. It comes from an ephemeral resource or a variable,
   * never as a literal. Terraform 1.11 or newer.
   *
   * @default - Redshift makes one, keeps it in Secrets Manager and rotates it
   */
  readonly adminUserPasswordWo?: string | undefined;
  /**
   * The version of `adminUserPasswordWo`: a change of it sends the password again. 1 or more.
   *
   * @default - none
   */
  readonly adminUserPasswordWoVersion?: number | undefined;
  /**
   * The admin's name.
   *
   * @default "warehouse_admin"
   */
  readonly adminUsername?: string | undefined;
  /**
   * The capacity that queries start with, in RPUs: 4, a multiple of 8 from 8 to 512, or a multiple of 32 up to 1,024,
   * the last of which not every Region has.
   *
   * @default - none: a price-performance target sets the capacity
   */
  readonly baseCapacity?: number | undefined;
  /**
   * Configuration parameters that differ from AWS's defaults, which are sent, too. `ignoreConfigParameterChanges` decides how a
   * parameter of an existing workgroup changes.
   *
   * @default - AWS's defaults
   * @see https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_ConfigParameter.html
   */
  readonly configParameters?: Readonly<Record<string, string>> | undefined;
  /**
   * The first database: 1 to 64 lowercase letters, digits, underscores or dollar signs.
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
   * Whether Terraform refuses to destroy the namespace and the workgroup (`prevent_destroy`), replacement included.
   *
   * @default true
   */
  readonly deletionProtection?: boolean | undefined;
  /**
   * Whether the log groups that are made for `logRetentionInDays` are encrypted with `key`, whose policy must then let
   * CloudWatch Logs use it: `KeyStatements.forLogGroups`.
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
   * Whether Terraform ignores changes of `configParameters` of an existing workgroup. AWS returns parameters that the provider
   * does not support: if they are not ignored, every plan removes them, and AWS refuses that. Set it to false for the one
   * deployment that changes a parameter.
   *
   * @default true
   */
  readonly ignoreConfigParameterChanges?: boolean | undefined;
  /**
   * The logs that go to CloudWatch: connectionlog, useractivitylog, userlog. An empty list turns the audit log off.
   *
   * @default - all three
   */
  readonly logExports?: readonly string[] | undefined;
  /**
   * How long CloudWatch keeps the audit log, in days: 1, 3, 5, 7, 14, 30, and so on up to 3,653; 0 is for ever. Its log
   * groups are then made here and not by Redshift; those that are there already must be imported. While the warehouse
   * is protected, log groups that are taken out stay.
   *
   * @default - Redshift makes the log groups, which keep everything and have CloudWatch's own key
   */
  readonly logRetentionInDays?: number | undefined;
  /**
   * The most capacity that the workgroup scales to, in RPUs: at least `baseCapacity`.
   *
   * @default - no limit
   */
  readonly maxCapacity?: number | undefined;
  /**
   * The port: 5431 to 5455 or 8191 to 8215.
   *
   * @default 5439
   */
  readonly port?: number | undefined;
  /**
   * The level of the price-performance target, which sets the capacity in place of `baseCapacity`: 1 (cost) to 100 (speed), in
   * the steps 1, 25, 50, 75 and 100.
   *
   * @default - 50, as AWS decides, unless there is a `baseCapacity`
   */
  readonly pricePerformanceLevel?: number | undefined;
  /**
   * The provider that makes the namespace and the workgroup.
   *
   * @default - the stack's default provider
   */
  readonly provider?: TerraformProvider | undefined;
  /**
   * The security groups of the workgroup.
   *
   * @default - the VPC's default security group
   */
  readonly securityGroupIds?: readonly string[] | undefined;
  /**
   * The subnets of the workgroup, in three Availability Zones, or in two without enhanced VPC routing.
   *
   * @default - the default VPC's
   */
  readonly subnetIds?: readonly string[] | undefined;
  /**
   * The tags of the namespace and the workgroup.
   *
   * @default - the provider's default tags only
   */
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /**
   * The release track: current or trailing.
   *
   * @default "current"
   */
  readonly trackName?: string | undefined;
  /**
   * The workgroup's name: 3 to 63 lowercase letters, digits or hyphens.
   *
   * @default - the namespace's name
   */
  readonly workgroupName?: string | undefined;
}

/** AWS's defaults. All are sent, because the provider shows a diff for every one that AWS sets by itself. */
const DEFAULT_CONFIG_PARAMETERS: Readonly<Record<string, string>> = {
  auto_mv: "true",
  datestyle: "ISO, MDY",
  enable_case_sensitive_identifier: "false",
  enable_user_activity_logging: "true",
  max_query_execution_time: "14400",
  query_group: "default",
  require_ssl: "true",
  search_path: "$user, public",
  use_fips_ssl: "false",
};
const ALWAYS_TRUE = "be left out: it is always true";
/** https://docs.aws.amazon.com/redshift/latest/mgmt/behavior-changes.html */
const DROPPED = "be left out: AWS dropped it on 2025-05-02; limit max_query_execution_time instead";
/** The provider's list of parameters lacks these at least up to 6.64: https://github.com/hashicorp/terraform-provider-aws/pull/49986 */
const SET_BY_CLI =
  "be left out, because the AWS provider refuses it: set it with aws redshift-serverless update-workgroup, " +
  "and leave 'ignoreConfigParameterChanges' true";
/** The limits of query monitoring that AWS and the provider take. */
const QUERY_LIMITS = [
  "max_join_row_count",
  "max_nested_loop_join_row_count",
  "max_query_blocks_read",
  "max_query_queue_time",
  "max_query_temp_blocks_to_disk",
  "max_scan_row_count",
];
/** The parameters that a configuration cannot have, with the rule of each. */
const REFUSED_CONFIG_PARAMETERS = new Map([
  ["enable_large_strings_opt_in", SET_BY_CLI],
  ["enable_user_activity_logging", ALWAYS_TRUE],
  ["max_query_cpu_time", DROPPED],
  ["max_query_cpu_usage_percent", DROPPED],
  ["require_ssl", ALWAYS_TRUE],
  ["wlm_json_configuration", SET_BY_CLI],
]);
const SUPPORTED_CONFIG_PARAMETERS = [...Object.keys(DEFAULT_CONFIG_PARAMETERS), ...QUERY_LIMITS].filter(
  (name) => !REFUSED_CONFIG_PARAMETERS.has(name),
);

/**
 * A Redshift Serverless namespace under a customer managed key, and the workgroup that serves it.
 *
 * @see https://docs.aws.amazon.com/redshift/latest/mgmt/serverless-workgroup-namespace.html
 */
export class EncryptedServerless extends Construct implements IServerless {
  public readonly kind = "serverless";
  public readonly databaseName: string;
  public readonly encryptionContext: EncryptionContext;
  public readonly key: IDataApiKey;
  /** The workgroup's ARN. */
  public readonly warehouseArn: string;
  public readonly workgroupName: string;
  /** The namespace's ARN, which the encryption context carries. */
  public readonly namespaceArn: string;
  /** The ARN of the secret with the admin's password, or undefined if the password was given. */
  public readonly adminSecretArn: string | undefined;
  public readonly adminUsername: string;
  /** The host name and port to connect to, with a colon between them. */
  public readonly endpoint: string;
  public readonly endpointAddress: string;
  public readonly endpointPort: number;
  /** The log groups of the audit log, or undefined if Redshift makes them. */
  public readonly logGroups: AuditLogGroups | undefined;
  /** The wrapped namespace. */
  public readonly namespace: RedshiftserverlessNamespace;
  /** The wrapped workgroup. */
  public readonly workgroup: RedshiftserverlessWorkgroup;

  /** @throws if a prop breaks its rule, or two props contradict each other */
  public constructor(scope: Construct, id: string, props: EncryptedServerlessProps) {
    super(scope, id);
    checkObject(this, "props", props, "be given");
    checkAll(
      () => checkKey(this, props.key),
      () => this.checkNamespace(props),
      () => checkIamRoles(this, props, arnPart(props.key?.keyArn, 1)),
      () => checkSecret(this, props, "adminUserPasswordWo", "adminUserPasswordWoVersion"),
      () => this.checkWorkgroup(props),
      () => this.checkCapacity(props),
      () => this.checkParameters(props),
    );
    const { deletionProtection = true, key, provider, tags } = props;

    const managed = props.adminUserPasswordWo === undefined;
    this.key = key;
    this.adminUsername = props.adminUsername ?? "warehouse_admin";
    this.databaseName = props.databaseName ?? "dev";
    this.logGroups = this.makeLogGroups(props);
    this.namespace = new RedshiftserverlessNamespace(
      this,
      "Resource",
      defined({
        adminPasswordSecretKmsKeyId: managed ? (props.adminSecretKeyArn ?? key.keyArn) : undefined,
        adminUserPasswordWo: props.adminUserPasswordWo,
        adminUserPasswordWoVersion: props.adminUserPasswordWoVersion,
        adminUsername: this.adminUsername,
        dbName: this.databaseName,
        defaultIamRoleArn: props.defaultIamRoleArn,
        dependsOn: this.logGroups && [...this.logGroups.resources],
        iamRoles: props.iamRoles && [...props.iamRoles],
        kmsKeyId: key.keyArn,
        lifecycle: defined({
          precondition: callerMayDeploy(this, key, provider),
          preventDestroy: deletionProtection,
          replaceTriggeredBy: replacedWith(this, key),
        }),
        logExports: [...(props.logExports ?? rules.LOG_EXPORTS)],
        manageAdminPassword: managed ? true : undefined,
        namespaceName: props.namespaceName,
        provider,
        tags,
      }),
    );
    this.namespaceArn = this.namespace.arn;
    this.workgroup = new RedshiftserverlessWorkgroup(
      this,
      "Workgroup",
      defined({
        baseCapacity: props.baseCapacity,
        configParameter: Object.entries({ ...DEFAULT_CONFIG_PARAMETERS, ...props.configParameters })
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([parameterKey, parameterValue]) => ({ parameterKey, parameterValue })),
        enhancedVpcRouting: props.enhancedVpcRouting ?? true,
        // A namespace is not deleted while it has a workgroup: when one is replaced, so is the other.
        lifecycle: defined({
          ignoreChanges: (props.ignoreConfigParameterChanges ?? true) ? ["config_parameter"] : undefined,
          preventDestroy: deletionProtection,
          replaceTriggeredBy: [address(this.namespace, "namespace_id")],
        }),
        maxCapacity: props.maxCapacity,
        namespaceName: this.namespace.namespaceName,
        port: props.port ?? 5439,
        pricePerformanceTarget: targetOf(props),
        provider,
        publiclyAccessible: false,
        securityGroupIds: props.securityGroupIds && [...props.securityGroupIds],
        subnetIds: props.subnetIds && [...props.subnetIds],
        tags,
        trackName: props.trackName ?? "current",
        workgroupName: props.workgroupName ?? props.namespaceName,
      }),
    );
    if ((props.enhancedVpcRouting ?? true) && known(props.subnetIds) && props.subnetIds?.length === 2) {
      Annotations.of(this).addWarning("with enhanced VPC routing, AWS wants subnets in three Availability Zones");
    }
    this.warehouseArn = this.workgroup.arn;
    this.workgroupName = this.workgroup.workgroupName;
    this.encryptionContext = EncryptionContext.forNamespace({ namespaceArn: this.namespaceArn }, this);
    this.adminSecretArn = managed ? this.namespace.adminPasswordSecretArn : undefined;
    const endpoint = this.workgroup.endpoint.get(0);
    this.endpoint = `${endpoint.address}:${endpoint.port}`;
    this.endpointAddress = endpoint.address;
    this.endpointPort = endpoint.port;
  }

  private makeLogGroups(props: EncryptedServerlessProps): AuditLogGroups | undefined {
    const { deletionProtection = true, encryptLogGroups = true, logRetentionInDays, namespaceName } = props;
    if (logRetentionInDays === undefined) {
      return undefined;
    }
    return new AuditLogGroups(this, "LogGroups", {
      key: encryptLogGroups ? props.key : undefined,
      logExports: props.logExports ?? rules.LOG_EXPORTS,
      logGroupPrefix: `/aws/redshift/${namespaceName}`,
      provider: props.provider,
      retentionInDays: logRetentionInDays,
      skipDestroy: deletionProtection,
      tags: props.tags,
    });
  }

  private checkNamespace(props: EncryptedServerlessProps): void {
    checkRequired(this, "namespaceName", props.namespaceName, rules.NAMESPACE_NAME);
    check(this, "databaseName", props.databaseName, rules.DATABASE_NAME);
    check(this, "adminUsername", props.adminUsername, rules.ADMIN_USERNAME);
    checkAdminSecretKey(this, props, "adminUserPasswordWo");
    checkEach(this, "logExports", props.logExports, rules.LOG_EXPORT);
    checkLogGroups(this, props);
    checkFlags(this, props, "enhancedVpcRouting");
    checkDecisions(this, props, "deletionProtection", "ignoreConfigParameterChanges");
    check(this, "tags", props.tags, rules.TAGS);
  }

  private checkWorkgroup(props: EncryptedServerlessProps): void {
    check(this, "workgroupName", props.workgroupName, rules.WORKGROUP_NAME);
    if (props.workgroupName === undefined && rules.NAMESPACE_NAME.holds(props.namespaceName)) {
      check(this, "workgroupName", props.namespaceName, rules.WORKGROUP_NAME);
    }
    check(this, "port", props.port, rules.PORT);
    check(this, "trackName", props.trackName, rules.TRACK_NAME);
    checkEach(this, "subnetIds", props.subnetIds, rules.SUBNET_ID);
    if (props.subnetIds !== undefined && known(props.subnetIds) && props.subnetIds.length < 2) {
      fail(this, "subnetIds", "name subnets in at least two Availability Zones", props.subnetIds);
    }
    checkEach(this, "securityGroupIds", props.securityGroupIds, rules.SECURITY_GROUP_ID);
  }

  private checkCapacity(props: EncryptedServerlessProps): void {
    const { baseCapacity, maxCapacity } = props;
    check(this, "baseCapacity", baseCapacity, rules.BASE_CAPACITY);
    check(this, "maxCapacity", maxCapacity, rules.POSITIVE_INTEGER);
    check(this, "pricePerformanceLevel", props.pricePerformanceLevel, rules.PRICE_PERFORMANCE_LEVEL);
    checkNotBoth(this, props, "baseCapacity", "pricePerformanceLevel", "a target sets the capacity");
    if (
      baseCapacity !== undefined &&
      maxCapacity !== undefined &&
      known(baseCapacity) &&
      known(maxCapacity) &&
      maxCapacity < baseCapacity
    ) {
      fail(this, "maxCapacity", `be at least 'baseCapacity', ${baseCapacity}`, maxCapacity);
    }
  }

  private checkParameters(props: EncryptedServerlessProps): void {
    checkKnownMap(this, "configParameters", props.configParameters);
    for (const [name, value] of Object.entries(props.configParameters ?? {})) {
      const rule = REFUSED_CONFIG_PARAMETERS.get(name);
      if (rule !== undefined) {
        fail(this, `configParameters.${name}`, rule, value);
      }
      if (!SUPPORTED_CONFIG_PARAMETERS.includes(name)) {
        fail(this, `configParameters.${name}`, `be one of ${SUPPORTED_CONFIG_PARAMETERS.join(", ")}`, name);
      }
      check(this, `configParameters.${name}`, value, rules.PARAMETER_VALUE);
    }
  }
}

/**
 * The price-performance target. It is disabled if there is a base capacity, so that a provider from 6.29 changes an existing
 * workgroup from a target to a base capacity. If there is neither, AWS decides.
 */
function targetOf(props: EncryptedServerlessProps): RedshiftserverlessWorkgroupPricePerformanceTarget | undefined {
  const { baseCapacity, pricePerformanceLevel } = props;
  if (pricePerformanceLevel !== undefined) {
    return { enabled: true, level: pricePerformanceLevel };
  }
  return baseCapacity === undefined ? undefined : { enabled: false };
}
