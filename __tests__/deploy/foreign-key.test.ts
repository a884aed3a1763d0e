import { join } from "node:path";
import { GetRolePolicyCommand } from "@aws-sdk/client-iam";
import { DescribeKeyCommand, GetKeyPolicyCommand } from "@aws-sdk/client-kms";
import { ExecuteStatementCommand } from "@aws-sdk/client-redshift-data";
import { ACCOUNT, ADMIN_ARN, REGION } from "../support/arns";
import { statementsOf } from "../support/support";
import { Caller, deployLane, EVERYTHING, makeRole } from "./endpoint";
import { reportedGrants, runGrants } from "./grants-run";
import { Project } from "./project";

deployLane("a key of another account", () => {
  const owner = new Caller("444455556666.KeyOwner");
  const deployer = new Caller("ExampleAdminRole");
  const reader = new Caller("ForeignKeyReader");
  const keys = new Project("foreign-key-owner", owner.name, join(__dirname, "foreign-key-owner.ts"));
  const project = new Project("foreign-key", deployer.name);
  let keyArn: string;
  afterAll(() => {
    keys.remove();
    project.remove();
  });

  test("encrypts a warehouse, whose next plan is empty and whose output equals the owner's statements", async () => {
    await makeRole(deployer.name, EVERYTHING);
    await makeRole(reader.name);
    await keys.deploy();
    keyArn = (await keys.outputs()).key_arn as string;
    expect(keyArn).toMatch(new RegExp(`^arn:aws:kms:${REGION}:444455556666:key/`));
    project.configure({
      name: "foreign-key",
      account: ACCOUNT,
      region: REGION,
      deployers: [ADMIN_ARN],
      key: { keyArn },
      serverless: { baseCapacity: 8, deletionProtection: false },
      users: [`arn:aws:iam::${ACCOUNT}:role/${reader.name}`],
    });
    await project.deploy();
    await project.expectNoChanges();
    const { required_key_policy_statements: required } = await project.outputs();
    const { Policy } = await owner.kms.send(new GetKeyPolicyCommand({ KeyId: keyArn, PolicyName: "default" }));
    const added = statementsOf(Policy!).filter(({ Sid }) => (Sid as string).endsWith(ACCOUNT));
    expect(added.map((statement) => ({ ...statement, Sid: (statement.Sid as string).slice(0, -13) }))).toStrictEqual(
      required,
    );
  });

  test("lets its user run statements, and no role without the IAM permissions on the key", async () => {
    const { PolicyDocument } = await deployer.iam.send(
      new GetRolePolicyCommand({ PolicyName: "foreign-key-data-api", RoleName: reader.name }),
    );
    const statements = statementsOf(decodeURIComponent(PolicyDocument!));
    const withoutKey = statements.filter(({ Resource }) => Resource !== keyArn);
    expect(withoutKey).toHaveLength(statements.length - 1);
    await makeRole("ForeignKeyBare", withoutKey);
    const input = { Database: "dev", Sql: "select 1", WorkgroupName: "foreign-key" };
    const execute = async ({ data }: Caller) => data.send(new ExecuteStatementCommand(input));
    await expect(execute(new Caller("ForeignKeyBare"))).rejects.toThrow(
      `kms:DescribeKey on resource: ${keyArn} because no identity-based policy allows the kms:DescribeKey action`,
    );
    expect((await execute(reader)).Id).toMatch(/^[\da-f-]{36}$/);
  });

  test("does not show its policy and grants to npm run grants of another account", async () => {
    const { code, keys } = await reportedGrants(deployer.name, ["foreign-key"], project.directory);
    expect([code, keys[0]!.state, keys[0]!.findings.map(({ message }) => message)]).toStrictEqual([
      1,
      "Enabled",
      [
        "A part of the report is not shown: KMS returns the key policy to the account of the key only.",
        "A part of the report is not shown: kms:ListGrants is denied.",
      ],
    ]);
    const { stderr } = await runGrants(deployer.name, ["--key", keyArn]);
    expect(stderr).toContain(`the credentials must be of account 444455556666, which has ${keyArn}: set AWS_PROFILE,`);
  });

  test("is destroyed with its owner's stack, after the warehouse", async () => {
    const state = async () => (await owner.kms.send(new DescribeKeyCommand({ KeyId: keyArn }))).KeyMetadata!.KeyState;
    await project.destroy();
    expect(await state()).toBe("Enabled");
    await keys.destroy();
    expect(await state()).toBe("PendingDeletion");
  });
});
