import { GetRoleCommand } from "@aws-sdk/client-iam";
import { ListAliasesCommand } from "@aws-sdk/client-kms";
import { ACCOUNT } from "../support/arns";
import { Caller, deployLane, EVERYTHING, makeRole, refusal } from "./endpoint";
import { Project, shipped, type Warehouse, unprotected } from "./project";

const ROOT = `arn:aws:iam::${ACCOUNT}:root`;

deployLane("lockout", () => {
  const deployer = new Caller("DeployRole");
  beforeAll(async () => {
    await makeRole("ExampleAdminRole", EVERYTHING);
    await makeRole(deployer.name, EVERYTHING);
  });

  describe.each(["cluster", "serverless"])("of a %s", (kind) => {
    const name = `lockout-${kind}`;
    const roleName = `LockoutUser-${kind}`;
    const project = new Project(name, deployer.name);
    const warehouse: Warehouse = {
      ...shipped(`analytics-${kind}`),
      name,
      users: [{ roleName, trustedPrincipals: [ROOT] }],
    };
    afterAll(() => {
      project.remove();
    });

    test("the plan of a deployer who is no administrator fails, and nothing is created", async () => {
      project.configure(warehouse);
      const { errors } = await project.apply();
      expect(errors).toHaveLength(1);
      expect(errors[0]!.replace(/\s+/g, " ")).toBe(
        "Resource precondition failed: " +
          `The caller of this plan, arn:aws:sts::${ACCOUNT}:assumed-role/DeployRole/DeployRole, is not an administrator of ` +
          "this key, and KMS refuses a key policy that its caller could not change again. Three ways out: " +
          `(1) add arn:aws:iam::${ACCOUNT}:role/DeployRole to 'administrators', with the role's path before its name, ` +
          "if it has one (a role of IAM Identity Center has /aws-reserved/sso.amazonaws.com/ or " +
          "/aws-reserved/sso.amazonaws.com/REGION/); " +
          `(2) add the account root, ${ROOT}, to 'administrators', so that the IAM policies of the account decide; ` +
          "(3) set 'bypassPolicyLockoutSafetyCheck' to true, if the key is meant to be out of this caller's hands.",
      );
      expect(await refusal(deployer.iam.send(new GetRoleCommand({ RoleName: roleName })))).toBe(
        "NoSuchEntityException",
      );
      const { Aliases = [] } = await deployer.kms.send(new ListAliasesCommand({}));
      expect(Aliases.map(({ AliasName }) => AliasName)).not.toContain(`alias/${name}`);
    });

    test("the plan names a missing administrator if verifyPrincipals is true", async () => {
      const missing = `arn:aws:iam::${ACCOUNT}:role/NoSuchRole`;
      project.configure({ ...warehouse, administrators: [ROOT, missing], verifyPrincipals: true });
      const { errors } = await project.plan();
      expect(errors).toHaveLength(1);
      expect(errors[0]).toContain("NoSuchRole");
    });

    test("a first deployment succeeds with the account root and a created administrator", async () => {
      const keeper = { roleName: `Keeper-${kind}`, trustedPrincipals: [ROOT] };
      const open = unprotected({ ...warehouse, administrators: [keeper, ROOT] });
      project.configure(open);
      await project.deploy();
      await project.expectNoChanges();
      expect((await project.outputs()).administrator_arns).toStrictEqual([
        `arn:aws:iam::${ACCOUNT}:role/Keeper-${kind}`,
        ROOT,
      ]);
      await project.destroy();
    });
  });
});
