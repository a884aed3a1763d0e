import { deployLane } from "../deploy/endpoint";
import { ACCOUNT, REGION } from "../support/arns";
import { call, createCluster, text } from "./call";

deployLane("in the emulator, a manual snapshot of a cluster", () => {
  test("has an ARN, an owner and a retention, which changes", async () => {
    await createCluster("snapped");
    const snapshot = { ClusterIdentifier: "snapped", ManualSnapshotRetentionPeriod: "30", SnapshotIdentifier: "first" };
    const body = await call("redshift", "CreateClusterSnapshot", snapshot);
    expect(text(body, "SnapshotArn")).toBe(`arn:aws:redshift:${REGION}:${ACCOUNT}:snapshot:snapped/first`);
    expect([text(body, "OwnerAccount"), text(body, "ManualSnapshotRetentionPeriod")]).toStrictEqual([ACCOUNT, "30"]);
    const change = { ManualSnapshotRetentionPeriod: "60", SnapshotIdentifier: "first" };
    expect(text(await call("redshift", "ModifyClusterSnapshot", change), "ManualSnapshotRetentionPeriod")).toBe("60");
    const described = await call("redshift", "DescribeClusterSnapshots", { SnapshotIdentifier: "first" });
    expect(text(described, "ManualSnapshotRetentionPeriod")).toBe("60");
  });

  test("has the retention -1 by default", async () => {
    await createCluster("snapped-for-ever");
    const snapshot = { ClusterIdentifier: "snapped-for-ever", SnapshotIdentifier: "for-ever" };
    const body = await call("redshift", "CreateClusterSnapshot", snapshot);
    expect(text(body, "ManualSnapshotRetentionPeriod")).toBe("-1");
  });

  test("that does not exist causes ClusterSnapshotNotFound", async () => {
    const change = { ManualSnapshotRetentionPeriod: "60", SnapshotIdentifier: "none" };
    expect(await call("redshift", "ModifyClusterSnapshot", change)).toBe("ClusterSnapshotNotFound");
  });
});
