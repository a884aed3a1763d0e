import * as v from "valibot";
import { DATA_API_ACCESS_PROPS } from "../../modules/data-api/data-api-access";
import { DATA_API_ENDPOINT_PROPS } from "../../modules/data-api/data-api-endpoint";
import {
  DATABASE_GRANT_PROPS,
  DATABASE_ROLE_PROPS,
  DEFAULT_PRIVILEGE_PROPS,
  SCHEMA_GRANT_PROPS,
  TABLE_GRANT_PROPS,
} from "../../modules/data-api/database-roles";
import { SCHEDULED_QUERY_PROPS } from "../../modules/data-api/scheduled-query";
import { SCHEDULED_QUERY_GROUP_PROPS } from "../../modules/data-api/scheduled-query-group";
import { DATA_API_ROLE_PROPS } from "../../modules/iam/data-api-role-props";
import { OIDC_TRUST_PROPS, PRINCIPAL_TRUST_PROPS, SAML_TRUST_PROPS } from "../../modules/iam/role-trust";
import { DATA_API_KEY_PROPS } from "../../modules/kms/data-api-key-props";
import { EXISTING_DATA_API_KEY_PROPS } from "../../modules/kms/existing-key";
import { WAREHOUSE_ALARMS_PROPS } from "../../modules/operations/warehouse-alarms";
import { EVENT_SUBSCRIPTION_PROPS } from "../../modules/operations/event-subscription";
import { MANUAL_SNAPSHOT_PROPS } from "../../modules/operations/manual-snapshot";
import { SCHEDULED_ACTION_PROPS } from "../../modules/operations/scheduled-action";
import { SECRET_ROTATION_PROPS } from "../../modules/operations/secret-rotation";
import { SNAPSHOT_COPY_PROPS } from "../../modules/operations/snapshot-copy";
import { SNAPSHOT_SCHEDULE_PROPS } from "../../modules/operations/snapshot-schedule";
import { CLUSTER_USAGE_LIMIT_PROPS, SERVERLESS_USAGE_LIMIT_PROPS } from "../../modules/operations/usage-limit";
import type { Rule } from "../../modules/private/rule";
import * as rules from "../../modules/private/rules";
import { CLUSTER_PARAMETER_GROUP_PROPS } from "../../modules/redshift/cluster-parameter-group";
import { ENCRYPTED_CLUSTER_PROPS } from "../../modules/redshift/cluster-props";
import { CLUSTER_LOOKUP_PROPS } from "../../modules/redshift/existing-cluster";
import { EXISTING_WAREHOUSE_PROPS } from "../../modules/redshift/existing-warehouse";
import { ENCRYPTED_SERVERLESS_PROPS } from "../../modules/redshift/serverless-props";
import { SERVERLESS_CUSTOM_DOMAIN_PROPS } from "../../modules/sharing/serverless-custom-domain";
import { DATASHARE_ASSOCIATION_PROPS, DATASHARE_AUTHORIZATION_PROPS } from "../../modules/sharing/datashare";
import { ENDPOINT_ACCESS_PROPS } from "../../modules/sharing/endpoint-access";
import { ENDPOINT_AUTHORIZATION_PROPS } from "../../modules/sharing/endpoint-authorization";
import { INTEGRATION_POLICY_PROPS } from "../../modules/sharing/integration-policy";
import { SERVERLESS_SNAPSHOT_POLICY_PROPS } from "../../modules/sharing/serverless-snapshot-policy";
import { ZERO_ETL_INTEGRATION_PROPS } from "../../modules/sharing/zero-etl-integration";
import { schemaOf } from "./prop-schema";
import { TESTED_VERSIONS } from "./provider-version";
import {
  KEY_ID,
  ORGANIZATION,
  PROJECT,
  ROLE_POLICY,
  SECURITY_GROUP_NAME,
  SQL_FILE,
  STACK_NAME,
  STATE_KEY_PREFIX,
  VERSION_CONSTRAINT,
  WORKSPACE_PREFIX,
} from "./rules";
import {
  accountId,
  allOptional,
  checked,
  choice,
  withMeaning,
  flag,
  list,
  literal,
  mapOf,
  object,
  optional,
  propsOf,
  followsRule,
  text,
  texts,
} from "./values";

