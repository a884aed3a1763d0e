import { deployLane } from "../deploy/endpoint";
import { call, createCluster, deleteCluster, text } from "./call";

deployLane("in the emulator, a parameter group", () => {
  const name = "grouped";
  const parameter = {
    "Parameters.Parameter.1.ParameterName": "auto_mv",
    "Parameters.Parameter.1.ParameterValue": "false",
  };
  const nameOf = (ParameterGroupName: string) => ({ ParameterGroupName });
  const create = async (group = name) =>
    call("redshift", "CreateClusterParameterGroup", {
      ...nameOf(group),
      Description: "Any",
      ParameterGroupFamily: "redshift-2.0",
    });
  const remove = async (group = name) => call("redshift", "DeleteClusterParameterGroup", nameOf(group));
  const modify = async (ClusterParameterGroupName: string) =>
    call("redshift", "ModifyCluster", { ClusterIdentifier: name, ClusterParameterGroupName });

  test("must exist before a cluster uses it", async () => {
    expect(await createCluster(name, { ClusterParameterGroupName: name })).toBe("ClusterParameterGroupNotFound");
    await createCluster(name);
    expect(await modify(name)).toBe("ClusterParameterGroupNotFound");
    expect(await modify("default.redshift-2.0")).toContain("ModifyClusterResponse");
    await deleteCluster(name);
  });

  test("cannot be deleted while a cluster has it", async () => {
    await create();
    await createCluster(name, { ClusterParameterGroupName: name });
    expect(await remove()).toBe("InvalidClusterParameterGroupState");
    await modify("default.redshift-2.0");
    expect(await remove()).toContain("DeleteClusterParameterGroupResponse");
    await deleteCluster(name);
  });

  test("has a changed parameter after the reboot of its cluster", async () => {
    const cluster = { ClusterIdentifier: name };
    const status = async () => text(await call("redshift", "DescribeClusters", cluster), "ParameterApplyStatus");
    await create();
    await createCluster(name, { ClusterParameterGroupName: name });
    expect(await status()).toBe("in-sync");
    await call("redshift", "ModifyClusterParameterGroup", { ...nameOf(name), ...parameter });
    expect(await status()).toBe("pending-reboot");
    await call("redshift", "RebootCluster", cluster);
    expect(await status()).toBe("in-sync");
    await deleteCluster(name);
    await remove();
    expect(await call("redshift", "RebootCluster", cluster)).toBe("ClusterNotFound");
  });

  test("has no parameters of a deleted group of the same name", async () => {
    const parameters = async () =>
      text(await call("redshift", "DescribeClusterParameters", nameOf(name)), "ParameterName");
    await create();
    await call("redshift", "ModifyClusterParameterGroup", { ...nameOf(name), ...parameter });
    expect(await parameters()).toBe("auto_mv");
    await remove();
    await create();
    expect(await parameters()).toBeUndefined();
    await remove();
  });
});
