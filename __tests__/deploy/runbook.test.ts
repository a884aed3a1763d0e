import { DescribeKeyCommand } from "@aws-sdk/client-kms";
import { ExecuteStatementCommand, GetStatementResultCommand } from "@aws-sdk/client-redshift-data";
import { load } from "js-yaml";
import { blocks, RUNBOOK, SERVERLESS_RUNBOOK } from "../support/readme";
import { ACCOUNT } from "../support/arns";
import { hasAwsCli } from "./aws-cli";
import { Caller, deployLane, EVERYTHING, makeRole, refusal } from "./endpoint";
import { Project, shipped, type Warehouse } from "./project";
import { runBlocks } from "./runbook-shell";

const NAME = "runbook";

/** The blocks about clusters in a language, for a stack of another name. */
function runbook(language: string): string[] {
  const text = RUNBOOK.replace(SERVERLESS_RUNBOOK, "");
  return blocks(language, text).map((block) => block.replaceAll("analytics-cluster", NAME));
}

(hasAwsCli("the runbook of the deploy lane") ? deployLane : describe.skip)("the runbook", () => {
  const admin = new Caller("ExampleAdminRole");
  const user = new Caller("RunbookUserRole");
  const project = new Project(NAME, admin.name);
  const [grants, revoke, rotate, reboot, tearDown] = runbook("sh") as [string, string, string, string, string];
  const [cutOff, handOver, unprotect] = runbook("yaml").map((text) => load(text) as Warehouse) as [
    Warehouse,
    Warehouse,
    Warehouse,
  ];
  const warehouse: Warehouse = {
    ...shipped("analytics-cluster"),
    name: NAME,
    users: [{ roleName: user.name, trustedPrincipals: [`arn:aws:iam::${ACCOUNT}:root`] }],
  };

  beforeAll(async () => {
    await makeRole(admin.name, EVERYTHING);
    await makeRole("NewAdminRole", EVERYTHING);
    project.configure({ ...warehouse, dataApiProof: `arn:aws:iam::${ACCOUNT}:role/${user.name}` });
  });
  afterAll(() => {
    project.remove();
  });

  const run = async (...texts: readonly string[]): Promise<string> => runBlocks(project, ...texts);

  const execute = async (): Promise<string> => {
    const input = { ClusterIdentifier: NAME, Database: "dev", Sql: "select 1" };
    return (await user.data.send(new ExecuteStatementCommand(input))).Id!;
  };

  test("has exactly the blocks that the tests below run", () => {
    expect([runbook("sh").length, runbook("yaml").length]).toStrictEqual([5, 3]);
  });

  test("starts with a deployed cluster", async () => {
    await project.deploy();
  });

  test("lists the grants, and revokes one", async () => {
    const id = await execute();
    const [grant, ...others] = JSON.parse(await run(grants)) as { Constraints: object }[];
    expect(others).toStrictEqual([]);
    expect(grant!.Constraints).toMatchObject({ EncryptionContextSubset: { serviceName: "RedshiftDataAPI" } });
    await run(grants, revoke);
    expect(await refusal(user.data.send(new GetStatementResultCommand({ Id: id })))).toBe("AccessDeniedException");
    await execute();
  });

  test("removes the Data API's access to the key, and restores it", async () => {
    project.configure({ ...warehouse, ...cutOff });
    await project.deploy();
    await run(grants, revoke);
    expect(await refusal(execute())).toBe("AccessDeniedException");
    project.configure(warehouse);
    await project.deploy();
    expect(await execute()).toMatch(/^[\da-f-]{36}$/);
  });

  test("rotates the key on demand", async () => {
    const [printed] = /\{[^]*\}\s*$/.exec(await run(grants, rotate))!;
    expect(printed).toContain('"Rotations"');
  });

  test("reboots for a changed parameter", async () => {
    const { cluster } = warehouse as { cluster: object };
    project.configure({ ...warehouse, cluster: { ...cluster, parameters: { auto_mv: "false" } } });
    await project.deploy();
    expect(await run(reboot)).toMatch(/^pending-reboot\n/);
    expect(await run(reboot)).toMatch(/^in-sync\n/);
  });

  test("changes the administrators to another role", async () => {
    project.configure({ ...warehouse, ...handOver });
    await project.deploy();
    project.caller = "NewAdminRole";
    Object.assign(warehouse, { administrators: (handOver.administrators as string[]).slice(1) });
    project.configure(warehouse);
    await project.deploy();
    expect((await project.outputs()).administrator_arns).toStrictEqual([`arn:aws:iam::${ACCOUNT}:role/NewAdminRole`]);
  });

  test("destroys the stack, and the key is pending deletion", async () => {
    const { key_arn: KeyId } = (await project.outputs()) as { key_arn: string };
    project.configure({ ...warehouse, ...unprotect });
    await run(tearDown);
    const { KeyMetadata } = await new Caller("NewAdminRole").kms.send(new DescribeKeyCommand({ KeyId }));
    expect(KeyMetadata!.KeyState).toBe("PendingDeletion");
  });
});
