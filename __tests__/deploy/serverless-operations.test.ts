import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CreateKeyCommand, ListGrantsCommand } from "@aws-sdk/client-kms";
import { ExecuteStatementCommand } from "@aws-sdk/client-redshift-data";
import {
  CreateSnapshotCommand,
  GetNamespaceCommand,
  GetWorkgroupCommand,
  type Workgroup,
} from "@aws-sdk/client-redshift-serverless";
import { load } from "js-yaml";
import { send } from "../emulator/request";
import { createWarehouse } from "../emulator/serverless";
import { blocks, SERVERLESS_RUNBOOK } from "../support/readme";
import { ACCOUNT, ADMIN_ARN, REGION } from "../support/arns";
import { hasAwsCli } from "./aws-cli";
import { Caller, deployLane, EVERYTHING, makeRole, refusal } from "./endpoint";
import { expectSuccess, Project, type Warehouse } from "./project";
import { runSchedule } from "./schedules";

/** A namespace and a workgroup that lists its configuration parameters. */
const UNSETTLED = join(__dirname, "unsettled-serverless.json");
const WORKGROUP = "Serverless_Workgroup_89047727";
const UPDATE = "update aws_redshiftserverless_workgroup";

const hasAws = hasAwsCli("the serverless runbook of the deploy lane");

/** A stack in Terraform's JSON syntax, as far as a test reads it. */
interface Stack {
  readonly resource: Record<
    "aws_redshiftserverless_namespace" | "aws_redshiftserverless_workgroup",
    Record<string, Record<string, unknown>>
  >;
}

/** A serverless stack that was deployed with a list of its configuration parameters, and that the app continues. */
class Deployment {
  public readonly admin = new Caller("ExampleAdminRole");
  public readonly project: Project;

  public constructor(public readonly name: string) {
    this.project = new Project(name, this.admin.name);
  }

  /** Deploys the namespace and the workgroup of `UNSETTLED`, but for some arguments of the workgroup. */
  public async deployUnsettled(...leftOut: readonly string[]): Promise<void> {
    await makeRole(this.admin.name, EVERYTHING);
    this.configure({});
    await this.project.synth();
    const unsettled = JSON.parse(
      readFileSync(UNSETTLED, "utf8")
        .replaceAll("analytics-serverless", this.name)
        .replaceAll('"prevent_destroy": true', '"prevent_destroy": false'),
    ) as Stack;
    const { aws_redshiftserverless_namespace, aws_redshiftserverless_workgroup } = unsettled.resource;
    leftOut.forEach((argument) => delete aws_redshiftserverless_workgroup[WORKGROUP]![argument]);
    const file = join(this.project.stackDirectory, "cdk.tf.json");
    const stack = JSON.parse(readFileSync(file, "utf8")) as Stack;
    const resource = { ...stack.resource, aws_redshiftserverless_namespace, aws_redshiftserverless_workgroup };
    writeFileSync(file, JSON.stringify({ ...stack, resource }));
    expectSuccess(await this.project.terraform("init", "-input=false"));
    expectSuccess(await this.project.terraform("apply", "-auto-approve", "-input=false"));
  }

  /** Applies the stack as it was synthesized last. */
  public async applyAgain(): Promise<string> {
    return (await this.project.terraform("apply", "-json", "-auto-approve", "-input=false")).stdout;
  }

  public configure(serverless: object, more: object = {}): void {
    const warehouse: Warehouse = {
      account: ACCOUNT,
      administrators: [ADMIN_ARN],
      key: { deletionProtection: false },
      name: this.name,
      region: REGION,
      serverless: { ...serverless, deletionProtection: false },
      users: [{ roleName: this.role, trustedPrincipals: [`arn:aws:iam::${ACCOUNT}:root`] }],
      ...more,
    };
    this.project.configure(warehouse);
  }

