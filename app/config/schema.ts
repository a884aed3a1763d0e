import * as v from "valibot";
import { WAREHOUSE_ALARMS_PROPS } from "../../modules/operations/alarms";
import { EVENT_SUBSCRIPTION_PROPS } from "../../modules/operations/events";
import { SCHEDULED_ACTION_PROPS } from "../../modules/operations/scheduled-action";
import { SECRET_ROTATION_PROPS } from "../../modules/operations/secret-rotation";
import { SNAPSHOT_COPY_PROPS } from "../../modules/operations/snapshot-copy";
import { SNAPSHOT_SCHEDULE_PROPS } from "../../modules/operations/snapshot-schedule";
import { CLUSTER_USAGE_LIMIT_PROPS, SERVERLESS_USAGE_LIMIT_PROPS } from "../../modules/operations/usage-limit";
import * as rules from "../../modules/private/rules";
import { ENCRYPTED_CLUSTER_PROPS } from "../../modules/redshift/cluster-props";
import { ENCRYPTED_SERVERLESS_PROPS } from "../../modules/redshift/serverless-props";
import { SERVERLESS_CUSTOM_DOMAIN_PROPS } from "../../modules/sharing/custom-domain";
import { DATASHARE_ASSOCIATION_PROPS, DATASHARE_AUTHORIZATION_PROPS } from "../../modules/sharing/datashare";
import { ENDPOINT_ACCESS_PROPS } from "../../modules/sharing/endpoint-access";
import { schemaOf } from "./prop-schema";
import { choice, flag, isMap, list, literal, mapOf, number, object, optional, text, texts, ruled } from "./values";

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
const permissionSet = { permissionSet: text(rules.PERMISSION_SET_NAME) };

