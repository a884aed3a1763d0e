import {
  DeleteAliasCommand,
  DescribeKeyCommand,
  EncryptCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  ListAliasesCommand,
} from "@aws-sdk/client-kms";
import { ACCOUNT, ADMIN_ARN, REGION } from "../support/arns";
import { blocks, REPLICA_RUNBOOK } from "../support/readme";
import { hasAwsCli } from "./aws-cli";
import { Caller, deployLane, EVERYTHING, KEY_USE, makeRole, refusal } from "./endpoint";
import { reportedGrants } from "./grants-run";
import { expectSuccess, Project, type Warehouse } from "./project";
import { runBlocks } from "./runbook-shell";

const OTHER_REGION = "eu-west-1";
const OFF = { deletionProtection: false };

const byRunbook = hasAwsCli("the runbook of a replica") ? test : test.skip;

deployLane("a key with a replica", () => {
  const name = "replicated";
  const deployer = new Caller("ExampleAdminRole");
  const there = new Caller(deployer.name, { region: OTHER_REGION });
  const project = new Project(name, deployer.name);
  const trustedPrincipals = [`arn:aws:iam::${ACCOUNT}:root`];
  const [first, second] = ["ReplicaReader", "ReplicaWriter"].map((roleName) => ({ roleName, trustedPrincipals }));
  const warehouse: Warehouse = {
    account: ACCOUNT,
    administrators: [ADMIN_ARN],
    key: { ...OFF, deletionWindowInDays: 9, replicaRegions: [OTHER_REGION], rotationPeriodInDays: 180 },
    name,
    region: REGION,
    serverless: { ...OFF, baseCapacity: 8 },
    users: [first],
  };
  let KeyId: string;
  let replica: string;

  const encrypt = async (roleName: string) => {
    const { kms } = new Caller(roleName, { region: OTHER_REGION });
    return kms.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from("select 1") }));
  };

  beforeAll(async () => {
    await makeRole(deployer.name, EVERYTHING);
    await makeRole("ReplicaStranger", KEY_USE);
  });
  afterAll(() => {
    project.remove();
  });

  test("is deployed to both Regions, and the next plan is empty", async () => {
    project.configure(warehouse);
    await project.deploy();
    await project.expectNoChanges();
    const outputs = await project.outputs();
    KeyId = outputs.key_id as string;
    const replicaArn = (outputs.key_arn as string).replace(REGION, OTHER_REGION);
    expect(outputs.replica_key_arns).toStrictEqual({ [OTHER_REGION]: replicaArn });
    const { KeyMetadata } = await there.kms.send(new DescribeKeyCommand({ KeyId: `alias/${name}` }));
    expect(KeyMetadata).toMatchObject({ Arn: replicaArn, KeyState: "Enabled", MultiRegion: true });
    const rotation = await there.kms.send(new GetKeyRotationStatusCommand({ KeyId }));
    expect(rotation).toMatchObject({ KeyRotationEnabled: true, RotationPeriodInDays: 180 });
  });

  test("gets a policy with the services of its Region, and lets only its users encrypt there", async () => {
    const policies = await Promise.all(
      [deployer, there].map(async ({ kms }) => (await kms.send(new GetKeyPolicyCommand({ KeyId }))).Policy!),
    );
    expect(policies[0]).toContain(`"redshift-serverless.${REGION}.amazonaws.com"`);
    expect(JSON.parse(policies[1]!)).toStrictEqual(JSON.parse(policies[0]!.replaceAll(REGION, OTHER_REGION)));
    expect((await encrypt("ReplicaReader")).KeyId).toContain(`:${OTHER_REGION}:`);
    expect(await refusal(encrypt("ReplicaStranger"))).toBe("AccessDeniedException");
  });

  test("is listed by npm run grants in both Regions, or in the given one", async () => {
    const keysOf = async (...more: readonly string[]) => {
      const { code, keys } = await reportedGrants(deployer.name, [name, ...more], project.directory);
      return { code, keys: keys.map(({ findings, region, warehouses }) => [region, warehouses.length, findings]) };
    };
    const there = [OTHER_REGION, 0, []];
    expect(await keysOf()).toStrictEqual({ code: 0, keys: [there, [REGION, 1, []]] });
    expect(await keysOf("--region", OTHER_REGION)).toStrictEqual({ code: 0, keys: [there] });
  });

  test("is not replaced if Terraform taints it while it is protected", async () => {
    const { stdout } = await project.terraform("state", "list");
    replica = stdout.split("\n").find((address) => address.startsWith(`aws_kms_replica_key.Replica-${OTHER_REGION}`))!;
    project.configure({ ...warehouse, key: { ...(warehouse.key as object), deletionProtection: true } });
    await project.synth();
    expectSuccess(await project.terraform("taint", replica));
    const { errors } = await project.plan();
    expect(errors.join()).toContain(`Instance cannot be destroyed: Resource ${replica}`);
    expectSuccess(await project.terraform("untaint", replica));
  });

  byRunbook("is kept by the commands of the runbook, which create its missing alias", async () => {
    const AliasName = `alias/${name}`;
    expectSuccess(await project.terraform("taint", replica));
    await there.kms.send(new DeleteAliasCommand({ AliasName }));
    const [keep] = blocks("sh", REPLICA_RUNBOOK) as [string];
    expect(await runBlocks(project, keep.replaceAll("ledger", name))).toMatch(/^Enabled\n/);
    const { KeyMetadata } = await there.kms.send(new DescribeKeyCommand({ KeyId: AliasName }));
    expect(KeyMetadata).toMatchObject({ KeyId, KeyState: "Enabled" });
    await project.expectNoChanges();
  });

  test("gets a new user in both Regions without a replacement", async () => {
    await makeRole("ReplicaWriter");
    expect(await refusal(encrypt("ReplicaWriter"))).toBe("AccessDeniedException");
    const writer = `arn:aws:iam::${ACCOUNT}:role/${second!.roleName}`;
    project.configure({ ...warehouse, users: [first, writer] });
    expect(await project.apply()).toStrictEqual({
      actions: ["create aws_iam_role_policy", "update aws_kms_key", "update aws_kms_replica_key"],
      errors: [],
    });
    await project.expectNoChanges();
    expect((await encrypt("ReplicaWriter")).KeyId).toContain(`:${OTHER_REGION}:`);
  });

  test("is destroyed in both Regions, the primary key after its replica", async () => {
    await project.destroy();
    expect((await project.terraform("state", "list")).stdout).toBe("");
    const stateOf = async ({ kms }: Caller) => (await kms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata!;
    const primary = await stateOf(deployer);
    expect(primary).toMatchObject({ KeyState: "PendingReplicaDeletion", PendingDeletionWindowInDays: 9 });
    const replica = await stateOf(there);
    expect(replica.KeyState).toBe("PendingDeletion");
    expect(Math.round((replica.DeletionDate!.getTime() - Date.now()) / 86_400_000)).toBe(9);
    const { Aliases = [] } = await there.kms.send(new ListAliasesCommand({ KeyId }));
    expect(Aliases).toStrictEqual([]);
  });
});
