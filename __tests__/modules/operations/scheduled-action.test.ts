import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { RedshiftScheduledAction } from "@cdktf/provider-aws/lib/redshift-scheduled-action";
import { TerraformVariable, Token } from "cdktf";
import { Construct } from "constructs";
import { EncryptionContext, type ICluster, ScheduledAction, type ScheduledActionProps } from "../../../modules";
import { ACCOUNT, CLUSTER_ARN, REGION } from "../../support/arns";
import {
  analyticsCluster,
  analyticsServerless,
  existingKey,
  only,
  reference,
  statementsOf,
  synthesize,
  testStack,
  warningsOf,
} from "../../support/support";

const ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/Scheduler`;
const BOUNDARY = `arn:aws:iam::${ACCOUNT}:policy/Boundary`;
const NIGHTLY = "cron(0 20 ? * MON-FRI *)";

test("ScheduledAction creates a role whose only permission is PauseCluster on its cluster", () => {
  const stack = testStack();
  const warehouse = analyticsCluster(stack);
  const action = new ScheduledAction(stack, "Pause", {
    action: "pause",
    actionName: "analytics-pause",
    schedule: NIGHTLY,
    warehouse,
  });
  const synthesized = synthesize(stack);
  const { assume_role_policy: trust, ...role } = only(synthesized, IamRole);
  expect(role).toStrictEqual({ name: "analytics-pause" });
  expect(statementsOf(trust as string)).toStrictEqual([
    {
      Action: "sts:AssumeRole",
      Condition: { StringEqualsIfExists: { "aws:SourceAccount": ACCOUNT } },
      Effect: "Allow",
      Principal: { Service: "scheduler.redshift.amazonaws.com" },
      Sid: "AllowRedshiftScheduler",
    },
  ]);
  const { policy, ...rolePolicy } = only(synthesized, IamRolePolicy);
  const roleAddress = `aws_iam_role.${action.role!.friendlyUniqueId}`;
  expect(rolePolicy).toStrictEqual({
    lifecycle: { replace_triggered_by: [`${roleAddress}.unique_id`] },
    name: "scheduled-action",
    role: reference(action.role!, "name"),
  });
  expect(statementsOf(policy as string)).toStrictEqual([
    { Action: "redshift:PauseCluster", Effect: "Allow", Resource: CLUSTER_ARN, Sid: "ChangeCluster" },
  ]);
  expect(only(synthesized, RedshiftScheduledAction)).toStrictEqual({
    depends_on: [expect.stringMatching(/^aws_iam_role_policy\.Pause_Policy_/)],
    iam_role: reference(action.role!, "arn"),
    name: "analytics-pause",
    schedule: NIGHTLY,
    target_action: { pause_cluster: { cluster_identifier: reference(warehouse.resource, "cluster_identifier") } },
  });
});

test("ScheduledAction resumes a cluster by an existing role, and passes the optional props", () => {
  const stack = testStack();
  const warehouse = analyticsCluster(stack);
  const action = new ScheduledAction(stack, "Resume", {
    action: "resume",
    actionName: "analytics-resume",
    description: "Before work",
    enabled: false,
    endTime: "2027-01-01T00:00:00Z",
    provider: new AwsProvider(stack, "Other", { alias: "other", region: REGION }),
    roleArn: ROLE_ARN,
    schedule: "at(2026-12-24T08:00:00)",
    startTime: "2026-12-01T00:00:00Z",
    warehouse,
  });
  const synthesized = synthesize(stack);
  expect(action.role).toBeUndefined();
  expect(synthesized.resource).not.toHaveProperty("aws_iam_role");
  expect(only(synthesized, RedshiftScheduledAction)).toStrictEqual({
    description: "Before work",
    enable: false,
    end_time: "2027-01-01T00:00:00Z",
    iam_role: ROLE_ARN,
    name: "analytics-resume",
    provider: "aws.other",
    schedule: "at(2026-12-24T08:00:00)",
    start_time: "2026-12-01T00:00:00Z",
    target_action: { resume_cluster: { cluster_identifier: reference(warehouse.resource, "cluster_identifier") } },
  });
});

describe("a scheduled resize", () => {
  const resize = (props: Partial<ScheduledActionProps>) => {
    const stack = testStack();
    const warehouse = analyticsCluster(stack);
    const action = { action: "resize", actionName: "resize", schedule: NIGHTLY, warehouse };
    new ScheduledAction(stack, "Resize", { ...action, ...props });
    const synthesized = synthesize(stack);
    const { resize_cluster: nodes } = only(synthesized, RedshiftScheduledAction).target_action as {
      resize_cluster: object;
    };
    return { nodes, role: only(synthesized, IamRole), stack, synthesized };
  };

  test.each([
    [1, "single-node"],
    [4, "multi-node"],
  ])("to %d nodes has the cluster type %s", (numberOfNodes, clusterType) => {
    expect(resize({ numberOfNodes }).nodes).toMatchObject({
      cluster_type: clusterType,
      number_of_nodes: numberOfNodes,
    });
  });

  test("to another node type passes every prop to its role, and warns that a deployment undoes the resize", () => {
    const { nodes, role, stack, synthesized } = resize({
      classic: true,
      nodeType: "ra3.4xlarge",
      permissionsBoundary: BOUNDARY,
      roleName: "Resizer",
      rolePath: "/team/",
      tags: { team: "data" },
    });
    expect(nodes).toMatchObject({ classic: true, node_type: "ra3.4xlarge" });
    expect(nodes).not.toHaveProperty("cluster_type");
    expect(role).toMatchObject({
      name: "Resizer",
      path: "/team/",
      permissions_boundary: BOUNDARY,
      tags: { team: "data" },
    });
    expect(statementsOf(only(synthesized, IamRolePolicy).policy as string)[0]!.Action).toBe("redshift:ResizeCluster");
    expect(warningsOf(stack)).toStrictEqual([
      "the next deployment undoes this resize, unless the props of test/Cluster give the same nodes by then",
    ]);
  });

  test("to a number of nodes unknown at synthesis has no cluster type", () => {
    const stack = testStack();
    const numberOfNodes = new TerraformVariable(stack, "nodes", { type: "number" }).numberValue;
    const warehouse = analyticsCluster(stack);
    const action = { action: "resize", actionName: "resize", numberOfNodes, schedule: NIGHTLY, warehouse };
    new ScheduledAction(stack, "Resize", action);
    const { target_action: target } = only(synthesize(stack), RedshiftScheduledAction);
    expect(target).toMatchObject({ resize_cluster: { number_of_nodes: "${var.nodes}" } });
    expect(target).not.toHaveProperty("resize_cluster.cluster_type");
  });
});

test("a scheduled action of a cluster whose ARN is a token computes the account in Terraform", () => {
  const stack = testStack();
  const warehouseArn = new TerraformVariable(stack, "arn", { type: "string" }).stringValue;
  const warehouse: ICluster = Object.assign(new Construct(stack, "Warehouse"), {
    clusterIdentifier: "analytics",
    credentialScope: analyticsCluster(testStack()).credentialScope,
    databaseName: "dev",
    encryptionContext: EncryptionContext.forCluster({ clusterArn: CLUSTER_ARN }),
    endpointAddress: "analytics.example.com",
    endpointPort: 5439,
    key: existingKey(stack),
    kind: "cluster" as const,
    namespaceArn: "unknown",
    warehouseArn,
  });
  new ScheduledAction(stack, "Pause", { action: "pause", actionName: "pause", schedule: NIGHTLY, warehouse });
  expect(only(synthesize(stack), IamRole).assume_role_policy).toContain(
    '"aws:SourceAccount":"${element(split(":", var.arn), 4)}"',
  );
});

test.each([
  ["warns that the pause may stop the rotation of a secret that Redshift manages", undefined, 1],
  ["has no warning if the password is a prop", "password", 0],
])("a scheduled pause %s", (_, password, count) => {
  const stack = testStack();
  const masterPasswordWo = password && Token.asString({ resolve: () => password });
  const warehouse = analyticsCluster(
    stack,
    password === undefined ? {} : { masterPasswordWo, masterPasswordWoVersion: 1 },
  );
  new ScheduledAction(stack, "Pause", { action: "pause", actionName: "pause", schedule: NIGHTLY, warehouse });
  expect(warningsOf(stack)).toStrictEqual(
    Array(count).fill(
      "if the cluster is paused when its admin's secret is due for rotation, Redshift stops the rotation for good: resume " +
        "the cluster often enough, and check when the secret was rotated last",
    ),
  );
});

const NAME_RULE =
  "be 1 to 63 lowercase letters, digits or hyphens, beginning with a letter, with no hyphen at the end and no two in a row";
const SCHEDULE_RULE =
  "be at(YYYY-MM-DDThh:mm:ss) with a time that exists, or cron(MINUTE HOURS DAYS-OF-MONTH MONTHS DAYS-OF-WEEK YEARS) " +
  "with ? as the days of the month or as the days of the week";
const TIME_RULE = "be a time in UTC that exists, such as 2026-12-01T00:00:00Z";
const EXISTS = "not be combined with 'roleArn': that role exists already";
const TAGS_RULE =
  "be at most 50 tags: keys of 1 to 128 characters that do not start with aws: and differ in more than case, values " +
  "of at most 256, and in both only letters, digits, spaces and any of _.:/=+-@";

describe("ScheduledAction refuses", () => {
  test("missing props", () => {
    expect(() => new ScheduledAction(testStack(), "Action", undefined as never)).toThrow(
      new Error("[test/Action] 'props' must be given, got: nothing"),
    );
  });

  test("a serverless warehouse", () => {
    const stack = testStack();
    const action = { action: "pause", actionName: "pause", schedule: NIGHTLY, warehouse: analyticsServerless(stack) };
    expect(() => new ScheduledAction(stack, "Action", action as never)).toThrow(
      new Error(
        "[test/Action] 'warehouse' must be a cluster: a serverless warehouse pauses and scales by itself, " +
          'got: "EncryptedServerless"',
      ),
    );
  });

  test.each<[string, Partial<ScheduledActionProps>, string]>([
    ["the action delete", { action: "delete" }, "'action' must be one of pause, resume, resize, got: delete"],
    ["a missing action", { action: undefined! }, "'action' must be one of pause, resume, resize, got: nothing"],
    ["an action name with a capital", { actionName: "Pause" }, `'actionName' must ${NAME_RULE}, got: Pause`],
    ["a missing action name", { actionName: undefined! }, `'actionName' must ${NAME_RULE}, got: nothing`],
    ["a schedule with rate()", { schedule: "rate(1 day)" }, `'schedule' must ${SCHEDULE_RULE}, got: rate(1 day)`],
    [
      "a cron expression with two minutes of an hour",
      { schedule: "cron(0,30 20 ? * MON *)" },
      `'schedule' must ${SCHEDULE_RULE}, got: cron(0,30 20 ? * MON *)`,
    ],
    [
      "a cron expression with every minute of an hour",
      { schedule: "cron(* 20 ? * MON *)" },
      `'schedule' must ${SCHEDULE_RULE}, got: cron(* 20 ? * MON *)`,
    ],
    [
      "a cron expression of three fields, as for a snapshot schedule",
      { schedule: "cron(30 12 *)" },
      `'schedule' must ${SCHEDULE_RULE}, got: cron(30 12 *)`,
    ],
    [
      "a cron expression with days of the month and of the week",
      { schedule: "cron(0 20 * * * *)" },
      `'schedule' must ${SCHEDULE_RULE}, got: cron(0 20 * * * *)`,
    ],
    ["an empty description", { description: "" }, `'description' must be a string of 1 to 255 characters, got: ""`],
    [
      "a resize to a node type of dense compute",
      { action: "resize", nodeType: "dc2.large" },
      "'nodeType' must be one of ra3.large, ra3.xlplus, ra3.4xlarge, ra3.16xlarge, rg.large, rg.xlarge, rg.4xlarge, rg.12xlarge, or a newer value of the same form, got: dc2.large",
    ],
    ["a start time without an hour", { startTime: "2026-12-01" }, `'startTime' must ${TIME_RULE}, got: 2026-12-01`],
    [
      "a start time on 30 February",
      { startTime: "2026-02-30T00:00:00Z" },
      `'startTime' must ${TIME_RULE}, got: 2026-02-30T00:00:00Z`,
    ],
    [
      "an end time before the start time",
      { endTime: "2026-12-01T00:00:00Z", startTime: "2027-01-01T00:00:00Z" },
      "'endTime' must be after 'startTime', 2027-01-01T00:00:00Z, got: 2026-12-01T00:00:00Z",
    ],
    [
      "a schedule at a time that does not exist",
      { schedule: "at(2026-13-45T25:61:61)" },
      `'schedule' must ${SCHEDULE_RULE}, got: at(2026-13-45T25:61:61)`,
    ],
    [
      "a resize to more nodes than the node type of the cluster has",
      { action: "resize", numberOfNodes: 17 },
      "'numberOfNodes' must be an integer from 1 to 16 for ra3.large, got: 17",
    ],
    [
      "a resize to fewer nodes than the node type has",
      { action: "resize", nodeType: "ra3.4xlarge", numberOfNodes: 1 },
      "'numberOfNodes' must be an integer from 2 to 64 for ra3.4xlarge, got: 1",
    ],
    [
      "an end time that is not in UTC",
      { endTime: "2026-12-01T00:00:00+01:00" },
      `'endTime' must ${TIME_RULE}, got: 2026-12-01T00:00:00+01:00`,
    ],
    [
      "a pause with a number of nodes",
      { numberOfNodes: 2 },
      "'numberOfNodes' must be left out unless 'action' is resize, got: 2",
    ],
    [
      "a pause with a node type",
      { nodeType: "ra3.large" },
      "'nodeType' must be left out unless 'action' is resize, got: ra3.large",
    ],
    ["a pause with 'classic'", { classic: false }, "'classic' must be left out unless 'action' is resize, got: false"],
    [
      "a resize without a number of nodes and a node type",
      { action: "resize" },
      "'numberOfNodes' must be given for a resize unless 'nodeType' is given, got: nothing",
    ],
    [
      "a resize to half a node",
      { action: "resize", numberOfNodes: 0.5 },
      "'numberOfNodes' must be an integer of 1 or more, got: 0.5",
    ],
    ["a string as 'enabled'", { enabled: "no" as never }, "'enabled' must be true or false, got: no"],
    ["a tag whose key begins with aws:", { tags: { "aws:x": "1" } }, `'tags' must ${TAGS_RULE}, got: {"aws:x":"1"}`],
    [
      "a name as 'roleArn'",
      { roleArn: "Scheduler" },
      "'roleArn' must be the ARN of an IAM role whose trust policy can be changed, so none under /aws-reserved/ or /aws-service-role/, got: Scheduler",
    ],
    [
      "a role of another partition",
      { roleArn: ROLE_ARN.replace("aws", "aws-cn") },
      `'roleArn' must be of the partition aws, got: ${ROLE_ARN.replace("aws", "aws-cn")}`,
    ],
    [
      "a role of another account",
      { roleArn: ROLE_ARN.replace(ACCOUNT, "444455556666") },
      `'roleArn' must be of the account ${ACCOUNT}, got: ${ROLE_ARN.replace(ACCOUNT, "444455556666")}`,
    ],
    [
      "a permissions boundary of another account",
      { permissionsBoundary: "arn:aws:iam::444455556666:policy/Boundary" },
      `'permissionsBoundary' must be of the account ${ACCOUNT}, got: arn:aws:iam::444455556666:policy/Boundary`,
    ],
    ["a role name beside 'roleArn'", { roleArn: ROLE_ARN, roleName: "Other" }, `'roleName' must ${EXISTS}, got: Other`],
    [
      "a permissions boundary beside 'roleArn'",
      { permissionsBoundary: BOUNDARY, roleArn: ROLE_ARN },
      `'permissionsBoundary' must ${EXISTS}, got: ${BOUNDARY}`,
    ],
    ["a role path beside 'roleArn'", { roleArn: ROLE_ARN, rolePath: "/a/" }, `'rolePath' must ${EXISTS}, got: /a/`],
    ["tags beside 'roleArn'", { roleArn: ROLE_ARN, tags: {} }, `'tags' must ${EXISTS}, got: {}`],
    [
      "a role with a space in its name",
      { roleName: "a b" },
      "'roleName' must be 1 to 64 letters, digits or any of _+=,.@-, got: a b",
    ],
  ])("%s", (_, props, message) => {
    const stack = testStack();
    const action = { action: "pause", actionName: "pause", schedule: NIGHTLY, warehouse: analyticsCluster(stack) };
    expect(() => new ScheduledAction(stack, "Action", { ...action, ...props })).toThrow(
      new Error(`[test/Action] ${message}`),
    );
  });

  test.each<[string, Partial<ScheduledActionProps>, string]>([
    [
      "a pause",
      { action: "pause" },
      "'action' must be resize for a cluster with 'multiAz', which AWS neither pauses nor resumes, got: pause",
    ],
    [
      "a resume",
      { action: "resume" },
      "'action' must be resize for a cluster with 'multiAz', which AWS neither pauses nor resumes, got: resume",
    ],
    [
      "a resize to one node",
      { action: "resize", numberOfNodes: 1 },
      "'numberOfNodes' must be 2 or more for a cluster with 'multiAz', got: 1",
    ],
  ])("for a multi-AZ cluster: %s", (_, props, message) => {
    const stack = testStack();
    const warehouse = analyticsCluster(stack, { multiAz: true });
    const action = { action: "resize", actionName: "night", schedule: NIGHTLY, warehouse };
    expect(() => new ScheduledAction(stack, "Action", { ...action, ...props })).toThrow(
      new Error(`[test/Action] ${message}`),
    );
  });
});
