import { CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { DescribeClustersCommand, DescribeEventSubscriptionsCommand } from "@aws-sdk/client-redshift";
import { BatchExecuteStatementCommand } from "@aws-sdk/client-redshift-data";
import { send } from "../emulator/request";
import { ACCOUNT, ADMIN_ARN, REGION } from "../support";
import { Caller, deployLane, EVERYTHING, makeRole, refusal } from "./endpoint";
import { expectSuccess, Project, type Warehouse } from "./project";

const NAME = "operated-cluster";
const OTHER_REGION = "eu-west-1";
const CONSUMER = "444455556666";
const SHARED = `arn:aws:redshift:${REGION}:${CONSUMER}:datashare:0123abcd-0000-4000-8000-0123456789ab/orders`;
const SOURCE = `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/orders`;

deployLane("a cluster with everything that belongs to one", () => {
  const deployer = new Caller("ExampleAdminRole");
  const project = new Project(NAME, deployer.name);
  let warehouse: Warehouse;

  beforeAll(async () => {
    await makeRole(deployer.name, EVERYTHING);
    await makeRole("OperatedUserRole");
    warehouse = await everything();
    project.configure(warehouse);
  });
  afterAll(() => {
    project.remove();
  });

  async function everything(): Promise<Warehouse> {
    const kms = new KMSClient({
      credentials: deployer.kms.config.credentials,
      endpoint: process.env.AWS_ENDPOINT_URL,
      region: OTHER_REGION,
    });
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
    const topicArn = await create("sns", { Action: "CreateTopic", Name: `${NAME}-events`, Version: "2010-03-31" }, "TopicArn");
    const subnets = { Action: "DescribeSubnets", Version: "2016-11-15" };
    return {
      account: ACCOUNT,
      administrators: [ADMIN_ARN],
      cluster: {
        alarms: { cpuUtilization: 80, emails: ["keeper@example.com"] },
        databaseName: "dev",
        datashareAssociations: [{ dataShareArn: SHARED }],
        deletionProtection: false,
        endpoints: [{ endpointName: "operated", subnetIds: [await create("ec2", subnets, "subnetId")] }],
        eventSubscriptions: [{ severity: "ERROR", topicArn }],
        integrations: { authorizedPrincipals: [ADMIN_ARN], authorizedSources: [SOURCE] },
        logRetentionInDays: 30,
        nodeType: "ra3.large",
        numberOfNodes: 2,
        scheduledActions: [
          { action: "pause", actionName: "operated-night", schedule: "cron(0 20 ? * MON-FRI *)" },
          { action: "resume", actionName: "operated-morning", enabled: false, schedule: "cron(0 6 ? * MON-FRI *)" },
          {
            action: "resize",
            actionName: "operated-yearly",
            classic: true,
            description: "For the annual accounts",
            endTime: "2099-12-31T00:00:00Z",
            numberOfNodes: 4,
            schedule: "at(2099-12-30T17:00:00)",
            startTime: "2099-01-01T00:00:00Z",
          },
        ],
        secretRotation: { automaticallyAfterDays: 10 },
        skipFinalSnapshot: true,
        snapshotCopy: { destinationKeyArn: KeyMetadata!.Arn, destinationRegion: OTHER_REGION, retentionPeriod: 14 },
        snapshotSchedule: { definitions: ["rate(12 hours)"], description: "Twice a day" },
        usageLimits: [
          { amount: 60, feature: "concurrency-scaling", period: "daily" },
          { amount: 2, breachAction: "disable", feature: "spectrum" },
          { amount: 1, feature: "cross-region-datasharing", period: "weekly" },
        ],
      },
      key: { deletionProtection: false },
      name: NAME,
      region: REGION,
      tags: { team: "data" },
      users: [`arn:aws:iam::${ACCOUNT}:role/OperatedUserRole`],
    };
  }

  /** An element of the answer to a request of a service that the lane has no client of. */
  async function create(service: string, form: Record<string, string>, element: string): Promise<string> {
    const { body } = await send(service, { form }, deployer.name);
    return new RegExp(`<${element}>(.+?)</${element}>`).exec(body)![1]!;
  }

  test("is deployed, and there is nothing left to do", async () => {
    expectSuccess(await project.cdktf("deploy"));
    await project.expectNoChanges();
    const { endpoint_addresses: addresses } = await project.outputs();
    expect(addresses).toStrictEqual({ operated: expect.stringContaining(".redshift.amazonaws.com") as string });
  });

  test("is changed in place, and there is nothing left to do", async () => {
    const share = `create datashare sales`;
    const grant = `grant usage on datashare sales to account '${CONSUMER}'`;
    const statements = { ClusterIdentifier: NAME, Database: "dev", Sqls: [share, grant] };
    await deployer.data.send(new BatchExecuteStatementCommand(statements));
    const { cluster } = warehouse as { cluster: Record<string, never> };
    const [daily, ...others] = cluster.usageLimits as unknown as object[];
    const [endpoint] = cluster.endpoints as unknown as object[];
    const [subscription] = cluster.eventSubscriptions as unknown as object[];
    const [night, ...actions] = cluster.scheduledActions as unknown as object[];
    const groups = { Action: "DescribeSecurityGroups", Version: "2016-11-15" };
    project.configure({
      ...warehouse,
      cluster: {
        ...cluster,
        alarms: { cpuUtilization: 90, emails: ["keeper@example.com"] },
        datashareAuthorizations: [{ consumerIdentifier: CONSUMER, datashareName: "sales" }],
        endpoints: [{ ...endpoint, vpcSecurityGroupIds: [await create("ec2", groups, "groupId")] }],
        eventSubscriptions: [{ ...subscription, enabled: false, eventCategories: ["security"] }],
        integrations: { authorizedSources: [SOURCE] },
        scheduledActions: [{ ...night, schedule: "cron(30 21 ? * MON-FRI *)" }, ...actions],
        secretRotation: { duration: "2h", scheduleExpression: "cron(0 3 ? * SUN#1 *)" },
        snapshotCopy: { ...(cluster.snapshotCopy as object), retentionPeriod: 7 },
        snapshotSchedule: { ...(cluster.snapshotSchedule as object), definitions: ["rate(6 hours)", "cron(30 12 *)"] },
        usageLimits: [{ ...daily, amount: 90, breachAction: "emit-metric" }, ...others],
      },
    });
    expect(await project.apply()).toStrictEqual({ actions: [], errors: [] });
    await project.expectNoChanges();
  });

  test("leaves nothing behind", async () => {
    expectSuccess(await project.cdktf("destroy"));
    expect((await project.terraform("state", "list")).stdout).toBe("");
    const { redshift } = deployer;
    const subscription = new DescribeEventSubscriptionsCommand({ SubscriptionName: `${NAME}-events` });
    expect(await refusal(redshift.send(subscription))).toBe("SubscriptionNotFoundFault");
    const cluster = new DescribeClustersCommand({ ClusterIdentifier: NAME });
    expect(await refusal(redshift.send(cluster))).toBe("ClusterNotFoundFault");
  });
});
