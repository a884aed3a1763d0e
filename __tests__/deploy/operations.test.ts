import { ACCOUNT, ADMIN_ARN, REGION } from "../support/arns";
import { Caller, deployLane, EVERYTHING, makeRole } from "./endpoint";
import { Project } from "./project";

const NAME = "operated-serverless";

deployLane("log groups, alarms and their topic under the key", () => {
  const deployer = new Caller("ExampleAdminRole");
  const project = new Project(NAME, deployer.name);
  afterAll(() => {
    project.remove();
  });

  test("of a serverless warehouse are deployed, and the next plan is empty", async () => {
    await makeRole(deployer.name, EVERYTHING);
    await makeRole("OperatedUserRole");
    project.configure({
      account: ACCOUNT,
      administrators: [ADMIN_ARN],
      key: { deletionProtection: false },
      name: NAME,
      region: REGION,
      serverless: {
        alarms: { computeCapacity: 64 },
        baseCapacity: 8,
        deletionProtection: false,
        logRetentionInDays: 30,
      },
      users: [`arn:aws:iam::${ACCOUNT}:role/OperatedUserRole`],
    });
    await project.deploy();
    expect(await project.outputs()).toMatchObject({
      alarm_topic_arn: `arn:aws:sns:${REGION}:${ACCOUNT}:${NAME}-alarms`,
    });
    await project.expectNoChanges();
    await project.destroy();
  });
});