// CDKTF keeps stacks in an object by name. Every object has a member `constructor`, so a stack of this name would seem to exist.
const stackName = checked(text(STACK_NAME), "be another name than constructor", {}, (name) => name !== "constructor");
const tags = v.pipe(texts, followsRule<Record<string, string>>(rules.TAGS));
const roleArn = text(rules.ROLE_ARN);
const trustingRoleArn = text(rules.TRUSTING_ROLE_ARN);
const principalArn = text(rules.PRINCIPAL_ARN);
const permissionSet = {
  permissionSet: withMeaning(
    text(rules.PERMISSION_SET_NAME),
    "The permission set of IAM Identity Center whose role is meant. A plan finds the role by this name.",
  ),
};
/** Without `literal`, which refuses every `${`: the rule allows only `${aws:username}`, and the library escapes it. */
const withUserName = (rule: Rule) => v.optional(list(v.pipe(v.string(rule.must), followsRule<string>(rule)), 1));
const sessionNames = withUserName(rules.TRUSTED_SESSION_NAME);
const principalTrust = schemaOf(PRINCIPAL_TRUST_PROPS, {
  others: propsOf("PrincipalTrust", { sessionNames, sourceIdentities: withUserName(rules.TRUSTED_SOURCE_IDENTITY) }),
});
/**
 * Returns the schema of an optional list. It accepts a trust without this claim, because the construct's error explains why both claims are
 * required.
 */
const claim = (rule: Rule) => v.optional(list(text(rule)), []);
const oidcTrust = schemaOf(OIDC_TRUST_PROPS, {
  others: propsOf(
    "OidcTrust",
    { audiences: claim(rules.OIDC_AUDIENCE), subjects: claim(rules.OIDC_SUBJECT) },
    { audiences: "required", subjects: "required" },
  ),
});
const trusts = propsOf("DataApiRoleProps", {
  oidcTrusts: v.optional(list(oidcTrust)),
  principalTrusts: v.optional(list(principalTrust)),
  samlTrusts: v.optional(list(schemaOf(SAML_TRUST_PROPS))),
  sessionNames,
});
const administratorRole = schemaOf(DATA_API_ROLE_PROPS, {
  omitted: ["databaseGroups", "databaseRoles"],
  others: trusts,
}).entries;
const userRole = schemaOf(DATA_API_ROLE_PROPS, { others: trusts }).entries;
const access = schemaOf(DATA_API_ACCESS_PROPS, { omitted: ["policyName"] }).entries;
const existingUser = object({
  roleArn: withMeaning(roleArn, "The role that uses the Data API, by ARN."),
  ...access,
});
const permissionSetUser = object({ ...permissionSet, ...access });
const createdUser = object({ ...userRole, ...access }, "roleArn", "permissionSet");
/** A user: an existing role by its ARN, alone or with options of its access, the role of a permission set, or a role to create. */
const user = choice(roleArn, existingUser, permissionSetUser, createdUser);
const permissionSetPrincipal = object(permissionSet);
/** An existing principal by its ARN, or the role of a permission set. */
const deployer = choice(principalArn, permissionSetPrincipal);
/** An existing principal by its ARN, the role of a permission set, or a role to create. */
const administrator = choice(principalArn, permissionSetPrincipal, object(administratorRole, "permissionSet"));

const newKey = object(
  {
    ...schemaOf(DATA_API_KEY_PROPS, {
      omitted: ["administrators", "deployers", "users"],
      presets: {
        alias: "`alias/` and the entry's `name`",
        description: "a string with the entry's `name`",
        multiRegion: "false, and true with `replicaRegions`",
      },
    }).entries,
    replicaRegions: optional(
      list(text(rules.REGION), 1),
      "The Regions that get a replica of the key, with the same alias. The key is then a multi-Region primary key.",
    ),
  },
  "keyArn",
);
const existingKey = schemaOf(EXISTING_DATA_API_KEY_PROPS, { omitted: ["deployers", "users"] });
const sharedKey = text({
  ...STACK_NAME,
  must: `be a map, or the name of one of 'keys': ${STACK_NAME.must.replace("be ", "")}`,
  hint: (value) => (value.startsWith("arn:") ? "an ARN is given as keyArn" : undefined),
});
/** The key of a warehouse: an existing key, a key to create, or the name of a shared key. */
const key = choice(existingKey, newKey, sharedKey);

