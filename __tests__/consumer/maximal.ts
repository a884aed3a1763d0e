import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { TerraformOutput, type TerraformStack, TerraformVariable } from "cdktf";
import {
  AlarmTopic,
  AuditLogGroups,
  ClusterParameterGroup,
  DataApiAccess,
  DataApiEndpoint,
  DataApiGrant,
  DataApiKey,
  DataApiKeyPolicy,
  DataApiKeyReplica,
  DataApiProof,
  DataApiRole,
  DataApiWarehouse,
  DatabaseRoles,
  DatashareAssociation,
  DatashareAuthorization,
  EncryptedCluster,
  EncryptedServerless,
  EncryptionContext,
  EndpointAccess,
  EndpointAuthorization,
  EventSubscription,
  ExistingDataApiKey,
  Identity,
  IntegrationPolicy,
  KeyStatements,
  KeyUsageAlarms,
  ManualSnapshot,
  ScheduledAction,
  ScheduledQuery,
  ScheduledQueryGroup,
  ScheduledQueryRole,
  SecretRotation,
  ServerlessCustomDomain,
  ServerlessSnapshotPolicy,
  SnapshotCopy,
  SnapshotSchedule,
  UsageLimit,
  WarehouseAlarms,
  ZeroEtlIntegration,
} from "../../modules";

const ACCOUNT = "111122223333";
const REGION = "us-east-1";
const ADMIN_ARN = `arn:aws:iam::${ACCOUNT}:role/ExampleAdminRole`;
const USER_ARN = `arn:aws:iam::${ACCOUNT}:role/ExampleUserRole`;
const KEY_ARN = `arn:aws:kms:${REGION}:${ACCOUNT}:key/12345678-1234-1234-1234-123456789012`;

