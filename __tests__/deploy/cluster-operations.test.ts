import { CreateKeyCommand } from "@aws-sdk/client-kms";
import { DescribeClustersCommand, DescribeEventSubscriptionsCommand } from "@aws-sdk/client-redshift";
import { BatchExecuteStatementCommand } from "@aws-sdk/client-redshift-data";
import { send } from "../emulator/request";
import { ACCOUNT, ADMIN_ARN, REGION } from "../support/arns";
import { ec2 } from "./ec2";
import { Caller, deployLane, EVERYTHING, makeRole, refusal } from "./endpoint";
import { Project, type Warehouse } from "./project";
import { runSchedule } from "./schedules";

const NAME = "operated-cluster";
const QUEUE = "operated-failed-queries";
const OTHER_REGION = "eu-west-1";
const CONSUMER = "444455556666";
const SHARED = `arn:aws:redshift:${REGION}:${CONSUMER}:datashare:0123abcd-0000-4000-8000-0123456789ab/orders`;
const ISSUER = "token.actions.githubusercontent.com";
const WORKFLOW = "repo:octo-org/warehouse:environment:production";
const SOURCE = `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/orders`;
const TOPIC = `arn:aws:sns:${REGION}:${ACCOUNT}:${NAME}-events`;
/** A role that users of each kind of identity provider may assume. */
const FEDERATED = {
  roleName: "OperatedFederatedRole",
  oidcTrusts: [
    {
      audiences: ["sts.amazonaws.com"],
      providerArn: `arn:aws:iam::${ACCOUNT}:oidc-provider/${ISSUER}`,
      subjects: [WORKFLOW],
    },
  ],
  principalTrusts: [{ externalId: "audit-2026", principals: [ADMIN_ARN] }],
  samlTrusts: [
    {
      providerArn: `arn:aws:iam::${ACCOUNT}:saml-provider/Corporate`,
      sessionTags: ["Team"],
      sourceIdentities: ["*"],
    },
  ],
};