const vpcId = optional(
  text(rules.VPC_ID),
  "The VPC in which a plan looks up the subnets or security groups.",
  "any VPC of the account and Region; for an endpoint of the Data API, its own VPC",
);
const atLeastOneKey = { minProperties: 1 };
const hasKeys = (map: object) => Object.keys(map).length > 0;
const lookupTags = optional(
  checked(tags, "have at least one tag", atLeastOneKey, hasKeys),
  "The tags by which a plan looks up the subnets or security groups.",
);
/** The IDs of subnets. `subnetIds` is a list of them, or a lookup by VPC and tags. */
const subnetIdList = list(text(rules.SUBNET_ID), 1);
const subnetLookup = checked(object({ vpcId, tags: lookupTags }), "have vpcId, tags or both", atLeastOneKey, hasKeys);
const subnetIds = choice(subnetIdList, subnetLookup);
/**
 * The IDs of security groups. `securityGroupIds` is a list of them, or a lookup by names or tags. A lookup by VPC alone is refused,
 * because it would select all groups.
 */
const securityGroupIdList = list(text(rules.SECURITY_GROUP_ID));
const securityGroupLookup = checked(
  object({
    names: optional(list(text(SECURITY_GROUP_NAME), 1), "The names by which a plan looks up the security groups."),
    tags: lookupTags,
    vpcId,
  }),
  "have names, tags or both",
  { anyOf: [{ required: ["names"] }, { required: ["tags"] }] },
  (lookup) => "names" in lookup || "tags" in lookup,
);
const securityGroupIds = choice(securityGroupIdList, securityGroupLookup);
const subnets = optional(
  subnetIds,
  "The IDs of the subnets, or `vpcId` and `tags` by which a plan looks them up. The plan fails if there are fewer than the " +
    "warehouse needs.",
  "the default VPC's",
);
const securityGroups = optional(
  securityGroupIds,
  "The IDs of the security groups, or `names`, `tags` and `vpcId` by which a plan looks them up.",
  "the VPC's default security group",
);

const topic = {
  ...propsOf("AlarmTopicProps", { emails: v.optional(list(text(rules.EMAIL), 1)) }),
  ...propsOf(
    "WarehouseAlarmsOptions",
    { topicArns: v.optional(list(text(rules.TOPIC_ARN), 1)) },
    { topicArns: "a topic that is created under the warehouse's key" },
  ),
};
/** The meanings of keys that are in several maps. */
const MEANINGS = {
  alarms: "CloudWatch alarms of the warehouse.",
  cluster: "The settings of a cluster. A warehouse has one of `cluster`, `serverless` and `existing`.",
  dataApiEndpoints: "The VPC endpoints of the Data API. Each has a stack.",
  endpoints: "VPC endpoints that Redshift manages, so that SQL clients of another VPC reach the warehouse.",
  keys: "The keys that warehouses share. Each has a stack.",
  parameterGroups: "The parameter groups that clusters share. Each has a stack.",
  scheduledQueries: "SQL that EventBridge Scheduler runs, and the identity that runs it.",
  usageLimits:
    "Limits of the use of a feature that costs extra, at most 4 of one feature. Two of one feature and period have different actions.",
  warehouses: "The warehouses. Each has a stack.",
} as const;

