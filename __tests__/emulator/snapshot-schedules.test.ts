import { deployLane } from "../deploy/endpoint";
import { ACCOUNT, REGION } from "../support/arns";
import { call, createCluster, deleteCluster, text } from "./call";

deployLane("in the emulator, a snapshot schedule", () => {
  const DEFINITION = "ScheduleDefinitions.ScheduleDefinition.1";
  const create = async (name: string, definition = "rate(12 hours)", more = {}) =>
    call("redshift", "CreateSnapshotSchedule", { [DEFINITION]: definition, ScheduleIdentifier: name, ...more });
  const associate = async (name: string, more = {}) =>
    call("redshift", "ModifyClusterSnapshotSchedule", {
      ClusterIdentifier: "scheduled",
      ScheduleIdentifier: name,
      ...more,
    });
  const remove = async (name: string) => call("redshift", "DeleteSnapshotSchedule", { ScheduleIdentifier: name });
  beforeAll(async () => {
    await createCluster("scheduled");
  });

  test("refuses an identifier that exists", async () => {
    await create("schedule-twice");
    expect(await create("schedule-twice")).toBe("SnapshotScheduleAlreadyExists");
  });

  test.each(["rate(30 minutes)", "rate(25 hours)", "rate(1 hours)", "cron(0 3 * * ? *)"])(
    "refuses the definition %s",
    async (time) => {
      expect(await create("schedule-of-no-time", time)).toBe("InvalidSchedule");
      await create("schedule-to-modify");
      const change = { [DEFINITION]: time, ScheduleIdentifier: "schedule-to-modify" };
      expect(await call("redshift", "ModifySnapshotSchedule", change)).toBe("InvalidSchedule");
    },
  );

  test("that does not exist causes SnapshotScheduleNotFound", async () => {
    const change = { [DEFINITION]: "rate(1 hour)", ScheduleIdentifier: "no-schedule" };
    expect(await call("redshift", "ModifySnapshotSchedule", change)).toBe("SnapshotScheduleNotFound");
    expect(await remove("no-schedule")).toBe("SnapshotScheduleNotFound");
    expect(await associate("no-schedule")).toBe("SnapshotScheduleNotFound");
    const described = await call("redshift", "DescribeSnapshotSchedules", { ScheduleIdentifier: "no-schedule" });
    expect(text(described, "ScheduleIdentifier")).toBeUndefined();
  });

  test("cannot be deleted while a cluster has it, and is replaced if the cluster gets a second schedule", async () => {
    await create("schedule-1");
    await create("schedule-2");
    await associate("schedule-1");
    expect(await remove("schedule-1")).toBe("InvalidClusterSnapshotScheduleState");
    await associate("schedule-2");
    expect(await remove("schedule-1")).toContain("DeleteSnapshotScheduleResponse");
    await associate("schedule-2", { DisassociateSchedule: "true" });
    expect(await remove("schedule-2")).toContain("DeleteSnapshotScheduleResponse");
  });

  test("is not associated with a deleted cluster", async () => {
    await createCluster("short-lived");
    await create("schedule-of-short-lived");
    await associate("schedule-of-short-lived", { ClusterIdentifier: "short-lived" });
    const describe = { ScheduleIdentifier: "schedule-of-short-lived" };
    const described = await call("redshift", "DescribeSnapshotSchedules", describe);
    expect(text(described, "AssociatedClusterCount")).toBe("1");
    await deleteCluster("short-lived");
    expect(text(await call("redshift", "DescribeSnapshotSchedules", describe), "AssociatedClusterCount")).toBe("0");
  });

  test("has tags, which can be changed and deleted", async () => {
    await create("schedule-with-tags", "rate(1 hour)", { "Tags.Tag.1.Key": "team", "Tags.Tag.1.Value": "data" });
    const ResourceName = `arn:aws:redshift:${REGION}:${ACCOUNT}:snapshotschedule:schedule-with-tags`;
    const valueOf = async () => text(await call("redshift", "DescribeTags", { ResourceName }), "Value");
    expect(await valueOf()).toBe("data");
    await call("redshift", "CreateTags", { ResourceName, "Tags.Tag.1.Key": "team", "Tags.Tag.1.Value": "finance" });
    expect(await valueOf()).toBe("finance");
    await call("redshift", "DeleteTags", { ResourceName, "TagKeys.TagKey.1": "team" });
    expect(await valueOf()).toBeUndefined();
  });
});
