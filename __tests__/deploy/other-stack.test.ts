import { join } from "node:path";
import { ExecuteStatementCommand } from "@aws-sdk/client-redshift-data";
import { Caller, deployLane, EVERYTHING, makeRole } from "./endpoint";
import { expectSuccess, Project } from "./project";

deployLane("a role and a key of other stacks", () => {
  const deployer = new Caller("ExampleAdminRole");
  const project = new Project("other-stack-cluster", deployer.name, join(__dirname, "other-stack.ts"));
  afterAll(() => {
    project.remove();
  });

  test("are deployed before the warehouses, on which the role runs statements", async () => {
    await makeRole(deployer.name, EVERYTHING);
    expectSuccess(await project.cdktf("deploy", "other-stack-*"));
    const { data } = new Caller("OtherStackReader");
    for (const target of [{ ClusterIdentifier: "other-stack" }, { WorkgroupName: "other-stack" }]) {
      const { Id } = await data.send(new ExecuteStatementCommand({ ...target, Database: "dev", Sql: "select 1" }));
      expect(Id).toMatch(/^[\da-f-]{36}$/);
    }
  });

  test("have an empty plan", async () => {
    await project.expectNoChanges();
  });

  test("are destroyed after the warehouses", async () => {
    expectSuccess(await project.cdktf("destroy", "other-stack-*"));
  });
});
