import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { RedshiftSnapshotSchedule } from "@cdktf/provider-aws/lib/redshift-snapshot-schedule";
import { RedshiftSnapshotScheduleAssociation } from "@cdktf/provider-aws/lib/redshift-snapshot-schedule-association";
import { TerraformVariable } from "cdktf";
import { SnapshotSchedule, type SnapshotScheduleProps } from "../../../modules";
import { REGION } from "../../support/arns";
import {
  analyticsCluster,
  analyticsServerless,
  only,
  reference,
  shownError,
  synthesize,
  testStack,
  warningsOf,
} from "../../support/support";

test("SnapshotSchedule names the schedule after the cluster, and associates it with the cluster", () => {
  const stack = testStack();
  const warehouse = analyticsCluster(stack);
  const schedule = new SnapshotSchedule(stack, "Schedule", { definitions: ["rate(12 hours)"], warehouse });
  expect([schedule.resource.node.path, schedule.association.node.path]).toStrictEqual([
    "test/Schedule/Resource",
    "test/Schedule/Association",
  ]);
  const identifier = reference(warehouse.resource, "cluster_identifier");
  const synthesized = synthesize(stack);
  expect(only(synthesized, RedshiftSnapshotSchedule)).toStrictEqual({
    definitions: ["rate(12 hours)"],
    identifier: `${identifier}-snapshots`,
  });
  expect(only(synthesized, RedshiftSnapshotScheduleAssociation)).toStrictEqual({
    cluster_identifier: identifier,
    schedule_identifier: reference(schedule.resource, "id"),
  });
});

test("SnapshotSchedule passes every prop to its resources", () => {
  const stack = testStack();
  new SnapshotSchedule(stack, "Schedule", {
    definitions: ["cron(30 13 *)", "cron(30 0/6 SAT,SUN)", "rate(12 hours)"],
    description: "Before the nightly load",
    identifier: "Nightly",
    provider: new AwsProvider(stack, "Other", { alias: "other", region: REGION }),
    tags: { team: "data" },
    warehouse: analyticsCluster(stack),
  });
  const synthesized = synthesize(stack);
  expect(only(synthesized, RedshiftSnapshotSchedule)).toStrictEqual({
    definitions: ["cron(30 13 *)", "cron(30 0/6 SAT,SUN)", "rate(12 hours)"],
    description: "Before the nightly load",
    identifier: "Nightly",
    provider: "aws.other",
    tags: { team: "data" },
  });
  expect(only(synthesized, RedshiftSnapshotScheduleAssociation).provider).toBe("aws.other");
});

describe("SnapshotSchedule requires an hour between the snapshots of several definitions, and", () => {
  const create = (...definitions: readonly string[]) => {
    const stack = testStack();
    new SnapshotSchedule(stack, "Schedule", { definitions, warehouse: analyticsCluster(stack) });
    return warningsOf(stack);
  };

  test.each([
    ["once a week", "cron(0 12 MON)"],
    ["an hour apart", "cron(0 12 *)", "cron(0 13 *)"],
    ["in the first hours of each day", "cron(0 0 *)", "cron(0 1 *)"],
    ["an hour apart over midnight", "cron(30 23 *)", "cron(30 0 *)"],
    ["on other days", "cron(0 12 MON-FRI)", "cron(30 12 SAT,SUN)"],
    ["on the other days of a step", "cron(0 12 */2)", "cron(30 12 MON)"],
    ["in the other hours of a step", "cron(0 */2 *)", "cron(0 1/2 *)"],
    ["beside an unknown day, which ? stands for", "cron(0 12 ?)", "cron(30 12 *)"],
    ["after a token", new TerraformVariable(testStack(), "times", {}).stringValue, "cron(30 12 *)"],
  ])("accepts times %s", (_, ...definitions) => {
    expect(create(...definitions)).toStrictEqual([]);
  });

  test.each([
    ["59 minutes apart", "cron(0 12 *)", "cron(59 12 *)"],
    ["at the same time", "cron(0 12 MON)", "cron(0 8-16/4 MON-FRI)"],
    ["less than an hour apart over the end of the week", "cron(30 23 SAT)", "cron(15 0 SUN)"],
    ["less than an hour apart if days have numbers", "cron(30 23 7)", "cron(15 0 1)"],
    ["beside each hour", "rate(1 hour)", "cron(30 12 *)"],
  ])("refuses times %s", (_, first, second) => {
    expect(() => create(first, second)).toThrow(
      new Error(
        "[test/Schedule] 'definitions[1]' must be an hour or more from the times of definitions[0], as AWS requires, " +
          `got: ${second}`,
      ),
    );
  });

  test("warns of a rate beside other times", () => {
    const warning =
      "'definitions' has a rate and other times: AWS refuses the schedule if two snapshots are less than an hour apart";
    expect(create("cron(0 12 *)", "rate(8 hours)")).toStrictEqual([warning]);
    expect(create("rate(8 hours)")).toStrictEqual([]);
  });

  test("skips a list that is a token", () => {
    const definitions = new TerraformVariable(testStack(), "times", {}).listValue;
    const stack = testStack();
    const { resource } = new SnapshotSchedule(stack, "Schedule", { definitions, warehouse: analyticsCluster(stack) });
    expect(resource.definitionsInput).toStrictEqual(definitions);
  });
});