/** No `literal`: the rule admits no expression but one that the library escapes. */
const trustedSessionName = v.pipe(v.string(rules.TRUSTED_SESSION_NAME.must), ruled<string>(rules.TRUSTED_SESSION_NAME));
const roleToCreate = {
  roleName: text(rules.ROLE_NAME),
  description: v.optional(text(rules.ROLE_DESCRIPTION)),
  externalId: v.optional(text(rules.EXTERNAL_ID)),
  maxSessionDuration: v.optional(number(rules.MAX_SESSION_DURATION)),
  path: v.optional(text(rules.ROLE_PATH)),
  permissionsBoundary: v.optional(text(rules.POLICY_ARN)),
  sessionNames: v.optional(list(trustedSessionName, 1)),
  trustedPrincipals: v.optional(list(principalArn)),
  trustedServices: v.optional(list(text(rules.SERVICE_PRINCIPAL))),
};
const access = {
  databases: v.optional(list(text(rules.DATABASE_NAME), 1)),
  databaseUser: v.optional(text(rules.DATABASE_USER)),
  ownStatementsOnly: v.optional(flag),
  secretArn: v.optional(text(rules.SECRET_ARN)),
  secretKeyArn: v.optional(text(rules.KEY_ARN)),
};
const existingUser = object({ roleArn, ...access });
const permissionSetUser = object({ ...permissionSet, ...access });
const createdUser = object(
  {
    ...roleToCreate,
    ...access,
    databaseGroups: v.optional(list(text(rules.DATABASE_GROUP), 1)),
    databaseRoles: v.optional(list(text(rules.DATABASE_ROLE), 1)),
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
const newKey = object(
  {
    alias: v.optional(text(rules.ALIAS)),
    bypassPolicyLockoutSafetyCheck: v.optional(flag),
    deletionProtection: v.optional(flag),
    deletionWindowInDays: v.optional(number(rules.DELETION_WINDOW_IN_DAYS)),
    description: v.optional(text(rules.KEY_DESCRIPTION)),
    enableKeyRotation: v.optional(flag),
    lockoutPrecondition: v.optional(flag),
    multiRegion: v.optional(flag),
    replicaRegions: v.optional(list(text(rules.REGION), 1)),
    rotationPeriodInDays: v.optional(number(rules.ROTATION_PERIOD_IN_DAYS)),
    viaServices,
  },
  "keyArn",
);
const existingKey = object({
  keyArn: text(rules.KEY_ARN),
  viaServices,
});
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
const vpcId = v.optional(text(rules.VPC_ID));
/** Subnets by their IDs, or those of a VPC, with these tags. */
const subnetIdList = list(text(rules.SUBNET_ID), 1);
const someTags = v.pipe(
  tags,
  v.metadata<Record<string, string>, { minProperties: 1 }>({ minProperties: 1 }),
  v.check<Record<string, string>, string>((given) => Object.keys(given).length > 0, "have at least one tag"),
);
const subnetsByTags = object({ vpcId, tags: v.optional(someTags) });
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
  names: v.optional(list(text(rules.SECURITY_GROUP_NAME), 1)),
  tags: v.optional(someTags),
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

const alarms = {
  emails: v.optional(list(text(rules.EMAIL), 1)),
  topicArns: v.optional(list(text(rules.TOPIC_ARN), 1)),
};

/** The parts of a warehouse of either kind. */
const addOns = {
  datashareAssociations: v.optional(list(schemaOf(DATASHARE_ASSOCIATION_PROPS))),
  datashareAuthorizations: v.optional(list(schemaOf(DATASHARE_AUTHORIZATION_PROPS))),
  integrations: v.optional(
    object({
      authorizedPrincipals: v.optional(list(principalArn, 1)),
      authorizedSources: v.optional(list(text(rules.INTEGRATION_SOURCE_ARN), 1)),
    }),
  ),
  secretRotation: v.optional(schemaOf(SECRET_ROTATION_PROPS)),
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
    alarms: v.optional(
      schemaOf(WAREHOUSE_ALARMS_PROPS, { omitted: ["computeCapacity", "computeSeconds", "tags"], others: alarms }),
    ),
    createTime: v.optional(v.pipe(v.string("be an RFC 3339 date and time in quotes"), literal)),
    endpoints: v.optional(
      list(
        schemaOf(ENDPOINT_ACCESS_PROPS, {
          omitted: ["tags"],
          others: { ownerAccount: v.optional(accountId), subnetIds: v.optional(subnetIdList) },
        }),
      ),
    ),
    eventSubscriptions: v.optional(list(schemaOf(EVENT_SUBSCRIPTION_PROPS, { omitted: ["tags"] }))),
    parameterGroup: v.optional(sharedParameterGroup),
    scheduledActions: v.optional(list(schemaOf(SCHEDULED_ACTION_PROPS, { omitted: ["tags"] }))),
    snapshotCopy: v.optional(
      schemaOf(SNAPSHOT_COPY_PROPS, {
        omitted: ["tags"],
        others: { destinationKeyArn: v.optional(text(rules.KEY_ARN)) },
      }),
    ),
    snapshotSchedule: v.optional(schemaOf(SNAPSHOT_SCHEDULE_PROPS, { omitted: ["tags"] })),
    subnetIds: v.optional(subnetIds),
    usageLimits: v.optional(list(schemaOf(CLUSTER_USAGE_LIMIT_PROPS, { omitted: ["tags"] }))),
    vpcSecurityGroupIds: v.optional(securityGroupIds),
  },
});
const serverless = schemaOf(ENCRYPTED_SERVERLESS_PROPS, {
  omitted: ["tags"],
  presets: { namespaceName: "`name`" },
  others: {
    ...addOns,
    alarms: v.optional(
      schemaOf(WAREHOUSE_ALARMS_PROPS, { omitted: ["cpuUtilization", "diskSpaceUsed", "tags"], others: alarms }),
    ),
    customDomain: v.optional(schemaOf(SERVERLESS_CUSTOM_DOMAIN_PROPS)),
    endpoints: v.optional(
      list(
        schemaOf(ENDPOINT_ACCESS_PROPS, {
          omitted: ["subnetGroupName", "tags"],
          others: { ownerAccount: v.optional(accountId), subnetIds: subnetIdList },
        }),
      ),
    ),
    securityGroupIds: v.optional(securityGroupIds),
    subnetIds: v.optional(subnetIds),
    snapshotPolicies: v.optional(
      list(object({ restorers: list(principalArn, 1), snapshotArn: text(rules.SERVERLESS_SNAPSHOT_ARN) })),
    ),
    usageLimits: v.optional(list(schemaOf(SERVERLESS_USAGE_LIMIT_PROPS, { omitted: ["tags"] }))),
  },
});

const formerRegions = v.optional(list(text(rules.REGION)));
const warehouse = object({
  name: stackName,
  account: accountId,
  region: text(rules.REGION),
  administrators: v.optional(list(administrator, 1)),
  users: list(user, 1),
  deployers: v.optional(list(deployer, 1)),
  key: v.optional(key),
  cluster: v.optional(cluster),
  serverless: v.optional(serverless),
  dataApiProof: v.optional(trustingRoleArn),
  formerRegions,
  tags: v.optional(tags),
  verifyPrincipals: v.optional(flag),
});

