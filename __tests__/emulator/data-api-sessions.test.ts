import { setTimeout as sleep } from "node:timers/promises";
import { CreateRoleCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import {
  BatchExecuteStatementCommand,
  DescribeStatementCommand,
  ExecuteStatementCommand,
  ListSessionsCommand,
  ListStatementsCommand,
} from "@aws-sdk/client-redshift-data";
import { CreateNamespaceCommand, CreateWorkgroupCommand } from "@aws-sdk/client-redshift-serverless";
import { Caller, deployLane, refusal } from "../deploy/endpoint";
import { ACCOUNT } from "../support/arns";
import { assume } from "./request";

const TARGET = { Database: "dev", WorkgroupName: "sessions" };
const Sql = "select 1";
const ROOT = `arn:aws:iam::${ACCOUNT}:root`;
const OWN = { StringEquals: { "redshift-data:session-owner-iam-userid": "${aws:userid}" } };

/** Makes a role that may do everything, if a condition is met. */
async function makeRole(RoleName: string, Condition?: object): Promise<void> {
  const { iam } = new Caller("root");
  const document = (statement: object): string => JSON.stringify({ Statement: [statement], Version: "2012-10-17" });
  const trust = document({ Action: "sts:AssumeRole", Effect: "Allow", Principal: { AWS: ROOT } });
  await iam.send(new CreateRoleCommand({ AssumeRolePolicyDocument: trust, RoleName }));
  const open = { Action: "redshift-serverless:*", Effect: "Allow", Resource: "*" };
  const data = { Action: "redshift-data:*", Effect: "Allow", Resource: "*", ...(Condition && { Condition }) };
  const PolicyDocument = JSON.stringify({ Statement: [open, data], Version: "2012-10-17" });
  await iam.send(new PutRolePolicyCommand({ PolicyDocument, PolicyName: "test", RoleName }));
}

const sessionOf = async (role: string, name: string): Promise<Caller> => new Caller(await assume(role, name));

deployLane("in the emulator, sessions of the Data API", () => {
  let analyst: Caller;
  let colleague: Caller;
  beforeAll(async () => {
    const { serverless } = new Caller("ExampleAdminRole");
    await serverless.send(new CreateNamespaceCommand({ namespaceName: "sessions" }));
    await serverless.send(new CreateWorkgroupCommand({ namespaceName: "sessions", workgroupName: "sessions" }));
    await makeRole("SessionRole");
    await makeRole("OwnSessionRole", OWN);
    await makeRole("OtherSessionRole");
    analyst = await sessionOf("SessionRole", "analyst");
    colleague = await sessionOf("SessionRole", "colleague");
  });

  async function open(caller: Caller, SessionKeepAliveSeconds = 60): Promise<string> {
    const command = new ExecuteStatementCommand({ ...TARGET, SessionKeepAliveSeconds, Sql });
    return (await caller.data.send(command)).SessionId!;
  }
  const use = async (caller: Caller, SessionId: string) =>
    caller.data.send(new ExecuteStatementCommand({ SessionId, Sql }));
  const listed = async (caller: Caller, filter: object = {}) =>
    (await caller.data.send(new ListSessionsCommand(filter))).Sessions!;

  test("run statements that give the session's ID in place of a warehouse", async () => {
    const SessionId = await open(analyst);
    const { Id, WorkgroupName } = await use(analyst, SessionId);
    expect(WorkgroupName).toBe("sessions");
    expect(await analyst.data.send(new DescribeStatementCommand({ Id }))).toMatchObject({ SessionId, ...TARGET });
    const batch = new BatchExecuteStatementCommand({ SessionId, Sqls: [Sql] });
    expect((await analyst.data.send(batch)).SessionId).toBe(SessionId);
  });

  test("are not opened without SessionKeepAliveSeconds", async () => {
    expect((await analyst.data.send(new ExecuteStatementCommand({ ...TARGET, Sql }))).SessionId).toBeUndefined();
  });

  test("end after SessionKeepAliveSeconds without use", async () => {
    const session = await open(analyst, 1);
    await sleep(1_100);
    expect(await refusal(use(analyst, session))).toBe("ValidationException");
    expect(await listed(analyst, { SessionId: session })).toMatchObject([{ SessionId: session, Status: "CLOSED" }]);
    expect((await listed(analyst)).map(({ SessionId }) => SessionId)).not.toContain(session);
  });

  test("can be used by all sessions of the role, unless its policy has session-owner-iam-userid", async () => {
    const session = await open(analyst);
    expect((await use(colleague, session)).SessionId).toBe(session);
    expect(await refusal(use(await sessionOf("OtherSessionRole", "analyst"), session))).toBe("ValidationException");

    const owner = await sessionOf("OwnSessionRole", "owner");
    const restricted = await open(owner);
    expect((await use(owner, restricted)).SessionId).toBe(restricted);
    expect(await refusal(use(await sessionOf("OwnSessionRole", "another"), restricted))).toBe("AccessDeniedException");
  });

  test("are listed for the role, for the caller's IAM session only, or by filters", async () => {
    const [mine, theirs] = [await open(analyst), await open(colleague)];
    const ids = async (filter: object): Promise<(string | undefined)[]> =>
      (await listed(analyst, filter)).map(({ SessionId }) => SessionId);
    expect(await ids({ WorkgroupName: "sessions" })).toStrictEqual(expect.arrayContaining([mine, theirs]));
    expect(await ids({ RoleLevel: false })).toContain(mine);
    expect(await ids({ RoleLevel: false })).not.toContain(theirs);
    expect(await ids({ Database: "other" })).toStrictEqual([]);
    expect(await ids({ SessionId: mine })).toStrictEqual([mine]);
    expect(await refusal(ids({ SessionId: mine, Status: "AVAILABLE" }))).toBe("ValidationException");
    expect(await refusal(ids({ ClusterIdentifier: "a", WorkgroupName: "sessions" }))).toBe("ValidationException");
  });

  test("are listed in pages", async () => {
    await open(colleague);
    await open(colleague);
    const first = await colleague.data.send(new ListSessionsCommand({ MaxResults: 1, RoleLevel: false }));
    expect(first.Sessions).toHaveLength(1);
    const { NextToken } = first;
    const second = await colleague.data.send(new ListSessionsCommand({ MaxResults: 1, NextToken, RoleLevel: false }));
    expect(second.Sessions).toHaveLength(1);
    expect(second.Sessions![0]!.SessionId).not.toBe(first.Sessions![0]!.SessionId);
  });

  test("have statements that all sessions of the role can describe", async () => {
    const { Id } = await analyst.data.send(new ExecuteStatementCommand({ ...TARGET, Sql }));
    expect(await colleague.data.send(new DescribeStatementCommand({ Id }))).toMatchObject({ Id });
    const other = await sessionOf("OtherSessionRole", "analyst");
    expect(await refusal(other.data.send(new DescribeStatementCommand({ Id })))).toBe("ResourceNotFoundException");
    const statements = async (RoleLevel: boolean, filter: object = {}): Promise<(string | undefined)[]> =>
      (await colleague.data.send(new ListStatementsCommand({ RoleLevel, ...filter }))).Statements!.map(
        (statement) => statement.Id,
      );
    expect(await statements(true)).toContain(Id);
    expect(await statements(false)).not.toContain(Id);
    expect(await statements(true, TARGET)).toContain(Id);
    expect(await statements(true, { ...TARGET, WorkgroupName: "other" })).not.toContain(Id);
    expect(await statements(true, { Status: "ALL" })).toContain(Id);
    expect(await statements(true, { Status: "FAILED" })).not.toContain(Id);
  });
});
