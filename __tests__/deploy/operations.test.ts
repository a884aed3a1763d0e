import { ACCOUNT, ADMIN_ARN, REGION } from "../support";
import { Caller, deployLane, EVERYTHING, makeRole } from "./endpoint";
import { expectSuccess, Project, type Warehouse } from "./project";

// As much of what belongs to a warehouse as the endpoint has.
const OPERATIONS = { deletionProtection: false, logRetentionInDays: 30 };
const ENTRY = {
  account: ACCOUNT,
  administrators: [ADMIN_ARN],
  key: { deletionProtection: false },
  region: REGION,
  users: [`arn:aws:iam::${ACCOUNT}:role/OperatedUserRole`],
};

const CLUSTER: Warehouse = {
  ...ENTRY,
  cluster: {
    ...OPERATIONS,
    alarms: { emails: ["keeper@example.com"] },
    nodeType: "ra3.large",
    numberOfNodes: 2,
    skipFinalSnapshot: true,
  },
  name: "operated-cluster",
};
const SERVERLESS: Warehouse = {
  ...ENTRY,
  name: "operated-serverless",
  serverless: { ...OPERATIONS, alarms: { computeCapacity: 64 }, baseCapacity: 8 },
};

deployLane("log groups, alarms and their topic under the key", () => {
  const deployer = new Caller("ExampleAdminRole");
  beforeAll(async () => {
    await makeRole(deployer.name, EVERYTHING);
    await makeRole("OperatedUserRole");
  });

  test.each([CLUSTER, SERVERLESS])("of $name are made in order, and nothing is left to do", async (warehouse) => {
    const project = new Project(warehouse.name as string, deployer.name);
    try {
      project.configure(warehouse);
      expectSuccess(await project.cdktf("deploy"));
      expect(await project.outputs()).toMatchObject({
        alarm_topic_arn: `arn:aws:sns:${REGION}:${ACCOUNT}:${warehouse.name}-alarms`,
      });
      await project.expectNoChanges();
      expectSuccess(await project.cdktf("destroy"));
    } finally {
      project.remove();
    }
  });
});