/** Makes all that the library has, with every option that does not exclude another one. */
export function maximal(stack: TerraformStack): void {
  const environment = { accountId: ACCOUNT, partition: "aws", region: REGION };
  const tags = { team: "data" };
  const root = Identity.forAccountRoot(ACCOUNT);
  const role = (roleName: string) =>
    new DataApiRole(stack, roleName, {
      accountId: ACCOUNT,
      databaseRoles: ["analyst", "loader"],
      description: "A role",
      externalId: "ticket-1",
      maxSessionDuration: 7200,
      partition: "aws",
      path: "/team/",
      permissionsBoundary: `arn:aws:iam::${ACCOUNT}:policy/Boundary`,
      roleName,
      tags,
      trustedPrincipals: [root],
      trustedServices: ["lambda.amazonaws.com"],
    });
  const [keeper, reader, writer] = [role("Keeper"), role("Reader"), role("Writer")];
  const key = new DataApiKey(stack, "Key", {
    ...environment,
    additionalStatements: [
      {
        Action: "kms:DescribeKey",
        Condition: { StringEquals: { "aws:PrincipalTag/team": "${aws:ResourceTag/team}" } },
        Effect: "Allow",
        Principal: { AWS: "*" },
        Resource: "*",
        Sid: "Describe",
      },
      KeyStatements.forLogGroups({ accountId: ACCOUNT, region: REGION }),
      KeyStatements.forAlarms({ accountId: ACCOUNT }),
    ],
    administrators: [Identity.fromArn(ADMIN_ARN), keeper.identity],
    alias: "alias/maximal",
    deletionProtection: false,
    deletionWindowInDays: 14,
    description: "A key",
    multiRegion: true,
    rotationPeriodInDays: 90,
    tags,
    users: [reader.identity, writer.identity],
    viaServices: [`redshift.${REGION}.amazonaws.com`],
  });
  const adopted = new ExistingDataApiKey(stack, "Adopted", { keyArn: KEY_ARN, users: [reader.identity] });
  const password = new TerraformVariable(stack, "password", { sensitive: true, type: "string" }).stringValue;
  const iamRole = `arn:aws:iam::${ACCOUNT}:role/Copy`;
  const network = {
    subnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1", "subnet-0123456789abcdef2"],
  };
  const groups = ["sg-0123456789abcdef0"];
  const cluster = new EncryptedCluster(stack, "Cluster", {
    ...environment,
    ...network,
    automatedSnapshotRetentionPeriod: 35,
    clusterIdentifier: "maximal",
    createTime: "2025-08-15T00:00:00Z",
    databaseName: "sales",
    defaultIamRoleArn: iamRole,
    deletionProtection: false,
    enhancedVpcRouting: true,
    finalSnapshotIdentifier: "last",
    iamRoles: [iamRole],
    key,
    logBucketName: "logs",
    logS3KeyPrefix: "redshift/",
    manualSnapshotRetentionPeriod: 30,
    masterPasswordWo: password,
    masterPasswordWoVersion: 1,
    masterUsername: "keeper",
    multiAz: true,
    nodeType: "ra3.4xlarge",
    numberOfNodes: 4,
    parameters: { enable_case_sensitive_identifier: "true", statement_timeout: "60000" },
    port: 8191,
    maintenanceTrackName: "trailing",
    preferredMaintenanceWindow: "sun:03:00-sun:04:00",
    tags,
    vpcSecurityGroupIds: groups,
  });
  const parameterGroup = new ClusterParameterGroup(stack, "Parameters", {
    clusterParameterGroupName: "standard",
    parameters: { statement_timeout: "60000" },
    tags,
  });
  new EncryptedCluster(stack, "Shared", {
    ...environment,
    clusterIdentifier: "shared",
    key: adopted,
    nodeType: "rg.large",
    parameterGroup,
  });
  new EncryptedCluster(stack, "Restored", {
    ...environment,
    clusterIdentifier: "restored",
    clusterParameterGroupName: "default.redshift-2.0",
    clusterSubnetGroupName: "default",
    key: adopted,
    encryptLogGroups: false,
    logRetentionInDays: 0,
    masterUsername: "keeper",
    nodeType: "rg.xlarge",
    ownerAccount: "444455556666",
    skipFinalSnapshot: true,
    snapshotClusterIdentifier: "old",
    numberOfNodes: 2,
    snapshotIdentifier: "last",
  });
  const restored = new EncryptedCluster(stack, "RestoredByArn", {
    ...environment,
    clusterIdentifier: "restored-by-arn",
    key: adopted,
    masterUsername: "keeper",
    nodeType: "rg.xlarge",
    numberOfNodes: 2,
    snapshotArn: `arn:aws:redshift:${REGION}:${ACCOUNT}:snapshot:old/last`,
  });
  const serverless = new EncryptedServerless(stack, "Serverless", {
    ...network,
    adminUserPasswordWo: password,
    adminUserPasswordWoVersion: 1,
    adminUsername: "keeper",
    baseCapacity: 8,
    configParameters: {
      enable_case_sensitive_identifier: "true",
      max_query_execution_time: "60",
      max_scan_row_count: "60",
    },
    databaseName: "sales",
    defaultIamRoleArn: iamRole,
    deletionProtection: false,
    iamRoles: [iamRole],
    ignoreConfigParameterChanges: false,
    key,
    logExports: ["userlog"],
    logRetentionInDays: 30,
    maxCapacity: 16,
    namespaceName: "maximal",
    port: 8191,
    securityGroupIds: groups,
    tags,
    trackName: "trailing",
    workgroupName: "maximal-workgroup",
  });
  const target = new EncryptedServerless(stack, "Target", {
    key: adopted,
    namespaceName: "target",
    pricePerformanceLevel: 50,
  });
  new SecretRotation(stack, "Rotation", {
    duration: "2h",
    scheduleExpression: "cron(0 3 ? * SUN#1 *)",
    warehouse: target,
  });
  new SecretRotation(stack, "DailyRotation", { automaticallyAfterDays: 1, warehouse: restored });
  const secretArn = `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:reader-AbCdEf`;
  new DataApiAccess(stack, "Identity", { databases: ["dev", "sales"], role: reader, warehouse: cluster });
  const access = new DataApiAccess(stack, "Workgroup", { role: writer, warehouse: serverless });
  new DataApiAccess(stack, "User", { databaseUser: "writer", role: writer, warehouse: cluster });
  new DataApiAccess(stack, "Secret", { role: reader, secretArn, secretKeyArn: KEY_ARN, warehouse: serverless });
  new DataApiAccess(stack, "Existing", {
    ownStatementsOnly: false,
    policyName: "existing",
    role: DataApiRole.fromRoleArn(stack, "ExistingRole", USER_ARN),
    warehouse: serverless,
  });
  new DataApiWarehouse(stack, "Composed", {
    ...environment,
    administrators: [Identity.fromArn(ADMIN_ARN), keeper.identity],
    cluster: { clusterIdentifier: "composed", masterUsername: "keeper", nodeType: "ra3.large" },
    keyProps: { deletionProtection: false, deployers: [root] },
    tags,
    users: [{ databases: ["sales"], role: reader }, { role: writer }],
  });
  new DataApiWarehouse(stack, "Around", { administrators: [keeper.identity], warehouse: serverless }).addUser(
    "Access",
    {
      role: reader,
    },
  );
  new DataApiGrant(stack, "ClusterGrant", { grantee: reader.identity, warehouse: cluster });
  new DataApiGrant(stack, "ServerlessGrant", {
    grantee: writer.identity,
    name: "writer",
    operations: ["Decrypt"],
    retireOnDelete: true,
    retiringPrincipal: keeper.identity,
    warehouse: serverless,
  });
  const destinationProvider = new AwsProvider(stack, "Destination", { alias: "destination", region: "eu-west-1" });
  const destinationKey = new DataApiKeyReplica(stack, "Replica", {
    ...environment,
    administrators: [Identity.fromArn(ADMIN_ARN), keeper.identity],
    alias: "alias/replica",
    deletionProtection: false,
    deletionWindowInDays: 14,
    description: "A replica",
    primaryKey: key,
    provider: destinationProvider,
    region: "eu-west-1",
    tags,
    users: [reader.identity],
    viaServices: ["redshift.eu-west-1.amazonaws.com"],
  });
  new SnapshotCopy(stack, "Copy", {
    cluster,
    destinationKey,
    destinationProvider,
    destinationRegion: "eu-west-1",
    manualSnapshotRetentionPeriod: 30,
    retentionPeriod: 14,
    snapshotCopyGrantName: "copies",
    tags,
  });
  new DataApiProof(stack, "ClusterProof", { warehouse: cluster });
  new DataApiProof(stack, "ServerlessProof", { warehouse: serverless });
  new AuditLogGroups(stack, "LogGroups", {
    key,
    logExports: ["connectionlog", "useractivitylog"],
    logGroupPrefix: "/aws/redshift/cluster/existing",
    retentionInDays: 365,
    skipDestroy: false,
    tags,
  });
  const policy = new DataApiKeyPolicy({
    accountId: ACCOUNT,
    administrators: [Identity.fromArn(ADMIN_ARN)],
    viaServices: DataApiKeyPolicy.viaServicesFor(REGION),
  });
  const context = EncryptionContext.forCluster({ clusterArn: `arn:aws:redshift:${REGION}:${ACCOUNT}:cluster:old` });
  const databaseRoles = new DatabaseRoles({
    database: "sales",
    roles: [
      {
        accesses: [access],
        databaseGrants: [{ database: "dev", privileges: ["CREATE", "TEMP"] }],
        databaseUsers: ["loader"],
        defaultPrivileges: [{ owner: "loader", privileges: ["SELECT"], schema: "orders" }],
        iamRoles: ["Analyst"],
        iamUsers: ["alice"],
        memberRoles: ["auditing"],
        name: "reporting",
        schemaGrants: [{ privileges: ["USAGE"], schema: "orders" }],
        tableGrants: [{ privileges: ["SELECT", "INSERT"], schema: "orders", tables: ["notes"] }],
      },
    ],
  });
  new TerraformOutput(stack, "policy", { value: policy.json });
  new TerraformOutput(stack, "database_roles_sql", { value: databaseRoles.statements });
  new TerraformOutput(stack, "context", { value: context.pairs });
  new TerraformOutput(stack, "adopted", { value: adopted.requiredStatements });
  operations(stack, { cluster, restored, serverless });
}