/** The add-ons that both kinds of warehouses have. */
const addOns = {
  datashareAssociations: optional(
    list(schemaOf(DATASHARE_ASSOCIATION_PROPS)),
    "Datashares of other accounts that the warehouse uses.",
  ),
  datashareAuthorizations: optional(
    list(schemaOf(DATASHARE_AUTHORIZATION_PROPS)),
    "Accounts that may use a datashare of the warehouse. SQL creates the datashare.",
  ),
  integrations: optional(
    schemaOf(INTEGRATION_POLICY_PROPS, {
      others: propsOf("IntegrationPolicyProps", {
        authorizedPrincipals: v.optional(list(principalArn, 1)),
        authorizedSources: v.optional(list(text(rules.INTEGRATION_SOURCE_ARN), 1)),
      }),
    }),
    "The resource policy of the namespace, for zero-ETL integrations.",
  ),
  keyUsageAlarms: optional(
    object(propsOf("AlarmTopicProps", { emails: v.optional(list(text(rules.EMAIL), 1)) })),
    "Messages about denied uses and changes of the key, and about failed statements of the Data API whose caller sets `WithEvent`.",
  ),
  manualSnapshots: optional(
    list(schemaOf(MANUAL_SNAPSHOT_PROPS)),
    "Snapshots of the warehouse that the deployment takes once, and that are kept for a set time or for ever.",
  ),
  secretRotation: optional(
    schemaOf(SECRET_ROTATION_PROPS),
    "The schedule on which Redshift rotates the admin's password.",
    "AWS's schedule, 30 days",
  ),
  zeroEtlIntegrations: optional(
    list(schemaOf(ZERO_ETL_INTEGRATION_PROPS)),
    "Zero-ETL integrations of DynamoDB, Aurora and RDS into the warehouse, encrypted with its key. `integrations` must authorize each source.",
  ),
};
const scheduledQuery = schemaOf(SCHEDULED_QUERY_PROPS, {
  others: {
    sqlFile: optional(
      text(SQL_FILE),
      "The file with the statement, in place of `sql`: its name from the working directory of the synthesis. It ends with `.sql`.",
    ),
  },
});
const queries = {
  queries: withMeaning(list(scheduledQuery, 1), "The queries, and the times at which each runs."),
};
const groupPresets = { groupName: "`name`" };
const clusterQueries = schemaOf(SCHEDULED_QUERY_GROUP_PROPS, { others: queries, presets: groupPresets });
const serverlessQueries = schemaOf(SCHEDULED_QUERY_GROUP_PROPS, {
  omitted: ["databases", "databaseUser"],
  others: queries,
  presets: groupPresets,
});
const clusterEndpoint = schemaOf(ENDPOINT_ACCESS_PROPS, {
  others: propsOf("EndpointAccessOptions", { subnetIds: v.optional(subnetIdList) }),
});
const serverlessEndpoint = schemaOf(ENDPOINT_ACCESS_PROPS, {
  omitted: ["subnetGroupName"],
  others: propsOf("EndpointAccessOptions", { subnetIds: subnetIdList }),
});
const snapshotCopy = schemaOf(SNAPSHOT_COPY_PROPS, {
  others: {
    destinationKeyArn: optional(
      text(rules.KEY_ARN),
      "The key of the copies in the destination Region, by ARN.",
      "the replica of the warehouse's key in that Region",
    ),
  },
});
/** The name of a shared parameter group, an entry of `parameterGroups`. */
const sharedParameterGroup = text({
  ...STACK_NAME,
  must: `be the name of one of 'parameterGroups': ${STACK_NAME.must.replace("be ", "")}`,
});
/** The add-ons of a cluster. */
const clusterAddOns = {
  ...addOns,
  alarms: optional(
    schemaOf(WAREHOUSE_ALARMS_PROPS, { omitted: ["computeCapacity", "computeSeconds"], others: topic }),
    MEANINGS.alarms,
  ),
  endpointAuthorizations: optional(
    list(schemaOf(ENDPOINT_AUTHORIZATION_PROPS)),
    "Other accounts that may create VPC endpoints of the cluster.",
  ),
  endpoints: optional(list(clusterEndpoint), MEANINGS.endpoints),
  eventSubscriptions: optional(
    list(schemaOf(EVENT_SUBSCRIPTION_PROPS)),
    "Topics to which Redshift publishes events of the cluster.",
  ),
  scheduledActions: optional(
    list(schemaOf(SCHEDULED_ACTION_PROPS)),
    "Schedules on which Redshift pauses, resumes or resizes the cluster.",
  ),
  scheduledQueries: optional(clusterQueries, MEANINGS.scheduledQueries),
  snapshotCopy: optional(snapshotCopy, "The copies of the cluster's snapshots in another Region."),
  snapshotSchedule: optional(
    schemaOf(SNAPSHOT_SCHEDULE_PROPS),
    "The schedule of the automated snapshots.",
    "AWS's schedule",
  ),
  usageLimits: optional(list(schemaOf(CLUSTER_USAGE_LIMIT_PROPS)), MEANINGS.usageLimits),
};
/** The add-ons of a serverless warehouse. */
const serverlessAddOns = {
  ...addOns,
  alarms: optional(
    schemaOf(WAREHOUSE_ALARMS_PROPS, { omitted: ["cpuUtilization", "diskSpaceUsed"], others: topic }),
    MEANINGS.alarms,
  ),
  customDomain: optional(
    schemaOf(SERVERLESS_CUSTOM_DOMAIN_PROPS),
    "The domain name of the workgroup, and its certificate.",
  ),
  endpoints: optional(list(serverlessEndpoint), MEANINGS.endpoints),
  scheduledQueries: optional(serverlessQueries, MEANINGS.scheduledQueries),
  snapshotPolicies: optional(
    list(schemaOf(SERVERLESS_SNAPSHOT_POLICY_PROPS)),
    "Snapshots that principals of other accounts may restore. The key's policy or a grant must let them decrypt.",
  ),
  usageLimits: optional(list(schemaOf(SERVERLESS_USAGE_LIMIT_PROPS, { omitted: ["limitType"] })), MEANINGS.usageLimits),
};
const createTime = v.optional(v.pipe(v.string("be an RFC 3339 date and time in quotes"), literal));
const cluster = schemaOf(ENCRYPTED_CLUSTER_PROPS, {
  presets: { clusterIdentifier: "`name`" },
  others: {
    ...clusterAddOns,
    ...propsOf("EncryptedClusterProps", { createTime }),
    parameterGroup: optional(
      sharedParameterGroup,
      "The name of the shared parameter group that the cluster uses, in place of `parameters`.",
      "a group is created for this cluster",
    ),
    subnetIds: subnets,
    vpcSecurityGroupIds: securityGroups,
  },
});
const serverless = schemaOf(ENCRYPTED_SERVERLESS_PROPS, {
  presets: { namespaceName: "`name`" },
  others: {
    ...serverlessAddOns,
    securityGroupIds: securityGroups,
    subnetIds: subnets,
  },
});
const existingServerless = schemaOf(EXISTING_WAREHOUSE_PROPS, {
  others: {
    ...propsOf("WorkgroupAttributes", { workgroupName: text(rules.WORKGROUP_NAME) }),
    ...serverlessAddOns,
  },
});
const existingCluster = schemaOf(CLUSTER_LOOKUP_PROPS, {
  others: {
    ...propsOf("ClusterAttributes", { clusterIdentifier: text(rules.CLUSTER_IDENTIFIER), createTime }),
    ...clusterAddOns,
  },
});
const existing = choice(existingServerless, existingCluster);

