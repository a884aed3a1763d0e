import { DEFAULT_CONFIG_PARAMETERS, SUPPORTED_CONFIG_PARAMETERS } from "../../modules/redshift/config-parameters";
import { ENCRYPTED_CLUSTER_PROPS } from "../../modules/redshift/cluster-props";
import { ENCRYPTED_SERVERLESS_PROPS } from "../../modules/redshift/serverless-props";
import { follows } from "../../modules/private/rule";
import { DEFAULT_PRICE_PERFORMANCE_LEVEL, TAGS } from "../../modules/private/rules";
import type { ClusterFacts, KeyFacts, ServerlessFacts } from "./account";
import { keyLines } from "./key-lines";
import { settingLines } from "./settings";
import { type Line, listText } from "./yaml";

/** Returns the entry of a cluster for warehouses.yaml, as YAML. */
export function clusterEntry(name: string, facts: ClusterFacts, key: KeyFacts | undefined): string {
  const { cluster, logging } = facts;
  const isLogged = logging.LoggingEnabled === true;
  return entryText({
    imported: [
      { key: "clusterIdentifier", value: cluster.ClusterIdentifier! },
      ...(isLogged ? [{ key: "logging", value: true }] : []),
    ],
    isPublic: cluster.PubliclyAccessible === true,
    key,
    keyArn: cluster.KmsKeyId!,
    kind: "cluster",
    name,
    secretArn: cluster.MasterPasswordSecretArn,
    secretKey: cluster.MasterPasswordSecretKmsKeyId,
    settings: clusterSettings(name, facts),
    tags: Object.fromEntries((cluster.Tags ?? []).map(({ Key, Value }) => [Key!, Value ?? ""])),
    unsupported:
      cluster.AllowVersionUpgrade === false ? ["AWS then upgrades the version in the maintenance window."] : [],
    warehouseArn: cluster.ClusterNamespaceArn!,
  });
}

function clusterSettings(name: string, { cluster, logging }: ClusterFacts): readonly Line[] {
  const isMultiAz = /^enabled$/i.test(cluster.MultiAZ ?? "");
  const identifier = cluster.ClusterIdentifier === name ? undefined : cluster.ClusterIdentifier;
  return settingLines(
    ENCRYPTED_CLUSTER_PROPS,
    {
      clusterIdentifier: identifier,
      nodeType: cluster.NodeType,
      numberOfNodes: cluster.NumberOfNodes,
      databaseName: cluster.DBName,
      masterUsername: cluster.MasterUsername,
      multiAz: isMultiAz,
      availabilityZoneRelocationEnabled: /^enabled$/i.test(cluster.AvailabilityZoneRelocationStatus ?? ""),
      port: cluster.Endpoint?.Port,
      clusterSubnetGroupName: cluster.ClusterSubnetGroupName,
      vpcSecurityGroupIds: sorted(cluster.VpcSecurityGroups?.map(({ VpcSecurityGroupId }) => VpcSecurityGroupId)),
      enhancedVpcRouting: cluster.EnhancedVpcRouting,
      clusterParameterGroupName: cluster.ClusterParameterGroups?.[0]?.ParameterGroupName,
      iamRoles: sorted(cluster.IamRoles?.map(({ IamRoleArn }) => IamRoleArn)),
      defaultIamRoleArn: cluster.DefaultIamRoleArn || undefined,
      automatedSnapshotRetentionPeriod: cluster.AutomatedSnapshotRetentionPeriod,
      manualSnapshotRetentionPeriod: cluster.ManualSnapshotRetentionPeriod,
      maintenanceTrackName: cluster.MaintenanceTrackName,
      preferredMaintenanceWindow: cluster.PreferredMaintenanceWindow,
      ...logSettings(logging),
    },
    {
      availabilityZoneRelocationEnabled: !isMultiAz,
      maintenanceTrackName: "current",
      manualSnapshotRetentionPeriod: -1,
    },
  );
}

/** Returns the settings of a cluster's audit log. For a bucket, AWS does not return the type of the destination. */
function logSettings({ BucketName, LogExports, LoggingEnabled, S3KeyPrefix }: ClusterFacts["logging"]) {
  if (LoggingEnabled !== true) {
    return { logExports: [] };
  }
  return BucketName
    ? { logBucketName: BucketName, logS3KeyPrefix: S3KeyPrefix || undefined }
    : { logExports: sorted(LogExports) };
}

/** Returns the entry of a serverless warehouse for warehouses.yaml, as YAML. */
export function serverlessEntry(name: string, facts: ServerlessFacts, key: KeyFacts | undefined): string {
  const { namespace, tags, workgroup } = facts;
  return entryText({
    imported: [
      { key: "namespaceName", value: namespace.namespaceName! },
      { key: "workgroupName", value: workgroup.workgroupName! },
    ],
    isPublic: workgroup.publiclyAccessible === true,
    key,
    keyArn: namespace.kmsKeyId!,
    kind: "serverless",
    name,
    secretArn: namespace.adminPasswordSecretArn,
    secretKey: namespace.adminPasswordSecretKmsKeyId,
    settings: serverlessSettings(name, facts),
    tags: Object.fromEntries(tags.map((tag) => [tag.key!, tag.value ?? ""])),
    unsupported: [],
    warehouseArn: namespace.namespaceArn!,
  });
}

