import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, LocalBackend, TerraformStack, TerraformVariable } from "cdktf";
import {
  AlarmTopic,
  DataApiAccess,
  DataApiEndpoint,
  DataApiGrant,
  DataApiKey,
  DataApiKeyReplica,
  DataApiProof,
  DataApiRole,
  DatashareAssociation,
  DatashareAuthorization,
  EncryptedCluster,
  EncryptedServerless,
  EndpointAccess,
  EventSubscription,
  Identity,
  IntegrationPolicy,
  KeyStatements,
  ScheduledAction,
  SecretRotation,
  ServerlessCustomDomain,
  ServerlessSnapshotPolicy,
  SnapshotCopy,
  SnapshotSchedule,
  UsageLimit,
  WarehouseAlarms,
} from "../../modules";
import { fleetStacks } from "../../stacks/fleet-stacks";
import golden from "../golden/key-policy.json";
import { blocks } from "../readme";
import { ACCOUNT, ADMIN_ARN, fleetOf, KEY_ARN, REGION, statementsOf, USER_ARN } from "../support";
import { CallerEndpoint, type Plan, plan, PROVIDER_VERSION, saySkipped, terraform, unavailable } from "./terraform";

const reason = unavailable();
if (reason) {
  saySkipped("the terraform lane", reason);
}

const SESSION = `arn:aws:sts::${ACCOUNT}:assumed-role/ExampleAdminRole/session`;
const SHIPPED = readFileSync(join(dirname(dirname(__dirname)), "warehouses.yaml"), "utf8");

