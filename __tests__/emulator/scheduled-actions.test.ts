import { deployLane } from "../deploy/endpoint";
import { ACCOUNT } from "../support/arns";
import { call, createCluster, text } from "./call";

deployLane("in the emulator, a scheduled action", () => {
  const SCHEDULER = "scheduler.redshift.amazonaws.com";
  const ROLE = `arn:aws:iam::${ACCOUNT}:role/paths/SchedulerRole`;
  const createRole = async (name: string, service: string, Condition?: object) => {
    const statement = { Action: "sts:AssumeRole", Condition, Effect: "Allow", Principal: { Service: service } };
    const document = JSON.stringify({ Statement: [statement], Version: "2012-10-17" });
    await call("iam", "CreateRole", { AssumeRolePolicyDocument: document, Path: "/paths/", RoleName: name });
  };
  const create = async (
    name: string,
    more = {},
    target = { "TargetAction.PauseCluster.ClusterIdentifier": "acted-on" },
  ) =>
    call("redshift", "CreateScheduledAction", {
      IamRole: ROLE,
      Schedule: "cron(0 20 ? * MON-FRI *)",
      ScheduledActionName: name,
      ...target,
      ...more,
    });
  beforeAll(async () => {
    await createCluster("acted-on");
    await createRole("SchedulerRole", SCHEDULER);
    await createRole("LambdaRole", "lambda.amazonaws.com");
    await createRole("BoundRole", SCHEDULER, { StringEquals: { "aws:SourceAccount": ACCOUNT } });
  });

  test.each([
    ["does not exist", "NoRole"],
    ["has another path", "SchedulerRole"],
    ["trusts another service", "paths/LambdaRole"],
    ["trusts the scheduler under a condition that AWS does not document", "paths/BoundRole"],
  ])("refuses a role that %s", async (_, role) => {
    const refused = await create("action-of-no-role", { IamRole: `arn:aws:iam::${ACCOUNT}:role/${role}` });
    expect(refused).toBe("InvalidParameterValue");
  });

  test.each(["rate(1 day)", "cron(0,30 20 ? * MON *)", "cron(*/5 * ? * MON *)", "at(tomorrow)"])(
    "refuses the schedule %s",
    async (schedule) => {
      expect(await create("action-of-no-time", { Schedule: schedule })).toBe("InvalidSchedule");
      await create("action-to-modify");
      const change = { Schedule: schedule, ScheduledActionName: "action-to-modify" };
      expect(await call("redshift", "ModifyScheduledAction", change)).toBe("InvalidSchedule");
    },
  );

  test("refuses two target actions", async () => {
    const second = { "TargetAction.ResumeCluster.ClusterIdentifier": "acted-on" };
    expect(await create("action-of-two", second)).toBe("InvalidScheduledAction");
  });

  test("refuses a cluster that does not exist", async () => {
    const target = { "TargetAction.PauseCluster.ClusterIdentifier": "no-cluster" };
    expect(await create("action-of-no-cluster", {}, target)).toBe("ClusterNotFound");
  });

  test("refuses a name that exists", async () => {
    await create("action-twice");
    expect(await create("action-twice")).toBe("ScheduledActionAlreadyExists");
  });

  test("that does not exist causes ScheduledActionNotFound", async () => {
    const name = { ScheduledActionName: "no-action" };
    for (const operation of ["ModifyScheduledAction", "DeleteScheduledAction", "DescribeScheduledActions"]) {
      expect(await call("redshift", operation, name)).toBe("ScheduledActionNotFound");
    }
  });

  test("can be disabled and enabled", async () => {
    expect(text(await create("action-to-enable", { Enable: "false" }), "State")).toBe("DISABLED");
    const change = { Enable: "true", ScheduledActionName: "action-to-enable" };
    expect(text(await call("redshift", "ModifyScheduledAction", change), "State")).toBe("ACTIVE");
  });
});
