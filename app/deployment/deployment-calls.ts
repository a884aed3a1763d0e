/** IAM actions that Terraform, or an AWS service on its behalf, needs for the resources of one type. */
export interface Calls {
  /** The actions, with the prefix of their service. */
  readonly actions: readonly string[];
  /** Whether a plan needs the actions, too. Otherwise only an apply needs them. */
  readonly isRead: boolean;
  /**
   * The ARN of the resource. `{name}` stands for an argument, and `{block.name}` for an argument of a block; an absent argument
   * becomes an asterisk.
   */
  readonly on?: string;
  /**
   * The argument that has the ARN of the KMS key, or `self` if the resource is the key. The key policy must allow the actions,
   * too.
   */
  readonly onKey?: string;
  /** The condition of the statement: operator, key, value. */
  readonly condition?: readonly [operator: string, key: string, value: string];
  /** An argument of the resource. The actions are needed only if it is set. */
  readonly ifSet?: string;
  /** The reason why most deployments do not need the actions. */
  readonly seldom?: string;
}

type CallOptions = Omit<Calls, "actions" | "isRead" | "on" | "onKey">;

const arn = (service: string, resource: string): string => `arn:{partition}:${service}:{region}:{account}:${resource}`;
const iam = (resource: string): string => `arn:{partition}:iam::{account}:${resource}`;
const actionsOf = (service: string, names: string): readonly string[] =>
  names.split(" ").map((name) => `${service}:${name}`);

/**
 * Returns actions of one service that an apply needs. `names` has spaces between the actions. Without `on`, the resource is `*`.
 */
const writes = (service: string, names: string, on = "*", options: CallOptions = {}): Calls => ({
  ...options,
  actions: actionsOf(service, names),
  isRead: false,
  on,
});
const reads = (...call: Parameters<typeof writes>): Calls => ({ ...writes(...call), isRead: true });
/** Returns actions of KMS that an apply needs, on the key that an argument names. */
const writesKey = (names: string, onKey: string, options: CallOptions = {}): Calls => ({
  ...options,
  actions: actionsOf("kms", names),
  isRead: false,
  onKey,
});
const readsKey = (...call: Parameters<typeof writesKey>): Calls => ({ ...writesKey(...call), isRead: true });

/** Returns `kms:CreateGrant` for a grant that an AWS service creates for itself with the permissions of its caller. */
const grantsKey = (onKey: string): Calls =>
  writesKey("CreateGrant", onKey, { condition: ["Bool", "kms:GrantIsForAWSResource", "true"], ifSet: onKey });
/**
 * Returns the KMS actions for the key of a warehouse and the key of its admin's secret.
 *
 * @see https://docs.aws.amazon.com/redshift/latest/mgmt/authorizing-kms-customer-managed-key.html
 * @see https://docs.aws.amazon.com/redshift/latest/mgmt/redshift-secrets-manager-integration.html
 */
const warehouseKeys = (key: string, secretKey: string): readonly Calls[] => [
  writesKey("Decrypt DescribeKey Encrypt GenerateDataKey", key, { ifSet: key }),
  grantsKey(key),
  writesKey("Decrypt GenerateDataKey RetireGrant", secretKey, { ifSet: secretKey }),
  grantsKey(secretKey),
];

/** @see https://docs.aws.amazon.com/redshift/latest/mgmt/redshift-secrets-manager-integration.html */
const adminSecret = (isManaged: string): readonly Calls[] => [
  writes(
    "secretsmanager",
    "CreateSecret DeleteSecret DescribeSecret RotateSecret TagResource UpdateSecret",
    arn("secretsmanager", "secret:redshift!*"),
    { ifSet: isManaged },
  ),
  writes("secretsmanager", "GetRandomPassword", "*", { ifSet: isManaged }),
];

/** Returns the action for a service-linked role, which AWS creates with the first resource of an account that needs it. */
const createsServiceRole = (service: string, role: string, options: CallOptions): Calls =>
  writes("iam", "CreateServiceLinkedRole", iam(`role/aws-service-role/${service}/${role}`), {
    ...options,
    condition: ["StringEquals", "iam:AWSServiceName", service],
  });

/**
 * The actions by which Redshift reads the network of a warehouse or an endpoint, with the permissions of the deployer.
 *
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonRedshiftFullAccess.html
 */
