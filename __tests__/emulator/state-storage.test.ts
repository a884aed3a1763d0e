import { deployLane } from "../deploy/endpoint";
import { ACCOUNT } from "../support/arns";
import { call } from "./call";
import { sendToS3 } from "./request";

const BUCKET = "example-state";
const PLAN_ROLE = "StatePlanner";
const allow = (Action: string, Resource: string): object => ({ Action, Effect: "Allow", Resource });

deployLane("in the emulator, a state in S3", () => {
  beforeAll(async () => {
    await call("iam", "CreateRole", {
      AssumeRolePolicyDocument: JSON.stringify({ Statement: [], Version: "2012-10-17" }),
      RoleName: PLAN_ROLE,
    });
    const Statement = [
      allow("s3:ListBucket", `arn:aws:s3:::${BUCKET}`),
      allow("s3:GetObject", `arn:aws:s3:::${BUCKET}/stacks/*`),
    ];
    await call("iam", "PutRolePolicy", {
      PolicyDocument: JSON.stringify({ Statement, Version: "2012-10-17" }),
      PolicyName: "state",
      RoleName: PLAN_ROLE,
    });
    expect((await sendToS3("root", "PUT", BUCKET))[0]).toBe(200);
  });

  test("can be written, and read by the role of plans", async () => {
    const state = '{ "version": 4 }';
    expect((await sendToS3("root", "PUT", `${BUCKET}/stacks/one.tfstate`, state))[0]).toBe(200);
    expect(await sendToS3(PLAN_ROLE, "GET", `${BUCKET}/stacks/one.tfstate`)).toStrictEqual([200, state]);
    expect((await sendToS3(PLAN_ROLE, "HEAD", `${BUCKET}/stacks/one.tfstate`))[0]).toBe(200);
    expect(await sendToS3(PLAN_ROLE, "GET", `${BUCKET}?list-type=2`)).toStrictEqual([
      200,
      expect.stringContaining("<Key>stacks/one.tfstate</Key>"),
    ]);
  });

  test.each([
    ["PUT", "stacks/one.tfstate", "s3:PutObject"],
    ["DELETE", "stacks/one.tfstate.tflock", "s3:DeleteObject"],
    ["GET", "others/one.tfstate", "s3:GetObject"],
  ])("refuses %s of %s by a role without %s", async (method, key, action) => {
    const role = `arn:aws:sts::${ACCOUNT}:assumed-role/${PLAN_ROLE}/${PLAN_ROLE}`;
    const body = method === "PUT" ? "{}" : undefined;
    expect(await sendToS3(PLAN_ROLE, method, `${BUCKET}/${key}`, body)).toStrictEqual([
      403,
      expect.stringContaining(
        `User: ${role} is not authorized to perform: ${action} on resource: arn:aws:s3:::${BUCKET}/${key}`,
      ),
    ]);
  });
});
