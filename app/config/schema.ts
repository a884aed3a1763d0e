import * as v from "valibot";
import { WAREHOUSE_ALARMS_PROPS } from "../../modules/operations/alarms";
import { EVENT_SUBSCRIPTION_PROPS } from "../../modules/operations/events";
import { SCHEDULED_ACTION_PROPS } from "../../modules/operations/scheduled-action";
import { SECRET_ROTATION_PROPS } from "../../modules/operations/secret-rotation";
import { SNAPSHOT_COPY_PROPS } from "../../modules/operations/snapshot-copy";
import { SNAPSHOT_SCHEDULE_PROPS } from "../../modules/operations/snapshot-schedule";
import { CLUSTER_USAGE_LIMIT_PROPS, SERVERLESS_USAGE_LIMIT_PROPS } from "../../modules/operations/usage-limit";
import * as rules from "../../modules/private/rules";
import { CLUSTER_PARAMETER_GROUP_PROPS } from "../../modules/redshift/cluster-parameter-group";
import { ENCRYPTED_CLUSTER_PROPS } from "../../modules/redshift/cluster-props";
import { ENCRYPTED_SERVERLESS_PROPS } from "../../modules/redshift/serverless-props";
import { SERVERLESS_CUSTOM_DOMAIN_PROPS } from "../../modules/sharing/custom-domain";
import { DATASHARE_ASSOCIATION_PROPS, DATASHARE_AUTHORIZATION_PROPS } from "../../modules/sharing/datashare";
import { ENDPOINT_ACCESS_PROPS } from "../../modules/sharing/endpoint-access";
import { SERVERLESS_SNAPSHOT_POLICY_PROPS } from "../../modules/sharing/snapshot-policy";
import { schemaOf } from "./prop-schema";
import {
  choice,
  described,
  flag,
  isMap,
  list,
  literal,
  mapOf,
  number,
  object,
  optional,
  propsOf,
  ruled,
  text,
  texts,
} from "./values";

const accountId = text({
  ...rules.ACCOUNT_ID,
  must: `${rules.ACCOUNT_ID.must} in quotes`,
  hint: (value) => (/^\d{1,11}$/.test(value) ? "without them a leading zero is lost" : undefined),
});
// The framework keeps stacks by their names in an object, which has that one already.
const stackName = v.pipe(
  text(rules.STACK_NAME),
  v.check<string, string>((name) => name !== "constructor", "be another name than constructor"),
);
const tags = v.pipe(texts, ruled<Record<string, string>>(rules.TAGS));
const roleArn = text(rules.ROLE_ARN);
const trustingRoleArn = text(rules.TRUSTING_ROLE_ARN);
const principalArn = text(rules.PRINCIPAL_ARN);
const permissionSet = {
  permissionSet: described(
    text(rules.PERMISSION_SET_NAME),
    "The permission set of IAM Identity Center whose role is meant. A plan finds the role by this name.",
  ),
};