const READS_NETWORK = writes(
  "ec2",
  "DescribeAccountAttributes DescribeAddresses DescribeAvailabilityZones DescribeInternetGateways DescribeSecurityGroups " +
    "DescribeSubnets DescribeVpcs",
  "*",
  { seldom: "AWS's managed policy for deployers of Redshift has them, and no page has their operations" },
);
/** @see https://docs.aws.amazon.com/redshift/latest/mgmt/using-service-linked-roles.html */
const NETWORK: readonly Calls[] = [
  READS_NETWORK,
  createsServiceRole("redshift.amazonaws.com", "AWSServiceRoleForRedshift", {
    seldom: "AWS creates the role with the first warehouse of an account",
  }),
];

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html */
const passesRole = (argument: string, service: string): Calls =>
  writes("iam", "PassRole", `{${argument}}`, {
    condition: ["StringEquals", "iam:PassedToService", service],
    ifSet: argument,
  });

const CLUSTER = arn("redshift", "cluster:{cluster_identifier}");
const PARAMETER_GROUP = arn("redshift", "parametergroup:{name}");
const SUBNET_GROUP = arn("redshift", "subnetgroup:{name}");
const SCHEDULE = arn("redshift", "snapshotschedule:{identifier}");
const COPY_GRANT = arn("redshift", "snapshotcopygrant:{snapshot_copy_grant_name}");
const EVENT_SUBSCRIPTION = arn("redshift", "eventsubscription:{name}");
/** A snapshot of any cluster: Terraform sends no cluster when it changes or deletes a snapshot. */
const CLUSTER_SNAPSHOT = arn("redshift", "snapshot:*/{snapshot_identifier}");
const USAGE_LIMIT = arn("redshift", "usagelimit:*");
const CLUSTER_NAMESPACE = arn("redshift", "namespace:*");
const NAMESPACE = arn("redshift-serverless", "namespace/*");
const WORKGROUP = arn("redshift-serverless", "workgroup/*");
const MANAGED_ENDPOINT = arn("redshift-serverless", "managedvpcendpoint/*");
const SERVERLESS_SNAPSHOT = "{resource_arn}";
const ANY_SERVERLESS_SNAPSHOT = arn("redshift-serverless", "snapshot/*");
const INTEGRATION = arn("redshift", "integration:*");
/**
 * The actions for a zero-ETL integration, which writes to a namespace and is encrypted with a key.
 *
 * @see https://docs.aws.amazon.com/redshift/latest/mgmt/zero-etl-setting-up.create-integration-ddb.html
 */
const INTO_NAMESPACE: readonly Calls[] = [
  writes("redshift", "CreateInboundIntegration", CLUSTER_NAMESPACE),
  writesKey("DescribeKey", "kms_key_id"),
  grantsKey("kms_key_id"),
];
const ALIAS = arn("kms", "{name}");
/**
 * The actions for a key or a replica. The ID of a key is unknown before it exists:
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html
 */
const KEY_OR_REPLICA: readonly Calls[] = [
  writes("kms", "CreateKey"),
  writes("kms", "TagResource", arn("kms", "key/*")),
  readsKey("DescribeKey GetKeyPolicy GetKeyRotationStatus ListResourceTags", "self"),
  writesKey("PutKeyPolicy ScheduleKeyDeletion UntagResource UpdateKeyDescription", "self"),
];
const LOG_GROUP = arn("logs", "log-group:{name}");
const TOPIC = arn("sns", "{name}");
const QUEUE = arn("sqs", "{name}");
const SCHEDULE_GROUP = arn("scheduler", "schedule-group/{name}");
const QUERY_SCHEDULE = arn("scheduler", "schedule/{group_name}/{name}");
const EVENT_RULE = arn("events", "rule/{name}");
const ALARM = arn("cloudwatch", "alarm:{alarm_name}");
const ROLE = iam("role{path}{name}");
const VPC_ENDPOINT = arn("ec2", "vpc-endpoint/*");

const restoresSnapshot = (argument: string, snapshot: string): readonly Calls[] =>
  [CLUSTER, snapshot].map((on) => writes("redshift", "RestoreFromClusterSnapshot", on, { ifSet: argument }));