/** A key that several warehouses share. */
const keyEntry = object({
  name: stackName,
  account: accountId,
  region: text(rules.REGION),
  administrators: v.optional(list(administrator, 1)),
  deployers: v.optional(list(deployer, 1)),
  key: v.optional(ownKey),
  formerRegions,
  tags: v.optional(tags),
  verifyPrincipals: v.optional(flag),
});

/** A parameter group that several clusters share. */
const parameterGroup = object({
  name: stackName,
  account: accountId,
  region: text(rules.REGION),
  parameters: v.optional(texts),
  tags: v.optional(tags),
});

/** An interface VPC endpoint of the Data API, which warehouses have in common. */
const dataApiEndpoint = object({
  name: stackName,
  account: accountId,
  region: text(rules.REGION),
  privateDnsEnabled: v.optional(flag),
  securityGroupIds: v.optional(securityGroupIds),
  serviceName: v.optional(text(rules.VPC_ENDPOINT_SERVICE)),
  subnetIds,
  tags: v.optional(tags),
  vpcId: text(rules.VPC_ID),
});

const leftOut = (because: string) =>
  v.optional(v.custom<undefined>((input) => input === undefined, `be left out, because ${because}`));
const defaults = {
  ...optional(warehouse.entries),
  name: leftOut("every entry has its own"),
  cluster: v.optional(object(optional(cluster.entries))),
};
const account = object({
  assumeRole: v.optional(
    object({
      roleArn: trustingRoleArn,
      externalId: v.optional(text(rules.EXTERNAL_ID)),
      sessionName: v.optional(text(rules.SESSION_NAME)),
    }),
  ),
  defaults: v.optional(object({ ...defaults, account: leftOut("these are the defaults of one account") })),
});

const s3 = object({
  bucket: text(rules.BUCKET_NAME),
  keyPrefix: v.optional(text(rules.STATE_KEY_PREFIX)),
  kmsKeyId: v.optional(text(rules.KEY_ARN)),
  region: text(rules.REGION),
  useLockfile: v.optional(flag),
});
const cloud = object({
  hostname: v.optional(text(rules.HOSTNAME)),
  organization: text(rules.ORGANIZATION),
  workspaces: v.optional(
    object({ prefix: v.optional(text(rules.WORKSPACE_PREFIX)), project: v.optional(text(rules.PROJECT)) }),
  ),
});

type Backend = { cloud?: v.InferOutput<typeof cloud> | undefined; s3?: v.InferOutput<typeof s3> | undefined };
const backend = v.pipe(
  object({ cloud: v.optional(cloud), s3: v.optional(s3) }),
  v.metadata<Backend, Record<string, unknown>>({ maxProperties: 1, minProperties: 1 }),
  v.check<Backend, string>((both) => !both.cloud !== !both.s3, "have either s3 or cloud"),
);

/** The configuration, when the defaults are in its entries. */
export const SCHEMA = object({
  accounts: v.optional(mapOf(v.record(accountId, account, "be a map of accounts"))),
  awsProviderVersion: v.optional(text(rules.VERSION_CONSTRAINT), "~> 6.25"),
  backend: v.optional(backend),
  dataApiEndpoints: v.optional(list(dataApiEndpoint)),
  defaultTags: v.optional(tags),
  defaults: v.optional(object(defaults)),
  keys: v.optional(list(keyEntry)),
  parameterGroups: v.optional(list(parameterGroup)),
  warehouses: list(warehouse, 1),
});

/** An account and a Region that defaults or other files may have. */
const place = { account: v.optional(accountId), region: v.optional(text(rules.REGION)) };
/** One file as it is written: values of defaults or of other files may be absent. */
export const FILE_SCHEMA = object({
  ...SCHEMA.entries,
  dataApiEndpoints: v.optional(list(object({ ...dataApiEndpoint.entries, ...place }))),
  keys: v.optional(list(object({ ...optional(keyEntry.entries), name: keyEntry.entries.name }))),
  parameterGroups: v.optional(list(object({ ...parameterGroup.entries, ...place }))),
  warehouses: v.optional(list(object({ ...defaults, name: warehouse.entries.name }))),
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