  /** Deploys settings, after which nothing is left to do. Returns its changes, as action and type of each resource. */
  public async settle(serverless: object): Promise<readonly string[]> {
    this.configure(serverless);
    const { actions, errors } = await this.project.apply();
    expect(errors).toStrictEqual([]);
    await this.project.expectNoChanges();
    return actions;
  }

  /** Runs a block of the runbook. */
  public async run(block: string): Promise<void> {
    const script = block.replaceAll("analytics-serverless", this.name);
    expectSuccess(await this.project.run(this.project.directory, "bash", "-euo", "pipefail", "-c", script));
  }

  public async workgroup(): Promise<Workgroup> {
    const { workgroup } = await this.admin.serverless.send(new GetWorkgroupCommand({ workgroupName: this.name }));
    return workgroup!;
  }

  public async parameter(key: string): Promise<string | undefined> {
    const { configParameters = [] } = await this.workgroup();
    return configParameters.find(({ parameterKey }) => parameterKey === key)?.parameterValue;
  }

  private get role(): string {
    return `User-${this.name}`;
  }
}

const [setLargeStrings, switchToBase, changeKey] = blocks("sh", SERVERLESS_RUNBOOK) as [string, string, string];
const [changeParameter] = blocks("yaml", SERVERLESS_RUNBOOK).map((text) => load(text)) as [{ serverless: object }];
const { ignoreConfigParameterChanges, ...changed } = changeParameter.serverless as Record<string, unknown>;

deployLane("a serverless warehouse with a base capacity", () => {
  const deployment = new Deployment("settled-base");
  const { project } = deployment;
  afterAll(() => {
    project.remove();
  });

  test("has an update in each plan if it lists the configuration parameters", async () => {
    await deployment.deployUnsettled();
    const events = await deployment.applyAgain();
    expect(events).toContain('"action":"update"');
    expect(events).toContain("You didn't specify any changes to the configuration parameters.");
  });

  test("has an empty plan with the stack of the app, also after a change", async () => {
    deployment.configure({ baseCapacity: 8, maxCapacity: 64 });
    await project.expectNoChanges();
    expect(await deployment.settle({ baseCapacity: 16, maxCapacity: 64 })).toStrictEqual([UPDATE]);
    expect(await deployment.workgroup()).toMatchObject({ baseCapacity: 16, maxCapacity: 64 });
  });

  test("gets a new configuration parameter by the commands of the runbook", async () => {
    expect(ignoreConfigParameterChanges).toBe(false);
    deployment.configure({ baseCapacity: 16, maxCapacity: 64, ...changeParameter.serverless });
    expect(await project.apply()).toStrictEqual({ actions: [UPDATE], errors: [] });
    deployment.configure({ baseCapacity: 16, maxCapacity: 64, ...changed });
    await project.expectNoChanges();
    expect(await deployment.parameter("max_query_execution_time")).toBe("3600");
  });

  test("can switch to a price-performance target", async () => {
    expect(await deployment.settle({ maxCapacity: 64, pricePerformanceLevel: 25, ...changed })).toStrictEqual([UPDATE]);
    expect((await deployment.workgroup()).pricePerformanceTarget).toStrictEqual({ level: 25, status: "ENABLED" });
    await project.destroy();
  });
});