/** By type of resource: the argument that has the resource's name, and the ARN that replaces a reference to the resource's `arn`. */
export const NAMES: Readonly<Record<string, { readonly argument: string; readonly arn: string }>> = {
  aws_cloudwatch_event_rule: { argument: "name", arn: EVENT_RULE },
  aws_iam_role: { argument: "name", arn: ROLE },
  aws_redshift_cluster: { argument: "cluster_identifier", arn: CLUSTER },
  aws_redshift_parameter_group: { argument: "name", arn: PARAMETER_GROUP },
  aws_redshift_snapshot_copy_grant: { argument: "snapshot_copy_grant_name", arn: COPY_GRANT },
  aws_redshift_snapshot_schedule: { argument: "identifier", arn: SCHEDULE },
  aws_redshift_subnet_group: { argument: "name", arn: SUBNET_GROUP },
  aws_redshiftserverless_namespace: { argument: "namespace_name", arn: NAMESPACE },
  aws_redshiftserverless_workgroup: { argument: "workgroup_name", arn: WORKGROUP },
  aws_scheduler_schedule_group: { argument: "name", arn: SCHEDULE_GROUP },
  aws_sns_topic: { argument: "name", arn: TOPIC },
  aws_sqs_queue: { argument: "name", arn: QUEUE },
};