const SCHEDULE_RULE = "be rate(1 hour), rate(N hours) of 2 to 24, or cron(MINUTE HOURS DAYS-OF-WEEK)";
const IDENTIFIER_RULE = "be 1 to 255 letters, digits or hyphens";

describe("SnapshotSchedule refuses", () => {
  test("missing props", () => {
    expect(() => new SnapshotSchedule(testStack(), "Schedule", undefined as never)).toThrow(
      new Error("[test/Schedule] 'props' must be given, got: nothing"),
    );
  });

  test("a serverless warehouse", () => {
    const stack = testStack();
    const schedule = { definitions: ["rate(1 hour)"], warehouse: analyticsServerless(stack) };
    expect(() => new SnapshotSchedule(stack, "Schedule", schedule as never)).toThrow(
      new Error(
        "[test/Schedule] 'warehouse' must be a cluster: AWS chooses the times of a serverless warehouse's " +
          'recovery points, got: "EncryptedServerless"',
      ),
    );
  });

  test.each<[string, Partial<SnapshotScheduleProps>, string]>([
    ["an empty list of definitions", { definitions: [] }, "'definitions' must name at least one time, got: []"],
    ["missing definitions", { definitions: undefined! }, "'definitions' must name at least one time, got: nothing"],
    [
      "a string as 'definitions'",
      { definitions: "rate(1 hour)" as never },
      "'definitions' must be a list, got: rate(1 hour)",
    ],
    [
      "a rate of 25 hours",
      { definitions: ["rate(25 hours)"] },
      `'definitions[0]' must ${SCHEDULE_RULE}, got: rate(25 hours)`,
    ],
    [
      "a rate of 30 minutes",
      { definitions: ["rate(30 minutes)"] },
      `'definitions[0]' must ${SCHEDULE_RULE}, got: rate(30 minutes)`,
    ],
    [
      "a cron expression of six fields, as for a scheduled action",
      { definitions: ["rate(1 hour)", "cron(0 12 * * ? *)"] },
      `'definitions[1]' must ${SCHEDULE_RULE}, got: cron(0 12 * * ? *)`,
    ],
    [
      "two snapshots in an hour",
      { definitions: ["cron(0,30 */6 *)"] },
      `'definitions[0]' must ${SCHEDULE_RULE}, got: cron(0,30 */6 *)`,
    ],
    ["an identifier with a space", { identifier: "a b" }, `'identifier' must ${IDENTIFIER_RULE}, got: a b`],
    ["an empty identifier", { identifier: "" }, `'identifier' must ${IDENTIFIER_RULE}, got: ""`],
    [
      "a description of 256 characters",
      { description: "a".repeat(256) },
      `'description' must be a string of 1 to 255 characters, got: ${"a".repeat(256)}`,
    ],
  ])("%s", (_, props, message) => {
    const stack = testStack();
    const schedule = { definitions: ["rate(1 hour)"], warehouse: analyticsCluster(stack) };
    expect(() => new SnapshotSchedule(stack, "Schedule", { ...schedule, ...props })).toThrow(
      shownError(`[test/Schedule] ${message}`),
    );
  });
});