(reason ? describe.skip : describe)("with the real terraform and the real provider", () => {
  const endpoint = new CallerEndpoint(SESSION);
  let outdir: string;
  beforeAll(async () => {
    await endpoint.listen();
  });
  afterAll(async () => {
    await endpoint.close();
  });
  beforeEach(() => {
    endpoint.callerArn = SESSION;
    outdir = mkdtempSync(join(tmpdir(), "terraform-lane-"));
  });
  afterEach(() => {
    rmSync(outdir, { recursive: true });
  });

  /** Writes the stacks that a callback makes; the directory of each. */
  function write(make: (app: App) => unknown): (stack: string) => string {
    const app = new App({ outdir, stackTraces: false });
    make(app);
    app.synth();
    return (stack) => join(outdir, "stacks", stack);
  }

  function writeConfiguration(text: string): (stack: string) => string {
    const fleet = fleetOf({ "w.yaml": `awsProviderVersion: "${PROVIDER_VERSION}"\n${text}` });
    return write((app) => fleetStacks(app, fleet, "."));
  }

  /** Terraform and the provider take a stack; a plan of it would ask for more than this endpoint knows. */
  async function expectValid(directory: string): Promise<void> {
    for (const args of [["init"], ["validate", "-json"]]) {
      const { code, stderr, stdout } = await terraform(directory, endpoint.env, ...args);
      expect({ code, output: code === 0 ? "" : `${stdout}${stderr}` }).toStrictEqual({ code: 0, output: "" });
    }
  }

  /** A stack on the library alone. */
  function writeStack(make: (stack: TerraformStack) => void): string {
    return write((app) => {
      const stack = new TerraformStack(app, "test");
      new AwsProvider(stack, "Aws", { region: REGION });
      new LocalBackend(stack, { path: "terraform.tfstate" });
      stack.addOverride("terraform.required_providers.aws", { source: "hashicorp/aws", version: PROVIDER_VERSION });
      make(stack);
    })("test");
  }

  const ofType = ({ resource_changes: changes }: Plan, type: string) =>
    changes.filter((change) => change.type === type);
  const policyOf = (planned: Plan) => {
    const [key] = ofType(planned, "aws_kms_key");
    return statementsOf(key!.change.after.policy as string);
  };

  test.each([
    ["analytics-cluster", 8, USER_ARN],
    ["analytics-serverless", 6, `arn:aws:iam::${ACCOUNT}:role/AnalyticsUserRole`],
  ])("%s: everything is created, and the key policy is known in the first plan", async (stack, count, user) => {
    const planned = await plan(writeConfiguration(SHIPPED)(stack), endpoint.env);
    const changes = planned.resource_changes;
    expect(changes.map(({ change }) => change.actions.join())).toStrictEqual(Array<string>(count).fill("create"));
    const [redshift, administrators, users] = policyOf(planned);
    expect(redshift).toMatchObject({ Action: golden.statements[0]!.Action, Sid: golden.statements[0]!.Sid });
    expect(administrators).toStrictEqual(golden.statements[1]);
    expect(users).toStrictEqual({ ...golden.statements[2], Principal: { AWS: user } });
    expect(ofType(planned, "aws_kms_key")[0]!.change.after_unknown).not.toHaveProperty("policy");
    expect(endpoint.otherRequests).toStrictEqual([]);
    if (stack === "analytics-cluster") {
      expect(planned.output_changes.encryption_context!.after).toStrictEqual({
        "aws:redshift:arn": `arn:aws:redshift:${REGION}:${ACCOUNT}:cluster:analytics-cluster`,
        serviceName: "RedshiftDataAPI",
      });
      const { policy } = ofType(planned, "aws_iam_role_policy")[0]!.change.after;
      expect(policy).toContain('"redshift-data:statement-owner-iam-userid":"${aws:userid}"');
    }
  });

  test("the provider takes the role to assume of an account, and the one of a proof after it", async () => {
    const assumeRole = `{roleArn: "${ADMIN_ARN}", externalId: ticket-1, sessionName: deploy}`;
    const text = `accounts: {"${ACCOUNT}": {assumeRole: ${assumeRole}}}\n${SHIPPED.replaceAll(
      "    serverless:",
      `    dataApiProof: arn:aws:iam::${ACCOUNT}:role/AnalyticsUserRole\n    serverless:`,
    )}`;
    await expectValid(writeConfiguration(text)("analytics-serverless"));
  });

  test("replicas and copies in another Region are planned with the rest, by a provider of that Region", async () => {
    const text = SHIPPED.replace(
      "    cluster:\n",
      "    key: {replicaRegions: [eu-west-1]}\n    cluster:\n      snapshotCopy: {destinationRegion: eu-west-1}\n",
    );
    const planned = await plan(writeConfiguration(text)("analytics-cluster"), endpoint.env);
    expect(planned.resource_changes.map(({ change }) => change.actions.join())).toStrictEqual(
      Array<string>(12).fill("create"),
    );
    const [replica] = ofType(planned, "aws_kms_replica_key");
    const [redshift] = statementsOf(replica!.change.after.policy as string);
    expect((redshift!.Condition as { StringEquals: object }).StringEquals).toMatchObject({
      "kms:ViaService": [
        "redshift-serverless.eu-west-1.amazonaws.com",
        "redshift.amazonaws.com",
        "redshift.eu-west-1.amazonaws.com",
      ],
    });
    expect(ofType(planned, "aws_redshift_snapshot_copy")[0]!.change.after).toMatchObject({
      destination_region: "eu-west-1",
      snapshot_copy_grant_name: "analytics-cluster",
    });
    expect(endpoint.otherRequests).toStrictEqual([]);
  });

  test("subnets, security groups and a shared key are looked up", async () => {
    const lookups = (groups: string) =>
      `{${groups}: {names: [data], vpcId: vpc-0123456789abcdef0}, subnetIds: {tags: {tier: data}}`;
    const environment = `account: "${ACCOUNT}", region: ${REGION}`;
    const entry = `${environment}, key: shared, users: ["${USER_ARN}"]`;
    const directory = writeConfiguration(`
keys: [{name: shared, administrators: ["${ADMIN_ARN}"], ${environment}}]
warehouses:
  - {name: sales, ${entry}, cluster: ${lookups("vpcSecurityGroupIds")}, nodeType: ra3.large}}
  - {name: reports, ${entry}, serverless: ${lookups("securityGroupIds")}}}
`);
    await Promise.all(["sales", "reports"].map((stack) => expectValid(directory(stack))));
  });

  test("the README's example of what belongs to a warehouse", async () => {
    const text = blocks("yaml").find((block) => block.includes("scheduledActions:"))!;
    const planned = await plan(writeConfiguration(text)("orders"), endpoint.env);
    expect(planned.resource_changes.every(({ change }) => change.actions.join() === "create")).toBe(true);
    expect(policyOf(planned).map(({ Sid }) => Sid as string)).toStrictEqual([
      ...golden.statements.map(({ Sid }) => Sid),
      "AllowAuditLogGroups",
      "AllowAlarms",
    ]);
    expect(ofType(planned, "aws_redshift_scheduled_action").map(({ change }) => change.after.name)).toStrictEqual([
      "orders-morning",
      "orders-night",
    ]);
    expect(endpoint.otherRequests).toStrictEqual([]);
  });

  test("a stack with all that the library has", async () => {
    const directory = writeStack(maximal);
    const planned = await plan(directory, { ...endpoint.env, TF_VAR_password: "Write-0nly-secret" });
    expect([...new Set(planned.resource_changes.map(({ type }) => type))].sort()).toStrictEqual([
      "aws_cloudwatch_log_group",
      "aws_cloudwatch_metric_alarm",
      "aws_iam_role",
      "aws_iam_role_policy",
      "aws_kms_alias",
      "aws_kms_grant",
      "aws_kms_key",
      "aws_kms_replica_key",
      "aws_redshift_cluster",
      "aws_redshift_data_share_authorization",
      "aws_redshift_data_share_consumer_association",
      "aws_redshift_endpoint_access",
      "aws_redshift_event_subscription",
      "aws_redshift_logging",
      "aws_redshift_parameter_group",
      "aws_redshift_resource_policy",
      "aws_redshift_scheduled_action",
      "aws_redshift_snapshot_copy",
      "aws_redshift_snapshot_copy_grant",
      "aws_redshift_snapshot_schedule",
      "aws_redshift_snapshot_schedule_association",
      "aws_redshift_subnet_group",
      "aws_redshift_usage_limit",
      "aws_redshiftdata_statement",
      "aws_redshiftserverless_custom_domain_association",
      "aws_redshiftserverless_endpoint_access",
      "aws_redshiftserverless_namespace",
      "aws_redshiftserverless_resource_policy",
      "aws_redshiftserverless_usage_limit",
      "aws_redshiftserverless_workgroup",
      "aws_secretsmanager_secret_rotation",
      "aws_sns_topic",
      "aws_sns_topic_subscription",
      "aws_vpc_endpoint",
      "terraform_data",
    ]);
    expect(JSON.stringify(planned.resource_changes)).not.toContain("Write-0nly-secret");
    expect(endpoint.otherRequests).toStrictEqual([]);
  });

  test("account, Region and partition by data sources: the key policy is known all the same", async () => {
    const directory = writeStack((stack) => {
      const role = new DataApiRole(stack, "Role", { roleName: "Reader", trustedServices: ["lambda.amazonaws.com"] });
      const administrators = [Identity.fromArn(ADMIN_ARN)];
      new DataApiKey(stack, "Key", { administrators, alias: "alias/test", users: [role.identity] });
    });
    const statements = policyOf(await plan(directory, endpoint.env));
    const { StringEquals } = statements[0]!.Condition as { StringEquals: Record<string, string[]> };
    expect(StringEquals["kms:CallerAccount"]).toBe(ACCOUNT);
    expect([...StringEquals["kms:ViaService"]!].sort()).toStrictEqual([
      `redshift-serverless.${REGION}.amazonaws.com`,
      "redshift.amazonaws.com",
      `redshift.${REGION}.amazonaws.com`,
    ]);
    expect(statements[2]!.Principal).toStrictEqual({ AWS: `arn:aws:iam::${ACCOUNT}:role/Reader` });
  });

  describe("lockout", () => {
    const withAdministrators = (...arns: string[]) =>
      writeStack((stack) => {
        const administrators = arns.map((arn) => Identity.fromArn(arn));
        const key = { accountId: ACCOUNT, alias: "alias/test", region: REGION };
        new DataApiKey(stack, "Key", { ...key, administrators });
      });
    const planOnly = async (directory: string) => {
      await terraform(directory, endpoint.env, "init", "-no-color", "-input=false");
      return terraform(directory, endpoint.env, "plan", "-no-color", "-input=false");
    };

    test.each([
      ["a session of the role", ADMIN_ARN, SESSION],
      ["a session of a role with a path", `arn:aws:iam::${ACCOUNT}:role/team/ExampleAdminRole`, SESSION],
      ["a user", `arn:aws:iam::${ACCOUNT}:user/team/me`, `arn:aws:iam::${ACCOUNT}:user/team/me`],
      ["anybody of the account, where its root is named", `arn:aws:iam::${ACCOUNT}:root`, `${SESSION}-2`],
    ])("%s passes", async (_, administrator, caller) => {
      endpoint.callerArn = caller;
      const { code, stdout } = await planOnly(withAdministrators(administrator));
      expect(code).toBe(0);
      expect(stdout).toContain("Plan: 2 to add, 0 to change, 0 to destroy.");
    });

    test.each([
      ["another role", `arn:aws:sts::${ACCOUNT}:assumed-role/Other/session`, `arn:aws:iam::${ACCOUNT}:role/Other`],
      ["a role whose name only begins the same", SESSION.replace("Role/", "Role2/"), `${ADMIN_ARN}2`],
      ["a user", `arn:aws:iam::${ACCOUNT}:user/me`, `arn:aws:iam::${ACCOUNT}:user/me`],
      [
        "the role of another account",
        SESSION.replace(ACCOUNT, "444455556666"),
        ADMIN_ARN.replace(ACCOUNT, "444455556666"),
      ],
    ])("%s fails in the plan, and is told what to do", async (_, caller, remedy) => {
      endpoint.callerArn = caller;
      const { code, stderr } = await planOnly(withAdministrators(ADMIN_ARN));
      expect(code).toBe(1);
      const message = stderr.replace(/[\s│]+/g, " ");
      expect(message).toContain(`The caller of this plan, ${caller}, is not an administrator of this key`);
      expect(message).toContain(`(1) add ${remedy} to 'administrators'`);
    });
  });
});