/** The imports of an entry that creates a key: the key by its ID, its alias, and roles. */
const keyImports = {
  alias: optional(text(rules.ALIAS), "The alias of the key, if it exists."),
  keyId: optional(text(KEY_ID), "The ID of the key."),
  resources: optional(
    texts,
    "Other resources that exist: the import ID of each, by its address in the stack, as a plan shows it. The documentation of the " +
      "AWS provider has the form of each ID.",
  ),
  roleNames: optional(list(text(rules.ROLE_NAME), 1), "The names of roles of the entry that exist."),
};
const warehouseImports = object({
  ...keyImports,
  clusterIdentifier: optional(text(rules.CLUSTER_IDENTIFIER), "The identifier of the cluster."),
  logging: optional(flag, "Whether the cluster has an audit log.", "false"),
  namespaceName: optional(text(rules.NAMESPACE_NAME), "The name of the namespace."),
  rolePolicies: optional(
    list(text(ROLE_POLICY), 1),
    "The inline policies of users that exist: the name of the role, a colon, and the name of the policy.",
  ),
  workgroupName: optional(text(rules.WORKGROUP_NAME), "The name of the workgroup."),
});
const importMeaning = (things: string) =>
  `${things} that exist, and that the first deployment imports into the state. While an entry imports them, Terraform refuses to ` +
  "destroy them, and they keep each argument that the entry does not give.";

