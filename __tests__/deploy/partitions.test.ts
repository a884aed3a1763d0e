import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DescribeKeyCommand } from "@aws-sdk/client-kms";
import { ExecuteStatementCommand, GetStatementResultCommand } from "@aws-sdk/client-redshift-data";
import { ACCOUNT } from "../support/arns";
import { Caller, deployLane, EVERYTHING, makeRole } from "./endpoint";
import { Project, unprotected } from "./project";

deployLane("a serverless stack in another partition", () => {
  test.each([
    ["aws-cn", "cn-north-1"],
    ["aws-us-gov", "us-gov-west-1"],
  ])("is deployed, used and destroyed in %s, with ARNs of that partition only", async (partition, region) => {
    const name = `partition-${partition}`;
    const administrator = new Caller("ExampleAdminRole", { region });
    const user = new Caller(`User-${partition}`, { region });
    const project = new Project(name, administrator.name);
    await makeRole(administrator.name, EVERYTHING, new Caller("root", { region }));
    try {
      project.configure(
        unprotected({
          account: ACCOUNT,
          administrators: [`arn:${partition}:iam::${ACCOUNT}:role/${administrator.name}`],
          name,
          region,
          serverless: { baseCapacity: 8 },
          users: [{ roleName: user.name, trustedPrincipals: [`arn:${partition}:iam::${ACCOUNT}:root`] }],
        }),
      );
      await project.deploy();
      await project.expectNoChanges();
      const { key_arn: KeyId } = (await project.outputs()) as { key_arn: string };
      const state = readFileSync(join(project.directory, `terraform.${name}.tfstate`), "utf8");
      expect(new Set(state.match(/arn:[\w-]+/g))).toStrictEqual(new Set([`arn:${partition}`]));

      const statement = { Database: "dev", Sql: "select 1", WorkgroupName: name };
      const { Id } = await user.data.send(new ExecuteStatementCommand(statement));
      expect((await user.data.send(new GetStatementResultCommand({ Id }))).Records).toHaveLength(1);

      await project.destroy();
      const { KeyMetadata } = await administrator.kms.send(new DescribeKeyCommand({ KeyId }));
      expect(KeyMetadata!.KeyState).toBe("PendingDeletion");
    } finally {
      project.remove();
    }
  });
});