/**
 * The actions for each type of resource that the app creates, in the order of the AWS provider's calls: create, read, update,
 * delete.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export const RESOURCE_CALLS: Readonly<Record<string, readonly Calls[]>> = {
  aws_cloudwatch_event_rule: [
    reads("events", "DescribeRule ListTagsForResource", EVENT_RULE),
    writes("events", "DeleteRule PutRule TagResource UntagResource", EVENT_RULE),
  ],
  aws_cloudwatch_event_target: [
    reads("events", "ListTargetsByRule", arn("events", "rule/{rule}")),
    writes("events", "PutTargets RemoveTargets", arn("events", "rule/{rule}")),
  ],
  aws_cloudwatch_log_group: [
    reads("logs", "DescribeLogGroups"),
    reads("logs", "ListTagsForResource", LOG_GROUP),
    writes("logs", "TagResource UntagResource", LOG_GROUP),
    writes(
      "logs",
      "AssociateKmsKey CreateLogGroup DeleteLogGroup DisassociateKmsKey PutRetentionPolicy",
      `${LOG_GROUP}:*`,
    ),
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
    writesKey("DescribeKey", "kms_key_id", { ifSet: "kms_key_id" }),
  ],
  aws_cloudwatch_metric_alarm: [
    reads("cloudwatch", "DescribeAlarms ListTagsForResource", ALARM),
    writes("cloudwatch", "DeleteAlarms PutMetricAlarm TagResource UntagResource", ALARM),
  ],
  aws_iam_role: [
    reads("iam", "GetRole ListAttachedRolePolicies ListRolePolicies", ROLE),
    writes(
      "iam",
      "CreateRole DeleteRole DeleteRolePermissionsBoundary ListInstanceProfilesForRole PutRolePermissionsBoundary TagRole " +
        "UntagRole UpdateAssumeRolePolicy UpdateRole UpdateRoleDescription",
      ROLE,
    ),
  ],
  aws_iam_role_policy: [
    reads("iam", "GetRolePolicy", iam("role{path}{role}")),
    writes("iam", "DeleteRolePolicy PutRolePolicy", iam("role{path}{role}")),
  ],
  aws_kms_alias: [
    reads("kms", "ListAliases"),
    writes("kms", "CreateAlias DeleteAlias", ALIAS),
    writesKey("CreateAlias DeleteAlias", "target_key_id"),
    writes("kms", "UpdateAlias", ALIAS, { seldom: "Terraform calls it if the key is replaced" }),
    writesKey("UpdateAlias", "target_key_id", { seldom: "Terraform calls it if the key is replaced" }),
  ],
  aws_kms_key: [
    ...KEY_OR_REPLICA,
    writesKey("DisableKeyRotation EnableKeyRotation", "self"),
    // https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-auth.html
    createsServiceRole("mrk.kms.amazonaws.com", "AWSServiceRoleForKeyManagementServiceMultiRegionKeys", {
      ifSet: "multi_region",
      seldom: "AWS creates the role with the first multi-Region key of an account",
    }),
  ],
  aws_kms_replica_key: [...KEY_OR_REPLICA, writesKey("ReplicateKey", "primary_key_arn")],
  aws_rds_integration: [
    reads("rds", "DescribeIntegrations", arn("rds", "integration:*")),
    writes(
      "rds",
      "CreateIntegration DeleteIntegration ModifyIntegration AddTagsToResource RemoveTagsFromResource",
      arn("rds", "integration:*"),
    ),
    writes("rds", "CreateIntegration", "{source_arn}"),
    ...INTO_NAMESPACE,
  ],
  aws_redshift_cluster: [
    reads("redshift", "DescribeClusters", CLUSTER),
    writes("redshift", "DeleteCluster ModifyCluster CreateTags DeleteTags", CLUSTER),
    // A restored cluster needs this action instead of CreateCluster.
    ...restoresSnapshot(
      "snapshot_identifier",
      arn("redshift", "snapshot:{snapshot_cluster_identifier}/{snapshot_identifier}"),
    ),
    ...restoresSnapshot("snapshot_arn", "{snapshot_arn}"),
    writes("redshift", "CreateCluster", CLUSTER),
    writes("redshift", "ModifyClusterIamRoles", CLUSTER, { ifSet: "iam_roles" }),
    passesRole("iam_roles", "redshift.amazonaws.com"),
    passesRole("default_iam_role_arn", "redshift.amazonaws.com"),
    ...adminSecret("manage_master_password"),
    ...warehouseKeys("kms_key_id", "master_password_secret_kms_key_id"),
    ...NETWORK,
  ],
  aws_redshift_cluster_snapshot: [
    reads("redshift", "DescribeClusterSnapshots", arn("redshift", "cluster:*")),
    writes("redshift", "CreateClusterSnapshot", CLUSTER),
    writes(
      "redshift",
      "CreateClusterSnapshot DeleteClusterSnapshot ModifyClusterSnapshot CreateTags DeleteTags",
      CLUSTER_SNAPSHOT,
    ),
  ],
  aws_redshift_data_share_authorization: [
    reads("redshift", "DescribeDataShares"),
    writes("redshift", "AuthorizeDataShare DeauthorizeDataShare", arn("redshift", "datashare:*")),
  ],
  aws_redshift_data_share_consumer_association: [
    reads("redshift", "DescribeDataShares"),
    writes("redshift", "AssociateDataShareConsumer DisassociateDataShareConsumer", "{data_share_arn}"),
  ],
  aws_redshift_endpoint_access: [
    reads("redshift", "DescribeEndpointAccess", arn("redshift", "cluster:*")),
    writes("redshift", "CreateEndpointAccess", CLUSTER),
    writes("redshift", "DeleteEndpointAccess ModifyEndpointAccess"),
    ...NETWORK,
  ],
  aws_redshift_endpoint_authorization: [
    reads("redshift", "DescribeEndpointAuthorization", CLUSTER),
    writes("redshift", "AuthorizeEndpointAccess RevokeEndpointAccess", CLUSTER),
  ],
  aws_redshift_event_subscription: [
    reads("redshift", "DescribeEventSubscriptions"),
    writes(
      "redshift",
      "CreateEventSubscription DeleteEventSubscription ModifyEventSubscription CreateTags DeleteTags",
      EVENT_SUBSCRIPTION,
    ),
  ],
  aws_redshift_integration: [
    reads("redshift", "DescribeIntegrations", INTEGRATION),
    writes("redshift", "CreateIntegration DeleteIntegration ModifyIntegration CreateTags DeleteTags", INTEGRATION),
    ...INTO_NAMESPACE,
  ],
  aws_redshift_logging: [
    reads("redshift", "DescribeLoggingStatus", CLUSTER),
    writes("redshift", "DisableLogging EnableLogging", CLUSTER),
  ],
  aws_redshift_parameter_group: [
    reads("redshift", "DescribeClusterParameterGroups"),
    reads("redshift", "DescribeClusterParameters", PARAMETER_GROUP),
    writes(
      "redshift",
      "CreateClusterParameterGroup DeleteClusterParameterGroup ModifyClusterParameterGroup CreateTags DeleteTags",
      PARAMETER_GROUP,
    ),
  ],
  aws_redshift_resource_policy: [
    reads("redshift", "GetResourcePolicy", CLUSTER_NAMESPACE),
    writes("redshift", "DeleteResourcePolicy PutResourcePolicy", CLUSTER_NAMESPACE),
  ],
  aws_redshift_scheduled_action: [
    reads("redshift", "DescribeScheduledActions"),
    writes("redshift", "CreateScheduledAction DeleteScheduledAction ModifyScheduledAction"),
    passesRole("iam_role", "scheduler.redshift.amazonaws.com"),
  ],
  aws_redshift_snapshot_copy: [
    reads("redshift", "DescribeClusters", CLUSTER),
    writes("redshift", "DisableSnapshotCopy EnableSnapshotCopy ModifySnapshotCopyRetentionPeriod", CLUSTER),
  ],
  aws_redshift_snapshot_copy_grant: [
    reads("redshift", "DescribeSnapshotCopyGrants"),
    writes("redshift", "CreateSnapshotCopyGrant DeleteSnapshotCopyGrant CreateTags DeleteTags", COPY_GRANT),
    writesKey("DescribeKey", "kms_key_id"),
    grantsKey("kms_key_id"),
  ],
  aws_redshift_snapshot_schedule: [
    reads("redshift", "DescribeSnapshotSchedules", SCHEDULE),
    writes(
      "redshift",
      "CreateSnapshotSchedule DeleteSnapshotSchedule ModifySnapshotSchedule CreateTags DeleteTags",
      SCHEDULE,
    ),
  ],
  aws_redshift_snapshot_schedule_association: [
    reads("redshift", "DescribeSnapshotSchedules", CLUSTER),
    writes("redshift", "ModifyClusterSnapshotSchedule", CLUSTER),
  ],
  aws_redshift_subnet_group: [
    reads("redshift", "DescribeClusterSubnetGroups"),
    writes(
      "redshift",
      "CreateClusterSubnetGroup DeleteClusterSubnetGroup ModifyClusterSubnetGroup CreateTags DeleteTags",
      SUBNET_GROUP,
    ),
    READS_NETWORK,
  ],
  aws_redshift_usage_limit: [
    reads("redshift", "DescribeUsageLimits", USAGE_LIMIT),
    writes("redshift", "CreateUsageLimit", CLUSTER),
    writes("redshift", "CreateUsageLimit DeleteUsageLimit ModifyUsageLimit CreateTags DeleteTags", USAGE_LIMIT),
  ],
  aws_redshiftserverless_custom_domain_association: [
    reads("redshift-serverless", "GetCustomDomainAssociation", WORKGROUP),
    writes(
      "redshift-serverless",
      "CreateCustomDomainAssociation DeleteCustomDomainAssociation UpdateCustomDomainAssociation",
      WORKGROUP,
    ),
    // https://docs.aws.amazon.com/redshift/latest/mgmt/serverless-connecting.html
    writes("acm", "DescribeCertificate", "{custom_domain_certificate_arn}"),
  ],
  aws_redshiftserverless_endpoint_access: [
    reads("redshift-serverless", "GetEndpointAccess", MANAGED_ENDPOINT),
    writes("redshift-serverless", "CreateEndpointAccess DeleteEndpointAccess UpdateEndpointAccess", MANAGED_ENDPOINT),
    ...NETWORK,
  ],
  aws_redshiftserverless_namespace: [
    reads("redshift-serverless", "GetNamespace ListTagsForResource", NAMESPACE),
    writes(
      "redshift-serverless",
      "CreateNamespace DeleteNamespace TagResource UntagResource UpdateNamespace",
      NAMESPACE,
    ),
    passesRole("iam_roles", "redshift-serverless.amazonaws.com"),
    passesRole("default_iam_role_arn", "redshift-serverless.amazonaws.com"),
    ...adminSecret("manage_admin_password"),
    ...warehouseKeys("kms_key_id", "admin_password_secret_kms_key_id"),
  ],
  aws_redshiftserverless_resource_policy: [
    reads("redshift-serverless", "GetResourcePolicy", SERVERLESS_SNAPSHOT),
    writes("redshift-serverless", "DeleteResourcePolicy PutResourcePolicy", SERVERLESS_SNAPSHOT),
  ],
  aws_redshiftserverless_snapshot: [
    reads("redshift-serverless", "GetSnapshot", ANY_SERVERLESS_SNAPSHOT),
    writes("redshift-serverless", "CreateSnapshot", NAMESPACE),
    writes("redshift-serverless", "CreateSnapshot DeleteSnapshot UpdateSnapshot", ANY_SERVERLESS_SNAPSHOT),
  ],
  aws_redshiftserverless_usage_limit: [
    reads("redshift-serverless", "GetUsageLimit"),
    writes("redshift-serverless", "CreateUsageLimit DeleteUsageLimit UpdateUsageLimit"),
  ],
  aws_redshiftserverless_workgroup: [
    reads("redshift-serverless", "GetWorkgroup ListTagsForResource", WORKGROUP),
    writes(
      "redshift-serverless",
      "CreateWorkgroup DeleteWorkgroup TagResource UntagResource UpdateWorkgroup",
      WORKGROUP,
    ),
    ...NETWORK,
  ],
  aws_scheduler_schedule: [
    reads("scheduler", "GetSchedule", QUERY_SCHEDULE),
    writes("scheduler", "CreateSchedule DeleteSchedule UpdateSchedule", QUERY_SCHEDULE),
    passesRole("target.role_arn", "scheduler.amazonaws.com"),
    // https://docs.aws.amazon.com/scheduler/latest/UserGuide/encryption-rest.html
    writesKey("Decrypt DescribeKey GenerateDataKey", "kms_key_arn", { ifSet: "kms_key_arn" }),
  ],
  aws_scheduler_schedule_group: [
    reads("scheduler", "GetScheduleGroup ListTagsForResource", SCHEDULE_GROUP),
    writes("scheduler", "CreateScheduleGroup DeleteScheduleGroup TagResource UntagResource", SCHEDULE_GROUP),
  ],
  aws_secretsmanager_secret_rotation: [
    reads("secretsmanager", "DescribeSecret", arn("secretsmanager", "secret:redshift!*")),
    writes("secretsmanager", "CancelRotateSecret RotateSecret", arn("secretsmanager", "secret:redshift!*")),
  ],
  aws_sns_topic: [
    reads("sns", "GetTopicAttributes ListTagsForResource", TOPIC),
    writes("sns", "CreateTopic DeleteTopic SetTopicAttributes TagResource UntagResource", TOPIC),
  ],
  aws_sns_topic_policy: [reads("sns", "GetTopicAttributes", "{arn}"), writes("sns", "SetTopicAttributes", "{arn}")],
  aws_sns_topic_subscription: [
    reads("sns", "GetSubscriptionAttributes", "{topic_arn}"),
    writes("sns", "Subscribe Unsubscribe", "{topic_arn}"),
  ],
  aws_sqs_queue: [
    reads("sqs", "GetQueueAttributes ListQueueTags", QUEUE),
    writes("sqs", "CreateQueue DeleteQueue SetQueueAttributes TagQueue UntagQueue", QUEUE),
  ],
  aws_vpc_endpoint: [
    reads(
      "ec2",
      "DescribeNetworkInterfaces DescribePrefixLists DescribeSecurityGroups DescribeSubnets DescribeVpcEndpoints",
    ),
    writes("ec2", "CreateTags DeleteTags DeleteVpcEndpoints ModifyVpcEndpoint", VPC_ENDPOINT),
    writes("ec2", "CreateVpcEndpoint", VPC_ENDPOINT),
    writes("ec2", "CreateVpcEndpoint ModifyVpcEndpoint", arn("ec2", "subnet/{subnet_ids}")),
    writes("ec2", "CreateVpcEndpoint ModifyVpcEndpoint", arn("ec2", "security-group/{security_group_ids}"), {
      ifSet: "security_group_ids",
    }),
    writes("ec2", "CreateVpcEndpoint", arn("ec2", "vpc/{vpc_id}")),
  ],
  // The resource is only in the state: Terraform makes no call for it.
  terraform_data: [],
};

/** The actions for each type of data source. */
export const DATA_CALLS: Readonly<Record<string, readonly Calls[]>> = {
  // https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html: no permissions are required.
  aws_caller_identity: [],
  aws_iam_role: [reads("iam", "GetRole", ROLE)],
  aws_iam_roles: [reads("iam", "ListRoles")],
  aws_iam_user: [reads("iam", "GetUser", iam("user{path}{user_name}"))],
  aws_kms_key: [readsKey("DescribeKey", "key_id")],
  aws_partition: [],
  // The data source of a cluster also reads its audit log settings.
  aws_redshift_cluster: [reads("redshift", "DescribeClusters DescribeLoggingStatus", CLUSTER)],
  aws_redshiftserverless_namespace: [reads("redshift-serverless", "GetNamespace", NAMESPACE)],
  aws_redshiftserverless_workgroup: [reads("redshift-serverless", "GetWorkgroup", WORKGROUP)],
  aws_region: [],
  aws_security_groups: [reads("ec2", "DescribeSecurityGroups")],
  aws_subnets: [reads("ec2", "DescribeSubnets")],
};