/** The keys that every entry has. */
const identity = {
  name: withMeaning(stackName, "The name of the stack, and of each thing in it that has no other name."),
  account: withMeaning(accountId, "The account. The provider refuses to work in any other account."),
  region: withMeaning(text(rules.REGION), "The Region."),
};
const entryTags = optional(
  tags,
  "The tags of everything in the stack. They override the `defaultTags` of the same key.",
);
/** The keys of an entry that name the principals of its key. */
const keyPrincipals = {
  administrators: optional(
    list(administrator, 1),
    "The principals that administer the key: ARNs of roles, users or account roots, roles of permission sets, or roles to create. " +
      "A key that is created requires them. An existing or shared key refuses them.",
  ),
  deployers: optional(
    list(deployer, 1),
    "The principals that create, restore and change warehouses under the key, besides its administrators: ARNs, or roles of " +
      "permission sets. A plan of a warehouse fails if its caller is none of them.",
    "none; for an existing key, no plan compares its caller",
  ),
};
/** The settings that each stack with a key has. */
const stackSettings = {
  formerRegions: optional(
    list(text(rules.REGION)),
    "The other Regions that the stack has left. The deployment destroys what the stack has there.",
  ),
  tags: entryTags,
  verifyPrincipals: optional(
    flag,
    "Whether a plan looks up the roles and users of this account that are named by ARN, and fails if one does not exist or has " +
      "another path. It requires `iam:GetRole` and `iam:GetUser`.",
    "false",
  ),
};
const databaseRole = schemaOf(DATABASE_ROLE_PROPS, {
  others: {
    ...propsOf("DatabaseRole", {
      databaseGrants: v.optional(list(schemaOf(DATABASE_GRANT_PROPS), 1)),
      defaultPrivileges: v.optional(list(schemaOf(DEFAULT_PRIVILEGE_PROPS), 1)),
      schemaGrants: v.optional(list(schemaOf(SCHEMA_GRANT_PROPS), 1)),
      tableGrants: v.optional(list(schemaOf(TABLE_GRANT_PROPS), 1)),
    }),
    users: optional(
      list(text(rules.ROLE_NAME), 1),
      "The members that are roles of the warehouse's `users`, by their names. Their database user is the one that their statements " +
        "run as: `IAMR:` and the name of the role, or its `databaseUser`.",
    ),
  },
});
const databaseRoles = object({
  database: optional(
    text(rules.DATABASE_NAME),
    "The database of the schemas and tables. A warehouse that exists requires it.",
    "the warehouse's first database",
  ),
  roles: withMeaning(list(databaseRole, 1), "The roles, with their privileges and their members."),
});
const warehouse = object({
  ...identity,
  ...keyPrincipals,
  users: withMeaning(
    list(user),
    "The roles that use the Data API: ARNs, `roleArn` or `permissionSet` with what the role may access, or roles to create. " +
      "The list may be empty.",
  ),
  import: optional(warehouseImports, importMeaning("The parts of the warehouse")),
  key: optional(
    key,
    "The settings of a key to create, `keyArn` of an existing key, or the name of a shared key.",
    "a key is created",
  ),
  cluster: optional(cluster, MEANINGS.cluster),
  serverless: optional(
    serverless,
    "The settings of a serverless namespace and workgroup. A warehouse has one of `cluster`, `serverless` and `existing`.",
  ),
  existing: optional(
    existing,
    "The cluster or the workgroup that exists, in place of `cluster` or `serverless`, and its add-ons. A plan looks it up, and fails if " +
      "its key is not `key`. The stack does not change it.",
  ),
  databaseRoles: optional(
    databaseRoles,
    "Database roles, as SQL in the output `database_roles_sql`. A deployment runs no SQL: `npm run sql` runs the statements that the " +
      "database lacks.",
  ),
  dataApiProof: optional(
    trustingRoleArn,
    "The ARN of one of `users`, which the deployer may assume. A deployment runs `select 1` as this role through the Data API, by " +
      "the AWS CLI, and fails if the key policy allows no grant. It runs again if the key policy changes. If there is a grant " +
      "already, it proves that grant only.",
    "no proof",
  ),
  ...stackSettings,
});