deployLane("a serverless warehouse without a base capacity", () => {
  const deployment = new Deployment("settled-target");
  const { project } = deployment;
  const byRunbook = hasAws ? test : test.skip;
  afterAll(() => {
    project.remove();
  });

  test("has an empty plan with the stack of the app, also after a change", async () => {
    await deployment.deployUnsettled("base_capacity", "max_capacity");
    deployment.configure({});
    await project.expectNoChanges();
    expect(await deployment.settle({ pricePerformanceLevel: 75 })).toStrictEqual([UPDATE]);
    expect((await deployment.workgroup()).pricePerformanceTarget).toStrictEqual({ level: 75, status: "ENABLED" });
  });

  byRunbook("switches to a base capacity by the steps of the runbook, which AWS provider 5.100 cannot", async () => {
    deployment.configure({ baseCapacity: 16 });
    const { errors } = await project.apply();
    expect(errors.join()).toContain("Base capacity cannot be updated when PerformanceTarget is Enabled.");
    await deployment.run(switchToBase);
    await project.expectNoChanges();
    expect((await deployment.workgroup()).baseCapacity).toBe(16);
  });

  byRunbook("has a parameter that the provider refuses, by the steps of the runbook", async () => {
    await deployment.run(setLargeStrings);
    await project.expectNoChanges();
    expect(await deployment.parameter("enable_large_strings_opt_in")).toBe("Yes");
  });

  byRunbook("gets another key by the steps of the runbook, which AWS provider 5.100 cannot change", async () => {
    const { KeyMetadata } = await deployment.admin.kms.send(new CreateKeyCommand({}));
    const keyArn = KeyMetadata!.Arn!;
    await deployment.run(changeKey.replace(/arn:aws:kms:\S+/, keyArn));
    deployment.configure({ baseCapacity: 16 }, { administrators: undefined, key: { keyArn } });
    const { actions, errors } = await project.apply();
    expect(errors).toStrictEqual([]);
    expect(actions.filter((action) => action.includes("redshiftserverless"))).toStrictEqual([]);
    const { namespace } = await deployment.admin.serverless.send(
      new GetNamespaceCommand({ namespaceName: deployment.name }),
    );
    expect(namespace).toMatchObject({ adminPasswordSecretKmsKeyId: keyArn, kmsKeyId: keyArn });
    await project.destroy();
  });
});