deployLane("a cluster with every add-on", () => {
  const deployer = new Caller("ExampleAdminRole");
  const project = new Project(NAME, deployer.name);
  let first: Warehouse;
  let second: Warehouse;

  beforeAll(async () => {
    await makeRole(deployer.name, EVERYTHING);
    await makeRole("OperatedUserRole");
    await send("sns", { form: { Action: "CreateTopic", Name: `${NAME}-events`, Version: "2010-03-31" } }, "root");
    const { kms } = new Caller(deployer.name, { region: OTHER_REGION });
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
    const vpcId = await ec2("CreateVpc", { CidrBlock: "10.30.0.0/16" }, "vpcId");
    const subnetId = await ec2("CreateSubnet", { CidrBlock: "10.30.0.0/24", VpcId: vpcId }, "subnetId");
    const group = { GroupDescription: "Clients", GroupName: "clients", VpcId: vpcId };
    const groupId = await ec2("CreateSecurityGroup", group, "groupId");
    [first, second] = warehouses(KeyMetadata!.Arn!, subnetId, groupId);
    project.configure(first);
  });
  afterAll(() => {
    project.remove();
  });

  test("is deployed, and the next plan is empty", async () => {
    await project.deploy();
    await project.expectNoChanges();
    expect(await project.outputs()).toMatchObject({
      alarm_topic_arn: `arn:aws:sns:${REGION}:${ACCOUNT}:${NAME}-alarms`,
      endpoint_addresses: { operated: expect.stringContaining(`.${REGION}.redshift.amazonaws.com`) as string },
    });
  });

  test("runs its scheduled query as a database user", async () => {
    const { target } = await runSchedule(`${NAME}/nightly`);
    expect(target).toMatchObject({ body: expect.stringContaining('"DbUser": "loader"') as string, status: 200 });
  });

  test("lets the role of its queries send messages to its queue, and to no other", async () => {
    const statusOf = async (queue: string) => {
      const json = { MessageBody: "{}", QueueUrl: `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/${queue}` };
      return (await send("sqs", { json, target: "AmazonSQS.SendMessage" }, `${NAME}-queries`)).status;
    };
    expect([await statusOf(QUEUE), await statusOf("other-queue")]).toStrictEqual([200, 400]);
  });

  test("has a role that only a GitHub Actions token with its subject and audience can assume", async () => {
    const Version = "2010-05-08";
    const audiences = { "ClientIDList.member.1": "sts.amazonaws.com", "ClientIDList.member.2": "another.example.com" };
    const provider = { "ThumbprintList.member.1": "0".repeat(40), Url: `https://${ISSUER}`, ...audiences };
    await send("iam", { form: { Action: "CreateOpenIDConnectProvider", Version, ...provider } }, "root");
    const answerTo = async (claims: object) => {
      const valid = { aud: "sts.amazonaws.com", exp: 4_102_444_800, iss: `https://${ISSUER}`, sub: WORKFLOW };
      const payload = Buffer.from(JSON.stringify({ ...valid, ...claims })).toString("base64url");
      const role = { RoleArn: `arn:aws:iam::${ACCOUNT}:role/${FEDERATED.roleName}`, RoleSessionName: "workflow" };
      const form = { Action: "AssumeRoleWithWebIdentity", Version: "2011-06-15", WebIdentityToken: `e30.${payload}.` };
      const { body } = await send("sts", { form: { ...form, ...role } });
      return /<AccessKeyId>|(?<=<Message>)[^<]*/.exec(body)?.[0];
    };
    const refused = "Not authorized to perform sts:AssumeRoleWithWebIdentity";
    expect(await answerTo({})).toBe("<AccessKeyId>");
    expect(await answerTo({ sub: "repo:octo-org/warehouse:environment:test" })).toBe(refused);
    expect(await answerTo({ aud: "another.example.com" })).toBe(refused);
    expect(await answerTo({ aud: "unregistered.example.com" })).toBe("Incorrect token audience");
    expect(await answerTo({ exp: 1 })).toBe("Token expired");
    expect(await answerTo({ iss: "https://issuer.example.com" })).toBe(
      "No OpenIDConnect provider found in your account for https://issuer.example.com",
    );
  });

  test("is changed in place, and the next plan is empty", async () => {
    const Sqls = ["create datashare sales", `grant usage on datashare sales to account '${CONSUMER}'`];
    await deployer.data.send(new BatchExecuteStatementCommand({ ClusterIdentifier: NAME, Database: "dev", Sqls }));
    project.configure(second);
    const { actions, errors } = await project.apply();
    expect(errors).toStrictEqual([]);
    expect([...new Set(actions)]).toStrictEqual([
      "create aws_redshift_data_share_authorization",
      ...[
        "aws_cloudwatch_event_rule",
        "aws_cloudwatch_log_group",
        "aws_cloudwatch_metric_alarm",
        "aws_iam_role",
        "aws_iam_role_policy",
        "aws_kms_key",
        "aws_redshift_cluster",
        "aws_redshift_cluster_snapshot",
        "aws_redshift_endpoint_access",
        "aws_redshift_endpoint_authorization",
        "aws_redshift_event_subscription",
        "aws_redshift_integration",
        "aws_redshift_parameter_group",
        "aws_redshift_resource_policy",
        "aws_redshift_scheduled_action",
        "aws_redshift_snapshot_copy",
        "aws_redshift_snapshot_copy_grant",
        "aws_redshift_snapshot_schedule",
        "aws_redshift_subnet_group",
        "aws_redshift_usage_limit",
        "aws_scheduler_schedule",
        "aws_scheduler_schedule_group",
        "aws_secretsmanager_secret_rotation",
        "aws_sns_topic",
        "aws_sqs_queue",
      ].map((type) => `update ${type}`),
    ]);
    await project.expectNoChanges();
  });

  test("is destroyed, with its event subscription", async () => {
    const { redshift } = deployer;
    await project.destroy();
    expect((await project.terraform("state", "list")).stdout).toBe("");
    const subscription = new DescribeEventSubscriptionsCommand({ SubscriptionName: `${NAME}-events` });
    expect(await refusal(redshift.send(subscription))).toBe("SubscriptionNotFoundFault");
    const cluster = new DescribeClustersCommand({ ClusterIdentifier: NAME });
    expect(await refusal(redshift.send(cluster))).toBe("ClusterNotFoundFault");
  });
});