/** A key that several warehouses share. */
const keyEntry = object({
  ...identity,
  ...keyPrincipals,
  import: optional(object(keyImports), importMeaning("The key and roles")),
  key: optional(
    choice(existingKey, newKey),
    "The settings of a key to create, or `keyArn` of an existing key.",
    "a key is created",
  ),
  ...stackSettings,
});

/** A parameter group that several clusters share. */
const parameterGroup = object({
  ...identity,
  ...schemaOf(CLUSTER_PARAMETER_GROUP_PROPS, { omitted: ["clusterParameterGroupName"] }).entries,
  tags: entryTags,
});

/** An interface VPC endpoint of the Data API, which warehouses have in common. */
const dataApiEndpoint = object({
  ...identity,
  ...schemaOf(DATA_API_ENDPOINT_PROPS, {
    others: propsOf("DataApiEndpointProps", { securityGroupIds: v.optional(securityGroupIds), subnetIds }),
  }).entries,
  tags: entryTags,
});

const absent = (reason: string) =>
  withMeaning(
    v.optional(v.custom<undefined>((input) => input === undefined, `be left out, because ${reason}`)),
    `Must be left out, because ${reason}.`,
  );
const defaults = {
  ...allOptional(warehouse.entries),
  name: absent("every entry has its own"),
  cluster: optional(object(allOptional(cluster.entries)), MEANINGS.cluster),
  existing: absent("every entry has another warehouse"),
  import: absent("every entry imports other things"),
};
const assumeRole = object({
  roleArn: withMeaning(trustingRoleArn, "The role, by ARN. It is of this account."),
  externalId: optional(text(rules.EXTERNAL_ID), "The external ID that the role's trust policy requires."),
  sessionName: optional(text(rules.SESSION_NAME), "The name of the session.", "AWS chooses"),
});
const account = object({
  assumeRole: optional(
    assumeRole,
    "The role that deploys in this account. The caller of Terraform assumes it. The backend does not use this role.",
    "the caller of Terraform deploys",
  ),
  defaults: optional(
    object({ ...defaults, account: absent("these are the defaults of one account") }),
    "The values that entries of this account take if they have none. They override the `defaults` of all accounts.",
  ),
});

const s3 = object({
  bucket: withMeaning(text(rules.BUCKET_NAME), "The bucket of the state."),
  keyPrefix: optional(
    text(STATE_KEY_PREFIX),
    "The prefix of the state's key. The key of a stack's state is the prefix, the stack's name and `/terraform.tfstate`.",
    "no prefix",
  ),
  kmsKeyId: optional(text(rules.KEY_ARN), "The KMS key that encrypts the state, by ARN.", "the bucket's encryption"),
  region: withMeaning(text(rules.REGION), "The Region of the bucket."),
  useLockfile: optional(flag, "Whether a file in the bucket locks the state.", "true"),
});
const workspaces = object({
  prefix: optional(
    text(WORKSPACE_PREFIX),
    "The prefix of the workspaces' names. The workspace of a stack has the prefix and the stack's name.",
    "no prefix",
  ),
  project: optional(text(PROJECT), "The project that has the workspaces.", "the organization's default project"),
});
const cloud = object({
  hostname: optional(text(rules.HOSTNAME), "The host of HCP Terraform or Terraform Enterprise.", "app.terraform.io"),
  organization: withMeaning(text(ORGANIZATION), "The organization that has the workspaces."),
  workspaces: optional(workspaces, "The names and the project of the workspaces."),
});
const backend = checked(
  object({
    cloud: optional(cloud, "HCP Terraform or Terraform Enterprise, with a workspace for each stack."),
    s3: optional(s3, "An S3 bucket. The states in it are encrypted."),
  }),
  "have either s3 or cloud",
  { maxProperties: 1, minProperties: 1 },
  (both) => !both.cloud !== !both.s3,
);