function serverlessSettings(name: string, { namespace, workgroup }: ServerlessFacts): readonly Line[] {
  const { namespaceName } = namespace;
  const { level, status } = workgroup.pricePerformanceTarget ?? {};
  const isTargeted = status === "ENABLED";
  const changedLevel = level === DEFAULT_PRICE_PERFORMANCE_LEVEL ? undefined : level;
  const settings = settingLines(ENCRYPTED_SERVERLESS_PROPS, {
    namespaceName: namespaceName === name ? undefined : namespaceName,
    workgroupName: workgroup.workgroupName === namespaceName ? undefined : workgroup.workgroupName,
    databaseName: namespace.dbName,
    adminUsername: namespace.adminUsername,
    baseCapacity: isTargeted ? undefined : workgroup.baseCapacity,
    pricePerformanceLevel: isTargeted ? changedLevel : undefined,
    maxCapacity: workgroup.maxCapacity,
    port: workgroup.port,
    subnetIds: sorted(workgroup.subnetIds),
    securityGroupIds: sorted(workgroup.securityGroupIds),
    enhancedVpcRouting: workgroup.enhancedVpcRouting,
    iamRoles: sorted(namespace.iamRoles?.map(roleArnIn)),
    defaultIamRoleArn: namespace.defaultIamRoleArn || undefined,
    logExports: sorted(namespace.logExports),
    trackName: workgroup.trackName,
  });
  return [...settings, ...configParameterLines(workgroup.configParameters ?? [])];
}

/** Returns the lines of those configuration parameters that differ from AWS's defaults and that an entry can have. */
function configParameterLines(
  parameters: NonNullable<ServerlessFacts["workgroup"]["configParameters"]>,
): readonly Line[] {
  const changed = parameters.filter(
    ({ parameterKey, parameterValue }) =>
      SUPPORTED_CONFIG_PARAMETERS.includes(parameterKey!) &&
      DEFAULT_CONFIG_PARAMETERS[parameterKey!] !== parameterValue,
  );
  const value = Object.fromEntries(changed.map((one) => [one.parameterKey!, one.parameterValue!]));
  return changed.length === 0 ? [] : [{ key: "configParameters", value }];
}

/** Extracts the ARN from `IamRole(applyStatus=in-sync, iamRoleArn=ARN)`, the form in which AWS returns a role of a namespace. */
function roleArnIn(role: string): string {
  return /iamRoleArn=([^,)]+)/.exec(role)?.[1] ?? role;
}

function sorted(values: readonly (string | undefined)[] | undefined): readonly string[] | undefined {
  return values?.filter((value) => value !== undefined).sort();
}

/** The parts of an entry that clusters and serverless warehouses have in common. */
interface EntryParts {
  readonly imported: readonly Line[];
  readonly isPublic: boolean;
  readonly key: KeyFacts | undefined;
  readonly keyArn: string;
  readonly kind: "cluster" | "serverless";
  readonly name: string;
  readonly secretArn: string | undefined;
  /** The ID or the ARN of the KMS key that encrypts the admin's secret. */
  readonly secretKey: string | undefined;
  readonly settings: readonly Line[];
  readonly tags: Readonly<Record<string, string>>;
  /** The changes that the deployment makes to settings that no entry can have. */
  readonly unsupported: readonly string[];
  readonly warehouseArn: string;
}

function entryText(warehouse: EntryParts): string {
  const { imported, isPublic, key, keyArn, kind, name, settings, warehouseArn } = warehouse;
  const [, , , region, account] = warehouseArn.split(":") as [string, string, string, string, string];
  const { entry, imported: importedKey } = keyLines(keyArn, key, account, region);
  const afterwards = [
    ...(isPublic ? ["The warehouse is then no longer publicly accessible."] : []),
    ...passwordChanges(warehouse),
    ...warehouse.unsupported,
    "Tags that 'tags' lacks are then removed.",
  ];
  const comments = [
    "Deploy once with these lines, and then remove them. A line of the rest that is removed after that changes the setting to",
    "its default. Without these lines, the next plan shows:",
    ...afterwards.map((change) => `- ${change}`),
  ];
  const lines: readonly Line[] = [
    { key: "name", value: name },
    { key: "account", value: account },
    { key: "region", value: region },
    ...tagLines(warehouse.tags),
    { comments, key: "import", value: [...importedKey, ...imported] },
    ...(entry.some((line) => line.key === "users") ? entry : [{ key: "users", value: [] }, ...entry]),
    { key: kind, value: settings },
  ];
  return listText("warehouses", lines);
}

/** Returns the changes that the deployment makes to the admin's password, as sentences. */
function passwordChanges({ keyArn, secretArn, secretKey }: EntryParts): readonly string[] {
  if (secretArn === undefined) {
    return ["Redshift then creates a password of the admin, and the present one ends."];
  }
  return secretKey !== undefined && keyArn.endsWith(secretKey)
    ? []
    : [
        "The secret of the admin's password is then under the key of the warehouse, unless 'adminSecretKeyArn' names another.",
      ];
}

/** Returns the lines of the warehouse's tags, without tags that AWS has added. */
function tagLines(tags: Readonly<Record<string, string>>): readonly Line[] {
  const value = Object.fromEntries(Object.entries(tags).filter(([key]) => !key.startsWith("aws:")));
  if (Object.keys(value).length === 0) {
    return [];
  }
  return follows(value, TAGS) && !JSON.stringify(value).includes("${")
    ? [{ comments: ["The tags of the warehouse. Everything that the stack creates gets them."], key: "tags", value }]
    : [{ comments: [`The tags of the warehouse are no tags of an entry: ${JSON.stringify(value)}`] }];
}