/** No `literal`: the rule admits no expression but one that the library escapes. */
const trustedSessionName = v.pipe(v.string(rules.TRUSTED_SESSION_NAME.must), ruled<string>(rules.TRUSTED_SESSION_NAME));
const roleToCreate = propsOf("DataApiRoleProps", {
  roleName: text(rules.ROLE_NAME),
  description: v.optional(text(rules.ROLE_DESCRIPTION)),
  externalId: v.optional(text(rules.EXTERNAL_ID)),
  maxSessionDuration: v.optional(number(rules.MAX_SESSION_DURATION)),
  path: v.optional(text(rules.ROLE_PATH)),
  permissionsBoundary: v.optional(text(rules.POLICY_ARN)),
  sessionNames: v.optional(list(trustedSessionName, 1)),
  trustedPrincipals: v.optional(list(principalArn)),
  trustedServices: v.optional(list(text(rules.SERVICE_PRINCIPAL))),
});
const access = propsOf("DataApiAccessOptions", {
  databases: v.optional(list(text(rules.DATABASE_NAME), 1)),
  databaseUser: v.optional(text(rules.DATABASE_USER)),
  ownStatementsOnly: v.optional(flag),
  secretArn: v.optional(text(rules.SECRET_ARN)),
  secretKeyArn: v.optional(text(rules.KEY_ARN)),
});
const existingUser = object({
  roleArn: described(roleArn, "The role that uses the Data API, by ARN."),
  ...access,
});
const permissionSetUser = object({ ...permissionSet, ...access });
const createdUser = object(
  {
    ...roleToCreate,
    ...access,
    ...propsOf("DataApiRoleProps", {
      databaseGroups: v.optional(list(text(rules.DATABASE_GROUP), 1)),
      databaseRoles: v.optional(list(text(rules.DATABASE_ROLE), 1)),
    }),
  },
  "roleArn",
  "permissionSet",
);
/** An existing role by its ARN (alone, or with what it may access), the role of a permission set, or one to create. */
const user = choice([roleArn, existingUser, permissionSetUser, createdUser], (input) =>
  !isMap(input)
    ? roleArn
    : "roleArn" in input
      ? existingUser
      : "permissionSet" in input
        ? permissionSetUser
        : createdUser,
);
const permissionSetPrincipal = object(permissionSet);
/** An existing principal by its ARN, or the role of a permission set. */
const deployer = choice([principalArn, permissionSetPrincipal], (input) =>
  isMap(input) ? permissionSetPrincipal : principalArn,
);
/** An existing principal by its ARN, the role of a permission set, or a role to create. */
const createdAdministrator = object(roleToCreate, "permissionSet");
const administrator = choice([principalArn, permissionSetPrincipal, createdAdministrator], (input) =>
  !isMap(input) ? principalArn : "permissionSet" in input ? permissionSetPrincipal : createdAdministrator,
);

const viaServices = v.optional(list(text(rules.VIA_SERVICE), 1));
const createdKeyProps = {
  alias: v.optional(text(rules.ALIAS)),
  bypassPolicyLockoutSafetyCheck: v.optional(flag),
  deletionProtection: v.optional(flag),
  deletionWindowInDays: v.optional(number(rules.DELETION_WINDOW_IN_DAYS)),
  description: v.optional(text(rules.KEY_DESCRIPTION)),
  enableKeyRotation: v.optional(flag),
  lockoutPrecondition: v.optional(flag),
  multiRegion: v.optional(flag),
  rotationPeriodInDays: v.optional(number(rules.ROTATION_PERIOD_IN_DAYS)),
  viaServices,
};
const newKey = object(
  {
    ...propsOf("DataApiKeyProps", createdKeyProps, {
      alias: "`alias/` and the entry's `name`",
      description: "a text with the entry's `name`",
      multiRegion: "false, and true with `replicaRegions`",
    }),
    replicaRegions: described(
      v.optional(list(text(rules.REGION), 1)),
      "The Regions that get a replica of the key, with the same alias. The key is then a multi-Region primary key.",
    ),
  },
  "keyArn",
);
const existingKey = object(propsOf("ExistingDataApiKeyProps", { keyArn: text(rules.KEY_ARN), viaServices }));
const keyOf = (input: unknown) => (isMap(input) && "keyArn" in input ? existingKey : newKey);
const ownKey = choice([newKey, existingKey], keyOf);
const sharedKey = text({
  ...rules.STACK_NAME,
  must: `be a map, or the name of one of 'keys': ${rules.STACK_NAME.must.replace("be ", "")}`,
  hint: (value) => (value.startsWith("arn:") ? "an ARN is given as keyArn" : undefined),
});
/** A key of one's own, or the name of a shared one. */
const key = choice([newKey, existingKey, sharedKey], (input) => (typeof input === "string" ? sharedKey : keyOf(input)));