deployLane("a serverless warehouse with every add-on", () => {
  const deployment = new Deployment("full-serverless");
  const { admin, project } = deployment;
  const [RESTORERS, CREATOR] = ["arn:aws:iam::444455556666:root", `arn:aws:iam::${ACCOUNT}:role/Integrator`];
  const sourceOf = (name: string): string => `arn:aws:rds:${REGION}:${ACCOUNT}:cluster:${name}`;
  const GROUP = "full-serverless-group";
  const role = new Caller(`${GROUP}-queries`);
  let subnetIds: string[];
  let groups: string[];
  let certificates: string[];

  beforeAll(async () => {
    await makeRole(admin.name, EVERYTHING);
    subnetIds = await ec2Ids("subnetId", "DescribeSubnets", {
      "Filter.1.Name": "default-for-az",
      "Filter.1.Value.1": "true",
    });
    groups = await ec2Ids("groupId", "DescribeSecurityGroups", {
      "Filter.1.Name": "group-name",
      "Filter.1.Value.1": "default",
    });
    certificates = [await certificate(), await certificate()];
  });
  afterAll(() => {
    project.remove();
  });

  /** The IDs that an operation of EC2 returns. */
  async function ec2Ids(member: string, Action: string, filters: Record<string, string>): Promise<string[]> {
    const { body } = await send("ec2", { form: { Action, Version: "2016-11-15", ...filters } });
    return [...body.matchAll(new RegExp(`<${member}>([^<]+)`, "g"))].map(([, id]) => id!);
  }

  /** The ARN of a new certificate. One of a private authority is issued at once. */
  async function certificate(): Promise<string> {
    const json = {
      CertificateAuthorityArn: `arn:aws:acm-pca:${REGION}:${ACCOUNT}:certificate-authority/example`,
      DomainName: "warehouse.example.com",
    };
    const { body } = await send("acm", { json, target: "CertificateManager.RequestCertificate" });
    return (JSON.parse(body) as { CertificateArn: string }).CertificateArn;
  }

  const query = (queryName: string): object => ({ queryName, scheduleExpression: "rate(1 day)", sql: "select 1" });

  const settings = (index: 0 | 1): object => ({
    alarms: { computeCapacity: [64, 128][index], emails: ["keeper@example.com"] },
    baseCapacity: [8, 16][index],
    configParameters: { enable_case_sensitive_identifier: "true" },
    customDomain: { certificateArn: certificates[index], domainName: "warehouse.example.com" },
    endpoints: [{ endpointName: "reports", subnetIds: subnetIds.slice(0, 2), vpcSecurityGroupIds: groups.slice(0, 1) }],
    integrations: {
      authorizedPrincipals: [CREATOR],
      authorizedSources: ["orders", "stock"].slice(0, index + 1).map(sourceOf),
    },
    logRetentionInDays: [30, 60][index],
    scheduledQueries: { groupName: GROUP, queries: [query("nightly"), query("hourly")] },
    manualSnapshots: [
      { deletionProtection: false, retentionPeriod: [30, 60][index], snapshotIdentifier: "before-migration" },
    ],
    usageLimits: [
      {
        amount: [100, 200][index],
        breachAction: ["emit-metric", "deactivate"][index],
        feature: "serverless-compute",
        period: "daily",
      },
      { amount: [5, 10][index], feature: "cross-region-datasharing" },
    ],
    zeroEtlIntegrations: [
      {
        dataFilter: "include: sales.orders",
        integrationName: "orders",
        sourceArn: sourceOf("orders"),
      },
    ],
  });

  test("is deployed, and the next plan is empty", async () => {
    deployment.configure(settings(0));
    await project.deploy();
    await project.expectNoChanges();
    expect(await deployment.workgroup()).toMatchObject({ customDomainName: "warehouse.example.com" });
  });

  test("runs its scheduled query, which creates the grant of the Data API on the key", async () => {
    const KeyId = (await project.outputs()).key_id as string;
    const grants = async () => {
      const { Grants = [] } = await admin.kms.send(new ListGrantsCommand({ KeyId }));
      // The integration has a grant, too.
      return Grants.filter(({ GranteePrincipal }) => GranteePrincipal !== "redshift.amazonaws.com");
    };
    const { namespace } = await admin.serverless.send(new GetNamespaceCommand({ namespaceName: deployment.name }));
    expect(await grants()).toStrictEqual([]);
    expect((await runSchedule(`${GROUP}/nightly`)).target).toMatchObject({ status: 200 });
    expect(await grants()).toMatchObject([
      { Constraints: { EncryptionContextSubset: { "aws:redshift-serverless:arn": namespace!.namespaceArn } } },
    ]);
  });

  test("refuses its scheduled query for another group, or for another warehouse", async () => {
    expect((await runSchedule(`${GROUP}/nightly`, "other")).error).toContain("must allow AWS EventBridge Scheduler");
    await createWarehouse("other-serverless");
    const statement = { Database: "dev", Sql: "select 1", WorkgroupName: "other-serverless" };
    expect(await refusal(role.data.send(new ExecuteStatementCommand(statement)))).toBe("AccessDeniedException");
  });

  test("is changed in place, and the next plan is empty", async () => {
    const input = { namespaceName: deployment.name, snapshotName: "shared" };
    const { snapshot } = await admin.serverless.send(new CreateSnapshotCommand(input));
    const snapshotPolicies = [{ restorers: [RESTORERS], snapshotArn: snapshot!.snapshotArn }];
    expect(await deployment.settle({ ...settings(1), snapshotPolicies })).toStrictEqual([
      "create aws_redshiftserverless_resource_policy",
      "update aws_cloudwatch_log_group",
      "update aws_cloudwatch_log_group",
      "update aws_cloudwatch_log_group",
      "update aws_cloudwatch_metric_alarm",
      "update aws_redshift_resource_policy",
      "update aws_redshiftserverless_custom_domain_association",
      "update aws_redshiftserverless_snapshot",
      "update aws_redshiftserverless_usage_limit",
      "update aws_redshiftserverless_usage_limit",
      UPDATE,
    ]);
  });

  test("is destroyed", async () => {
    await project.destroy();
    expect((await project.terraform("state", "list")).stdout).toBe("");
  });
});
