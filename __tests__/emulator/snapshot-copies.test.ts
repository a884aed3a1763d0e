import { deployLane } from "../deploy/endpoint";
import { ACCOUNT, REGION } from "../support/arns";
import { call, createCluster, text } from "./call";

deployLane("in the emulator, a snapshot copy", () => {
  const destination = "eu-west-2";
  const grantOf = (name: string) => ({ SnapshotCopyGrantName: name });
  const createGrant = async (name: string) =>
    call(
      "redshift",
      "CreateSnapshotCopyGrant",
      { ...grantOf(name), "Tags.Tag.1.Key": "team", "Tags.Tag.1.Value": "data" },
      destination,
    );
  const enable = async (cluster: string, more = {}) =>
    call("redshift", "EnableSnapshotCopy", {
      ClusterIdentifier: cluster,
      DestinationRegion: destination,
      ...grantOf(cluster),
      ...more,
    });

  test("refuses a grant that the destination Region does not have", async () => {
    await createCluster("copied-without-grant");
    expect(await enable("copied-without-grant")).toBe("SnapshotCopyGrantNotFoundFault");
  });

  test("has its grant, and the retention -1 for manual snapshots", async () => {
    await createCluster("copied");
    await createGrant("copied");
    expect(text(await enable("copied"), "ManualSnapshotRetentionPeriod")).toBe("-1");
    const remove = async () => call("redshift", "DeleteSnapshotCopyGrant", grantOf("copied"), destination);
    expect(await remove()).toBe("InvalidSnapshotCopyGrantStateFault");
    await call("redshift", "DisableSnapshotCopy", { ClusterIdentifier: "copied" });
    expect(await remove()).toContain("DeleteSnapshotCopyGrantResponse");
  });

  test("returns the cluster with a changed retention period", async () => {
    await createCluster("copied-longer");
    await createGrant("copied-longer");
    await enable("copied-longer", { RetentionPeriod: "7" });
    const change = { ClusterIdentifier: "copied-longer", RetentionPeriod: "14" };
    const changed = await call("redshift", "ModifySnapshotCopyRetentionPeriod", change);
    expect(text(changed, "RetentionPeriod")).toBe("14");
  });

  test("has a grant with tags", async () => {
    await createGrant("tagged");
    const ResourceName = `arn:aws:redshift:${destination}:${ACCOUNT}:snapshotcopygrant:tagged`;
    expect(text(await call("redshift", "DescribeTags", { ResourceName }, destination), "Value")).toBe("data");
    expect(await call("redshift", "DescribeTags", { ResourceName }, REGION)).toBe("ResourceNotFoundFault");
  });
});
