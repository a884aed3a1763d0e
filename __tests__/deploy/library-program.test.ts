import { join } from "node:path";
import { ListAliasesCommand, ListGrantsCommand } from "@aws-sdk/client-kms";
import { ACCOUNT } from "../support/arns";
import { Caller, deployLane, EVERYTHING, makeRole } from "./endpoint";
import { testExamples } from "./examples";
import { Project } from "./project";

deployLane("a program that uses the library", () => {
  const deployer = new Caller("ExampleAdminRole");
  const project = new Project("library-program", deployer.name, join(__dirname, "library-program.ts"));
  afterAll(() => {
    project.remove();
  });

  test("is deployed, with a grant to its reader", async () => {
    await makeRole(deployer.name, EVERYTHING);
    await makeRole("LibraryUserRole");
    await project.deploy();
    const { Aliases = [] } = await deployer.kms.send(new ListAliasesCommand({}));
    const { TargetKeyId: KeyId } = Aliases.find(({ AliasName }) => AliasName === "alias/library-program")!;
    const { Grants = [] } = await deployer.kms.send(new ListGrantsCommand({ KeyId }));
    expect(
      Grants.filter(({ GranteePrincipal }) => GranteePrincipal === `arn:aws:iam::${ACCOUNT}:role/LibraryUserRole`),
    ).toMatchObject([{ Name: "reader" }]);
  });

  testExamples({
    admin: deployer,
    user: new Caller("LibraryUserRole"),
    workflowRole: "LibraryWorkflowRole",
    workgroup: "library-program",
  });

  test("has an empty plan, and is destroyed", async () => {
    await project.expectNoChanges();
    await project.destroy();
  });
});
