import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, LocalBackend, TerraformStack } from "cdktf";
import { fleetStacks } from "../../app/stacks/fleet-stacks";
import { DataApiKey, DataApiRole, Identity } from "../../modules";
import { maximal } from "../consumer/maximal";
import golden from "../golden/key-policy.json";
import { ROOT } from "../support/paths";
import { ADOPTION, blocks, CONFIGURATION } from "../support/readme";
import { ACCOUNT, ADMIN_ARN, REGION, USER_ARN } from "../support/arns";
import { fleetOf, statementsOf } from "../support/support";
import { TESTED_VERSIONS } from "../../app/config/provider-version";
import { ProviderProcess } from "./provider";
import { CallerEndpoint, type Plan, plan, terraform, terraformLane } from "./terraform";

const SESSION = `arn:aws:sts::${ACCOUNT}:assumed-role/ExampleAdminRole/session`;
const SHIPPED = readFileSync(join(ROOT, "warehouses.yaml"), "utf8");

terraformLane("with the real terraform and AWS provider", () => {
  const endpoint = new CallerEndpoint(SESSION);
  let provider: ProviderProcess;
  let outdir: string;
  beforeAll(async () => {
    await endpoint.listen();
    provider = await ProviderProcess.start(endpoint.env);
  });
  afterAll(async () => {
    await provider.stop();
    await endpoint.close();
  });
  beforeEach(() => {
    endpoint.callerArn = SESSION;
    outdir = mkdtempSync(join(tmpdir(), "terraform-lane-"));
  });
  afterEach(() => {
    rmSync(outdir, { recursive: true });
  });

  const env = () => ({ ...endpoint.env, ...provider.env });

  /** Writes the stacks that a callback makes; the directory of each. */
  function write(make: (app: App) => unknown): (stack: string) => string {
    const app = new App({ outdir, stackTraces: false });
    make(app);
    app.synth();
    return (stack) => join(outdir, "stacks", stack);
  }

  function writeConfiguration(text: string): (stack: string) => string {
    const fleet = fleetOf({ "w.yaml": `awsProviderVersion: "${TESTED_VERSIONS}"\n${text}` });
    return write((app) => fleetStacks(app, fleet, "."));
  }

  const planStack = async (stackDirectory: string) => plan(stackDirectory, env());

  /** Terraform and the provider take a stack; a plan of it would ask for more than this endpoint has. */
  async function expectValid(directory: string): Promise<void> {
    for (const args of [["init"], ["validate", "-json"]]) {
      const { code, stderr, stdout } = await terraform(directory, env(), ...args);
      expect({ code, output: code === 0 ? "" : `${stdout}${stderr}` }).toStrictEqual({ code: 0, output: "" });
    }
  }

  /** A stack on the library alone. */
  function writeStack(make: (stack: TerraformStack) => void): string {
    return write((app) => {
      const stack = new TerraformStack(app, "test");
      new AwsProvider(stack, "Aws", { region: REGION });
      new LocalBackend(stack, { path: "terraform.tfstate" });
      stack.addOverride("terraform.required_providers.aws", { source: "hashicorp/aws", version: TESTED_VERSIONS });
      make(stack);
    })("test");
  }

  const resourcesOfType = ({ resource_changes: changes }: Plan, type: string) =>
    changes.filter((change) => change.type === type);
  const policyOf = (planned: Plan) => {
    const [key] = resourcesOfType(planned, "aws_kms_key");
    return statementsOf(key!.change.after.policy as string);
  };

  test.each([
    ["analytics-cluster", 8, USER_ARN],
    ["analytics-serverless", 6, `arn:aws:iam::${ACCOUNT}:role/AnalyticsUserRole`],
  ])("the first plan of %s only creates, and has the key policy as a known value", async (stack, count, user) => {
    const planned = await planStack(writeConfiguration(SHIPPED)(stack));
    const changes = planned.resource_changes;
    expect(changes.map(({ change }) => change.actions.join())).toStrictEqual(Array<string>(count).fill("create"));
    const [redshift, administrators, users] = policyOf(planned);
    expect(redshift).toMatchObject({ Action: golden.statements[0]!.Action, Sid: golden.statements[0]!.Sid });
    const second = ADMIN_ARN.replace("ExampleAdmin", "ExampleBreakGlass");
    expect(administrators).toStrictEqual({ ...golden.statements[1], Principal: { AWS: [ADMIN_ARN, second] } });
    expect(users).toStrictEqual({ ...golden.statements[2], Principal: { AWS: user } });
    expect(resourcesOfType(planned, "aws_kms_key")[0]!.change.after_unknown).not.toHaveProperty("policy");
    expect(endpoint.otherRequests).toStrictEqual([]);
    if (stack === "analytics-cluster") {
      expect(planned.output_changes.encryption_context!.after).toStrictEqual({
        "aws:redshift:arn": `arn:aws:redshift:${REGION}:${ACCOUNT}:cluster:analytics-cluster`,
        serviceName: "RedshiftDataAPI",
      });
      const { policy } = resourcesOfType(planned, "aws_iam_role_policy")[0]!.change.after;
      expect(policy).toContain('"redshift-data:statement-owner-iam-userid":"${aws:userid}"');
    }
  });

  test("a stack with assumeRole and dataApiProof is valid", async () => {
    const assumeRole = `{roleArn: "${ADMIN_ARN}", externalId: ticket-1, sessionName: deploy}`;
    const text = `accounts: {"${ACCOUNT}": {assumeRole: ${assumeRole}}}\n${SHIPPED.replaceAll(
      "    serverless:",
      `    dataApiProof: arn:aws:iam::${ACCOUNT}:role/AnalyticsUserRole\n    serverless:`,
    )}`;
    await expectValid(writeConfiguration(text)("analytics-serverless"));
  });

  test("stacks of existing warehouses are valid", async () => {
    const directoryOf = writeConfiguration(blocks("yaml", ADOPTION)[0]!);
    await expectValid(directoryOf("sales-access"));
    await expectValid(directoryOf("orders-access"));
  });

  test("the first plan of a replica and a snapshot copy creates both in the other Region", async () => {
    const text = SHIPPED.replace(
      "    cluster:\n",
      "    key: {replicaRegions: [eu-west-1]}\n    cluster:\n      snapshotCopy: {destinationRegion: eu-west-1}\n",
    );
    const planned = await planStack(writeConfiguration(text)("analytics-cluster"));
    expect(planned.resource_changes.map(({ change }) => change.actions.join())).toStrictEqual(
      Array<string>(12).fill("create"),
    );
    const [replica] = resourcesOfType(planned, "aws_kms_replica_key");
    const [redshift] = statementsOf(replica!.change.after.policy as string);
    expect((redshift!.Condition as { StringEquals: object }).StringEquals).toMatchObject({
      "kms:ViaService": [
        "redshift-serverless.eu-west-1.amazonaws.com",
        "redshift.amazonaws.com",
        "redshift.eu-west-1.amazonaws.com",
      ],
    });
    expect(resourcesOfType(planned, "aws_redshift_snapshot_copy")[0]!.change.after).toMatchObject({
      destination_region: "eu-west-1",
      snapshot_copy_grant_name: "analytics-cluster",
    });
    expect(endpoint.otherRequests).toStrictEqual([]);
  });

  test("stacks that look up subnets, security groups and a shared key are valid", async () => {
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

  test("a stack of a Data API endpoint is valid with a looked-up network, and planned with a given one", async () => {
    const text = blocks("yaml", CONFIGURATION).find((block) => block.includes("dataApiEndpoints:"))!;
    await expectValid(writeConfiguration(text)("analytics-vpc"));
    const given = text
      .replace(/securityGroupIds: .*/, "securityGroupIds: [sg-0123456789abcdef0]")
      .replace(/subnetIds: .*/, "subnetIds: [subnet-0123456789abcdef0]");
    const planned = await planStack(writeConfiguration(given)("analytics-vpc"));
    expect(planned.resource_changes.map(({ change }) => change.after)).toMatchObject([
      {
        private_dns_enabled: true,
        service_name: `com.amazonaws.${REGION}.redshift-data`,
        vpc_endpoint_type: "Interface",
      },
    ]);
    expect(endpoint.otherRequests).toStrictEqual([]);
  });

  test("the first plan of the documented warehouse with add-ons only creates", async () => {
    const text = blocks("yaml", CONFIGURATION).find((block) => block.includes("scheduledActions:"))!;
    const planned = await planStack(writeConfiguration(text)("orders"));
    expect(planned.resource_changes.every(({ change }) => change.actions.join() === "create")).toBe(true);
    expect(policyOf(planned).map(({ Sid }) => Sid as string)).toStrictEqual([
      ...golden.statements.map(({ Sid }) => Sid),
      "AllowAuditLogGroups",
      "AllowAlarms",
      "AllowEventRules",
    ]);
    expect(
      resourcesOfType(planned, "aws_redshift_scheduled_action").map(({ change }) => change.after.name),
    ).toStrictEqual(["orders-morning", "orders-night"]);
    expect(endpoint.otherRequests).toStrictEqual([]);
  });

  test("the maximal stack of the library can be planned", async () => {
    const directory = writeStack(maximal);
    const planned = await plan(directory, { ...env(), TF_VAR_password: "Write-0nly-secret" });
    expect([...new Set(planned.resource_changes.map(({ type }) => type))].sort()).toStrictEqual([
      "aws_cloudwatch_event_rule",
      "aws_cloudwatch_event_target",
      "aws_cloudwatch_log_group",
      "aws_cloudwatch_metric_alarm",
      "aws_iam_role",
      "aws_iam_role_policy",
      "aws_kms_alias",
      "aws_kms_grant",
      "aws_kms_key",
      "aws_kms_replica_key",
      "aws_rds_integration",
      "aws_redshift_cluster",
      "aws_redshift_cluster_snapshot",
      "aws_redshift_data_share_authorization",
      "aws_redshift_data_share_consumer_association",
      "aws_redshift_endpoint_access",
      "aws_redshift_endpoint_authorization",
      "aws_redshift_event_subscription",
      "aws_redshift_integration",
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
      "aws_redshiftserverless_custom_domain_association",
      "aws_redshiftserverless_endpoint_access",
      "aws_redshiftserverless_namespace",
      "aws_redshiftserverless_resource_policy",
      "aws_redshiftserverless_snapshot",
      "aws_redshiftserverless_usage_limit",
      "aws_redshiftserverless_workgroup",
      "aws_scheduler_schedule",
      "aws_scheduler_schedule_group",
      "aws_secretsmanager_secret_rotation",
      "aws_sns_topic",
      "aws_sns_topic_policy",
      "aws_sns_topic_subscription",
      "aws_sqs_queue",
      "aws_vpc_endpoint",
      "terraform_data",
    ]);
    expect(JSON.stringify(planned.resource_changes)).not.toContain("Write-0nly-secret");
    expect(endpoint.otherRequests).toStrictEqual([]);
  });

  test("the key policy is a known value at plan if account, Region and partition are data sources", async () => {
    const directory = writeStack((stack) => {
      const role = new DataApiRole(stack, "Role", { roleName: "Reader", trustedServices: ["lambda.amazonaws.com"] });
      const administrators = [Identity.fromArn(ADMIN_ARN)];
      new DataApiKey(stack, "Key", { administrators, alias: "alias/test", users: [role.identity] });
    });
    const statements = policyOf(await planStack(directory));
    const { StringEquals } = statements[0]!.Condition as { StringEquals: Record<string, string[]> };
    expect(StringEquals["kms:CallerAccount"]).toBe(ACCOUNT);
    expect([...StringEquals["kms:ViaService"]!].sort()).toStrictEqual([
      `redshift-serverless.${REGION}.amazonaws.com`,
      "redshift.amazonaws.com",
      `redshift.${REGION}.amazonaws.com`,
    ]);
    expect(statements[2]!.Principal).toStrictEqual({ AWS: `arn:aws:iam::${ACCOUNT}:role/Reader` });
  });

  describe("the lockout precondition", () => {
    const withAdministrators = (...arns: string[]) =>
      writeStack((stack) => {
        const administrators = arns.map((arn) => Identity.fromArn(arn));
        const key = { accountId: ACCOUNT, alias: "alias/test", region: REGION };
        new DataApiKey(stack, "Key", { ...key, administrators });
      });
    const planOnly = async (directory: string) => {
      await terraform(directory, env(), "init", "-no-color", "-input=false");
      return terraform(directory, env(), "plan", "-no-color", "-input=false");
    };

    test.each([
      ["a session of the role", ADMIN_ARN, SESSION],
      ["a session of a role with a path", `arn:aws:iam::${ACCOUNT}:role/team/ExampleAdminRole`, SESSION],
      ["a user", `arn:aws:iam::${ACCOUNT}:user/team/me`, `arn:aws:iam::${ACCOUNT}:user/team/me`],
      [
        "any role of the account if the account root is an administrator",
        `arn:aws:iam::${ACCOUNT}:root`,
        `${SESSION}-2`,
      ],
    ])("accepts %s", async (_, administrator, caller) => {
      endpoint.callerArn = caller;
      const { code, stdout } = await planOnly(withAdministrators(administrator));
      expect(code).toBe(0);
      expect(stdout).toContain("Plan: 2 to add, 0 to change, 0 to destroy.");
    });

    test.each([
      ["another role", `arn:aws:sts::${ACCOUNT}:assumed-role/Other/session`, `arn:aws:iam::${ACCOUNT}:role/Other`],
      [
        "a role whose name only starts with the administrator's name",
        SESSION.replace("Role/", "Role2/"),
        `${ADMIN_ARN}2`,
      ],
      ["a user", `arn:aws:iam::${ACCOUNT}:user/me`, `arn:aws:iam::${ACCOUNT}:user/me`],
      [
        "the role of another account",
        SESSION.replace(ACCOUNT, "444455556666"),
        ADMIN_ARN.replace(ACCOUNT, "444455556666"),
      ],
    ])("fails the plan of %s, with the remedy", async (_, caller, remedy) => {
      endpoint.callerArn = caller;
      const { code, stderr } = await planOnly(withAdministrators(ADMIN_ARN));
      expect(code).toBe(1);
      const message = stderr.replace(/[\s│]+/g, " ");
      expect(message).toContain(`The caller of this plan, ${caller}, is not an administrator of this key`);
      expect(message).toContain(`(1) add ${remedy} to 'administrators'`);
    });
  });
});
