import { deployLane } from "../deploy/endpoint";
import { ACCOUNT } from "../support/arns";
import { call } from "./call";
import { send } from "./request";

deployLane("in the emulator, a state machine", () => {
  const callStates = async (operation: string, json: object): Promise<Record<string, string>> => {
    const { body } = await send("states", { json, target: `AWSStepFunctions.${operation}` });
    return JSON.parse(body) as Record<string, string>;
  };

  test("can start executions, with and without a name, while another one runs", async () => {
    const trust = { Effect: "Allow", Principal: { Service: "states.amazonaws.com" }, Action: "sts:AssumeRole" };
    await call("iam", "CreateRole", {
      AssumeRolePolicyDocument: JSON.stringify({ Statement: [trust], Version: "2012-10-17" }),
      RoleName: "Waiting",
    });
    const { stateMachineArn } = await callStates("CreateStateMachine", {
      definition: JSON.stringify({ StartAt: "Wait", States: { Wait: { End: true, Seconds: 5, Type: "Wait" } } }),
      name: "waiting",
      roleArn: `arn:aws:iam::${ACCOUNT}:role/Waiting`,
    });
    const { executionArn } = await callStates("StartExecution", { name: "first", stateMachineArn });
    const second = await callStates("StartExecution", { name: "second", stateMachineArn });
    expect(second.executionArn).toMatch(/:second$/);
    const unnamed = await Promise.all([1, 2].map(async () => callStates("StartExecution", { stateMachineArn })));
    expect(new Set(unnamed.map((execution) => execution.executionArn)).size).toBe(2);
    expect(await callStates("DescribeExecution", { executionArn })).toMatchObject({ status: "RUNNING" });
  });
});