const isLookup = (input: unknown) => isMap(input) && !Array.isArray(input);
const vpcId = described(
  v.optional(text(rules.VPC_ID)),
  "The VPC in which a plan looks them up.",
  "any VPC of the account and Region; for an endpoint of the Data API, its own VPC",
);
/** Subnets by their IDs, or those of a VPC, with these tags. */
const subnetIdList = list(text(rules.SUBNET_ID), 1);
const someTags = described(
  v.optional(
    v.pipe(
      tags,
      v.metadata<Record<string, string>, { minProperties: 1 }>({ minProperties: 1 }),
      v.check<Record<string, string>, string>((given) => Object.keys(given).length > 0, "have at least one tag"),
    ),
  ),
  "The tags by which a plan looks them up.",
);
const subnetsByTags = object({ vpcId, tags: someTags });
type SubnetsByTags = v.InferOutput<typeof subnetsByTags>;
const subnetLookup = v.pipe(
  subnetsByTags,
  v.metadata<SubnetsByTags, { minProperties: 1 }>({ minProperties: 1 }),
  v.check<SubnetsByTags, string>((lookup) => Object.keys(lookup).length > 0, "have vpcId, tags or both"),
);
const subnetIds = choice<typeof subnetIdList | typeof subnetLookup>([subnetIdList, subnetLookup], (input) =>
  isLookup(input) ? subnetLookup : subnetIdList,
);
/** Security groups by their IDs, or by name or tags; never all of a VPC. */
const securityGroupIdList = list(text(rules.SECURITY_GROUP_ID));
const securityGroupsByNames = object({
  names: described(v.optional(list(text(rules.SECURITY_GROUP_NAME), 1)), "The names by which a plan looks them up."),
  tags: someTags,
  vpcId,
});
type SecurityGroupsByNames = v.InferOutput<typeof securityGroupsByNames>;
const securityGroupLookup = v.pipe(
  securityGroupsByNames,
  v.metadata<SecurityGroupsByNames, { anyOf: object[] }>({ anyOf: [{ required: ["names"] }, { required: ["tags"] }] }),
  v.check<SecurityGroupsByNames, string>((lookup) => "names" in lookup || "tags" in lookup, "have names, tags or both"),
);
const securityGroupIds = choice<typeof securityGroupIdList | typeof securityGroupLookup>(
  [securityGroupIdList, securityGroupLookup],
  (input) => (isLookup(input) ? securityGroupLookup : securityGroupIdList),
);
const subnets = described(
  v.optional(subnetIds),
  "The IDs of the subnets, or `vpcId` and `tags` by which a plan looks them up. The plan fails if there are fewer than the " +
    "warehouse needs.",
  "the default VPC's",
);
const securityGroups = described(
  v.optional(securityGroupIds),
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
/** The meanings of keys that several maps have. */
const MEANINGS = {
  alarms: "CloudWatch alarms of the warehouse.",
  cluster: "The settings of a cluster. A warehouse has either `cluster` or `serverless`.",
  dataApiEndpoints: "The VPC endpoints of the Data API. Each has a stack.",
  endpoints: "VPC endpoints that Redshift manages, so that SQL clients of another VPC reach the warehouse.",
  keys: "The keys that warehouses share. Each has a stack.",
  parameterGroups: "The parameter groups that clusters share. Each has a stack.",
  usageLimits: "Limits of the use of a feature that costs extra.",
  warehouses: "The warehouses. Each has a stack.",
} as const;

/** The parts of a warehouse of either kind. */
const addOns = {
  datashareAssociations: described(
    v.optional(list(schemaOf(DATASHARE_ASSOCIATION_PROPS))),
    "Datashares of other accounts that the warehouse uses.",
  ),
  datashareAuthorizations: described(
    v.optional(list(schemaOf(DATASHARE_AUTHORIZATION_PROPS))),
    "Accounts that may use a datashare of the warehouse. SQL creates the datashare.",
  ),
  integrations: described(
    v.optional(
      object(
        propsOf("IntegrationPolicyProps", {
          authorizedPrincipals: v.optional(list(principalArn, 1)),
          authorizedSources: v.optional(list(text(rules.INTEGRATION_SOURCE_ARN), 1)),
        }),
      ),
    ),
    "The resource policy of the namespace, for zero-ETL integrations.",
  ),
  secretRotation: described(
    v.optional(schemaOf(SECRET_ROTATION_PROPS)),
    "The schedule on which Redshift rotates the admin's password.",
    "AWS's schedule, 30 days",
  ),
};
/** The name of a parameter group that clusters share. */
const sharedParameterGroup = text({
  ...rules.STACK_NAME,
  must: `be the name of one of 'parameterGroups': ${rules.STACK_NAME.must.replace("be ", "")}`,
});
const cluster = schemaOf(ENCRYPTED_CLUSTER_PROPS, {
  omitted: ["accountId", "partition", "region", "tags"],
  presets: { clusterIdentifier: "`name`" },
  others: {
    ...addOns,
    alarms: described(
      v.optional(
        schemaOf(WAREHOUSE_ALARMS_PROPS, { omitted: ["computeCapacity", "computeSeconds", "tags"], others: topic }),
      ),
      MEANINGS.alarms,
    ),
    ...propsOf("EncryptedClusterProps", {
      createTime: v.optional(v.pipe(v.string("be an RFC 3339 date and time in quotes"), literal)),
    }),
    endpoints: described(
      v.optional(
        list(
          schemaOf(ENDPOINT_ACCESS_PROPS, {
            omitted: ["tags"],
            others: propsOf("EndpointAccessOptions", {
              ownerAccount: v.optional(accountId),
              subnetIds: v.optional(subnetIdList),
            }),
          }),
        ),
      ),
      MEANINGS.endpoints,
    ),
    eventSubscriptions: described(
      v.optional(list(schemaOf(EVENT_SUBSCRIPTION_PROPS, { omitted: ["tags"] }))),
      "Topics to which Redshift publishes events of the cluster.",
    ),
    parameterGroup: described(
      v.optional(sharedParameterGroup),
      "The name of the shared parameter group that the cluster uses, in place of `parameters`.",
      "a group is created for this cluster",
    ),
    scheduledActions: described(
      v.optional(list(schemaOf(SCHEDULED_ACTION_PROPS, { omitted: ["tags"] }))),
      "Schedules on which Redshift pauses, resumes or resizes the cluster.",
    ),
    snapshotCopy: described(
      v.optional(
        schemaOf(SNAPSHOT_COPY_PROPS, {
          omitted: ["tags"],
          others: {
            destinationKeyArn: described(
              v.optional(text(rules.KEY_ARN)),
              "The key of the copies in the destination Region, by ARN.",
              "the replica of the warehouse's key in that Region",
            ),
          },
        }),
      ),
      "The copies of the cluster's snapshots in another Region.",
    ),
    snapshotSchedule: described(
      v.optional(schemaOf(SNAPSHOT_SCHEDULE_PROPS, { omitted: ["tags"] })),
      "The schedule of the automated snapshots.",
      "AWS's schedule",
    ),
    subnetIds: subnets,
    usageLimits: described(
      v.optional(list(schemaOf(CLUSTER_USAGE_LIMIT_PROPS, { omitted: ["tags"] }))),
      MEANINGS.usageLimits,
    ),
    vpcSecurityGroupIds: securityGroups,
  },
});
const serverless = schemaOf(ENCRYPTED_SERVERLESS_PROPS, {
  omitted: ["tags"],
  presets: { namespaceName: "`name`" },
  others: {
    ...addOns,
    alarms: described(
      v.optional(
        schemaOf(WAREHOUSE_ALARMS_PROPS, { omitted: ["cpuUtilization", "diskSpaceUsed", "tags"], others: topic }),
      ),
      MEANINGS.alarms,
    ),
    customDomain: described(
      v.optional(schemaOf(SERVERLESS_CUSTOM_DOMAIN_PROPS)),
      "The domain name of the workgroup, and its certificate.",
    ),
    endpoints: described(
      v.optional(
        list(
          schemaOf(ENDPOINT_ACCESS_PROPS, {
            omitted: ["subnetGroupName", "tags"],
            others: propsOf("EndpointAccessOptions", { ownerAccount: v.optional(accountId), subnetIds: subnetIdList }),
          }),
        ),
      ),
      MEANINGS.endpoints,
    ),
    securityGroupIds: securityGroups,
    subnetIds: subnets,
    snapshotPolicies: described(
      v.optional(
        list(
          schemaOf(SERVERLESS_SNAPSHOT_POLICY_PROPS, {
            others: propsOf("ServerlessSnapshotPolicyProps", { restorers: list(principalArn, 1) }),
          }),
        ),
      ),
      "Snapshots that principals of other accounts may restore. The key's policy or a grant must let them decrypt.",
    ),
    usageLimits: described(
      v.optional(list(schemaOf(SERVERLESS_USAGE_LIMIT_PROPS, { omitted: ["tags"] }))),
      MEANINGS.usageLimits,
    ),
  },
});

/** The keys that every entry has. */
const identity = {
  name: described(stackName, "The name of the stack, and of each thing in it that has no other name."),
  account: described(accountId, "The account. The provider refuses to work in any other account."),
  region: described(text(rules.REGION), "The Region."),
};
const entryTags = described(v.optional(tags), "The tags of everything in the stack. They go before `defaultTags`.");
const administrators = described(
  v.optional(list(administrator, 1)),
  "The principals that administer the key: ARNs of roles, users or account roots, roles of permission sets, or roles to create. " +
    "A key that is created requires them. An existing or shared key refuses them.",
);
const deployers = described(
  v.optional(list(deployer, 1)),
  "The principals that create, restore and change warehouses under the key, besides its administrators: ARNs, or roles of " +
    "permission sets. A plan of a warehouse fails if its caller is none of them.",
  "none; for an existing key, no plan compares its caller",
);
const formerRegions = described(
  v.optional(list(text(rules.REGION))),
  "The other Regions that the stack has left. The deployment destroys what the stack has there.",
);
const verifyPrincipals = described(
  v.optional(flag),
  "Whether a plan looks up the roles and users of this account that are named by ARN, and fails if one does not exist or has " +
    "another path. It requires `iam:GetRole` and `iam:GetUser`.",
  "false",
);
const warehouse = object({
  ...identity,
  administrators,
  users: described(
    list(user, 1),
    "The roles that use the Data API: ARNs, `roleArn` or `permissionSet` with what the role may access, or roles to create.",
  ),
  deployers,
  key: described(
    v.optional(key),
    "The settings of a key to create, `keyArn` of an existing key, or the name of a shared key.",
    "a key is created",
  ),
  cluster: described(v.optional(cluster), MEANINGS.cluster),
  serverless: described(
    v.optional(serverless),
    "The settings of a serverless namespace and workgroup. A warehouse has either `cluster` or `serverless`.",
  ),
  dataApiProof: described(
    v.optional(trustingRoleArn),
    "The ARN of one of `users`, which the deployer may assume. A deployment runs `select 1` as this role through the Data API, by " +
      "the AWS CLI, and fails if the key policy allows no grant. It runs again if the key policy changes. If there is a grant " +
      "already, it proves that grant only.",
    "no proof",
  ),
  formerRegions,
  tags: entryTags,
  verifyPrincipals,
});

/** A key that several warehouses share. */
const keyEntry = object({
  ...identity,
  administrators,
  deployers,
  key: described(
    v.optional(ownKey),
    "The settings of a key to create, or `keyArn` of an existing key.",
    "a key is created",
  ),
  formerRegions,
  tags: entryTags,
  verifyPrincipals,
});

/** A parameter group that several clusters share. */
const parameterGroup = object({
  ...identity,
  ...schemaOf(CLUSTER_PARAMETER_GROUP_PROPS, { omitted: ["clusterParameterGroupName", "tags"] }).entries,
  tags: entryTags,
});

/** An interface VPC endpoint of the Data API, which warehouses have in common. */
const dataApiEndpoint = object({
  ...identity,
  ...propsOf("DataApiEndpointProps", {
    privateDnsEnabled: v.optional(flag),
    securityGroupIds: v.optional(securityGroupIds),
    serviceName: v.optional(text(rules.VPC_ENDPOINT_SERVICE)),
    subnetIds,
  }),
  tags: entryTags,
  ...propsOf("DataApiEndpointProps", { vpcId: text(rules.VPC_ID) }),
});

const leftOut = (because: string) =>
  described(
    v.optional(v.custom<undefined>((input) => input === undefined, `be left out, because ${because}`)),
    `Must be left out, because ${because}.`,
  );
const defaults = {
  ...optional(warehouse.entries),
  name: leftOut("every entry has its own"),
  cluster: described(v.optional(object(optional(cluster.entries))), MEANINGS.cluster),
};
const account = object({
  assumeRole: described(
    v.optional(
      object({
        roleArn: described(trustingRoleArn, "The role, by ARN. It is of this account."),
        externalId: described(
          v.optional(text(rules.EXTERNAL_ID)),
          "The external ID that the role's trust policy requires.",
        ),
        sessionName: described(v.optional(text(rules.SESSION_NAME)), "The name of the session.", "AWS chooses"),
      }),
    ),
    "The role that deploys in this account. The caller of Terraform assumes it. The backend keeps its credentials.",
    "the caller of Terraform deploys",
  ),
  defaults: described(
    v.optional(object({ ...defaults, account: leftOut("these are the defaults of one account") })),
    "The values that entries of this account take if they have none. They go before the `defaults` of all accounts.",
  ),
});

const s3 = object({
  bucket: described(text(rules.BUCKET_NAME), "The bucket of the state."),
  keyPrefix: described(
    v.optional(text(rules.STATE_KEY_PREFIX)),
    "The prefix of the state's key. The key of a stack's state is the prefix, the stack's name and `/terraform.tfstate`.",
    "no prefix",
  ),
  kmsKeyId: described(
    v.optional(text(rules.KEY_ARN)),
    "The KMS key that encrypts the state, by ARN.",
    "the bucket's encryption",
  ),
  region: described(text(rules.REGION), "The Region of the bucket."),
  useLockfile: described(v.optional(flag), "Whether a file in the bucket locks the state.", "true"),
});
const cloud = object({
  hostname: described(
    v.optional(text(rules.HOSTNAME)),
    "The host of HCP Terraform or Terraform Enterprise.",
    "app.terraform.io",
  ),
  organization: described(text(rules.ORGANIZATION), "The organization that has the workspaces."),
  workspaces: described(
    v.optional(
      object({
        prefix: described(
          v.optional(text(rules.WORKSPACE_PREFIX)),
          "The prefix of the workspaces' names. The workspace of a stack has the prefix and the stack's name.",
          "no prefix",
        ),
        project: described(
          v.optional(text(rules.PROJECT)),
          "The project that has the workspaces.",
          "the organization's default project",
        ),
      }),
    ),
    "The names and the project of the workspaces.",
  ),
});

type Backend = { cloud?: v.InferOutput<typeof cloud> | undefined; s3?: v.InferOutput<typeof s3> | undefined };
const backend = v.pipe(
  object({
    cloud: described(v.optional(cloud), "HCP Terraform or Terraform Enterprise, with a workspace for each stack."),
    s3: described(v.optional(s3), "An S3 bucket. The states in it are encrypted."),
  }),
  v.metadata<Backend, Record<string, unknown>>({ maxProperties: 1, minProperties: 1 }),
  v.check<Backend, string>((both) => !both.cloud !== !both.s3, "have either s3 or cloud"),
);

/** The configuration, when the defaults are in its entries. */
export const SCHEMA = object({
  accounts: described(
    v.optional(mapOf(v.record(accountId, account, "be a map of accounts"))),
    "The settings of each account, by its ID: the role that deploys there, and defaults.",
  ),
  awsProviderVersion: described(
    v.optional(text(rules.VERSION_CONSTRAINT), "~> 6.25"),
    'The version constraint of the AWS provider. `">= 5.100, < 7"` is the widest.',
    "`~> 6.25`",
  ),
  backend: described(
    v.optional(backend),
    "The place of the state: either `s3` or `cloud`.",
    "a local file for each stack",
  ),
  dataApiEndpoints: described(v.optional(list(dataApiEndpoint)), MEANINGS.dataApiEndpoints),
  defaultTags: described(v.optional(tags), "The tags of everything in all stacks."),
  defaults: described(v.optional(object(defaults)), "The values that entries take if they have none."),
  keys: described(v.optional(list(keyEntry)), MEANINGS.keys),
  parameterGroups: described(v.optional(list(parameterGroup)), MEANINGS.parameterGroups),
  warehouses: described(list(warehouse, 1), MEANINGS.warehouses),
});

/** An account and a Region that defaults or other files may have. */
const place = { account: v.optional(identity.account), region: v.optional(identity.region) };
/** One file as it is written: values of defaults or of other files may be absent. */
export const FILE_SCHEMA = object({
  ...SCHEMA.entries,
  dataApiEndpoints: described(
    v.optional(list(object({ ...dataApiEndpoint.entries, ...place }))),
    MEANINGS.dataApiEndpoints,
  ),
  keys: described(v.optional(list(object({ ...optional(keyEntry.entries), name: identity.name }))), MEANINGS.keys),
  parameterGroups: described(
    v.optional(list(object({ ...parameterGroup.entries, ...place }))),
    MEANINGS.parameterGroups,
  ),
  warehouses: described(v.optional(list(object({ ...defaults, name: identity.name }))), MEANINGS.warehouses),
});

/** The configuration, checked. */
export type Configuration = v.InferOutput<typeof SCHEMA>;
/** The place of the state, if it is not a local file. */
export type BackendConfiguration = NonNullable<Configuration["backend"]>;
/** The settings of an account. */
export type AccountConfiguration = NonNullable<Configuration["accounts"]>[string];
/** An endpoint of the Data API in a VPC. */
export type DataApiEndpointConfiguration = NonNullable<Configuration["dataApiEndpoints"]>[number];
/** A key that several warehouses share, or that one has for itself. */
export type KeyConfiguration = NonNullable<Configuration["keys"]>[number];
/** A parameter group that several clusters share. */
export type ParameterGroupConfiguration = NonNullable<Configuration["parameterGroups"]>[number];
/** One warehouse of the configuration. */
export type WarehouseConfiguration = Configuration["warehouses"][number];
/** Subnets: their IDs, or how to look them up. */
export type SubnetsConfiguration = v.InferOutput<typeof subnetIds>;
/** Security groups: their IDs, or how to look them up. */
export type SecurityGroupsConfiguration = v.InferOutput<typeof securityGroupIds>;
/** A principal of the configuration: an existing one by ARN, or a role to create. */
export type AdministratorConfiguration = NonNullable<WarehouseConfiguration["administrators"]>[number];
/** A principal that deploys warehouses. */
export type DeployerConfiguration = NonNullable<WarehouseConfiguration["deployers"]>[number];
/** A role of the configuration that uses the Data API. */
export type UserConfiguration = WarehouseConfiguration["users"][number];