/** The warehouse as it is made, and as it is changed. */
function warehouses(destinationKeyArn: string, subnetId: string, groupId: string): [Warehouse, Warehouse] {
  const entry = {
    account: ACCOUNT,
    administrators: [ADMIN_ARN],
    key: { deletionProtection: false },
    name: NAME,
    region: REGION,
    users: [`arn:aws:iam::${ACCOUNT}:role/OperatedUserRole`, FEDERATED],
  };
  const always = {
    keyUsageAlarms: {},
    datashareAssociations: [{ dataShareArn: SHARED }],
    deletionProtection: false,
    logRetentionInDays: 30,
    nodeType: "ra3.large",
    numberOfNodes: 2,
    parameters: { enable_case_sensitive_identifier: "true" },
    skipFinalSnapshot: true,
  };
  const emails = ["keeper@example.com"];
  const endpoint = { endpointName: "operated", subnetIds: [subnetId] };
  const snapshot = { deletionProtection: false, snapshotIdentifier: "operated-before" };
  const integration = { additionalEncryptionContext: { department: "sales" }, sourceArn: SOURCE };
  const snapshotCopy = { destinationKeyArn, destinationRegion: OTHER_REGION };
  const night = { action: "pause", actionName: "operated-night" };
  const morning = { action: "resume", actionName: "operated-morning", schedule: "cron(0 6 ? * MON-FRI *)" };
  const yearly = {
    action: "resize",
    actionName: "operated-yearly",
    classic: true,
    description: "For the annual accounts",
    endTime: "2099-12-31T00:00:00Z",
    numberOfNodes: 4,
    schedule: "at(2099-12-30T17:00:00)",
    startTime: "2099-01-01T00:00:00Z",
  };
  const queries = { deadLetterQueueName: QUEUE };
  const nightly = {
    description: "For the reports",
    endDate: "2099-12-31T00:00:00Z",
    maximumEventAgeInSeconds: 3600,
    maximumRetryAttempts: 2,
    queryName: "nightly",
    scheduleExpression: "cron(0 3 * * ? *)",
    scheduleExpressionTimezone: "Europe/Berlin",
    startDate: "2099-01-01T00:00:00Z",
    withEvent: true,
  };
  return [
    {
      ...entry,
      cluster: {
        ...always,
        alarms: { cpuUtilization: 80, emails },
        endpointAuthorizations: [{ account: CONSUMER, vpcIds: ["vpc-0123456789abcdef0"] }],
        endpoints: [endpoint],
        eventSubscriptions: [{ severity: "ERROR", topicArn: TOPIC }],
        integrations: { authorizedPrincipals: [ADMIN_ARN], authorizedSources: [SOURCE] },
        manualSnapshots: [{ ...snapshot, retentionPeriod: 30 }],
        scheduledActions: [{ ...night, schedule: "cron(0 20 ? * MON-FRI *)" }, morning, yearly],
        scheduledQueries: { ...queries, databaseUser: "loader", queries: [{ ...nightly, sql: "select 1" }] },
        secretRotation: { automaticallyAfterDays: 10 },
        snapshotCopy: { ...snapshotCopy, retentionPeriod: 14 },
        snapshotSchedule: { definitions: ["rate(12 hours)"], description: "Twice a day" },
        usageLimits: [
          { amount: 60, feature: "concurrency-scaling", period: "daily" },
          { amount: 2, breachAction: "disable", feature: "spectrum" },
          { amount: 1, feature: "cross-region-datasharing", period: "weekly" },
        ],
        zeroEtlIntegrations: [{ ...integration, integrationName: "operated" }],
      },
      tags: { team: "data" },
    },
    {
      ...entry,
      cluster: {
        ...always,
        alarms: { cpuUtilization: 90, emails },
        datashareAuthorizations: [{ consumerIdentifier: CONSUMER, datashareName: "sales" }],
        endpointAuthorizations: [{ account: CONSUMER, forceDelete: true, vpcIds: ["vpc-0123456789abcdef1"] }],
        endpoints: [{ ...endpoint, vpcSecurityGroupIds: [groupId] }],
        eventSubscriptions: [{ enabled: false, eventCategories: ["security"], topicArn: TOPIC }],
        integrations: { authorizedSources: [SOURCE] },
        manualSnapshots: [{ ...snapshot, retentionPeriod: 60 }],
        scheduledActions: [
          { ...night, enabled: false, schedule: "cron(30 21 ? * MON-FRI *)" },
          morning,
          { ...yearly, numberOfNodes: 6 },
        ],
        scheduledQueries: {
          ...queries,
          queries: [{ ...nightly, enabled: false, maximumWindowInMinutes: 15, sqls: ["select 1", "select 2"] }],
        },
        secretRotation: { duration: "2h", scheduleExpression: "cron(0 3 ? * SUN#1 *)" },
        snapshotCopy: { ...snapshotCopy, retentionPeriod: 7 },
        snapshotSchedule: { definitions: ["rate(6 hours)", "cron(30 12 *)"], description: "Twice a day" },
        usageLimits: [
          { amount: 90, breachAction: "emit-metric", feature: "concurrency-scaling", period: "daily" },
          { amount: 2, breachAction: "disable", feature: "spectrum" },
          { amount: 1, feature: "cross-region-datasharing", period: "weekly" },
        ],
        zeroEtlIntegrations: [{ ...integration, description: "Orders", integrationName: "operated" }],
      },
      tags: { team: "finance" },
    },
  ];
}