/** The whole configuration, after defaults are merged into the entries. */
export const SCHEMA = object({
  accounts: optional(
    mapOf(v.record(accountId, account, "be a map of accounts")),
    "The settings of each account, by its ID: the role that deploys there, and defaults.",
  ),
  awsProviderVersion: withMeaning(
    v.optional(text(VERSION_CONSTRAINT), "~> 6.25"),
    `The version constraint of the AWS provider. \`"${TESTED_VERSIONS}"\` is the widest.`,
    "`~> 6.25`",
  ),
  backend: optional(backend, "The place of the state: either `s3` or `cloud`.", "a local file for each stack"),
  dataApiEndpoints: optional(list(dataApiEndpoint), MEANINGS.dataApiEndpoints),
  defaultTags: optional(tags, "The tags of everything in all stacks."),
  defaults: optional(object(defaults), "The values that entries take if they have none."),
  keys: optional(list(keyEntry), MEANINGS.keys),
  parameterGroups: optional(list(parameterGroup), MEANINGS.parameterGroups),
  warehouses: withMeaning(list(warehouse, 1), MEANINGS.warehouses),
});

/** The account and Region of an entry, optional because defaults or another file may give them. */
const place = allOptional({ account: identity.account, region: identity.region });
/** The settings of each kind of warehouse, created and existing. */
export const WAREHOUSE_SETTINGS = {
  created: { cluster, serverless },
  existing: { cluster: existingCluster, serverless: existingServerless },
} as const;
/** The keys of an entry that describe its warehouse. An entry has exactly one of them. */
export const WAREHOUSE_SECTIONS = ["cluster", "serverless", "existing"] as const;
/** One YAML file, for editors. A value that defaults or another file may give is optional. */
export const FILE_SCHEMA = object({
  ...SCHEMA.entries,
  dataApiEndpoints: optional(list(object({ ...dataApiEndpoint.entries, ...place })), MEANINGS.dataApiEndpoints),
  keys: optional(list(object({ ...allOptional(keyEntry.entries), name: identity.name })), MEANINGS.keys),
  parameterGroups: optional(list(object({ ...parameterGroup.entries, ...place })), MEANINGS.parameterGroups),
  warehouses: optional(
    list(
      v.pipe(
        object({
          ...defaults,
          existing: warehouse.entries.existing,
          import: warehouse.entries.import,
          name: identity.name,
        }),
        // Defaults give no entry a section.
        v.metadata({ oneOf: WAREHOUSE_SECTIONS.map((section) => ({ required: [section] })) }),
      ),
    ),
    MEANINGS.warehouses,
  ),
});

/** The type of a configuration that the schema has accepted. */
export type Configuration = v.InferOutput<typeof SCHEMA>;
/** The backend of the Terraform states. */
export type BackendConfiguration = NonNullable<Configuration["backend"]>;
/** The settings of an account. */
export type AccountConfiguration = NonNullable<Configuration["accounts"]>[string];
/** The resources that an entry imports. */
export type ImportConfiguration = NonNullable<WarehouseConfiguration["import"]>;
/** An endpoint of the Data API in a VPC. */
export type DataApiEndpointConfiguration = NonNullable<Configuration["dataApiEndpoints"]>[number];
/** The key of a warehouse or a shared key, with the other keys of the entry that concern it. */
export type KeyConfiguration = NonNullable<Configuration["keys"]>[number];
/** A parameter group that several clusters share. */
export type ParameterGroupConfiguration = NonNullable<Configuration["parameterGroups"]>[number];
/** One warehouse of the configuration. */
export type WarehouseConfiguration = Configuration["warehouses"][number];
/** Subnets: their IDs, or how to look them up. */
export type SubnetsConfiguration = v.InferOutput<typeof subnetIds>;
/** Security groups: their IDs, or how to look them up. */
export type SecurityGroupsConfiguration = v.InferOutput<typeof securityGroupIds>;
/** The database roles of a warehouse. */
export type DatabaseRolesConfiguration = NonNullable<WarehouseConfiguration["databaseRoles"]>;
/** A principal of the configuration: an existing one by ARN, or a role to create. */
export type AdministratorConfiguration = NonNullable<WarehouseConfiguration["administrators"]>[number];
/** A principal that deploys warehouses. */
export type DeployerConfiguration = NonNullable<WarehouseConfiguration["deployers"]>[number];
/** A role of the configuration that uses the Data API. */
export type UserConfiguration = WarehouseConfiguration["users"][number];