function maximal(stack: TerraformStack): void {
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
  const adopted = DataApiKey.fromKeyArn(stack, "Adopted", { keyArn: KEY_ARN, users: [reader.identity] });
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
    parameters: { statement_timeout: "60000" },
    port: 8191,
    preferredMaintenanceWindow: "sun:03:00-sun:04:00",
    tags,
    vpcSecurityGroupIds: groups,
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
  const serverless = new EncryptedServerless(stack, "Serverless", {
    ...network,
    adminUserPasswordWo: password,
    adminUserPasswordWoVersion: 1,
    adminUsername: "keeper",
    baseCapacity: 8,
    configParameters: { max_query_cpu_time: "60", max_query_execution_time: "60" },
    databaseName: "sales",
    defaultIamRoleArn: iamRole,
    deletionProtection: false,
    iamRoles: [iamRole],
    ignoreConfigParameterChanges: true,
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
  const secretArn = `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:reader-AbCdEf`;
  new DataApiAccess(stack, "Identity", { databases: ["dev", "sales"], role: reader, warehouse: cluster });
  new DataApiAccess(stack, "User", { databaseUser: "writer", role: writer, warehouse: cluster });
  new DataApiAccess(stack, "Secret", { role: reader, secretArn, secretKeyArn: KEY_ARN, warehouse: serverless });
  new DataApiAccess(stack, "Existing", {
    ownStatementsOnly: false,
    policyName: "existing",
    role: DataApiRole.fromRoleArn(stack, "ExistingRole", USER_ARN),
    warehouse: serverless,
  });
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
  operations(stack, cluster, serverless);
}

/** What belongs to a warehouse that is there. */
function operations(stack: TerraformStack, cluster: EncryptedCluster, serverless: EncryptedServerless): void {
  const tags = { team: "data" };
  for (const feature of ["concurrency-scaling", "cross-region-datasharing", "spectrum"]) {
    const limit = { amount: 60, breachAction: "disable", feature, period: "daily", tags };
    new UsageLimit(stack, `Limit-${feature}`, { ...limit, warehouse: cluster });
  }
  for (const feature of ["serverless-compute", "cross-region-datasharing"]) {
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
  new ScheduledAction(stack, "Resume", { ...action, action: "resume", actionName: "resume", roleArn });
  const nodes = { classic: true, nodeType: "ra3.xlplus", numberOfNodes: 2 };
  new ScheduledAction(stack, "Resize", { ...action, ...nodes, action: "resize", actionName: "resize" });
  const { topicArn } = new AlarmTopic(stack, "Topic", {
    emails: ["keeper@example.com"],
    key: cluster.key,
    tags,
    topicName: "alarms",
  });
  const topicArns = [topicArn];
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
  new IntegrationPolicy(stack, "Integrations", { ...integrations, warehouse: cluster });
  new IntegrationPolicy(stack, "ServerlessIntegrations", { ...integrations, warehouse: serverless });
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
