import { ListRolePoliciesCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { GetKeyPolicyCommand } from "@aws-sdk/client-kms";
import { ACCOUNT } from "../support/arns";
import { statementsOf } from "../support/support";
import { Caller, deployLane, EVERYTHING, makeRole, refusal } from "./endpoint";
import { Project, shipped, unprotected } from "./project";

const ROLE = "AWSReservedSSO_Lane.Analyst_0123456789abcdef";
const ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/aws-reserved/sso.amazonaws.com/eu-west-1/${ROLE}`;

deployLane("a permission set", () => {
  const deployer = new Caller("ExampleAdminRole");
  const identityCenter = new Caller("sso.amazonaws.com");
  const project = new Project("sso", deployer.name);
  const warehouse = unprotected({
    ...shipped("analytics-cluster"),
    name: "sso",
    users: [{ permissionSet: "Lane.Analyst" }],
  });
  beforeAll(async () => {
    await makeRole(deployer.name, EVERYTHING);
    project.configure(warehouse);
  });
  afterAll(() => {
    project.remove();
  });

  test("without a role fails the apply with an error that names it", async () => {
    // Its name differs from the role's by more than the 16 digits.
    await makeRole(
      "AWSReservedSSO_LaneXAnalyst_0123456789abcdef",
      [],
      identityCenter,
      "/aws-reserved/sso.amazonaws.com/",
    );
    const { errors } = await project.apply();
    expect(errors.map((error) => error.replace(/\s+/g, " "))).toStrictEqual([
      "Resource postcondition failed: The permission set Lane.Analyst must have exactly one role in this account, got: 0. " +
        "Assign the permission set to the account, or correct its name.",
    ]);
  });

  test("has a role that refuses PutRolePolicy", async () => {
    await makeRole(ROLE, [], identityCenter, "/aws-reserved/sso.amazonaws.com/eu-west-1/");
    const policy = { PolicyDocument: JSON.stringify({ Statement: EVERYTHING }), PolicyName: "any", RoleName: ROLE };
    expect(await refusal(deployer.iam.send(new PutRolePolicyCommand(policy)))).toBe("UnmodifiableEntityException");
  });

  test("is in the key policy, and the output user_policies has its permissions", async () => {
    await project.deploy();
    const { key_id: KeyId, user_policies: policies, warehouse_arn: arn } = await project.outputs();
    const { Policy } = await deployer.kms.send(
      new GetKeyPolicyCommand({ KeyId: KeyId as string, PolicyName: "default" }),
    );
    expect(statementsOf(Policy!)[2]!.Principal).toStrictEqual({ AWS: ROLE_ARN });
    const [run] = statementsOf((policies as Record<string, string>)[ROLE_ARN]!);
    expect(run).toMatchObject({ Resource: arn });
    const { PolicyNames } = await deployer.iam.send(new ListRolePoliciesCommand({ RoleName: ROLE }));
    expect(PolicyNames).toStrictEqual([]);
    await project.expectNoChanges();
  });

  test("keeps its role when the stack is destroyed", async () => {
    await project.destroy();
    await deployer.iam.send(new ListRolePoliciesCommand({ RoleName: ROLE }));
  });
});
