import { deployLane } from "../deploy/endpoint";
import { createCluster, deleteCluster, text } from "./call";
import { send } from "./request";

deployLane("in the emulator, the secret of a cluster's admin", () => {
  const secretOf = async (name: string) => text(await createCluster(name), "MasterPasswordSecretArn")!;
  const call = async (operation: string, json: object) => {
    const { body } = await send("secretsmanager", { json, target: `secretsmanager.${operation}` }, "root");
    return JSON.parse(body) as Record<string, unknown>;
  };
  const describe = async (SecretId: string) => call("DescribeSecret", { SecretId });
  const valueOf = async (SecretId: string) => (await call("GetSecretValue", { SecretId })).SecretString;

  test("is owned by Redshift, and rotated every 30 days", async () => {
    expect(await describe(await secretOf("with-secret"))).toMatchObject({
      Name: "redshift!with-secret-keeper",
      OwningService: "redshift",
      RotationEnabled: true,
      RotationRules: { AutomaticallyAfterDays: 30 },
    });
  });

  test("has the rotation schedule of RotateSecret, also without an immediate rotation", async () => {
    const SecretId = await secretOf("with-schedule");
    const value = await valueOf(SecretId);
    const RotationRules = { Duration: "2h", ScheduleExpression: "cron(0 3 ? * SUN#1 *)" };
    await call("RotateSecret", { RotateImmediately: false, RotationRules, SecretId });
    expect(await describe(SecretId)).toMatchObject({ RotationEnabled: true, RotationRules });
    expect(await valueOf(SecretId)).toBe(value);
    await call("RotateSecret", { SecretId });
    expect(await describe(SecretId)).toMatchObject({ RotationEnabled: true, RotationRules });
    expect(await valueOf(SecretId)).not.toBe(value);
  });

  test("is not rotated after a cancellation, until it gets rotation rules again", async () => {
    const SecretId = await secretOf("with-cancellation");
    await call("CancelRotateSecret", { SecretId });
    expect(await describe(SecretId)).toMatchObject({ RotationEnabled: false });
    const RotationRules = { AutomaticallyAfterDays: 7 };
    await call("RotateSecret", { RotationRules, SecretId });
    expect(await describe(SecretId)).toMatchObject({ RotationEnabled: true, RotationRules });
  });

  test("refuses days together with a schedule, and a Lambda function", async () => {
    const SecretId = await secretOf("with-refusals");
    const both = { AutomaticallyAfterDays: 7, ScheduleExpression: "rate(7 days)" };
    const refusal = async (json: object) => (await call("RotateSecret", { SecretId, ...json })).__type;
    expect(await refusal({ RotationRules: both })).toBe("InvalidParameterException");
    const lambda = "arn:aws:lambda:us-east-1:111122223333:function:rotate";
    expect(await refusal({ RotationLambdaARN: lambda })).toBe("InvalidRequestException");
    expect(await refusal({ SecretId: "no-secret" })).toBe("ResourceNotFoundException");
  });

  test("is deleted with its cluster", async () => {
    const SecretId = await secretOf("with-secret-for-a-while");
    await deleteCluster("with-secret-for-a-while");
    expect(await describe(SecretId)).toMatchObject({ __type: "ResourceNotFoundException" });
  });
});