interface Warehouses {
  /** A multi-AZ cluster, which AWS does not pause. */
  readonly cluster: EncryptedCluster;
  readonly restored: EncryptedCluster;
  readonly serverless: EncryptedServerless;
}

/** The parts of a warehouse that exists. */
function operations(stack: TerraformStack, { cluster, restored, serverless }: Warehouses): void {
  const tags = { team: "data" };
  for (const feature of ["concurrency-scaling", "cross-region-datasharing", "spectrum"] as const) {
    const limit = { amount: 60, breachAction: "disable", feature, period: "daily", tags };
    new UsageLimit(stack, `Limit-${feature}`, { ...limit, warehouse: cluster });
  }
  for (const feature of ["serverless-compute", "cross-region-datasharing"] as const) {
    const limit = { amount: 60, breachAction: "deactivate", feature, period: "weekly" };
    new UsageLimit(stack, `ServerlessLimit-${feature}`, { ...limit, warehouse: serverless });
  }
  new SnapshotSchedule(stack, "Schedule", {
    definitions: ["cron(30 12 *)", "rate(12 hours)"],
    description: "Twice a day",
    identifier: "twice",
    tags,
    warehouse: cluster,
  });
  const action = { schedule: "cron(0 20 ? * MON-FRI *)", warehouse: cluster };
  new ScheduledAction(stack, "Pause", {
    ...action,
    action: "pause",
    actionName: "pause",
    warehouse: restored,
    description: "At night",
    enabled: false,
    endTime: "2027-01-01T00:00:00Z",
    permissionsBoundary: `arn:aws:iam::${ACCOUNT}:policy/Boundary`,
    roleName: "Pause",
    rolePath: "/team/",
    startTime: "2026-12-01T00:00:00Z",
    tags,
  });
  const roleArn = `arn:aws:iam::${ACCOUNT}:role/Scheduler`;
  new ScheduledAction(stack, "Resume", {
    ...action,
    action: "resume",
    actionName: "resume",
    roleArn,
    warehouse: restored,
  });
  const nodes = { classic: true, nodeType: "ra3.xlplus", numberOfNodes: 2 };
  new ScheduledAction(stack, "Resize", { ...action, ...nodes, action: "resize", actionName: "resize" });
  const queries = new ScheduledQueryGroup(stack, "Queries", {
    databases: ["dev", "sales"],
    databaseUser: "loader",
    deadLetterQueueName: "failed-queries",
    groupName: "maximal",
    permissionsBoundary: `arn:aws:iam::${ACCOUNT}:policy/Boundary`,
    roleName: "Queries",
    rolePath: "/team/",
    tags,
    warehouse: cluster,
  });
  const nightly = { group: queries, scheduleExpression: "cron(0 3 * * ? *)" };
  new ScheduledQuery(stack, "Nightly", {
    ...nightly,
    database: "sales",
    description: "Every night",
    enabled: false,
    endDate: "2027-01-01T00:00:00Z",
    maximumEventAgeInSeconds: 3600,
    maximumRetryAttempts: 3,
    maximumWindowInMinutes: 15,
    queryName: "nightly",
    scheduleExpressionTimezone: "Europe/Berlin",
    sql: "REFRESH MATERIALIZED VIEW sales_by_day",
    startDate: "2026-12-01T00:00:00Z",
    statementName: "QS2-nightly",
    withEvent: true,
  });
  new ScheduledQuery(stack, "Batch", { ...nightly, queryName: "batch", sqls: ["DELETE FROM stage", "ANALYZE stage"] });
  const serverlessQueries = new ScheduledQueryGroup(stack, "ServerlessQueries", {
    groupName: "maximal-serverless",
    role: new ScheduledQueryRole(stack, "QueryRole", {
      groupArn: `arn:aws:scheduler:${REGION}:${ACCOUNT}:schedule-group/maximal-serverless`,
      roleName: "ServerlessQueries",
    }),
    secretArn: `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:loader-AbCdEf`,
    secretKeyArn: KEY_ARN,
    warehouse: serverless,
  });
  const hourly = {
    queryName: "hourly",
    scheduleExpression: "rate(1 hour)",
    sql: "REFRESH MATERIALIZED VIEW sales_by_day",
  };
  new ScheduledQuery(stack, "Hourly", { ...hourly, group: serverlessQueries });
  const topic = new AlarmTopic(stack, "Topic", {
    emails: ["keeper@example.com"],
    key: cluster.key,
    tags,
    topicName: "alarms",
  });
  const topicArns = [topic.topicArn];
  const aliases = ["alias/maximal"];
  new KeyUsageAlarms(stack, "KeyUsageAlarms", {
    aliases,
    key: cluster.key,
    ruleNamePrefix: "maximal",
    tags,
    topic,
    warehouse: cluster,
  });
  new WarehouseAlarms(stack, "Alarms", { cpuUtilization: 95, diskSpaceUsed: 70, tags, topicArns, warehouse: cluster });
  const compute = { alarmNamePrefix: "team.maximal", computeCapacity: 16, computeSeconds: 3600 };
  new WarehouseAlarms(stack, "ServerlessAlarms", { ...compute, topicArns, warehouse: serverless });
  const endpoint = { ownerAccount: ACCOUNT, vpcSecurityGroupIds: ["sg-0123456789abcdef0"] };
  const subnetIds = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"];
  new EndpointAccess(stack, "Endpoint", {
    ...endpoint,
    endpointName: "clients",
    subnetIds,
    tags,
    warehouse: cluster,
  });
  new EndpointAccess(stack, "GroupEndpoint", {
    ...endpoint,
    endpointName: "others",
    subnetGroupName: "others",
    warehouse: cluster,
  });
  new EndpointAccess(stack, "ServerlessEndpoint", {
    ...endpoint,
    endpointName: "clients",
    subnetIds,
    warehouse: serverless,
  });
  const integrations = {
    authorizedPrincipals: [Identity.forAccountRoot("444455556666")],
    authorizedSources: [`arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/orders`],
  };
  const integrationPolicy = new IntegrationPolicy(stack, "Integrations", { ...integrations, warehouse: cluster });
  new IntegrationPolicy(stack, "ServerlessIntegrations", { ...integrations, warehouse: serverless });
  new EndpointAuthorization(stack, "EndpointAuthorization", {
    account: "444455556666",
    forceDelete: true,
    vpcIds: ["vpc-0123456789abcdef0"],
    warehouse: cluster,
  });
  const snapshot = { deletionProtection: false, retentionPeriod: 90, snapshotIdentifier: "before-migration" };
  new ManualSnapshot(stack, "Snapshot", { ...snapshot, tags, warehouse: cluster });
  new ManualSnapshot(stack, "ServerlessSnapshot", { ...snapshot, warehouse: serverless });
  const integration = { additionalEncryptionContext: { department: "sales" }, key: cluster.key, tags };
  new ZeroEtlIntegration(stack, "Orders", {
    ...integration,
    description: "The orders",
    integrationName: "orders",
    integrationPolicy,
    sourceArn: integrations.authorizedSources[0]!,
    warehouse: cluster,
  });
  new ZeroEtlIntegration(stack, "Stock", {
    ...integration,
    dataFilter: "include: sales.stock",
    integrationName: "stock",
    sourceArn: `arn:aws:rds:${REGION}:${ACCOUNT}:cluster:stock`,
    warehouse: serverless,
  });
  new ServerlessSnapshotPolicy(stack, "SnapshotPolicy", {
    restorers: [Identity.forAccountRoot("444455556666")],
    snapshotArn: `arn:aws:redshift-serverless:${REGION}:${ACCOUNT}:snapshot/12345678-1234-1234-1234-123456789012`,
  });
  new EventSubscription(stack, "Events", {
    enabled: false,
    severity: "ERROR",
    subscriptionName: "failures",
    tags,
    topicArn: `arn:aws:sns:${REGION}:${ACCOUNT}:events`,
    warehouse: cluster,
  });
  new DataApiEndpoint(stack, "DataApiEndpoint", {
    region: REGION,
    securityGroupIds: ["sg-0123456789abcdef0"],
    subnetIds,
    tags,
    vpcId: "vpc-0123456789abcdef0",
    warehouses: [cluster, serverless],
  });
  new ServerlessCustomDomain(stack, "Domain", {
    certificateArn: `arn:aws:acm:${REGION}:${ACCOUNT}:certificate/12345678-1234-1234-1234-123456789012`,
    domainName: "warehouse.example.com",
    warehouse: serverless,
  });
  for (const warehouse of [cluster, serverless]) {
    new DatashareAuthorization(warehouse, "Authorization", {
      allowWrites: true,
      consumerIdentifier: "444455556666",
      datashareName: "orders",
      warehouse,
    });
    new DatashareAssociation(warehouse, "Association", {
      allowWrites: true,
      dataShareArn: `arn:aws:redshift:${REGION}:444455556666:datashare:12345678-1234-1234-1234-123456789012/orders`,
      warehouse,
    });
  }
}
