import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { SecretsmanagerSecretRotation } from "@cdktf/provider-aws/lib/secretsmanager-secret-rotation";
import { TerraformVariable, Token } from "cdktf";
import { SecretRotation, type SecretRotationProps } from "../../../modules";
import { REGION } from "../../support/arns";
import { analyticsCluster, analyticsServerless, only, reference, synthesize, testStack } from "../../support/support";

test("SecretRotation rotates a cluster's secret by days, without a Lambda function, and not at once", () => {
  const stack = testStack();
  const warehouse = analyticsCluster(stack);
  const { resource } = new SecretRotation(stack, "Rotation", { automaticallyAfterDays: 7, warehouse });
  expect(resource.node.path).toBe("test/Rotation/Resource");
  expect(only(synthesize(stack), SecretsmanagerSecretRotation)).toStrictEqual({
    rotate_immediately: false,
    rotation_rules: { automatically_after_days: 7 },
    secret_id: reference(warehouse.resource, "master_password_secret_arn"),
  });
});

test("SecretRotation passes every prop, for a serverless warehouse", () => {
  const stack = testStack();
  const warehouse = analyticsServerless(stack);
  new SecretRotation(stack, "Rotation", {
    duration: "2h",
    provider: new AwsProvider(stack, "Other", { alias: "other", region: REGION }),
    rotateImmediately: true,
    scheduleExpression: "cron(0 3 ? * SUN#1 *)",
    warehouse,
  });
  expect(only(synthesize(stack), SecretsmanagerSecretRotation)).toStrictEqual({
    provider: "aws.other",
    rotate_immediately: true,
    rotation_rules: { duration: "2h", schedule_expression: "cron(0 3 ? * SUN#1 *)" },
    secret_id: reference(warehouse.namespace, "admin_password_secret_arn"),
  });
});

test.each([
  ["24h", undefined],
  ["24h", "rate(10 days)"],
  ["24h", "rate(48 hours)"],
  ["4h", "rate(4 hours)"],
  ["4h", "cron(0 20 * * ? *)"],
  ["6h", "cron(0 0-18/6 * * ? *)"],
  ["4h", "cron(0 */4 * * ? *)"],
  ["24h", Token.asString({ resolve: () => "cron(0 20 * * ? *)" })],
])("SecretRotation accepts the duration %s with the schedule %s", (duration, scheduleExpression) => {
  const stack = testStack();
  const automaticallyAfterDays = scheduleExpression === undefined ? 7 : undefined;
  const rotation = { automaticallyAfterDays, duration, scheduleExpression, warehouse: analyticsCluster(stack) };
  const { resource } = new SecretRotation(stack, "Rotation", rotation);
  expect(resource.rotationRules.duration).toBeDefined();
});

const SCHEDULE_RULE =
  "be rate(N days), rate(N hours) of 4 or more, or cron(0 HOURS DAYS-OF-MONTH MONTHS DAYS-OF-WEEK *)";

describe("SecretRotation refuses", () => {
  test("missing props", () => {
    expect(() => new SecretRotation(testStack(), "Rotation", undefined as never)).toThrow(
      new Error("[test/Rotation] 'props' must be given, got: nothing"),
    );
  });

  test("a warehouse whose admin password is a prop", () => {
    const stack = testStack();
    const password = new TerraformVariable(stack, "password", { sensitive: true, type: "string" }).stringValue;
    const warehouse = analyticsServerless(stack, { adminUserPasswordWo: password, adminUserPasswordWoVersion: 1 });
    expect(() => new SecretRotation(stack, "Rotation", { automaticallyAfterDays: 7, warehouse })).toThrow(
      new Error(
        "[test/Rotation] 'warehouse' must have an 'adminSecretArn', the secret of a password that Redshift manages: " +
          "a warehouse with a given password has no secret, and a lookup finds none, " +
          'got: "EncryptedServerless"',
      ),
    );
  });

  test.each<[string, Partial<SecretRotationProps>, string]>([
    [
      "neither days nor a schedule",
      { automaticallyAfterDays: undefined },
      "'automaticallyAfterDays' must be given unless 'scheduleExpression' is given, got: nothing",
    ],
    [
      "days and a schedule together",
      { scheduleExpression: "rate(10 days)" },
      "'automaticallyAfterDays' must not be combined with 'scheduleExpression': each of the two sets the times, got: 7",
    ],
    [
      "an interval of 0 days",
      { automaticallyAfterDays: 0 },
      "'automaticallyAfterDays' must be an integer from 1 to 1000, got: 0",
    ],
    [
      "a schedule of every hour",
      { automaticallyAfterDays: undefined, scheduleExpression: "rate(1 hours)" },
      `'scheduleExpression' must ${SCHEDULE_RULE}, got: rate(1 hours)`,
    ],
    [
      "a schedule at half past three, because the window of a rotation opens on the hour",
      { automaticallyAfterDays: undefined, scheduleExpression: "cron(30 3 * * ? *)" },
      `'scheduleExpression' must ${SCHEDULE_RULE}, got: cron(30 3 * * ? *)`,
    ],
    ...[
      ["rate(4 hours)", "5h", "4h"],
      ["cron(0 20 * * ? *)", "8h", "4h"],
      ["cron(0 8,20 ? * MON *)", "5h", "4h"],
      ["cron(0 8,14 ? * MON *)", "7h", "6h"],
      ["cron(0 4/6 1 * ? *)", "3h", "2h"],
      ["cron(0 */6 1 * ? *)", "7h", "6h"],
      ["cron(0 0-8/4 1 * ? *)", "5h", "4h"],
    ].map(([scheduleExpression, duration, most]): [string, Partial<SecretRotationProps>, string] => [
      `a duration of ${duration} with ${scheduleExpression}`,
      { automaticallyAfterDays: undefined, duration, scheduleExpression },
      `'duration' must be at most ${most}: a rotation must end before the next rotation, and before the end of the day, got: ${duration}`,
    ]),
    ...["cron(0 * * * ? *)", "cron(0 */2 1 * ? *)", "cron(0 1,8,11 * * ? *)"].map(
      (scheduleExpression): [string, Partial<SecretRotationProps>, string] => [
        `rotations less than four hours apart: ${scheduleExpression}`,
        { automaticallyAfterDays: undefined, scheduleExpression },
        `'scheduleExpression' must have rotations that are four hours apart or more, got: ${scheduleExpression}`,
      ],
    ),
    ["a duration in days", { duration: "1d" }, "'duration' must be 1h to 24h, got: 1d"],
    [
      "a string as 'rotateImmediately'",
      { rotateImmediately: "no" as never },
      "'rotateImmediately' must be true or false, got: no",
    ],
  ])("%s", (_, props, message) => {
    const stack = testStack();
    const rotation = { automaticallyAfterDays: 7, warehouse: analyticsCluster(stack) };
    expect(() => new SecretRotation(stack, "Rotation", { ...rotation, ...props })).toThrow(
      new Error(`[test/Rotation] ${message}`),
    );
  });
});
