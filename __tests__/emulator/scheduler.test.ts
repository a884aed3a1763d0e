import { CreateKeyCommand, DisableKeyCommand } from "@aws-sdk/client-kms";
import { checkedActions, deployLane, EVERYTHING, makeRole } from "../deploy/endpoint";
import { runSchedule } from "../deploy/schedules";
import { ACCOUNT, REGION } from "../support/arns";
import { call } from "./call";
import { send } from "./request";
import { administrator, createWarehouse } from "./serverless";

deployLane("in the emulator, a schedule", () => {
  const ROLE = "QuerySchedulerRole";
  const ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/${ROLE}`;
  const QUEUE = "failed-runs";
  const groupArn = (name: string) => `arn:aws:scheduler:${REGION}:${ACCOUNT}:schedule-group/${name}`;
  let keyArn: string;

  /** Sends a request of Scheduler. Returns the type of the error that refuses it, or the body. */
  const request = async (method: string, path: string, json?: object, caller = "root"): Promise<unknown> => {
    const authorization = `AWS4-HMAC-SHA256 Credential=${caller}/20260101/${REGION}/scheduler/aws4_request, Signature=none`;
    const body = json === undefined ? null : JSON.stringify(json);
    const headers = { authorization, "content-type": "application/json" };
    const response = await fetch(`${process.env.AWS_ENDPOINT_URL}${path}`, { body, headers, method });
    const answer = JSON.parse(await response.text()) as { Message?: string };
    return response.ok ? answer : `${response.headers.get("x-amzn-errortype")}: ${answer.Message}`;
  };
  const schedule = (input: object, more: object = {}) => ({
    FlexibleTimeWindow: { Mode: "OFF" },
    GroupName: "nightly",
    ScheduleExpression: "rate(1 day)",
    Target: {
      Arn: "arn:aws:scheduler:::aws-sdk:redshiftdata:executeStatement",
      DeadLetterConfig: { Arn: `arn:aws:sqs:${REGION}:${ACCOUNT}:${QUEUE}` },
      Input: JSON.stringify(input),
      RoleArn: ROLE_ARN,
    },
    ...more,
  });
  const statement = { Database: "dev", Sql: "select '<aws.scheduler.scheduled-time>'", WorkgroupName: "scheduled" };
  const setTrust = async (Condition: object) => {
    const trust = {
      Action: "sts:AssumeRole",
      Condition,
      Effect: "Allow",
      Principal: { Service: "scheduler.amazonaws.com" },
    };
    const PolicyDocument = JSON.stringify({ Statement: [trust], Version: "2012-10-17" });
    await call("iam", "UpdateAssumeRolePolicy", { PolicyDocument, RoleName: ROLE });
  };
  const FROM_GROUP = { StringEquals: { "aws:SourceAccount": ACCOUNT, "aws:SourceArn": groupArn("nightly") } };
  const REFUSED = "The execution role you provide must allow AWS EventBridge Scheduler to assume the role.";

  beforeAll(async () => {
    await createWarehouse("scheduled");
    await makeRole(ROLE, EVERYTHING);
    await setTrust(FROM_GROUP);
    const policy = {
      Action: "kms:*",
      Effect: "Allow",
      Principal: { AWS: [`arn:aws:iam::${ACCOUNT}:root`, ROLE_ARN] },
      Resource: "*",
    };
    const Policy = JSON.stringify({ Statement: [policy], Version: "2012-10-17" });
    const { KeyMetadata } = await administrator().kms.send(new CreateKeyCommand({ Policy }));
    keyArn = KeyMetadata!.Arn!;
    const json = { Attributes: { KmsMasterKeyId: keyArn }, QueueName: QUEUE };
    await send("sqs", { json, target: "AmazonSQS.CreateQueue" }, "root");
    await request("POST", "/schedule-groups/nightly", {});
  });

  test("refuses a missing group, and a second group of the same name", async () => {
    expect(await request("POST", "/schedule-groups/nightly", {})).toContain("ConflictException");
    expect(await request("DELETE", "/schedule-groups/none")).toContain("ResourceNotFoundException");
    expect(await request("POST", "/schedules/lost", schedule(statement, { GroupName: "none" }))).toContain(
      "ResourceNotFoundException",
    );
  });

  test.each(["rate(0 days)", "cron(0 3 * * * *)", "cron(0 3 ? * ? *)", "at(tomorrow)"])(
    "refuses the expression %s",
    async (ScheduleExpression) => {
      expect(await request("POST", "/schedules/never", schedule(statement, { ScheduleExpression }))).toContain(
        `Invalid Schedule Expression ${ScheduleExpression}.`,
      );
    },
  );

  test.each<[string, object]>([
    ["of another group", { StringEquals: { "aws:SourceArn": groupArn("other") } }],
    [
      "of the schedule",
      { StringEquals: { "aws:SourceArn": `arn:aws:scheduler:${REGION}:${ACCOUNT}:schedule/nightly/strict` } },
    ],
    ["of another account", { StringEquals: { "aws:SourceAccount": "444455556666" } }],
  ])("refuses a role that trusts Scheduler only for the ARN %s", async (_, condition) => {
    await setTrust(condition);
    expect(await request("POST", "/schedules/strict", schedule(statement))).toContain(REFUSED);
    await setTrust(FROM_GROUP);
  });

  test("accepts a key only if the creator of the schedule may use the key", async () => {
    const key = { KmsKeyArn: keyArn };
    await makeRole("ScheduleCreator", EVERYTHING);
    expect(await request("POST", "/schedules/encrypted", schedule(statement, key))).toHaveProperty("ScheduleArn");
    await makeRole("WithoutKey", [{ Action: ["iam:PassRole", "scheduler:*"], Effect: "Allow", Resource: "*" }]);
    expect(await request("POST", "/schedules/denied", schedule(statement, key), "WithoutKey")).toContain(
      "AccessDeniedException",
    );
  });

  test("can be changed only by a caller with iam:PassRole on its role", async () => {
    await request("POST", "/schedules/changed", schedule(statement));
    const change = schedule(statement, { State: "DISABLED" });
    const resource = `arn:aws:scheduler:${REGION}:${ACCOUNT}:schedule/nightly/changed`;
    await makeRole("ScheduleChanger", [{ Action: "scheduler:*", Effect: "Allow", Resource: resource }]);
    expect(await request("PUT", "/schedules/changed", change, "ScheduleChanger")).toContain("AccessDeniedException");
    expect(await request("PUT", "/schedules/changed", change)).toHaveProperty("ScheduleArn");
    expect(await request("GET", "/schedules/changed?groupName=nightly", undefined, "ScheduleChanger")).toMatchObject({
      State: "DISABLED",
    });
  });

  test("sends its input to the Data API as its role", async () => {
    await request("POST", "/schedules/run", schedule(statement, { KmsKeyArn: keyArn }));
    const { target } = await runSchedule("nightly/run");
    expect(target).toMatchObject({ status: 200 });
    const { Id } = JSON.parse(target!.body) as { Id: string };
    expect(Id).toBeDefined();
    expect(await checkedActions(ROLE)).toContainEqual({
      action: "redshift-data:ExecuteStatement",
      allowed: true,
      resource: expect.stringContaining(":workgroup/") as string,
    });
  });

  test("does not run if its role trusts another group only", async () => {
    await request("POST", "/schedules/guarded", schedule(statement));
    expect(await runSchedule("nightly/guarded", "other")).toStrictEqual({ error: REFUSED });
  });

  test("that runs gets status 400 for an input that is not in the Data API's model", async () => {
    await request("POST", "/schedules/malformed", schedule({ ...statement, Statement: "select 1" }));
    const { target } = await runSchedule("nightly/malformed");
    expect(target).toMatchObject({ status: 400 });
  });

  test("sends the input of a failed run to its queue, with the time", async () => {
    await request("POST", "/schedules/failing", schedule({ ...statement, WorkgroupName: "none" }));
    const { deadLetter, target } = await runSchedule("nightly/failing");
    expect(target).toMatchObject({ status: 400 });
    expect(deadLetter).toMatchObject({ status: 200 });
    const json = { QueueUrl: `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/${QUEUE}` };
    const { body } = await send("sqs", { json, target: "AmazonSQS.ReceiveMessage" }, ROLE);
    const { Messages } = JSON.parse(body) as { Messages: { Body: string }[] };
    expect((JSON.parse(Messages[0]!.Body) as typeof statement).Sql).toMatch(/^select '20\d\d-\d\d-\d\dT[\d:]{8}Z'$/);
  });

  test("loses a failed run if the queue's key is disabled", async () => {
    await administrator().kms.send(new DisableKeyCommand({ KeyId: keyArn }));
    await request("POST", "/schedules/lost", schedule({ ...statement, WorkgroupName: "none" }));
    expect((await runSchedule("nightly/lost")).deadLetter).toMatchObject({ status: 400 });
  });
});
